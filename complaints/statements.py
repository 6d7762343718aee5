"""Sentences about conduct: what was said or counted, when, by which number, with the exhibit for each.

Nothing is judged here. A section says 疑似, quotes the words or lists the contacts, and names the clauses that
the rule gave; a clause that is not verified well enough is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from complaints import clock
from complaints.blocks import Spans
from complaints.casebook import CaseBook
from complaints.exhibits import Plan, is_stated, kind_of
from complaints.grounds import grounds_of, notes
from complaints.models import Conduct, Statement
from complaints.pictured import pictured
from complaints.quoting import quoted, quoted_words
from complaints.shots import PictureKind, picture_kind
from complaints.wording import Value, as_spans, fill, joined
from evidence.models import Finding, Quote, Record

MOST_SINGLE = 12
_CARRIERS = ("conversation", "recording", "picture", "calls", "file", "note")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with the time it sorts by and the number of things it stands for.

    What a picture shows has no ``day``: ``made`` says when the picture was made, and of which kind it is. ``until`` is
    the last day of many things told at once.
    """

    key: str
    day: date | None
    statement: Statement
    n: int = 1
    made: tuple[PictureKind, date] | None = None
    until: date | None = None


def by_category(book: CaseBook) -> dict[str, tuple[Finding, ...]]:
    """The confirmed findings by category, in the order in which the wording lists categories."""
    order = list(book.wording.groups["categories"])
    found: dict[str, list[Finding]] = {}
    for finding in book.findings:
        found.setdefault(finding.category, []).append(finding)
    known = sorted(found, key=lambda c: (order.index(c) if c in order else len(order), c))
    return {category: tuple(found[category]) for category in known}


def anchor_of(category: str) -> str:
    """Where the section of a category stands."""
    return f"conduct-{category}"


def conduct(plan: Plan, category: str, findings: tuple[Finding, ...]) -> tuple[Conduct, tuple[Told, ...]]:
    """The section for one category, and its statements for the history."""
    book = plan.book
    counted = [f for f in findings if f.counted is not None and f.limit is not None and not f.quotes]
    quoting = [f for f in findings if f.quotes]
    rest = [f for f in findings if f not in counted and f not in quoting]
    quoted_records = {book.first_of.get(q.record, q.record) for f in quoting for q in f.quotes}
    told = [*_counts(plan, counted), *_quotes(plan, quoting), *_contacts(plan, rest, quoted_records)]
    told.sort(key=lambda t: t.key)
    grounds = grounds_of(book, category, findings)
    section = Conduct(
        category=category,
        title=book.wording.word("categories", category),
        anchor=anchor_of(category),
        lead=_lead(book, category, told, bool(quoting) and not counted and not rest, bool(counted)),
        items=tuple(t.statement for t in told),
        notes=notes(book, findings, grounds),
        grounds=grounds,
        findings=tuple(f.id for f in findings),
    )
    return section, tuple(told)


def who(plan: Plan, record: Record) -> Spans:
    """The other side of a record by its number. A collector's name stands only with a number whose messages give it:
    for the others it is what the complainant states, which the table of parties says once."""
    book, party = plan.book, plan.book.party(record)
    number = book.label_number(record)
    if not number:
        if record.name:
            return book.wording.spans("who_name", name=book.masker.name(record.name))
        return book.wording.spans("who_unknown")
    if party is not None and party.name and (party.role != "collector" or record.number in plan.named):
        return book.wording.spans("who_named", number=number, name=book.masker.name(party.name))
    return book.wording.spans("who_in", number=number)


def _lead(book: CaseBook, category: str, told: Sequence[Told], quotes: bool, counts: bool) -> Spans:
    n = sum(t.n for t in told)
    key = "lead_quotes" if quotes else "lead_counts" if counts else "lead_events"
    if n == 1:
        key += "_one"
    title = book.wording.word("categories", category)
    return book.wording.spans(key, title=title, n=n, time=_span_of_time(book, told))


def _span_of_time(book: CaseBook, told: Sequence[Told]) -> str:
    """From when to when. What pictures show is left out: the day on which a picture was made is not that of the act."""
    period = clock.period_text((d for t in told for d in (t.day, t.until) if d is not None), book.wording)
    pictures = sum(t.made is not None for t in told)
    if pictures == len(told):
        return book.wording.plain("time_in_pictures")
    return book.wording.plain("time_with_pictures" if pictures else "time_span", period=period, n=pictures)


