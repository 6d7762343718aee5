"""Times as programs write them into dumps: epoch numbers, ISO text with offset, local text."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from evidence.models import Stamp
from evidence.times import epoch_stamp, from_utc_text, local_stamp, offset_stamp

_EPOCH = re.compile(r"-?\d{9,19}")
_TEXT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]{1,2}(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r" ?(Z|[+-]\d{2}:?\d{2})?"
)
_QUARTER_S = 900


def dump_stamp(raw: object, zone: ZoneInfo) -> Stamp:
    """An instant from an epoch number, text with an offset, or local text (read in ``zone``).

    Text without seconds is exact to the minute. What cannot be read keeps its words and has no instant.
    """
    text = "" if raw is None else str(raw).strip()
    if _EPOCH.fullmatch(text):
        return epoch_stamp(text)
    match = _TEXT.fullmatch(text) if len(text) < 64 else None
    if match is None:
        return Stamp(raw=text[:200])
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    second, fraction, offset = match[6], match[7], match[8]
    try:
        wall = datetime(year, month, day, hour, minute, int(second or 0), int((fraction or "0")[:6].ljust(6, "0")))
        if offset is not None:
            sign = "+00:00" if offset == "Z" else offset
            moment = datetime.strptime(f"{wall:%Y-%m-%dT%H:%M:%S.%f}{sign}", "%Y-%m-%dT%H:%M:%S.%f%z")
            return offset_stamp(moment, text, "export", 60 if second is None else 0.001 if fraction else 1)
    except ValueError:
        return Stamp(raw=text)
    if second is None:
        return local_stamp(wall, zone, text, "export", 60, "minute_only")
    return local_stamp(wall, zone, text, "export", 0.001 if fraction else 1)


def _same_quarter(utc: str, readable: str) -> bool:
    """Whether two times of one day are whole quarters of an hour apart, by their figures: most rows end here."""
    if len(readable) != 19 or utc[:10] != readable[:10] or not (readable[14:16] + readable[17:19]).isdecimal():
        return False
    apart = (int(utc[14:16]) - int(readable[14:16])) * 60 + int(utc[17:19]) - int(readable[17:19])
    return apart % _QUARTER_S == 0


def differs(exact: Stamp, readable: str | None, zone: ZoneInfo) -> bool:
    """Whether a written local time cannot be the exact one in any zone (no whole quarter of an hour apart)."""
    if exact.utc is not None and readable and _same_quarter(exact.utc, readable):
        return False
    other = dump_stamp(readable, zone)
    if exact.utc is None or other.utc is None:
        return False
    apart = (from_utc_text(exact.utc) - from_utc_text(other.utc)).total_seconds()
    rest = abs(apart) % _QUARTER_S
    return min(rest, _QUARTER_S - rest) > max(other.precision_s, 1) or abs(apart) > 27 * 3600
