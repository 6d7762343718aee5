"""Telephone numbers: kept as found, compared in one normal form (never used to guess an owner)."""

from __future__ import annotations

import re
import unicodedata

_FORMAT_CHARS = re.compile("[\\s\\-\u2010-\u2015().\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\uff08\uff09]")
_IP_PREFIXES = ("12593", "17951", "17909")
_ABSENT = {"", "-1", "-2", "null", "unknown", "private", "unavailable"}
_LANDLINE = re.compile(r"(?!400|800|95)[2-9]\d{9,10}")
"""What stands after the country code of a landline: its area code has lost the 0 that it is dialled with at home."""
_DIALLED = re.compile(r"\+?[0-9*#]{2,}")


def normalise(raw: str | None) -> str | None:
    """The form in which two spellings of one number are equal, or None for a withheld or absent number.

    Full-width digits become ASCII, blanks, hyphens, brackets and direction marks go, and the country code 86
    (``+86``, ``0086``, or ``86`` before 11 digits) and the IP-dialling prefixes of the Chinese carriers are cut; a
    landline gets the 0 of its area code back. Names and masked numbers (``138****0001``) are returned stripped,
    otherwise as they are.
    """
    if raw is None:
        return None
    text = unicodedata.normalize("NFKC", raw).strip()
    compact = _FORMAT_CHARS.sub("", text)
    if {text.lower(), compact.lower()} & _ABSENT:
        return None
    if not _DIALLED.fullmatch(compact):
        return text
    for prefix in ("+86", "0086"):
        if compact.startswith(prefix) and len(compact) > len(prefix) + 4:
            compact = compact[len(prefix) :]
            if _LANDLINE.fullmatch(compact):
                compact = "0" + compact
            break
    else:
        if compact.startswith("86") and len(compact) == 13:
            compact = compact[2:]
    for prefix in _IP_PREFIXES:
        if compact.startswith(prefix) and len(compact) >= len(prefix) + 7:
            compact = compact[len(prefix) :]
            break
    return compact


def is_masked(number: str | None) -> bool:
    """Whether digits were hidden by the exporter, so that the number cannot identify a caller."""
    return number is not None and "*" in number and _DIALLED.fullmatch(number.replace("*", "")) is not None
