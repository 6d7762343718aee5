"""Run one rule over events: selection, exclusions, the operator, and what happens to contacts nobody is named for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from evidence.detectors import contacts, counting, hours, latch, spacing
from evidence.detectors.base import Event, Hit, Key, Missing, Screened, span
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.parties import CREDITOR_SIDE
from evidence.rules import nearby, schema
from evidence.rules.model import CountOp, ForbidOp, HoursOp, LatchOp, Rule, SpacingOp
from evidence.rules.predicates import Answer, Context, ask, outcome_in, relation_in
from evidence.rules.triggers import triggers

CHANNELS_TOLD: dict[type, frozenset[str]] = {
    HoursOp: frozenset(schema.CHANNELS) - {"call", "visit"},
    LatchOp: frozenset(schema.CHANNELS),
    ForbidOp: frozenset(schema.CHANNELS),
}
"""Channels on which a contact by an unknown sender is looked at only when its words were recognised: a friend's
message at night is not a question for the borrower, fifty unknown calls are."""


@dataclass(frozen=True, slots=True)
class Env:
    """What a rule may use besides events. ``applies`` says whether the rule's norm reaches an event (scope and date);
    None: everywhere and always."""

    context: Context = field(default_factory=Context)
    holidays: Mapping[int, frozenset[date]] = field(default_factory=dict)
    applies: Callable[[Event], Answer] | None = None


def evaluate(rule: Rule, events: Sequence[Event], env: Env) -> list[Hit]:
    """The rule's hits in time order. Events of unknown senders never make a hit ``met``."""
    everything, events = events, _candidates(rule, events)
    if isinstance(rule.op, HoursOp):
        setting, unreadable = _agreed(rule.op, env)
        events = [e for e in events if e.creditor in unreadable or hours.may_be_outside(e, setting)]
    roles = _roles(rule)
    screened = (_screen_one(rule, event, env, _attributed(event, rule, roles)) for event in events)
    rows = [row for row in screened if row is not None]
    known = [row for row in rows if row.attributed]
    unknown = [row for row in rows if not row.attributed]
    key = _key_of(rule.per)
    match rule.op:
        case CountOp():
            hits = counting.find(known, rule.op.limit, key) + _count_unknown(rule, rule.op, known, unknown)
            hits = _beside(rule, hits, everything, None)
        case HoursOp():
            hits = hours.find([_doubted(row, unreadable) for row in known], setting, key)
            hits += _by_number(hours.find(unknown, setting, _key_of((*rule.per, "number"))), len(rule.per))
            hits = _beside(rule, hits, everything, setting)
        case SpacingOp():
            hits = spacing.find(known, rule.op.spacing, key)
            hits += _by_number(spacing.find(unknown, rule.op.spacing, _key_of((*rule.per, "number"))), len(rule.per))
        case LatchOp():
            found = triggers(rule.op, everything, env.context)
            rows = [row for row in known if row.event.purpose not in rule.op.allow_purposes] + unknown
            hits = latch.find(rows, found, _key_of(rule.op.same))
            places = [rule.op.same.index(k) if k in rule.op.same else None for k in rule.per]
            hits = [replace(h, key=tuple(h.key[i] if i is not None else None for i in places)) for h in hits]
        case ForbidOp():
            hits = contacts.find(known, key)
            hits += _by_number(contacts.find(unknown, _key_of((*rule.per, "number"))), len(rule.per))
    return sorted(hits, key=lambda h: (h.start.timestamp(), h.events[0].id))


def _beside(rule: Rule, hits: list[Hit], events: Sequence[Event], setting: hours.Hours | None) -> list[Hit]:
    days = nearby.by_day(events) if hits else {}
    return [nearby.with_near(rule, hit, days, setting) for hit in hits]


def _candidates(rule: Rule, events: Sequence[Event]) -> list[Event]:
    """Events on the rule's channels whose sender has one of its roles or is unknown."""
    channels = frozenset(rule.select.channels)
    roles = _roles(rule)
    telling = CHANNELS_TOLD.get(type(rule.op), frozenset())
    found = []
    for event in events:
        role = event.role or "unknown"
        if event.channel in channels and (
            role in roles or (role == "unknown" and (event.categories or event.channel not in telling))
        ):
            found.append(event)
    return found


def _roles(rule: Rule) -> frozenset[str]:
    return frozenset(rule.select.roles) or CREDITOR_SIDE


def _screen_one(rule: Rule, event: Event, env: Env, attributed: bool) -> Screened | None:
    """None when the rule has nothing to do with the event."""
    select = rule.select
    doubt: tuple[Missing, ...] = () if attributed else (Missing("party", event.number or ""),)
    if select.relations:
        answer, missing = relation_in(event, select.relations)
        if answer is False:
            return None
        doubt += missing
    if env.applies is not None:
        answer, missing = env.applies(event)
        if answer is False:
            return None
        doubt += missing if attributed else ()
    way = _WAYS[event.direction]
    if way is None and select.direction != "any":
        doubt += (Missing("direction", event.id),)
    elif select.direction not in ("any", way):
        why = _received_or_made(event, way)
        return Screened(event, "out", why, (), attributed)
    failed, missing = _conditions(rule, event, env.context)
    if failed:
        return Screened(event, "out", _reason(failed, event), (), attributed)
    doubt += missing
    for exclude in rule.exclude:
        answer, missing = ask(exclude.when, event, env.context)
        if answer:
            return Screened(
                event, "out", exclude.because.get(language(), exclude.because.get("en", "")), (), attributed
            )
        doubt += missing
    missing = tuple(dict.fromkeys(doubt)) if len(doubt) > 1 else doubt
    return Screened(event, "maybe" if doubt else "in", "", missing, attributed)


