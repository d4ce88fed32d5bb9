"""Accounts: by id, by name, searched for, and one's own."""

import re

from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers import problems
from kit.square.answers.fields import OF_USERS
from kit.square.answers.params import matching, refuse, username
from kit.square.routes.call import Call, Endpoints, Json, absent, paged
from kit.square.rows import Person

_SEARCH = {"query", "max_results", "next_token", "pagination_token"}
_QUERY = re.compile(r"[A-Za-z0-9_' ]{1,50}")


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/users`` and what is below it, but for the timelines."""
    return [
        endpoints.get("/users", by_ids, {"ids", *OF_USERS}),
        endpoints.get("/users/by", by_names, {"usernames", *OF_USERS}),
        endpoints.get("/users/by/username/{username}", by_name, OF_USERS),
        endpoints.get("/users/me", me, OF_USERS, by=auth.USER),
        endpoints.get("/users/search", search, {*_SEARCH, *OF_USERS}, by=auth.USER),
        endpoints.get("/users/{id}", by_id, OF_USERS),
    ]


def by_ids(call: Call) -> Json:
    """Accounts in the order asked for; ids without an account become errors."""
    ids = call.params.identifiers("ids")
    expander = call.users()
    found = {person.id: person for person in call.store.people.with_ids(ids)}
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
    found = {person.username.lower(): person for person in call.store.people.named(names)}
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
    found = call.store.people.called(name)
    return expander.users([found]).body(one=True) if found else absent("user", "username", name)


def search(call: Call) -> Json:
    """The accounts whose name or username holds every word of a query."""
    query = matching("query", call.params.required("query"), _QUERY)
    if not query.strip():
        refuse("The `query` query parameter can not be empty", "query", query)
    paging, expander = call.paging(most=1000), call.users()
    found = paging.page(lambda reach: call.store.people.search(query.split(), reach))
    body = paged(expander.users(found.rows), found, edges=False)
    del body["meta"]["result_count"]  # X does not count here
    return body


def me(call: Call) -> Json:
    """The account of who asks."""
    return call.users().users(call.store.people.with_ids([call.caller.person])).body(one=True)
