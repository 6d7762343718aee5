"""Which version of a norm governs an act, and how much a finding under it may say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

from evidence.detectors.base import Event, Missing
from evidence.i18n import language
from evidence.models import Basis, Effect
from evidence.rules.model import Clause, ConductEntry, Norm, NormVersion, Pack, Rule
from evidence.rules.predicates import NO, YES, Answer, Context, ask
from evidence.times import from_utc_text

_HIDDEN_STATUS = ("draft", "unknown", "not_yet", "suspended")
_HIDDEN_MARKS = ("belief", "conflict")
_RANK: tuple[Effect, ...] = ("undetermined", "indicator", "presumption", "violation")
_EFFECTS: dict[str, Effect] = {effect: effect for effect in _RANK}
_BY_FACT = {"contract_date": "loan", "debt_default_date": "overdue", "complaint_date": "complaint_to_regulator"}


def version_on(norm: Norm, day: date) -> NormVersion | None:
    """The version in force on a day, if it may be shown at all (drafts and unproven texts may not)."""
    for version in norm.versions:
        if version.from_ <= day and (version.to is None or day <= version.to):
            hidden = version.status in _HIDDEN_STATUS or version.verification in _HIDDEN_MARKS
            return None if hidden else version
    return None


def version_for(norm: Norm, event: Event, context: Context) -> tuple[NormVersion | None, tuple[Missing, ...]]:
    """The version for one act, by the date the norm names; with the missing statement when that date is unknown."""
    for version in norm.versions:
        if version.applies_by == "event_date":
            continue
        kind = _BY_FACT[version.applies_by]
        for fact in context.facts:
            if fact.type == kind and fact.time.utc and fact.keys.get("creditor", event.creditor) == event.creditor:
                return version_on(norm, from_utc_text(fact.time.utc).astimezone(event.local.tzinfo).date()), ()
        return None, (Missing("fact", kind),)
    return version_on(norm, event.local.date()), ()


def applies(rule: Rule, pack: Pack, context: Context) -> Callable[[Event], Answer]:
    """Whether rule and norm reach an event: dates first, then scope; None names the missing input."""
    norm = pack.norms[rule.norm]
    seen: dict[date, NormVersion | None] = {}
    simple = all(v.applies_by == "event_date" for v in norm.versions)

    def answer(event: Event) -> Answer:
        day = event.local.date()
        if (rule.from_ is not None and day < rule.from_) or (rule.to is not None and day > rule.to):
            return NO
        if simple:
            if day not in seen:
                seen[day] = version_on(norm, day)
            if seen[day] is None:
                return NO
        else:
            version, missing = version_for(norm, event, context)
            if version is None:
                return (None, missing) if missing else NO
        for scope in (norm.scope, rule.scope):
            if scope is None:
                continue
            value, missing = ask(scope, event, context)
            if value is not True:
                return value, missing
        return YES

    return answer


def effect_of(norm: Norm, version: NormVersion, wanted: str) -> Effect:
    """The strongest effect the norm carries: recommendations and single sources give no more than an indicator."""
    cap: Effect = "violation"
    if norm.force in ("soft", "none") or version.verification == "secondary_single" or version.status != "in_force":
        cap = "indicator"
    elif norm.force == "presumption":
        cap = "presumption"
    return weakest(cap, _EFFECTS[wanted])


def weakest(*effects: Effect) -> Effect:
    """The effect that claims least."""
    return min(effects, key=_RANK.index)


def strongest(*effects: Effect) -> Effect:
    """The effect that claims most."""
    return max(effects, key=_RANK.index)


def basis(norm: Norm, version: NormVersion, clause: Clause | ConductEntry | Rule) -> Basis:
    """How a clause is cited, in the active language."""
    words = clause.clause.get(language(), clause.clause.get("en", ""))
    title = norm.cite.get(language(), norm.cite.get("en", ""))
    cite = f"{title}{words}" if language() == "zh" else f"{title}, {words}"
    return Basis(norm.id, words, cite, version.id, norm.force, version.verification)


def standing_beside(clauses: tuple[Clause, ...], event: Event, n: int, pack: Pack, context: Context) -> list[Basis]:
    """The further clauses that were in force, reach this lender and ask for no more contacts than there are."""
    found = []
    for clause in clauses:
        norm = pack.norms[clause.norm]
        version, _missing = version_for(norm, event, context)
        reached = norm.scope is None or ask(norm.scope, event, context)[0] is True
        if version is not None and reached and n >= clause.min_events and version.status == "in_force":
            found.append(basis(norm, version, clause))
    return found


def taken_for_granted(bases: Sequence[Basis], pack: Pack) -> tuple[str, ...]:
    """What the cited norms take for granted, each once, in the active language."""
    texts = (pack.norms[item.norm].assumption for item in bases)
    return tuple(dict.fromkeys(text.get(language()) or text["en"] for text in texts if text))


def finding_id(rule: str, norm_version: str, records: Sequence[str]) -> str:
    """``f`` and 16 hex digits of SHA-256 over rule, norm version and the sorted record ids."""
    words = "\n".join((rule, norm_version, *sorted(set(records))))
    return "f" + hashlib.sha256(words.encode()).hexdigest()[:16]
