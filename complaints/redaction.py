"""Hide the names and numbers of people who are no party to the dispute. The collector's number is never hidden.

Masking works on offsets, so that a quoted span stays where it is, and only in what is printed: the original and
the log are untouched. A name is known only when it was stated as a party; anything else must be looked for by a
person, which the limits page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from complaints.blocks import Span, Spans
from complaints.models import Foreign
from evidence.models import CaseView, Finding, Party, Quote
from evidence.parties import CREDITOR_SIDE

DISPUTE_ROLES = CREDITOR_SIDE | {"self", "authority", "unknown"}
_MOBILE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` are printed as ``text``."""

    start: int
    end: int
    text: str


def mask_name(name: str) -> str:
    """The first character, then a star for each other one (``林**``)."""
    return name[:1] + "*" * max(1, len(name) - 1)


def mask_number(number: str) -> str:
    """First three and last four of a long number, else the last two: enough to tell two numbers apart."""
    if len(number) >= 9:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    return "*" * max(1, len(number) - 2) + number[-2:]


def mask_identity(number: str) -> str:
    """An identity number without the date of birth and the sequence."""
    return number[:6] + "*" * (len(number) - 7) + number[-1:]


def mask_word(word: str) -> str:
    """The first character, crosses, and the last one when there are at least three."""
    if len(word) < 3:
        return word[:1] + "×" * (len(word) - 1)
    return word[0] + "×" * (len(word) - 2) + word[-1]


def is_third(party: Party) -> bool:
    """Whether a stated party is a person outside the dispute."""
    return party.role not in DISPUTE_ROLES and (party.role is not None or party.relation is not None)


@dataclass(frozen=True, slots=True)
class Masker:
    """What is hidden in one case. With ``active`` False nothing is, except by :meth:`obscene`."""

    active: bool
    names: tuple[tuple[str, str], ...]
    numbers: frozenset[str]
    open_numbers: frozenset[str]

    @classmethod
    def of(cls, view: CaseView, active: bool) -> Masker:
        """Third persons of a case: parties outside the dispute and the holders of other phones."""
        third = [p for p in view.parties.values() if is_third(p)]
        full = {p.name for p in third if p.name}
        full |= {r.holder for r in view.records if r.holder != "self"}
        own = {p.name for p in view.parties.values() if not is_third(p) and p.name}
        answer = view.answers.get("complainant.name")
        own |= {answer.value} if answer else set()
        names = {name: mask_name(name) for name in full - own}
        for name in list(names):
            given = name[1:]
            if len(name) >= 3 and len(given) >= 2 and not any(given in other for other in own):
                names.setdefault(given, mask_name(given))
        open_numbers = {key for key, p in view.parties.items() if not is_third(p)}
        longest_first = sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0]))
        numbers = frozenset(key for key, p in view.parties.items() if is_third(p))
        return cls(active, tuple(longest_first), numbers, frozenset(open_numbers))

    def name(self, name: str) -> Foreign:
        """A name as printed."""
        return Foreign(dict(self.names).get(name, name) if self.active else name)

    def number(self, number: str) -> Foreign:
        """A number as printed."""
        return Foreign(mask_number(number) if self.active and number in self.numbers else number)

    def edits(self, text: str) -> tuple[Edit, ...]:
        """What to hide in ``text``: known names and numbers, unknown mobile numbers, identity numbers."""
        if not self.active:
            return ()
        found = [Edit(m.start(), m.end(), mask_identity(m[0])) for m in _IDENTITY.finditer(text)]
        for match in _MOBILE.finditer(text):
            if match[0] not in self.open_numbers:
                found.append(Edit(match.start(), match.end(), mask_number(match[0])))
        for word, masked in (*self.names, *((n, mask_number(n)) for n in sorted(self.numbers))):
            found += [Edit(m.start(), m.end(), masked) for m in re.finditer(re.escape(word), text)]
        return without_overlaps(found)


def without_overlaps(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in text order; of two that overlap the longer stays."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start - e.end, e.start)):
        if all(edit.end <= other.start or edit.start >= other.end for other in kept):
            kept.append(edit)
    return tuple(sorted(kept, key=lambda e: e.start))


def obscene_edits(findings: Iterable[Finding]) -> dict[tuple[str, str | None], tuple[Edit, ...]]:
    """By (record, reading): the words that obscenity findings quote, decided or not."""
    found: dict[tuple[str, str | None], list[Edit]] = {}
    for quote in _obscene_quotes(findings):
        edit = Edit(quote.start, quote.end, mask_word(quote.text))
        found.setdefault((quote.record, quote.reading), []).append(edit)
    return {key: without_overlaps(edits) for key, edits in found.items()}


def _obscene_quotes(findings: Iterable[Finding]) -> Iterable[Quote]:
    return (quote for f in findings if f.category == "obscenity" for quote in f.quotes)


def show(
    text: str, marks: Sequence[tuple[int, int]], edits: Sequence[Edit], window: tuple[int, int] | None = None
) -> Spans:
    """``text`` as spans: ``marks`` (start, end) highlighted, ``edits`` applied, only what lies in ``window``.

    All offsets count in ``text``. An edit that the window cuts is shown whole, so that no part of it leaks.
    """
    first, last = window or (0, len(text))
    cuts = {first, last}
    for start, end in (*marks, *((e.start, e.end) for e in edits)):
        cuts |= {p for p in (start, end) if first < p < last}
    spans = list[Span]()
    points, done = sorted(cuts), first
    for start, end in pairwise(points):
        if start < done:
            continue
        edit = next((e for e in edits if e.start <= start < e.end), None)
        piece, done = (edit.text, edit.end) if edit else (text[start:end], end)
        marked = any(a < done and b > start for a, b in marks)
        if spans and spans[-1].mark == marked:
            spans[-1] = Span(Foreign(spans[-1].text + piece), mark=marked)
        else:
            spans.append(Span(Foreign(piece), mark=marked))
    return tuple(spans)