def _subject(book: CaseBook, record: Record, subject: str = "self") -> Spans:
    name = record.holder if record.holder != "self" else subject
    if name in ("self", ""):
        return ()
    return book.wording.spans("event_to", subject=book.subject(name))


def _act(book: CaseBook, record: Record) -> Spans:
    if record.kind != "call":
        return as_spans(book.wording.word("acts", record.kind))
    if record.direction == "out":
        return as_spans(book.wording.word("acts", "call_out"))
    if record.outcome == "answered" and record.duration_s:
        return fill(book.wording.word("acts", "call_answered_s"), {"s": f"{record.duration_s:g}"})
    key = f"call_{record.outcome}" if record.outcome else "call"
    return as_spans(book.wording.word("acts", key))


def _day(book: CaseBook, record: Record) -> date | None:
    return clock.local(record.time.utc, book.zone).date() if record.time.utc else None


def _when(book: CaseBook, record: Record) -> str:
    """A time with its claim, except for a note, which is marked as the complainant's word anyway."""
    return book.when(record, claims=not is_stated(record))


def _counts(plan: Plan, findings: Iterable[Finding]) -> list[Told]:
    """One sentence per day (or window) and set of calls; two rules on the same calls make one sentence."""
    book, found = plan.book, dict[frozenset[str], Told]()
    for finding in findings:
        records = [r for r in (book.canonical(i) for i in finding.records) if r is not None]
        records = sorted({r.id: r for r in records}.values(), key=book.sort_key)
        if not records or frozenset(r.id for r in records) in found:
            continue
        outcomes = {r.outcome for r in records}
        how = "answered" if outcomes == {"answered"} else "mixed" if "answered" in outcomes else "missed"
        times = [clock.clock_text(r.time, book.zone, book.wording) for r in records]
        first = clock.iso_day(finding.window_from) or _day(book, records[0])
        numbers = {r.number for r in records}
        many = len(numbers) > 1
        spans = book.wording.spans(
            "counted_many" if many else "counted",
            day=clock.day_text(first, book.wording) if first else book.wording.plain("no_time"),
            who=who(plan, records[0]),
            k=len(numbers),
            how=book.wording.plain(f"how_{how}_many" if many else f"how_{how}"),
            n=len(records),
            times=book.wording.plain("time_separator").join(t for t in times if t),
        )
        statement = Statement(spans, plan.cite(r.id for r in records))
        found[frozenset(r.id for r in records)] = Told(book.sort_key(records[0])[0], first, statement)
    return list(found.values())


def _quotes(plan: Plan, findings: Iterable[Finding]) -> list[Told]:
    """One sentence per event, with every span that a finding of this category quotes in it."""
    book = plan.book
    subjects: dict[str, str] = {}
    by_event: dict[str, dict[str, list[Quote]]] = {}
    for finding in findings:
        for quote in finding.quotes:
            carrier = book.carrier(quote)
            if carrier not in book.records:
                continue
            event = book.first_of.get(carrier, carrier)
            quotes = by_event.setdefault(event, {}).setdefault(carrier, [])
            if quote not in quotes:
                quotes.append(quote)
            subjects[event] = finding.subject
    told = []
    for event, carriers in by_event.items():
        order = sorted(carriers, key=lambda c: (_CARRIERS.index(kind_of(book.records[c])), book.order[c]))
        record = book.records[order[0]]
        statement = _said(plan, record, [_in_order(carriers[c]) for c in order], subjects[event])
        told.append(_told(book, record, statement))
    return told


def _told(book: CaseBook, record: Record, statement: Statement) -> Told:
    day = _day(book, record)
    if kind_of(record) != "picture":
        return Told(book.sort_key(record)[0], day, statement)
    made = (picture_kind(record), day) if day is not None else None
    return Told(book.sort_key(record)[0], None, statement, made=made)


