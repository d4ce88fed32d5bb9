"""The body of a request as a form: multipart, or the fields of a web form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from kit.errors import RequestError

MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Form:
    """What a form holds: texts and files by the names of their fields.

    In a multipart form a field is both: clients such as Node's twitter-api-v2 send files
    without names.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def read(content_type: str, body: bytes) -> Form:
    """The form in a body; a body of another type is an empty form.

    Raises:
        RequestError: the body is not what its type says.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return Form(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
    return _multipart(content_type, body) if kind == MULTIPART else Form()


def _multipart(content_type: str, body: bytes) -> Form:
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def text(field: Field) -> None:
        name, value = _name(field.field_name), field.value or b""
        fields[name], files[name] = value.decode("utf-8", "replace"), value

    def file(file: File) -> None:
        file.file_object.seek(0)
        files[_name(file.field_name)] = file.file_object.read()
        file.close()

    headers = {"Content-Type": content_type.encode("latin-1", "replace")}
    try:
        parse_form(headers, BytesIO(body), text, file)
    except FormParserError as error:
        raise RequestError(f"The body of the request is no valid form: {error}") from None
    return Form(fields, files)


def _name(name: bytes | None) -> str:
    return (name or b"").decode("utf-8", "replace")
