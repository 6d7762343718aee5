"""Read-only questions about a case: what happened when, and everything at once for the pure steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from evidence import codec
from evidence.clocks import corrected, corrected_time_sql, corrections
from evidence.log import Case
from evidence.models import (
    Answer,
    CaseView,
    Contact,
    Custody,
    Fact,
    Layout,
    Link,
    Media,
    Party,
    Problem,
    Reading,
    Record,
    Review,
    Source,
    TextBasis,
)
from evidence.readingrank import counting
from evidence.screenchat.model import SCREEN_LAYOUT
from evidence.search import query as search_query
from evidence.sides import Sides, own_names, sides_of
from evidence.times import from_utc_text, to_utc_text

T = TypeVar("T")

_BASIS: dict[str, TextBasis] = {"ocr": "ocr", "transcript": "transcript", "correction": "corrected"}


def rows(case: Case, noun: str, cls: type[T]) -> Iterator[T]:
    """Every row of a noun as its dataclass, in the order written; forgotten rows are left out."""
    for (body,) in case.db.execute(f"select body from {noun} where body is not null order by n"):
        yield codec.from_body(cls, json.loads(body))


def current_readings(readings: tuple[Reading, ...]) -> Reading | None:
    """The reading that counts (:func:`evidence.readingrank.counting`)."""
    return counting(readings)


def shown_text(record: Record, readings: Mapping[str, tuple[Reading, ...]]) -> tuple[str | None, TextBasis | None]:
    """A record's text and where it comes from: its own, else what was read from its media."""
    if record.text is not None:
        return record.text, record.text_basis
    texts = []
    basis: TextBasis | None = None
    for media in record.media:
        reading = current_readings(readings.get(media.sha256, ()))
        if reading is not None and reading.text:
            texts.append(reading.text)
            basis = _BASIS[reading.kind]
    return ("\n".join(texts), basis) if texts else (None, None)


def load_readings(case: Case) -> dict[str, tuple[Reading, ...]]:
    """All readings by the hash of what was read, oldest first."""
    found: dict[str, list[Reading]] = {}
    for reading in rows(case, "reading", Reading):
        found.setdefault(reading.target, []).append(reading)
    return {target: tuple(readings) for target, readings in found.items()}


def load_parties(case: Case) -> dict[str, Party]:
    """The latest statement per key; a later statement fills in, and does not blank, what it leaves out."""
    parties: dict[str, Party] = {}
    for party in rows(case, "party", Party):
        old = parties.get(party.key)
        if old is not None:
            kept = {f: getattr(party, f) or getattr(old, f) for f in ("name", "role", "lender", "relation")}
            kept |= {f: getattr(party, f) or getattr(old, f) for f in ("lender_type", "note")}
            party = replace(party, **kept)
        parties[party.key] = party
    return parties


def load_links(case: Case) -> tuple[Link, ...]:
    """Pairs that are joined now: of several statements on a pair the latest counts, a person's before a machine's."""
    latest: dict[tuple[str, str], Link] = {}
    for link in rows(case, "link", Link):
        pair = (min(link.first, link.second), max(link.first, link.second))
        old = latest.get(pair)
        if old is None or link.by == "person" or old.by == "machine":
            latest[pair] = link
    return tuple(link for link in latest.values() if link.joined)


def load_sources(case: Case) -> tuple[Source, ...]:
    """Every file as handed in, with the importer that read it."""
    read = {}
    query = "select body from log where kind = 'read' order by seq"
    for (body,) in case.db.execute(query):
        said = json.loads(body)
        read[said["source"]] = (said["format"], f"{said['importer']} {said['version']}")
    out = []
    for source in rows(case, "source", Source):
        how = read.get(source.sha256)
        out.append(replace(source, format=how[0], importer=how[1]) if how else source)
    return tuple(out)


def load_layouts(case: Case) -> dict[str, Layout]:
    """The layout that counts for each picture: the latest."""
    return {layout.target: layout for layout in rows(case, "layout", Layout)}


def is_current(record: Record, layouts: frozenset[str]) -> bool:
    """Whether a record stands: a message of a screenshot gives way when the picture was divided anew."""
    layout = record.extras.get(SCREEN_LAYOUT)
    return layout is None or layout in layouts


