"""Contacts after something that forbids them: a refusal, a notice, a conversation, a death in the family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from evidence.detectors.base import Event, Hit, Key, Missing, Screened, left_out, merge_missing, span


@dataclass(frozen=True, slots=True)
class Trigger:
    """From when on (UTC, strictly after) contacts with ``keys`` are forbidden. ``until`` is exclusive, None: for good.

    A key of None means that the statement does not name it; a contact is then only perhaps meant. ``precision_s`` is
    that of the statement's time; ``about`` names it in a missing input; ``undated``: nobody said when. ``channels``
    are those that are forbidden, None: all.
    """

    at: datetime
    keys: tuple[str | None, ...]
    until: datetime | None = None
    precision_s: float = 1.0
    about: str = ""
    undated: bool = False
    channels: frozenset[str] | None = None

    def covers(self, event: Event, key: Key) -> tuple[bool | None, tuple[Missing, ...]]:
        """Whether an event is one of the forbidden ones; None with what is missing when that is open."""
        if self.channels is not None and event.channel not in self.channels:
            return False, ()
        if any(
            mine is not None and theirs is not None and mine != theirs
            for mine, theirs in zip(self.keys, key, strict=True)
        ):
            return False, ()
        if self.undated:
            return None, (Missing("fact_time", self.about),)
        if event.start <= self.at or (self.until is not None and event.start >= self.until):
            return False, ()
        if any(mine is None for mine in self.keys):
            return None, (Missing("fact_keys", self.about),)
        if any(theirs is None for theirs in key):
            return None, (Missing("party", event.number or ""),)
        before, _after = event.reach
        width = timedelta(seconds=self.precision_s if self.precision_s > 1 else 0)
        if event.start - before <= self.at + width and (before or width):
            return None, (Missing("time", event.id),)
        return True, ()


def find(rows: Sequence[Screened], triggers: Sequence[Trigger], key: Callable[[Event], Key]) -> list[Hit]:
    """One hit per key with every contact that some trigger forbids; left out is what would have been forbidden but for
    the rule's own selection (a call that the borrower made)."""
    groups: dict[Key, list[Screened]] = {}
    for row in rows:
        verdict, missing = _verdict(row.event, key(row.event), triggers)
        if verdict is None and row.status != "out":
            groups.setdefault(key(row.event), []).append(replace(row, status="maybe", missing=(*row.missing, *missing)))
        elif verdict:
            groups.setdefault(key(row.event), []).append(row)
    hits = []
    for group_key, members in groups.items():
        sure = [row for row in members if row.status == "in"]
        counted = sure or [row for row in members if row.status == "maybe"]
        if not counted:
            continue
        events = tuple(sorted((row.event for row in counted), key=lambda e: (e.start, e.id)))
        result: Literal["met", "undetermined"] = "met" if sure else "undetermined"
        missing = () if sure else merge_missing(counted)
        hits.append(Hit(result, group_key, events, len(events), *span(events), None, left_out(members), missing))
    return hits


def _verdict(event: Event, key: Key, triggers: Sequence[Trigger]) -> tuple[bool | None, tuple[Missing, ...]]:
    doubt: tuple[Missing, ...] | None = None
    for trigger in triggers:
        answer, missing = trigger.covers(event, key)
        if answer:
            return True, ()
        if answer is None:
            doubt = (doubt or ()) + missing
    return (None, doubt) if doubt is not None else (False, ())
