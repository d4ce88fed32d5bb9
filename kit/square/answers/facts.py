"""What the payloads of a page need beside its rows, each sort of it read once for the page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kit.square.answers.fields import Shape
from kit.square.rows import Medium, Person, PersonCounts, Poll, Post, PostCounts
from kit.square.search.words import entities
from kit.square.store import Store
from kit.world.model import DAY

#: Under this address clients know a Square, where no other one is said.
HOME = "https://api.twitter.com"
#: So long after a post its author can see who only saw it, as on X.
_PRIVATE_FOR = 30 * DAY
_COUNTED = {"public_metrics", "organic_metrics"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the Square knows of the things on a page, as of one moment.

    Attributes:
        now: the moment.
        viewer: the account that asks, 0 for an app.
        home: the address under which who asks knows the Square.
        counts: those of posts.
        media: the pictures and films of posts.
        polls: those of posts.
        places: the ids of the places that posts are tagged with.
        settings: who may answer in a conversation, where it is not everyone.
        brands: the verified accounts that posts name.
        accounts: the ids of named accounts, by name in lower case.
        clients: what accounts post with.
        person_counts: those of accounts.
        latest: the newest posts of accounts.
        ties: what ties accounts to who asks.
        closed: the accounts that take no messages from who asks.
        files: the types of media whose file was uploaded, by their keys.
        shown_on: the posts that media are on.
    """

    now: int
    viewer: int = 0
    home: str = HOME
    counts: Mapping[int, PostCounts] = field(default_factory=dict)
    media: Mapping[int, Sequence[Medium]] = field(default_factory=dict)
    polls: Mapping[int, Poll] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    settings: Mapping[int, str] = field(default_factory=dict)
    brands: Mapping[int, Sequence[Person]] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)
    clients: Mapping[int, str] = field(default_factory=dict)
    person_counts: Mapping[int, PersonCounts] = field(default_factory=dict)
    latest: Mapping[int, int] = field(default_factory=dict)
    ties: Mapping[int, Collection[str]] = field(default_factory=dict)
    closed: Collection[int] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    shown_on: Mapping[int, Post] = field(default_factory=dict)

    def sees_private(self, post: Post) -> bool:
        """Whether who asks may know what is private to the author of a post."""
        return post.author == self.viewer and self.now - post.at <= _PRIVATE_FOR


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the facts that a shape asks for, and no others."""

    store: Store
    now: int
    shape: Shape
    viewer: int = 0
    home: str = HOME

    def of_posts(self, posts: Sequence[Post]) -> Facts:
        """The facts about some posts."""
        ids = [post.id for post in posts]
        wanted, attached = self.shape.tweet, self.store.attached
        hung = "attachments" in wanted
        return Facts(
            self.now,
            self.viewer,
            self.home,
            counts=self._counts(posts) if wanted & _COUNTED else {},
            media=self._media(ids) if hung else {},
            polls=attached.polls(ids) if hung else {},
            places=attached.places(ids) if "geo" in wanted else {},
            settings=(
                attached.reply_settings({post.conversation for post in posts})
                if "reply_settings" in wanted
                else {}
            ),
            brands=self._brands(ids) if "context_annotations" in wanted else {},
            accounts=self._accounts(post.text for post in posts) if "entities" in wanted else {},
            clients=self._clients(posts) if "source" in wanted else {},
        )

    def of_people(self, people: Sequence[Person]) -> Facts:
        """The facts about some accounts."""
        ids = [person.id for person in people]
        wanted, known = self.shape.user, self.store.people
        asks = self.viewer != 0
        return Facts(
            self.now,
            self.viewer,
            self.home,
            accounts=self._accounts(each.bio for each in people) if "entities" in wanted else {},
            person_counts=known.counts(ids, self.now) if "public_metrics" in wanted else {},
            latest=(
                self.store.posts.newest_of(ids, self.now)
                if "most_recent_tweet_id" in wanted
                else {}
            ),
            ties=(known.ties(self.viewer, ids) if asks and "connection_status" in wanted else {}),
            closed=(
                known.blocking(self.viewer, ids) if asks and "receives_your_dm" in wanted else ()
            ),
        )

    def of_media(self, media: Sequence[Medium], posts: Iterable[Post]) -> Facts:
        """The facts about some pictures and films, and the posts that they are on."""
        return Facts(
            self.now,
            self.viewer,
            self.home,
            files=self.store.uploads.types(each.key for each in media),
            shown_on={post.id: post for post in posts},
        )

    def _counts(self, posts: Sequence[Post]) -> dict[int, PostCounts]:
        both = [each for post in posts for each in (post.id, post.refers_to) if each]
        return self.store.posts.counts(list(dict.fromkeys(both)), self.now)

    def _media(self, posts: Sequence[int]) -> dict[int, list[Medium]]:
        found: dict[int, list[Medium]] = {}
        for medium in self.store.posts.media(posts):
            found.setdefault(medium.post, []).append(medium)
        return found

    def _brands(self, posts: Sequence[int]) -> dict[int, list[Person]]:
        names = self.store.attached.names(posts)
        named = self.store.people.named({name for each in names.values() for name in each})
        verified = [person for person in named if person.verified]
        return {
            post: [person for person in verified if person.username.lower() in spoken]
            for post, spoken in names.items()
        }

    def _accounts(self, texts: Iterable[str]) -> dict[str, int]:
        named = self.store.people.named(usernames(texts))
        return {person.username.lower(): person.id for person in named}

    def _clients(self, posts: Sequence[Post]) -> dict[int, str]:
        authors = self.store.people.with_ids({post.author for post in posts})
        return {person.id: person.client for person in authors}


def usernames(texts: Iterable[str]) -> list[str]:
    """The usernames in some texts, in lower case, each once."""
    found = (mention.value.lower() for text in texts for mention in entities(text).mentions)
    return list(dict.fromkeys(found))
