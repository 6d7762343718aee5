"""Findings from words: one per event and category, resting on the pack's conduct map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from evidence.detectors.base import Event, Missing
from evidence.detectors.wording import Words
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.models import Basis, Effect, Finding, LeftOut, Record
from evidence.parties import Directory
from evidence.rules.events import Joined
from evidence.rules.gates import basis, effect_of, finding_id, strongest, taken_for_granted, version_for, weakest
from evidence.rules.messages import fill, missing_text
from evidence.rules.model import Conduct, ConductEntry, Norm, NormVersion, Pack
from evidence.rules.predicates import Answer, Context, Predicate, ask
from evidence.times import from_utc_text

_SPEAKER = "speaker"
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Reach:
    """A clause that was in force on the day of the act, or the inputs that say whether it was."""

    place: int
    entry: ConductEntry
    norm: Norm
    version: NormVersion | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """One label in one event, before anything is judged. ``author``: as the borrower states it."""

    one: Joined
    event: Event | None
    words: Words
    conduct: Conduct
    reaches: tuple[_Reach, ...]
    id: str
    rule: str
    versions: str
    author: str | None

    @property
    def sure(self) -> bool:
        return self.words.sure or self.author == "other"

    @property
    def key(self) -> _Key:
        """What counts together: same words' label, same sender, same person reached."""
        record = self.one.main
        sender = (self.event.creditor if self.event else None) or record.number or record.name or record.id
        return self.words.label, sender, record.holder

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.one.main.id, *(quote.record for quote in self.words.quotes))))


def word_findings(
    joined: Sequence[Joined],
    words: Mapping[str, tuple[Words, ...]],
    events: Mapping[str, Event],
    directory: Directory,
    pack: Pack,
    context: Context,
    zone: ZoneInfo,
    authors: Mapping[str, str] | None = None,
) -> list[Finding]:
    """One finding per event and label. ``events`` are those of the case by id; pictures get one of their own.
    ``authors``: who is stated to have written the words of a finding whose records do not show it."""
    places = []
    for one in joined:
        event = _event_of(one, events, directory, zone) if one.main.id in words else None
        role = directory.find(one.main.number, one.main.name).role
        for found in words.get(one.main.id, ()):
            conduct = pack.conduct.get(found.label)
            if conduct is not None and role not in conduct.roles_exempt:
                places.append(_place(one, event, found, conduct, pack, context, authors or {}))
    days: dict[_Key, list[date]] = {}
    for place in places:
        if place.sure and place.author != "self" and place.event is not None:
            days.setdefault(place.key, []).append(place.event.local.date())
    return [
        _own_words(place, pack) if place.author == "self" else _finding(place, days.get(place.key, []), pack, context)
        for place in places
    ]


def _place(
    one: Joined,
    event: Event | None,
    found: Words,
    conduct: Conduct,
    pack: Pack,
    context: Context,
    authors: Mapping[str, str],
) -> _Place:
    reaches = _reaches(event, conduct, pack, context) if event is not None else ()
    versions = ",".join(sorted({r.version.id for r in reaches if r.version is not None}))
    rule = f"{pack.id}.words.{found.label}"
    place = _Place(one, event, found, conduct, reaches, "", rule, versions, None)
    ident = finding_id(rule, versions, place.records)
    return replace(place, id=ident, author=None if found.sure else authors.get(ident))


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


def _finding(place: _Place, days: Sequence[date], pack: Pack, context: Context) -> Finding:
    one, event, found, conduct = place.one, place.event, place.words, place.conduct
    record = one.main
    bases, effect, notes, missing = _law(place, days, context)
    if not place.sure:
        missing = (Missing(_SPEAKER, record.id), *missing)
        effect = "undetermined"
    if found.weak:
        effect = weakest(effect, "indicator")
    window = event.local.isoformat(timespec="seconds") if event is not None else None
    stated = (_stated_author(record),) if place.author == "other" else ()
    return Finding(
        id=place.id,
        rule=place.rule,
        category=found.label,
        effect=effect,
        severity=min(5, max(1, conduct.harm + found.severity - 2)),
        records=place.records,
        quotes=found.quotes,
        counted=None,
        window_from=window,
        window_to=window,
        left_out=tuple(
            LeftOut(other.id, _("the same event as {record}, counted once").format(record=record.id))
            for other in one.others
            if other.id not in place.records
        ),
        basis=bases,
        filing=effect != "undetermined" and not found.weak,
        why=_why(event, found, conduct, missing, effect),
        assumptions=(*stated, *notes, *taken_for_granted(bases, pack)),
        missing=tuple(missing_text(m) for m in missing),
        needs=tuple(dict.fromkeys(m.what for m in missing)),
        subject=record.holder,
        creditor=event.creditor if event is not None else None,
        pack=f"{pack.stamp} words:{','.join(found.rules)}",
    )


