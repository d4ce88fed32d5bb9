"""What a query means, spelt out with plain loops over posts whose every property is known.

Nothing here comes from the kit but the tree: it is the third opinion beside SQL and matcher.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kit.square.search.tree import And, Box, Circle, Near, Node, Not, Operator, Or, Range, Text
from kit.world.model import Kind
from tests.query_world import ENTRIES, FOLLOWS, GROUPS, PEOPLE, URLS, Piece, Someone, Spot
from tests.square_world import NOW

#: The words of names, profiles and pages, as a stream compares them.
_SPOKEN = {
    "Courts for all. Café!": "courts for all café",
    "I run a café": "i run a café",
    "News of the day": "news of the day",
    "A learner's café": "a learner s café",
    "How to book a court": "how to book a court",
    "The court's café": "the court s café",
    "Bob ⚖️": "bob ⚖",
    "Calderton, Calderland": "calderton calderland",
    "North Calder, Calderland": "north calder calderland",
    "Café Été, Elsewhere": "café été elsewhere",
}


def _spoken(text: str, stream: bool) -> str:
    said = _SPOKEN.get(text, text.lower())
    return said if stream else said.replace("é", "e")


@dataclass(frozen=True)
class Naive:
    """All posts, and whether a stream looks at them or a search."""

    made: Sequence[Piece]
    stream: bool

    def found(self, tree: Node) -> list[int]:
        """The numbers of the posts that match and that are there now."""
        return [n for n in range(len(self.made)) if self.there(n) and self.holds(tree, n)]

    def there(self, number: int) -> bool:
        piece = self.made[number]
        return piece.at <= NOW and not piece.gone

    def holds(self, tree: Node, n: int) -> bool:
        match tree:
            case Not(term):
                return not self.holds(term, n)
            case And(terms):
                return False not in [self.holds(term, n) for term in terms]
            case Or(terms):
                return True in [self.holds(term, n) for term in terms]
            case Text(words):
                return any(f" {' '.join(words)} " in f" {' '.join(s)} " for s in self.texts(n))
            case Near(words, distance):
                return any(_near(list(words), distance, text) for text in self.texts(n))
            case Range(name, low, high):
                count = self.count(name, n)
                return low <= count <= (math.inf if high is None else high)
            case Circle(x, y, kilometres):
                spot = self.made[n].spot
                return spot is not None and _away(x, y, *_middle(spot)) <= kilometres
            case Box(west, south, east, north):
                if not (spot := self.made[n].spot):
                    return False
                x, y = _middle(spot)
                return west <= x <= east and south <= y <= north
            case Operator(name, value):
                return self.operator(name, value, n)

    def own(self, n: int) -> Piece:
        """Whose words and pictures a post shows: a repost those of its original."""
        piece = self.made[n]
        return self.made[piece.to] if piece.kind == Kind.REPOST else piece

    def shown(self, n: int) -> list[Piece]:
        """That, and in a stream what it quotes; the quoted post can be a repost itself."""
        piece = self.made[n]
        pieces = [self.own(n)]
        if self.stream and piece.kind == Kind.QUOTE and self.there(piece.to):
            pieces.append(self.own(piece.to))
        return pieces

    def opening(self, n: int) -> list[str]:
        piece = self.made[n]
        if piece.kind != Kind.REPOST:
            return []
        return ["rt", *PEOPLE[self.made[piece.to].author].username.lower().split("_")]

    def texts(self, n: int) -> list[list[str]]:
        piece = self.made[n]
        numbers = [n]
        if self.stream and piece.kind == Kind.QUOTE and self.there(piece.to):
            numbers.append(piece.to)
        texts = []
        for each in numbers:
            said = self.own(each).exact if self.stream else self.own(each).folded
            texts.append([*self.opening(each), *said])
        return texts

    def named(self, n: int) -> set[str]:
        piece = self.made[n]
        names = {name for each in self.shown(n) for name in each.names}
        numbers = [n]
        if self.stream and piece.kind == Kind.QUOTE and self.there(piece.to):
            numbers.append(piece.to)
        for each in numbers:
            if self.made[each].kind == Kind.REPOST:
                names.add(PEOPLE[self.made[self.made[each].to].author].username.lower())
        return names

    def brands(self, n: int) -> list[Someone]:
        names = self.named(n)
        return [who for who in PEOPLE.values() if who.verified and who.username.lower() in names]

    def count(self, name: str, n: int) -> int:
        piece = self.made[n]
        answers = [m for m in range(len(self.made)) if self.made[m].to == n and self.there(m)]
        kinds = [self.made[m].kind for m in answers]
        author = PEOPLE[piece.author]
        match name:
            case "min_likes":
                return len([at for _, at in piece.likes if at <= NOW])
            case "min_replies":
                return kinds.count(Kind.REPLY)
            case "min_reposts":
                return kinds.count(Kind.REPOST)
            case "followers_count":
                return len([b for _, b in FOLLOWS if b == author])
            case "following_count":
                return len([a for a, _ in FOLLOWS if a == author])
            case "tweets_count":
                every = range(len(self.made))
                return len([m for m in every if self.there(m) and self.made[m].author == author.id])
            case _:
                assert name == "listed_count"
                return len(self.groups(author))

    def groups(self, author: Someone) -> list[int]:
        return [g.id for g in GROUPS if author in g.members and not g.private and g.at <= NOW]

    def operator(self, name: str, value: str, n: int) -> bool:
        piece = self.made[n]
        shown = self.shown(n)
        to = self.made[piece.to] if piece.to >= 0 else None
        author = PEOPLE[piece.author]
        match name:
            case "#":
                return any(value in (p.exact_tags if self.stream else p.tags) for p in shown)
            case "$":
                return any(value in p.cashtags for p in shown)
            case "@":
                return value in self.named(n)
            case "from":
                return _is(author, value)
            case "to":
                return bool(to) and piece.kind == Kind.REPLY and _is(PEOPLE[to.author], value)
            case "retweets_of":
                return bool(to) and piece.kind == Kind.REPOST and _is(PEOPLE[to.author], value)
            case "in_reply_to_tweet_id":
                return bool(to) and piece.kind == Kind.REPLY and str(to.id) == value
            case "retweets_of_tweet_id":
                return bool(to) and piece.kind == Kind.REPOST and str(to.id) == value
            case "quotes_of_tweet_id":
                return bool(to) and piece.kind == Kind.QUOTE and str(to.id) == value
            case "conversation_id":
                return str(self.made[piece.root].id) == value
            case "url":
                return any(f" {value} " in f" {URLS[url]} " for p in shown for url in p.urls)
            case "url_contains":
                return any(value in url for p in shown for url in p.urls)
            case "url_title" | "url_description":
                part = 0 if name == "url_title" else 1
                links = [url for p in shown for url in p.urls if url in ENTRIES]
                pages = [ENTRIES[url][part] for url in links if ENTRIES[url][2] <= NOW]
                return any(f" {value} " in f" {_spoken(page, True)} " for page in pages)
            case "context":
                ids = [str(who.id) for who in self.brands(n)]
                domain, _, entity = value.partition(".")
                return domain in ("47", "*") and (entity in ids or (entity == "*" and bool(ids)))
            case "entity":
                return value in [_spoken(who.name, self.stream) for who in self.brands(n)]
            case "list":
                return int(value) in self.groups(author)
            case "place":
                return piece.spot is not None and (
                    piece.spot.id == value
                    or f" {value} " in f" {_spoken(piece.spot.name, False)} "
                    or f" {value} " in f" {_spoken(piece.spot.full_name, False)} "
                )
            case "place_country":
                return piece.spot is not None and piece.spot.country_code.lower() == value
            case "lang":
                return piece.language == value
            case "bio":
                return f" {value} " in f" {_spoken(author.bio, True)} "
            case "bio_name":
                return f" {value} " in f" {_spoken(author.name, True)} "
            case "bio_location":
                return f" {value} " in f" {_spoken(author.place, True)} "
            case "source":
                return author.client.lower() == value
            case "is":
                return self.kind(value, n)
            case _:
                assert name == "has"
                return self.has(value, n)

    def kind(self, value: str, n: int) -> bool:
        piece = self.made[n]
        match value:
            case "retweet":
                return piece.kind == Kind.REPOST
            case "quote":
                return piece.kind == Kind.QUOTE
            case "verified":
                return PEOPLE[piece.author].verified
            case "nullcast":
                return False
        if piece.kind == Kind.REPLY:
            return True
        passed_on = piece.kind in (Kind.REPOST, Kind.QUOTE) and self.there(piece.to)
        return self.stream and passed_on and self.made[piece.to].kind == Kind.REPLY

    def has(self, value: str, n: int) -> bool:
        shown = self.shown(n)
        media = [kind for p in shown for kind in p.media]
        match value:
            case "hashtags":
                return any(p.tags for p in shown)
            case "cashtags":
                return any(p.cashtags for p in shown)
            case "mentions":
                return bool(self.named(n))
            case "links":
                return bool(media) or any(p.urls for p in shown)
            case "media":
                return bool(media)
            case "images":
                return "photo" in media
            case "video_link":
                return "video" in media
            case _:
                assert value == "geo"
                return self.made[n].spot is not None


def _is(who: Someone, value: str) -> bool:
    if who.username.lower() == value:
        return True
    taken = value in [each.username.lower() for each in PEOPLE.values()]
    return not taken and str(who.id) == value


def _near(wanted: list[str], distance: int, text: list[str], before: tuple[int, ...] = ()) -> bool:
    """Every way to give each word a place of its own: is there one within the distance?"""
    if len(before) == len(wanted):
        moved = [place - index for index, place in enumerate(before)]
        return max(moved) - min(moved) <= distance
    word = wanted[len(before)]
    places = [at for at, each in enumerate(text) if each == word and at not in before]
    return any(_near(wanted, distance, text, (*before, place)) for place in places)


def _middle(spot: Spot) -> tuple[float, float]:
    west, south, east, north = spot.box
    return (west + east) / 2, (south + north) / 2


def _away(x: float, y: float, to_x: float, to_y: float) -> float:
    """Kilometres, by the law of cosines."""
    x, y, to_x, to_y = map(math.radians, (x, y, to_x, to_y))
    cosine = math.sin(y) * math.sin(to_y) + math.cos(y) * math.cos(to_y) * math.cos(to_x - x)
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))
