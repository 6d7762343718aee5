"""The words of a time label between messages: what they state, without knowing when the picture was taken.

Labels of WeChat, QQ, SMS programs, WhatsApp, Alipay and DingTalk in Chinese (both scripts) and English. A label that
can be read in several ways gives all of them; which one holds is for its neighbours and the capture to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

MINUTE, HOUR, DAY = 60, 3600, 86_400
_LONGEST = 60
_MOST_READINGS = 8

# Half of the day by the word; the hours that a clock of twelve has with it (hour shown -> hour of the day).
_MORNING = {hour: hour % 12 for hour in range(1, 13)}
_AFTERNOON = {hour: hour % 12 + 12 for hour in range(1, 13)}
_HALVES: dict[str, dict[int, int]] = {
    "上午": _MORNING,
    "am": _MORNING,
    "下午": _AFTERNOON,
    "pm": _AFTERNOON,
    "凌晨": {12: 0, **{hour: hour for hour in range(1, 8)}},
    "清晨": {hour: hour for hour in range(3, 10)},
    "早上": {hour: hour for hour in range(3, 12)},
    "早晨": {hour: hour for hour in range(3, 12)},
    "中午": {10: 10, 11: 11, 12: 12, 1: 13, 2: 14},
    "傍晚": {hour: hour + 12 for hour in range(3, 9)},
    "晚上": {hour: hour + 12 for hour in range(5, 12)},
    "夜里": {hour: hour + 12 for hour in range(6, 12)} | {hour: hour for hour in range(1, 6)},
    "深夜": {hour: hour + 12 for hour in range(8, 12)} | {hour: hour for hour in range(1, 6)},
    "半夜": {hour: hour + 12 for hour in range(9, 12)} | {hour: hour for hour in range(1, 6)},
    "午夜": {hour: hour + 12 for hour in range(9, 12)} | {hour: hour for hour in range(1, 6)},
}
_NIGHT_AT_TWELVE = ("晚上", "夜里", "深夜", "半夜", "午夜")  # of the day named, or of the one that begins
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5}
_ENGLISH_DAYS = {name: i for i, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "today": 0, "yesterday": 1}

_SCRIPT = str.maketrans("週剛鐘鍾時點後號禮淩間裡裏—–\u2212\u2010\u2011~", "周刚钟钟时点后号礼凌间里里------")
_DIGIT_LIKE = str.maketrans({"l": "1", "i": "1", "|": "1", "!": "1", "o": "0"})
_COLON = "[:;\u2236]"
_LOOSE_DIGIT = re.compile(r"(?<![a-z])(?=[\dlio|!]*\d|[lio|!]{1,2}[:;\u2236])[\dlio|!]+(?![a-z])")
_AFTER_COLON = re.compile(rf"(?<={_COLON})[\dlio|!]{{2}}(?![a-z])")
_EDGES = " \t\n-_·.,:;=*<>[]()'\"`'|"
_FILLER = re.compile(
    r"(?:[\s,·.]|at\b|on\b|的|短信|信息|彩信|文字信息|imessage|text message|sms\b|mms\b|rcs\b|在(?=今|昨|前|\d))+"
)

_MONTH_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("now", r"刚刚|just now|now\b"),
        (
            "ago",
            r"(?P<n>\d{1,3})\s*(?:个)?\s*(?P<unit>秒钟?|分钟?|小时|天|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)"
            r"\s*(?:之?前|ago\b)",
        ),
        ("day", r"今[天日]|昨[天日]|前[天日]|today|yesterday"),
        ("full", r"(?P<y>\d{4})\s*(?P<s>[年/.-])\s*(?P<m>\d{1,2})\s*[月/.-]\s*(?P<d>\d{1,2})\s*[日号]"),
        ("full", r"(?P<y>\d{4})\s*(?P<s>[年/.-])\s*(?P<m>\d{1,2})\s*[月/.-]\s*(?P<d>\d{1,2})"),
        ("west", r"(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})[/.-](?P<y>\d{4}|\d{2}(?![\d:]))"),
        ("month_day", r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"),
        ("month_day", r"(?P<m>\d{1,2})(?P<s>[/-])(?P<d>\d{1,2})"),
        (
            "named",
            rf"{_MONTH_NAME}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:)(?:\s*,?\s*(?P<y>(?:19|20)\d\d)(?![:\d]))?",
        ),
        ("named", rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*{_MONTH_NAME}(?:\s*,?\s*(?P<y>(?:19|20)\d\d)(?![:\d]))?"),
        ("weekday", r"(?:星期|周|礼拜)(?P<zh>[一二三四五六日天]|[1-6](?!\d*[:月/-]))"),
        ("weekday", r"(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\.?(?![a-z])"),
        ("lost_weekday", r"星期|周|礼拜"),
        ("half", r"上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|夜里|深夜|半夜|午夜|(?P<en>[ap])\.?\s?m\b\.?"),
        ("clock", rf"(?P<h>\d{{1,2}})\s?{_COLON}\s?(?P<mi>\d{{2}})(?:{_COLON}(?P<sec>\d{{2}}))?(?!\d)"),
        ("clock", r"(?P<h>\d{1,2})[时点](?P<mi>\d{1,2})分?"),
    )
)
# A date whose last number runs into the clock, the blank between them not read: 3/222:41 is 3/2 22:41 or 3/22 2:41.
_RUN_TOGETHER = re.compile(
    rf"(?P<date>(?:\d{{4}}[/.-])?\d{{1,2}}[/-])(?P<run>\d{{2,4}})(?P<rest>{_COLON}\s?\d{{2}}(?!\d))"
)


@dataclass(frozen=True, slots=True)
class Label:
    """One way to read a label. ``hour`` is of the day, 0 to 23; ``next_day`` when it lies after that day's midnight.

    ``days_ago``, ``weekday`` (0 is Monday) and ``ago`` (least and most seconds before the capture) need the capture;
    ``month`` and ``day`` without ``year`` too. ``weekday_lost``: the word for weekday stands there without its number.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    days_ago: int | None = None
    weekday: int | None = None
    weekday_lost: bool = False
    ago: tuple[int, int] | None = None
    hour: int | None = None
    minute: int = 0
    second: int | None = None
    next_day: bool = False

    @property
    def dated(self) -> bool:
        """Whether it says anything about the day."""
        return self.ago is not None or self.days_ago is not None or self.weekday is not None or self.month is not None

    @property
    def bare_clock(self) -> bool:
        """Whether it is a clock and nothing else."""
        return self.hour is not None and not self.dated and not self.weekday_lost

    @property
    def exact_s(self) -> float:
        """The width in seconds of what it states."""
        if self.ago is not None:
            return float(self.ago[1] - self.ago[0])
        if self.hour is None:
            return float(DAY)
        return float(MINUTE) if self.second is None else 1.0


