"""How making a world grows with its size: ``python -m tests.benchmarks.world [--most 7]``.

Each size is made and written in a process of its own, so that its peak memory is its own.
Sizes are about the powers of ten in posts, from 10^4 to 10^6 unless ``--most`` says more.
10^7 takes some twelve minutes and 8 GB of disk. ``--people 1000000`` measures one size.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kit.square import worldfile
from kit.world import scenario
from kit.world.make import make


def _one(people: int) -> dict[str, float]:
    """Make and write one world; seconds, posts and the peak memory in MB."""
    plan = scenario.load("calderland").sized(people)
    before = time.perf_counter()
    world = make(plan, 1)
    made = time.perf_counter() - before
    with tempfile.TemporaryDirectory() as folder:
        worldfile.write(world, Path(folder, "public"), Path(folder, "truth"))
    return {
        "posts": len(world.posts),
        "made": made,
        "seconds": time.perf_counter() - before,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Print a line for each size, and each size's time per post ÷ that of the default world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=6, help="the largest power of ten")
    parser.add_argument("--people", type=int, help="only a world of so many people, as JSON")
    asked = parser.parse_args()
    if asked.people:
        print(json.dumps(_one(asked.people)))
        return
    print(
        f"{'people':>9} {'posts':>11} {'s':>7} {'posts/s':>8} {'µs/post':>8} {'ratio':>6} {'MB':>6}"
    )
    default = 0.0
    sizes = [scenario.load("calderland").people]
    for people in sizes:  # grows when the first has shown how many posts there are each
        command = [sys.executable, "-m", "tests.benchmarks.world", "--people", str(people)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        posts, seconds = found["posts"], found["seconds"]
        cost = seconds / posts
        if not default:
            default = cost
            sizes += [round(10**power * people / posts) for power in range(4, asked.most + 1)]
        print(
            f"{people:>9,} {posts:>11,} {seconds:>7.1f} {1 / cost:>8,.0f} {cost * 1e6:>8.1f} "
            f"{cost / default:>6.2f} {found['peak']:>6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
