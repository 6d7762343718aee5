"""Spans to lines: runs of one face and look, measured and broken, ready to be drawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from complaints.blocks import Span, Spans
from complaints.pdf.breaking import break_text
from complaints.pdf.fonts import Face, FontSet

TextAlign = Literal["left", "centre", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a paragraph. Lengths in points; ``grey`` is the ink, 0 black to 1 white."""

    size: float = 11
    leading: float = 17
    indent: float = 0
    align: TextAlign = "justify"
    bold: bool = False
    mono: bool = False
    grey: float = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. ``actual`` is set when ``text`` is the visible code of a character no font has."""

    text: str
    face: Face
    size: float
    grey: float = 0
    bold: bool = False
    italic: bool = False
    mark: bool = False
    anchor: str | None = None
    actual: str | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a run on one line; ``x`` from the line's start; ``actual`` as in Run, "" on later parts of a code."""

    run: Run
    text: str
    x: float
    width: float
    actual: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces, its width and ``space``, added after each character to justify."""

    pieces: tuple[Piece, ...]
    width: float
    x: float = 0
    space: float = 0


def _shown(spans: Spans) -> Iterable[Span]:
    """Addresses in the net are printed, since paper cannot be clicked and nothing leaves the machine."""
    for span in spans:
        yield span
        if span.href and not span.href.startswith("#") and span.href not in span.text:
            yield replace(span, text=f"（{span.href}）")


def compose(spans: Spans, style: Style, fonts: FontSet) -> tuple[Run, ...]:
    """The runs of ``spans`` in ``style``. Links to ``#anchor`` keep their target, others become text."""
    runs = []
    for span in _shown(spans):
        mono = style.mono or span.code
        anchor = span.href[1:] if span.href and span.href.startswith("#") else None
        size = style.size * 0.94 if mono else style.size
        bold = style.bold or span.bold
        for part in fonts.stretches(span.text, mono=mono):
            small = size * 0.8 if part.code else size
            runs.append(
                Run(part.text, part.face, small, style.grey, bold, span.italic, span.mark, anchor, part.actual, mono)
            )
    return tuple(runs)


def _slice(runs: Sequence[Run], starts: Sequence[int], widths: Sequence[float], a: int, b: int) -> tuple[Piece, ...]:
    pieces, x = [], 0.0
    at = max(0, bisect_right(starts, a) - 1)
    while at < len(runs) and starts[at] < b:
        run, start = runs[at], starts[at]
        low, high = max(a, start), min(b, start + len(run.text))
        if low < high:
            width = sum(widths[low:high])
            actual = run.actual if run.actual is None or low == start else ""
            pieces.append(Piece(run, run.text[low - start : high - start], x, width, actual))
            x += width
        at += 1
    return tuple(pieces)


def _mostly_chinese(pieces: tuple[Piece, ...]) -> bool:
    """Latin words and hashes look torn when space is put between their letters."""
    wide = sum(c >= "\u2e80" for p in pieces for c in p.text)
    return 2 * wide >= sum(len(p.text) for p in pieces)


def _aligned(pieces: tuple[Piece, ...], room: float, left: float, style: Style, last: bool) -> Line:
    width = pieces[-1].x + pieces[-1].width if pieces else 0.0
    slack = room - width
    if style.align == "centre":
        return Line(pieces, width, left + slack / 2)
    if style.align == "right":
        return Line(pieces, width, left + slack)
    gaps = sum(len(p.text) for p in pieces) - 1
    if style.align == "justify" and not last and gaps > 0 and 0 < slack <= 2.2 * style.size and _mostly_chinese(pieces):
        return Line(pieces, room, left, slack / gaps)
    return Line(pieces, width, left)


def lay_out(runs: Sequence[Run], width: float, style: Style) -> tuple[Line, ...]:
    """The lines of ``runs`` for a column of ``width`` points."""
    text = "".join(run.text for run in runs)
    widths = [run.face.width(c) * run.size for run in runs for c in run.text]
    starts, at = [], 0
    for run in runs:
        starts.append(at)
        at += len(run.text)
    loose = [run.loose for run in runs for _ in run.text] if any(run.loose for run in runs) else None
    lines = []
    for n, (a, b, last) in enumerate(break_text(text, widths, width - style.indent, width, loose)):
        left = 0.0 if n else style.indent
        lines.append(_aligned(_slice(runs, starts, widths, a, b), width - left, left, style, last))
    return tuple(lines)


def set_text(spans: Spans, width: float, style: Style, fonts: FontSet) -> tuple[Line, ...]:
    """Compose and lay out in one step."""
    return lay_out(compose(spans, style, fonts), width, style)


def label(text: str, size: float, fonts: FontSet, *, bold: bool = False, grey: float = 0) -> Line:
    """``text`` on one line of its own, however long, starting at x = 0."""
    style = Style(size=size, align="left", bold=bold, grey=grey)
    return set_text((Span(" ".join(text.splitlines())),), float("inf"), style, fonts)[0]
