"""Compliance jobs: a list of ids goes in, what is gone of it comes out."""

import hmac
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square import acts
from kit.square.access import auth
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.answers.jobs import JOB_FIELDS, answer, payload
from kit.square.answers.params import identifier, refuse
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.rows import Job

_KINDS = ("tweets", "users")
_STATUSES = ("created", "in_progress", "failed", "complete", "expired")
_FIELDS = "compliance_job.fields"
#: A list of half a million ids; a larger one is sent in several jobs.
_LARGEST = 10_000_000


class _New(msgspec.Struct, frozen=True):
    type: Literal["tweets", "users"]
    name: str = ""
    resumable: bool = False


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/compliance/jobs``."""
    get, by = endpoints.get, auth.APP
    return [
        get("/compliance/jobs", several, {"type", "status", _FIELDS}, by=by),
        endpoints.post("/compliance/jobs", begin, by=by),
        get("/compliance/jobs/{id}", one, {_FIELDS}, by=by),
    ]


def files(endpoints: Endpoints) -> list[Route]:
    """Where lists are sent and answers fetched, beside the API: the address is the permission."""
    store, clock, tokens = endpoints.store, endpoints.clock, endpoints.tokens

    def found(request: Request, what: str) -> Job:
        job = store.jobs.one(identifier("id", request.path_params["id"]))
        given = request.query_params.get("signature", "").encode()
        if job is None or not hmac.compare_digest(_seal(tokens, job, what).encode(), given):
            raise RequestError("This address was not given out by this Square.", status=403)
        return job

    async def upload(request: Request) -> Response:
        job = found(request, "upload")
        if len(content := await request.body()) > _LARGEST:
            raise RequestError(f"A list takes {_LARGEST:,} bytes at most: send two.", status=413)
        detail = {"job": job.id, "text": content.decode("utf-8", "replace")}
        acts.perform(store, Act(clock.now, 0, "send_list", detail))
        return PlainTextResponse("")

    async def download(request: Request) -> Response:
        job = found(request, "download")
        if (state := job.state(clock.now)) != "complete":
            raise RequestError(f"There is no answer: the job is {state}.", status=404)
        gone = store.jobs.gone(job.id, job.done_at) if job.kind == "tweets" else []
        return Response(b"".join(answer(gone)), media_type="text/plain; charset=utf-8")

    return [
        Route("/compliance/{id}/upload", upload, methods=["PUT"]),
        Route("/compliance/{id}/download", download),
    ]


def several(call: Call) -> Json:
    """An app's own jobs about posts, or about accounts, the latest first."""
    kind = call.params.required("type")
    if kind not in _KINDS:
        refuse(
            f"The `type` query parameter value [{kind}] is not one of [{','.join(_KINDS)}]",
            "type",
            kind,
        )
    wanted = call.params.chosen("status", _STATUSES) or _STATUSES
    found = call.store.jobs.of(call.caller.app, kind)
    data = [_shown(call, job) for job in found if job.state(call.now) in wanted]
    return ({"data": data} if data else {}) | {"meta": {"result_count": len(data)}}


def begin(call: Call) -> Json:
    """Begin a job."""
    new = call.read(_New)
    made = call.perform(
        "begin_job", app=call.caller.app, kind=new.type, name=new.name, resumable=new.resumable
    )
    job = call.store.jobs.one(made)
    assert job is not None
    return {"data": _shown(call, job)}


def one(call: Call) -> Json:
    """One of an app's own jobs."""
    job = call.store.jobs.one(call.path_id())
    if job is None or job.app != call.caller.app:
        raise RequestError(f"There is no job {call.path['id']} of this app.", status=404)
    return {"data": _shown(call, job)}


def _shown(call: Call, job: Job) -> Json:
    fields = call.params.chosen(_FIELDS, JOB_FIELDS)
    tokens = Tokens(call.store)

    def address(what: str) -> str:
        seal = _seal(tokens, job, what)
        return f"{call.address}/compliance/{job.id}/{what}?signature={seal}"

    return payload(job, call.now, address, fields)


def _seal(tokens: Tokens, job: Job, what: str) -> str:
    return tokens.seal(f"compliance {what}", str(job.id))