def load_view(case: Case) -> CaseView:
    """The whole case at its present head."""
    header, head = case.header, case.head
    facts = tuple(rows(case, "fact", Fact))
    clocks = corrections(facts)
    parties = load_parties(case)
    layouts = load_layouts(case)
    current = frozenset(layout.id for layout in layouts.values())
    records = [corrected(record, clocks) for record in rows(case, "record", Record) if is_current(record, current)]
    sides = sides_of(records, own_names(parties))
    custody = tuple(
        Custody(seq, at, kind, json.loads(body))
        for seq, at, kind, body in case.db.execute("select seq, at, kind, body from log order by seq")
    )
    return CaseView(
        case_id=header.case_id,
        jurisdiction=header.jurisdiction,
        timezone=header.timezone,
        created_at=header.created_at,
        head_seq=head.seq,
        head_hash=head.hash,
        demo=header.demo,
        sources=load_sources(case),
        records=tuple(sides.seen(record) for record in records),
        readings=load_readings(case),
        layouts=layouts,
        parties=parties,
        contacts=tuple(rows(case, "contact", Contact)),
        facts=facts,
        answers={answer.field: answer for answer in rows(case, "answer", Answer)},
        links=load_links(case),
        reviews={review.finding: review for review in rows(case, "review", Review)},
        custody=custody,
    )


def rows_of_pictures(case: Case) -> Iterator[tuple[Record, Media]]:
    """Each picture of the case once, with the first record that carries it, in the order kept."""
    query = """select body from record where body is not null and exists (
                 select 1 from json_each(record.body, '$.media') m
                 where json_extract(m.value, '$.mime') like 'image/%') order by n"""
    seen: set[str] = set()
    for (body,) in case.db.execute(query):
        record = codec.record_from_body(json.loads(body))
        for media in record.media:
            if media.mime.startswith("image/") and media.sha256 not in seen:
                seen.add(media.sha256)
                yield record, media


def load_problems(case: Case) -> tuple[Problem, ...]:
    """Everything that could not be read, in the order met."""
    return tuple(rows(case, "problem", Problem))


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list. Times are UTC text (from inclusive, to exclusive); the rest are exact, None for any."""

    since: str | None = None
    until: str | None = None
    kind: str | None = None
    channel: str | None = None
    number: str | None = None
    direction: str | None = None
    text: str | None = None


def parse_when(words: str, zone: ZoneInfo) -> datetime:
    """A date or time typed by a person (``2026-04-08`` or ``2026-04-08T21:30``), in the zone of the case.

    Raises ValueError.
    """
    moment = datetime.fromisoformat(words.strip().replace("/", "-").replace("\uff1a", ":"))
    if not 2 <= moment.year <= 9998:
        raise ValueError(words)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def when_text(words: str, zone: ZoneInfo) -> str:
    """:func:`parse_when` as UTC text."""
    return to_utc_text(parse_when(words, zone))


def select_records(case: Case, wanted: Filter) -> Iterator[Record]:
    """Matching records in time order; those without a time come last."""
    clocks = corrections(rows(case, "fact", Fact))
    time, moved = corrected_time_sql(clocks)
    moment = "moment" if clocks else "time"
    where, values = ["body is not null"], [*moved]
    for column, operator in (("since", ">="), ("until", "<")):
        if (value := getattr(wanted, column)) is not None:
            where.append(f"{moment} {operator} ?")
            values.append(value)
    for column in ("kind", "channel", "number", "direction"):
        if (value := getattr(wanted, column)) is not None:
            where.append(f'"{column}" = ?')
            values.append(value)
    if wanted.text:
        where.append(_text_condition(case, wanted.text, values))
    current = frozenset(layout.id for layout in load_layouts(case).values())
    table = f"(select *, {time} as moment from record) as record" if clocks else "record"
    query = f"select body from {table} where {' and '.join(where)} order by {moment} is null, {moment}, n"
    for (body,) in case.db.execute(query, values):
        record = codec.record_from_body(json.loads(body))
        if is_current(record, current):
            yield corrected(record, clocks)


def _text_condition(case: Case, text: str, values: list[Any]) -> str:
    """Records whose own text has ``text``, or whose media were read to say it. ASCII letters of any case match."""
    own, read = "instr(lower(text), lower(?)) > 0", "instr(lower(reading.text), lower(?)) > 0"
    expression = search_query(text)
    if expression is None:
        values += [text, text]
        return f"({own} or {_READ_OF_MEDIA.format(read)})"
    hits = [row[0] for row in case.db.execute("select rowid from search where search match ?", [expression])]
    values += [json.dumps([hit // 2 for hit in hits if hit % 2 == 0]), text]
    values += [json.dumps([hit // 2 for hit in hits if hit % 2 == 1]), text]
    of_reading = _READ_OF_MEDIA.format(f"reading.n in (select value from json_each(?)) and {read}")
    return f"((n in (select value from json_each(?)) and {own}) or {of_reading})"


_READ_OF_MEDIA = """exists (select 1 from json_each(record.body, '$.media') m
  join reading on reading.target = json_extract(m.value, '$.sha256') where {})"""


def local_iso(utc: str | None, zone: ZoneInfo) -> str | None:
    """ISO 8601 with the offset of ``zone``; milliseconds only where there are any."""
    if utc is None:
        return None
    moment = from_utc_text(utc).astimezone(zone)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a timeline row needs beside its record."""

    zone: ZoneInfo
    readings: Mapping[str, tuple[Reading, ...]]
    parties: Mapping[str, Party]
    same_as: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    contacts: Mapping[str, Contact]
    sides: Sides


