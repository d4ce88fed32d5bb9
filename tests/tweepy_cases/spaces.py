"""Live talks."""

from tests.square_world import ADA, BOB, CHITRA, HINDI, NOW, small_id
from tests.tweepy_cases.case import Cases, Stage, ids, names

CASES = Cases()
HOUR = 3600


def opened(stage: Stage) -> None:
    """Chitra's talk that is on, and has tickets; Ada's that is to come."""
    stage.enter(
        "spaces",
        ("1live", CHITRA, "Ask the court", "en", "courts", NOW - 9 * HOUR, NOW - 2 * HOUR,
         NOW + HOUR, 1, 12),
        ("2soon", ADA, "Fines and fees", "en", "courts", NOW - HOUR, NOW + HOUR,
         NOW + 2 * HOUR, 0, 0),
    )  # fmt: skip
    stage.enter(
        "space_people",
        ("1live", "host", CHITRA),
        ("1live", "speaker", ADA),
        ("1live", "buyer", BOB),
        ("2soon", "host", ADA),
    )


@CASES("get_space", "GET /2/spaces/{id}", "its title, state, hosts and speakers")
def one(stage: Stage) -> None:
    opened(stage)
    found = stage.client.get_space(
        "1live",
        space_fields=["title", "speaker_ids", "is_ticketed", "started_at"],
        expansions=["creator_id", "speaker_ids"],
    )
    assert (found.data.state, found.data.title) == ("live", "Ask the court")
    assert found.data.is_ticketed is True
    assert sorted(user.username for user in found.includes["users"]) == ["ada_b", "chitra"]
    assert stage.client.get_space("none").errors[0]["resource_type"] == "space"


@CASES("get_spaces", "GET /2/spaces", "by ids, and by who holds them")
def several(stage: Stage) -> None:
    opened(stage)
    found = stage.client.get_spaces(ids=["2soon", "1live", "none"])
    assert [(each.id, each.state) for each in found.data] == [
        ("2soon", "scheduled"),
        ("1live", "live"),
    ]
    assert found.errors[0]["value"] == "none"
    assert [each.id for each in stage.client.get_spaces(user_ids=[ADA]).data] == ["2soon"]


@CASES("search_spaces", "GET /2/spaces/search", "by words of the title, live or to come")
def search(stage: Stage) -> None:
    opened(stage)
    assert [each.id for each in stage.client.search_spaces("court").data] == ["1live"]
    assert stage.client.search_spaces("court", state="scheduled").data is None
    assert [each.id for each in stage.client.search_spaces("fines", state="all").data] == ["2soon"]


@CASES("get_space_buyers", "GET /2/spaces/{id}/buyers", "for who holds the talk")
def buyers(stage: Stage) -> None:
    opened(stage)
    assert names(stage.granted(CHITRA).get_space_buyers("1live")) == ["Bob"]


@CASES("get_space_tweets", "GET /2/spaces/{id}/tweets", "what was posted in it, while it was on")
def tweets(stage: Stage) -> None:
    opened(stage)
    assert small_id(HINDI) in ids(stage.client.get_space_tweets("1live"))
    assert stage.client.get_space_tweets("2soon").data is None
