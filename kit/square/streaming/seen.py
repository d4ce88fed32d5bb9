"""One post with all that a rule can ask of it.

Rules are many and posts come quickly, so a post is seen once for all rules, and what is
costly is found when the first rule asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from kit.square.rows import Entry, Person, PersonCounts, Place, Post, PostCounts
from kit.square.search.words import Entities, Entity, entities, fold, url_words, words
from kit.world.model import Kind


class Facts(Protocol):
    """What a Square knows at a moment, as far as rules ask for it."""

    def post(self, identifier: int) -> Post | None:
        """A post."""

    def person(self, identifier: int) -> Person | None:
        """An account."""

    def named(self, username: str) -> Person | None:
        """The account with a name, in upper or lower case."""

    def media(self, post: int) -> Sequence[str]:
        """The kinds of the media on a post: photo, animated_gif, video."""

    def place(self, post: int) -> Place | None:
        """The place that a post is tagged with."""

    def lists(self, person: int) -> frozenset[int]:
        """The public Lists that an account is a member of."""

    def post_counts(self, post: int) -> PostCounts:
        """How often a post was liked, answered, reposted and quoted."""

    def person_counts(self, person: int) -> PersonCounts:
        """An account's followers, followed accounts and posts."""

    def entry(self, link: str) -> Entry | None:
        """The feed entry that an address leads to."""


@dataclass(frozen=True)
class Said:
    """What a post says and shows; ``accents`` is whether they count."""

    text: str
    media: tuple[str, ...]
    accents: bool

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text."""
        return words(self.text, accents=self.accents)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Each word of the text once."""
        return frozenset(self.words)

    @cached_property
    def hashtags(self) -> frozenset[str]:
        """The hashtags, folded."""
        return self._folded(self._entities.hashtags)

    @cached_property
    def cashtags(self) -> frozenset[str]:
        """The cashtags, folded."""
        return self._folded(self._entities.cashtags)

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The usernames, folded."""
        return self._folded(self._entities.mentions)

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The links."""
        return tuple(url.value for url in self._entities.urls)

    @cached_property
    def url_words(self) -> tuple[tuple[str, ...], ...]:
        """The words of each link."""
        return tuple(map(url_words, self.urls))

    @cached_property
    def _entities(self) -> Entities:
        return entities(self.text)

    def _folded(self, found: Sequence[Entity]) -> frozenset[str]:
        return frozenset(fold(each.value, accents=self.accents) for each in found)


@dataclass(frozen=True)
class Seen:
    """A post as a query sees it.

    A stream sees more than a search, as on X: accents count, a quote says also what the quoted
    post says and shows, and a repost or a quote of a reply counts as a reply.

    Args:
        post: the post.
        facts: where the rest is found.
        stream: whether it is a stream that sees it.
    """

    post: Post
    facts: Facts
    stream: bool = True

    @cached_property
    def author(self) -> Person:
        """Who wrote it."""
        author = self.facts.person(self.post.author)
        if author is None:
            raise LookupError(f"post {self.post.id} has no author")
        return author

    @cached_property
    def original(self) -> Post | None:
        """The post that this one reposts, quotes or answers, if it is still there."""
        return self.facts.post(self.post.refers_to) if self.post.refers_to else None

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What it says: of a repost the whole of the original; in streams also what it quotes."""
        own = self._says(self.post)
        if self.stream and self.post.kind == Kind.QUOTE and self.original is not None:
            return own, self._says(self.original)
        return (own,)

    @cached_property
    def replies(self) -> bool:
        """Whether it is a reply; in streams also whether it repeats or quotes one."""
        passed_on = self.stream and self.post.kind in (Kind.REPOST, Kind.QUOTE)
        kinds = {self.post.kind}
        if passed_on and self.original is not None:
            kinds.add(self.original.kind)
        return Kind.REPLY in kinds

    @cached_property
    def addressee(self) -> Person | None:
        """Whom it answers."""
        return self.facts.person(self.post.addressee) if self.post.addressee else None

    @cached_property
    def reposted(self) -> Person | None:
        """Whose post it repeats."""
        if self.post.kind != Kind.REPOST or self.original is None:
            return None
        return self.facts.person(self.original.author)

    @cached_property
    def brands(self) -> tuple[Person, ...]:
        """The verified accounts that it names: what the Square annotates it with."""
        names = sorted({name for said in self.said for name in said.mentions})
        people = (self.facts.named(name) for name in names)
        return tuple(person for person in people if person is not None and person.verified)

    @cached_property
    def pages(self) -> tuple[Entry, ...]:
        """The feed entries that it links to."""
        entries = (self.facts.entry(url) for said in self.said for url in said.urls)
        return tuple(entry for entry in entries if entry is not None)

    @cached_property
    def place(self) -> Place | None:
        """Where it was written from, if it says so."""
        return self.facts.place(self.post.id)

    @cached_property
    def lists(self) -> frozenset[int]:
        """The public Lists that its author is a member of."""
        return self.facts.lists(self.post.author)

    @cached_property
    def counts(self) -> PostCounts:
        """How often it was liked, answered, reposted and quoted."""
        return self.facts.post_counts(self.post.id)

    @cached_property
    def author_counts(self) -> PersonCounts:
        """Its author's followers, followed accounts and posts."""
        return self.facts.person_counts(self.post.author)

    def _says(self, post: Post) -> Said:
        """A post's text and media; a repost has those of its original, after ``RT @name:``."""
        text, shown = post.text, post.id
        if post.kind == Kind.REPOST:
            shown = post.refers_to
            original = self.facts.post(post.refers_to)
            author = self.facts.person(original.author) if original is not None else None
            if original is not None and author is not None:
                text = f"RT @{author.username}: {original.text}"
        return Said(text, tuple(self.facts.media(shown)), self.stream)
