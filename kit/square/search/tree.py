"""The tree of a query: what :mod:`~kit.square.search.query` makes of a text, and all else reads.

Two trees are equal if they ask the same: where in the text a node stands is left aside.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

#: The part of the query that a node comes from: ``query[start:end]``.
Span = tuple[int, int]

_NOWHERE: Span = (0, 0)
_EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Text:
    """A keyword, an emoji or a phrase: these words, one after the other."""

    words: tuple[str, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """These words near each other: none over ``distance`` places from where it would follow."""

    words: tuple[str, ...]
    distance: int
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator and its value, both as they are compared; ``#``, ``@``, ``$`` are some too."""

    name: str
    value: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """A count from ``low`` to ``high``; without an end where that is None."""

    name: str
    low: int
    high: int | None = None
    span: Span = field(default=_NOWHERE, compare=False)

    def holds(self, count: int) -> bool:
        """Whether a count lies in the range, its ends included."""
        return self.low <= count and (self.high is None or count <= self.high)


@dataclass(frozen=True, slots=True)
class Circle:
    """Places whose centre is so near to a point."""

    longitude: float
    latitude: float
    kilometres: float
    span: Span = field(default=_NOWHERE, compare=False)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies in the circle."""
        away = kilometres(self.longitude, self.latitude, longitude, latitude)
        return away <= self.kilometres


@dataclass(frozen=True, slots=True)
class Box:
    """Places whose centre is between these degrees."""

    west: float
    south: float
    east: float
    north: float
    span: Span = field(default=_NOWHERE, compare=False)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies in the box."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@dataclass(frozen=True, slots=True)
class Not:
    """All that its term does not match."""

    term: "Node"
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """What every one of its terms matches."""

    terms: tuple["Node", ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """What any one of its terms matches."""

    terms: tuple["Node", ...]
    span: Span = field(default=_NOWHERE, compare=False)


Leaf = Text | Near | Operator | Range | Circle | Box
Node = Leaf | Not | And | Or


def leaves(node: Node) -> Iterator[Leaf]:
    """The words and operators of a tree, from left to right."""
    match node:
        case Not(term):
            yield from leaves(term)
        case And(terms) | Or(terms):
            for each in terms:
                yield from leaves(each)
        case _:
            yield node


def kilometres(longitude: float, latitude: float, to_longitude: float, to_latitude: float) -> float:
    """How far two points are from each other on the globe, which is taken as a ball.

    >>> round(kilometres(-0.1276, 51.5072, 2.3522, 48.8566))
    344
    """
    south, north = math.radians(latitude), math.radians(to_latitude)
    across = math.radians(to_longitude - longitude)
    chord = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))
