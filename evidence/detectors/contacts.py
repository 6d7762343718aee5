"""Contacts that are not allowed at all: every selected one, gathered by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from evidence.detectors.base import Event, Hit, Key, Screened, left_out, merge_missing, span


def find(rows: Sequence[Screened], key: Callable[[Event], Key]) -> list[Hit]:
    """One hit per key. With at least one certain contact it is met by the certain ones; else undetermined."""
    groups: dict[Key, list[Screened]] = {}
    for row in rows:
        groups.setdefault(key(row.event), []).append(row)
    hits = []
    for group_key, members in groups.items():
        sure = [row for row in members if row.status == "in"]
        maybe = [row for row in members if row.status == "maybe"]
        counted = sure or maybe
        if not counted:
            continue
        events = tuple(sorted((row.event for row in counted), key=lambda e: (e.start, e.id)))
        result: Literal["met", "undetermined"] = "met" if sure else "undetermined"
        missing = () if sure else merge_missing(maybe)
        out = left_out(members) + (tuple((row.event, "maybe") for row in maybe) if sure else ())
        hits.append(Hit(result, group_key, events, len(events), *span(events), None, out, missing))
    return hits
