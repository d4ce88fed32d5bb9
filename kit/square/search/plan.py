"""The tree of a search query -> SQL that finds posts, or counts them.

Every post that a query matches is found through at least one of its *sources*: an index
that holds the matches of one specific term in the order of time. Each source is read in
that order, tested against the rest of the query, and stopped at the limit; the sources
together give the page. So neither a common word nor a rare one reads all posts, however
many there are. Only ``min_likes:`` and its like, alone, walk through the posts themselves.

A Square has two files, and each source is read in both. A statement takes ``:low``, ``:high``
(ids, inclusive), ``:now`` and ``:limit``; its connection has to be prepared once, with
:func:`kit.square.search.conditions.prepare`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kit.square.search.conditions import (
    FALSE,
    FILES,
    TRUE,
    File,
    Parameters,
    condition,
    in_places,
    named_brands,
)
from kit.square.search.tree import And, Box, Circle, Near, Node, Not, Operator, Or, Range, Text
from kit.world.model import ID_EPOCH_MS

# Words as a condition: the posts that have them are gathered once. To find one page, that takes
# too long for common words (0.5 s for a million posts): then each post is looked up (10 µs).
_GATHERED = "p.id IN (SELECT rowid FROM {file}.words({words}) WHERE rowid BETWEEN :low AND :high)"
_FEW = 20_000
_LOOKED_UP = (
    "CASE WHEN (SELECT count(*) FROM (SELECT 1 FROM {file}.words({words}) "
    f"WHERE rowid BETWEEN :low AND :high LIMIT {_FEW})) < {_FEW} THEN {_GATHERED} "
    "ELSE EXISTS (SELECT 1 FROM {file}.words({words}) WHERE rowid = p.id) END"
)
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
    """A SELECT and the values of its parameters: plans are shared, so never change them."""

    sql: str
    parameters: dict[str, object]


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
    search = _Search(_gather(tree), _LOOKED_UP, Parameters())
    order = "DESC" if newest_first else "ASC"
    selects = [
        f"SELECT * FROM ({found.sql} ORDER BY {found.column} {order} LIMIT :limit)"
        for found in search.found()
    ]
    sql = f"{' UNION '.join(selects)} ORDER BY id {order} LIMIT :limit"
    return Plan(sql, search.parameters.values)


@lru_cache(maxsize=1000)
def counted(tree: Node, seconds: int) -> Plan:
    """How to count the posts that match in each stretch of so many seconds.

    The statement gives ``bucket`` and ``posts`` for each stretch that has some, in order: it
    begins ``bucket * seconds`` seconds after 1970. It takes no ``:limit``.
    """
    search = _Search(_gather(tree), _GATHERED, Parameters())
    found = [each.sql for each in search.found()]
    # A post is in one file, so only several sources in one can find it more than once.
    ids = (" UNION ALL " if len(found) == len(FILES) else " UNION ").join(found)
    bucket = f"((id >> 22) + {ID_EPOCH_MS}) / {seconds * 1000}"
    sql = f"SELECT {bucket} AS bucket, count(*) AS posts FROM ({ids}) GROUP BY bucket"
    return Plan(f"{sql} ORDER BY bucket", search.parameters.values)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """The SELECT of a source's posts that match, in no order, and the column of their ids."""

    sql: str
    column: str


@dataclass(frozen=True, slots=True)
class _Search:
    """A query, how it asks for words as a condition, and the values of its statement."""

    query: _Step
    words: str
    parameters: Parameters

    def found(self) -> list[_Found]:
        """All sources in both files."""
        sources = _sources(self.query)
        if sources is None:
            raise ValueError("a branch has no term to search by: parse() refuses such a tree")
        return [self._found(source, file) for source in sources for file in FILES]

    def _found(self, source: _Source, file: File) -> _Found:
        """A source in a file, with all that the rest of the query asks."""
        start, column, where = self._rows(source, file)
        asked = self._asked(self.query, source, file)
        if asked != TRUE:
            where.append(f"({asked})")
            if column != "p.id":
                start = f"{start} CROSS JOIN {file}.posts p ON p.id = {column}"
        where.append(f"{column} BETWEEN :low AND :high")
        if file == "base":
            where.append(f"{column} NOT IN (SELECT id FROM main.gone_posts)")
        return _Found(f"SELECT {column} AS id FROM {start} WHERE {' AND '.join(where)}", column)

    def _rows(self, source: _Source, file: File) -> tuple[str, str, list[str]]:
        """Where a source's rows come from, the column of their post's id, and what picks them."""
        add = self.parameters.add
        match source:
            case _Match(expression):
                return f"{file}.words({add(expression)}) w", "w.rowid", []
            case Operator("#" | "@" | "$", value):
                picked = [f"m.kind = '{source.name}'", f"m.value = {add(value)}"]
                return f"{file}.marks m", "m.post", picked
            case Operator("context" | "entity"):
                return _naming(source, file, self.parameters)
            case Operator("place" | "place_country") | Circle() | Box():
                return f"{file}.tagged t", "t.post", [in_places(source, self.parameters)]
            case _:
                return f"{file}.posts p", "p.id", [condition(source, file, self.parameters)]

    def _asked(self, step: _Step, given: _Source, file: File) -> str:
        """What the query asks of a post ``p`` of which ``given`` is known to be true."""
        if step is given:
            return TRUE
        match step:
            case _Match(expression):
                return self.words.format(file=file, words=self.parameters.add(expression))
            case _Except(part):
                asked = self._asked(part, given, file)
                return {TRUE: FALSE, FALSE: TRUE}.get(asked, f"NOT ({asked})")
            case _Every(steps):
                return _joined("AND", [self._asked(each, given, file) for each in steps])
            case _Some(steps):
                return _joined("OR", [self._asked(each, given, file) for each in steps])
            case _:
                return condition(step, file, self.parameters)


def _naming(source: Operator, file: File, parameters: Parameters) -> tuple[str, str, list[str]]:
    """The rows of the posts that name a verified account, in order; or any of several."""
    brands = named_brands(source, parameters)
    if not brands:
        return f"{file}.marks m", "m.post", [FALSE]
    if source.name == "context" and not source.value.endswith("*"):
        return f"{file}.marks m", "m.post", ["m.kind = '@'", f"m.value = ({brands})"]
    named = f"SELECT post FROM {file}.marks WHERE kind = '@' AND value IN ({brands})"
    return f"{file}.posts p", "p.id", [f"p.id IN ({named} AND post BETWEEN :low AND :high)"]


def _joined(join: str, asked: Sequence[str]) -> str:
    """Conditions joined by AND or OR; what is always true or false is left out."""
    nothing, decisive = (TRUE, FALSE) if join == "AND" else (FALSE, TRUE)
    if decisive in asked:
        return decisive
    kept = [each for each in asked if each != nothing]
    return f" {join} ".join(f"({each})" for each in kept) if kept else nothing
