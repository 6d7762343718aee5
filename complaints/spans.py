"""Runs of text put together from the pieces a parser gives."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import east_asian_width

from complaints.blocks import Span, Spans

FOLD = "\r"  # a line of the template ends here, the paragraph goes on


def merged(spans: list[Span]) -> Spans:
    """Neighbours of one look joined; a fold is a space unless it stands between wide characters."""
    out: list[Span] = []
    for i, span in enumerate(spans):
        if span.text == FOLD:
            before = spans[i - 1].text[-1:] if i else ""
            after = spans[i + 1].text[:1] if i + 1 < len(spans) else ""
            span = replace(span, text="" if _wide(before) and _wide(after) else " ")
        if out and replace(out[-1], text="") == replace(span, text=""):
            out[-1] = replace(span, text=out[-1].text + span.text)
        elif span.text:
            out.append(span)
    return tuple(out)


def cut_end(spans: Spans, length: int) -> Spans:
    """``spans`` without the last ``length`` characters of the last run and the space around them."""
    last = replace(spans[-1], text=spans[-1].text.rstrip()[:-length].rstrip())
    return (*spans[:-1], last) if last.text else spans[:-1]


def cut_start(spans: Spans, length: int) -> Spans:
    """``spans`` without the first ``length`` characters and the blanks after them."""
    first = replace(spans[0], text=spans[0].text[length:].lstrip(" \t\n"))
    return (first, *spans[1:]) if first.text else spans[1:]


def _wide(char: str) -> bool:
    return bool(char) and east_asian_width(char) in "WF"
