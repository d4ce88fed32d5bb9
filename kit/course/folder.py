"""A course folder: where it is, and which workshops it holds."""

import re
from dataclasses import dataclass
from pathlib import Path

from kit.errors import CourseError

CONFIG = "nbgrader_config.py"
_WORKSHOP = re.compile(r"\d{2}_[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Workshop:
    """One workshop of a course: the paths of its texts and its notebooks."""

    root: Path
    name: str

    @property
    def lesson_text(self) -> Path:
        """The lesson as reviewed text."""
        return self.root / "workshops" / self.name / "lesson.py"

    @property
    def lesson(self) -> Path:
        """The lesson's notebook, made from its text."""
        return self.lesson_text.with_suffix(".ipynb")

    @property
    def solution_text(self) -> Path:
        """The solution as reviewed text, with its hidden checks."""
        return self.root / "solutions" / self.name / "exercise.py"

    @property
    def solution(self) -> Path:
        """The solution's notebook: what nbgrader makes the exercise from."""
        return self.solution_text.with_suffix(".ipynb")

    @property
    def marking(self) -> Path:
        """The marking scheme, which only the judge reads."""
        return self.solution_text.with_name("marking.py")

    @property
    def attempts(self) -> Path:
        """What the invented learners of the demo hand in."""
        return self.solution_text.with_name("attempts.toml")

    @property
    def exercise(self) -> Path:
        """The exercise as learners get it."""
        return self.root / "exercises" / self.name / "exercise.ipynb"


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder. Make one with `Course.at` or `Course.find`."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Course":
        """The course whose root is exactly ``root``.

        Raises:
            CourseError: there is no ``nbgrader_config.py`` in that folder.
        """
        root = root.expanduser().resolve()
        if not (root / CONFIG).is_file():
            raise CourseError(
                f"{root} is not a course folder: it holds no {CONFIG}. "
                "Give the folder that holds it, as in: --course PATH"
            )
        return cls(root)

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """The course around ``start``, or else the one the kit was installed from.

        Args:
            start: where to look, then its parent folders; the working directory if None.

        Raises:
            CourseError: neither is a course folder.
        """
        start = (start or Path.cwd()).resolve()
        checkout = Path(__file__).resolve().parents[2]
        for folder in (start, *start.parents, checkout):
            if (folder / CONFIG).is_file():
                return cls(folder)
        raise CourseError(
            f"No course folder at {start} or above it: none of them holds {CONFIG}. "
            "Change to the course folder, or give it, as in: --course PATH"
        )

    def workshops(self) -> tuple[Workshop, ...]:
        """The workshops that have a lesson or a solution, in order."""
        names = {
            text.parent.name
            for pattern in ("workshops/*/lesson.py", "solutions/*/exercise.py")
            for text in self.root.glob(pattern)
            if _WORKSHOP.fullmatch(text.parent.name)
        }
        return tuple(Workshop(self.root, name) for name in sorted(names))

    def exercises(self) -> tuple[Workshop, ...]:
        """The workshops that have something to grade, in order."""
        return tuple(shop for shop in self.workshops() if shop.solution_text.is_file())

    def workshop(self, name: str) -> Workshop:
        """The workshop of that name, or of that number (``02``).

        Raises:
            CourseError: there is none, or more than one.
        """
        known = self.workshops()
        found = [shop for shop in known if shop.name == name or shop.name[:2] == name]
        if len(found) != 1:
            names = ", ".join(shop.name for shop in known) or "none yet"
            raise CourseError(f"No single workshop is called {name!r}. The workshops are: {names}.")
        return found[0]
