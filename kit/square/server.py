"""A web server for the Square, in a thread of its own."""

import errno
import os
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from kit.errors import PortInUseError, SquareError

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
#: Every address of a machine can be listened on, but none can call it by that name.
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class _Uvicorn(uvicorn.Server):
    """Says when it has started, rather than being asked again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class Server:
    """Serves an application on this machine until it is stopped.

    Any number can run in one process, also in a notebook's: each has its thread and its
    event loop, and none listens to signals.

    Args:
        app: the application.
        host: the address to listen on.
        port: the port to listen on; 0 takes any free one.

    ::

        with Server(app) as server:
            print(server.url)
    """

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                access_log=False,
                date_header=False,
                lifespan="off",
                log_config=None,
                log_level="critical",  # the application logs its own mistakes
                server_header=False,
                timeout_graceful_shutdown=1,
                ws="none",
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the server answers this machine, such as ``http://127.0.0.1:8080``."""
        return address(self._host, self._port)

    def start(self) -> Self:
        """Start, and return when it answers.

        Raises:
            PortInUseError: another program has the port.
            SquareError: the address cannot be listened on.
        """
        listening = listen(self._host, self._port)
        self._port = listening.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name=f"square {self.url}", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            listening.close()
            raise SquareError(
                f"The Square at {self.url} did not start within {_START_SECONDS:.0f} seconds: "
                "try again, or restart Python."
            )
        return self

    def stop(self) -> None:
        """Stop, and return when the port is free. A server that is not running stays so."""
        if self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def address(host: str, port: int) -> str:
    """The address at which this machine reaches what listens on a host and a port."""
    here = _HERE.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a port; 0 takes any free one.

    Raises:
        PortInUseError: another program has the port.
        SquareError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off, which costs 40 ms a call.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere this option lets two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is used by another program: stop that program, choose "
                "another port, or choose port 0, which takes any free one."
            ) from error
        raise SquareError(f"The Square cannot listen on {host}, port {port}: {error}.") from error
    return listening
