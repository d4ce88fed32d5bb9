"""What each operator asks of a post, as SQL.

A post ``p`` lies in one of two files, and all rows about it (its words, marks, media, place)
lie in the same one; what is asked of other rows is asked of both. No condition is ever NULL,
so that NOT turns each of them round.
"""

import sqlite3
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from kit.square.ids import MAX_ID
from kit.square.search.tree import Box, Circle, Leaf, Operator, Range, kilometres
from kit.square.search.words import words
from kit.world.model import Kind

File = Literal["base", "main"]
FILES: tuple[File, ...] = ("base", "main")
TRUE, FALSE = "1", "0"
#: X's domain of brands: what the Square annotates a post with that names a verified account.
BRANDS = "47"

_ACCOUNT = "coalesce((SELECT id FROM people WHERE username = {0}), {1})"
_REFERENCE = "p.refers_to != 0 AND p.kind = {kind} AND p.refers_to = {{0}}"
_MARK = "EXISTS (SELECT 1 FROM {{file}}.marks WHERE kind = '{0}' AND value = {{0}} AND post = p.id)"
_HAS_MARK = "EXISTS (SELECT 1 FROM {{file}}.marks WHERE post = p.id AND kind = '{0}')"
_TAGGED = "EXISTS (SELECT 1 FROM {file}.tagged t WHERE t.post = p.id AND {tagged})"
# The verified accounts that an annotation stands for, by the name that a post names them with.
_BRANDS = "SELECT lower(username) FROM people WHERE verified AND {brand}"
_NAMES_BRAND = (
    "EXISTS (SELECT 1 FROM {file}.marks WHERE post = p.id AND +kind = '@' AND +value IN ({brands}))"
)
_VERIFIED = (
    "coalesce((SELECT verified FROM base.people WHERE id = p.author), "
    "(SELECT verified FROM main.people WHERE id = p.author), 0)"
)
_LISTED = (
    "p.author IN (SELECT person FROM list_members WHERE list = {0}) AND "
    "EXISTS (SELECT 1 FROM lists WHERE id = {0} AND NOT private AND at <= :now)"
)
_OPERATORS = {
    "#": _MARK.format("#"),
    "@": _MARK.format("@"),
    "$": _MARK.format("$"),
    "from": f"p.author = {_ACCOUNT}",
    "to": f"p.addressee != 0 AND p.addressee = {_ACCOUNT}",
    "retweets_of": f"p.refers_to != 0 AND p.kind = {Kind.REPOST:d} "
    f"AND p.refers_to IN (SELECT id FROM posts WHERE author = {_ACCOUNT})",
    "conversation_id": "p.conversation = {0}",
    "in_reply_to_tweet_id": _REFERENCE.format(kind=Kind.REPLY.value),
    "retweets_of_tweet_id": _REFERENCE.format(kind=Kind.REPOST.value),
    "quotes_of_tweet_id": _REFERENCE.format(kind=Kind.QUOTE.value),
    "list": _LISTED,
    "lang": "+p.language = {0}",  # the sign: not by its index, a language has too many posts
}
_CHOICES = {
    ("is", "retweet"): f"p.kind = {Kind.REPOST:d}",
    ("is", "reply"): f"p.kind = {Kind.REPLY:d}",
    ("is", "quote"): f"p.kind = {Kind.QUOTE:d}",
    ("is", "verified"): _VERIFIED,
    ("is", "nullcast"): FALSE,  # nothing on the Square is an advertisement
    ("has", "hashtags"): _HAS_MARK.format("#"),
    ("has", "cashtags"): _HAS_MARK.format("$"),
    ("has", "mentions"): _HAS_MARK.format("@"),
    ("has", "geo"): _TAGGED.format(file="{file}", tagged=TRUE),
}
_MEDIA = {
    "media": "",
    "images": " AND kind = 'photo'",
    "video_link": " AND kind = 'video'",
}
# A repost shows the media of the post it repeats, which can lie in the other file.
_SHOWS = (
    "EXISTS (SELECT 1 FROM {file}.media "
    f"WHERE post = CASE p.kind WHEN {Kind.REPOST:d} THEN p.refers_to ELSE p.id END{{which}})"
)
_CENTRE = "(west + east) / 2", "(south + north) / 2"
_ANSWERS = {"min_replies": Kind.REPLY, "min_reposts": Kind.REPOST}


@dataclass(slots=True)
class Parameters:
    """The values of a statement: nothing that a person wrote stands in its text."""

    values: dict[str, object] = field(default_factory=dict)
    _names: dict[object, str] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """The name under which a value is given; the same one for the same value."""
        key = (type(value), value)
        if key not in self._names:
            name = f"v{len(self.values)}"
            self.values[name] = value
            self._names[key] = f":{name}"
        return self._names[key]


def prepare(connection: sqlite3.Connection) -> None:
    """Teach a connection the functions that the conditions call."""
    connection.create_function("spoken", 1, _spoken, deterministic=True)
    connection.create_function("kilometres", 4, kilometres, deterministic=True)


