"""Widths of table columns from their contents: a number is not torn while there is room for it elsewhere.

Each printed form measures text in its own unit; the sharing out is the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from complaints.blocks import Cell

Measure = Callable[[str, bool], float]
MOST_WHOLE = 14  # characters of a run that a column is widened for: a phone number, a date, a time
MOST_ROWS = 1000  # rows looked at, evenly chosen
_RUN = re.compile(r"[\u0021-\u2e7f]+")
_PART = re.compile(r"[^-/?&=._]+[-/?&=._]*|[-/?&=._]+")
_LINE_SHARE = 0.27  # a column may claim this much of the line to stand on one line
_KEPT_SHARE = 0.8  # and leaves the others this much of what the template gives them
_LONGEST = 2.0  # lines of the page; a single very long text does not starve the others
_QUANTILE = 0.95
_WIDE = frozenset("MWmw@%&")
_THIN = frozenset(" -:.,;/()")
_LEAST = "字字"  # no column is narrower


@dataclass(frozen=True, slots=True)
class _Column:
    share: float
    need: float
    want: float


def negotiated(
    shares: Sequence[float],
    header: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    line: float,
    padding: float,
    measure: Measure,
) -> tuple[float, ...]:
    """Column widths that add up to ``line``.

    Every column first gets its longest run of up to MOST_WHOLE characters that may not be divided, then short
    columns their whole text on one line, cheapest first; the rest goes to the long texts
    by their length, or as the template's ``shares`` say when there are none.
    ``padding`` is what a cell adds to its text; ``measure`` gives the width of a text (and whether it is in even
    steps) in the unit of ``line``.
    """
    step = max(1, -(-len(rows) // MOST_ROWS))
    looked = rows[::step]
    total = sum(shares)
    columns = []
    for i, share in enumerate(shares):
        cells = [row[i] for row in looked if i < len(row)]
        head = header[i : i + 1]
        need = max([measure(_LEAST, False), *(_need(cell, measure) for cell in (*head, *cells))])
        wants = sorted(_want(cell, measure) for cell in cells) or [0.0]
        want = max([need, wants[int(_QUANTILE * (len(wants) - 1))], *(_want(cell, measure) for cell in head)])
        columns.append(_Column(line * share / total, need + padding, want + padding))
    return _shared_out(columns, line)


def _text(cell: Cell) -> str:
    return "".join(span.text for span in cell.spans)


def _want(cell: Cell, measure: Measure) -> float:
    return max(measure(text, cell.mono) for text in _text(cell).split("\n"))


def _need(cell: Cell, measure: Measure) -> float:
    if cell.mono:
        return 0.0  # breaks anywhere
    return max((measure(part, False) for part in _whole(_text(cell))), default=0.0)


def _whole(text: str) -> Iterator[str]:
    """Runs that stay whole; of longer ones the parts between their separators."""
    for run in _RUN.findall(text):
        if len(run) <= MOST_WHOLE:
            yield run
        else:
            yield from (part for part in _PART.findall(run) if len(part) <= MOST_WHOLE)


def _shared_out(columns: Sequence[_Column], line: float) -> tuple[float, ...]:
    needs = sum(c.need for c in columns)
    if needs >= line:
        return tuple(line * c.need / needs for c in columns)
    widths = [c.need for c in columns]
    spare = line - needs
    for i in sorted(range(len(columns)), key=lambda n: (columns[n].want - columns[n].need, n)):
        gap = columns[i].want - widths[i]
        open_ones = [n for n, c in enumerate(columns) if n != i and widths[n] < c.want]
        kept = sum(max(0.0, _KEPT_SHARE * min(columns[n].share, columns[n].want) - widths[n]) for n in open_ones)
        if columns[i].want <= max(_LINE_SHARE * line, columns[i].share) and gap <= spare - kept:
            widths[i] += gap
            spare -= gap
    return tuple(_filled(columns, widths, spare, line))


def _filled(columns: Sequence[_Column], widths: list[float], spare: float, line: float) -> Iterable[float]:
    """Give ``spare`` to columns whose text does not stand on one line yet, by its length, then to all."""
    while spare > 1e-6:
        unmet = [n for n, c in enumerate(columns) if widths[n] < c.want - 1e-6]
        chosen = unmet or list(range(len(columns)))
        weights = {n: min(columns[n].want, _LONGEST * line) if unmet else columns[n].share for n in chosen}
        shares = sum(weights.values())
        given = 0.0
        for n in chosen:
            part = spare * weights[n] / shares
            part = min(part, columns[n].want - widths[n]) if unmet else part
            widths[n] += part
            given += part
        spare -= given
    return widths


def ems(text: str, mono: bool) -> float:
    """Roughly the width of ``text`` in letters of full width, for forms whose reader chooses the font."""
    return sum(1.0 if c >= "\u2e80" or c in "“”‘’…—" else _narrow(c, mono) for c in text)


def _narrow(char: str, mono: bool) -> float:
    """Some stand-ins for the named fonts are as wide as this."""
    if mono:
        return 0.64
    return 0.85 if char in _WIDE else 0.4 if char in _THIN else 0.64
