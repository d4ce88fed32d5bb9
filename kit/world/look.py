"""A world on one page, for people who must judge it."""

from collections import Counter
from collections.abc import Iterator, Sequence

import networkx as nx
import numpy as np
import plotly.graph_objects as go

from kit.page import PALETTE, Grid, Part, chart, parts
from kit.world.model import DAY, HOUR, Coded, Ints, Kind, World
from kit.world.scenario import Scenario
from kit.world.streams import Streams

#: How many posts of each language, threads and headlines are shown to be read.
_POSTS, _THREADS, _HEADLINES = 30, 4, 3
#: A thread is shown down to so many posts.
_THREAD_POSTS = 14
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px,2px")


def page(scenario: Scenario, world: World) -> str:
    """The page as HTML.

    Args:
        scenario: what the world was made from.
        world: a world of it.
    """
    past = world.posts.at < world.now
    summary = (
        f"{scenario.title}, seed {world.seed}. Everything and everybody here is invented. "
        f"{len(world.people):,} people wrote {int(past.sum()):,} posts before now, and "
        f"{int((~past).sum()):,} are still to come; {len(world.feeds):,} feeds published "
        f"{int((world.entries.at < world.now).sum()):,} entries."
    )
    content = (
        _languages(world),
        _rhythm(world),
        _storylines(scenario, world),
        _threads(world),
        _network(scenario, world),
        _feeds(world),
        *_samples(scenario, world),
    )
    return parts(f"The world of {scenario.title}", summary, content)


def _coded(column: Sequence[str]) -> tuple[list[str], Ints]:
    """A column's names, and each row's place among them."""
    if isinstance(column, Coded):
        return column.names, column.codes
    names = sorted(set(column))
    return names, np.array([names.index(value) for value in column])


def _languages(world: World) -> Part:
    said = (world.posts.at < world.now) & (world.posts.kind != Kind.REPOST)
    languages, language = _coded(world.posts.language)
    intents, intent = _coded(world.post_truth.intent)
    used = list(dict.fromkeys(intents))
    place = np.array([used.index(name) for name in intents])
    table = np.zeros((len(languages), len(used)), dtype=np.int64)
    np.add.at(table, (language[said], place[intent[said]]), 1)
    shares = 100 * table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=used,
            y=languages,
            colorscale=[[0, "#ffffff"], [1, "#8cc4ec"]],
            texttemplate="%{z:.0f}",
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_layout(yaxis={"autorange": "reversed"})
    return Part(
        "languages",
        "Posts by language and intent",
        "What people write for, in each language, without reposts.",
        [chart(figure, "Share of each language's posts by intent, in per cent.", 360)],
        [
            Grid(
                "How many posts there are before now, by language and intent",
                ["Language", *used, "all"],
                [
                    [code, *(f"{count:,}" for count in row.tolist()), f"{row.sum():,}"]
                    for code, row in zip(languages, table, strict=True)
                ],
            )
        ],
    )


