"""WeChat's own export: chosen messages sent by mail, as plain text (formats.md 3.3, first form).

A line names the two people or the group, a line of dashes the day, ``name  H:MM`` (two blanks) each message. Times are
exact to the minute. A message's text may hold blank lines and lines of the same look, so the whole text decides.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

_BLANKS = " \t\u00a0\u3000"  # not str.strip(): a nickname may be of signs that only look blank
_TITLE = re.compile(r"(在微信上的|微信群上的)聊天(?:记录|記錄|紀錄)如下")
_AND = (" 和 ", "和", " and ", " & ")
_DATE = re.compile(r"[—―─-]{2,}\s{0,8}((\d{4})[-/](\d{1,2})[-/](\d{1,2}))\s{0,8}[—―─-]{2,}\s{0,8}")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_GREETINGS = {"dear:", "dear：", "dear", "亲爱的", "亲爱的:", "亲爱的：", "親愛的", "親愛的:", "親愛的："}
_FOOTER = re.compile(r"(?:发自我的|發自我的|从我的.{1,20}发送|Sent from my ).{0,40}")
_TITLE_LINES = 60
_LONGEST_HEADER = 400


@dataclass(frozen=True, slots=True)
class ShareMessage:
    """One message. ``line`` counts from 1; ``wall`` is None before the first line of dashes; ``raw`` as written."""

    line: int
    wall: datetime | None
    raw: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """A parsed export. ``people`` are the two names of a chat of two, where the first line settles them.

    ``doubtful`` are lines that look like the start of a message and were read as text, ``earlier`` messages with an
    earlier time than the one before, ``outside`` lines that belong to none, ``footer`` what a mail program added.
    """

    title: str | None
    group: bool
    people: tuple[str, str] | None
    messages: tuple[ShareMessage, ...]
    doubtful: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
    footer: int | None = None


@dataclass(frozen=True, slots=True)
class _Day:
    date: date
    raw: str


@dataclass(frozen=True, slots=True)
class _Header:
    at: int  # index of the line
    name: str
    clock: str
    spaced: bool  # between blank lines, as WeChat writes it

    @property
    def minute(self) -> int:
        hour, minute = self.clock.split(":")
        return int(hour) * 60 + int(minute)


def is_wechat_share(text: str) -> bool:
    """Whether ``text`` is a WeChat chat sent by mail: its opening line and a header, or a day line and a header."""
    lines = text.split("\n")
    title = _title(lines)
    headers = _headers(lines)
    if title is not None:
        return bool(headers) or any(_day(line) for line in lines)
    days = [i for i, line in enumerate(lines) if _day(line)]
    return bool(days) and any(h.spaced and h.at > days[0] for h in headers)


def parse_share(text: str) -> Share:
    """Everything in ``text``; line ends are ``\\n``. Never raises."""
    lines = text.split("\n")
    title_at = _title(lines)
    group, people_text = False, None
    if title_at is not None:
        match = _TITLE.search(lines[title_at])
        assert match is not None
        group = match[1] == "微信群上的"
        people_text = lines[title_at][: match.start()].strip(_BLANKS).strip('“”"')
    days = {i: day for i, line in enumerate(lines) if (day := _day(line)) is not None}
    start = title_at + 1 if title_at is not None else min(days, default=0)
    found = [h for h in _headers(lines) if h.at >= start]
    layout = [h for h in found if h.spaced] if _is_spaced(found, days) else found
    people = None if group or people_text is None else _people(people_text, [h.name for h in layout])
    accepted, earlier = _accept(layout, days, people)
    taken = {h.at for h in accepted}
    doubtful = tuple(h.at + 1 for h in found if h.at not in taken)
    messages, footer = _messages(lines, accepted, days)
    first = min([*taken, *days], default=len(lines))
    outside = tuple(i + 1 for i in range(first) if i != title_at and not _is_greeting(lines[i]))
    return Share(people_text, group, people, messages, doubtful, earlier, outside, footer)


def _title(lines: list[str]) -> int | None:
    return next((i for i, line in enumerate(lines[:_TITLE_LINES]) if _TITLE.search(line[:1000])), None)


def _day(line: str) -> _Day | None:
    match = _DATE.fullmatch(line.strip(_BLANKS)) if len(line) < 80 else None
    if match is None:
        return None
    try:
        return _Day(date(*(int(part) for part in match.groups()[1:])), match[1])
    except ValueError:
        return None


def _header(line: str) -> tuple[str, str] | None:
    """(name, H:MM) of a line ``name  H:MM`` with two blanks or more between."""
    bare = line.rstrip(_BLANKS)
    if len(bare) > _LONGEST_HEADER or bare[-3:-2] != ":":
        return None
    rest = bare.rstrip("0123456789:")
    clock = _TIME.fullmatch(bare[len(rest) :])
    name = rest.rstrip(_BLANKS)
    if clock is None or len(rest) - len(name) < 2 or not name.lstrip(_BLANKS):
        return None
    return (name, clock[0]) if int(clock[1]) < 24 and int(clock[2]) < 60 else None


def _headers(lines: list[str]) -> list[_Header]:
    out = []
    for i, line in enumerate(lines):
        found = _header(line)
        if found is not None:
            before = i == 0 or _is_blank(lines[i - 1]) or _day(lines[i - 1]) is not None
            after = i + 1 >= len(lines) or _is_blank(lines[i + 1])
            out.append(_Header(i, *found, before and after))
    return out


def _is_blank(line: str) -> bool:
    return not line.strip(_BLANKS)


def _is_greeting(line: str) -> bool:
    return _is_blank(line) or line.strip(_BLANKS).lower() in _GREETINGS


def _is_spaced(found: list[_Header], days: dict[int, _Day]) -> bool:
    """Whether this text has blank lines around its headers: the first one after a day line cannot be anything else."""
    after = [h for h in found if not days or h.at > min(days)]
    return bool(after) and after[0].spaced


def _people(title: str, names: list[str]) -> tuple[str, str] | None:
    """The two names that make up ``title``; names may hold “和” themselves, so the names that speak decide."""
    spoken = set(names)
    for link in _AND:
        for first in dict.fromkeys(names):
            second = title[len(first + link) :]
            if second != first and second in spoken and title.startswith(first + link):
                return first, second
    if len(spoken) != 1:
        return None
    name = names[0]
    if title.startswith(name + _AND[0]):
        return name, title[len(name + _AND[0]) :]
    return (title[: -len(_AND[0] + name)], name) if title.endswith(_AND[0] + name) else None


def _accept(
    layout: list[_Header], days: dict[int, _Day], people: tuple[str, str] | None
) -> tuple[list[_Header], tuple[int, ...]]:
    """The headers that begin messages, and the lines of those whose time runs backwards within a day."""
    said = Counter(h.name for h in layout)
    day_lines = sorted(days)
    accepted: list[_Header] = []
    earlier: list[int] = []
    section, latest = -1, -1
    passed = 0
    for header in layout:
        while passed < len(day_lines) and day_lines[passed] < header.at:
            passed += 1
        if passed != section:
            section, latest = passed, -1
        if people is not None and header.name not in people:
            continue
        if header.minute < latest:
            if people is None and said[header.name] == 1:
                continue  # a name that speaks once, in the past: a line of the message before
            earlier.append(header.at + 1)
        latest = max(latest, header.minute)
        accepted.append(header)
    return accepted, tuple(earlier)


def _real_days(lines: list[str], headers: list[_Header], days: dict[int, _Day]) -> list[int]:
    """The day lines that a heading follows, or nothing at all; another one is a line of somebody's words."""
    starts = {header.at for header in headers}
    real: list[int] = []
    follows = True
    for i in range(len(lines) - 1, -1, -1):
        if i in days:
            real.extend([i] if follows else [])
        elif not _is_blank(lines[i]):
            follows = i in starts
    return real[::-1]


def _messages(
    lines: list[str], headers: list[_Header], days: dict[int, _Day]
) -> tuple[tuple[ShareMessage, ...], int | None]:
    day_lines = _real_days(lines, headers, days)
    footer = None
    out = []
    day, passed = None, 0
    for n, header in enumerate(headers):
        while passed < len(day_lines) and day_lines[passed] < header.at:
            day = days[day_lines[passed]]
            passed += 1
        end = headers[n + 1].at if n + 1 < len(headers) else len(lines)
        if passed < len(day_lines):
            end = min(end, day_lines[passed])
        body = lines[header.at + 1 : end]
        while body and _is_blank(body[-1]):
            body.pop()
        if n + 1 == len(headers) and len(body) > 1 and _FOOTER.fullmatch(body[-1].strip(_BLANKS)):
            footer = header.at + 1 + len(body)
            body.pop()
        text = "\n".join(body).strip("\n" + _BLANKS.replace("\u3000", ""))
        wall = None if day is None else datetime.combine(day.date, time(*divmod(header.minute, 60)))
        raw = header.clock if day is None else f"{day.raw} {header.clock}"
        out.append(ShareMessage(header.at + 1, wall, raw, header.name, text))
    return tuple(out), footer
