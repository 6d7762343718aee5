"""What a picture file holds: size by its own header, whether it is whole, and what EXIF claims.

Sizes are read from the header before any decoder sees the file, so that a small file which unpacks to billions of
pixels is refused by number, not by running out of memory.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pillow_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from evidence.errors import Unreadable
from evidence.formats.media.isoboxes import missing_bytes
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

MAX_PIXELS = 200_000_000  # a scrolling screenshot of 1440 x 100,000 px has 144 million
MAX_SIDE = 200_000
# Only the decoder that the first bytes call for ever sees a file.
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/gif": ("GIF",),
    "image/bmp": ("BMP",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
}
# What Pillow and libheif raise on damaged bytes (RuntimeError: libheif's own limits).
_DECODER_ERRORS = (OSError, ValueError, SyntaxError, EOFError, RuntimeError)
_JPEG_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_JPEG_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length


@dataclass(frozen=True, slots=True)
class Exif:
    """``taken`` is DateTimeOriginal as written, a local clock; ``offset`` OffsetTimeOriginal when there is one."""

    taken: str | None = None
    offset: str | None = None
    wall: datetime | None = None
    has_gps: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """``refused``: too many pixels to unpack. ``damaged``: why the picture is not whole, or None."""

    width: int
    height: int
    mime: str
    exif: Exif = field(default_factory=Exif)
    refused: bool = False
    damaged: str | None = None
    frames: int = 1


def header_size(file: BinaryIO, mime: str) -> tuple[int, int] | None:
    """(width, height) that the header of a PNG, JPEG, GIF, BMP or WebP states, or None."""
    file.seek(0)
    head = file.read(64)
    if mime == "image/png" and head[12:16] == b"IHDR":
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if mime == "image/gif" and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if mime == "image/bmp" and len(head) >= 26:
        return abs(_signed(head[18:22])), abs(_signed(head[22:26]))
    if mime == "image/webp":
        return _webp_size(head)
    if mime == "image/jpeg":
        return _jpeg_size(file)
    return None


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _webp_size(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if kind == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(head) >= 30:
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    """The frame header (ITU-T T.81, B.2.2), found by walking over the segments before it."""
    file.seek(2)
    while True:
        marker = file.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            return None
        if marker[1] == 0xFF:
            file.seek(-1, 1)
            continue
        if marker[1] in _JPEG_BARE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return None
        if marker[1] in _JPEG_SOF:
            frame = file.read(5)
            return (int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")) if len(frame) == 5 else None
        file.seek(length - 2, 1)


def inspect(path: Path, mime: str) -> Picture:
    """Read size and EXIF and decode once to see whether the picture is whole.

    Raises Unreadable when not even the size can be told.
    """
    with path.open("rb") as file:
        size = header_size(file, mime)
    if size is not None and _too_large(size):
        return Picture(size[0], size[1], mime, refused=True)
    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        return _open(path, mime, size)
    except (*_DECODER_ERRORS, Image.DecompressionBombError) as error:
        if size is not None and 0 not in size:
            return Picture(size[0], size[1], mime, damaged=_reason(error))
        raise Unreadable(_("The picture cannot be opened: {reason}").format(reason=_reason(error))) from error


def _too_large(size: tuple[int, int]) -> bool:
    return size[0] * size[1] > MAX_PIXELS or max(size) > MAX_SIDE


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return _("its header is damaged")
    return str(error)


def _open(path: Path, mime: str, size: tuple[int, int] | None) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of large pictures; the limit was checked before
        with Image.open(path, formats=_FORMATS.get(mime)) as image:
            declared = image.size
            if _too_large(declared):
                return Picture(declared[0], declared[1], mime, refused=True)
            exif = _exif(image, mime)
            frames = int(getattr(image, "n_frames", 1))
        with Image.open(path, formats=_FORMATS.get(mime)) as image:
            damaged = _decode(path, image, mime)
    return Picture(declared[0], declared[1], mime, exif, False, damaged, frames)


def _decode(path: Path, image: Image.Image, mime: str) -> str | None:
    """Why the picture is not whole, or None. PNG is checked by its sums, JPEG at an eighth of its size.

    libheif decodes a truncated file to a small picture without complaint, so lengths are compared as well.
    """
    try:
        if mime == "image/png":
            image.verify()
            return None
        if mime == "image/jpeg":
            image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()
    except _DECODER_ERRORS as error:
        return _reason(error)
    missing = missing_bytes(path)
    words = ngettext("it was cut off, {n} byte is missing", "it was cut off, {n} bytes are missing", missing)
    return words.format(n=missing) if missing else None


def _exif(image: Image.Image, mime: str) -> Exif:
    """EXIF as found (CIPA DC-008): times are local clocks unless an offset stands beside them."""
    if mime == "image/png" and "exif" not in image.info:
        return Exif()  # else Pillow unpacks the whole picture to look behind it
    try:
        data: Any = image.getexif()
        detail: Any = data.get_ifd(ExifTags.IFD.Exif)
        gps: Any = data.get_ifd(ExifTags.IFD.GPSInfo)
    except (*_DECODER_ERRORS, KeyError, TypeError):
        return Exif()
    taken = _text(detail.get(ExifTags.Base.DateTimeOriginal))
    offset = _text(detail.get(ExifTags.Base.OffsetTimeOriginal))
    tags = {
        name: value
        for name, tag, source in (
            ("Make", ExifTags.Base.Make, data),
            ("Model", ExifTags.Base.Model, data),
            ("Software", ExifTags.Base.Software, data),
            ("DateTime", ExifTags.Base.DateTime, data),
            ("DateTimeOriginal", ExifTags.Base.DateTimeOriginal, detail),
            ("OffsetTimeOriginal", ExifTags.Base.OffsetTimeOriginal, detail),
            ("SubsecTimeOriginal", ExifTags.Base.SubsecTimeOriginal, detail),
        )
        if (value := _text(source.get(tag))) is not None
    }
    return Exif(taken, offset, _wall(taken), bool(gps), tags)


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return value.strip("\0 ").strip() or None


def _wall(taken: str | None) -> datetime | None:
    try:
        return None if taken is None else datetime.strptime(taken[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
