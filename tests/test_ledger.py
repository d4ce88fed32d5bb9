"""What calls would have cost on X: by whom, for what, once a day, and to the last thousandth."""

import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import kit
from kit.desk.client import Square
from kit.square.access.auth import Caller, Method
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.meter import ledger as ledger_module
from kit.square.meter.ledger import Ledger, by_endpoint
from kit.square.meter.limits import LIMITS
from kit.square.meter.prices import INCLUDED, OWNED, PRICES, SOLD
from kit.square.store import Store
from kit.world.model import DAY, HOUR
from tests.calderland import PEOPLE
from tests.conftest import Api
from tests.square_world import ADA, ANSWER, BOB, MINISTRY, NOW, OUTAGE, small_id

SEARCH = "GET /2/tweets/search/recent"
MIDNIGHT = NOW // DAY * DAY + DAY


def app(of: int) -> Caller:
    return Caller(Method.BEARER, of)


def person(app: int, who: int) -> Caller:
    return Caller(Method.OAUTH1, app, who)


def posts(*ids: int, authors: tuple[int, ...] = ()) -> dict[str, Any]:
    answer: dict[str, Any] = {"data": [{"id": str(each), "text": "x"} for each in ids]}
    if authors:
        answer["includes"] = {"users": [{"id": str(each)} for each in authors]}
    return answer


def cost(ledger: Ledger, app: int | None = None) -> int:
    return sum(line.microdollars for line in ledger.table(app))


# The prices


def test_each_endpoint_is_sold_under_a_name_that_has_a_price() -> None:
    assert set(SOLD.values()) | set(INCLUDED.values()) <= set(PRICES)
    assert set(SOLD) <= set(LIMITS)
    assert set(OWNED) <= set(SOLD)


@pytest.mark.parametrize(
    ("endpoint", "answer", "microdollars"),
    [
        (SEARCH, posts(1, 2, 3), 15_000),
        (SEARCH, posts(1, authors=(7, 8)), 5_000 + 20_000),
        ("GET /2/users/me", {"data": {"id": "7"}}, 10_000),
        ("GET /2/lists/{id}", {"data": {"id": "7"}}, 5_000),
        ("GET /2/users/{id}/followers", posts(7, 8), 20_000),
        (SEARCH, {"meta": {"result_count": 0}}, 0),
        ("GET /2/tweets/{id}", {"errors": [{"title": "Not Found Error"}]}, 0),
        ("POST /2/tweets", {"data": {"id": "9", "text": "Good morning"}}, 15_000),
        ("POST /2/tweets", {"data": {"id": "9", "text": "See https://a.example/b"}}, 200_000),
        ("POST /2/users/{id}/likes", {"data": {"liked": True}}, 15_000),
        ("DELETE /2/users/{id}/likes/{id}", {"data": {"liked": False}}, 10_000),
        ("DELETE /2/tweets/{id}", {"data": {"deleted": True}}, 5_000),
        ("GET /2/tweets/counts/recent", {"data": [{"tweet_count": 3}]}, 5_000),
        ("GET /2/usage/tweets", {"data": {}}, 0),
        ("GET /2/tweets/search/stream/rules", {"data": [{"id": "1", "value": "x"}]}, 0),
    ],
)
def test_what_is_paid_for(endpoint: str, answer: dict[str, Any], microdollars: int) -> None:
    ledger = Ledger()
    ledger.enter(endpoint, app(ADA), answer, NOW)
    [line] = ledger.table()
    assert (line.endpoint, line.calls, line.microdollars) == (endpoint, 1, microdollars)
    assert line.dollars * 1_000_000 == microdollars


def test_a_thing_is_paid_once_in_a_day_however_it_is_read() -> None:
    ledger = Ledger()
    ledger.enter(SEARCH, app(ADA), posts(1, 2, authors=(7,)), MIDNIGHT - HOUR)
    ledger.enter("GET /2/tweets/{id}", app(ADA), {"data": {"id": "1"}}, MIDNIGHT - 1)
    ledger.enter("GET /2/users/{id}/followers", app(ADA), posts(7), MIDNIGHT - 1)
    assert cost(ledger) == 2 * 5_000 + 10_000
    read = {line.endpoint: (line.resources, line.charged) for line in ledger.table()}
    assert read[SEARCH] == (3, 3)
    assert read["GET /2/tweets/{id}"] == (1, 0)
    ledger.enter("GET /2/tweets/{id}", app(ADA), {"data": {"id": "1"}}, MIDNIGHT)
    assert cost(ledger) == 3 * 5_000 + 10_000


