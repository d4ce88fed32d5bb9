"""Who asks: what proves it, and how everything else is refused."""

import asyncio
import base64
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests_oauthlib import OAuth1
from starlette.types import ASGIApp

from kit.errors import RequestError
from kit.square import acts
from kit.square.access import scopes
from kit.square.access.signature import Nonces, Signed
from kit.square.access.tokens import Credentials, Grant, Tokens, is_real, is_real_key, until
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.site import make_site
from kit.square.store import Store
from tests.square_world import ADA, BOB, MINISTRY, NOW, OUTAGE, opened, small_id

DOCUMENT = Path(__file__).parents[2] / "shared" / "x-api" / "openapi-2.166.json"
ME = "https://api.twitter.com/2/users/me"
UNAUTHORIZED = {
    "title": "Unauthorized",
    "detail": "Unauthorized",
    "type": "about:blank",
    "status": 401,
}


class Square:
    """A Square that is called without a network."""

    def __init__(self, store: Store, owner: int = MINISTRY) -> None:
        self.store = store
        self.tokens = Tokens(store)
        self.app: ASGIApp = make_site(store, Clock(NOW), owner, limited=False)

    def send(self, method: str, url: str, **sent: Any) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(method, url, **sent)

        return asyncio.run(answer())

    def get_me(self, authorization: str | bytes) -> httpx.Response:
        return self.send("GET", ME, headers={"authorization": authorization})

    def grant(self, *names: str, app: int = ADA, person: int = ADA) -> str:
        """A token of OAuth 2.0 with these scopes."""
        token = f"square-{'-'.join(names)}-{app}"
        grant = Grant(token, "oauth2", "", person, app, " ".join(names), expires=until(60))
        return self.tokens.keep(grant).token


@pytest.fixture(scope="module")
def square(small_file: Path) -> Iterator[Square]:
    store = opened(small_file)
    yield Square(store)
    store.close()


def signed(
    known: Credentials, method: str = "GET", url: str = ME, data: Any = None, **more: Any
) -> str:
    """The Authorization header that a client of X would send."""
    auth = OAuth1(
        known.consumer_key,
        known.consumer_secret,
        known.access_token,
        known.access_token_secret,
        **more,
    )
    prepared = requests.Request(method, url, data=data, auth=auth).prepare()
    header = prepared.headers["Authorization"]
    return header.decode() if isinstance(header, bytes) else header


# Signatures


@pytest.mark.parametrize(
    "host",
    ["https://api.twitter.com", "https://api.x.com", "http://127.0.0.1:8080"],
)
def test_a_signature_is_of_any_address_that_the_square_has(square: Square, host: str) -> None:
    header = signed(square.tokens.credentials(ADA), url=f"{host}/2/users/me?user.fields=url")
    answer = square.send(
        "GET",
        "http://127.0.0.1:8080/2/users/me?user.fields=url",
        headers={"authorization": header},
    )
    assert answer.json()["data"]["username"] == "ada_b"


def test_a_signature_of_something_else_is_none(square: Square) -> None:
    known = square.tokens.credentials(ADA)
    search = "https://api.twitter.com/2/tweets/search/recent"
    sent = [
        ("another method", "GET", ME, "DELETE", ME),
        ("another host", "GET", ME.replace("api.twitter.com", "api.elsewhere.example"), "GET", ME),
        ("another path", "GET", ME, "GET", f"https://api.twitter.com/2/users/{BOB}"),
        ("another query", "GET", f"{search}?query=a", "GET", f"{search}?query=b"),
        ("more of a query", "GET", f"{search}?query=a", "GET", f"{search}?query=a&max_results=10"),
        ("no query", "GET", f"{search}?query=a", "GET", search),
    ]
    for what, method, url, instead, there in sent:
        header = {"authorization": signed(known, method, url)}
        answer = square.send(instead, there, headers=header)
        expected = 405 if what == "another method" else 401
        assert answer.status_code == expected, what
        if expected == 401:
            assert answer.json() == UNAUTHORIZED


