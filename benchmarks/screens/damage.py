"""What happens to screenshots on their way: JPEG, smaller sizes, wallpapers, photos of a screen.

Each damage takes a picture and a source of chance and gives the new picture with the 3x3 matrix that maps old pixels to
new ones.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.screens.truth import Box

Matrix = NDArray[np.float64]
Damage = Callable[[Image.Image, random.Random], tuple[Image.Image, Matrix]]
SAME: Matrix = np.eye(3)


def jpeg(quality: int) -> Damage:
    """Saved as JPEG."""

    def run(image: Image.Image, _chance: random.Random) -> tuple[Image.Image, Matrix]:
        return _jpeg(image, quality), SAME

    return run


def smaller(part: float, quality: int | None = None) -> Damage:
    """Scaled down, then maybe saved as JPEG."""

    def run(image: Image.Image, _chance: random.Random) -> tuple[Image.Image, Matrix]:
        size = (round(image.width * part), round(image.height * part))
        small = image.resize(size, Image.Resampling.BICUBIC)
        matrix = np.diag([size[0] / image.width, size[1] / image.height, 1.0])
        return (_jpeg(small, quality) if quality else small), matrix

    return run


def blur(radius: float) -> Damage:
    """Out of focus; the radius is for a picture 1080 wide."""

    def run(image: Image.Image, _chance: random.Random) -> tuple[Image.Image, Matrix]:
        return image.filter(ImageFilter.GaussianBlur(radius * image.width / 1080)), SAME

    return run


def photo(hard: bool) -> Damage:
    """A photo of a screen lying on a table: perspective, moire, shade, noise, JPEG; hard: stronger, half as sharp."""

    def run(image: Image.Image, chance: random.Random) -> tuple[Image.Image, Matrix]:
        wide, tall = image.size
        scale = (0.62 if hard else 1.0) * min(1.0, 1080 / wide)
        tilt = 0.08 if hard else 0.03
        edge = 0.12 * wide * scale
        size = (round(wide * scale + 2 * edge), round(tall * scale + 2 * edge))
        corners = [(0.0, 0.0), (wide, 0.0), (wide, tall), (0.0, tall)]
        turned = chance.uniform(-1, 1) * (0.05 if hard else 0.02)
        target = []
        for x, y in corners:
            u, v = x * scale + edge, y * scale + edge
            u += chance.uniform(-0.5, 0.5) * tilt * wide * scale - turned * (v - size[1] / 2)
            v += chance.uniform(-0.5, 0.5) * tilt * wide * scale + turned * (u - size[0] / 2)
            target.append((u, v))
        matrix = solve(corners, target)
        back = np.linalg.inv(matrix)
        back /= back[2, 2]
        table = _table(size, chance)
        values = tuple(float(v) for v in back.flatten()[:8])
        rim = Image.new("L", image.size, 255)
        screen = image.transform(size, Image.Transform.PERSPECTIVE, values, Image.Resampling.BICUBIC)
        mask = rim.transform(size, Image.Transform.PERSPECTIVE, values, Image.Resampling.BILINEAR)
        body = _grown(mask, round(0.02 * wide))
        table.paste((16, 16, 18), (0, 0), body)
        table.paste(screen, (0, 0), mask)
        return _jpeg(_light(table, chance, hard), 70 if hard else 85), matrix

    return run


def solve(source: list[tuple[float, float]], target: list[tuple[float, float]]) -> Matrix:
    """The homography that maps four points to four points."""
    rows: list[list[float]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    found = np.linalg.solve(np.array(rows), np.array(values))
    return np.append(found, 1.0).reshape(3, 3)


def moved(box: Box, matrix: Matrix) -> Box:
    """The upright box around a box after the damage."""
    x0, y0, x1, y1 = box
    points = [point((x, y), matrix) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    return (
        min(p[0] for p in points),
        min(p[1] for p in points),
        max(p[0] for p in points),
        max(p[1] for p in points),
    )


def point(place: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    """One point after the damage."""
    x, y, w = matrix @ np.array([place[0], place[1], 1.0])
    return float(x / w), float(y / w)


def wallpaper(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A chat background: a soft landscape, here and there with hard edges."""
    maker = np.random.default_rng(chance.randrange(1 << 32))
    base = maker.integers(40, 215, size=(1, 1, 3))
    values = np.clip(base + maker.integers(-40, 41, size=(9, 5, 3)), 0, 255).astype(np.uint8)
    image = Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _hill in range(chance.randint(0, 4)):
        y = chance.uniform(0.3, 1.0) * size[1]
        shade = tuple(int(v) for v in maker.integers(30, 225, size=3))
        x = chance.uniform(-0.2, 1.0) * size[0]
        r = chance.uniform(0.2, 0.9) * size[0]
        pen.ellipse((x - r, y, x + r, y + 2 * r), fill=shade)
    return image


