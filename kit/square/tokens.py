"""The tokens of a Square: who holds which, and who it lets act for whom.

The tokens that a Square gives out by itself are made from its secret and an account's id, so
that they need not be kept; those that a person grants to a programme, by OAuth, are kept in
its file. They begin so that nobody takes them for X's, and X's are told apart, see
:func:`is_real`.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass

from kit.square.store import Store

#: X's own tokens look like these: an app's bearer token, and an account's access token.
_REAL = re.compile(r"A{20,}[A-Za-z0-9%]{20,}|[0-9]{2,20}-(?!square)[A-Za-z0-9]{30,}")
#: Letters and digits that nobody mistakes for each other when they type a code.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_BEARER = re.compile(r"square-([0-9]{1,19})-[0-9a-f]{32}")
_CONSUMER = re.compile(r"square-([0-9]{1,19})-key-[0-9a-f]{16}")
_ACCESS = re.compile(r"([0-9]{1,19})-square[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """All that a programme of an account needs, under the names that tweepy has for them."""

    bearer_token: str
    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was granted: what sort it is, to whom it gives access, and for what.

    ``kind`` is one of ``own.sql``'s; ``expires`` is a time of the wall's clock, not the Square's.
    """

    token: str
    kind: str
    secret: str = ""
    person: int = 0
    scopes: str = ""
    callback: str = ""
    challenge: str = ""
    expires: int = 0


def is_real(token: str) -> bool:
    """Whether a token looks like one of X's own, which has no business here.

    >>> is_real("AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid"), is_real("square-1-2f0d")
    (True, False)
    """
    return _REAL.fullmatch(token) is not None


class Tokens:
    """Gives tokens out, and knows its own when they come back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._secret = store.secret.encode()

    def credentials(self, person: int) -> Credentials:
        """The tokens of an account, and of the app that it holds."""
        access, secret = self.access(person)
        return Credentials(
            bearer_token=self._bearer(person),
            consumer_key=self._consumer_key(person),
            consumer_secret=self.consumer_secret(person),
            access_token=access,
            access_token_secret=secret,
        )

    def access(self, person: int) -> tuple[str, str]:
        """The access token and its secret with which an account's own app acts for it."""
        token = f"{person}-square{self._made('access', person, 32)}"
        return token, self._made("access secret", person, 40)

    def consumer_secret(self, app: int) -> str:
        """The secret of an app; apps are known by the account that holds them."""
        return self._made("consumer secret", app, 40)

    def app_of_bearer(self, token: str) -> int | None:
        """Whose app a bearer token is of, None if it is not one of this Square's."""
        return self._holder(_BEARER, token, self._bearer)

    def app_of_consumer(self, key: str) -> int | None:
        """Whose app a consumer key is of, None if it is not one of this Square's."""
        return self._holder(_CONSUMER, key, self._consumer_key)

    def person_of_access(self, token: str) -> int | None:
        """Whose access token this is, None if it is not one of this Square's own."""
        return self._holder(_ACCESS, token, lambda person: self.access(person)[0])

    def sign_in_code(self, person: int) -> str:
        """What an account signs in with in a browser, such as ``k7tq-2mxd``."""
        made = int(self._made("sign in", person, 32), 16)
        letters = [_LETTERS[made >> 5 * place & 31] for place in range(8)]
        return f"{''.join(letters[:4])}-{''.join(letters[4:])}"

    def is_sign_in_code(self, person: int, code: str) -> bool:
        """Whether this is an account's code, however it was typed."""
        typed = re.sub(r"[\s-]", "", code).lower()
        known = self.sign_in_code(person).replace("-", "")
        return hmac.compare_digest(known.encode(), typed.encode("utf-8", "replace"))

    def seal(self, what: str, text: str) -> str:
        """What proves that this Square said a text, in 64 characters; ``what`` is its sort."""
        return self._made(f"seal of a {what}", text, 64)

    def keep(self, grant: Grant) -> Grant:
        """Keep a token that a person granted, and give it back."""
        with self._store.database.transaction():
            self._store.database.execute(
                "INSERT OR REPLACE INTO main.tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                astuple(grant),
            )
        return grant

    def granted(self, token: str, *kinds: str) -> Grant | None:
        """A token that was granted and has not run out, None if there is none."""
        found = self._store.database.read(
            Grant, "SELECT * FROM main.tokens WHERE token = ?", (token,)
        )
        good = (each for each in found if each.kind in kinds and each.expires > time.time())
        return next(good, None)

    def revoke(self, token: str) -> None:
        """Forget a token that was granted."""
        with self._store.database.transaction():
            self._store.database.execute("DELETE FROM main.tokens WHERE token = ?", (token,))

    def _bearer(self, app: int) -> str:
        return f"square-{app}-{self._made('bearer', app, 32)}"

    def _consumer_key(self, app: int) -> str:
        return f"square-{app}-key-{self._made('consumer key', app, 16)}"

    def _made(self, what: str, of: int | str, length: int) -> str:
        made = hmac.new(self._secret, f"{what}/{of}".encode(), hashlib.sha256)
        return made.hexdigest()[:length]

    def _holder(self, form: re.Pattern[str], token: str, made: Callable[[int], str]) -> int | None:
        found = form.fullmatch(token)
        if found is None:
            return None
        person = int(found[1])
        # In constant time, so that how long it takes does not give a token away.
        return person if hmac.compare_digest(made(person), token) else None
