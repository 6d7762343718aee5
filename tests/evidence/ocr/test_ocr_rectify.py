"""Photos of a screen are laid flat, screenshots never; boxes find their way back."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from evidence.models import Line
from evidence.ocr import engine, flat
from evidence.ocr.prepare import open_picture
from evidence.ocr.rectify import flatness, rectify, to_original

Pixels = NDArray[np.uint8]
Draw = Callable[..., Image.Image]
Encode = Callable[..., bytes]
CHAT = [("time", "2026年3月5日 23:42"), ("left", "你今天必须还款3,200.00元"), ("right", "我已经书面要求停止联系")] * 4


def jpeg(pixels: Pixels, quality: int = 85) -> Pixels:
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, "JPEG", quality=quality)
    return np.asarray(Image.open(kept).convert("RGB"))


def table(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A rough surface in one of some colours."""
    chance = np.random.default_rng(seed)
    wide, tall = size
    stains = cv2.resize(chance.normal(0, 18, (tall // 60 + 2, wide // 60 + 2, 3)), size, interpolation=cv2.INTER_CUBIC)
    base = np.array([[150, 120, 90], [90, 92, 96], [210, 205, 200]][seed % 3])
    return np.asarray(base + stains, dtype=np.float32)


def photo(
    screen: Image.Image, seed: int, *, tilt: float = 0.06, bezel: float = 24
) -> tuple[Pixels, NDArray[np.float64]]:
    """A photo of ``screen`` and the corners of the screen in it."""
    chance = np.random.default_rng(seed)
    wide, tall = screen.size
    edge = 0.14 * wide
    size = (round(wide + 2 * edge), round(tall + 2 * edge))
    flat_corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float32)
    corners = (flat_corners + edge + chance.uniform(-0.5, 0.5, (4, 2)) * tilt * wide).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(flat_corners, corners)
    out = table(size, seed)
    rim = np.array([[-bezel, -bezel], [wide + bezel, -bezel], [wide + bezel, tall + bezel], [-bezel, tall + bezel]])
    body = cv2.perspectiveTransform(rim[None].astype(np.float32), matrix)[0]
    cv2.fillConvexPoly(out, body.astype(np.int32), (18, 18, 20))
    seen = cv2.warpPerspective(np.asarray(screen), matrix, size).astype(np.float32)
    mask = cv2.warpPerspective(np.full((tall, wide), 255, np.uint8), matrix, size)[:, :, None] / 255.0
    waves = 1 + 0.05 * np.sin(np.arange(size[0]) / 1.1)[None, :, None]
    out = (out * (1 - mask) + seen * mask * waves) + chance.normal(0, 3, (size[1], size[0], 1))
    return jpeg(np.clip(out, 0, 255).astype(np.uint8)), corners.astype(np.float64)


def off_by(pixels: Pixels, corners: NDArray[np.float64]) -> float:
    """How far the found corners are from the true ones, as a part of the screen's width."""
    found = rectify(pixels)
    assert found is not None
    tall, wide = found.pixels.shape[:2]
    own = np.array([[[0, 0], [wide, 0], [wide, tall], [0, tall]]], dtype=np.float64)
    got = cv2.perspectiveTransform(own, found.matrix)[0]
    return float(np.abs(got - corners).max() / (corners[1, 0] - corners[0, 0]))


@pytest.mark.parametrize("seed", range(4))
def test_light_screens_are_found_exactly(seed: int, draw_chat: Draw) -> None:
    assert off_by(*photo(draw_chat(CHAT, height=2200), seed)) < 0.005


@pytest.mark.parametrize("seed", range(3))
def test_of_dark_screens_at_least_the_phone_is_found(seed: int, draw_chat: Draw) -> None:
    """A black page in a black frame has no edge of its own."""
    assert off_by(*photo(draw_chat(CHAT, height=2200, dark=True), seed)) < 0.05


def test_the_same_photo_gives_the_same_pixels(draw_chat: Draw) -> None:
    pixels, _corners = photo(draw_chat(CHAT, height=2200), 5)
    one, other = rectify(pixels), rectify(pixels.copy())
    assert one is not None
    assert other is not None
    assert (one.pixels == other.pixels).all()
    assert (one.matrix == other.matrix).all()
    assert (one.score, one.why) == (other.score, other.why)


@pytest.mark.parametrize("quality", [None, 90, 40, 20])
@pytest.mark.parametrize("look", [{}, {"dark": True}, {"width": 540, "height": 1100}, {"width": 270, "height": 560}])
def test_screenshots_are_left_alone(quality: int | None, look: dict[str, int], draw_chat: Draw) -> None:
    pixels = np.asarray(draw_chat(CHAT, **look))
    assert rectify(pixels if quality is None else jpeg(pixels, quality)) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_photo_of_a_screen_inside_a_screenshot_is_left_alone(seed: int, draw_chat: Draw) -> None:
    shown = Image.fromarray(photo(draw_chat(CHAT, height=2200), seed)[0])
    chat = draw_chat(CHAT[:4], height=2340)
    small = shown.resize((640, round(shown.height * 640 / shown.width)))
    chat.paste(small, (150, 600))
    viewer = Image.new("RGB", (1080, 2340), "black")
    large = shown.resize((860, round(shown.height * 860 / shown.width)))
    viewer.paste(large, (110, 200))
    for image in (chat, viewer):
        assert rectify(jpeg(np.asarray(image))) is None


def test_a_card_on_a_grainy_wallpaper_is_left_alone() -> None:
    """Its sides are straight and its shape is that of a screen, but it stands upright to the pixel."""
    grain = np.clip(table((1080, 2340), 1) + np.random.default_rng(1).normal(0, 4, (2340, 1080, 1)), 0, 255)
    image = Image.fromarray(grain.astype(np.uint8))
    ImageDraw.Draw(image).rectangle((100, 300, 980, 1900), fill="white")
    pixels = jpeg(np.asarray(image), 80)
    assert flatness(pixels) < 0.45
    assert rectify(pixels) is None


def test_pictures_without_a_screen_are_left_alone() -> None:
    for seed in range(3):
        rough = np.clip(table((1600, 1200), seed) + np.random.default_rng(seed).normal(0, 5, (1200, 1600, 1)), 0, 255)
        assert rectify(rough.astype(np.uint8)) is None
    assert rectify(np.zeros((900, 600, 3), np.uint8)) is None
    assert rectify(np.random.default_rng(0).integers(0, 255, (700, 700, 3), dtype=np.uint8)) is None
    assert rectify(np.zeros((1, 1, 3), np.uint8)) is None


@given(st.floats(0, 900), st.floats(0, 1900), st.floats(1, 100), st.floats(1, 100))
def test_a_box_covers_its_own_place_in_the_photo(x: float, y: float, wide: float, tall: float) -> None:
    matrix = np.array([[0.9, 0.04, 30], [-0.03, 1.1, 40], [1e-5, 2e-5, 1]])
    box = to_original((x, y, x + wide, y + tall), matrix)
    for px, py in ((x, y), (x + wide / 2, y + tall / 2), (x + wide, y + tall)):
        u, v, w = matrix @ np.array([px, py, 1.0])
        assert box[0] - 1e-6 <= u / w <= box[2] + 1e-6
        assert box[1] - 1e-6 <= v / w <= box[3] + 1e-6


def test_lines_come_back_in_pixels_of_the_photo(draw_chat: Draw, encode: Encode) -> None:
    """Also when the photo is so large that the screen was looked for in a smaller one."""
    pixels, corners = photo(draw_chat(CHAT, height=2200), 2)
    large = Image.fromarray(pixels).resize((pixels.shape[1] * 2, pixels.shape[0] * 2), Image.Resampling.BICUBIC)
    picture = open_picture(encode(large, "JPEG", quality=90))
    screen = flat.screen_in(picture)
    assert screen is not None
    whole = Line("all", 1.0, (0.0, 0.0, float(screen.width), float(screen.height)))
    told = flat.result([whole], picture, screen)
    (line,) = told.lines
    assert line.box is not None
    assert np.allclose(line.box, (*corners.min(axis=0) * 2, *corners.max(axis=0) * 2), atol=20)
    assert (told.width, told.height) == large.size
    assert told.rectified is not None
    assert told.rectified["size"] == [screen.width, screen.height]
    assert told.rectified["boxes"] == [list(whole.box or ())]


@pytest.mark.slow
def test_a_photo_is_read_from_the_flat_screen(draw_chat: Draw, encode: Encode) -> None:
    pixels, _corners = photo(draw_chat(CHAT[:6], height=2200), 3)
    result = engine("rapidocr").read(encode(Image.fromarray(pixels)))
    assert [line.text.replace(" ", "") for line in result.lines] == [text.replace(" ", "") for _side, text in CHAT[:6]]
    assert result.rectified is not None
    assert (result.width, result.height) == (pixels.shape[1], pixels.shape[0])
    plain = engine("rapidocr").read(encode(draw_chat(CHAT[:6])))
    assert plain.rectified is None
