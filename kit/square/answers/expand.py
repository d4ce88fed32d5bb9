"""A whole answer: the rows of a page, what they refer to, and what of it is not there.

Each kind of thing is read from the store once for a page, however many rows it has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.square.answers import attachments, payloads, problems
from kit.square.answers.facts import HOME, Facts, Reader, usernames
from kit.square.answers.fields import PRIVATE_METRICS, Shape
from kit.square.answers.shown import Json
from kit.square.rows import Medium, Person, Post
from kit.square.store import Store

_REFERENCED = (
    "referenced_tweets.id",
    "referenced_tweets.id.author_id",
    "referenced_tweets.id.attachments.media_keys",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer holds beside its meta: any part may be empty, and is then left out."""

    data: list[Json]
    includes: dict[str, list[Json]]
    errors: list[Json]

    def body(self, *, one: bool = False) -> Json:
        """The answer as X sends it; ``one`` for an endpoint that answers with one thing."""
        body: Json = {}
        if self.data:
            body["data"] = self.data[0] if one else self.data
        if includes := {name: items for name, items in self.includes.items() if items}:
            body["includes"] = includes
        if self.errors:
            body["errors"] = self.errors
        return body


@dataclass(frozen=True, slots=True)
class Expander:
    """Makes answers from rows, as of one moment, in the shape that was asked for.

    Attributes:
        store: where the rows are from.
        now: the moment.
        shape: what was asked for.
        viewer: the account that asks, 0 for an app.
        home: the address under which who asks knows the Square.
    """

    store: Store
    now: int
    shape: Shape
    viewer: int = 0
    home: str = HOME

    def tweets(self, posts: Sequence[Post], errors: Iterable[Json] = ()) -> Answer:
        """An answer with posts."""
        referenced = self._referenced(posts)
        facts = self._reader.of_posts(_unique([*posts, *referenced]))
        people, strangers = self._people(posts, referenced, facts)
        # The history of a post on the Square is the post itself.
        repeated = posts if self.shape.expands("edit_history_tweet_ids") else ()
        included = _unique([*referenced, *repeated])
        includes = {
            "users": self._users(people),
            "tweets": [payloads.tweet(post, self.shape, facts) for post in included],
            "media": self._media(posts, referenced, facts),
            "polls": self._polls(posts, facts),
            "places": self._places(posts, facts),
        }
        data = [payloads.tweet(post, self.shape, facts) for post in posts]
        every = [
            *errors,
            *self._absent(posts, referenced),
            *strangers,
            *self._private(posts, "data", facts),
            *self._private(included, "includes", facts),
        ]
        return Answer(data, includes, every)

    def users(self, people: Sequence[Person], errors: Iterable[Json] = ()) -> Answer:
        """An answer with accounts."""
        facts = self._reader.of_people(people)
        posts: list[Post] = []
        if self.shape.expands("most_recent_tweet_id"):
            posts = self.store.posts.with_ids(facts.latest.values(), self.now)
        post_facts = self._reader.of_posts(posts)
        data = [payloads.user(person, self.shape, facts) for person in people]
        tweets = [payloads.tweet(post, self.shape, post_facts) for post in posts]
        private = self._private(posts, "includes", post_facts)
        return Answer(data, {"tweets": tweets}, [*errors, *private])

    def media(self, media: Sequence[Medium], errors: Iterable[Json] = ()) -> Answer:
        """An answer with pictures and films."""
        posts = self.store.posts.with_ids({each.post for each in media}, self.now)
        return Answer(self._drawn(media, posts), {}, [*errors])

    @property
    def _reader(self) -> Reader:
        return Reader(self.store, self.now, self.shape, self.viewer, self.home)

    def _referenced(self, posts: Sequence[Post]) -> list[Post]:
        if not self.shape.expands(*_REFERENCED):
            return []
        return self.store.posts.with_ids(
            {post.refers_to for post in posts if post.refers_to}, self.now
        )

    def _absent(self, posts: Sequence[Post], referenced: Sequence[Post]) -> list[Json]:
        """Errors for posts that are referred to and do not exist."""
        if not self.shape.expands(*_REFERENCED):
            return []
        there = {0, *(post.id for post in referenced)}
        gone = dict.fromkeys(post.refers_to for post in posts if post.refers_to not in there)
        return [problems.missing("tweet", "referenced_tweets.id", str(each)) for each in gone]

    def _private(self, posts: Sequence[Post], section: str, facts: Facts) -> list[Json]:
        """Errors for metrics that are not for who asks; of advertising there is none."""
        return [
            problems.private_field(name, str(post.id), section)
            for post in posts
            for name in PRIVATE_METRICS
            if name in self.shape.tweet
            and (name == "promoted_metrics" or not facts.sees_private(post))
        ]

    def _people(
        self, posts: Sequence[Post], referenced: Sequence[Post], facts: Facts
    ) -> tuple[list[Person], list[Json]]:
        """The accounts that are expanded, each once, and errors for names that nobody has."""
        ids: list[int] = []
        strangers: list[Json] = []
        if self.shape.expands("author_id"):
            ids += [post.author for post in posts]
        if self.shape.expands("in_reply_to_user_id"):
            ids += [post.addressee for post in posts if post.addressee]
        if self.shape.expands("entities.mentions.username"):
            for name in usernames(post.text for post in posts):
                if name in facts.accounts:
                    ids.append(facts.accounts[name])
                else:
                    strangers.append(problems.missing("user", "entities.mentions.username", name))
        if self.shape.expands("referenced_tweets.id.author_id"):
            ids += [post.author for post in referenced]
        return self.store.people.in_order(list(dict.fromkeys(ids))) if ids else [], strangers

    def _users(self, people: Sequence[Person]) -> list[Json]:
        if not people:
            return []
        facts = self._reader.of_people(people)
        return [payloads.user(person, self.shape, facts) for person in people]

    def _media(self, posts: Sequence[Post], referenced: Sequence[Post], facts: Facts) -> list[Json]:
        shown: list[Post] = []
        if self.shape.expands("attachments.media_keys"):
            shown += posts
        if self.shape.expands("referenced_tweets.id.attachments.media_keys"):
            shown += referenced
        shown = _unique(shown)
        return self._drawn([each for post in shown for each in facts.media.get(post.id, ())], shown)

    def _drawn(self, media: Sequence[Medium], posts: Iterable[Post]) -> list[Json]:
        if not media:
            return []
        facts = self._reader.of_media(media, posts)
        return [attachments.medium(each, self.shape, facts) for each in media]

    def _polls(self, posts: Sequence[Post], facts: Facts) -> list[Json]:
        if not self.shape.expands("attachments.poll_ids"):
            return []
        return [
            attachments.poll(facts.polls[post.id], post, self.shape, facts)
            for post in posts
            if post.id in facts.polls
        ]

    def _places(self, posts: Sequence[Post], facts: Facts) -> list[Json]:
        if not self.shape.expands("geo.place_id"):
            return []
        tagged = {facts.places[post.id] for post in posts if post.id in facts.places}
        found = self.store.attached.places_with_ids(tagged) if tagged else []
        return [attachments.place(each, self.shape, facts) for each in found]


def _unique(posts: Iterable[Post]) -> list[Post]:
    return list({post.id: post for post in posts}.values())
