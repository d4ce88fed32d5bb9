"""OAuth end to end: tweepy's handlers, unmodified, through the proxy; a person at a browser."""

import base64
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import tweepy
from axe_playwright_python.sync_playwright import Axe
from oauthlib.oauth2 import InvalidClientError, InvalidGrantError, OAuth2Error
from playwright.sync_api import expect
from requests_oauthlib import OAuth1Session, OAuth2Session

from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.network.proxy import Proxy
from kit.square.network.server import Server
from kit.square.site import make_site
from kit.square.store import Store
from tests.browser import browsing
from tests.square_world import ADA, BOB, MINISTRY, NOW, QUIET, opened

CALLBACK = "https://app.example/back?from=square"
READ = ["tweet.read", "users.read"]


class Square:
    """A served Square with an owner, and what the tests need of it."""

    def __init__(self, store: Store, owner: int) -> None:
        self.store = store
        self.tokens = Tokens(store)
        self.server = Server(make_site(store, Clock(NOW), owner, limited=False))

    @property
    def url(self) -> str:
        return self.server.url

    def browser(self) -> "Browser":
        return Browser(self)

    def app(self, person: int = MINISTRY) -> tuple[str, str]:
        known = self.tokens.credentials(person)
        return known.consumer_key, known.consumer_secret


class Form(HTMLParser):
    """The fields of a page's forms, with the first choice of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found["action"]
        if tag == "input":
            self.choices.setdefault(found["name"], []).append(found.get("value", ""))
            if found["type"] != "radio" or "checked" in found:
                self.fields.setdefault(found["name"], found.get("value", ""))


class Browser:
    """Somebody at a browser: keeps cookies, fills forms in, follows no redirect to an app."""

    def __init__(self, square: Square) -> None:
        self.session = requests.Session()
        self.url = square.url

    def open(self, address: str) -> requests.Response:
        """A browser is not wired to the Square: it has to go to the Square's own address."""
        local = self.url + urlsplit(address)._replace(scheme="", netloc="").geturl()
        return self.session.get(local, allow_redirects=False)

    def send(self, page: requests.Response, **fields: str) -> requests.Response:
        form = Form(page.text)
        return self.session.post(
            self.url + form.action,
            data=form.fields | fields,
            allow_redirects=False,
        )

    def sign_in(self, username: str, code: str) -> requests.Response:
        return self.send(self.open("/sign-in"), how="code", username=username, code=code)


@contextmanager
def served(world: Path, owner: int) -> Iterator[Square]:
    """A Square, and an environment in which every client finds it."""
    store = opened(world)
    square = Square(store, owner)
    with square.server, Proxy(square.url) as proxy, pytest.MonkeyPatch.context() as patch:
        certificate = world.with_name("ca.pem")
        certificate.write_bytes(proxy.certificate)
        patch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        patch.setenv("HTTPS_PROXY", proxy.url)
        yield square
    store.close()


@pytest.fixture
def square(small_file: Path) -> Iterator[Square]:
    """On a learner's own machine."""
    with served(small_file, MINISTRY) as opened:
        yield opened


@pytest.fixture
def classroom(small_file: Path) -> Iterator[Square]:
    """Several people share it: nobody is anybody without signing in."""
    with served(small_file, 0) as opened:
        yield opened


# OAuth 1.0a


def handler(square: Square, callback: str | None = "oob") -> tweepy.OAuth1UserHandler:
    return tweepy.OAuth1UserHandler(*square.app(), callback=callback)


