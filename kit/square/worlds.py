"""Worlds that were made, kept in the user's cache folder: made once, opened at once.

Each world is two SQLite files, the public one that a Square serves and the truth that none
serves, and a seal: a small file, written last, with the size, time and checksum of both. A
world without its seal, or that no longer matches it, is made again. The checksum is only
taken where the time has changed: so a world opens at once, and copying it does no harm.
"""

import contextlib
import json
import operator
import os
import shutil
import sqlite3
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from kit.errors import WorldError
from kit.square import worldfile
from kit.world import pack as packs
from kit.world import scenario as scenarios
from kit.world.make import VERSION, Progress, make
from kit.world.scenario import Scenario

_CHUNK = 1 << 20
#: Folders in which worlds are being made; after a day, nobody is at it any more.
_MAKING, _GIVEN_UP = ".making-", 86_400
#: Making takes so much of the time, writing the rest.
_MADE = 0.1
_LARGEST_SEED = 10**18 - 1
# Two threads that want the same new world: one makes it, the other then finds it.
_FINDING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a world is kept: its public file and its truth."""

    public: Path
    truth: Path


def cache_folder() -> Path:
    """Where worlds are kept: ``KIT_CACHE`` if it is set, else the user's cache folder."""
    given = os.environ.get("KIT_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("listen-learn-join-in")


def find_or_make(
    scenario: str = "calderland",
    seed: int = 1,
    progress: Progress = lambda step, share: None,
    people: int | None = None,
) -> Shelf:
    """The world of a scenario and a seed, from the cache where it is sound, else made now.

    Args:
        scenario: the name of a pack.
        seed: any whole number.
        progress: called with a step's name and the share of the work done, 0 to 1.
        people: how many there are, with as many posts each; as the pack says if left out.

    Raises:
        ScenarioError: there is no such scenario, or it has a mistake.
        WorldError: the seed is not a whole number that fits, or the world cannot be written,
            for example because the disk is full.
    """
    seed = _whole(seed)
    pack = packs.find(scenario)
    digest = pack.digest()
    sort = f"{scenario}@{seed}@{people or 'all'}@"
    name = f"{sort}v{VERSION}.{worldfile.VERSION}-{digest[:12]}"
    folder = cache_folder()
    shelf = Shelf(folder / f"{name}.square", folder / f"{name}.truth")
    with _FINDING:
        if not _is_sound(shelf):
            plan = scenarios.read(pack)
            _make(plan if people is None else plan.sized(people), seed, shelf, progress)
            _forget_others(folder, sort, name)
    return shelf


def _whole(seed: int) -> int:
    """The seed as a plain int, so that one world has one name: True is 1."""
    try:
        whole = int(operator.index(seed))
    except TypeError:
        whole = _LARGEST_SEED + 1
    if abs(whole) > _LARGEST_SEED:
        raise WorldError(
            f"The seed is {seed!r}, but has to be a whole number such as 1, of at most 18 digits."
        )
    return whole


def _seal_path(shelf: Shelf) -> Path:
    return shelf.public.with_suffix(".seal")


def _stamp(path: Path) -> list[int]:
    """A file's size and time of change."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _checksum(path: Path) -> int:
    """A file's CRC-32: quick, and enough to notice damage."""
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total = zlib.crc32(chunk, total)
    return total


def _seal(shelf: Shelf) -> dict[str, list[int]]:
    return {path.suffix: [*_stamp(path), _checksum(path)] for path in (shelf.public, shelf.truth)}


def _is_sound(shelf: Shelf) -> bool:
    files = (shelf.public, shelf.truth)
    try:
        seal = json.loads(_seal_path(shelf).read_text())
        if all(_stamp(path) == seal[path.suffix][:2] for path in files):
            return True
        if any(_checksum(path) != seal[path.suffix][2] for path in files):
            return False
        with contextlib.suppress(OSError):  # a copy: from now on its own times count
            _seal_path(shelf).write_text(json.dumps(_seal(shelf)))
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return True


def _forget_others(folder: Path, sort: str, name: str) -> None:
    """Older makings of a world are of no use any more, and large."""
    for path in folder.glob(f"{sort}v*"):
        if not path.name.startswith(f"{name}."):
            with contextlib.suppress(OSError):  # somebody still has it open, on Windows
                path.unlink()


def _make(plan: Scenario, seed: int, shelf: Shelf, progress: Progress) -> None:
    """Make a world in a folder of our own, then move it into place: never half a world."""
    try:
        shelf.public.parent.mkdir(parents=True, exist_ok=True)
        _clear(shelf.public.parent)
        with tempfile.TemporaryDirectory(dir=shelf.public.parent, prefix=_MAKING) as folder:
            fresh = Shelf(Path(folder, shelf.public.name), Path(folder, shelf.truth.name))
            world = make(plan, seed, lambda step, share: progress(step, share * _MADE))
            worldfile.write(
                world,
                fresh.public,
                fresh.truth,
                lambda step, share: progress(step, _MADE + share * (1 - _MADE)),
            )
            seal = _seal_path(fresh)
            seal.write_text(json.dumps(_seal(fresh)))
            _seal_path(shelf).unlink(missing_ok=True)
            os.replace(fresh.truth, shelf.truth)
            os.replace(fresh.public, shelf.public)
            os.replace(seal, _seal_path(shelf))
    except (OSError, sqlite3.Error) as error:
        raise WorldError(
            f"The world {plan.name!r} could not be kept in {shelf.public.parent}: {error}. "
            "Make room on the disk, or set KIT_CACHE to a folder that can be written to."
        ) from error
    except MemoryError as error:
        raise WorldError(
            f"The world {plan.name!r} needs more memory than there is: {plan.people:,} people and "
            f"at least {plan.posts:,} posts. Ask for fewer people."
        ) from error
    progress("ready", 1.0)


def _clear(folder: Path) -> None:
    """What somebody who was killed in the middle left behind."""
    for left in folder.glob(f"{_MAKING}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _GIVEN_UP:
                shutil.rmtree(left)