def _rhythm(world: World) -> Part:
    lived = world.posts.at < world.now
    languages, language = _coded(world.posts.language)
    hour = world.posts.at // HOUR % 24
    weekend = (world.posts.at // DAY + 3) % 7 >= 5
    charts = []
    rows = []
    for days, chosen in (("Monday to Friday", ~weekend), ("Saturday and Sunday", weekend)):
        figure = go.Figure()
        for number, code in enumerate(languages):
            counts = np.bincount(hour[lived & chosen & (language == number)], minlength=24)
            share = 100 * counts / max(counts.sum(), 1)
            figure.add_scatter(
                x=list(range(24)),
                y=share,
                name=code,
                line={"color": PALETTE[number % 7], "dash": _DASHES[number % 7], "width": 3},
            )
            rows.append([code, days, f"{int(counts.argmax())}:00", f"{int(counts.argmin())}:00"])
        figure.update_layout(xaxis_title="Hour of the day (UTC)", yaxis_title="% of posts")
        charts.append(chart(figure, f"When people post, {days}, by language.", 380))
    return Part(
        "rhythm",
        "The rhythm of the day",
        "The quiet of the night, two humps, and a later lull at weekends.",
        charts,
        [Grid("Busiest and quietest hour", ["Language", "Days", "Busiest", "Quietest"], rows)],
    )


def _storylines(scenario: Scenario, world: World) -> Part:
    names, story = _coded(world.post_truth.storyline)
    step = 6 * HOUR
    bins = np.arange(scenario.begins, scenario.ends + step, step)
    days = [(start - scenario.now) / DAY for start in bins[:-1].tolist()]
    figure = go.Figure()
    rows = []
    for number, storyline in enumerate(scenario.storylines):
        own = story == names.index(storyline.name)
        counts = np.histogram(world.posts.at[own], bins)[0]
        figure.add_scatter(
            x=days,
            y=counts,
            name=storyline.name,
            line={"color": PALETTE[number % 7], "dash": _DASHES[number // 2 % 7], "width": 2},
        )
        rows.append(
            [
                storyline.title,
                f"{int(own.sum()):,}",
                f"{storyline.starts:%d %B, %H:%M}",
                storyline.truth,
                storyline.right_response,
                storyline.if_nobody_acts,
            ]
        )
    figure.add_vline(x=0, line_width=1, annotation_text="now")
    figure.update_layout(xaxis_title="Days from now", yaxis_title="Posts in six hours")
    return Part(
        "storylines",
        "What happens",
        "The pack's storylines. What is true and what would be right is in no feed and no API.",
        [chart(figure, "Posts of each storyline, every six hours.", 460)],
        [
            Grid(
                "The storylines",
                ["Storyline", "Posts", "Begins", "Truth", "Right response", "If nobody acts"],
                rows,
            )
        ],
    )


def _threads(world: World) -> Part:
    posts, truth = world.posts, world.post_truth
    lived = (posts.at < world.now) & (posts.kind == Kind.REPLY)
    talks, sizes = np.unique(posts.conversation[lived], return_counts=True)
    # Of the middling ones: the largest are a crowd under one post.
    fit = talks[(sizes >= 4) & (sizes <= _THREAD_POSTS)]
    chosen = fit[Streams(world.seed).uniform("look/threads", fit).argsort()[:_THREADS]]
    names = dict(zip(world.people.id.tolist(), world.people.username, strict=True))
    grids = []
    for talk in chosen.tolist():
        rows = np.flatnonzero((posts.conversation == talk) & (posts.kind != Kind.REPOST))
        level = {talk: 0}
        lines = []
        for row in rows.tolist():
            identifier = int(posts.id[row])
            level.setdefault(identifier, level.get(int(posts.refers_to[row]), 0) + 1)
            lines.append(
                [
                    "→ " * level[identifier] + "@" + names[int(posts.author[row])],
                    truth.intent[row],
                    posts.text[row],
                ]
            )
        language = posts.language[int(rows[0])]
        grids.append(
            Grid(f"A thread in {language}", ["Who", "Intent", "Text"], lines, language=language)
        )
    return Part("threads", "Threads", "Some conversations, drawn by lot.", [], grids)


def _network(scenario: Scenario, world: World) -> Part:
    names, community = _coded(world.person_truth.community)
    people = np.bincount(community, minlength=len(names))
    start = int(world.people.id[0])
    one = community[world.follows.follower - start].astype(np.int64)
    other = community[world.follows.followed - start].astype(np.int64)
    links = np.bincount(one * len(names) + other, minlength=len(names) ** 2)
    links = links.reshape(len(names), len(names))
    both = links + links.T
    graph = nx.Graph()
    for number in np.flatnonzero(people).tolist():
        graph.add_node(number)
        # Each community's strongest links are enough to see who belongs together.
        strongest = [n for n in np.argsort(-both[number])[:6].tolist() if n != number]
        for near in strongest:
            if both[number, near]:
                graph.add_edge(number, near, weight=float(np.sqrt(both[number, near])))
    position = nx.spring_layout(graph, seed=1, iterations=80)
    figure = go.Figure()
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for end, far in graph.edges:
        lines_x += [float(position[end][0]), float(position[far][0]), None]
        lines_y += [float(position[end][1]), float(position[far][1]), None]
    figure.add_scatter(
        x=lines_x, y=lines_y, mode="lines", line={"color": "#9aa5b1", "width": 1}, showlegend=False
    )
    for number, language in enumerate(scenario.languages):
        own = [node for node in graph if names[node].startswith(f"{language.code}/")]
        figure.add_scatter(
            x=[float(position[node][0]) for node in own],
            y=[float(position[node][1]) for node in own],
            mode="markers+text",
            name=language.code,
            text=[
                names[node].split("/")[1] if people[node] > people.max() / 4 else "" for node in own
            ],
            textposition="top center",
            marker={
                "size": [6 + 30 * float(np.sqrt(people[node] / people.max())) for node in own],
                "color": PALETTE[number % 7],
                "symbol": number,
                "line": {"width": 1, "color": "#ffffff"},
            },
        )
    figure.update_layout(xaxis={"visible": False}, yaxis={"visible": False})
    inside = 100 * np.trace(links) / max(links.sum(), 1)
    followers = np.bincount(world.follows.followed - start, minlength=len(world.people))
    most = np.argsort(-followers, kind="stable")[:12].tolist()
    return Part(
        "network",
        "Who follows whom",
        f"Each mark is a community: a language and an interest. {inside:.0f}% of all follows stay "
        "within one.",
        [chart(figure, "Communities, near each other where their people follow each other.", 640)],
        [
            Grid(
                "The accounts with the most followers",
                ["Account", "Name", "Role", "Followers"],
                [
                    [
                        f"@{world.people.username[person]}",
                        world.people.name[person],
                        world.person_truth.role[person],
                        f"{int(followers[person]):,}",
                    ]
                    for person in most
                ],
            )
        ],
    )


def _feeds(world: World) -> Part:
    entries = Counter(
        feed
        for feed, at in zip(world.entries.feed, world.entries.at.tolist(), strict=True)
        if at < world.now
    )
    headlines: dict[str, list[str]] = {}
    for feed, title in zip(world.entries.feed, world.entries.title, strict=True):
        headlines.setdefault(feed, []).append(title)
    columns = zip(
        world.feeds.slug,
        world.feeds.title,
        world.feeds.kind,
        world.feeds.language,
        world.feeds.defect,
        strict=True,
    )
    rows = [
        [
            title,
            kind,
            language,
            defect or "none",
            entries[slug],
            " · ".join(headlines.get(slug, [])[:_HEADLINES]),
        ]
        for slug, title, kind, language, defect in columns
    ]
    head = ["Feed", "Kind", "Language", "Defect", "Entries before now", "Some headlines"]
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(world.feeds.kind).items())
    return Part("feeds", "Feeds", f"By kind: {kinds}.", [], [Grid("All feeds", head, rows)])


def _samples(scenario: Scenario, world: World) -> Iterator[Part]:
    posts, truth = world.posts, world.post_truth
    said = (posts.at < world.now) & (posts.kind != Kind.REPOST)
    languages, language = _coded(posts.language)
    for number, code in enumerate(languages):
        own = np.flatnonzero(said & (language == number))
        drawn = Streams(world.seed).uniform("look/posts", posts.id[own])
        rows = [
            [
                truth.topic[row],
                truth.intent[row],
                truth.storyline[row] or "everyday",
                posts.text[row],
            ]
            for row in own[drawn.argsort()[:_POSTS]].tolist()
        ]
        yield Part(
            f"posts-{code}",
            f"Posts to read: {code}",
            "Drawn by lot. Would you believe that a person wrote them?",
            [],
            [
                Grid(
                    f"Posts in {code}",
                    ["Topic", "Intent", "Storyline", "Text"],
                    rows,
                    language=code,
                )
            ],
        )
