"""tesseract through pytesseract: the second engine, about a hundred times the error on chat screens.

Its settings are the best of many that were tried: Chinese model only, one block of text, dark screens inverted,
small pictures enlarged, one thread. Results are marked ``confidence: low``.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.i18n import gettext as _
from evidence.ocr import _probe, tiling
from evidence.ocr.base import OcrFailed, OcrText

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_WIDTH = 1080
MAX_ENLARGE = 4.0
DARK = 110  # median grey below which a band is inverted: tesseract needs dark letters on a light ground
BAND = 4000  # tesseract refuses pictures over 32,767 px
CONFIG = "--psm 6"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    score: float
    box: tuple[float, float, float, float]


class TesseractEngine:
    """The fallback engine. Making one looks whether tesseract and its Chinese model are there."""

    name = "tesseract"

    def __init__(self) -> None:
        self._parts = _probe.tesseract_parts()

    @property
    def version(self) -> str:
        """The version of the tesseract program."""
        return self._parts.version

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Options, library versions and the SHA-256 of the model (None where tesseract does not say which)."""
        model = self._parts.model
        return {
            "confidence": "low",
            "language": _probe.LANGUAGE,
            "config": CONFIG,
            "min_width": MIN_WIDTH,
            "invert_below": DARK,
            "band": [BAND, tiling.OVERLAP],
            "threads": 1,
            "rectify": _probe.rectify_version(),
            "models": {f"{_probe.LANGUAGE}.traineddata": _probe.sha256_of(model) if model else None},
            "libraries": {name: _probe.version_of(name) for name in ("Pillow", "pytesseract")},
        }

    def read(self, data: bytes) -> OcrText:
        """The text of one picture."""
        from evidence.ocr import flat
        from evidence.ocr.prepare import open_picture

        picture = open_picture(data)
        screen = flat.screen_in(picture)
        sheet: flat.Sheet = screen or picture
        pieces: list[tiling.Piece] = []
        for index, band in enumerate(tiling.bands(sheet.height, BAND)):
            found = self._read_band(sheet.band(band.top, band.bottom), band.top, index)
            pieces += [piece for piece in found if band.owns(piece.middle)]
        return flat.result(tiling.join(pieces), picture, screen)

    def _read_band(self, image: Image, top: int, index: int) -> Iterator[tiling.Piece]:
        grey, factor = _prepared(image)
        # pytesseract would put an Image into a shared temporary file and a crash would leave it there
        with tempfile.TemporaryDirectory(prefix="dunlog-ocr-") as folder:
            path = Path(folder) / "band.png"
            grey.save(path, compress_level=1)
            table = self._run(path)
        for words in _lines(table):
            xs0, ys0, xs1, ys1 = zip(*(word.box for word in words), strict=True)
            box = (min(xs0) / factor, min(ys0) / factor + top, max(xs1) / factor, max(ys1) / factor + top)
            weight = sum(len(word.text) for word in words)
            score = sum(word.score * len(word.text) for word in words) / weight
            text = joined([word.text for word in words])
            yield tiling.Piece(text, round(score, 5), box, box[3] - box[1], index)

    def _run(self, path: Path) -> Mapping[str, Sequence[Any]]:
        import pytesseract

        os.environ["OMP_THREAD_LIMIT"] = "1"  # two workers with two threads each are six times slower
        pytesseract.pytesseract.tesseract_cmd = self._parts.program
        try:
            table: Mapping[str, Sequence[Any]] = pytesseract.image_to_data(
                str(path),
                lang=_probe.LANGUAGE,
                config=CONFIG,
                output_type=pytesseract.Output.DICT,
                timeout=SECONDS,
            )
        except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, RuntimeError) as error:
            raise OcrFailed(_("tesseract failed on this picture: {error}").format(error=error)) from error
        except UnicodeDecodeError as error:
            raise OcrFailed(_("tesseract wrote text that is not UTF-8.")) from error
        return table


def joined(words: Sequence[str]) -> str:
    """Words as one line: a space between two words unless one neighbour is a Chinese letter or sign.

    tesseract also splits where Chinese meets figures (``3 月 5 日``), where nobody writes a space.
    """
    line = words[0]
    for word in words[1:]:
        line += word if _wide(line[-1]) or _wide(word[0]) else f" {word}"
    return line


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _prepared(image: Image) -> tuple[Image, float]:
    """The band in grey, dark on light and wide enough, and the factor by which it was enlarged."""
    from PIL import Image as Pictures
    from PIL import ImageOps, ImageStat

    grey = image.convert("L")
    if ImageStat.Stat(grey).median[0] < DARK:
        grey = ImageOps.invert(grey)
    factor = min(MIN_WIDTH / grey.width, MAX_ENLARGE)
    if factor <= 1:
        return grey, 1.0
    size = (round(grey.width * factor), round(grey.height * factor))
    return grey.resize(size, Pictures.Resampling.LANCZOS), factor


def _lines(table: Mapping[str, Sequence[Any]]) -> Iterator[list[_Word]]:
    """tesseract's table of words, one list for each of its lines."""
    lines: dict[tuple[int, int, int], list[_Word]] = {}
    for i, raw in enumerate(table["text"]):
        text, score = str(raw).strip(), float(table["conf"][i])
        if not text or score < 0:
            continue
        left, top = float(table["left"][i]), float(table["top"][i])
        box = (left, top, left + float(table["width"][i]), top + float(table["height"][i]))
        key = (int(table["block_num"][i]), int(table["par_num"][i]), int(table["line_num"][i]))
        lines.setdefault(key, []).append(_Word(text, score / 100, box))
    yield from lines.values()
