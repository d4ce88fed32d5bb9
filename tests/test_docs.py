"""The docs: what they name exists, what exists is named, and no text tells of a machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from typer.main import get_command

import kit
from kit.cli import app
from tests.calderland import PEOPLE

ROOT = Path(__file__).parent.parent
DOCS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
README = (ROOT / "README.md").read_text("utf-8")


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout, so there is no list of its files")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert _named("kit") == set(commands)
    for group in ("scenario", "square", "world"):
        assert _named(f"kit {group}") == set(commands[group].commands), group


def test_every_make_target_in_the_docs_exists_and_make_alone_lists_them() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  make ([a-z]+)", said, re.M))
    assert {"start", "test", "demo", "setup"} <= _named("make") | {"setup"} <= listed


def _named(command: str) -> set[str]:
    """What the docs say after a command, in inline code or at the start of a line."""
    text = "\n".join((ROOT / name).read_text("utf-8") for name in DOCS)
    return set(re.findall(rf"(?:`|^\s*){command} ([a-z]+)", text, re.M))


@pytest.mark.parametrize("name", DOCS)
def test_every_link_and_picture_inside_the_project_exists(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text("utf-8")):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_a_picture_says_in_words_what_it_shows() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(", README)
    assert pictures
    assert all(len(words.split()) >= 5 for words in pictures)


def test_the_readmes_python_runs_as_it_stands(tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.S)
    assert code
    for block in code:
        done = subprocess.run(
            [sys.executable, "-c", block],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,  # one of them keeps a file
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, done.stderr
        assert "BookCourt" in done.stdout


def test_what_the_readme_says_in_passing_is_there() -> None:
    """Options of commands, names of a Square, and addresses that it answers."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for command, options in (
        (commands["run"], set(re.findall(r"kit run .*?(--[a-z-]+) \S", README))),
        (commands["square"].commands["serve"], set(re.findall(r"serve (--[a-z-]+)", README))),
    ):
        assert options
        assert options <= {option for each in command.params for option in each.opts}
    with kit.open_square(people=PEOPLE) as square:
        names = set(re.findall(r"\bsquare\.([a-z_]+)(?=[`(])", README))
        assert {"url", "client", "credentials", "here", "ledger", "costs"} <= names
        assert [name for name in names if not hasattr(square, name)] == []
        addresses = re.findall(r"`(/[\w/.-]+\.(?:opml|xml))`", README)
        assert len(addresses) >= 6
        for address in addresses:
            assert requests.get(square.url + address, timeout=10).status_code == 200, address


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    # In brackets, so that this file does not hold them itself.
    words = re.compile(r"p[y]pi\.|pyth[o]nhosted|npm[j]s\.|deb\.deb[i]an|/r[o]ot/|/h[o]me/")
    for path in _tracked():
        if path.suffix in {".png", ".lock"}:
            continue
        assert words.findall(path.read_text("utf-8")) == [], path
