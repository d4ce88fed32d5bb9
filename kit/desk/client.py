"""Open a Square, and wire clients to it.

``kit.open_square()`` starts a Square on this machine and gives its address, a
``tweepy.Client`` that talks to it, and the addresses of its feeds.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter

from kit.errors import KitError, RequestError, SquareError
from kit.square import acts
from kit.square.access.tokens import Credentials, Tokens, is_real
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.meter.ledger import Ledger
from kit.square.network.server import Server
from kit.square.site import make_site
from kit.square.store import Store
from kit.square.worlds import find_or_make
from kit.world.console import making
from kit.world.make import Progress

if TYPE_CHECKING:
    import pandas as pd

# Clients with a session of requests.
_Wired = TypeVar("_Wired", tweepy.Client, tweepy.API)
#: The names under which clients know X's API.
API_HOSTS = (
    *("https://api.twitter.com/", "https://api.x.com/"),
    *("https://upload.twitter.com/", "https://upload.x.com/"),
)


class Adapter(HTTPAdapter):
    """Sends requests for X's API to a Square instead, and changes nothing else in them."""

    def __init__(self, square: str) -> None:
        super().__init__()
        self._square = urlsplit(square)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send a prepared request to the Square; its path, query and headers stay.

        Raises:
            SquareError: the request carries a token that looks like one of the real X.
        """
        _refuse_real(request.headers.get("Authorization", ""))
        there = urlsplit(request.url or "")
        here = (self._square.scheme, self._square.netloc, there.path, there.query, "")
        request.url = str(urlunsplit(here))
        kwargs["proxies"] = {}  # a proxy of the house must not see loopback requests
        return super().send(request, *args, **kwargs)


def _refuse_real(authorization: str | bytes) -> None:
    """Stop a real token before it goes anywhere, also on this machine."""
    text = authorization.decode() if isinstance(authorization, bytes) else authorization
    if any(is_real(word) for word in re.split(r'[\s",=]+', text)):
        raise SquareError(
            "This client holds a token that looks like one of the real X. It was not sent. The "
            "Square is invented: use its own tokens, as in square.credentials()."
        )


class Square:
    """A Square that runs in this process until it is closed or the process ends.

    Attributes:
        url: its web address, on this machine only.
        username: the account that ``client`` acts for.
        client: a ``tweepy.Client`` wired to it: it reads as an app, and acts as the account.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        username: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        shared: bool = False,
        *,
        limited: bool = True,
    ) -> None:
        self._closed = False
        self._store = store
        self._clock = clock
        self._tokens = Tokens(store)
        self.username = username or store.people.first().username
        person = self._person(self.username)
        self._ledger = Ledger()
        owner = 0 if shared else person
        site = make_site(store, clock, owner, limited=limited, ledger=self._ledger)
        self._server = Server(site, host, port, ending=site.state.streams.end)
        self._server.start()
        self.url = self._server.url
        self.client = self.client_for(self.username)

    def wire(self, client: _Wired) -> _Wired:
        """Make a client of your own talk to this Square, and give it back.

        Args:
            client: a ``tweepy.Client``, or a ``tweepy.API``, which uploads pictures.
        """
        for host in API_HOSTS:
            client.session.mount(host, Adapter(self.url))
        return client

    def credentials(self, username: str | None = None) -> Credentials:
        """The tokens of an account, under tweepy's names for them; of one's own if left out.

        An account that is not there yet is made.

        Raises:
            RequestError: the name cannot be a username.
        """
        return self._tokens.credentials(self._person(username or self.username))

    def sign_in_code(self, username: str | None = None) -> str:
        """The code with which an account signs in to the Square's pages, where others use them.

        An account that is not there yet is made.

        Raises:
            RequestError: the name cannot be a username.
        """
        return self._tokens.sign_in_code(self._person(username or self.username))

    def here(self, address: str) -> str:
        """An address of X, such as one that tweepy wants opened in a browser, on this Square.

        >>> import kit
        >>> with kit.open_square(people=2000) as square:
        ...     square.here("https://twitter.com/i/oauth2/authorize?a=1") == (
        ...         f"{square.url}/i/oauth2/authorize?a=1"
        ...     )
        True
        """
        there = urlsplit(address)
        return urlunsplit(urlsplit(self.url)[:2] + there[2:])

    def client_for(self, username: str) -> tweepy.Client:
        """A ``tweepy.Client`` that acts for an account, which is made if it is not there yet.

        Raises:
            RequestError: the name cannot be a username.
        """
        return self.wire(tweepy.Client(**asdict(self.credentials(username))))

    @property
    def bearer_token(self) -> str:
        """The token with which ``client`` reads."""
        return self.credentials().bearer_token

    def _person(self, username: str) -> int:
        """The id of an account, which is made if it is not there yet."""
        if found := self._store.people.named([username]):
            return found[0].id
        try:
            join = Act(self._clock.now, 0, "join", {"username": username})
            return int(acts.perform(self._store, join))
        except RequestError:  # no username, or somebody else made it just now
            if found := self._store.people.named([username]):
                return found[0].id
            raise

    @property
    def now(self) -> datetime:
        """The time on the Square, which has a clock of its own."""
        return datetime.fromtimestamp(self._clock.now, UTC)

    def advance(self, hours: float) -> datetime:
        """Let time pass on the Square, and say what time it is then.

        Args:
            hours: 0 or more. A world knows seven days past its first morning.

        Raises:
            ValueError: the hours are negative, no number, or lead past the calendar's end.
        """
        try:
            then = self.now + timedelta(hours=hours)
        except (OverflowError, ValueError) as error:
            raise ValueError(f"The Square cannot advance by {hours} hours: {error}.") from error
        self._clock.advance(round((then - self.now).total_seconds()))
        self.keep_time()
        return self.now

    def run(self, speed: float = 1.0) -> None:
        """Let time pass on the Square by itself: then streams bring what the public posts.

        Args:
            speed: how many seconds pass there in one of ours; 0 lets time stand still again.

        Raises:
            ValueError: the speed is negative or no number.
        """
        self._clock.run(speed)
        self.keep_time()

    def keep_time(self, ahead: float = 0.0) -> None:
        """Keep what time it is in the Square's file, or what it will be in some seconds.

        Who keeps it ahead, again and again, sees no time twice, also after a crash.
        """
        self._store.keep(self._clock.now + math.ceil(ahead * self._clock.speed))

    def ledger(self, username: str | None = None) -> "pd.DataFrame":
        """What the calls so far would have cost on X, at X's published prices.

        Args:
            username: whose app made them; all apps together if left out.

        Returns:
            A DataFrame as :func:`kit.desk.tables.ledger` makes it: a row for each endpoint, and
            the sum in US dollars in ``attrs["total"]``.

        Raises:
            ValueError: nobody has this username.
        """
        from kit.desk import tables  # late: opening a Square need not wait for pandas

        return tables.ledger(self._ledger.table(self._app(username)))

    def costs(self) -> str:
        """The same as text, for a terminal; empty where nothing was called."""
        return self._ledger.summary()

    def _app(self, username: str | None) -> int | None:
        if username is None:
            return None
        if not (found := self._store.people.named([username])):
            raise ValueError(f"Nobody is called {username!r} on this Square.")
        return found[0].id

    @property
    def opml(self) -> str:
        """The address of the reading list of all feeds."""
        return f"{self.url}/feeds.opml"

    @property
    def feeds(self) -> Mapping[str, str]:
        """The addresses of the feeds, by title.

        Raises:
            SquareError: the Square is closed.
        """
        if self._closed:
            raise SquareError(f"The Square at {self.url} is closed: open one with open_square().")
        return {
            feed.title: f"{self.url}/feeds/{feed.slug}.xml" for feed in self._store.press.feeds()
        }

    def close(self) -> None:
        """Stop the Square. What it served stays in the cache for next time."""
        if self._closed:
            return
        self._closed = True
        self._server.stop()
        self.keep_time()
        self._store.close()

    def __enter__(self) -> "Square":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<the Square at {self.url}, {self.now:%A %d %B %Y, %H:%M} UTC>"


