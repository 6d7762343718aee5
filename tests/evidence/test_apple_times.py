"""Times of Apple databases: seconds and nanoseconds since 2001, decided for each value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.times import apple_stamp


@pytest.mark.parametrize(
    ("raw", "utc", "precision"),
    [
        (469908586, "2015-11-22T18:09:46.000Z", 1.0),
        ("469908586", "2015-11-22T18:09:46.000Z", 1.0),
        (588813210539788032, "2019-08-29T23:13:30.539Z", 0.001),
        (588813210000000000, "2019-08-29T23:13:30.000Z", 1.0),
        (700000000.25, "2023-03-08T20:26:40.250Z", 0.001),
        (700000000.0, "2023-03-08T20:26:40.000Z", 1.0),
        (-5, "2000-12-31T23:59:55.000Z", 1.0),
    ],
)
def test_units(raw: Any, utc: str, precision: float) -> None:
    stamp = apple_stamp(raw)
    assert (stamp.utc, stamp.precision_s, stamp.how, stamp.zone) == (utc, precision, "epoch_utc", None)
    assert stamp.raw == str(raw)


@pytest.mark.parametrize("raw", [None, 0, 0.0, -1, "", "0", "null", "soon", "²", b"1", float("inf"), 1e300, 10**40])
def test_never(raw: Any) -> None:
    stamp = apple_stamp(raw)
    assert (stamp.utc, stamp.how) == (None, "none")


@given(st.datetimes(datetime(2001, 1, 2), datetime(2200, 1, 1)))
def test_both_units_mean_the_same_second(wall: datetime) -> None:
    moment = wall.replace(tzinfo=UTC, microsecond=0)
    seconds = int(moment.timestamp()) - 978307200
    assert apple_stamp(seconds).utc == apple_stamp(seconds * 10**9).utc == f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


@given(st.one_of(st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=9)))
def test_nothing_makes_it_raise(raw: Any) -> None:
    apple_stamp(raw)
