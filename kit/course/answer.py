"""An answer as plain data: what may cross from a learner's notebook to the judge."""

import datetime as dt
import json
import math
import sys
from typing import Any, Final

from kit.errors import AnswerError

#: How large an answer may be, as JSON text.
MAX_BYTES: Final = 1_000_000
#: How deep lists and dicts may lie in each other. Plotly's figures need about 12.
MAX_DEPTH: Final = 32

_ALLOWED = (
    "Allowed are None, True and False, numbers, text, dates, lists, tuples, sets, dicts with "
    "text as keys, NumPy arrays, pandas tables and Plotly figures"
)
_HINTS = {
    "bytes": "decode it to text first",
    "bytearray": "decode it to text first",
    "function": "call it, with () after its name, and hand in what it returns",
    "method": "call it, with () after its name, and hand in what it returns",
}


def as_data(value: Any) -> Any:
    """Turn an answer into plain JSON data that holds nothing but its values.

    The result is made of exact ``None``, ``bool``, ``int``, ``float``, ``str``, ``list`` and
    ``dict``. An object of a class derived from these is taken apart by the methods of the
    base type, so that an object which claims to equal everything claims nothing here.
    Numbers that are not finite and missing values become None, times ISO 8601 text, sets
    sorted lists, a Series the list of its values, a DataFrame a list with a dict for each
    row, a Plotly figure its dict with its arrays as lists.

    Raises:
        AnswerError: something in it is not data, or it is too large or too deep; the
            message says what was found, where, and what is allowed.

    >>> as_data({"ids": ("b", "a"), "share": float("nan")})
    {'ids': ['b', 'a'], 'share': None}
    """
    data = _Reader().read(value, "", 0)
    # As sent: compact, so that a limit in bytes means the same for every answer.
    size = len(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(errors="replace"))
    if size > MAX_BYTES:
        raise _too_large(f"{size:,} bytes")
    return data


def _too_large(size: str) -> AnswerError:
    return AnswerError(
        f"The answer is too large: {size}, where {MAX_BYTES:,} bytes are allowed. "
        "Hand in only what the task asks for."
    )


def _where(path: str) -> str:
    return f"at {path}" if path else "as the whole answer"


