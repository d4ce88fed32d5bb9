"""Listen, learn, join in: a workshop kit for communications teams.

>>> import kit
>>> square = kit.open_square()
>>> square.client.search_recent_tweets("hello").meta["result_count"] > 0
True
>>> square.close()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.desk.client import Square, open_square

__all__ = ["Square", "open_square"]


def __getattr__(name: str) -> Any:
    # Late, so that ``kit --help`` need not wait for tweepy and a web server.
    if name in __all__:
        from kit.desk import client

        return getattr(client, name)
    raise AttributeError(f"module 'kit' has no attribute {name!r}")
