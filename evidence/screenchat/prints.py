"""A 64-bit fingerprint of how a bubble looks, to find the same one on another capture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evidence.screenchat.colours import Pixels
from evidence.screenchat.model import Box

_WIDE, _TALL = 9, 8
_INK = 48  # grey levels from the ground; what JPEG adds is less


def print_of(pixels: Pixels, box: Box) -> str:
    """Difference hash of the pixels in ``box``: 16 hex digits, or empty where the box holds no pixels.

    The crop is averaged to 9 x 8 grey fields; each bit tells whether a field is lighter than the one to its right by
    more than what JPEG adds. Compare with :func:`difference`.
    """
    height, width = pixels.shape[:2]
    x0, y0 = max(0, round(box[0])), max(0, round(box[1]))
    x1, y1 = min(width, round(box[2])), min(height, round(box[3]))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return ""
    crop = pixels[y0:y1, x0:x1]
    grey = crop[:, :, 0] * np.float32(0.299) + crop[:, :, 1] * np.float32(0.587) + crop[:, :, 2] * np.float32(0.114)
    grey = _inked(grey)
    fields = _means(_means(grey, _TALL).T, _WIDE).T
    bits = fields[:, :-1] > fields[:, 1:] + 1.0
    return f"{int(''.join('1' if bit else '0' for bit in bits.ravel()), 2):016x}"


def difference(one: str, other: str) -> int:
    """Bits in which two prints differ, 0 to 64; 64 when one is missing."""
    if not one or not other:
        return 64
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _inked(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The part that holds something: without the flat rim around a bubble's words, the prints differ more."""
    marks = np.abs(grey - np.median(grey)) > _INK
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    if len(rows) < _TALL or len(columns) < _WIDE:
        return grey
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _means(values: NDArray[np.float32], parts: int) -> NDArray[np.float32]:
    """Mean of each of ``parts`` stretches along the first axis."""
    count = values.shape[0]
    edges = np.arange(parts + 1) * count / parts
    starts = np.minimum(edges[:-1].astype(int), count - 1)
    ends = np.maximum(np.ceil(edges[1:]).astype(int), starts + 1)
    sums = np.vstack((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)))
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts)[:, None], dtype=np.float32)
