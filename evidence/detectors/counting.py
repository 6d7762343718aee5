"""More events than allowed: in a calendar window, in a rolling window, or at all."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from evidence.detectors.base import (
    Event,
    Hit,
    Key,
    Missing,
    Screened,
    days_of,
    left_out,
    merge_missing,
    span,
)

Unit = Literal["second", "minute", "hour", "day", "week", "month"]
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Window:
    """``calendar``: the local day, week or month; ``rolling``: ``n`` units, exact for seconds, minutes and hours
    (half-open) and in local calendar days, the current one included, for the rest; ``lifetime``: all."""

    kind: Literal["rolling", "calendar", "lifetime"]
    unit: Unit = "day"
    n: int = 1
    week_starts: Literal["mon", "sun"] = "mon"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``limit`` different things (``event``, ``number``, ``person``, ``channel``, ``day``) in a window."""

    window: Window
    limit: int
    distinct: Literal["event", "channel", "number", "person", "day"] = "event"


def find(rows: Sequence[Screened], limit: Limit, key: Callable[[Event], Key]) -> list[Hit]:
    """One hit per key and window that passes the limit. Rolling windows that share an event are one hit.

    An event that counts only perhaps (missing input, or a precision that reaches over midnight) makes a hit
    ``undetermined`` when the limit is passed with it and not without it.
    """
    groups: dict[Key, list[Screened]] = {}
    for row in rows:
        groups.setdefault(key(row.event), []).append(row)
    hits: list[Hit] = []
    for group_key, members in groups.items():
        if limit.window.kind == "rolling":
            hits += _rolling(group_key, members, limit)
        else:
            hits += _calendar(group_key, members, limit)
    return hits


def size(events: Sequence[Event], distinct: str) -> int:
    """How many different things these events are."""
    return len({_thing(e, distinct) for e in events})


def _thing(event: Event, distinct: str) -> object:
    if distinct == "event":
        return event.id
    if distinct == "day":
        return event.local.date()
    return getattr(event, distinct)


def _period(day: date, window: Window) -> date:
    if window.kind == "lifetime":
        return date.min
    if window.unit == "week":
        return day - timedelta(days=(day.weekday() + (1 if window.week_starts == "sun" else 0)) % 7)
    return day.replace(day=1) if window.unit == "month" else day


def _period_end(first: date, window: Window) -> date:
    if window.unit == "week":
        return first + timedelta(days=7)
    if window.unit == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=1)


def _calendar(key: Key, rows: Sequence[Screened], limit: Limit) -> list[Hit]:
    periods: dict[date, list[tuple[Screened, bool]]] = {}
    for row in rows:
        firsts = {_period(day, limit.window) for day in days_of(row.event)}
        for first in firsts:
            periods.setdefault(first, []).append((row, len(firsts) == 1))
    hits = []
    for first, members in sorted(periods.items(), key=lambda p: p[0]):
        hit = _judge(key, members, limit)
        if hit is not None:
            hits.append(_bounded(hit, first, limit.window))
    return hits


def _judge(key: Key, members: Sequence[tuple[Screened, bool]], limit: Limit) -> Hit | None:
    sure = [row for row, certain in members if row.status == "in" and certain]
    maybe = [(row, certain) for row, certain in members if row.status != "out" and (row.status != "in" or not certain)]
    out = left_out(row for row, _certain in members)
    events = tuple(row.event for row in sure)
    n = size(events, limit.distinct)
    missing = merge_missing(row for row, _certain in maybe) + tuple(
        Missing("time", row.event.id) for row, certain in maybe if not certain
    )
    if n > limit.limit:
        spare = tuple((row.event, "maybe") for row, _certain in maybe)
        return Hit("met", key, events, n, *span(events), limit.limit, out + spare)
    events += tuple(row.event for row, _certain in maybe)
    n = size(events, limit.distinct)
    if n > limit.limit:
        return Hit("undetermined", key, events, n, *span(events), limit.limit, out, missing)
    return None


def _bounded(hit: Hit, first: date, window: Window) -> Hit:
    if window.kind == "lifetime":
        return hit
    zone = hit.start.tzinfo
    start, end = (datetime.combine(day, datetime.min.time(), zone) for day in (first, _period_end(first, window)))
    return Hit(hit.result, hit.key, hit.events, hit.counted, start, end, hit.limit, hit.left_out, hit.missing)


def _rolling(key: Key, rows: Sequence[Screened], limit: Limit) -> list[Hit]:
    ordered = sorted(rows, key=lambda r: (r.event.start, r.event.id))
    runs = _episodes([row.event for row in ordered if row.status == "in"], limit)
    hits = [_episode(key, events, n, limit, ordered) for events, n in runs]
    doubtful = {row.event.id: row for row in ordered if row.status == "maybe"}
    if not doubtful:
        return hits
    certain = {event.id for hit in hits for event in hit.events}
    for events, n in _episodes([row.event for row in ordered if row.status != "out"], limit):
        if certain.isdisjoint(e.id for e in events):
            missing = merge_missing(doubtful[e.id] for e in events if e.id in doubtful)
            hits.append(Hit("undetermined", key, tuple(events), n, *span(events), limit.limit, (), missing))
    return hits


def _episode(key: Key, events: list[Event], n: int, limit: Limit, ordered: Sequence[Screened]) -> Hit:
    low = bisect.bisect_left(ordered, events[0].start, key=lambda r: r.event.start)
    high = bisect.bisect_right(ordered, events[-1].start, key=lambda r: r.event.start)
    return Hit("met", key, tuple(events), n, *span(events), limit.limit, left_out(ordered[low:high]))


def _episodes(events: list[Event], limit: Limit) -> list[tuple[list[Event], int]]:
    """Runs of events whose windows pass the limit and share events; with each its figure: all events, or for other
    things the largest number in one window."""
    window = limit.window
    if window.unit in _SECONDS:
        width: float = window.n * _SECONDS[window.unit]
        places = [e.start.timestamp() for e in events]
    else:
        width = window.n * {"day": 1, "week": 7, "month": 30}[window.unit]
        places = [float(e.local.date().toordinal()) for e in events]
    found: list[tuple[int, int, int]] = []
    inside: Counter[object] = Counter()
    end = 0
    for begin in range(len(events)):
        while end < len(events) and places[end] < places[begin] + width:
            inside[_thing(events[end], limit.distinct)] += 1
            end += 1
        if len(inside) > limit.limit:
            if found and begin < found[-1][1]:
                found[-1] = (found[-1][0], end, max(found[-1][2], len(inside)))
            else:
                found.append((begin, end, len(inside)))
        thing = _thing(events[begin], limit.distinct)
        inside[thing] -= 1
        if not inside[thing]:
            del inside[thing]
    runs = [(events[a:b], peak) for a, b, peak in found]
    return [(run, len(run) if limit.distinct == "event" else peak) for run, peak in runs]
