"""Compliance jobs."""

import requests

from tests.square_world import ADA, OUTAGE, QUOTE, small_id
from tests.tweepy_cases.case import Cases, Stage

CASES = Cases()


def sent(url: str, ids: list[int]) -> None:
    answer = requests.put(url, "\n".join(map(str, ids)), headers={"content-type": "text/plain"})
    assert answer.status_code == 200, answer.text


@CASES(
    "create_compliance_job", "POST /2/compliance/jobs", "where the ids go, and what it is called"
)
def create(stage: Stage) -> None:
    job = stage.client.create_compliance_job("tweets", name="spring").data
    assert (job["type"], job["name"], job["status"]) == ("tweets", "spring", "created")
    sent(job["upload_url"], [small_id(OUTAGE)])


@CASES("get_compliance_job", "GET /2/compliance/jobs/{id}", "what is gone, when it is done")
def one(stage: Stage) -> None:
    job = stage.client.create_compliance_job("tweets").data
    stage.do(ADA, "delete", post=small_id(OUTAGE))
    sent(job["upload_url"], [small_id(OUTAGE), small_id(QUOTE)])
    stage.clock.advance(3600)
    done = stage.client.get_compliance_job(job["id"]).data
    assert done["status"] == "complete"
    lines = requests.get(done["download_url"]).text.strip().splitlines()
    assert len(lines) == 1
    assert str(small_id(OUTAGE)) in lines[0]


@CASES("get_compliance_jobs", "GET /2/compliance/jobs", "by type and status")
def several(stage: Stage) -> None:
    job = stage.client.create_compliance_job("tweets").data
    stage.client.create_compliance_job("users")
    found = stage.client.get_compliance_jobs("tweets", status="created").data
    assert [each["id"] for each in found] == [job["id"]]
