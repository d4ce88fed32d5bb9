"""Ties between accounts: following, muting and blocking."""

from collections.abc import Callable

import msgspec
from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.fields import OF_USERS
from kit.square.answers.params import identifier
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.rows import Person, Reach

_LISTS = {*OF_USERS, "max_results", "pagination_token"}


class _Target(msgspec.Struct, frozen=True):
    target_user_id: str


def routes(endpoints: Endpoints) -> list[Route]:
    """Who follows whom, and whom one mutes and blocks oneself."""
    return [
        endpoints.get("/users/{id}/followers", followers, _LISTS),
        endpoints.get("/users/{id}/following", following, _LISTS),
        endpoints.post("/users/{id}/following", follow),
        endpoints.delete("/users/{id}/following/{target_user_id}", unfollow),
        endpoints.get("/users/{id}/muting", muting, _LISTS, by=auth.USER),
        endpoints.post("/users/{id}/muting", mute),
        endpoints.delete("/users/{id}/muting/{target_user_id}", unmute),
        endpoints.get("/users/{id}/blocking", blocking, _LISTS, by=auth.USER),
        endpoints.post("/users/{id}/blocking", block),
        endpoints.delete("/users/{id}/blocking/{target_user_id}", unblock),
    ]


def followers(call: Call) -> Json:
    """Who follows an account."""
    return _of_anybody(call, call.store.people.followers)


def following(call: Call) -> Json:
    """Whom an account follows."""
    return _of_anybody(call, call.store.people.following)


def follow(call: Call) -> Json:
    """Follow an account."""
    call.oneself()
    followed = call.perform("follow", person=_target(call))
    return {"data": {"following": followed, "pending_follow": False}}


def unfollow(call: Call) -> Json:
    """Follow an account no longer."""
    return {"data": {"following": _undo(call, "unfollow")}}


def muting(call: Call) -> Json:
    """Whom one mutes."""
    return _listed(call, call.oneself(), call.store.people.muted)


def mute(call: Call) -> Json:
    """Mute an account."""
    call.oneself()
    return {"data": {"muting": call.perform("mute", person=_target(call))}}


def unmute(call: Call) -> Json:
    """Mute an account no longer."""
    return {"data": {"muting": _undo(call, "unmute")}}


def blocking(call: Call) -> Json:
    """Whom one blocks."""
    return _listed(call, call.oneself(), call.store.people.blocked)


def block(call: Call) -> Json:
    """Block an account."""
    call.oneself()
    return {"data": {"blocking": call.perform("block", person=_target(call))}}


def unblock(call: Call) -> Json:
    """Block an account no longer."""
    return {"data": {"blocking": _undo(call, "unblock")}}


def _target(call: Call) -> int:
    return identifier("target_user_id", call.read(_Target).target_user_id)


def _undo(call: Call, verb: str) -> bool:
    call.oneself()
    return bool(call.perform(verb, person=call.path_id("target_user_id")))


def _of_anybody(call: Call, read: Callable[[int, Reach], list[Person]]) -> Json:
    person = call.person()
    return _listed(call, person.id, read) if isinstance(person, Person) else person


def _listed(call: Call, person: int, read: Callable[[int, Reach], list[Person]]) -> Json:
    paging, expander = call.paging(most=1000), call.users()
    found = paging.page(lambda reach: read(person, reach))
    return paged(expander.users(found.rows), found, edges=False)
