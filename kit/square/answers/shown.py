"""A row as JSON: the fields that were asked for and have a value, nothing else."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

Json = dict[str, Any]


def shown(
    builders: Mapping[str, Callable[..., Any]], wanted: Collection[str], *row: object
) -> Json:
    """What a row has under each name that is wanted; None is left out.

    Args:
        builders: what makes the value of each name.
        wanted: the names that were asked for.
        row: what the builders take.

    >>> shown({"id": str, "odd": lambda n: n % 2 or None, "next": abs}, {"id", "odd"}, 4)
    {'id': '4'}
    """
    values = {name: build(*row) for name, build in builders.items() if name in wanted}
    return {name: value for name, value in values.items() if value is not None}
