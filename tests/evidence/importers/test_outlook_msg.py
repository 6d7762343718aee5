"""Outlook messages: every property variant, made with a small writer of OLE files, and one real file."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.mail.rtftext import rtf_text, unpack_rtf
from evidence.importers.outlook_msg import IMPORTER
from evidence.models import Problem, Record

Tree = dict[str, Any]
FREE, END, FATSECT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def ole_file(tree: Tree) -> bytes:
    """An OLE file (MS-CFB version 3) with streams (bytes) and folders (dicts)."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5, "child": NONE, "data": b""}]

    def add(folder: Tree, parent: int) -> None:
        before = None
        for name, value in folder.items():
            place = len(entries)
            kind = 1 if isinstance(value, dict) else 2
            entries.append({"name": name, "kind": kind, "child": NONE, "data": b"" if kind == 1 else value})
            if before is None:
                entries[parent]["child"] = place
            else:
                entries[before]["right"] = place
            before = place
            if kind == 1:
                add(value, place)

    add(tree, 0)
    mini, minifat = b"", []
    for entry in entries[1:]:
        data = entry["data"]
        entry["start"], entry["size"] = END, len(data)
        if data and len(data) < 4096:
            count = -(-len(data) // 64)
            entry["start"] = len(minifat)
            minifat += [*range(len(minifat) + 1, len(minifat) + count), END]
            mini += data.ljust(count * 64, b"\0")
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return END
        start, count = len(sectors), -(-len(data) // 512)
        sectors.extend(data[i * 512 : i * 512 + 512].ljust(512, b"\0") for i in range(count))
        fat.extend([*range(start + 1, start + count), END])
        return start

    for entry in entries[1:]:
        if entry["size"] >= 4096:
            entry["start"] = put(entry["data"])
    entries[0]["start"], entries[0]["size"] = put(mini), len(mini)
    minifat_start = put(struct.pack(f"<{len(minifat)}I", *minifat)) if minifat else END
    table = b""
    for entry in entries:
        name = entry["name"].encode("utf-16-le")
        table += name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, entry["kind"], 1)
        table += struct.pack("<III", NONE, entry.get("right", NONE), entry["child"]) + bytes(36)
        table += struct.pack("<IQ", entry["start"], entry["size"])
    directory = put(table)
    fat_sectors = 1
    while (len(sectors) + fat_sectors) > fat_sectors * 128:
        fat_sectors += 1
    first_fat = len(sectors)
    fat += [FATSECT] * fat_sectors + [FREE] * (fat_sectors * 128 - len(fat) - fat_sectors)
    sectors.append(struct.pack(f"<{len(fat)}I", *fat))
    minisectors = -(-len(minifat) * 4 // 512)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_sectors, directory, 0, 4096, minifat_start, minisectors, END, 0)
    places = [first_fat + i for i in range(fat_sectors)]
    head += struct.pack("<109I", *(places + [FREE] * (109 - fat_sectors)))
    return head + b"".join(sectors)


def properties(header: int, values: dict[int, tuple[int, Any]]) -> Tree:
    """The property stream of an item and the streams of its long values. ``values``: id to (type, value)."""
    out: Tree = {}
    table = bytes(header)
    for pid, (kind, value) in values.items():
        if kind in (0x1E, 0x1F, 0x102):
            data = value if isinstance(value, bytes) else value.encode("utf-16-le")
            out[f"__substg1.0_{pid:04X}{kind:04X}"] = data
            table += struct.pack("<HHIII", kind, pid, 6, len(data), 0)
        else:
            table += struct.pack("<HHIQ", kind, pid, 6, value)
    return {**out, "__properties_version1.0": table}


def filetime(unix: int) -> int:
    return (unix + 11_644_473_600) * 10_000_000


SUBMITTED = filetime(1_773_105_300)  # 2026-03-10 01:15:00 UTC
BASE: dict[int, tuple[int, Any]] = {
    0x001A: (0x1F, "IPM.Note"),
    0x0037: (0x1F, "逾期通知"),
    0x1000: (0x1F, "今天还款。\r\n第二行"),
    0x0C1A: (0x1F, "云杉, 催收部"),
    0x0C1F: (0x1F, "cuishou@yunshan-collect.example"),
    0x0039: (0x40, SUBMITTED),
}


def message(values: dict[int, tuple[int, Any]] | None = None, **folders: Tree) -> bytes:
    return ole_file({**properties(32, BASE | (values or {})), **folders})


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(data: bytes) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "m.msg"
        path.write_bytes(data)
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def test_without_network_headers_outlook_s_own_fields_count(run: Any) -> None:
    recipient = properties(8, {0x3001: (0x1F, "王小明"), 0x39FE: (0x1F, "w@lanhu.example"), 0x0C15: (3, 1)})
    (record,), problems = run(message(**{"__recip_version1.0_#00000000": recipient}))
    assert record.text == "逾期通知\n\n今天还款。\n第二行"
    assert record.name == "云杉, 催收部"
    assert [(p.number, p.role) for p in record.participants] == [
        ("cuishou@yunshan-collect.example", "from"),
        ("w@lanhu.example", "to"),
    ]
    assert (record.time.utc, record.time.how) == ("2026-03-10T01:15:00.000Z", "epoch_utc")
    assert record.extras["transport_headers"] is False
    assert not problems


def test_network_headers_win(run: Any) -> None:
    lines = (
        "Microsoft Mail Internet Headers Version 2.0\r\n"
        "Received: from a by b; Tue, 10 Mar 2026 09:16:02 +0800\r\n"
        "Date: Tue, 10 Mar 2026 09:15:30 +0800\r\nFrom: x@y.example\r\nMessage-ID: <1@y>\r\n\r\n"
    )
    (record,), _problems = run(message({0x007D: (0x1F, lines)}))
    assert (record.time.raw, record.time.utc) == ("Tue, 10 Mar 2026 09:15:30 +0800", "2026-03-10T01:15:30.000Z")
    assert record.extras["received_utc"] == "2026-03-10T01:16:02.000Z"
    assert record.extras["submit_time"] == "2026-03-10T01:15:00.000Z"
    assert (record.extras["message_id"], record.name) == ("<1@y>", "x@y.example")


def test_strings_in_the_code_page_of_a_chinese_windows(run: Any) -> None:
    values = {0x0037: (0x1E, "镕基通知".encode("gbk")), 0x1000: (0x1E, "还款".encode("gbk")), 0x3FFD: (3, 936)}
    data = ole_file(properties(32, {0x001A: (0x1E, b"IPM.Note"), **values}))
    (record,), problems = run(data)
    assert record.text == "镕基通知\n\n还款"
    assert set(problems) == {"mail_date_missing"}


def test_html_body_in_its_own_code_page(run: Any) -> None:
    html = "<p>今天还款，否则通知单位</p>".encode("gbk")
    data = ole_file(properties(32, {0x0037: (0x1F, "s"), 0x1013: (0x102, html), 0x3FDE: (3, 936)}))
    (record,), _problems = run(data)
    assert (record.text, record.extras["text_from"]) == ("s\n\n今天还款，否则通知单位", "html")


RTF = (
    rb"{\rtf1\ansi\ansicpg936\fromtext \deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fcharset0 Arial;}}"
    rb"{\*\generator x}\pard\f0 \'bd\'f1\'cc\'ec\u36824 ?\'bf\'ee\par {\v secret}A\tab B\line \u-10179 ?\u-8704 ?}"
)


@pytest.mark.parametrize("packed", [True, False])
def test_rtf_only(run: Any, packed: bool) -> None:
    if packed:  # every token a literal: eight bytes after each control byte
        body = b"".join(b"\0" + RTF[i : i + 8] for i in range(0, len(RTF), 8))
        stored = struct.pack("<IIII", len(body) + 12, len(RTF), 0x75465A4C, 0) + body
    else:
        stored = struct.pack("<IIII", len(RTF) + 12, len(RTF), 0x414C454D, 0) + RTF
    (record,), _problems = run(ole_file(properties(32, {0x0037: (0x1F, "s"), 0x1009: (0x102, stored)})))
    assert record.text == "s\n\n今天还款\nA\tB\n\U0001f600"
    assert record.extras["text_from"] == "rtf"


def test_the_packed_example_of_the_format_document() -> None:
    # MS-OXRTFCP 3.1.1 and 3.2.1
    first = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpack_rtf(first) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    second = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpack_rtf(second) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_attachments_inner_messages_and_what_is_not_there(run: Any) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(5000)
    inner = properties(24, {0x001A: (0x1F, "IPM.Note"), 0x0037: (0x1F, "inner"), 0x1000: (0x1F, "words inside")})
    (outer, nested), problems = run(
        message(
            **{
                "__attach_version1.0_#00000000": properties(
                    8, {0x3707: (0x1F, "../../借条.png"), 0x3701: (0x102, picture), 0x370E: (0x1F, "image/png")}
                ),
                "__attach_version1.0_#00000001": properties(
                    8, {0x3707: (0x1F, "催收函.pdf.exe"), 0x3701: (0x102, b"MZ")}
                ),
                "__attach_version1.0_#00000002": {**properties(8, {}), "__substg1.0_3701000D": inner},
                "__attach_version1.0_#00000003": properties(8, {0x3707: (0x1F, "cloud.docx")}),
            }
        )
    )
    assert [(m.name, m.size, m.mime) for m in outer.media] == [
        ("借条.png", len(picture), "image/png"),
        ("催收函.pdf.exe", 2, "application/octet-stream"),
    ]
    assert outer.extras["attachments"][0]["name_raw"] == "../../借条.png"
    assert (nested.text, nested.extras["attached_to"]) == ("inner\n\nwords inside", "message")
    assert nested.locator == "message attachment 3"
    assert {"attachment_dangerous", "attachment_missing"} <= set(problems)


def test_an_appointment_is_a_document(run: Any) -> None:
    (record,), _problems = run(message({0x001A: (0x1F, "IPM.Appointment")}))
    assert (record.kind, record.channel) == ("document", "document")


def test_claims_only_messages(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.bin"
    for data, claimed in (
        (message(), True),
        (ole_file({"Workbook": b"x" * 5000}), False),
        (ole_file({"WordDocument": b"x" * 5000}), False),
        (message()[:600], False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), False),
        (b"", False),
    ):
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path)) is claimed


