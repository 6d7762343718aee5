"""An OCR engine for tests that reads nothing: quick, and the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.ocr.base import OcrText


class NoWords:
    name = "none"
    version = "1"
    settings: Mapping[str, Any] = {"confidence": "low"}

    def read(self, data: bytes) -> OcrText:
        return OcrText((), 10, 20)
