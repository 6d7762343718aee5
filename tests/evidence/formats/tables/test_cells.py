"""Cells of spreadsheets: text, numbers, lengths, dates; and wall clocks as tables write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.tables.cells import Cell, kept, number_of, seconds_of, serial_moment, text_of
from evidence.formats.tables.celltimes import possible_orders, read_clock, read_wall, wall_stamp

BEIJING = ZoneInfo("Asia/Shanghai")
CELLS = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.timedeltas(),
    st.from_regex(r"[0-9:/年月日时分秒. -]{0,20}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("cell", "text", "lost"),
    [
        (12000000001.0, "12000000001", False),
        ("12000000001.0", "12000000001", False),
        ('="12000000001"', "12000000001", False),
        ("'12000000001", "12000000001", False),
        ("\t12000000001\t", "12000000001", False),
        ("1.2E+10", "1.2E+10", True),
        ("1.38e10", "1.38e10", True),
        (1.0698765432109876e18, "1069876543210987648", True),
        ("10698765432109876543", "10698765432109876543", False),
        (0.5, "0.5", True),
        ("127****0001", "127****0001", False),
    ],
)
def test_numbers(cell: Cell, text: str, lost: bool) -> None:
    found = number_of(cell)
    assert (found.text, found.lost) == (text, lost)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("00:05:38", 338), ("65:00", 3900), ("1:02", 62), ("2分32秒", 152), ("15秒", 15), ("1时2分3秒", 3723),
        ("1小时", 3600),
        ("1小时5秒", 3605), ("3分钟", 180), ("89", 89), (89.0, 89), ("1h 2m", 3720), ("2'32\"", 152), ("0", 0),
        (timedelta(seconds=338), 338),
        (0.00390625, 338), (datetime(1899, 12, 31, 1, 0), 90000),
        ("", None), ("abc", None), ("3:61", None), ("-5", None), (-1.0, None), (True, None), ("nan", None),
        (float("nan"), None),
        (float("inf"), None), ("分", None), ("12000000001分", None),
    ],
)  # fmt: skip
def test_lengths(cell: Cell, seconds: float | None) -> None:
    assert seconds_of(cell) == seconds


def test_lengths_in_a_stated_unit() -> None:
    assert (seconds_of("2", "min"), seconds_of(1500.0, "ms"), seconds_of(0.5, "h")) == (120, 1.5, 1800)
    assert seconds_of("0:30", "min") == 30


def test_serial_dates_in_both_modes() -> None:
    assert serial_moment(43892.551157) == datetime(2020, 3, 2, 13, 13, 40)
    assert serial_moment(42430.551157, since_1904=True) == datetime(2020, 3, 2, 13, 13, 40)
    assert serial_moment(60) is serial_moment(float("nan")) is serial_moment(1e12) is None


def test_text_and_kept() -> None:
    assert text_of(datetime(2026, 5, 1, 8, 0)) == "2026-05-01 08:00:00"
    assert text_of(date(2026, 5, 1)) == "2026-05-01"
    assert text_of(timedelta(hours=30)) == "30:00:00"
    assert (kept(3.0), kept(0.1), kept("\t'x "), kept(True), kept(float("inf"))) == (3, 0.1, "\t'x ", True, "inf")


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2015-05-30 18:08:48", "2015-05-30T18:08:48", 1),
        ("2015/5/30 8:08", "2015-05-30T08:08:00", 60),
        ("2026年3月2日 13时13分40秒", "2026-03-02T13:13:40", 1),
        ("2026年3月2日星期一 下午1:13", "2026-03-02T13:13:00", 60),
        ("20260302131340", "2026-03-02T13:13:40", 1),
        ("20260302 13:13:40", "2026-03-02T13:13:40", 1),
        ("20260302", "2026-03-02T00:00:00", 86400),
        ("Jul 23, 2011 6:12:54 AM", "2011-07-23T06:12:54", 1),
        ("2 March 2026 12:00 am", "2026-03-02T00:00:00", 60),
        ("2026-03-02T13:13:40.123+08:00", "2026-03-02T13:13:40.123000", 0.001),
        ("31/12/2025 10:00", "2025-12-31T10:00:00", 60),
        ("2026-09-15 上午 08:00:00", "2026-09-15T08:00:00", 1),
        ("2026-9-23 8:43:38 PM", "2026-09-23T20:43:38", 1),
        ("2026-09-15 凌晨 12:05", "2026-09-15T00:05:00", 60),
        ("2026-09-15 中午 12:05", "2026-09-15T12:05:00", 60),
    ],
)
def test_wall_clocks(text: str, iso: str, precision: float) -> None:
    wall = read_wall(text)
    assert wall is not None
    assert (wall.at(), wall.precision_s) == (datetime.fromisoformat(iso), precision)


@pytest.mark.parametrize(
    "text", ["", "合计", "2026-02-30", "2026-13-01", "05/04/2026", "12000000001", "25:00", "2026-01-01 24:30", "1" * 80]
)
def test_what_is_no_wall_clock(text: str) -> None:
    assert read_wall(text) is None


def test_orders_of_day_and_month() -> None:
    assert possible_orders("05/04/2026") == {"dmy", "mdy"}
    assert possible_orders("13/04/2026") == {"dmy"}
    assert possible_orders("2026-04-05") == possible_orders(3.0) == frozenset()
    wall = read_wall("05/04/2026 10:00", "mdy")
    assert wall is not None
    assert (wall.month, wall.day) == (5, 4)
    assert read_wall("13/04/2026", "mdy") is None


def test_stamps_say_what_is_missing() -> None:
    for text, how, precision in (
        ("2026-03-02 13:13:40", "local_assumed", 1),
        ("2026-03-02 13:13", "minute_only", 60),
        ("2026-03-02", "date_only", 86400),
        ("03-02 13:13:40", "year_inferred", 1),
        ("2026-03-02 13:13:40+08:00", "offset_in_file", 1),
    ):
        wall = read_wall(text)
        assert wall is not None
        stamp = wall_stamp(wall, BEIJING, text, 2026)
        assert (stamp.how, stamp.precision_s, stamp.raw) == (how, precision, text)
        assert stamp.utc is not None
        assert stamp.utc.startswith("2026-03-0")
    wall = read_wall("02-29 10:00")
    assert wall is not None
    assert wall_stamp(wall, BEIJING, "x", 2026).utc is None
    assert wall_stamp(wall, BEIJING, "x", 2024).utc == "2024-02-29T02:00:00.000Z"


def test_clocks() -> None:
    assert read_clock("21:40") == (21, 40, 0, 0)
    assert read_clock("下午 9:40:03") == (21, 40, 3, 0)
    assert read_clock(timedelta(hours=21)) == (21, 0, 0, 0)
    assert read_clock("x") is read_clock("99:00") is read_clock(timedelta(days=2)) is None


@given(CELLS)
def test_no_cell_breaks_anything(cell: Cell) -> None:
    text_of(cell), kept(cell), number_of(cell), possible_orders(cell), read_clock(cell)
    seconds = seconds_of(cell)
    assert seconds is None or seconds >= 0
    wall = read_wall(cell)
    if wall is not None:
        wall_stamp(wall, BEIJING, "", 2024)
