"""Text copied out of WeChat on a computer (formats.md 3.3, second form).

WeChat 4 writes ``name``, ``2026年09月29日 13:58`` and the words, a blank line between messages; older versions wrote
``name 2024/1/2 10:22`` or only ``name:``. Blank lines inside the words are the reason for looking at whole blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

_BLANKS = " \t\u00a0\u3000\r"  # a nickname of U+3164 only is no blank
_LONG = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日\s{0,2}(?:星期[一二三四五六日天]\s{0,2})?"
    r"(上午|下午|凌晨|早上|中午|晚上)?\s{0,2}(\d{1,2}):(\d{2})(?::(\d{2}))?"
)
_SHORT = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2}) {1,2}()(\d{1,2}):(\d{2})(?::(\d{2}))?")
_SHORT_LENGTH = 22
_LONGEST_NAME = 120
_LONGEST_TIME = 60
_AFTERNOON = {"下午", "晚上"}

Form = Literal["two_lines", "one_line", "name_only"]

_ENOUGH: tuple[tuple[Form, int], ...] = (("two_lines", 1), ("one_line", 2))


@dataclass(frozen=True, slots=True)
class Pasted:
    """One message. ``line`` counts from 1; ``raw`` is the time as written; ``precision_s`` 60 or 1."""

    line: int
    sender: str
    wall: datetime | None
    raw: str
    precision_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Paste:
    """``doubtful`` are lines that look like the start of a message and were read as text of the one before."""

    form: Form
    messages: tuple[Pasted, ...]
    doubtful: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Start:
    at: int
    body: int  # index of the first line of its words
    sender: str
    when: re.Match[str] | None
    spaced: bool


def recognise(text: str) -> Form | None:
    """Which of the three forms a text (or its first part) has, or None."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip(_BLANKS)), None)
    if first is None:
        return None
    for form, enough in _ENOUGH:
        starts = _starts(lines, form)
        if len(starts) >= enough and starts[0].at == first:
            return form
    return "name_only" if _is_dialogue(_starts(lines, "name_only"), first, lines) else None


def _is_dialogue(starts: list[_Start], first: int, lines: list[str]) -> bool:
    """``name:`` and words again and again: at least two names that both speak twice, and nothing else at the margin."""
    if len(starts) < 4 or starts[0].at != first or any(line[:1] in (" ", "-", "\t") for line in lines):
        return False
    said = Counter(start.sender for start in starts)
    blocks = sum(1 for i, line in enumerate(lines) if line.strip(_BLANKS) and (i == 0 or _blank(lines[i - 1])))
    return sum(1 for n in said.values() if n > 1) >= 2 and len(said) * 2 <= len(starts) and blocks <= len(starts) * 2


def parse_paste(text: str, form: Form) -> Paste:
    """The messages of a text of ``form``. Never raises."""
    lines = text.split("\n")
    found = _starts(lines, form)
    chosen = _without_empty([s for s in found if s.spaced] if found and found[0].spaced else found, lines)
    taken = {s.at for s in chosen}
    doubtful = tuple(s.at + 1 for s in found if s.at not in taken)
    messages = []
    for n, start in enumerate(chosen):
        end = chosen[n + 1].at if n + 1 < len(chosen) else len(lines)
        messages.append(_message(start, lines[start.body : end]))
    first = chosen[0].at if chosen else len(lines)
    outside = tuple(i + 1 for i in range(first) if lines[i].strip(_BLANKS))
    return Paste(form, tuple(messages), doubtful, outside)


def _without_empty(starts: list[_Start], lines: list[str]) -> list[_Start]:
    """Without those that have no words and whose name never speaks elsewhere: a line of text above a date."""
    ends = [*(s.at for s in starts[1:]), len(lines)]
    said = Counter(start.sender for start in starts)
    return [
        start
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
        if n == 0 or said[start.sender] > 1 or any(not _blank(line) for line in lines[start.body : end])
    ]


def _message(start: _Start, body: list[str]) -> Pasted:
    while body and _blank(body[-1]):
        body.pop()
    while body and _blank(body[0]):
        body.pop(0)
    when = start.when
    raw = "" if when is None else when[0].strip(_BLANKS)
    precise = when is not None and when[7] is not None
    return Pasted(start.at + 1, start.sender, _wall(when), raw, 1 if precise else 60, "\n".join(body))


def _starts(lines: list[str], form: Form) -> list[_Start]:
    finder = {"two_lines": _two_lines, "one_line": _one_line, "name_only": _name_only}[form]
    out = []
    for i in range(len(lines)):
        found = finder(lines, i)
        if found is not None:
            sender, when, body = found
            out.append(_Start(i, body, sender, when, i == 0 or _blank(lines[i - 1])))
    return out


def _two_lines(lines: list[str], i: int) -> tuple[str, re.Match[str] | None, int] | None:
    name = lines[i].rstrip("\r")
    if i + 1 >= len(lines) or not 0 < len(name) <= _LONGEST_NAME or _blank(name) or len(lines[i + 1]) > _LONGEST_TIME:
        return None
    when = _LONG.fullmatch(lines[i + 1].strip(_BLANKS))
    if when is None or _wall(when) is None or _LONG.fullmatch(name.strip(_BLANKS)):
        return None
    return name, when, i + 2


def _one_line(lines: list[str], i: int) -> tuple[str, re.Match[str] | None, int] | None:
    line = lines[i].rstrip(_BLANKS)
    if len(line) > _LONGEST_NAME + _SHORT_LENGTH:
        return None
    tail = line[-_SHORT_LENGTH:]
    found = next((m for m in _SHORT.finditer(tail) if m.end() == len(tail)), None)
    if found is None or _wall(found) is None:
        return None
    before = line[: len(line) - len(found[0])]
    name = before.rstrip(_BLANKS)
    return (name, found, i + 1) if name and name != before else None


def _name_only(lines: list[str], i: int) -> tuple[str, re.Match[str] | None, int] | None:
    line = lines[i].rstrip(_BLANKS)
    if not 1 < len(line) <= 60 or line[-1] not in ":：" or not (i == 0 or _blank(lines[i - 1])):
        return None
    return (line[:-1], None, i + 1) if i + 1 < len(lines) and not _blank(lines[i + 1]) else None


def _wall(when: re.Match[str] | None) -> datetime | None:
    if when is None:
        return None
    year, month, day, half, hour, minute, second = when.groups()
    hours = int(hour)
    if (half in _AFTERNOON and hours < 12) or (half == "中午" and hours < 3):
        hours += 12
    elif half in ("上午", "凌晨", "早上") and hours == 12:
        hours = 0
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute), int(second or 0))
    except ValueError:
        return None


def _blank(line: str) -> bool:
    return not line.strip(_BLANKS)
