"""Wall clocks as tables write them, and what is missing in them: year, seconds, clock, order of day and month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from evidence.formats.tables.cells import Cell, strip, text_of
from evidence.models import Stamp, TimeBasis
from evidence.times import local_stamp, offset_stamp

Order = Literal["dmy", "mdy", "ymd"]
_SPACE = r"[\sT,，]*"
_TIME = (
    r"(?P<half>上午|下午|凌晨|早上|清晨|中午|晚上|傍晚)?\s*"
    r"(?P<h>\d{1,2})\s*[:：时時点]\s*(?P<mi>\d{1,2})\s*分?\s*(?:[:：]?\s*(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?"
    r"\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?\s*(?P<off>Z|[+-]\d\d:?\d\d)?"
)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_NAMED = "|".join(_MONTHS)
_WEEKDAY = r"(?:\s*[(（]?(?:星期|周|週)[一二三四五六日天][)）]?)?"
_TAIL = rf"{_WEEKDAY}(?:{_SPACE}{_TIME})?"
_PATTERNS = (
    re.compile(rf"(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*日?{_TAIL}"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:[\sT_-]?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?)?"),
    re.compile(rf"(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)\s+{_TIME}"),
    re.compile(rf"(?P<d>\d{{1,2}})\s+(?P<name>{_NAMED})[a-z]*\.?,?\s+(?P<y>\d{{4}}){_TAIL}", re.IGNORECASE),
    re.compile(rf"(?P<name>{_NAMED})[a-z]*\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}}){_TAIL}", re.IGNORECASE),
)
_YEARLESS = re.compile(rf"(?P<m>\d{{1,2}})\s*[-/月]\s*(?P<d>\d{{1,2}})\s*日?{_TAIL}")
_ORDERED = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{4}}|\d\d)(?:{_SPACE}{_TIME})?")
_CLOCK_ONLY = re.compile(_TIME)


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall clock as written. ``year`` is None where the text has none; ``clock`` (h, m, s, µs) where only a day is
    given. ``offset`` is the UTC offset written behind it."""

    year: int | None
    month: int
    day: int
    clock: tuple[int, int, int, int] | None
    precision_s: float
    offset: timedelta | None = None

    def at(self, year: int | None = None) -> datetime | None:
        """The moment without zone, in ``year`` where the text has none; None for a date that does not exist."""
        hour, minute, second, micro = self.clock or (0, 0, 0, 0)
        try:
            return datetime(self.year or year or 0, self.month, self.day, hour, minute, min(second, 59), micro)
        except ValueError:
            return None


def read_wall(cell: Cell, order: Order | None = None) -> Wall | None:
    """The wall clock in a cell, or None. ``05/04/2025`` needs ``order``, ``31/12/2025`` does not."""
    if isinstance(cell, datetime):
        clock = (cell.hour, cell.minute, cell.second, cell.microsecond)
        return Wall(cell.year, cell.month, cell.day, clock, 1.0)
    if isinstance(cell, date):
        return Wall(cell.year, cell.month, cell.day, None, 86400.0)
    if not isinstance(cell, str):
        return None
    text = strip(cell)
    if len(text) > 60:
        return None
    for pattern in _PATTERNS if text[:4].isdecimal() or not text[:1].isdecimal() else (_YEARLESS, *_PATTERNS):
        match = pattern.fullmatch(text)
        if match is not None:
            return _wall(match.groupdict())
    return _ordered(text, order)


def possible_orders(cell: Cell) -> frozenset[Order]:
    """Which orders of day and month a date such as ``05/04/2026`` allows; empty for texts that leave nothing open."""
    match = _ORDERED.fullmatch(strip(cell)) if isinstance(cell, str) and len(cell) < 60 else None
    if match is None:
        return frozenset()
    return frozenset(o for o in ("dmy", "mdy", "ymd") if _in_order(match, o) is not None)