def test_three_legs_with_a_pin(square: Square) -> None:
    made = handler(square)
    browser = square.browser()
    page = browser.open(made.get_authorization_url())
    assert "@CalderJustice" in page.text
    assert "Post, like, repost" in page.text
    done = browser.send(page, answer="allow")
    pin = re.search(r'class="pin">([0-9]{7})<', done.text)
    assert pin
    token, secret = made.get_access_token(pin[1])
    assert token.startswith(f"{MINISTRY}-")
    me = tweepy.API(made).verify_credentials(include_email=True, skip_status=True)
    assert (me.id, me.screen_name, me.followers_count) == (MINISTRY, "CalderJustice", 4)
    assert me.created_at.year == 2023
    client = tweepy.Client(None, *square.app(), token, secret)
    assert client.create_tweet(text="By three legs").data["text"] == "By three legs"
    with pytest.raises(tweepy.TweepyException):  # each request token is good once
        made.get_access_token(pin[1])


def test_three_legs_with_a_callback_for_another_account(square: Square) -> None:
    browser = square.browser()
    made = handler(square, CALLBACK)
    address = made.get_authorization_url(signin_with_twitter=True, access_type="read")
    assert "/oauth/authenticate?" in address
    sign_in = browser.open("/sign-in")
    joined = browser.send(sign_in, how="join", username="team_red", name="Team Red")
    assert joined.headers["location"] == "/"
    page = browser.open(address)
    assert "team_red" in page.text
    assert "Post, like" not in page.text
    assert "app.example" in page.text
    answer = browser.send(page, answer="allow")
    back = urlsplit(answer.headers["location"])
    said = parse_qs(back.query)
    assert (back.netloc, said["from"]) == ("app.example", ["square"])
    assert said["oauth_token"] == [made.request_token["oauth_token"]]
    token, secret = made.get_access_token(said["oauth_verifier"][0])
    client = tweepy.Client(None, *square.app(), token, secret)
    assert client.get_me().data.username == "team_red"
    with pytest.raises(tweepy.Forbidden, match="oauth1 app permissions"):
        client.create_tweet(text="It asked to read only")


def test_one_may_say_no(square: Square) -> None:
    made = handler(square, CALLBACK)
    address = made.get_authorization_url()
    browser = square.browser()
    answer = browser.send(browser.open(address), answer="deny")
    said = parse_qs(urlsplit(answer.headers["location"]).query)
    assert said["denied"] == [made.request_token["oauth_token"]]
    with pytest.raises(tweepy.TweepyException, match="Invalid or expired token"):
        made.get_access_token("anything")
    assert browser.open(address).status_code == 400


def test_a_wrong_verifier_and_no_answer_yet_give_no_access(square: Square) -> None:
    made = handler(square)
    address = made.get_authorization_url()
    with pytest.raises(tweepy.TweepyException, match="Invalid oauth_verifier"):
        made.get_access_token("0000000")
    browser = square.browser()
    browser.send(browser.open(address), answer="allow")
    with pytest.raises(tweepy.TweepyException, match="Invalid oauth_verifier"):
        made.get_access_token("not the pin")


def test_a_request_token_is_no_use_to_another_app(square: Square) -> None:
    made = handler(square, CALLBACK)
    browser = square.browser()
    answer = browser.send(browser.open(made.get_authorization_url()), answer="allow")
    verifier = parse_qs(urlsplit(answer.headers["location"]).query)["oauth_verifier"][0]
    made.consumer_key, made.consumer_secret = square.app(ADA)
    with pytest.raises(tweepy.TweepyException, match="Could not authenticate you"):
        made.get_access_token(verifier)


@pytest.mark.parametrize("callback", ["javascript:alert(1)", "data:text/html,x", "nowhere", "//x"])
def test_a_callback_has_to_be_an_address(square: Square, callback: str) -> None:
    with pytest.raises(tweepy.TweepyException, match="Callback URL not approved"):
        handler(square, callback).get_authorization_url()


