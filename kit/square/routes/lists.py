"""Lists of accounts: made, read, followed and pinned."""

from collections.abc import Callable

import msgspec
from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.fields import OF_TWEETS, OF_USERS
from kit.square.answers.lists import LIST_EXPANSIONS, LIST_FIELDS, OF_LISTS, ListExpander
from kit.square.answers.params import identifier
from kit.square.routes.call import Call, Endpoints, Json, absent, paged
from kit.square.rows import PeopleList, Person, Reach

_PAGED = {"max_results", "pagination_token"}


class _New(msgspec.Struct, frozen=True):
    name: str
    description: str = ""
    private: bool = False


class _Change(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    private: bool | msgspec.UnsetType = msgspec.UNSET


class _User(msgspec.Struct, frozen=True):
    user_id: str


class _List(msgspec.Struct, frozen=True):
    list_id: str


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/lists`` and what accounts do with lists."""
    get, post, delete = endpoints.get, endpoints.post, endpoints.delete
    return [
        post("/lists", make, status=201),
        get("/lists/{id}", one, OF_LISTS),
        endpoints.put("/lists/{id}", change),
        delete("/lists/{id}", drop),
        get("/lists/{id}/members", members, {*_PAGED, *OF_USERS}),
        post("/lists/{id}/members", add),
        delete("/lists/{id}/members/{user_id}", take_off),
        get("/lists/{id}/followers", followers, {*_PAGED, *OF_USERS}),
        get("/lists/{id}/tweets", posts, {*_PAGED, *OF_TWEETS}),
        get("/users/{id}/owned_lists", owned, {*_PAGED, *OF_LISTS}),
        get("/users/{id}/list_memberships", memberships, {*_PAGED, *OF_LISTS}),
        get("/users/{id}/followed_lists", followed, {*_PAGED, *OF_LISTS}),
        post("/users/{id}/followed_lists", follow),
        delete("/users/{id}/followed_lists/{list_id}", unfollow),
        get("/users/{id}/pinned_lists", pinned, OF_LISTS, by=auth.USER),
        post("/users/{id}/pinned_lists", pin),
        delete("/users/{id}/pinned_lists/{list_id}", unpin),
    ]


def make(call: Call) -> Json:
    """Make a list."""
    made = call.perform("make_list", **msgspec.to_builtins(call.read(_New)))
    new = call.store.lists.one(made, call.caller.person, call.now)
    return {"data": {"id": str(made), "name": new.name if new else ""}}


def one(call: Call) -> Json:
    """One list."""
    expander = _expander(call)
    found = _list(call)
    return expander.lists([found]).body(one=True) if found else _none(call)


def change(call: Call) -> Json:
    """Change a list of one's own."""
    asked = msgspec.to_builtins(call.read(_Change))
    return {"data": {"updated": call.perform("change_list", list=call.path_id(), **asked)}}


def drop(call: Call) -> Json:
    """Delete a list of one's own."""
    return {"data": {"deleted": call.perform("drop_list", list=call.path_id())}}


def members(call: Call) -> Json:
    """Who is on a list."""
    return _people(call, call.store.lists.members)


def add(call: Call) -> Json:
    """Put somebody on a list of one's own."""
    person = identifier("user_id", call.read(_User).user_id)
    return {"data": {"is_member": call.perform("add_to_list", list=call.path_id(), person=person)}}


def take_off(call: Call) -> Json:
    """Take somebody off a list of one's own."""
    detail = {"list": call.path_id(), "person": call.path_id("user_id")}
    return {"data": {"is_member": call.perform("take_off_list", **detail)}}


def followers(call: Call) -> Json:
    """Who follows a list."""
    return _people(call, call.store.lists.followers)


def posts(call: Call) -> Json:
    """What the accounts on a list posted, newest first."""
    paging, expander = call.paging(), call.tweets()
    if (found := _list(call)) is None:
        return _none(call)
    people = call.store.lists.all_members(found.id)
    listed = paging.page(lambda reach: call.store.posts.timeline(people, reach, call.now))
    return paged(expander.tweets(listed.rows), listed, edges=False)


def owned(call: Call) -> Json:
    """The lists that an account made."""
    return _lists(call, call.store.lists.owned)


def memberships(call: Call) -> Json:
    """The lists that an account is on."""
    return _lists(call, call.store.lists.naming)


def followed(call: Call) -> Json:
    """The lists that an account follows."""
    return _lists(call, call.store.lists.followed)


def follow(call: Call) -> Json:
    """Follow a list."""
    call.oneself()
    return {"data": {"following": call.perform("follow_list", list=_named(call))}}


def unfollow(call: Call) -> Json:
    """Follow a list no longer."""
    call.oneself()
    return {"data": {"following": call.perform("unfollow_list", list=call.path_id("list_id"))}}


def pinned(call: Call) -> Json:
    """The lists that one pinned, the latest first."""
    expander = _expander(call)
    found = call.store.lists.pinned(call.oneself(), call.now)
    return expander.lists(found).body() | {"meta": {"result_count": len(found)}}


def pin(call: Call) -> Json:
    """Pin a list."""
    call.oneself()
    return {"data": {"pinned": call.perform("pin_list", list=_named(call))}}


def unpin(call: Call) -> Json:
    """Pin a list no longer."""
    call.oneself()
    return {"data": {"pinned": call.perform("unpin_list", list=call.path_id("list_id"))}}


def _expander(call: Call) -> ListExpander:
    params = call.params
    return ListExpander(
        call.along(),
        params.chosen("list.fields", LIST_FIELDS),
        params.chosen("expansions", LIST_EXPANSIONS),
    )


def _named(call: Call) -> int:
    return identifier("list_id", call.read(_List).list_id)


def _list(call: Call) -> PeopleList | None:
    return call.store.lists.one(call.path_id(), call.caller.person, call.now)


def _none(call: Call) -> Json:
    return absent("list", "id", call.path["id"])


def _people(call: Call, read: Callable[[int, Reach], list[int]]) -> Json:
    paging, expander = call.paging(), call.users()
    if (found := _list(call)) is None:
        return _none(call)
    listed = paging.page(lambda reach: read(found.id, reach), lambda person: person)
    people = call.store.people.in_order(listed.rows)
    return paged(expander.users(people), listed, edges=False)


def _lists(call: Call, read: Callable[[int, int, Reach, int], list[PeopleList]]) -> Json:
    paging, expander = call.paging(), _expander(call)
    person = call.person()
    if not isinstance(person, Person):
        return person
    found = paging.page(lambda reach: read(person.id, call.caller.person, reach, call.now))
    return paged(expander.lists(found.rows), found, edges=False)
