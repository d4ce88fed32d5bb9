"""Measure what CHANGELOG.md states: ``make bench``, or ``python -m tests.benchmarks``.

Each figure is the median of several runs on this machine; ratios come from one run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import requests

import kit
from kit.square.worlds import find_or_make


def _median(run: Callable[[], object], times: int) -> float:
    """The median of the seconds that some runs take."""
    seconds = []
    for _ in range(times):
        before = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - before)
    return statistics.median(seconds)


def _line(what: str, value: float, unit: str) -> None:
    print(f"{what:<58} {value:>9.1f} {unit}", flush=True)


def _worlds() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KIT_CACHE"] = folder
        before = time.perf_counter()
        shelf = find_or_make()
        first = time.perf_counter() - before
        again = _median(find_or_make, 9)
        _line("world: made and kept, the first time", first, "s")
        _line("world: found again", again * 1000, "ms")
        _line("world: first time ÷ found again", first / again, "times")
        os.utime(shelf.public)
        copied = _median(find_or_make, 1)
        _line("world: found again after a copy, checksum taken", copied * 1000, "ms")
        opened: list[kit.Square] = []
        process = psutil.Process()
        used = process.memory_info().rss
        seconds = _median(lambda: opened.append(kit.open_square()), 9)
        more = (process.memory_info().rss - used) / len(opened)
        _line("Square: opened and answering", seconds * 1000, "ms")
        _line("Square: more memory for each one opened", more / 2**20, "MB")
        for square in opened:
            square.close()
        _searches()


def _searches() -> None:
    with kit.open_square() as square:

        def floor() -> None:
            square.client.get_user(username="CalderJustice")

        def search() -> None:
            square.client.search_recent_tweets(
                '(BookCourt OR "Error 51") lang:en -is:retweet',
                max_results=100,
                tweet_fields=["created_at", "public_metrics"],
                expansions="author_id",
            )

        floor()
        search()
        one, hundred = _median(floor, 50), _median(search, 50)
        _line("tweepy: one user looked up", one * 1000, "ms")
        _line("tweepy: 100 posts found, with counts and authors", hundred * 1000, "ms")
        _line("tweepy: search ÷ look-up", hundred / one, "times")


def _start() -> None:
    """From the command to a JupyterLab that answers, in an empty folder."""
    port = 18_877
    with tempfile.TemporaryDirectory() as folder:
        before = time.perf_counter()
        child = subprocess.Popen(
            [
                *(Path(sys.executable).with_name("kit"), "start", "--no-browser"),
                *("--port", str(port), "--dir", f"{folder}/learner"),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    if requests.get(f"http://127.0.0.1:{port}/api", timeout=1).ok:
                        break
                except requests.ConnectionError:
                    time.sleep(0.02)
            _line("kit start: until JupyterLab answers", time.perf_counter() - before, "s")
        finally:
            child.terminate()
            child.wait()


if __name__ == "__main__":
    _worlds()
    _start()
