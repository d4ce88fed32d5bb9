"""A whole answer: the rows of a page, what they refer to, and what of it is not there.

Each kind of thing is read from the store once for a page, however many rows it has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.square import payloads, problems
from kit.square.fields import PRIVATE_METRICS, Shape
from kit.square.payloads import Facts
from kit.square.rows import Medium, Person, Post
from kit.square.store import Store
from kit.square.words import entities

Json = dict[str, Any]


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
    """Makes answers from rows, as of one moment, in the shape that was asked for."""

    store: Store
    now: int
    shape: Shape
    viewer: int = 0

    def tweets(self, posts: Sequence[Post], errors: Iterable[Json] = ()) -> Answer:
        """An answer with posts."""
        referenced = self._referenced(posts)
        every = _unique([*posts, *referenced])
        facts = self._post_facts(every)
        people, strangers = self._people(posts, referenced, facts)
        included = [payloads.tweet(post, self.shape, facts) for post in referenced]
        person_facts = self._person_facts(people)
        includes = {
            "users": [payloads.user(person, self.shape, person_facts) for person in people],
            "tweets": included,
            "media": [
                payloads.media(image, self.shape, facts)
                for image in self._expanded_images(posts, referenced, facts)
            ],
        }
        absent = [*self._absent(posts, referenced), *strangers]
        data = [payloads.tweet(post, self.shape, facts) for post in posts]
        private = [*self._private(posts, "data"), *self._private(referenced, "includes")]
        return Answer(data, includes, [*errors, *absent, *private])

    def users(self, people: Sequence[Person], errors: Iterable[Json] = ()) -> Answer:
        """An answer with accounts."""
        facts = self._person_facts(people)
        posts: list[Post] = []
        if "most_recent_tweet_id" in self.shape.expansions:
            posts = self.store.posts.with_ids(facts.latest.values(), self.now)
        post_facts = self._post_facts(posts)
        data = [payloads.user(person, self.shape, facts) for person in people]
        tweets = [payloads.tweet(post, self.shape, post_facts) for post in posts]
        return Answer(data, {"tweets": tweets}, [*errors, *self._private(posts, "includes")])

    def _expands(self, *names: str) -> bool:
        return any(name in self.shape.expansions for name in names)

    def _referenced(self, posts: Sequence[Post]) -> list[Post]:
        if not any(name.startswith("referenced_tweets.id") for name in self.shape.expansions):
            return []
        return self.store.posts.with_ids(
            {post.refers_to for post in posts if post.refers_to}, self.now
        )

    def _absent(self, posts: Sequence[Post], referenced: Sequence[Post]) -> list[Json]:
        """Errors for posts that are referred to and do not exist."""
        if not any(name.startswith("referenced_tweets.id") for name in self.shape.expansions):
            return []
        there = {0, *(post.id for post in referenced)}
        gone = dict.fromkeys(post.refers_to for post in posts if post.refers_to not in there)
        return [problems.missing("tweet", "referenced_tweets.id", str(each)) for each in gone]

    def _private(self, posts: Sequence[Post], section: str) -> list[Json]:
        names = [name for name in PRIVATE_METRICS if name in self.shape.tweet]
        return [
            problems.private_field(name, str(post.id), section) for post in posts for name in names
        ]

    def _post_facts(self, posts: Sequence[Post]) -> Facts:
        ids = [post.id for post in posts]
        wanted = self.shape.tweet
        images: dict[int, list[Medium]] = {}
        if "attachments" in wanted:
            for image in self.store.posts.media(ids):
                images.setdefault(image.post, []).append(image)
        accounts: dict[str, int] = {}
        if "entities" in wanted:
            named = self.store.people.named(_named(post.text for post in posts))
            accounts = {person.username.lower(): person.id for person in named}
        counts = {}
        if "public_metrics" in wanted:
            originals = (post.refers_to for post in posts if post.refers_to)
            counts = self.store.posts.counts(list(dict.fromkeys([*ids, *originals])), self.now)
        return Facts(self.now, counts=counts, images=images, accounts=accounts)

    def _person_facts(self, people: Sequence[Person]) -> Facts:
        ids = [person.id for person in people]
        wanted = self.shape.user
        accounts: dict[str, int] = {}
        if "entities" in wanted:
            named = self.store.people.named(_named(person.bio for person in people))
            accounts = {person.username.lower(): person.id for person in named}
        return Facts(
            self.now,
            accounts=accounts,
            person_counts=(
                self.store.people.counts(ids, self.now) if "public_metrics" in wanted else {}
            ),
            latest=(
                self.store.posts.newest_of(ids, self.now)
                if "most_recent_tweet_id" in wanted
                else {}
            ),
        )

    def _people(
        self, posts: Sequence[Post], referenced: Sequence[Post], facts: Facts
    ) -> tuple[list[Person], list[Json]]:
        """The accounts that are expanded, each once, and errors for names that nobody has."""
        ids: list[int] = []
        strangers: list[Json] = []
        if self._expands("author_id"):
            ids += [post.author for post in posts]
        if self._expands("in_reply_to_user_id"):
            ids += [post.addressee for post in posts if post.addressee]
        if self._expands("entities.mentions.username"):
            for name in _named(post.text for post in posts):
                if name in facts.accounts:
                    ids.append(facts.accounts[name])
                else:
                    strangers.append(problems.missing("user", "entities.mentions.username", name))
        if self._expands("referenced_tweets.id.author_id"):
            ids += [post.author for post in referenced]
        found = {person.id: person for person in self.store.people.with_ids(ids)} if ids else {}
        return [found[each] for each in dict.fromkeys(ids) if each in found], strangers

    def _expanded_images(
        self, posts: Sequence[Post], referenced: Sequence[Post], facts: Facts
    ) -> list[Medium]:
        shown: list[Post] = []
        if self._expands("attachments.media_keys"):
            shown += posts
        if self._expands("referenced_tweets.id.attachments.media_keys"):
            shown += referenced
        return [image for post in _unique(shown) for image in facts.images.get(post.id, ())]


def _unique(posts: Iterable[Post]) -> list[Post]:
    return list({post.id: post for post in posts}.values())


def _named(texts: Iterable[str]) -> list[str]:
    """The usernames in some texts, in lower case, each once."""
    found = (mention.value.lower() for text in texts for mention in entities(text).mentions)
    return list(dict.fromkeys(found))
