"""Under what a section stands: its clauses, and what a careful reader has to know about its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from complaints import clock
from complaints.blocks import Spans
from complaints.casebook import CaseBook
from complaints.exhibits import is_stated
from complaints.models import Foreign, Ground
from complaints.wording import citable, gist, in_chinese
from evidence.models import Basis, Finding


def notes(book: CaseBook, findings: Sequence[Finding], grounds: Sequence[Ground]) -> tuple[Spans, ...]:
    """What a careful reader has to know about the section's sentences."""
    ids = dict.fromkeys(r for f in findings for r in (*f.records, *(q.record for q in f.quotes)))
    records = [book.records[i] for i in ids if i in book.records]
    readings = {q.reading for f in findings for q in f.quotes if q.reading}
    kinds = [book.readings[r].kind for r in readings if r in book.readings]
    counts = {
        "minute_note": sum(clock.is_minute(r.time) and not is_stated(r) for r in records),
        "ocr_note": kinds.count("ocr"),
        "transcript_note": kinds.count("transcript"),
        "note_note": sum(is_stated(r) for r in records),
        "left_out_note": len({r for f in findings for r in left_out(book, f)}),
        "copies_note": len({e for f in findings for e in _events_with_copies(book, f)}),
    }
    made = [book.wording.spans(key, n=n) for key, n in counts.items() if n]
    stated = _once(book, [a for f in findings for a in f.assumptions if in_chinese(a) and book.zone.key not in a])
    if stated:
        text = book.wording.plain("shows_more").join(stated)
        made.append(book.wording.spans("assumption", text=Foreign(text)))
    if grounds and all(g.reference for g in grounds):
        made.append(book.wording.spans("reference_only"))
    return tuple(made)


def _once(book: CaseBook, assumptions: list[str]) -> list[str]:
    """Each assumption once: one that another one contains is left out, those that differ in their first number alone
    are said of several."""
    by_rest: dict[str, set[str]] = {}
    for text in (a.strip().rstrip("。.") for a in assumptions):
        rest = text.lstrip("0123456789")
        by_rest.setdefault(rest, set()).add(text.removesuffix(rest))
    several = book.wording.plain("several")
    texts = [(several if len(first) > 1 else next(iter(first))) + rest for rest, first in by_rest.items()]
    return [text for text in texts if not any(text != other and text in other for other in texts)]


def grounds_of(book: CaseBook, category: str, findings: Sequence[Finding]) -> tuple[Ground, ...]:
    """The clauses behind the findings, binding ones first, each once."""
    found: dict[str, Ground] = {}
    for basis in (b for f in findings for b in f.basis if citable(b.verification)):
        ground = _ground(book, category, basis)
        found.setdefault(ground.cite, ground)
    return tuple(sorted(found.values(), key=lambda g: g.reference))


def _ground(book: CaseBook, category: str, basis: Basis) -> Ground:
    norm = book.wording.norms.get(basis.norm)
    reference = basis.force in ("soft", "none") or (norm is not None and norm.reference)
    cite = basis.cite.removeprefix(book.wording.plain("reference_prefix"))
    if norm is None:
        return Ground(cite, "", reference)
    if not in_chinese(cite):
        return Ground(norm.title, "", reference)
    return Ground(cite, gist(norm, cite, category), reference)


def left_out(book: CaseBook, finding: Finding) -> dict[str, str]:
    """Why records were not counted; further copies of a counted event are not among them."""
    events = {book.first_of[r] for r in finding.records}
    found = (one for one in finding.left_out if one.record in book.first_of)
    return {one.record: one.why for one in found if book.first_of[one.record] not in events}


def _events_with_copies(book: CaseBook, finding: Finding) -> set[str]:
    events = {book.first_of[r] for r in finding.records}
    return {book.first_of[o.record] for o in finding.left_out if book.first_of.get(o.record) in events}
