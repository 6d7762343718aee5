"""Tables of the Word file: fixed widths, a header that repeats, rows that stay whole.

Rows beyond ``MOST_ROWS`` are left out with a sentence that says so: LibreOffice needs minutes for a table of
thousands of rows, and the PDF has them all. Where the template has no page number, a field asks for that of the
row's exhibit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from complaints.blocks import Align, Cell, HeatMap, Span, Table, Transcript
from complaints.columns import ems, negotiated
from complaints.word.inline import Inline
from complaints.word.styles import TEXT_WIDTH
from complaints.word.xml import Element, element, field
from complaints.words import Words

MOST_ROWS = 400
_TWIPS_PER_CM = 1440 / 2.54
_LINE = TEXT_WIDTH * _TWIPS_PER_CM
_EM = 9.5 * 20  # twips of a cell's letter
_CELL_PADDING = 240  # twips: Word's own margins at both sides and a hair
_NO_PAGE = "—"
_LEFT: Align = "left"
_CENTRE: Align = "centre"
_JC = {"left": "left", "centre": "center", "right": "right"}


def table(source: Table, inline: Inline, words: Words) -> list[Element]:
    """The elements of a table: caption, table, and the sentence about rows left out."""
    shown = source.rows[:MOST_ROWS]
    paged = [i for i, c in enumerate(source.header) if "".join(s.text for s in c.spans) == words.page_head]
    anchors = source.row_anchors or ("",) * len(source.rows)
    columns = negotiated(source.widths, source.header, source.rows, _LINE, _CELL_PADDING, cell_width)
    grid = _grid(columns)
    made = _table(grid)
    made.append(_row(source.header, grid, (_CENTRE,) * len(grid), inline, header=True))
    for row, anchor in zip(shown, anchors, strict=False):
        made.append(_row(row, grid, source.aligns, inline, anchor=anchor))
        _page_fields(made.tr_lst[-1], row, paged, inline)
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


def cell_width(text: str, mono: bool) -> float:
    """Roughly how wide ``text`` is in a cell, in twips: the reader's fonts are not known here."""
    return _EM * ems(text, mono)


def _caption(content: str, inline: Inline) -> Element:
    made = paragraph("Caption", content, inline)
    made.pPr.append(element("keepNext"))
    return made


def _grid(widths: Sequence[float]) -> list[int]:
    """Column widths in twips that fill the line exactly."""
    line, total = round(TEXT_WIDTH * _TWIPS_PER_CM), sum(widths)
    edges = [round(line * sum(widths[:i]) / total) for i in range(len(widths) + 1)]
    return [b - a for a, b in pairwise(edges)]


def _page_fields(made: Element, row: Sequence[Cell], columns: Sequence[int], inline: Inline) -> None:
    """Instead of a dash, the page of what the row links to, as soon as the reader's program works it out."""
    target = next((s.href for cell in row for s in cell.spans if s.href and s.href.startswith("#")), None)
    for i in columns:
        if target and "".join(s.text for s in row[i].spans) == _NO_PAGE:
            content = made.tc_lst[i].p_lst[0]
            for run in list(content.r_lst):
                content.remove(run)
            content.extend(field(f"PAGEREF {inline.name(target[1:])} \\h", _NO_PAGE))


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
