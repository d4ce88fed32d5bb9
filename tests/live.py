"""A Square of the hand-made world that is served over HTTP, for tests that act on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tweepy

from kit.desk.client import Square
from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Grant, Tokens
from kit.square.clock import Clock
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import World
from tests import square_world
from tests.square_world import NOW, USERNAMES

#: After the wall's clock, whatever it shows.
_NEVER = 2**62


class Live:
    """A Square, its store and clock, and clients for everybody on it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock(NOW)
        self.square = Square(store, self.clock, limited=False)

    def by(self, person: int) -> tweepy.Client:
        """A client that acts for an account of the hand-made world, by OAuth 1.0a."""
        return self.square.client_for(USERNAMES[person])

    def by_oauth2(self, person: int) -> tweepy.Client:
        """A client with an OAuth 2.0 token of an account that is good for everything."""
        token = f"granted-{person}"
        Tokens(self.store).keep(
            Grant(token, "oauth2", person=person, scopes=" ".join(SCOPES), expires=_NEVER)
        )
        return self.square.wire(tweepy.Client(token))

    @property
    def app(self) -> tweepy.Client:
        """A client that asks as an app, with a bearer token."""
        return self.square.wire(tweepy.Client(self.square.bearer_token))


@contextmanager
def live(folder: Path, world: World | None = None) -> Iterator[Live]:
    """A Square of a world, of the small one if none is named, while it is needed."""
    write(world or square_world.small(), folder / "public.square", folder / "truth.square")
    opened = Live(square_world.opened(folder / "public.square"))
    try:
        yield opened
    finally:
        opened.square.close()
