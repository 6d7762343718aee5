"""Papers: the letter that came by MMS, and photographs of sheets that lay on a table or hung on a door."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from complaints.demo.drawing import Colour, font, middle
from complaints.demo.story import Paper

_RED: Colour = (196, 42, 46)
_SURFACES: dict[str, tuple[Colour, Colour]] = {
    "table": ((150, 108, 74), (128, 90, 60)),
    "door": ((78, 90, 98), (62, 72, 80)),
}


def sheet(paper: Paper, size: tuple[int, int], text: int) -> Image.Image:
    """The page itself, flat: heading, lines, and a round red stamp over the last ones."""
    width = size[0]
    image = Image.new("RGB", size, (252, 251, 247))
    draw = ImageDraw.Draw(image)
    middle(draw, width // 2, int(text * 3.4), paper.heading, int(text * 1.7), _RED if paper.stamp else (20, 20, 20))
    if paper.stamp:
        draw.line((text * 2, text * 5, width - text * 2, text * 5), fill=_RED, width=max(2, text // 12))
    y = text * 7
    for line in paper.lines:
        signed = paper.stamp and line in paper.lines[-2:]
        x, anchor = (width - text * 3, "rm") if signed else (int(text * 2.6), "lm")
        draw.text((x, y), line, font=font(text), fill=(34, 34, 36), anchor=anchor)
        y += int(text * 1.95)
    if paper.stamp:
        _stamp(image, (width - text * 7, y - text * 2), int(text * 3.5), paper.stamp)
    return image


def _stamp(image: Image.Image, centre: tuple[int, int], radius: int, words: str) -> None:
    """A round seal: ring, star, words along the upper arc; multiplied on, so that print shows through."""
    side = radius * 2
    seal = Image.new("RGB", (side, side), (255, 255, 255))
    draw = ImageDraw.Draw(seal)
    draw.ellipse((6, 6, side - 6, side - 6), outline=_RED, width=max(4, radius // 18))
    points = [
        (
            radius + radius * (0.32 if i % 2 == 0 else 0.13) * sin(i * pi / 5),
            radius - radius * (0.32 if i % 2 == 0 else 0.13) * cos(i * pi / 5),
        )
        for i in range(10)
    ]
    draw.polygon(points, fill=_RED)
    size = radius // 4
    for n, char in enumerate(words):
        turn = (n - (len(words) - 1) / 2) * min(0.52, 4.4 / len(words))
        tile = Image.new("RGB", (size * 2, size * 2), (255, 255, 255))
        middle(ImageDraw.Draw(tile), size, size, char, size, _RED)
        tile = tile.rotate(-turn * 180 / pi, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        x, y = radius + radius * 0.74 * sin(turn), radius - radius * 0.74 * cos(turn)
        box = (int(x - size), int(y - size), int(x + size), int(y + size))
        seal.paste(ImageChops.darker(seal.crop(box), tile), box[:2])
    corner = (centre[0] - radius, centre[1] - radius)
    below = image.crop((*corner, corner[0] + side, corner[1] + side))
    image.paste(ImageChops.multiply(below, seal), corner)


def photograph(paper: Paper, seed: int) -> Image.Image:
    """The sheet as a phone camera sees it: on a surface, a little askew, uneven light, a soft shadow."""
    rng = Random(f"{seed}{paper.file}")
    width, height = 1500, 2000
    light, dark = _SURFACES[paper.surface]
    image = Image.new("RGB", (width, height), light)
    draw = ImageDraw.Draw(image)
    for _ in range(140):
        x = rng.randrange(width)
        draw.line((x, 0, x + rng.randrange(-40, 40), height), fill=dark, width=rng.randrange(1, 4))
    flat = sheet(paper, (1160, 1500), 52 if paper.stamp else 86)
    corners = ((190, 240), (1330, 205), (1362, 1745), (150, 1780))
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    shadow = ImageChops.offset(mask, 14, 20).filter(ImageFilter.GaussianBlur(18))
    image.paste((30, 26, 24), (0, 0), shadow.point(lambda v: v * 0.55))
    warped = flat.transform(
        (width, height), Image.Transform.PERSPECTIVE, _coefficients(corners, flat.size), Image.Resampling.BICUBIC
    )
    image.paste(warped, (0, 0), mask)
    fall = Image.linear_gradient("L").resize((width, height)).point(lambda v: 255 - v * 0.22)
    return ImageChops.multiply(image, Image.merge("RGB", (fall, fall, fall.point(lambda v: v * 0.97))))


def _coefficients(corners: tuple[tuple[int, int], ...], size: tuple[int, int]) -> list[float]:
    """The eight numbers of the projective map from the photograph's corners back to the flat sheet."""
    import numpy as np

    targets = ((0, 0), (size[0], 0), size, (0, size[1]))
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return [round(float(n), 12) for n in np.linalg.solve(np.array(rows, float), np.array(right, float))]


def jpeg(image: Image.Image, quality: int = 86) -> bytes:
    """JPEG bytes without any metadata."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def save_photo(image: Image.Image, path: Path, at: datetime) -> None:
    """Write a JPEG or HEIC with the EXIF time and offset of an invented phone camera."""
    exif = Image.Exif()
    exif[271], exif[272] = "Demo", "Demo Phone 1"
    stamp = f"{at:%Y:%m:%d %H:%M:%S}"
    offset = f"{at:%z}"
    exif[306] = stamp
    details = exif.get_ifd(0x8769)
    details[36867] = details[36868] = stamp
    details[36880] = details[36881] = details[36882] = f"{offset[:3]}:{offset[3:]}"
    if path.suffix.upper() == ".HEIC":
        from pillow_heif import register_heif_opener

        register_heif_opener()
        image.save(path, "HEIF", quality=62, exif=exif.tobytes())
    else:
        image.save(path, "JPEG", quality=84, exif=exif)


def letter_picture(letter: Paper) -> bytes:
    """The drawn lawyer's letter of the MMS, as the sender photographed or scanned it."""
    return jpeg(sheet(letter, (1080, 1400), 42))


def snapshot() -> bytes:
    """A small picture of a river bank, for a private message."""
    image = Image.linear_gradient("L").resize((720, 540)).convert("RGB")
    sky = ImageChops.multiply(ImageChops.invert(image), Image.new("RGB", image.size, (255, 214, 190)))
    draw = ImageDraw.Draw(sky)
    draw.rectangle((0, 330, 720, 540), fill=(86, 122, 150))
    draw.ellipse((440, 210, 540, 310), fill=(255, 232, 170))
    draw.polygon([(0, 330), (130, 240), (260, 310), (390, 250), (470, 330)], fill=(64, 88, 84))
    return jpeg(sky, 80)
