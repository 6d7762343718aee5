"""A picture's bytes and its lines to its layout, beside the OCR that read it (on whatever machine that ran)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evidence.models import Line
from evidence.screenchat.model import Screen

if TYPE_CHECKING:
    from evidence.ocr.base import OcrText

MOST_PIXELS = 60_000_000
"""No screenshot has more; a larger picture is read, but not divided."""


def screen_of(data: bytes, text: OcrText) -> Screen:
    """The layout of the picture ``data``, whose OCR lines are ``text``; boxes are in the picture as a person sees it.

    The screen in a photo is divided as it was laid flat for reading, and every item of it is marked ``photo``.
    """
    import numpy as np

    from evidence.ocr.prepare import open_picture
    from evidence.screenchat.layout import read_layout

    blank = Screen("other", text.width, text.height, unused=tuple(range(len(text.lines))))
    if text.width * text.height > MOST_PIXELS or not text.lines:
        return blank
    picture = open_picture(data)
    pixels = np.asarray(picture.band(0, picture.height))
    if text.rectified is None:
        return read_layout(pixels, text.lines)
    from evidence.ocr.rectify import laid_flat, to_original

    matrix = np.asarray(text.rectified["matrix"], dtype=float).reshape(3, 3)
    wide, tall = text.rectified["size"]
    flat = read_layout(laid_flat(pixels, matrix, (wide, tall)), _moved(text.lines, text.rectified["boxes"]))
    items = tuple(
        replace(item, box=to_original(item.box, matrix), doubts=(*item.doubts, "photo")) for item in flat.items
    )
    return replace(flat, width=text.width, height=text.height, items=items, doubts=(*flat.doubts, "photo"))


def _moved(lines: Sequence[Line], boxes: Sequence[Sequence[float]]) -> tuple[Line, ...]:
    """The lines with their boxes in the flat picture."""
    return tuple(replace(line, box=(box[0], box[1], box[2], box[3])) for line, box in zip(lines, boxes, strict=True))