def _in_order(quotes: list[Quote]) -> list[Quote]:
    return sorted(quotes, key=lambda q: (q.start, q.end))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _said(plan: Plan, record: Record, carried: list[list[Quote]], subject: str) -> Statement:
    """The sentence for one event. ``carried``: the quotes of each record that shows it, the best record's first; of
    the others only words that the first does not have."""
    book, kind = plan.book, kind_of(record)
    quotes = carried[0]
    words = quoted_words(book, record, quotes)
    had = _squeezed("".join(span.text for span in words))
    for more in carried[1:]:
        new = [q for q in more if _squeezed(q.text) not in had]
        if new:
            words = joined([words, quoted_words(book, book.records[book.carrier(new[0])], new)], "")
    first = book.canonical(record.id)
    record = first if first is not None and kind == "recording" else record
    to = _subject(book, record, subject)
    values: dict[str, Value] = {"when": _when(book, record), "who": who(plan, record), "to": to, "quotes": words}
    cites = plan.cite([record.id])
    if kind == "recording":
        cites = _unique([plan.cite_quote(q) for q in quotes], book)
        if all(q.start_s is not None for q in quotes):
            seconds = book.wording.plain("list_separator").join(dict.fromkeys(_seconds(book, q) for q in quotes))
            return Statement(book.wording.spans("event_recording", seconds=seconds, **values), cites)
        return Statement(book.wording.spans("event_recording_whole", **values), cites)
    if kind == "picture":
        return Statement(pictured(book, record, quotes, words, to), cites)
    if kind == "note":
        return Statement(book.wording.spans("event_note", **values), cites, stated=True)
    key = "event_attached" if all(q.reading for q in quotes) else "event_message"
    return Statement(book.wording.spans(key, act=_act(book, record), **values), cites)


def _seconds(book: CaseBook, quote: Quote) -> str:
    if quote.end_s is None:
        return book.wording.plain("seconds_from", a=f"{quote.start_s:.1f}")
    return book.wording.plain("seconds", a=f"{quote.start_s:.1f}", b=f"{quote.end_s:.1f}")


def _unique(parts: list[Spans], book: CaseBook) -> Spans:
    return book.listed([part for i, part in enumerate(parts) if part and part not in parts[:i]])


def _contacts(plan: Plan, findings: Iterable[Finding], told_already: set[str]) -> list[Told]:
    """One sentence per contact, or one for all when a finding lists very many. A quoted contact is told already."""
    book, told = plan.book, list[Told]()
    single: dict[str, str] = {}
    many: dict[frozenset[str], Finding] = {}
    for finding in findings:
        records = dict.fromkeys(book.first_of.get(r, r) for r in finding.records if r in book.records)
        if len(records) > MOST_SINGLE:
            many.setdefault(frozenset(records), finding)
        else:
            single |= {r: finding.subject for r in records if r not in single and r not in told_already}
    many = {ids: finding for ids, finding in many.items() if not any(ids < other for other in many)}
    within = {r for ids in many for r in ids}
    for record_id, subject in single.items():
        if record_id in within:
            continue
        record = book.records[record_id]
        to = _subject(book, record, subject)
        values: dict[str, Value] = {"when": _when(book, record), "who": who(plan, record), "to": to}
        if is_stated(record):
            text = quoted(book, book.shown(record, record.text or ""))
            statement = Statement(book.wording.spans("event_note", quotes=text, **values), plan.cite([record_id]), True)
        else:
            key = "event_shown" if kind_of(record) == "picture" else "event"
            statement = Statement(book.wording.spans(key, act=_act(book, record), **values), plan.cite([record_id]))
        told.append(_told(book, record, statement))
    told += [_total(plan, sorted(ids, key=lambda i: book.sort_key(book.records[i]))) for ids in many]
    return told


def _total(plan: Plan, ids: list[str]) -> Told:
    book = plan.book
    records = [book.records[i] for i in ids]
    days = [d for d in (_day(book, r) for r in records) if d is not None]
    numbers = {r.number for r in records}
    calls = sum(kind_of(r) in ("calls", "recording") for r in records)
    spans = book.wording.spans(
        "events_total_many" if len(numbers) > 1 else "events_total",
        who=who(plan, records[0]),
        k=len(numbers),
        n=len(records),
        calls=calls,
        messages=len(records) - calls,
        period=clock.period_text(days, book.wording),
    )
    first, last = (days[0], days[-1]) if days else (None, None)
    return Told(book.sort_key(records[0])[0], first, Statement(spans, plan.cite(ids)), len(ids), until=last)
