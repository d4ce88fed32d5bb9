"""Sending files, in one piece or in parts, and describing them.

A file's bytes are part of the act that sent them, see :mod:`kit.square.acts`; what the file
is, is read from it anew when acts are played again, so that the same acts give the same rows.
"""

from typing import NoReturn

from kit.errors import RequestError
from kit.square.acts.act import Doing, Verb, forbid
from kit.square.filetype import FileType, sniff
from kit.square.rows import Upload
from kit.world.model import DAY

_MB = 1024 * 1024
#: What X takes at most of each kind, but for films, of which the Square takes less than 512 MB.
LARGEST = {"photo": 5 * _MB, "animated_gif": 15 * _MB, "video": 32 * _MB}
LARGEST_PART = 5 * _MB
#: A file has to be posted within a day.
EXPIRES = DAY
_PARTS = range(1000)
_LONGEST_ALT_TEXT = 1000
#: X's names for what a file is for, and the kind that each wants.
_CATEGORIES = {
    "tweet_image": "photo",
    "tweet_gif": "animated_gif",
    "tweet_video": "video",
    "amplify_video": "video",
    "dm_image": "photo",
    "dm_gif": "animated_gif",
    "dm_video": "video",
}
#: X reads them in any case, and without their underscores: Node's clients say TweetImage.
_CATEGORIES_ALIKE = {name.replace("_", ""): kind for name, kind in _CATEGORIES.items()}


def upload(doing: Doing) -> int:
    """Send a file, its ``content``, whole; its id. A ``category`` says what it is for."""
    content: bytes = doing.asked("content")
    found = _checked(content, _wanted(doing))
    _enter(doing, found, len(content), finished=True)
    _keep(doing, doing.id, 0, content)
    return doing.id


def begin(doing: Doing) -> int:
    """Announce a file of ``size`` bytes that will come in parts; its id."""
    size, wanted = int(doing.asked("size")), _wanted(doing)
    _fits(size, wanted or "video")
    _enter(doing, FileType("", wanted, 0, 0), size, finished=False)
    return doing.id


def append(doing: Doing) -> None:
    """Send the part of an ``upload`` at a ``position``, its ``content``."""
    announced, position = _open(doing), int(doing.asked("position"))
    content: bytes = doing.asked("content")
    if position not in _PARTS:
        _refuse(f"A part's place is 0 to {_PARTS[-1]}, not {position}.", "segment_index")
    if not 0 < len(content) <= LARGEST_PART:
        _refuse(f"A part has 1 to {LARGEST_PART} bytes, not {len(content)}.", "media")
    _keep(doing, announced.id, position, content)


def finish(doing: Doing) -> int:
    """Say that all parts of an ``upload`` are sent; its id."""
    announced = _open(doing)
    if len(content := doing.store.uploads.content(announced.id)) != announced.size:
        _refuse(
            f"{announced.size} bytes were announced, and {len(content)} came: send the parts that "
            "are missing, or begin anew.",
            "media_id",
        )
    found = _checked(content, announced.kind)
    doing.database.execute(
        "UPDATE main.uploads SET kind = ?, mime = ?, width = ?, height = ?, milliseconds = ?, "
        "finished = 1 WHERE id = ?",
        (found.kind, found.mime, found.width, found.height, found.milliseconds, announced.id),
    )
    return announced.id


def describe(doing: Doing) -> int:
    """Say in a ``text`` what a picture of one's own, an ``upload``, shows; its id."""
    described, text = _own(doing), str(doing.asked("text"))
    if len(text) > _LONGEST_ALT_TEXT:
        _refuse(
            f"A description has {_LONGEST_ALT_TEXT} characters at most, and this one {len(text)}.",
            "alt_text",
        )
    doing.database.execute(
        "UPDATE main.uploads SET alt_text = ? WHERE id = ?", (text, described.id)
    )
    return described.id


def _wanted(doing: Doing) -> str:
    """The kind of file that the category is for, empty if none is said."""
    category = str(doing.asked("category") or "")
    found = _CATEGORIES_ALIKE.get(category.lower().replace("_", ""), "")
    if category and not found:
        allowed = ", ".join(_CATEGORIES)
        _refuse(f"`media_category` [{category}] is not one of [{allowed}].", "media_category")
    return found


def _checked(content: bytes, wanted: str) -> FileType:
    """What a file is, if it may be posted."""
    if (found := sniff(content)) is None:
        _refuse("This is no PNG, JPEG, GIF, WebP or MP4 file, or a broken one.", "media")
    if wanted == "animated_gif" and found.mime == "image/gif":
        found = FileType(found.mime, wanted, found.width, found.height)
    if wanted not in ("", found.kind):
        _refuse(f"The category is for a {wanted}, and the file is a {found.kind}.", "media")
    _fits(len(content), found.kind)
    return found


def _fits(size: int, kind: str) -> None:
    if not 0 < size <= LARGEST[kind]:
        _refuse(
            f"A {kind} has 1 to {LARGEST[kind]} bytes on the Square, and this one {size}.",
            "media",
        )


def _enter(doing: Doing, found: FileType, size: int, *, finished: bool) -> None:
    doing.database.execute(
        "INSERT INTO main.uploads VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)",
        (
            doing.id,
            doing.act.person,
            doing.act.at,
            found.kind,
            found.mime,
            found.width,
            found.height,
            found.milliseconds,
            size,
            int(finished),
        ),
    )


def _keep(doing: Doing, identifier: int, position: int, content: bytes) -> None:
    doing.database.execute(
        "INSERT OR REPLACE INTO main.upload_parts VALUES (?, ?, ?)",
        (identifier, position, doing.store.uploads.keep(content)),
    )


def _own(doing: Doing) -> Upload:
    """The upload that is meant, which has to be one's own."""
    found = doing.store.uploads.with_ids([int(doing.asked("upload"))])
    if not found or found[0].person != doing.act.person:
        _refuse("Invalid mediaId: there is no such file of yours.", "media_id")
    return found[0]


def _open(doing: Doing) -> Upload:
    """An upload of one's own that still takes parts."""
    found = _own(doing)
    if found.finished:
        forbid("This file is finished already: it takes no more parts.")
    return found


def _refuse(message: str, parameter: str) -> NoReturn:
    raise RequestError(message, parameters={parameter: []})


VERBS: dict[str, Verb] = {
    "upload": upload,
    "begin_upload": begin,
    "append_upload": append,
    "finish_upload": finish,
    "describe": describe,
}
