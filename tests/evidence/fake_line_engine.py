"""An OCR engine for tests: ``read WORDS`` in the bytes is read as WORDS, anything else fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.models import Line
from evidence.ocr.base import OcrText, PictureDamaged


class LineEngine:
    name = "lines"
    version = "1"
    settings: Mapping[str, Any] = {"confidence": "normal"}

    def read(self, data: bytes) -> OcrText:
        word, _space, argument = data.decode().partition(" ")
        if word != "read":
            raise PictureDamaged()
        return OcrText((Line(argument, 0.9, (0.0, 0.0, 9.0, 9.0)),), 10, 20)
