"""The tree of a search query -> SQL that finds posts, or counts them.

Every post that a query matches is found through at least one of its *sources*: an index
that holds the matches of one specific term in the order of time. Each source is read in
that order, tested against the rest of the query, and stopped at the limit; the sources
together give the page. So neither a common word nor a rare one reads all posts, however
many there are. Only ``min_likes:`` and its like, alone, walk through the posts themselves.

A Square has two files, and each source is read in both. A statement takes ``:low``, ``:high``
(ids, inclusive), ``:now`` and ``:limit``; its connection has to be prepared once, with
:func:`kit.square.conditions.prepare`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NoReturn

from kit.square.conditions import (
    FALSE,
    FILES,
    TRUE,
    File,
    Parameters,
    condition,
    in_places,
    named_brands,
)
from kit.square.tree import And, Box, Circle, Near, Node, Not, Operator, Or, Range, Text
from kit.world.model import ID_EPOCH_MS

# Words as a condition. If few posts have them, these are gathered once; otherwise each post is
# looked up: gathering a common word's posts takes longer than all else (0.5 s for a million,
# against 10 µs for a look-up).
_FEW = 20_000
_WORDS = (
    "CASE WHEN (SELECT count(*) FROM (SELECT 1 FROM {file}.words({words}) "
    f"WHERE rowid BETWEEN :low AND :high LIMIT {_FEW})) < {_FEW} "
    "THEN p.id IN (SELECT rowid FROM {file}.words({words}) WHERE rowid BETWEEN :low AND :high) "
    "ELSE EXISTS (SELECT 1 FROM {file}.words({words}) WHERE rowid = p.id) END"
)
_GONE = "{column} NOT IN (SELECT id FROM main.gone_posts)"
#: How many posts a source is likely to hold: the smallest is read.
_SIZES = {
    "in_reply_to_tweet_id": 0,
    "retweets_of_tweet_id": 0,
    "quotes_of_tweet_id": 0,
    "conversation_id": 0,
    "from": 1,
    "to": 1,
    "retweets_of": 1,
    "#": 2,
    "@": 2,
    "$": 2,
    "list": 2,
    "place": 2,
    "place_country": 2,
    "context": 2,
    "entity": 2,
}
_PLACES_SIZE = 2
_WORDS_SIZE = 3
_ANY_BRAND_SIZE = 4
_ALL_POSTS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """A SELECT and the values of its parameters."""

    sql: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Match:
    """Words and links joined by AND, OR and NOT, as one expression of the full-text index."""

    expression: str


@dataclass(frozen=True, slots=True)
class _Except:
    step: "_Step"


@dataclass(frozen=True, slots=True)
class _Every:
    steps: "tuple[_Step, ...]"


@dataclass(frozen=True, slots=True)
class _Some:
    steps: "tuple[_Step, ...]"


_Source = _Match | Operator | Range | Circle | Box
_Step = _Source | _Except | _Every | _Some


@lru_cache(maxsize=1000)
def plan(tree: Node, *, newest_first: bool = True) -> Plan:
    """How to find the posts that match, each once, in the order of their ids.

    The statement gives one column, ``id``, and at most ``:limit`` rows.
    """
    parameters = Parameters()
    order = "DESC" if newest_first else "ASC"
    selects = [
        f"SELECT * FROM ({found.sql()} ORDER BY {found.column} {order} LIMIT :limit)"
        for found in _found(_gather(tree), parameters)
    ]
    sql = f"{' UNION '.join(selects)} ORDER BY id {order} LIMIT :limit"
    return Plan(sql, MappingProxyType(parameters.values))


@lru_cache(maxsize=1000)
def counted(tree: Node, seconds: int) -> Plan:
    """How to count the posts that match in each stretch of so many seconds.

    The statement gives ``bucket`` and ``posts`` for each stretch that has some, in order: it
    begins ``bucket * seconds`` seconds after 1970. It takes no ``:limit``.
    """
    parameters = Parameters()
    gathered = _gather(tree)
    # A post is in one file, so only several sources of one can find it more than once.
    join = " UNION ALL " if len(_sources(gathered) or ()) == 1 else " UNION "
    found = join.join(each.sql() for each in _found(gathered, parameters))
    bucket = f"((id >> 22) + {ID_EPOCH_MS}) / {seconds * 1000}"
    sql = f"SELECT {bucket} AS bucket, count(*) AS posts FROM ({found}) GROUP BY bucket"
    return Plan(f"{sql} ORDER BY bucket", MappingProxyType(parameters.values))


@dataclass(frozen=True, slots=True)
class _Found:
    """One source in one file: where its rows come from, their id, and what is asked of them."""

    start: str
    column: str
    where: tuple[str, ...]

    def sql(self) -> str:
        """The SELECT of its ids, in no order."""
        return f"SELECT {self.column} AS id FROM {self.start} WHERE {' AND '.join(self.where)}"


def _found(gathered: _Step, parameters: Parameters) -> list[_Found]:
    """All sources of a query in both files."""
    return [
        _source(source, gathered, file, parameters)
        for source in _sources(gathered) or _unsearchable()
        for file in FILES
    ]


def _unsearchable() -> NoReturn:
    raise ValueError("the tree has a branch without a term to search by: parse() refuses those")


def _gather(node: Node) -> _Step:
    """The tree with neighbouring words put together: the index joins them best by itself."""
    match node:
        case Text(words):
            return _Match(f'text : "{" ".join(words)}"')
        case Operator("url", value):
            return _Match(f'links : "{value}"')
        case Not(term):
            return _Except(_gather(term))
        case And(terms):
            return _gathered_and([_gather(term) for term in terms])
        case Or(terms):
            steps = [_gather(term) for term in terms]
            found = [step.expression for step in steps if isinstance(step, _Match)]
            rest: list[_Step] = [step for step in steps if not isinstance(step, _Match)]
            if found:
                rest.insert(0, _Match(f"({' OR '.join(found)})"))
            return rest[0] if len(rest) == 1 else _Some(tuple(rest))
        case Near():
            raise ValueError(f"{node} is for stream rules only: parse() refuses it in a search")
        case _:
            return node


def _gathered_and(steps: Sequence[_Step]) -> _Step:
    wanted: list[str] = []
    unwanted: list[str] = []
    rest: list[_Step] = []
    for step in steps:
        match step:
            case _Match(expression):
                wanted.append(expression)
            case _Except(_Match(expression)):
                unwanted.append(expression)
            case _:
                rest.append(step)
    if not wanted:  # the index has no NOT without something to take away from
        return _Every(tuple(steps))
    expression = f"({' AND '.join(wanted)})"
    if unwanted:
        expression = f"({expression} NOT ({' OR '.join(unwanted)}))"
    return _Every((_Match(expression), *rest)) if rest else _Match(expression)


def _sources(step: _Step) -> list[_Source] | None:
    """The smallest set of terms of which every match has at least one; None if there is none."""
    match step:
        case Operator(name):
            return [step] if name in _SIZES else None
        case _Every(steps):
            found = [each for part in steps if (each := _sources(part)) is not None]
            return min(found, key=lambda each: (max(map(_size, each)), len(each)), default=None)
        case _Some(steps):
            sources: list[_Source] = []
            for part in steps:
                if (each := _sources(part)) is None:
                    return None
                sources += each
            return sources
        case _Except():
            return None
        case _:
            return [step]


def _size(source: _Source) -> int:
    match source:
        case _Match():
            return _WORDS_SIZE
        case Operator("context", value) if value.endswith("*"):
            return _ANY_BRAND_SIZE
        case Operator(name):
            return _SIZES[name]
        case Circle() | Box():
            return _PLACES_SIZE
        case Range():
            return _ALL_POSTS


def _source(source: _Source, query: _Step, file: File, parameters: Parameters) -> _Found:
    """A source in a file, with all that the rest of the query asks."""
    start, column, own = _rows(source, file, parameters)
    rest = _asked(query, source, file, parameters)
    if rest != TRUE and column != "p.id":
        start = f"{start} CROSS JOIN {file}.posts p ON p.id = {column}"
    where = [f"{column} BETWEEN :low AND :high", *own]
    if rest != TRUE:
        where.append(rest)
    if file == "base":
        where.append(_GONE.format(column=column))
    return _Found(start, column, tuple(where))


def _rows(source: _Source, file: File, parameters: Parameters) -> tuple[str, str, list[str]]:
    """Where a source's rows come from, the column of their post's id, and what picks them."""
    match source:
        case _Match(expression):
            return f"{file}.words({parameters.add(expression)}) w", "w.rowid", []
        case Operator("#" | "@" | "$", value):
            marked = [f"m.kind = '{source.name}'", f"m.value = {parameters.add(value)}"]
            return f"{file}.marks m", "m.post", marked
        case Operator("context" | "entity"):
            brands = named_brands(source, parameters)
            named = f"SELECT post FROM {file}.marks WHERE kind = '@' AND value IN ({brands})"
            within = "AND post BETWEEN :low AND :high"
            return f"{file}.posts p", "p.id", [f"p.id IN ({named} {within})" if brands else FALSE]
        case Operator("place" | "place_country") | Circle() | Box():
            return f"{file}.tagged t", "t.post", [in_places(source, parameters)]
        case _:
            return f"{file}.posts p", "p.id", [condition(source, file, parameters)]


def _asked(step: _Step, given: _Source, file: File, parameters: Parameters) -> str:
    """What the whole query asks of a post ``p`` of which ``given`` is known to be true."""
    if step is given:
        return TRUE
    match step:
        case _Match(expression):
            return _WORDS.format(file=file, words=parameters.add(expression))
        case _Except(part):
            asked = _asked(part, given, file, parameters)
            return {TRUE: FALSE, FALSE: TRUE}.get(asked, f"NOT ({asked})")
        case _Every(steps):
            return _joined("AND", TRUE, FALSE, [_asked(s, given, file, parameters) for s in steps])
        case _Some(steps):
            return _joined("OR", FALSE, TRUE, [_asked(s, given, file, parameters) for s in steps])
        case _:
            return condition(step, file, parameters)


def _joined(join: str, nothing: str, decisive: str, asked: Sequence[str]) -> str:
    """Conditions joined by AND or OR; what is always true or false is left out."""
    if decisive in asked:
        return decisive
    kept = [each for each in asked if each != nothing]
    return f" {join} ".join(f"({each})" for each in kept) if kept else nothing
