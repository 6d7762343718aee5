"""Instants and wall clocks (formats.md section 0.3 and 0.4 give the derivations)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from evidence.models import Stamp, TimeBasis, TimeHow, exact_stamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS_DIGITS = 13
_MISSING = {"", "0", "-1", "null", "none"}


@lru_cache(maxsize=4096)
def _day_text(day: int) -> str | None:
    """``YYYY-MM-DD`` of a day since 1970, None where the calendar of a time zone could end."""
    try:
        moment = _EPOCH + timedelta(days=day)
    except OverflowError:
        return None
    return moment.date().isoformat() if _plausible(moment) else None


def _epoch_text(ms: int) -> str | None:
    """UTC text of milliseconds since 1970: written for backups of a hundred thousand rows."""
    minute, rest = divmod(ms, 60_000)
    day, minute = divmod(minute, 1440)
    text = _day_text(day)
    return None if text is None else f"{text}T{_MINUTES[minute]}:{rest // 1000:02d}.{rest % 1000:03d}Z"


_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))
_SECONDS = tuple(f"{second:02d}" for second in range(60))


def to_utc_text(moment: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SS.mmmZ``, the year always with four digits. The argument must know its zone."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def from_utc_text(text: str) -> datetime:
    """The inverse of :func:`to_utc_text`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _plausible(moment: datetime) -> bool:
    """Far enough from the ends of the calendar that every time zone can show it."""
    return 2 <= moment.year <= 9998


def epoch_stamp(raw: str | int | None, basis: TimeBasis = "export") -> Stamp:
    """An integer epoch of unknown unit: below 1e11 seconds, below 1e14 ms, below 1e17 us, else ns.

    Missing values, text that is no integer and years that no zone can show (before 2, after 9998) give a stamp
    without instant that keeps the raw words.
    """
    if isinstance(raw, str) and len(raw) == _MS_DIGITS and raw.isdecimal() and raw.isascii() and raw[0] != "0":
        minute, second = divmod(int(raw[:10]), 60)  # the usual case, and no other: milliseconds of our time
        day, minute = divmod(minute, 1440)
        date, ms = _day_text(day), raw[10:]
        if date is not None:
            instant = f"{date}T{_MINUTES[minute]}:{_SECONDS[second]}.{ms}Z"
            return exact_stamp(instant, raw, basis, 1.0 if ms == "000" else 0.001)
    text = "" if raw is None else str(raw).strip()
    if text.lower() in _MISSING:
        return Stamp(raw=text, basis=basis)
    try:
        value = int(text)
    except ValueError:
        return Stamp(raw=text, basis=basis)
    size = abs(value)
    unit = 1 if size < 10**11 else 10**3 if size < 10**14 else 10**6 if size < 10**17 else 10**9
    utc = _epoch_text(value * 1000 // unit)
    if utc is None:
        return Stamp(raw=text, basis=basis)
    precision = 1.0 if unit == 1 or value % unit == 0 else 0.001
    return Stamp(utc, text, basis, "epoch_utc", None, precision)


def local_stamp(
    wall: datetime,
    zone: ZoneInfo,
    raw: str,
    basis: TimeBasis,
    precision_s: float = 1.0,
    how: TimeHow = "local_assumed",
) -> Stamp:
    """A wall clock without offset, read in ``zone``. The stamp names the zone that was assumed."""
    if not _plausible(wall):
        return Stamp(raw=raw, basis=basis)
    return Stamp(to_utc_text(wall.replace(tzinfo=zone)), raw, basis, how, zone.key, precision_s)


def offset_stamp(moment: datetime, raw: str, basis: TimeBasis, precision_s: float = 1.0) -> Stamp:
    """A wall clock that carries its own offset."""
    if not _plausible(moment):
        return Stamp(raw=raw, basis=basis)
    return Stamp(to_utc_text(moment), raw, basis, "offset_in_file", f"{moment:%z}", precision_s)


_APPLE_EPOCH = 978_307_200  # 2001-01-01T00:00:00Z in seconds since 1970
_APPLE_SECONDS_BELOW = 10**11


def apple_stamp(raw: object, basis: TimeBasis = "export") -> Stamp:
    """A time of an Apple database: seconds since 2001-01-01 UTC, or nanoseconds since iOS 11 (above 1e11).

    The unit is decided for each value, since one file can hold both. Whole numbers, fractions and their texts are
    read; 0, -1 and nothing mean never. What is no number, or no year that can be shown, gives a stamp without instant.
    """
    if type(raw) is int and raw > 0:  # nearly always: by the hundred thousand
        return _apple(raw, str(raw), basis)
    if raw is None or raw in (0, -1) or not isinstance(raw, (int, float, str)):
        return Stamp(raw="" if raw is None or isinstance(raw, bytes) else str(raw), basis=basis)
    text = str(raw).strip()
    if text.lower() in _MISSING:
        return Stamp(raw=text, basis=basis)
    try:
        value: int | float = raw if isinstance(raw, int) else int(text) if text.lstrip("-").isdecimal() else float(text)
        return _apple(value, text, basis)
    except (ValueError, OverflowError):  # words, not a number, infinite
        return Stamp(raw=text, basis=basis)


def _apple(value: int | float, text: str, basis: TimeBasis) -> Stamp:
    ms = int(value) // 10**6 if abs(value) > _APPLE_SECONDS_BELOW else round(value * 1000)
    utc = _epoch_text(ms + _APPLE_EPOCH * 1000)
    if utc is None:
        return Stamp(raw=text, basis=basis)
    return Stamp(utc, text, basis, "epoch_utc", None, 0.001 if ms % 1000 else 1.0)
