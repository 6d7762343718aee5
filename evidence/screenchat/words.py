"""OCR lines as words on the canvas, how large their letters are, and words of one row put together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from evidence.models import Line
from evidence.screenchat.model import Box

# Widths of signs, in parts of a Chinese one, of the fonts that phones have.
_DIGIT, _SMALL, _LARGE, _SPACE, _OTHER = 0.56, 0.52, 0.66, 0.28, 0.4


@dataclass(frozen=True, slots=True)
class Word:
    """One OCR line. ``number`` is its place in the reading, ``box`` in canvas pixels, ``em`` the size of a letter."""

    number: int
    text: str
    box: Box
    em: float
    score: float | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def tall(self) -> float:
        """Height of the box."""
        return self.box[3] - self.box[1]


def words_of(lines: Sequence[Line], factor: int, width: int, height: int) -> tuple[Word, ...]:
    """The lines that have a box inside the picture, from top to bottom; ``width`` and ``height`` of the canvas."""
    words = []
    for number, line in enumerate(lines):
        box = line.box
        if box is None or not all(isfinite(value) for value in box) or not line.text.strip():
            continue
        x0, x1 = sorted((min(max(box[0] / factor, 0), width), min(max(box[2] / factor, 0), width)))
        y0, y1 = sorted((min(max(box[1] / factor, 0), height), min(max(box[3] / factor, 0), height)))
        if x1 - x0 < 1 or y1 - y0 < 1:
            continue
        words.append(Word(number, line.text, (x0, y0, x1, y1), _em(line.text, x1 - x0, y1 - y0), line.score))
    return tuple(sorted(words, key=lambda word: (word.box[1], word.box[0], word.number)))


def _em(text: str, wide: float, tall: float) -> float:
    """Size of a letter from the width of the line, kept near its height: boxes are tight or loose by engine."""
    wide_as = units(text.strip())
    if wide_as < 1.5:
        return max(tall, 1.0)
    by_width = wide / wide_as
    if wide_as < 4:
        by_width = (by_width + tall) / 2
    # signs that the engine left out, such as emoji, make a line seem wider than its letters are
    chinese = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text) >= 0.4 * len(text)
    return max(1.0, min(max(by_width, 0.6 * tall), (1.2 if chinese else 1.6) * tall))


def _units(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign.isdigit():
        return _DIGIT
    if sign.isspace():
        return _SPACE
    if sign.isalpha():
        return _LARGE if sign.isupper() else _SMALL
    return _OTHER


def units(text: str) -> float:
    """Width of a text in letters."""
    return sum(_units(sign) for sign in text)


def rows_of(words: Iterable[Word]) -> tuple[tuple[Word, ...], ...]:
    """Words that stand beside each other make one row, read from left to right; rows from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle[1], word.box[0], word.number)):
        row = next((r for r in reversed(rows[-3:]) if all(_beside(word, other) for other in r)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    return tuple(tuple(sorted(row, key=lambda word: (word.box[0], word.number))) for row in rows)


def _beside(one: Word, other: Word) -> bool:
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.5 * min(one.tall, other.tall) and across < 0.5 * min(one.em, other.em)


def row_text(row: Sequence[Word]) -> str:
    """The words of a row as one text: with a space where the picture has a gap that Chinese does not have."""
    text = ""
    end = 0.0
    for word in row:
        if text:
            text += " " if word.box[0] - end > 0.35 * word.em else ""
        text += word.text.strip()
        end = word.box[2]
    return text


def text_of(rows: Iterable[Sequence[Word]]) -> str:
    """Rows joined by line feeds."""
    return "\n".join(row_text(row) for row in rows)


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; at least one is needed."""
    found = tuple(boxes)
    return (
        min(box[0] for box in found),
        min(box[1] for box in found),
        max(box[2] for box in found),
        max(box[3] for box in found),
    )


def overlap(one: Box, other: Box) -> float:
    """Shared area as a share of the smaller box."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    least = min((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    return wide * tall / least if least > 0 else 0.0
