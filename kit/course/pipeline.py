"""nbgrader's own steps, run in this process on one course folder."""

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kit.course.folder import CONFIG, Course
from kit.course.scripts import path_with_scripts
from kit.errors import CourseError

# The last line of a traceback is the only one that is not indented: "module.Name: why".
_ERROR = re.compile(r"[\w.]*[A-Z]\w+(: |$)")


@dataclass(frozen=True, slots=True)
class Step:
    """How a step of nbgrader's went, with what it logged."""

    done: bool
    log: str

    @property
    def cause(self) -> str:
        """The line of the log that names the error: where the first traceback ends."""
        _, _, traceback = self.log.partition("Traceback (most recent call last):")
        for line in traceback.splitlines():
            if _ERROR.match(line):
                return line
        return self.log.strip().rpartition("\n")[2] or "nbgrader gave no reason"


class Pipeline:
    """nbgrader on one course, with the course's own settings and any given here.

    Settings name a class and its trait, as in ``{"Exchange": {"root": "/shared"}}``.
    """

    def __init__(self, course: Course, settings: dict[str, dict[str, Any]] | None = None) -> None:
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        os.environ["PATH"] = path_with_scripts()
        self.course = course
        config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
        config.merge(Config(settings or {}))
        self.config = config
        self.folder = CourseDirectory(config=config)

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """The gradebook of nbgrader, closed at the end."""
        from nbgrader.api import Gradebook

        with Gradebook(self.folder.db_url, self.folder.course_id) as book:
            yield book

    def generate(self, assignment: str) -> Step:
        """Make the exercise from the solution, and note its cells in the gradebook."""
        from nbgrader.converters import GenerateAssignment

        return self._convert(GenerateAssignment, assignment, "*")

    def autograde(self, assignment: str, student: str) -> Step:
        """Run a submission and note its points."""
        from nbgrader.converters import Autograde

        return self._convert(Autograde, assignment, student)

    def feedback(self, assignment: str, student: str) -> Step:
        """Write the page of feedback on a graded submission."""
        from nbgrader.converters import GenerateFeedback

        return self._convert(GenerateFeedback, assignment, student)

    def release(self, assignment: str) -> None:
        """Put an exercise into the exchange."""
        from nbgrader.exchange.default import ExchangeReleaseAssignment

        self._exchange(ExchangeReleaseAssignment, assignment, force=True)

    def fetch(self, assignment: str) -> None:
        """Take an exercise from the exchange, as a learner."""
        from nbgrader.exchange.default import ExchangeFetchAssignment

        self._exchange(ExchangeFetchAssignment, assignment)

    def submit(self, assignment: str) -> None:
        """Hand an exercise in through the exchange, as a learner."""
        from nbgrader.exchange.default import ExchangeSubmit

        self._exchange(ExchangeSubmit, assignment)

    def collect(self, assignment: str) -> None:
        """Take what was handed in from the exchange to ``submitted/``."""
        from nbgrader.exchange.default import ExchangeCollect

        # All learners of the demo are one account of the system.
        self._exchange(ExchangeCollect, assignment, update=True, check_owner=False)

    def release_feedback(self, assignment: str) -> None:
        """Put the feedback into the exchange, each learner's for that learner."""
        from nbgrader.exchange.default import ExchangeReleaseFeedback

        with warnings.catch_warnings():
            # It reads each learner's timestamp from a file that it does not close.
            warnings.simplefilter("ignore", ResourceWarning)
            self._exchange(ExchangeReleaseFeedback, assignment)

    def _convert(self, step: Any, assignment: str, student: str) -> Step:
        from nbgrader.utils import capture_log

        self.folder.assignment_id, self.folder.student_id = assignment, student
        converter = step(coursedir=self.folder, config=self.config)
        converter.force = True
        with warnings.catch_warnings():
            # nbgrader 0.9 makes objects before it adds them to the session, as SQLAlchemy 1
            # allowed; SQLAlchemy 2 saves them all the same, and warns of each.
            warnings.filterwarnings("ignore", "Object of type <Submitted.*> not in session")
            # Feedback pages show no Plotly figure: that would take Plotly's code in each page.
            warnings.filterwarnings("ignore", "Your element with mimetype")
            result = capture_log(converter)
        # nbgrader's formatter indents what follows the first line of a message.
        log = result.get("log", "").replace("\n    ", "\n") + "\n" + result.get("error", "")
        return Step(bool(result["success"]), log.strip())

    def _exchange(self, step: Any, assignment: str, **traits: Any) -> None:
        from nbgrader.auth import Authenticator
        from nbgrader.exchange import ExchangeError

        self.folder.assignment_id = assignment
        authenticator = Authenticator(config=self.config)
        exchange = step(coursedir=self.folder, authenticator=authenticator, config=self.config)
        for name, value in traits.items():
            setattr(exchange, name, value)
        try:
            exchange.start()
        except ExchangeError as error:
            raise CourseError(f"The exchange of exercises failed: {error}") from error
