"""SMS Backup & Restore: what a sample file cannot show."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import sealing
from evidence.formats.android.androidfields import call_outcome, readable_offset, split_addresses
from evidence.formats.xml.xmlrecords import XmlRecords
from evidence.importers import sms_backup_restore
from evidence.importers.sms_backup_restore import IMPORTER
from evidence.intake import import_paths
from evidence.log import Case
from evidence.models import Problem, Record
from evidence.times import epoch_stamp

Read = Callable[..., list[Any]]


@pytest.fixture
def run(tmp_path: Path, read_all: Read) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(body: str | bytes, head: str = "<smses>", tail: str = "</smses>", **changes: Any) -> Any:
        path = tmp_path / "file.xml"
        data = body.encode() if isinstance(body, str) else body
        path.write_bytes(head.encode() + data + tail.encode())
        items = read_all(IMPORTER, path, **changes)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


@pytest.mark.parametrize(
    ("kind", "seconds", "expected"),
    [
        ("1", 5, ("in", "answered")),
        ("1", 0, ("in", None)),
        ("1", None, ("in", "answered")),
        ("2", 5, ("out", "answered")),
        ("2", 0, ("out", "missed")),
        ("3", 48, ("in", "missed")),
        ("4", 9, ("in", "missed")),
        ("5", 0, ("in", "rejected")),
        ("6", 0, ("in", "rejected")),
        ("7", 60, ("in", "answered")),
        ("12", 60, (None, None)),
        (None, 60, (None, None)),
    ],
)
def test_call_codes(kind: str | None, seconds: int | None, expected: tuple[str | None, str | None]) -> None:
    assert call_outcome(kind, seconds) == expected


@pytest.mark.parametrize(
    ("readable", "offset"),
    [
        ("2026年4月27日 17:00:00", 28800),
        ("2026年4月27日 下午5:00:01", 28800),
        ("Apr 27, 2026 5:00:00 PM", 28800),
        ("27 Apr 2026 12:00:00 AM", -32400),
        ("2026/04/27 14:30:00", 19800),
        ("27 avr. 2026 09:07:00", 420),
        ("n/a", None),
        ("", None),
        (None, None),
    ],
)
def test_offset_from_a_readable_time(readable: str | None, offset: int | None) -> None:
    assert readable_offset(readable, epoch_stamp("1777280400123")) == offset


@pytest.mark.parametrize(("code", "state"), [("3", "draft"), ("4", "outbox"), ("5", "failed"), ("6", "queued")])
def test_what_never_left_the_phone_says_so(run: Any, code: str, state: str) -> None:
    records, _problems = run(f'<sms address="1" date="1777280400000" type="{code}" body="x"/>')
    assert (records[0].direction, records[0].outcome, records[0].extras["state"]) == ("out", None, state)


def test_calls_root_and_ordinals_by_name(run: Any) -> None:
    one = '<call number="12800000001" duration="5" date="1777280400000" type="1"/>'
    records, problems = run(one * 3, '<calls count="3">', "</calls>")
    assert [r.locator for r in records] == ["call[1]", "call[2]", "call[3]"]
    assert not problems


def test_ordinals_stay_when_a_record_is_broken(run: Any) -> None:
    sms = '<sms address="1" date="1777280400000" type="1" body="x"/>'
    records, problems = run(sms + '<sms body="a" body="b"/>' + sms)
    assert [r.locator for r in records] == ["sms[1]", "sms[3]"]
    assert problems["xml_broken"].locator == "sms[2]"


def test_an_entity_bomb_is_left_out_and_told(run: Any) -> None:
    bomb = "<!DOCTYPE smses [" + '<!ENTITY a "aaaa">' + '<!ENTITY b "&a;&a;&a;&a;">' + "]>"
    records, problems = run('<sms address="1" date="1777280400000" type="1" body="&b;"/>', bomb + "<smses>")
    assert records[0].text == "&b;"
    assert {"doctype_ignored", "xml_repaired"} <= set(problems)


def test_a_large_picture_comes_whole(run: Any) -> None:
    picture = b"\xff\xd8\xff" + bytes(9_000_000) + b"\xff\xd9"
    data = base64.b64encode(picture).decode()
    records, problems = run(
        f'<mms date="1777280400000" msg_box="1"><parts><part ct="image/png" cl="a.jpg" data="{data}"/></parts></mms>'
    )
    assert not problems
    media = records[0].media[0]
    assert (media.size, media.mime, media.name) == (len(picture), "image/jpeg", "a.jpg")


def test_above_the_limit_the_message_is_kept_without_payload(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sms_backup_restore, "XmlRecords", lambda *words, **more: XmlRecords(*words, **more, limit=400_000)
    )
    sms = '<sms address="1" date="1777280400000" type="1" body="x"/>'
    part = f'<parts><part data="{"A" * 900_000}"/></parts>'
    big = f'<mms date="1777280400000" msg_box="1" address="12800000001">{part}</mms>'
    records, problems = run(sms + big + sms)
    assert [r.locator for r in records] == ["sms[1]", "mms[1]", "sms[2]"]
    assert records[1].extras["payload"] == "too_large"
    assert (records[1].number, records[1].media) == ("12800000001", ())
    assert problems["xml_too_large"].locator == "mms[1]"


def test_many_broken_records_are_counted_not_listed(run: Any, read_all: Read) -> None:
    records, problems = run('<sms a="1" a="2"/>' * 130 + '<sms address="1" date="1777280400000" type="1" body="x"/>')
    assert len(records) == 1
    assert "30 more" in problems["xml_broken"].message


def test_times_that_are_odd(run: Any) -> None:
    sms = '<sms address="1" date="{}" type="1" body="x" readable_date="{}"/>'
    body = sms.format("1777280400000", "17:07:00") + sms.format("1977280400000", "") + sms.format("77280400000", "")
    _records, problems = run(body, '<smses backup_date="1777290000000" count="3">')
    assert problems["time_zone_odd"].locator == "sms[1]"
    assert problems["time_odd"].message.startswith("2 records")


def test_group_message_sent_names_no_single_peer(run: Any) -> None:
    records, _problems = run('<mms date="1777280400000" msg_box="2" address="12800000001~12800000002"/>')
    record = records[0]
    assert (record.number, record.number_raw, record.direction) == (None, "12800000001~12800000002", "out")
    assert [p.number for p in record.participants] == ["12800000001", "12800000002"]
    assert split_addresses("1, 2~3~") == ("1", "2", "3")


def test_another_encoding_is_told_when_the_label_is_wrong(run: Any, tmp_path: Path, read_all: Read) -> None:
    sms = '<sms address="1" date="1777280400000" body="催收"/>'
    text = f'<?xml version="1.0" encoding="UTF-8"?><smses count="1">{sms}</smses>'
    path = tmp_path / "file.xml"
    for codec, told in (("utf-16", True), ("gb18030", True), ("utf-8", False)):
        path.write_bytes(text.encode(codec))
        items = read_all(IMPORTER, path)
        assert items[0].text == "催收"
        assert any(getattr(i, "code", "") == "encoding_assumed" for i in items) is told


def test_claims_by_content_only(tmp_path: Path, make_probe: Callable[..., Any]) -> None:
    path = tmp_path / "x.jpg"
    for data, claimed in (
        (b"<smses/>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- <html> --><calls count='0'>", True),
        ("<smses count='1'>".encode("utf-16"), True),
        (b"<smsesX>", False),
        (b"<html><smses>", False),
        (b"text <smses>", False),
    ):
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path)) is claimed


def test_the_same_file_gives_the_same_sealed_texts_for_ever(tmp_path: Path, case: Case) -> None:
    """Ids and canonical texts are what reviews, proofs and bundles hold on to: this digest never changes."""
    sample = Path(__file__).parent / "sms_backup_restore" / "sample.xml"
    import_paths(case, [sample])
    bodies = [body for (body,) in case.db.execute("select body from record_row order by n")]
    digest = hashlib.sha256("".join(f"{body}\n" for body in bodies).encode()).hexdigest()
    assert digest == "c6d7ef61e4f313f72dfef0202a422e6866a037b57c24d4abb983480d27e1432f"
    assert [sealing.canonical(json.loads(body)) for body in bodies] == bodies