def test_a_signature_covers_a_form_and_the_method(square: Square) -> None:
    known = square.tokens.credentials(ADA)
    url = "https://api.twitter.com/oauth/request_token"
    header = {"authorization": signed(known, "POST", url, {"oauth_callback": "oob"})}
    changed = square.send("POST", url, headers=header, data={"oauth_callback": "app://thief"})
    assert changed.status_code == 401
    likes = f"https://api.twitter.com/2/users/{ADA}/likes"
    header = {"authorization": signed(known, "GET", likes)}
    body = {"tweet_id": str(small_id(OUTAGE))}
    assert square.send("POST", likes, headers=header, json=body).status_code == 401
    header = {"authorization": signed(known, "POST", likes)}
    assert square.send("POST", likes, headers=header, json=body).json()["data"] == {"liked": True}


def test_secrets_and_tokens_of_different_accounts_do_not_mix(square: Square) -> None:
    ada, bob = (astuple(square.tokens.credentials(person)) for person in (ADA, BOB))
    for which in range(1, 16):  # which of the four parts are Bob's
        mixed = [bob[1 + part] if which >> part & 1 else ada[1 + part] for part in range(4)]
        answer = square.get_me(signed(Credentials("", *mixed)))
        if which == 15:
            assert answer.json()["data"]["id"] == str(BOB)
        else:
            assert answer.json() == UNAUTHORIZED, which


def test_a_granted_token_is_good_in_its_apps_hands_only(square: Square) -> None:
    token = f"{BOB}-square{'0' * 32}"
    square.tokens.keep(Grant(token, "oauth1", "secret", BOB, ADA, "read write", expires=until(60)))
    for app, person in ((ADA, BOB), (BOB, None), (MINISTRY, None)):
        known = square.tokens.credentials(app)
        answer = square.get_me(
            signed(
                Credentials("", known.consumer_key, known.consumer_secret, token, "secret"),
            )
        )
        if person is None:
            assert answer.json() == UNAUTHORIZED
        else:
            assert answer.json()["data"]["id"] == str(person)


@pytest.mark.parametrize(
    ("off", "status"), [(0, 200), (-14 * 60, 200), (14 * 60, 200), (-16 * 60, 401), (16 * 60, 401)]
)
def test_clocks_may_differ_by_a_quarter_of_an_hour(square: Square, off: int, status: int) -> None:
    at = str(int(time.time()) + off)
    answer = square.get_me(signed(square.tokens.credentials(ADA), timestamp=at))
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["detail"].startswith("Timestamp out of bounds: oauth_timestamp is")


@pytest.mark.parametrize("at", ["", "soon", "-1", "9" * 400, "١٢", "1e9", "0x10"])
def test_a_time_that_is_none_is_refused(square: Square, at: str) -> None:
    answer = square.get_me(signed(square.tokens.credentials(ADA), timestamp=at or " "))
    assert answer.status_code == 401


def test_a_request_counts_once(square: Square) -> None:
    known = square.tokens.credentials(ADA)
    header = signed(known)
    assert square.get_me(header).status_code == 200
    again = square.get_me(header)
    assert again.status_code == 401
    assert "oauth_nonce was used before" in again.json()["detail"]
    now = str(int(time.time()))
    assert square.get_me(signed(known, nonce="n", timestamp=now)).status_code == 200
    # Another signature with the same nonce and time is the same request to the rule.
    other = f"{ME}?user.fields=url"
    header = signed(known, url=other, nonce="n", timestamp=now)
    answer = square.send("GET", other, headers={"authorization": header})
    assert answer.status_code == 401
    assert square.get_me(signed(square.tokens.credentials(BOB), nonce="n", timestamp=now)).json()


