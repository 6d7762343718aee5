"""Pictures with their captions on the page: whole, in two strips side by side when long, or two pictures a row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from complaints.blocks import Span
from complaints.pdf.boxes import Fit
from complaints.pdf.fonts import FontSet
from complaints.pdf.pictures import COLUMN, GUTTER, LEGIBLE, ROOM, Picture
from complaints.pdf.sheet import Sheet
from complaints.pdf.text import Line, Style, set_text
from complaints.pdf.words import Words

CAPTION = Style(size=9.5, leading=13, align="centre")
CAPTION_LINES = 4
_GAP = 3.0
_OVERLAP = 26.0  # points: two lines of a phone's text cut at the foot of a strip are whole at the head of the next
_SHORTEST = 200.0  # a strip of a long picture that begins at a page's foot


@dataclass(frozen=True, slots=True)
class _Strip:
    """The part of a picture from ``top`` to ``bottom`` (pixel rows), ``x`` points from the left of the line."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class FigureBox:
    """A picture from the pixel row ``start`` on."""

    picture: Picture
    caption: str
    words: Words
    fonts: FontSet
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    anchor: str | None = None
    start: float = 0
    before: float = 6
    after: float = 10
    keep: bool = False

    def lines(self, width: float, suffix: str = "") -> tuple[Line, ...]:
        """The caption laid out."""
        text = self.caption + suffix if self.caption or suffix == self.words.more else ""
        return set_text((Span(text),), width, CAPTION, self.fonts) if text else ()

    @staticmethod
    def below(caption: tuple[Line, ...]) -> float:
        """The room a caption takes."""
        return (_GAP + len(caption) * CAPTION.leading) if caption else 0.0

    def height(self, width: float) -> float:
        """Of the whole picture printed ``width`` points wide."""
        return self.picture.height * width / self.picture.width

    def _smallest(self, width: float) -> float:
        return min(self.picture.printed, LEGIBLE, width)

    def _divides(self, width: float) -> bool:
        """Two strips are worth their while for pictures that would fill half a page on their own."""
        return width >= 2 * COLUMN + GUTTER - 0.01 and self.height(self._column()) >= ROOM / 2

    def _column(self) -> float:
        return min(COLUMN, self.picture.printed)

    def _left(self) -> float:
        return (self.picture.height - self.start) * self._column() / self.picture.width

    def _suffix(self) -> str:
        return self.words.more if self.start else self.words.strips

    def least(self, width: float) -> float:
        """The whole as small as it may get, or the shortest strips it may be divided into."""
        if not self.start and not self._divides(width):
            return self.height(self._smallest(width)) + self.below(self.lines(width))
        strip = (self._left() + _OVERLAP) / 2
        if self.height(self._column()) > ROOM:
            strip = min(strip, _SHORTEST)
        return strip + self.below(self.lines(width, self._suffix()))

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """The whole when it is legible here, else two strips, else nothing."""
        caption = self.lines(width)
        space = room - self.below(caption)
        wide = min(self.picture.printed, width, space * self.picture.width / self.picture.height)
        whole = not self.start and wide >= self._smallest(width) - 0.01
        if whole or not self._divides(width):
            if not (whole or fresh):
                return None
            strips = (_Strip((width - wide) / 2, 0, self.picture.height),)
            return Fit(self.height(wide) + self.below(caption), self._paint(strips, wide, caption, width))
        return self._divided(width, room, fresh)

    def _divided(self, width: float, room: float, fresh: bool) -> Fit | None:
        caption = self.lines(width, self._suffix())
        room -= self.below(caption)
        if room + self.below(caption) < self.least(width) - 0.01 and not fresh:
            return None
        column, scale = self._column(), self._column() / self.picture.width
        high = min(room, (self._left() + _OVERLAP) / 2)
        second = self.start + (high - _OVERLAP) / scale
        end = min(float(self.picture.height), second + high / scale)
        middle = (width - 2 * column - GUTTER) / 2
        strips = (
            _Strip(middle, self.start, self.start + high / scale),
            _Strip(middle + column + GUTTER, second, end),
        )
        done = end >= self.picture.height - 0.5
        rest = None if done else replace(self, start=end - _OVERLAP / scale, anchor=None)
        return Fit(high + self.below(caption), self._paint(strips, column, caption, width), rest)

    def _paint(self, strips: tuple[_Strip, ...], wide: float, caption: tuple[Line, ...], width: float) -> Painter:
        return Painter(self, strips, wide, caption, width)

    def outline(self, sheet: Sheet, strip: _Strip, x: float, top: float, scale: float) -> None:
        """The marked places that lie in ``strip``."""
        for x0, y0, x1, y1 in self.boxes:
            high, low = max(min(y0, y1), strip.top), min(max(y0, y1), strip.bottom)
            near, far = max(0.0, min(x0, x1)), min(float(self.picture.width), max(x0, x1))
            if high < low and near < far:
                y = top - (low - strip.top) * scale
                sheet.outline_box(x + near * scale - 1, y - 1, (far - near) * scale + 2, (low - high) * scale + 2)


