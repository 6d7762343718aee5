"""What a cell of a spreadsheet means: its text, a telephone number, a length of time.

Spreadsheets turn numbers into floats, cut long ones to fifteen digits, write ``1.38E+10``, and exporters pad cells with
TABs, a leading ``'`` or ``="…"`` against that. Nothing that was lost is guessed back.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Cell = str | float | bool | date | timedelta
"""One cell: text, a number, a date (``datetime`` with a clock), a length or time of day. An empty one is ``""``."""

Unit = Literal["s", "ms", "min", "h", "day"]
UNITS: dict[str, float] = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "day": 86400.0}

_STRAY = " \t\r\n\u00a0\u3000\ufeff\u200b\u200e\u200f\u202a\u202c"
_FORMULA_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_MANGLED = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+?\d{1,3}")
_DIGITS = 15  # what a spreadsheet keeps of a number; further digits have become zeros
_CLOCK = re.compile(r"(?:(\d{1,4})[:：])?(\d{1,3})[:：](\d{1,2})(?:\.\d+)?")
_WORDS = re.compile(
    r"(?:(\d{1,4})\s*(?:小时|小時|时|時|hours?|hrs?|h))?\s*"
    r"(?:(\d{1,6})\s*(?:分钟|分鐘|分|minutes?|mins?|m(?!s)|['\u2032]))?\s*"
    r"(?:(\d{1,9})(?:\.\d+)?\s*(?:秒钟|秒鐘|秒|seconds?|secs?|s|[\"\u2033]))?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,9})?")


def strip(text: str) -> str:
    """Text without what exporters put around it: blanks, TABs, marks, ``="…"``, a leading ``'``."""
    out = text.strip(_STRAY)
    if not out.startswith(("=", "'")):
        return out
    match = _FORMULA_TEXT.fullmatch(out)
    if match is not None:
        return match[1].replace('""', '"').strip(_STRAY)
    return out[1:].strip(_STRAY) if out[0] == "'" and len(out) > 1 else out


def text_of(cell: Cell) -> str:
    """What a reader sees: numbers without a false ``.0``, dates as ``YYYY-MM-DD HH:MM:SS``, lengths as ``H:MM:SS``."""
    if isinstance(cell, str):
        return strip(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "milliseconds" if cell.microsecond else "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)


def kept(cell: Cell) -> str | float | bool:
    """A cell as a value for a record's ``extras``: text untouched, whole numbers as such, dates and lengths as text."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return repr(cell)
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    return text_of(cell)


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A telephone number as the cell shows it. ``lost``: the spreadsheet has destroyed digits for good."""

    text: str
    lost: bool = False


def number_of(cell: Cell) -> NumberCell:
    """The number in a cell. ``1.38E+10`` as text, and more than 15 digits as a number, are ``lost``."""
    text = text_of(cell)
    if isinstance(cell, float):
        return NumberCell(text, not cell.is_integer() or abs(cell) >= 10**_DIGITS)
    if text.endswith(".0") and text[:-2].isdecimal():
        return NumberCell(text[:-2], len(text) - 2 > _DIGITS)
    return NumberCell(text, _MANGLED.fullmatch(text) is not None)


def seconds_of(cell: Cell, unit: Unit | None = None) -> float | None:
    """A length of time in seconds, or None.

    Understands ``HH:MM:SS``, ``MM:SS``, ``1时2分3秒``, ``2分32秒``, ``1小时``, ``90 s``, plain numbers in ``unit``
    (seconds when not said), and a number between 0 and 1 without unit: a fraction of a day, as Excel keeps times.
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, timedelta):
        return float(round(cell.total_seconds())) if cell >= timedelta(0) else None
    if isinstance(cell, datetime):  # a length above 24 h, or a clock on Excel's day zero
        since = cell - (datetime(1899, 12, 30) if cell.year < 1904 else datetime(1904, 1, 1))
        return float(round(since.total_seconds())) if timedelta(0) <= since < timedelta(days=60) else None
    if isinstance(cell, float):
        return _plain_seconds(cell, unit)
    if not isinstance(cell, str):
        return None
    text = strip(cell)
    match = _CLOCK.fullmatch(text)
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        good = seconds < 60 and (minutes < 60 or match[1] is None)
        return float(hours * 3600 + minutes * 60 + seconds) if good else None
    if _PLAIN.fullmatch(text):
        return _plain_seconds(float(text), unit)
    words = _WORDS.fullmatch(text) if text[:1].isdecimal() else None
    if words is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in words.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def _plain_seconds(value: float, unit: Unit | None) -> float | None:
    if not math.isfinite(value) or value < 0 or value > 1e11:
        return None
    if unit is None:
        return float(round(value * 86400)) if 0 < value < 1 else value
    return round(value * UNITS[unit], 3)


def serial_moment(value: float, since_1904: bool = False) -> datetime | None:
    """The wall clock of an Excel serial date, to the second; None outside 1900-03-01 … 9998.

    Serial days before March 1900 are ambiguous (Excel counts a 29 February 1900 that never was). Workbooks of old Macs
    count from 1904.
    """
    if not math.isfinite(value) or not (0 if since_1904 else 61) <= value < 2_950_000:
        return None
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    moment = start + timedelta(seconds=round(value * 86400))
    return moment if moment.year < 9999 else None
