"""Choose the exhibits of a filing and number them: every cited thing has a number, every number is cited.

An exhibit is a register of calls, one conversation, one recording, one picture, the borrower's own notes, or a
file. Things inside it are numbered too (证据2-7), so that a sentence can point at one call or one message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from complaints.blocks import Span, Spans
from complaints.casebook import CaseBook
from complaints.identity import self_named
from complaints.models import ExhibitKind, Item
from evidence.models import Quote, Reading, Record
from evidence.parties import CREDITOR_SIDE, same_name

_ORDER: tuple[ExhibitKind, ...] = ("calls", "conversation", "recording", "picture", "note", "file")
_MESSAGES = {"sms", "mms", "chat", "email"}
_SOUND = ("audio/", "video/")


@dataclass(frozen=True, slots=True)
class Group:
    """One exhibit before its pages are written. ``records`` are shown in order; ``cited`` are those behind a sentence.

    ``segments`` are runs of neighbouring messages of a conversation, with the number left out before each.
    """

    number: int
    kind: ExhibitKind
    records: tuple[Record, ...]
    cited: frozenset[str]
    items: tuple[Item, ...]
    segments: tuple[tuple[int, tuple[Record, ...]], ...] = ()
    file: str = ""

    @property
    def anchor(self) -> str:
        """Where links to the whole exhibit point."""
        return f"ex{self.number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All exhibits in the order of their numbers, and the way from a record or file to its place.

    ``named`` has, by number, the messages in which the other side says who it is.
    """

    book: CaseBook
    groups: tuple[Group, ...]
    places: Mapping[str, tuple[Group, int]]
    lines: Mapping[tuple[str, int], Item]
    files: Mapping[str, Group]
    named: Mapping[str, tuple[str, ...]]

    def label(self, group: Group) -> str:
        """``证据3``."""
        return self.book.wording.plain("exhibit", n=group.number)

    def cite(self, records: Iterable[str]) -> Spans:
        """Links to the places of records, neighbours as a range, in the order of the numbers."""
        found: dict[int, set[int]] = {}
        for record in records:
            for one in self.book.together.get(self.book.first_of.get(record, record), (record,)):
                if one in self.places:
                    group, k = self.places[one]
                    found.setdefault(group.number, set()).add(k)
        parts = []
        for number in sorted(found):
            group = self.groups[number - 1]
            parts += self._runs(group, sorted(found[number]))
        return self.book.listed(parts)

    def cite_quote(self, quote: Quote) -> Spans:
        """A link to the spoken line of a quote, or to its record."""
        reading = self.book.readings.get(quote.reading or "")
        if reading is not None:
            hit = first_line(reading, quote)
            carrier = self.book.carrier(quote)
            if hit is not None and (carrier, hit) in self.lines:
                item = self.lines[(carrier, hit)]
                return (Span(item.label, href=f"#{item.anchor}"),)
        return self.cite([quote.record])

    def cite_proof(self, proof: Iterable[str]) -> Spans:
        """Links for the proof of a stated fact: record ids or hashes of files."""
        proof = tuple(proof)
        parts = [self.cite([p]) for p in proof if p in self.book.records]
        for sha in proof:
            if sha in self.files:
                group = self.files[sha]
                parts.append((Span(self.label(group), href=f"#{group.anchor}"),))
        return self.book.listed([part for part in parts if part])

    def _runs(self, group: Group, numbers: list[int]) -> list[Spans]:
        if numbers == [0]:
            return [(Span(self.label(group), href=f"#{group.anchor}"),)]
        parts: list[Spans] = []
        for _shift, run in groupby(enumerate(n for n in numbers if n), key=lambda pair: pair[1] - pair[0]):
            ks = [k for _i, k in run]
            item = group.items[ks[0] - 1]
            text = item.label
            if len(ks) > 1:
                text = self.book.wording.plain("item_range", n=group.number, a=ks[0], b=ks[-1])
            parts.append((Span(text, href=f"#{item.anchor}"),))
        return parts


