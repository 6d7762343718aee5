"""Carriers' bills: every known layout, missing years, hidden numbers, footers; real files counted by xlrd."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.bills.billtitle import Period, find_period, infer_year
from evidence.formats.tables.celltimes import read_wall
from evidence.importers.base import FileProbe
from evidence.importers.carrier_bill import IMPORTER
from evidence.models import Problem, Record

Run = Callable[..., list[Any]]
MOBILE = "起始时间,通信地点,通信方式,对方号码,通话时长,通信类型,套餐优惠,实收通信费\n"
TITLE = "从{}到{} 类型：通话详单 总条数：{}\n"
UNICOM = "序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,通话地点,通话类型,通话费,其他费,小计\n"


@pytest.fixture
def run(tmp_path: Path, read_all: Run, make_probe: Callable[..., FileProbe]) -> Run:
    def read(data: str | bytes, name: str = "bill.csv", claimed: bool = True) -> list[Any]:
        path = tmp_path / "kept"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        file = make_probe(path, name=name)
        assert IMPORTER.claims(file) == claimed
        return read_all(IMPORTER, file) if claimed else []

    return read


def records(items: list[Any]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def codes(items: list[Any]) -> set[str]:
    return {item.code for item in items if isinstance(item, Problem)}


def test_china_mobile_without_year(run: Run) -> None:
    items = run(
        "（详单信息仅供用户参考，不作其他凭证）\n"
        + TITLE.format("2025-12-15", "2026-01-14", 3)
        + MOBILE
        + "12-31 23:59:59,杭州,被叫,008612790463327,00:05:38,国内被叫,,0.00\n"
        + "01-01 00:00:00,杭州,主叫,12766120935,00:00:09,国内主叫,,0.10\n"
        + "11-02 10:00:00,杭州,被叫,12766120935,00:00:09,国内被叫,,0.00\n"
    )
    first, second, third = records(items)
    assert (first.time.utc, first.time.how, first.time.zone) == (
        "2025-12-31T15:59:59.000Z",
        "year_inferred",
        "Asia/Shanghai",
    )
    assert second.time.utc == "2025-12-31T16:00:00.000Z"
    assert third.time.utc == "2025-11-02T02:00:00.000Z"
    assert (first.direction, first.number, first.number_raw) == ("in", "12790463327", "008612790463327")
    assert (first.duration_s, first.outcome, second.direction) == (338, "answered", "out")
    assert first.extras["operator"] == "china_mobile"
    assert first.extras["bill_period"] == {"from": "2025-12-15", "to": "2026-01-14", "basis": "title"}
    assert first.extras["columns"]["通信地点"] == "杭州"
    assert codes(items) == {"rows_not_entries", "year_inferred", "outside_period"}


@pytest.mark.parametrize(
    ("first", "last", "day", "year", "inside"),
    [
        ("2025-12-15", "2026-01-14", "12-31 10:00", 2025, True),
        ("2025-12-15", "2026-01-14", "01-14 10:00", 2026, True),
        ("2026-01-01", "2026-01-31", "12-30 10:00", 2025, False),
        ("2026-01-01", "2026-01-31", "03-01 10:00", None, False),
        ("2024-01-01", "2026-01-31", "01-15 10:00", None, False),
        ("2024-02-01", "2024-02-29", "02-29 10:00", 2024, True),
        ("2025-02-01", "2025-02-28", "02-29 10:00", None, False),
    ],
)
def test_years(first: str, last: str, day: str, year: int | None, inside: bool) -> None:
    wall = read_wall(day)
    assert wall is not None
    period = Period(datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date(), "title")
    assert infer_year(wall, period) == (year, inside)


def test_periods() -> None:
    for texts, sheet, name, said in (
        (["从20200301到20200331"], "", "", ("2020-03-01", "2020-03-31", "title")),
        (["查询时间：2026年3月1日 至 2026年3月31日"], "2015年01月", "", ("2026-03-01", "2026-03-31", "title")),
        (["账期：202602"], "", "", ("2026-02-01", "2026-02-28", "title")),
        ([], "2016年01月语音通信", "x", ("2016-01-01", "2016-01-31", "sheet")),
        ([], "Sheet1", "2015年5月语音通信.xls", ("2015-05-01", "2015-05-31", "name")),
    ):
        period = find_period(texts, sheet, name)
        assert period is not None
        assert (period.first.isoformat(), period.last.isoformat(), period.basis) == said
    assert find_period(["从2020-03-31到2020-03-01", "12000202699"], "Sheet1", "12020260301999.xls") is None
    assert find_period(["打印日期：2026-05-02", "打印 2026年5月2日"], "", "") is None


def test_a_year_from_the_name_is_told_and_none_at_all_is_an_error(run: Run) -> None:
    row = "03-02 13:13:40,上海,被叫,12790463327,00:00:38,国内被叫,,0.00\n"
    items = run(MOBILE + row, "2026年03月详单.csv")
    assert records(items)[0].time.utc == "2026-03-02T05:13:40.000Z"
    assert "year_from_name" in codes(items)
    items = run(MOBILE + row)
    assert (records(items)[0].time.utc, records(items)[0].time.raw) == (None, "03-02 13:13:40")
    (problem,) = [item for item in items if isinstance(item, Problem) and item.code == "year_missing"]
    assert problem.severity == "error"


def test_china_unicom(run: Run) -> None:
    items = run(
        (
            UNICOM
            + "1,语音电话,2026-05-30 18:08:48,2分32秒,主叫,12790463327,0663,省际长途,0.00,0.00,0.00\n"
            + "2,语音电话,2026-05-26 18:02,1时2分3秒,被叫,***,0663,基本通话,0.10,0.00,0.10\n"
            + "合计,,,,,,,,0.10,0.00,0.20\n"
        ).encode("gb18030")
    )
    first, second = records(items)
    assert (first.direction, first.duration_s, first.time.precision_s, first.time.how) == (
        "out",
        152,
        1,
        "local_assumed",
    )
    assert (second.direction, second.number, second.number_raw, second.duration_s) == ("in", None, "***", 3723)
    assert (second.time.how, second.time.precision_s) == ("minute_only", 60)
    assert first.extras["operator"] == "china_unicom"
    assert codes(items) == {"numbers_hidden", "rows_skipped", "sum_differs"}


def test_the_word_for_the_direction_is_found_by_values(run: Run) -> None:
    header = "对方号码,起始时间,通话类型,通话时长（秒）,总话费,长途类型,话单位置,漫游类型\n"
    (record,) = records(run(header + "12790463327,2026-01-01 10:29:58,主叫,89,0.00,国内长途,天津市,非漫游\n"))
    assert (record.direction, record.duration_s, record.extras["operator"]) == ("out", 89, "unknown")


def test_china_telecom_page_with_calls_in_minutes_and_seconds(run: Run) -> None:
    page = (
        "<html><body><table><tr><td colspan=9>话费总计：0.30元 共 2 条</td></tr></table><table><tr>"
        + "".join(f"<th>{name}</th>" for name in ("序号", "呼叫类型", "通话类型", "通话地点", "对方号码", "开始时间",
                                                  "通话时长（分）", "通话时长（秒）", "费用（元）"))
        + "</tr><tr><td>1</td><td>被叫</td><td>本地</td><td>海口</td><td>12790463327</td><td>2026-05-01 08:00:00</td>"
        "<td>2</td><td>61</td><td>0.30</td></tr></table></body></html>"
    )  # fmt: skip
    items = run(page.encode("gbk"), "详单.xls")
    (record,) = records(items)
    assert (record.locator, record.duration_s, record.direction) == ("row 3", 61, "in")
    assert record.extras["operator"] == "china_telecom"
    assert codes(items) == {"count_differs", "rows_not_entries"}


def test_whole_minutes_are_told(run: Run) -> None:
    header = "序号,呼叫类型,通话地点,对方号码,开始时间,通话时长（分）,费用（元）\n"
    items = run(header + "1,被叫,海口,12790463327,2026-05-01 08:00:00,2,0.30\n")
    assert records(items)[0].duration_s == 120
    assert codes(items) == {"whole_minutes"}


def test_messages(run: Run) -> None:
    header = "序号,业务类型,收发类型,对方号码,发送时间,费用（元）\n"
    items = run(
        header
        + "1,点对点短信,国内发,12790463327,2026-05-01 08:00:00,0.10\n"
        + "2,点对点短信,国内收,10698765432109876,2026-05-01 08:00:01,0.00\n"
    )
    first, second = records(items)
    assert (first.kind, first.channel, first.direction, first.duration_s, first.outcome) == (
        "sms", "sms", "out", None, None
    )  # fmt: skip
    assert (second.direction, second.number, second.text) == ("in", "10698765432109876", None)


def test_forwarded_calls_and_calls_of_no_length(run: Run) -> None:
    forwarded, empty = records(
        run(
            TITLE.format("2026-03-01", "2026-03-31", 2)
            + MOBILE
            + "03-02 13:13:40,上海,有条件呼叫转移主叫,12790463327,00:00:38,,,0.00\n"
            + "03-02 13:13:41,上海,被叫,12790463327,00:00:00,,,0.00\n"
        )
    )
    assert (forwarded.direction, forwarded.outcome, forwarded.extras["call_type"]) == (None, None, "forwarded")
    assert (empty.duration_s, empty.outcome) == (0, None)


def test_two_numbers_a_row(run: Run) -> None:
    header = "\t主叫号码\t,\t被叫号码\t,\t起始时间\t,\t通话时长\t,\t通话地点\t,\t费用\t\n"
    rows = (
        "\t12000000001\t,\t12790463327\t,\t2026-05-01 08:00:00\t,\t61\t,\t杭州\t,\t0\t\n"
        "12790463327,12000000001,2026-05-01 09:00:00,61,杭州,0\n"
    )
    first, second = records(run("手机号码：12000000001\n" + header + rows))
    assert (first.direction, first.number, first.extras["own_number"]) == ("out", "12790463327", "12000000001")
    assert (second.direction, second.number) == ("in", "12790463327")
    items = run(header + rows)
    assert {record.direction for record in records(items)} == {None}
    assert "side_unknown" in codes(items)


def test_day_and_clock_in_two_columns(run: Run) -> None:
    header = "通话日期,通话时间,呼叫类型,对方号码,时长,通话地点\n"
    (record,) = records(run(header + "2026-05-01,08:00:01,被叫,12790463327,61,杭州\n"))
    assert (record.time.utc, record.time.precision_s, record.duration_s) == ("2026-05-01T00:00:01.000Z", 1, 61)


def test_a_workbook_with_dates_floats_and_several_sheets(run: Run) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "语音详单"
    sheet.append(UNICOM.strip().split(","))
    sheet.append(
        [1, "语音电话", datetime(2026, 5, 1, 8, 0), timedelta(seconds=61), "被叫", 12790463327, "0663", "", 0, 0, 0]
    )
    sheet.append([2, "语音电话", datetime(2026, 5, 1, 0, 0), "61", "主叫", 1.0698765432109876e18, "0663", "", 0, 0, 0])
    messages = book.create_sheet("短信详单")
    messages.append(["业务类型", "收发类型", "对方号码", "发送时间", "费用"])
    messages.append(["短信", "收", "12790463327", "2026-05-01 08:00:02", 0])
    traffic = book.create_sheet("上网详单")
    traffic.append(["起始时间", "通信地点", "上网方式", "总流量", "通信费"])
    traffic.append(["2026-05-01 08:00:02", "杭州", "5G", "1MB", 0])
    stream = io.BytesIO()
    book.save(stream)
    items = run(stream.getvalue(), "x.bin")
    first, second, third = records(items)
    assert (first.time.utc, first.number, first.duration_s) == ("2026-05-01T00:00:00.000Z", "12790463327", 61)
    assert (second.time.utc, second.number, second.time.precision_s) == ("2026-04-30T16:00:00.000Z", None, 86400)
    assert (third.kind, third.locator, third.direction) == ("sms", "短信详单!2", "in")
    assert codes(items) == {"numbers_lost", "bill_no_calls"}


def test_several_parts_in_one_sheet_and_headers_again(run: Run) -> None:
    row = "03-02 13:13:4{},上海,被叫,12790463327,00:00:38,国内被叫,,0.00\n"
    items = run(
        TITLE.format("2026-03-01", "2026-03-31", 2)
        + MOBILE + row.format(0) + MOBILE + row.format(1)
        + "从2026-04-01到2026-04-30 类型：短信详单 总条数：1\n"
        + "发送时间,通信地点,收发类型,对方号码,业务类型,费用\n"
        + "04-02 10:00:00,上海,收,12790463327,短信,0.00\n"
    )  # fmt: skip
    assert [(r.kind, r.time.utc) for r in records(items)] == [
        ("call", "2026-03-02T05:13:40.000Z"),
        ("call", "2026-03-02T05:13:41.000Z"),
        ("sms", "2026-04-02T02:00:00.000Z"),
    ]
    assert "count_differs" not in codes(items)


@pytest.mark.parametrize(
    "text",
    [
        "时间,号码,内容\n2026-05-01,1,x\n",
        "姓名,号码,通话类型,通话时间,时长\n甲,12790463327,来电,2026-05-01 08:00:00,61\n",
        "Chat Session,Message Date,Service,Type,Sender ID\n",
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime\n",
        "",
        "起始时间\n",
    ],
)
def test_other_tables_are_left_alone(run: Run, text: str) -> None:
    run(text, claimed=False)


def test_a_bill_without_rows(run: Run) -> None:
    assert codes(run(MOBILE)) == {"bill_empty"}


def test_rows_that_are_torn(run: Run) -> None:
    items = run(
        UNICOM
        + "1,语音电话\n2,语音电话,昨天,61,被叫,12790463327\n,,,,,,\n3,语音,2026-05-01 08:00:00,?,什么,x\n备注：以上\n"
    )
    assert len(records(items)) == 2
    assert codes(items) == {
        "time_unreadable", "rows_skipped", "length_unreadable", "direction_unknown", "numbers_hidden"
    }  # fmt: skip


EXPECTED = {
    "mobile-2020-03-masked.xls": (5, 0, 3, 2),
    "unicom-2015-05-no-number-column.xls": (0, 2, None, 4),
    "unicom-2016-01-masked.xls": (0, 2, 5, 4),
    "voice-history-2015-01-redacted.xls": (0, 1, 0, 2),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_real_bills_as_counted_by_the_library(name: str, samples: Path, run: Run) -> None:
    path = next((samples / "carrier-bill").rglob(name))
    header, time, peer, direction = EXPECTED[name]
    sheet = xlrd.open_workbook(str(path)).sheet_by_index(0)
    plain = [sheet.row_values(i) for i in range(header + 1, sheet.nrows)]
    items = run(path.read_bytes(), "renamed.bin")
    found = records(items)
    assert len(found) == len(plain)
    assert [r.time.raw for r in found] == [row[time] for row in plain]
    assert all(r.time.utc and r.duration_s and r.outcome == "answered" for r in found)
    assert [r.direction for r in found] == [{"主叫": "out", "被叫": "in"}[row[direction]] for row in plain]
    if peer is not None:
        assert [r.number_raw for r in found] == [row[peer] for row in plain]
        hidden = sum(not str(row[peer]).isdecimal() for row in plain)
        assert sum(r.number is None for r in found) == hidden
    assert len({r.locator for r in found}) == len(found)


SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELL = st.sampled_from(
    ["", "合计", "主叫", "被叫", "呼转", "03-02 13:13:40", "2026-05-01 08:00:00", "12790463327", "***",
     "61", "0.1", "x", '"', "总条数：3", "1.2E+10"]
)  # fmt: skip


@SETTINGS
@given(st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=12), st.sampled_from([MOBILE, UNICOM]))
def test_every_row_is_accounted_for(run: Run, rows: list[list[str]], header: str) -> None:
    lines = ["\t".join(row).replace('"', "'") for row in rows]
    text = header.replace(",", "\t") + "".join(f"{line}\n" for line in lines)
    items = run(text)
    blank = sum(not line.strip() for line in lines)
    skipped = [p for p in items if isinstance(p, Problem) and p.code == "rows_skipped"]
    left_out = int(skipped[0].message.split()[0]) if skipped else 0
    assert len(records(items)) + left_out + blank == len(rows)


@SETTINGS
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, make_probe: Callable[..., FileProbe], read_all: Run, data: bytes) -> None:
    path = tmp_path / "kept"
    for before in (b"", MOBILE.encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", b"PK\x03\x04"):
        path.write_bytes(before + data)
        file = make_probe(path, name="bill.xls")
        if IMPORTER.claims(file):
            with contextlib.suppress(Unreadable):
                read_all(IMPORTER, file)
