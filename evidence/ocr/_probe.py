"""Is an engine installed? Looks only; runs no OCR and loads no model.

Kept apart from the modules that run the engines, so that a missing part is named before any work begins.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path

from evidence.errors import MissingPart
from evidence.i18n import gettext as _

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"
LANGUAGE = "chi_sim"
RECTIFY = 1  # version of the step that lays photographed screens flat: up when a picture may give other pixels
WINDOWS_PLACE = r"C:\Program Files\Tesseract-OCR\tesseract.exe"


@dataclass(frozen=True, slots=True)
class RapidParts:
    """rapidocr as installed: its two model files inside the wheel, and the versions of the libraries below it."""

    detector: Path
    recogniser: Path
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TesseractParts:
    """tesseract as installed: the program, its version, and the model file (None where it does not tell)."""

    program: str
    version: str
    model: Path | None


def rapidocr_parts() -> RapidParts:
    """Find rapidocr and its models. MissingPart names what is not there and how to go on without it."""
    needed = {"rapidocr": "rapidocr", "onnxruntime": "onnxruntime", "cv2": "opencv-python-headless", "numpy": "numpy"}
    missing = [package for module, package in needed.items() if util.find_spec(module) is None]
    if missing:
        raise no_rapidocr(", ".join(missing))
    spec = util.find_spec("rapidocr")
    assert spec is not None  # found above
    folder = Path((spec.submodule_search_locations or [""])[0]) / "models"
    for name in (DETECTOR, RECOGNISER):
        if not (folder / name).is_file():
            raise no_rapidocr(str(folder / name))
    versions = tuple((package, version_of(package)) for package in sorted({*needed.values(), "Pillow"}))
    return RapidParts(folder / DETECTOR, folder / RECOGNISER, versions)


def rectify_version() -> int | None:
    """The version of the step that lays screens flat; None where OpenCV is not installed and none is laid flat."""
    return RECTIFY if util.find_spec("cv2") is not None else None


def no_rapidocr(what: str) -> MissingPart:
    """The error for an installation without a working rapidocr; ``what`` is the part that is missing."""
    return MissingPart(
        _("The OCR engine rapidocr cannot be used: {what} is missing or broken.").format(what=what),
        hint=_(
            "Install it with: pip install 'rapidocr>=3.10,<4' onnxruntime opencv-python-headless. "
            "If that is impossible, use the less sure engine: --engine tesseract"
        ),
    )


def tesseract_parts() -> TesseractParts:
    """Find tesseract and its Chinese model. MissingPart names what is not there."""
    if util.find_spec("pytesseract") is None:
        raise MissingPart(
            _("The Python package pytesseract is not installed."), hint=_("Install it with: pip install pytesseract")
        )
    program = shutil.which("tesseract") or (WINDOWS_PLACE if os.path.isfile(WINDOWS_PLACE) else None)
    if program is None:
        raise MissingPart(
            _("The program tesseract is not installed."),
            hint=_("On Debian or Ubuntu: apt install tesseract-ocr tesseract-ocr-chi-sim"),
        )
    version, languages, folder = _ask(program)
    if LANGUAGE not in languages:
        raise MissingPart(
            _("tesseract is installed without its Chinese model {name}.").format(name=LANGUAGE),
            hint=_("On Debian or Ubuntu: apt install tesseract-ocr-chi-sim"),
        )
    model = folder / f"{LANGUAGE}.traineddata" if folder else None
    return TesseractParts(program, version, model if model and model.is_file() else None)


def _ask(program: str) -> tuple[str, frozenset[str], Path | None]:
    """Version, languages and model folder, from the program's own words."""
    try:
        says = [
            subprocess.run([program, option], capture_output=True, timeout=30, check=True, text=True, errors="replace")
            for option in ("--version", "--list-langs")
        ]
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingPart(_("tesseract is installed but does not run: {error}").format(error=error)) from error
    version, listing = (done.stdout or done.stderr for done in says)
    # tesseract 4 and older do not print the folder: the model's hash then stays unknown
    place = re.search(r'"([^"]+)"', listing)
    words = version.split(maxsplit=2)
    return words[1] if len(words) > 1 else "?", frozenset(listing.split()), Path(place[1]) if place else None


def version_of(package: str) -> str:
    """The installed version of a package, or ``unknown`` when it carries no metadata (another OpenCV build)."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def sha256_of(path: Path) -> str:
    """SHA-256 of a model file in hexadecimal; remembered, for it does not change while the program runs."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
