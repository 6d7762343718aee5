"""Contacts at times when none are allowed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from evidence.detectors.base import Event, Hit, Key, Missing, Screened, left_out, merge_missing, span

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_END = 86400.0
_FINEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """An allowed time of day, in seconds after midnight; ``days`` may also hold ``holiday``."""

    days: frozenset[str]
    start: float
    end: float
    start_incl: bool = True
    end_incl: bool = False

    def holds(self, seconds: float) -> bool:
        """Whether a time of day lies inside."""
        after = seconds > self.start or (self.start_incl and seconds == self.start)
        return after and (seconds < self.end or (self.end_incl and seconds == self.end))


@dataclass(frozen=True, slots=True)
class Hours:
    """``overlap``: an answered call that runs out of the allowed time also counts. ``holidays`` by year; a year that
    is not there leaves holidays undecided when ``holiday`` is not ``normal``. ``agreed`` replaces the spans for one
    creditor.
    """

    allowed: tuple[Span, ...]
    holiday: Literal["normal", "forbidden", "own_span"] = "normal"
    overlap: bool = False
    holidays: Mapping[int, Collection[date]] | None = None
    agreed: Mapping[str, tuple[Span, ...]] | None = None


def find(rows: Sequence[Screened], hours: Hours, key: Callable[[Event], Key]) -> list[Hit]:
    """One hit per key and local day of the start, with the events of that day outside the allowed time."""
    days: dict[tuple[Key, date], list[Screened]] = {}
    for row in rows:
        outside, missing = _outside(row.event, hours)
        if outside is False:
            continue
        if outside is None and row.status != "out":
            row = replace(row, status="maybe", missing=(*row.missing, *missing))
        days.setdefault((key(row.event), row.event.local.date()), []).append(row)
    return [hit for (group_key, _day), found in days.items() if (hit := _hit(group_key, found)) is not None]


def may_be_outside(event: Event, hours: Hours) -> bool:
    """Whether an event's start (or end, or a time within its precision) may lie outside the allowed time."""
    return _outside(event, hours)[0] is not False


def _hit(key: Key, rows: Sequence[Screened]) -> Hit | None:
    sure = [row for row in rows if row.status == "in"]
    maybe = [row for row in rows if row.status == "maybe"]
    counted = sure or maybe
    if not counted:
        return None
    events = tuple(row.event for row in counted)
    first, last = span(events)
    result: Literal["met", "undetermined"] = "met" if sure else "undetermined"
    missing = () if sure else merge_missing(maybe)
    spare = tuple((row.event, "maybe") for row in maybe) if sure else ()
    return Hit(result, key, events, len(events), first, last, None, left_out(rows) + spare, missing)


def _outside(event: Event, hours: Hours) -> tuple[bool | None, tuple[Missing, ...]]:
    if event.precision_s <= 1:
        answer = _outside_at(event.local, event, hours)
        return answer, () if answer is not None else (Missing("calendar", str(event.local.year)),)
    before, after = event.reach
    zone = event.local.tzinfo
    answers = {
        _outside_at(moment.astimezone(zone), event, hours)
        for moment in _probes(event.start - before, event.start + after)
    }
    if len(answers) == 1 and None not in answers:
        return answers.pop(), ()
    return None, (Missing("time", event.id),)


def _probes(first: datetime, last: datetime) -> list[datetime]:
    """Moments to look at: both ends and every minute between (allowed spans are never shorter)."""
    minutes = int((last - first).total_seconds() // 60)
    return [first, *(first + timedelta(minutes=n) for n in range(1, min(minutes, 1440) + 1)), last]


def _outside_at(local: datetime, event: Event, hours: Hours) -> bool | None:
    spans = (hours.agreed or {}).get(event.creditor or "", hours.allowed)
    allowed = _allowed(local, spans, hours)
    if allowed is None:
        return None
    talk = event.duration_s if event.answered and hours.overlap else None
    if not allowed or not talk:
        return not allowed
    return _runs_out(local, local.timestamp() + talk, spans, hours)


def _runs_out(start: datetime, end: float, spans: tuple[Span, ...], hours: Hours) -> bool:
    """Whether a call from an allowed start is still going on at a moment that is not allowed; ``end`` is epoch seconds.

    A call that ends exactly when the allowed time ends does not run out of it.
    """
    zone = start.tzinfo
    moment = start
    for _step in range(len(spans) * 8):
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = _seconds(moment)
        holding = [s for s in spans if _on_day(s, moment, hours) and s.holds(seconds)]
        if not holding:
            return True
        edge = max(s.end for s in holding)
        wall = day.replace(tzinfo=None) + timedelta(seconds=edge)
        moment = wall.replace(tzinfo=zone)
        if any(s.end_incl and s.end == edge for s in holding) and edge < _DAY_END:
            moment += _FINEST
        if moment.timestamp() >= end:
            return False
    return False


def _allowed(local: datetime, spans: tuple[Span, ...], hours: Hours) -> bool | None:
    if hours.holiday != "normal":
        known = (hours.holidays or {}).get(local.year)
        if known is None:
            return None
        if local.date() in known and hours.holiday == "forbidden":
            return False
    seconds = _seconds(local)
    return any(s.holds(seconds) for s in spans if _on_day(s, local, hours))


def _on_day(span_: Span, local: datetime, hours: Hours) -> bool:
    is_holiday = local.date() in (hours.holidays or {}).get(local.year, ())
    if hours.holiday == "own_span" and is_holiday:
        return "holiday" in span_.days
    return DAY_NAMES[local.weekday()] in span_.days


def _seconds(local: datetime) -> float:
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6


def parse_clock(text: str) -> float:
    """``HH:MM`` or ``HH:MM:SS`` up to ``24:00`` as seconds after midnight. Raises ``ValueError``."""
    if text in ("24:00", "24:00:00"):
        return _DAY_END
    moment = time.fromisoformat(text)
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def quiet_to_allowed(start: float, end: float) -> tuple[Span, ...]:
    """The allowed spans of every day for one quiet span [start, end) that may run over midnight."""
    week = frozenset(DAY_NAMES)
    if start == end:
        return (Span(week, 0.0, _DAY_END),)
    if start > end:
        return (Span(week, end, start),)
    return tuple(s for s in (Span(week, 0.0, start), Span(week, end, _DAY_END)) if s.start < s.end)
