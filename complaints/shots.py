"""What a picture itself shows: of which kind it is, the time printed above some words, the rest of their bubble.

Pure functions over the lines of a reading. A time is given only as printed: nothing here makes an instant of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from complaints.exhibits import line_offsets
from evidence.models import Line, Reading, Record

PictureKind = Literal["photo", "screenshot", "image"]
SAME_EDGE = 12.0
"""Pixels by which the left edges of lines of one bubble may differ."""
NARROW = 0.8
"""Lines of one bubble stand closer than this part of a line's height."""
_SCREEN_NAME = re.compile("screenshot|screen shot|截屏|截图|屏幕截", re.IGNORECASE)
_DAY = r"(?:昨天|前天|今天|星期[一二三四五六日天]|周[一二三四五六日天]|(?:\d{4}[年/.-])?\d{1,2}[月/.-]\d{1,2}日?)"
_PART = r"(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上)"
_CLOCK = rf"{_PART}?\s*\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\s*[AaPp][Mm])?"
_TIME = re.compile(rf"(?:{_DAY}\s*{_CLOCK}|{_DAY}|{_CLOCK})")
_ENDS = "。！？!?；;"
_STATUS_BAR = 0.1
_TITLE_BAR = 0.25


def picture_kind(record: Record) -> PictureKind:
    """A camera's photo by its channel or EXIF, a screenshot by its name, else a picture of which no more is known."""
    exif = record.extras.get("exif")
    if record.channel == "photo" or (isinstance(exif, Mapping) and ("Make" in exif or "Model" in exif)):
        return "photo"
    if any(_SCREEN_NAME.search(media.name) for media in record.media):
        return "screenshot"
    return "image"


def is_time(text: str) -> bool:
    """Whether a line is nothing but a time as chat programs print it between messages (昨天 21:31, 4月27日下午2:36)."""
    return _TIME.fullmatch(text.strip()) is not None


def shown_time(reading: Reading, start: int, width: float) -> str:
    """The last time printed above the words at ``start`` of a reading's text, as printed; empty when there is none.

    ``width`` is that of the picture in pixels. Times between messages stand in the middle; the clock of the status
    bar is no such time.
    """
    first = next((i for i, (_a, b) in enumerate(line_offsets(reading)) if b > start), None)
    box = reading.lines[first].box if first is not None else None
    if box is None:
        return ""
    above = [
        (line.box[3], line.text.strip())
        for line in reading.lines
        if line.box is not None
        and line.box[3] <= box[1]
        and line.box[3] > _STATUS_BAR * width
        and _in_the_middle(line.box, width)
        and is_time(line.text)
    ]
    return max(above)[1] if above else ""


def titles(reading: Reading, width: float) -> tuple[str, ...]:
    """What stands in the title bar of a screenshot, where a chat program prints the name of the other side."""
    return tuple(
        line.text.strip()
        for line in reading.lines
        if line.box is not None
        and _STATUS_BAR * width < line.box[3] < _TITLE_BAR * width
        and _in_the_middle(line.box, width)
        and not is_time(line.text)
    )


def whole_lines(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """The lines that a span touches, with those of the same bubble that its first and last sentence go on in."""
    offsets = line_offsets(reading)
    touched = [i for i, (a, b) in enumerate(offsets) if a >= 0 and a < end and b > start]
    if not touched:
        return None
    first, last, lines = touched[0], touched[-1], reading.lines
    while first > 0 and not _ended(lines[first - 1]) and _follows(lines[first - 1], lines[first]):
        first -= 1
    while last + 1 < len(lines) and not _ended(lines[last]) and _follows(lines[last], lines[last + 1]):
        last += 1
    return offsets[first][0], offsets[last][1]


def _ended(line: Line) -> bool:
    return line.text.rstrip()[-1:] in _ENDS


def _follows(upper: Line, lower: Line) -> bool:
    """Whether ``lower`` is the next line of the same bubble."""
    if upper.box is None or lower.box is None:
        return False
    height = min(upper.box[3] - upper.box[1], lower.box[3] - lower.box[1])
    gap = lower.box[1] - upper.box[3]
    return abs(upper.box[0] - lower.box[0]) <= SAME_EDGE and -height < gap < NARROW * height


def _in_the_middle(box: tuple[float, float, float, float], width: float) -> bool:
    return 0.4 * width < (box[0] + box[2]) / 2 < 0.6 * width
