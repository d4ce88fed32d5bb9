"""What is written about more than usual: hashtags and words of a day against the week before.

Growth is (posts of the last 24 hours + 5) / (posts of a usual day + 5). The five keep what is
rare from winning: a word that was never written and now is, once, has grown by 1.2, not without
end. What fewer than three people write is left out, however often they write it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kit.square.search.words import entities, fold, words
from kit.square.store import Store
from kit.square.store.trends import Sample
from kit.world.model import DAY

#: How many days a usual one is the mean of.
USUAL_DAYS = 7
#: What is added to both sides of the growth.
STEADY = 5
#: How many people have to write something.
PEOPLE = 3
#: So many posts of the day, and of the week before, are read at most.
_MOST = 2000
_SHORTEST = 3
_SHOWN = 20
_REMEMBERED = 64
#: The things that a text names, each with how it is written there.
_Named = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Trend:
    """Something that is written about: in how many posts today, and on a usual day."""

    text: str
    today: int
    usual: float

    @property
    def growth(self) -> float:
        """How many times as often as usual, steadied."""
        return (self.today + STEADY) / (self.usual + STEADY)


@dataclass(frozen=True, slots=True)
class Trending:
    """What has grown most, the most grown first; ``step`` is as in :class:`Sample`."""

    trends: list[Trend]
    step: int


@dataclass(slots=True)
class _Tally:
    """In how many posts each thing is, who wrote it, and how they wrote it."""

    posts: Counter[str] = field(default_factory=Counter)
    people: dict[str, set[int]] = field(default_factory=dict)
    forms: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, author: int, things: Mapping[str, str]) -> None:
        """Count what one post names: what is compared, and as it is written."""
        for thing, written in things.items():
            self.posts[thing] += 1
            self.people.setdefault(thing, set()).add(author)
            self.forms.setdefault(thing, Counter())[written] += 1

    def written(self, thing: str) -> str:
        """How most wrote it."""
        return min(self.forms[thing], key=lambda form: (-self.forms[thing][form], form))


class Trender:
    """Finds what is trending, and remembers it for a while of the Square's clock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._find = lru_cache(_REMEMBERED)(self._found)

    def hashtags(self, language: str, now: int, every: int = 60) -> Trending:
        """The hashtags that are trending.

        Args:
            language: of posts in which language; of all if it is empty.
            now: the time on the Square.
            every: for how many seconds it is remembered.
        """
        return self._find(_hashtags, language, now - now % every)

    def words(self, language: str, now: int, every: int = 60) -> Trending:
        """The words that are trending: no names, hashtags, links or numbers."""
        return self._find(_plain_words, language, now - now % every)

    def _found(self, named: _Named, language: str, now: int) -> Trending:
        sample = self._store.trends.sample
        today = sample(language, now - DAY, now, _MOST)
        usual = sample(language, now - (1 + USUAL_DAYS) * DAY, now - DAY, _MOST)
        grown = _grown(
            _tallied(today, named), _tallied(usual, named), today.step, usual.step / USUAL_DAYS
        )
        return Trending(grown, today.step)


def _grown(today: _Tally, usual: _Tally, share: int, usual_share: float) -> list[Trend]:
    trends = (
        Trend(today.written(thing), count * share, usual.posts[thing] * usual_share)
        for thing, count in today.posts.items()
        if len(today.people[thing]) >= PEOPLE
    )
    grown = [trend for trend in trends if trend.growth > 1]
    return sorted(grown, key=lambda trend: (-trend.growth, trend.text))[:_SHOWN]


def _tallied(sample: Sample, named: _Named) -> _Tally:
    tally = _Tally()
    for author, text in sample.texts:
        tally.add(author, named(text))
    return tally


def _hashtags(text: str) -> Mapping[str, str]:
    """The hashtags of a text, each as it is written first."""
    return {fold(each.value): each.value for each in reversed(entities(text).hashtags)}


def _plain_words(text: str) -> Mapping[str, str]:
    named = entities(text)
    for each in sorted((*named.hashtags, *named.mentions), key=lambda each: -each.start):
        text = f"{text[: each.start]} {text[each.end :]}"
    return {word: word for word in words(text) if _is_plain(word)}


def _is_plain(word: str) -> bool:
    return len(word) >= _SHORTEST and any(map(str.isalpha, word))
