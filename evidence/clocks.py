"""A phone's clock held against a carrier's bill: how far it was off, and what a statement about that changes.

The machine only says what it sees. Nothing is moved until a person states it (a fact ``clock_offset`` with the source,
the seconds its clock runs ahead, and the proof); from then on the times of that source are shown and counted without
the offset, as ``clock_corrected``, with the source's own words beside them and a precision that says how sure it is.
"""

from __future__ import annotations

import bisect
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from evidence import codec
from evidence.bills import hides_number, is_bill
from evidence.facttypes import CLOCK_OFFSET
from evidence.models import Fact, Record
from evidence.times import from_utc_text, to_utc_text

if TYPE_CHECKING:
    from evidence.log import Case

RINGING_S = 60.0
"""A phone may count from the ring, a bill from the answer: differences inside one cluster spread this far."""
FURTHEST = timedelta(hours=26)
LEAST_CALLS = 5
LEAST_SHARE = 0.6
RIVAL_SHARE = 0.5
"""Another distance at which more than this share of the calls agree leaves the offset open."""
_DURATION_S = 2.0
_NOT_OFF_S = 90.0  # what ringing and rounding explain


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """``source``'s clock against that of the bill ``against``: ``ahead_s`` seconds ahead (negative: behind).

    ``agreeing`` of ``compared`` rows of the bill have a call of the same number, direction and length that far away;
    ``spread_s`` is the width of their differences.
    """

    source: str
    against: str
    ahead_s: float
    spread_s: float
    agreeing: int
    compared: int
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is stated about one source: its clock ran ``ahead_s`` ahead, known to ``spread_s``."""

    ahead_s: float
    spread_s: float


def offsets(records: Iterable[Record]) -> tuple[ClockOffset, ...]:
    """Sources whose clock is shown to be off by the bills among ``records``; those that agree are left out."""
    phones: dict[str, dict[tuple[str | None, str | None], list[Record]]] = defaultdict(lambda: defaultdict(list))
    bills: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind != "call" or record.time.utc is None or record.time.basis != "export" or record.number is None:
            continue
        if is_bill(record):
            if not hides_number(record):
                bills[record.source].append(record)
        elif record.outcome in (None, "answered"):
            phones[record.source][record.number, record.direction].append(record)
    found = []
    for source, calls in phones.items():
        for times in calls.values():
            times.sort(key=lambda r: r.time.utc or "")
        best = max(
            (one for bill, rows in bills.items() if (one := _compare(source, calls, bill, rows)) is not None),
            key=lambda one: one.agreeing,
            default=None,
        )
        if best is not None and abs(best.ahead_s) > _NOT_OFF_S:
            found.append(best)
    return tuple(found)


def offsets_of(case: Case) -> tuple[ClockOffset, ...]:
    """:func:`offsets` of a case, on the clocks as stated so far. Looks at no record when no bill was read."""
    query = "select 1 from log where kind = 'read' and json_extract(body, '$.format') = 'carrier_bill'"
    if case.db.execute(query).fetchone() is None:
        return ()
    query = "select body from fact where type = ? and body is not null order by n"
    facts = (codec.from_body(Fact, json.loads(body)) for (body,) in case.db.execute(query, [CLOCK_OFFSET]))
    stated = corrections(facts)
    query = "select body from record where kind = 'call' and body is not null order by n"
    records = (codec.record_from_body(json.loads(body)) for (body,) in case.db.execute(query))
    return offsets(corrected(record, stated) for record in records)


def _compare(
    source: str, calls: Mapping[tuple[str | None, str | None], Sequence[Record]], bill: str, rows: Sequence[Record]
) -> ClockOffset | None:
    """The largest cluster of differences, when enough rows of the bill are in it."""
    differences: list[tuple[float, str, str]] = []
    for row in rows:
        near = calls.get((row.number, row.direction), ())
        differences += [(gap, row.id, other.id) for gap, other in _near(row, near)]
    compared = len({ident for _gap, ident, _other in differences})
    differences.sort()
    gaps = [gap for gap, _row, _other in differences]
    clusters = [(first, bisect.bisect_right(gaps, gap + RINGING_S)) for first, gap in enumerate(gaps)]
    agree = {(a, b): len({row for _gap, row, _other in differences[a:b]}) for a, b in clusters}
    if not clusters:
        return None
    first, last = max(clusters, key=lambda c: (agree[c], -abs(statistics.median(gaps[c[0] : c[1]]))))
    agreeing = agree[first, last]
    if agreeing < LEAST_CALLS or agreeing < LEAST_SHARE * compared:
        return None
    apart = [c for c in clusters if abs(gaps[c[0]] - gaps[first]) > 2 * RINGING_S]
    if any(agree[c] > RIVAL_SHARE * agreeing for c in apart):  # regular calls of one length fit at several distances
        return None
    inside = differences[first:last]
    ahead = statistics.median(gap for gap, _row, _other in inside)
    proof = tuple(dict.fromkeys(ident for _gap, row, other in inside for ident in (row, other)))
    return ClockOffset(source, bill, round(ahead), inside[-1][0] - inside[0][0], agreeing, compared, proof)


def _near(row: Record, calls: Sequence[Record]) -> Iterable[tuple[float, Record]]:
    """(seconds that the call lies after the bill's row, call) for calls of the same length within :data:`FURTHEST`."""
    at = _at(row)
    first = bisect.bisect_left(calls, to_utc_text(at - FURTHEST), key=lambda r: r.time.utc or "")
    for other in calls[first:]:
        moment = _at(other)
        if moment - at > FURTHEST:
            return
        if row.duration_s is None or other.duration_s is None or abs(row.duration_s - other.duration_s) > _DURATION_S:
            continue
        yield (moment - at).total_seconds(), other


def _at(record: Record) -> datetime:
    return from_utc_text(record.time.utc or "")


def corrections(facts: Iterable[Fact]) -> dict[str, Correction]:
    """What is stated about the clocks of sources, the latest statement for each; an offset of 0 takes it back."""
    found: dict[str, Correction] = {}
    for fact in facts:
        if fact.type != CLOCK_OFFSET:
            continue
        found[fact.keys["source"]] = Correction(float(fact.keys["ahead_s"]), float(fact.keys.get("spread_s", "0")))
    return {source: one for source, one in found.items() if one.ahead_s}


def corrected(record: Record, stated: Mapping[str, Correction]) -> Record:
    """The record with its time as stated; unchanged when nothing is stated, or its time is not its source's clock."""
    one = stated.get(record.source)
    if one is None or record.time.utc is None or record.time.basis not in ("export", "filename"):
        return record
    utc = to_utc_text(from_utc_text(record.time.utc) - timedelta(seconds=one.ahead_s))
    precision = max(record.time.precision_s, one.spread_s)
    return replace(record, time=replace(record.time, utc=utc, how="clock_corrected", precision_s=precision))


def corrected_time_sql(stated: Mapping[str, Correction]) -> tuple[str, list[str]]:
    """The same for ``time`` in a query on ``record``: an SQL expression and its values."""
    if not stated:
        return "time", []
    cases, values = [], []
    for source, one in stated.items():
        cases.append("when source = ? and time_basis in ('export', 'filename') then strftime(?, time, ?)")
        values += [source, "%Y-%m-%dT%H:%M:%fZ", f"{-one.ahead_s:+.3f} seconds"]
    return f"case {' '.join(cases)} else time end", values
