"""The tree of a search query -> SQL that finds posts, newest or oldest first.

Every post that a query matches is found through at least one of its *sources*: an index
that holds the matches of one specific term in the order of time. Each source is read in
that order, tested against the rest of the query, and stopped at the limit; the sources
together give the page. So neither a common word nor a rare one reads all posts, however
many there are. The statement takes ``:low``, ``:high`` (ids, inclusive) and ``:limit``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from kit.square.query import And, Node, Not, Operator, Or, Text
from kit.world.model import Kind

_MAX_ID = 2**63 - 1
_ACCOUNT = "coalesce((SELECT id FROM people WHERE username = {0}), {1})"
_REFERENCE = "p.refers_to != 0 AND p.kind = {kind} AND p.refers_to = {{0}}"
#: What each operator asks of a post ``p``. Never NULL, so that NOT turns it round.
_CONDITIONS = {
    "#": "EXISTS (SELECT 1 FROM marks WHERE kind = '#' AND value = {0} AND post = p.id)",
    "@": "EXISTS (SELECT 1 FROM marks WHERE kind = '@' AND value = {0} AND post = p.id)",
    "url": "EXISTS (SELECT 1 FROM marks WHERE post = p.id AND kind = 'url' AND instr(value, {0}))",
    "from": f"p.author = {_ACCOUNT}",
    "to": f"p.addressee != 0 AND p.addressee = {_ACCOUNT}",
    "retweets_of": f"p.refers_to != 0 AND p.kind = {Kind.REPOST:d} "
    f"AND p.refers_to IN (SELECT id FROM posts WHERE author = {_ACCOUNT})",
    "conversation_id": "p.conversation = {0}",
    "in_reply_to_tweet_id": _REFERENCE.format(kind=Kind.REPLY.value),
    "retweets_of_tweet_id": _REFERENCE.format(kind=Kind.REPOST.value),
    "quotes_of_tweet_id": _REFERENCE.format(kind=Kind.QUOTE.value),
    "lang": "p.language = {0}",
}
_HAS_MARK = "EXISTS (SELECT 1 FROM marks WHERE post = p.id AND kind = '{0}')"
# A repost shows the pictures of the post it repeats.
_HAS_IMAGE = (
    "EXISTS (SELECT 1 FROM media "
    f"WHERE post = CASE p.kind WHEN {Kind.REPOST:d} THEN p.refers_to ELSE p.id END)"
)
_CHOICES = {
    ("is", "retweet"): f"p.kind = {Kind.REPOST:d}",
    ("is", "reply"): f"p.kind = {Kind.REPLY:d}",
    ("is", "quote"): f"p.kind = {Kind.QUOTE:d}",
    ("is", "verified"): "p.author IN (SELECT id FROM people WHERE verified)",
    ("has", "hashtags"): _HAS_MARK.format("#"),
    ("has", "mentions"): _HAS_MARK.format("@"),
    ("has", "links"): _HAS_MARK.format("url"),
    ("has", "media"): _HAS_IMAGE,
    ("has", "images"): _HAS_IMAGE,
}
_WORDS = "p.id IN (SELECT rowid FROM {{file}}.words({0}) WHERE rowid BETWEEN :low AND :high)"
_LINKING = "p.id IN (SELECT post FROM marks WHERE kind = 'url' AND instr(value, {0}))"
# Where a source's rows come from, and the column that holds their order; other operators
# read posts through an index on the column they compare.
_FROM_POSTS = ("{file}.posts p", "p.id")
_FROM_MARKS = ("{file}.marks m CROSS JOIN {file}.posts p ON p.id = m.post", "m.post")
_FROM_WORDS = (
    "{{file}}.words({0}) w CROSS JOIN {{file}}.posts p ON p.id = w.rowid",
    "w.rowid",
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
    "url": 4,
}
_WORDS_SIZE = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """A SELECT of ids and the values of its parameters."""

    sql: str
    parameters: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Match:
    """Words joined by AND, OR and NOT, as one expression of the full-text index."""

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


_Step = _Match | Operator | _Except | _Every | _Some


@dataclass(slots=True)
class _Parameters:
    """The values of a statement: nothing that a person wrote stands in its text."""

    values: dict[str, object] = field(default_factory=dict)

    def add(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def plan(tree: Node, *, newest_first: bool = True) -> Plan:
    """How to find the posts that match, each once, in the order of their ids."""
    gathered = _gather(tree)
    parameters = _Parameters()
    order = "DESC" if newest_first else "ASC"
    selects = []
    for source in _sources(gathered) or _unsearchable():
        start, column, own = _source(source, parameters)
        where = [f"{column} BETWEEN :low AND :high", *own]
        if source is not gathered:
            where.append(_condition(gathered, source, parameters))
        for file in ("base", "main"):
            if file == "base":
                where = [*where, "p.id NOT IN (SELECT id FROM main.gone_posts)"]
            select = (
                f"SELECT * FROM (SELECT p.id AS id FROM {start} WHERE {' AND '.join(where)} "
                f"ORDER BY {column} {order} LIMIT :limit)"
            )
            selects.append(select.replace("{file}", file))
    sql = f"{' UNION '.join(selects)} ORDER BY id {order} LIMIT :limit"
    return Plan(sql, parameters.values)


def _unsearchable() -> NoReturn:
    raise ValueError("the tree has a branch without a term to search by: parse() refuses those")


def _gather(node: Node) -> _Step:
    """The tree with neighbouring words put together: the index joins them best by itself."""
    match node:
        case Text(words):
            return _Match(f'"{" ".join(words)}"')
        case Operator():
            return node
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


def _sources(step: _Step) -> list[_Match | Operator] | None:
    """The smallest set of terms of which every match has at least one; None if there is none."""
    match step:
        case _Match():
            return [step]
        case Operator(name):
            return [step] if name in _SIZES else None
        case _Every(steps):
            found = [each for part in steps if (each := _sources(part)) is not None]
            return min(found, key=lambda each: (max(map(_size, each)), len(each)), default=None)
        case _Some(steps):
            sources: list[_Match | Operator] = []
            for part in steps:
                if (each := _sources(part)) is None:
                    return None
                sources += each
            return sources
        case _Except():
            return None


def _size(source: _Match | Operator) -> int:
    return _WORDS_SIZE if isinstance(source, _Match) else _SIZES[source.name]


def _source(step: _Match | Operator, parameters: _Parameters) -> tuple[str, str, list[str]]:
    """FROM, the column of the order, and the conditions that pick the source's rows."""
    if isinstance(step, _Match):
        start, column = _FROM_WORDS
        return start.format(parameters.add(step.expression)), column, []
    if step.name in ("#", "@"):
        value = parameters.add(step.value)
        return *_FROM_MARKS, [f"m.kind = '{step.name}'", f"m.value = {value}"]
    if step.name == "url":
        return *_FROM_POSTS, [_LINKING.format(*map(parameters.add, _values(step)))]
    return *_FROM_POSTS, [_operator(step, parameters)]


def _condition(step: _Step, given: _Match | Operator, parameters: _Parameters) -> str:
    """What the whole query asks of a post ``p`` of which ``given`` is known to be true."""
    if step is given:
        return "1"
    match step:
        case _Match(expression):
            return _WORDS.format(parameters.add(expression))
        case Operator():
            return f"({_operator(step, parameters)})"
        case _Except(part):
            return f"NOT {_condition(part, given, parameters)}"
        case _Every(steps) | _Some(steps):
            join = " AND " if isinstance(step, _Every) else " OR "
            return f"({join.join(_condition(part, given, parameters) for part in steps)})"


def _operator(step: Operator, parameters: _Parameters) -> str:
    if choice := _CHOICES.get((step.name, step.value)):
        return choice
    return _CONDITIONS[step.name].format(*map(parameters.add, _values(step)))


def _values(step: Operator) -> tuple[object, ...]:
    """What is compared: an account by name, or by id as X also allows; a post by its id."""
    if step.name in ("from", "to", "retweets_of"):
        return step.value, min(int(step.value), _MAX_ID) if step.value.isdecimal() else -1
    if _SIZES.get(step.name) == 0:
        return (min(int(step.value), _MAX_ID),)
    return (f" {step.value} " if step.name == "url" else step.value,)
