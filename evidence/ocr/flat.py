"""What an engine reads: the picture as it is or, from a photo of a screen, the screen laid flat.

Lines read from a flat screen come back with boxes in the photo; how it was laid flat goes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from evidence.models import Line
from evidence.ocr import _probe
from evidence.ocr.base import OcrText
from evidence.ocr.prepare import Picture

if TYPE_CHECKING:
    from evidence.ocr.rectify import Rectified

LONGEST = 4096  # pixels of the longer side of the picture in which a screen is looked for
GLANCE = 400  # rows in the middle that are looked at before the whole picture is


class Sheet(Protocol):
    """Pixels to read, in bands."""

    width: int
    height: int

    def band(self, top: int, bottom: int) -> Image.Image:
        """Rows ``top`` up to ``bottom`` as an RGB picture."""
        ...


class FlatScreen:
    """A screen laid flat, to be read in place of its photo."""

    def __init__(self, found: Rectified, factor: int) -> None:
        self.height, self.width = found.pixels.shape[:2]
        self.score, self.why = found.score, found.why
        # the photo may have been looked at in a smaller size
        self.matrix = np.diag([factor, factor, 1.0]) @ found.matrix
        self._image = Image.fromarray(found.pixels)

    def band(self, top: int, bottom: int) -> Image.Image:
        """Rows ``top`` up to ``bottom`` as an RGB picture."""
        return self._image.crop((0, top, self.width, bottom))


def screen_in(picture: Picture) -> FlatScreen | None:
    """The screen laid flat when ``picture`` is surely a photo of one."""
    long, short = max(picture.width, picture.height), min(picture.width, picture.height)
    if long > 3 * short or _probe.rectify_version() is None:
        return None
    from evidence.ocr import rectify

    middle = picture.height // 2
    glance = np.asarray(picture.band(max(0, middle - GLANCE // 2), min(picture.height, middle + GLANCE // 2)))
    if rectify.flatness(glance) > rectify.SURELY_DRAWN:
        return None
    image, factor = picture.reduced(LONGEST)
    found = rectify.rectify(np.asarray(image))
    return FlatScreen(found, factor) if found is not None else None


def result(lines: Sequence[Line], picture: Picture, screen: FlatScreen | None) -> OcrText:
    """What was read from ``picture``, or from the screen in it: boxes in the picture, and how it was laid flat.

    ``rectified`` holds ``matrix`` (3 x 3: points of the flat picture to points of the picture), ``size`` (width and
    height of the flat picture), ``score``, ``why`` and ``boxes`` (of the lines in the flat picture, in their order:
    a box around a leaning line is higher than the line).
    """
    if screen is None:
        return OcrText(tuple(lines), picture.width, picture.height)
    from evidence.ocr.rectify import to_original

    told: dict[str, Any] = {
        "matrix": [[float(value) for value in row] for row in screen.matrix],
        "size": [screen.width, screen.height],
        "score": screen.score,
        "why": screen.why,
        "boxes": [[round(value, 2) for value in line.box] for line in lines if line.box],
    }
    moved = []
    for line in lines:
        if line.box is not None:
            x0, y0, x1, y1 = (round(value, 2) for value in to_original(line.box, screen.matrix))
            box = (max(0.0, x0), max(0.0, y0), min(float(picture.width), x1), min(float(picture.height), y1))
            line = replace(line, box=box)
        moved.append(line)
    return OcrText(tuple(moved), picture.width, picture.height, rectified=told)
