"""Live talks: by their ids and hosts, searched for, and what was shared in them."""

import re

from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access import auth
from kit.square.answers import problems
from kit.square.answers.fields import OF_TWEETS, OF_USERS
from kit.square.answers.paging import Page
from kit.square.answers.params import matching, refuse
from kit.square.answers.spaces import (
    OF_SPACES,
    SPACE_EXPANSIONS,
    SPACE_FIELDS,
    TOPIC_FIELDS,
    SpaceExpander,
)
from kit.square.ids import first_id, last_id
from kit.square.routes.call import Call, Endpoints, Json, absent, paged
from kit.square.rows import Reach, Space

_ID = re.compile(r"[a-zA-Z0-9]{1,13}")
_STATES = {"live": ("live",), "scheduled": ("scheduled",), "all": ("live", "scheduled")}
_LONGEST = 2048


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/spaces`` and what is below it."""
    get, by = endpoints.get, auth.APP | auth.OAUTH2
    return [
        get("/spaces", by_ids, {"ids", *OF_SPACES}, by=by),
        get("/spaces/by/creator_ids", by_creators, {"user_ids", *OF_SPACES}, by=by),
        get("/spaces/search", search, {"query", "state", "max_results", *OF_SPACES}, by=by),
        get("/spaces/{id}", one, OF_SPACES, by=by),
        get(
            "/spaces/{id}/buyers",
            buyers,
            {"max_results", "pagination_token", *OF_USERS},
            by=auth.OAUTH2,
        ),
        get("/spaces/{id}/tweets", posts, {"max_results", *OF_TWEETS}, by=by),
    ]


def by_ids(call: Call) -> Json:
    """Talks in the order asked for; ids without a talk become errors."""
    ids = call.params.named("ids", _ID)
    expander = _expander(call)
    found = {each.id: each for each in call.store.spaces.with_ids(ids, call.now)}
    errors = [problems.missing("space", "ids", each) for each in ids if each not in found]
    return expander.spaces([found[each] for each in ids if each in found], errors).body()


def by_creators(call: Call) -> Json:
    """The talks that some accounts hold now or later."""
    creators = call.params.identifiers("user_ids")
    return _counted(call, call.store.spaces.by(creators, call.now))


def search(call: Call) -> Json:
    """The talks, on or to come, whose titles have all words of a query."""
    query = call.params.required("query")
    if len(query) > _LONGEST:
        refuse(
            f"The `query` query parameter has {len(query)} characters; {_LONGEST} is the most",
            "query",
            query,
        )
    states = call.params.chosen("state", _STATES) or ["all"]
    if len(states) > 1:
        refuse(f"Choose one `state` of [{','.join(_STATES)}]", "state", *states)
    limit = call.params.integer("max_results", 1, 100, 100)
    found = call.store.spaces.search(query, _STATES[states[0]], call.now)
    return _counted(call, found[:limit])


def one(call: Call) -> Json:
    """One talk."""
    expander = _expander(call)
    found = _space(call)
    return expander.spaces([found]).body(one=True) if found else _none(call)


def buyers(call: Call) -> Json:
    """Who bought a ticket for a talk of one's own."""
    paging, expander = call.paging(), call.users()
    if (space := _space(call)) is None:
        return _none(call)
    if space.creator != call.caller.person:
        raise RequestError("Only who holds a talk may know who bought its tickets.", status=403)
    found = paging.page(
        lambda reach: call.store.spaces.buyers(space.id, reach), lambda person: person
    )
    people = call.store.people.in_order(found.rows)
    return paged(expander.users(people), found, edges=False)


def posts(call: Call) -> Json:
    """What was shared in a talk: what its hosts and speakers posted while it was on."""
    limit = call.params.integer("max_results", 1, 100, 100)
    expander = call.tweets()
    if (space := _space(call)) is None:
        return _none(call)
    roles = call.store.spaces.people([space.id]).get(space.id, {})
    reach = Reach(first_id(space.starts), last_id(space.ends - 1), limit)
    speaking = {*roles.get("host", ()), *roles.get("speaker", ())}
    found = call.store.posts.timeline(speaking, reach, call.now)
    return paged(expander.tweets(found), Page(found), edges=False)


def _expander(call: Call) -> SpaceExpander:
    params = call.params
    return SpaceExpander(
        call.along(),
        params.chosen("space.fields", SPACE_FIELDS),
        params.chosen("topic.fields", TOPIC_FIELDS),
        params.chosen("expansions", SPACE_EXPANSIONS),
    )


def _space(call: Call) -> Space | None:
    identifier = matching("id", call.path["id"], _ID)
    return next(iter(call.store.spaces.with_ids([identifier], call.now)), None)


def _none(call: Call) -> Json:
    return absent("space", "id", call.path["id"])


def _counted(call: Call, spaces: list[Space]) -> Json:
    body = _expander(call).spaces(spaces).body()
    return body | {"meta": {"result_count": len(spaces)}}
