"""When a recording began, by the clocks in and around its file. All of them are claims.

Android stamps ``creation_time`` when it closes a file, that is at the end (AOSP MPEG4Writer), iPhones state the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from evidence.models import Stamp
from evidence.times import from_utc_text, to_utc_text

_START_KEY = "com.apple.quicktime.creationdate"
_CREATION_KEYS = (_START_KEY, "creation_time")
_UNSET_BEFORE = datetime(1990, 1, 1, tzinfo=UTC)  # 1904 and 1970 mean that nobody set the clock
_UNSET_AFTER = datetime(9998, 1, 1, tzinfo=UTC)
_HOUR = 3600.0
_TOLERANCE_S = 120.0
_ZONES_H = (-12, 14)


def creation_time(metadata: Mapping[str, str]) -> tuple[datetime, str] | None:
    """(instant, words) of the container's own clock, or None when it was never set or cannot be read."""
    for key in _CREATION_KEYS:
        raw = metadata.get(key)
        if raw is None:
            continue
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if _UNSET_BEFORE <= moment < _UNSET_AFTER:
            return moment, raw
    return None


def clocks_agree(start: datetime, zone: ZoneInfo, seconds: float, created: datetime) -> bool:
    """Whether a name's start and the container's clock can both be true, in some time zone.

    Android stamps the end of a recording, others its start; either must lie within 2 minutes of a whole number
    of hours from the name's time, and that number must lead to a zone that exists (-12 to +14 hours).
    """
    assumed = start.utcoffset() or start.replace(tzinfo=zone).utcoffset() or timedelta()
    begin = start if start.tzinfo else start.replace(tzinfo=zone)
    for shift in (seconds, 0.0):
        apart = (begin - created).total_seconds() + shift
        hours = round(apart / _HOUR)
        zone_h = assumed.total_seconds() / _HOUR + hours
        if abs(apart - hours * _HOUR) <= _TOLERANCE_S and _ZONES_H[0] <= zone_h <= _ZONES_H[1]:
            return True
    return False


def infer_year(wall: datetime, zone: ZoneInfo, reference: datetime) -> datetime | None:
    """``wall`` (of the year 2000) in the latest year that is not after ``reference`` by more than a day."""
    for year in range(reference.year + 1, reference.year - 5, -1):
        try:
            candidate = wall.replace(year=year)
        except ValueError:
            continue
        if candidate.replace(tzinfo=zone) <= reference + timedelta(days=1):
            return candidate
    return None


def container_start(metadata: Mapping[str, str], seconds: float) -> Stamp | None:
    """The start of a recording by the container's own clock; None when it was never set.

    Apple's field is the start. The other is the end on Android and the start elsewhere: the length is taken off, and
    the precision is as wide as the length.
    """
    created = creation_time(metadata)
    if created is None:
        return None
    moment, raw = created
    if metadata.get(_START_KEY) == raw:
        return Stamp(to_utc_text(moment), raw, "metadata", "offset_in_file", f"{moment:%z}", 1.0)
    start = to_utc_text(moment - timedelta(seconds=seconds))
    return Stamp(start, raw, "metadata", "offset_in_file", f"{moment:%z}", max(1.0, seconds))


def file_start(mtime: str | None, seconds: float) -> Stamp:
    """The start by the file system's clock, which on the phone shows the end; copying may have changed it."""
    if mtime is None:
        return Stamp(basis="file")
    start = to_utc_text(from_utc_text(mtime) - timedelta(seconds=seconds))
    return Stamp(start, mtime, "file", "file_mtime", None, max(1.0, seconds))