def test_only_right_signatures_use_a_nonce_up(square: Square) -> None:
    known = square.tokens.credentials(ADA)
    now = str(int(time.time()))
    thief = Credentials("", *astuple(known)[1:4], "wrong")
    assert square.get_me(signed(thief, nonce="mine", timestamp=now)).status_code == 401
    assert square.get_me(signed(known, nonce="mine", timestamp=now)).status_code == 200


def test_the_memory_of_nonces_is_bounded_and_forgets_nothing_that_could_come_again() -> None:
    nonces = Nonces(limit=20)
    now = int(time.time())

    def taken(at: int, nonce: str) -> bool:
        try:
            nonces.take(Signed("GET", (), {"oauth_timestamp": str(at), "oauth_nonce": nonce}, ()))
        except RequestError:
            return False
        return True

    for number in range(200):
        at = now - 200 + number
        assert taken(at, "n")
        assert not taken(at, "n")
    assert sum(len(each) for each in nonces._seen.values()) <= 21
    assert not any(taken(now - 200 + number, "n") for number in range(200))
    assert taken(now, "fresh")


def test_what_is_no_hmac_sha1_is_refused(square: Square) -> None:
    known = square.tokens.credentials(ADA)
    plain = f"{known.consumer_secret}%26{known.access_token_secret}"
    header = (
        f'OAuth oauth_consumer_key="{known.consumer_key}", oauth_token="{known.access_token}", '
        f'oauth_signature_method="PLAINTEXT", oauth_signature="{plain}", '
        f'oauth_timestamp="{int(time.time())}", oauth_nonce="p", oauth_version="1.0"'
    )
    assert square.get_me(header).json() == UNAUTHORIZED


# Bearer tokens


def test_a_bearer_token_of_elsewhere_is_none(square: Square) -> None:
    good = square.tokens.credentials(ADA).bearer_token
    url = f"https://api.x.com/2/users/{BOB}"
    assert square.send("GET", url, headers={"authorization": f"Bearer {good}"}).json()["data"]
    wrong = [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {good[:-1]}0" if good[-1] != "0" else f"Bearer {good[:-1]}1",
        f"Bearer {good.replace(str(ADA), str(BOB))}",
        f"Bearer {good} {good}",
        f"Bearer square-{'9' * 19}-{'0' * 32}",
        f"Basic {good}",
        f"Bearer {square.tokens.credentials(ADA).access_token}",
        f"Bearer {square.tokens.credentials(ADA).consumer_key}",
        "Bearer \xff",
    ]
    for header in wrong:
        answer = square.send("GET", url, headers={"authorization": header.encode("latin-1")})
        assert answer.json() == UNAUTHORIZED, header
    assert square.send("GET", url).json() == UNAUTHORIZED


def test_an_app_is_not_a_person(square: Square) -> None:
    answer = square.get_me(f"Bearer {square.tokens.credentials(ADA).bearer_token}")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/unsupported-authentication")


def test_request_tokens_codes_and_refresh_tokens_open_nothing(square: Square) -> None:
    for kind in ("request", "code", "refresh", "oauth1"):
        square.tokens.keep(
            Grant(f"square-{kind}", kind, "s", ADA, ADA, "tweet.read users.read", expires=until(60))
        )
        assert square.get_me(f"Bearer square-{kind}").json() == UNAUTHORIZED


# Real credentials


