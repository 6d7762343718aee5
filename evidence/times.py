"""Instants and wall clocks (formats.md section 0.3 and 0.4 give the derivations)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from evidence.models import Stamp, TimeBasis, TimeHow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    day, rest = divmod(ms, 86_400_000)
    text = _day_text(day)
    if text is None:
        return None
    seconds, ms = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{text}T{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{ms:03d}Z"


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
