"""The date and clock at the beginning of a line of an exported chat, in the forms of many languages (formats.md 3.1).

Only what stands there is read; which of two numbers is the day, one line cannot tell (``formats.chats.dateorder``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

Style = Literal["bracket", "dash", "colon"]
Order = Literal["dmy", "mdy", "ymd"]

MARKS = "\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Signs without width that programs put around names and before attachments; inside brackets of a pattern."""
MARK_SIGNS = "".join(map(chr, (0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))

# What is said of the half of the day: (hours counted from 12 again, later half). Words of CLDR's day periods.
_AM = ("am", "a", "上午", "午前", "오전", "πμ", "ص", "öö", "sa", "pg", "de", "dop", "fm", "vorm")
_PM = ("pm", "p", "下午", "午後", "오후", "μμ", "م", "ös", "ch", "ptg", "du", "odp", "em", "nachm")
_NIGHT = ("凌晨", "清晨", "早上", "早晨", "午夜", "半夜")
_EVENING = ("晚上", "傍晚")
_NOON = ("中午",)
_NEUTRAL = {
    "klo", "kl", "om", "um", "at", "à", "a", "las", "alle", "às", "as", "в", "\u0433", "ч", "h", "uhr",
    "godz", "o", "u", "ve", "la"
}  # fmt: skip
UNKNOWN = "?"  # begins the half of the day where a word stands that is not known
_EAST = "上午|下午|午前|午後|오전|오후|凌晨|清晨|早上|早晨|午夜|半夜|晚上|傍晚|中午"
_KOREAN = ("오전", "오후")
_WEST = (
    r"[ap]\.?\s?m\b\.?|[ap]\b|π\.?μ\.?|μ\.?μ\.?|[صم]\b|ö[öÖsS]\b|sa\b|ch\b|pt?g\b|d[eu]\.|dop\.|odp\.|[fe]m\b|"
    r"vorm\.|nachm\."
)
_HALF = rf"(?:{_EAST}|{_WEST})"
_BLANK = "[ \\t\u00a0\u2000-\u200a\u202f\u3000]"
_SEP = rf"{_BLANK}?[./\-\u2010-\u2013年년]{_BLANK}?"
_SEP2 = rf"{_BLANK}?[./\-\u2010-\u2013月월]{_BLANK}?"
_WORD = r"[^\W\d_]{1,10}\.?,?"
_DATE = rf"(?P<a>\d{{1,4}})(?P<s>{_SEP})(?P<b>\d{{1,2}}){_SEP2}(?P<c>\d{{1,4}}|\d{{1,2}}[日일])\.?"
_BETWEEN = rf"(?P<comma>[,،、.]?)(?P<gap>{_BLANK}{{1,3}}(?:{_WORD}{_BLANK}{{1,3}}){{0,2}}?)"
_CLOCK = (
    rf"(?P<pre>{_HALF})?{_BLANK}{{0,2}}(?P<h>\d{{1,2}})(?P<dot>[:.：])(?P<mi>\d{{2}})(?:[:.：](?P<sec>\d{{2}}))?"
    rf"(?:{_BLANK}{{0,2}}(?P<post>{_HALF}))?(?:{_BLANK}(?P<tail>{_WORD}))?"
)
_END = rf"(?:(?P<bracket>\])(?:{_BLANK}|$)|(?P<dash>{_BLANK}[-\u2013]{_BLANK})|(?P<colon>:{_BLANK}))"
_HEAD = re.compile(rf"[{MARKS}]*(?P<open>\[?)(?P<raw>{_DATE}{_BETWEEN}{_CLOCK}){_END}", re.IGNORECASE)
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Shape:
    """What all heads of one export have in common, so that a line that only looks like one can be told apart."""

    style: Style
    year_first: bool
    year_digits: int
    separator: str
    comma: bool
    seconds: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A date and clock. ``numbers`` of the date in the order of the text; ``half`` the word for the half of the day.

    ``raw`` is the text of both, ``end`` where the rest of the line begins.
    """

    shape: Shape
    numbers: tuple[int, int, int]
    hour: int
    minute: int
    second: int | None
    half: str
    raw: str
    end: int

    @property
    def precision_s(self) -> float:
        """1 where the export has seconds, else 60."""
        return 60.0 if self.second is None else 1.0


def read_head(line: str) -> Head | None:
    """The date and clock that a line begins with, or None. The date need not exist."""
    match = _HEAD.match(line, 0, _LONGEST)
    if match is None or bool(match["open"]) != bool(match["bracket"]):
        return None
    first, last = match["a"], match["c"].rstrip("日일")
    digits = 4 if 4 in (len(first), len(last)) else 2
    if len(first) == len(last) == 4 or 3 in (len(first), len(last)):
        return None
    style: Style = "bracket" if match["bracket"] else "dash" if match["dash"] else "colon"
    year_first = len(first) == 4 or (match["pre"] or "") in _KOREAN  # "18. 6. 13. 오후 6:05"
    shape = _shape(style, year_first, digits, match["s"].strip(), bool(match["comma"]), match["sec"] is not None)
    return Head(
        shape,
        (int(first), int(match["b"]), int(last)),
        int(match["h"]),
        int(match["mi"]),
        None if match["sec"] is None else int(match["sec"]),
        _half(match),
        match["raw"],
        match.end(),
    )


@lru_cache(maxsize=256)
def _shape(*parts: Any) -> Shape:
    return Shape(*parts)


def _half(match: re.Match[str]) -> str:
    known = match["pre"] or match["post"]
    if known:
        return re.sub(r"[.\s]", "", known).lower()
    if match["tail"] is None and match["gap"].isspace():
        return ""
    words = [word.strip(".,").lower() for word in f"{match['gap']} {match['tail'] or ''}".split()]
    return "".join(UNKNOWN + word for word in words if word not in _NEUTRAL)


def day_of(numbers: tuple[int, int, int], order: Order) -> tuple[int, int, int]:
    """(year, month, day) of the numbers of a date; a year of two digits is one of this century."""
    first, second, third = numbers
    year, month, day = {
        "dmy": (third, second, first),
        "mdy": (third, first, second),
        "ymd": (first, second, third),
    }[order]
    return (year + 2000 if year < 100 else year), month, day


def full_hour(hour: int, half: str, whole_day: bool = False) -> int | None:
    """The hour from 0 to 23, or None where the word and the number contradict each other or leave it open.

    ``whole_day``: the file is known to count to 24, so that a word that is not known says nothing about the half.
    """
    if half.startswith(UNKNOWN) and (whole_day or hour > 12):
        half = ""
    if not 0 <= hour <= 24 or not half:
        return hour if 0 <= hour < 24 else None
    if half in _PM:
        return hour if 13 <= hour < 24 else None if hour == 24 else hour % 12 + 12
    if half in _NOON:  # 11 to 13 o'clock, sometimes to 15
        return {10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 15: 15, 1: 13, 2: 14, 3: 15}.get(hour)
    if half in _EVENING:  # "晚上12:30" can be of this day or the next
        return hour if 13 <= hour < 24 else hour + 12 if 1 <= hour < 12 else None
    if half in _AM or half in _NIGHT:
        return None if hour > 12 else hour % 12
    return None


def wall_clock(head: Head, order: Order, whole_day: bool = False) -> datetime | None:
    """The wall clock of ``head`` when its date is written in ``order``; None for one that does not exist."""
    hour = full_hour(head.hour, head.half, whole_day)
    if hour is None:
        return None
    year, month, day = day_of(head.numbers, order)
    try:
        return datetime(year, month, day, hour, head.minute, head.second or 0)
    except ValueError:
        return None
