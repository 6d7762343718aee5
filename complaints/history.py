"""The course of things in time order, and the story of the case file itself (custody)."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from complaints import clock
from complaints.blocks import Span, Spans, Table
from complaints.casebook import CaseBook
from complaints.exhibits import Plan
from complaints.models import Conduct, Event, Exhibit, Foreign, Statement
from complaints.statements import Told
from complaints.tables import make_table
from complaints.wording import joined
from evidence.models import Custody, Media, Record, Stamp


def events(plan: Plan, told: dict[str, tuple[Told, ...]], conducts: tuple[Conduct, ...]) -> tuple[Event, ...]:
    """Stated facts and the days of confirmed conduct, oldest first. A fact goes before an answer that says the same."""
    found = [*_answers(plan.book), *_facts(plan), *_days(plan, told, conducts)]
    return tuple(sorted(found, key=lambda event: event.key))


def table(book: CaseBook, found: tuple[Event, ...]) -> Table:
    """The history as printed: when, what, and by which exhibit or whose word."""
    rows: list[list[Spans]] = []
    for event in found:
        ground = event.statement.cites or book.wording.spans("stated")
        rows.append([(Span(event.when),), event.statement.spans, ground])
    return make_table(book, ("time", "fact", "ground"), rows, (22, 52, 26))


def _answers(book: CaseBook) -> list[Event]:
    found = []
    lender = Foreign(book.answer("respondent.legal_name"))
    told = {fact.type for fact in book.view.facts}
    for field, key, fact in (
        ("debt.loan_date", "event_loan", "loan"),
        ("debt.overdue_since", "event_overdue", "overdue"),
        ("prior_complaint.date", "event_prior", "complaint_to_firm"),
        ("prior_complaint.reply_date", "event_reply", "firm_final_reply"),
    ):
        when = clock.iso_day(book.answer(field))
        if when is not None and fact not in told:
            spans = book.wording.spans(key, lender=lender)
            found.append(Event(when.isoformat(), clock.day_text(when, book.wording), Statement(spans, stated=True)))
    return found


def _facts(plan: Plan) -> list[Event]:
    book, found = plan.book, list[Event]()
    for fact in book.view.facts:
        kind = "other" if not book.wording.known("facts", fact.type) else fact.type
        label = book.wording.word("facts", kind)
        text = fact.text.strip().rstrip("。.")
        if text:
            spans = book.wording.spans("fact", label=label, text=book.own_words(text))
        else:
            spans = book.wording.spans("fact_bare", label=label)
        cites = plan.cite_proof(fact.proof)
        when = clock.stamp_text(fact.time, book.zone, book.wording, claims=False)
        key = clock.local(fact.time.utc, book.zone).isoformat() if fact.time.utc else "9999"
        found.append(Event(key, when, Statement(spans, cites, stated=not cites)))
    return found


def _days(plan: Plan, told: dict[str, tuple[Told, ...]], conducts: tuple[Conduct, ...]) -> list[Event]:
    """One line per day: which kinds of conduct, how many, with their exhibits. A picture has a line of its own kind,
    with the day on which it was made; many things told at once have one with their first and last day."""
    book = plan.book
    by_day: dict[tuple[date, date, str], list[tuple[str, Told]]] = {}
    for category, many in told.items():
        for one in many:
            if one.day is not None:
                by_day.setdefault((one.day, one.until or one.day, ""), []).append((category, one))
            elif one.made is not None:
                by_day.setdefault((one.made[1], one.made[1], one.made[0]), []).append((category, one))
    found = []
    for (day, last, kind), entries in by_day.items():
        when = clock.period_text((day, last), book.wording)
        shown = book.wording.word("made", kind).format(day=when) if kind else when
        found.append(Event(f"{day.isoformat()}T~{last.isoformat()}{kind}", shown, _of_day(book, entries, conducts)))
    return found


def _of_day(book: CaseBook, entries: list[tuple[str, Told]], conducts: tuple[Conduct, ...]) -> Statement:
    """The kinds of conduct among ``entries`` in the order of their sections, with all exhibits."""
    parts: list[Spans] = []
    cites: dict[str | None, Span] = {}
    for conduct in conducts:
        own = [t for c, t in entries if c == conduct.category]
        if not own:
            continue
        link = Span(conduct.title, href=f"#{conduct.anchor}")
        parts.append(book.wording.spans("event_conduct", title=link, n=sum(t.n for t in own)))
        for one in own:
            cites |= {s.href: s for s in one.statement.cites if s.href and s.href not in cites}
    spans = joined(parts, book.wording.plain("shows_more"))
    return Statement(spans, book.listed([(s,) for s in cites.values()]))


def files(plan: Plan, exhibits: tuple[Exhibit, ...]) -> Table:
    """Name, size and SHA-256 of every file behind an exhibit."""
    book = plan.book
    media = {m.sha256: (m, r) for g in plan.groups for r in g.records for m in r.media}
    used: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        for sha in exhibit.files:
            used.setdefault(sha, []).append(exhibit)
    rows: list[list[Spans]] = []
    for sha, owners in used.items():
        links = book.listed([(Span(e.label, href=f"#{e.anchor}"),) for e in owners])
        source = book.sources.get(sha)
        whole = ((Span(Foreign(source.name)),), source.size) if source else None
        name, size = whole or _part(book, *media[sha])
        rows.append([name, (Span(str(size)),), (Span(Foreign(sha)),), links])
    return make_table(book, ("file", "size", "hash", "used"), rows, (26, 12, 44, 18))


def _part(book: CaseBook, media: Media, record: Record) -> tuple[Spans, int]:
    """The name and size of a file that came inside another one, with the name of that one."""
    source = book.sources.get(record.source)
    values = {"name": Foreign(media.name), "file": Foreign(source.name if source else record.source[:12])}
    return book.wording.spans("part_of", carrier=book.wording.word("part_kinds", record.kind), **values), media.size


def custody(book: CaseBook) -> Table:
    """What was done with the case up to the head, neighbours of one kind in one line."""
    rows: list[list[Spans]] = []
    log = sorted(book.view.custody, key=lambda row: row.seq)
    for _what, run in groupby(log, key=lambda row: (row.kind, row.at[:10])):
        entries = list(run)
        rows.append(_custody_row(book, entries))
    return make_table(book, ("seq", "time", "what", "count"), rows, (14, 30, 42, 14))


def _custody_row(book: CaseBook, entries: list[Custody]) -> list[Spans]:
    first, last = entries[0], entries[-1]
    seq = str(first.seq)
    if last.seq != first.seq:
        seq = book.wording.plain("seq_range", a=first.seq, b=last.seq)
    when = clock.row_text(Stamp(first.at), book.zone, book.wording)
    what: Spans = (Span(book.wording.word("custody_kinds", first.kind)),)
    software = first.body.get("software")
    if first.kind == "opened" and isinstance(software, str):
        what = book.wording.spans("custody_software", software=Foreign(software))
    n = 0
    for entry in entries:
        count = entry.body.get("count", 1)
        n += count if isinstance(count, int) else 1
    return [(Span(seq),), (Span(when),), what, (Span(str(n)),)]
