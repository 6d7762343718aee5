"""Base64 in pieces."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.xml import base64stream
from evidence.formats.xml.base64stream import Base64Reader


@given(st.binary(max_size=300), st.integers(1, 50), st.sampled_from(["", "\n", "\r\n", " "]), st.integers(4, 76))
def test_what_was_encoded_comes_back(data: bytes, size: int, gap: str, width: int) -> None:
    text = base64.b64encode(data).decode()
    text = gap.join(text[i : i + width] for i in range(0, len(text), width))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64stream, "_PIECE", 16)
        reader = Base64Reader(text)
        assert reader.peek(10) == data[:10]
        out = b""
        while piece := reader.read(size):
            out += piece
    assert out == data
    assert (reader.size, reader.tail, reader.damaged) == (len(data), data[-64:], False)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("AAAA!AAAA", bytes(6)),
        ("AAAAA", bytes(3)),
        ("AAAAAA", bytes(4)),
        ("A", b""),
        ("!!!!", b""),
        ("AA==AAAA", bytes(4)),
    ],
)
def test_damage_is_told_and_the_rest_is_kept(text: str, data: bytes) -> None:
    reader = Base64Reader(text)
    assert reader.read().startswith(data)
    assert reader.damaged


@given(st.text(max_size=80), st.integers(1, 9))
def test_any_text_ends(text: str, size: int) -> None:
    reader = Base64Reader(text)
    while reader.read(size):
        pass
    assert reader.read() == b""
