"""The repair of XML streams: the result never depends on how the stream is cut into blocks."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.xml.xmlrepair import Repaired, Repairs, decode_doubly_escaped, repair_record

BAD = "\ufffd".encode()


def run(data: bytes, size: int) -> tuple[bytes, Repairs]:
    repairs = Repairs()
    stream = Repaired(io.BytesIO(data), repairs)
    out = b""
    while block := stream.read(size):
        out += block
    return out, repairs


@pytest.mark.parametrize(
    ("raw", "mended", "pairs", "references"),
    [
        (b"&#55357;&#56832;", b"&#128512;", 1, 0),
        (b"&#xD83D;&#xDE00;", b"&#128512;", 1, 0),
        (b"&#Xd83d;&#xde00;", b"&#128512;", 1, 0),
        (b"&#55357;&#xDE00;", b"&#128512;", 1, 0),
        (b"&#055357;&#x0DE00;", b"&#128512;", 1, 0),
        (b"&#55357;&#55357;&#56832;", b"&#65533;&#128512;", 1, 1),
        (b"&#56832;&#55357;", b"&#65533;&#65533;", 0, 2),
        (b"&#55357; &#56832;", b"&#65533; &#65533;", 0, 2),
        (b"&#0;&#8;&#31;&#65534;&#xFFFF;&#1114112;", b"&#65533;" * 6, 0, 6),
        (
            b"&#9;&#10;&#13;&#x20;&#128512;&#x1F600;&amp;#55357;",
            b"&#9;&#10;&#13;&#x20;&#128512;&#x1F600;&amp;#55357;",
            0,
            0,
        ),
        (b"&#X41;", b"&#65;", 0, 0),
        (b"a & b &# &#; &#x; &#12345678901;", b"a & b &# &#; &#x; &#12345678901;", 0, 0),
    ],
)
def test_references(raw: bytes, mended: bytes, pairs: int, references: int) -> None:
    for size in range(1, 41):
        out, repairs = run(b'<sms body="' + raw + b'"/>', size)
        assert out == b'<sms body="' + mended + b'"/>'
        assert (repairs.pairs, repairs.references) == (pairs, references)


PIECES = st.sampled_from(
    [
        b"&#55357;",
        b"&#56832;",
        b"&#xD83D;",
        b"&#xDE00;",
        b"&#10;",
        b"&#0;",
        b"&",
        b"&#",
        b"&amp;",
        b";",
        b"x",
        b"5",
        b"\n",
        b"<",
    ]
)


@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_every_block_size_gives_the_same(data: bytes) -> None:
    whole = run(data, 1 << 20)
    for size in (1, 2, 3, 5, 8, 13, 21, 34):
        assert run(data, size) == whole


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_text_as_old_phones_write_it_comes_back(text: str) -> None:
    units = text.encode("utf-16-le")
    written = b"".join(b"&#%d;" % int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    out, repairs = run(written, 7)
    assert repairs.pairs == sum(ord(c) > 0xFFFF for c in text)
    for character, reference in zip(text, out.split(b";"), strict=False):
        code = int(reference.removeprefix(b"&#"))
        legal = code != 0xFFFD or character == "\ufffd" or ord(character) < 32 or ord(character) in (0xFFFE, 0xFFFF)
        assert legal
        assert code in (ord(character), 0xFFFD)


@pytest.mark.parametrize(
    ("raw", "mended", "field"),
    [
        (b"a\x01b", b"a" + BAD + b"b", "controls"),
        (b"a\0b", b"a" + BAD + b"b", "controls"),
        (b"a\xff", b"a" + BAD, "octets"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "😀".encode(), "pairs"),
        (b"\xed\xa0\xbd\xed\xb8\x80\xed\xa0\xbd", "😀".encode() + BAD * 3, "octets"),
        (b"&lol;", b"&amp;lol;", "signs"),
        (b"a & b", b"a &amp; b", "signs"),
        (b"1 < 2", b"1 &lt; 2", "signs"),
        (b"&#55357;", b"&#65533;", "references"),
    ],
)
def test_one_record_is_mended_and_counted(raw: bytes, mended: bytes, field: str) -> None:
    repairs = Repairs()
    assert repair_record(raw, repairs) == mended
    assert getattr(repairs, field) >= 1
    assert repairs.total >= 1


def test_a_sound_record_stays_as_it_is() -> None:
    repairs = Repairs()
    data = '<sms body="&amp; &lt; &#10; 😀 好"/>'.encode()
    assert repair_record(data, repairs) == data
    assert repairs.total == 0


def test_only_pairs_are_decoded_twice() -> None:
    repairs = Repairs()
    assert decode_doubly_escaped("&#55357;&#56846; &#38; &#55357; &#xD83D;&#xDE00;", repairs) == "😎 &#38; &#55357; 😀"
    assert repairs.pairs == 2
