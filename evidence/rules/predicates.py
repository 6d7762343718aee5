"""The closed list of predicates: three-valued questions about one event. No expressions, no patterns, no code.

True and False are known; None means that an input is missing, and the answer names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from evidence.detectors.base import Event, Missing
from evidence.models import Fact
from evidence.rules import schema
from evidence.rules.reader import Node
from evidence.times import from_utc_text

Answer = tuple[bool | None, tuple[Missing, ...]]
YES: Answer = (True, ())
NO: Answer = (False, ())


@dataclass(frozen=True, slots=True)
class Context:
    """What predicates may know besides the event. ``known`` holds scope values of the case (``debt_type``, …); they
    are about one lender only when ``known_of`` names it (the counting key)."""

    facts: tuple[Fact, ...] = ()
    conversation_min_s: float = 20.0
    known: Mapping[str, str] = field(default_factory=dict)
    known_of: str | None = None

    def about(self, name: str, creditor: str | None) -> str | None:
        """A scope value for the contacts of one creditor."""
        return self.known.get(name) if self.known_of in (None, creditor) else None


@dataclass(frozen=True, slots=True)
class Equals:
    """A field of the event, or of the scope, is one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagsAny:
    """One of the flags is set. ``absent_unknown``: a flag that is not set says nothing."""

    flags: tuple[str, ...]
    absent_unknown: bool = False


@dataclass(frozen=True, slots=True)
class DurationGe:
    """The call lasted at least so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class DaysPastDueGt:
    """More than so many days after the ``due_date`` statement."""

    days: int


@dataclass(frozen=True, slots=True)
class CategoryIn:
    """The event's words were given one of the categories."""

    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactExists:
    """A statement of this type was made before the event, about the same keys. ``last_days``: at most so long before.
    ``absent_unknown``: not stated is not the same as no."""

    fact: str
    same: tuple[str, ...] = ()
    last_days: int | None = None
    absent_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Combine:
    """``all``, ``any`` or ``not`` of other predicates."""

    how: str
    parts: tuple[Predicate, ...]


Predicate = Equals | FlagsAny | DurationGe | DaysPastDueGt | CategoryIn | FactExists | Combine


def ask(predicate: Predicate, event: Event, context: Context) -> Answer:
    """The answer for one event, with the missing inputs when it is None."""
    match predicate:
        case Combine():
            return _combine(predicate, [ask(part, event, context) for part in predicate.parts])
        case Equals():
            return _equals(predicate, event, context)
        case FlagsAny():
            if event.flags.intersection(predicate.flags):
                return YES
            return (None, (Missing("flag", predicate.flags[0]),)) if predicate.absent_unknown else NO
        case DurationGe():
            if event.duration_s is None:
                return None, (Missing("duration", event.id),)
            return event.duration_s >= predicate.seconds, ()
        case CategoryIn():
            return not event.categories.isdisjoint(predicate.categories), ()
        case DaysPastDueGt():
            return _past_due(predicate, event, context)
        case FactExists():
            return _fact_exists(predicate, event, context)


def _combine(predicate: Combine, answers: Sequence[Answer]) -> Answer:
    missing = tuple(m for answer, why in answers if answer is None for m in why)
    values = [answer for answer, _why in answers]
    if predicate.how == "not":
        return (None, missing) if values[0] is None else (not values[0], ())
    decisive = predicate.how == "any"
    if decisive in values:
        return decisive, ()
    return (None, missing) if None in values else (not decisive, ())


def _equals(predicate: Equals, event: Event, context: Context) -> Answer:
    name = predicate.field
    if name == "outcome":
        return outcome_in(event, predicate.values, context.conversation_min_s)
    if name in ("relation", "person_relation"):
        return relation_in(event, predicate.values)
    value = getattr(event, name) if name in schema.EVENT_VALUES else context.about(name, event.creditor)
    if value is None and name == "role":
        value = "unknown"
    if value is None:
        about = (event.creditor or "") if name in schema.SCOPE_VALUES else event.id
        return None, (Missing(name, about),)
    return value in predicate.values, ()


def outcome_in(event: Event, outcomes: Iterable[str], conversation_min_s: float) -> Answer:
    """Whether a call ended in one of the ways; a message is ``delivered``."""
    wanted = set(outcomes)
    if event.channel not in ("call", "voicemail"):
        return "delivered" in wanted, ()
    if event.answered is None:
        return None, (Missing("outcome", event.id),)
    if not event.answered:
        return "attempted" in wanted, ()
    if "connected" in wanted:
        return YES
    if "conversation" not in wanted:
        return NO
    if event.duration_s is None:
        return None, (Missing("duration", event.id),)
    return event.duration_s >= conversation_min_s, ()


