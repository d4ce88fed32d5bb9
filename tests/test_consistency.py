"""Whatever accounts do, every answer of the Square says the same about it, at once.

A machine acts over HTTP as a handful of accounts, keeps a simple model beside the Square,
and asks after each step everything that the step can have changed.
"""

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kit.square import acts
from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Grant, Tokens
from kit.square.acts import Act
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.ids import MAX_ID
from kit.square.rows import Reach
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import Kind
from tests.conftest import Signed
from tests.consistency_model import Model, Said
from tests.square_world import (
    ADA,
    BOB,
    CHITRA,
    EMILE,
    MINISTRY,
    NOW,
    USERNAMES,
    Draft,
    build,
    dump,
    small,
)

PEOPLE = st.sampled_from([MINISTRY, ADA, BOB, CHITRA, EMILE])
ALL = Reach(0, MAX_ID, 100)
#: Which of the posts that there are, counted from the newest.
WHICH = st.integers(0, 40)
some_posts = precondition(lambda machine: bool(machine.model.there()))


@cache
def world() -> Path:
    folder = Path(mkdtemp(prefix="consistency"))
    write(small(), folder / "public", folder / "truth")
    return folder / "public"


class Machine(RuleBasedStateMachine):
    """Accounts that act, and a model that knows what that comes to."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.open(world())
        self.clock = Clock(NOW)
        self.model = Model.of_small_world()
        self.words = 0
        tokens = Tokens(self.store)
        self.bearer = tokens.credentials(BOB).bearer_token
        self.auth = {person: Signed(tokens.credentials(person)) for person in USERNAMES}
        for person in USERNAMES:
            tokens.keep(
                Grant(
                    f"granted-{person}",
                    "oauth2",
                    person=person,
                    scopes=" ".join(SCOPES),
                    expires=2**40,
                )
            )
        transport = httpx.ASGITransport(make_app(self.store, self.clock))
        self.loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(transport=transport, base_url="http://square")

    def ask(
        self, who: int, path: str, method: str = "GET", *, granted: bool = False, **more: Any
    ) -> dict[str, Any]:
        """What the Square answers, which is never an error of its own.

        Args:
            who: the account that asks, by OAuth 1.0a; 0 for an app.
            path: the path after ``/2``.
            method: the method.
            granted: whether it asks by a token of OAuth 2.0 instead.
            more: the parameters or the body.
        """
        if granted or not who:
            token = f"granted-{who}" if who else self.bearer
            more["headers"] = {"authorization": f"Bearer {token}"}
        auth = None if granted or not who else self.auth[who]
        sent = self.client.request(method, f"/2{path}", auth=auth, **more)
        answer = self.loop.run_until_complete(sent)
        assert answer.status_code in (200, 201), answer.text
        body: dict[str, Any] = answer.json()
        return body

    def choose(self, which: int) -> Said:
        there = self.model.there()
        return there[which % len(there)]

    # What can be done.

    @rule(who=PEOPLE, to=PEOPLE)
    def post(self, who: int, to: int) -> None:
        self._write(who, Kind.ORIGINAL, None, f"Word {self._word()} for @{USERNAMES[to]}")

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def reply(self, who: int, which: int) -> None:
        self._write(who, Kind.REPLY, self.choose(which), f"Answer {self._word()}")

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def quote(self, who: int, which: int) -> None:
        self._write(who, Kind.QUOTE, self.choose(which), f"Quote {self._word()}")

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def like(self, who: int, which: int) -> None:
        post = self.choose(which)
        body = {"tweet_id": str(post.id)}
        answer = self.ask(who, f"/users/{who}/likes", "POST", json=body)
        assert answer == {"data": {"liked": True}}
        original = self.model.original(post)
        before = self.model.likes.get((original.id, who), self.model.now)
        self.model.likes[original.id, who] = min(before, self.model.now)
        self._check(who, original, post)

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def unlike(self, who: int, which: int) -> None:
        post = self.choose(which)
        answer = self.ask(who, f"/users/{who}/likes/{post.id}", "DELETE")
        assert answer == {"data": {"liked": False}}
        original = self.model.original(post)
        if who in self.model.likers(original.id):
            del self.model.likes[original.id, who]
        self._check(who, original, post)

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def repost(self, who: int, which: int) -> None:
        original = self.model.original(self.choose(which))
        mine = self._my_repost(who, original)
        body = {"tweet_id": str(original.id)}
        data = self.ask(who, f"/users/{who}/retweets", "POST", json=body)["data"]
        assert data["retweeted"] is True
        if mine is None:
            identifier, now = int(data["id"]), self.model.now
            mine = Said(identifier, who, now, Kind.REPOST, original.id, "", identifier)
            self.model.write(mine)
        assert int(data["id"]) == mine.id
        self._check(who, original, mine)

    @some_posts
    @rule(who=PEOPLE, which=WHICH)
    def unrepost(self, who: int, which: int) -> None:
        original = self.model.original(self.choose(which))
        mine = self._my_repost(who, original)
        answer = self.ask(who, f"/users/{who}/retweets/{original.id}", "DELETE")
        assert answer == {"data": {"retweeted": False}}
        if mine is not None:
            self.model.delete(mine)
            self._check_gone(mine)
        self._check(who, original)

    @some_posts
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        post = self.choose(which)
        answer = self.ask(post.author, f"/tweets/{post.id}", "DELETE")
        assert answer == {"data": {"deleted": True}}
        about = self.model.posts.get(post.about)
        self.model.delete(post)
        self._check_gone(post)
        if about is not None and about.at <= self.model.now:
            self._check(post.author, about)
        self._check_person(post.author)

    @rule(who=PEOPLE, to=PEOPLE)
    def follow(self, who: int, to: int) -> None:
        if who != to:
            body = {"target_user_id": str(to)}
            data = self.ask(who, f"/users/{who}/following", "POST", json=body)["data"]
            assert data == {"following": True, "pending_follow": False}
            self.model.follows.add((who, to))
            self._check_follows(who, to)

    @rule(who=PEOPLE, to=PEOPLE)
    def unfollow(self, who: int, to: int) -> None:
        if who != to:
            answer = self.ask(who, f"/users/{who}/following/{to}", "DELETE")
            assert answer == {"data": {"following": False}}
            self.model.follows.discard((who, to))
            self._check_follows(who, to)

    @some_posts
    @rule(which=WHICH, hidden=st.booleans())
    def hide(self, which: int, hidden: bool) -> None:
        post = self.choose(which)
        starter = self.model.posts.get(post.conversation)
        if post.kind == Kind.REPLY and starter is not None:
            answer = self.ask(
                starter.author, f"/tweets/{post.id}/hidden", "PUT", json={"hidden": hidden}
            )
            assert answer == {"data": {"hidden": hidden}}
            (self.model.hidden.add if hidden else self.model.hidden.discard)(post.id)

    @some_posts
    @rule(who=PEOPLE, which=WHICH, keep=st.booleans())
    def bookmark(self, who: int, which: int, keep: bool) -> None:
        post, path = self.choose(which), f"/users/{who}/bookmarks"
        if keep:
            answer = self.ask(who, path, "POST", json={"tweet_id": str(post.id)}, granted=True)
        else:
            answer = self.ask(who, f"{path}/{post.id}", "DELETE", granted=True)
        assert answer == {"data": {"bookmarked": keep}}
        change = self.model.bookmarks.add if keep else self.model.bookmarks.discard
        change((who, post.id))
        found = self.ask(who, path, granted=True).get("data", ())
        assert {(who, int(each["id"])) for each in found} == {
            pair for pair in self.model.bookmarks if pair[0] == who
        }
        self._check(who, post)

    @rule(seconds=st.integers(1, 45))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.model.now += seconds

    # What has to be so then.

    def teardown(self) -> None:
        self.clock.advance(31)
        self.model.now += 31
        for person in USERNAMES:
            self._check_person(person)
        for post in self.model.there():
            self._check_post(post)
        hidden = self.store.database.column("SELECT post FROM main.hidden_replies")
        assert set(hidden) == self.model.hidden
        again = Store.open(world())
        acts.replay(again, acts.log(self.store))
        assert dump(again) == dump(self.store)
        again.close()
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()
        self.store.close()

    def _check(self, who: int, *posts: Said) -> None:
        for post in posts:
            self._check_post(post)
        self._check_person(who)

    def _check_post(self, post: Said) -> None:
        fields = {"tweet.fields": "public_metrics,referenced_tweets,author_id,conversation_id"}
        data = self.ask(BOB, f"/tweets/{post.id}", params=fields)["data"]
        del data["public_metrics"]["impression_count"]
        assert data["public_metrics"] == self.model.metrics(post)
        assert (data["author_id"], data["conversation_id"]) == (
            str(post.author),
            str(post.conversation),
        )
        assert [int(each["id"]) for each in data.get("referenced_tweets", ())] == (
            [post.about] if post.about else []
        )
        assert self._ids(f"/tweets/{post.id}/liking_users") == self.model.likers(post.id)
        reposts = self.model.referring(post.id, Kind.REPOST)
        assert self._ids(f"/tweets/{post.id}/retweeted_by") == [each.author for each in reposts]
        quotes = self.model.referring(post.id, Kind.QUOTE)
        assert self._ids(f"/tweets/{post.id}/quote_tweets") == [each.id for each in quotes]

    def _check_gone(self, post: Said) -> None:
        answer = self.ask(BOB, f"/tweets/{post.id}")
        assert set(answer) == {"errors"}
        assert set(self.ask(BOB, f"/tweets/{post.id}/liking_users")) == {"errors"}

    def _check_person(self, person: int) -> None:
        fields = {"user.fields": "public_metrics"}
        data = self.ask(BOB, f"/users/{person}", params=fields)["data"]
        assert data["public_metrics"] == self.model.person_metrics(person)
        name = USERNAMES[person]
        questions: dict[str, Callable[[], list[int]]] = {
            f"/users/{person}/tweets": lambda: self.model.by(person),
            f"/users/{person}/liked_tweets": lambda: self.model.liked(person),
            f"/users/{person}/mentions": lambda: self.model.naming(name),
            f"/tweets/search/recent?query=from:{name}": lambda: self.model.searched(person),
        }
        for path, expected in questions.items():
            assert self._ids(path) == expected(), path
        counted = self.ask(0, f"/tweets/counts/recent?query=from:{name}")
        assert counted["meta"]["total_tweet_count"] == len(self.model.searched(person))

    def _check_follows(self, who: int, to: int) -> None:
        follows = self.model.follows
        followers = sorted((each for each, whom in follows if whom == to), reverse=True)
        following = sorted((whom for each, whom in follows if each == who), reverse=True)
        assert self._ids(f"/users/{to}/followers") == followers
        assert self._ids(f"/users/{who}/following") == following
        self._check_person(who)
        self._check_person(to)

    def _ids(self, path: str) -> list[int]:
        sign = "&" if "?" in path else "?"
        answer = self.ask(BOB, f"{path}{sign}max_results=100")
        assert "next_token" not in answer["meta"]
        return [int(each["id"]) for each in answer.get("data", ())]

    def _write(self, who: int, kind: Kind, about: Said | None, text: str) -> None:
        body: dict[str, Any] = {"text": text}
        original = self.model.original(about) if about else None
        if original is not None and kind == Kind.REPLY:
            body["reply"] = {"in_reply_to_tweet_id": str(original.id)}
        elif original is not None:
            body["quote_tweet_id"] = str(original.id)
        data = self.ask(who, "/tweets", "POST", json=body)["data"]
        identifier = int(data["id"])
        named = kind == Kind.REPLY and original is not None and original.author != who
        prefix = f"@{USERNAMES[original.author]} " if named and original else ""
        assert data["text"] == prefix + text
        start = original.conversation if kind == Kind.REPLY and original else identifier
        post = Said(
            identifier,
            who,
            self.model.now,
            kind,
            original.id if original else 0,
            data["text"],
            start,
        )
        self.model.write(post)
        self._check(who, post, *([original] if original else []))

    def _my_repost(self, who: int, original: Said) -> Said | None:
        reposts = self.model.referring(original.id, Kind.REPOST)
        return next((each for each in reposts if each.author == who), None)

    def _word(self) -> int:
        self.words += 1
        return self.words


TestConsistency = Machine.TestCase
TestConsistency.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    # To explain a failure takes minutes, and its steps say enough.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def test_what_somebody_does_is_not_done_again_when_the_world_would_have_had_it_later() -> None:
    drafts = [
        Draft(NOW - 60, ADA, "First", likes=[(BOB, NOW + 60)]),
        Draft(NOW + 60, BOB, "RT @ada_b: First", Kind.REPOST, 0),
    ]
    folder = Path(mkdtemp(prefix="later"))
    write(build(drafts), folder / "public", folder / "truth")
    store = Store.open(folder / "public")
    first = store.posts.latest(ALL, NOW)[0].id
    acts.perform(store, Act(NOW, BOB, "like", {"post": first}))
    mine = acts.perform(store, Act(NOW, BOB, "repost", {"post": first}))
    for now in (NOW, NOW + 60):
        counts = store.posts.counts([first], now)[first]
        assert (counts.likes, counts.reposts) == (1, 1)
        assert [each.id for each in store.people.liking(first, ALL, now)] == [BOB]
        assert [each.id for each in store.posts.timeline([BOB], ALL, now)] == [mine]
    acts.perform(store, Act(NOW + 1, BOB, "unlike", {"post": first}))
    acts.perform(store, Act(NOW + 1, BOB, "unrepost", {"post": first}))
    counts = store.posts.counts([first], NOW + 60)[first]
    assert (counts.likes, counts.reposts) == (0, 0)
    store.close()
