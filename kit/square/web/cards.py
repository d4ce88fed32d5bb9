"""Posts as a page shows them: with their author, counts, pictures, and what they repeat."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kit.square.answers import attachments
from kit.square.answers.attachments import DRAWN, SUFFIXES
from kit.square.language import UNDETERMINED
from kit.square.rows import Medium, Person, Poll, Post, PostCounts
from kit.square.store import Store
from kit.square.web.markup import marked_up
from kit.world.model import Kind


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or film to show; ``suffix`` is the end of its file's name."""

    medium: Medium
    suffix: str

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/media/{self.medium.key}.{self.suffix}"

    @property
    def is_told(self) -> bool:
        """Whether it has no file: then what it would show is told in words."""
        return self.suffix == DRAWN

    @property
    def is_film(self) -> bool:
        """Whether it is a file that plays."""
        return self.suffix == SUFFIXES["video/mp4"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A poll to show: each choice with its votes so far, and when it ends."""

    choices: Sequence[tuple[str, int]]
    ends: int

    @property
    def votes(self) -> int:
        """All votes so far."""
        return sum(votes for _, votes in self.choices)


@dataclass(frozen=True, slots=True)
class Card:
    """A post to show.

    Attributes:
        post: the post; of a repost, what is reposted.
        author: who wrote it.
        listed: the id that it has in its list: of a repost, the repost's.
        text: what it says, its hashtags, names and links as links.
        counts: its likes, replies, reposts and quotes.
        pictures: its pictures and films.
        ballot: its poll.
        place: the name of the place that it is tagged with.
        answers: whom it answers, where that is known.
        quoted: what it quotes, where that is still there.
        liked: whether the reader likes it.
        reposted: whether the reader has reposted it.
        hidden: whether whoever began the conversation has hidden it.
        reposter: who reposted it, where it is shown because of that.
    """

    post: Post
    author: Person
    listed: int
    text: Markup
    counts: PostCounts
    pictures: Sequence[Picture] = ()
    ballot: Ballot | None = None
    place: str = ""
    answers: Person | None = None
    quoted: "Card | None" = None
    liked: bool = False
    reposted: bool = False
    hidden: bool = False
    reposter: Person | None = None

    @property
    def language(self) -> str:
        """The language of the text, empty where it is not known: it has not that of the page."""
        return "" if self.post.language == UNDETERMINED else self.post.language

    @property
    def is_reply(self) -> bool:
        """Whether it answers another post."""
        return self.post.kind == Kind.REPLY

    @property
    def is_quote(self) -> bool:
        """Whether it quotes another post."""
        return self.post.kind == Kind.QUOTE


@dataclass(frozen=True, slots=True)
class Dealer:
    """Makes cards of posts, for a reader, as of a moment.

    Args:
        store: the world, and what was done in it.
        now: the moment.
        reader: the account that reads, 0 where nobody is signed in.
    """

    store: Store
    now: int
    reader: int = 0

    def cards(self, posts: Sequence[Post]) -> list[Card]:
        """The posts in their order; a repost of what is gone is left out."""
        originals = self._posts(_referred(posts, Kind.REPOST))
        shown = {post.id: post for post in posts if post.kind != Kind.REPOST} | originals
        quoted = self._posts(_referred(shown.values(), Kind.QUOTE))
        everything = {**quoted, **shown}
        people = self._people(everything.values(), posts)
        plain = self._plain(everything, people)
        made = {
            post.id: replace(plain[post.id], quoted=plain.get(post.refers_to))
            if post.kind == Kind.QUOTE
            else plain[post.id]
            for post in shown.values()
        }
        return [
            replace(made[post.refers_to], reposter=people[post.author], listed=post.id)
            if post.kind == Kind.REPOST
            else made[post.id]
            for post in posts
            if post.kind != Kind.REPOST or post.refers_to in made
        ]

    def _posts(self, ids: Iterable[int]) -> dict[int, Post]:
        return {post.id: post for post in self.store.posts.with_ids(ids, self.now)}

    def _people(self, shown: Iterable[Post], listed: Iterable[Post]) -> dict[int, Person]:
        ids = {each for post in shown for each in (post.author, post.addressee)}
        ids |= {post.author for post in listed}
        return {person.id: person for person in self.store.people.with_ids(ids)}

    def _plain(self, posts: Mapping[int, Post], people: Mapping[int, Person]) -> dict[int, Card]:
        """Cards without what they quote."""
        ids, threads = list(posts), self.store.threads
        counts = self.store.posts.counts(ids, self.now)
        pictures, places = self._pictures(ids), self._places(ids)
        polls = self.store.attached.polls(ids)
        hidden = threads.hidden(ids)
        liked = threads.liked(self.reader, ids, self.now) if self.reader else set()
        reposted = threads.reposted(self.reader, ids, self.now) if self.reader else set()
        return {
            post.id: Card(
                post=post,
                author=people[post.author],
                listed=post.id,
                text=marked_up(post.text),
                counts=counts[post.id],
                pictures=pictures.get(post.id, ()),
                ballot=self._ballot(polls[post.id], post) if post.id in polls else None,
                place=places.get(post.id, ""),
                answers=people.get(post.addressee),
                liked=post.id in liked,
                reposted=post.id in reposted,
                hidden=post.id in hidden,
            )
            for post in posts.values()
        }

    def _pictures(self, posts: Sequence[int]) -> dict[int, list[Picture]]:
        media = self.store.posts.media(posts)
        files = self.store.uploads.types(each.key for each in media)
        found: dict[int, list[Picture]] = {}
        for each in media:
            suffix = SUFFIXES.get(files.get(each.key, ""), DRAWN)
            found.setdefault(each.post, []).append(Picture(each, suffix))
        return found

    def _places(self, posts: Sequence[int]) -> dict[int, str]:
        tagged = self.store.attached.places(posts)
        places = self.store.attached.places_with_ids(set(tagged.values()))
        names = {place.id: place.full_name for place in places}
        return {post: names[place] for post, place in tagged.items()}

    def _ballot(self, poll: Poll, post: Post) -> Ballot:
        labels = (each.label for each in poll.options)
        votes = attachments.votes(poll, post, self.now)
        return Ballot(list(zip(labels, votes, strict=True)), attachments.ends(poll, post))


def _referred(posts: Iterable[Post], kind: Kind) -> set[int]:
    """What those of the posts that are of a kind refer to."""
    return {post.refers_to for post in posts if post.kind == kind}
