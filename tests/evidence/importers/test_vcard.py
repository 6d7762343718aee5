"""vCard: what phones really write, and what a sample file cannot show."""

from __future__ import annotations

import io
import quopri
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.contacts import vcardlines
from evidence.formats.contacts.vcardlines import logical_lines
from evidence.formats.iphone.iphonewords import CONTACT_WORDS
from evidence.importers.base import FileProbe, ReadOptions
from evidence.importers.vcard import IMPORTER
from evidence.models import Contact, Problem

Read = Callable[..., list[Any]]


@pytest.fixture
def run(tmp_path: Path, read_all: Read) -> Callable[..., tuple[list[Contact], dict[str, Problem]]]:
    def read(text: str | bytes) -> tuple[list[Contact], dict[str, Problem]]:
        path = tmp_path / "book.vcf"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Contact)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def qp(text: str, codec: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode(codec))


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("UTF-8", "utf-8"), ("GBK", "gbk"), ("gb2312", "gb18030"), ("BIG5", "big5"), ("NONSENSE", "utf-8")],
)
def test_quoted_printable_of_chinese_phones(run: Any, charset: str, codec: str) -> None:
    name = qp("王三", codec)
    half = name[:6] + "=\r\n" + name[6:]
    (contact,), problems = run(
        card(f"N;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:;{half};;;", "TEL;CELL;PREF:12000000011", version="2.1")
    )
    assert (contact.name, contact.number) == ("王三", "12000000011")
    assert contact.extras["types"] == ["cell", "pref"]
    assert problems == {}


def test_charset_without_quoted_printable(run: Any) -> None:
    """One property in GBK that says so; the rest of the file is UTF-8, and stays it."""
    first = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK:" + "张三".encode("gbk") + b"\nTEL:12\nEND:VCARD\n"
    contacts, problems = run(first + card("FN:李四", "TEL:13").encode())
    assert [c.name for c in contacts] == ["张三", "李四"]
    assert problems == {}


def test_a_file_of_two_encodings_says_so(run: Any) -> None:
    contacts, problems = run(card("FN:张三", "TEL:12").encode("gbk") + card("FN:催收", "TEL:13").encode())
    assert [c.name for c in contacts] == ["张三", "催收"]
    assert list(problems) == ["encoding_mixed"]


@pytest.mark.parametrize(
    ("codec", "code"), [("utf-8", None), ("gb18030", "encoding_gb18030"), ("utf-16", None), ("utf-8-sig", None)]
)
def test_whole_file_encodings(run: Any, codec: str, code: str | None) -> None:
    contacts, problems = run(card("FN:某某催收", "TEL:12000000011").encode(codec))
    assert [c.name for c in contacts] == ["某某催收"]
    assert set(problems) == ({code} if code else set())


def test_a_fold_within_a_character(run: Any) -> None:
    data = card("FN:催收员", "TEL:12000000011").encode()
    at = data.index("收".encode()) + 1
    contacts, problems = run(data[:at] + b"\r\n " + data[at:])
    assert contacts[0].name == "催收员"
    assert problems == {}


def test_a_name_in_parts(run: Any) -> None:
    contacts, _problems = run(
        card("N:周;阿岭;;;", "TEL:1")
        + card("N:Example;Lin;Q.;Dr.;Jr.", "TEL:2")
        + card("ORG:Nowhere Lending;Collections", "TEL:3")
        + card("N:;;;;", "FN:", "NICKNAME:小周", "TEL:4")
        + card("N:a\\;b;c;;;", "TEL:5")
    )
    names = ["周阿岭", "Dr. Lin Q. Example Jr.", "Nowhere Lending;Collections", "小周", "c a;b"]
    assert [c.name for c in contacts] == names


def test_numbers_and_accounts(run: Any) -> None:
    contacts, problems = run(
        card(
            "FN:阿周",
            "item1.TEL;type=CELL:+86 120-0000-0011",
            "item1.X-ABLabel:_$!<Mobile>!$_",
            'TEL;VALUE=uri;TYPE="voice,home":tel:+86-21-0000-0012;ext=7',
            "TEL:",
            "EMAIL:a@example.invalid",
            "X-QQ:120000",
            "X-WECHAT:wxid_invented",
            "IMPP;X-SERVICE-TYPE=QQ:x-apple:120001",
            "IMPP:xmpp:a@example.invalid",
            "X-SOCIALPROFILE;type=weibo:https://example.invalid/a",
            version="4.0",
        )
    )
    assert [(c.number, c.account) for c in contacts] == [
        ("12000000011", None),
        ("02100000012", None),
        (None, "a@example.invalid"),
        (None, "qq:120000"),
        (None, "wechat:wxid_invented"),
        (None, "qq:120001"),
        (None, "xmpp:a@example.invalid"),
        (None, "weibo:https://example.invalid/a"),
    ]
    assert contacts[0].extras["label"] == "Mobile"
    assert contacts[1].number_raw == "tel:+86-21-0000-0012;ext=7"
    assert len({c.locator for c in contacts}) == len(contacts)
    assert problems == {}


def test_notes_and_photos(run: Any) -> None:
    contacts, _problems = run(
        card(
            "FN:甲",
            "TEL:12",
            "NOTE:C:\\new\\; 收",
            "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ",
            "SkZJRgAB",
            "",
            version="2.1",
        )
        + card("FN:乙", "TEL:13", "NOTE:一\\n二\\, 三", "PHOTO;VALUE=uri:https://example.invalid/p.jpg")
        + card("FN:丙", "TEL:14", "PHOTO:data:image/jpeg;base64,/9j/4AAQ", "BDAY:20000101", version="4.0")
    )
    assert contacts[0].extras["note"] == "C:\\new; 收"
    assert contacts[0].extras["photo_bytes"] > 40
    assert contacts[1].extras["note"] == "一\n二, 三"
    assert contacts[1].extras["fields"] == {"PHOTO": ["https://example.invalid/p.jpg"]}
    assert contacts[2].extras["fields"] == {"BDAY": ["20000101"]}
    assert "photo_bytes" in contacts[2].extras


