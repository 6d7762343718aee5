"""Messages of screenshots as a filing shows them: by the picture itself, with the words in it marked.

In the case each message is a record of its own. In a document the picture is the exhibit: what is found in a message is
cited to the picture that shows it, and the message stands there with what is above and below it.
"""

from __future__ import annotations

from dataclasses import replace

from evidence.detectors.wording import line_spans
from evidence.models import CaseView, Finding, Quote, Reading, Record
from evidence.screenchat.model import SCREEN_LAYOUT


def by_picture(view: CaseView, findings: tuple[Finding, ...]) -> tuple[CaseView, tuple[Finding, ...]]:
    """The view without the messages of screenshots, and the findings with the pictures in their place."""
    messages = {record.id: record for record in view.records if SCREEN_LAYOUT in record.extras}
    if not messages:
        return view, findings
    readings = {reading.id: reading for found in view.readings.values() for reading in found}
    shown = replace(
        view,
        records=tuple(record for record in view.records if record.id not in messages),
        links=tuple(link for link in view.links if not {link.first, link.second} & messages.keys()),
    )
    return shown, tuple(_pictured(finding, messages, readings) for finding in findings)


def _pictured(finding: Finding, messages: dict[str, Record], readings: dict[str, Reading]) -> Finding:
    def picture(ident: str) -> str:
        return str(messages[ident].extras["shown_in"]) if ident in messages else ident

    return replace(
        finding,
        records=tuple(dict.fromkeys(map(picture, finding.records))),
        quotes=tuple(_quote(q, messages[q.record], readings) if q.record in messages else q for q in finding.quotes),
        left_out=tuple(replace(left, record=picture(left.record)) for left in finding.left_out),
    )


def _quote(quote: Quote, message: Record, readings: dict[str, Reading]) -> Quote:
    """The same words in the text of the picture."""
    parent = str(message.extras["shown_in"])
    if quote.reading is not None:
        return replace(quote, record=parent)
    reading = readings[str(message.extras["reading"])]
    spans = line_spans(reading)
    own = [span for n in message.extras.get("lines", ()) if (span := spans[n]) is not None]
    box = message.extras.get("box")
    around = (box[0], box[1], box[2], box[3]) if box else None
    if not own:
        return Quote(parent, 0, 0, quote.text, reading.id, around)
    first, last = own[0][0], own[-1][1]
    start = reading.text.find(quote.text, first, last)
    first, last = (start, start + len(quote.text)) if start >= 0 else (first, last)
    return Quote(parent, first, last, reading.text[first:last], reading.id, around)