def _stated_author(record: Record) -> str:
    if record.kind == "call":
        return _("That the quoted words of the recording are the other side's is stated by the complainant.")
    return _("That the quoted words of the picture are the other side's is stated by the complainant.")


def _own_words(place: _Place, pack: Pack) -> Finding:
    """What the borrower states to have written: nothing is quoted or counted, only the reason stays."""
    why = _("written or said by the borrower, as the borrower states")
    window = place.event.local.isoformat(timespec="seconds") if place.event is not None else None
    return Finding(
        id=place.id,
        rule=place.rule,
        category=place.words.label,
        effect="undetermined",
        severity=1,
        records=place.records,
        window_from=window,
        window_to=window,
        left_out=tuple(LeftOut(record, why) for record in place.records),
        why=_("Left out: {reason}.").format(reason=why),
        subject=place.one.main.holder,
        pack=pack.stamp,
    )


def _reaches(event: Event, conduct: Conduct, pack: Pack, context: Context) -> tuple[_Reach, ...]:
    """The clauses of a category with the version in force that day; those not in force yet are left away."""
    found = []
    for place, entry in enumerate(conduct.entries):
        norm = pack.norms[entry.norm]
        version, missing = version_for(norm, event, context)
        if version is not None or missing:
            found.append(_Reach(place, entry, norm, version, missing))
    return tuple(found)


def _law(
    place: _Place, days: Sequence[date], context: Context
) -> tuple[tuple[Basis, ...], Effect, tuple[str, ...], tuple[Missing, ...]]:
    """Clauses, effect, what the clauses take for granted, and what is missing."""
    if place.event is None:
        return (), "undetermined", (), (Missing("date"),)
    ranked: list[tuple[int, Basis]] = []
    effects: list[Effect] = []
    notes: list[str] = []
    missing: list[Missing] = []
    for reach in place.reaches:
        entry, norm, version = reach.entry, reach.norm, reach.version
        if version is None:
            missing += reach.missing
            continue
        reached, unknown = _covers((norm.scope, entry.scope), place.event, context)
        missing += unknown
        if not reached or _times(days, version, place.sure) < entry.min_events:
            continue
        item = basis(norm, version, entry)
        weight = (0 if norm.force == "binding" else 2) + (0 if entry.strength == "express" else 1)
        ranked.append((weight * 100 + reach.place, item))
        wanted = place.conduct.effect if entry.strength == "express" else "indicator"
        effects.append(effect_of(norm, version, wanted))
        if entry.elements:
            elements = _(" and that ").join(text.get(language()) or text["en"] for text in entry.elements)
            title = norm.title.get(language()) or norm.title["en"]
            cite = _("{title}, {clause}").format(title=title, clause=item.clause)
            notes.append(
                _("For {cite} to apply, it must also be shown that {elements}.").format(cite=cite, elements=elements)
            )
    bases = tuple(item for _rank, item in sorted(ranked, key=lambda pair: pair[0]))
    if effects:
        return bases, strongest(*effects), tuple(notes), ()
    return bases, "undetermined", (), tuple(dict.fromkeys(missing)) or (Missing("clause"),)


def _covers(scopes: Sequence[Predicate | None], event: Event, context: Context) -> Answer:
    """Whether norm and clause reach the event; a scope that is not met settles it, whatever else is unknown."""
    answers = [ask(scope, event, context) for scope in scopes if scope is not None]
    if any(answer is False for answer, _missing in answers):
        return False, ()
    unknown = tuple(m for answer, missing in answers if answer is None for m in missing)
    return (None, unknown) if unknown else (True, ())


def _times(days: Sequence[date], version: NormVersion, counted: bool) -> int:
    """How often such words came while the version was in force, this time included."""
    n = sum(version.from_ <= day and (version.to is None or day <= version.to) for day in days)
    return n if counted else n + 1


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