GOOD = message(
    {0x1009: (0x102, struct.pack("<IIII", 99, 99, 0x75465A4C, 0) + b"\xff" * 60)},
    **{"__attach_version1.0_#00000000": properties(8, {0x3701: (0x102, b"data")})},
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(512, len(GOOD) - 1), st.integers(0, 255)), max_size=30), st.integers(1536, len(GOOD))
)
def test_no_bytes_break_it(
    tmp_path: Path, read_all: Any, make_probe: Any, edits: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(GOOD)
    for place, value in edits:
        data[place] = value
    path = tmp_path / "m.msg"
    path.write_bytes(bytes(data[:end]))
    if IMPORTER.claims(make_probe(path)):
        try:
            items = read_all(IMPORTER, path)
        except Unreadable:
            return
        assert items


@given(st.binary(max_size=300))
def test_rtf_never_raises(data: bytes) -> None:
    rtf_text(data)
    unpack_rtf(data)
    unpack_rtf(struct.pack("<IIII", 0, 5000, 0x75465A4C, 0) + data)
    rtf_text(b"{\\rtf1\\ansi" + data)


def test_a_real_message(samples: Path, read_all: Any, make_probe: Any) -> None:
    path = samples / "email" / "mail-parser" / "mail_outlook_1"
    assert IMPORTER.claims(make_probe(path, name="renamed"))
    (record, *_rest) = [i for i in read_all(IMPORTER, path) if isinstance(i, Record)]
    # independent: the names of its attachments' data streams, counted in the bytes of the OLE directory
    wanted = len(re.findall("__substg1.0_37010102".encode("utf-16-le"), path.read_bytes()))
    assert len(record.media) == wanted > 0
    assert record.text is not None
    assert "Sehr geehrte Frau Gaiser-Schönenborn" in record.text
    assert record.time.utc == "2017-09-18T10:00:18.000Z"
