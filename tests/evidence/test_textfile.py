"""The ladder of encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.textfile import decode, decode_head, looks_like_text

TEXT = "催收员说：今天必须还款，否则联系你的家人。\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_usual_encodings(codec: str) -> None:
    found = decode(TEXT.replace("\n", "\r\n").encode(codec))
    assert found.text == TEXT
    assert decode_head(TEXT.encode(codec)[:21]).startswith("催收员") or codec == "utf-32"


def test_a_stated_encoding_wins_and_may_be_wrong() -> None:
    assert decode(TEXT.encode("big5", "ignore"), "big5").encoding == "big5"
    assert decode(TEXT.encode("gbk"), "gb2312").text == TEXT
    with pytest.raises(Unreadable):
        decode(TEXT.encode("gbk"), "utf-8")
    with pytest.raises(Unreadable):
        decode(b"x", "no-such-codec")


def test_binary_is_no_text() -> None:
    assert not looks_like_text(b"")
    assert not looks_like_text(b"ab\0cd")
    assert not looks_like_text(bytes(range(1, 32)) * 5)
    assert looks_like_text(TEXT.encode("utf-16"))
    with pytest.raises(Unreadable):
        decode(bytes(range(256)) * 4)


@given(st.binary(max_size=300))
def test_looking_never_raises(data: bytes) -> None:
    assert isinstance(decode_head(data), str)
    assert isinstance(looks_like_text(data), bool)
