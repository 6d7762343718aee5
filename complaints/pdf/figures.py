"""Pictures with their captions on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from complaints.blocks import Span
from complaints.pdf.boxes import Fit
from complaints.pdf.fonts import FontSet
from complaints.pdf.pictures import LEGIBLE, Picture, Slice
from complaints.pdf.sheet import Sheet
from complaints.pdf.text import Line, Style, set_text

CAPTION = Style(size=9.5, leading=13, align="centre")
CAPTION_LINES = 4
_GAP = 3.0


@dataclass(frozen=True)
class FigureBox:
    """The pieces of a picture from ``start`` on, each with the caption and its number when there are several."""

    picture: Picture
    caption: str
    part: str
    fonts: FontSet
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    anchor: str | None = None
    start: int = 0
    before: float = 6
    after: float = 10
    keep: bool = False

    def _caption(self, width: float) -> tuple[Line, ...]:
        count = len(self.picture.slices)
        part = self.part.format(n=self.start + 1, total=count) if count > 1 else ""
        text = self.caption + part
        return set_text((Span(text),), width, CAPTION, self.fonts) if text else ()

    def least(self, width: float) -> float:
        """The piece, made as small as it may get, with its caption."""
        piece = self.picture.slices[self.start]
        return piece.height * self._smallest(piece) + self._below(self._caption(width))

    @staticmethod
    def _below(caption: tuple[Line, ...]) -> float:
        return (_GAP + len(caption) * CAPTION.leading) if caption else 0.0

    @staticmethod
    def _smallest(piece: Slice) -> float:
        return min(1.0, max(0.75, LEGIBLE / piece.width))

    def fit(self, width: float, room: float, fresh: bool) -> Fit | None:
        """One piece, a little smaller when that keeps it on the page."""
        piece, caption = self.picture.slices[self.start], self._caption(width)
        below = self._below(caption)
        scale = min(1.0, (room - below) / piece.height, width / piece.width)
        if scale < min(self._smallest(piece), width / piece.width) and not fresh:
            return None

        def paint(sheet: Sheet, left: float, top: float) -> None:
            if self.anchor and self.start == 0:
                sheet.anchor(self.anchor, top)
            w, h = piece.width * scale, piece.height * scale
            x, y = left + (width - w) / 2, top - h
            sheet.image(piece.jpeg, x, y, w, h)
            sheet.rect(x, y, w, h, stroke=0.6)
            self._outline(sheet, piece, x, top, w / self.picture.width)
            baseline = y - _GAP - CAPTION.leading * 0.75
            for line in caption:
                sheet.line(line, left, baseline)
                baseline -= CAPTION.leading

        more = self.start + 1 < len(self.picture.slices)
        rest = replace(self, start=self.start + 1) if more else None
        return Fit(piece.height * scale + below, paint, rest)

    def _outline(self, sheet: Sheet, piece: Slice, x: float, top: float, scale: float) -> None:
        for x0, y0, x1, y1 in self.boxes:
            high, low = max(min(y0, y1), piece.top), min(max(y0, y1), piece.bottom)
            near, far = max(0.0, min(x0, x1)), min(float(self.picture.width), max(x0, x1))
            if high < low and near < far:
                y = top - (low - piece.top) * scale
                sheet.outline_box(x + near * scale - 1, y - 1, (far - near) * scale + 2, (low - high) * scale + 2)
