"""Contacts that follow each other too soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from evidence.detectors.base import Event, Hit, Key, Screened, left_out, merge_missing, span

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Spacing:
    """The least distance: exact for seconds, minutes and hours, else in local calendar days (``n: 2, unit: day``:
    every second day is allowed, the next day is not)."""

    n: int
    unit: Literal["second", "minute", "hour", "day", "week", "month"]

    def too_near(self, earlier: Event, later: Event) -> bool:
        """Whether ``later`` comes before the distance has passed."""
        if self.unit in _SECONDS:
            return (later.start - earlier.start).total_seconds() < self.n * _SECONDS[self.unit]
        return (later.local.date() - earlier.local.date()).days < self.n * _DAYS[self.unit]


def find(rows: Sequence[Screened], spacing: Spacing, key: Callable[[Event], Key]) -> list[Hit]:
    """One hit per key and run of contacts each of which follows its forerunner too soon.

    A run that needs a contact which counts only perhaps is ``undetermined``.
    """
    groups: dict[Key, list[Screened]] = {}
    for row in rows:
        groups.setdefault(key(row.event), []).append(row)
    hits = []
    for group_key, members in groups.items():
        sure = _runs([row for row in members if row.status == "in"], spacing)
        known = {row.event.id for run in sure for row in run}
        doubtful = _runs([row for row in members if row.status != "out"], spacing)
        out = left_out(members)
        for run in [*sure, *(run for run in doubtful if known.isdisjoint(row.event.id for row in run))]:
            events = tuple(row.event for row in run)
            missing = merge_missing(row for row in run if row.status == "maybe")
            result: Literal["met", "undetermined"] = "undetermined" if missing else "met"
            hits.append(Hit(result, group_key, events, len(events), *span(events), None, out, missing))
    return hits


def _runs(rows: Sequence[Screened], spacing: Spacing) -> list[list[Screened]]:
    ordered = sorted(rows, key=lambda r: (r.event.start, r.event.id))
    runs: list[list[Screened]] = []
    open_run = False
    for earlier, later in pairwise(ordered):
        if not spacing.too_near(earlier.event, later.event):
            open_run = False
        elif open_run:
            runs[-1].append(later)
        else:
            runs.append([earlier, later])
            open_run = True
    return runs