def relation_in(event: Event, relations: Iterable[str]) -> Answer:
    """Whether the person reached stands in one of the relations; someone else's phone is never the debtor's."""
    wanted = set(relations)
    if event.person == "self":
        return "debtor" in wanted, ()
    if event.relation is not None:
        return event.relation in wanted, ()
    if not wanted - {"debtor"}:
        return NO
    if wanted >= set(schema.EVENT_VALUES["relation"]) - {"debtor"}:
        return YES
    return None, (Missing("relation", event.person),)


def _past_due(predicate: DaysPastDueGt, event: Event, context: Context) -> Answer:
    for fact in context.facts:
        if fact.type == "due_date" and fact.time.utc and _same(fact, event, ("creditor",)) is not False:
            due = from_utc_text(fact.time.utc).astimezone(event.local.tzinfo).date()
            return (event.local.date() - due).days > predicate.days, ()
    return None, (Missing("fact", "due_date"),)


def _fact_exists(predicate: FactExists, event: Event, context: Context) -> Answer:
    doubt = False
    for fact in context.facts:
        if fact.type != predicate.fact:
            continue
        if fact.time.utc is not None:
            at = from_utc_text(fact.time.utc)
            too_old = predicate.last_days is not None and event.start - at > timedelta(days=predicate.last_days)
            if at > event.start or too_old:
                continue
        same = _same(fact, event, predicate.same)
        if same:
            return YES
        doubt |= same is None
    if doubt:
        return None, (Missing("fact_keys", predicate.fact),)
    return (None, (Missing("fact", predicate.fact),)) if predicate.absent_unknown else NO


def _same(fact: Fact, event: Event, keys: Sequence[str]) -> bool | None:
    """Whether a statement is about the event's creditor, person, …; None when either does not say.

    A statement that names no person is about the borrower.
    """
    unsure = False
    for key in keys:
        stated = fact.keys.get(key) or ("self" if key == "person" else None)
        actual = getattr(event, key)
        if stated is None or actual is None:
            unsure = True
        elif stated != actual:
            return False
    return None if unsure else True


def read(node: Node) -> Predicate | None:
    """A predicate of a pack: a mapping whose keys must all hold. Faults are reported on the node."""
    parts: list[Predicate] = []
    for name, allowed in (schema.EVENT_VALUES | schema.SCOPE_VALUES).items():
        if node.has(name):
            value = node.data[name]
            words = (node.word(name, allowed),) if isinstance(value, str) else node.words(name, allowed)
            parts.append(Equals(name, words))
    for how in ("all", "any"):
        if node.has(how):
            parts.append(Combine(how, tuple(p for c in node.children(how) if (p := read(c)) is not None)))
    negated = node.child("not")
    if negated is not None and (inner := read(negated)) is not None:
        parts.append(Combine("not", (inner,)))
    parts += _read_special(node)
    node.done()
    if not parts:
        node.error("says nothing")
        return None
    return parts[0] if len(parts) == 1 else Combine("all", tuple(parts))


def _read_special(node: Node) -> list[Predicate]:
    parts: list[Predicate] = []
    absent_unknown = node.word("absent", ("unknown", "false"), "false") == "unknown"
    if node.has("flags_any"):
        parts.append(FlagsAny(node.words("flags_any", schema.FLAGS) or ("",), absent_unknown))
    if node.has("duration_ge"):
        parts.append(DurationGe(node.number("duration_ge", 0.0)))
    if node.has("days_past_due_gt"):
        parts.append(DaysPastDueGt(node.integer("days_past_due_gt")))
    if node.has("category_in"):
        parts.append(CategoryIn(node.words("category_in")))
    for name in ("fact_exists", "fact_within"):
        child = node.child(name)
        if child is None:
            continue
        last = child.child("last") if name == "fact_within" else None
        days = None
        if last is not None:
            days = last.integer("n") * (7 if last.word("unit", ("day", "week"), "day") == "week" else 1)
            last.done()
        parts.append(
            FactExists(
                child.word("fact", schema.FACT_TYPES),
                child.words("same", ("creditor", "person", "debt", "number")),
                days,
                child.word("absent", ("unknown", "false"), "false") == "unknown",
            )
        )
        child.done()
    return parts
