"""Photos of a screen: find the screen's four corners and lay it flat, so that it is read like a screenshot.

A screenshot must never be touched. So a picture is laid flat only when everything speaks for a photo: grain of a
camera everywhere, four straight sides of a screen's shape with an edge along all of each, and no even frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.ocr import quads

Box = tuple[float, float, float, float]
Matrix = NDArray[np.float64]

FLAT = 0.45  # part of equal neighbours above which a picture was drawn, not photographed
SURELY_DRAWN = 0.65  # the same for a part of a picture
ENOUGH = 0.5  # least score
UPRIGHT = 0.25  # degrees: a shape that leans less is part of a drawn screen, or needs no laying flat
TURN = 25.0  # degrees that a screen may lean; beyond that it is not known which way is up
SKEW = 25.0  # degrees that a corner may differ from a right angle
LONG = (1.55, 2.7)  # longer side by shorter side of the screens of phones and computers
BEYOND = 0.06  # part of the picture's longer side by which a corner may lie outside it
NARROW = 1080  # a screen that is smaller in the photo is enlarged to this width, at most twice
EVEN = 0.7  # part of equal neighbours above which an edge of the picture was filled, not photographed
MOSTLY = 0.6  # part of the picture that the screen must cover when the edges were filled
LARGEST = 4096  # pixels of the longer side of the result
NESTED = 0.25  # a screen inside the phone's body is at most this part of the width smaller on each side


@dataclass(frozen=True, slots=True, eq=False)
class Rectified:
    """A screen laid flat. ``matrix`` takes points of ``pixels`` (uint8 height x width x 3, RGB) to points of the photo.

    ``score`` (0 to 1) says how sure it is that this is a photo of a screen, ``why`` from what that was gathered.
    """

    pixels: NDArray[np.uint8]
    matrix: Matrix
    score: float
    why: str


def rectify(pixels: NDArray[np.uint8]) -> Rectified | None:
    """The screen in a photo of a screen, laid flat; None for every other picture (uint8 height x width x 3, RGB)."""
    tall, wide = pixels.shape[:2]
    if min(tall, wide) < 200 or max(tall, wide) > 3 * min(tall, wide):
        return None
    flat = flatness(pixels)
    if flat > FLAT:
        return None
    found = [quad for quad in quads.quads(pixels) if _is_screen(quad, wide, tall)]
    if not found:
        return None
    quad = _innermost(found)
    score, why = _judged(quad, flat, wide * tall)
    if score < ENOUGH or not _rim_of_a_photo(pixels, quad):
        return None
    size = _size(quad)
    matrix = _matrix(quad, size)
    return Rectified(laid_flat(pixels, matrix, size), matrix, round(score, 4), why)


def laid_flat(pixels: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The pixels that ``matrix`` takes to ``pixels``, as a picture of ``size`` (width, height)."""
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    done = cv2.warpPerspective(pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(done, dtype=np.uint8)


def to_original(box: Box, matrix: Matrix) -> Box:
    """The upright box in the photo around a box of the flat picture."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1, 1, 1, 1]], dtype=np.float64)
    x, y, w = np.asarray(matrix, dtype=np.float64) @ corners
    x, y = x / w, y / w
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def flatness(pixels: NDArray[np.uint8]) -> float:
    """The part of places whose right and lower neighbours have exactly their colour; clipped light and dark left out.

    Drawn screens have more than half of them even after JPEG, cameras few: their grain is everywhere.
    """
    step = max(1, pixels.shape[0] // 500)
    rows = np.arange(0, pixels.shape[0] - 1, step)
    here, below = pixels[rows, :, 1].astype(np.int16), pixels[rows + 1, :, 1].astype(np.int16)
    counted = (here[:, :-1] > 6) & (here[:, :-1] < 250)
    if counted.mean() < 0.05:
        return 1.0
    same = (here[:, :-1] == here[:, 1:]) & (here[:, :-1] == below[:, :-1])
    return float(same[counted].mean())


def _is_screen(quad: quads.Quad, wide: int, tall: int) -> bool:
    """Whether the shape could be a screen: its angles, its proportions, all of it in the picture and none cut off."""
    slack = BEYOND * max(wide, tall)
    x, y = quad.corners[:, 0], quad.corners[:, 1]
    if x.min() < -slack or y.min() < -slack or x.max() > wide + slack or y.max() > tall + slack:
        return False
    if quad.area < quads.LEAST_AREA * wide * tall or quad.support < 0.6 or quad.cut_short:
        return False
    return UPRIGHT <= _lean(quad) <= TURN and _skew(quad) <= SKEW


def _rim_of_a_photo(pixels: NDArray[np.uint8], quad: quads.Quad) -> bool:
    """Whether the picture's four edges show what lay around the screen: grain, or (an edited photo) one even colour.

    The bars of a chat or of a picture viewer are even as well, but a picture shown between them covers less.
    """
    tall, wide = pixels.shape[:2]
    deep = max(3, min(tall, wide) // 60)
    strips = [pixels[:deep], pixels[-deep:], pixels[:, :deep], pixels[:, -deep:]]
    even = [strip for strip in strips if _evenness(strip) > EVEN]
    if len(even) < 2:
        return True
    colours = np.array([np.median(strip.reshape(-1, 3), axis=0) for strip in even])
    alike = float(np.abs(colours - colours[0]).max()) <= 6
    return len(even) == 4 and alike and quad.area >= MOSTLY * wide * tall


def _evenness(strip: NDArray[np.uint8]) -> float:
    green = strip[:, :, 1].astype(np.int16)
    same = (green[:-1, :-1] == green[:-1, 1:]) & (green[:-1, :-1] == green[1:, :-1])
    return float(same.mean())


def _lean(quad: quads.Quad) -> float:
    """The largest angle in degrees between a side and the picture's edge it should be parallel to."""
    angles = []
    for at, side in enumerate(quad.sides):
        x, y = side.direction
        angles.append(abs(math.degrees(math.atan2(y, x) if at % 2 == 0 else math.atan2(x, y))))
    return max(min(angle, 180 - angle) for angle in angles)


def _skew(quad: quads.Quad) -> float:
    """The largest difference of a corner from a right angle, in degrees."""
    worst = 0.0
    for at in range(4):
        a, b = np.array(quad.sides[at - 1].direction), np.array(quad.sides[at].direction)
        worst = max(worst, abs(90 - math.degrees(math.acos(float(np.clip(a @ b, -1, 1))))))
    return worst


def _innermost(found: list[quads.Quad]) -> quads.Quad:
    """The screen, not the body of the phone around it: the smallest shape that lies inside the largest on all sides."""
    chosen = max(found, key=lambda quad: quad.area)
    for quad in sorted(found, key=lambda quad: -quad.area):
        gaps = _gaps(chosen, quad)
        width = float(np.linalg.norm(chosen.corners[1] - chosen.corners[0]))
        if min(gaps) > 0.004 * width and max(gaps) < NESTED * width:
            chosen = quad
    same = [quad for quad in found if np.abs(quad.corners - chosen.corners).max() < 0.01 * math.sqrt(chosen.area)]
    return max(same, key=lambda quad: (quad.support, sum(side.support for side in quad.sides)))


def _gaps(outer: quads.Quad, inner: quads.Quad) -> list[float]:
    """How far inside each side of ``outer`` the same side of ``inner`` lies, in pixels; negative when outside."""
    gaps = []
    for at, side in enumerate(outer.sides):
        direction = np.array(side.direction)
        inward = np.array([-direction[1], direction[0]])  # corners run clockwise on the screen
        for corner in (inner.corners[at], inner.corners[(at + 1) % 4]):
            gaps.append(float((corner - np.array(side.point)) @ inward))
    return gaps


def _judged(quad: quads.Quad, flat: float, whole: int) -> tuple[float, str]:
    top, right, bottom, left = (float(np.linalg.norm(quad.corners[(at + 1) % 4] - quad.corners[at])) for at in range(4))
    width, height = (top + bottom) / 2, (left + right) / 2
    proportion = max(width, height) / min(width, height)
    shape = 1.0 if LONG[0] <= proportion <= LONG[1] else 0.4
    grain = min(1.0, max(0.0, (FLAT - flat) / (FLAT / 2)))
    straight = min(1.0, quad.support / 0.85)
    contrast = min(1.0, min(side.contrast for side in quad.sides) / 16)
    why = (
        f"sides {quad.support:.2f}, contrast {min(side.contrast for side in quad.sides):.0f}, equal neighbours "
        f"{flat:.2f}, proportion {proportion:.2f}, lean {_lean(quad):.1f}, area {quad.area / whole:.2f}"
    )
    return straight * contrast * shape * grain, why


def _size(quad: quads.Quad) -> tuple[int, int]:
    """Width and height of the flat picture: the longer ones of the sides, small screens enlarged."""
    top, right, bottom, left = (float(np.linalg.norm(quad.corners[(at + 1) % 4] - quad.corners[at])) for at in range(4))
    width, height = max(top, bottom), max(left, right)
    factor = min(2.0, max(1.0, NARROW / min(width, height)))
    factor = min(factor, LARGEST / max(width, height))
    return round(width * factor), round(height * factor)


def _matrix(quad: quads.Quad, size: tuple[int, int]) -> Matrix:
    width, height = size
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(flat, quad.corners.astype(np.float32))
    return np.asarray(matrix / matrix[2, 2], dtype=np.float64)
