"""Four-sided shapes in a photo: candidates from masks, their sides drawn along the real edges, and how sure they are.

Everything is fixed arithmetic (no sampling by chance), so that the same pixels always give the same corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

ROUGH = 800  # longest side of the picture in which shapes are looked for
FINE = 1600  # and of that in which their sides are measured
LEAST_AREA = 0.2  # part of the picture that a screen must cover to be read from it
SAMPLES = 72  # places along a side where its edge is measured
SEEN = 0.6  # part of each side that must lie in the picture
FRAME = 0.05  # part of the width that the dark frame of a phone takes on each side
DARK = 80  # grey below which it is a dark frame
STEP = 8.0  # grey levels across an edge below which there is none
NEAR = 2.0  # pixels of the fine picture that a straight side may be off


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a point and a direction of its line.

    ``support`` is the part of it (in the picture) where an edge lies on that line, ``contrast`` the usual step across
    it, ``runs_on`` the part with an edge just beyond its start and its end.
    """

    point: tuple[float, float]
    direction: tuple[float, float]
    support: float
    contrast: float
    runs_on: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quad:
    """Corners (top left, top right, bottom right, bottom left) and the sides top, right, bottom, left."""

    corners: Floats
    sides: tuple[Side, ...]

    @property
    def area(self) -> float:
        """In pixels."""
        return float(cv2.contourArea(self.corners.astype(np.float32)))

    @property
    def support(self) -> float:
        """That of the weakest side."""
        return min(side.support for side in self.sides)

    @property
    def cut_short(self) -> bool:
        """Whether two facing sides go on beyond another one: then this is only a part of the real shape."""
        for at in range(4):
            before, after = self.sides[at - 1], self.sides[(at + 1) % 4]
            if min(before.runs_on[1], after.runs_on[0]) > 0.6:
                return True
        return False


def resized(pixels: Pixels, longest: int) -> tuple[Pixels, float]:
    """The picture with its longest side at most ``longest``, and the factor by which it was shrunk."""
    factor = min(1.0, longest / max(pixels.shape[:2]))
    if factor == 1.0:
        return pixels, 1.0
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def quads(pixels: Pixels) -> list[Quad]:
    """All shapes with four straight sides, in pixels of ``pixels``; the same shape may come more than once."""
    rough, small = resized(pixels, ROUGH)
    fine, factor = resized(pixels, FINE)
    fine = np.asarray(cv2.GaussianBlur(fine, (0, 0), 1.2), dtype=np.uint8)
    found: list[Quad] = []
    seen: list[Floats] = []
    for corners in _candidates(np.asarray(cv2.medianBlur(rough, 5), dtype=np.uint8)):
        place = corners * (factor / small)
        if any(np.abs(place - other).max() < 6 for other in seen):
            continue
        seen.append(place)
        quad = _measured(fine, place)
        if quad is not None:
            sides = tuple(
                Side((s.point[0] / factor, s.point[1] / factor), s.direction, s.support, s.contrast, s.runs_on)
                for s in quad.sides
            )
            found.append(Quad(quad.corners / factor, sides))
    return found


def _candidates(rough: Pixels) -> Iterator[Floats]:
    """Corners of four-sided outlines of many masks."""
    whole = rough.shape[0] * rough.shape[1]
    for mask in _masks(rough):
        contours, _tree = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            if LEAST_AREA * whole <= cv2.contourArea(contour) <= 0.99 * whole:
                corners = _four_corners(contour, (rough.shape[1], rough.shape[0]))
                if corners is not None:
                    yield corners


def _masks(rough: Pixels) -> Iterator[Any]:
    grey = cv2.cvtColor(rough, cv2.COLOR_RGB2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    cut, _mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for level in dict.fromkeys((round(cut), 30, 60, 90, 120, 150, 180, 210)):
        light = cv2.threshold(grey, level, 255, cv2.THRESH_BINARY)[1]
        yield cv2.morphologyEx(light, cv2.MORPH_CLOSE, kernel)
        yield cv2.morphologyEx(255 - light, cv2.MORPH_CLOSE, kernel)
    far = _unlike_the_rim(rough)
    for distance in (10, 18, 30, 45):
        yield cv2.morphologyEx((far > distance).astype(np.uint8) * 255, cv2.MORPH_CLOSE, kernel)
    edges = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 1.5), 20, 60)
    yield cv2.dilate(edges, np.ones((3, 3), np.uint8))


