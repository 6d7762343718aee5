"""Pictures for print: upright, of a modest size, without their metadata.

Originals belong in the bundle; here stands a copy for reading. A picture that cannot be read gives its reason.
"""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from complaints.pdf.sheet import BODY_HEIGHT, BODY_WIDTH, MM, Jpeg
from evidence.errors import NotFound

Reason: TypeAlias = Literal["not_found", "damaged", "too_large", "unknown_format"]

ROOM = BODY_HEIGHT - 100  # a heading line and a caption of four lines fit beside the tallest picture
LEGIBLE = 70 * MM  # a phone's screen is not printed narrower than this
GUTTER = 12.0
COLUMN = (BODY_WIDTH - GUTTER) / 2  # of two screens side by side: 80 mm
MOST_ROWS = 65_000  # of a JPEG (ITU-T T.81 has 65,535)
MOST_PIXELS = 64_000_000
_ORIENTATION = 0x0112
_DPI = 170
_QUALITY = 80
_MODEST_BYTES = 400_000
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, struct.error, zlib.error)

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be drawn: ``width`` and ``height`` in pixels of the upright original, ``printed`` the
    widest it is printed, in points."""

    jpeg: Jpeg
    width: int
    height: int
    printed: float


Made: TypeAlias = dict[str, Picture | Reason]


class Unprintable(Exception):
    """The picture cannot be printed; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def plan(width: int, height: int) -> float:
    """The greatest printed width in points: whole on a page where that is legible, else that of a column."""
    natural = min(BODY_WIDTH, width * 0.75)
    fitted = ROOM * width / height
    return min(natural, fitted if fitted >= min(LEGIBLE, natural) else COLUMN)


def without_metadata(data: bytes) -> bytes:
    """A JPEG without EXIF, comments and profiles: a photo's place and camera do not go to the reader.

    The compressed picture itself is unchanged (ITU-T T.81, marker segments before SOS).
    """
    out, i = bytearray(data[:2]), 2
    while i + 4 <= len(data) and data[i] == 0xFF:
        marker = data[i + 1]
        if marker == 0xDA:
            return bytes(out + data[i:])
        size = 2 + int.from_bytes(data[i + 2 : i + 4], "big")
        private = 0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)
        if not private:
            out += data[i : i + size]
        i += size
    raise Unprintable("damaged")


def _flat(image: Image.Image) -> Image.Image:
    """Grey or RGB on a white ground."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    if "A" in image.mode or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def _encoded(image: Image.Image, width: int) -> bytes:
    if image.width > width * 1.1:
        size = (width, max(1, round(image.height * width / image.width)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, optimize=False, progressive=False)
    return out.getvalue()


def _read(path: Path, name: str) -> Picture:
    with Image.open(path) as raw:
        turned = raw.getexif().get(_ORIENTATION, 1) if raw.format != "HEIF" else 1
        turned = turned if turned in range(2, 9) else 1
        width, height = raw.size if turned < 5 else raw.size[::-1]
        if raw.format != "JPEG" and width * height > MOST_PIXELS:
            raise Unprintable("too_large")
        printed = plan(width, height)
        pixels = max(1, round(printed / 72 * _DPI))
        if height * min(1.0, pixels / width) > MOST_ROWS:
            raise Unprintable("too_large")
        untouched = raw.format == "JPEG" and turned == 1 and raw.mode in ("L", "RGB") and width <= pixels * 1.3
        if not untouched:
            raw.draft(None, (2 * pixels, 2 * round(pixels * height / width)))
        if raw.format == "JPEG" and raw.size[0] * raw.size[1] > MOST_PIXELS:
            raise Unprintable("too_large")
        raw.load()
        upright = ImageOps.exif_transpose(raw) if turned != 1 else raw
        if untouched and path.stat().st_size <= _MODEST_BYTES:
            data = without_metadata(path.read_bytes())
        else:
            data = _encoded(_flat(upright), pixels)
    return Picture(Jpeg(name, data), width, height, printed)


def prepare(path: Path, name: str) -> Picture:
    """The printed form of the picture at ``path``; ``name`` identifies it in the file. Raises Unprintable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _read(path, name)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise Unprintable("not_found") from error
    except Image.DecompressionBombError as error:
        raise Unprintable("too_large") from error
    except UnidentifiedImageError as error:
        raise Unprintable("unknown_format") from error
    except _DAMAGED as error:
        raise Unprintable("damaged") from error


class Shelf:
    """Pictures in the order in which they will be asked for, a few made ahead on the other cores."""

    def __init__(self, order: Iterable[str], assets: Callable[[str], Path], ready: Made) -> None:
        self._order = iter([sha256 for sha256 in dict.fromkeys(order) if sha256 not in ready])
        self._assets = assets
        self._ready = ready
        self._coming: deque[tuple[str, Future[Picture | Reason]]] = deque()
        self._pool = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1))

    def __enter__(self) -> Shelf:
        self._ahead()
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _ahead(self) -> None:
        while len(self._coming) < 4:
            sha256 = next(self._order, None)
            if sha256 is None:
                return
            self._coming.append((sha256, self._pool.submit(self._make, sha256)))

    def _make(self, sha256: str) -> Picture | Reason:
        try:
            return prepare(self._assets(sha256), sha256)
        except Unprintable as error:
            return error.reason
        except (NotFound, LookupError, FileNotFoundError):
            return "not_found"

    def take(self, sha256: str) -> Picture | Reason:
        """The picture, or why there is none."""
        while sha256 not in self._ready:
            name, future = self._coming.popleft()
            self._ready[name] = future.result()
            self._ahead()
        return self._ready[sha256]
