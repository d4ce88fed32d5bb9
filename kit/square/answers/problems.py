"""Every error body, in X's form, and what turns an exception into one."""

import logging
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kit.errors import RequestError
from kit.square.access.auth import Method
from kit.square.answers.response import JsonResponse
from kit.square.answers.shown import Json

_LOG = logging.getLogger(__name__)
_KINDS = "https://api.twitter.com/2/problems/"
_TITLES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


def problem(
    title: str,
    detail: str,
    kind: str | None = None,
    status: int | None = None,
    **more: object,
) -> Json:
    """One error body. ``kind`` is the end of X's address for it; without one it is generic."""
    body: Json = {
        "title": title,
        "detail": detail,
        "type": f"{_KINDS}{kind}" if kind else "about:blank",
    }
    return body | ({"status": status} if status else {}) | more


def plain(status: int, detail: str) -> Json:
    """The body of a refusal that is about the request as a whole."""
    return problem(_TITLES.get(status, "Error"), detail, status=status)


def invalid(message: str, parameters: Mapping[str, Sequence[str]]) -> Json:
    """The body of an answer to a request with a wrong parameter."""
    return problem(
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        "invalid-request",
        errors=[{"parameters": dict(parameters), "message": message}],
    )


def missing(resource: str, parameter: str, value: str) -> Json:
    """A partial error: ``resource`` (tweet or user) that was asked for is not there."""
    return problem(
        "Not Found Error",
        f"Could not find {resource} with {parameter}: [{value}].",
        "resource-not-found",
        resource_type=resource,
        resource_id=value,
        parameter=parameter,
        value=value,
    )


def private_field(name: str, post: str, section: str) -> Json:
    """A partial error: a field of a post that only its author may see."""
    return problem(
        "Field Authorization Error",
        f"Sorry, you are not authorized to access '{name}' on the Tweet.",
        "not-authorized-for-field",
        resource_type="tweet",
        resource_id=post,
        parameter="tweet.fields",
        value=post,
        field=name,
        section=section,
    )


def too_many_connections() -> Json:
    """The body where an app reads a stream that it reads already."""
    return problem(
        "ConnectionException",
        "This stream is currently at the maximum allowed connection limit.",
        "streaming-connection",
        connection_issue="TooManyConnections",
    )


def without_rules() -> Json:
    """The body where an app reads a filtered stream before it has rules."""
    return problem(
        "ConnectionException",
        "There are no rules for this stream: add rules before you connect.",
        "streaming-connection",
        connection_issue="RuleConfigurationIssue",
    )


def disconnected(kind: str) -> Json:
    """The last words to a reader who is disconnected; ``kind`` is X's word for why."""
    return problem(
        "operational-disconnect",
        "This stream has been disconnected for operational reasons.",
        "operational-disconnect",
        disconnect_type=kind,
    )


def duplicate_rule(value: str, rule: str) -> Json:
    """A partial error: a rule that the app has already, under this id."""
    return problem(
        "DuplicateRule",
        "A rule with this value is there already.",
        "duplicate-rules",
        value=value,
        id=rule,
    )


def invalid_rule(value: str, message: str) -> Json:
    """A partial error: a rule that is not valid."""
    return problem("UnprocessableEntity", message, "invalid-rules", value=value, details=[message])


def rule_cap(value: str, most: int) -> Json:
    """A partial error: a rule too many."""
    detail = f"This app may have {most} rules: delete some before you add others."
    return problem("RulesCapExceeded", detail, "rule-cap", value=value)


def unsupported(used: Method, supported: Collection[Method]) -> Json:
    """The body where who asks is known in a way that the endpoint does not take."""
    names = ", ".join(method.value for method in Method if method in supported)
    return problem(
        "Unsupported Authentication",
        f"Authenticating with {used.value} is forbidden for this endpoint.  Supported "
        f"authentication types are [{names}].",
        "unsupported-authentication",
        403,
    )


def standing(request: Request) -> dict[str, str] | None:
    """The headers that say how the caller stands, once a call was admitted or refused."""
    headers: dict[str, str] | None = getattr(request.state, "standing", None)
    return headers


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    headers = standing(request)
    if error.status == 400:
        return JsonResponse(invalid(error.message, error.parameters), 400, headers)
    return JsonResponse(plain(error.status, error.message), error.status, headers)


def _not_served(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:  # Starlette's own words, which say little
        detail = {
            404: f"There is nothing at {request.url.path}.",
            405: f"{request.url.path} does not take {request.method}.",
        }.get(error.status_code, detail)
    return JsonResponse(plain(error.status_code, detail), error.status_code, error.headers)


def _left(request: Request, error: Exception) -> Response:
    """Who hangs up in the middle of a request reads no answer, and it is nobody's mistake."""
    assert isinstance(error, ClientDisconnect)
    return JsonResponse(plain(400, "The request ended before its body did."), 400)


def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "The Square made a mistake of its own; its log says more."
    return JsonResponse(plain(500, detail), 500, standing(request))


#: For Starlette's ``exception_handlers``.
HANDLERS = {
    RequestError: _refused,
    HTTPException: _not_served,
    ClientDisconnect: _left,
    Exception: _broken,
}
