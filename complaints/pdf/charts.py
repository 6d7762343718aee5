"""Bar charts and heat maps as vector graphics that survive a greyscale copy."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from complaints.blocks import BarChart, HeatMap, Span
from complaints.outline import number_text
from complaints.pdf.boxes import Fit
from complaints.pdf.fonts import FontSet
from complaints.pdf.report import PdfError
from complaints.pdf.sheet import Sheet
from complaints.pdf.text import Line, Style, label, set_text
from evidence.i18n import gettext as _

BARS_PER_PANEL = 31
_PATTERNS = ((0.3, ""), (0.8, ""), (1.0, "/"), (0.55, ""), (1.0, "\\"), (0.9, "x"))
_PLOT = 92.0
_AXIS = 24.0
_SMALL = 7.0


def _fill(sheet: Sheet, series: int, x: float, y: float, width: float, height: float) -> None:
    grey, lines = _PATTERNS[series % len(_PATTERNS)]
    sheet.rect(x, y, width, height, fill=grey)
    if lines in ("/", "x"):
        sheet.hatch(x, y, width, height, 3.2)
    if lines in ("\\", "x"):
        sheet.hatch(x, y, width, height, 3.2, back=True)
    sheet.rect(x, y, width, height, stroke=0)


def check_bars(chart: BarChart) -> None:
    """Raises PdfError when a bar does not have one finite part of at least 0 per series."""
    for bar in chart.bars:
        if len(bar.parts) != len(chart.series):
            text = _("The bar {label} has {parts} parts, the chart {series} series.")
            raise PdfError(text.format(label=bar.label, parts=len(bar.parts), series=len(chart.series)))
        if not all(math.isfinite(p) and p >= 0 for p in bar.parts):
            raise PdfError(_("The bar {label} has a part that is not a count.").format(label=bar.label))


def scale_step(top: float) -> float:
    """The distance of the marks on an axis that reaches ``top``: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(top, 1) / 4)) if top > 4 else 1.0
    return next(power * m for m in (1, 2, 5, 10) if power * m * 5 >= top)


@dataclass(frozen=True)
class LegendBox:
    """What each grey and hatch means."""

    names: tuple[Line, ...]
    before: float = 2
    after: float = 2
    keep: bool = True

    def _rows(self, width: float) -> list[list[tuple[int, float, Line]]]:
        rows: list[list[tuple[int, float, Line]]] = [[]]
        x = 0.0
        for n, line in enumerate(self.names):
            if rows[-1] and x + 16 + line.width > width:
                rows.append([])
                x = 0.0
            rows[-1].append((n, x, line))
            x += line.width + 30
        return rows

    def least(self, width: float) -> float:
        """All of it."""
        return 13.0 * len(self._rows(width))

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """All or nothing."""
        rows = self._rows(width)
        if 13.0 * len(rows) > room and not fresh:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            for number, row in enumerate(rows):
                y = top - 13.0 * number - 10
                for n, x, line in row:
                    _fill(sheet, n, left + x, y, 11, 7.5)
                    sheet.line(line, left + x + 15, y + 0.5)

        return Fit(13.0 * len(rows), paint)