def test_a_post_and_an_account_with_one_id_are_two_things() -> None:
    ledger = Ledger()
    ledger.enter(SEARCH, app(ADA), posts(7, authors=(7,)), NOW)
    assert cost(ledger) == 15_000


def test_each_app_pays_for_itself_and_its_people() -> None:
    ledger = Ledger()
    ledger.enter(SEARCH, app(ADA), posts(1), NOW)
    ledger.enter(SEARCH, person(ADA, BOB), posts(1, 2), NOW)
    ledger.enter(SEARCH, app(BOB), posts(1), NOW)
    assert cost(ledger, ADA) == 10_000
    assert cost(ledger, BOB) == 5_000
    [both] = by_endpoint(ledger.table())
    assert (both.calls, both.resources, both.charged) == (3, 4, 3)


@pytest.mark.parametrize(
    ("caller", "owner", "price"),
    [
        (person(ADA, ADA), str(ADA), 1_000),
        (person(ADA, ADA), str(BOB), 5_000),  # somebody else's posts
        (person(BOB, ADA), str(ADA), 5_000),  # through somebody else's app
        (app(ADA), str(ADA), 5_000),  # an app is nobody
    ],
)
def test_ones_own_things_cost_less(caller: Caller, owner: str, price: int) -> None:
    ledger = Ledger()
    timeline = posts(1, authors=(9,))
    ledger.enter("GET /2/users/{id}/tweets", caller, timeline, NOW, owner)
    assert cost(ledger) == price + 10_000  # who is read in passing is not one's own


def test_what_a_stream_delivers_is_paid_and_is_no_call() -> None:
    ledger = Ledger()
    stream = "GET /2/tweets/search/stream"
    ledger.enter(stream, app(ADA), {}, NOW)
    for number in (1, 2, 2):
        ledger.deliver(stream, ADA, {"data": {"id": str(number)}, "matching_rules": []}, NOW)
    [line] = ledger.table()
    assert (line.calls, line.resources, line.charged, line.microdollars) == (1, 3, 2, 10_000)


def test_what_is_remembered_of_an_app_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "_REMEMBERED", 100)
    ledger = Ledger()
    ledger.enter(SEARCH, app(ADA), posts(*range(150)), NOW)
    ledger.enter(SEARCH, app(ADA), posts(*range(150)), NOW)
    assert cost(ledger) == (150 + 50) * 5_000
    for day in range(200):
        ledger.enter(SEARCH, app(ADA), posts(1), NOW + day * DAY)
    assert len(ledger.posts(ADA)) == 90


def test_a_sum_of_many_prices_is_exact() -> None:
    ledger = Ledger()
    for _ in range(1000):
        ledger.enter("POST /2/users/{id}/likes", app(ADA), {"data": {"liked": True}}, NOW)
        ledger.enter("GET /2/tweets/counts/recent", app(ADA), {"data": []}, NOW)
    assert sum(line.dollars for line in ledger.table()) == Decimal(20)


def test_it_can_be_read_while_others_write() -> None:
    ledger = Ledger()
    ended = threading.Event()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def write() -> None:
        for number in range(3000):
            ledger.enter(f"GET /{number}", app(number % 50), {}, NOW)
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not ended.is_set():
            assert len(ledger.table()) <= 3000
            ledger.summary()
    finally:
        writer.join()
        sys.setswitchinterval(interval)
    assert len(ledger.table()) == 3000


def test_the_summary_says_what_and_how_much_the_dearest_first() -> None:
    ledger = Ledger()
    assert ledger.summary() == ""
    ledger.enter("GET /2/users/me", app(ADA), {"data": {"id": "7"}}, NOW)
    ledger.enter("POST /2/tweets", app(ADA), {"data": {"text": "https://a.example"}}, NOW)
    title, dearest, other = ledger.summary().splitlines()
    assert "$0.210" in title
    assert dearest.split() == ["POST", "/2/tweets", "1", "calls", "0", "resources", "$", "0.200"]
    assert other.split() == ["GET", "/2/users/me", "1", "calls", "1", "resources", "$", "0.010"]


# On a Square