def doodles(size: tuple[int, int], ground: str, ink: str, chance: random.Random, unit: float) -> Image.Image:
    """The pale line pattern that WhatsApp has behind its chats."""
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    step = 34 * unit
    for row in range(int(size[1] / step) + 1):
        for column in range(int(size[0] / step) + 1):
            x, y = (column + chance.random() * 0.5) * step, (row + chance.random() * 0.5) * step
            r = (5 + 8 * chance.random()) * unit
            box = (x, y, x + r, y + r)
            wide = max(1, round(unit))
            shape = chance.randrange(4)
            if shape == 0:
                pen.ellipse(box, outline=ink, width=wide)
            elif shape == 1:
                pen.rectangle(box, outline=ink, width=wide)
            elif shape == 2:
                pen.arc(box, 0, chance.randint(120, 300), fill=ink, width=wide)
            else:
                pen.line((x, y, x + r, y + r / 2), fill=ink, width=wide)
    return image


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality)
    done = Image.open(io.BytesIO(kept.getvalue()))
    done.load()
    return done.convert("RGB")


def _grown(mask: Image.Image, by: int) -> Image.Image:
    small = mask.resize((mask.width // 4, mask.height // 4))
    grown = small.filter(ImageFilter.MaxFilter(max(3, by // 4 * 2 + 1)))
    return grown.resize(mask.size).point(lambda v: 255 if v > 100 else 0)


def _table(size: tuple[int, int], chance: random.Random) -> Image.Image:
    base = chance.choice(((139, 110, 82), (96, 98, 102), (190, 182, 170), (60, 48, 40)))
    maker = np.random.default_rng(chance.randrange(1 << 32))
    grain = maker.normal(0, 6, size=(size[1], 1)).cumsum(axis=0)
    grain = 10 * np.sin(grain / 12)
    rows: NDArray[Any] = np.clip(np.array(base)[None, None, :] + grain[:, :, None], 0, 255)
    return Image.fromarray(np.broadcast_to(rows, (size[1], size[0], 3)).astype(np.uint8))


def _light(image: Image.Image, chance: random.Random, hard: bool) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    tall, wide = pixels.shape[:2]
    y = np.arange(tall, dtype=np.float32)[:, None]
    x = np.arange(wide, dtype=np.float32)[None, :]
    strength = 0.09 if hard else 0.04
    period = chance.uniform(5, 9)
    lean = chance.uniform(-0.3, 0.3)
    waves = 1 + strength * np.sin(2 * np.pi * (x + lean * y + 6 * np.sin(y / 170)) / period)
    waves *= 1 + strength * 0.7 * np.sin(2 * np.pi * (y - lean * x + 5 * np.sin(x / 130)) / (period * 1.7))
    shade = 1 - (0.35 if hard else 0.2) * ((x / wide - chance.random()) ** 2 + (y / tall - chance.random()) ** 2)
    maker = np.random.default_rng(chance.randrange(1 << 32))
    noise = maker.normal(0, 6 if hard else 3, size=(tall, wide, 1)).astype(np.float32)
    tint = np.array([1.02, 1.0, 0.95], dtype=np.float32)
    out = np.clip(pixels * (waves * shade)[:, :, None] * tint + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(out).filter(ImageFilter.GaussianBlur(0.9 if hard else 0.5))
