"""What an OCR engine is: the contract, its result, and how it fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from evidence.errors import DunlogError, Unreadable
from evidence.models import Line
from evidence.screenchat.model import Screen


class PictureUnknown(Unreadable):
    """These bytes are not a picture in a format that can be read."""

    code = "picture_unknown"


class PictureDamaged(Unreadable):
    """The picture is damaged or cut off: its pixels cannot be decoded."""

    code = "picture_damaged"


class PictureTooLarge(Unreadable):
    """The picture has more pixels than any phone makes; it is not decoded."""

    code = "picture_too_large"


class OcrFailed(DunlogError):
    """The OCR engine failed on this picture."""

    code = "ocr_failed"


@dataclass(frozen=True, slots=True)
class OcrText:
    """What an engine read from one picture, raw: nothing is corrected, folded or left out afterwards.

    ``lines`` are in reading order; each has ``score`` (0 to 1, the engine's own) and ``box`` (x0, y0, x1, y1) in
    pixels of the picture as a person sees it, that is after EXIF rotation; ``width`` and ``height`` are of that
    picture. ``made_by`` is the :func:`fingerprint` of the engine that really ran, maybe on another machine.
    ``rectified`` tells how the screen in a photo of a screen was laid flat before it was read
    (:func:`evidence.ocr.flat.result`); None for every other picture. ``screen`` is how the picture is divided when it
    shows a chat, ``screen_fault`` why it could not be looked at.
    """

    lines: tuple[Line, ...]
    width: int
    height: int
    made_by: str = ""
    rectified: Mapping[str, Any] | None = None
    screen: Screen | None = None
    screen_fault: str = ""

    @property
    def text(self) -> str:
        """The lines joined by line feeds."""
        return "\n".join(line.text for line in self.lines)


@runtime_checkable
class OcrEngine(Protocol):
    """Reads text from a picture file's bytes.

    ``settings`` holds everything that is needed to get the same text again: options, versions of the libraries
    below, and the SHA-256 of each model file. ``settings["confidence"]`` is ``normal`` or ``low``.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, Any]: ...

    def read(self, data: bytes) -> OcrText:
        """The text of one picture; a subclass of :class:`~evidence.errors.DunlogError` when there is none."""
        ...


def fingerprint(engine: OcrEngine) -> str:
    """SHA-256 over name, version and settings: equal for two machines whose engines are the same."""
    body = json.dumps([engine.name, engine.version, engine.settings], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()