def _received_or_made(event: Event, way: str | None) -> str:
    if way != "from_victim":
        return _("received")
    return _("made by the borrower") if event.person == "self" else _("made by the person whose phone this is")


def _conditions(rule: Rule, event: Event, context: Context) -> tuple[str, tuple[Missing, ...]]:
    """The first condition of the selection that the event fails (or nothing), and the inputs that others lack."""
    select = rule.select
    doubt: tuple[Missing, ...] = ()
    if select.outcomes:
        answer, missing = outcome_in(event, select.outcomes, context.conversation_min_s)
        if answer is False:
            return "outcome", ()
        doubt += missing
    for name, values in (("place", select.places), ("purpose", select.purposes)):
        value = getattr(event, name) if values else None
        if values and value is None:
            doubt += (Missing(name, event.id),)
        elif values and value not in values:
            return name, ()
    if select.where is not None:
        answer, missing = ask(select.where, event, context)
        if answer is False:
            return "where", ()
        doubt += missing
    return "", doubt


def _reason(failed: str, event: Event) -> str:
    if failed == "outcome":
        return _("answered") if event.answered else _("not answered")
    return _("does not meet the rule's condition") if failed == "where" else _("another purpose or place")


def _attributed(event: Event, rule: Rule, roles: frozenset[str]) -> bool:
    if (event.role or "unknown") not in roles:
        return False
    return all(getattr(event, _FIELD.get(k, k)) is not None for k in rule.per if k in _NAMED)


_NAMED = ("creditor", "collector", "debt")
_WAYS = {"in": "to_victim", "out": "from_victim", None: None}
_FIELD = {"collector": "creditor", "collector_group": "creditor"}


def _key_of(per: Sequence[str]) -> Callable[[Event], Key]:
    names = tuple(_FIELD.get(name, name) for name in per)
    return lambda event: tuple(getattr(event, name) for name in names)


def _doubted(row: Screened, creditors: frozenset[str]) -> Screened:
    if row.status == "out" or row.event.creditor not in creditors:
        return row
    return replace(row, status="maybe", missing=(*row.missing, Missing("fact_keys", "hours_agreed")))


def _by_number(hits: Sequence[Hit], width: int) -> list[Hit]:
    """One hit per unknown number instead of one per day, so that a person is asked once about each."""
    grouped: dict[Key, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.key, []).append(hit)
    found = []
    for key, group in grouped.items():
        events = tuple(event for hit in group for event in hit.events)
        missing = tuple(dict.fromkeys(m for hit in group for m in hit.missing))
        out = tuple(pair for hit in group for pair in hit.left_out)
        found.append(Hit("undetermined", key[:width], events, len(events), *span(events), None, out, missing))
    return found


def _count_unknown(rule: Rule, op: CountOp, known: list[Screened], unknown: list[Screened]) -> list[Hit]:
    """Contacts without a stated sender: counted apart, merged, or (default) only shown as a question."""
    if not unknown:
        return []
    key = _key_of(rule.per)
    counted = [row for row in unknown if row.status != "out"]
    if op.on_unknown_key in ("merge", "separate"):
        roles = _roles(rule)  # merging is for senders that the rule names, not for whoever else is unknown
        sure = [_without(row, "party") for row in unknown if (row.event.role or "unknown") in roles]
        per = rule.per if op.on_unknown_key == "merge" else (*rule.per, "number")
        return [replace(h, key=h.key[: len(rule.per)]) for h in counting.find(sure, op.limit, _key_of(per))]
    place = [i for i, name in enumerate(rule.per) if _FIELD.get(name, name) != "creditor"]
    hits = counting.find(counted, op.limit, lambda e: tuple(v if i in place else None for i, v in enumerate(key(e))))
    asked = {event.id for hit in hits for event in hit.events}
    lenders = {row.event.creditor for row in known}
    candidates = [
        replace(row, event=replace(row.event, creditor=lender))
        for row in counted
        if row.event.role in CREDITOR_SIDE and row.event.id not in asked
        for lender in sorted(x for x in lenders if x is not None)
    ]
    if candidates:
        both = counting.find([*(row for row in known if row.status != "out"), *candidates], op.limit, key)
        own = {row.event.id for row in candidates}
        hits += [h for h in both if h.result == "undetermined" and any(e.id in own for e in h.events)]
    return hits


def _without(row: Screened, what: str) -> Screened:
    missing = tuple(m for m in row.missing if m.what != what)
    return row if row.status == "out" else replace(row, status="maybe" if missing else "in", missing=missing)


def _agreed(op: HoursOp, env: Env) -> tuple[hours.Hours, frozenset[str]]:
    """The allowed hours with those agreed per creditor, and creditors whose statement cannot be read."""
    agreed: dict[str, tuple[hours.Span, ...]] = {}
    unreadable = set()
    for fact in env.context.facts:
        if fact.type != op.agreed_fact or not fact.keys.get("creditor"):
            continue
        creditor = fact.keys["creditor"]
        try:
            start, end = hours.parse_clock(fact.keys.get("from", "")), hours.parse_clock(fact.keys.get("to", ""))
        except ValueError:
            unreadable.add(creditor)
            continue
        agreed[creditor] = hours.quiet_to_allowed(end, start)
    return replace(op.hours, holidays=env.holidays, agreed=agreed), frozenset(unreadable - set(agreed))
