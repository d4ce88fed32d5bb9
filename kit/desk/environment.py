"""The environment in which a client that knows nothing of the Square finds it all the same.

Clients look for a proxy, for certificates and for tokens in environment variables. So a
program is led to the Square without a change to it, whatever its language.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.desk.client import Square
from kit.square import preload
from kit.square.access.tokens import is_real
from kit.square.network.proxy import Proxy

#: Exceptions to the proxy would lead past it.
REMOVED = ("NO_PROXY", "no_proxy")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
#: OpenSSL (Python's ssl, aiohttp, httpx, Ruby, PHP, Go), requests, curl, Node, Deno.
_CERTIFICATES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "DENO_CERT",
)
#: Client libraries and X's own samples read names with and without these.
_PREFIXES = ("", "TWITTER_", "X_")
#: Python and Node need a few lines before a program, to lead all of their clients.
_PRELOAD = Path(preload.__path__[0])


@dataclass(frozen=True, slots=True)
class Environment:
    """A command's environment.

    Attributes:
        variables: all of it.
        overridden: the variables that held what looks like a token of X's, sorted.
    """

    variables: Mapping[str, str]
    overridden: tuple[str, ...]


def environment(
    given: Mapping[str, str], square: Square, proxy: Proxy, folder: Path
) -> Environment:
    """An environment that leads to a Square, made from another one.

    Args:
        given: the environment so far. What looks like a token of X's in it is overridden.
        square: where to.
        proxy: a proxy in front of it.
        folder: a private folder; it gets the certificate to trust.
    """
    # Under any name: a program may read its token from a variable that only it knows.
    real = {name for name, value in given.items() if is_real(value.strip())}
    tokens = square.credentials()
    kept = {
        name: value
        if name not in real
        else (tokens.access_token if "-" in value else tokens.bearer_token)
        for name, value in given.items()
        if name not in REMOVED
    }
    ours = leading_to(square, proxy, folder)
    for name, between in (("NODE_OPTIONS", " "), ("PYTHONPATH", os.pathsep)):
        if kept.get(name):
            ours[name] += between + kept[name]
    return Environment(kept | ours, tuple(sorted(real)))


def leading_to(square: Square, proxy: Proxy, folder: Path) -> dict[str, str]:
    """The variables that lead to a Square; ``folder`` gets the certificate to trust."""
    bundle = folder / "ca.pem"
    bundle.write_bytes(proxy.certificate)
    (nothing := folder / "no-other-certificates").mkdir(exist_ok=True)
    return {
        "SQUARE_URL": square.url,
        **dict.fromkeys(_PROXIES, proxy.url),
        **dict.fromkeys(_CERTIFICATES, str(bundle)),
        "SSL_CERT_DIR": str(nothing),
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": f"--require {_quoted(_PRELOAD / 'node.cjs')}",
        "PYTHONPATH": str(_PRELOAD),
        **credentials(square),
    }


def credentials(square: Square) -> dict[str, str]:
    """The tokens of the Square's account, under the names by which clients look for X's."""
    tokens = {name.upper(): token for name, token in asdict(square.credentials()).items()}
    return {prefix + name: token for prefix in _PREFIXES for name, token in tokens.items()}


def _quoted(path: Path) -> str:
    """A path as ``NODE_OPTIONS`` takes it, spaces and Windows's backslashes included."""
    return '"{}"'.format(str(path).replace("\\", "\\\\"))
