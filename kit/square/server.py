"""A web server for the Square, in a thread of its own."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from kit.square.listener import Listener


class _Uvicorn(uvicorn.Server):
    """Says when it has started, rather than being asked again and again."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


class Server(Listener):
    """Serves an application on this machine until it is stopped.

    Args:
        app: the application.
        host: the address to listen on.
        port: the port to listen on; 0 takes any free one.

    ::

        with Server(app) as server:
            print(server.url)
    """

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
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
        )

    def _run(self, listening: socket.socket) -> None:
        self._server.run([listening])

    def _end(self) -> None:
        self._server.should_exit = True
