"""What a rendering reports, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evidence.errors import DunlogError, ExitCode


class PdfError(DunlogError):
    """The PDF cannot be made from this document."""

    exit_code = ExitCode.FAILED
    code = "pdf"


@dataclass(frozen=True, slots=True)
class Substitute:
    """A picture that could not be drawn: a box with ``reason`` stands in its place."""

    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class PdfReport:
    """What was printed.

    ``missing_characters`` are those that no font has and that stand as ``[U+XXXX NAME]``; ``anchors`` maps each
    anchor to its page, counted from 1; ``warnings`` are sentences for the person who asked for the file.
    """

    pages: int
    missing_characters: tuple[str, ...] = ()
    anchors: Mapping[str, int] = field(default_factory=dict)
    substitutes: tuple[Substitute, ...] = ()
    warnings: tuple[str, ...] = ()
