"""Letting apps act for people, as X does it: OAuth 1.0a, OAuth 2.0 with PKCE, and apps alone."""

from starlette.routing import Route

from kit.square.access.session import Session
from kit.square.access.tokens import Tokens
from kit.square.clock import Clock
from kit.square.routes import v1
from kit.square.routes.consent import Pages
from kit.square.routes.oauth1 import ThreeLegs
from kit.square.routes.oauth2 import AppAlone, WithPkce
from kit.square.routes.signing import SignIn
from kit.square.store import Store


def routes(store: Store, clock: Clock, tokens: Tokens, session: Session) -> list[Route]:
    """All that tweepy's handlers call, the pages on which people agree, and signing in.

    They have to come before X's API, which has ``/2`` to itself otherwise.
    """
    pages = Pages(store, session)
    return [
        *ThreeLegs(pages, tokens).routes(),
        *WithPkce(pages, tokens).routes(),
        *AppAlone(tokens).routes(),
        *SignIn(pages, clock, tokens).routes(),
        *v1.routes(store, clock, tokens),
    ]
