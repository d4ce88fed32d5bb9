"""How exercise 01 is marked: what a right answer is, and what to say of the others."""

from typing import Any

from kit.course.mark import Mark, Overlap, as_ids, as_number, as_text, closeness, overlap
from kit.course.truth import Truth
from kit.square.ids import first_id, last_id
from kit.square.rows import Reach
from kit.square.search import query as language
from kit.square.store import Store
from kit.world.model import DAY, Kind

_MINISTRY = "CalderJustice"
#: A search as good as this gets all points: nobody guesses every word of the public.
_GOOD_ENOUGH = 0.45


def account(answer: Any, truth: Truth) -> Mark:
    """A whole number: how many accounts follow the ministry."""
    followers = truth.public(
        "select count(*) from follows join people on id = followed where username = ?", _MINISTRY
    )[0][0]
    if as_number(answer) == followers:
        return Mark(1, f"{followers} accounts follow the ministry.")
    return Mark(
        0,
        f"{answer} is not the number of followers. public_metrics holds four numbers: "
        "followers_count is the one, and the user name is CalderJustice.",
    )


def dialogue(answer: Any, truth: Truth) -> Mark:
    """A number from 0 to 1."""
    own, replies, reposts = truth.public(
        "select sum(kind != 2), sum(kind = 1), sum(kind = 2) from posts "
        "join people on people.id = author where username = ? and at <= ?",
        _MINISTRY,
        _now(truth),
    )[0]
    ratio = replies / own
    given = as_number(answer)
    score = closeness(given, ratio, tolerance=0.005)
    if score == 1:
        return Mark(1, f"{replies} of the ministry's {own} posts answer somebody: {ratio:.0%}.")
    if closeness(given, ratio * 100, tolerance=0.5):
        return Mark(0.5, f"{given} is in percent. A ratio runs from 0 to 1: divide by 100.")
    if closeness(given, 1 - ratio, tolerance=0.005):
        return Mark(0.3, "That is the share that answers nobody: count the others.")
    if reposts and closeness(given, replies / (own + reposts), tolerance=0.005):
        return Mark(0.7, "Reposts are somebody else's words: leave them out of own posts.")
    return Mark(
        score,
        f"{given:.3f} is not the ratio. Divide the posts that answer somebody by all own posts "
        "of the whole timeline, not of its first page.",
    )


def meaning(answer: Any, _truth: Truth) -> Mark:
    """One of the letters a, b and c."""
    return {
        "a": Mark(0, "Your ratio says otherwise: a dialogue would be well above one in five."),
        "b": Mark(1, "So it is: a monologue, like most organisations in the published studies."),
        "c": Mark(0, "Your ratio counts answers, not questions. Search for @CalderJustice."),
    }[as_text(answer).strip().casefold()]


def query(answer: Any, truth: Truth) -> Mark:
    """A search query, as text."""
    now = _now(truth)
    tree = language.parse(as_text(answer))
    store = Store.open(truth.files[0])
    try:
        week = Reach(first_id(now - 7 * DAY), last_id(now), limit=-1)
        posts = store.posts.search(tree, week, now)
    finally:
        store.close()
    right = truth.hidden(
        "select post from post_truth join public.posts on id = post "
        "where storyline = 'outage' and kind = ? and at <= ?",
        int(Kind.ORIGINAL),
        now,
    )
    found = [str(post.id) for post in posts if post.kind == Kind.ORIGINAL]
    result = overlap(found, [str(post) for (post,) in right])
    said = (
        f"It finds {result.found} posts, {result.right} of the {result.true} that it should: "
        f"precision {result.precision:.0%}, recall {result.recall:.0%}, F1 {result.f1:.2f}."
    )
    if result.f1 >= _GOOD_ENOUGH:
        return Mark(1, f"{said} A search to work with.")
    return Mark(result.f1 / _GOOD_ENOUGH, f"{said} {_search_hint(result)}")


def _search_hint(result: Overlap) -> str:
    if result.precision < result.recall:
        return (
            "Too much noise: it also finds what was said before the outage. Which word, or which "
            "number, do people only use since Sunday?"
        )
    return "It misses much: which other words do people use? Join them with OR."


def chart(answer: Any, truth: Truth) -> Mark:
    """A Plotly figure."""
    rows = truth.public(
        "select language, count(*) from posts where kind != 2 and at between ? and ? "
        "and text like '%BookCourt%' group by language",
        _now(truth) - 7 * DAY,
        _now(truth),
    )
    layout = answer["layout"]
    trace = answer["data"][0]
    hints = []
    if trace["type"] != "bar" or len(trace["x"]) != len(rows) or len(trace["y"]) != len(rows):
        hints.append(f"The chart should have a bar for each of the {len(rows)} languages.")
    if len(_text(layout, "title")) < 10:
        hints.append("The title should say what the chart shows, in a few words.")
    if not _text(layout.get("xaxis", {}), "title") or not _text(layout.get("yaxis", {}), "title"):
        hints.append("Both axes need a name.")
    alt = str((layout.get("meta") or {}).get("alt", ""))
    if len(alt.split()) < 8 or not any(letter.isdigit() for letter in alt):
        hints.append("alt should say in a sentence what one sees, with at least one number.")
    score = 1 - len(hints) / 4
    return Mark(score, " ".join(hints) or "A chart that can be read, seen or heard.")


def people(answer: Any, truth: Truth) -> Mark:
    """A list of five ids of posts."""
    needing = {
        str(post)
        for (post,) in truth.hidden(
            "select post from post_truth join public.posts on id = post where needs_answer = 1 "
            "and at between ? and ?",
            _now(truth) - DAY,
            _now(truth),
        )
    }
    chosen = set(as_ids(answer))
    right = len(chosen & needing)
    if right == 5:
        return Mark(1, "All five wait for an answer. In workshop 06 you will write it.")
    return Mark(
        right / 5,
        f"{right} of your five need an answer from the ministry and were written in the last day. "
        "The others are news, praise, jokes or rumours, about the trial, reposts, or older: read "
        "them again.",
    )


def _now(truth: Truth) -> int:
    return int(truth.public("select value from about where name = 'now'")[0][0])


def _text(part: Any, name: str) -> str:
    """A title's text: Plotly keeps it as ``{"text": …}``."""
    title = part.get(name) or ""
    return str(title.get("text") or "" if isinstance(title, dict) else title)
