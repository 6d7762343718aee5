"""Rules and log together: a case view in, findings out. Pure; nothing is written.

Every finding names its records, the norm in force that day, what was left out and why, and what was assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from evidence.detectors import wording
from evidence.detectors.base import Event, Hit, days_of
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.models import Basis, CaseView, Effect, Finding, LeftOut, Record
from evidence.parties import Directory
from evidence.rules import load_pack, notices, stated
from evidence.rules.events import Joined, build, fixed_clock, join, resolve_facts
from evidence.rules.gates import applies, basis, effect_of, finding_id, standing_beside, taken_for_granted, version_for
from evidence.rules.messages import fill, left_out_reason, missing_text
from evidence.rules.model import Pack, Rule
from evidence.rules.operators import Env, evaluate
from evidence.rules.predicates import Context
from evidence.rules.wordings import word_findings

_LISTED = 8
_NO_WORDS = frozenset({"self", "relative", "friend", "colleague", "employer", "neighbour", "guarantor"})
_FAR = "9999"
_MINUTE = 60


def flag(view: CaseView, pack: Pack | None = None, detect: wording.Detect | None = None) -> tuple[Finding, ...]:
    """Every finding of a case, in time order. ``pack`` defaults to the case's country; ``detect`` to the shipped word
    matcher. Raises ``PackInvalid`` when the country has no valid pack."""
    pack = pack or load_pack(view.jurisdiction)
    directory = Directory(stated.with_answered_lender(view.parties, view.answers))
    joined = join(view.records, view.links)
    words = _words(view, joined, directory, detect or wording.shipped)
    events = build(joined, directory, fixed_clock(view.timezone), wording.labels(words), pack.reached_within_days)
    context = _context(view, directory, pack)
    why_joined = {frozenset((one.first, one.second)): one.why for one in view.links}
    findings: list[Finding] = []
    for rule in pack.rules:
        env = Env(context, pack.holidays, applies(rule, pack, context))
        for hit in evaluate(rule, events, env):
            findings.append(_finding(rule, hit, pack, context, view.timezone, why_joined))
    by_id = {event.id: event for event in events}
    zone = ZoneInfo(view.timezone)
    authors = stated.authors(view.facts)
    words, in_open_channels = notices.without_open(words, by_id, context.facts)
    findings = [_with_open(one, in_open_channels) for one in findings]
    findings += word_findings(joined, words, by_id, directory, pack, context, zone, authors)
    return tuple(sorted(findings, key=lambda f: (f.window_from or _FAR, f.category, f.id)))


def _context(view: CaseView, directory: Directory, pack: Pack) -> Context:
    debt = stated.debt_type(view.answers, pack.debt_words)
    lender = view.answers.get(stated.LENDER)
    return Context(
        resolve_facts(view.facts, directory),
        pack.conversation_min_s,
        {"debt_type": debt} if debt else {},
        directory.creditor_key(lender.value) if lender else None,
    )


def _words(
    view: CaseView, joined: Sequence[Joined], directory: Directory, detect: wording.Detect
) -> dict[str, tuple[wording.Words, ...]]:
    def asks(record: Record) -> bool:
        return directory.find(record.number, record.name).role not in _NO_WORDS

    ordered = sorted(joined, key=lambda one: (one.main.time.utc or "", one.main.id))
    return wording.find(view, ((one.main, one.others) for one in ordered), directory.relation_of, asks, detect)


def _finding(
    rule: Rule, hit: Hit, pack: Pack, context: Context, zone: str, why_joined: Mapping[frozenset[str], str]
) -> Finding:
    first = min(hit.events, key=lambda e: e.start)
    norm = pack.norms[rule.norm]
    version, _missing = version_for(norm, first, context)
    bases: list[Basis] = []
    effect: Effect = "undetermined"
    if version is not None:
        bases = [basis(norm, version, rule), *standing_beside(rule.also, first, hit.counted, pack, context)]
        if hit.result == "met":
            effect = effect_of(norm, version, rule.effect)
    records = tuple(event.id for event in hit.events)
    values = dict(zip(rule.per, hit.key, strict=True))
    return Finding(
        id=finding_id(rule.id, version.id if version else "", records),
        rule=rule.id,
        category=rule.category,
        effect=effect,
        severity=rule.harm,
        records=records,
        counted=hit.counted,
        limit=None if rule.working_value else hit.limit,
        window_from=hit.start.isoformat(timespec="seconds"),
        window_to=hit.end.isoformat(timespec="seconds"),
        left_out=_left_out(hit, why_joined),
        basis=tuple(bases),
        filing=effect != "undetermined",
        why=_why(rule, hit, values),
        assumptions=(*_assumptions(rule, hit, values, zone), *taken_for_granted(bases, pack)),
        missing=tuple(missing_text(m) for m in hit.missing),
        needs=tuple(dict.fromkeys(m.what for m in hit.missing)),
        subject=values.get("person") or first.person,
        creditor=values.get("creditor") or values.get("collector"),
        pack=pack.stamp,
    )


def _with_open(finding: Finding, messages: Sequence[notices.OpenChannel]) -> Finding:
    """A finding about contacts after a request also lists the messages that the request did not forbid."""
    if finding.category != notices.LABEL:
        return finding
    same = (m.left_out for m in messages if (m.creditor, m.person) == (finding.creditor, finding.subject))
    return replace(finding, left_out=(*finding.left_out, *same))


def _left_out(hit: Hit, why_joined: Mapping[frozenset[str], str]) -> tuple[LeftOut, ...]:
    """What was not counted: joined duplicates of counted records, then the events the rule sets aside."""
    found = []
    for event in hit.events:
        for other in event.also:
            why = why_joined.get(frozenset((event.id, other)), _("joined through another record"))
            found.append(
                LeftOut(other, _("the same event as {record}, counted once: {why}").format(record=event.id, why=why))
            )
    for event, reason in hit.left_out:
        found.append(LeftOut(event.id, left_out_reason(reason)))
    return tuple(found)


def _why(rule: Rule, hit: Hit, values: Mapping[str, str | None]) -> str:
    template = rule.explain.get(language()) or rule.explain["en"]
    creditor = values.get("creditor") or values.get("collector")
    numbers = list(dict.fromkeys(event.number or _("withheld number") for event in hit.events))
    who = creditor or _("a sender who is not yet named ({numbers})").format(numbers=_listed(numbers))
    person = values.get("person") or hit.events[0].person
    text = fill(
        template,
        {
            "n": str(hit.counted),
            "limit": str(hit.limit) if hit.limit is not None else "",
            "day": _days(hit.events),
            "first": f"{hit.start.year}-{_clock(hit.start, hit.events[0])}",
            "last": f"{hit.end.year}-{_clock(hit.end, hit.events[-1])}",
            "creditor": who,
            "person": _("the borrower") if person == "self" else person,
            "numbers": _listed(numbers),
            "list": _listed(_clocks(hit.events)),
            "connected": str(sum(event.answered is True for event in hit.events)),
            "attempted": str(sum(event.answered is False for event in hit.events)),
        },
    )
    if hit.result == "met":
        return text
    needed = _listed([missing_text(m) for m in hit.missing[:_LISTED]] + [""] * len(hit.missing[_LISTED:]))
    return _("Not decided: {text} Needed: {needed}.").format(text=text, needed=needed)


def _days(events: Sequence[Event]) -> str:
    days = sorted({day.isoformat() for event in events for day in days_of(event)})
    return days[0] if len(days) == 1 else _("{first} to {last}").format(first=days[0], last=days[-1])


def _clock(moment: datetime, event: Event) -> str:
    """As exact as it is known: an interval has its end."""
    if event.precision_s <= _MINUTE:
        return moment.strftime("%m-%d %H:%M" if event.precision_s >= _MINUTE else "%m-%d %H:%M:%S")
    end = moment + timedelta(seconds=event.precision_s)
    return f"{moment:%m-%d %H:%M}–{end.strftime('%H:%M' if end.date() == moment.date() else '%m-%d %H:%M')}"


def _clocks(events: Sequence[Event]) -> list[str]:
    """The first times in order, and empty words for those that will not be printed."""
    ordered = sorted(events, key=lambda e: e.start)
    return [_clock(event.local, event) for event in ordered[:_LISTED]] + [""] * len(ordered[_LISTED:])


def _listed(words: Sequence[str]) -> str:
    """Up to a few words, then how many more."""
    shown = _(", ").join(words[:_LISTED])
    rest = len(words) - _LISTED
    return shown if rest <= 0 else _("{words} and {n} more").format(words=shown, n=rest)


def _assumptions(rule: Rule, hit: Hit, values: Mapping[str, str | None], zone: str) -> tuple[str, ...]:
    found = [_("Times are those of {zone}.").format(zone=zone)]
    numbers = {event.number for event in hit.events}
    if values.get("creditor") and len(numbers) > 1:
        text = _("{n} numbers count together because they are stated to call for {creditor}.")
        found.append(text.format(n=len(numbers), creditor=values["creditor"]))
    if any(event.also for event in hit.events):
        found.append(_("Records of several exports that tell of one event count once."))
    found += [text.get(language()) or text["en"] for text in rule.assumptions]
    return tuple(found)
