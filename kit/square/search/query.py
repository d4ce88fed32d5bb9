"""X's query language: a text becomes a tree, or a :class:`~kit.errors.QueryError`.

A space is AND and binds before ``OR``; parentheses group; ``-`` negates a term or a group.
Operators ignore case. :mod:`kit.square.search.plan` makes SQL of the tree for search, and
:mod:`kit.square.streaming.match` compares it with one post for streams.
"""

from dataclasses import replace
from functools import lru_cache

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from kit.errors import QueryError
from kit.square.search.company import check_company
from kit.square.search.operators import MAX_DISTANCE, Mistake, Use, operator
from kit.square.search.tree import And, Near, Node, Not, Operator, Or, Span, Text
from kit.square.search.words import entities, fold, words

#: Groups within groups: SQLite's own parser gives up not far beyond.
MAX_DEPTH = 12

_GRAMMAR = r"""
start: either
either: both ("OR" both)*
both: term+
?term: atom | NOT atom -> negated
?atom: OPENING either CLOSING -> group
     | PHRASE   -> phrase
     | NEAR     -> near
     | OPERATOR -> operator
     | NAMED    -> named
     | WORD     -> word

OPENING: "("
CLOSING: ")"
NOT: /-(?=[^\s\-])/
PHRASE: /"[^"]*"/
NEAR.2: /"[^"]*"~[0-9]*/
OPERATOR.2: /[A-Za-z_]+:("[^"]*"|\[[^\]"]*\]|[^\s()"]*)/
NAMED: /([#＃@]|\$(?=[A-Za-z]))[^\s()"]*/
WORD: /(?![#＃@\-'‘’\[])[^\s()":]+/
%ignore /\s+/
"""
_AMBIGUOUS = {
    "and": "Use a space to logically join two clauses",
    "or": "Use an uppercase OR to join two clauses",
}
_ALLOWED = {
    "#": "a hashtag: after # come letters, digits and _, with a letter in it",
    "@": "a username: after @ come 1 to 15 letters a to z, digits and _",
    "$": "a cashtag: after $ come 1 to 6 letters a to z",
}


@lru_cache(maxsize=1000)
def parse(query: str, use: Use = Use.RECENT) -> Node:
    """The tree of a query.

    Args:
        query: what was written.
        use: where it is used.

    Raises:
        QueryError: the query breaks a rule of the language; the message names the position.

    >>> parse("from:Ada")
    Operator(name='from', value='ada', span=(0, 8))
    """
    try:
        return _tree(query, use)
    except Mistake as mistake:
        position = mistake.index + 1 if query.strip() else None
        where = f" (at position {position})" if position else ""
        # A rule's mistakes are listed one by one: without the sentence that opens a search's.
        opening = "" if use is Use.STREAM else "There were errors processing your request: "
        raise QueryError(
            f"{opening}{mistake.message}{where}", query=query, position=position
        ) from None


def _tree(query: str, use: Use) -> Node:
    if len(query) > use.longest:
        raise Mistake(
            f"the query has {len(query)} characters, the longest allowed in {use.value} has "
            f"{use.longest}",
            use.longest,
        )
    if not query.strip():
        raise Mistake("the query is empty: write at least one word to search for", 0)
    try:
        tree: Node = _parser(use).parse(query)  # type: ignore[assignment]
    except UnexpectedInput as problem:
        raise _explained(query, problem) from None
    _check_depth(tree)
    check_company(tree)
    return tree


