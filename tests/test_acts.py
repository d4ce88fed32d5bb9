"""What can be done on a Square: its rules, what it changes, and that it plays again exactly."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.errors import RequestError, WorldError
from kit.square import acts
from kit.square.acts import Act
from kit.square.ids import MAX_ID
from kit.square.rows import Reach
from kit.square.search.query import parse
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import DAY, HOUR, Kind, id_time
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    HINDI,
    MINISTRY,
    NOW,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    dump,
    small,
    small_id,
)

ALL = Reach(0, MAX_ID, 100)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acts")
    write(small(), folder / "public", folder / "truth")
    return folder / "public"


@pytest.fixture
def store(world: Path) -> Iterator[Store]:
    opened = Store.open(world)
    yield opened
    opened.close()


def do(store: Store, who: int, verb: str, at: int = NOW, **detail: object) -> object:
    return acts.perform(store, Act(at, who, verb, detail))


def write_post(store: Store, person: int, text: str, at: int = NOW, **more: object) -> int:
    identifier = do(store, person, "post", at, text=text, **more)
    assert isinstance(identifier, int)
    return identifier


def searched(store: Store, query: str, now: int = NOW) -> list[int]:
    return [post.id for post in store.posts.search(parse(query), ALL, now)]


def likers(store: Store, post: int) -> list[int]:
    return [person.id for person in store.people.liking(post, ALL, NOW)]


def test_a_post_is_there_at_once_and_everywhere(store: Store) -> None:
    made = write_post(
        store, BOB, "A fresh word for @ada_b on #Justice $CALD https://blog.example/a"
    )
    assert id_time(made) == NOW
    assert searched(store, "fresh") == [made]
    assert searched(store, "#justice from:bob @ada_b url:blog.example") == [made]
    assert store.posts.mentions("ada_b", ALL, NOW)[0].id == made
    assert store.posts.timeline([BOB], ALL, NOW)[0].id == made
    post = store.posts.with_ids([made], NOW)[0]
    assert (post.kind, post.refers_to, post.conversation, post.language) == (0, 0, made, "en")
    assert store.people.counts([BOB], NOW)[BOB].posts == 4


def test_ids_grow_in_the_order_of_what_is_seen(store: Store) -> None:
    made = [write_post(store, BOB, f"Number {n}") for n in range(20)]
    assert made == sorted(set(made))
    assert made[0] > max(post.id for post in store.posts.latest(ALL, NOW) if post.id not in made)
    later = write_post(store, BOB, "One second later", NOW + 1)
    assert later > made[-1]


def test_a_reply_names_whom_it_answers_once(store: Store) -> None:
    bare = write_post(store, CHITRA, "When will it be mended?", reply_to=small_id(OUTAGE))
    named = write_post(store, CHITRA, "I ask again, @Ada_b", reply_to=small_id(OUTAGE))
    spared = write_post(store, CHITRA, "No name here", reply_to=small_id(OUTAGE), not_naming=[ADA])
    own = write_post(store, ADA, "I add a word", reply_to=small_id(OUTAGE))
    texts = {post.id: post for post in store.posts.with_ids([bare, named, spared, own], NOW)}
    assert [texts[each].text for each in (bare, named, spared, own)] == [
        "@ada_b When will it be mended?",
        "I ask again, @Ada_b",
        "No name here",
        "I add a word",
    ]
    for post in texts.values():
        assert post.conversation == small_id(OUTAGE)
        assert (post.addressee, Kind(post.kind)) == (ADA, Kind.REPLY)
    assert store.posts.counts([small_id(OUTAGE)], NOW)[small_id(OUTAGE)].replies == 5


def test_a_reply_to_a_repost_answers_the_original(store: Store) -> None:
    made = write_post(store, CHITRA, "Which one?", reply_to=small_id(REPOST))
    assert store.posts.with_ids([made], NOW)[0].refers_to == small_id(OUTAGE)


@pytest.mark.parametrize(
    ("detail", "status", "says"),
    [
        ({}, 403, "needs a text or a picture"),
        ({"text": " \n"}, 403, "needs a text or a picture"),
        ({"text": "x" * 281}, 400, "it counts 281, and 280 is the most"),
        ({"text": "hi", "reply_to": 99}, 403, "reply to a Tweet that is deleted"),
        ({"text": "hi", "quote": 99}, 403, "quote a Tweet that is deleted"),
        ({"text": "hi", "media": [5]}, 400, "media IDs are invalid"),
        ({"text": "hi", "media": [1, 2, 3, 4, 5]}, 403, "4 pictures at most"),
        ({"text": "hi", "poll": {"options": ["one"], "minutes": 60}}, 400, "2 to 4 options"),
        ({"text": "hi", "poll": {"options": ["a", "b"], "minutes": 4}}, 400, "5 to 10080 minutes"),
        ({"text": "hi", "poll": {"options": ["a", "b" * 26], "minutes": 9}}, 400, "25 characters"),
        ({"text": "hi", "place": "nowhere"}, 400, "no place 'nowhere'"),
    ],
)
def test_what_cannot_be_posted_leaves_nothing_behind(
    store: Store, detail: dict[str, object], status: int, says: str
) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        do(store, BOB, "post", **detail)
    assert caught.value.status == status
    assert acts.log(store) == []
    tables = ("posts", "words", "marks", "media", "polls", "poll_options", "tagged")
    for table in tables:
        assert store.database.value(f"SELECT count(*) FROM main.{table}") == 0


def test_the_same_words_are_taken_once_a_day(store: Store) -> None:
    write_post(store, BOB, "Good morning")
    with pytest.raises(RequestError, match="duplicate content"):
        write_post(store, BOB, "Good morning", NOW + HOUR)
    write_post(store, ADA, "Good morning")
    write_post(store, BOB, "Good morning", NOW + DAY + 1)


def test_a_deleted_post_is_gone_with_its_reposts_likes_and_words(store: Store) -> None:
    made = write_post(store, BOB, "A word to regret #Oops")
    do(store, ADA, "like", post=made)
    repost = do(store, CHITRA, "repost", post=made)
    assert sorted(searched(store, "regret")) == sorted([made, repost])
    with pytest.raises(RequestError, match="somebody else wrote it"):
        do(store, ADA, "delete", post=made)
    do(store, BOB, "delete", post=made)
    assert searched(store, "regret OR #oops") == []
    assert store.posts.with_ids([made, int(str(repost))], NOW) == []
    assert store.people.counts([ADA], NOW)[ADA].likes == 1
    with pytest.raises(RequestError, match=f"no post {made}"):
        do(store, BOB, "delete", post=made)


def test_a_post_of_the_world_can_be_deleted_by_its_author(store: Store) -> None:
    outage = small_id(OUTAGE)
    do(store, ADA, "delete", post=outage)
    assert store.posts.with_ids([outage, small_id(REPOST)], NOW) == []
    assert searched(store, "booking") == []
    assert [post.id for post in store.posts.liked(BOB, ALL, NOW)] == []
    assert store.people.counts([BOB], NOW)[BOB].likes == 0
    # Whoever answered is still there.
    assert store.posts.with_ids([small_id(ANSWER)], NOW)


def test_likes_count_once_and_can_be_taken_back(store: Store) -> None:
    outage = small_id(OUTAGE)
    assert likers(store, outage) == [CHITRA, BOB]
    do(store, ADA, "like", post=outage)
    do(store, ADA, "like", post=small_id(REPOST))  # stands for the original
    do(store, BOB, "unlike", post=outage)  # a like of the world's
    assert likers(store, outage) == [CHITRA, ADA]
    assert store.posts.counts([outage], NOW)[outage].likes == 2
    assert [post.id for post in store.posts.liked(ADA, ALL, NOW)] == [outage, small_id(PICTURE)]
    do(store, BOB, "like", post=outage)
    do(store, ADA, "unlike", post=outage)
    assert likers(store, outage) == [CHITRA, BOB]


def test_reposts_are_the_words_of_the_original_and_come_once(store: Store) -> None:
    outage = small_id(OUTAGE)
    first = do(store, CHITRA, "repost", post=outage)
    assert do(store, CHITRA, "repost", post=small_id(REPOST)) == first
    post = store.posts.with_ids([int(str(first))], NOW)[0]
    assert post.text.startswith("RT @ada_b: Court booking is down")
    assert len(post.text) == 140
    assert post.text.endswith("…")
    assert set(searched(store, "#bookcourt is:retweet")) == {first, small_id(REPOST)}
    assert store.posts.counts([outage], NOW)[outage].reposts == 2
    do(store, CHITRA, "unrepost", post=outage)
    do(store, BOB, "unrepost", post=outage)  # a repost of the world's
    assert searched(store, "#bookcourt is:retweet") == []
    assert store.posts.counts([outage], NOW)[outage].reposts == 0


def test_ties_are_made_and_cut(store: Store) -> None:
    def followed(person: int) -> list[int]:
        return [each.id for each in store.people.following(person, ALL)]

    do(store, BOB, "follow", person=ADA)
    do(store, BOB, "follow", person=ADA)
    assert followed(BOB) == [ADA, MINISTRY]
    do(store, BOB, "unfollow", person=MINISTRY)  # a tie of the world's
    assert followed(BOB) == [ADA]
    assert store.people.counts([MINISTRY], NOW)[MINISTRY].followers == 3
    do(store, BOB, "follow", person=MINISTRY)
    assert followed(BOB) == [ADA, MINISTRY]
    do(store, MINISTRY, "block", person=BOB)
    assert followed(BOB) == [ADA]
    with pytest.raises(RequestError, match="blocked from following"):
        do(store, BOB, "follow", person=MINISTRY)
    do(store, MINISTRY, "unblock", person=BOB)
    do(store, BOB, "follow", person=MINISTRY)
    do(store, BOB, "mute", person=EMILE)
    assert [each.id for each in store.people.muted(BOB, ALL)] == [EMILE]
    do(store, BOB, "unmute", person=EMILE)
    assert store.people.muted(BOB, ALL) == []
    for verb in ("follow", "mute", "block"):
        with pytest.raises(RequestError, match=f"cannot {verb} yourself"):
            do(store, BOB, verb, person=BOB)


def test_who_began_a_conversation_says_who_may_answer(store: Store) -> None:
    write_post(store, ADA, "Only for you, @chitra", reply_settings="mentionedUsers")
    asked = write_post(store, ADA, "For those I follow", reply_settings="following")
    private = store.posts.timeline([ADA], ALL, NOW)[1].id
    write_post(store, CHITRA, "Thank you", reply_to=private)
    write_post(store, MINISTRY, "We hear you", reply_to=asked)
    for post in (private, asked):
        with pytest.raises(RequestError, match="not allowed"):
            write_post(store, BOB, "And I?", reply_to=post)


def test_replies_are_hidden_by_who_began_the_conversation_only(store: Store) -> None:
    assert do(store, ADA, "hide", post=small_id(ANSWER), hidden=True) is True
    with pytest.raises(RequestError, match="your own posts only"):
        do(store, BOB, "hide", post=small_id(ANSWER), hidden=True)
    with pytest.raises(RequestError, match="your own posts only"):
        do(store, ADA, "hide", post=small_id(OUTAGE), hidden=True)
    assert do(store, ADA, "hide", post=small_id(ANSWER), hidden=False) is False
    assert store.database.value("SELECT count(*) FROM main.hidden_replies") == 0


def test_accounts_are_made_with_a_name_that_is_free(store: Store) -> None:
    made = do(store, 0, "join", username="team_blue", name="Team Blue", bio="We learn")
    person = store.people.named(["TEAM_blue"])[0]
    assert (person.id, person.name, person.bio, person.created_at) == (
        made, "Team Blue", "We learn", NOW,
    )  # fmt: skip
    assert searched(store, "from:team_blue") == []
    post = write_post(store, person.id, "Our first word")
    assert searched(store, "from:team_blue") == [post]
    for name, says in (("TEAM_blue", "called @TEAM_blue already"), ("no", "4 to 15 letters")):
        with pytest.raises(RequestError, match=says):
            do(store, 0, "join", username=name)


PEOPLE = st.sampled_from([MINISTRY, ADA, BOB, CHITRA, EMILE, QUIET])
POSTS = st.sampled_from([small_id(n) for n in (OUTAGE, ANSWER, REPOST, QUOTE, HINDI, PICTURE)])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
STEPS: list[Callable[[], st.SearchStrategy[tuple[str, dict[str, object]]]]] = [
    lambda: st.tuples(st.just("post"), st.fixed_dictionaries({"text": TEXTS})),
    lambda: st.tuples(st.just("post"), st.fixed_dictionaries({"text": TEXTS, "reply_to": POSTS})),
    lambda: st.tuples(
        st.sampled_from(["like", "unlike", "repost", "unrepost", "bookmark", "delete"]),
        st.fixed_dictionaries({"post": POSTS}),
    ),
    lambda: st.tuples(
        st.sampled_from(["follow", "unfollow", "mute", "block"]),
        st.fixed_dictionaries({"person": PEOPLE}),
    ),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 30), PEOPLE, st.one_of([step() for step in STEPS])), max_size=25
    )
)
def test_a_log_played_again_gives_the_same_file(
    world: Path, done: list[tuple[int, int, tuple[str, dict[str, object]]]]
) -> None:
    first, second = Store.open(world), Store.open(world)
    now = NOW
    for seconds, person, (verb, detail) in done:
        now += seconds
        with contextlib.suppress(RequestError):
            acts.perform(first, Act(now, person, verb, detail))
    acts.replay(second, acts.log(first))
    assert dump(first) == dump(second)
    assert first.now == second.now
    for store in (first, second):
        store.database.execute("INSERT INTO main.words (words) VALUES ('integrity-check')")
        store.close()


def test_what_was_done_is_there_next_time_and_belongs_to_its_world(
    world: Path, tmp_path: Path
) -> None:
    store = Store.open(world, tmp_path / "mine")
    made = write_post(store, BOB, "Keep this", NOW + 500)
    secret = store.secret
    store.close()
    again = Store.open(world, tmp_path / "mine")
    assert searched(again, "keep", NOW + 500) == [made]
    assert (again.now, again.secret) == (NOW + 500, secret)
    again.close()
    other = world.with_name("another")
    other.write_bytes(world.read_bytes())
    with pytest.raises(WorldError, match="belongs to another world"):
        Store.open(other, tmp_path / "mine")
    (tmp_path / "text").write_text("no database")
    with pytest.raises(WorldError, match="name another file"):
        Store.open(world, tmp_path / "text")
    with pytest.raises(WorldError, match="name a file in a folder that is there"):
        Store.open(world, tmp_path / "nowhere" / "mine")


WRITER = """
import sys
from pathlib import Path
from kit.square import acts
from kit.square.acts import Act
from kit.square.store import Store
store = Store.open(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(100_000):
    act = Act(store.now, int(sys.argv[3]), "post", {"text": f"{sys.argv[4]} word {number}"})
    print(acts.perform(store, act), flush=True)
"""


@pytest.mark.slow
def test_what_was_acknowledged_survives_being_killed(world: Path, tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for attempt in range(6):
        mine = str(tmp_path / "mine")
        command = [sys.executable, "-c", WRITER, str(world), mine, str(BOB), f"try {attempt}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            acknowledged.append(int(process.stdout.readline()))
            time.sleep(0.05 + 0.07 * attempt)
            os.kill(process.pid, signal.SIGKILL)
            rest = process.stdout.read().splitlines(keepends=True)
        acknowledged += [int(line) for line in rest if line.endswith("\n")]
        store = Store.open(world, tmp_path / "mine")
        kept = store.database.column("SELECT id FROM main.posts ORDER BY id")
        assert set(acknowledged) <= set(kept)
        assert len(kept) <= len(acknowledged) + attempt + 1  # one more each time, in the middle
        assert len(acts.log(store)) == len(kept)
        assert store.database.value("PRAGMA main.integrity_check") == "ok"
        store.close()
    assert len(acknowledged) > 100
