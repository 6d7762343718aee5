"""The text that LINE sends of a chat: the day on its own line, then ``HH:MM<TAB>sender<TAB>text`` (formats.md 3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evidence.formats.chats.chatclock import Order, full_hour
from evidence.formats.chats.dateorder import DateOrder, Settled, candidates_of

TEXT_LIMIT = 4 << 20
HEAD_LINES = 12
_MARKS = "\ufeff\u200e\u200f"
_TITLES = tuple(
    (re.compile(pattern), group)
    for pattern, group in (
        (r"(?:\[LINE\] ?)?Chat history with (?P<x>.+)", False),
        (r"(?:\[LINE\] ?)?Chat history in (?P<x>.+)", True),
        (r"\[LINE\] ?(?:与|與|和|跟) ?(?P<x>.+?) ?的(?:聊天|对话|對話)(?:记录|記錄|紀錄)", False),
        (r"\[LINE\] ?(?P<x>.+?)との(?:トーク|チャット)(?:履歴)?", False),
        (r"\[LINE\] ?(?P<x>.+?)の(?:トーク|チャット)(?:履歴)?", True),
        (r"\[LINE\] ?(?P<x>.+?) ?的(?:聊天|对话|對話)(?:记录|記錄|紀錄)", True),
        (r"\[LINE\] ?(?P<x>.+?)님과의? ?(?:대화|채팅).*", False),
        (r"\[LINE\] ?(?P<x>.+)", False),
    )
)
_SAVED = re.compile(
    r"(?:Saved on|保存日期|保存日時|储存日期|儲存日期|保存时间|저장한 날짜|저장 시각)\s?[:：]\s?(?P<raw>.+)"
)
_DAY_NAME = r"[(（]?(?P<w>[^\W\d_]{1,12})[)）]?\.?"
_YEAR_FIRST = re.compile(rf"(?P<a>\d{{4}})(?P<s>[/.\-])(?P<b>\d{{1,2}})[/.\-](?P<c>\d{{1,2}})(?:\s?{_DAY_NAME})?\s*")
_YEAR_LAST = re.compile(
    rf"(?:{_DAY_NAME},?\s)?(?P<a>\d{{1,2}})(?P<s>[/.\-])(?P<b>\d{{1,2}})[/.\-](?P<c>\d{{4}})(?:\s?[(（](?P<v>[^\W\d_]{{1,12}})[)）])?\s*"
)
_EAST_DAY = re.compile(rf"(?P<a>\d{{4}})年(?P<b>\d{{1,2}})月(?P<c>\d{{1,2}})日(?:\s?{_DAY_NAME})?\s*")
_HALF = r"上午|下午|凌晨|早上|中午|晚上|午前|午後|오전|오후"
_CLOCK = rf"(?P<raw>(?P<pre>{_HALF})?\s?(?P<h>\d{{1,2}}):(?P<mi>\d{{2}})\s?(?P<post>[AaPp][Mm])?)"
_TABBED = re.compile(rf"{_CLOCK}\t(?P<rest>.*)", re.DOTALL)
_SPACED = re.compile(rf"{_CLOCK} (?P<rest>.*)", re.DOTALL)
_WEEKDAYS = {
    name: day
    for day, names in enumerate((
        "mon monday 月 周一 星期一 週一 一 월 월요일", "tue tuesday 火 周二 星期二 週二 二 화 화요일",
        "wed wednesday 水 周三 星期三 週三 三 수 수요일", "thu thursday 木 周四 星期四 週四 四 목 목요일",
        "fri friday 金 周五 星期五 週五 五 금 금요일", "sat saturday 土 周六 星期六 週六 六 토 토요일",
        "sun sunday 日 周日 星期日 週日 周天 星期天 日曜日 일 일요일",
    ))
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineTitle:
    """What the first line says: with whom (or in which group) the chat is."""

    name: str
    group: bool
    line: int


@dataclass(frozen=True, slots=True)
class LineDay:
    """A line that begins a day. ``weekday`` counts from Monday 0; None where no name of a day stands there."""

    raw: str
    numbers: tuple[int, int, int]
    year_first: bool
    weekday: int | None


@dataclass(slots=True)
class LineMessage:
    """One message. ``sender`` is None for a line of the program; ``day`` None above the first day."""

    line: int
    day: LineDay | None
    clock: str
    hour: int | None
    minute: int
    sender: str | None
    parts: list[str]
    quoted: bool = False
    size: int = 0
    cut: bool = False

    @property
    def text(self) -> str:
        """The words, lines joined by ``\\n``; the quotation marks around text of several lines are taken off."""
        whole = "\n".join(self.parts)
        if self.quoted and len(whole) > 1 and whole.endswith('"'):
            return whole[1:-1].replace('""', '"')
        return whole


def read_title(line: str, number: int) -> LineTitle | None:
    """The title, when ``line`` is the first of an export."""
    plain = line.strip(_MARKS + " \t\r\n")
    if len(plain) > 400:
        return None
    for pattern, group in _TITLES:
        match = pattern.fullmatch(plain)
        if match is not None:
            return LineTitle(match["x"].strip().strip('“”"'), group, number)
    return None


def saved_on(line: str) -> str | None:
    """When the export was made, as written, from the line that says so."""
    match = _SAVED.fullmatch(line.strip(_MARKS + " \t\r\n"))
    return None if match is None else match["raw"].strip()


def read_day(line: str) -> LineDay | None:
    """The day that a line begins, None for any other line."""
    plain = line.rstrip("\r\n")
    if len(plain) > 60:
        return None
    for pattern in (_YEAR_FIRST, _EAST_DAY, _YEAR_LAST):
        match = pattern.fullmatch(plain)
        if match is not None:
            groups = match.groupdict()
            name = groups.get("w") or groups.get("v")
            weekday = None if name is None else _WEEKDAYS.get(name.lower())
            if name is not None and weekday is None and pattern is _YEAR_LAST:
                continue
            numbers = (int(match["a"]), int(match["b"]), int(match["c"]))
            return LineDay(plain.strip(), numbers, pattern is not _YEAR_LAST, weekday)
    return None


def looks_like_line(text: str) -> bool:
    """Whether the beginning of a text is a LINE export: its title, then when it was saved or a day."""
    lines = [line for line in text.split("\n", 60)[:60] if line.strip(_MARKS + " \t\r")][:HEAD_LINES]
    title = next((n for n, line in enumerate(lines[:2]) if read_title(line, n)), None)
    if title is None:
        return False
    return any(saved_on(line) or read_day(line) for line in lines[title + 1 :])


def settle_days(lines: Iterable[str], stated: Order | None) -> tuple[Settled, int, set[str], bool]:
    """(order of the numbers of a date, how many days, senders, whether tabs part the columns) of the whole file."""
    order: DateOrder | None = None
    senders: set[str] = set()
    days, tabbed = 0, False
    for number, line in enumerate(lines, 1):
        day = read_day(line)
        if day is not None:
            days += 1
            order = order or DateOrder(candidates_of(day.year_first, 4))
            order.add(day.numbers, f"line {number}", weekday=day.weekday)
        elif (match := _TABBED.match(line)) is not None:
            tabbed = True
            sender, tab, _text = match["rest"].partition("\t")
            if tab and sender.strip() and len(senders) < 5000:
                senders.add(sender)
    return (Settled(None) if order is None else order.settle(stated)), days, senders, tabbed


@dataclass(slots=True)
class LineReader:
    """Gives the messages of a file. ``names``: who may stand before the text where blanks part the columns."""

    tabbed: bool
    names: tuple[str, ...] = ()
    title: LineTitle | None = None
    saved: str | None = None
    outside: list[int] = field(default_factory=list)

    def messages(self, lines: Iterable[str]) -> Iterator[LineMessage]:
        """Every message in file order."""
        day: LineDay | None = None
        current: LineMessage | None = None
        for number, line in enumerate(lines, 1):
            if day is None and current is None and self._head(line, number):
                continue
            found = read_day(line)
            begun = None if found is not None else self._begin(line, number, day)
            if found is not None or begun is not None:
                if current is not None:
                    yield _ended(current)
                day, current = found or day, begun
            elif current is not None:
                _continue(current, line.rstrip("\r\n"))
            elif line.strip():
                self.outside.append(number)
        if current is not None:
            yield _ended(current)

    def _head(self, line: str, number: int) -> bool:
        if self.title is None and number <= 3:
            self.title = read_title(line, number)
            return self.title is not None
        if self.saved is None and number <= HEAD_LINES:
            self.saved = saved_on(line)
            return self.saved is not None
        return False

    def _begin(self, line: str, number: int, day: LineDay | None) -> LineMessage | None:
        match = (_TABBED if self.tabbed else _SPACED).match(line)
        if match is None or int(match["mi"]) > 59:
            return None
        rest = match["rest"].rstrip("\r\n")
        if self.tabbed:
            sender, tab, text = rest.partition("\t")
            who = sender if tab and sender.strip() else None
            text = text if tab else rest
        else:
            who = next((name for name in self.names if rest.startswith(name + " ")), None)
            text = rest if who is None else rest[len(who) + 1 :]
        half = (match["pre"] or match["post"] or "").lower()
        hour = full_hour(int(match["h"]), half)
        message = LineMessage(number, day, match["raw"].strip(), hour, int(match["mi"]), who, [text], size=len(text))
        message.quoted = text.startswith('"')
        return message


def _continue(message: LineMessage, line: str) -> None:
    message.size += len(line) + 1
    if message.size > TEXT_LIMIT:
        message.cut = True
    else:
        message.parts.append(line)


def _ended(message: LineMessage) -> LineMessage:
    """Blank lines before a day belong to no message; a quotation mark of one line is the writer's own."""
    while len(message.parts) > 1 and not message.parts[-1].strip():
        message.parts.pop()
    message.quoted = message.quoted and len(message.parts) > 1
    return message
