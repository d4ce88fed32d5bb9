"""Keep one Square up for a class."""

import os
import shlex
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kit.desk.client import Square, open_square
from kit.desk.environment import REMOVED, leading_to
from kit.square.network.errand import CERTIFICATE_PATH
from kit.square.network.proxy import Proxy

Say = Callable[[str], None]

#: What a class does is kept here, in the folder where the Square is served from.
KEPT = Path("class.square")
#: What time it is there is kept so often.
_KEEP_SECONDS = 10.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    *,
    scenario: str = "calderland",
    seed: int = 1,
    people: int | None = None,
    keep: Path = KEPT,
    host: str = "127.0.0.1",
    port: int = 8080,
    proxy_port: int = 8081,
    speed: float = 1.0,
    say: Say = print,
) -> None:
    """Serve one Square, with a proxy in front of it, until Ctrl-C.

    Args:
        scenario: the name of a scenario pack.
        seed: any whole number.
        people: how many there are; as the pack says if left out.
        keep: the file that keeps what the class does; a Square goes on where it ended.
        host: the address to listen on; ``0.0.0.0`` lets a whole room in.
        port: the port of the Square.
        proxy_port: the port of the proxy; 0 takes any free one.
        speed: how many seconds pass on the Square in one of ours.
        say: gets what people need to know.

    Raises:
        PortInUseError: another program has a port.
        KitError: the Square cannot be started.
    """
    _end_when_told()
    try:
        with (
            open_square(
                scenario, seed, people=people, keep=keep, host=host, port=port, shared=True
            ) as square,
            Proxy(square.url, host, proxy_port) as proxy,
            tempfile.TemporaryDirectory(prefix="square-") as folder,
        ):
            for line in words(square, proxy, host, _settings(square, proxy, Path(folder))):
                say(line)
            say(
                f"To sign in as @{square.username} in a browser: {square.sign_in_code()}. "
                "Learners make accounts of their own there."
            )
            say(f"It is {square.now:%A %d %B %Y, %H:%M} there. {_pace(speed)}")
            say(f"What is done here is kept in {keep.resolve()}: delete it to begin afresh.")
            say("Stop it with Ctrl-C.")
            square.run(speed)
            while True:
                square.keep_time(ahead=2 * _KEEP_SECONDS)
                time.sleep(_KEEP_SECONDS)
    except KeyboardInterrupt:
        say("The Square is stopped.")


def _pace(speed: float) -> str:
    if not speed:
        return "Time stands still there: --speed 1 lets it pass."
    if speed == 1:
        return "Time passes there as here."
    return f"{speed:g} seconds pass there in one of ours."


def _end_when_told() -> None:
    """Take a closed terminal or a `kill` for Ctrl-C."""
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            if number := getattr(signal, name, None):
                signal.signal(number, signal.default_int_handler)


def _settings(square: Square, proxy: Proxy, folder: Path) -> Path:
    """A file with the settings for clients, for this machine's user alone."""
    lines = [f"unset {' '.join(REMOVED)}"]
    for name, value in leading_to(square, proxy, folder).items():
        lines.append(f"export {name}={shlex.quote(value)}")
    path = folder / "settings.sh"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def words(square: Square, proxy: Proxy, host: str, settings: Path) -> list[str]:
    """What a trainer reads when the Square is up."""
    said = [
        f"The Square: {square.url}",
        f"Its feeds:  {square.opml}",
        f"Its proxy:  {proxy.url}",
        f"Tokens of @{square.username}, and settings for clients, are in {settings}",
    ]
    if os.name == "posix":
        said.append(f"In another terminal any client finds the Square after:  . {settings}")
    if host not in _LOOPBACK:
        name = socket.gethostname() if host in {"0.0.0.0", "::"} else host
        room = f"http://{name}"
        said += [
            f"Open to the room: everybody on this network can read this Square at {room}:"
            f"{square.url.rpartition(':')[2]}, make an account and post. All in it is invented, "
            "but let only people in whom you know: use a network you trust, and stop it after "
            "class.",
            f"Clients on other computers: HTTPS_PROXY={room}:{proxy.port}, and the certificate "
            f"to trust is at {room}:{proxy.port}{CERTIFICATE_PATH}",
        ]
    return said
