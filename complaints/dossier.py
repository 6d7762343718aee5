"""Choose, number and argue: a case at one log head becomes the dossier for one recipient. Pure: no files, no clock.

Only findings that a person has confirmed, that may enter a filing and that concern the named respondent are
used; what was dismissed or not decided never appears.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time

from complaints import annex, clock, filing, frequency, history, statements
from complaints.blocks import Span, Spans, Table
from complaints.casebook import CaseBook, open_book
from complaints.exhibits import Plan, kind_of, plan
from complaints.models import Conduct, Dossier, Exhibit, Foreign, Options
from complaints.recipients.schema import Recipient
from complaints.rendering import ordinal
from complaints.screened import by_picture
from complaints.statements import Told
from complaints.tables import make_table
from complaints.wording import load
from evidence.clocks import corrections
from evidence.facttypes import AUTHORSHIP, CLOCK_OFFSET
from evidence.models import CaseView, Fact, Finding
from evidence.parties import same_name


def build(
    view: CaseView,
    findings: tuple[Finding, ...],
    recipient: Recipient,
    today: str,
    options: Options | None = None,
) -> Dossier:
    """The dossier for ``recipient``, dated ``today`` (ISO date).

    ``findings`` are all findings of the case; :func:`entering` picks. Call ``preflight`` first: this function
    does not stop for what is missing.
    """
    wording = load(recipient.country)
    view, findings = by_picture(view, findings)
    chosen = entering(view, findings)
    dated = tuple(fact for fact in view.facts if fact.type not in _NO_EVENTS)
    book = open_book(replace(view, facts=dated), chosen, findings, wording, options or Options())
    respondent = book.answer("respondent.legal_name")
    numbered = plan(book, respondent)
    conducts, told = _conducts(numbered)
    events = history.events(numbered, told, conducts)
    shown = annex.exhibits(numbered, _concerns(book), {c.category: _section(i, c) for i, c in enumerate(conducts, 1)})
    when = datetime.combine(datetime.fromisoformat(today).date(), time(12), book.zone)
    title = wording.plain("title")
    name = book.answer("complainant.name")
    return Dossier(
        recipient_id=recipient.id,
        template=recipient.template,
        language="zh-CN",
        title=title,
        footer=wording.plain("footer", title=title, name=name),
        date_iso=when.date().isoformat(),
        today=clock.day_text(when.date(), wording),
        demo=view.demo,
        addressee=filing.addressee(book, recipient),
        complainant=filing.party_table(book, filing.rows(book, filing.COMPLAINANT)),
        respondent=filing.party_table(book, (*filing.rows(book, filing.RESPONDENT), *filing.collector_rows(numbered))),
        debt=filing.debt(book),
        willing=filing.willing(book),
        requests=_requests(book, recipient),
        events=events,
        history=history.table(book, events),
        conducts=conducts,
        prior=filing.prior(book),
        proceedings=filing.proceedings(book, recipient),
        authorities=filing.grounds(recipient.authorities, wording),
        exhibits=shown,
        catalogue=_catalogue(book, shown),
        frequency=frequency.frequency(numbered, respondent),
        files=history.files(numbered, shown),
        custody=history.custody(book),
        zone=clock.zone_text(book.zone, when.astimezone(UTC), wording),
        head_seq=view.head_seq,
        head_hash=view.head_hash,
        flags=_flags(book, numbered),
        clocks=_clocks(book, view.facts),
    )


def entering(view: CaseView, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that may stand in a filing against the named respondent, oldest first."""
    answer = view.answers.get("respondent.legal_name")
    respondent = same_name(answer.value) if answer else ""
    times = {record.id: record.time.utc or "9999" for record in view.records}
    chosen = [
        f
        for f in findings
        if f.filing
        and f.effect != "undetermined"
        and f.id in view.reviews
        and view.reviews[f.id].decision == "confirmed"
        and all(record in times for record in f.records)
        and (f.creditor is None or same_name(f.creditor) == respondent)
    ]
    return tuple(sorted(chosen, key=lambda f: (min((times[r] for r in f.records), default="9999"), f.id)))


def _conducts(numbered: Plan) -> tuple[tuple[Conduct, ...], dict[str, tuple[Told, ...]]]:
    """A section per category. What a clause says is told where it is cited first."""
    sections, told = list[Conduct](), dict[str, tuple[Told, ...]]()
    said: set[tuple[str, str]] = set()
    for category, findings in statements.by_category(numbered.book).items():
        section, told[category] = statements.conduct(numbered, category, findings)
        grounds = tuple(replace(g, gist="") if (g.cite, g.gist) in said else g for g in section.grounds)
        said |= {(g.cite, g.gist) for g in section.grounds}
        sections.append(replace(section, grounds=grounds))
    return tuple(sections), told


