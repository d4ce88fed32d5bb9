"""nbgrader's settings for this course. Run ``nbgrader …`` from this folder."""

from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  nbgrader puts it there

# Every path hangs on this file, so that a copy of the folder is a course of its own.
root = Path(__file__).resolve().parent

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "listen-learn-join-in"

# The solution is the source; the exercise is made from it and never edited.
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# nbgrader copies every other file of an assignment along with the notebook. The texts that
# notebooks are made from, the marking schemes and the trainers' notes hold the answers.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "feedback",
    "*.pyc",
    "*.py",
    "*.md",
    "*.toml",
]

# nbgrader's default exchange lies in /usr/local, where only an administrator can write.
# A host with accounts of its own sets a shared folder here.
c.Exchange.root = str(root / "exchange")

# One cell may take this many seconds; an endless loop loses its own cell's points only.
c.Execute.timeout = 30

# Nothing needs saving when a graded kernel ends, and waiting for it costs half a second.
c.Execute.shutdown_kernel = "immediate"

# What learners find where the solution was. A task with no answer then fails its check with
# a sentence, instead of stopping the notebook with NotImplementedError.
c.ClearSolutions.code_stub = {"python": "# YOUR ANSWER"}
