"""Whose bubble it is: the nearer edge, its fellows' edges, the avatar beside it, its colour.

Right is whose phone it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import Canvas, Colour, apart, vividness
from evidence.screenchat.model import Box, Side
from evidence.screenchat.runs import share_off_page

_CLEAR = 0.06  # of the width: gaps that differ by more leave no doubt
_LIKE = 12  # colours of one side differ by no more


@dataclass(frozen=True, slots=True)
class Habits:
    """What this screen's clear bubbles teach: gaps to the edges, colours and avatars of each side (canvas pixels)."""

    left_gap: float | None = None
    right_gap: float | None = None
    left_colours: tuple[Colour, ...] = ()
    right_colours: tuple[Colour, ...] = ()
    avatars: bool = False


def is_avatar(block: Block, others: Sequence[Block], width: float, dp: float) -> bool:
    """Whether a block is a picture of a person with words in it: small, square, at the edge, beside a bubble."""
    gap = min(block.box[0], width - block.box[2])
    square = block.wide <= 58 * dp and 0.66 <= block.wide / max(block.tall, 1.0) <= 1.5
    if not square or gap > 28 * dp or block.wide < 18 * dp:
        return False
    left = block.box[0] < width - block.box[2]
    for other in others:
        if other is block:
            continue
        near = other.box[0] if left else width - other.box[2]
        far = block.box[2] if left else width - block.box[0]
        shared = min(block.box[3], other.box[3]) - max(block.box[1], other.box[1])
        if near > far - dp and shared > 0.3 * min(block.tall, other.tall):
            return True
    wide = [b.box[0] if left else width - b.box[2] for b in others if b is not block and b.wide > 0.25 * width]
    mine = block.box[2] if left else width - block.box[0]
    return bool(wide) and min(wide) > mine - dp


def learn(canvas: Canvas, blocks: Sequence[Block], dp: float, size: float, faces: int = 0) -> Habits:
    """Habits of the clear text bubbles among ``blocks``; ``size`` is that of message letters and
    ``faces`` counts avatars with words in them.
    """
    width = canvas.width
    full = [b for b in blocks if max(w.em for w in b.words) > 0.88 * size]
    hints = {b: _hint(canvas, b, dp) for b in full}
    left = [b for b in full if hints[b] == "left"]
    right = [b for b in full if hints[b] == "right"]
    seen = [avatar_share(canvas, b.box, "left", dp) > 0.35 for b in left]
    seen += [avatar_share(canvas, b.box, "right", dp) > 0.35 for b in right]
    avatars = not canvas.wallpaper and len(seen) > 0 and sum(seen) >= 0.5 * len(seen)
    if avatars:  # a quote has none, and a shade of its own
        left, right = (
            [b for b in found if avatar_share(canvas, b.box, side, dp) > 0.2] or found
            for side, found in _both(left, right)
        )
    text = [b for b in (*left, *right) if b.spare < 4]
    return Habits(
        median(b.box[0] for b in left) if left else None,
        median(width - b.box[2] for b in right) if right else None,
        tuple(b.colour for b in text if b in left),
        tuple(b.colour for b in text if b in right),
        avatars or (canvas.wallpaper and faces >= 2),
    )


def _both(left: list[Block], right: list[Block]) -> tuple[tuple[Side, list[Block]], tuple[Side, list[Block]]]:
    return ("left", left), ("right", right)


def _hint(canvas: Canvas, block: Block, dp: float) -> Side | None:
    """The side of a clear bubble: by its gaps, or where they are alike, by the only avatar beside it."""
    lean = (block.box[0] - (canvas.width - block.box[2])) / canvas.width
    if abs(lean) > _CLEAR:
        return "right" if lean > 0 else "left"
    if canvas.wallpaper:
        return None
    shares = (avatar_share(canvas, block.box, "left", dp), avatar_share(canvas, block.box, "right", dp))
    if max(shares) > 0.35 and min(shares) < 0.1:
        return "left" if shares[0] > shares[1] else "right"
    return None


def side_of(canvas: Canvas, box: Box, colour: Colour | None, habits: Habits, dp: float) -> tuple[Side, bool]:
    """The side of a bubble, and whether that is sure. ``colour`` is None where it says nothing (cards, pictures)."""
    width = canvas.width
    gap_left, gap_right = box[0], width - box[2]
    lean = (gap_left - gap_right) / width
    score = 0.0
    if abs(lean) > 0.03:
        score += (3.0 if abs(lean) > _CLEAR else 1.2) * (1 if lean > 0 else -1)
    score += _aligned(gap_left, gap_right, habits, dp)
    if not canvas.wallpaper:
        seen = avatar_share(canvas, box, "right", dp) - avatar_share(canvas, box, "left", dp)
        score += (5.0 if habits.avatars else 2.0) * seen if abs(seen) > 0.2 else 0.0
    if colour is not None:
        score += _coloured(colour, habits)
    if score == 0.0:
        score = 0.1 if lean > 0 else -0.1
    return ("right" if score > 0 else "left"), abs(score) >= 1.2


def _aligned(gap_left: float, gap_right: float, habits: Habits, dp: float) -> float:
    score = 0.0
    if habits.left_gap is not None and abs(gap_left - habits.left_gap) <= 2.5 * dp:
        score -= 0.8
    if habits.right_gap is not None and abs(gap_right - habits.right_gap) <= 2.5 * dp:
        score += 0.8
    return score


def _coloured(colour: Colour, habits: Habits) -> float:
    left = min((apart(colour, c) for c in habits.left_colours), default=255)
    right = min((apart(colour, c) for c in habits.right_colours), default=255)
    if min(left, right) <= _LIKE and abs(left - right) > 6:
        return 2.0 if right < left else -2.0
    if left <= _LIKE and right <= _LIKE:
        return 0.0
    if vividness(colour) > 24:
        return 1.0 if not habits.right_colours or right <= left else 0.3
    return -0.8 if not habits.left_colours else -0.3


def avatar_share(canvas: Canvas, box: Box, side: Side, dp: float) -> float:
    """How much of the place where an avatar would be, beside the top of a bubble, is not page."""
    width = canvas.width
    rows = (box[1] - 4 * dp, min(box[1] + 36 * dp, max(box[3], box[1] + 24 * dp)))
    margin = 0.014 * width
    if side == "left":
        place = (margin, rows[0], min(box[0] - 7 * dp, 66 * dp), rows[1])
    else:
        place = (max(box[2] + 7 * dp, width - 66 * dp), rows[0], width - margin, rows[1])
    if place[2] - place[0] < 16 * dp:
        return 0.0
    return share_off_page(canvas, place)
