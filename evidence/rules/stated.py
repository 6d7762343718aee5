"""What the borrower has stated, in the form that the rules use: who wrote what, what kind of debt and of lender."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from evidence.facttypes import AUTHORS, AUTHORSHIP
from evidence.models import Answer, Fact, Party
from evidence.parties import LENDER_TYPES, NOT_A_LENDER, same_name

LENDER, LENDER_TYPE, DEBT_TYPE = "respondent.legal_name", "respondent.type", "debt.type"


def authors(facts: Iterable[Fact]) -> dict[str, str]:
    """Who is stated to have written or said the words of a finding, by its id; the latest statement counts."""
    stated = (fact.keys for fact in facts if fact.type == AUTHORSHIP)
    return {keys["finding"]: keys["by"] for keys in stated if keys.get("finding") and keys.get("by") in AUTHORS}


def debt_type(answers: Mapping[str, Answer], words: Iterable[tuple[str, tuple[str, ...]]]) -> str | None:
    """The kind of the respondent's debt, as far as the answer says it in words that the pack knows."""
    answer = answers.get(DEBT_TYPE)
    told = "".join(unicodedata.normalize("NFKC", answer.value).casefold().split()) if answer else ""
    return next((kind for kind, known in words if any(word in told for word in known)), None)


def with_answered_lender(parties: Mapping[str, Party], answers: Mapping[str, Answer]) -> Mapping[str, Party]:
    """The parties with the kind of lender that was answered for the respondent, where no party statement names one."""
    name, kind = answers.get(LENDER), answers.get(LENDER_TYPE)
    if name is None or kind is None or kind.value not in LENDER_TYPES or kind.value in NOT_A_LENDER:
        return parties
    wanted = same_name(name.value)
    own = {
        key: party
        for key, party in parties.items()
        if party.role in ("lender", "platform") and same_name(party.name or key.removeprefix("name:")) == wanted
    }
    told = {p.lender_type for p in parties.values() if same_name(p.lender or "") == wanted or p in own.values()}
    if told - {None} - NOT_A_LENDER:
        return parties
    if own:
        return {**parties, **{key: replace(party, lender_type=kind.value) for key, party in own.items()}}
    key = f"name:{name.value.strip()}"
    return {**parties, key: Party(key, name.value.strip(), "lender", lender_type=kind.value)}
