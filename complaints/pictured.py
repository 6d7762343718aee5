"""The sentence for words that a picture shows: when it was made, and what it says itself about the time."""

from __future__ import annotations

from complaints.blocks import Spans
from complaints.casebook import CaseBook
from complaints.models import Foreign
from complaints.quoting import quoted, quoted_words
from complaints.shots import picture_kind, shown_time, titles
from complaints.wording import Value, as_spans, fill, joined
from evidence.models import Quote, Record


def pictured(book: CaseBook, record: Record, quotes: list[Quote], words: Spans, to: Spans) -> Spans:
    """What a picture shows, by the times printed in it. When it was made is said apart from them."""
    say, kind = book.wording, picture_kind(record)
    values: dict[str, Value] = {"when": book.when(record), "to": to, "quotes": words}
    if kind == "photo":
        by = say.plain("self_name") if record.holder == "self" else book.masker.name(record.holder)
        return say.spans("event_photo", by=by, **values)
    width = float(record.extras.get("width") or 0) or _right_edge(book, quotes)
    by_time: dict[str, list[Quote]] = {}
    names: dict[str, None] = {}
    known = {p.name for p in book.view.parties.values() if p.name}
    for quote in quotes:
        reading = book.readings.get(quote.reading or "")
        by_time.setdefault(shown_time(reading, quote.start, width) if reading else "", []).append(quote)
        names |= dict.fromkeys(t for t in titles(reading, width) if t in known) if reading else {}
    parts = []
    for shown, own in by_time.items():
        key = "shown_at" if shown else "shown_unread"
        said = quoted_words(book, record, own)
        parts.append(say.spans(key, time=quoted(book, as_spans(Foreign(shown))) if shown else "", quotes=said))
    title = say.spans("shown_title", name=book.masker.name(next(iter(names)))) if names else ()
    values |= {"title": title, "parts": joined(parts, say.plain("shows_more"))}
    return fill(say.word("shown_in", kind), values)


def _right_edge(book: CaseBook, quotes: list[Quote]) -> float:
    """The width of a picture of which only the lines are known: they stand as far from the right as from the left."""
    found = [reading for q in quotes if (reading := book.readings.get(q.reading or "")) is not None]
    boxes = [line.box for reading in found for line in reading.lines if line.box is not None]
    return max((b[2] for b in boxes), default=0.0) + min((b[0] for b in boxes), default=0.0)
