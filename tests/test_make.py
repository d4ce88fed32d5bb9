"""A world: large enough, whole, the same every time, and its truth apart."""

import hashlib
import json
import subprocess
import sys
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.world import scenario
from kit.world.activity import RING
from kit.world.make import REPOST_LENGTH, make
from kit.world.model import DAY, Kind, Table
from tests import replay
from tests.calderland import PEOPLE, pack, world

SEEDS = [1, 2, 77]


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_as_large_as_the_pack_says(seed: int) -> None:
    made = world(seed)
    past = made.posts.at <= made.now
    assert len(made.people) == pack().people == PEOPLE
    assert past.sum() >= pack().posts
    assert made.posts.at.min() >= made.now - 28 * DAY
    assert (~past).any(), "the clock needs something to come"
    assert list(made.feeds.reading_list).count("feeds") == 150
    assert (made.entries.at <= made.now).sum() > 1000
    assert len(set(made.posts.language)) == 7
    assert set(made.post_truth.storyline) == {"", *(story.name for story in pack().storylines)}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_table_has_a_row_that_hangs_in_the_air(seed: int) -> None:
    made = world(seed)
    people, posts = set(made.people.id.tolist()), set(made.posts.id.tolist())
    assert len(posts) == len(made.posts), "two posts have one id"
    assert (np.diff(made.posts.id) > 0).all(), "ids must rise with time"
    assert set(made.posts.author.tolist()) <= people
    assert set(made.likes.post.tolist()) <= posts
    assert set(made.likes.person.tolist()) <= people
    assert set(made.follows.follower.tolist()) | set(made.follows.followed.tolist()) <= people
    assert set(made.media.post.tolist()) <= posts
    assert made.post_truth.post.tolist() == made.posts.id.tolist()
    assert list(made.entry_truth.entry) == list(made.entries.id)
    assert len(set(made.entries.id)) == len(made.entries)
    names = [name.lower() for name in made.people.username]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 15 for name in names)


def test_nobody_follows_themselves_or_likes_or_reposts_twice() -> None:
    made = world()
    follows = list(made.follows.rows())
    assert len(set(follows)) == len(follows)
    assert (made.follows.follower != made.follows.followed).all()
    liked = list(zip(made.likes.post.tolist(), made.likes.person.tolist(), strict=True))
    assert len(set(liked)) == len(liked)
    reposts = [(a, r) for _, a, _, k, r, *_ in made.posts.rows() if k == Kind.REPOST]
    assert len(set(reposts)) == len(reposts)


def test_answers_come_after_what_they_answer_and_stay_in_its_conversation() -> None:
    posts = world().posts
    row = {identifier: index for index, identifier in enumerate(posts.id.tolist())}
    for index in np.flatnonzero(posts.kind != Kind.ORIGINAL).tolist():
        parent = row[int(posts.refers_to[index])]
        assert posts.at[parent] < posts.at[index]
        assert posts.kind[parent] != Kind.REPOST
        if posts.kind[index] == Kind.REPLY:
            assert posts.conversation[index] == posts.conversation[parent]
            assert posts.addressee[index] == posts.author[parent]
        else:
            assert posts.conversation[index] == posts.id[index]
            assert posts.addressee[index] == 0


def test_texts_are_whole_and_a_repost_repeats_its_original() -> None:
    made = world()
    posts = made.posts
    username = dict(zip(made.people.id.tolist(), made.people.username, strict=True))
    row = {identifier: index for index, identifier in enumerate(posts.id.tolist())}
    texts = list(posts.text)
    for index, text in enumerate(texts):
        assert text.strip() == text != ""
        assert len(text) <= 290, text
        assert "{" not in text, text
        if posts.kind[index] == Kind.REPOST:
            parent = row[int(posts.refers_to[index])]
            whole = f"RT @{username[int(posts.author[parent])]}: {texts[parent]}"
            assert text == whole or (
                len(text) == REPOST_LENGTH and whole.startswith(text.removesuffix("…"))
            )