def row_context(case: Case) -> RowContext:
    """Load what rows need, once."""
    same: dict[str, set[str]] = {}
    for link in load_links(case):
        same.setdefault(link.first, set()).add(link.second)
        same.setdefault(link.second, set()).add(link.first)
    parties = load_parties(case)
    names = {}
    for sha256, name in case.db.execute("select sha256, name from source where body is not null order by n desc"):
        names[sha256] = name
    return RowContext(
        ZoneInfo(case.header.timezone),
        load_readings(case),
        parties,
        {key: tuple(sorted(value)) for key, value in same.items()},
        names,
        contact_names(rows(case, "contact", Contact)),
        _sides(case, parties),
    )


def _sides(case: Case, parties: Mapping[str, Party]) -> Sides:
    """As in :func:`load_view`; only what no source tells is looked at."""
    own = own_names(parties)
    query = "select body from record where body is not null and direction is null and kind in ('chat', 'call')"
    records = (codec.record_from_body(json.loads(body)) for (body,) in case.db.execute(query)) if own else ()
    return sides_of(records, own)


def contact_names(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """The address-book entry of each number; where books differ, the one imported last."""
    return {contact.number: contact for contact in contacts if contact.number is not None}


def _name(record: Record, context: RowContext) -> tuple[str | None, str | None]:
    """Who a record is with, and who says so: its own source, else the borrower, else an address book."""
    if record.name:
        return record.name, "source"
    party = context.parties.get(record.number or "")
    if party is not None and party.name:
        return party.name, "stated"
    contact = context.contacts.get(record.number or "")
    return (contact.name, "address_book") if contact is not None else (None, None)


def timeline_row(record: Record, context: RowContext) -> dict[str, Any]:
    """One record in the form of the outside contract (docs/json.md)."""
    text, basis = shown_text(record, context.readings)
    name, name_basis = _name(record, context)
    seen = context.sides.seen(record)
    return {
        "id": record.id,
        "kind": record.kind,
        "channel": record.channel,
        "time": local_iso(record.time.utc, context.zone),
        "time_basis": record.time.basis,
        "time_how": record.time.how,
        "precision_s": record.time.precision_s,
        "direction": seen.direction,
        "direction_basis": None if seen.direction is None else "source" if seen is record else "stated",
        "number": record.number or record.number_raw,
        "name": name,
        "name_basis": name_basis,
        "text": text,
        "text_basis": basis,
        "duration_s": record.duration_s,
        "outcome": record.outcome,
        "same_as": list(context.same_as.get(record.id, ())),
        "holder": record.holder,
        "source": {
            "sha256": record.source,
            "name": context.names.get(record.source),
            "locator": record.locator,
        },
    }
