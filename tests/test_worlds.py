"""Kept worlds: made once, opened at once, made again when damaged, never half there."""

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kit.errors import ScenarioError, WorldError
from kit.square import worlds
from kit.square.worlds import Shelf
from kit.square.worlds import find_or_make as _find_or_make
from kit.world.make import Progress

#: Few, so that a world is made in a moment.
PEOPLE = 400
find_or_make = partial(_find_or_make, people=PEOPLE)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("KIT_CACHE", str(folder))
    return folder


def _rows(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
    finally:
        connection.close()


def test_a_world_is_made_once_and_then_only_opened(cache: Path) -> None:
    steps: list[str] = []
    shelf = find_or_make("calderland", 1, lambda step, share: steps.append(step))
    assert steps[0] == "people"
    assert steps[-1] == "ready"
    steps.clear()
    before = time.perf_counter()
    assert find_or_make("calderland", 1, lambda step, share: steps.append(step)) == shelf
    assert time.perf_counter() - before < 1, "a kept world must not be made again"
    assert steps == []
    assert {path.name for path in cache.iterdir()} == {
        shelf.public.name,
        shelf.truth.name,
        shelf.public.with_suffix(".seal").name,
    }


def test_the_truth_is_not_in_the_public_file(cache: Path) -> None:
    shelf = find_or_make("calderland", 1)
    connection = sqlite3.connect(shelf.public)
    tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    columns = {
        column
        for table in tables - {"space_people"}  # the part somebody has in a talk is public
        for (_, column, *_) in connection.execute(f"pragma table_info('{table}')")
    }
    connection.close()
    assert columns.isdisjoint({"intent", "storyline", "priority", "needs_answer", "role", "trust"})
    assert _rows(shelf.truth, "post_truth") == _rows(shelf.public, "posts")


def _truncate(shelf: Shelf) -> None:
    shelf.public.write_bytes(shelf.public.read_bytes()[:1000])


def _flip_a_byte(shelf: Shelf) -> None:
    content = bytearray(shelf.truth.read_bytes())
    content[len(content) // 2] ^= 0xFF
    shelf.truth.write_bytes(content)


def _remove_truth(shelf: Shelf) -> None:
    shelf.truth.unlink()


def _spoil_the_seal(shelf: Shelf) -> None:
    shelf.public.with_suffix(".seal").write_text("{")


@pytest.mark.parametrize("damage", [_truncate, _flip_a_byte, _remove_truth, _spoil_the_seal])
def test_a_damaged_world_is_made_again_with_the_same_rows(cache: Path, damage: object) -> None:
    assert callable(damage)
    shelf = find_or_make("calderland", 3)
    whole = shelf.public.read_bytes(), shelf.truth.read_bytes()
    damage(shelf)
    assert find_or_make("calderland", 3) == shelf
    assert (shelf.public.read_bytes(), shelf.truth.read_bytes()) == whole


def test_threads_that_want_the_same_new_world_share_it(cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        shelves = set(pool.map(lambda _: find_or_make("calderland", 2), range(4)))
    assert len(shelves) == 1
    assert len(list(cache.iterdir())) == 3


@pytest.mark.parametrize("seed", ["a", 1.5, None, 10**18, -(10**30)])
def test_a_seed_is_a_whole_number(cache: Path, seed: int) -> None:
    with pytest.raises(WorldError, match="has to be a whole number such as 1"):
        find_or_make("calderland", seed)
    assert not cache.exists()


def test_a_seed_has_one_world_however_it_is_written(cache: Path) -> None:
    assert find_or_make("calderland", True) == find_or_make("calderland", np.int64(1))  # type: ignore[arg-type]
    assert len(list(cache.iterdir())) == 3


def test_an_unknown_scenario_leaves_nothing_behind(cache: Path) -> None:
    with pytest.raises(ScenarioError, match="nowhere"):
        find_or_make("nowhere", 1)
    assert not cache.exists()


def test_a_write_that_fails_leaves_no_half_world(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = worlds.worldfile.write

    def full_disk(world: object, public: Path, truth: Path, progress: Progress) -> None:
        real(world, public, truth, progress)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(worlds.worldfile, "write", full_disk)
    with pytest.raises(WorldError, match=r"disk is full.*KIT_CACHE"):
        find_or_make("calderland", 1)
    assert list(cache.iterdir()) == []


def test_a_cache_that_is_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "file"))
    with pytest.raises(WorldError, match="could not be kept"):
        find_or_make("calderland", 1)


def test_a_disk_that_fills_up_leaves_nothing_and_says_so(cache: Path) -> None:
    """A real one: the process may write no file of more than half a megabyte."""
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)); "
        "from kit.square.worlds import find_or_make; "
        f"find_or_make('calderland', 1, people={PEOPLE})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "WorldError" in ran.stderr
    assert "Make room on the disk, or set KIT_CACHE" in ran.stderr
    assert list(cache.iterdir()) == []


def test_a_world_that_is_stopped_half_way_leaves_nothing(cache: Path) -> None:
    def stop(step: str, share: float) -> None:
        if step == "index":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_or_make("calderland", 1, stop)
    assert list(cache.iterdir()) == []


def test_a_world_that_was_copied_is_found_by_its_checksum(cache: Path) -> None:
    shelf = find_or_make("calderland", 1)
    seal = shelf.public.with_suffix(".seal")
    before = seal.read_text()
    os.utime(shelf.public, (1, 1))
    steps: list[str] = []
    assert find_or_make("calderland", 1, lambda step, share: steps.append(step)) == shelf
    assert steps == []
    assert seal.read_text() != before, "the next time it need not be read whole"


def test_an_older_making_of_the_same_world_goes_and_others_stay(cache: Path) -> None:
    other = find_or_make("calderland", 2)
    cache.joinpath(f"calderland@1@{PEOPLE}@v1.1-000000000000.square").write_text("old")
    find_or_make("calderland", 1)
    assert not list(cache.glob("*v1.1*"))
    assert other.public.is_file()


def test_what_was_left_by_somebody_who_was_killed_goes_after_a_day(cache: Path) -> None:
    fresh, old = cache / ".making-fresh", cache / ".making-old"
    for folder in (fresh, old):
        folder.mkdir(parents=True)
        (folder / "half").write_text("half a world")
    os.utime(old, (1, 1))
    find_or_make("calderland", 1)
    assert fresh.exists()
    assert not old.exists()


def test_a_world_of_another_size_is_another_world(cache: Path) -> None:
    few, more = find_or_make("calderland", 1), find_or_make("calderland", 1, people=500)
    assert few.public != more.public
    assert _rows(few.public, "people") == PEOPLE
    assert _rows(more.public, "people") == 500


@pytest.mark.parametrize("people", [0, -5, 10**9])
def test_a_size_that_cannot_be_leaves_nothing(cache: Path, people: int) -> None:
    with pytest.raises(ScenarioError, match="Choose a number from 200"):
        find_or_make("calderland", 1, people=people)
    assert not cache.exists() or not list(cache.iterdir())
