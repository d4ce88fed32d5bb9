"""The house: rooms import only from rooms above them, and names mean one thing."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ROOMS = ("errors", "page", "world", "square", "desk", "course", "hub")
#: The rooms and files of the Square, from the ground up.
FLOORS = (
    *("preload", "ids", "clock", "rows", "filetype", "search", "language", "weight", "worldfile"),
    *("worlds", "store", "acts", "access", "meter", "answers", "press", "streaming", "web"),
    *("pictures", "network", "routes", "app", "site"),
)
FRONT_DOORS = {"kit/cli.py", "kit/__init__.py"}
MODULES = sorted((ROOT / "kit").rglob("*.py"))


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by the full name"
            names |= {_imported(str(node.module), alias.name) for alias in node.names}
    return {name for name in names if name.split(".")[0] == "kit"}


def _imported(module: str, name: str) -> str:
    """The module that an import reads: a room can give a whole module, or a name of its own."""
    inner = ROOT.joinpath(*module.split("."), name)
    whole = inner.is_dir() or inner.with_suffix(".py").is_file()
    return f"{module}.{name}" if whole else module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_above_it(path: Path) -> None:
    relative = path.relative_to(ROOT)
    if str(relative) in FRONT_DOORS:
        return
    own = relative.parts[1].removesuffix(".py")
    for name in _imports(path):
        room = _room(name)
        assert room, f"{relative} imports {name}: only the command line goes through the front door"
        assert ROOMS.index(room) <= ROOMS.index(own), f"{relative} imports {name}, from below"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_of_the_square_imports_only_from_floors_below_it(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[:2] != ("kit", "square") or parts[2] == "__init__":
        return
    for name in _imports(path):
        if name.startswith("kit.square."):
            room = name.split(".")[2]
            assert FLOORS.index(room) <= FLOORS.index(parts[2]), f"{path} imports {name}, above it"


def test_modules_import_each_other_in_one_direction() -> None:
    graph = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in MODULES
        if str(path.relative_to(ROOT)) not in FRONT_DOORS
    }
    edges = {name: {to for to in _imports(path) if to in graph} for name, path in graph.items()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a circle of imports: {' -> '.join((*trail, name))}"
        if name not in done:
            for to in sorted(edges[name] - {name}):
                walk(to, (*trail, name))
            done.add(name)

    for name in sorted(edges):
        walk(name, ())


def test_every_error_is_drawn_in_the_tree() -> None:
    source = (ROOT / "kit/errors.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    drawn = ast.get_docstring(tree) or ""
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert names
    assert [name for name in names if name not in drawn] == []


def test_environment_yml_holds_the_dependencies_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["dependencies"] == [
        f"python{project['requires-python']}",
        "pip",
        *project["dependencies"],
        {"pip": ["--editable ."]},
    ]


def test_the_lock_holds_every_dependency_with_checksums_and_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(name for extra in extras for name in extra)]
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    for block in lock.replace("\\\n", " ").splitlines():
        assert "--hash=sha256:" in block, block[:60]
    for requirement in wanted:
        name = re.split(r"[<>=\[;]", requirement)[0].strip()
        assert f"\n{name}==" in f"\n{lock}", f"{name} is not in requirements.lock: make lock"


def test_no_notebook_in_git_has_outputs() -> None:
    notebooks = sorted(ROOT.glob("[wse]*/*/*.ipynb"))
    assert len(notebooks) >= 6
    for path in notebooks:
        assert '"output_type"' not in path.read_text(encoding="utf-8"), path
