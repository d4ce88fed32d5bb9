"""A web server for the Square, in a thread of its own."""

import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from kit.square.network.listener import Listener


class _Uvicorn(uvicorn.Server):
    """Says when it has started, rather than being asked again and again, and when it ends."""

    def __init__(
        self, config: uvicorn.Config, ready: threading.Event, ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


class Server(Listener):
    """Serves an application on this machine until it is stopped.

    Args:
        app: the application.
        host: the address to listen on.
        port: the port to listen on; 0 takes any free one.
        ending: called in the server's thread before it stops, to end what would go on for ever.

    ::

        with Server(app) as server:
            print(server.url)
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(host, port)
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
            ),
            self._ready,
            ending,
        )

    def _run(self, listening: socket.socket) -> None:
        self._server.run([listening])

    def _end(self) -> None:
        self._server.should_exit = True