@dataclass(frozen=True)
class BarPanel:
    """Some of a chart's bars, on the scale of the whole chart."""

    chart: BarChart
    limit_text: str
    start: int
    count: int
    fonts: FontSet
    before: float = 2
    after: float = 8
    keep: bool = False

    def _top(self) -> float:
        most = max((sum(b.parts) for b in self.chart.bars), default=0.0)
        most = max(most, self.chart.limit or 0.0, 1.0)
        step = scale_step(most)
        return math.ceil(most / step + 0.15) * step

    def _bars(self) -> list[tuple[Line, tuple[float, ...]]]:
        bars = self.chart.bars[self.start : self.start + self.count]
        return [(label(b.label, _SMALL, self.fonts), b.parts) for b in bars]

    def _limit(self) -> tuple[Line, ...]:
        if self.chart.limit is None:
            return ()
        return set_text((Span(self.limit_text),), 52, Style(size=_SMALL, leading=8.5, align="left"), self.fonts)

    def _pitch(self, width: float) -> float:
        per = max(min(BARS_PER_PANEL, len(self.chart.bars)), 8)
        return (width - _AXIS - (56 if self.chart.limit is not None else 0)) / per

    def _below(self, width: float) -> tuple[bool, float]:
        """Whether the labels stand upright, and the room they take."""
        widest = max((label(b.label, _SMALL, self.fonts).width for b in self.chart.bars), default=0.0)
        return (True, min(widest, 80) + 6) if widest > self._pitch(width) - 2 else (False, 12)

    def least(self, width: float) -> float:
        """The panel is not divided."""
        return _PLOT + self._below(width)[1] + 8

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """All or nothing."""
        height = self.least(width)
        if height > room and not fresh:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            base = top - 8 - _PLOT
            pitch = self._pitch(width)
            right = left + _AXIS + pitch * max(min(BARS_PER_PANEL, len(self.chart.bars)), 8)
            unit = _PLOT / self._top()
            self._axis(sheet, left, base, right, unit)
            bars = self._bars()
            for n, (name, parts) in enumerate(bars):
                self._bar(sheet, left + _AXIS + n * pitch, base, pitch, unit, parts)
                self._name(sheet, name, left + _AXIS + (n + 0.5) * pitch, base, width)
            if self.chart.limit is not None:
                y = base + self.chart.limit * unit
                sheet.rule(left + _AXIS, y, right, y, 2.2, 1)
                sheet.rule(left + _AXIS, y, right, y, 1.0, 0, (4, 2))
                for n, line in enumerate(self._limit()):
                    sheet.line(line, right + 4, y - 2.5 - 8.5 * n)
            for n, (_name, parts) in enumerate(bars):
                self._total(sheet, left + _AXIS + n * pitch, base, pitch, unit, sum(parts))

        return Fit(height, paint)

    def _axis(self, sheet: Sheet, left: float, base: float, right: float, unit: float) -> None:
        step = scale_step(self._top())
        for n in range(int(self._top() / step + 0.5) + 1):
            y = base + n * step * unit
            sheet.rule(left + _AXIS, y, right, y, 0.3, 0.75 if n else 0)
            mark = label(number_text(n * step), _SMALL, self.fonts)
            sheet.line(mark, left + _AXIS - 4 - mark.width, y - 2.5)
        sheet.rule(left + _AXIS, base, left + _AXIS, base + _PLOT, 0.5)

    def _bar(self, sheet: Sheet, x: float, base: float, pitch: float, unit: float, parts: tuple[float, ...]) -> None:
        wide = min(pitch * 0.72, 26)
        x += (pitch - wide) / 2
        y = base
        for series, part in enumerate(parts):
            if part > 0:
                _fill(sheet, series, x, y, wide, part * unit)
                y += part * unit

    def _total(self, sheet: Sheet, x: float, base: float, pitch: float, unit: float, total: float) -> None:
        if total:
            mark = label(number_text(total), _SMALL, self.fonts, bold=True)
            if mark.width > pitch - 0.5:
                mark = label(number_text(total), _SMALL * (pitch - 0.5) / mark.width, self.fonts)
            at, y = x + (pitch - mark.width) / 2, base + total * unit
            sheet.rect(at - 0.5, y + 1, mark.width + 1, 7, fill=1)
            sheet.line(mark, at, y + 2)

    def _name(self, sheet: Sheet, name: Line, centre: float, base: float, width: float) -> None:
        upright, below = self._below(width)
        if upright:
            if name.width > below:
                text = "".join(p.text for p in name.pieces)
                name = label(text, max(3.5, _SMALL * (below - 4) / name.width), self.fonts)
            sheet.turned(name, centre + 2.5, base - 3 - name.width)
        else:
            sheet.line(name, centre - name.width / 2, base - 9)