def plan(book: CaseBook, respondent: str) -> Plan:
    """The exhibits that the confirmed findings and the stated facts of ``book`` need, numbered."""
    cited = _cited(book)
    made: list[Group] = []
    by_kind = {kind: [r for r in cited if kind_of(r) == kind] for kind in _ORDER}
    made += _registers(book, by_kind["calls"], respondent)
    numbers = creditor_numbers(book, respondent)
    named = self_named(book, numbers, respondent)
    made += _conversations(book, by_kind["conversation"], numbers, {r for ids in named.values() for r in ids})
    made += [_single(r, "recording") for r in by_kind["recording"]]
    made += [_single(r, "picture") for r in by_kind["picture"]]
    if notes := by_kind["note"]:
        made.append(Group(0, "note", tuple(notes), frozenset(r.id for r in notes), ()))
    made += [_single(r, "file") for r in by_kind["file"]]
    covered = {sha for group in made for record in group.records for sha in book.sources_of(record)}
    proofs = dict.fromkeys(p for fact in book.view.facts for p in fact.proof if p in book.sources)
    made += [Group(0, "file", (), frozenset(), (), file=sha) for sha in proofs if sha not in covered]
    return _numbered(book, made, named)


def kind_of(record: Record) -> ExhibitKind:
    """The kind of exhibit that shows a record."""
    if any(m.mime.startswith(_SOUND) for m in record.media) and record.kind not in _MESSAGES:
        return "recording"
    if record.kind in ("note", "visit") or record.time.basis == "stated":
        return "note"
    if record.kind in _MESSAGES and record.text is not None:
        return "conversation"
    if record.kind == "call":
        return "calls"
    if any(m.mime.startswith("image/") for m in record.media):
        return "picture"
    return "file"


def is_stated(record: Record) -> bool:
    """Whether a record is the borrower's own note, with no file behind it."""
    return kind_of(record) == "note"


def creditor_numbers(book: CaseBook, respondent: str) -> frozenset[str]:
    """Numbers stated to be of the respondent or of those who work for it, and every number in a finding."""
    wanted = same_name(respondent)
    found = {
        key
        for key, party in book.view.parties.items()
        if party.role in CREDITOR_SIDE and wanted in (same_name(party.lender or ""), same_name(party.name or ""))
    }
    for finding in book.findings:
        found |= {n for r in finding.records if (n := book.records[r].number) is not None}
    return frozenset(found)


def line_offsets(reading: Reading) -> list[tuple[int, int]]:
    """Where each line of a reading stands in its text; (-1, -1) for a line that is not found in it."""
    found, position = [], 0
    for line in reading.lines:
        start = reading.text.find(line.text, position)
        found.append((start, start + len(line.text)) if start >= 0 else (-1, -1))
        position = max(position, start + len(line.text)) if start >= 0 else position
    return found


def first_line(reading: Reading, quote: Quote) -> int | None:
    """The index of the first line that a quote touches."""
    for i, (start, end) in enumerate(line_offsets(reading)):
        if start < quote.end and end > quote.start:
            return i
    return None


def _cited(book: CaseBook) -> list[Record]:
    """Records behind findings and facts in time order, with the recording, picture or note of the same event."""
    wanted: dict[str, None] = {}
    for finding in book.findings:
        wanted.update(dict.fromkeys((*finding.records, *map(book.carrier, finding.quotes))))
    for fact in book.view.facts:
        wanted.update(dict.fromkeys(p for p in fact.proof if p in book.records))
    chosen: dict[str, Record] = {}
    for record_id in wanted:
        first = book.canonical(record_id)
        if first is None:
            continue
        for other in (record_id, *book.together.get(first.id, ())):
            record = book.records[other]
            if other in (first.id, record_id) or kind_of(record) in ("recording", "picture", "note"):
                chosen[other] = record
    duplicates = {r for r in chosen if r not in wanted and kind_of(chosen[r]) in ("calls", "conversation")}
    return sorted((r for key, r in chosen.items() if key not in duplicates), key=book.sort_key)


def _registers(book: CaseBook, calls: list[Record], respondent: str) -> list[Group]:
    """One register per file and phone, with every call of the numbers concerned."""
    numbers = creditor_numbers(book, respondent)
    made = []
    for source, holder in dict.fromkeys((r.source, r.holder) for r in calls):
        cited = frozenset(r.id for r in calls if (r.source, r.holder) == (source, holder))
        rows = [
            r
            for r in book.view.records
            if kind_of(r) == "calls"
            and (r.source, r.holder) == (source, holder)
            and (r.id in cited or (r.number in numbers and book.first_of[r.id] == r.id))
        ]
        made.append(Group(0, "calls", tuple(sorted(rows, key=book.sort_key)), cited, ()))
    return made


