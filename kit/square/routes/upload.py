"""Sending pictures and films by version 1.1 of the API, which tweepy and others still use."""

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from kit.square.access import auth
from kit.square.acts.uploads import EXPIRES
from kit.square.answers.params import identifier
from kit.square.answers.response import JsonResponse
from kit.square.routes import v1
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.routes.media import NAMES, Sent, own


class _AltText(msgspec.Struct, frozen=True):
    text: str = ""


class _Described(msgspec.Struct, frozen=True):
    media_id: str
    alt_text: _AltText


def routes(endpoints: Endpoints) -> list[Route]:
    """``/1.1/media``."""
    made = (
        endpoints.post("/1.1/media/upload.json", upload, NAMES),
        endpoints.get("/1.1/media/upload.json", status, {"command", "media_id"}, by=auth.USER),
        endpoints.post("/1.1/media/metadata/create.json", describe),
    )
    return [
        Route(each.path, v1.refusing(each.endpoint), methods=list(each.methods or ()))
        for each in made
    ]


def upload(call: Call) -> Response:
    """Send a file whole, or one step of sending it in parts."""
    sent = Sent.read(call)
    match sent.command:
        case "INIT":
            return JsonResponse(_announced(call, sent.begin()), 202)
        case "APPEND":
            sent.append(sent.media_id)
            return Response(status_code=204)
        case "FINALIZE":
            media_id = call.perform("finish_upload", upload=sent.media_id)
            return JsonResponse(_announced(call, media_id), 201)
        case "STATUS":
            return JsonResponse(_announced(call, sent.media_id))
        case _:
            return JsonResponse(_announced(call, sent.whole()))


def status(call: Call) -> Json:
    """How far an upload is: on the Square it is ready as soon as it is finished."""
    return _announced(call, identifier("media_id", call.params.required("media_id")))


def describe(call: Call) -> Response:
    """Say what a picture shows, for those who cannot see it."""
    asked = call.read(_Described)
    media_id = identifier("media_id", asked.media_id)
    call.perform("describe", upload=media_id, text=asked.alt_text.text)
    return Response(status_code=200)


def _announced(call: Call, media_id: int) -> Json:
    file = own(call, media_id)
    body: Json = {
        "media_id": file.id,
        "media_id_string": str(file.id),
        "expires_after_secs": max(file.at + EXPIRES - call.now, 0),
    }
    if file.kind:
        body["media_key"] = file.key
    if not file.finished:
        return body
    body["size"] = file.size
    if file.kind == "video":
        return body | {"video": {"video_type": file.mime}}
    return body | {"image": {"image_type": file.mime, "w": file.width, "h": file.height}}