@dataclass(frozen=True)
class HeatBox:
    """Rows from ``start`` on, columns ``first`` to ``last``; the darker a cell, the larger its number."""

    chart: HeatMap
    first: int
    last: int
    fonts: FontSet
    start: int = 0
    before: float = 2
    after: float = 8
    keep: bool = False

    _ROW = 13.0

    def _label_width(self) -> float:
        widest = max((label(t, _SMALL + 0.5, self.fonts).width for t in self.chart.row_labels), default=0.0)
        return min(widest, 110) + 6

    def _cell(self, width: float) -> float:
        return min(40.0, (width - self._label_width()) / max(1, self.last - self.first))

    def _heads(self, width: float) -> tuple[bool, float, list[Line]]:
        heads = [label(t, _SMALL, self.fonts) for t in self.chart.column_labels[self.first : self.last]]
        widest = max((h.width for h in heads), default=0.0)
        upright = widest > self._cell(width) - 1
        return upright, (widest + 5 if upright else 12.0), heads

    def least(self, width: float) -> float:
        """The head and up to three rows."""
        return self._heads(width)[1] + self._ROW * min(3, len(self.chart.row_labels) - self.start)

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Whole rows; the head stands on each page again."""
        upright, head, heads = self._heads(width)
        left_over = len(self.chart.row_labels) - self.start
        take = min(left_over, int((room - head) // self._ROW))
        if take < min(left_over, 3) and not fresh:
            return None
        take = max(take, min(1, left_over))

        def paint(sheet: Sheet, left: float, top: float) -> None:
            cell, x0 = self._cell(width), left + self._label_width()
            for n, line in enumerate(heads):
                if upright:
                    sheet.turned(line, x0 + (n + 0.5) * cell + 2.5, top - head + 3)
                else:
                    sheet.line(line, x0 + n * cell + (cell - line.width) / 2, top - head + 3)
            for n in range(take):
                self._row(sheet, self.start + n, x0, top - head - (n + 1) * self._ROW, cell)

        rest = replace(self, start=self.start + take) if take < left_over else None
        return Fit(head + take * self._ROW, paint, rest)

    def _row(self, sheet: Sheet, row: int, x0: float, y: float, cell: float) -> None:
        name = label(self.chart.row_labels[row], _SMALL + 0.5, self.fonts)
        if name.width > self._label_width() - 5:
            small = (_SMALL + 0.5) * (self._label_width() - 5) / name.width
            name = label(self.chart.row_labels[row], small, self.fonts)
        sheet.line(name, x0 - 4 - name.width, y + 4)
        most = max((v for values in self.chart.values for v in values), default=0)
        for n, value in enumerate(self.chart.values[row][self.first : self.last]):
            grey = 1 - 0.72 * value / most if most and value else 1.0
            sheet.rect(x0 + n * cell, y, cell, self._ROW, fill=grey, stroke=0.6)
            if value:
                ink = 1.0 if grey < 0.55 else 0.0
                mark = label(str(value), _SMALL + 0.5, self.fonts, grey=ink)
                if mark.width > cell - 1:
                    mark = label(str(value), (_SMALL + 0.5) * (cell - 1) / mark.width, self.fonts, grey=ink)
                sheet.line(mark, x0 + n * cell + (cell - mark.width) / 2, y + 4)


def check_heat(chart: HeatMap) -> None:
    """Raises PdfError unless there is one row of counts per row label and one count per column label."""
    if len(chart.values) != len(chart.row_labels):
        text = _("The heat map has {rows} rows and {labels} labels.")
        raise PdfError(text.format(rows=len(chart.values), labels=len(chart.row_labels)))
    for name, row in zip(chart.row_labels, chart.values, strict=True):
        if len(row) != len(chart.column_labels) or any(v < 0 for v in row):
            text = _("The heat map's row {label} does not have one count for each column.")
            raise PdfError(text.format(label=name))