def test_truth_agrees_with_itself() -> None:
    made = world()
    truth = made.post_truth
    needs = truth.needs_answer == 1
    intents = np.array(truth.intent)
    assert set(intents[needs]) == {"question", "complaint", "sarcasm"}
    assert all(
        bool(owner) == bool(need) for owner, need in zip(truth.answer_from, needs, strict=True)
    )
    assert (truth.answer_by[needs] > made.posts.at[needs]).all()
    assert (truth.answer_by[~needs] == 0).all()
    assert not needs[np.array(truth.storyline) == "live_trial"].any(), "nobody may comment"
    assert set(truth.accurate[intents == "rumour"].tolist()) == {0}
    assert set(truth.accurate[intents == "correction"].tolist()) == {1}
    roles = dict(zip(made.person_truth.person.tolist(), made.person_truth.role, strict=True))
    asking = {roles[author] for author in made.posts.author[needs].tolist()}
    assert asking.isdisjoint({"bot", "advertiser", "ministry", "organisation"})


def test_more_people_see_a_post_than_like_or_answer_it() -> None:
    made = world()
    likes = dict(zip(*np.unique(made.likes.post, return_counts=True), strict=True))
    answers = dict(zip(*np.unique(made.posts.refers_to, return_counts=True), strict=True))
    for identifier, kind, views in zip(
        made.posts.id.tolist(), made.posts.kind.tolist(), made.posts.views.tolist(), strict=True
    ):
        if kind != Kind.REPOST:
            assert views >= likes.get(identifier, 0) + answers.get(identifier, 0)


def test_the_ministry_holds_a_monologue() -> None:
    made = world()
    own = (made.posts.author == made.people.id[0]) & (made.posts.at <= made.now)
    kinds = Counter(made.posts.kind[own].tolist())
    assert kinds[Kind.ORIGINAL] > 50
    assert 0 < kinds[Kind.REPLY] / own.sum() < 0.2


def test_the_same_seed_gives_the_same_bytes_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import json; from kit.world import make, scenario; "
        f"plan = scenario.load('calderland').sized({PEOPLE}); "
        "print(json.dumps(make.make(plan, 1).digests()))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "12345", "PATH": ""},
        capture_output=True,
        check=True,
    )
    assert json.loads(other.stdout) == world().digests()


def test_every_python_and_machine_makes_the_same_bytes() -> None:
    """CI runs this on more than one Python against the one file in git."""
    golden = json.loads(replay.GOLDEN.read_text())
    now = replay.digests()
    assert now == golden, (
        "The world's content has changed. If that is meant, raise VERSION in kit/world/make.py "
        "and run: python -m tests.replay"
    )


def test_another_seed_gives_another_public() -> None:
    ours, other = world(1).digests(), world(2).digests()
    assert ours.keys() == other.keys()
    same = {name for name in ours if ours[name] == other[name]}
    pack = {"places", "feeds", "old_addresses", "feed_truth", "wiki_pages"}
    assert same == pack, "those of the pack"


def test_a_digest_notices_one_changed_value() -> None:
    likes = world().likes
    changed = likes.at.copy()
    changed[0] += 1
    other: Table = type(likes)(post=likes.post, person=likes.person, at=changed)
    assert other.digest() != likes.digest()
    assert len(likes.digest()) == hashlib.sha256().digest_size * 2


@pytest.mark.parametrize("gone", ["jury_rumour", "bot_ring", "rights_campaign"])
def test_without_a_storyline_everybody_else_lives_the_same_life(gone: str) -> None:
    whole = world()
    left = tuple(story for story in pack().storylines if story.name != gone)
    without = make(msgspec.structs.replace(pack(), storylines=left), 1)
    kept = np.array(whole.post_truth.storyline) != gone
    assert 0 < (~kept).sum() < len(kept)
    for name in ("id", "author", "at", "kind", "refers_to", "views", "half_life"):
        assert getattr(without.posts, name).tolist() == getattr(whole.posts, name)[kept].tolist()
    texts = [text for text, stays in zip(whole.posts.text, kept, strict=True) if stays]
    assert list(without.posts.text) == texts
    stay = set(without.posts.id.tolist())
    assert list(without.likes.rows()) == [row for row in whole.likes.rows() if row[0] in stay]
    assert without.people.digest() == whole.people.digest()
    assert without.follows.digest() == whole.follows.digest()


