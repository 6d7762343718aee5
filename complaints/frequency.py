"""Calls per day: what the register shows, as charts of one month each and as a table of the same days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from complaints import clock
from complaints.blocks import Bar, BarChart, Span, Spans, Table
from complaints.casebook import CaseBook
from complaints.exhibits import Plan, creditor_numbers, kind_of
from complaints.grounds import left_out
from complaints.models import Foreign, Frequency
from complaints.tables import make_table
from complaints.wording import in_chinese
from evidence.models import Finding, Record


@dataclass
class _Day:
    answered: list[Record] = field(default_factory=list)
    missed: list[Record] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)

    @property
    def records(self) -> list[Record]:
        return self.answered + self.missed


def frequency(plan: Plan, respondent: str) -> Frequency:
    """Charts and tables over the calls that the exhibits list. Calls of one event count once."""
    book = plan.book
    days = _days(plan, respondent)
    left = _left_out(plan)
    if not days:
        return Frequency((), None, left, (book.wording.plain("freq_none"),))
    numbers = sorted({book.label_number(r) for day in days.values() for r in day.records})
    separator = book.wording.plain("list_separator")
    notes = (
        book.wording.plain("freq_numbers", numbers=separator.join(numbers)),
        book.wording.plain("freq_counted"),
    )
    return Frequency(_charts(book, days), _table(plan, days), left, notes)


def _days(plan: Plan, respondent: str) -> dict[date, _Day]:
    book, numbers = plan.book, creditor_numbers(plan.book, respondent)
    days: dict[date, _Day] = {}
    for record_id in plan.places:
        record = book.records[record_id]
        is_call = kind_of(record) == "calls" or (record.kind == "call" and kind_of(record) == "recording")
        first = book.first_of[record_id] == record_id
        if not (is_call and first and record.direction == "in" and record.holder == "self"):
            continue
        if record.number not in numbers or record.time.utc is None:
            continue
        day = days.setdefault(clock.local(record.time.utc, book.zone).date(), _Day())
        (day.answered if record.outcome == "answered" else day.missed).append(record)
    for finding in _counted(book.findings):
        for record_id in finding.records:
            record = book.canonical(record_id) or book.records[record_id]
            if record.time.utc is not None:
                found = days.get(clock.local(record.time.utc, book.zone).date())
                if found is not None and record.id in {r.id for r in found.records}:
                    found.counted.add(record.id)
    return dict(sorted(days.items()))


def _counted(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.counted is not None and f.limit is not None]


def _limit(book: CaseBook, answered: bool) -> int | None:
    """The limit of the findings that count answered (or unanswered) calls, when they agree on one."""
    found = set()
    for finding in _counted(book.findings):
        outcomes = {r.outcome for r in map(book.canonical, finding.records) if r is not None}
        if outcomes and (outcomes == {"answered"}) == answered and finding.limit is not None:
            found.add(finding.limit)
    return found.pop() if len(found) == 1 else None


def _charts(book: CaseBook, days: dict[date, _Day]) -> tuple[BarChart, ...]:
    charts = []
    first, last = min(days), max(days)
    calendar = [first + timedelta(n) for n in range((last - first).days + 1)]
    for (year, month), run in groupby(calendar, key=lambda d: (d.year, d.month)):
        dates = list(run)
        for answered, key in ((True, "chart"), (False, "chart_missed")):
            bars = tuple(Bar(str(d.day), (float(_size(days.get(d), answered)),)) for d in dates)
            if not any(bar.parts[0] for bar in bars):
                continue
            limit = _limit(book, answered)
            label = book.wording.plain("chart_limit", n=limit) if limit is not None else ""
            title = book.wording.plain(f"{key}_title", year=year, month=month)
            series = (book.wording.plain(f"{key}_series"),)
            charts.append(BarChart(title, series, bars, limit, label))
    return tuple(charts)


def _size(day: _Day | None, answered: bool) -> int:
    return 0 if day is None else len(day.answered if answered else day.missed)


def _table(plan: Plan, days: dict[date, _Day]) -> Table:
    book = plan.book
    rows: list[list[Spans]] = []
    for when, day in days.items():
        counts = (len(day.records), len(day.answered), len(day.missed), len(day.counted))
        row: list[Spans] = [(Span(clock.day_text(when, book.wording)),)]
        row += [(Span(str(n)),) for n in counts]
        row.append(plan.cite(r.id for r in day.records))
        rows.append(row)
    keys = ("day", "total", "answered", "missed", "counted", "record")
    return make_table(book, keys, rows, (20, 12, 10, 12, 14, 32), caption=book.wording.plain("days_caption"))


def _left_out(plan: Plan) -> Table | None:
    """Records that a confirmed finding looked at and did not count, each reason once."""
    book = plan.book
    whys: dict[str, dict[str, None]] = {}
    for finding in book.findings:
        for left, why in left_out(book, finding).items():
            text = why if in_chinese(why) else book.wording.plain("left_out_why")
            whys.setdefault(left, {})[text] = None
    if not whys:
        return None
    rows: list[list[Spans]] = []
    for record in sorted((book.records[i] for i in whys), key=book.sort_key):
        cites = plan.cite([record.id]) or book.wording.spans("not_cited")
        text = Foreign(book.wording.plain("shows_more").join(whys[record.id]))
        rows.append([(Span(book.row_time(record)),), (Span(book.label_number(record)),), (Span(text),), cites])
    caption = book.wording.plain("left_out_caption")
    return make_table(book, ("time", "number", "why", "record"), rows, (24, 18, 40, 18), caption=caption)
