"""Whether a bubble was cut: the end that goes on beyond what can be seen has no round corners."""

from __future__ import annotations

import numpy as np

from evidence.screenchat.colours import Canvas, Colour, apart, distance
from evidence.screenchat.model import Box


def square_ends(canvas: Canvas, box: Box, colour: Colour) -> tuple[bool, bool]:
    """Whether the corners at the top and at the bottom of a bubble are filled (canvas pixels)."""
    page = canvas.page_at((box[1] + box[3]) / 2)
    limit = max(4.0, 0.4 * apart(colour, page))
    ends = []
    for y, step in ((int(box[1]), 1), (round(box[3]) - 1, -1)):
        filled = []
        for x, side in ((int(box[0]), 1), (round(box[2]) - 1, -1)):
            rows = [y + step, y + 2 * step]
            columns = [x + side, x + 2 * side]
            inside = [r for r in rows if 0 <= r < canvas.height], [c for c in columns if 0 <= c < canvas.width]
            spot = canvas.small[np.ix_(*inside)]
            filled.append(bool(spot.size) and float(distance(spot, colour).max()) <= limit)
        ends.append(all(filled))
    return ends[0], ends[1]
