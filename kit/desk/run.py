"""Run a program, unmodified, against a Square instead of X."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from kit.desk.client import open_square
from kit.desk.environment import environment
from kit.square.network.proxy import Proxy

Say = Callable[[str], None]

#: What a shell says of a command that is not there, that cannot run, that signal n ended.
NOT_FOUND, NOT_RUNNABLE, ENDED_BY_SIGNAL = 127, 126, 128
#: From a terminal, these reach the command without our help.
_FROM_TERMINAL = ("SIGINT", "SIGQUIT")
_PASSED_ON = (*_FROM_TERMINAL, "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")


def run(
    command: Sequence[str],
    *,
    scenario: str = "calderland",
    seed: int = 1,
    people: int | None = None,
    port: int = 0,
    speed: float = 1.0,
    say: Say = print,
) -> int:
    """Run a command whose calls to X a Square answers, and return its exit code.

    The Square is up as long as the command runs. Input, output and signals are the command's.

    Args:
        command: the program and its arguments.
        scenario: the name of a scenario pack.
        seed: any whole number.
        people: how many there are; as the pack says if left out.
        port: the port of the Square; 0 takes any free one.
        speed: how many seconds pass on the Square in one of ours.
        say: gets what the kit itself has to say.

    Raises:
        KitError: the Square cannot be started.
    """
    if shutil.which(command[0]) is None:  # known before a world is made for nothing
        return _cannot_run(command[0], say)
    with (
        open_square(scenario, seed, people=people, port=port) as square,
        Proxy(square.url) as proxy,
        tempfile.TemporaryDirectory(prefix="square-") as folder,
    ):
        square.run(speed)
        led = environment(os.environ, square, proxy, Path(folder))
        for name in led.overridden:
            say(
                f"{name} held what looks like a token of X's. The command gets the Square's "
                "instead; yours was sent nowhere."
            )
        code = _run(command, led.variables, say)
        if costs := square.costs():
            say(costs)
    return code


def _run(command: Sequence[str], variables: Mapping[str, str], say: Say) -> int:
    child: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        if child and not (signal.Signals(number).name in _FROM_TERMINAL and _at_terminal()):
            child[0].send_signal(number)

    with _handling(pass_on):
        try:
            child.append(subprocess.Popen(command, env=variables))
        except OSError:
            return _cannot_run(command[0], say)
        code = child[0].wait()
    return code if code >= 0 else ENDED_BY_SIGNAL - code


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle the signals that a command is to get, until the end of the ``with`` block."""
    numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _at_terminal() -> bool:
    """Whether the terminal gives its signals to us and the command alike."""
    if os.name != "posix":
        return True
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _cannot_run(name: str, say: Say) -> int:
    if shutil.which(name) is None and not Path(name).is_file():
        say(f"There is no command {name!r}: look at its spelling, or give its whole path.")
        return NOT_FOUND
    say(
        f"{name!r} cannot be run: it is not a program, or you may not run it. If it is a script, "
        f"name what runs it, as in: kit run -- {Path(sys.executable).stem} {name}"
    )
    return NOT_RUNNABLE