def _unlike_the_rim(rough: Pixels) -> Floats:
    """How far each pixel's colour is from the usual colours of the picture's four edges."""
    lab = cv2.cvtColor(rough, cv2.COLOR_RGB2LAB).astype(np.float64)
    deep = max(2, min(rough.shape[:2]) // 50)
    strips = (lab[:deep], lab[-deep:], lab[:, :deep], lab[:, -deep:])
    colours = [np.median(strip.reshape(-1, 3), axis=0) for strip in strips]
    return np.asarray(np.min([np.linalg.norm(lab - colour, axis=2) for colour in colours], axis=0))


def _four_corners(contour: Any, size: tuple[int, int]) -> Floats | None:
    """The four corners of an outline that has four, in the order of :class:`Quad`; they may lie beyond the picture."""
    hull = cv2.convexHull(contour)
    around = cv2.arcLength(hull, True)
    for part in (0.015, 0.025, 0.04, 0.06, 0.09):
        shape = cv2.approxPolyDP(hull, part * around, True).reshape(-1, 2).astype(np.float64)
        corners = shape if len(shape) == 4 else _without_the_rim(shape, size)
        if corners is not None:
            inside = cv2.contourArea(hull) / max(1.0, cv2.contourArea(corners.astype(np.float32)))
            return _in_order(corners) if 0.85 < inside < 1.12 else None
        if len(shape) <= 4:
            return None
    return None


def _without_the_rim(shape: Floats, size: tuple[int, int]) -> Floats | None:
    """The corners of a shape whose own corners the picture's edges cut off: where its four other sides meet."""
    limits = np.array(size, dtype=np.float64) - 1
    lines = []
    for start, end in zip(shape, np.roll(shape, -1, axis=0), strict=True):
        low = (start < 4) & (end < 4)
        high = (start > limits - 4) & (end > limits - 4)
        length = float(np.linalg.norm(end - start))
        if not (low | high).any() and length > 1:
            way = (end - start) / length
            lines.append(Side((start[0], start[1]), (way[0], way[1]), 0.0, 0.0, (0.0, 0.0)))
    if len(lines) != 4:
        return None
    met = [_meeting(lines[at - 1], lines[at]) for at in range(4)]
    known = [point for point in met if point is not None]
    return np.array(known) if len(known) == 4 else None


def _in_order(corners: Floats) -> Floats:
    """Clockwise on the screen, the corner nearest to the top left of them all first."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    corners = corners[np.argsort(angles, kind="stable")]
    return np.asarray(np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0))


def _measured(fine: Pixels, corners: Floats) -> Quad | None:
    """The quad with its sides laid along the strongest edges near them, twice: roughly, then closely."""
    for reach in (16, 6):
        sides = []
        for at in range(4):
            side = _side(fine, corners[at], corners[(at + 1) % 4], reach)
            if side is None:
                return None
            sides.append(side)
        if reach == 6:
            sides = [_inside_the_frame(fine, sides[at], corners, at) for at in range(4)]
        met = [_meeting(sides[at - 1], sides[at]) for at in range(4)]
        if any(point is None for point in met):
            return None
        corners = np.array(met, dtype=np.float64)
        if not cv2.isContourConvex(corners.astype(np.float32)):
            return None
    return Quad(corners, tuple(_with_ends(fine, sides[at], corners, at) for at in range(4)))


def _side(fine: Pixels, start: Floats, end: Floats, reach: int) -> Side | None:
    """The straight line along the strongest edge within ``reach`` pixels of the line from ``start`` to ``end``."""
    length = float(np.linalg.norm(end - start))
    if length < 40:
        return None
    direction = (end - start) / length
    normal = np.array([-direction[1], direction[0]])
    along = np.linspace(0.06, 0.94, SAMPLES) * length
    steps, inside = _steps(fine, start[None, :] + along[:, None] * direction, normal, reach)
    best = np.argmax(steps, axis=1)
    heights = steps[np.arange(SAMPLES), best]
    offsets = best - (steps.shape[1] - 1) / 2
    good = (heights >= STEP) & inside
    if good.sum() < SAMPLES // 3 or inside.mean() < SEEN:
        return None
    line = np.polyfit(along[good], offsets[good], 1)
    for limit in (reach / 2, 4.0, NEAR):
        near = good & (np.abs(offsets - np.polyval(line, along)) <= limit)
        if near.sum() < SAMPLES // 4:
            # the first line lay between two edges: start from the commoner one
            near = good & (np.abs(offsets - np.median(offsets[good])) <= limit)
            if near.sum() < SAMPLES // 4:
                return None
        line = np.polyfit(along[near], offsets[near], 1)
    on = good & (np.abs(offsets - np.polyval(line, along)) <= NEAR)
    point = start + normal * float(line[1])
    way = direction + normal * float(line[0])
    way /= np.linalg.norm(way)
    contrast = float(np.median(heights[on])) if on.any() else 0.0
    return Side(
        (float(point[0]), float(point[1])),
        (float(way[0]), float(way[1])),
        float(on[inside].mean()),
        contrast,
        (0.0, 0.0),
    )


def _inside_the_frame(fine: Pixels, side: Side, corners: Floats, at: int) -> Side:
    """The side moved from the outer edge of a phone's dark frame to its inner edge, where there are such."""
    start, end = corners[at], corners[(at + 1) % 4]
    width = float(np.linalg.norm(corners[1] - corners[0]))
    normal = np.array([-side.direction[1], side.direction[0]])  # inward: corners run clockwise
    best = side
    for depth in np.arange(5.0, FRAME * width, 5.0):
        if _strip(fine, start + normal * depth / 2, end + normal * depth / 2) > DARK:
            break
        inner = _side(fine, start + normal * depth, end + normal * depth, 5)
        if inner is not None and inner.support >= 0.85 and inner.contrast >= max(20.0, best.contrast / 3):
            beyond = (np.array(inner.point) - np.array(side.point)) @ normal
            if beyond > 4:
                best = inner
    return best


def _strip(fine: Pixels, start: Floats, end: Floats) -> float:
    """The usual grey along a line."""
    part = np.linspace(0.1, 0.9, SAMPLES)[:, None]
    places = (start + part * (end - start)).astype(np.float32)
    seen = cv2.remap(fine, places[:, :1], places[:, 1:], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return float(np.median(seen.mean(axis=2)))


def _steps(fine: Pixels, places: Floats, normal: Floats, reach: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The step in colour at each offset across each place, and which places lie inside the picture."""
    offsets = np.arange(-reach - 2, reach + 3, dtype=np.float64)
    x = places[:, 0, None] + offsets * normal[0]
    y = places[:, 1, None] + offsets * normal[1]
    seen = cv2.remap(
        fine, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float64)
    steps = np.linalg.norm(seen[:, 4:] - seen[:, :-4], axis=2) / np.sqrt(3)
    tall, wide = fine.shape[:2]
    inside = (places[:, 0] > 1) & (places[:, 0] < wide - 2) & (places[:, 1] > 1) & (places[:, 1] < tall - 2)
    return steps, inside


def _meeting(one: Side, other: Side) -> Floats | None:
    """Where two lines meet; None when they are nearly parallel."""
    matrix = np.array([one.direction, (-other.direction[0], -other.direction[1])]).T
    if abs(float(np.linalg.det(matrix))) < 0.3:
        return None
    t, _s = np.linalg.solve(matrix, np.array(other.point) - np.array(one.point))
    return np.array(one.point) + float(t) * np.array(one.direction)


def _with_ends(fine: Pixels, side: Side, corners: Floats, at: int) -> Side:
    """The side between its final corners, with how much of an edge there is beyond each."""
    start, end = corners[at], corners[(at + 1) % 4]
    length = float(np.linalg.norm(end - start))
    direction = np.array(side.direction)
    normal = np.array([-direction[1], direction[0]])
    beyond = []
    for corner, sign in ((start, -1.0), (end, 1.0)):
        distance = np.linspace(0.02, 0.07, 24) * length * sign
        steps, inside = _steps(fine, corner[None, :] + distance[:, None] * direction, normal, 2)
        strong = (steps.max(axis=1) >= max(STEP, side.contrast / 3)) & inside
        beyond.append(float(strong.mean()))
    return Side((float(start[0]), float(start[1])), side.direction, side.support, side.contrast, (beyond[0], beyond[1]))
