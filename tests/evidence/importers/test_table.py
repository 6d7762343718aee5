"""Tables read by a mapping: times in every form, words for directions, what is missing, what is not there."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.tables.tablemap import MappingInvalid, mapping_hash
from evidence.formats.tables.tablereading import ColumnsMissing, TableNeedsMap
from evidence.importers.base import FileProbe, Neighbour
from evidence.importers.table import IMPORTER
from evidence.models import Problem, Record

Run = Callable[..., list[Any]]
MAP: dict[str, Any] = {"kind": "call", "time": "t", "peer": "n"}


@pytest.fixture
def run(tmp_path: Path, read_all: Run, make_probe: Callable[..., FileProbe]) -> Run:
    def read(data: str | bytes, mapping: dict[str, Any] | None = None, **changes: Any) -> list[Any]:
        path = tmp_path / "kept"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        probe = {key: changes.pop(key) for key in ("name", "find") if key in changes}
        file = make_probe(path, **{"name": "x.csv", **probe})
        assert IMPORTER.claims(file)
        return read_all(IMPORTER, file, options={"mapping": MAP if mapping is None else mapping, **changes})

    return read


def records(items: list[Any]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def codes(items: list[Any]) -> set[str]:
    return {item.code for item in items if isinstance(item, Problem)}


def test_without_a_mapping_it_says_what_to_do(tmp_path: Path, read_all: Run) -> None:
    path = tmp_path / "list.csv"
    path.write_text("my list\n时间,号码\n2026-05-01,1\n", encoding="utf-8")
    with pytest.raises(TableNeedsMap, match=r"时间, 号码.*--map"):
        read_all(IMPORTER, path)


@pytest.mark.parametrize(
    ("time", "cell", "utc", "how"),
    [
        ("t", "2026-05-01 08:00:01", "2026-05-01T00:00:01.000Z", "local_assumed"),
        ("t", "2026-05-01", "2026-04-30T16:00:00.000Z", "date_only"),
        ("t", "1777593601", "2026-05-01T00:00:01.000Z", "epoch_utc"),
        ("t", "1777593601000", "2026-05-01T00:00:01.000Z", "epoch_utc"),
        ({"column": "t", "unit": "us"}, "1777593601000000", "2026-05-01T00:00:01.000Z", "epoch_utc"),
        ({"column": "t", "tz": "UTC"}, "2026-05-01 08:00", "2026-05-01T08:00:00.000Z", "minute_only"),
        ({"column": "t", "format": "excel"}, "46143.3333449", "2026-05-01T00:00:01.000Z", "local_assumed"),
        (
            {"column": "t", "format": "%d.%m.%Y %H:%M:%S"},
            "01.05.2026 08:00:01",
            "2026-05-01T00:00:01.000Z",
            "local_assumed",
        ),
        (
            {"column": "t", "format": "%Y%m%d %H%M%z"},
            "20260501 0800+0700",
            "2026-05-01T01:00:00.000Z",
            "offset_in_file",
        ),
        ({"column": "t", "year": 2026}, "05-01 08:00:01", "2026-05-01T00:00:01.000Z", "year_inferred"),
        ("t", "05-01 08:00:01", None, "none"),
        ({"column": "t", "format": "%H:%M"}, "08:00", None, "none"),
        ({"column": "t", "format": "epoch"}, "x", None, "none"),
        ({"column": "t", "date_order": "mdy"}, "5/1/2026 8:00 AM", "2026-05-01T00:00:00.000Z", "minute_only"),
    ],
)
def test_times(run: Run, time: Any, cell: str, utc: str | None, how: str) -> None:
    items = run(f"t,n\n{cell},12790463327\n", {**MAP, "time": time})
    (record,) = records(items)
    assert (record.time.utc, record.time.how, record.time.raw) == (utc, how, cell)
    assert ("time_unreadable" in codes(items)) == (utc is None)


def test_day_and_month_are_settled_by_the_whole_table_or_not_at_all(run: Run) -> None:
    text = "t,n\n05/04/2026 10:00,1\n06/04/2026 10:00,2\n"
    items = run(text + "13/04/2026 10:00,3\n")
    assert [r.time.utc for r in records(items)] == [f"2026-04-{day}T02:00:00.000Z" for day in ("05", "06", "13")]
    assert codes(items) == {"date_order_settled"}
    items = run(text)
    assert [r.time.utc for r in records(items)] == [None, None]
    (problem,) = [item for item in items if isinstance(item, Problem)]
    assert (problem.code, problem.severity) == ("date_order_open", "error")
    assert records(run(text, date_order="mdy"))[0].time.utc == "2026-05-04T02:00:00.000Z"
    assert codes(run(text + "13/04/2026 10:00,3\n04/13/2026 10:00,3\n")) == {"date_order_open"}


def test_every_field(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()

    def find(relative: str) -> Neighbour | None:
        return Neighbour(picture, "a.png", 8, digest) if relative == "img/a.png" else None

    mapping = {
        "kind": "chat", "channel": "wechat", "time": ["d", "t"], "peer": "n", "name": "who", "body": "b",
        "direction": {"column": "w", "in": "收", "out": ["发"]}, "duration": {"column": "l", "unit": "min"},
        "outcome": {"column": "o", "answered": ["y"], "missed": ["n"]}, "attachment": "f",
    }  # fmt: skip
    items = run(
        "d,t,n,who,b,w,l,o,f,extra\n"
        "2026-05-01,8:00,+86 127 9046 3327,李,=1+1,收,2,y,img\\a.png;../x.png,e\n"
        "2026-05-01,8:00:01,127****3327,李, b ,转,,n,,e,more\n",
        mapping,
        find=find,
    )
    first, second = records(items)
    assert (first.kind, first.channel, first.locator, first.time.precision_s) == ("chat", "wechat", "line 2", 60)
    assert (first.number, first.number_raw, first.name, first.text) == (
        "12790463327",
        "+86 127 9046 3327",
        "李",
        "=1+1",
    )
    assert (first.direction, first.duration_s, first.outcome) == ("in", 120, "answered")
    assert [(m.sha256, m.mime) for m in first.media] == [(digest, "image/png")]
    assert first.extras["missing_media"] == ["../x.png"]
    assert first.extras["mapping"] == mapping_hash(mapping)
    assert (second.number, second.number_raw, second.text, second.outcome) == (None, "127****3327", " b ", "missed")
    assert (second.direction, second.time.precision_s) == (None, 1)
    assert second.extras["columns"]["#11"] == "more"
    assert codes(items) == {"media_missing", "direction_unknown"}


def test_constants_and_the_own_name(run: Run) -> None:
    (record,) = records(
        run(
            "t,x\n2026-05-01 08:00,y\n", {"kind": "note", "time": "t", "constant": {"direction": "in", "peer": "95188"}}
        )
    )
    assert (record.direction, record.number) == ("in", "95188")
    chat = {"kind": "chat", "channel": "qq", "time": "t", "name": "who", "body": "b"}
    mine, other = records(run("t,who,b\n2026-05-01 08:00,我,x\n2026-05-01 08:00,他,y\n", chat, me=("我",)))
    assert (mine.direction, other.direction) == ("out", None)


def test_titles_headers_further_down_and_columns_by_number(run: Run) -> None:
    text = "报表\n,,\nt,n,n\n2026-05-01 08:00,1,12790463327\n"
    items = run(text)
    assert (records(items)[0].number, codes(items)) == ("1", {"rows_skipped"})
    assert records(run(text, {**MAP, "peer": "n (2)"}))[0].number == "12790463327"
    assert records(run(text, {**MAP, "peer": 3}))[0].number == "12790463327"
    by_number = {"kind": "call", "time": 1, "peer": 2}
    assert len(records(run("2026-05-01 08:00,12\n2026-05-01 08:00,13\n", by_number))) == 2
    assert len(records(run("when,who\n2026-05-01 08:00,12\n", by_number))) == 1
    assert len(records(run("x,y\n2026-05-01 08:00,12\n", {**by_number, "header_row": 0}))) == 2
    assert len(records(run(text, {**MAP, "header_row": 3, "skip_rows": 2}))) == 1


@pytest.mark.parametrize("change", [{"peer": "nobody"}, {"sheet": "x"}, {"header_row": 2}])
def test_a_mapping_for_another_table_is_named(run: Run, change: dict[str, Any]) -> None:
    with pytest.raises(ColumnsMissing):
        run("t,n\n2026-05-01,1\n", {**MAP, **change})
    with pytest.raises(MappingInvalid):
        run("t,n\n2026-05-01,1\n", {"kind": "call"})


def test_a_workbook_with_a_copy_pasted_bill(run: Run) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([43892.551157, "上海", "被叫", 12790463327, "1分3秒"])
    sheet.append([datetime(2020, 3, 2, 13, 13, 41), "上海", "主叫", "1.27E+10", 0.0007291667])
    book.create_sheet("empty")
    stream = io.BytesIO()
    book.save(stream)
    mapping = {
        "kind": "call", "time": 1, "peer": 4, "duration": 5, "direction": {"column": 3, "in": ["被叫"], "out": ["主叫"]}
    }  # fmt: skip
    items = run(stream.getvalue(), mapping, name="x.bin")
    first, second = records(items)
    assert (first.time.utc, first.number, first.duration_s) == ("2020-03-02T05:13:40.000Z", "12790463327", 63)
    assert (second.time.utc, second.number, second.number_raw) == ("2020-03-02T05:13:41.000Z", None, "1.27E+10")
    assert (second.duration_s, second.locator) == (63, "Sheet!2")
    assert codes(items) == {"numbers_lost", "sheets_skipped"}


def test_real_bills_can_be_read_by_a_mapping_too(samples: Path, run: Run) -> None:
    path = next((samples / "carrier-bill").rglob("unicom-2016*.xls"))
    mapping = {
        "kind": "call", "time": "通话起始时间", "peer": "对方号码", "duration": "通话时长",
        "direction": {"column": "呼叫类型", "in": ["被叫"], "out": ["主叫"]},
    }  # fmt: skip
    items = run(path.read_bytes(), mapping, name="x.bin")
    assert len(records(items)) == 47
    assert all(r.time.utc and r.direction and r.duration_s for r in records(items))


@pytest.mark.parametrize(
    "text", ["", "hello, world\nthis is a letter, not a table\n", "one\ntwo\n", "a,b,c\n", "{}", "%PDF-1"]
)
def test_what_is_no_table(tmp_path: Path, make_probe: Callable[..., FileProbe], text: str) -> None:
    path = tmp_path / "note.txt"
    path.write_text(text, encoding="utf-8")
    assert not IMPORTER.claims(make_probe(path))


SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELL = st.sampled_from(
    ["", " ", "2026-05-01 08:00", "05/04/2026", "12790463327", "x", 'q"', "a\nb", "1.2E+10", "\ufeff", "=1"]
)


@SETTINGS
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=10))
def test_every_row_is_accounted_for(run: Run, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["t", "n", "b"], *rows])
    items = run(out.getvalue(), {**MAP, "body": "b", "delimiter": ";"})
    blank = sum(not "".join(row).strip() for row in rows)
    assert len(records(items)) == len(rows) - blank
    assert len({r.locator for r in records(items)}) == len(records(items))


@SETTINGS
@given(st.binary(max_size=200), st.sampled_from([b"", b"t,n\n", b"t;n\n1;2\n"]))
def test_any_bytes(
    tmp_path: Path, make_probe: Callable[..., FileProbe], read_all: Run, data: bytes, before: bytes
) -> None:
    path = tmp_path / "kept"
    path.write_bytes(before + data)
    file = make_probe(path, name="x.csv")
    if IMPORTER.claims(file):
        with contextlib.suppress(Unreadable):
            read_all(IMPORTER, file, options={"mapping": MAP})