@pytest.mark.slow
def test_at_full_size_no_storyline_touches_anybody_elses_posts() -> None:
    plan = scenario.load("calderland")
    whole = make(plan, 2)
    stories = np.array(whole.post_truth.storyline)
    for gone in plan.storylines:
        left = tuple(story for story in plan.storylines if story is not gone)
        without = make(msgspec.structs.replace(plan, storylines=left), 2)
        kept = stories != gone.name
        for name in ("id", "author", "at", "kind", "refers_to", "views", "half_life"):
            ours, theirs = getattr(whole.posts, name)[kept], getattr(without.posts, name)
            assert np.array_equal(ours, theirs), (gone.name, name)
        assert np.array_equal(whole.post_truth.via[kept], without.post_truth.via), gone.name


def test_a_repost_came_through_the_original_or_another_repost_of_it() -> None:
    posts, via = world().posts, world().post_truth.via
    reposts = posts.kind == Kind.REPOST
    assert (via[~reposts] == 0).all()
    assert (via[reposts] < posts.id[reposts]).all()
    through = np.searchsorted(posts.id, via[reposts])
    assert (posts.id[through] == via[reposts]).all()
    origin = np.where(posts.kind[through] == Kind.REPOST, posts.refers_to[through], via[reposts])
    assert (origin == posts.refers_to[reposts]).all()
    assert (posts.kind[through] == Kind.REPOST).any(), "everything came straight from its author"


def test_a_ring_of_a_few_accounts_posts_in_bursts_and_hardly_varies_its_words() -> None:
    made = world()
    ring = np.array(made.post_truth.storyline) == "bot_ring"
    own = np.flatnonzero(ring & (made.posts.kind == Kind.ORIGINAL))
    assert made.post_truth.by_bot[own].all()
    assert len(set(made.posts.author[own].tolist())) <= max(4, PEOPLE // RING)
    starts = [text[:12] for text in map(made.posts.text.__getitem__, own.tolist())]
    assert len(set(starts)) < len(own) / 2


def test_texts_read_in_any_order_are_the_same_texts() -> None:
    texts = world().posts.text
    rows = [5, 17_000, 3, 17_000, -1]
    assert [texts[row] for row in rows] == [list(texts)[row] for row in rows]
    assert texts[10:20] == list(texts)[10:20]


@settings(max_examples=6)
@given(st.integers(-(10**9), 10**9), st.integers(200, 420))
def test_any_seed_and_size_replays_to_the_byte(seed: int, people: int) -> None:
    plan = pack().sized(people)
    assert make(plan, seed).digests() == make(plan, seed).digests()


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.sampled_from([story.name for story in pack().storylines]))
def test_whatever_the_seed_no_storyline_touches_anybody_elses_posts(seed: int, gone: str) -> None:
    plan = pack().sized(600)
    left = tuple(story for story in plan.storylines if story.name != gone)
    whole, without = make(plan, seed), make(msgspec.structs.replace(plan, storylines=left), seed)
    kept = np.array(whole.post_truth.storyline) != gone
    assert whole.posts.id[kept].tolist() == without.posts.id.tolist()
    assert whole.posts.author[kept].tolist() == without.posts.author.tolist()
    assert whole.posts.views[kept].tolist() == without.posts.views.tolist()
    theirs = [text for text, stays in zip(whole.posts.text, kept, strict=True) if stays]
    assert theirs == list(without.posts.text)
