"""Talks, lists and places: of a pack's own words, the same each time, moving nothing else."""

import math
import re
from pathlib import Path

import msgspec
import pytest

from kit.errors import ScenarioError
from kit.world import lint, pack, reskin, scenario, towns
from kit.world.gatherings import LISTS, TALKS
from kit.world.make import make
from kit.world.model import Kind, Role, World, id_time
from kit.world.phrasebook import Gatherings, ListPlan
from kit.world.scenario import Scenario
from tests.calderland import pack as calderland
from tests.calderland import world

_KEEPERS = {Role.ORGANISATION, Role.JOURNALIST, Role.BLOGGER}


def roles(made: World) -> dict[int, str]:
    return dict(zip(made.person_truth.person.tolist(), made.person_truth.role, strict=True))


def languages(made: World) -> dict[int, str]:
    return dict(zip(made.people.id.tolist(), made.people.language, strict=True))


@pytest.fixture(scope="module")
def council() -> tuple[Scenario, World]:
    plan = scenario.load("council").sized(2_000)
    return plan, make(plan, 5)


def test_talks_are_over_on_announced_and_still_to_be_announced() -> None:
    made, now = world(), world().now
    spaces = made.spaces
    sorts = {
        "over": spaces.ends <= now,
        "on": (spaces.starts <= now) & (now < spaces.ends),
        "announced": (spaces.at <= now) & (now < spaces.starts),
        "later": spaces.at > now,
    }
    assert {sort: int(which.sum()) for sort, which in sorts.items()} == TALKS
    assert (spaces.at <= spaces.starts).all()
    assert (spaces.starts < spaces.ends).all()
    assert spaces.starts.min() >= calderland().begins
    assert spaces.starts.max() < calderland().ends
    assert spaces.starts.tolist() == sorted(spaces.starts.tolist())


@pytest.mark.parametrize("name", ["calderland", "council"])
def test_titles_are_the_packs_own_in_the_hosts_language(
    name: str, council: tuple[Scenario, World]
) -> None:
    plan, made = council if name == "council" else (calderland(), world())
    spoken = languages(made)
    for row in made.spaces.rows():
        _, creator, title, language, topic, *_ = row
        assert language == spoken[creator]
        assert title in plan.phrasebooks[language].gatherings.talks[topic]
        assert roles(made)[creator] in _KEEPERS
    assert len(set(made.spaces.language)) >= 3
    assert len(set(made.spaces.creator.tolist())) == len(made.spaces)


def test_ids_of_talks_are_as_xs_and_none_comes_twice() -> None:
    ids = list(world().spaces.id)
    assert all(re.fullmatch(r"1[a-zA-Z0-9]{12}", each) for each in ids)
    assert len(set(ids)) == len(ids)


def test_a_talk_has_its_host_and_speakers_among_the_hosts_followers() -> None:
    made = world()
    follows = set(zip(made.follows.follower.tolist(), made.follows.followed.tolist(), strict=True))
    creators = dict(zip(made.spaces.id, made.spaces.creator.tolist(), strict=True))
    ticketed = dict(zip(made.spaces.id, made.spaces.ticketed.tolist(), strict=True))
    seen: dict[tuple[str, str], set[int]] = {}
    for space, role, person in made.space_people.rows():
        seen.setdefault((space, role), set()).add(person)
    for space, creator in creators.items():
        assert seen[space, "host"] == {creator}
        assert seen[space, "invited"] <= seen[space, "speaker"]
        for role in ("speaker", "buyer"):
            assert all((who, creator) in follows for who in seen.get((space, role), ()))
        assert ((space, "buyer") in seen) <= bool(ticketed[space])
    assert any(role == "buyer" for _, role in seen)


def test_lists_hold_people_of_their_language_who_care_about_their_topic() -> None:
    made, plan = world(), calderland()
    spoken, truth = languages(made), made.person_truth
    cares = {
        person: {first, second}
        for person, first, second in zip(
            truth.person.tolist(), truth.interest, truth.second_interest, strict=True
        )
    }
    owners = dict(zip(made.lists.id.tolist(), made.lists.owner.tolist(), strict=True))
    names = dict(zip(made.lists.id.tolist(), made.lists.name, strict=True))
    assert len(owners) == LISTS
    members: dict[int, set[int]] = {each: set() for each in owners}
    for of, person in made.list_members.rows():
        members[of].add(person)
    for of, people in members.items():
        language = spoken[owners[of]]
        topics = {
            each.topic
            for each in plan.phrasebooks[language].gatherings.lists
            if each.name == names[of]
        }
        assert roles(made)[owners[of]] in _KEEPERS
        assert owners[of] not in people
        assert people
        for person in people:
            assert spoken[person] == language
            assert not cares[person].isdisjoint(topics)
            assert roles(made)[person] not in (Role.BOT, Role.ADVERTISER)


def test_nobody_follows_a_private_list_and_the_keepers_followers_follow_the_others() -> None:
    made = world()
    private = set(made.lists.id[made.lists.private == 1].tolist())
    owners = dict(zip(made.lists.id.tolist(), made.lists.owner.tolist(), strict=True))
    follows = set(zip(made.follows.follower.tolist(), made.follows.followed.tolist(), strict=True))
    assert 3 <= len(private) <= LISTS // 2
    assert len(made.list_followers) > 20
    for of, person in made.list_followers.rows():
        assert of not in private
        assert (person, owners[of]) in follows


