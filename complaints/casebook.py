"""One case and the confirmed findings for one filing, indexed for the pure steps of the dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from complaints import clock
from complaints.blocks import Spans
from complaints.models import Foreign, Options
from complaints.redaction import Edit, Masker, obscene_edits, show, without_overlaps
from complaints.wording import Wording, joined
from evidence.models import CaseView, Finding, Party, Quote, Reading, Record, Source
from evidence.readingrank import counting


@dataclass(frozen=True, slots=True)
class CaseBook:
    """Indexes over a :class:`CaseView`. ``first_of`` maps a record to the one that stands for its event."""

    view: CaseView
    wording: Wording
    options: Options
    zone: ZoneInfo
    masker: Masker
    records: Mapping[str, Record]
    order: Mapping[str, int]
    first_of: Mapping[str, str]
    together: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, Source]
    readings: Mapping[str, Reading]
    obscene: Mapping[tuple[str, str | None], tuple[Edit, ...]]
    findings: tuple[Finding, ...]

    def answer(self, field: str) -> str:
        """What the borrower answered, stripped; empty when nothing was."""
        found = self.view.answers.get(field)
        return found.value.strip() if found else ""

    def party(self, record: Record) -> Party | None:
        """Who is stated to be behind a record's number."""
        return self.view.parties.get(record.number or "")

    def when(self, record: Record, *, claims: bool = True) -> str:
        """A record's time as printed."""
        return clock.stamp_text(record.time, self.zone, self.wording, claims=claims)

    def row_time(self, record: Record) -> str:
        """A record's time as the rows of a table have it."""
        return clock.row_text(record.time, self.zone, self.wording)

    def reading(self, sha256: str) -> Reading | None:
        """The reading that counts for a picture or recording (:func:`evidence.readingrank.counting`)."""
        return counting(self.view.readings.get(sha256, ()))

    def canonical(self, record_id: str) -> Record | None:
        """The record that stands for the event of ``record_id``."""
        return self.records.get(self.first_of.get(record_id, record_id))

    def carrier(self, quote: Quote) -> str:
        """The record that shows a quote: of several records of one event the one whose media was read."""
        reading = self.readings.get(quote.reading or "")
        if reading is not None:
            group = self.together.get(self.first_of.get(quote.record, quote.record), (quote.record,))
            for record in (quote.record, *group):
                if any(m.sha256 == reading.target for m in self.records[record].media):
                    return record
        return quote.record

    def quotes(self) -> dict[str, list[Quote]]:
        """All quotes of the findings by the record that shows them."""
        found: dict[str, list[Quote]] = {}
        for finding in self.findings:
            for quote in finding.quotes:
                found.setdefault(self.carrier(quote), []).append(quote)
        return found

    def sort_key(self, record: Record) -> tuple[str, int]:
        """Time, then the order in which the case has them; records without a time come last."""
        return (record.time.utc or "9999", self.order[record.id])

    def shown(
        self,
        record: Record,
        text: str,
        marks: Iterable[tuple[int, int]] = (),
        reading: str | None = None,
        window: tuple[int, int] | None = None,
    ) -> Spans:
        """Evidence text as printed, or a part of it: third persons masked, quoted words marked.

        ``text`` is the record's own, or that of the reading ``reading``; offsets count in it.
        """
        edits = list(self.masker.edits(text))
        if self.options.mask_obscene:
            edits += self.obscene.get((record.id, reading), ())
        return show(text, tuple(marks), without_overlaps(edits), window)

    def own_words(self, text: str) -> Spans:
        """The borrower's own words as printed: third persons masked."""
        return show(text, (), self.masker.edits(text))

    def label_number(self, record: Record) -> Foreign:
        """The number of a record as printed."""
        return self.masker.number(record.number or record.number_raw or "")

    def subject(self, name: str) -> Spans:
        """A person other than the complainant: masked name and the stated relation."""
        party = next((p for p in self.view.parties.values() if p.name == name or p.key == name), None)
        relation = self.wording.word("relations", (party.relation or party.role) if party else None)
        shown = self.masker.name(party.name if party and party.name else name)
        return self.wording.spans("third_person", name=shown, relation=relation)

    def sources_of(self, record: Record) -> tuple[str, ...]:
        """Hashes of the file a record came from and of the media it carries."""
        return tuple(dict.fromkeys(h for h in (record.source, *(m.sha256 for m in record.media)) if h))

    def listed(self, parts: list[Spans]) -> Spans:
        """Spans in a row with the separator of the language."""
        return joined(parts, self.wording.plain("list_separator"))


def open_book(
    view: CaseView, findings: tuple[Finding, ...], every: tuple[Finding, ...], wording: Wording, options: Options
) -> CaseBook:
    """Index ``view``. ``findings`` are those that enter the filing, ``every`` all of them (for masking words)."""
    records = {record.id: record for record in view.records}
    order = {record.id: i for i, record in enumerate(view.records)}
    cited = {record for finding in findings for record in finding.records}
    together = _joined(view, records, order, cited)
    return CaseBook(
        view=view,
        wording=wording,
        options=options,
        zone=ZoneInfo(view.timezone),
        masker=Masker.of(view, options.mask_third_persons),
        records=records,
        order=order,
        first_of={record: group[0] for group in together.values() for record in group},
        together=together,
        sources={source.sha256: source for source in view.sources},
        readings={reading.id: reading for found in view.readings.values() for reading in found},
        obscene=obscene_edits(every),
        findings=findings,
    )


def _joined(
    view: CaseView, records: Mapping[str, Record], order: Mapping[str, int], cited: set[str]
) -> dict[str, tuple[str, ...]]:
    """Groups of records of one event by the one that stands for it: a cited one, then an exported one (no note, no
    sound file), then the first."""
    parent = {record: record for record in records}

    def root(record: str) -> str:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for link in view.links:
        if link.first in parent and link.second in parent:
            parent[root(link.first)] = root(link.second)
    groups: dict[str, list[str]] = {}
    for record in records:
        groups.setdefault(root(record), []).append(record)

    def rank(record: str) -> tuple[bool, bool, bool, int]:
        found = records[record]
        return found.time.basis == "stated", record not in cited, found.kind == "media", order[record]

    ordered = [tuple(sorted(group, key=rank)) for group in groups.values()]
    return {group[0]: group for group in ordered}
