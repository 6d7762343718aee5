"""Drawn pictures and fake engines for the OCR tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

FAKES = "fake_ocr_engines"


def font(size: int) -> ImageFont.FreeTypeFont:
    """WenQuanYi Micro Hei from the pinned font package."""
    return ImageFont.truetype(str(resources.files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc"), size)


def chat(messages: list[tuple[str, str]], *, dark: bool = False, width: int = 1080, height: int = 1400) -> Image.Image:
    """A chat screen: ``(side, text)`` with side left, right or time; long texts must fit one bubble line."""
    ground, left, right, ink = (
        ("#111111", "#2c2c2c", "#3eb575", "#e0e0e0") if dark else ("#ededed", "#fff", "#95ec69", "#111")
    )
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    unit = width / 360
    letters, small = font(round(15 * unit)), font(round(11 * unit))
    y = 20 * unit
    for side, text in messages:
        if side == "time":
            draw.text((width / 2, y), text, font=small, fill="#8a8a8a", anchor="ma")
            y += 30 * unit
            continue
        long = draw.textlength(text, font=letters) + 20 * unit
        x = 60 * unit if side == "left" else width - 60 * unit - long
        draw.rounded_rectangle((x, y, x + long, y + 36 * unit), 5 * unit, fill=left if side == "left" else right)
        avatar = 12 * unit if side == "left" else width - 48 * unit
        draw.rectangle((avatar, y, avatar + 36 * unit, y + 36 * unit), fill="#6a8fb5")
        fill = "#06170d" if dark and side == "right" else ink
        draw.text((x + 10 * unit, y + 18 * unit), text, font=letters, fill=fill, anchor="lm")
        y += 52 * unit
    return image


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def draw_chat() -> Callable[..., Image.Image]:
    return chat


@pytest.fixture
def encode() -> Callable[..., bytes]:
    return saved


@pytest.fixture
def letters() -> Callable[[int], ImageFont.FreeTypeFont]:
    return font


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of the module of fake engines; spawned workers inherit the search path."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return FAKES


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[..., list[tuple[str, Path]]]:
    """Make small files whose contents the fake engines obey."""

    def make(*contents: str) -> list[tuple[str, Path]]:
        made = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number:03}.png"
            path.write_text(content, encoding="utf-8")
            made.append((str(number), path))
        return made

    return make
