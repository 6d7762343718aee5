"""Words of evidence set into a sentence: the quoted spans marked, with what is needed around them."""

from __future__ import annotations

import re
from dataclasses import replace

from complaints.blocks import Span, Spans
from complaints.casebook import CaseBook
from complaints.models import Foreign
from complaints.shots import whole_lines
from complaints.wording import fill, joined
from evidence.models import Quote, Reading, Record

LONGEST_MESSAGE = 240
_AROUND = 40
_FOLD = re.compile(r"\s*\n\s*")
_WIDE = re.compile("[\u2e80-\uffef]")


def quoted(book: CaseBook, spans: Spans) -> Spans:
    """A quotation in the quotation marks of the language."""
    return fill(book.wording.texts["quoted"], {"text": spans})


def quoted_words(book: CaseBook, record: Record, quotes: list[Quote]) -> Spans:
    """The message with its quoted spans marked; of a long one, or of a reading, only what is around them."""
    parts: list[Spans] = []
    for reading_id in dict.fromkeys(q.reading for q in quotes):
        own = [q for q in quotes if q.reading == reading_id]
        reading = book.readings.get(reading_id or "")
        text = reading.text if reading is not None else record.text or ""
        marks = [(q.start, q.end) for q in own]
        if reading is None and len(text) <= LONGEST_MESSAGE:
            parts.append(quoted(book, book.shown(record, text, marks, reading_id)))
            continue
        parts += [quoted(book, s) for s in _excerpts(book, record, text, marks, reading)]
    return joined(parts, "")


def _excerpts(
    book: CaseBook, record: Record, text: str, marks: list[tuple[int, int]], reading: Reading | None
) -> list[Spans]:
    """The lines (or some characters) around each quoted span; overlapping ones are joined."""
    windows: list[tuple[int, int]] = []
    cut = reading is None or not reading.lines
    for start, end in marks:
        whole = whole_lines(reading, start, end) if reading is not None else None
        a, b = whole or (max(0, start - _AROUND), min(len(text), end + _AROUND))
        if windows and a <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(b, windows[-1][1]))
        else:
            windows.append((a, b))
    found = []
    more = Span(book.wording.plain("ellipsis"))
    for a, b in windows:
        spans = tuple(
            _folded(span) for span in book.shown(record, text, marks, reading.id if reading else None, (a, b))
        )
        found.append(((more,) if cut and a > 0 else ()) + spans + ((more,) if cut and b < len(text) else ()))
    return found


def _folded(span: Span) -> Span:
    """Lines of one passage in one line: Chinese ones without a space."""
    between = "" if _WIDE.search(span.text) else " "
    return replace(span, text=Foreign(_FOLD.sub(between, span.text)))