def test_ids_of_lists_hold_their_time_and_all_are_there_at_the_start() -> None:
    lists = world().lists
    assert [id_time(each) for each in lists.id.tolist()] == lists.at.tolist()
    assert lists.at.tolist() == sorted(lists.at.tolist())
    assert lists.at.max() < world().now


def test_every_town_is_a_place_of_an_invented_country_far_from_any_land() -> None:
    places = towns.places(calderland())
    assert list(places.name) == list(calderland().places)
    assert places.full_name[0] == "Alderwick, Calderland"
    assert set(places.country_code) == {"XC"}, "ISO 3166 leaves XA to XZ to its users"
    assert len(set(places.id)) == len(places)
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in places.id)
    # Point Nemo: no land within 2,688 km.
    for x, y in ((places.west, places.south), (places.east, places.north)):
        for longitude, latitude in zip(x.tolist(), y.tolist(), strict=True):
            assert _kilometres(-123.3933, -48.8767, longitude, latitude) < 500
    for one in range(len(places)):
        for other in range(one):
            apart = (
                places.east[one] < places.west[other]
                or places.east[other] < places.west[one]
                or places.north[one] < places.south[other]
                or places.north[other] < places.south[one]
            )
            assert apart, (places.name[one], places.name[other])


def _kilometres(west: float, south: float, east: float, north: float) -> float:
    y = math.radians(north - south)
    x = math.radians(east - west) * math.cos(math.radians((south + north) / 2))
    return 6371 * math.hypot(x, y)


def test_the_towns_of_a_council_are_neighbourhoods(council: tuple[Scenario, World]) -> None:
    _, made = council
    assert set(made.places.kind) == {"neighborhood"}
    assert set(made.places.country) == {"Calderland"}


def test_one_to_two_in_a_hundred_posts_that_citizens_begin_carry_their_own_town() -> None:
    made = world()
    town = dict(zip(made.places.id, made.places.name, strict=True))
    home = dict(zip(made.people.id.tolist(), made.people.place, strict=True))
    citizens = {person for person, role in roles(made).items() if role == Role.CITIZEN}
    posts = dict(
        zip(
            made.posts.id.tolist(),
            zip(made.posts.author.tolist(), made.posts.kind.tolist(), strict=True),
            strict=True,
        )
    )
    for post, place in made.tagged.rows():
        author, kind = posts[post]
        assert kind == Kind.ORIGINAL
        assert author in citizens
        assert town[place] == home[author]
    begun = sum(kind == Kind.ORIGINAL and who in citizens for who, kind in posts.values())
    assert 0.01 < len(made.tagged) / begun < 0.02


def test_a_pack_without_gatherings_has_none_and_everything_else_is_the_same() -> None:
    plan = scenario.load("calderland").sized(400)
    books = {
        code: msgspec.structs.replace(book, gatherings=Gatherings())
        for code, book in plan.phrasebooks.items()
    }
    silent = make(msgspec.structs.replace(plan, phrasebooks=books), 2)
    usual = make(plan, 2)
    new = {"lists", "list_members", "list_followers", "spaces", "space_people"}
    assert all(len(silent.tables()[name]) == 0 for name in new)
    assert all(len(usual.tables()[name]) > 0 for name in new)
    same = {name for name, digest in silent.digests().items() if usual.digests()[name] == digest}
    assert same == set(usual.tables()) - new


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Court watchers"', f'name = "{"x" * 26}"', "25"),
        ('name = "Court watchers"', 'title = "Court watchers"', "title"),
        ('topic = "trains"', 'topic = "ships"', "no \\[topics.ships\\]"),
        ('"Calling at', '"by @realname calling at', "@realname"),
    ],
)
def test_a_mistake_in_a_packs_gatherings_is_named(
    old: str, new: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_SCENARIOS", str(tmp_path))
    mine = reskin.new("mine", "calderland")
    place = mine.folder / "gatherings" / "en.toml"
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), "utf-8")
    problems = lint.check(pack.at(mine.folder))
    assert re.search(told, "\n".join(map(str, problems)))
    assert "gatherings/en.toml" in str(problems[0])


def test_a_list_about_nothing_is_refused_when_a_world_is_made() -> None:
    plan = scenario.load("calderland").sized(400)
    ships = Gatherings(lists=(ListPlan(topic="ships", name="Ships"),))
    books = {
        code: msgspec.structs.replace(book, gatherings=ships)
        for code, book in plan.phrasebooks.items()
    }
    with pytest.raises(ScenarioError, match=r"a list about 'ships'.*\[topics\.ships\]"):
        make(msgspec.structs.replace(plan, phrasebooks=books), 2)


def test_a_services_new_name_is_in_the_titles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_SCENARIOS", str(tmp_path))
    mine = reskin.new("mine", "calderland")
    reskin.change(mine, {"service.court_booking": "HallBook"})
    titles = scenario.load("mine").phrasebooks["en"].gatherings.talks["court_booking"]
    assert titles[0] == "HallBook, one Monday later: who got a date?"
