"""rapidocr: PP-OCRv6 on onnxruntime, from model files inside its wheel. The default engine.

The settings were measured against the shipped ones: own bands instead of shrinking, no padding of short lines,
one thread for each process, no text-direction model (screens stand upright).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evidence.ocr import _probe, tiling
from evidence.ocr.base import OcrText

if TYPE_CHECKING:
    from PIL.Image import Image

LIMIT = ("max", 1280)  # longest side that the detector sees
SMALL = 800  # pictures with a shorter side below this are enlarged instead
SMALL_LIMIT = 736
LONGEST = 2944  # an enlarged strip stays below this, else a 10 px strip would become a huge picture
OPTIONS: Mapping[str, Any] = {
    "Global.log_level": "error",
    "Global.max_side_len": 1_000_000,
    "Global.use_cls": False,
    "Det.limit_type": LIMIT[0],
    "Det.limit_side_len": LIMIT[1],
    "Rec.rec_batch_num": 1,
    "Rec.rec_img_shape": [3, 48, 48],
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class RapidEngine:
    """The default engine. Making one looks whether rapidocr is there; the models load with the first picture."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._parts = _probe.rapidocr_parts()
        self._lock = threading.Lock()  # the detector's limits are set on the shared object

    @property
    def version(self) -> str:
        """The version of the rapidocr package."""
        return dict(self._parts.versions)["rapidocr"]

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Options, library versions and the SHA-256 of both models."""
        return {
            "confidence": "normal",
            "options": dict(OPTIONS),
            "small_below": SMALL,
            "small_limit": ["min", SMALL_LIMIT],
            "small_longest": LONGEST,
            "band": [tiling.BAND, tiling.OVERLAP],
            "rectify": _probe.rectify_version(),
            "models": {path.name: _probe.sha256_of(path) for path in (self._parts.detector, self._parts.recogniser)},
            "libraries": dict(self._parts.versions),
        }

    def read(self, data: bytes) -> OcrText:
        """The text of one picture. One picture at a time for each process; more threads wait for each other."""
        from evidence.ocr import flat
        from evidence.ocr.prepare import open_picture

        picture = open_picture(data)
        pieces: list[tiling.Piece] = []
        with self._lock:
            screen = flat.screen_in(picture)
            sheet: flat.Sheet = screen or picture
            small = min(sheet.width, sheet.height) < SMALL
            for index, band in enumerate(tiling.bands(sheet.height)):
                found = self._read_band(sheet.band(band.top, band.bottom), small, band.top, index)
                pieces += [piece for piece in found if band.owns(piece.middle)]
        return flat.result(tiling.join(pieces), picture, screen)

    @cached_property
    def _rapid(self) -> Any:
        try:
            import cv2
            import numpy as np
            from rapidocr import RapidOCR
        except ImportError as error:  # installed, but a library below it does not load
            raise _probe.no_rapidocr(str(error)) from error
        cv2.setNumThreads(1)
        # explicit paths: the code that would download a model is never reached
        paths = {"Det.model_path": str(self._parts.detector), "Rec.model_path": str(self._parts.recogniser)}
        rapid = RapidOCR(params={**OPTIONS, **paths})
        rapid(np.full((64, 64, 3), 255, np.uint8))  # an empty picture makes it load the detector
        return rapid

    def _read_band(self, image: Image, small: bool, top: int, index: int) -> Iterator[tiling.Piece]:
        import numpy as np

        rapid = self._rapid
        rapid.text_det.limit_type, rapid.text_det.limit_side_len = _limit(image.size, small)
        result = rapid(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
        if result.boxes is None or result.txts is None:
            return
        for corners, text, score in zip(result.boxes.tolist(), result.txts, result.scores, strict=True):
            xs, ys = zip(*corners, strict=True)
            letters = min(ys[3] - ys[0], max(ys) - min(ys))
            box = (float(min(xs)), float(min(ys) + top), float(max(xs)), float(max(ys) + top))
            yield tiling.Piece(text, round(float(score), 5), box, letters if letters > 0 else box[3] - box[1], index)


def _limit(size: tuple[int, int], small: bool) -> tuple[str, int]:
    """The detector's limit for one band: enlarge small pictures, shrink the others to a bounded size."""
    short, long = sorted(size)
    if not small:
        return LIMIT
    target = min(SMALL_LIMIT, LONGEST * short // long)
    return ("min", target) if target > short else LIMIT
