"""Content by pixels alone: stretches of rows between which only page shows, and how wide they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.screenchat.colours import Canvas, distance
from evidence.screenchat.model import Box

_BAND = 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of content. ``filled`` is the share of its box that is not page."""

    box: Box
    filled: float


def find_runs(canvas: Canvas, top: float, bottom: float, left: float, right: float, dp: float) -> tuple[Run, ...]:
    """The stretches between rows ``top`` and ``bottom`` and columns ``left`` and ``right`` (canvas pixels).

    Under a wallpaper there is nothing to go by, and none are found.
    """
    first, last, low, high = int(top), int(bottom), int(left), int(right)
    if canvas.wallpaper or last - first < 2 or high - low < 2:
        return ()
    marks = _marks(canvas, first, last, low, high)
    full = marks.sum(axis=1) >= max(2, 1.2 * dp)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
    runs = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin < 4 * dp:
            continue
        columns = marks[begin:end].mean(axis=0)
        seen = np.flatnonzero(columns >= 0.12)
        if not len(seen):
            continue
        x0, x1 = int(seen[0]), int(seen[-1]) + 1
        box = (float(low + x0), float(first + begin), float(low + x1), float(first + end))
        runs.append(Run(box, float(marks[begin:end, x0:x1].mean())))
    return tuple(runs)


def _marks(canvas: Canvas, first: int, last: int, low: int, high: int) -> NDArray[np.bool_]:
    """Which pixels are not page."""
    marks = np.empty((last - first, high - low), np.bool_)
    for start in range(first, last, _BAND):
        end = min(last, start + _BAND)
        page = canvas.page_at((start + end) / 2)
        marks[start - first : end - first] = distance(canvas.small[start:end, low:high], page) > max(
            5.0, canvas.noise + 3
        )
    return marks


def share_off_page(canvas: Canvas, box: Box) -> float:
    """Share of the pixels in ``box`` (canvas pixels) that are not page; 0 where the box is empty."""
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(canvas.width, int(box[2])), min(canvas.height, int(box[3]))
    if x1 <= x0 or y1 <= y0:
        return 0.0
    return float(
        (distance(canvas.small[y0:y1, x0:x1], canvas.page_at((y0 + y1) / 2)) > max(8.0, canvas.noise + 4)).mean()
    )