@lru_cache(maxsize=4096)
def read_label(text: str) -> tuple[Label, ...]:
    """All readings of a label, the likeliest first; none for words that are no time or contradict each other."""
    folded = _normal(text)
    if not folded or len(folded) > _LONGEST:
        return ()
    found: dict[Label, None] = {}
    for candidate in _spellings(folded):
        found.update(dict.fromkeys(_readings(candidate)))
    return tuple(found)[:_MOST_READINGS]


@lru_cache(maxsize=4096)
def read_clock(text: str) -> tuple[Label, ...]:
    """The clock inside a bubble, among ticks or a word such as "edited"; none when it is not there exactly once."""
    clocks = re.findall(
        rf"(?:上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|半夜)?\s*\d{{1,2}}\s?{_COLON}\s?\d{{2}}(?!\d)(?:\s*[ap]\.?\s?m\b)?",
        _normal(text),
    )
    return tuple(one for one in read_label(clocks[0]) if one.bare_clock) if len(clocks) == 1 else ()


def _normal(text: str) -> str:
    """One width, one script, one case; letters that the engine took for digits inside a number put right."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SCRIPT)
    folded = re.sub(r"\s+", " ", folded)
    folded = _LOOSE_DIGIT.sub(lambda found: found[0].translate(_DIGIT_LIKE), folded)
    folded = _AFTER_COLON.sub(lambda found: found[0].translate(_DIGIT_LIKE), folded)
    return folded.strip(_EDGES)


def _spellings(folded: str) -> Iterator[str]:
    joined = _RUN_TOGETHER.search(folded)
    if joined is None:
        yield folded
        return
    run = joined["run"]
    splits = [(run[:cut], run[cut:]) for cut in (2, 1) if 1 <= len(run) - cut <= 2]
    for day, hour in sorted(splits, key=lambda pair: -len(pair[1])):  # clocks mostly have two digits
        yield f"{folded[: joined.start()]}{joined['date']}{day} {hour}{joined['rest']}{folded[joined.end() :]}"


def _readings(text: str) -> Iterator[Label]:
    """Each reading of one spelling: the words taken from left to right, each fact stated once."""
    parts = list(_tokens(text))
    kinds = [kind for kind, _found in parts]
    dates = [kind for kind in kinds if kind in ("day", "full", "west", "month_day", "named", "now", "ago")]
    if not parts or "" in kinds or len(dates) > 1 or any(kinds.count(kind) > 1 for kind in ("clock", "half")):
        return
    if sum(kind in ("weekday", "lost_weekday") for kind in kinds) > 1:
        return
    bases = [Label()]
    half = ""
    for kind, found in parts:
        if kind == "half":
            half = f"{found['en']}m" if found["en"] else found[0]
        bases = [changed for base in bases for changed in _with(base, kind, found)]
    if half and "clock" not in kinds:
        return
    for base in bases:
        if base.ago is not None and (base.hour is not None or base.weekday is not None or base.weekday_lost):
            continue
        yield from _hours(base, half)


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    at = 0
    blank = re.compile("")
    while at < len(text):
        filler = _FILLER.match(text, at)
        if filler is not None:
            at = filler.end()
            continue
        for kind, pattern in _TOKENS:
            found = pattern.match(text, at)
            if found is not None:
                yield kind, found
                at = found.end()
                break
        else:
            empty = blank.match(text, at)
            assert empty is not None
            yield "", empty
            return


def _with(base: Label, kind: str, found: re.Match[str]) -> Iterator[Label]:
    """``base`` with what one word states; nothing when it cannot be (month 13)."""
    if kind == "now":
        yield replace(base, ago=(0, MINUTE))
    elif kind == "ago":
        yield replace(base, ago=_ago(int(found["n"]), found["unit"]))
    elif kind == "day":
        yield replace(base, days_ago=_DAYS_AGO[found[0]])
    elif kind == "weekday":
        groups = found.groupdict()
        number = _WEEKDAYS[groups["zh"]] if groups.get("zh") else _ENGLISH_DAYS[groups["en"] or ""]
        yield replace(base, weekday=number)
    elif kind == "lost_weekday":
        yield replace(base, weekday_lost=True)
    elif kind == "clock":
        second = found.groupdict().get("sec")
        if int(found["h"]) <= 24 and int(found["mi"]) < 60 and int(second or 0) < 60:
            yield replace(
                base, hour=int(found["h"]), minute=int(found["mi"]), second=None if second is None else int(second)
            )
    elif kind == "half":
        yield base
    else:
        yield from (replace(base, year=y, month=m, day=d) for y, m, d in _date(kind, found))


def _date(kind: str, found: re.Match[str]) -> Iterator[tuple[int | None, int, int]]:
    if kind == "west":  # month and day in either order, as the phone's country has it
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        dates = {(int(found["a"]), int(found["b"])), (int(found["b"]), int(found["a"]))}
        triples: list[tuple[int | None, int, int]] = [(year, month, day) for month, day in sorted(dates)]
    else:
        groups = found.groupdict()
        month = _MONTHS.index(groups["name"] or "") + 1 if "name" in groups else int(found["m"])
        triples = [(int(groups["y"]) if groups.get("y") else None, month, int(found["d"]))]
    yield from (one for one in triples if 1 <= one[1] <= 12 and 1 <= one[2] <= 31 and _of_our_time(one[0]))


def _of_our_time(year: int | None) -> bool:
    return year is None or 1990 <= year <= 2100


def _ago(n: int, unit: str) -> tuple[int, int]:
    """Programs round down: 5 minutes ago is 5 to 6 minutes. Days may be counted by the calendar: one more each way."""
    first = unit[0]
    if first in "秒s":
        return n, n + MINUTE
    if first in "分m":
        return n * MINUTE, (n + 1) * MINUTE
    if first in "小h":
        return n * HOUR, (n + 1) * HOUR
    return max(n - 1, 0) * DAY, (n + 1) * DAY


def _hours(base: Label, half: str) -> Iterator[Label]:
    """The hour of the day by the word for its half. Twelve at night is at one end of the day named or the other."""
    hour = base.hour
    if hour is None:
        yield base
    elif not half:
        if hour < 24:
            yield base
    elif hour > 12:  # both at once: 下午 15:30
        if hour < 24 and hour in _HALVES[half].values():
            yield base
    elif hour == 12 and half in _NIGHT_AT_TWELVE:
        yield replace(base, hour=0)
        yield replace(base, hour=0, next_day=True)
    elif hour == 0:  # 凌晨0:30, 上午0:30; some programs write 下午0:30
        if half in ("凌晨", "上午", "am", *_NIGHT_AT_TWELVE):
            yield base
        elif half in ("下午", "中午", "pm"):
            yield replace(base, hour=12)
    elif hour in _HALVES[half]:
        yield replace(base, hour=_HALVES[half][hour])
