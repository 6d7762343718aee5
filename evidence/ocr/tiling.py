"""Cut long pictures into overlapping bands, and put what was found in them back together.

An engine that shrinks a 15,000 px screenshot to fit its detector reads nothing of it; bands keep the scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.models import Line

BAND = 2000
OVERLAP = 200
NEAR_SEAM = 8  # one line found in two bands may differ by a few pixels: near a seam both are kept and compared


@dataclass(frozen=True, slots=True)
class Band:
    """Rows ``top`` to ``bottom`` are read; a line counts if its middle lies in ``own_from`` to ``own_to``."""

    top: int
    bottom: int
    own_from: float
    own_to: float

    def owns(self, middle: float) -> bool:
        """Whether a line whose middle is at row ``middle`` belongs to this band, or may do so near the seam."""
        return self.own_from - NEAR_SEAM <= middle < self.own_to + NEAR_SEAM


@dataclass(frozen=True, slots=True)
class Piece:
    """One text box as an engine found it, in pixels of the whole picture.

    ``size`` is the height of the letters: in a tilted photo it is less than the height of the box.
    """

    text: str
    score: float
    box: tuple[float, float, float, float]
    size: float
    band: int = 0

    @property
    def middle(self) -> float:
        """The row of the box's centre."""
        return (self.box[1] + self.box[3]) / 2


def bands(height: int, band: int = BAND, overlap: int = OVERLAP) -> Iterator[Band]:
    """The bands of a picture ``height`` pixels high; neighbours share ``overlap`` rows and meet in their middle."""
    top = 0
    own_from = float("-inf")
    while True:
        bottom = min(top + band, height)
        if bottom == height:
            yield Band(top, bottom, own_from, float("inf"))
            return
        seam = bottom - overlap / 2
        yield Band(top, bottom, own_from, seam)
        own_from = seam
        top = bottom - overlap


def join(pieces: Iterable[Piece]) -> tuple[Line, ...]:
    """All pieces of a picture as lines in reading order, each line of a seam once."""
    return tuple(Line(text=p.text, score=p.score, box=p.box) for p in reading_order(without_doubles(list(pieces))))


def without_doubles(pieces: list[Piece]) -> list[Piece]:
    """Drop what two neighbouring bands both found: of boxes that cover each other the surer one stays."""
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (-p.score, p.band)):
        if not any(abs(other.band - piece.band) == 1 and _covers(other, piece) for other in kept):
            kept.append(piece)
    return kept


def reading_order(pieces: list[Piece]) -> list[Piece]:
    """Rows from the top, each from left to right. Boxes that lie over one another are never one row."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.middle, p.box[0])):
        if rows and _same_row(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda p: p.box[0])]


def _same_row(row: list[Piece], piece: Piece) -> bool:
    middle = sum(p.middle for p in row) / len(row)
    size = sum(p.size for p in row) / len(row)
    low = max(middle - size / 2, piece.middle - piece.size / 2)
    high = min(middle + size / 2, piece.middle + piece.size / 2)
    if high - low < min(size, piece.size) / 2:
        return False
    return all(_shared(p.box[0], p.box[2], piece.box[0], piece.box[2]) < 0.5 for p in row)


def _covers(one: Piece, other: Piece) -> bool:
    a, b = one.box, other.box
    return _shared(a[0], a[2], b[0], b[2]) > 0.5 and _shared(a[1], a[3], b[1], b[3]) > 0.5


def _shared(a0: float, a1: float, b0: float, b1: float) -> float:
    """How much two spans share, as a part of the shorter one."""
    shorter = min(a1 - a0, b1 - b0)
    return max(0.0, min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0
