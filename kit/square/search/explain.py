"""A query in plain English: what each part of it asks for.

For the page that shows a query as a tree of sentences, each with the part of the query that
it explains.
"""

from dataclasses import dataclass

from kit.square.search.tree import (
    And,
    Box,
    Circle,
    Leaf,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Range,
    Span,
    Text,
)


@dataclass(frozen=True, slots=True)
class Explained:
    """One part of a query in words.

    Attributes:
        says: what it asks of a post; of a group, how its parts are joined.
        span: where it stands: ``query[start:end]``.
        parts: the parts of a group, or the one that is negated.
    """

    says: str
    span: Span
    parts: tuple["Explained", ...] = ()


def explain(tree: Node) -> Explained:
    """A tree in words.

    >>> from kit.square.search.query import parse
    >>> found = explain(parse('court -is:retweet'))
    >>> found.says, [part.says for part in found.parts]
    ('all of', ['says “court”', 'but not'])
    >>> found.parts[1].parts[0].says
    'is a repost'
    """
    match tree:
        case Not(term):
            return Explained("but not", tree.span, (explain(term),))
        case And(terms):
            return Explained("all of", tree.span, tuple(map(explain, terms)))
        case Or(terms):
            return Explained("any of", tree.span, tuple(map(explain, terms)))
        case _:
            return Explained(_leaf(tree), tree.span)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Text(words):
            return f"says “{' '.join(words)}”"
        case Near(words, distance):
            return f"says {_listed(words)} near each other, at most {distance} places off"
        case Range(name, low, high):
            some = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
            return _COUNTS[name].format(some)
        case Circle(longitude, latitude, kilometres):
            return (
                f"is tagged with a place within {kilometres:g} km of {_point(longitude, latitude)}"
            )
        case Box(west, south, east, north):
            corners = f"{_point(west, south)} and {_point(east, north)}"
            return f"is tagged with a place between {corners}"
        case Operator("is" | "has", value):
            return _CHOICES[value]
        case Operator("context", value):
            return _context(value)
        case Operator("from" | "to" | "retweets_of", value) if value.isdecimal():
            return _OPERATORS[leaf.name].format(f"the account {value}")
        case Operator("from" | "to" | "retweets_of", value):
            return _OPERATORS[leaf.name].format(f"@{value}")
        case Operator("place_country", value):
            return _OPERATORS[leaf.name].format(value.upper())
        case Operator(name, value):
            return _OPERATORS[name].format(value)


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _point(longitude: float, latitude: float) -> str:
    """A point as maps write it.

    >>> _point(-1.55, 53.8)
    '53.8° N 1.55° W'
    """
    north = "N" if latitude >= 0 else "S"
    east = "E" if longitude >= 0 else "W"
    return f"{abs(latitude):g}° {north} {abs(longitude):g}° {east}"


def _context(value: str) -> str:
    domain, _, entity = value.partition(".")
    if entity == "*":
        return f"names something of domain {domain} (47 is brands: verified accounts)"
    if domain == "*":
        return f"names the entity {entity}"
    return f"names the entity {entity} of domain {domain} (47 is brands: verified accounts)"


_CHOICES = {
    "retweet": "is a repost",
    "reply": "is a reply",
    "quote": "is a quote",
    "verified": "is written by a verified account",
    "nullcast": "is an advertisement",
    "hashtags": "has a hashtag",
    "cashtags": "has a cashtag",
    "links": "has a link, a picture or a video",
    "mentions": "names an account",
    "media": "has a picture or a video",
    "images": "has a picture",
    "video_link": "has a video",
    "geo": "is tagged with a place",
}
_COUNTS = {
    "min_likes": "has {} likes",
    "min_replies": "has {} replies",
    "min_reposts": "has {} reposts",
    "followers_count": "is written by an account with {} followers",
    "following_count": "is written by an account that follows {} others",
    "tweets_count": "is written by an account with {} posts",
    "listed_count": "is written by an account on {} Lists",
}
_OPERATORS = {
    "#": "has the hashtag #{}",
    "@": "names @{}",
    "$": "has the cashtag ${}",
    "from": "is written by {}",
    "to": "is a reply to {}",
    "retweets_of": "is a repost of a post by {}",
    "url": "has a link with “{}” in its address",
    "entity": "names the verified account “{}”",
    "conversation_id": "is in the conversation of post {}",
    "list": "is written by a member of List {}",
    "in_reply_to_tweet_id": "is a reply to post {}",
    "retweets_of_tweet_id": "is a repost of post {}",
    "quotes_of_tweet_id": "is a quote of post {}",
    "place": "is tagged with the place “{}”",
    "place_country": "is tagged with a place in the country {}",
    "lang": "is in the language {}",
    "url_title": "has a link to a page with “{}” in its title",
    "url_description": "has a link to a page with “{}” in its description",
    "url_contains": "has a link with the letters “{}” in its address",
    "bio": "is written by an account with “{}” in its profile",
    "bio_name": "is written by an account with “{}” in its name",
    "bio_location": "is written by an account with “{}” in its place",
    "sample": "is one of {}% of all posts, drawn by chance",
    "source": "was written with {}",
}
