"""X's limits: how often, for whom, by which clock, and what a client is told."""

import time
from collections.abc import Iterator

import pytest
import tweepy
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount, Route

from kit.square.access.auth import Caller, Method
from kit.square.access.tokens import Tokens
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.meter import limits as limits_module
from kit.square.meter.limits import LIMITS, Limit, Limits, Window, endpoint
from kit.square.meter.stopwatch import Moment, Stopwatch
from kit.square.network.server import Server
from kit.square.site import make_site
from kit.square.store import Store
from tests.conftest import Api
from tests.square_world import ADA, BOB, MINISTRY, NOW, OUTAGE, small_id
from tests.test_server import client_of

QUARTER = 15 * 60
SEARCH = "GET /2/tweets/search/recent"
EPOCH = 1_900_000_000


class Wall:
    """A wall's clock that is moved by hand."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return 5000.0 + self.passed

    def epoch(self) -> float:
        return EPOCH + self.passed


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def watch(wall: Wall) -> Stopwatch:
    return Stopwatch(Clock(NOW, wall=wall), wall, wall.epoch)


def person(app: int, who: int) -> Caller:
    return Caller(Method.OAUTH1, app, who)


def app(of: int) -> Caller:
    return Caller(Method.BEARER, of)


def admitted(limits: Limits, name: str, caller: Caller, tries: int) -> int:
    return sum(not limits.admit(name, caller).refused for _ in range(tries))


# The stopwatch


def test_while_the_squares_clock_stands_still_the_walls_counts(
    wall: Wall, watch: Stopwatch
) -> None:
    start = watch.now
    wall.passed = 899
    assert watch.since(start) == 899
    assert watch.ends(start, QUARTER) == EPOCH + 900


def test_a_clock_that_is_moved_on_ends_the_wait_at_once(wall: Wall, watch: Stopwatch) -> None:
    start = watch.now
    wall.passed = 2
    watch.clock.advance(3600)
    assert watch.since(start) == 3600
    watch.clock.run(60)
    assert watch.ends(start, QUARTER) == EPOCH + 2


def test_at_speed_60_a_quarter_of_an_hour_takes_15_seconds(wall: Wall, watch: Stopwatch) -> None:
    watch.clock.run(60)
    start = watch.now
    assert watch.ends(start, QUARTER) == EPOCH + 15
    wall.passed = 14.9
    assert watch.since(start) < QUARTER
    wall.passed = 15
    assert watch.since(start) == QUARTER


def test_a_clock_slower_than_the_walls_does_not_lengthen_the_wait(
    wall: Wall, watch: Stopwatch
) -> None:
    watch.clock.run(0.5)
    start = watch.now
    assert watch.ends(start, QUARTER) == EPOCH + 900
    wall.passed = 900
    assert watch.since(start) == 900


@given(
    speed=st.sampled_from([0.0, 0.3, 1.0, 7.5, 60.0, 86_400.0]),
    before=st.floats(0, 10),
    seconds=st.integers(1, 100_000),
    advanced=st.integers(0, 100_000),
    later=st.floats(0, 100_000),
)
def test_a_promised_end_is_never_too_early(
    speed: float, before: float, seconds: int, advanced: int, later: float
) -> None:
    wall = Wall()
    watch = Stopwatch(Clock(NOW, speed, wall), wall, wall.epoch)
    wall.passed = before
    start = watch.now
    wall.passed += later
    watch.clock.advance(advanced)
    end = watch.ends(start, seconds)
    # Where the promise lies is whole seconds away: a float's last digit is not.
    wall.passed = max(wall.passed, end - EPOCH) + 1e-6
    assert watch.since(start) >= seconds - 1e-6


# The table


def test_every_endpoint_that_is_served_is_in_the_table(small_store: Store) -> None:
    site = make_site(small_store, Clock(NOW))
    api = next(route for route in site.routes if isinstance(route, Mount) and route.path == "/2")
    served = {
        endpoint(method, f"/2{route.path}")
        for route in api.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert len(served) > 25
    assert served <= set(LIMITS)


@pytest.mark.parametrize(
    ("name", "of_app", "of_person"),
    [
        (SEARCH, [(450, QUARTER)], [(300, QUARTER)]),
        ("POST /2/tweets", [(10_000, 86_400)], [(100, QUARTER)]),
        ("GET /2/users/me", [(75, QUARTER)], [(75, QUARTER)]),
        ("GET /2/tweets/search/all", [(1, 1), (300, QUARTER)], [(1, 1)]),
        ("POST /2/users/{id}/likes", *[[(50, QUARTER), (1000, 86_400)]] * 2),
    ],
)
def test_the_figures_are_those_that_x_publishes(
    name: str, of_app: list[tuple[int, int]], of_person: list[tuple[int, int]]
) -> None:
    limit = LIMITS[name]
    assert [(window.calls, window.seconds) for window in limit.app] == of_app
    assert [(window.calls, window.seconds) for window in limit.person] == of_person


# Counting


def test_so_many_calls_and_no_more_until_the_window_is_over(watch: Stopwatch) -> None:
    limits = Limits(watch)
    assert admitted(limits, SEARCH, app(ADA), 500) == 450
    last = limits.admit(SEARCH, app(ADA))
    assert (last.limit, last.remaining, last.reset) == (450, 0, EPOCH + QUARTER)
    watch.clock.advance(QUARTER - 1)
    assert limits.admit(SEARCH, app(ADA)).refused
    watch.clock.advance(1)
    first = limits.admit(SEARCH, app(ADA))
    assert not first.refused
    assert (first.limit, first.remaining) == (450, 449)


def test_each_endpoint_app_and_person_has_windows_of_its_own(watch: Stopwatch) -> None:
    limits = Limits(watch)
    assert admitted(limits, SEARCH, app(ADA), 500) == 450
    assert admitted(limits, SEARCH, app(BOB), 500) == 450
    assert admitted(limits, SEARCH, person(ADA, ADA), 500) == 300
    assert admitted(limits, SEARCH, person(ADA, BOB), 500) == 300
    assert admitted(limits, "GET /2/users/me", person(ADA, ADA), 500) == 75


def test_a_window_of_a_day_goes_on_when_that_of_a_quarter_is_over(watch: Stopwatch) -> None:
    limits = Limits(watch)
    like = "POST /2/users/{id}/likes"
    given_away = 0
    for _ in range(20):
        given_away += admitted(limits, like, person(ADA, ADA), 60)
        watch.clock.advance(QUARTER)
    assert given_away == 1000
    standing = limits.admit(like, person(ADA, ADA))
    assert standing.refused
    assert standing.limit == 1000
    assert standing.reset == EPOCH + 86_400


def test_a_window_of_a_second_is_told_of_only_when_it_refuses(wall: Wall, watch: Stopwatch) -> None:
    limits = Limits(watch)
    first = limits.admit("GET /2/tweets/search/all", app(ADA))
    assert (first.limit, first.remaining) == (300, 299)
    second = limits.admit("GET /2/tweets/search/all", app(ADA))
    assert second.refused
    assert (second.limit, second.reset) == (1, EPOCH + 1)
    wall.passed = 1
    assert limits.admit("GET /2/tweets/search/all", app(ADA)).remaining == 298


def test_what_is_kept_of_callers_is_bounded(
    watch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits_module, "_MOST", 100)
    limits = Limits(watch)
    for number in range(1000):
        limits.admit(SEARCH, app(number))
        limits.admit(SEARCH, app(7))
    assert len(limits._counts) <= 100
    assert limits.admit(SEARCH, app(7)).refused  # who calls often is not forgotten


def test_how_an_app_stands_can_be_looked_up(watch: Stopwatch) -> None:
    limits = Limits(watch)
    admitted(limits, SEARCH, app(ADA), 3)
    admitted(limits, "GET /2/users/me", person(ADA, ADA), 2)
    admitted(limits, SEARCH, app(BOB), 9)
    found = {standing.endpoint: standing.remaining for standing in limits.standings(ADA)}
    assert found == {SEARCH: 447, "GET /2/users/me": 73}
    watch.clock.advance(QUARTER)
    assert limits.standings(ADA) == []


# Over HTTP


@pytest.fixture
def limited(small_store: Store, wall: Wall) -> Api:
    clock = Clock(NOW, wall=wall)
    table = dict(LIMITS) | {SEARCH: Limit((Window(2, QUARTER),), (Window(1, QUARTER),))}
    limits = Limits(Stopwatch(clock, wall, wall.epoch), table)
    return Api(make_app(small_store, clock, limits=limits))


def told(api: Api, path: str, params: object = None, **more: str) -> tuple[int, list[str | None]]:
    answer = api(path, params, **more)
    names = ("limit", "remaining", "reset")
    return answer.status_code, [answer.headers.get(f"x-rate-limit-{name}") for name in names]


def test_every_answer_says_how_one_stands_also_a_refusal(limited: Api) -> None:
    reset = str(EPOCH + QUARTER)
    assert told(limited, f"/2/users/{ADA}") == (200, ["300", "299", reset])
    assert told(limited, "/2/users/none") == (400, ["300", "298", reset])
    assert told(limited, "/2/users/9") == (200, ["300", "297", reset])
    assert told(limited, "/2/users/me") == (403, ["75", "74", reset])
    other = f"/2/users/{BOB}/likes/{small_id(OUTAGE)}"
    assert told(limited, other, method="DELETE")[1] == ["50", "49", reset]


def test_a_mistake_of_the_squares_own_says_how_one_stands(
    limited: Api, small_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_store.people, "with_ids", None)
    status, headers = told(limited, f"/2/users/{ADA}")
    assert (status, headers[1]) == (500, "299")


def test_past_the_limit_comes_xs_429(limited: Api) -> None:
    for left in ("1", "0"):
        assert told(limited, "/2/tweets/search/recent", {"query": "court"})[1][1] == left
    refused = limited("/2/tweets/search/recent", {"query": "court"})
    assert refused.status_code == 429
    assert refused.json() == {
        "title": "Too Many Requests",
        "detail": "Too Many Requests",
        "type": "about:blank",
        "status": 429,
    }
    assert refused.headers["x-rate-limit-reset"] == str(EPOCH + QUARTER)
    assert refused.headers["x-rate-limit-remaining"] == "0"
    assert limited(f"/2/users/{ADA}").status_code == 200


def test_who_is_nobody_is_not_counted(limited: Api) -> None:
    for _ in range(3):
        refused = limited("/2/tweets/search/recent", {"query": "court"}, headers={})
        assert refused.status_code == 401
    assert told(limited, "/2/tweets/search/recent", {"query": "court"})[1][1] == "1"


def test_without_limits_nobody_is_counted(api: Api) -> None:
    answer = api(f"/2/users/{ADA}")
    assert answer.status_code == 200
    assert "x-rate-limit-limit" not in answer.headers


@pytest.fixture
def hurried(small_store: Store) -> Iterator[Server]:
    """A Square on which a quarter of an hour takes two seconds, with two searches in it."""
    clock = Clock(NOW, speed=QUARTER / 2)
    limits = Limits(Stopwatch(clock), {SEARCH: Limit((Window(2, QUARTER),), ())})
    with Server(make_app(small_store, clock, limits=limits)) as server:
        yield server


def test_tweepy_waits_as_long_as_it_is_told_to(hurried: Server, small_store: Store) -> None:
    client = client_of(hurried, Tokens(small_store).credentials(MINISTRY).bearer_token)
    for _ in range(2):
        client.search_recent_tweets("court")
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.search_recent_tweets("court")
    assert 0 < refused.value.reset_time - time.time() <= 3
    client.wait_on_rate_limit = True
    begun = time.monotonic()
    assert client.search_recent_tweets("court").data
    assert 0.5 < time.monotonic() - begun < 6


def test_a_moment_is_of_both_clocks(watch: Stopwatch) -> None:
    assert watch.now == Moment(NOW, 5000.0)
