"""Which of several readings of one picture or recording counts."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.models import Reading

_KINDS = {"ocr": 0, "transcript": 1, "correction": 2}


def counting(readings: Sequence[Reading]) -> Reading | None:
    """The reading that counts of ``readings`` (oldest first); None when there is none.

    A person's correction before a transcript before OCR; OCR by an engine of normal confidence before one that calls
    its own results unsure (tesseract), whenever each was made; of equals the newest.
    """
    ranked = enumerate(readings)
    return max(ranked, key=lambda pair: (_KINDS[pair[1].kind], is_sure(pair[1]), pair[0]))[1] if readings else None


def is_sure(reading: Reading) -> bool:
    """Whether the engine calls its results sure (``settings["confidence"]``); people's readings are."""
    return reading.by == "person" or reading.settings.get("confidence") != "low"
