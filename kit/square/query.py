"""X's search language: a text becomes a tree, or a :class:`~kit.errors.QueryError`.

A space is AND and binds before ``OR``; parentheses group; ``-`` negates a term or a group.
Operators ignore case. :mod:`kit.square.plan` makes SQL of the tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from kit.errors import QueryError
from kit.square.words import entities, fold, url_words, words

MAX_LENGTH = 512
#: Groups within groups: SQLite's own parser gives up not far beyond.
MAX_DEPTH = 12

ACCOUNTS = ("from", "to", "retweets_of")
POSTS = (
    "conversation_id",
    "in_reply_to_tweet_id",
    "retweets_of_tweet_id",
    "quotes_of_tweet_id",
)
CHOICES = {
    "is": ("retweet", "reply", "quote", "verified"),
    "has": ("hashtags", "links", "mentions", "media", "images"),
}
#: Operators too general to search by alone.
NEEDS_COMPANY = frozenset({"is", "has", "lang"})

_GRAMMAR = r"""
start: either
either: both ("OR" both)*
both: term+
?term: atom | NOT atom -> negated
?atom: "(" either ")"
     | PHRASE   -> phrase
     | NEAR     -> near
     | OPERATOR -> operator
     | NAMED    -> named
     | WORD     -> word

NOT: /-(?=[^\s\-])/
PHRASE: /"[^"]*"/
NEAR.2: /"[^"]*"~\d*/
OPERATOR.2: /[A-Za-z_]+:("[^"]*"|[^\s()"]*)/
NAMED: /([#＃@]|\$(?=[A-Za-z]))[^\s()"]*/
WORD: /(?![#＃@\-])[^\s()":]+/
%ignore /\s+/
"""
_ACCOUNT = re.compile(r"@?([A-Za-z0-9_]{1,19})")
_POST_ID = re.compile(r"[0-9]{1,19}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_AMBIGUOUS = {
    "and": "Use a space to logically join two clauses",
    "or": "Use an uppercase OR to join two clauses",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A keyword, an emoji or a phrase: these words, one after the other."""

    words: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator and its value, both folded; ``#`` and ``@`` are operators too."""

    name: str
    value: str
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    """All that its term does not match."""

    term: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What every one of its terms matches."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What any one of its terms matches."""

    terms: tuple["Node", ...]


Node = Text | Operator | Not | And | Or


class _Mistake(Exception):
    """What is wrong, and where; :func:`parse` adds the query."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


def parse(query: str) -> Node:
    """The tree of a search query.

    Raises:
        QueryError: the query breaks a rule of the language; the message names the position.

    >>> parse("court OR from:Ada")
    Or(terms=(Text(words=('court',), position=1), Operator(name='from', value='ada', position=10)))
    """
    try:
        if len(query) > MAX_LENGTH:
            found = f"the query has {len(query)} characters"
            raise _Mistake(f"{found}, the longest allowed has {MAX_LENGTH}")
        if not query.strip():
            raise _Mistake("the query is empty: write at least one word to search for")
        try:
            tree: Node = _parser().parse(query)  # type: ignore[assignment]
        except UnexpectedInput as problem:
            raise _explained(query, problem) from None
        if _depth(tree) > MAX_DEPTH:
            raise _Mistake(f"groups can be nested {MAX_DEPTH} deep: write the query flatter")
        _check_company(tree)
    except _Mistake as mistake:
        where = f" (at position {mistake.position})" if mistake.position else ""
        raise QueryError(
            f"There were errors processing your request: {mistake.message}{where}",
            query=query,
            position=mistake.position,
        ) from None
    return tree


def leaves(node: Node) -> Iterator[Text | Operator]:
    """The words and operators of a tree, from left to right."""
    match node:
        case Not(term):
            yield from leaves(term)
        case And(terms) | Or(terms):
            for each in terms:
                yield from leaves(each)
        case _:
            yield node


def stands_alone(node: Node) -> bool:
    """Whether a node may be searched by: it asks for something specific, in every branch."""
    match node:
        case Text():
            return True
        case Operator(name):
            return name not in NEEDS_COMPANY
        case And(terms):
            return any(map(stands_alone, terms))
        case Or(terms):
            return all(map(stands_alone, terms))
        case Not():
            return False


@lru_cache
def _parser() -> Lark:
    # The transformer runs while parsing, so that deep nesting costs no Python recursion.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds the tree, one method for each rule of the grammar."""

    def start(self, node: Node) -> Node:
        return node

    def either(self, *terms: Node) -> Node:
        return _joined(Or, terms)

    def both(self, *terms: Node) -> Node:
        return _joined(And, terms)

    def negated(self, _sign: Token, term: Node) -> Node:
        return Not(term)

    def phrase(self, token: Token) -> Node:
        return _text(token)

    def word(self, token: Token) -> Node:
        if hint := _AMBIGUOUS.get(token.lower()):
            raise _Mistake(
                f'Ambiguous use of {token} as a keyword. {hint}, or "{token}" in quotes to find '
                f"occurrences of {token} in text",
                _position(token),
            )
        return _text(token)

    def near(self, token: Token) -> Node:
        raise _Mistake(
            f"no viable alternative at '~': {token} asks for words near each other, which only "
            "stream rules can; search for the phrase alone",
            _position(token),
        )

    def named(self, token: Token) -> Node:
        sign = fold(token[0])
        named = entities(token)
        found = named.hashtags if sign == "#" else named.mentions
        if sign == "$":
            raise _Mistake(f"cashtags such as {token} are not used here", _position(token))
        if not found or found[0].end != len(token):
            allowed = {
                "#": "a hashtag: after # come letters, digits and _, with a letter in it",
                "@": "a username: after @ come 1 to 15 letters a to z, digits and _",
            }
            raise _Mistake(f"'{token}' is not {allowed[sign]}", _position(token))
        return Operator(sign, fold(found[0].value), _position(token))

    def operator(self, token: Token) -> Node:
        name, _, value = token.partition(":")
        try:
            return Operator(name.lower(), _value(name.lower(), value.strip('"')), _position(token))
        except _Mistake as mistake:
            raise _Mistake(mistake.message, _position(token)) from None


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _text(token: Token) -> Text:
    found = words(token)
    if not found:
        raise _Mistake(f"{token} has no word or emoji in it to search for", _position(token))
    return Text(found, _position(token))


def _joined(join: type[And] | type[Or], terms: tuple[Node, ...]) -> Node:
    """One node for the terms; groups of the same kind melt into it."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, join) else (term,))
    return flat[0] if len(flat) == 1 else join(tuple(flat))


def _value(name: str, value: str) -> str:
    """An operator's value as it is compared, or what is wrong with it."""
    if name in ACCOUNTS:
        if found := _ACCOUNT.fullmatch(value):
            return found[1].lower()
        expected = "a username, such as ada_b"
    elif name in POSTS:
        if _POST_ID.fullmatch(value):
            return value
        expected = "the id of a post, 1 to 19 digits"
    elif name in CHOICES:
        if value.lower() in CHOICES[name]:
            return value.lower()
        expected = f"one of {', '.join(CHOICES[name])}"
    elif name == "lang":
        if _LANGUAGE.fullmatch(value):
            return value.lower()
        expected = "a language code, such as en or hi"
    elif name == "url":
        if found_words := url_words(value):
            return " ".join(found_words)
        expected = 'a word of an address or an address in quotes, such as url:"court.example"'
    else:
        known = ", ".join(f"{each}:" for each in (*ACCOUNTS, *POSTS, *CHOICES, "lang", "url"))
        raise _Mistake(
            f"Reference to invalid operator '{name}'. The operators here are {known}. "
            "Put other text with a colon in quotes"
        )
    raise _Mistake(f"invalid value '{value}' for operator '{name}': it takes {expected}")


def _depth(node: Node) -> int:
    match node:
        case Not(term):
            return 1 + _depth(term)
        case And(terms) | Or(terms):
            return 1 + max(map(_depth, terms))
        case _:
            return 0


def _check_company(tree: Node) -> None:
    """Every branch needs a term that is specific and not negated."""
    if stands_alone(tree):
        return
    if isinstance(tree, Or):
        for branch in tree.terms:
            _check_company(branch)
    terms = tree.terms if isinstance(tree, And) else (tree,)
    for term in terms:
        if isinstance(term, Operator):
            raise _Mistake("is/has/lang cannot be used as a standalone operator", term.position)
        if isinstance(term, Or):
            _check_company(term)
    raise _Mistake(
        "a negated term cannot stand alone: add a word, a #hashtag or an operator such as from: "
        "to what is searched",
        next(leaves(tree)).position,
    )


def _explained(query: str, problem: UnexpectedInput) -> _Mistake:
    """What a person can do about text that does not fit the grammar."""
    position = (problem.pos_in_stream or 0) + 1
    if isinstance(problem, UnexpectedCharacters):
        character = query[position - 1]
        hints = {
            '"': "missing closing quote: the one here has no partner",
            "-": "no viable alternative at character '-': write - directly before the one term "
            "or group to leave out",
            ":": "no viable alternative at character ':': put text with a colon in quotes",
        }
        unknown = f"no viable alternative at character '{character}'"
        return _Mistake(hints.get(character, unknown), position)
    opened = _open_group(query)
    token = str(getattr(problem, "token", ""))
    if not token and opened is not None:
        return _Mistake("missing closing parenthesis for the '(' here", opened + 1)
    if not token:
        return _Mistake("no viable alternative at input '<EOF>': a term is missing", len(query) + 1)
    if token == ")" and opened is None and query[:position].count("(") < query.count(")"):
        return _Mistake("missing EOF at ')': no '(' opens this group", position)
    return _Mistake(f"no viable alternative at input '{token}': a term is missing before", position)


def _open_group(query: str) -> int | None:
    """Where the first group begins that is never closed."""
    opened: list[int] = []
    quoted = False
    for place, character in enumerate(query):
        if character == '"':
            quoted = not quoted
        elif character == "(" and not quoted:
            opened.append(place)
        elif character == ")" and not quoted and opened:
            opened.pop()
    return opened[0] if opened else None