def _conversations(book: CaseBook, messages: list[Record], numbers: frozenset[str], named: set[str]) -> list[Group]:
    """One exhibit per phone and other side, over all files: cited messages with their neighbours, and those in which
    the other side says who it is (``named``).

    A message of someone else that only proves a fact (a bank's receipt) stands alone: the rest is private.
    """
    found = {r for f in book.findings for r in (*f.records, *(q.record for q in f.quotes))}
    found |= {r.id for r in messages if r.number in numbers}
    made = []
    for key in dict.fromkeys(_conversation(r) for r in messages):
        cited = frozenset(r.id for r in messages if _conversation(r) == key)
        whole = [
            r
            for r in book.view.records
            if kind_of(r) == "conversation"
            and _conversation(r) == key
            and (r.id in cited or book.first_of[r.id] == r.id)
        ]
        segments = _segments(sorted(whole, key=book.sort_key), cited | named, cited & found, book.options.context)
        shown = tuple(r for _gap, run in segments for r in run)
        made.append(Group(0, "conversation", shown, cited, (), segments))
    return made


def _conversation(record: Record) -> tuple[str, str, str]:
    channel = "sms" if record.kind in ("sms", "mms") else record.channel
    return record.holder, channel, record.number or record.number_raw or record.name or ""


def _segments(
    whole: list[Record], wanted: frozenset[str], around: frozenset[str], context: int
) -> tuple[tuple[int, tuple[Record, ...]], ...]:
    """Runs of wanted messages, with neighbours of those in ``around``, and the number left out before each run."""
    keep: set[int] = set()
    for i, record in enumerate(whole):
        if record.id in wanted:
            keep.add(i)
        if record.id in around:
            keep |= set(range(max(0, i - context), min(len(whole), i + context + 1)))
    runs: list[tuple[int, tuple[Record, ...]]] = []
    last = -1
    for _shift, run in groupby(enumerate(sorted(keep)), key=lambda pair: pair[1] - pair[0]):
        indices = [i for _n, i in run]
        runs.append((indices[0] - last - 1, tuple(whole[i] for i in indices)))
        last = indices[-1]
    return tuple(runs)


def _single(record: Record, kind: ExhibitKind) -> Group:
    return Group(0, kind, (record,), frozenset([record.id]), ())


def _numbered(book: CaseBook, made: list[Group], named: Mapping[str, tuple[str, ...]]) -> Plan:
    """Numbers by kind, then by time; places of records, lines and files."""
    made = sorted(made, key=lambda g: (_ORDER.index(g.kind), book.sort_key(g.records[0]) if g.records else ("~", 0)))
    groups: list[Group] = []
    places: dict[str, tuple[Group, int]] = {}
    lines: dict[tuple[str, int], Item] = {}
    files: dict[str, Group] = {}
    for number, group in enumerate(made, 1):
        items = _items(book, number, group)
        done = Group(number, group.kind, group.records, group.cited, items, group.segments, group.file)
        groups.append(done)
        for k, record in enumerate(group.records, 1):
            places[record.id] = (done, k if group.kind in ("calls", "conversation", "note") else 0)
        if group.kind in ("recording", "picture"):
            lines |= {(group.records[0].id, i): item for i, item in enumerate(items)}
        if group.file:
            files[group.file] = done
        for record in group.records:
            if group.kind in ("recording", "picture", "file"):
                files.setdefault(record.source, done)
    return Plan(book, tuple(groups), places, lines, files, named)


def _items(book: CaseBook, number: int, group: Group) -> tuple[Item, ...]:
    if group.kind in ("calls", "conversation", "note"):
        owners = [record.id for record in group.records]
    elif group.kind in ("recording", "picture") and (reading := shown_reading(book, group.records[0])) is not None:
        owners = [group.records[0].id] * max(1, len(reading.lines))
    else:
        owners = []
    return tuple(
        Item(owner, book.wording.plain("item", n=number, k=k), f"ex{number}-{k}") for k, owner in enumerate(owners, 1)
    )


def shown_reading(book: CaseBook, record: Record) -> Reading | None:
    """The reading printed with a picture or recording: the one that is quoted, else the one that counts."""
    for finding in book.findings:
        for quote in finding.quotes:
            if quote.reading in book.readings and book.carrier(quote) == record.id:
                return book.readings[quote.reading or ""]
    for media in record.media:
        if (reading := book.reading(media.sha256)) is not None:
            return reading
    return None
