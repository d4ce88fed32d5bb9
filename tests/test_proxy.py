"""The proxy: real sockets, real TLS, real clients; and nothing that lets anything out."""

import asyncio
import contextlib
import hashlib
import logging
import shutil
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import PortInUseError, RequestError
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.network import proxy as proxies
from kit.square.network.errand import HOSTS, Errand
from kit.square.network.proxy import Proxy
from kit.square.network.server import Server
from kit.square.store import Store
from tests.square_world import BOB, NOW, TOKEN

PATH = "/2/users/by/username/bob"
HEADERS = {"authorization": f"Bearer {TOKEN}"}
ANSWER = {"data": {"id": str(BOB), "name": "Bob", "username": "Bob"}}
MEGABYTES = 20


@pytest.fixture(scope="module")
def server(small_store: Store) -> Iterator[Server]:
    with Server(make_app(small_store, Clock(NOW))) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: Server) -> Iterator[Proxy]:
    with Proxy(server.url) as running:
        yield running


@pytest.fixture
def bundle(proxy: Proxy, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(proxy.certificate)
    return path


@pytest.fixture
def led(proxy: Proxy, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as `kit run` leads one."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, proxy.url)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(bundle))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


# What it serves.


@pytest.mark.usefixtures("led")
@pytest.mark.parametrize("host", HOSTS)
def test_every_name_of_x_is_the_square(host: str) -> None:
    assert requests.get(f"https://{host}{PATH}", headers=HEADERS, timeout=5).json() == ANSWER


@pytest.mark.usefixtures("led")
def test_the_square_answers_by_x_s_names_without_tls_and_by_its_own(server: Server) -> None:
    for url in ("http://api.x.com", "http://API.X.COM.", server.url):
        assert requests.get(url + PATH, headers=HEADERS, timeout=5).json() == ANSWER


@pytest.mark.usefixtures("led")
def test_other_clients_of_python_heed_it() -> None:
    request = urllib.request.Request(f"https://api.x.com{PATH}", headers=HEADERS)
    # An opener of its own: that of urlopen keeps the environment of its first call.
    with urllib.request.build_opener().open(request, timeout=5) as answer:
        assert b'"Bob"' in answer.read()
    assert httpx.get(f"https://api.x.com{PATH}", headers=HEADERS).json() == ANSWER


@pytest.mark.usefixtures("led")
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_heeds_it() -> None:
    command = ["curl", "-sS", "-H", f"authorization: Bearer {TOKEN}", f"https://x.com{PATH}"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == (
        f'{{"data":{{"id":"{BOB}","name":"Bob","username":"Bob"}}}}'
    )


def test_two_hundred_tunnels_at_once(proxy: Proxy, bundle: Path) -> None:
    async def one(context: ssl.SSLContext, all_open: asyncio.Barrier) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"CONNECT api.x.com:443 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await writer.start_tls(context, server_hostname="api.x.com")
        await all_open.wait()
        request = f"GET {PATH} HTTP/1.1\r\nHost: api.x.com\r\nAuthorization: Bearer {TOKEN}\r\n"
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return answer

    async def all_of_them() -> list[bytes]:
        context = ssl.create_default_context(cafile=bundle)
        all_open = asyncio.Barrier(200)
        return await asyncio.gather(*(one(context, all_open) for _ in range(200)))

    answers = asyncio.run(all_of_them())
    assert len(answers) == 200
    assert all(answer.endswith(b'"username":"Bob"}}') for answer in answers)


# Bytes, both ways, against a Square of a few lines.


class Origin(socketserver.ThreadingTCPServer):
    """A Square that does with each connection what the test says."""

    daemon_threads = True

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                serve(self.request)

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def before(serve: Callable[[socket.socket], None]) -> Iterator[Proxy]:
    """A proxy before such a Square."""
    with Origin(serve) as origin:
        threading.Thread(target=origin.serve_forever, args=(0.01,), daemon=True).start()
        with Proxy(origin.url) as proxy:
            yield proxy
        origin.shutdown()


def tunnel(proxy: Proxy, name: str = "api.x.com:443") -> socket.socket:
    link = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    link.sendall(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
    assert link.recv(1000) == b"HTTP/1.1 200 Connection established\r\n\r\n"
    return link


def secured(link: socket.socket, proxy: Proxy, name: str = "api.x.com") -> ssl.SSLSocket:
    context = ssl.create_default_context(cadata=proxy.certificate.decode())
    return context.wrap_socket(link, server_hostname=name)


def everything(link: socket.socket) -> bytes:
    return b"".join(iter(lambda: link.recv(1 << 16), b""))


def test_a_large_upload_and_a_large_answer_arrive_whole() -> None:
    sent = bytes(range(256)) * (4096 * MEGABYTES)

    def digest_and_return(link: socket.socket) -> None:
        data = b""
        pieces = []
        while sum(map(len, pieces)) < len(sent) and (data := link.recv(1 << 20)):
            pieces.append(data)
        whole = b"".join(pieces)
        link.sendall(hashlib.sha256(whole).digest() + whole[::-1])

    with before(digest_and_return) as proxy, secured(tunnel(proxy), proxy) as link:
        link.sendall(sent)
        answer = everything(link)
    assert answer[:32] == hashlib.sha256(sent).digest()
    assert answer[32:] == sent[::-1]


def test_a_stream_is_passed_on_line_by_line() -> None:
    seen = threading.Event()

    def drip(link: socket.socket) -> None:
        link.recv(100)
        link.sendall(b"first\r\n")
        assert seen.wait(10)
        link.sendall(b"second\r\n")

    with before(drip) as proxy, secured(tunnel(proxy), proxy) as link:
        link.sendall(b"go")
        assert link.recv(100) == b"first\r\n"
        seen.set()
        assert everything(link) == b"second\r\n"


def test_a_client_that_has_sent_all_still_gets_its_answer() -> None:
    def answer_at_the_end(link: socket.socket) -> None:
        link.sendall(everything(link)[::-1])

    with before(answer_at_the_end) as proxy:
        own = urlsplit(proxy._square.geturl()).netloc
        with tunnel(proxy, own) as link:
            link.sendall(b"!dlrow olleh")
            link.shutdown(socket.SHUT_WR)
            assert everything(link) == b"hello world!"


@pytest.mark.parametrize("rudely", [True, False])
def test_a_client_that_vanishes_is_gone_for_the_square_too(
    rudely: bool, caplog: pytest.LogCaptureFixture
) -> None:
    came, gone = threading.Event(), threading.Event()

    def wait_for_the_end(link: socket.socket) -> None:
        while True:
            try:
                data = link.recv(100)
            except ConnectionError:
                break
            if not data:
                break
            came.set()
        gone.set()

    with before(wait_for_the_end) as proxy:
        link = secured(tunnel(proxy), proxy)
        link.sendall(b"half a requ")
        assert came.wait(5)
        if rudely:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()
        assert gone.wait(5)
        settles(lambda: not proxy._visits)
    assert [record.getMessage() for record in caplog.records] == []


def test_a_square_that_breaks_off_ends_the_tunnel() -> None:
    def break_off(link: socket.socket) -> None:
        link.recv(100)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal")

    with before(break_off) as proxy, secured(tunnel(proxy), proxy) as link:
        link.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert everything(link).endswith(b"\r\n\r\nhal")
        link.close()
        settles(lambda: not proxy._visits)


def settles(state: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not state():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)


def test_one_connection_without_tls_carries_one_request() -> None:
    heads = []

    def keep(link: socket.socket) -> None:
        heads.append(link.recv(1000))
        link.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with (
        before(keep) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as link,
    ):
        link.sendall(
            b"POST http://api.x.com/2/tweets?a=b%20c HTTP/1.1\r\nHost: api.x.com\r\n"
            b"Proxy-Authorization: Basic secret\r\nProxy-Connection: keep-alive\r\n"
            b"Connection: keep-alive\r\nX-Own: 1\r\n\r\n"
        )
        assert everything(link) == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert heads == [
        b"POST /2/tweets?a=b%20c HTTP/1.1\r\nHost: api.x.com\r\nX-Own: 1\r\n"
        b"Connection: close\r\n\r\n"
    ]


# What it refuses.


def ask(proxy: Proxy, head: str | bytes) -> tuple[int, str]:
    """What a client gets for the head of a request: the status, and the words."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as link:
        link.sendall(head.encode() if isinstance(head, str) else head)
        said = everything(link).decode()
    head, _, body = said.partition("\r\n\r\n")
    status, _, reason = head.splitlines()[0].removeprefix("HTTP/1.1 ").partition(" ")
    assert reason == body.strip(), "clients show the status line alone"
    assert "Traceback" not in said
    return int(status), body


OTHERS = [
    "example.org:443",
    "api.x.com.example.org:443",
    "evilapi.x.com:443",
    "pbs.twimg.com:443",
    "api.x.com:80",
    "api.x.com:8443",
    "192.0.2.7:443",
    "[2001:db8::1]:443",
    "127.0.0.1:22",
    "localhost:443",
    "api.x.com@example.org:443",
    "api.x.com\x00.example.org:443",
    "аpi.x.com:443",  # the first letter is Cyrillic
]


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_host_is_refused_with_a_sentence(
    proxy: Proxy, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, words = ask(proxy, f"CONNECT {name} HTTP/1.1\r\n\r\n")
    assert status == 403
    shown = ascii(name.encode().decode("latin-1"))[1:-1]
    assert words.startswith(f"The Square does not serve {shown} and never lets anything out")
    assert all(host in words for host in HOSTS)
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info) == (words.strip(), None)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org/",
        "http://api.x.com:8080/2/tweets",
        "https://api.x.com:80/2/tweets",
        "http://api.x.com@example.org/",
        "http://192.0.2.7/",
    ],
)
def test_a_request_for_another_host_is_refused_without_a_tunnel_too(proxy: Proxy, url: str) -> None:
    status, words = ask(proxy, f"GET {url} HTTP/1.1\r\nHost: api.x.com\r\n\r\n")
    assert (status, words[:26]) == (403, "The Square does not serve ")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("\r\n\r\n", "an empty name begins no HTTP/1.1 request"),
        ("hello\r\n\r\n", "hello begins no HTTP/1.1 request"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", r"\\x16\\x03\\x01\\x02\\x00\\x01 begins no"),
        ("CONNECT\r\n\r\n", "CONNECT begins no"),
        ("CONNECT api.x.com HTTP/1.1\r\n\r\n", "cannot connect to api.x.com: give a host and a"),
        ("CONNECT :443 HTTP/1.1\r\n\r\n", "cannot connect to :443"),
        ("CONNECT api.x.com:x HTTP/1.1\r\n\r\n", "cannot connect to api.x.com:x"),
        ("CONNECT api.x.com:443 HTTP/2\r\n\r\n", "CONNECT begins no HTTP/1.1 request"),
        ("GET / HTTP/1.1\r\n\r\n", "not a web site; it has no /. The Square itself is at http://"),
        ("GET ftp://api.x.com/ HTTP/1.1\r\n\r\n", "it has no ftp://api.x.com/"),
        ("GET http://[/ HTTP/1.1\r\n\r\n", "it has no http://[/"),
        ("GET http://api.x.com:99999/ HTTP/1.1\r\n\r\n", "it has no http://api.x.com:99999/"),
    ],
)
def test_what_is_no_request_is_refused_with_a_sentence(
    proxy: Proxy, head: str | bytes, said: str
) -> None:
    status, words = ask(proxy, head)
    assert status == 400
    assert said.replace("\\\\", "\\") in words


def test_a_head_without_end_is_refused_before_it_fills_the_memory(proxy: Proxy) -> None:
    status, words = ask(proxy, b"CONNECT api.x.com:443 HTTP/1.1\r\nX: " + b"x" * 200_000)
    assert (status, words) == (
        431,
        "The request's head is longer than 65,536 bytes; send fewer headers.\n",
    )


def test_a_long_name_comes_back_short(proxy: Proxy) -> None:
    status, words = ask(proxy, f"CONNECT {'a' * 60_000}:443 HTTP/1.1\r\n\r\n")
    assert status == 403
    assert len(words) < 400


def test_a_slow_client_is_not_waited_for(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "_HEAD_SECONDS", 0.2)
    begun = time.monotonic()
    status, words = ask(proxy, "CONNECT api.x.com:443 HT")
    assert (status, words) == (
        408,
        "The request's head did not arrive within 0 seconds; send it at once.\n",
    )
    with tunnel(proxy) as silent:  # and never begins TLS
        assert everything(silent) == b""
    assert time.monotonic() - begun < 5


def test_a_client_that_does_not_trust_it_gets_an_error_and_the_log_a_sentence(
    proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        tunnel(proxy) as link,
        pytest.raises(ssl.SSLCertVerificationError),
        ssl.create_default_context().wrap_socket(link, server_hostname="api.x.com"),
    ):
        pass
    settles(lambda: bool(caplog.records))
    (record,) = caplog.records
    assert record.getMessage().startswith("A client broke off TLS (TLSV1_ALERT_UNKNOWN_CA). If")
    assert record.exc_info is None


def test_what_is_not_tls_gets_nowhere(proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    with tunnel(proxy) as link:
        link.sendall(f"GET {PATH} HTTP/1.1\r\n\r\n".encode())
        assert b"Bob" not in everything(link)
    settles(lambda: bool(caplog.records))
    assert caplog.records[0].getMessage().startswith("A client broke off TLS (HTTP_REQUEST)")


@pytest.mark.parametrize("name", ["example.org", "twitter.example"])
def test_its_certificate_is_for_x_s_names_alone(proxy: Proxy, name: str) -> None:
    with (
        tunnel(proxy) as link,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
        secured(link, proxy, name),
    ):
        pass


def test_each_proxy_has_a_certificate_that_no_other_one_can_show(proxy: Proxy) -> None:
    with before(lambda link: None) as other:
        assert other.certificate != proxy.certificate
        with (
            tunnel(other) as link,
            pytest.raises(ssl.SSLCertVerificationError),
            secured(link, proxy),
        ):
            pass


def test_it_gives_its_certificate_to_other_computers_and_never_the_key(proxy: Proxy) -> None:
    given = requests.get(f"{proxy.url}/ca.pem", timeout=5, proxies={"http": ""})
    assert given.content == proxy.certificate
    assert given.text.count("-----BEGIN") == 1
    assert "PRIVATE KEY" not in given.text


# That nothing gets out.

_HOOK = threading.local()
_TOUCHED: list[object] | None = None


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _TOUCHED is not None and threading.current_thread().name.startswith("proxy"):
        if event == "socket.connect":
            _TOUCHED.append(arguments[1])
        elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
            _TOUCHED.append(arguments[0])


@pytest.fixture
def touched() -> Iterator[list[object]]:
    """Every address that a proxy connects to, and every name that it looks up."""
    global _TOUCHED
    if not hasattr(_HOOK, "set"):
        sys.addaudithook(_note)  # for good: Python has no way to remove it
        _HOOK.set = True
    _TOUCHED = []
    yield _TOUCHED
    _TOUCHED = None


def test_no_connection_is_made_but_to_the_square(
    server: Server, proxy: Proxy, touched: list[object]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        port = ours.getsockname()[1]
        ours.setblocking(False)
        for name in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"):
            assert ask(proxy, f"CONNECT {name}:{port} HTTP/1.1\r\n\r\n")[0] == 403
            assert ask(proxy, f"GET http://{name}:{port}/ HTTP/1.1\r\n\r\n")[0] == 403
        for name in OTHERS:
            ask(proxy, f"CONNECT {name} HTTP/1.1\r\n\r\n")
        with pytest.raises(BlockingIOError):
            ours.accept()
    assert touched == []
    tunnel(proxy).close()
    there = urlsplit(server.url)
    settles(lambda: touched == [(there.hostname, there.port)])


@given(
    st.one_of(
        st.binary(),
        st.tuples(
            st.sampled_from(["CONNECT ", "GET http://", "GET https://", "POST //", "connect "]),
            st.text(max_size=30) | st.sampled_from(["api.x.com", "x.com:443", "127.0.0.1:8080"]),
            st.sampled_from(["", ":443", ":80", ":8080", "/", "@x.com/", "#x.com", "?x.com:443"]),
        ).map(lambda parts: f"{''.join(parts)} HTTP/1.1\r\nHost: x.com\r\n\r\n".encode()),
    )
)
def test_whatever_is_sent_leads_to_the_square_or_nowhere(head: bytes) -> None:
    errand, refused = None, None
    try:
        errand = Errand.read(head, urlsplit("http://127.0.0.1:8080"))
    except RequestError as error:
        refused = error
    if refused is not None:
        assert refused.status in {400, 403}
        assert str(refused).isascii()
        assert str(refused).isprintable()
    if errand is not None:
        host, _, port = errand.name.lower().rpartition(":")
        assert host.rstrip(".") in {*HOSTS, "127.0.0.1", "localhost"}
        assert port in {"443", "80", "8080"}


# Beginning and end.


def test_a_square_that_was_stopped_is_a_sentence(small_store: Store) -> None:
    with Server(make_app(small_store, Clock(NOW))) as server:
        url = server.url
    with Proxy(url) as proxy:
        status, words = ask(proxy, "CONNECT api.x.com:443 HTTP/1.1\r\n\r\n")
    assert (status, words) == (502, f"The Square at {url} does not answer; start it again.\n")


def test_it_stops_at_once_and_cuts_what_is_open(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    proxy = Proxy(server.url).start()
    links = [tunnel(proxy), secured(tunnel(proxy), proxy)]
    links.append(socket.create_connection(("127.0.0.1", proxy.port), timeout=5))
    begun = time.monotonic()
    proxy.stop()
    assert time.monotonic() - begun < 1
    for link in links:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            assert everything(link) == b""
        link.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    assert caplog.records == []
    proxy.stop()


def test_a_port_in_use_is_named(server: Server, proxy: Proxy) -> None:
    with pytest.raises(PortInUseError, match=f"Port {proxy.port} on 127.0.0.1 is used"):
        Proxy(server.url, port=proxy.port).start()
