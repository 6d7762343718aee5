"""Tables of the Word file: fixed widths, a header that repeats, rows that stay whole.

Rows beyond ``MOST_ROWS`` are left out with a sentence that says so: LibreOffice needs minutes for a table of
thousands of rows, and the PDF has them all. Charts become tables of their numbers with bars of block characters: they
can be edited, copied and read aloud, need no font file and print in grey, which a picture of a chart does not offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from complaints.blocks import Align, BarChart, Cell, HeatMap, Span, Table, Transcript
from complaints.visible import visible
from complaints.word.inline import Inline
from complaints.word.styles import TEXT_WIDTH
from complaints.word.xml import Element, element
from complaints.words import Words

MOST_ROWS = 400
_TWIPS_PER_CM = 1440 / 2.54
_BAR_CELLS = 24
_FILLS = "█▓▒░"
_LEFT: Align = "left"
_CENTRE: Align = "centre"
_RIGHT: Align = "right"
_JC = {"left": "left", "centre": "center", "right": "right"}


def table(source: Table, inline: Inline, words: Words) -> list[Element]:
    """The elements of a table: caption, table, and the sentence about rows left out."""
    shown = source.rows[:MOST_ROWS]
    anchors = source.row_anchors or ("",) * len(source.rows)
    grid = _grid(source.widths)
    made = _table(grid)
    made.append(_row(source.header, grid, (_CENTRE,) * len(grid), inline, header=True))
    for row, anchor in zip(shown, anchors, strict=False):
        made.append(_row(row, grid, source.aligns, inline, anchor=anchor))
    out = [_caption(source.caption, inline)] if source.caption else []
    if len(source.rows) > len(shown):
        # Before the table: nobody should believe for eight pages that it is whole.
        sentence = words.cut.format(shown=len(shown), total=len(source.rows))
        note = paragraph("DunlogSmall", sentence, inline)
        for anchor in anchors[MOST_ROWS:]:
            inline.bookmark(note, anchor)  # links to rows left out lead to the sentence that says so
        note.pPr.append(element("keepNext"))
        out.append(note)
    return [*out, made, paragraph("DunlogGap", "", inline)]


def transcript(source: Transcript, inline: Inline, words: Words) -> list[Element]:
    """Messages as rows: time, sender with direction, text, number."""
    directions = {"in": words.received, "out": words.sent, "unknown": words.unknown}
    rows, numbered = [], any(m.ref for m in source.messages)
    for m in source.messages:
        who = (Span(m.who), Span(f"\n({directions[m.direction]})"))
        cells = (Cell((Span(m.when),)), Cell(who), Cell(m.spans))
        rows.append((*cells, Cell((Span(m.ref),))) if numbered else cells)
    titles = (words.time, words.who, words.text, words.reference)[: 4 if numbered else 3]
    widths = (0.19, 0.19, 0.48, 0.14) if numbered else (0.19, 0.19, 0.62)
    header = tuple(Cell((Span(title),)) for title in titles)
    anchors = tuple(m.anchor or "" for m in source.messages)
    made = Table(header, tuple(rows), widths, (_LEFT,) * len(titles), source.caption, anchors)
    return table(made, inline, words)


def bar_chart(source: BarChart, inline: Inline, words: Words) -> list[Element]:
    """One row a bar: its numbers, their sum, and blocks in step with them, the limit standing between as ``|``."""
    top = max([sum(bar.parts) for bar in source.bars] + [source.limit or 0, 1])
    step = max(1.0, top / _BAR_CELLS)
    several = len(source.series) > 1
    rows = []
    for bar in source.bars:
        over = source.limit is not None and sum(bar.parts) > source.limit
        numbers = [_number(v) for v in bar.parts] + ([_number(sum(bar.parts))] if several else [])
        texts, blocks = [bar.label, *numbers], _blocks(bar.parts, step, source.limit)
        # Not in bold: bars of two weights would differ in length.
        rows.append((*(Cell((Span(t, bold=over),)) for t in texts), Cell((Span(blocks),))))
    # The pattern of each series stands beside its name.
    names = [f"{name} {_fill(i)}" if several else name for i, name in enumerate(source.series)]
    titles = [words.day, *names, *([words.total] if several else []), words.chart]
    share = 0.36 / max(1, len(titles) - 2)
    widths = (0.2, *[min(share, 0.14)] * (len(titles) - 2), 0.44)
    aligns = (_LEFT, *[_RIGHT] * (len(titles) - 2), _LEFT)
    header = tuple(Cell((Span(t),)) for t in titles)
    made = table(Table(header, tuple(rows), widths, aligns, source.title), inline, words)
    if source.limit is not None:
        label = source.limit_label or words.limit
        made.append(paragraph("DunlogSmall", f"|  {label} ({_number(source.limit)})", inline))
    return made


def heat_map(source: HeatMap, inline: Inline, words: Words) -> list[Element]:
    """The counts in their cells on a grey that grows with them."""
    top = max([value for row in source.values for value in row] + [1])
    count = len(source.column_labels)
    grid = _grid((0.16, *[0.84 / max(1, count)] * count))
    made = _table(grid)
    titles = (Cell(()), *(Cell((Span(label),)) for label in source.column_labels))
    aligns = (_CENTRE,) * (count + 1)
    made.append(_row(titles, grid, aligns, inline, header=True))
    for label, values in zip(source.row_labels, source.values, strict=True):
        cells = (Cell((Span(label),)), *(Cell((Span(str(v)),)) for v in values))
        row = _row(cells, grid, aligns, inline)
        for cell, value in zip(row.tc_lst[1:], values, strict=True):
            grey = 255 - round(130 * value / top)  # dark enough to see, light enough to read black on it
            cell.tcPr.append(element("shd", val="clear", color="auto", fill=f"{grey:02X}" * 3))
        made.append(row)
    return [_caption(source.title, inline), made, paragraph("DunlogGap", "", inline)]


def paragraph(style: str, content: str, inline: Inline) -> Element:
    """A paragraph of one plain run; ``style`` is a style id."""
    made = element("p", element("pPr", element("pStyle", val=style)))
    if content:
        inline.write(made, (Span(content),))
    return made


def _caption(content: str, inline: Inline) -> Element:
    made = paragraph("Caption", content, inline)
    made.pPr.append(element("keepNext"))
    return made


def _grid(widths: Sequence[float]) -> list[int]:
    """Column widths in twips that fill the line exactly."""
    line, total = round(TEXT_WIDTH * _TWIPS_PER_CM), sum(widths)
    edges = [round(line * sum(widths[:i]) / total) for i in range(len(widths) + 1)]
    return [b - a for a, b in pairwise(edges)]


def _table(grid: list[int]) -> Element:
    properties = element(
        "tblPr",
        element("tblStyle", val="TableGrid"),
        element("tblW", w=sum(grid), type="dxa"),
        element("tblLayout", type="fixed"),
    )
    return element("tbl", properties, element("tblGrid", *(element("gridCol", w=width) for width in grid)))


def _row(
    cells: Sequence[Cell],
    grid: list[int],
    aligns: Sequence[Align],
    inline: Inline,
    *,
    header: bool = False,
    anchor: str = "",
) -> Element:
    properties = element("trPr", element("cantSplit"), *([element("tblHeader")] if header else []))
    row = element("tr", properties)
    for i, (cell, width, align) in enumerate(zip(cells, grid, aligns, strict=True)):
        shade = [element("shd", val="clear", color="auto", fill="E7E7E7")] if header else []
        look = element("pPr", element("pStyle", val="DunlogCell"), element("jc", val=_JC[align]))
        content = element("p", look)
        spans = (
            tuple(Span(s.text, True, s.italic, s.code, s.mark, s.href) for s in cell.spans) if header else cell.spans
        )
        inline.write(content, spans, cell.mono)
        if i == 0:
            inline.bookmark(content, anchor)
        row.append(element("tc", element("tcPr", element("tcW", w=width, type="dxa"), *shade), content))
    return row


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else visible(str(value))


def _fill(series: int) -> str:
    return _FILLS[series % len(_FILLS)]


def _blocks(parts: tuple[float, ...], step: float, limit: float | None) -> str:
    """Blocks for each part of at least one for a part that is not nought; ``|`` where the limit lies."""
    bar = ""
    for i, value in enumerate(parts):
        bar += _fill(i) * (max(1, round(value / step)) if value else 0)
    if limit is None:
        return bar
    at = round(limit / step)
    return bar[:at] + "|" + bar[at:] if len(bar) >= at else bar
