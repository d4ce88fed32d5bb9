"""The database: what is written is what is read, as of a moment, in one order."""

import contextlib
import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kit.errors import WorldError
from kit.square.ids import MAX_ID, first_id, last_id
from kit.square.rows import About, PersonCounts, PostCounts, Reach
from kit.square.search.query import parse
from kit.square.store import Store
from kit.square.worldfile import VERSION, write
from kit.world.model import DAY, HOUR, Kind, World, id_time, post_id
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    FRENCH,
    HINDI,
    LATER,
    MINISTRY,
    NOW,
    OLD,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    ints,
    small,
    small_id,
)

ALL = Reach(0, MAX_ID, 100)


def searched(store: Store, query: str, now: int = NOW) -> set[int]:
    return {post.id for post in store.posts.search(parse(query), ALL, now)}


def ids(*numbers: int) -> set[int]:
    return {small_id(number) for number in numbers}


def test_everything_public_is_read_back(small_store: Store, small_world: World) -> None:
    assert small_store.about() == About("by hand", 7, NOW, VERSION)
    posts = small_store.posts.with_ids(small_world.posts.id.tolist(), NOW + HOUR)
    assert [
        tuple(getattr(post, name) for name in small_world.posts.columns()) for post in posts
    ] == list(small_world.posts.rows())[::-1]
    people = small_store.people.with_ids(small_world.people.id.tolist())
    assert [(p.id, p.username, p.verified) for p in people] == list(
        zip(
            small_world.people.id.tolist(),
            small_world.people.username,
            small_world.people.verified.tolist(),
            strict=True,
        )
    )
    assert [feed.slug for feed in small_store.press.feeds()] == ["blog"]


def test_the_truth_is_in_the_other_file_only(small_world: World, tmp_path: Path) -> None:
    write(small_world, tmp_path / "public", tmp_path / "truth")
    public = sqlite3.connect(tmp_path / "public")
    tables = {name for (name,) in public.execute("SELECT name FROM sqlite_master")}
    public.close()
    assert not any("truth" in name for name in tables)
    truth = sqlite3.connect(tmp_path / "truth")
    assert truth.execute("SELECT * FROM person_truth").fetchall() == list(
        small_world.person_truth.rows()
    )
    assert truth.execute("SELECT * FROM post_truth").fetchall() == list(
        small_world.post_truth.rows()
    )
    keys = {
        (name, column)
        for name in ("person_truth", "post_truth", "entry_truth")
        for _, column, _, _, _, key in truth.execute(f"PRAGMA table_info({name})")
        if key
    }
    truth.close()
    assert keys == {("person_truth", "person"), ("post_truth", "post"), ("entry_truth", "entry")}