def read_clock(cell: Cell) -> tuple[int, int, int, int] | None:
    """The time of day in a cell of its own, as (h, m, s, µs)."""
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return (seconds // 3600, seconds // 60 % 60, seconds % 60, 0) if 0 <= seconds < 86400 else None
    match = _CLOCK_ONLY.fullmatch(text_of(cell))
    wall = _wall({**match.groupdict(), "y": "2000", "m": "1", "d": "1"}) if match is not None else None
    return wall.clock if wall is not None else None


def _ordered(text: str, order: Order | None) -> Wall | None:
    match = _ORDERED.fullmatch(text)
    if match is None:
        return None
    found = {o: wall for o in ("dmy", "mdy", "ymd") if (wall := _in_order(match, o)) is not None}
    if order is not None:
        return found.get(order)
    return next(iter(found.values())) if len(set(found.values())) == 1 else None


def _in_order(match: re.Match[str], order: str) -> Wall | None:
    parts = match.groupdict()
    a, b, c = parts.pop("a"), parts.pop("b"), parts.pop("c")
    if order == "ymd":
        if len(c) == 4 or len(a) != 2:
            return None
        return _wall({**parts, "y": f"20{a}", "m": b, "d": c})
    year = c if len(c) == 4 else f"20{c}"
    return _wall({**parts, "y": year, "m": b if order == "dmy" else a, "d": a if order == "dmy" else b})


def _wall(parts: dict[str, str | None]) -> Wall | None:
    year_text = parts.get("y")
    year = int(year_text) if year_text else None
    name = parts.get("name")
    month = _MONTHS[name.lower()] if name else int(parts.get("m") or 0)
    day = int(parts.get("d") or 0)
    if parts.get("h") is None:
        wall = Wall(year, month, day, None, 86400.0)
    else:
        hour = _hour(int(parts["h"] or 0), parts.get("half"), parts.get("ampm"))
        if hour is None:
            return None
        seconds, part = parts.get("s"), parts.get("f")
        clock = (hour, int(parts["mi"] or 0), int(seconds or 0), int((part or "0").ljust(6, "0")[:6]))
        precision = 60.0 if seconds is None else 1.0 if part is None else 0.001
        wall = Wall(year, month, day, clock, precision, _offset(parts.get("off")))
    if wall.clock is not None and wall.clock[2] > 60:
        return None
    return wall if wall.at(year or 2000) is not None else None


def _hour(hour: int, half: str | None, ampm: str | None) -> int | None:
    late = (half in ("下午", "晚上", "傍晚", "中午")) if half else (ampm or "").lower().startswith("p")
    if not half and not ampm:
        return hour if hour < 24 else None
    if hour > 12:
        return hour if late and hour < 24 else None
    if half == "中午" and hour == 11:
        return 11
    return hour % 12 + (12 if late else 0)


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return (-size if text[0] == "-" else size) if size < timedelta(hours=24) else None


def wall_stamp(wall: Wall, zone: ZoneInfo, raw: str, year: int | None = None, basis: TimeBasis = "export") -> Stamp:
    """The instant of a wall clock in ``zone`` (or at its own offset). ``year`` is the one that was inferred."""
    moment = wall.at(year)
    if moment is None:
        return Stamp(raw=raw, basis=basis)
    if wall.offset is not None and wall.year is not None:
        zoned = moment.replace(tzinfo=UTC if not wall.offset else timezone(wall.offset))
        return offset_stamp(zoned, raw, basis, wall.precision_s)
    if wall.year is None:
        return local_stamp(moment, zone, raw, basis, wall.precision_s, "year_inferred")
    if wall.clock is None:
        return local_stamp(moment, zone, raw, basis, wall.precision_s, "date_only")
    how: Literal["minute_only", "local_assumed"] = "minute_only" if wall.precision_s == 60 else "local_assumed"
    return local_stamp(moment, zone, raw, basis, wall.precision_s, how)
