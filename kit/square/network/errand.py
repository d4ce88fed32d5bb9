"""What a client asks of the proxy, and whether the Square does it.

A proxy is asked in two ways: ``CONNECT api.x.com:443`` opens a tunnel, and
``GET http://api.x.com/2/tweets`` sends one request. Both lead to the Square or nowhere.
"""

from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from kit.errors import RequestError
from kit.square.access import signature

#: X's names: the API, where media goes, and the pages on which people sign in.
HOSTS = (*signature.HOSTS, "twitter.com", "x.com")
#: Where the proxy gives its certificate to clients on other computers.
CERTIFICATE_PATH = "/ca.pem"
_PORTS = {"http": 80, "https": 443}
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing the proxy does for a client.

    Attributes:
        name: the host and port that the client asked for.
        tunnel: the client expects a tunnel, rather than the answer to one request.
        tls: inside the tunnel it speaks TLS.
        opening: the first bytes for the Square: the request's head, as a server reads it.
    """

    name: str
    tunnel: bool = True
    tls: bool = True
    opening: bytes = b""

    @classmethod
    def read(cls, head: bytes, square: SplitResult) -> Self:
        """The errand in a request's head.

        Args:
            head: the request line and headers, with the empty line that ends them.
            square: the Square's own address, which the proxy serves as well.

        Raises:
            RequestError: with 400, it is no request to a proxy; with 403, it asks for a host
                that is not served.
        """
        line, _, headers = head.partition(b"\r\n")
        words = line.decode("latin-1").split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise RequestError(
                f"This is the Square's proxy, and {_shown(words[0])} begins no HTTP/1.1 request: "
                "set HTTPS_PROXY to this address, and let the client ask."
            )
        method, target, _ = words
        if method.upper() == "CONNECT":
            return cls._tunnel(target, square)
        return cls._request(method, target, headers, square)

    @classmethod
    def _tunnel(cls, target: str, square: SplitResult) -> Self:
        host, _, port = target.rpartition(":")
        host = host.strip("[]").rstrip(".").lower()
        if not host or not port.isdecimal():
            raise RequestError(
                f"The proxy cannot connect to {_shown(target)}: give a host and a port, such as "
                "api.x.com:443."
            )
        if _is_square(host, port, square):
            return cls(target, tls=False)
        if host in HOSTS and port == "443":
            return cls(target)
        raise refusal(target)

    @classmethod
    def _request(cls, method: str, target: str, headers: bytes, square: SplitResult) -> Self:
        try:
            there = urlsplit(target)
            usual = _PORTS[there.scheme]
            port = there.port or usual
        except (ValueError, KeyError):
            raise RequestError(
                f"This is the Square's proxy and not a web site; it has no {_shown(target)}. "
                f"The Square itself is at {square.geturl()}, and the certificate that clients of "
                f"the proxy trust at {CERTIFICATE_PATH}."
            ) from None
        host = (there.hostname or "").rstrip(".")
        if not (_is_square(host, str(port), square) or (host in HOSTS and port == usual)):
            raise refusal(f"{host}:{port}")
        path = (there.path or "/") + (f"?{there.query}" if there.query else "")
        line = f"{method} {path} HTTP/1.1\r\n".encode("latin-1")
        return cls(f"{host}:{port}", False, False, line + _for_the_square(headers))


def refusal(name: str) -> RequestError:
    """Why a host, with its port, is not served, and what is."""
    return RequestError(
        f"The Square does not serve {_shown(name)} and never lets anything out of this machine. "
        f"Through its proxy clients reach {', '.join(HOSTS[:-1])} and {HOSTS[-1]}, on port 443.",
        status=403,
    )


def _is_square(host: str, port: str, square: SplitResult) -> bool:
    # Clients ask the proxy for feeds and pages too, by the address that they were given.
    return host in {square.hostname, "localhost"} and port == str(square.port)


def _for_the_square(headers: bytes) -> bytes:
    """The headers without those for the proxy, and with the end of the connection.

    One request for each connection: the next one may be for another host, and what follows a
    head is passed on unread.
    """
    kept = [
        line
        for line in headers.split(b"\r\n")
        if line and not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))
    ]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])


def _shown(text: str) -> str:
    """What a client sent, short and in ASCII: it goes back in one line of an answer."""
    cut = text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"
    return ascii(cut)[1:-1] or "an empty name"