def base64d(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


#: In the forms of X's documentation; none of them is anybody's.
REAL = {
    "bearer": "A" * 22 + "MLheAAAAAAA0" + "%2BuSeid%2BULvsea4JtiGRiSDSJSI%3D" + "EUifiRBk" * 6,
    "bearer, decoded": "A" * 22 + "MLheAAAAAAA0+uSeid+ULvsea4JtiGRiSDSJSI=" + "EUifiRBk" * 6,
    "access token": "14927800-" + "kV5Za0" * 6 + "Wq8r",
    "access token, long id": "1234567890123456789-" + "kV5Za0" * 5,
    "OAuth 2 access": base64d("NZRy0HUvFV3h_pMxNnjw0zOUHPtf-Wln3XjDCOW_bS7:1650521309248:1:0:at:1"),
    "OAuth 2 refresh": base64d("NZRy0HUvFV3h_pMxNnjw0zOUHPtf-Wln3XjDCOW_bS:1650521309248:1:0:rt:1"),
    "OAuth 2 code": base64d("NZRy0HUvFV3h_pMxNnjw0zOUHPtf-Wln3XjDCOW_bS7P:1650521309248:1:0:ac:1"),
    "client id": base64d("3S9GpLW-wBjRqy3MKy8N:1:ci"),
}


CODE = {"grant_type": "authorization_code", "code": "c", "code_verifier": "v" * 43}


@pytest.mark.parametrize("sort", REAL)
def test_a_real_token_is_refused_with_the_reason(square: Square, sort: str) -> None:
    assert is_real(REAL[sort])
    answer = square.get_me(f"Bearer {REAL[sort]}")
    assert answer.status_code == 401
    assert "looks like one of the real X" in answer.json()["detail"]
    assert REAL[sort] not in answer.text
    form = {"grant_type": "refresh_token", "refresh_token": REAL[sort]}
    answer = square.send(
        "POST",
        "https://api.x.com/2/oauth2/token",
        data=form | {"client_id": square.tokens.credentials(ADA).consumer_key},
    )
    assert "looks like one of the real X" in answer.json()["error_description"]


def test_a_real_pair_of_keys_is_refused_with_the_reason(square: Square) -> None:
    key = "xvz1evFS4wEEPTGEFPHBog123"
    assert is_real_key(key)
    answer = square.get_me(signed(Credentials("", key, "s", REAL["access token"], "s")))
    assert "token looks like one of the real X" in answer.json()["detail"]
    own = square.tokens.credentials(ADA).access_token
    answer = square.get_me(signed(Credentials("", key, "s", own, "s")))
    reason = "key looks like one of the real X"
    assert reason in answer.json()["detail"]
    app_alone = square.send("POST", "https://api.x.com/oauth2/token", auth=(key, "s"))
    assert reason in app_alone.json()["errors"][0]["message"]
    with_pkce = square.send("POST", "https://api.x.com/2/oauth2/token", auth=(key, "s"), data=CODE)
    assert reason in with_pkce.json()["error_description"]
    client_id = {"client_id": REAL["client id"]}
    public = square.send("POST", "https://api.x.com/2/oauth2/token", data=CODE | client_id)
    assert reason in public.json()["error_description"]
    page = square.send("GET", "https://x.com/i/oauth2/authorize", params=client_id)
    assert (page.status_code, reason in page.text) == (400, True)


@given(person=st.integers(1, 2**63 - 1), secret=st.binary(min_size=16, max_size=16))
def test_no_token_of_a_square_looks_real(person: int, secret: bytes) -> None:
    tokens = _tokens_with(secret.hex())
    known = tokens.credentials(person)
    for each in astuple(known):
        assert not is_real(each)
        assert not is_real_key(each)
    assert not is_real(f"square-{base64d(secret.hex())}")
    assert tokens.app_of_bearer(known.bearer_token) == person
    assert tokens.app_of_consumer(known.consumer_key) == person
    assert tokens.person_of_access(known.access_token) == person


def _tokens_with(secret: str) -> Tokens:
    class Database:
        def value(self, sql: str, parameters: object) -> None:
            return None

    class Bare:
        database = Database()

        def __init__(self) -> None:
            self.secret = secret

    return Tokens(Bare())  # type: ignore[arg-type]


# Scopes


#: Parts of X's API that the Square does not have.
ELSEWHERE = (
    *("/account_activity", "/activity", "/articles", "/chat/", "/communities", "/notes", "/news"),
    *("/insights", "/evaluate_note", "/analytics", "/public_keys", "/folders", "/subtitles"),
    *("/dm/block", "/dm/unblock", "/dm_conversations/media"),
)


@pytest.mark.skipif(not DOCUMENT.exists(), reason=f"X's OpenAPI document is not at {DOCUMENT}")
def test_the_table_of_scopes_is_xs() -> None:
    document = json.loads(DOCUMENT.read_text("utf-8"))
    flows = document["components"]["securitySchemes"]["OAuth2UserToken"]["flows"]
    assert flows["authorizationCode"]["scopes"].keys() <= scopes.SCOPES.keys()
    known = set()
    for path, methods in document["paths"].items():
        for method, endpoint in methods.items():
            for way in endpoint.get("security") or []:
                if "OAuth2UserToken" in way and not any(part in path for part in ELSEWHERE):
                    name = (method.upper(), path.removeprefix("/2"))
                    assert scopes.needed(*name) == set(way["OAuth2UserToken"]), name
                    known.add((name[0], re.sub(r"\{.*?\}", "{}", name[1])))
    assert len(known) > 70
    assert scopes._NEEDED.keys() <= known


LIKES = f"https://api.twitter.com/2/users/{ADA}/likes"
LIKE = {"tweet_id": str(small_id(OUTAGE))}


def test_a_token_is_good_for_what_it_was_granted(square: Square) -> None:
    def status(method: str, url: str, *names: str, **sent: Any) -> int:
        header = {"authorization": f"Bearer {square.grant(*names)}"}
        return square.send(method, url, headers=header, **sent).status_code

    read = ("tweet.read", "users.read")
    assert status("GET", ME, *read) == 200
    assert status("GET", ME, "users.read") == 403
    assert status("GET", ME) == 403
    assert status("POST", LIKES, *read, json=LIKE) == 403
    assert status("POST", LIKES, *read, "like.read", "tweet.write", json=LIKE) == 403
    assert status("POST", LIKES, *read, "like.write", json=LIKE) == 200
    post = "https://api.twitter.com/2/tweets"
    assert status("POST", post, *read, "like.write", json={"text": "Scoped"}) == 403
    assert status("POST", post, *read, "tweet.write", json={"text": "Scoped"}) == 201


def test_a_missing_scope_is_answered_as_x_does_with_the_reason(square: Square) -> None:
    header = {"authorization": f"Bearer {square.grant('tweet.read', 'users.read')}"}
    answer = square.send("POST", LIKES, headers=header, json=LIKE)
    body = answer.json()
    assert (body["title"], body["type"], body["status"]) == ("Forbidden", "about:blank", 403)
    assert body["detail"].startswith("Forbidden: POST /2/users/{id}/likes needs the scopes")
    assert "not granted like.write" in body["detail"]


# Whatever comes


@given(
    header=st.one_of(
        st.text(max_size=80),
        st.text(max_size=80).map(lambda rest: f"Bearer {rest}"),
        st.text(max_size=80).map(lambda rest: f"OAuth {rest}"),
        st.dictionaries(
            st.sampled_from(
                [
                    "oauth_consumer_key",
                    "oauth_token",
                    "oauth_signature",
                    "oauth_signature_method",
                    "oauth_timestamp",
                    "oauth_nonce",
                    "oauth_version",
                    "realm",
                ]
            ),
            st.text(max_size=20) | st.sampled_from(["HMAC-SHA1", "1.0", "%ff", "1700000000"]),
        ).map(lambda parts: "OAuth " + ", ".join(f'{k}="{v}"' for k, v in parts.items())),
    )
)
def test_no_header_that_is_made_up_lets_anybody_in(square: Square, header: str) -> None:
    for url in (ME, "https://api.x.com/1.1/account/verify_credentials.json"):
        answer = square.send("GET", url, headers={"authorization": header.encode("utf-8")})
        assert answer.status_code in (400, 401), answer.text
        assert answer.json()


PARTS = ("oauth_consumer_key", "oauth_token", "oauth_signature", "oauth_timestamp", "oauth_nonce")


@given(part=st.sampled_from(PARTS), value=st.text(max_size=50))
def test_no_part_of_a_header_can_be_changed(square: Square, part: str, value: str) -> None:
    header = signed(square.tokens.credentials(ADA))
    before = header.split(f'{part}="')[1].split('"')[0]
    if value == before:
        return
    changed = header.replace(f'{part}="{before}"', f'{part}="{value}"')
    assert square.get_me(changed.encode("utf-8")).status_code == 401


@given(
    path=st.sampled_from(
        [
            *("/oauth/request_token", "/oauth/access_token", "/1.1/oauth/invalidate_token"),
            *("/2/oauth2/token", "/2/oauth2/revoke", "/oauth2/token", "/oauth2/invalidate_token"),
        ]
    ),
    header=st.none()
    | st.text(max_size=30).map(lambda rest: f"Basic {rest}")
    | st.text(max_size=30),
    form=st.dictionaries(
        st.sampled_from(
            [
                *("grant_type", "code", "client_id", "client_secret", "redirect_uri", "token"),
                *("refresh_token", "code_verifier", "scope", "oauth_token", "client", "user"),
            ]
        ),
        st.text(max_size=20)
        | st.sampled_from(["authorization_code", "refresh_token", "client_credentials"]),
    ),
)
def test_nothing_that_is_asked_of_oauth_breaks_it(
    square: Square, path: str, header: str | None, form: dict[str, str]
) -> None:
    headers = {} if header is None else {"authorization": header.encode("utf-8")}
    answer = square.send("POST", f"https://api.x.com{path}", headers=headers, data=form)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json().keys() & {"error", "errors"}


@given(
    path=st.sampled_from(["/oauth/authorize", "/i/oauth2/authorize", "/sign-in"]),
    query=st.dictionaries(
        st.sampled_from(
            ["oauth_token", "client_id", "redirect_uri", "scope", "state", "next", "response_type"]
        ),
        st.text(max_size=20),
    ),
    host=st.sampled_from(["127.0.0.1", "[", "[::1", "a b", "", "evil.example:99999", "é"]),
)
def test_no_address_breaks_the_pages(
    square: Square, path: str, query: dict[str, str], host: str
) -> None:
    answer = square.send(
        "GET",
        f"http://127.0.0.1{path}",
        params=query,
        headers={"host": host.encode("utf-8")},
    )
    assert answer.status_code in (200, 303, 400), answer.text
    header = {"host": host.encode("utf-8"), "authorization": signed(_ada(square))}
    assert square.send("GET", ME, headers=header).status_code == 200


def _ada(square: Square) -> Credentials:
    return square.tokens.credentials(ADA)


def test_the_square_opens_no_connection(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_to: list[object] = []

    def refuse(*asked: object, **_: object) -> None:
        opened_to.append(asked)
        raise OSError("The Square opens no connection")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    acts.perform(square.store, Act(NOW, 0, "join", {"username": "no_wires"}))
    known = square.tokens.credentials(ADA)
    bearer = {"authorization": f"Bearer {known.bearer_token}"}
    post = "https://api.twitter.com/2/tweets"
    url = "https://elsewhere.example/a?b=c"
    header = {"authorization": signed(known, "POST", post)}
    answers = [
        square.send("GET", "http://127.0.0.1/"),
        square.send("GET", "http://127.0.0.1/feeds.opml"),
        square.send("GET", "http://127.0.0.1/feeds/blog.xml"),
        square.send("GET", "http://127.0.0.1/sign-in"),
        square.send("POST", post, headers=header, json={"text": f"See {url} #wires"}),
        square.send("GET", f"{post}/search/recent?query=court", headers=bearer),
        square.send(
            "POST",
            "https://api.twitter.com/oauth/request_token",
            headers={
                "authorization": signed(
                    Credentials("", known.consumer_key, known.consumer_secret, "", ""),
                    "POST",
                    "https://api.twitter.com/oauth/request_token",
                    callback_uri=url,
                )
            },
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4 + [201, 200, 200]
    assert url in answers[4].json()["data"]["text"]
    assert opened_to == []
