"""Compliance jobs: a list of ids goes in, and what is gone of it comes out, by the clock."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import tweepy

from kit.square import acts
from kit.world.model import DAY
from tests.live import Live, live
from tests.square_world import (
    ADA,
    BOB,
    NOW,
    OUTAGE,
    PICTURE,
    QUOTE,
    REPOST,
    opened,
    small_id,
)

MINUTE = 60


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as opened:
        yield opened


def status(here: Live, job: str) -> str:
    found: str = here.app.get_compliance_job(job).data["status"]
    return found


def send(job: dict[str, str], *lines: object) -> requests.Response:
    content = "\n".join(map(str, lines))
    return requests.put(job["upload_url"], content, headers={"content-type": "text/plain"})


def test_a_job_tells_which_posts_are_gone_since_when(here: Live) -> None:
    job = here.app.create_compliance_job("tweets", name="Monday").data
    assert job == {
        "id": job["id"],
        "type": "tweets",
        "name": "Monday",
        "created_at": "2026-06-01T08:00:00.000Z",
        "upload_url": job["upload_url"],
        "upload_expires_at": "2026-06-01T08:15:00.000Z",
        "download_url": job["download_url"],
        "download_expires_at": "2026-06-08T08:00:00.000Z",
        "status": "created",
    }
    assert job["upload_url"].startswith(f"{here.square.url}/")
    here.clock.advance(MINUTE)
    here.by(ADA).delete_tweet(small_id(OUTAGE))
    here.clock.advance(MINUTE)
    sent = send(job, small_id(QUOTE), small_id(OUTAGE), 5, small_id(REPOST))
    assert (sent.status_code, sent.text) == (200, "")
    assert status(here, job["id"]) == "complete"
    here.by(BOB).delete_tweet(small_id(PICTURE))
    answer = requests.get(job["download_url"])
    assert answer.headers["content-type"].startswith("text/plain")
    assert [json.loads(line) for line in answer.text.splitlines()] == [
        {
            "id": str(small_id(number)),
            "action": "delete",
            "created_at": created,
            "redacted_at": "2026-06-01T08:01:00.000Z",
            "reason": "deleted",
        }
        for number, created in (
            (OUTAGE, "2026-06-01T03:00:00.000Z"),
            (REPOST, "2026-06-01T05:00:00.000Z"),
        )
    ], "a repost goes with its original"


def test_what_goes_after_the_list_was_read_is_not_in_the_answer(here: Live) -> None:
    job = here.app.create_compliance_job("tweets").data
    assert "name" not in job
    send(job, small_id(OUTAGE))
    here.clock.advance(1)
    here.by(ADA).delete_tweet(small_id(OUTAGE))
    assert requests.get(job["download_url"]).text == ""


def test_the_state_of_a_job_follows_from_the_clock(here: Live) -> None:
    waiting = here.app.create_compliance_job("tweets").data
    here.clock.advance(15 * MINUTE - 1)
    assert status(here, waiting["id"]) == "created"
    here.clock.advance(1)
    assert status(here, waiting["id"]) == "expired"
    assert send(waiting, 1).status_code == 403
    job = here.app.create_compliance_job("tweets").data
    send(job, *range(1, 60_001))
    assert status(here, job["id"]) == "in_progress"
    early = requests.get(job["download_url"])
    assert (early.status_code, early.json()["detail"]) == (
        404,
        "There is no answer: the job is in_progress.",
    )
    here.clock.advance(MINUTE)
    assert status(here, job["id"]) == "complete"
    assert send(job, 1).status_code == 403, "it has its list"
    here.clock.advance(7 * DAY)
    assert status(here, job["id"]) == "expired"
    assert requests.get(job["download_url"]).status_code == 404


def test_a_list_that_is_none_fails(here: Live) -> None:
    job = here.app.create_compliance_job("users").data
    send(job, ADA, "ada_b")
    assert status(here, job["id"]) == "failed"
    again = here.app.create_compliance_job("users").data
    send(again, ADA, "", "99999999")
    assert requests.get(again["download_url"]).text == "", "no account is ever gone"


def test_an_app_sees_its_own_jobs_and_has_one_open_of_each_kind(here: Live) -> None:
    tweets = here.app.create_compliance_job("tweets").data
    users = here.app.create_compliance_job("users").data
    with pytest.raises(tweepy.HTTPException, match="one at a time") as refused:
        here.app.create_compliance_job("tweets")
    assert refused.value.response.status_code == 409
    send(tweets, 1)
    second = here.app.create_compliance_job("tweets").data

    def ids(kind: str, **params: str) -> list[str]:
        found = here.app.get_compliance_jobs(kind, **params)
        assert found.meta == {"result_count": len(found.data or [])}
        return [each["id"] for each in found.data or []]

    assert ids("tweets") == [second["id"], tweets["id"]]
    assert ids("tweets", status="complete") == [tweets["id"]]
    assert ids("users", status="created") == [users["id"]]
    assert ids("users", status="in_progress") == []
    other = here.square.wire(tweepy.Client(here.square.credentials("ada_b").bearer_token))
    assert other.get_compliance_jobs("tweets").data is None
    with pytest.raises(tweepy.NotFound, match="no job"):
        other.get_compliance_job(tweets["id"])
    with pytest.raises(tweepy.BadRequest, match="not one of"):
        here.app.get_compliance_jobs("lists")
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        here.by(ADA)._make_request("GET", "/2/compliance/jobs", user_auth=True)


@pytest.mark.parametrize("what", ["upload", "download"])
def test_an_address_that_was_not_given_out_opens_nothing(here: Live, what: str) -> None:
    job = here.app.create_compliance_job("tweets").data
    address = job[f"{what}_url"]
    other = job["download_url" if what == "upload" else "upload_url"]
    for wrong in (
        address.split("?")[0],
        f"{address[:-1]}{'0' if address[-1] != '0' else '1'}",
        f"{address.split('=')[0]}={other.split('=')[1]}",
        address.replace(job["id"], str(int(job["id"]) + 1)),
    ):
        answer = requests.request("PUT" if what == "upload" else "GET", wrong, data="1")
        assert answer.status_code == 403
        assert "not given out" in answer.json()["detail"]
    assert status(here, job["id"]) == "created"


def test_jobs_can_be_done_again_and_give_the_same(here: Live, tmp_path: Path) -> None:
    send(here.app.create_compliance_job("tweets").data, 1, 2)
    again = opened(tmp_path / "public.square")
    acts.replay(again, acts.log(here.store))
    sql = "SELECT * FROM main.compliance_jobs"
    assert again.database.read(lambda *row: row, sql) == here.store.database.read(
        lambda *row: row, sql
    )
    assert again.now == NOW
    again.close()
