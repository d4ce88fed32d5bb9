"""Scenario packs as files: found by name, laid over their base, counted by their digest.

A pack is a folder of plain TOML::

    scenario.toml           languages, topics, organisations, sizes, the moment it is now
    feeds.toml              the blogs, news sites and podcasts, and where they were before
    wiki.toml               pages that anybody edits (a pack may do without)
    storylines/NAME.toml    what happens, one file each
    voice/LANG/common.toml  names, words and answers of a language
    voice/LANG/TOPIC.toml   what its speakers post about a topic
    blogs/LANG/TOPIC.toml   what its blogs write about a topic
    gatherings/LANG.toml    live talks and lists of people in a language; may be left out

A pack may say ``base = "calderland"`` in its ``scenario.toml``: files of ``voice`` and
``blogs`` that it lacks are then the base's.
"""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from kit.errors import ScenarioError

#: The packs that ship with the kit.
SHIPPED = Path(__file__).parent / "scenarios"
#: The folders of which a pack takes from its base what it lacks.
SHARED = ("voice", "blogs")
MAIN = "scenario.toml"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's folder and all its files, by their place in it; those of its base included."""

    folder: Path
    files: Mapping[str, Path]

    @property
    def name(self) -> str:
        """The pack's name: that of its folder."""
        return self.folder.name

    def digest(self) -> str:
        """The SHA-256 of all files: another digest means another world."""
        total = hashlib.sha256()
        for place, path in self.files.items():
            total.update(place.encode() + b"\0")
            total.update(path.read_bytes().replace(b"\r\n", b"\n"))
        return total.hexdigest()

    def parse(self, place: str) -> dict[str, Any]:
        """The content of a file.

        Raises:
            ScenarioError: it is missing or not valid TOML.
        """
        path = self.files.get(place, self.folder / place)
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ScenarioError(
                f"The scenario {self.name!r} lacks the file {path}. Write it: the pack "
                "'calderland' has every part and shows how."
            ) from None
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ScenarioError(f"{path} is not valid TOML: {error}. Mend that place.") from error


def own_folder() -> Path:
    """Where a user's own packs are: ``KIT_SCENARIOS`` if it is set, else the user's data folder."""
    given = os.environ.get("KIT_SCENARIOS")
    return Path(given) if given else platformdirs.user_data_path("listen-learn-join-in") / "packs"


def available() -> dict[str, Path]:
    """The packs that can be opened, by name: those that ship, then the user's own."""
    found = {path.parent.name: path.parent for path in sorted(own_folder().glob(f"*/{MAIN}"))}
    return found | {path.parent.name: path.parent for path in sorted(SHIPPED.glob(f"*/{MAIN}"))}


def find(name: str) -> Pack:
    """The pack of that name.

    Raises:
        ScenarioError: there is no such pack.
    """
    known = available()
    if name not in known:
        raise ScenarioError(
            f"There is no scenario called {name!r}. Available: {', '.join(sorted(known))}. "
            "Check the spelling, or leave the scenario out to get the default. "
            "`kit scenario new NAME` makes one of your own."
        )
    return at(known[name])


def at(folder: Path) -> Pack:
    """The pack in a folder.

    Raises:
        ScenarioError: its base is unknown.
    """
    own = _files(folder)
    pack = Pack(folder, own)
    base = pack.parse(MAIN).get("base", "") if MAIN in own else ""
    if not base:
        return pack
    if base not in available() or (available()[base] / MAIN).samefile(own[MAIN]):
        raise ScenarioError(
            f"{folder / MAIN} has base = {base!r}, but there is no such scenario. Available: "
            f"{', '.join(sorted(available()))}. Name one of them, or take the line out."
        )
    under = _files(available()[base])
    if "base" in Pack(available()[base], under).parse(MAIN):
        raise ScenarioError(
            f"{folder / MAIN} has base = {base!r}, which has a base itself. Name that one."
        )
    given = {place: path for place, path in under.items() if place.split("/")[0] in SHARED}
    return Pack(folder, dict(sorted((given | own).items())))


def _files(folder: Path) -> dict[str, Path]:
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.toml")}
    return dict(sorted(paths.items()))
