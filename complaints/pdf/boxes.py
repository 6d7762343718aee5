"""Things that stand under each other on pages: text, lists, signature lines, the contents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from complaints.blocks import Span
from complaints.pdf.fonts import FontSet
from complaints.pdf.sheet import BODY_HEIGHT, Sheet
from complaints.pdf.text import Line, Run, Style, compose, lay_out

PLAIN = Style()
Entry: TypeAlias = tuple[int, str, tuple[Run, ...]]
Paint: TypeAlias = Callable[[Sheet, float, float], None]


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits: its height in points, ``paint(sheet, left, top)``, and the part left for the next page."""

    height: float
    paint: Paint
    rest: Box | None = None


class Box(Protocol):
    """A thing of the page. ``before`` and ``after`` are its distances; ``keep`` ties it to the next one."""

    @property
    def before(self) -> float: ...
    @property
    def after(self) -> float: ...
    @property
    def keep(self) -> bool: ...

    def least(self, width: float) -> float:
        """The height of the smallest part that may stand alone at a page's foot."""
        ...

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """As much as fits into ``room``; None when nothing does. On a ``fresh`` page something must."""
        ...


@dataclass(frozen=True)
class NewPage:
    """A page break asked for by the document."""

    before: float = 0
    after: float = 0
    keep: bool = False

    def least(self, width: float) -> float:
        """Nothing is drawn."""
        return 0

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Takes no room; the flow acts on the type."""
        return Fit(0, lambda sheet, x, top: None)


@dataclass(frozen=True)
class TextBox:
    """A paragraph. ``anchors`` are set where it begins; ``outline`` puts it into the side bar at that level."""

    runs: tuple[Run, ...]
    style: Style
    before: float = 0
    after: float = 4
    keep: bool = False
    whole: bool = False
    anchors: tuple[str, ...] = ()
    outline: int | None = None
    frame: bool = False
    lines: tuple[Line, ...] | None = None
    laid: dict[float, tuple[Line, ...]] = field(default_factory=dict, compare=False, repr=False)

    def _lines(self, width: float) -> tuple[Line, ...]:
        inner = width - 16 if self.frame else width
        if self.lines is not None:
            return self.lines
        if inner not in self.laid:
            self.laid[inner] = lay_out(self.runs, inner, self.style)
        return self.laid[inner]

    def _height(self, count: int) -> float:
        return count * self.style.leading + (10 if self.frame else 0)

    def least(self, width: float) -> float:
        """Two lines, or the whole when it is not to be divided."""
        count = len(self._lines(width))
        return min(self._height(count if self.whole or count < 4 else 2), BODY_HEIGHT / 2)

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Whole lines; never one line alone on either page unless there is no other way."""
        lines = self._lines(width)
        count = len(lines)
        if self._height(count) <= room + 0.01:
            return Fit(self._height(count), self._paint(lines, width))
        most = int((room - self._height(0) + 0.01) // self.style.leading)
        if fresh:
            most = max(most, 1)
        elif self.whole or count < 4:
            return None
        take = most if count - most >= 2 or most < 3 else most - 1
        if take < 2 and not fresh:
            return None
        rest = replace(self, lines=lines[take:], before=0, anchors=(), outline=None)
        return Fit(self._height(take), self._paint(lines[:take], width), rest)

    def _paint(self, lines: tuple[Line, ...], width: float) -> Paint:
        def paint(sheet: Sheet, left: float, top: float) -> None:
            for name in self.anchors:
                sheet.anchor(name, top)
            if self.outline is not None:
                title = " ".join("".join(r.text if r.actual is None else r.actual for r in self.runs).split())
                sheet.outline(title, self.anchors[0], self.outline)
            pad = 0.0
            if self.frame:
                sheet.rect(left, top - self._height(len(lines)), width, self._height(len(lines)), stroke=0)
                pad = 8
            baseline = top - pad * 0.625 - (self.style.leading + self.style.size * 0.72) / 2
            for line in lines:
                sheet.line(line, left + pad, baseline)
                baseline -= self.style.leading

        return paint


@dataclass(frozen=True)
class Inset:
    """A box moved in from the left, with a marker before its first line or a bar along its side."""

    box: Box
    left: float
    marker: Line | None = None
    marker_style: Style = PLAIN
    bar: bool = False

    @property
    def before(self) -> float:
        """As the inner box."""
        return self.box.before

    @property
    def after(self) -> float:
        """As the inner box."""
        return self.box.after

    @property
    def keep(self) -> bool:
        """As the inner box."""
        return self.box.keep

    def least(self, width: float) -> float:
        """As the inner box in the narrower column."""
        return self.box.least(width - self.left)

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """The inner box; the marker goes with its first part."""
        inner = self.box.fit(width - self.left, room, fresh)
        if inner is None:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            if self.bar:
                sheet.rule(left + 5, top, left + 5, top - inner.height, 1.5, 0.6)
            if self.marker is not None:
                style = self.marker_style
                baseline = top - (style.leading + style.size * 0.72) / 2
                sheet.line(self.marker, left + self.left - self.marker.width - 5, baseline)
            inner.paint(sheet, left + self.left, top)

        rest = replace(self, box=inner.rest, marker=None) if inner.rest is not None else None
        return Fit(inner.height, paint, rest)


@dataclass(frozen=True)
class SignatureBox:
    """A label and a line to write on, at the right."""

    line: Line
    before: float = 22
    after: float = 6
    keep: bool = False

    def least(self, width: float) -> float:
        """It is not divided."""
        return 20

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Label right of the middle, rule to the margin."""
        if room < 20 and not fresh:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            start = max(0.0, min(width * 0.45, width - 150 - self.line.width))
            sheet.line(self.line, left + start, top - 15)
            sheet.rule(left + start + self.line.width + 4, top - 17, left + width, top - 17, 0.6)

        return Fit(20, paint)


@dataclass(frozen=True)
class ContentsBox:
    """Headings with their pages. The numbers are filled in when the document ends, so one pass is enough."""

    entries: tuple[Entry, ...]
    before: float = 0
    after: float = 8
    keep: bool = False

    @staticmethod
    def _style(level: int) -> Style:
        return Style(size=11 if level <= 2 else 10, leading=18 if level <= 2 else 16, align="left")

    def _lines(self, entry: Entry, width: float) -> tuple[Line, ...]:
        level, _, runs = entry
        return lay_out(runs, width - self._indent(level) - 40, self._style(level))

    @staticmethod
    def _indent(level: int) -> float:
        return 16.0 * max(0, level - 2)

    def least(self, width: float) -> float:
        """One entry."""
        return 18.0

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Whole entries."""
        taken: list[tuple[Entry, tuple[Line, ...]]] = []
        height = 0.0
        for entry in self.entries:
            lines = self._lines(entry, width)
            need = len(lines) * self._style(entry[0]).leading
            if height + need > room and (taken or not fresh):
                break
            taken.append((entry, lines))
            height += need
        if not taken and self.entries:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            for (level, anchor, _), lines in taken:
                style, x = self._style(level), left + self._indent(level)
                for line in lines:
                    baseline = top - style.leading * 0.72
                    sheet.line(line, x, baseline)
                    top -= style.leading
                start = x + lines[-1].width + 6
                sheet.rule(start, baseline + 1, left + width - 26, baseline + 1, 0.6, 0.45, (0.6, 3))
                sheet.page_of(anchor, left + width, baseline, style.size)
                sheet.link(anchor, left, baseline - 4, width, style.leading)

        rest = self.entries[len(taken) :]
        return Fit(height, paint, replace(self, entries=rest, before=0) if rest else None)


def paragraph_of(text: str, style: Style, fonts: FontSet, *, before: float = 0, after: float = 4) -> TextBox:
    """A plain paragraph of the renderer's own words."""
    return TextBox(compose((Span(text),), style, fonts), style, before=before, after=after)
