"""A proxy that brings unmodified clients to the Square, and lets nothing out.

A client that is told of it by ``HTTPS_PROXY`` asks for a tunnel to ``api.x.com``. The proxy
ends the client's TLS with a certificate of its own, and from then on passes bytes to the
Square and back without reading them. It connects to nothing but the Square.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from urllib.parse import urlsplit

import trustme

from kit.errors import RequestError
from kit.square.network.errand import CERTIFICATE_PATH, HOSTS, Errand
from kit.square.network.listener import Listener

_LOG = logging.getLogger(__name__)
#: How long a client may take for the head of its request, and then for TLS's greetings.
_HEAD_SECONDS = 10.0
#: How many bytes are read at once, and so the longest head of a request.
_AT_ONCE = 1 << 16
_BACKLOG = 512
#: How long a refused client is listened to, so that it can read why before the line is cut.
_PARTING_SECONDS = 1.0
#: How long a slow client may take to fetch the last of an answer.
_LAST_SECONDS = 10.0


class Proxy(Listener):
    """A proxy in front of a Square, until it is stopped.

    Args:
        square: the Square's address, such as ``http://127.0.0.1:8080``.
        host: the address to listen on.
        port: the port to listen on; 0 takes any free one.

    Attributes:
        certificate: what clients must trust, as PEM. Its key is made afresh for each proxy and
            kept nowhere, so that nobody else can use it.

    ::

        with Proxy(square.url) as proxy:
            requests.get("https://api.x.com/2/users/me", proxies={"https": proxy.url}, ...)
    """

    def __init__(self, square: str, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host, port)
        self._square = urlsplit(square)
        authority = trustme.CA(organization_name="The Square", organization_unit_name="invented")
        self.certificate = authority.cert_pem.bytes()
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.set_alpn_protocols(["http/1.1"])
        authority.issue_cert(*HOSTS).configure_cert(self._tls)
        self._visits: set[asyncio.Task[None]] = set()
        self._stopping: asyncio.Event
        self._loop: asyncio.AbstractEventLoop

    def _run(self, listening: socket.socket) -> None:
        asyncio.run(self._serve(listening))

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)

    async def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(
            self._welcome, sock=listening, limit=_AT_ONCE, backlog=_BACKLOG
        )
        self._ready.set()
        await self._stopping.wait()
        await asyncio.sleep(0)  # asyncio trips over a connection that it is just accepting
        server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._stopping.is_set():  # it came in the last moment
            return writer.transport.abort()
        visit = asyncio.create_task(self._visit(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, and see that nothing of it stays."""
        try:
            await self._answer(reader, writer)
            await _close(writer)
        except RequestError as error:
            _LOG.warning("%s", error)
            await _refuse(reader, writer, error)
        except ssl.SSLError as error:
            _LOG.warning(
                "A client broke off TLS (%s). If it does not trust the certificate, point its "
                "setting for certificates to the file that SSL_CERT_FILE names.",
                error.reason,
            )
        except (OSError, EOFError) as error:
            _LOG.debug("A client went away: %s", error)
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await _head(reader)
        if head.startswith(f"GET {CERTIFICATE_PATH} ".encode()):
            return await _say(writer, 200, self.certificate.decode())
        errand = Errand.read(head, self._square)
        _LOG.debug("The Square answers for %s", errand.name)
        from_square, to_square = await self._call_square()
        try:
            if errand.tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if errand.tls:
                await writer.start_tls(self._tls, ssl_handshake_timeout=_HEAD_SECONDS)
            to_square.write(errand.opening)
            await _relay(reader, writer, from_square, to_square)
        finally:
            to_square.close()

    async def _call_square(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_connection(
                self._square.hostname, self._square.port, limit=_AT_ONCE
            )
        except OSError as error:
            raise RequestError(
                f"The Square at {self._square.geturl()} does not answer; start it again.",
                status=502,
            ) from error


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(_HEAD_SECONDS):
            return await reader.readuntil(b"\r\n\r\n")
    except TimeoutError:
        raise RequestError(
            f"The request's head did not arrive within {_HEAD_SECONDS:.0f} seconds; send it at "
            "once.",
            status=408,
        ) from None
    except asyncio.LimitOverrunError:
        raise RequestError(
            f"The request's head is longer than {_AT_ONCE:,} bytes; send fewer headers.",
            status=431,
        ) from None


async def _relay(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    from_square: asyncio.StreamReader,
    to_square: asyncio.StreamWriter,
) -> None:
    """Pass bytes both ways until the Square has ended its part, which a client's leave ends too."""
    up = asyncio.create_task(_pour(reader, to_square))
    try:
        await _pour(from_square, writer)
    finally:
        up.cancel()
        await asyncio.wait([up])
    if not up.cancelled() and (error := up.exception()) is not None:
        raise error


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while some := await source.read(_AT_ONCE):
            sink.write(some)
            await sink.drain()
        if sink.can_write_eof():  # TLS ends with the whole connection
            sink.write_eof()
    except OSError:
        sink.transport.abort()
        raise


async def _say(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    """Answer in plain text; a refusal also in the status line, which is all that clients show."""
    reason = "OK" if status == 200 else text.strip()
    writer.write(
        f"HTTP/1.1 {status} {reason}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(text.encode())}\r\n"
        f"Connection: close\r\n\r\n{text}".encode()
    )
    writer.write_eof()
    await writer.drain()


async def _refuse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, error: RequestError
) -> None:
    with contextlib.suppress(OSError):
        await _say(writer, error.status, f"{error}\n")
        # Cut off in the middle of what it still sends, a client would not read why.
        async with asyncio.timeout(_PARTING_SECONDS):
            while await reader.read(_AT_ONCE):
                pass


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    async with asyncio.timeout(_LAST_SECONDS):
        await writer.wait_closed()