def test_access_that_was_given_can_be_taken_away(square: Square) -> None:
    made = handler(square)
    browser = square.browser()
    done = browser.send(browser.open(made.get_authorization_url()), answer="allow")
    pin = re.search(r'class="pin">([0-9]{7})<', done.text)
    assert pin
    token, secret = made.get_access_token(pin[1])
    session = OAuth1Session(*square.app(), token, secret)
    verify = "https://api.twitter.com/1.1/account/verify_credentials.json"
    assert session.get(verify).json()["screen_name"] == "CalderJustice"
    gone = session.post("https://api.twitter.com/1.1/oauth/invalidate_token")
    assert gone.json() == {"access_token": token}
    refused = session.get(verify)
    assert refused.status_code == 401
    assert refused.json() == {"errors": [{"code": 89, "message": "Invalid or expired token."}]}


def test_ones_own_token_is_made_anew_when_it_is_taken_away(square: Square) -> None:
    old = square.tokens.credentials(BOB)
    session = OAuth1Session(
        old.consumer_key, old.consumer_secret, old.access_token, old.access_token_secret
    )
    assert session.post("https://api.x.com/oauth/invalidate_token").status_code == 200
    assert session.get("https://api.x.com/2/users/me").status_code == 401
    new = square.tokens.credentials(BOB)
    assert new.access_token != old.access_token
    again = OAuth1Session(
        new.consumer_key, new.consumer_secret, new.access_token, new.access_token_secret
    )
    assert again.get("https://api.x.com/2/users/me").json()["data"]["id"] == str(BOB)


# OAuth 2.0 with PKCE


def with_pkce(
    square: Square, scope: list[str] = READ, *, public: bool = False
) -> tweepy.OAuth2UserHandler:
    key, secret = square.app()
    return tweepy.OAuth2UserHandler(
        client_id=key,
        redirect_uri=CALLBACK,
        scope=scope,
        client_secret=None if public else secret,
    )


def agreed(square: Square, made: tweepy.OAuth2UserHandler) -> str:
    browser = square.browser()
    answer = browser.send(browser.open(made.get_authorization_url()), answer="allow")
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize("public", [False, True])
def test_pkce_end_to_end(square: Square, public: bool) -> None:
    made = with_pkce(square, [*READ, "tweet.write"], public=public)
    address = made.get_authorization_url()
    page = square.browser().open(address)
    assert "Post and repost as you" in page.text
    assert "Read your direct messages" not in page.text
    token = made.fetch_token(agreed(square, made))
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 7200
    assert set(token["scope"]) == {*READ, "tweet.write"}
    assert "refresh_token" not in token
    client = tweepy.Client(bearer_token=token["access_token"])
    assert client.get_me(user_auth=False).data.username == "CalderJustice"
    assert client.create_tweet(text="With PKCE", user_auth=False).data["text"] == "With PKCE"
    with pytest.raises(tweepy.Forbidden, match=r"like\.write"):
        client.like(1, user_auth=False)


def test_a_code_is_good_once(square: Square) -> None:
    made = with_pkce(square)
    address = agreed(square, made)
    assert made.fetch_token(address)["access_token"]
    with pytest.raises(InvalidGrantError):
        made.fetch_token(address)


def test_a_code_runs_out(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    made = with_pkce(square)
    address = agreed(square, made)
    then = time.time() + 601
    monkeypatch.setattr("kit.square.access.tokens.time.time", lambda: then)
    with pytest.raises(InvalidGrantError):
        made.fetch_token(address)


def exchange(square: Square, address: str, **fields: str | None) -> requests.Response:
    code = parse_qs(urlsplit(address).query)["code"][0]
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": square.app()[0],
        "redirect_uri": CALLBACK,
    }
    token = "https://api.twitter.com/2/oauth2/token"
    data = {name: value for name, value in (sent | fields).items() if value is not None}
    return requests.post(token, data=data)


