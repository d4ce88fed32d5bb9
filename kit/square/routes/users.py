"""Accounts, and who follows whom."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.square import problems
from kit.square.fields import OF_USERS
from kit.square.paging import page
from kit.square.params import username
from kit.square.response import JsonResponse
from kit.square.routes.call import Call, Endpoints, Json, absent, paged
from kit.square.rows import Person, Reach
from kit.square.store import MAX_ID

_MOST = 1000
_USUAL = 100
_LISTS = {*OF_USERS, "max_results", "pagination_token"}


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/users`` and what is below it, but for the timelines."""
    return [
        endpoints.get("/users", by_ids, {"ids", *OF_USERS}),
        endpoints.get("/users/by", by_names, {"usernames", *OF_USERS}),
        endpoints.get("/users/by/username/{username}", by_name, OF_USERS),
        Route("/users/me", me, methods=["GET"]),
        endpoints.get("/users/{id}", by_id, OF_USERS),
        endpoints.get("/users/{id}/followers", followers, _LISTS),
        endpoints.get("/users/{id}/following", following, _LISTS),
    ]


def by_ids(call: Call) -> Json:
    """Accounts in the order asked for; ids without an account become errors."""
    ids = call.params.identifiers("ids")
    expander = call.users()
    found = {person.id: person for person in call.store.people(ids)}
    errors = [problems.missing("user", "ids", str(each)) for each in ids if each not in found]
    return expander.users([found[each] for each in ids if each in found], errors).body()


def by_id(call: Call) -> Json:
    """One account."""
    expander = call.users()
    person = call.person()
    return expander.users([person]).body(one=True) if isinstance(person, Person) else person


def by_names(call: Call) -> Json:
    """Accounts in the order asked for; names that nobody has become errors."""
    names = {name.lower(): name for name in call.params.usernames("usernames")}
    expander = call.users()
    found = {person.username.lower(): person for person in call.store.people_named(names)}
    errors = [
        problems.missing("user", "usernames", name)
        for folded, name in names.items()
        if folded not in found
    ]
    return expander.users([found[each] for each in names if each in found], errors).body()


def by_name(call: Call) -> Json:
    """One account."""
    name = username("username", call.path["username"])
    expander = call.users()
    found = call.store.people_named([name])
    return expander.users(found).body(one=True) if found else absent("user", "username", name)


async def me(request: Request) -> Response:
    """The account of who asks: a bearer token has none."""
    return JsonResponse(problems.needs_user(), 403)


def followers(call: Call) -> Json:
    """Who follows an account."""
    return _listed(call, call.store.followers)


def following(call: Call) -> Json:
    """Whom an account follows."""
    return _listed(call, call.store.following)


def _listed(call: Call, read: Callable[[int, Reach], list[Person]]) -> Json:
    limit = call.params.integer("max_results", 1, _MOST, _USUAL)
    cursor = call.params.cursor("pagination_token")
    expander = call.users()
    person = call.person()
    if not isinstance(person, Person):
        return person
    found = page(
        lambda reach: read(person.id, reach),
        lambda row: row.id,
        Reach(0, MAX_ID, limit),
        cursor,
    )
    return paged(expander.users(found.rows), found, edges=False)
