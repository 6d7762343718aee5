"""The numbers of a case of which nobody has said yet whose they are, those that matter most first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from evidence.findings import current_findings
from evidence.log import Case
from evidence.timeline import load_view

FEWEST = 3
"""Numbers with fewer contacts are asked about only when a finding rests on one."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One number. ``contacts`` counts an event that two sources tell once; ``words`` are the telling ones, or any."""

    number: str
    name: str
    contacts: int
    findings: int
    words: str


def unnamed(case: Case) -> tuple[Caller, ...]:
    """Numbers without a stated role that contacted the borrower: those in findings first, then the busiest."""
    view = load_view(case)
    named = {key for key, party in view.parties.items() if party.role}
    again = {link.second for link in view.links}
    contacts: Counter[str] = Counter()
    names: dict[str, str] = {}
    words: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for record in view.records:
        number = record.number
        if number is None or number in named or record.direction == "out":
            continue
        numbers[record.id] = number
        contacts[number] += record.id not in again
        names.setdefault(number, record.name or "")
        words.setdefault(number, record.text or "")
    findings: Counter[str] = Counter()
    for finding in current_findings(case, view):
        findings.update({numbers[ident] for ident in finding.records if ident in numbers})
        for quote in finding.quotes:
            if quote.record in numbers:
                words[numbers[quote.record]] = quote.text
    found = [
        Caller(number, names[number], count, findings[number], words[number])
        for number, count in contacts.items()
        if count >= FEWEST or findings[number]
    ]
    return tuple(sorted(found, key=lambda one: (-one.findings, -one.contacts, one.number)))
