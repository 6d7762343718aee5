"""What the columns of Android's message and call databases mean, as backups copy them (formats.md 1.2-1.4).

Pure functions from one element's attributes to the columns of a record. Everything that has no column goes to
``extras`` unchanged, also values whose meaning is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from evidence.models import Direction, Outcome, Participant, Stamp
from evidence.phone import normalise

OWNER_TOKEN = "insert-address-token"  # stands for the phone's own, unknown number
_NO_NAME = {"", "null", "(unknown)", "(未知)", "（未知）", "unknown"}

# Telephony.TextBasedSmsColumns.TYPE and BaseMmsColumns.MESSAGE_BOX: direction, and why it never left the phone.
MESSAGE_TYPES: Mapping[str, tuple[Direction, str | None]] = {
    "1": ("in", None),
    "2": ("out", None),
    "3": ("out", "draft"),
    "4": ("out", "outbox"),
    "5": ("out", "failed"),
    "6": ("out", "queued"),
}
# CallLog.Calls.TYPE. Type 1 and 2 depend on the duration, see call_outcome.
_CALL_TYPES: Mapping[str, tuple[Direction, Outcome]] = {
    "1": ("in", "answered"),
    "2": ("out", "answered"),
    "3": ("in", "missed"),
    "4": ("in", "missed"),
    "5": ("in", "rejected"),
    "6": ("in", "rejected"),
    "7": ("in", "answered"),
}
CALL_WORDS = {"4": "voicemail", "6": "blocked", "7": "answered_elsewhere"}
# PduHeaders: from, to, cc, bcc
ADDRESS_ROLES: Mapping[str, Literal["from", "to", "cc", "bcc"]] = {
    "137": "from",
    "151": "to",
    "130": "cc",
    "129": "bcc",
}


_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d)")
_HALF_DAY = re.compile(r"(?P<pm>[Pp]\.?\s?[Mm]\b|下午|晚上|傍晚|中午)|[Aa]\.?\s?[Mm]\b|上午|凌晨|早上|清晨")
_DAY = 86400
_QUARTER = 900

compare_form = lru_cache(maxsize=8192)(normalise)


def is_null(value: str | None) -> bool:
    """Absent, empty, or the word by which the exporter writes SQL NULL."""
    return value is None or value in ("", "null")


@lru_cache(maxsize=8192)
def contact(value: str | None) -> str | None:
    """The address book's name, or None when the exporter says that there is none."""
    return None if value is None or value.strip().lower() in _NO_NAME else value


def call_outcome(kind: str | None, seconds: int | None) -> tuple[Direction | None, Outcome | None]:
    """Direction and outcome of a call by its type code and duration.

    An outgoing call of 0 seconds was not answered. An incoming one of type 1 (not 3, missed) with 0 seconds is
    neither surely answered nor surely missed: no outcome is stated. Unknown codes state nothing.
    """
    direction, outcome = _CALL_TYPES.get(kind or "", (None, None))
    if kind == "2":
        return direction, "answered" if seconds else "missed"
    if kind == "1" and seconds == 0:
        return direction, None
    return direction, outcome


def whole_seconds(value: str | None) -> int | None:
    """A duration column: a whole number of seconds, or None."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None


@lru_cache(maxsize=64)
def _hour_there(utc_hour: str, offset: int) -> str | None:
    """A blank and the hour of a clock that is ``offset`` seconds ahead; None where its minutes differ too."""
    return None if offset % 3600 else f" {(int(utc_hour) + offset // 3600) % 24:02d}"


def readable_offset(readable: str | None, time: Stamp, guess: int | None = None) -> int | None:
    """The phone's UTC offset in seconds, from a wall clock beside an instant; None when nothing can be said.

    ``readable_date`` is free text in the phone's language, so only its clock is read, not its date: the offset
    is the difference modulo one day, between -12 h and +12 h. Two seconds of rounding are forgiven; a value that
    is no multiple of 900 means that the two times do not belong together. ``guess``, the offset of the record
    before, only saves time: it is taken when the text ends in just the clock that it leads to.
    """
    if time.utc is None or not readable:
        return None
    utc = time.utc
    if guess is not None and readable[-6:] == utc[13:19] and readable[-9:-6] == _hour_there(utc[11:13], guess):
        return guess
    match = _CLOCK.search(readable)
    if match is None:
        return None
    hour = int(match[1])
    half = _HALF_DAY.search(readable) if hour <= 12 else None
    if half is not None:
        hour = hour % 12 + (12 if half["pm"] else 0)
    there = hour * 3600 + int(match[2]) * 60 + int(match[3])
    here = int(utc[11:13]) * 3600 + int(utc[14:16]) * 60 + int(utc[17:19])
    offset = (there - here + _DAY // 2) % _DAY - _DAY // 2
    nearest = round(offset / _QUARTER) * _QUARTER
    return nearest if abs(offset - nearest) <= 2 else offset


def split_addresses(value: str | None) -> tuple[str, ...]:
    """The numbers of a group conversation, joined by ``~`` (some writers: ``,``)."""
    if value is None or is_null(value):
        return ()
    return tuple(part for part in (p.strip() for p in re.split("[~,]", value)) if part)


def participants(addresses: Sequence[Mapping[str, str]]) -> tuple[Participant, ...]:
    """Who took part in an MMS, in file order, without the placeholder for the phone's own number."""
    out = []
    for entry in addresses:
        raw = entry.get("address")
        if raw is None or is_null(raw) or raw == OWNER_TOKEN:
            continue
        out.append(Participant(compare_form(raw) or raw, ADDRESS_ROLES.get(entry.get("type", ""))))
    return tuple(out)
