"""Messages in which the other side says who it is or for whom it acts: the best evidence of who uses a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from complaints.casebook import CaseBook
from evidence.models import Record
from evidence.parties import CREDITOR_SIDE, same_name

_FORM = re.compile(r"(?:股份)?(?:有限)?(?:责任)?公司$")
_BRAND = 4
_MANDATE = "委托"
LENDER_SIDE = frozenset({"lender", "platform"})


def self_named(book: CaseBook, numbers: Iterable[str], respondent: str) -> dict[str, tuple[str, ...]]:
    """By number: the messages from it that name the lender or the collector, in the order of the case.

    ``numbers`` are those of the creditor side. A message of the lender itself counts when it speaks of a mandate or
    names the collector. Names are those that were stated; their first characters stand for the short forms in use.
    """
    lenders, agents = _names(book, respondent)
    wanted, found = frozenset(numbers), dict[str, list[str]]()
    for record in book.view.records:
        if record.number not in wanted or record.direction == "out" or not _is_message(record):
            continue
        text, party = same_name(record.text or ""), book.view.parties.get(record.number or "")
        by_lender = party is not None and party.role in LENDER_SIDE
        named = any(name in text for name in agents) or (
            any(name in text for name in lenders) and (not by_lender or _MANDATE in text)
        )
        if named:
            found.setdefault(record.number or "", []).append(record.id)
    return {number: tuple(ids) for number, ids in found.items()}


def _is_message(record: Record) -> bool:
    return record.kind in ("sms", "mms", "chat", "email") and record.text is not None


def _names(book: CaseBook, respondent: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the lender and those of the firms stated to act for it, as they may stand in a message."""
    wanted = same_name(respondent)
    lenders, agents = {wanted} - {""}, set[str]()
    for party in book.view.parties.values():
        if not party.name or party.role not in CREDITOR_SIDE:
            continue
        name = same_name(party.name)
        if party.role in LENDER_SIDE and name == wanted:
            lenders.add(name)
        elif party.role not in LENDER_SIDE and same_name(party.lender or "") == wanted:
            agents.add(name)
    return _short(lenders), _short(agents)


def _short(names: Iterable[str]) -> frozenset[str]:
    """Names without the form of company, and the first characters of long ones."""
    bare = {_FORM.sub("", name) for name in names}
    return frozenset({name for name in bare if len(name) >= 2} | {name[:_BRAND] for name in bare if len(name) > _BRAND})
