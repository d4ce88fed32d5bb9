"""``sort_order=relevancy``: what a search finds, the most relevant first.

How X orders by relevancy is not public. The Square's assumption: of two posts, the one that
more people have seen is the more relevant; what was seen counts half as much when it is a day
old, a third at two days, and so on. The newest thousand matches are weighed against each
other; when all of them were given, the thousand before them follow in the same way. So a page
costs the same however much a search finds.

A score hangs on nothing that can be done or undone, and is that of the moment of the first
page. So pages neither skip nor repeat a post while others post, like or delete.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace

from kit.square.answers.paging import Page, pack, unpack
from kit.square.rows import Post, Reach
from kit.world.attention import seen
from kit.world.model import DAY

#: How many matches are weighed against each other.
WEIGHED = 1000
_LAYOUT = struct.Struct(">qqqqqq")
_NO_LIMIT = -1

Read = Callable[[Reach, int], list[Post]]


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a page begins: after a post with a score, among the matches of some ids.

    Attributes:
        moment: when the first page was asked for.
        oldest: the smallest id that the search looks at.
        low: the smallest id of those that are weighed against each other.
        high: the largest of them.
        score: the score of the last post that was given.
        post: its id; 0 before any of these was given.
    """

    moment: int
    oldest: int
    low: int
    high: int
    score: int = 0
    post: int = 0

    def token(self) -> str:
        """The edge as text."""
        return pack(_LAYOUT, self.moment, self.oldest, self.low, self.high, self.score, self.post)

    @classmethod
    def read(cls, token: str) -> "Edge":
        """The edge that a token holds.

        Raises:
            ValueError: the token was not made by :meth:`token`.
        """
        return cls(*unpack(_LAYOUT, token))

    def after(self, posts: list[Post]) -> list[Post]:
        """The posts that come after it, the most relevant first."""
        ranked = sorted(posts, key=lambda post: self._rank(post), reverse=True)
        if not self.post:
            return ranked
        return [post for post in ranked if self._rank(post) < (self.score, self.post)]

    def behind(self, post: Post) -> "Edge":
        """The edge behind a post."""
        return Edge(self.moment, self.oldest, self.low, self.high, *self._rank(post))

    def _rank(self, post: Post) -> tuple[int, int]:
        return score(post, self.moment), post.id


def score(post: Post, moment: int) -> int:
    """How relevant a post is at a moment, in thousandths of a view."""
    age = max(moment - post.at, 0)
    return seen(post.views, age, post.half_life) * 1000 * DAY // (DAY + age)


def relevant(read: Read, reach: Reach, now: int, edge: Edge | None = None) -> Page[Post]:
    """A page of what a search finds, the most relevant first.

    Args:
        read: gives the matches of a reach as of a moment, newest first.
        reach: all that the search looks at, and how many posts a page has.
        now: the Square's time.
        edge: where the page begins; without one, at the first post.
    """
    if edge is None:
        edge, found = _next(read, now, reach.low, reach.high)
    else:
        # What a token says is not to be trusted: nobody sees what is still to come.
        edge = replace(edge, moment=min(edge.moment, now))
        found = read(Reach(edge.low, edge.high, _NO_LIMIT), edge.moment)
    rows: list[Post] = []
    while True:
        left = edge.after(found)
        given = left[: reach.limit - len(rows)]
        rows += given
        if given:
            edge = edge.behind(given[-1])
        if len(left) > len(given):
            return Page(rows, edge.token())
        if edge.low <= edge.oldest:
            return Page(rows)
        edge, found = _next(read, edge.moment, edge.oldest, edge.low - 1)


def _next(read: Read, moment: int, oldest: int, high: int) -> tuple[Edge, list[Post]]:
    """The newest matches up to an id, and the edge before them."""
    found = read(Reach(oldest, high, WEIGHED), moment)
    low = found[-1].id if len(found) == WEIGHED else oldest
    return Edge(moment, oldest, low, high), found
