"""From statements and events to the times from which on, and until which, contacts are forbidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from evidence.detectors import latch
from evidence.detectors.base import Event
from evidence.models import Fact
from evidence.rules import notices
from evidence.rules.model import LatchOp
from evidence.rules.predicates import Context, ask
from evidence.times import from_utc_text


def triggers(op: LatchOp, events: Sequence[Event], context: Context) -> list[latch.Trigger]:
    """The statements and events after which a rule forbids contacts."""
    found = [_fact_trigger(fact, op, context) for fact in context.facts if fact.type in op.facts]
    if op.event is not None:
        for event in events:
            answer, _missing = ask(op.event, event, context)
            if answer:
                keys = tuple(getattr(event, name) for name in op.same)
                found.append(latch.Trigger(event.start, keys, _until(op, event.start, event.local.tzinfo)))
    return found


def _fact_trigger(fact: Fact, op: LatchOp, context: Context) -> latch.Trigger:
    keys = tuple(fact.keys.get(name) or ("self" if name == "person" else None) for name in op.same)
    channels = notices.forbidden(fact)
    if fact.time.utc is None:
        return latch.Trigger(datetime.min.replace(tzinfo=UTC), keys, about=fact.type, undated=True, channels=channels)
    at = from_utc_text(fact.time.utc)
    until = _until(op, at, None)
    ends = [
        from_utc_text(other.time.utc)
        for other in context.facts
        if other.type in op.until and other.time.utc is not None and _compatible(fact, other, op.same)
    ]
    ends = [end for end in ends if end > at]
    form = op.formality.get(fact.form or "")
    if (
        form is not None
        and form.lapses_after_days is not None
        and not _confirmed(fact, at, form.confirm_within_days, context)
    ):
        ends.append(at + timedelta(days=form.lapses_after_days))
    limits = [*ends, *([until] if until is not None else [])]
    return latch.Trigger(at, keys, min(limits) if limits else None, fact.time.precision_s, fact.type, channels=channels)


def _compatible(one: Fact, other: Fact, names: Sequence[str]) -> bool:
    return all(not one.keys.get(n) or not other.keys.get(n) or one.keys[n] == other.keys[n] for n in names)


def _confirmed(fact: Fact, at: datetime, within: int | None, context: Context) -> bool:
    """Whether the same statement was repeated in writing in time."""
    for other in context.facts:
        if other.type == fact.type and other.form == "written" and other.time.utc is not None:
            gap = from_utc_text(other.time.utc) - at
            if timedelta(0) <= gap <= timedelta(days=within or 0):
                return True
    return False


def _until(op: LatchOp, at: datetime, zone: Any) -> datetime | None:
    if op.for_n is None:
        return None
    if op.for_unit == "hour" or zone is None:
        return at + timedelta(hours=op.for_n) if op.for_unit == "hour" else at + timedelta(days=op.for_n * _days(op))
    first = at.astimezone(zone).date() + timedelta(days=op.for_n * _days(op) + (0 if op.day0_counts else 1))
    return datetime.combine(first, datetime.min.time(), zone).astimezone(UTC)


def _days(op: LatchOp) -> int:
    return 7 if op.for_unit == "week" else 1
