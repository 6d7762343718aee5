"""The text of an attributedBody: real blobs, every width of its length, and bytes that are something else."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.iphone.typedstream import AttributedText, NotATypedStream, attributed_text

HEAD = (
    b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92"
    b"\x84\x84\x84\x08NSString\x01\x94\x84\x01+"
)
TAIL = (
    b"\x86\x84\x02iI\x01\x05\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x08NSString\x86\x86"
)


def blob(text: str) -> bytes:
    data = text.encode()
    size = len(data)
    if size < 0x80:
        return HEAD + bytes((size,)) + data + TAIL
    wide = b"\x81" + size.to_bytes(2, "little") if size < 1 << 16 else b"\x82" + size.to_bytes(4, "little")
    return HEAD + wide + data + TAIL


@pytest.mark.parametrize(
    "text", ["", "好", "a+b NSString +x", "催" * 42, "催" * 43, "催" * 21845, "催" * 21846, "\ufffc图", "x\x86\x84y"]
)
def test_every_length(text: str) -> None:
    assert attributed_text(blob(text)) == AttributedText(text)


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    data = text.encode("utf-8", "replace").decode()
    assert attributed_text(blob(data)).text == data


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_give_a_text_or_one_kind_of_error(noise: bytes, cut: int) -> None:
    for data in (noise, blob("催收")[:cut] + noise, HEAD + noise):
        with contextlib.suppress(NotATypedStream):  # the one error there may be
            assert isinstance(attributed_text(data).text, str)


def test_a_length_that_runs_past_the_end() -> None:
    assert attributed_text(HEAD + b"\x81\xff\xff" + "到此".encode() + TAIL) == AttributedText("到此", damaged=True)
    for wrong in (HEAD, HEAD + b"\x81\x01", HEAD + b"\x85abc", HEAD + b"\x05abc", HEAD + b"\x02\xff\xfe"):
        with pytest.raises(NotATypedStream):
            attributed_text(wrong)


def test_the_order_of_an_old_mac() -> None:
    big = blob("x" * 200).replace(b"streamtyped", b"typedstream").replace(b"\x81\xc8\x00x", b"\x81\x00\xc8x")
    assert attributed_text(big).text == "x" * 200


def test_real_blobs(samples: Path) -> None:
    """The blobs of a public program's tests; what they say can be read in them by eye."""
    folder = samples / "ios-messages" / "imessage-exporter" / "streamtyped"
    texts = {path.name: attributed_text(path.read_bytes()) for path in folder.iterdir()}
    assert texts["AttributedBodyTextOnly"] == AttributedText("Noter test")
    assert texts["AttributedBodyTextOnly2"] == AttributedText("Test 3")
    assert texts["URL"] == AttributedText("https://github.com/ReagentX/Logria")
    assert texts["ExtraData"] == AttributedText("This is parsing  ", damaged=True)


def test_real_column_and_blob_agree(samples: Path) -> None:
    """In eight of the ten rows; in two of them the column was changed by whoever made the file public."""
    path = samples / "ios-messages" / "plaso" / "imessage_chat.db"
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as database:
        rows = database.execute("select ROWID, text, attributedBody from message").fetchall()
    assert [rowid for rowid, text, body in rows if attributed_text(body).text != text] == [6, 10]
