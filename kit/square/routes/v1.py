"""What is left of X's API v1.1: its form of errors, and who one is."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access.auth import Method, identify
from kit.square.access.tokens import Tokens
from kit.square.answers.response import JsonResponse
from kit.square.answers.shown import Json
from kit.square.clock import Clock
from kit.square.rows import Person, PersonCounts
from kit.square.store import Store

Endpoint = Callable[[Request], Awaitable[Response]]
_OF_MEDIA = frozenset({"media", "media_id", "media_category", "segment_index", "alt_text"})


def routes(store: Store, clock: Clock, tokens: Tokens) -> list[Route]:
    """``/1.1/account/verify_credentials.json``."""

    async def verify(request: Request) -> Response:
        caller = await identify(request, tokens)
        if caller.method is not Method.OAUTH1:
            message = "Your credentials do not allow access to this resource"
            return JsonResponse(errors(220, message), 403)
        person = store.people.with_ids([caller.person])[0]
        counts = store.people.counts([person.id], clock.now)[person.id]
        asked = request.query_params.get("include_email", "")
        email = {"email": None} if asked.lower() in ("true", "1", "t") else {}
        return JsonResponse(user(person, counts) | email)

    return [Route("/1.1/account/verify_credentials.json", refusing(verify))]


def errors(code: int, message: str) -> Json:
    """An error body of v1.1, by X's number for it."""
    return {"errors": [{"code": code, "message": message}]}


def refusing(endpoint: Endpoint) -> Endpoint:
    """An endpoint that answers what it refuses in the form of v1.1."""

    async def answer(request: Request) -> Response:
        if "authorization" not in request.headers:
            return JsonResponse(errors(215, "Bad Authentication data."), 400)
        try:
            return await endpoint(request)
        except RequestError as error:
            code, message = _said(error)
            return JsonResponse(errors(code, message), error.status)

    return answer


def _said(error: RequestError) -> tuple[int, str]:
    """X's number for what is wrong, and its words where it has some."""
    if error.status in (403, 413) or not _OF_MEDIA.isdisjoint(error.parameters):
        return 324, error.message
    if error.status == 400:
        return 214, error.message
    if "oauth_token" in error.parameters:
        return 89, "Invalid or expired token."
    if error.message.startswith("Timestamp"):
        return 135, error.message
    return 32, "Could not authenticate you." if error.message == "Unauthorized" else error.message


def user(person: Person, counts: PersonCounts) -> Json:
    """An account as v1.1 has it."""
    made = datetime.fromtimestamp(person.created_at, UTC)
    return {
        "id": person.id,
        "id_str": str(person.id),
        "name": person.name,
        "screen_name": person.username,
        "location": person.place,
        "description": person.bio,
        "url": person.url or None,
        "entities": {"description": {"urls": []}},
        "protected": False,
        "followers_count": counts.followers,
        "friends_count": counts.following,
        "listed_count": counts.listed,
        "created_at": f"{made:%a %b %d %H:%M:%S +0000 %Y}",
        "favourites_count": counts.likes,
        "utc_offset": None,
        "time_zone": None,
        "geo_enabled": False,
        "verified": bool(person.verified),
        "statuses_count": counts.posts,
        "lang": None,
        "default_profile": True,
        "default_profile_image": True,
        "following": False,
        "follow_request_sent": False,
        "notifications": False,
    }