@dataclass(frozen=True, slots=True)
class Painter:
    """Draws strips ``wide`` points wide, with one caption below them."""

    box: FigureBox
    strips: tuple[_Strip, ...]
    wide: float
    caption: tuple[Line, ...]
    width: float

    def __call__(self, sheet: Sheet, left: float, top: float) -> None:
        """Draw at the place that the flow has found."""
        box, scale = self.box, self.wide / self.box.picture.width
        if box.anchor:
            sheet.anchor(box.anchor, top)
        whole = (self.wide, box.height(self.wide))
        floor = top
        for strip in self.strips:
            high = (strip.bottom - strip.top) * scale
            place = (left + strip.x, top - high, self.wide, high)
            sheet.strip(box.picture.jpeg, place, whole, strip.top * scale)
            sheet.rect(*place, stroke=0.6)
            box.outline(sheet, strip, left + strip.x, top, scale)
            floor = min(floor, top - high)
        baseline = floor - _GAP - CAPTION.leading * 0.75
        for line in self.caption:
            sheet.line(line, left, baseline)
            baseline -= CAPTION.leading


@dataclass(frozen=True)
class PairBox:
    """Two upright pictures side by side, each with its caption."""

    first: FigureBox
    second: FigureBox
    before: float = 6
    after: float = 10
    keep: bool = field(default=False)

    def least(self, width: float) -> float:
        """The smaller of the row and of the first picture alone."""
        return min(self._row(), self.first.least(width))

    def _row(self) -> float:
        return max(_in_column(box) for box in (self.first, self.second))

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """Both, or the first alone where that is all there is room for."""
        if self._row() > room + 0.01 and not fresh:
            alone = self.first.fit(width, room, False)
            return None if alone is None else replace(alone, rest=self.second)

        def paint(sheet: Sheet, left: float, top: float) -> None:
            for n, box in enumerate((self.first, self.second)):
                wide = min(COLUMN, box.picture.printed)
                strip = _Strip((COLUMN - wide) / 2, 0, box.picture.height)
                Painter(box, (strip,), wide, box.lines(COLUMN), COLUMN)(sheet, left + n * (COLUMN + GUTTER), top)

        return Fit(self._row(), paint)


def pairs(first: FigureBox, second: FigureBox) -> bool:
    """True when both are upright and legible in half the line."""
    return all(
        box.picture.height > box.picture.width
        and box.picture.printed >= min(LEGIBLE, box.picture.width * 0.75)
        and box.height(min(COLUMN, box.picture.printed)) <= ROOM
        and len(box.lines(COLUMN)) <= 2 * CAPTION_LINES
        for box in (first, second)
    )


def _in_column(box: FigureBox) -> float:
    return box.height(min(COLUMN, box.picture.printed)) + box.below(box.lines(COLUMN))
