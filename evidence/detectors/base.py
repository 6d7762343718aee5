"""What detectors look at and what they return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Result = Literal["met", "undetermined"]
Status = Literal["in", "maybe", "out"]
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """An input that a decision lacks: what (``party``, ``lender_type``, ``relation``, ``time``, …) and about whom."""

    what: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event, after joining its records. ``id`` is the record whose data is used, ``also`` the joined others.

    ``start`` is UTC, ``local`` the same instant on the clock of the rule. ``person`` is whose phone it reached
    (``self``: the borrower), ``line`` that person's own number where a source tells it.
    """

    id: str
    start: datetime
    local: datetime
    channel: str
    direction: str | None = None
    answered: bool | None = None
    duration_s: float | None = None
    precision_s: float = 1.0
    number: str | None = None
    line: str = ""
    person: str = "self"
    relation: str | None = None
    role: str | None = None
    creditor: str | None = None
    lender_type: str | None = None
    purpose: str | None = None
    place: str | None = None
    debt: str | None = None
    flags: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()

    @property
    def reach(self) -> tuple[timedelta, timedelta]:
        """How far before and after ``start`` the true start may lie.

        A source that states minutes may cut or round, so one unit either way; whole hours and dates are cut.
        """
        width = timedelta(seconds=self.precision_s)
        if self.precision_s <= 1:
            return timedelta(0), timedelta(0)
        if self.precision_s < 3600:
            return width, width
        return timedelta(0), width - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Screened:
    """An event after a rule's selection: counted, perhaps counted (``missing`` says why), or left out (``why``).

    ``attributed`` is False when nobody has stated who the sender is or for which lender it acts.
    """

    event: Event
    status: Status
    why: str = ""
    missing: tuple[Missing, ...] = ()
    attributed: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A limit passed, or perhaps passed. ``counted`` is the figure compared with ``limit``.

    ``start`` and ``end`` are local; for calendar windows the window's own bounds, else the first and last event.
    """

    result: Result
    key: Key
    events: tuple[Event, ...]
    counted: int
    start: datetime
    end: datetime
    limit: int | None = None
    left_out: tuple[tuple[Event, str], ...] = ()
    missing: tuple[Missing, ...] = ()


def merge_missing(rows: Iterable[Screened]) -> tuple[Missing, ...]:
    """Each missing input once, in order of appearance."""
    return tuple(dict.fromkeys(m for row in rows for m in row.missing))


def left_out(rows: Iterable[Screened]) -> tuple[tuple[Event, str], ...]:
    """The events that were looked at and not counted."""
    return tuple((row.event, row.why) for row in rows if row.status == "out")


def span(events: Sequence[Event]) -> tuple[datetime, datetime]:
    """First and last start on the local clock."""
    ordered = sorted(events, key=lambda e: e.start)
    return ordered[0].local, ordered[-1].local


def days_of(event: Event) -> tuple[date, ...]:
    """The local days an event may belong to: one, unless its precision reaches over midnight."""
    before, after = event.reach
    if not before and not after:
        return (event.local.date(),)
    zone = event.local.tzinfo
    first = (event.start - before).astimezone(zone).date()
    last = (event.start + after).astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
