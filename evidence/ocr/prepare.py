"""From the bytes of a picture file to upright RGB bands, whatever the file's pixel format.

The file is decoded once and stays in its own pixel format; only the band asked for is turned into RGB, so a
1080 x 40,000 screenshot needs its own size and one band, not several copies.
"""

from __future__ import annotations

import contextlib
import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, ImageStat

from evidence.i18n import gettext as _
from evidence.ocr.base import PictureDamaged, PictureTooLarge, PictureUnknown

MAX_PIXELS = 200_000_000  # the largest phone sensors make 200 megapixels
# a closed list: Pillow would otherwise start Ghostscript for a hostile EPS file
FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
LIGHT = 150  # mean grey above which see-through letters need a dark ground
# what Pillow and its plugins raise on hostile files
DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
)
_limit_lock = threading.Lock()

pillow_heif.register_heif_opener()
Image.init()


class Picture:
    """One decoded picture. ``width`` and ``height`` are those a person sees (after EXIF rotation)."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self.width, self.height = image.size
        self._ground = _ground(image) if image.has_transparency_data else None
        self._scale = _scale(image)

    def band(self, top: int, bottom: int) -> Image.Image:
        """Rows ``top`` up to ``bottom`` as an RGB picture with 8 bits a channel."""
        return self._rgb(self._image.crop((0, top, self.width, bottom)))

    def reduced(self, longest: int) -> tuple[Image.Image, int]:
        """The whole picture in RGB, its sides divided by a whole number so that none is over ``longest``; with it."""
        factor = -(-max(self.width, self.height) // longest)
        if factor <= 1:
            return self._rgb(self._image), 1
        if self._image.mode in ("RGB", "L", "RGBA", "LA", "CMYK", "YCbCr"):
            return self._rgb(self._image.reduce(factor)), factor
        # the mean of a palette's numbers is no colour, and 16-bit pictures cannot be made smaller as they are
        return self._rgb(self._image).reduce(factor), factor

    def _rgb(self, part: Image.Image) -> Image.Image:
        if self._scale is not None:
            low, factor = self._scale
            grey = (np.asarray(part, dtype=np.float64) - low) * factor
            return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")
        if self._ground is None:
            return part if part.mode == "RGB" else part.convert("RGB")
        part = part.convert("RGBA")
        ground = Image.new("RGBA", part.size, (self._ground,) * 3 + (255,))
        return Image.alpha_composite(ground, part).convert("RGB")


def open_picture(data: bytes) -> Picture:
    """Decode ``data``. Raises PictureUnknown, PictureTooLarge or PictureDamaged; animations give the first frame."""
    with _pixel_limit():
        try:
            image = Image.open(io.BytesIO(data), formats=[name for name in FORMATS if name in Image.OPEN])
        except Image.DecompressionBombError as error:
            raise PictureTooLarge(_too_large()) from error
        except DECODE_ERRORS as error:
            raise PictureUnknown(_("The file is not a picture that can be read.")) from error
        if image.width * image.height > MAX_PIXELS:
            raise PictureTooLarge(_too_large(image.width, image.height))
        try:
            image.load()
            return Picture(_upright(image))
        except Image.DecompressionBombError as error:
            raise PictureTooLarge(_too_large()) from error
        except DECODE_ERRORS as error:
            raise PictureDamaged(_("The picture is damaged or cut off: {error}").format(error=error)) from error


def _upright(image: Image.Image) -> Image.Image:
    # a broken EXIF block is no reason to lose the text: the picture is then read as it is stored
    with contextlib.suppress(*DECODE_ERRORS):
        ImageOps.exif_transpose(image, in_place=True)  # in place: a picture that stands upright is not copied
    return image


def _too_large(width: int = 0, height: int = 0) -> str:
    limit = MAX_PIXELS // 1_000_000
    if not width:
        return _("The picture has more than {limit} million pixels; it is not decoded.").format(limit=limit)
    return _("The picture has {width} x {height} pixels, more than {limit} million; it is not decoded.").format(
        width=width, height=height, limit=limit
    )


@contextmanager
def _pixel_limit() -> Iterator[None]:
    """Pillow refuses twice its limit at 179 megapixels and warns at half; ours stands in for both."""
    with _limit_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, MAX_PIXELS
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _ground(image: Image.Image) -> int:
    """Grey value to lay under see-through pixels: white, or black when light letters stand on nothing."""
    small = image.resize((min(image.width, 400), min(image.height, 400)), Image.Resampling.NEAREST).convert("RGBA")
    seen = small.getchannel("A").point(lambda value: 255 if value > 127 else 0)
    share = ImageStat.Stat(seen).mean[0] / 255
    if not 0 < share < 0.5:
        return 255
    return 0 if ImageStat.Stat(small.convert("L"), seen).mean[0] > LIGHT else 255


def _scale(image: Image.Image) -> tuple[float, float] | None:
    """(lowest value, factor) that brings 16- and 32-bit grey to 0..255; None for 8-bit pictures."""
    if not image.mode.startswith(("I", "F")):
        return None
    if image.mode.startswith("I;16"):
        return 0.0, 1 / 256
    low, high = (float(value) for value in np.percentile(np.asarray(image), (0, 100)))
    if low >= 0 and 1 < high <= 65535:
        return 0.0, 1.0 if high <= 255 else 1 / 256
    return low, 255 / (high - low) if high > low else 0.0
