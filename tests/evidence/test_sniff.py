"""Types by first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.sniff import looks_cut, sniff

ADTS = bytes.fromhex("fff15040017ffc") + bytes(4)  # states a length of 11 bytes
MP3 = bytes.fromhex("fffb9064") + bytes(413)  # 128 kbit/s at 44.1 kHz: 417 bytes


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0isommp42", "audio/mp4"),
        (b"\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4", "video/3gpp"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (ADTS + ADTS, "audio/aac"),
        (ADTS, None),
        (MP3 + MP3, "audio/mpeg"),
        (MP3, None),
        (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfe<\0s\0m\0s\0e\0s\0", None),
        (b"BM no bitmap but a sentence that begins so", None),
        (b"", None),
    ],
)
def test_types(head: bytes, mime: str | None) -> None:
    assert sniff(head) == mime


def test_cut_pictures() -> None:
    assert looks_cut("image/jpeg", b"\xff\xd8", b"abc", 100)
    assert not looks_cut("image/jpeg", b"\xff\xd8", b"abc\xff\xd9", 100)
    assert looks_cut("image/png", b"", b"IDAT", 100)
    assert not looks_cut("image/png", b"", b"IEND\xaeB`\x82", 100)
    assert looks_cut("image/webp", b"RIFF\xff\0\0\0WEBP", b"", 200)
    assert not looks_cut("image/webp", b"RIFF\xc0\0\0\0WEBP", b"", 200)
    assert not looks_cut("text/plain", b"", b"", 0)


@given(st.binary(max_size=600))
def test_no_bytes_break_it(head: bytes) -> None:
    assert sniff(head) is None or "/" in str(sniff(head))
