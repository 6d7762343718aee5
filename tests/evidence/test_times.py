from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.times import epoch_stamp, from_utc_text, local_stamp, offset_stamp, to_utc_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALL = [ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Midway"), SHANGHAI, UTC]
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))


@given(moments, moments)
def test_text_order_is_time_order(a: datetime, b: datetime) -> None:
    a, b = (m.replace(microsecond=m.microsecond // 1000 * 1000) for m in (a, b))
    assert from_utc_text(to_utc_text(a)) == a
    assert (to_utc_text(a) < to_utc_text(b)) == (a < b)
    assert len(to_utc_text(a)) == len("2026-01-01T00:00:00.000Z")


@given(st.one_of(st.integers(), st.text(max_size=30), st.none(), st.integers(-(10**20), 10**20).map(str)))
def test_no_epoch_can_break_a_clock(raw: int | str | None) -> None:
    stamp = epoch_stamp(raw)
    assert stamp.raw == ("" if raw is None else str(raw).strip())
    if stamp.utc is not None:
        for zone in ALL:
            from_utc_text(stamp.utc).astimezone(zone)


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_the_unit_is_told_by_the_size(unit: int) -> None:
    assert epoch_stamp(1770000000 * unit).utc == "2026-02-02T02:40:00.000Z"


def test_milliseconds_are_kept_and_named() -> None:
    stamp = epoch_stamp("1770000000123")
    assert (stamp.utc, stamp.precision_s, stamp.how) == ("2026-02-02T02:40:00.123Z", 0.001, "epoch_utc")


@pytest.mark.parametrize("raw", ["", "0", "-1", "null", "soon", "9" * 5000, "1e9", 253402300799 * 10**9, -62135596800])
def test_what_is_no_time_has_no_instant(raw: str | int) -> None:
    assert epoch_stamp(raw).utc is None


@given(st.datetimes(), st.sampled_from(ALL[:3]))
def test_no_wall_clock_can_break_a_stamp(wall: datetime, zone: ZoneInfo) -> None:
    stamp = local_stamp(wall, zone, "words", "filename")
    assert stamp.raw == "words"
    offset_stamp(wall.replace(tzinfo=timezone(timedelta(hours=14))), "words", "metadata")


def test_a_wall_clock_names_the_zone_that_was_assumed() -> None:
    stamp = local_stamp(datetime(2026, 4, 8, 21, 30), SHANGHAI, "2026-04-08 21:30", "stated", 60)
    assert (stamp.utc, stamp.zone, stamp.how) == ("2026-04-08T13:30:00.000Z", "Asia/Shanghai", "local_assumed")
