"""How far the flat area around a line reaches: the bubble, found by walking until its colour ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.screenchat.colours import Canvas, Colour, Pixels, apart, distance
from evidence.screenchat.model import Box

_WINDOW = 10  # letters looked at upwards and downwards before looking farther


@dataclass(frozen=True, slots=True)
class Area:
    """A flat area in canvas pixels. ``crisp`` (0 to 255) is how far the colour jumps at its sides."""

    box: Box
    colour: Colour
    crisp: float

    @property
    def wide(self) -> float:
        """Width."""
        return self.box[2] - self.box[0]

    @property
    def tall(self) -> float:
        """Height."""
        return self.box[3] - self.box[1]


def area_around(canvas: Canvas, box: Box, colour: Colour, em: float) -> Area | None:
    """The flat area of ``colour`` around the letters in ``box``; ``em`` is the size of a letter (canvas pixels).

    None when it reaches both edges of the picture: then the letters stand on the page.
    """
    y0, y1 = max(0, int(box[1] - 0.2 * em)), min(canvas.height, int(box[3] + 0.2 * em) + 1)
    x0, x1 = max(0, int(box[0])), min(canvas.width, int(box[2]) + 1)
    if x1 <= x0 or y1 <= y0:
        return None
    page = canvas.page_at((box[1] + box[3]) / 2)
    strip = canvas.small[y0:y1]
    flat = _flat(strip, colour, page)
    seen = flat.mean(axis=0) >= 0.45
    seen[x0:x1] = True
    blank = _flat(strip, page, colour).mean(axis=0) if not canvas.wallpaper else np.ones(canvas.width)
    stop = max(2, round(canvas.width / 360))
    right = x1 + _reach(seen[x1:], blank[x1:], stop, em)
    left = x0 - _reach(seen[:x0][::-1], blank[:x0][::-1], stop, em)
    if left <= canvas.width * 0.012 and right >= canvas.width * 0.988:
        return None
    top, bottom = _rise(canvas, (left, box[1], right, box[3]), colour, page, em)
    found = (float(left), float(top), float(right), float(bottom))
    return Area(found, colour, _crisp(canvas, found, colour, (y0, y1)))


def _flat(pixels: Pixels, colour: Colour, other: Colour) -> NDArray[np.bool_]:
    """Which pixels have ``colour`` rather than ``other``."""
    between = apart(colour, other)
    here = distance(pixels, colour)
    if between <= 2:
        return np.asarray(here <= 6)
    limit = min(max(6.0, 0.5 * between), 28.0)
    return np.asarray((here <= limit) & (here < distance(pixels, other)))


def _reach(seen: NDArray[np.bool_], blank: NDArray[np.float64], stop: int, em: float) -> int:
    """Columns until the colour ends. Icons and emoji in a bubble are stepped over when no page shows in them."""
    at = 0
    for _step in range(6):
        end = at + _first_run(~seen[at:], stop)
        if end >= len(seen):
            return len(seen)
        again = end + _first_run(seen[end : end + int(3 * em)], max(2, int(0.3 * em)))
        if again >= min(len(seen), end + int(3 * em)) or blank[end:again].max(initial=0.0) > 0.6:
            return end
        at = again
    return at


def _first_run(mask: NDArray[np.bool_], length: int) -> int:
    """Where the first run of ``length`` true values begins; the length of the mask when there is none."""
    if len(mask) < length:
        return len(mask)
    sums = np.concatenate(([0], np.cumsum(mask)))
    hits = np.flatnonzero(sums[length:] - sums[:-length] == length)
    return int(hits[0]) if len(hits) else len(mask)


def _rise(canvas: Canvas, box: Box, colour: Colour, page: Colour, em: float) -> tuple[int, int]:
    """First and last row of the area: walked along both of its sides, then to the round corners' true ends."""
    left, right = int(box[0]), int(box[2])
    stop = 2 if canvas.width >= 320 else 1
    brim = max(2, int(0.15 * em))
    columns = np.r_[left + 1 : left + 1 + brim], np.r_[max(right - 1 - brim, left) : right - 1]
    sides = [c[(c >= 0) & (c < canvas.width)] for c in columns]
    quarter = max(1, (right - left) // 4)
    middle = slice(left + quarter, max(left + quarter + 1, right - quarter))
    ends = []
    for start, step in ((int(box[1] + 0.5 * em), -1), (int(box[3] - 0.5 * em), 1)):
        start = min(max(start, 0), canvas.height - 1)
        end = start
        window = int(_WINDOW * em) + 8
        while True:
            rows = slice(end, end + window) if step > 0 else slice(max(0, end - window), end + 1)
            part = canvas.small[rows]
            seen = np.zeros(len(part), np.bool_)
            for side in sides:
                if len(side):
                    seen |= _flat(part[:, side], colour, page).mean(axis=1) >= 0.5
            seen = seen if step > 0 else seen[::-1]
            gone = _first_run(~seen, stop)
            end += step * max(0, min(gone, len(seen) - 1))
            if gone < len(seen) or len(seen) < window or window > canvas.height:
                end += int(step < 0 and gone < len(seen))  # the last row of the area, not the first beyond it
                break
            window *= 4
        rows = slice(end, end + int(2 * em) + 2) if step > 0 else slice(max(0, end - int(2 * em) - 2), end + 1)
        seen = _flat(canvas.small[rows, middle], colour, page).mean(axis=1) >= 0.6
        gone = _first_run(~(seen if step > 0 else seen[::-1]), 1)
        ends.append(end + gone if step > 0 else end - max(gone, 1) + 1)
    return max(0, min(ends[0], int(box[1]))), min(canvas.height, max(ends[1], int(box[3])))


def _crisp(canvas: Canvas, box: Box, colour: Colour, rows: tuple[int, int]) -> float:
    """How much the colour changes from inside to just outside, at the side where it changes less."""
    jumps = []
    reach = max(2, canvas.width // 120)
    for x in (int(box[0]) - reach, int(box[2]) + reach):
        if 0 <= x < canvas.width:
            outside = np.median(canvas.small[rows[0] : rows[1], x], axis=0)
            jumps.append(float(np.abs(outside - np.array(colour)).max()))
    return min(jumps, default=0.0)