def test_a_code_is_good_only_as_it_was_asked_for(square: Square) -> None:
    made = with_pkce(square, public=True)
    address = agreed(square, made)
    verifier = made._client.code_verifier
    good = {"code_verifier": verifier}
    other = square.app(ADA)[0]
    wrong: list[tuple[dict[str, str | None], int, str]] = [
        ({"code_verifier": "x" * 128}, 400, "invalid_grant"),
        ({}, 400, "invalid_request"),
        (good | {"redirect_uri": "https://thief.example/"}, 400, "invalid_request"),
        (good | {"redirect_uri": None}, 400, "invalid_request"),
        (good | {"client_id": other}, 400, "invalid_grant"),
        (good | {"client_id": "nobody"}, 401, "invalid_client"),
        (good | {"client_secret": "wrong"}, 401, "invalid_client"),
        (good | {"code": "made up"}, 400, "invalid_grant"),
        (good | {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (good | {"grant_type": None}, 400, "unsupported_grant_type"),
    ]
    for fields, status, error in wrong:
        answer = exchange(square, address, **fields)
        assert (answer.status_code, answer.json()["error"]) == (status, error), fields
        assert answer.headers["content-type"] == "application/json"
        assert "access_token" not in answer.json()
    assert exchange(square, address, **good).json()["access_token"]


def test_a_challenge_may_be_plain_and_has_to_be_there(square: Square) -> None:
    session = OAuth2Session(square.app()[0], redirect_uri=CALLBACK, scope=READ)
    start = "https://twitter.com/i/oauth2/authorize"
    browser = square.browser()
    plain, _ = session.authorization_url(start, code_challenge="v" * 43)
    answer = browser.send(browser.open(plain), answer="allow")
    with pytest.raises(OAuth2Error, match="verifier required"):
        session.fetch_token(
            "https://api.twitter.com/2/oauth2/token",
            authorization_response=answer.headers["location"],
            include_client_id=True,
        )
    token = session.fetch_token(
        "https://api.twitter.com/2/oauth2/token",
        authorization_response=answer.headers["location"],
        include_client_id=True,
        code_verifier="v" * 43,
    )
    assert token["access_token"]
    without, state = session.authorization_url(start)
    refused = parse_qs(urlsplit(browser.open(without).headers["location"]).query)
    assert refused["error"] == ["invalid_request"]
    assert refused["state"] == [state]
    odd, _ = session.authorization_url(start, code_challenge="v", code_challenge_method="md5")
    assert "error=invalid_request" in browser.open(odd).headers["location"]


def test_a_wrong_question_to_a_person_is_not_answered(square: Square) -> None:
    browser = square.browser()
    good = {
        "response_type": "code",
        "client_id": square.app()[0],
        "redirect_uri": CALLBACK,
        "scope": " ".join(READ),
        "code_challenge": "v" * 43,
    }

    def asked(**changed: str) -> requests.Response:
        query = urlencode(good | changed)
        return browser.open(f"https://x.com/i/oauth2/authorize?{query}")

    assert asked().status_code == 200
    # Nobody knows whose question it is, or the answer would go astray: it stays here.
    for changed in (
        {"client_id": "nobody"},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://[::1"},
        {"redirect_uri": "https://app.example/#there"},
    ):
        answer = asked(**changed)
        assert answer.status_code == 400, changed
        assert "That did not work" in answer.text
    for changed, error in (
        ({"scope": "tweet.read everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ):
        answer = asked(**changed)
        assert answer.headers["location"].startswith(CALLBACK), changed
        assert f"error={error}" in answer.headers["location"]
    denied = browser.send(asked(state="s 1"), answer="deny").headers["location"]
    assert parse_qs(urlsplit(denied).query)["error"] == ["access_denied"]
    assert parse_qs(urlsplit(denied).query)["state"] == ["s 1"]


def test_who_asks_for_offline_access_can_refresh_it_once(square: Square) -> None:
    made = with_pkce(square, [*READ, "offline.access"])
    first = made.fetch_token(agreed(square, made))
    key, secret = square.app()
    token = "https://api.twitter.com/2/oauth2/token"
    second = made.refresh_token(token, first["refresh_token"], auth=(key, secret))
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    client = tweepy.Client(bearer_token=second["access_token"])
    assert client.get_me(user_auth=False).data.id == MINISTRY
    for wrong in (first["refresh_token"], second["access_token"], "made up"):
        with pytest.raises(InvalidGrantError):
            made.refresh_token(token, wrong, auth=(key, secret))
    with pytest.raises(InvalidGrantError):
        made.refresh_token(token, second["refresh_token"], auth=square.app(ADA))
    with pytest.raises(InvalidClientError):
        made.refresh_token(token, second["refresh_token"], auth=(key, "wrong"))


def test_access_of_oauth_2_ends_after_two_hours(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = with_pkce(square)
    token = made.fetch_token(agreed(square, made))
    client = tweepy.Client(bearer_token=token["access_token"])
    assert client.get_me(user_auth=False).data.id == MINISTRY
    then = time.time() + 7201
    monkeypatch.setattr("kit.square.access.tokens.time.time", lambda: then)
    with pytest.raises(tweepy.Unauthorized):
        client.get_me(user_auth=False)


def test_access_of_oauth_2_can_be_taken_away_by_its_app_only(square: Square) -> None:
    made = with_pkce(square, [*READ, "offline.access"])
    token = made.fetch_token(agreed(square, made))
    revoke = "https://api.twitter.com/2/oauth2/revoke"
    client = tweepy.Client(bearer_token=token["access_token"])
    data = {"token": token["access_token"]}
    assert requests.post(revoke, data=data, auth=square.app(ADA)).status_code == 200
    assert client.get_me(user_auth=False).data.id == MINISTRY
    wrong = requests.post(revoke, data=data, auth=(square.app()[0], "wrong"))
    assert wrong.json()["error"] == "invalid_client"
    assert requests.post(revoke, data=data, auth=square.app()).json() == {"revoked": True}
    with pytest.raises(tweepy.Unauthorized):
        client.get_me(user_auth=False)
    assert requests.post(revoke, data={}, auth=square.app()).json()["error"] == "invalid_request"


# Apps alone


def test_an_app_gets_a_token_for_itself(square: Square) -> None:
    made = tweepy.OAuth2AppHandler(*square.app())
    assert made._bearer_token == square.tokens.credentials(MINISTRY).bearer_token
    client = tweepy.Client(bearer_token=made._bearer_token)
    assert client.get_user(username="Bob").data.id == BOB
    with pytest.raises(tweepy.TweepyException, match="bearer"):
        tweepy.OAuth2AppHandler(square.app()[0], "wrong")
    invalidate = "https://api.twitter.com/oauth2/invalidate_token"
    data = {"access_token": made._bearer_token}
    assert requests.post(invalidate, data=data, auth=square.app(ADA)).status_code == 403
    assert requests.post(invalidate, data=data, auth=square.app()).json() == data
    with pytest.raises(tweepy.Unauthorized):
        client.get_user(username="Bob")
    again = tweepy.OAuth2AppHandler(*square.app())
    assert again._bearer_token != made._bearer_token
    assert tweepy.Client(bearer_token=again._bearer_token).get_user(id=BOB).data.id == BOB


def test_the_errors_of_apps_alone_are_xs(square: Square) -> None:
    token = "https://api.twitter.com/oauth2/token"
    wrong = requests.post(token, auth=("a", "b"), data={"grant_type": "client_credentials"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (403, 99)
    wrong = requests.post(token, auth=square.app(), data={"grant_type": "password"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (403, 170)
    wrong = requests.post(token, data={"grant_type": "client_credentials"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, 215)


# People at a browser


def test_in_a_class_one_signs_in_and_gives_access_to_ones_own_account(classroom: Square) -> None:
    made = handler(classroom, CALLBACK)
    address = made.get_authorization_url()
    browser = classroom.browser()
    first = browser.open(address)
    assert first.status_code == 303
    assert first.headers["location"].startswith("/sign-in?next=%2Foauth%2Fauthorize")
    page = browser.open(first.headers["location"])
    assert "CalderJustice" not in page.text  # nobody is offered to a stranger
    code = classroom.tokens.sign_in_code(ADA)
    assert browser.send(page, how="code", username="ada_b", code="abcd-efgh").status_code == 403
    assert browser.send(page, how="code", username="Bob", code=code).status_code == 403
    assert browser.send(page, how="choose", person=str(ADA)).status_code == 403
    typed = code.upper().replace("-", " ")
    signed_in = browser.send(page, how="code", username="@ADA_b", code=typed)
    back = signed_in.headers["location"]
    assert back == urlsplit(address)._replace(scheme="", netloc="").geturl()
    cookie = signed_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    consent = browser.open(back)
    assert Form(consent.text).choices["person"] == [str(ADA)]
    assert browser.send(consent, answer="allow", person=str(BOB)).status_code == 403
    answer = browser.send(consent, answer="allow")
    verifier = parse_qs(urlsplit(answer.headers["location"]).query)["oauth_verifier"][0]
    assert made.get_access_token(verifier)[0].startswith(f"{ADA}-")


def test_on_ones_own_machine_one_may_be_any_account_that_was_made_there(square: Square) -> None:
    for name in ("team_red", "team_blue"):
        acts.perform(square.store, Act(NOW, 0, "join", {"username": name}))
    browser = square.browser()
    page = browser.open(handler(square).get_authorization_url())
    red, blue = (person.id for person in square.store.people.made_here())
    assert Form(page.text).choices["person"] == [str(MINISTRY), str(red), str(blue)]
    assert browser.send(page, answer="allow", person=str(QUIET)).status_code == 403
    assert 'class="pin"' in browser.send(page, answer="allow", person=str(blue)).text


def test_who_signs_out_is_nobody_also_on_ones_own_machine(square: Square) -> None:
    browser = square.browser()
    address = handler(square).get_authorization_url()
    assert browser.open(address).status_code == 200
    token = Form(browser.open("/sign-in").text).fields["form_token"]
    out = browser.session.post(
        f"{square.url}/sign-out", data={"form_token": token}, allow_redirects=False
    )
    assert out.headers["location"] == "/"
    assert browser.open(address).headers["location"].startswith("/sign-in")


def test_forms_of_other_pages_are_refused(square: Square) -> None:
    made = handler(square)
    address = made.get_authorization_url()
    browser = square.browser()
    page = browser.open(address)
    form = Form(page.text)
    target = square.url + form.action
    fields = form.fields | {"answer": "allow"}
    strange: list[tuple[dict[str, str], dict[str, str]]] = [
        (fields | {"form_token": ""}, {}),
        (fields | {"form_token": "é"}, {}),
        (fields, {"sec-fetch-site": "cross-site"}),
        (fields, {"sec-fetch-site": "same-site"}),
        (fields, {"origin": "https://evil.example"}),
        (fields, {"origin": "null"}),
        # A stranger's name that has been pointed at this machine: nobody is at home there.
        (fields, {"host": "evil.example"}),
    ]
    for data, headers in strange:
        answer = requests.post(target, data=data, headers=headers)
        assert answer.status_code == 403, (data, headers)
    rebound = requests.get(target, headers={"host": "evil.example"}, allow_redirects=False)
    assert rebound.headers["location"].startswith("/sign-in")
    good = {"origin": square.url, "sec-fetch-site": "same-origin"}
    assert 'class="pin"' in requests.post(target, data=fields, headers=good).text


def test_a_cookie_that_was_tampered_with_is_none(classroom: Square) -> None:
    browser = classroom.browser()
    signed_in = browser.sign_in("ada_b", classroom.tokens.sign_in_code(ADA))
    assert signed_in.status_code == 303
    ((name, value),) = browser.session.cookies.items()
    address = handler(classroom).get_authorization_url()

    def status(cookie: str) -> int:
        stranger = classroom.browser()
        stranger.session.headers["cookie"] = f"{name}={cookie}"
        return stranger.open(address).status_code

    assert status(value) == 200
    for wrong in (value.replace(str(ADA), str(BOB)), value[:-1] + "g", value[:-1], "", "0.0.0.0"):
        assert status(wrong) == 303


def test_what_was_typed_stands_there_again_but_no_code(classroom: Square) -> None:
    browser = classroom.browser()
    refused = browser.sign_in("ada_b", "aaaa-bbbb")
    assert Form(refused.text).choices["username"] == ["ada_b", ""]
    assert Form(refused.text).choices["code"] == [""]
    taken = browser.send(browser.open("/sign-in"), how="join", username="ada_b", name='A "B" <i>')
    assert Form(taken.text).choices["username"] == ["", "ada_b"]
    assert Form(taken.text).choices["name"] == ['A "B" <i>']
    assert "<i>" not in taken.text


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_signing_in_leads_to_this_square_only(classroom: Square, goal: str) -> None:
    browser = classroom.browser()
    page = browser.open("/sign-in")
    code = classroom.tokens.sign_in_code(ADA)
    answer = browser.send(page, how="code", username="ada_b", code=code, next=goal)
    assert answer.headers["location"] == "/"


def test_pages_that_ask_run_no_script_and_stand_in_no_frame(square: Square) -> None:
    page = square.browser().open(handler(square).get_authorization_url())
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert "Everyone and everything here is invented" in page.text
    name = '<script>alert("1")</script>'
    acts.perform(square.store, Act(NOW, 0, "join", {"username": "scripted", "name": name}))
    shown = square.browser().open("/sign-in").text
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_basic_auth_that_is_none_is_refused(square: Square) -> None:
    for rest in (
        "",
        "%%%",
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"a").decode(),
    ):
        for path in ("/oauth2/token", "/2/oauth2/token", "/2/oauth2/revoke"):
            answer = requests.post(
                f"https://api.x.com{path}",
                headers={"authorization": f"Basic {rest}"},
                data={"grant_type": "client_credentials", "token": "t"},
            )
            assert answer.status_code in (400, 401, 403), (path, rest)
            assert answer.json().keys() & {"error", "errors"}


@pytest.mark.browser
@pytest.mark.slow
def test_in_chromium_the_pages_work_by_keyboard_and_satisfy_axe(classroom: Square) -> None:
    made = tweepy.OAuth2UserHandler(
        client_id=classroom.app()[0],
        redirect_uri=f"{classroom.url}/back",
        scope=[*READ, "tweet.write"],
    )
    address = classroom.url + made.get_authorization_url().removeprefix("https://twitter.com")
    axe = Axe()
    with browsing() as page:

        def sound() -> None:
            for scheme in ("light", "dark"):
                # Without motion: buttons fade from one scheme's colours to the other's.
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = axe.run(page, options={"resultTypes": ["violations"]})
                assert found.response["violations"] == [], found.generate_report()

        page.goto(address)
        expect(page).to_have_title("Sign in – the Square")
        sound()
        page.get_by_label("Username", exact=True).fill("ada_b")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        sound()
        page.get_by_label("Username", exact=True).fill("ada_b")
        page.keyboard.press("Tab")
        page.keyboard.type(classroom.tokens.sign_in_code(ADA))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("@CalderJustice")
        sound()
        page.set_viewport_size({"width": 320, "height": 256})  # 400% zoom
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.get_by_role("radio").focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Yes, let it")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/back?*")
        token = made.fetch_token(page.url.replace("http://", "https://"))
        page.goto(f"{classroom.url}/oauth/authorize?oauth_token=none")
        expect(page.get_by_role("heading", level=1)).to_have_text("That did not work")
        sound()
    client = tweepy.Client(bearer_token=token["access_token"])
    assert client.get_me(user_auth=False).data.username == "ada_b"