class _Reader:
    """Takes one answer apart, counting as it goes so that a huge one is stopped early."""

    def __init__(self) -> None:
        self.items = 0

    def read(self, value: Any, path: str, depth: int) -> Any:
        self._count(1)
        if depth > MAX_DEPTH:
            raise AnswerError(
                f"The answer is nested more than {MAX_DEPTH} deep (or holds itself) "
                f"{_where(path[:80])}. Hand in a plain list or dict."
            )
        kind = type(value)
        if value is None or kind is bool:
            return value
        for base, take in _PLAIN:
            if issubclass(kind, base):
                return take(self, value, path, depth)
        for module, name, take in _FOREIGN:
            base_type = getattr(sys.modules.get(module), name, None)
            if isinstance(base_type, type) and issubclass(kind, base_type):
                return take(self, value, path, depth)
        raise self._refused(kind, path)

    def _count(self, more: int) -> None:
        self.items += more
        # Each item takes at least a digit and a comma.
        if self.items > MAX_BYTES // 2:
            raise _too_large(f"more than {self.items - 1:,} values")

    @staticmethod
    def _refused(kind: type, path: str) -> AnswerError:
        if kind is type(...):
            place = f" at {path}" if path else ""
            return AnswerError(f"There is no answer{place} yet: put yours in place of the dots.")
        name = kind.__name__
        full = name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"
        hint = _HINTS.get(name, "if it holds several values, try list(…) around it")
        return AnswerError(
            f"Found {full} {_where(path)}, which is not plain data. {_ALLOWED}. Hint: {hint}."
        )

    def text(self, value: Any, path: str, depth: int) -> str:
        plain = str.__str__(value)
        self._count(len(plain) // 2)
        return plain

    def whole(self, value: Any, path: str, depth: int) -> int:
        plain = int.__int__(value)
        if plain.bit_length() > 1024:
            raise AnswerError(f"Found a number of over 300 digits {_where(path)}: too large.")
        return plain

    def real(self, value: Any, path: str, depth: int) -> float | None:
        plain = float.__float__(value)
        return plain if math.isfinite(plain) else None

    def sequence(self, value: Any, path: str, depth: int) -> list[Any]:
        items = list.__iter__(value) if issubclass(type(value), list) else tuple.__iter__(value)
        return [self.read(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(items)]

    def group(self, value: Any, path: str, depth: int) -> list[Any]:
        base: Any = set if issubclass(type(value), set) else frozenset
        # An item of a set has no number: its path says only that it is in one.
        data = [self.read(item, f"{path}{{…}}", depth + 1) for item in base.__iter__(value)]
        return sorted(data, key=_order)

    def mapping(self, value: Any, path: str, depth: int) -> dict[str, Any]:
        data = {}
        for key, item in dict.items(value):
            if not issubclass(type(key), str):
                raise AnswerError(
                    f"Found a key of type {type(key).__name__} in the dict {_where(path)}. "
                    "Keys must be text: write it in quotes, or use str(…)."
                )
            name = self.text(key, path, depth)
            data[name] = self.read(item, f"{path}[{json.dumps(name)}]", depth + 1)
        return data

    def moment(self, value: Any, path: str, depth: int) -> str | None:
        # NaT, pandas' missing time, derives from datetime and has no ISO form.
        if type(value).__name__ == "NaTType":
            return None
        if type(value).__module__.startswith("pandas."):
            return str(value.isoformat())
        base: Any = dt.datetime if issubclass(type(value), dt.datetime) else dt.date
        return str(base.isoformat(value))

    def scalar(self, value: Any, path: str, depth: int) -> Any:
        import numpy as np

        if issubclass(type(value), np.datetime64):
            return None if np.isnat(value) else str(np.datetime_as_string(value))
        plain = np.generic.item(value)
        if issubclass(type(plain), np.generic):
            raise self._refused(type(value), path)
        return self.read(plain, path, depth)

    def array(self, value: Any, path: str, depth: int) -> Any:
        import numpy as np

        if value.dtype.kind == "M":
            value = np.datetime_as_string(value)
        if value.size > MAX_BYTES // 2:
            raise _too_large(f"{value.size:,} values")
        return self.read(np.ndarray.tolist(value), path, depth)

    def column(self, value: Any, path: str, depth: int) -> Any:
        if len(value) > MAX_BYTES // 2:
            raise _too_large(f"{len(value):,} values")
        return self.read(value.tolist(), path, depth)

    def table(self, value: Any, path: str, depth: int) -> Any:
        if value.size > MAX_BYTES // 2:
            raise _too_large(f"{value.size:,} values")
        names = value.columns.tolist()
        if len(set(map(str, names))) < len(names):
            raise AnswerError(f"The table {_where(path)} has two columns of the same name.")
        rows = zip(*(value.iloc[:, place].tolist() for place in range(len(names))), strict=True)
        heads = [str(name) for name in names]
        return self.read([dict(zip(heads, row, strict=True)) for row in rows], path, depth)

    def missing(self, value: Any, path: str, depth: int) -> None:
        return None

    def figure(self, value: Any, path: str, depth: int) -> Any:
        return self.read(_unpacked(value.to_dict()), path, depth)


def _order(item: Any) -> tuple[int, float, str]:
    """Numbers by size, then everything else by its text."""
    if isinstance(item, int | float):
        return 0, item, ""
    return 1, 0, item if isinstance(item, str) else json.dumps(item)


def _unpacked(value: Any) -> Any:
    """A figure's dict with its packed arrays (``dtype``, ``bdata``) as arrays again."""
    if isinstance(value, list | tuple):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "bdata" in value and "dtype" in value:
        import base64

        import numpy as np

        flat = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
        shape = [int(size) for size in str(value.get("shape", flat.size)).split(",")]
        return flat.reshape(shape)
    return {key: _unpacked(item) for key, item in value.items()}


# Order matters: numpy's float64 is a float and its str_ a str, and they go that way.
_PLAIN: Final = (
    (str, _Reader.text),
    (int, _Reader.whole),
    (float, _Reader.real),
    (list, _Reader.sequence),
    (tuple, _Reader.sequence),
    (dict, _Reader.mapping),
    (set, _Reader.group),
    (frozenset, _Reader.group),
    (dt.date, _Reader.moment),
)
# Looked up among the modules already loaded: a value of theirs cannot come from elsewhere.
_FOREIGN: Final = (
    ("numpy", "generic", _Reader.scalar),
    ("numpy", "ndarray", _Reader.array),
    ("pandas", "Series", _Reader.column),
    ("pandas", "Index", _Reader.column),
    ("pandas", "DataFrame", _Reader.table),
    ("pandas._libs.missing", "NAType", _Reader.missing),
    ("plotly.basedatatypes", "BaseFigure", _Reader.figure),
)