def condition(leaf: Leaf, file: File, parameters: Parameters) -> str:
    """What an operator asks of a post ``p`` of a file."""
    match leaf:
        case Operator("has", "links"):
            # On X, media are links in the text of a post.
            mark = _HAS_MARK.format("url").format(file=file)
            return f"({mark} OR {_shows('media', file)})"
        case Operator("has", value) if value in _MEDIA:
            return _shows(value, file)
        case Operator(name, value) if choice := _CHOICES.get((name, value)):
            return choice.format(file=file)
        case Operator("context" | "entity"):
            brands = named_brands(leaf, parameters)
            return _NAMES_BRAND.format(file=file, brands=brands) if brands else FALSE
        case Operator("place" | "place_country") | Circle() | Box():
            return _TAGGED.format(file=file, tagged=in_places(leaf, parameters))
        case Operator(name, value):
            return _OPERATORS[name].format(*_values(name, value, parameters), file=file)
        case Range(name, low):
            return _at_least(name, file, parameters.add(low)) if low else TRUE
        case _:
            raise _not_searched(leaf)


def named_brands(leaf: Operator, parameters: Parameters) -> str:
    """The SELECT of the names of the accounts that an annotation stands for; or none."""
    if leaf.name == "entity":
        return _BRANDS.format(brand=f"spoken(name) = {parameters.add(f' {leaf.value} ')}")
    domain, _, entity = leaf.value.partition(".")
    if domain not in (BRANDS, "*"):
        return ""
    if entity == "*":
        return _BRANDS.format(brand=TRUE)
    return _BRANDS.format(brand=f"id = {parameters.add(_identifier(entity))}")


def in_places(leaf: Leaf, parameters: Parameters) -> str:
    """What is asked of a row ``t`` of tagged: that its place is one of those meant."""
    longitude, latitude = _CENTRE
    match leaf:
        case Operator("place", value):
            said = parameters.add(f" {value} ")
            which = f"spoken(id) = {said} OR instr(spoken(name), {said})"
            which = f"{which} OR instr(spoken(full_name), {said})"
        case Operator("place_country", value):
            which = f"lower(country_code) = {parameters.add(value)}"
        case Circle(centre_longitude, centre_latitude, radius):
            point = f"{parameters.add(centre_longitude)}, {parameters.add(centre_latitude)}"
            away = f"kilometres({point}, {longitude}, {latitude})"
            which = f"{away} <= {parameters.add(radius)}"
        case Box(west, south, east, north):
            which = (
                f"{longitude} BETWEEN {parameters.add(west)} AND {parameters.add(east)} AND "
                f"{latitude} BETWEEN {parameters.add(south)} AND {parameters.add(north)}"
            )
        case _:
            raise _not_searched(leaf)
    return f"t.place IN (SELECT id FROM places WHERE {which})"


def _values(name: str, value: str, parameters: Parameters) -> tuple[str, ...]:
    """What is compared: an account by name, or by id as X also allows; a post by its id."""
    if name in ("from", "to", "retweets_of"):
        identifier = _identifier(value) if value.isdecimal() else -1
        return parameters.add(value), parameters.add(identifier)
    if name == "list" or name.endswith("_id"):
        return (parameters.add(_identifier(value)),)
    return (parameters.add(value),)


def _identifier(value: str) -> int:
    return min(int(value), MAX_ID)


def _shows(media: str, file: File) -> str:
    shown = [_SHOWS.format(file=each, which=_MEDIA[media]) for each in ("base", file)]
    return f"({' OR '.join(dict.fromkeys(shown))})"


def _at_least(name: str, file: File, low: str) -> str:
    """Whether so many rows answer a post: no more of them are read than that."""
    rows = {"min_likes": _likes}.get(name, _answers)
    files: tuple[File, ...] = ("base", "main") if file == "base" else ("main",)
    found = " UNION ALL ".join(rows(name, each) for each in files)
    return f"(SELECT count(*) FROM (SELECT 1 FROM ({found}) LIMIT {low})) >= {low}"


def _likes(name: str, file: File) -> str:
    gone = (
        " AND NOT EXISTS (SELECT 1 FROM main.gone_likes g "
        "WHERE g.post = l.post AND g.person = l.person)"
    )
    kept = gone if file == "base" else ""
    return f"SELECT 1 FROM {file}.likes l WHERE l.post = p.id AND l.at <= :now{kept}"


def _answers(name: str, file: File) -> str:
    kept = " AND a.id NOT IN (SELECT id FROM main.gone_posts)" if file == "base" else ""
    return (
        f"SELECT 1 FROM {file}.posts a WHERE a.refers_to != 0 AND a.refers_to = p.id "
        f"AND a.kind = {_ANSWERS[name]:d} AND a.at <= :now{kept}"
    )


@lru_cache(maxsize=10_000)
def _spoken(text: str) -> str:
    """The words of a text between spaces: a search for a phrase is one for a part of it."""
    return f" {' '.join(words(text))} "


def _not_searched(leaf: Leaf) -> ValueError:
    return ValueError(f"{leaf} is for stream rules only: parse() refuses it in a search")
