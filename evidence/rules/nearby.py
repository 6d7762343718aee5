"""What was close to being counted and was not: each figure lists the records left out of it, with the reason.

Looked at are the days of the hit, contacts of the same creditor at the very edge of the allowed hours, and contacts of
senders who are not stated to belong to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from evidence.detectors import hours
from evidence.detectors.base import Event, Hit
from evidence.i18n import gettext as _
from evidence.rules.messages import left_out_reason
from evidence.rules.model import Rule
from evidence.rules.predicates import relation_in

LISTED = 20
EDGE_S = 60.0
Days = Mapping[date, Sequence[Event]]


def by_day(events: Iterable[Event]) -> Days:
    """Events by the local day of their start."""
    found: dict[date, list[Event]] = {}
    for event in events:
        found.setdefault(event.local.date(), []).append(event)
    return found


def with_near(rule: Rule, hit: Hit, days: Days, setting: hours.Hours | None) -> Hit:
    """The hit with its near misses among the left out, at most ``LISTED``. ``setting``: the hours of an hours rule."""
    if hit.result != "met":
        return hit
    seen = {event.id for event in hit.events} | {event.id for event, _why in hit.left_out}
    near = []
    for day in sorted({event.local.date() for event in hit.events}):
        for event in days.get(day, ()):
            reason = None if event.id in seen else _reason(rule, hit, event, setting)
            if reason is not None:
                near.append((event, reason))
    listed = sorted((*hit.left_out, *near), key=lambda pair: (pair[0].start, pair[0].id))
    rest = len(listed) - LISTED
    if rest > 0:
        event, reason = listed[LISTED - 1]
        more = _("{reason}; {n} more left out are not listed").format(reason=left_out_reason(reason), n=rest)
        listed = [*listed[: LISTED - 1], (event, more)]
    return replace(hit, left_out=tuple(listed))


def _reason(rule: Rule, hit: Hit, event: Event, setting: hours.Hours | None) -> str | None:
    """Why an event of the day was not counted; None when it was never near."""
    select = rule.select
    if event.channel not in select.channels or event.direction == "out" or not _same_person(rule, hit, event):
        return None
    if select.relations and relation_in(event, select.relations)[0] is False:
        return None
    if (event.role or "unknown") == "unknown":
        told = event.channel in ("call", "visit") or bool(event.categories)
        outside = setting is None or hours.may_be_outside(event, setting)
        return _("nobody is stated to be behind this number") if told and outside else None
    if setting is None or event.creditor is None or event.creditor != hit.events[0].creditor:
        return None
    if hours.may_be_outside(event, setting) or event.precision_s > 1:
        return None
    if not hours.may_be_outside(replace(event, precision_s=EDGE_S), setting):
        return None
    return _("starts at {clock}, within the allowed hours").format(clock=event.local.strftime("%H:%M:%S"))


def _same_person(rule: Rule, hit: Hit, event: Event) -> bool:
    return "person" not in rule.per or event.person == hit.events[0].person
