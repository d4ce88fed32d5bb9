"""Pictures and films: sent whole or in parts, described, and looked up."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access import auth
from kit.square.acts.uploads import EXPIRES
from kit.square.answers import form, problems
from kit.square.answers.fields import OF_MEDIA
from kit.square.answers.form import Form
from kit.square.answers.params import identifier, refuse
from kit.square.routes.call import Call, Endpoints, Json, absent
from kit.square.rows import Upload

_COMMANDS = ("INIT", "APPEND", "FINALIZE", "STATUS")
#: What may be said of a file beside its bytes, in the form or in the address.
NAMES = {
    *("command", "media_id", "media_category", "media_type", "total_bytes", "segment_index"),
    *("additional_owners", "shared"),
}
_MOST_KEYS = 100


class _AltText(msgspec.Struct, frozen=True):
    text: str = ""


class _Metadata(msgspec.Struct, frozen=True):
    alt_text: _AltText | None = None


class _Described(msgspec.Struct, frozen=True):
    id: str
    metadata: _Metadata = _Metadata()


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/media`` and what is below it."""
    return [
        endpoints.get("/media", several, {"media_keys", *OF_MEDIA}),
        endpoints.post("/media/upload", upload, NAMES),
        endpoints.get("/media/upload", status, {"media_id", "command"}, by=auth.USER),
        endpoints.post("/media/upload/initialize", initialize),
        endpoints.post("/media/upload/{id}/append", append),
        endpoints.post("/media/upload/{id}/finalize", finalize),
        endpoints.post("/media/metadata", describe),
        endpoints.get("/media/{media_key}", one, OF_MEDIA),
    ]


def several(call: Call) -> Json:
    """Media in the order of their keys; keys without a file become errors."""
    keys = call.params.many("media_keys")
    if not 0 < len(keys) <= _MOST_KEYS:
        refuse(
            f"The number of values in the `media_keys` query parameter list [{len(keys)}] is not "
            f"between 1 and {_MOST_KEYS}",
            "media_keys",
            *keys,
        )
    expander = call.expander(OF_MEDIA)
    found = {each.key: each for each in call.store.posts.media_with_keys(keys, call.now)}
    errors = [problems.missing("media", "media_keys", key) for key in keys if key not in found]
    return expander.media([found[key] for key in keys if key in found], errors).body()


def one(call: Call) -> Json:
    """One picture or film."""
    expander, key = call.expander(OF_MEDIA), call.path["media_key"]
    found = call.store.posts.media_with_keys([key], call.now)
    return expander.media(found).body(one=True) if found else absent("media", "media_key", key)


def upload(call: Call) -> Json:
    """Send a file whole; or, in the older way, one step of sending it in parts."""
    sent = Sent.read(call)
    match sent.command:
        case "INIT":
            return announced(call, sent.begin())
        case "APPEND":
            sent.append(sent.media_id)
            return announced(call, sent.media_id)
        case "FINALIZE":
            return announced(call, call.perform("finish_upload", upload=sent.media_id))
        case "STATUS":
            return announced(call, sent.media_id)
        case _:
            return announced(call, sent.whole())


def status(call: Call) -> Json:
    """How far an upload is: on the Square it is ready as soon as it is finished."""
    return announced(call, identifier("media_id", call.params.required("media_id")))


def initialize(call: Call) -> Json:
    """Announce a file that will come in parts."""
    return announced(call, Sent.read(call).begin())


def append(call: Call) -> Json:
    """Send one part of a file."""
    Sent.read(call).append(call.path_id())
    return {"data": {"expires_at": call.now + EXPIRES}, "meta": {}}


def finalize(call: Call) -> Json:
    """Say that all parts are sent."""
    return announced(call, call.perform("finish_upload", upload=call.path_id()))


def describe(call: Call) -> Json:
    """Say what a picture shows, for those who cannot see it."""
    asked = call.read(_Described)
    media_id = identifier("id", asked.id)
    associated: Json = {}
    if (alt_text := asked.metadata.alt_text) is not None:
        call.perform("describe", upload=media_id, text=alt_text.text)
        associated["alt_text"] = {"text": alt_text.text}
    return {"data": {"id": str(media_id), "associated_metadata": associated}}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request sends of a file, in whichever way X takes it: a form, JSON, the address."""

    call: Call
    said: Mapping[str, Any]
    form: Form

    @classmethod
    def read(cls, call: Call) -> "Sent":
        """What a request says and sends."""
        sent = form.read(call.content_type, call.body)
        in_address = {name: call.params.text(name) for name in NAMES}
        said = {name: value for name, value in in_address.items() if value is not None}
        said |= sent.fields
        if call.content_type.startswith("application/json"):
            said |= call.read(dict[str, Any])
        return cls(call, said, sent)

    @property
    def command(self) -> str:
        """The step of sending in parts, empty where the file is sent whole."""
        command = str(self.said.get("command", "")).upper()
        if command and command not in _COMMANDS:
            refuse(f"`command` [{command}] is not one of [{','.join(_COMMANDS)}]", "command")
        return command

    @property
    def media_id(self) -> int:
        """The id of the upload that is meant."""
        return identifier("media_id", self._text("media_id"))

    def whole(self) -> int:
        """Send the whole file; the upload's id."""
        category = self._text("media_category")
        return int(self.call.perform("upload", content=self._content(), category=category))

    def begin(self) -> int:
        """Announce a file; the upload's id."""
        size, category = self._number("total_bytes"), self._text("media_category")
        return int(self.call.perform("begin_upload", size=size, category=category))

    def append(self, media_id: int) -> None:
        """Send a part of an upload."""
        position = self._number("segment_index")
        self.call.perform(
            "append_upload", upload=media_id, position=position, content=self._content()
        )

    def _text(self, name: str) -> str:
        return str(self.said.get(name) or "")

    def _number(self, name: str) -> int:
        text = str(self.said.get(name, ""))
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            refuse(f"`{name}` has to be a whole number, not [{text}]", name, text)
        return int(text)

    def _content(self) -> bytes:
        """The bytes, which come as a file, or in base64."""
        if (content := self.form.files.get("media")) is not None:
            return content
        text = self._text("media") or self._text("media_data")
        if not text:
            refuse("`media` is missing: send the file in it", "media")
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise RequestError(
                f"`media` is neither a file nor base64: {error}", parameters={"media": []}
            ) from None


def own(call: Call, media_id: int) -> Upload:
    """An upload of who asks."""
    found = call.store.uploads.with_ids([media_id])
    if not found or found[0].person != call.caller.person:
        refuse("Invalid mediaId: there is no such file of yours.", "media_id", str(media_id))
    return found[0]


def announced(call: Call, media_id: int) -> Json:
    """An upload as version 2 sends it: its key is known when its kind is."""
    file = own(call, media_id)
    data: Json = {
        "id": str(file.id),
        "expires_after_secs": max(file.at + EXPIRES - call.now, 0),
    }
    if file.kind:
        data["media_key"] = file.key
    if file.finished:
        data["size"] = file.size
    return {"data": data, "meta": {}}