def _section(number: int, conduct: Conduct) -> Span:
    return Span(f"（{ordinal(number)}）", href=f"#{conduct.anchor}")


def _concerns(book: CaseBook) -> dict[str, tuple[str, ...]]:
    """Categories by record, also under the record that stands for the event. A call log and a note hold no words of
    others, so that quoted words do not concern them."""
    order = list(statements.by_category(book))
    found: dict[str, set[str]] = {}
    for finding in book.findings:
        carriers = set(map(book.carrier, finding.quotes))
        for record in (*finding.records, *carriers):
            first = book.first_of.get(record, record)
            for one in (record, *book.together.get(first, ())):
                wordless = one not in carriers and kind_of(book.records[one]) in ("calls", "note")
                if not (finding.quotes and wordless):
                    found.setdefault(one, set()).add(finding.category)
    return {record: tuple(sorted(categories, key=order.index)) for record, categories in found.items()}


def _requests(book: CaseBook, recipient: Recipient) -> tuple[str, ...]:
    categories = frozenset(f.category for f in book.findings)
    answers = {key: answer.value.strip() for key, answer in book.view.answers.items()}
    chosen = filing.chosen_requests(recipient, categories, answers)
    return tuple(filing.request_text(request, book.wording) for request in chosen)


def _catalogue(book: CaseBook, exhibits: tuple[Exhibit, ...]) -> Table:
    """The list of evidence without its page column, which the rendering adds."""
    rows: list[list[Spans]] = []
    for exhibit in exhibits:
        number: Spans = (Span(exhibit.label, href=f"#{exhibit.anchor}"),)
        kind: Spans = (Span(exhibit.legal_kind),)
        formed: Spans = (Span(exhibit.formed),)
        rows.append([number, exhibit.title, kind, formed, exhibit.origin, exhibit.carrier, exhibit.shows])
    keys = ("no", "exhibit", "kind", "formed", "origin", "carrier", "shows")
    return make_table(book, keys, rows, (7, 17, 8, 16, 22, 14, 16))


_NO_EVENTS = frozenset({AUTHORSHIP, CLOCK_OFFSET})
"""Statements that are said where they matter: beside the quoted words, and on the page of limits."""


def _clocks(book: CaseBook, facts: Iterable[Fact]) -> tuple[Spans, ...]:
    """A sentence for each file whose clock is stated to have been off."""
    said = corrections(facts)
    return tuple(
        book.wording.spans(
            "clock_ahead" if one.ahead_s > 0 else "clock_behind",
            name=Foreign(book.sources[source].name),
            seconds=f"{abs(one.ahead_s):g}",
        )
        for source, one in said.items()
        if source in book.sources
    )


def _flags(book: CaseBook, numbered: Plan) -> dict[str, bool]:
    """What the limits page has to mention."""
    shown = [r for group in numbered.groups for r in group.records]
    readings = [book.reading(m.sha256) for r in shown for m in r.media]
    kinds = {r.kind for r in readings if r is not None and r.by == "machine"}
    shown_text = [r.text or "" for r in shown]
    shown_text += [reading.text for reading in readings if reading is not None]
    return {
        "ocr": "ocr" in kinds,
        "transcript": "transcript" in kinds,
        "claimed_time": any(r.time.basis in ("filename", "metadata", "file", "screen") for r in shown),
        "corrected_clock": any(r.time.how == "clock_corrected" for r in shown),
        "secondary": any(r.extras.get("provenance") == "third_party_export" for r in shown),
        "minute": any(clock.is_minute(r.time) for r in shown),
        "stated": any(group.kind == "note" for group in numbered.groups) or bool(book.view.facts),
        "masked": any(book.masker.edits(text) for text in shown_text) or any(r.holder != "self" for r in shown),
        "pictures": any(group.kind == "picture" for group in numbered.groups),
        "recordings": any(group.kind == "recording" for group in numbered.groups),
        "joined": any(len(group) > 1 for group in book.together.values()),
        "obscene": book.options.mask_obscene,
        "others": any(r.holder != "self" for r in shown),
    }


def exhibit_files(dossier: Dossier) -> tuple[str, ...]:
    """SHA-256 of every file that goes along with a dossier, each once, in the order of the exhibits."""
    return tuple(dict.fromkeys(sha for exhibit in dossier.exhibits for sha in exhibit.files))
