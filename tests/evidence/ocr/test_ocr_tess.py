"""The real tesseract on a drawn picture, and what happens when it fails."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from evidence.errors import MissingPart
from evidence.ocr import OcrEngine, OcrFailed, engine
from evidence.ocr import tess as module

Draw = Callable[..., Image.Image]


@pytest.fixture
def tesseract() -> OcrEngine:
    try:
        return engine("tesseract")
    except MissingPart as missing:
        pytest.skip(str(missing))


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_it_reads_the_gist(dark: bool, tesseract: OcrEngine, draw_chat: Draw, encode: Callable[..., bytes]) -> None:
    image = draw_chat([("left", "今天必须还款"), ("left", "不还就通知你的亲友")], dark=dark, height=500)
    result = tesseract.read(encode(image))
    assert "通知你的亲友" in result.text
    for line in result.lines:
        assert line.box is not None
        assert 0 <= line.box[0] < line.box[2] <= 1080
        assert 0 <= line.box[1] < line.box[3] <= 500
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


@pytest.mark.slow
def test_boxes_of_an_enlarged_picture_are_in_its_own_pixels(
    tesseract: OcrEngine, draw_chat: Draw, encode: Callable[..., bytes]
) -> None:
    result = tesseract.read(encode(draw_chat([("left", "今天必须还款")], width=540, height=200)))
    assert result.width == 540
    assert all(line.box is not None and line.box[2] <= 540 and line.box[3] <= 200 for line in result.lines)


def test_a_failure_is_named_and_leaves_no_file(
    tesseract: OcrEngine, draw_chat: Draw, encode: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "CONFIG", "--psm 99")
    with pytest.raises(OcrFailed, match="tesseract"):
        tesseract.read(encode(draw_chat([], height=100)))
    assert list(tmp_path.iterdir()) == []
