"""The judge: holds the truth in another process, and marks answers it gets as data.

A hidden check ends in one call, whose result nbgrader takes as the points::

    judge.mark("02_a_thousand_unread/briefing", briefing, points=6)
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from kit.course.answer import as_data
from kit.course.folder import Course
from kit.errors import AnswerError, CourseError


def mark(task: str, answer: Any, points: float) -> float:
    """Have an answer marked; print the message and return the points.

    Args:
        task: the workshop and the task, as in ``"02_a_thousand_unread/briefing"``.
        answer: what the learner answered: anything `kit.course.answer.as_data` takes.
        points: the most this task can give, as in the cell's nbgrader metadata.

    Returns:
        A plain float from 0 to ``points``, which nbgrader reads as partial credit.

    Raises:
        CourseError: the course has no such task, or the judge cannot run.
    """
    try:
        data = as_data(answer)
    except AnswerError as error:
        return _told(0.0, points, str(error))
    reply = _judge().ask({"task": task, "answer": data, "points": float(points)})
    return _told(float(reply["points"]), points, str(reply["message"]))


def _told(got: float, points: float, message: str) -> float:
    # On stdout: nbgrader gives a cell that writes to stderr no points at all.
    print(f"{got:g} of {points:g} points. {message}")
    return got


class Judge:
    """A judge in a child process, spoken to in lines of JSON."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._child: subprocess.Popen[str] | None = None
        # One question at a time: learners may use threads.
        self._turn = threading.Lock()

    def prepare(self, workshop: str) -> None:
        """Read a workshop's marking scheme and make its world ready.

        Raises:
            CourseError: the scheme has a mistake, or the judge cannot run.
        """
        self.ask({"prepare": workshop})

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its reply. A judge that died is started once more.

        Raises:
            CourseError: the judge replied with a mistake in the course, or died twice.
        """
        line = json.dumps(request)
        with self._turn:
            reply = self._exchange(line) or self._exchange(line)
        if reply is None:
            raise CourseError(
                "The judge stopped twice while marking this answer, so it has no mark. "
                f"Try it by hand: {sys.executable} -m kit.course.judge {self.course.root}"
            )
        if "error" in reply:
            raise CourseError(str(reply["error"]))
        return reply

    def close(self) -> None:
        """End the child process. Closing its input is all it takes."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _exchange(self, line: str) -> dict[str, Any] | None:
        if self._child is None:
            self._child = self._start()
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        answer = ""
        try:
            child.stdin.write(line + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
            reply: dict[str, Any] = json.loads(answer)
        except (BrokenPipeError, ValueError):
            self.close()
            return None
        except BaseException:
            # An interrupt between question and answer: the next answer would be this one's.
            self.close()
            raise
        return reply

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            # -P: the working directory is the learner's, whose files must not be imported.
            [sys.executable, "-P", "-m", "kit.course.judge", str(self.course.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What it would print there counts against the learner's cell.
            stderr=subprocess.DEVNULL,
            cwd=self.course.root,
            encoding="utf-8",
        )


_judges: dict[int, Judge] = {}


def _judge() -> Judge:
    """This process's judge, started on the first use and kept."""
    # By process: a forked child must not share its parent's pipes.
    if os.getpid() not in _judges:
        judge = Judge(Course.find())
        atexit.register(judge.close)
        _judges[os.getpid()] = judge
    return _judges[os.getpid()]


def serve(course: Course, questions: TextIO, answers: TextIO) -> None:
    """Reply to lines of JSON until there are no more: the judge's side of `Judge.ask`."""
    from kit.course.scheme import Schemes

    schemes = Schemes(course)
    for line in questions:
        reply = schemes.answer(json.loads(line))
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


def main(arguments: list[str]) -> None:
    """``python -m kit.course.judge COURSE``: be a judge until the input ends."""
    course = Course.at(Path(arguments[0]))
    # The replies keep the real output to themselves; a marking function may print.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with answers:
        serve(course, sys.stdin, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
