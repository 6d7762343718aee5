"""The paper: one canvas, drawn on page by page, in points from the lower left corner of the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from complaints.blocks import Span
from complaints.pdf.fonts import FontSet
from complaints.pdf.text import Line, Piece, Style, label, set_text
from complaints.pdf.words import Words

MM = 72 / 25.4
WIDTH: float = A4[0]
HEIGHT: float = A4[1]
LEFT, RIGHT, TOP, BOTTOM = 25 * MM, 20 * MM, 22 * MM, 24 * MM
BODY_WIDTH = WIDTH - LEFT - RIGHT
BODY_TOP = HEIGHT - TOP
BODY_HEIGHT = HEIGHT - TOP - BOTTOM
_FOOT_SIZE = 8.5
_BOLD = 0.03
_SLANT = 0.2


class Jpeg:
    """A JPEG for the canvas, known by a name made from its content, so that no path reaches the file."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._data = data

    def __str__(self) -> str:
        return self._name

    def jpeg_fh(self) -> io.BytesIO:
        """What reportlab asks a picture for when it can take JPEG data as it is."""
        return io.BytesIO(self._data)


class Sheet:
    """Draws pages, remembers where anchors are, and adds page numbers when their total is known."""

    def __init__(self, stream: io.BytesIO, fonts: FontSet, words: Words, title: str, footer: str) -> None:
        self.fonts = fonts
        self.words = words
        self.page = 1
        self.anchors: dict[str, int] = {}
        self._footer = footer
        self._ids: dict[str, str] = {}
        self._page_refs: dict[str, float] = {}
        self._outline_level = -1
        self._canvas: Any = Canvas(
            stream, pagesize=A4, initialFontName=fonts.chain[0].name, lang=words.lang, pageCompression=1, invariant=1
        )
        self._canvas.setTitle(title)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    # Text

    def line(self, line: Line, x: float, baseline: float) -> None:
        """Draw a laid-out line with its column's left edge at ``x``."""
        done = 0
        for piece in line.pieces:
            left = x + line.x + piece.x + done * line.space
            done += len(piece.text)
            width = piece.width + len(piece.text) * line.space
            self._piece(piece, left, baseline, width, line.space)

    def _piece(self, piece: Piece, x: float, baseline: float, width: float, space: float) -> None:
        run, canvas = piece.run, self._canvas
        if run.mark:
            self.rect(x, baseline - 0.24 * run.size, width, 1.2 * run.size, fill=0.86)
            self.rule(x, baseline - 0.24 * run.size, x + width, baseline - 0.24 * run.size, 0.6)
        if run.anchor is not None:
            self.rule(x, baseline - 0.18 * run.size, x + width, baseline - 0.18 * run.size, 0.35, 0.4)
            self.link(run.anchor, x, baseline - 0.25 * run.size, width, 1.2 * run.size)
        if piece.actual is not None:
            units = ("\ufeff" + piece.actual).encode("utf-16-be").hex().upper()
            canvas.addLiteral(f"/Span <</ActualText <{units}>>> BDC")
        text = canvas.beginText(x, baseline)
        text.setFont(run.face.name, run.size)
        if run.italic:
            text.setTextTransform(1, 0, _SLANT, 1, x, baseline)
        if run.grey:
            text.setFillGray(run.grey)
        if run.bold:
            canvas.saveState()
            canvas.setLineWidth(_BOLD * run.size)
            canvas.setStrokeGray(run.grey)
            text.setTextRenderMode(2)
        if space:
            text.setCharSpace(space)
        text.textOut(piece.text)
        if space:
            text.setCharSpace(0)
        if run.bold:
            text.setTextRenderMode(0)
        if run.grey:
            text.setFillGray(0)
        canvas.drawText(text)
        if run.bold:
            canvas.restoreState()
        if piece.actual is not None:
            canvas.addLiteral("EMC")

    def turned(self, line: Line, x: float, y: float) -> None:
        """Draw ``line`` upwards from (x, y)."""
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.rotate(90)
        self.line(line, 0, 0)
        self._canvas.restoreState()

    # Shapes

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: float | None = None, stroke: float | None = None
    ) -> None:
        """A rectangle filled and outlined in grey (0 black)."""
        canvas = self._canvas
        if fill is not None:
            canvas.setFillGray(fill)
        if stroke is not None:
            canvas.setStrokeGray(stroke)
            canvas.setLineWidth(0.5)
        canvas.rect(x, y, width, height, stroke=int(stroke is not None), fill=int(fill is not None))
        canvas.setFillGray(0)
        canvas.setStrokeGray(0)

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        width: float = 0.5,
        grey: float = 0,
        dash: Sequence[float] = (),
    ) -> None:
        """A straight line."""
        canvas = self._canvas
        canvas.setLineWidth(width)
        canvas.setStrokeGray(grey)
        if dash:
            canvas.setDash(list(dash))
        canvas.line(x0, y0, x1, y1)
        if dash:
            canvas.setDash()
        canvas.setStrokeGray(0)

    def hatch(self, x: float, y: float, width: float, height: float, step: float, *, back: bool = False) -> None:
        """Diagonal lines inside a rectangle, so that two greys can be told apart on a bad copy."""
        canvas = self._canvas
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x, y, width, height)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.setLineWidth(0.5)
        at = x - height
        while at < x + width:
            low, high = (y + height, y) if back else (y, y + height)
            canvas.line(at, low, at + height, high)
            at += step
        canvas.restoreState()

    def outline_box(self, x: float, y: float, width: float, height: float) -> None:
        """A box around a place on a picture: black on white, seen on any ground."""
        for thickness, grey in ((2.4, 1.0), (1.1, 0.0)):
            self._canvas.setLineWidth(thickness)
            self._canvas.setStrokeGray(grey)
            self._canvas.rect(x, y, width, height, stroke=1, fill=0)
        self._canvas.setStrokeGray(0)

    def image(self, jpeg: Jpeg, x: float, y: float, width: float, height: float) -> None:
        """A picture with its lower left corner at (x, y)."""
        self._canvas.drawImage(jpeg, x, y, width, height)

    def strip(
        self, jpeg: Jpeg, place: tuple[float, float, float, float], whole: tuple[float, float], above: float
    ) -> None:
        """The part of a picture seen through ``place`` (x, y, width, height); ``whole`` is the size of all of it,
        ``above`` the height of what lies over the part."""
        x, y, width, height = place
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(x, y, width, height)
        self._canvas.clipPath(path, stroke=0, fill=0)
        self.image(jpeg, x, y + height + above - whole[1], *whole)
        self._canvas.restoreState()

    # Places

    def _id(self, anchor: str) -> str:
        return self._ids.setdefault(anchor, f"a{len(self._ids)}")

    def anchor(self, name: str, top: float) -> None:
        """Links to ``name`` lead to ``top`` on this page."""
        self.anchors[name] = self.page
        self._canvas.bookmarkHorizontalAbsolute(self._id(name), min(top + 4, HEIGHT), left=0)

    def outline(self, title: str, anchor: str, level: int) -> None:
        """An entry of the viewer's side bar. A level that skips one is put directly under the last entry."""
        self._outline_level = min(level, self._outline_level + 1)
        self._canvas.addOutlineEntry(title, self._id(anchor), self._outline_level)

    def link(self, anchor: str, x: float, y: float, width: float, height: float) -> None:
        """A click on this rectangle leads to ``anchor``."""
        self._canvas.linkRect("", self._id(anchor), (x, y, x + width, y + height), relative=1)

    def page_of(self, anchor: str, right: float, baseline: float, size: float) -> None:
        """The number of the page that ``anchor`` is on, right-aligned; filled in when the document ends."""
        self._page_refs[anchor] = size
        self._form(f"p{self._id(anchor)}", right, baseline)

    def _form(self, name: str, x: float, y: float) -> None:
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    # Pages

    def end_page(self) -> None:
        """Footer, then a new page."""
        y = BOTTOM - 10 * MM
        self.rule(LEFT, y + 12, WIDTH - RIGHT, y + 12, 0.4, 0.5)
        room = BODY_WIDTH - 110
        style = Style(size=_FOOT_SIZE, leading=10.5, align="left", grey=0.25)
        for n, line in enumerate(set_text((Span(self._footer),), room, style, self.fonts)):
            self.line(line, LEFT, y - n * style.leading)
        self._form(f"foot{self.page}", WIDTH - RIGHT, y)
        self._canvas.showPage()
        self.page += 1

    def save(self) -> int:
        """Write the numbers that waited for the last page, and the file. Returns the number of pages."""
        total = self.page - 1
        for n in range(1, total + 1):
            text = self.words.page.format(n=n, total=total)
            self._define(f"foot{n}", label(text, _FOOT_SIZE, self.fonts, grey=0.25))
        for anchor, size in self._page_refs.items():
            self._define(f"p{self._id(anchor)}", label(str(self.anchors[anchor]), size, self.fonts))
        self._canvas.save()
        return total

    def _define(self, name: str, line: Line) -> None:
        self._canvas.beginForm(name, -line.width - 2, -6, 2, 14)
        self.line(line, -line.width, 0)
        self._canvas.endForm()
