"""The calibration of a world on one page: every target, and the distributions drawn."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from kit.page import PALETTE, Chart, Grid, Part, chart, parts
from kit.world import wording
from kit.world.attention import seen
from kit.world.calibrate import Measure
from kit.world.model import DAY, Floats, Ints, Kind, World
from kit.world.network import tail_exponent, virality
from kit.world.scenario import Scenario

#: So many English posts are enough to draw how words are distributed.
_READ = 20_000


def page(scenario: Scenario, world: World, measures: Sequence[Measure]) -> str:
    """The page as HTML.

    Args:
        scenario: what the world was made from.
        world: a world of it.
        measures: what :func:`kit.world.calibrate.calibrate` found in it.
    """
    missed = [each.target.name for each in measures if each.verdict == "out of range"]
    verdict = f"Out of range: {'; '.join(missed)}." if missed else "All are in range."
    summary = (
        f"{scenario.title}, seed {world.seed}, {len(world.people):,} people. "
        f"{len(measures)} measures beside their targets. {verdict} "
        "Behaviour is calibrated to published Twitter studies, 2009 to 2023: it is not X today."
    )
    drawings = list(_drawings(world))
    content = (
        Part(
            "targets",
            "Targets",
            "Each target with its source, and what this world has.",
            [],
            [
                Grid(
                    "Targets and measures",
                    ["Target", "Unit", "Range", "Measured", "95% interval", "Verdict", "Source"],
                    [_row(each) for each in measures],
                )
            ],
        ),
        Part(
            "distributions",
            "Distributions",
            "Both axes are logarithmic where such distributions are read that way.",
            drawings,
        ),
    )
    return parts(f"Calibration of {scenario.title}", summary, content)


def _row(each: Measure) -> list[str]:
    target = each.target
    return [
        target.name,
        target.unit or "–",
        f"{target.low:g} to {target.high:g}",
        f"{each.value:.3g}",
        each.interval,
        each.verdict,
        target.source,
    ]


def _drawings(world: World) -> Iterator[Chart]:
    posts = world.posts
    start = int(world.people.id[0])
    lived = posts.at < world.now
    followers = np.bincount(world.follows.followed - start, minlength=len(world.people))
    exponent, _ = tail_exponent(followers)
    yield _tail(
        followers,
        "Followers",
        "accounts",
        f"Share of accounts with at least so many followers. Tail exponent {exponent:.2f}.",
    )
    written = np.bincount(posts.author[lived] - start, minlength=len(world.people))
    yield _concentration(written)
    row = np.searchsorted(posts.id, world.post_truth.via)
    size, _, _ = virality(np.where(world.post_truth.via > 0, row, -1))
    yield _tail(
        size[(posts.kind != Kind.REPOST) & lived],
        "Posts in the cascade, the original included",
        "cascades",
        "Share of posts whose cascade has at least so many posts.",
    )
    replies = posts.kind == Kind.REPLY
    _, sizes = np.unique(posts.conversation[replies & lived], return_counts=True)
    yield _tail(
        sizes,
        "Replies in the thread",
        "answered posts",
        "Share of answered posts whose thread has at least so many replies.",
    )
    order = np.lexsort((posts.at[lived], posts.author[lived]))
    author, at = posts.author[lived][order], posts.at[lived][order]
    gaps = np.diff(at)[np.diff(author) == 0]
    yield _tail(
        np.maximum(gaps // 60, 1),
        "Minutes from one post to the same person's next",
        "gaps",
        "Share of gaps between a person's posts that are at least so long.",
    )
    yield _impressions(world)
    english = [
        wording.plain_words(posts.text[row])
        for row in np.flatnonzero(lived & (posts.kind != Kind.REPOST))[:_READ].tolist()
        if posts.language[row] == "en"
    ]
    yield _words(english)


def _tail(values: Ints, what: str, of: str, words: str) -> Chart:
    """The share of values that are at least so large, both axes logarithmic."""
    ordered = np.sort(values[values > 0])
    levels, first = np.unique(ordered, return_index=True)
    share = 1 - first / len(ordered)
    figure = go.Figure(
        go.Scatter(x=levels, y=share, mode="markers", marker={"color": PALETTE[0], "size": 5})
    )
    figure.update_xaxes(type="log", title=what)
    figure.update_yaxes(type="log", title=f"Share of {of}")
    return chart(figure, words)


def _concentration(written: Ints) -> Chart:
    ordered = np.sort(written)[::-1]
    share = 100 * np.cumsum(ordered) / max(ordered.sum(), 1)
    people = 100 * np.arange(1, len(ordered) + 1) / len(ordered)
    step = max(1, len(ordered) // 500)
    figure = go.Figure(go.Scatter(x=people[::step], y=share[::step], line={"color": PALETTE[0]}))
    figure.update_xaxes(title="% of accounts, the most active first")
    figure.update_yaxes(title="% of posts", range=[0, 100])
    tenth = float(share[max(0, len(ordered) // 10 - 1)])
    return chart(figure, f"Who writes: the most active tenth writes {tenth:.0f}% of all posts.")


def _impressions(world: World) -> Chart:
    posts = world.posts
    some = np.flatnonzero((posts.views > 0) & (posts.at < world.now - DAY))[:2_000].tolist()
    minutes = np.unique(np.geomspace(1, DAY / 60, 60).astype(np.int64))
    total = sum(int(posts.views[row]) for row in some)
    share: list[float] = [
        100
        * sum(seen(int(posts.views[row]), minute * 60, int(posts.half_life[row])) for row in some)
        / max(total, 1)
        for minute in minutes.tolist()
    ]
    figure = go.Figure(go.Scatter(x=minutes, y=share, line={"color": PALETTE[0]}))
    figure.update_xaxes(type="log", title="Minutes after posting")
    figure.update_yaxes(title="% of impressions", range=[0, 100])
    return chart(figure, "How impressions grow after a post is written.")


def _words(english: Sequence[wording.Words]) -> Chart:
    times = Counter(word for words in english for word in words)
    counts: Floats = np.array(sorted(times.values(), reverse=True), dtype=np.float64)
    ranks = np.unique(np.geomspace(1, max(len(counts), 1), 200).astype(np.int64))
    figure = go.Figure(
        go.Scatter(
            x=ranks,
            y=counts[ranks - 1] if len(counts) else counts,
            mode="markers",
            marker={"color": PALETTE[0], "size": 5},
        )
    )
    figure.update_xaxes(type="log", title="Rank of the word")
    figure.update_yaxes(type="log", title="How often it is written")
    return chart(figure, "English words by rank and frequency (Zipf).")
