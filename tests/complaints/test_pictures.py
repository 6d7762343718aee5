from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from complaints import pictures
from complaints.pictures import PictureError, Prepared, prepare

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(image: Image.Image, name: str, **options: Any) -> Path:
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return write


def opened(piece: Prepared) -> Image.Image:
    image = Image.open(BytesIO(piece.data))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (piece.width, piece.height))
    return image


def near(pixel: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 24 for a, b in zip(pixel, wanted, strict=True))


def test_small_pictures_keep_their_size_and_large_ones_lose_it(save: Save) -> None:
    (small,) = prepare(save(Image.new("RGB", (90, 60)), "s.png"), max_width=100, max_height=200)
    (large,) = prepare(save(Image.new("RGB", (900, 600)), "l.png"), max_width=100, max_height=200)
    assert (small.width, small.height) == (90, 60)
    assert (large.width, large.height) == (100, 67)


def test_exif_turns_the_picture_and_goes_no_further(save: Save) -> None:
    image = Image.new("RGB", (80, 40), "white")
    image.paste((0, 0, 255), (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"  # turn by 90 degrees clockwise: left becomes top
    (piece,) = prepare(save(image, "e.jpg", exif=exif, quality=95), max_width=200, max_height=200)
    shown = opened(piece)
    assert shown.size == (40, 80)
    assert near(shown.getpixel((20, 10)), (0, 0, 255))
    assert near(shown.getpixel((20, 70)), (255, 255, 255))
    assert not shown.getexif()
    assert b"Maker" not in piece.data


def test_boxes_are_outlined_where_they_lie(save: Save) -> None:
    path = save(Image.new("RGB", (400, 400), "white"), "b.png")
    (piece,) = prepare(path, max_width=200, max_height=200, boxes=((300, 300, 100, 100),))
    shown = opened(piece)
    assert shown.getpixel((49, 100))[0] > shown.getpixel((49, 100))[1] + 60  # type: ignore[index]
    assert near(shown.getpixel((100, 100)), (255, 255, 255))
    assert near(shown.getpixel((20, 20)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P", "L", "1", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_rgb(save: Save, mode: str) -> None:
    name = "m.tif" if mode in {"CMYK", "F", "I"} else "m.png"
    image = Image.new("LA", (20, 20), (128, 0)).convert("PA") if mode == "PA" else Image.new(mode, (20, 20))
    (piece,) = prepare(save(image.convert("RGBA") if mode == "PA" else image, name), max_width=50, max_height=50)
    opened(piece)


def test_transparency_lies_on_white(save: Save) -> None:
    (piece,) = prepare(save(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "t.png"), max_width=50, max_height=50)
    assert near(opened(piece).getpixel((10, 10)), (255, 255, 255))


def test_deep_grey_is_not_clipped_to_white(save: Save) -> None:
    (piece,) = prepare(save(Image.new("I;16", (20, 20), 128 * 257), "g.png"), max_width=50, max_height=50)
    assert near(opened(piece).getpixel((10, 10)), (128, 128, 128))


def test_a_little_too_long_is_shrunk(save: Save) -> None:
    (piece,) = prepare(save(Image.new("RGB", (100, 220)), "l.png"), max_width=100, max_height=200)
    assert (piece.width, piece.height) == (91, 200)


@given(st.integers(1, 9000), st.integers(10, 900))
def test_pieces_cover_everything_with_overlap(height: int, limit: int) -> None:
    cuts = pictures._cuts(height, limit)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == height
    assert all(0 < end - top <= limit for top, end in cuts)
    assert all(a[0] < b[0] <= a[1] for a, b in pairwise(cuts))
    assert all(b[0] < a[1] for a, b in pairwise(cuts)) or limit < 13


def test_same_file_same_bytes(save: Save) -> None:
    path = save(Image.effect_mandelbrot((300, 900), (-2, -1, 1, 1), 30), "m.png")
    one = prepare(path, max_width=200, max_height=250, boxes=((1, 2, 30, 40),))
    assert len(one) == 3
    assert [p.part for p in one] == [1, 2, 3]
    assert prepare(path, max_width=200, max_height=250, boxes=((1, 2, 30, 40),)) == one


@pytest.mark.parametrize("size", [0, 5, 40, 2000])
def test_damaged_files_are_damaged(save: Save, size: int) -> None:
    path = save(Image.effect_noise((200, 200), 90), "d.png")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(PictureError) as caught:
        prepare(path, max_width=100, max_height=100)
    assert caught.value.reason == "damaged"


def test_missing_and_overlarge_have_their_own_reasons(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PictureError) as caught:
        prepare(Path("no such file"), max_width=100, max_height=100)
    assert caught.value.reason == "missing"
    monkeypatch.setattr(pictures, "MAX_PIXELS", 99)
    with pytest.raises(PictureError) as caught:
        prepare(save(Image.new("RGB", (10, 10)), "x.png"), max_width=100, max_height=100)
    assert caught.value.reason == "overlarge"


def test_heic_opens_whatever_it_is_called(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    path = tmp_path / "photo.jpg"
    heif.from_pillow(Image.new("RGB", (64, 48), (0, 128, 0))).save(path)
    (piece,) = prepare(path, max_width=100, max_height=100)
    assert near(opened(piece).getpixel((10, 10)), (0, 128, 0))
