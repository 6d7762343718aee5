"""Records out of damaged XML files: what is whole is read, what is not is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.xml.xmlrecords import Damage, XmlRecords, start_tag

ROOTS, NAMES = ("smses", "calls"), ("sms", "mms", "call")
BODY = b'<smses count="3">\n  <sms body="a"/>\n  <sms body="%s"/>\n  <sms body="c"/>\n</smses>\n'


def read(path: Path, data: bytes, limit: int = 10**9) -> tuple[list[str], list[Damage], XmlRecords]:
    path.write_bytes(data)
    records = XmlRecords(path, ROOTS, NAMES, limit)
    items = list(records)
    texts = [item.attributes.get("body", "") for item in items if not isinstance(item, Damage)]
    return texts, [item for item in items if isinstance(item, Damage)], records


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"ok &amp; &lt;", "ok & <"),
        (b"\x01\x02x", "\ufffd\ufffdx"),
        (b"&#0;", "\ufffd"),
        (b"&nbsp;&lol;", "&nbsp;&lol;"),
        (b"R & D", "R & D"),
        (b"1 < 2", "1 < 2"),
        (b"\xff", "\ufffd"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "😀"),
        (b"&#55357;&#56832;", "😀"),
    ],
)
def test_damaged_text_is_mended_and_nothing_is_lost(tmp_path: Path, body: bytes, text: str) -> None:
    texts, damages, records = read(tmp_path / "f.xml", BODY % body)
    assert (texts, damages) == (["a", text, "c"], [])
    assert records.repairs.total == (0 if b"amp" in body else records.repairs.total)
    assert records.repairs.total or b"amp" in body


@pytest.mark.parametrize("broken", [b'x" y="1" y="2', b'"', b"x' y=\"", b'x"><sub></sms><foo a="'])
def test_a_broken_record_is_named_and_the_rest_goes_on(tmp_path: Path, broken: bytes) -> None:
    texts, damages, records = read(tmp_path / "f.xml", BODY % broken)
    assert (texts[0], texts[-1]) == ("a", "c")
    assert [(d.what, d.name, d.ordinal) for d in damages if d.what == "broken"] in ([("broken", "sms", 2)], [])
    assert damages or len(texts) == 3
    assert records.seen["sms"] == 3


@pytest.mark.parametrize("cut", range(18, len(BODY % b"b") - 2))
def test_a_file_cut_anywhere_gives_its_whole_records_and_one_damage(tmp_path: Path, cut: int) -> None:
    data = BODY % b"b"
    texts, damages, _records = read(tmp_path / "f.xml", data[:cut])
    assert texts == ["a", "b", "c"][: data[:cut].count(b"/>")]
    assert [d.what for d in damages] == ["truncated"]


def test_entities_of_a_dtd_are_never_expanded(tmp_path: Path) -> None:
    dtd = b'<!DOCTYPE smses [<!ENTITY a "]>bomb"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    texts, damages, records = read(tmp_path / "f.xml", b"<?xml version='1.0'?>" + dtd + BODY % b"&a;&x;")
    assert texts == ["a", "&a;&x;", "c"]
    assert not damages
    assert records.opened.doctype


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16", "GB2312", None])
def test_the_bytes_decide_the_encoding(tmp_path: Path, codec: str, declared: str | None) -> None:
    if codec == "gb18030" and declared == "UTF-16":
        declared = "GBK"
    head = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    text = head + (BODY % b"%s").decode() % "催收&#55357;&#56832;"
    if codec == "utf-8-sig" and declared == "GB2312":
        declared = None
    texts, damages, _records = read(tmp_path / "f.xml", text.encode(codec))
    assert (texts, damages) == (["a", "催收😀", "c"], [])


def test_too_large_a_record_is_named_with_its_head(tmp_path: Path) -> None:
    big = b'<mms date="1" address="12800000001"><parts><part data="' + b"A" * 900_000 + b'"/></parts></mms>'
    texts, damages, records = read(
        tmp_path / "f.xml", (BODY % b"b").replace(b'\n  <sms body="c', big + b'<sms body="c'), 400_000
    )
    assert texts == ["a", "b", "c"]
    assert [(d.what, d.name, d.ordinal, d.size) for d in damages] == [("too_large", "mms", 1, len(big))]
    node = start_tag(damages[0].head, "mms")
    assert node is not None
    assert node.attributes == {"date": "1", "address": "12800000001"}
    assert records.seen == {"sms": 3, "mms": 1, "call": 0}


def test_comments_hold_no_records_and_strangers_are_counted(tmp_path: Path) -> None:
    data = b'<smses><!-- <sms body="no"/> --><x a="1"><y/></x><sms body="a"/>&oops;<sms body="b"/><x/></smses>'
    texts, damages, records = read(tmp_path / "f.xml", data)
    assert texts == ["a", "b"]
    assert records.seen["sms"] == 2
    assert [d.what for d in damages] in ([], ["damaged"])


def test_another_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path / "f.xml", b"<html><smses/></html>")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.integers(0, len(BODY)), st.binary(max_size=12))
def test_any_damage_at_all_ends_well(tmp_path: Path, at: int, junk: bytes) -> None:
    data = BODY % b"b"
    path = tmp_path / "f.xml"
    try:
        texts, damages, records = read(path, data[:at] + junk + data[at:])
    except Unreadable:
        assert at <= 17
        return
    told = damages or records.repairs.total or records.strangers or records.opened.doctype
    assert told or len(texts) == 3
