"""What a stream's rules ask of a Square, read from its database as of a moment."""

from dataclasses import dataclass

from kit.square.rows import Entry, Person, PersonCounts, Place, Post, PostCounts
from kit.square.store import Store


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """The :class:`~kit.square.streaming.seen.Facts` of a store at a moment."""

    store: Store
    now: int

    def post(self, identifier: int) -> Post | None:
        """A post."""
        return self.store.posts.one(identifier, self.now)

    def person(self, identifier: int) -> Person | None:
        """An account."""
        return self.store.people.one(identifier)

    def named(self, username: str) -> Person | None:
        """The account with a name, in upper or lower case."""
        return self.store.people.called(username)

    def media(self, post: int) -> tuple[str, ...]:
        """The kinds of the media on a post."""
        return tuple(each.kind for each in self.store.posts.media([post]))

    def place(self, post: int) -> Place | None:
        """The place that a post is tagged with."""
        sql = "SELECT * FROM places WHERE id IN (SELECT place FROM tagged WHERE post = ?)"
        return self.store.database.first(Place, sql, (post,))

    def lists(self, person: int) -> frozenset[int]:
        """The public Lists that an account is a member of."""
        sql = (
            "SELECT id FROM lists WHERE NOT private AND at <= ? "
            "AND id IN (SELECT list FROM list_members WHERE person = ?)"
        )
        return frozenset(self.store.database.column(sql, (self.now, person)))

    def post_counts(self, post: int) -> PostCounts:
        """How often a post was liked, answered, reposted and quoted."""
        return self.store.posts.counts([post], self.now)[post]

    def person_counts(self, person: int) -> PersonCounts:
        """An account's followers, followed accounts and posts."""
        return self.store.people.counts([person], self.now)[person]

    def entry(self, link: str) -> Entry | None:
        """The feed entry that an address leads to."""
        sql = "SELECT * FROM entries WHERE link = ? AND at <= ? ORDER BY id LIMIT 1"
        return self.store.database.first(Entry, sql, (link, self.now))
