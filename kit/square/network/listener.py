"""What listens on a port, in a thread of its own."""

import errno
import os
import socket
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from kit.errors import PortInUseError, SquareError

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_LAST_PORT = 65_535
#: Every address of a machine can be listened on, but none can call it by that name.
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class Listener(ABC):
    """Listens from ``start`` until ``stop``, or for the length of a ``with`` block.

    Any number can run in one process, also in a notebook's: each has its thread and its
    event loop, and none listens to signals.

    Args:
        host: the address to listen on.
        port: the port to listen on; 0 takes any free one.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self.port = port
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _run(self, listening: socket.socket) -> None:
        """Set ``_ready`` as soon as it answers, and serve until told to end; in the thread."""

    @abstractmethod
    def _end(self) -> None:
        """Tell ``_run`` to end; from another thread."""

    @property
    def url(self) -> str:
        """Where it answers this machine, such as ``http://127.0.0.1:8080``."""
        here = _HERE.get(self._host, self._host)
        return f"http://[{here}]:{self.port}" if ":" in here else f"http://{here}:{self.port}"

    def start(self) -> Self:
        """Start, and return when it answers.

        Raises:
            PortInUseError: another program has the port.
            SquareError: the address cannot be listened on.
        """
        listening = _listen(self._host, self.port)
        self.port = listening.getsockname()[1]
        name = f"{type(self).__name__.lower()} {self.url}"
        self._thread = threading.Thread(target=self._run, args=(listening,), name=name, daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            listening.close()
            raise SquareError(
                f"The {name} did not start within {_START_SECONDS:.0f} seconds: "
                "try again, or restart Python."
            )
        return self

    def stop(self) -> None:
        """Stop, and return when the port is free. What does not run stays so."""
        if self._thread is not None:
            self._end()
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


def _listen(host: str, port: int) -> socket.socket:
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
        raise SquareError(_cannot_listen(host, port, error)) from error
    return listening


def _cannot_listen(host: str, port: int, error: Exception) -> str:
    said = f"The Square cannot listen on {host}, port {port}: "
    if not 0 <= port <= _LAST_PORT:
        return f"{said}a port is a number from 0 to {_LAST_PORT:,}, and 0 takes any free one."
    if isinstance(error, PermissionError):
        return f"{said}you may not. Choose a port from 1,024 up."
    return (
        f"{said}that is no address of this computer. Choose 127.0.0.1 for this computer alone, or "
        "0.0.0.0 for its whole network."
    )
