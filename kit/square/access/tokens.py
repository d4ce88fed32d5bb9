"""The tokens of a Square: who holds which, and who it lets act for whom.

The tokens that a Square gives out by itself are made from its secret and an account's id, so
that they need not be kept; those that a person grants to a programme, by OAuth, are kept in
its file. They begin so that nobody takes them for X's, and X's are told apart, see
:func:`is_real`.
"""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass

from kit.square.access.signature import Nonces
from kit.square.ids import MAX_ID
from kit.square.store import Store

#: X's own look like these: an app's bearer token, an account's access token (OAuth 1.0a); read
#: from base64, a token, code or client id of OAuth 2.0; and a consumer key.
_REAL = re.compile(r"A{20,}[A-Za-z0-9%+/=_-]{20,}|[0-9]{2,20}-(?!square)[A-Za-z0-9]{30,}")
_REAL_2 = re.compile(rb"[\w-]{10,}(:[0-9]{13})?(:[0-9]){1,2}:(at|rt|ac|ci)(:[0-9])?")
_REAL_KEY = re.compile(r"(?!square)[A-Za-z0-9]{25}")
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
    """A token that was granted: what sort it is, who may use it, as whom, and for what.

    Attributes:
        token: the token itself.
        kind: one of ``own.sql``'s.
        secret: what is to be proven with it (OAuth 1.0a).
        person: for which account it acts; 0 while nobody has agreed.
        app: the account whose app it was given to; no other app can use it.
        scopes: what it is good for, with spaces between.
        callback: where the browser goes when somebody has agreed.
        challenge: what the app has to answer when it fetches the token.
        expires: a time of the wall's clock, not the Square's.
    """

    token: str
    kind: str
    secret: str = ""
    person: int = 0
    app: int = 0
    scopes: str = ""
    callback: str = ""
    challenge: str = ""
    expires: int = 0


def until(seconds: int) -> int:
    """The time of the wall's clock when something that lasts so long ends."""
    return int(time.time()) + seconds


def is_real(token: str) -> bool:
    """Whether a token looks like one of X's own, which has no business here.

    >>> is_real("AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid"), is_real("square-1-2f0d")
    (True, False)
    """
    if _REAL.fullmatch(token):
        return True
    try:
        content = base64.urlsafe_b64decode(f"{token}{'=' * (-len(token) % 4)}")
    except ValueError:  # no base64, or not even ASCII
        return False
    return _REAL_2.fullmatch(content) is not None


def is_real_key(key: str) -> bool:
    """Whether a consumer key or client id looks like one of X's own."""
    return _REAL_KEY.fullmatch(key) is not None or is_real(key)


class Tokens:
    """Gives tokens out, and knows its own when they come back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._secret = store.secret.encode()
        self.nonces = Nonces()

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
        token = f"{person}-square{self._renewed('access', person, 32)}"
        return token, self._made("access secret", token, 40)

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
                "DELETE FROM main.tokens WHERE expires < ?", (int(time.time()),)
            )
            self._store.database.execute(
                "INSERT OR REPLACE INTO main.tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                astuple(grant),
            )
        return grant

    def granted(self, token: str, *kinds: str) -> Grant | None:
        """A token that was granted and has not run out, None if there is none."""
        sql = "SELECT * FROM main.tokens WHERE token = ?"
        grant = self._store.database.first(Grant, sql, (token,))
        good = grant is not None and grant.kind in kinds and grant.expires > time.time()
        return grant if good else None

    def revoke(self, token: str) -> None:
        """Forget a token; one that the Square made by itself is made anew."""
        with self._store.database.transaction():
            for what, holder in (("bearer", self.app_of_bearer), ("access", self.person_of_access)):
                if (person := holder(token)) is not None:
                    self._store.database.execute(
                        "INSERT INTO main.renewals VALUES (?, ?, 1) "
                        "ON CONFLICT DO UPDATE SET times = times + 1",
                        (what, person),
                    )
            self._store.database.execute("DELETE FROM main.tokens WHERE token = ?", (token,))

    def _bearer(self, app: int) -> str:
        return f"square-{app}-{self._renewed('bearer', app, 32)}"

    def _consumer_key(self, app: int) -> str:
        return f"square-{app}-key-{self._made('consumer key', app, 16)}"

    def _renewed(self, what: str, person: int, length: int) -> str:
        times = self._store.database.value(
            "SELECT times FROM main.renewals WHERE what = ? AND person = ?", (what, person)
        )
        return self._made(what, f"{person}/{times}" if times else person, length)

    def _made(self, what: str, of: int | str, length: int) -> str:
        made = hmac.new(self._secret, f"{what}/{of}".encode(), hashlib.sha256)
        return made.hexdigest()[:length]

    def _holder(self, form: re.Pattern[str], token: str, made: Callable[[int], str]) -> int | None:
        found = form.fullmatch(token)
        if found is None or (person := int(found[1])) > MAX_ID:
            return None
        # In constant time, so that how long it takes does not give a token away.
        return person if hmac.compare_digest(made(person), token) else None