def open_square(
    scenario: str = "calderland",
    seed: int = 1,
    progress: Progress | None = None,
    people: int | None = None,
    *,
    username: str | None = None,
    keep: Path | str | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    shared: bool = False,
    limited: bool = True,
) -> Square:
    """Open a Square: an invented social network on your own machine.

    The first time, its world is made, which takes some seconds; after that it is kept.

    Args:
        scenario: the name of a scenario pack.
        seed: any whole number; everyone with the same seed sees the same world.
        progress: called with a step and the share done while a world is made; a bar is shown
            if it is left out.
        people: how many there are, with as many posts each; as the pack says if left out.
        username: whom you act for: an account of this world, or a new one of your own. If it is
            left out, the ministry, whose team you are in.
        keep: a file that keeps what is done on this Square, so that it is there next time. If
            it is left out, it is forgotten in the end, and the next Square begins afresh.
        host: the address to listen on: this machine alone, unless another is given.
        port: the port to listen on; 0 takes any free one.
        shared: whether several people use this Square: then everybody signs in to its pages.
            Otherwise a browser on this machine acts for ``username`` without being asked.
        limited: whether endpoints may be called only as often as on X.

    Raises:
        ScenarioError: there is no such scenario.
        WorldError: the world cannot be written to the cache folder, or ``keep`` belongs to
            another world.
        SquareError: the Square could not be started.

    Example:
        >>> import kit
        >>> with kit.open_square() as square:
        ...     ministry = square.client.get_user(username="CalderJustice").data
        >>> ministry.name
        'Calderland Ministry of Justice'
    """
    if progress is not None:
        shelf = find_or_make(scenario, seed, progress, people)
    else:
        with making() as shown:
            shelf = find_or_make(scenario, seed, shown, people)
    store = Store.open(shelf.public, None if keep is None else Path(keep))
    try:
        return Square(store, Clock(store.now), username, host, port, shared, limited=limited)
    except KitError:
        store.close()
        raise
