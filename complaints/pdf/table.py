"""Tables of any length: the header repeats, rows are laid out one by one when their page is filled.

Nothing of a row is kept after its page, so memory does not grow with the number of rows beyond the file itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from complaints.blocks import Align, Cell
from complaints.pdf.boxes import Fit, Paint
from complaints.pdf.fonts import FontSet
from complaints.pdf.report import PdfError
from complaints.pdf.sheet import BODY_HEIGHT, Sheet
from complaints.pdf.text import Line, Style, set_text
from evidence.i18n import gettext as _

_SIZE, _LEADING = 9.0, 13.0
_PAD_X, _PAD_Y = 4.0, 3.0
CELL_PADDING = 2 * _PAD_X + 0.5  # the half point keeps a text as wide as its column on one line
_TALL_HEADER = BODY_HEIGHT / 3


@dataclass(frozen=True, slots=True)
class Look:
    """``grid`` draws all rules, else only those between rows; ``shaded`` are row numbers with a grey ground."""

    grid: bool = True
    shaded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LaidRow:
    """A row, or the part of it that stands on one page."""

    cells: tuple[tuple[Line, ...], ...]
    height: float
    index: int
    header: bool = False
    whole: bool = True


@dataclass(frozen=True)
class TableBox:
    """The rows from ``start`` on; ``skip`` lines of the first of them stand on earlier pages already."""

    header: tuple[Cell, ...]
    rows: Sequence[tuple[Cell, ...]]
    shares: tuple[float, ...]
    aligns: tuple[Align, ...]
    fonts: FontSet
    anchors: tuple[str, ...] = ()
    look: Look = Look()
    before: float = 4
    after: float = 10
    keep: bool = False
    start: int = 0
    skip: int = 0

    def _columns(self, width: float) -> list[float]:
        total = sum(self.shares)
        return [width * share / total for share in self.shares]

    def _lay(self, cells: tuple[Cell, ...], columns: list[float], index: int, header: bool, skip: int = 0) -> LaidRow:
        if len(cells) != len(columns):
            text = _("Row {row} of the table has {cells} cells, the table {columns} columns.")
            raise PdfError(text.format(row=index + 1, cells=len(cells), columns=len(columns)))
        laid = []
        for cell, column, align in zip(cells, columns, self.aligns, strict=True):
            style = Style(_SIZE, _LEADING, 0, "centre" if header else align, header, cell.mono)
            laid.append(set_text(cell.spans, column - 2 * _PAD_X, style, self.fonts)[skip:])
        return LaidRow(tuple(laid), _height(max(len(c) for c in laid)), index, header)

    def _header(self, columns: list[float]) -> list[LaidRow]:
        return [self._lay(self.header, columns, -1, True)] if any(c.spans for c in self.header) else []

    def least(self, width: float) -> float:
        """Header and first row, or a few lines of a tall one."""
        columns = self._columns(width)
        rows = self._header(columns)
        if self.start < len(self.rows):
            rows.append(self._lay(self.rows[self.start], columns, self.start, False, self.skip))
        return min(sum(r.height for r in rows), BODY_HEIGHT / 2)

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Whole rows as far as they go. A row taller than a page is divided where the page ends."""
        columns = self._columns(width)
        placed = self._header(columns)
        used = sum(r.height for r in placed)
        if used > _TALL_HEADER:
            return self._without_header().fit(width, room, fresh)
        headers, index, skip = len(placed), self.start, self.skip
        while index < len(self.rows):
            row = self._lay(self.rows[index], columns, index, False, skip)
            if used + row.height > room + 0.01:
                most = int((room - used - 2 * _PAD_Y) // _LEADING)
                alone = fresh and len(placed) == headers
                if alone or (row.height + used > BODY_HEIGHT / 2 and row.height > BODY_HEIGHT / 3 and most >= 4):
                    most = max(1, most)
                    placed.append(_part(row, most, skip == 0))
                    used += placed[-1].height
                    skip += most
                break
            placed.append(row if skip == 0 else replace(row, whole=False))
            used += row.height
            index, skip = index + 1, 0
        if len(placed) == headers and index < len(self.rows):
            return None
        if used > room + 0.01 and not fresh:
            return None
        rest = replace(self, start=index, skip=skip, before=0) if index < len(self.rows) else None
        return Fit(used, self._paint(placed, columns), rest)

    def _without_header(self) -> TableBox:
        """A header too tall to repeat becomes the first row."""
        blank = tuple(Cell(()) for _ in self.header)
        anchors = ("", *self.anchors) if self.anchors else ()
        return replace(self, header=blank, rows=(self.header, *self.rows), anchors=anchors)

    def _paint(self, rows: list[LaidRow], columns: list[float]) -> Paint:
        def paint(sheet: Sheet, left: float, top: float) -> None:
            y, right = top, left + sum(columns)
            for row in rows:
                if row.header or row.index in self.look.shaded:
                    sheet.rect(left, y - row.height, right - left, row.height, fill=0.9 if row.header else 0.95)
                if not row.header and row.whole and row.index < len(self.anchors) and self.anchors[row.index]:
                    sheet.anchor(self.anchors[row.index], y)
                x = left
                for lines, column in zip(row.cells, columns, strict=True):
                    baseline = y - _PAD_Y - (_LEADING + _SIZE * 0.72) / 2
                    for line in lines:
                        sheet.line(line, x + _PAD_X, baseline)
                        baseline -= _LEADING
                    x += column
                sheet.rule(left, y, right, y, 0.4, 0.35)
                y -= row.height
            sheet.rule(left, y, right, y, 0.4, 0.35)
            if self.look.grid:
                x = left
                for column in (0.0, *columns):
                    x += column
                    sheet.rule(x, top, x, y, 0.4, 0.35)

        return paint


def cell_width(fonts: FontSet, text: str, mono: bool) -> float:
    """The width in points of ``text`` in a cell."""
    size = _SIZE * 0.94 if mono else _SIZE
    return fonts.width(text, mono) * size


def _height(lines: int) -> float:
    return max(lines, 1) * _LEADING + 2 * _PAD_Y


def _part(row: LaidRow, lines: int, first: bool) -> LaidRow:
    cells = tuple(cell[:lines] for cell in row.cells)
    return replace(row, cells=cells, height=_height(max(len(c) for c in cells)), whole=first)
