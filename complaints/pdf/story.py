"""The document's blocks as boxes, in order and one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from complaints.blocks import (
    Align,
    BarChart,
    Block,
    Cell,
    Contents,
    Document,
    Figure,
    Heading,
    HeatMap,
    ListBlock,
    PageBreak,
    Paragraph,
    QuoteBlock,
    SignatureLine,
    Span,
    Spans,
    Table,
    Transcript,
)
from complaints.columns import negotiated
from complaints.outline import chart_numbers, number_text
from complaints.pdf.boxes import Box, ContentsBox, Inset, NewPage, SignatureBox, TextBox, paragraph_of
from complaints.pdf.charts import BARS_PER_PANEL, BarPanel, HeatBox, LegendBox, check_bars, check_heat
from complaints.pdf.figures import CAPTION, CAPTION_LINES, FigureBox, PairBox, pairs
from complaints.pdf.fonts import FontSet
from complaints.pdf.pictures import Shelf
from complaints.pdf.report import PdfError, Substitute
from complaints.pdf.sheet import BODY_WIDTH
from complaints.pdf.table import CELL_PADDING, Look, TableBox, cell_width
from complaints.pdf.text import Style, compose, label, set_text
from complaints.pdf.words import Words
from complaints.words import words as words_of
from evidence.i18n import gettext as _

_BODY = 11.0
_MOST_LEADING = 6  # paragraphs that stay with the heading before and the picture after them
_ALIGNS: tuple[Align, ...] = ("left", "left", "left", "left")
_STYLES = {
    "body": Style(indent=2 * _BODY),
    "plain": Style(),
    "centre": Style(align="centre"),
    "right": Style(align="right"),
    "small": Style(size=9, leading=13.5),
    "warning": Style(),
}
_HEADINGS = {
    1: (Style(size=18, leading=27, align="centre", bold=True), 4.0, 12.0),
    2: (Style(size=14, leading=21, align="left", bold=True), 14.0, 6.0),
    3: (Style(size=12, leading=18, align="left", bold=True), 10.0, 4.0),
    4: (Style(align="left", bold=True), 8.0, 3.0),
}
_TITLE = Style(size=10, leading=15, align="centre", bold=True)
_SMALL = Style(size=8.5, leading=12.5, align="left")


class Story:
    """Makes boxes from blocks and remembers the pictures that could not be drawn."""

    def __init__(self, document: Document, fonts: FontSet, words: Words, shelf: Shelf) -> None:
        self.document = document
        self.fonts = fonts
        self.words = words
        self.shelf = shelf
        self.substitutes: dict[str, Substitute] = {}
        self._headings = 0

    def boxes(self) -> Iterator[Box]:
        """All boxes of the document."""
        held: FigureBox | None = None
        for block, kept in _with_figures(self.document.blocks):
            for box in self._block(block, BODY_WIDTH, False):
                if isinstance(box, FigureBox) and held is not None and pairs(held, box):
                    yield PairBox(held, box)
                    held = None
                    continue
                if held is not None:
                    yield held
                held = box if isinstance(box, FigureBox) else None
                if held is None:
                    yield replace(box, keep=True, whole=True) if kept and isinstance(box, TextBox) else box
        if held is not None:
            yield held

    def _block(self, block: Block, width: float, inside: bool) -> Iterator[Box]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph():
                yield self._paragraph(block, inside)
            case ListBlock():
                yield from self._list(block, width)
            case QuoteBlock():
                for inner in block.blocks:
                    for box in self._block(inner, width - 18, True):
                        yield Inset(box, 18, bar=True)
            case Table():
                yield from self._table(block, width)
            case Figure():
                yield from self._figure(block)
            case BarChart():
                yield from self._bars(block)
            case HeatMap():
                yield from self._heat(block, width)
            case Transcript():
                yield from self._transcript(block, width)
            case PageBreak():
                yield NewPage()
            case Contents():
                yield from self._contents()
            case SignatureLine():
                yield SignatureBox(label(block.label, _BODY, self.fonts))

    def _text(self, spans: Spans, style: Style, before: float = 0, after: float = 4, keep: bool = False) -> TextBox:
        return TextBox(compose(spans, style, self.fonts), style, before, after, keep, whole=keep)

    def _heading(self, block: Heading) -> TextBox:
        style, before, after = _HEADINGS[min(block.level, 4)]
        own = heading_anchor(self._headings)
        self._headings += 1
        anchors = (own, block.anchor) if block.anchor else (own,)
        box = self._text(block.spans, style, before, after, keep=True)
        return replace(box, anchors=anchors, outline=block.level - 1)

    def _paragraph(self, block: Paragraph, inside: bool) -> TextBox:
        style = _STYLES["plain" if inside and block.style == "body" else block.style]
        box = self._text(block.spans, style)
        return replace(box, frame=True, before=6, after=8) if block.style == "warning" else box

    def _list(self, block: ListBlock, width: float) -> Iterator[Box]:
        style = _STYLES["plain"]
        for number, item in enumerate(block.items, block.start):
            marker = label(f"{number}." if block.ordered else "•", style.size, self.fonts)
            left = max(22.0, marker.width + 8)
            inner: Iterable[Box] = (b for part in item for b in self._block(part, width - left, True))
            first = True
            for box in inner:
                yield Inset(box, left, marker if first else None, style)
                first = False
            if first:
                yield Inset(self._text((), style), left, marker, style)

    def _table(self, block: Table, width: float) -> Iterator[Box]:
        columns = len(block.header) or (len(block.rows[0]) if block.rows else 0)
        if not columns:
            return
        if block.caption:
            yield self._text((Span(block.caption),), _TITLE, 8, 3, keep=True)
        shares = block.widths or (1.0,) * columns
        aligns: tuple[Align, ...] = block.aligns or _ALIGNS[:1] * columns
        if not len(shares) == len(aligns) == columns or min(shares) <= 0:
            text = _("The table {caption} needs {columns} widths above 0 and as many alignments.")
            raise PdfError(text.format(caption=block.caption, columns=columns))
        shares = self._columns(shares, block.header, block.rows, width)
        yield TableBox(block.header, block.rows, shares, aligns, self.fonts, block.row_anchors)
        if not block.rows:
            yield paragraph_of(self.words.nothing, _SMALL, self.fonts)

    def _columns(
        self, shares: Sequence[float], header: Sequence[Cell], rows: Sequence[Sequence[Cell]], width: float
    ) -> tuple[float, ...]:
        return negotiated(shares, header, rows, width, CELL_PADDING, partial(cell_width, self.fonts))

    def _transcript(self, block: Transcript, width: float) -> Iterator[Box]:
        words = self.words
        sides = {"in": words.side_in, "out": words.side_out, "unknown": words.side_unknown}
        if block.caption:
            yield self._text((Span(block.caption),), _TITLE, 8, 3, keep=True)
        refs = any(m.ref for m in block.messages)
        rows = []
        for m in block.messages:
            side = sides[m.direction] + (f" · {m.who}" if m.who else "")
            cells = (Cell((Span(m.when),)), Cell((Span(side),)), Cell(m.spans))
            rows.append((*cells, Cell((Span(m.ref),))) if refs else cells)
        heads = (words.time, words.who, words.text, words.ref)[: 4 if refs else 3]
        shaded = frozenset(n for n, m in enumerate(block.messages) if m.direction == "out")
        header = tuple(Cell((Span(h),)) for h in heads)
        shares = (20.0, 19.0, 50.0, 11.0)[: len(heads)]
        yield TableBox(
            header,
            rows,
            self._columns(shares, header, rows, width),
            _ALIGNS[: len(heads)],
            self.fonts,
            tuple(m.anchor or "" for m in block.messages),
            Look(grid=False, shaded=shaded),
        )
        if not rows:
            yield paragraph_of(words.nothing, _SMALL, self.fonts)

    def _figure(self, block: Figure) -> Iterator[Box]:
        found = self.shelf.take(block.sha256)
        if isinstance(found, str):
            reason = getattr(self.words, found)
            self.substitutes[block.sha256] = Substitute(block.sha256, reason)
            text = self.words.no_picture.format(reason=reason, sha256=block.sha256)
            box = paragraph_of(text, _STYLES["plain"], self.fonts, before=6, after=4)
            anchors = (block.anchor,) if block.anchor else ()
            yield replace(box, frame=True, keep=bool(block.caption), whole=True, anchors=anchors)
            if block.caption:
                yield paragraph_of(block.caption, CAPTION, self.fonts, after=10)
            return
        lines = len(set_text((Span(block.caption + self.words.strips),), BODY_WIDTH, CAPTION, self.fonts))
        inside = lines <= CAPTION_LINES
        caption = block.caption if inside else ""
        yield FigureBox(found, caption, self.words, self.fonts, block.boxes, block.anchor)
        if not inside:
            yield paragraph_of(block.caption, CAPTION, self.fonts, after=10)

    def _bars(self, block: BarChart) -> Iterator[Box]:
        check_bars(block)
        if block.title:
            yield self._text((Span(block.title),), _TITLE, 8, 2, keep=True)
        if not block.bars:
            yield paragraph_of(self.words.nothing, _SMALL, self.fonts)
            return
        yield LegendBox(tuple(label(s, 8.5, self.fonts) for s in block.series))
        panels = -(-len(block.bars) // BARS_PER_PANEL)
        per = -(-len(block.bars) // panels)
        limit = block.limit_label or f"{self.words.limit} {number_text(block.limit or 0)}"
        for start in range(0, len(block.bars), per):
            yield BarPanel(block, limit, start, per, self.fonts)
        yield paragraph_of(chart_numbers(block, words_of(self.document.language)), _SMALL, self.fonts, after=10)

    def _heat(self, block: HeatMap, width: float) -> Iterator[Box]:
        check_heat(block)
        if block.title:
            yield self._text((Span(block.title),), _TITLE, 8, 2, keep=True)
        if not block.row_labels or not block.column_labels:
            yield paragraph_of(self.words.nothing, _SMALL, self.fonts)
            return
        most = max(1, int((width - 116) // 9.5))
        for first in range(0, len(block.column_labels), most):
            yield HeatBox(block, first, min(first + most, len(block.column_labels)), self.fonts)
        yield paragraph_of(self.words.empty_cells, _SMALL, self.fonts, after=10)

    def _contents(self) -> Iterator[Box]:
        entries, seen_title = [], False
        for n, heading in enumerate(headings(self.document.blocks)):
            if heading.level == 1 and not seen_title:
                seen_title = True
            elif heading.level <= 3:
                spans = tuple(replace(s, href=None) for s in heading.spans)
                entries.append((heading.level, heading_anchor(n), compose(spans, Style(align="left"), self.fonts)))
        style = Style(size=14, leading=24, align="centre", bold=True)
        yield self._text((Span(self.words.contents),), style, 6, 6, keep=True)
        yield ContentsBox(tuple(entries))


def _with_figures(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it is one of the few paragraphs between a heading and its picture."""
    leads: set[int] = set()
    for n, block in enumerate(blocks):
        if not isinstance(block, Figure):
            continue
        at = n - 1
        while at >= 0 and n - at <= _MOST_LEADING and isinstance(blocks[at], Paragraph):
            at -= 1
        if at >= 0 and isinstance(blocks[at], Heading):
            leads.update(range(at + 1, n))
    return ((block, n in leads) for n, block in enumerate(blocks))


def heading_anchor(number: int) -> str:
    """The renderer's own anchor of the n-th heading; the leading NUL keeps it apart from the document's."""
    return f"\0{number}"


def headings(blocks: Iterable[Block]) -> Iterator[Heading]:
    """All headings in order, also those in lists and quotations."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from headings(item)
        elif isinstance(block, QuoteBlock):
            yield from headings(block.blocks)