def test_a_folded_text_of_2_1_keeps_its_blank(run: Any) -> None:
    contacts, _problems = run(
        card("FN:Lin", " Example", "TEL:12", version="2.1") + card("FN:Lin", " Example", "TEL:13", version="3.0")
    )
    assert [c.name for c in contacts] == ["Lin Example", "LinExample"]


def test_bad_lines_cost_only_themselves(run: Any) -> None:
    contacts, problems = run(
        "BEGIN:VCARD\nVERSION:3.0\nFN:甲\ngarbage\n;;;:x\nTEL:12\nBEGIN:VCARD\nVERSION:2.1\nFN:乙\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:=41=\nEND:VCARD\nstray\nBEGIN:VCARD\nFN:丙\nTEL:14\nBEGIN:VCARD\nTEL:15\n"
        "END:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:丁\nTEL:16"
    )
    assert [(c.name, c.number) for c in contacts] == [("甲", "12"), ("丙", "14"), ("丁", "16")]
    assert {code: p.locator for code, p in problems.items()} == {
        "line_unreadable": "line 4",
        "card_unclosed": "line 1",
        "contact_empty": "line 7",
        "contact_unnamed": "line 17",
    }
    assert "3" in problems["line_unreadable"].message


def test_an_agent_within_a_card(run: Any) -> None:
    inner = "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:代理\nTEL:13\nEND:VCARD\n"
    contacts, problems = run(f"BEGIN:VCARD\nVERSION:2.1\nFN:本人\n{inner}TEL:12\nEND:VCARD\n")
    assert [(c.name, c.number) for c in contacts] == [("代理", "13"), ("本人", "12")]
    assert problems == {}


def test_no_card_at_all(run: Any) -> None:
    with pytest.raises(Unreadable):
        run("END:VCARD\n")


def test_a_card_without_end_of_numbers_stays_small(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.formats.contacts.vcards._CARD_BYTES", 5000)
    lines = [f"TEL:1200000{n:04d}" for n in range(1000)]
    contacts, _problems = run(card("FN:甲", "NOTE:" + "长" * 500, *lines))
    assert len(contacts) == 1000
    assert {c.name for c in contacts} == {"甲"}
    assert sum("note" in c.extras for c in contacts) == 20


def test_a_line_too_long_is_cut_and_said(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcardlines, "LONGEST", 1000)
    monkeypatch.setattr("evidence.formats.contacts.vcards.LONGEST", 1000)
    contacts, problems = run(card("FN:甲", "TEL:12", "NOTE:" + "x" * 5000, "PHOTO;ENCODING=b:" + "A" * 200_000))
    assert len(contacts[0].extras["note"]) < 1000
    assert contacts[0].extras["photo_bytes"] > 200_000
    assert list(problems) == ["line_cut"]


def test_lines_are_joined_once() -> None:
    text = b"A:1\r\n 2\r\n\r\nB;ENCODING=QUOTED-PRINTABLE:=41=\r\n=42= \r\n 43\r\nC:3"
    assert [(line.number, line.data) for line in logical_lines(io.BytesIO(text))] == [
        (1, b"A:12"),
        (4, b"B;ENCODING=QUOTED-PRINTABLE:=41=42 43"),
        (7, b"C:3"),
    ]


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (b"BEGIN:VCARD\r\n", True),
        (b"\xef\xbb\xbf\r\nbegin:vcard\n", True),
        ("BEGIN:VCARD\r\n".encode("utf-16"), True),
        (b"BEGIN:VCALENDAR\r\n", False),
        (b"BEGIN:VCARDS\r\n", False),
        (b"text BEGIN:VCARD", False),
        (b"", False),
    ],
)
def test_claims(data: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) is claimed


LINES = st.sampled_from(
    [
        "BEGIN:VCARD",
        "END:VCARD",
        "VERSION:2.1",
        "FN:甲",
        "TEL:1",
        "TEL;ENCODING=QUOTED-PRINTABLE:=31=",
        "=32",
        " x",
        "",
        "AGENT:",
    ]
) | st.text(max_size=30)


@given(lines=st.lists(LINES, max_size=30), noise=st.binary(max_size=60))
def test_no_bytes_make_it_raise_and_no_number_is_lost(
    lines: list[str], noise: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = "\n".join(lines).encode("utf-8", "replace") + noise
    path = tmp_path_factory.getbasetemp() / "hypothesis.vcf"
    path.write_bytes(data)
    probe = FileProbe(path, "a.vcf", len(data), "0" * 64, data)
    IMPORTER.claims(probe)
    try:
        items = list(IMPORTER.read(probe, ReadOptions(ZoneInfo("Asia/Shanghai")), lambda *a: pytest.fail("attached")))
    except Unreadable:
        return
    assert {i.code for i in items if isinstance(i, Problem)} <= set(CONTACT_WORDS)
    places = [i.locator for i in items if isinstance(i, Contact)]
    assert len(places) == len(set(places))


def test_quoted_printable_agrees_with_the_standard_library(run: Any) -> None:
    """An independent writer: what ``quopri`` encodes, soft breaks and all, is read back."""
    name = "很长的名字，" * 20 + "；a=b"
    encoded = quopri.encodestring(name.encode()).decode().rstrip("\n").replace("\n", "\r\n")
    contacts, _problems = run(card(f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{encoded}", "TEL:12", version="2.1"))
    assert contacts[0].name == name
