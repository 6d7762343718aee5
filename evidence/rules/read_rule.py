"""One rule of a pack file: selection, operator, texts, fixtures."""

from __future__ import annotations

from typing import Any, cast

from evidence.detectors.counting import Limit, Unit, Window
from evidence.detectors.hours import DAY_NAMES, Hours, Span, parse_clock
from evidence.detectors.spacing import Spacing
from evidence.rules import schema
from evidence.rules.model import (
    CountOp,
    Exclude,
    Fixture,
    ForbidOp,
    Formality,
    HoursOp,
    LatchOp,
    Op,
    Rule,
    Select,
    SpacingOp,
)
from evidence.rules.predicates import read
from evidence.rules.read_law import read_clause, read_scope, read_texts_list
from evidence.rules.reader import Node

_DEFAULT_PER = {"hours": ("creditor", "person"), "forbid": ("creditor", "person"), "latch": ("creditor", "person")}


def read_rule(node: Node, languages: tuple[str, ...], header: Node | None = None) -> Rule:
    """A rule; ``header`` supplies ``week_starts``. Faults are reported on the node."""
    op_name = node.word("op", schema.OPERATORS)
    per = node.words("per", schema.KEYS) or _DEFAULT_PER.get(op_name, ("creditor", "person"))
    rule = Rule(
        id=node.text("id"),
        norm=node.text("norm"),
        clause=node.texts("clause", languages),
        category=node.text("category"),
        op=_operator(node, op_name, header),
        effect=node.word("effect", schema.EFFECTS),
        harm=node.integer("harm"),
        select=_select(node.child("select") or Node({}, f"{node.where}.select", node.errors)),
        per=per,
        explain=node.texts("explain", languages),
        exclude=tuple(_exclude(child, languages) for child in node.children("exclude")),
        scope=read_scope(node),
        from_=node.day("from"),
        to=node.day("to"),
        also=tuple(read_clause(child, languages) for child in node.children("also")),
        assumptions=read_texts_list(node, "assumptions", languages),
        source=node.text("source", ""),
        working_value=node.flag("working_value"),
        overrides=node.words("overrides"),
        fixtures=tuple(_fixture(child) for child in node.children("fixtures")),
    )
    node.done()
    return rule


def _select(node: Node) -> Select:
    where = node.child("where")
    select = Select(
        channels=node.words("channels", schema.CHANNELS),
        direction=node.word("direction", schema.DIRECTIONS, "to_victim"),
        roles=node.words("roles", schema.EVENT_VALUES["role"]),
        outcomes=node.words("outcomes", schema.OUTCOMES),
        relations=node.words("relations", schema.EVENT_VALUES["relation"]),
        places=node.words("places", schema.PLACES),
        purposes=node.words("purposes", schema.PURPOSES),
        where=read(where) if where is not None else None,
    )
    node.done()
    if not select.channels:
        node.error("names no channel", "channels")
    return select


def _exclude(node: Node, languages: tuple[str, ...]) -> Exclude:
    because = node.texts("because", languages)
    rest = Node({k: v for k, v in node.data.items() if k != "because"}, node.where, node.errors)
    when = read(rest)
    return Exclude(when or cast(Any, None), because)


def _operator(node: Node, name: str, header: Node | None) -> Op:
    if name == "hours":
        return _hours(node)
    if name == "count":
        return _count(node, header)
    if name == "spacing":
        least = node.child("min") or Node({}, f"{node.where}.min", node.errors)
        spacing = Spacing(least.integer("n"), cast(Any, least.word("unit", schema.UNITS)))
        least.done()
        return SpacingOp(spacing)
    if name == "latch":
        return _latch(node)
    return ForbidOp()


def _hours(node: Node) -> HoursOp:
    spans: list[Span] = []
    for child in node.children("allowed"):
        days = child.words("days", schema.DAYS) or DAY_NAMES
        start, end = _clock(child, "from"), _clock(child, "to")
        from_incl, to_incl = child.flag("from_incl", True), child.flag("to_incl")
        child.done()
        if start < end:
            spans.append(Span(frozenset(days), start, end, from_incl, to_incl))
        else:
            child.error("ends before it begins; split a span over midnight in two")
    if not spans:
        node.error("names no allowed time", "allowed")
    holiday = cast(Any, node.word("holiday", schema.HOLIDAY, "normal"))
    agreed = node.word("agreed_fact", schema.FACT_TYPES) if node.has("agreed_fact") else None
    return HoursOp(Hours(tuple(spans), holiday, node.flag("overlap")), agreed)


def _clock(node: Node, key: str) -> float:
    text = node.text(key)
    try:
        return parse_clock(text)
    except ValueError:
        node.error(f"must be a time of day HH:MM between 00:00 and 24:00, not {text!r}", key)
        return 0.0


def _count(node: Node, header: Node | None) -> CountOp:
    inner = node.child("window") or Node({}, f"{node.where}.window", node.errors)
    kind = inner.word("kind", schema.WINDOW_KINDS)
    week = header.data.get("week_starts", "mon") if header is not None else "mon"
    unit = cast(Unit, inner.word("unit", schema.UNITS, "day"))
    window = Window(cast(Any, kind), unit, inner.integer("n", 1), cast(Any, week))
    if kind == "calendar" and (unit in ("second", "minute", "hour") or window.n != 1):
        inner.error("a calendar window is one day, week or month")
    inner.done()
    distinct = cast(Any, node.word("distinct", schema.DISTINCT, "event"))
    unknown = node.word("on_unknown_key", schema.UNKNOWN_KEY, "undetermined")
    return CountOp(Limit(window, node.integer("limit"), distinct), unknown)


def _latch(node: Node) -> LatchOp:
    trigger = node.child("trigger") or Node({}, f"{node.where}.trigger", node.errors)
    facts = trigger.words("facts", schema.FACT_TYPES)
    event = trigger.child("event")
    predicate = read(event) if event is not None else None
    trigger.done()
    if not facts and predicate is None:
        trigger.error("names neither facts nor an event")
    period = node.child("for")
    n, unit, day0 = None, "day", False
    if period is not None:
        n, unit = period.integer("n"), period.word("unit", ("hour", "day", "week"), "day")
        day0 = period.flag("day0_counts")
        period.done()
    formality = node.child("formality")
    forms: dict[str, Formality] = {}
    for form in ("oral", "written"):
        child = formality.child(form) if formality is not None else None
        if child is not None:
            lapses, confirm = child.integer("lapses_after_days", 0), child.integer("confirm_within_days", 0)
            forms[form] = Formality(lapses or None, confirm or None)
            child.done()
    return LatchOp(
        facts=facts,
        event=predicate,
        same=node.words("same", ("creditor", "person", "debt", "number")),
        for_n=n,
        for_unit=unit,
        day0_counts=day0,
        until=node.words("until", schema.FACT_TYPES),
        allow_purposes=node.words("allow_purposes", schema.PURPOSES),
        formality=forms,
    )


def _fixture(node: Node) -> Fixture:
    counted = node.integer("counted", -1)
    fixture = Fixture(
        name=node.text("name"),
        expect=node.word("expect", ("met", "not_met", "undetermined")),
        counted=None if counted < 0 else counted,
        lender_type=node.text("lender_type", "") or None,
        debtor_zone=node.text("zone", "") or None,
        relation=node.text("relation", "") or None,
        events=tuple(dict(child.data) for child in node.children("events")),
        facts=tuple(dict(child.data) for child in node.children("facts")),
    )
    node.done()
    return fixture
