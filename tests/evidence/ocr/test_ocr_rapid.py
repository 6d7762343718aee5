"""The real rapidocr on drawn pictures."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from evidence.ocr import OcrEngine, OcrText, engine
from evidence.ocr.pool import read_many
from evidence.ocr.rapid import _limit

Draw = Callable[..., Image.Image]
Encode = Callable[..., bytes]
CHAT = [
    ("time", "2026年3月5日 23:42"),
    ("left", "你今天必须还款3,200.00元"),
    ("right", "我已经书面要求停止联系"),
    ("left", "不还就通知你的亲友"),
]
PLAIN = [text.replace(" ", "") for _side, text in CHAT]


@cache
def loaded_once() -> OcrEngine:
    return engine("rapidocr")


@pytest.fixture
def rapid(monkeypatch: pytest.MonkeyPatch) -> OcrEngine:
    """The engine, loaded and used while no socket can be opened and no name looked up."""

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("the OCR engine wants the network")

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return loaded_once()


def texts(result: OcrText) -> list[str]:
    return [line.text.replace(" ", "") for line in result.lines]


@pytest.mark.slow
@pytest.mark.parametrize("look", [{}, {"dark": True}, {"width": 540, "height": 700}])
def test_chat_screens(look: dict[str, Any], rapid: OcrEngine, draw_chat: Draw, encode: Encode) -> None:
    image = draw_chat(CHAT, **look)
    result = rapid.read(encode(image))
    assert texts(result) == PLAIN
    assert (result.width, result.height) == image.size
    left, right = result.lines[1].box, result.lines[2].box
    assert left is not None
    assert right is not None
    assert left[0] < image.width * 0.25 < image.width * 0.75 < right[2] <= image.width
    assert all(line.score is not None and 0.9 < line.score <= 1 for line in result.lines)


@pytest.mark.slow
def test_long_picture_gives_each_line_once(
    rapid: OcrEngine, letters: Callable[[int], ImageFont.FreeTypeFont], encode: Encode
) -> None:
    """Lines every 61 px meet the seams of the bands in every position."""
    image = Image.new("RGB", (1080, 9000), "#ededed")
    draw = ImageDraw.Draw(image)
    wanted = [f"第{number}条记录" for number in range(100, 246)]
    for index, text in enumerate(wanted):
        draw.text((80, 30 + index * 61), text, font=letters(40), fill="#111111")
    result = rapid.read(encode(image))
    assert texts(result) == wanted
    boxes = [line.box for line in result.lines if line.box]
    assert all(abs((box[1] + box[3]) / 2 - (30 + index * 61 + 26)) < 15 for index, box in enumerate(boxes))


@pytest.mark.slow
def test_rotated_see_through_and_empty(rapid: OcrEngine, draw_chat: Draw, encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    image = draw_chat(CHAT[:2], height=500)
    turned = encode(image.transpose(Image.Transpose.ROTATE_270), "JPEG", quality=92, exif=exif)
    result = rapid.read(turned)
    assert (texts(result), result.width, result.height) == (PLAIN[:2], 1080, 500)
    assert rapid.read(encode(Image.new("RGB", (1080, 500), "#ededed"))).lines == ()
    assert rapid.read(encode(Image.new("RGBA", (3, 4000)))).lines == ()


@pytest.mark.slow
def test_twice_in_two_processes_gives_the_same(tmp_path: Path, draw_chat: Draw, encode: Encode) -> None:
    data = encode(draw_chat(CHAT))
    items = []
    for key in ("a", "b"):
        (tmp_path / key).write_bytes(data)
        items.append((key, tmp_path / key))
    results = dict(read_many(items, jobs=2))
    assert isinstance(results["a"], OcrText)
    assert texts(results["a"]) == PLAIN
    assert results["a"] == results["b"]


def test_limits_of_the_detector() -> None:
    assert _limit((1080, 2000), small=False) == ("max", 1280)
    assert _limit((540, 960), small=True) == ("min", 736)
    short, long = 10, 2000
    kind, target = _limit((short, long), small=True)
    assert kind == "min"
    assert target / short * long <= 2944
