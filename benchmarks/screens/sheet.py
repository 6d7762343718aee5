"""A list of things to draw, with the rows of letters and where they stand; drawn as often and shifted as needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from benchmarks.screens.truth import Box, Row

EMOJI = "😂🙏😡👍😭🌹😅💰"  # drawn as coloured discs: the font has none
_FACES = ("#ffcf40", "#f5b041", "#e74c3c", "#ffd966", "#ffcc33", "#d9365e", "#ffd24d", "#e0b000")
_RUNS = re.compile(f"([{EMOJI}])")
_WORDS = re.compile(r"[A-Za-z0-9._:/\-@#%+,*?=&]+|.", re.DOTALL)
_NOT_FIRST = "，。！？；：、）》”】,.!?;:)"
Pen = ImageDraw.ImageDraw
Op = Callable[[Image.Image, Pen, float, float], None]


@cache
def font(size: float) -> ImageFont.FreeTypeFont:
    """The letters of the pinned dependency at ``size`` pixels."""
    path = str(resources.files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc")
    return ImageFont.truetype(path, size)


@lru_cache(maxsize=50_000)
def length(text: str, size: float) -> float:
    """Width of one row of letters in pixels."""
    return sum(1.2 * size if run in EMOJI else font(size).getlength(run) for run in _RUNS.split(text) if run)


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into rows of at most ``width`` pixels as phones do: words whole, no comma at the start."""
    rows: list[str] = []
    for paragraph in text.split("\n"):
        row, used = "", 0.0
        for word in _WORDS.findall(paragraph):
            for piece in [word] if length(word, size) <= width else list(word):
                if row and used + length(piece, size) > width:
                    kept = len(row) - 1 if piece in _NOT_FIRST and len(row) > 1 else len(row)
                    rows.append(row[:kept])
                    row = row[kept:]
                    used = length(row, size)
                row += piece
                used += length(piece, size)
        rows.append(row)
    return rows


@lru_cache(maxsize=20_000)
def _ink(text: str, size: float) -> tuple[float, float, float, float]:
    return font(size).getbbox(text, anchor="ls")


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of drawing; ``top`` and ``bottom`` bound what it touches."""

    top: float
    bottom: float
    draw: Op


class Sheet:
    """Things to draw on a plane as wide as the screen and as long as the chat.

    ``owner`` is the entry that the next rows belong to.
    """

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.rows: list[Row] = []
        self.owner = -1

    def paint(self, image: Image.Image, dx: float = 0, dy: float = 0) -> None:
        """Draw everything, shifted."""
        pen = ImageDraw.Draw(image)
        for mark in self.marks:
            if mark.bottom + dy >= 0 and mark.top + dy <= image.height:
                mark.draw(image, pen, dx, dy)

    def rect(self, box: Box, fill: str | None, radius: float = 0, outline: str | None = None) -> None:
        """A filled rectangle, with round corners when there is a radius."""

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            place = _shift(box, dx, dy)
            pen.rounded_rectangle(place, radius, fill=fill, outline=outline, width=2 if outline else 0)

        self.marks.append(Mark(box[1], box[3], draw))

    def disc(self, box: Box, fill: str) -> None:
        """A filled ellipse."""

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            pen.ellipse(_shift(box, dx, dy), fill=fill)

        self.marks.append(Mark(box[1], box[3], draw))

    def lines(self, points: Sequence[tuple[float, float]], fill: str, wide: float) -> None:
        """A line through points."""

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            pen.line([(x + dx, y + dy) for x, y in points], fill=fill, width=max(1, round(wide)))

        heights = [y for _x, y in points]
        self.marks.append(Mark(min(heights), max(heights), draw))

    def area(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """A filled polygon."""

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            pen.polygon([(x + dx, y + dy) for x, y in points], fill=fill)

        heights = [y for _x, y in points]
        self.marks.append(Mark(min(heights), max(heights), draw))

    def arc(self, box: Box, start: float, end: float, fill: str, wide: float) -> None:
        """A part of an ellipse's line, in degrees."""

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            pen.arc(_shift(box, dx, dy), start, end, fill=fill, width=max(1, round(wide)))

        self.marks.append(Mark(box[1], box[3], draw))

    def picture(self, x: float, y: float, picture: Image.Image) -> None:
        """A picture as it is."""

        def draw(image: Image.Image, _pen: Pen, dx: float, dy: float) -> None:
            image.paste(picture, (round(x + dx), round(y + dy)))

        self.marks.append(Mark(y, y + picture.height, draw))

    def words(
        self, x: float, y: float, text: str, size: float, fill: str, role: str, align: str = "l", bold: bool = False
    ) -> float:
        """One row of letters, its em square from ``y`` down; ``x`` is its left, middle (m) or right (r). Its width."""
        wide = length(text, size)
        at = x - (wide if align == "r" else wide / 2 if align == "m" else 0)
        base = y + 0.88 * size
        inks: list[Box] = []
        for run in _RUNS.split(text):
            if run in EMOJI and run:
                face = (at + 0.05 * size, y, at + 1.15 * size, y + 1.1 * size)
                self.disc(face, _FACES[EMOJI.index(run)])
                self.disc((at + 0.35 * size, y + 0.35 * size, at + 0.5 * size, y + 0.5 * size), "#5d4037")
                self.disc((at + 0.7 * size, y + 0.35 * size, at + 0.85 * size, y + 0.5 * size), "#5d4037")
                inks.append(face)
                at += 1.2 * size
            elif run:
                inks.append(self._run(at, base, run, size, fill, bold))
                at += length(run, size)
        if inks:
            box = (inks[0][0], min(i[1] for i in inks), inks[-1][2], max(i[3] for i in inks))
            self.rows.append(Row(text, box, role, self.owner))
        return wide

    def _run(self, x: float, base: float, text: str, size: float, fill: str, bold: bool) -> Box:
        letters = font(size)
        stroke = size / 60 if bold else 0

        def draw(_image: Image.Image, pen: Pen, dx: float, dy: float) -> None:
            place = (round(x + dx), round(base + dy))
            pen.text(place, text, font=letters, fill=fill, anchor="ls", stroke_width=stroke)

        ink = _ink(text, size)
        self.marks.append(Mark(base - 1.2 * size, base + 0.4 * size, draw))
        return x + ink[0], base + ink[1], x + ink[2], base + ink[3]


def _shift(box: Box, dx: float, dy: float) -> tuple[int, int, int, int]:
    return round(box[0] + dx), round(box[1] + dy), round(box[2] + dx), round(box[3] + dy)
