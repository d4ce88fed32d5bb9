"""What a Square should say, kept beside it in sets and dictionaries: a model for the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.world.model import DAY, Kind
from tests.square_world import FOLLOWS, NOW, SMALL, USERNAMES, small_id

_NAME = re.compile(r"@([A-Za-z0-9_]+)")


@dataclass
class Said:
    """A post: ``about`` is the post that it answers, reposts or quotes."""

    id: int
    author: int
    at: int
    kind: Kind
    about: int
    text: str
    conversation: int

    def names(self, username: str) -> bool:
        return username.lower() in {name.lower() for name in _NAME.findall(self.text)}


@dataclass
class Model:
    """Everything that the accounts did, and what follows from it."""

    now: int = NOW
    posts: dict[int, Said] = field(default_factory=dict)
    likes: dict[tuple[int, int], int] = field(default_factory=dict)
    follows: set[tuple[int, int]] = field(default_factory=lambda: set(FOLLOWS))
    bookmarks: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)

    @classmethod
    def of_small_world(cls) -> "Model":
        model = cls()
        for number, draft in enumerate(SMALL):
            about = small_id(draft.to) if draft.to >= 0 else draft.refers_to
            reply = draft.kind == Kind.REPLY and draft.to >= 0
            start = small_id(draft.to if reply else number)
            said = Said(
                small_id(number), draft.author, draft.at, draft.kind, about, draft.text, start
            )
            model.posts[said.id] = said
            model.likes |= {(said.id, who): at for who, at in draft.likes}
        return model

    def there(self) -> list[Said]:
        """All posts that can be seen, newest first."""
        seen = (post for post in self.posts.values() if post.at <= self.now)
        return sorted(seen, key=lambda post: post.id, reverse=True)

    def original(self, post: Said) -> Said:
        return self.posts[post.about] if post.kind == Kind.REPOST else post

    def referring(self, post: int, kind: Kind) -> list[Said]:
        return [each for each in self.there() if each.about == post and each.kind == kind]

    def likers(self, post: int) -> list[int]:
        return sorted(self._likers(post), reverse=True)

    def _likers(self, post: int) -> Iterator[int]:
        return (who for (liked, who), at in self.likes.items() if liked == post and at <= self.now)

    def liked(self, person: int) -> list[int]:
        found = [
            post
            for (post, who), at in self.likes.items()
            if who == person and at <= self.now and post in self.posts
        ]
        return sorted(found, reverse=True)

    def by(self, person: int) -> list[int]:
        return [post.id for post in self.there() if post.author == person]

    def naming(self, username: str) -> list[int]:
        found = (post for post in self.there() if post.kind != Kind.REPOST)
        return [post.id for post in found if post.names(username)]

    def searched(self, person: int) -> list[int]:
        """What recent search finds of an account: a week, but for the last half minute."""
        window = range(self.now - 7 * DAY, self.now - 30)
        return [post.id for post in self.there() if post.author == person and post.at in window]

    def metrics(self, post: Said) -> dict[str, int]:
        return {
            "like_count": len(self.likers(post.id)),
            "reply_count": len(self.referring(post.id, Kind.REPLY)),
            "retweet_count": len(self.referring(self.shared(post), Kind.REPOST)),
            "quote_count": len(self.referring(post.id, Kind.QUOTE)),
            "bookmark_count": sum(each == post.id for _, each in self.bookmarks),
        }

    def shared(self, post: Said) -> int:
        return post.about if post.kind == Kind.REPOST else post.id

    def person_metrics(self, person: int) -> dict[str, int]:
        return {
            "followers_count": sum(followed == person for _, followed in self.follows),
            "following_count": sum(follower == person for follower, _ in self.follows),
            "tweet_count": len(self.by(person)),
            "like_count": len(self.liked(person)),
            "listed_count": 0,
        }

    def write(self, post: Said) -> None:
        self.posts[post.id] = post

    def delete(self, post: Said) -> None:
        """A post goes with its reposts, and all that hangs on them."""
        reposts = [
            each.id
            for each in self.posts.values()
            if each.kind == Kind.REPOST and each.about == post.id
        ]
        for gone in (post.id, *reposts):
            self.posts.pop(gone, None)
            self.likes = {pair: at for pair, at in self.likes.items() if pair[0] != gone}
            self.bookmarks = {pair for pair in self.bookmarks if pair[1] != gone}
            self.hidden.discard(gone)

    def username(self, person: int) -> str:
        return USERNAMES[person]
