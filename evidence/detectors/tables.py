"""Contacts per lender and day, for tables and charts: figures only, no limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from evidence.detectors.base import Event
from evidence.parties import CREDITOR_SIDE


@dataclass(frozen=True, slots=True)
class DayRow:
    """One local day of one lender. ``effective``: answered calls of at least the least length; an answered call that
    was shorter is in none of the columns."""

    creditor: str
    day: date
    effective: int
    unanswered: int
    messages: int


def day_table(
    events: Iterable[Event],
    *,
    person: str = "self",
    roles: Collection[str] = CREDITOR_SIDE,
    min_effective_s: float = 0.0,
) -> list[DayRow]:
    """Received calls and messages per creditor and local day of the start, in order. Calls whose outcome or length is
    not known are in no column; senders without a creditor are left out."""
    cells: dict[tuple[str, date], list[int]] = {}
    for event in events:
        if event.person != person or event.direction != "in" or event.creditor is None or event.role not in roles:
            continue
        cell = cells.setdefault((event.creditor, event.local.date()), [0, 0, 0])
        if event.channel != "call":
            cell[2] += 1
        elif event.answered is False:
            cell[1] += 1
        elif event.answered and (event.duration_s or 0.0) >= min_effective_s:
            cell[0] += 1
    return [DayRow(creditor, day, *numbers) for (creditor, day), numbers in sorted(cells.items())]
