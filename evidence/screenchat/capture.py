"""When a screenshot was taken, held against the clock that its status bar shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

CaptureBasis = Literal["filename", "metadata", "file", "stated"]
TOLERANCE = timedelta(minutes=5)
"""How far the status bar and the time of the capture may differ: saving takes a while, clocks are not set alike."""
_MOST_DAYS = 4
_CLOCK = re.compile(r"(?<!\d)(?P<h>\d{1,2})\s?[:;\u2236]\s?(?P<m>\d{2})(?!\d)")
_MORNING = re.compile(r"上午|早上|凌晨|\ba\.?m\b")
_EVENING = re.compile(r"下午|晚上|傍晚|中午|\bp\.?m\b")


@dataclass(frozen=True, slots=True)
class Captured:
    """The claim about a capture: ``at`` on the phone's clock (local, or with an offset), and what says so."""

    at: datetime
    basis: CaptureBasis
    uncertainty_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One possible time of the capture, local: not before ``first``, not after ``last``."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """The possible times of a capture, on one day each. None of them when nothing is known or all is disputed."""

    moments: tuple[Moment, ...] = ()
    state: Literal["known", "none", "disputed", "too_wide"] = "none"

    @property
    def last(self) -> datetime | None:
        """The latest possible time, local."""
        return max((moment.last for moment in self.moments), default=None)


def settle(captured: Captured | None, clock: str | None, zone: ZoneInfo) -> Capture:
    """The possible times of the capture. A status bar that reads more than five minutes differently disputes it.

    A clock of twelve hours explains a difference of twelve hours; the stated uncertainty of the time explains what it
    covers. Nothing else does.
    """
    if captured is None:
        return Capture()
    try:
        at = captured.at
        if at.tzinfo is not None:
            at = at.astimezone(zone).replace(tzinfo=None)
        margin = timedelta(seconds=max(0.0, captured.uncertainty_s))
        first, last = at - margin, at + margin
        if last - first > timedelta(days=_MOST_DAYS):
            return Capture(state="too_wide")
        seen = _clock(clock)
        if seen is None:
            return Capture(tuple(_by_day(first, last)), "known")
        for hours in _hours(*seen):
            moments = tuple(_agreeing(first, last, hours, seen[1]))
            if moments:
                return Capture(moments, "known")
    except OverflowError:
        return Capture(state="too_wide")
    return Capture(state="disputed")


def _clock(text: str | None) -> tuple[int, int, str] | None:
    """(hour, minute, half of the day or nothing) in the words of a status bar."""
    folded = unicodedata.normalize("NFKC", text or "").lower()
    found = _CLOCK.search(folded)
    if found is None or int(found["h"]) > 23 or int(found["m"]) > 59:
        return None
    half = "am" if _MORNING.search(folded) else "pm" if _EVENING.search(folded) else ""
    return int(found["h"]), int(found["m"]), half


def _hours(hour: int, _minute: int, half: str) -> Iterator[int]:
    """The hours of the day that a status bar may mean, the plain one first."""
    if half and 1 <= hour <= 12:
        yield hour % 12 + (12 if half == "pm" else 0)
        return
    yield hour
    if 1 <= hour <= 12:
        yield (hour + 12) % 24 if hour < 12 else 0


def _agreeing(first: datetime, last: datetime, hour: int, minute: int) -> Iterator[Moment]:
    """The minutes of that clock that lie within the tolerance of the capture."""
    day = (first - TOLERANCE).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= last + TOLERANCE:
        shown = day + timedelta(hours=hour, minutes=minute)
        over = shown + timedelta(minutes=1)
        if over >= first - TOLERANCE and shown <= last + TOLERANCE:
            near = min(last, over + TOLERANCE)  # a long picture ends later than its status bar
            yield Moment(shown, max(over, near) if near.date() == shown.date() else over)
        day += timedelta(days=1)


def _by_day(first: datetime, last: datetime) -> Iterator[Moment]:
    start = first
    while start.date() < last.date():
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        yield Moment(start, midnight - timedelta(milliseconds=1))
        start = midnight
    yield Moment(start, last)
