"""Pictures for printed forms: upright, no larger than needed, long ones in legible pieces, boxes outlined.

The same file gives the same bytes (JPEG without metadata, one Pillow version). Originals are only read.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from complaints.words import Reason

Box = tuple[float, float, float, float]
MAX_PIXELS = 89_000_000
_OVERLAP = 0.04  # a line of text cut at the end of one piece is whole at the start of the next
_SLACK = 1.12  # a picture this little too long is shrunk, not split
_OUTLINE = (190, 0, 0)
# What Pillow's readers raise on damaged files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
)


class PictureError(ValueError):
    """The picture cannot be printed; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Prepared:
    """One JPEG to print, ``width`` x ``height`` pixels: piece ``part`` (from 1) of ``parts`` of a picture."""

    data: bytes
    width: int
    height: int
    part: int
    parts: int


def prepare(path: Path, *, max_width: int, max_height: int, boxes: tuple[Box, ...] = ()) -> tuple[Prepared, ...]:
    """The picture in ``path`` as one JPEG or several pieces from top to bottom, each within the limits (pixels).

    Width decides the scale and is never enlarged; what is then longer than ``max_height`` is cut into pieces that
    overlap a little. EXIF orientation is applied first; ``boxes`` are pixels of that upright picture.

    :raises PictureError: for a missing, damaged, unknown or overlarge picture
    """
    try:
        image = _upright(path)
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError("missing") from error
    except Image.DecompressionBombError as error:
        raise PictureError("overlarge") from error
    except _BROKEN as error:
        raise PictureError("damaged") from error
    scale = min(1.0, max_width / image.width)
    if max_height < image.height * scale <= max_height * _SLACK:
        scale = max_height / image.height
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
    _outline(image, boxes, scale)
    cuts = _cuts(image.height, max_height)
    return tuple(_piece(image, top, end, i, len(cuts)) for i, (top, end) in enumerate(cuts, 1))


def _upright(path: Path) -> Image.Image:
    """The first frame as RGB on white, turned as its EXIF says."""
    if path.suffix.lower() in {".heic", ".heif"} or _is_heif(path):
        import pillow_heif  # only needed for these

        pillow_heif.register_heif_opener()
    with Image.open(path) as stored:
        if stored.width * stored.height > MAX_PIXELS:
            raise PictureError("overlarge")
        image: Image.Image = ImageOps.exif_transpose(stored)
        if image.mode == "RGB":
            return image.copy()
        if image.mode.startswith("I"):
            return image.convert("I").point(lambda v: v / 256).convert("L").convert("RGB")
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white


def _is_heif(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}


def _outline(image: Image.Image, boxes: tuple[Box, ...], scale: float) -> None:
    draw, line = ImageDraw.Draw(image), max(2, image.width // 240)
    for x0, y0, x1, y1 in boxes:
        left, right = sorted((x0 * scale, x1 * scale))
        top, bottom = sorted((y0 * scale, y1 * scale))
        draw.rectangle((left - line, top - line, right + line, bottom + line), outline=_OUTLINE, width=line)


def _cuts(height: int, limit: int) -> list[tuple[int, int]]:
    if height <= limit:
        return [(0, height)]
    step = max(1, round(limit * (1 - _OVERLAP)))
    count = -(-(height - (limit - step)) // step)
    even = -(-(height - (limit - step)) // count)  # equal pieces: no sliver at the end
    return [(i * even, min(height, i * even + even + limit - step)) for i in range(count)]


def _piece(image: Image.Image, top: int, end: int, part: int, parts: int) -> Prepared:
    piece = image if parts == 1 else image.crop((0, top, image.width, end))
    out = BytesIO()
    piece.save(out, "JPEG", quality=80, optimize=True, progressive=False)
    return Prepared(out.getvalue(), piece.width, piece.height, part, parts)
