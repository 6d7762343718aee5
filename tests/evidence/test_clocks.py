"""A phone's clock held against a bill: shown only when enough calls agree, changed only when a person says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence.clocks import Correction, corrected, corrections, offsets, offsets_of
from evidence.facts import make_fact
from evidence.joining import join_new
from evidence.log import Case
from evidence.models import Fact, Record, Source, Stamp
from evidence.timeline import Filter, load_view, select_records
from evidence.times import to_utc_text

BASE = datetime(2026, 3, 1, 2, tzinfo=UTC)
PHONE, BILL = "a" * 64, "b" * 64


def call(n: int, ahead: float, source: str, **more: Any) -> Record:
    at = BASE + timedelta(hours=5 * n, seconds=ahead)
    given: dict[str, Any] = {
        "number": f"1270000000{n % 3}",
        "duration_s": 20.0 + n,
        "direction": "in",
        "outcome": "answered",
    }
    given |= more
    stamp = given.pop("time", Stamp(to_utc_text(at), "raw", "export", "epoch_utc"))
    return Record("call", "call", f"c{n}", stamp, id=f"{source[0]}{n}", source=source, **given)


def billed(n: int, **more: Any) -> Record:
    return call(n, 0, BILL, **{"extras": {"operator": "x", "operator_basis": "title"}, **more})


@pytest.mark.parametrize("ahead", [452, -1800, 8 * 3600, -8 * 3600])
def test_an_offset_is_shown_with_its_calls(ahead: int) -> None:
    phone = [call(n, ahead - n % 4, PHONE) for n in range(12)]
    (found,) = offsets([*phone, *(billed(n) for n in range(10))])
    assert (found.source, found.against) == (PHONE, BILL)
    assert abs(found.ahead_s - ahead) <= 3
    assert found.spread_s == 3
    assert (found.agreeing, found.compared) == (10, 10)
    assert len(found.proof) == 20


@pytest.mark.parametrize("ahead", [0, -40, 60])
def test_ringing_is_no_offset(ahead: int) -> None:
    assert offsets([*(call(n, ahead, PHONE) for n in range(12)), *(billed(n) for n in range(12))]) == ()


def test_a_few_calls_show_nothing() -> None:
    assert offsets([*(call(n, 452, PHONE) for n in range(4)), *(billed(n) for n in range(4))]) == ()


def test_scattered_differences_show_nothing() -> None:
    phone = [call(n, 1000 * (n % 7), PHONE, number="12700000001") for n in range(12)]
    assert offsets([*phone, *(billed(n, number="12700000001") for n in range(12))]) == ()


def test_other_lengths_and_hidden_numbers_do_not_count() -> None:
    phone = [call(n, 452, PHONE) for n in range(10)]
    assert offsets([*phone, *(billed(n, duration_s=90.0) for n in range(10))]) == ()
    assert offsets([*phone, *(billed(n, number=None, number_raw="***") for n in range(10))]) == ()


def test_what_is_stated_moves_the_time_and_says_so() -> None:
    record = call(1, 0, PHONE)
    moved = corrected(record, {PHONE: Correction(452, 4)})
    assert moved.time.utc == to_utc_text(BASE + timedelta(hours=5, seconds=-452))
    assert (moved.time.raw, moved.time.how, moved.time.precision_s) == ("raw", "clock_corrected", 4)
    assert corrected(record, {BILL: Correction(452, 4)}) is record
    stated = call(1, 0, PHONE, time=Stamp(record.time.utc, "typed", "stated", "local_assumed"))
    assert corrected(stated, {PHONE: Correction(452, 4)}) is stated


def test_the_latest_statement_counts_and_nought_takes_it_back() -> None:
    def fact(ahead: str) -> Fact:
        return Fact("clock_offset", Stamp(), keys={"source": PHONE, "ahead_s": ahead})

    assert corrections([fact("10"), fact("20")]) == {PHONE: Correction(20, 0)}
    assert corrections([fact("10"), fact("0")]) == {}


def test_in_a_case_joins_follow_the_statement(case: Case) -> None:
    for sha in (PHONE, BILL):
        case.append("kept", "source", [Source(sha, 1, sha[:4], sha[:4], None)], {"source": sha})
    records = [*(call(n, 452, PHONE) for n in range(8)), *(billed(n) for n in range(8))]
    about = {"source": BILL, "format": "carrier_bill", "importer": "carrier_bill", "version": "1.0"}
    case.append("read", "record", records, about)
    assert join_new(case).total() == 0
    (shown,) = offsets_of(case)
    assert shown.ahead_s == 452
    from zoneinfo import ZoneInfo

    keys = (f"source={PHONE}", "ahead_s=452", "spread_s=5")
    case.append("fact", "fact", [make_fact(case, "clock_offset", "2026-04-01", ZoneInfo("Asia/Shanghai"), keys=keys)])
    assert join_new(case) == {BILL: 8}
    assert offsets_of(case) == ()
    view = {r.id: r for r in load_view(case).records}
    assert view["a1"].time.utc == view["b1"].time.utc
    since = view["b1"].time.utc
    listed = [r.id for r in select_records(case, Filter(since=since, kind="call"))]
    assert listed[:2] == ["a1", "b1"]
    assert all(r.time.how == "clock_corrected" for r in select_records(case, Filter()) if r.source == PHONE)


@pytest.mark.parametrize(
    "keys", [(), ("source=x",), (f"source={PHONE}", "ahead_s=x"), (f"source={PHONE}", "ahead_s=nan"), ("ahead_s=1",)]
)
def test_a_faulty_statement_is_refused(case: Case, keys: tuple[str, ...]) -> None:
    from zoneinfo import ZoneInfo

    from evidence.errors import DunlogError

    with pytest.raises(DunlogError):
        make_fact(case, "clock_offset", "2026-04-01", ZoneInfo("Asia/Shanghai"), keys=keys)


def test_without_a_bill_no_record_is_looked_at(case: Case, tmp_path: Path) -> None:
    case.append("read", "record", [call(1, 0, PHONE)], {"source": PHONE, "format": "x"})
    assert offsets_of(case) == ()


def test_calls_at_a_steady_pace_leave_the_offset_open() -> None:
    """An hourly autodialler with equal lengths fits at several distances."""
    same: dict[str, Any] = {"number": "12700000001", "duration_s": 20.0}

    def at(hours: float, source: str, **more: Any) -> Record:
        stamp = Stamp(to_utc_text(BASE + timedelta(hours=hours)), "", "export", "epoch_utc")
        return call(int(hours * 10), 0, source, time=stamp, **same, **more)

    bill = [at(n, BILL, extras={"operator": "x", "operator_basis": "title"}) for n in range(10)]
    assert offsets([*(at(n, PHONE) for n in range(6)), *bill]) == ()
    assert offsets([*(at(n + 0.5, PHONE) for n in range(10)), *bill]) == ()


def test_joins_that_a_stated_clock_contradicts_are_taken_back(case: Case) -> None:
    for sha in (PHONE, BILL):
        case.append("kept", "source", [Source(sha, 1, sha[:4], sha[:4], None)], {"source": sha})
    same: dict[str, Any] = {"number": "12700000001", "duration_s": 12.0}

    def at(minutes: float, source: str, **more: Any) -> Record:
        stamp = Stamp(to_utc_text(BASE + timedelta(minutes=minutes)), "", "export", "epoch_utc")
        return call(int(minutes), 0, source, time=stamp, **same, **more)

    bill = [at(30 * n, BILL, extras={"operator": "x", "operator_basis": "title"}) for n in range(8)]
    about = {"source": BILL, "format": "carrier_bill", "importer": "carrier_bill", "version": "1.0"}
    case.append("read", "record", [*(at(30 * n + 30, PHONE) for n in range(8)), *bill], about)
    assert join_new(case).total() == 7
    from zoneinfo import ZoneInfo

    keys = (f"source={PHONE}", "ahead_s=1800", "spread_s=5")
    case.append("fact", "fact", [make_fact(case, "clock_offset", "2026-04-01", ZoneInfo("Asia/Shanghai"), keys=keys)])
    assert join_new(case).total() == 8
    assert len(load_view(case).links) == 8
    assert join_new(case).total() == 0