@lru_cache
def _parser(use: Use) -> Lark:
    # The transformer runs while parsing, so that deep nesting costs no Python recursion.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder(use))


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds the tree, one method for each rule of the grammar."""

    def __init__(self, use: Use) -> None:
        super().__init__()
        self._use = use

    def start(self, node: Node) -> Node:
        return node

    def either(self, *terms: Node) -> Node:
        return _joined(Or, terms)

    def both(self, *terms: Node) -> Node:
        return _joined(And, terms)

    def negated(self, sign: Token, term: Node) -> Node:
        return Not(term, (_span(sign)[0], term.span[1]))

    def group(self, opening: Token, node: Node, closing: Token) -> Node:
        return replace(node, span=(_span(opening)[0], _span(closing)[1]))

    def phrase(self, token: Token) -> Node:
        return Text(self._words(token, token), _span(token))

    def word(self, token: Token) -> Node:
        if hint := _AMBIGUOUS.get(token.lower()):
            raise Mistake(
                f'Ambiguous use of {token} as a keyword. {hint}, or "{token}" in quotes to find '
                f"occurrences of {token} in text",
                _span(token)[0],
            )
        return Text(self._words(token, token), _span(token))

    def near(self, token: Token) -> Node:
        phrase, _, distance = token.rpartition("~")
        index = _span(token)[0]
        if self._use is not Use.STREAM:
            raise Mistake(
                f"no viable alternative at '~': {token} asks for words near each other, which "
                f"only {Use.STREAM.value} can; search for the phrase alone",
                index,
            )
        found = self._words(phrase, token)
        if not distance or len(distance) > 1 or not 1 <= int(distance) <= MAX_DISTANCE:
            raise Mistake(
                f"invalid distance '{distance}' after '~': it takes a number from 1 to "
                f"{MAX_DISTANCE}",
                index,
            )
        return Near(found, int(distance), _span(token))

    def named(self, token: Token) -> Node:
        sign = fold(token[0])
        named = entities(token)
        found = {"#": named.hashtags, "@": named.mentions, "$": named.cashtags}[sign]
        if not found or found[0].end != len(token):
            raise Mistake(f"'{token}' is not {_ALLOWED[sign]}", _span(token)[0])
        return Operator(sign, fold(found[0].value, accents=self._use.accents), _span(token))

    def operator(self, token: Token) -> Node:
        name, _, value = token.partition(":")
        return operator(name, value.strip('"'), self._use, _span(token))

    def _words(self, text: str, token: Token) -> tuple[str, ...]:
        found = words(text, accents=self._use.accents)
        if not found:
            raise Mistake(f"{token} has no word or emoji in it to search for", _span(token)[0])
        return found


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return start, start + len(token)


def _joined(join: type[And] | type[Or], terms: tuple[Node, ...]) -> Node:
    """One node for the terms; groups of the same kind melt into it."""
    flat: list[Node] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, join) else (term,))
    return flat[0] if len(flat) == 1 else join(tuple(flat), (terms[0].span[0], terms[-1].span[1]))


def _check_depth(node: Node, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise Mistake(
            f"groups can be nested {MAX_DEPTH} deep: write the query flatter", node.span[0]
        )
    match node:
        case Not(term):
            _check_depth(term, depth + 1)
        case And(terms) | Or(terms):
            for each in terms:
                _check_depth(each, depth + 1)


def _explained(query: str, problem: UnexpectedInput) -> Mistake:
    """What a person can do about text that does not fit the grammar."""
    index = problem.pos_in_stream or 0
    if isinstance(problem, UnexpectedCharacters):
        return Mistake(_unexpected(query[index]), index)
    opened = _open_group(query)
    token = str(getattr(problem, "token", ""))
    if not token and opened is not None:
        return Mistake("missing closing parenthesis for the '(' here", opened)
    if not token:
        return Mistake("no viable alternative at input '<EOF>': a term is missing", len(query))
    if token == ")" and opened is None and query[: index + 1].count("(") < query.count(")"):
        return Mistake("missing EOF at ')': no '(' opens this group", index)
    return Mistake(f"no viable alternative at input '{token}': a term is missing before", index)


def _unexpected(character: str) -> str:
    at = f"no viable alternative at character '{character}'"
    return {
        '"': "missing closing quote: the one here has no partner",
        "-": f"{at}: write - directly before the one term or group to leave out",
        ":": f"{at}: put text with a colon in quotes",
        "'": f'{at}: a phrase stands in double quotes, "like this"',
        "[": "no viable alternative at input '[': groups stand in parentheses",
    }.get(character, at)


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
