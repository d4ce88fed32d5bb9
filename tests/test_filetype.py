"""What a file is, from its bytes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.square.filetype import FileType, sniff
from tests import files


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (files.png(), FileType("image/png", "photo", 12, 8)),
        (files.gif(), FileType("image/gif", "photo", 5, 4)),
        (files.gif(frames=3), FileType("image/gif", "animated_gif", 5, 4)),
        (files.jpeg(), FileType("image/jpeg", "photo", 30, 20)),
        (files.webp(form="VP8 "), FileType("image/webp", "photo", 40, 25)),
        (files.webp(form="VP8L"), FileType("image/webp", "photo", 40, 25)),
        (files.webp(form="VP8X"), FileType("image/webp", "photo", 40, 25)),
        (files.mp4(), FileType("video/mp4", "video", 64, 48, 2500)),
        (files.mp4(wide=True), FileType("video/mp4", "video", 64, 48, 2500)),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, expected: FileType) -> None:
    assert sniff(content) == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"MZ", b"%PDF-1.7", b"<html>", b"RIFF0000WAVE", b"\x89PNG\r\n\x1a\n"],
)
def test_other_files_are_refused(content: bytes) -> None:
    assert sniff(content) is None


WHOLE = [files.png(), files.gif(frames=2), files.jpeg(), files.webp(), files.mp4()]


@given(st.sampled_from(WHOLE), st.data())
def test_a_broken_file_is_no_mistake_of_ours(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=20))
    found = sniff(whole[:at] + noise)
    assert found is None or found.mime == sniff(whole).mime  # type: ignore[union-attr]