def test_calls_are_entered_and_refusals_are_not(small_store: Store, clock: Clock) -> None:
    ledger = Ledger()
    api = Api(make_app(small_store, clock, ledger=ledger))
    ids = f"{small_id(OUTAGE)},{small_id(ANSWER)}"
    assert api("/2/tweets", {"ids": ids, "expansions": "author_id"}).status_code == 200
    assert api("/2/tweets", {"ids": "none"}).status_code == 400
    assert api("/2/users/me").status_code == 403
    assert api(f"/2/users/{ADA}/following").status_code == 200
    lines = {line.endpoint: line for line in ledger.table(MINISTRY)}
    assert set(lines) == {"GET /2/tweets", "GET /2/users/{id}/following"}
    assert lines["GET /2/tweets"].microdollars == 2 * 5_000 + 2 * 10_000
    assert lines["GET /2/users/{id}/following"].charged == 0  # the ministry was paid already


@pytest.fixture
def used(small_store: Store, clock: Clock) -> tuple[Api, Clock]:
    """An API by which two posts were read yesterday, and one of them today."""
    api = Api(make_app(small_store, clock))
    both = [small_id(OUTAGE), small_id(ANSWER)]
    api("/2/tweets", {"ids": ",".join(map(str, both))})
    clock.advance(DAY)
    api(f"/2/tweets/{both[0]}")
    return api, clock


def test_usage_says_how_many_posts_were_read(used: tuple[Api, Clock]) -> None:
    api, _ = used
    usage = api("/2/usage/tweets").json()["data"]
    assert usage == {
        "cap_reset_day": 29,  # it is 2 June
        "project_cap": 3_000_000,
        "project_id": str(MINISTRY),
        "project_usage": 3,
    }
    daily = api("/2/usage/tweets", {"usage.fields": "daily_project_usage", "days": 3}).json()
    assert daily["data"] == {
        "daily_project_usage": {
            "project_id": MINISTRY,
            "usage": [
                {"date": "2026-05-31T00:00:00.000Z", "usage": 0},
                {"date": "2026-06-01T00:00:00.000Z", "usage": 2},
                {"date": "2026-06-02T00:00:00.000Z", "usage": 1},
            ],
        }
    }


def test_usage_begins_anew_with_the_month(used: tuple[Api, Clock]) -> None:
    api, clock = used
    clock.advance(29 * DAY)
    assert api("/2/usage/tweets").json()["data"]["project_usage"] == 0
    api(f"/2/tweets/{small_id(OUTAGE)}")
    assert api("/2/usage/tweets").json()["data"]["project_usage"] == 1


def test_all_of_usage_can_be_asked_for_and_nothing_else(used: tuple[Api, Clock]) -> None:
    api, _ = used
    fields = {
        *("cap_reset_day", "daily_client_app_usage", "daily_project_usage"),
        *("project_cap", "project_id", "project_usage"),
    }
    answer = api("/2/usage/tweets", {"usage.fields": ",".join(fields)}).json()
    assert set(answer["data"]) == fields
    [app] = answer["data"]["daily_client_app_usage"]
    assert app["client_app_id"] == str(MINISTRY)
    assert app["usage_result_count"] == len(app["usage"]) == 7
    assert api("/2/usage/tweets", {"days": 91}).status_code == 400
    assert api("/2/usage/tweets", {"usage.fields": "price"}).status_code == 400


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


def test_a_square_shows_its_ledger_as_a_table(square: Square) -> None:
    assert square.ledger().empty
    square.client.search_recent_tweets("court", max_results=20)
    square.client.search_recent_tweets("court", max_results=10)
    square.client_for("team_blue").get_user(username="CalderJustice")
    table = square.ledger()
    assert list(table.columns) == ["endpoint", "calls", "resources", "charged", "dollars"]
    assert table.to_dict("records") == [
        {
            "endpoint": SEARCH,
            "calls": 2,
            "resources": 30,
            "charged": 20,
            "dollars": Decimal("0.1"),
        },
        {
            "endpoint": "GET /2/users/by/username/{id}",
            "calls": 1,
            "resources": 1,
            "charged": 1,
            "dollars": Decimal("0.01"),
        },
    ]
    assert table.attrs["total"] == Decimal("0.11")
    assert square.ledger("team_blue").attrs["total"] == Decimal("0.01")
    assert "$0.110" in square.costs()
    with pytest.raises(ValueError, match="Nobody is called 'nobody_here'"):
        square.ledger("nobody_here")
