"""The table of tweepy's methods: which there are, what each calls, and what was exercised.

``python -m tests.tweepy_methods`` writes it anew; a test compares it.
"""

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tweepy
from tweepy.asynchronous import AsyncClient, AsyncStreamingClient

from tests.tweepy_cases import CASES, STREAM_CASES
from tests.tweepy_cases.case import Case

TABLE = Path(__file__).parents[1] / "kit" / "square" / "tweepy-methods.md"
CLIENTS: tuple[Any, ...] = (tweepy.Client, AsyncClient)
STREAMS: tuple[Any, ...] = (tweepy.StreamingClient, AsyncStreamingClient)
_HEAD = """# tweepy's methods on the Square

Every public method of tweepy's clients, the endpoint that it calls, and what the tests
exercise with the unmodified client, through the Square's proxy. Made by
`python -m tests.tweepy_methods`; do not edit.
"""


def methods(sort: Any) -> list[str]:
    """The public methods of a client, in the order of their names."""
    found = inspect.getmembers(sort, callable)
    return sorted(name for name, _ in found if not name.startswith("_"))


def plays(sorts: Sequence[Any], cases: Iterable[Case]) -> list[tuple[Any, Case]]:
    """Each case with each client that has its method."""
    return [(sort, case) for case in cases for sort in sorts if case.method in methods(sort)]


def table() -> str:
    """The whole table."""
    parts = [_HEAD]
    for sorts, cases in ((CLIENTS, CASES), (STREAMS, STREAM_CASES)):
        title = " and ".join(f"`{sort.__name__}`" for sort in sorts)
        parts.append(f"\n## {title}\n\n| method | endpoint | exercised |\n|---|---|---|\n")
        parts += [_row(case, sorts) for case in sorted(cases, key=lambda case: case.method)]
    return "".join(parts)


def _row(case: Case, sorts: Sequence[Any]) -> str:
    lacking = [sort.__name__ for sort in sorts if case.method not in methods(sort)]
    note = f" (`{lacking[0]}` has no such method)" if lacking else ""
    endpoint = f"`{case.endpoint}`" if case.endpoint else "none"
    return f"| `{case.method}` | {endpoint} | {case.exercised}{note} |\n"


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