def test_the_same_world_gives_the_same_bytes(small_world: World, tmp_path: Path) -> None:
    for each in ("a", "b"):
        write(small_world, tmp_path / f"{each}.public", tmp_path / f"{each}.truth")
    for kind in ("public", "truth"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_nothing_is_written_over(small_world: World, tmp_path: Path) -> None:
    (tmp_path / "truth").write_text("mine")
    with pytest.raises(WorldError, match="exists already"):
        write(small_world, tmp_path / "public", tmp_path / "truth")
    assert (tmp_path / "truth").read_text() == "mine"


def test_a_world_that_contradicts_itself_leaves_no_file(tmp_path: Path) -> None:
    world = small()
    twice = replace(world, follows=replace(world.follows, follower=ints([ADA] * 5)))
    with pytest.raises(WorldError, match="contradicts itself"):
        write(twice, tmp_path / "public", tmp_path / "truth")
    assert list(tmp_path.iterdir()) == []


def test_open_says_what_is_wrong(tmp_path: Path, small_world: World) -> None:
    with pytest.raises(WorldError, match="no world at"):
        Store.open(tmp_path / "none")
    (tmp_path / "text").write_text("not a database " * 100)
    with pytest.raises(WorldError, match="does not hold a world"):
        Store.open(tmp_path / "text")
    write(small_world, tmp_path / "old #1?", tmp_path / "truth")
    file = sqlite3.connect(tmp_path / "old #1?")
    file.execute("UPDATE about SET value = '0' WHERE name = 'version'")
    file.commit()
    file.close()
    with pytest.raises(WorldError, match="layout 0"):
        Store.open(tmp_path / "old #1?")


def test_the_public_file_cannot_be_written_to(small_store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        small_store.database.execute("DELETE FROM base.posts")


def test_no_thread_reads_what_another_may_still_take_back(
    small_world: World, tmp_path: Path
) -> None:
    write(small_world, tmp_path / "public", tmp_path / "truth")
    store = Store.open(tmp_path / "public")
    sql = "SELECT count(*) FROM main.about"
    before = store.database.value(sql)

    def takes_back(pool: ThreadPoolExecutor) -> Future[int]:
        with contextlib.suppress(LookupError), store.database.transaction():
            store.database.execute("INSERT INTO main.about VALUES ('draft', '1')")
            reading = pool.submit(store.database.value, sql)
            time.sleep(0.05)
            raise LookupError
        return reading

    with ThreadPoolExecutor() as pool:
        assert takes_back(pool).result() == store.database.value(sql) == before


def test_ids_of_a_second() -> None:
    assert id_time(first_id(NOW)) == id_time(last_id(NOW)) == NOW
    assert id_time(first_id(NOW) - 1) == NOW - 1
    assert id_time(last_id(NOW) + 1) == NOW + 1
    assert first_id(-(10**12)) == 0
    assert last_id(10**12) == MAX_ID


def test_a_later_post_does_not_exist_yet(small_store: Store) -> None:
    later = small_id(LATER)
    assert small_store.posts.with_ids([later], NOW) == []
    assert later not in searched(small_store, "court", NOW + 59)
    assert later in searched(small_store, "court", NOW + 60)
    assert later not in {post.id for post in small_store.posts.timeline([ADA], ALL, NOW)}
    assert later in {post.id for post in small_store.posts.timeline([ADA], ALL, NOW + 60)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("court", (OLD, PICTURE, OUTAGE, REPOST)),
        ('"court booking"', (OUTAGE, REPOST)),
        ('"booking court"', ()),
        ("#bookcourt", (OUTAGE, REPOST)),
        ("bookcourt", (OUTAGE, REPOST)),
        ("CAFE ete", (FRENCH,)),
        ("न्याय", (HINDI,)),
        ("⚖️", (OUTAGE, REPOST)),
        ("from:ADA_B", (OLD, OUTAGE)),
        ("to:ada_b", (ANSWER,)),
        ("to:someone", ()),
        ("@ada_b", (ANSWER, REPOST)),
        ("@nobody_", (QUOTE,)),
        ("retweets_of:ada_b", (REPOST,)),
        (f"conversation_id:{small_id(OUTAGE)}", (OUTAGE, ANSWER)),
        (f"in_reply_to_tweet_id:{small_id(OUTAGE)}", (ANSWER,)),
        ("in_reply_to_tweet_id:123456789", (ORPHAN,)),
        (f"retweets_of_tweet_id:{small_id(OUTAGE)}", (REPOST,)),
        (f"quotes_of_tweet_id:{small_id(OUTAGE)}", (QUOTE,)),
        ("url:justice.example", (OUTAGE, REPOST)),
        ("url:justice.example/book", (OUTAGE, REPOST)),
        ("url:justice", (OUTAGE, REPOST)),
        ("url:just", ()),
        ("court has:images", (PICTURE,)),
        ("court has:links -is:retweet", (PICTURE, OUTAGE)),
        ("rt", (REPOST,)),
        ("mending is:verified", (ANSWER,)),
        (f"from:{ADA} court", (OLD, OUTAGE)),
        ("court -from:nobody", (OLD, PICTURE, OUTAGE, REPOST)),
    ],
)
def test_search(small_store: Store, query: str, expected: tuple[int, ...]) -> None:
    assert searched(small_store, query) == ids(*expected)


def test_a_reach_bounds_what_is_found(small_store: Store) -> None:
    tree = parse("court")
    low, high = small_id(PICTURE), small_id(OUTAGE)
    found = small_store.posts.search(tree, Reach(low, high, 10), NOW)
    assert [post.id for post in found] == [high, low]
    oldest = small_store.posts.search(tree, Reach(0, MAX_ID, 2, newest_first=False), NOW)
    assert [post.id for post in oldest] == [small_id(OLD), small_id(PICTURE)]


def test_timeline_and_mentions(small_store: Store) -> None:
    bobs = [post.id for post in small_store.posts.timeline([BOB], ALL, NOW)]
    assert bobs == [small_id(ORPHAN), small_id(REPOST), small_id(PICTURE)]
    without = small_store.posts.timeline([BOB], ALL, NOW, [Kind.REPLY, Kind.REPOST])
    assert [post.id for post in without] == [small_id(PICTURE)]
    assert [post.id for post in small_store.posts.mentions("ADA_b", ALL, NOW)] == [small_id(ANSWER)]


def test_followers_newest_account_first(small_store: Store) -> None:
    followers = [person.id for person in small_store.people.followers(MINISTRY, ALL)]
    assert followers == [EMILE, CHITRA, BOB, ADA]
    assert [p.id for p in small_store.people.following(MINISTRY, ALL)] == [ADA]
    assert small_store.people.following(QUIET, ALL) == []


def test_counts_as_of_a_moment(small_store: Store) -> None:
    outage, quiet = small_id(OUTAGE), small_id(FRENCH)
    assert small_store.posts.counts([outage, quiet], NOW) == {
        outage: PostCounts(likes=2, replies=1, reposts=1, quotes=1),
        quiet: PostCounts(),
    }
    before = small_store.posts.counts([outage], NOW - 3 * HOUR - 1)[outage]
    assert before == PostCounts(likes=0, replies=1)
    assert small_store.posts.counts([outage], NOW + 60)[outage].replies == 2
    counts = small_store.people.counts([MINISTRY, BOB, QUIET], NOW)
    assert counts[MINISTRY] == PersonCounts(followers=4, following=1, posts=1)
    assert counts[BOB] == PersonCounts(following=1, posts=3, likes=1)
    assert counts[QUIET] == PersonCounts()
    assert small_store.posts.newest_of([ADA, QUIET], NOW) == {ADA: small_id(OUTAGE)}


def test_people_by_name_in_any_case(small_store: Store) -> None:
    assert [p.id for p in small_store.people.named(["BOB", "Ada_B", "no"])] == [ADA, BOB]


def test_entries_as_of_a_moment(small_store: Store) -> None:
    assert [each.id for each in small_store.press.entries("blog", NOW)] == ["e2", "e1"]
    assert [each.id for each in small_store.press.entries("blog", NOW + DAY, limit=1)] == ["e3"]
    assert small_store.press.entries("none", NOW) == []
    assert small_store.press.entry("e3", NOW) is None
    entry = small_store.press.entry("e3", NOW + DAY)
    assert entry is not None
    assert entry.title == "Three"
    assert small_store.press.feed("none") is None


def _large(posts: int, follows: int, likes: int) -> World:
    """A world of the size that ships, from a few sentences."""
    world = small()
    people = 4000
    dice = np.random.default_rng(5)
    persons = np.arange(people) + 1_000
    at = NOW - 28 * DAY + np.arange(posts) * 60
    identifiers = post_id(at, 0)
    sentence = "The court closed early again, and nobody at the office told us why it did that"
    texts = [
        f"{sentence} {n % 977} #Tag{n % 50} @ada_b https://x.example/{n}" for n in range(posts)
    ]
    pairs = np.unique(dice.integers(0, people * people, follows * 2))[:follows]
    liked = np.unique(dice.integers(0, posts * people, likes * 2))[:likes]
    zeros = np.zeros(posts, dtype=np.int64)
    return replace(
        world,
        people=replace(
            world.people,
            id=persons,
            **{
                name: ["x"] * people
                for name in ("name", "bio", "place", "language", "url", "client")
            },
            username=[f"user{n}" for n in range(people)],
            created_at=persons,
            verified=persons,
        ),
        follows=replace(
            world.follows, follower=persons[pairs % people], followed=persons[pairs // people]
        ),
        posts=replace(
            world.posts,
            id=identifiers,
            author=persons[dice.integers(0, people, posts)],
            at=at,
            **dict.fromkeys(("kind", "refers_to", "addressee", "views", "half_life"), zeros),
            conversation=identifiers,
            language=["en"] * posts,
            text=texts,
        ),
        likes=replace(
            world.likes,
            post=identifiers[liked // people],
            person=persons[liked % people],
            at=at[liked // people],
        ),
        media=replace(
            world.media,
            **{column: [] for column in ("key", "kind", "alt_text")},
            **dict.fromkeys(("post", "width", "height", "milliseconds"), ints([])),
        ),
    )


def test_a_world_of_the_size_that_ships_is_quick(tmp_path: Path) -> None:
    """The bounds are generous: a busy machine is not a mistake, a missing index is."""
    world = _large(40_000, 300_000, 80_000)
    start = time.perf_counter()
    write(world, tmp_path / "public", tmp_path / "truth")
    assert time.perf_counter() - start < 10
    start = time.perf_counter()
    store = Store.open(tmp_path / "public")
    assert time.perf_counter() - start < 0.1
    assert store.database.value("SELECT count(*) FROM base.follows") == 300_000
    assert store.database.value("SELECT count(*) FROM base.likes") == 80_000
    start = time.perf_counter()
    for query in ("court lang:en has:links", "from:user7", "#tag3 -closed", "nobody 976 OR #tag9"):
        store.posts.search(parse(query), Reach(0, MAX_ID, 101), NOW)
    assert time.perf_counter() - start < 1
    store.close()
