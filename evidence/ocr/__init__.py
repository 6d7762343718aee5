"""OCR: which engine reads a picture, behind one small Protocol.

Importing this package costs nothing: engines and their libraries load when the first picture is read.
:mod:`evidence.ocr.pool` reads many pictures at once.
"""

from __future__ import annotations

import importlib

from evidence.errors import UsageError
from evidence.i18n import gettext as _
from evidence.ocr.base import (
    OcrEngine,
    OcrFailed,
    OcrText,
    PictureDamaged,
    PictureTooLarge,
    PictureUnknown,
    fingerprint,
)

DEFAULT = "rapidocr"
BUILT_IN = {"rapidocr": "evidence.ocr.rapid:RapidEngine", "tesseract": "evidence.ocr.tess:TesseractEngine"}

__all__ = [
    "BUILT_IN",
    "DEFAULT",
    "OcrEngine",
    "OcrFailed",
    "OcrText",
    "PictureDamaged",
    "PictureTooLarge",
    "PictureUnknown",
    "engine",
    "fingerprint",
]


def engine(name: str | None = None) -> OcrEngine:
    """The engine called ``name``; None means rapidocr and never silently another one.

    ``module:callable`` names an engine that lies outside this package; the callable takes no arguments. Raises
    MissingPart (with a hint) when the engine or a part of it is not installed, UsageError for an unknown name.
    """
    wanted = name or DEFAULT
    target = BUILT_IN.get(wanted, wanted)
    module_name, colon, attribute = target.partition(":")
    if not colon:
        raise UsageError(_("There is no OCR engine called {name}.").format(name=wanted), hint=_known())
    try:
        factory = getattr(importlib.import_module(module_name), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UsageError(_("There is no OCR engine called {name}.").format(name=wanted), hint=_known()) from error
    made = factory()
    if not isinstance(made, OcrEngine):
        raise UsageError(_("{name} is not an OCR engine.").format(name=wanted), hint=_known())
    return made


def _known() -> str:
    return _("Choose one of: {names}").format(names=", ".join(BUILT_IN))
