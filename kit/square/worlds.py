"""Worlds that were made, kept in the user's cache folder: made once, opened at once.

Each world is two SQLite files, the public one that a Square serves and the truth that none
serves, and a seal: a small file, written last, with the size and checksum of both. A world
without its seal, or that no longer matches it, is made again.
"""

import json
import operator
import os
import sqlite3
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from kit.errors import WorldError
from kit.square import store
from kit.world import scenario as scenarios
from kit.world.make import VERSION, Progress, make
from kit.world.scenario import Scenario

_CHUNK = 1 << 20
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
) -> Shelf:
    """The world of a scenario and a seed, from the cache where it is sound, else made now.

    Raises:
        ScenarioError: there is no such scenario, or it has a mistake.
        WorldError: the seed is not a whole number that fits, or the world cannot be written,
            for example because the disk is full.
    """
    seed = _whole(seed)
    digest = scenarios.digest(scenarios.pack(scenario))
    name = f"{scenario}-{seed}-v{VERSION}.{store.VERSION}-{digest[:12]}"
    folder = cache_folder()
    shelf = Shelf(folder / f"{name}.square", folder / f"{name}.truth")
    with _FINDING:
        if not _is_sound(shelf):
            _make(scenarios.load(scenario), seed, shelf, progress)
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


def _checksums(shelf: Shelf) -> dict[str, list[int]]:
    """Size and CRC-32 of both files: quick, and enough to notice damage."""
    sums = {}
    for path in (shelf.public, shelf.truth):
        total = 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                total = zlib.crc32(chunk, total)
        sums[path.suffix] = [path.stat().st_size, total]
    return sums


def _is_sound(shelf: Shelf) -> bool:
    try:
        return bool(json.loads(_seal_path(shelf).read_text()) == _checksums(shelf))
    except (OSError, ValueError):
        return False


def _make(plan: Scenario, seed: int, shelf: Shelf, progress: Progress) -> None:
    """Make a world under names of our own, then move it into place: never half a world."""
    mark = f".{os.getpid()}"
    fresh = Shelf(
        shelf.public.with_suffix(f"{mark}.square"), shelf.truth.with_suffix(f"{mark}.truth")
    )
    world = make(plan, seed, progress)
    progress("writing", 0.95)
    try:
        shelf.public.parent.mkdir(parents=True, exist_ok=True)
        _seal_path(shelf).unlink(missing_ok=True)
        store.write(world, fresh.public, fresh.truth)
        sums = _checksums(fresh)
        os.replace(fresh.truth, shelf.truth)
        os.replace(fresh.public, shelf.public)
        seal = _seal_path(fresh)
        seal.write_text(json.dumps(sums))
        os.replace(seal, _seal_path(shelf))
    except (OSError, sqlite3.Error) as error:
        raise WorldError(
            f"The world {plan.name!r} could not be kept in {shelf.public.parent}: {error}. "
            "Make room on the disk, or set KIT_CACHE to a folder that can be written to."
        ) from error
    finally:
        for left in shelf.public.parent.glob(f"{shelf.public.stem}{mark}*"):
            left.unlink(missing_ok=True)
    progress("ready", 1.0)
