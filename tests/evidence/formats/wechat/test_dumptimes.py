"""Times as dumps write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.wechat.dumptimes import differs, dump_stamp

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("raw", "utc", "how", "precision"),
    [
        (1775463660, "2026-04-06T08:21:00.000Z", "epoch_utc", 1),
        ("1775463660000", "2026-04-06T08:21:00.000Z", "epoch_utc", 1),
        ("2026-04-06 16:21:05", "2026-04-06T08:21:05.000Z", "local_assumed", 1),
        ("2026/4/6 16:21", "2026-04-06T08:21:00.000Z", "minute_only", 60),
        ("2026-04-06T16:21:05+08:00", "2026-04-06T08:21:05.000Z", "offset_in_file", 1),
        ("2026-04-06T08:21:05.250Z", "2026-04-06T08:21:05.250Z", "offset_in_file", 0.001),
        ("2026-13-06 16:21:05", None, "none", 1),
        ("2026-04-06T08:21:05+99:99", None, "none", 1),
        (None, None, "none", 1),
        (True, None, "none", 1),
        ("明天", None, "none", 1),
    ],
)
def test_stamps(raw: object, utc: str | None, how: str, precision: float) -> None:
    stamp = dump_stamp(raw, ZONE)
    assert (stamp.utc, stamp.how, stamp.precision_s) == (utc, how, precision)
    assert stamp.raw == ("" if raw is None else str(raw))


@given(st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1)), st.integers(-14 * 4, 14 * 4), st.integers(0, 899))
def test_two_times_differ_unless_whole_quarters_apart(moment: datetime, quarters: int, rest: int) -> None:
    exact = dump_stamp(int(moment.replace(tzinfo=UTC).timestamp()), ZONE)
    local = moment.replace(microsecond=0) + timedelta(minutes=15 * quarters, seconds=rest)
    assert differs(exact, f"{local:%Y-%m-%d %H:%M:%S}", ZONE) == (rest not in (0, 1, 899))


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    dump_stamp(text, ZONE)
    differs(dump_stamp(1775463660, ZONE), text, ZONE)
