"""Table files by content: XLS with wrong code pages, XLSX and its bombs, pages and XML called XLS, CSV."""

from __future__ import annotations

import contextlib
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import xlrd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.tables import sheetxlsx
from evidence.formats.tables.sheets import find_kind, open_table, sheets
from evidence.importers.base import HEAD_BYTES, FileProbe, ReadOptions

Make = Callable[..., FileProbe]
OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
ROWS: list[list[str | float]] = [["时间", "号码"], ["2026-05-01 08:00:00", "12000000001"]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(data: bytes, name: str = "kept") -> FileProbe:
        path = tmp_path / "kept"
        path.write_bytes(data)
        return FileProbe(path, name, len(data), "00", data[:HEAD_BYTES])

    return run


def rows(file: FileProbe) -> list[tuple[str, int, list[Any]]]:
    return [(sheet.name, row.number, list(row.cells)) for sheet in sheets(file, OPTIONS) for row in sheet.rows]


def chunk(op: int, data: bytes) -> bytes:
    return struct.pack("<HH", op, len(data)) + data


def biff5(table: list[list[str | float]], codec: str, codepage: int | None, datemode: int = 0) -> bytes:
    """A workbook of Excel 5 without OLE around it, by the record layouts of [MS-XLS] and the OpenOffice description."""
    page = chunk(0x42, struct.pack("<H", codepage)) if codepage is not None else b""
    start = chunk(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + page + chunk(0x22, struct.pack("<H", datemode))
    start += b"".join(chunk(0xE0, struct.pack("<HH", 0, key) + bytes(12)) for key in (0, 22))
    name = "话单".encode(codec)
    at = len(start) + 4 + 7 + len(name) + 4
    start += chunk(0x85, struct.pack("<IHB", at, 0, len(name)) + name) + chunk(0x0A, b"")
    body = chunk(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    for y, line in enumerate(table):
        for x, value in enumerate(line):
            if isinstance(value, float):
                body += chunk(0x203, struct.pack("<HHHd", y, x, 1, value))
            else:
                text = value.encode(codec)
                body += chunk(0x204, struct.pack("<HHHH", y, x, 0, len(text)) + text)
    return start + body + chunk(0x0A, b"")


@pytest.mark.parametrize("codepage", [936, 1252, None])
def test_old_workbooks_whose_code_page_is_wrong_or_missing(make: Make, codepage: int | None) -> None:
    table: list[list[str | float]] = [*[[*row] for row in ROWS], [43892.551157, 0.00390625, 12000000001.0]]
    file = make(biff5(table, "gbk", codepage))
    assert find_kind(file) == "xls"
    assert rows(file) == [
        ("话单", 1, ROWS[0]),
        ("话单", 2, ROWS[1]),
        ("话单", 3, [datetime(2020, 3, 2, 13, 13, 40), timedelta(seconds=338), 12000000001.0]),
    ]
    told = [p.code for p in open_table(file.path, "xls").problems()]
    assert told == ([] if codepage == 936 else ["encoding_assumed"])


def test_the_date_mode_of_old_macs(make: Make) -> None:
    file = make(biff5([["x", 42430.551157], ["y", 42430.0]], "gbk", 936, datemode=1))
    assert [cells[1] for _sheet, _row, cells in rows(file)] == [datetime(2020, 3, 2, 13, 13, 40), date(2020, 3, 2)]


def workbook(path: Path) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "通话"
    for line in ROWS:
        sheet.append(line)
    sheet.append([datetime(2026, 5, 1, 8, 0, 1), timedelta(seconds=338), 12000000001, True, "=1+1", None, "end"])
    sheet["A5"] = date(2026, 5, 2)
    sheet["A1000000"] = "last"
    book.create_sheet("通话2").append(["x"])
    book.save(path)
    return path.read_bytes()


def test_workbooks(make: Make, tmp_path: Path) -> None:
    file = make(workbook(tmp_path / "a.xlsx"), "x.bin")
    assert find_kind(file) == "xlsx"
    found = rows(file)
    assert found[:2] == [("通话", 1, ROWS[0]), ("通话", 2, ROWS[1])]
    moment, length, number, *_rest = found[2][2]
    assert (moment, length, number) == (datetime(2026, 5, 1, 8, 0, 1), timedelta(seconds=338), 12000000001.0)
    assert found[2][2][-1] == "end"
    assert found[3:] == [("通话", 5, [date(2026, 5, 2)]), ("通话", 1000000, ["last"]), ("通话2", 1, ["x"])]


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
    return target.read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="5"', b'<row r="999999999999"'),
        (b'r="A5"', b'r="ZZZZZZZ5"'),
        (b'r="A5"', b'r="!"'),
        (b'<row r="5"', b'<row r="x"'),
    ],
)
def test_hostile_places_of_cells(make: Make, tmp_path: Path, old: bytes, new: bytes) -> None:
    workbook(tmp_path / "a.xlsx")
    file = make(rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", lambda _name, data: data.replace(old, new)))
    found = rows(file)
    assert ("通话", 2, ROWS[1]) in found
    assert len(found) <= 7


def test_bombs_doctypes_and_passwords_are_refused(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(tmp_path / "a.xlsx")

    def with_doctype(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook')
            if name == "xl/workbook.xml"
            else data
        )

    with pytest.raises(Unreadable):
        rows(make(rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", with_doctype)))
    monkeypatch.setattr(sheetxlsx, "MAX_SHEET", 500)
    with pytest.raises(Unreadable):
        rows(make((tmp_path / "a.xlsx").read_bytes()))
    monkeypatch.setattr(sheetxlsx, "MAX_SHEET", 1 << 30)
    monkeypatch.setattr(sheetxlsx, "MAX_ROW", 1000)
    cells = b"".join(b"<c><v>1</v></c>" for _ in range(20_000))
    endless = rewritten(
        tmp_path / "a.xlsx",
        tmp_path / "b.xlsx",
        lambda _name, data: data.replace(b'<row r="5">', b'<row r="5">' + cells),
    )
    with pytest.raises(Unreadable):
        rows(make(endless))


def test_a_million_blank_rows_cost_little(make: Make, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx")
    last = b'<row r="1000000"'
    blank = b"".join(b'<row r="%d"/>' % n for n in range(10, 400_000))
    file = make(
        rewritten(
            tmp_path / "a.xlsx",
            tmp_path / "b.xlsx",
            lambda _n, data: data.replace(last, blank + last),
        )
    )
    assert len(rows(file)) == 6


HTML = (
    "<html><head><meta charset='gb2312'></head><body><table><tr><td colspan=2>标题</td></tr></table>"
    "<table><tr><th>时间</th><th>号码</th></tr><tr><td rowspan=2> 2026-05-01<br>x </td><td>1</td></tr>"
    "<tr><td>2</td></tr>"
    "<tr><td><table><tr><td>in</td><td>ner</td></tr></table></td></tr></table></body></html>"
)


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "utf-16"])
def test_pages_called_xls(make: Make, codec: str) -> None:
    file = make(HTML.encode(codec), "bill.xls")
    assert find_kind(file) == "html"
    assert [cells for _sheet, _row, cells in rows(file)] == [
        ["标题", ""],
        ["时间", "号码"],
        ["2026-05-01\nx", "1"],
        ["2026-05-01\nx", "2"],
        ["in", "ner"],
    ]


def test_a_long_page_is_read_as_a_stream(make: Make) -> None:
    body = "".join(f"<tr><td>2026-05-01</td><td>{n}</td></tr>" for n in range(50_000))
    file = make(f"<table>{body}".encode(), "x.xls")
    assert len(rows(file)) == 50_000


def test_spreadsheet_xml(make: Make) -> None:
    text = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="甲"><Table>'
        '<Row><Cell><Data ss:Type="String">时间</Data></Cell></Row>'
        '<Row ss:Index="5"><Cell ss:Index="3"><Data ss:Type="Number">1.5</Data></Cell></Row></Table></Worksheet>'
        '<Worksheet ss:Name="乙"><Table><Row><Cell><Data>x</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    file = make(text.encode())
    assert find_kind(file) == "xml"
    assert rows(file) == [("甲", 1, ["时间"]), ("甲", 5, ["", "", 1.5]), ("乙", 1, ["x"])]


def test_text(make: Make) -> None:
    file = make("时间;号码\n1;2\n".encode("gbk"))
    assert find_kind(file) == "csv"
    (sheet,) = sheets(file, OPTIONS)
    assert [sheet.place(row.number) for row in sheet.rows] == ["line 1", "line 2"]


def test_real_workbooks_are_read_as_the_library_reads_them(samples: Path, make: Make) -> None:
    paths = sorted((samples / "carrier-bill").rglob("*.xls"))
    assert paths
    for path in paths:
        book = xlrd.open_workbook(str(path))
        width = book.sheet_by_index(0).ncols
        plain = [
            (s.name, i + 1, s.row_values(i)) for s in book.sheets() for i in range(s.nrows) if any(s.row_values(i))
        ]
        found = [(name, n, [*cells, *[""] * (width - len(cells))]) for name, n, cells in rows(make(path.read_bytes()))]
        assert found == plain


@pytest.mark.parametrize("name", ["x.xls", "x.xlsx", "x.bin"])
@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04" + bytes(40),
        b"\x09\x08\x08\x00\x00\x05",
        b"<table>",
        b"<html",
        b"",
        b"\0",
    ],
)
def test_broken_starts(make: Make, data: bytes, name: str) -> None:
    file = make(data, name)
    if find_kind(file) is not None:
        with contextlib.suppress(Unreadable):
            rows(file)


def test_a_cut_workbook_is_named(make: Make, samples: Path) -> None:
    data = next((samples / "carrier-bill").rglob("mobile*.xls")).read_bytes()
    for size in (600, 2000, len(data) // 2, len(data) - 700):
        file = make(data[:size], "bill.xls")
        assert find_kind(file) in ("xls", "broken")
        with pytest.raises(Unreadable, match=r".+"):
            rows(file)


SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_changed_workbooks_give_rows_or_unreadable(make: Make, tmp_path: Path, at: int, new: bytes) -> None:
    path = tmp_path / "a.xlsx"
    data = path.read_bytes() if path.exists() else workbook(path)
    at %= len(data)
    file = make(data[:at] + new + data[at + len(new) :], "bill.xlsx")
    if find_kind(file) is not None:
        with contextlib.suppress(Unreadable):
            rows(file)


@SETTINGS
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6), st.integers(0, 2))
def test_changed_bytes_give_rows_or_unreadable(make: Make, at: int, new: bytes, which: int) -> None:
    data = (
        biff5([*[[*row] for row in ROWS], [1.0, "x"]], "gbk", 936),
        HTML.encode("gbk"),
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row/>'
        b"</Table></Worksheet></Workbook>",
    )[which]
    at %= len(data)
    file = make(data[:at] + new + data[at + len(new) :], "bill.xls")
    with contextlib.suppress(Unreadable):
        rows(file)
