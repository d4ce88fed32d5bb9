"""What a file that was sent is: read from its first bytes, never from its name."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """A picture or film: its type, what X calls its kind, its size in pixels and its length."""

    mime: str
    kind: str
    width: int
    height: int
    milliseconds: int = 0


def sniff(content: bytes) -> FileType | None:
    """What a file is, None if it is no PNG, JPEG, GIF, WebP or MP4, or a broken one.

    >>> sniff(b"GIF89a" + bytes([2, 0, 1, 0, 0, 0, 0, 0x3B]))
    FileType(mime='image/gif', kind='photo', width=2, height=1, milliseconds=0)
    >>> sniff(b"%PDF-1.7") is None
    True
    """
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return FileType("image/png", "photo", *struct.unpack_from(">II", content, 16))
        if content.startswith((b"GIF87a", b"GIF89a")):
            kind = "animated_gif" if _frames(content) > 1 else "photo"
            return FileType("image/gif", kind, *struct.unpack_from("<HH", content, 6))
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content[4:8] == b"ftyp":
            return _mp4(content)
    except (struct.error, IndexError):  # it ends before it should
        return None
    return None


def _frames(content: bytes) -> int:
    """The pictures in a GIF."""
    at = 13 + _table(content[10])
    frames = 0
    while content[at] != 0x3B:
        if content[at] == 0x2C:  # a picture: its place, its colours, its data
            frames += 1
            at += 11 + _table(content[at + 9])
        elif content[at] == 0x21:  # an extension
            at += 2
        else:
            return frames
        while size := content[at]:
            at += 1 + size
        at += 1
    return frames


def _table(flags: int) -> int:
    """The bytes of a GIF's table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _jpeg(content: bytes) -> FileType | None:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return FileType("image/jpeg", "photo", width, height)
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


def _webp(content: bytes) -> FileType | None:
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return FileType("image/webp", "photo", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L":
            bits = struct.unpack_from("<I", content, 21)[0]
            return FileType("image/webp", "photo", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
            return FileType("image/webp", "photo", width + 1, height + 1)
        case _:
            return None


def _mp4(content: bytes) -> FileType | None:
    """A film's length is that of the whole; its size is that of the largest track."""
    moov = next((body for name, body in _boxes(content) if name == b"moov"), b"")
    width = height = milliseconds = 0
    for name, body in _boxes(moov):
        if name == b"mvhd":
            wide = body[0] == 1  # the times of version 1 have eight bytes
            scale, length = struct.unpack_from(">IQ" if wide else ">II", body, 20 if wide else 12)
            milliseconds = 1000 * length // scale if scale else 0
        for inner, track in _boxes(body) if name == b"trak" else ():
            if inner == b"tkhd":
                size = struct.unpack_from(">II", track, len(track) - 8)
                width, height = max((width, height), (size[0] >> 16, size[1] >> 16))
    return FileType("video/mp4", "video", width, height, milliseconds) if width else None


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of an MP4, one after another: their names and what is in them."""
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        size = size or len(content) - at
        if size < head:
            return
        yield name, content[at + head : at + size]
        at += size
