"""How making a world grows with its size: ``python -m tests.benchmarks.world [--most 7]``.

Each size is made and kept in a process of its own, so that its peak memory is its own.
Sizes are about the powers of ten in posts, from 10^4 to 10^6 unless ``--most`` says more.
10^7 takes some twenty minutes and 8 GB of disk. ``--people 1000000`` measures one size. With
``--cache`` the worlds stay there, for ``KIT_CACHE=FOLDER python -m tests.benchmarks.square``.
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing

from kit.square.worlds import find_or_make
from kit.world import scenario


def _one(people: int, cache: str) -> dict[str, float]:
    """Make and keep one world; posts, seconds of the wall and of the processor, peak memory."""
    os.environ["KIT_CACHE"] = cache
    before = time.perf_counter()
    shelf = find_or_make(people=people)
    seconds = time.perf_counter() - before
    with closing(sqlite3.connect(shelf.public)) as public:
        posts = public.execute("SELECT count(*) FROM posts").fetchone()[0]
    return {
        "posts": posts,
        "seconds": seconds,
        "cpu": time.process_time(),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Print a line for each size, and each size's time per post ÷ that of the default world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=6, help="the largest power of ten")
    parser.add_argument("--people", type=int, help="only a world of so many people, as JSON")
    parser.add_argument("--cache", help="a folder in which the worlds stay")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = asked.cache or folder
        if asked.people:
            print(json.dumps(_one(asked.people, cache)))
        else:
            _table(asked.most, cache)


def _table(most: int, cache: str) -> None:
    print(
        f"{'people':>9} {'posts':>11} {'s':>7} {'cpu s':>7} {'posts/s':>8} {'µs/post':>8} "
        f"{'ratio':>6} {'MB':>6}"
    )
    default = 0.0
    sizes = [scenario.load("calderland").people]
    for people in sizes:  # grows when the first has shown how many posts there are each
        command = [sys.executable, "-m", "tests.benchmarks.world", "--people", str(people)]
        command += ["--cache", cache]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        posts, seconds = found["posts"], found["seconds"]
        cost = seconds / posts
        if not default:
            default = cost
            sizes += [round(10**power * people / posts) for power in range(4, most + 1)]
        print(
            f"{people:>9,} {posts:>11,} {seconds:>7.1f} {found['cpu']:>7.1f} {1 / cost:>8,.0f} "
            f"{cost * 1e6:>8.1f} "
            f"{cost / default:>6.2f} {found['peak']:>6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
