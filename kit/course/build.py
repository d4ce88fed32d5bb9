"""Makes the notebooks: lessons and solutions from text, exercises from solutions."""

import difflib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from kit.course.audit import audit
from kit.course.folder import CONFIG, Course, Workshop
from kit.course.pipeline import Pipeline
from kit.course.text import as_file, from_file, notebook
from kit.errors import CourseError, StaleNotebookError

#: A file's path inside the course, and what belongs in it.
Files = Mapping[PurePosixPath, bytes]
_DIFF_LINES = 20


def build(course: Course) -> list[Path]:
    """Make every notebook of a course, and remove those that nothing makes any more.

    Returns:
        The files that changed.

    Raises:
        CourseError: a text or its hidden checks have a mistake.
    """
    made, kept = _make(course), _kept(course)
    changed = [path for path in made if made[path] != kept.get(path)]
    for path in changed:
        target = course.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made[path])
    gone = [path for path in kept if path not in made]
    for path in gone:
        (course.root / path).unlink()
    return [course.root / path for path in sorted(changed + gone)]


def check(course: Course) -> None:
    """Make every notebook somewhere else, and compare.

    Raises:
        StaleNotebookError: naming each file that differs, is missing or is left over.
        CourseError: a text or its hidden checks have a mistake.
    """
    made, kept = _make(course), _kept(course)
    missing = [path for path in made if path not in kept]
    differs = [path for path in made if path in kept and made[path] != kept[path]]
    left = [path for path in kept if path not in made]
    if not (missing or differs or left):
        return
    lines = [
        *(f"  {path} is missing" for path in sorted(missing)),
        *(f"  {path} differs from its text" for path in sorted(differs)),
        *(f"  {path} is left over: nothing makes it" for path in sorted(left)),
    ]
    diff = _diff(min(differs), kept, made) if differs else ""
    raise StaleNotebookError(
        "These notebooks are not what their texts say. Run: kit build\n" + "\n".join(lines) + diff
    )


def _diff(path: PurePosixPath, kept: Files, made: Files) -> str:
    old, new = (files[path].decode(errors="replace").splitlines() for files in (kept, made))
    lines = list(difflib.unified_diff(old, new, f"{path} (kept)", f"{path} (made)", "", "", 2, ""))
    more = [f"… and {len(lines) - _DIFF_LINES} lines more"] if len(lines) > _DIFF_LINES else []
    return "\n\n" + "\n".join(lines[:_DIFF_LINES] + more)


def _kept(course: Course) -> dict[PurePosixPath, bytes]:
    """What is there now of what `build` makes: notebooks, and all files of exercises."""
    patterns = ("workshops/*/*.ipynb", "solutions/*/*.ipynb", "exercises/**/*")
    return {
        PurePosixPath(path.relative_to(course.root).as_posix()): path.read_bytes()
        for pattern in patterns
        for path in sorted(course.root.glob(pattern))
        if path.is_file() and not _hidden(path.relative_to(course.root))
    }


def _hidden(path: Path) -> bool:
    """Checkpoints, caches and the system's own files: nobody's notebooks."""
    return any(part.startswith((".", "__")) for part in path.parts)


def _make(course: Course) -> dict[PurePosixPath, bytes]:
    files: dict[PurePosixPath, bytes] = {}
    for shop in course.workshops():
        for text in (shop.lesson_text, shop.solution_text):
            if text.is_file():
                target = text.with_suffix(".ipynb").relative_to(course.root)
                made = as_file(notebook(text.read_text("utf-8"), text))
                files[PurePosixPath(target.as_posix())] = made.encode()
    # nbgrader works in a course of its own, so that its gradebook and what it logs into
    # that stay out of this one.
    with tempfile.TemporaryDirectory(prefix="kit-build-") as folder:
        bench = Path(folder).resolve()
        shutil.copy(course.root / CONFIG, bench / CONFIG)
        for shop in course.exercises():
            files |= _exercise(shop, Course.at(bench), files)
    return files


def _exercise(shop: Workshop, bench: Course, made: Files) -> dict[PurePosixPath, bytes]:
    """The files that nbgrader makes from a solution."""
    source = shop.solution.parent
    target = bench.root / "solutions" / shop.name
    # No notebook but the one just made: an old or a second one must not be released.
    unwanted = shutil.ignore_patterns("*.ipynb", ".*", "__*")
    shutil.copytree(source, target, ignore=unwanted)
    solution = made[PurePosixPath(shop.solution.relative_to(shop.root).as_posix())].decode()
    (target / shop.solution.name).write_text(solution, encoding="utf-8")

    step = Pipeline(bench).generate(shop.name)
    if not step.done:
        raise CourseError(f"nbgrader cannot make an exercise of {shop.solution_text}: {step.cause}")
    folder = bench.root / "exercises" / shop.name
    exercise = from_file((folder / shop.exercise.name).read_text("utf-8"))
    audit(shop, from_file(solution), exercise)
    return {
        PurePosixPath(path.relative_to(bench.root).as_posix()): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
