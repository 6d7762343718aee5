"""Findings from words: one per event and category, resting on the pack's conduct map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

from evidence.detectors.base import Event, Missing
from evidence.detectors.wording import Words
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.models import Basis, Effect, Finding, LeftOut, Record
from evidence.parties import Directory
from evidence.rules.events import Joined
from evidence.rules.gates import basis, effect_of, finding_id, strongest, version_for, weakest
from evidence.rules.messages import fill, missing_text
from evidence.rules.model import Conduct, Pack
from evidence.rules.predicates import Context, ask
from evidence.times import from_utc_text

_SPEAKER = "speaker"


def word_findings(
    joined: Sequence[Joined],
    words: Mapping[str, tuple[Words, ...]],
    events: Mapping[str, Event],
    directory: Directory,
    pack: Pack,
    context: Context,
    zone: ZoneInfo,
) -> list[Finding]:
    """One finding per event and label. ``events`` are those of the case by id; pictures get one of their own."""
    placed = [(one, _event_of(one, events, directory, zone)) for one in joined if one.main.id in words]
    often: dict[tuple[str, str], int] = {}
    for one, event in placed:
        for found in words[one.main.id]:
            key = (found.label, _sender(event, one.main))
            often[key] = often.get(key, 0) + 1
    findings = []
    for one, event in placed:
        role = directory.find(one.main.number, one.main.name).role
        for found in words[one.main.id]:
            conduct = pack.conduct.get(found.label)
            if conduct is not None and role not in conduct.roles_exempt:
                n = often[found.label, _sender(event, one.main)]
                findings.append(_finding(one, event, found, conduct, n, pack, context))
    return findings


def _sender(event: Event | None, record: Record) -> str:
    return (event.creditor if event else None) or record.number or record.name or record.id


def _event_of(one: Joined, events: Mapping[str, Event], directory: Directory, zone: tzinfo) -> Event | None:
    record = one.main
    if record.id in events:
        return events[record.id]
    if record.time.utc is None:
        return None
    who = directory.find(record.number, record.name)
    start = from_utc_text(record.time.utc)
    return Event(
        record.id,
        start,
        start.astimezone(zone),
        "im",
        record.direction,
        precision_s=record.time.precision_s,
        number=record.number,
        person=record.holder,
        relation=directory.relation_of(record.holder),
        role=who.role,
        creditor=who.creditor,
        lender_type=who.lender_type,
    )


def _finding(
    one: Joined, event: Event | None, found: Words, conduct: Conduct, n: int, pack: Pack, context: Context
) -> Finding:
    record = one.main
    bases, effect, versions, notes, missing = _law(event, conduct, n, pack, context)
    if not found.sure:
        missing = (Missing(_SPEAKER, record.id), *missing)
        effect = "undetermined"
    if found.weak:
        effect = weakest(effect, "indicator")
    window = event.local.isoformat(timespec="seconds") if event is not None else None
    rule = f"{pack.id}.words.{found.label}"
    records = tuple(dict.fromkeys((record.id, *(quote.record for quote in found.quotes))))
    return Finding(
        id=finding_id(rule, versions, records),
        rule=rule,
        category=found.label,
        effect=effect,
        severity=min(5, max(1, conduct.harm + found.severity - 2)),
        records=records,
        quotes=found.quotes,
        counted=None,
        window_from=window,
        window_to=window,
        left_out=tuple(
            LeftOut(other.id, _("the same event as {record}, counted once").format(record=record.id))
            for other in one.others
            if other.id not in records
        ),
        basis=bases,
        filing=effect != "undetermined" and not found.weak,
        why=_why(event, found, conduct, missing, effect),
        assumptions=(_("Word rules: {rules}.").format(rules=", ".join(found.rules)), *notes),
        missing=tuple(missing_text(m) for m in missing),
        subject=record.holder,
        creditor=event.creditor if event is not None else None,
        pack=pack.stamp,
    )


def _law(
    event: Event | None, conduct: Conduct, n: int, pack: Pack, context: Context
) -> tuple[tuple[Basis, ...], Effect, str, tuple[str, ...], tuple[Missing, ...]]:
    """Clauses, effect, the versions in force that day, what the clauses ask for besides, and what is missing."""
    if event is None:
        return (), "undetermined", "", (), (Missing("date"),)
    ranked: list[tuple[int, Basis]] = []
    effects: list[Effect] = []
    notes: list[str] = []
    missing: tuple[Missing, ...] = ()
    versions = []
    for place, entry in enumerate(conduct.entries):
        norm = pack.norms[entry.norm]
        version, unknown = version_for(norm, event, context)
        if version is None:
            missing += unknown
            continue
        versions.append(version.id)
        reached, unknown = (True, ()) if norm.scope is None else ask(norm.scope, event, context)
        if reached is None:
            missing += unknown
        if not reached or n < entry.min_events:
            continue
        item = basis(norm, version, entry)
        weight = (0 if norm.force == "binding" else 2) + (0 if entry.strength == "express" else 1)
        ranked.append((weight * 100 + place, item))
        wanted = conduct.effect if entry.strength == "express" else "indicator"
        effects.append(effect_of(norm, version, wanted))
        if entry.elements:
            elements = _("; ").join(text.get(language()) or text["en"] for text in entry.elements)
            notes.append(_("{cite} also asks for: {elements}.").format(cite=item.cite, elements=elements))
    bases = tuple(item for _rank, item in sorted(ranked, key=lambda pair: pair[0]))
    effect = strongest(*effects) if effects else "undetermined"
    return bases, effect, ",".join(sorted(versions)), tuple(notes), () if effects else tuple(dict.fromkeys(missing))


def _why(event: Event | None, found: Words, conduct: Conduct, missing: Sequence[Missing], effect: Effect) -> str:
    quoted = _("; ").join(f"“{quote.text}”" for quote in found.quotes[:3])
    unknown = _("a sender who is not yet named ({numbers})")
    number = (event.number if event is not None else None) or _("number not shown")
    creditor = (event.creditor if event is not None else None) or unknown.format(numbers=number)
    person = event.person if event is not None else "self"
    text = fill(
        conduct.explain.get(language()) or conduct.explain["en"],
        {
            "list": quoted,
            "n": str(len(found.quotes)),
            "day": event.local.date().isoformat() if event is not None else _("on a day not known"),
            "first": event.local.strftime("%H:%M") if event is not None else "",
            "creditor": creditor,
            "person": _("the borrower") if person == "self" else person,
        },
    )
    if effect != "undetermined":
        return text
    needed = _(", ").join(missing_text(m) for m in missing)
    return _("Not decided: {text} Needed: {needed}.").format(text=text, needed=needed)
