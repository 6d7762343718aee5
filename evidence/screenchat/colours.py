"""The pixels of a screenshot, made small enough to ask about: page colour, the ground under a line, ink beside it.

All questions are put to a :class:`Canvas`, a copy about 540 pixels wide. Averaging takes away JPEG noise and most of
the moire of a photographed screen, and a 1080 x 40,000 picture becomes 30 MB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.screenchat.model import Box

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

WIDE = 540  # width that a canvas comes near to
_WOVEN = 2.5  # grey levels between neighbours on an empty page; screenshots have next to none
_TALLEST = 8000  # rows of a canvas that may be a photo
_BAND = 2048  # rows handled at a time, so that memory stays small
_EDGE = 0.01  # share of the width at either side that shows nothing but page and bars
SAME = 5  # two flat colours that differ by no more in any channel are one colour


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A small copy of the picture; one of its pixels stands for ``factor`` x ``factor``.

    ``left`` and ``right`` hold the colour of each row at the outer edges, ``page`` the colour that the rows of the
    conversation have there and ``plain`` (0 to 1) how many of them have it: little under a photo as wallpaper.
    ``noise`` is how far the page strays from its colour: JPEG, or a pattern printed on it. ``woven`` tells of
    moire or sensor noise, which were smoothed away: it is the photo of a screen.
    """

    small: Pixels
    factor: int
    left: Pixels
    right: Pixels
    page: Colour
    plain: float
    noise: float
    woven: bool = False

    @property
    def width(self) -> int:
        """Width of the small copy."""
        return int(self.small.shape[1])

    @property
    def height(self) -> int:
        """Height of the small copy."""
        return int(self.small.shape[0])

    @property
    def wallpaper(self) -> bool:
        """Whether the page has no colour that one could go by."""
        return self.plain < 0.4

    def page_at(self, y: float) -> Colour:
        """The page's colour near row ``y``: photos of screens are lighter at one end than at the other."""
        row = min(max(int(y), 0), self.height - 1)
        reach = max(4, self.width // 24)
        low, high = max(0, row - reach), min(self.height, row + reach + 1)
        seen = np.concatenate((self.left[low:high], self.right[low:high]))
        local = _colour(np.median(seen, axis=0))
        return local if apart(local, self.page) <= 40 and not self.wallpaper else self.page


def canvas_of(pixels: Pixels) -> Canvas:
    """The canvas of an upright RGB picture."""
    height, width = pixels.shape[:2]
    factor = max(1, round(width / WIDE)) if height > 0 and width > 0 else 1
    factor = max(1, min(factor, height, width))
    small = _smaller(pixels, factor)
    edge = max(1, round(small.shape[1] * _EDGE))
    woven = small.shape[0] <= _TALLEST and _weave(small) > _WOVEN
    start = 0
    if woven:
        small = _blurred(small, max(3, small.shape[1] // 60) | 1)
        start, edge = edge, 2 * edge  # the rim of a screen that was laid flat is not clean
    left = np.median(small[:, start : start + edge], axis=1).astype(np.uint8)
    right = np.median(small[:, small.shape[1] - start - edge : small.shape[1] - start], axis=1).astype(np.uint8)
    page, plain = _page(left, right)
    if woven and plain < 0.5:  # light falls off over a photo; each row is then measured by its own edges
        plain = 0.5 if _steady(left, right) else plain
    return Canvas(small, factor, left, right, page, plain, _noise(small, edge, page), woven)


def _weave(small: Pixels) -> float:
    """How much pixels differ from their near neighbours at the edges, where only page is: moire, sensor noise."""
    wide = max(4, small.shape[1] // 25)
    found = []
    for strip in (small[:, 2:wide], small[:, -wide:-2]):
        grey = strip.astype(np.int16).sum(axis=-1) // 3
        if grey.shape[0] > 8 and grey.shape[1] > 1:
            found.append(float(np.abs(grey[4:] - grey[:-4]).mean()))
            found.append(float(np.abs(grey[:, 1:] - grey[:, :-1]).mean()))
    return float(np.median(found)) if found else 0.0


def _blurred(small: Pixels, size: int) -> Pixels:
    """The mean of ``size`` x ``size`` pixels around each one."""
    total: NDArray[np.float64] = small.astype(np.float64)
    half = size // 2
    for axis in (0, 1):
        pad = [(half + 1, half) if axis == at else (0, 0) for at in range(3)]
        sums = np.cumsum(np.pad(total, pad, mode="edge"), axis=axis, dtype=np.float64)
        upper, lower = (slice(size, None), slice(None, -size))
        whole = slice(None)
        total = ((sums[upper] - sums[lower]) if axis == 0 else (sums[whole, upper] - sums[whole, lower])) / size
    return np.clip(np.rint(total), 0, 255).astype(np.uint8)


def _steady(left: Pixels, right: Pixels) -> bool:
    """Whether the edges change slowly from row to row, as light does and a wallpaper's motif does not."""
    step = 8
    changes = [np.abs(side[step:].astype(np.int16) - side[:-step]).max(axis=-1) for side in (left, right)]
    return all(len(change) > 0 and float(np.quantile(change, 0.8)) <= 12 for change in changes)


def _noise(small: Pixels, edge: int, page: Colour) -> float:
    """Distance from the page's colour that nine tenths of the nearly page-coloured pixels at the edges keep."""
    cut = small.shape[0] // 12
    sides = np.concatenate(
        (small[cut : len(small) - cut, : 2 * edge], small[cut : len(small) - cut, -2 * edge :]), axis=1
    )
    far = distance(sides, page).ravel()
    far = far[far <= 32]
    return float(np.quantile(far, 0.95)) if len(far) else 0.0


def _smaller(pixels: Pixels, factor: int) -> Pixels:
    if factor == 1:
        return np.ascontiguousarray(pixels[:, :, :3])
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    small = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        part = pixels[top * factor : (top + rows) * factor, : width * factor, :3]
        # 16 x 16 pixels of 255 still fit into 16 bits, which are quicker to add
        total = np.zeros((rows, width, 3), np.uint16 if factor <= 15 else np.uint32)
        for dy in range(factor):
            for dx in range(factor):
                total += part[dy::factor, dx::factor]
        total += factor * factor // 2
        small[top : top + rows] = total // (factor * factor)
    return small


def _page(left: Pixels, right: Pixels) -> tuple[Colour, float]:
    """The commonest colour at the edges of the middle nine tenths, and its share."""
    height = len(left)
    cut = height // 20
    rows = np.concatenate((left[cut : height - cut], right[cut : height - cut]))
    if not len(rows):
        return (255, 255, 255), 0.0
    colour, share = commonest(rows, 8)
    return colour, share


def commonest(pixels: Pixels, tolerance: int = 10) -> tuple[Colour, float]:
    """The commonest colour of an array of pixels, and the share of pixels within ``tolerance`` of it."""
    flat = pixels.reshape(-1, 3)
    if not len(flat):
        return (255, 255, 255), 0.0
    coarse = flat.astype(np.int32) >> 3
    codes = (coarse[:, 0] << 10) | (coarse[:, 1] << 5) | coarse[:, 2]
    top = int(np.bincount(codes).argmax())
    centre = np.array([(top >> 10) * 8 + 4, ((top >> 5) & 31) * 8 + 4, (top & 31) * 8 + 4], np.int16)
    near = flat[(np.abs(flat.astype(np.int16) - centre) <= 10).all(axis=1)]
    colour = _colour(np.median(near, axis=0))
    return colour, float(is_near(flat, colour, tolerance).mean())


def is_near(pixels: Pixels, colour: Colour, tolerance: float) -> NDArray[np.bool_]:
    """Which pixels differ from ``colour`` by at most ``tolerance`` in every channel."""
    return np.asarray(distance(pixels, colour) <= tolerance)


def distance(pixels: Pixels, colour: Colour) -> NDArray[np.int16]:
    """Largest difference in any channel, for each pixel."""
    far = np.abs(pixels[..., 0].astype(np.int16) - colour[0])
    for channel in (1, 2):  # numpy is slow at taking the largest of an axis as short as this one
        np.maximum(far, np.abs(pixels[..., channel].astype(np.int16) - colour[channel]), out=far)
    return far


def apart(one: Colour, other: Colour) -> int:
    """Largest difference of two colours in any channel."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def ground(canvas: Canvas, box: Box) -> tuple[Colour, float]:
    """The colour that the letters in ``box`` (canvas pixels) stand on, and its share of the box."""
    return commonest(patch(canvas, box), 16)


def ink(canvas: Canvas, box: Box, under: Colour) -> Colour:
    """The colour of the letters in ``box``: the median of the tenth of its pixels that differ most from the ground."""
    flat = patch(canvas, box).reshape(-1, 3)
    if not len(flat):
        return under
    far = distance(flat, under)
    return _colour(np.median(flat[far >= np.quantile(far, 0.9)], axis=0))


def patch(canvas: Canvas, box: Box) -> Pixels:
    """The pixels of ``box`` (canvas pixels), cut to the canvas; at least one where the box touches it."""
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(canvas.width, max(x0 + 1, round(box[2]))), min(canvas.height, max(y0 + 1, round(box[3])))
    return canvas.small[y0:y1, x0:x1]


def hue(colour: Colour) -> float:
    """Hue in degrees, 0 to 360: red 0, yellow 60, green 120, blue 240."""
    red, green, blue = colour
    high, low = max(colour), min(colour)
    if high == low:
        return 0.0
    span = high - low
    if high == red:
        return (60 * (green - blue) / span) % 360
    return 60 * (blue - red) / span + 120 if high == green else 60 * (red - green) / span + 240


def vividness(colour: Colour) -> int:
    """How far a colour is from grey: largest channel less smallest."""
    return max(colour) - min(colour)


def lightness(colour: Colour) -> float:
    """Perceived lightness, 0 to 255."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def as_hex(colour: Colour) -> str:
    """``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _colour(values: NDArray[np.float64]) -> Colour:
    return int(values[0]), int(values[1]), int(values[2])
