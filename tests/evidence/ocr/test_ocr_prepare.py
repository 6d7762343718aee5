"""Every pixel format becomes upright RGB; hostile files become named problems."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from evidence.ocr.base import PictureDamaged, PictureTooLarge, PictureUnknown
from evidence.ocr.prepare import open_picture

Encode = Callable[..., bytes]


def halves(mode: str = "RGB") -> Image.Image:
    """Dark left half, light right half."""
    image = Image.new("L", (60, 40), 20)
    ImageDraw.Draw(image).rectangle((30, 0, 59, 39), fill=230)
    return image if mode == "L" else image.convert(mode)


def grey(data: bytes) -> tuple[int, int]:
    """Grey of the left and the right half as an engine gets them."""
    picture = open_picture(data)
    band = picture.band(0, picture.height)
    assert (band.mode, band.size) == ("RGB", (picture.width, picture.height))
    row = band.convert("L")
    return row.getpixel((10, 20)), row.getpixel((50, 20))


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "I;16", "1"])
def test_png_modes(mode: str, encode: Encode) -> None:
    deep = Image.fromarray(np.asarray(halves("L")).astype(np.uint16) * 257)
    left, right = grey(encode(deep if mode == "I;16" else halves(mode)))
    assert left <= 22
    assert right >= 228


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "JPEG"), ("RGB", "WEBP"), ("RGBA", "WEBP"), ("RGB", "HEIF"),
     ("F", "TIFF"), ("I", "TIFF"), ("CMYK", "TIFF"), ("P", "GIF"), ("RGB", "BMP"), ("RGB", "AVIF")],
)  # fmt: skip
def test_other_formats(mode: str, kind: str, encode: Encode) -> None:
    left, right = grey(encode(halves(mode), kind))
    assert left <= 32
    assert right >= 218


def test_exif_rotation_is_applied(encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter to the right
    picture = open_picture(encode(halves(), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (40, 60)
    band = picture.band(0, 60).convert("L")
    assert band.getpixel((20, 10)) < 50
    assert band.getpixel((20, 50)) > 200


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (255, 0)])
def test_letters_on_a_see_through_ground_stay_readable(ink: int, ground: int, encode: Encode) -> None:
    image = Image.new("RGBA", (100, 100), (ink, ink, ink, 0))
    ImageDraw.Draw(image).rectangle((10, 40, 90, 50), fill=(ink, ink, ink, 255))
    band = open_picture(encode(image)).band(0, 100).convert("L")
    assert band.getpixel((50, 45)) == ink
    assert band.getpixel((50, 10)) == ground


def test_a_band_is_only_its_rows(encode: Encode) -> None:
    image = Image.new("L", (10, 9000))
    image.putdata([y % 251 for y in range(9000) for _x in range(10)])
    picture = open_picture(encode(image))
    assert [picture.band(1800, 3800).getpixel((0, y))[0] for y in (0, 1999)] == [1800 % 251, 3799 % 251]


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims many pixels and holds few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(20_000, 10_001), (60_000, 60_000)])
def test_decompression_bombs_are_not_decoded(size: tuple[int, int]) -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(PictureTooLarge):
        open_picture(huge_png(*size))
    assert before == Image.MAX_IMAGE_PIXELS


def test_two_hundred_megapixels_are_not_refused_for_their_size() -> None:
    with pytest.raises(PictureDamaged):  # the pixels are missing, which is only found when it is decoded
        open_picture(huge_png(12_000, 16_000))


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_named(data: bytes) -> None:
    with pytest.raises(PictureUnknown):
        open_picture(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cut_file_is_named(kind: str, encode: Encode) -> None:
    noise = Image.fromarray(np.random.default_rng(7).integers(0, 255, (200, 200, 3), dtype=np.uint8))
    data = encode(noise, kind)
    with pytest.raises((PictureDamaged, PictureUnknown)):
        open_picture(data[: len(data) // 2])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]), st.data())
def test_no_damage_gives_another_error(kind: str, data: st.DataObject) -> None:
    buffer = io.BytesIO()
    halves().save(buffer, kind)
    body = bytearray(buffer.getvalue())
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=12)):
        body[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(PictureUnknown, PictureDamaged, PictureTooLarge):
        picture = open_picture(bytes(body))
        assert picture.band(0, min(picture.height, 100)).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "I;16"])
def test_a_smaller_copy_keeps_what_is_seen(mode: str, encode: Encode) -> None:
    deep = Image.fromarray(np.asarray(halves("L")).astype(np.uint16) * 257)
    small, factor = open_picture(encode(deep if mode == "I;16" else halves(mode))).reduced(20)
    assert (small.size, small.mode, factor) == ((20, 14), "RGB", 3)
    assert small.convert("L").getpixel((3, 5)) <= 22
    assert small.convert("L").getpixel((16, 5)) >= 228


def test_a_picture_that_is_small_enough_stays() -> None:
    picture = open_picture(_png(halves()))
    image, factor = picture.reduced(60)
    assert (image.size, factor) == ((60, 40), 1)


def _png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
