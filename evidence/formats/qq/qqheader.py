"""Headings of QQ's message manager: who wrote and when, in every form a Windows locale gives them (formats.md 3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

SYSTEM_ACCOUNTS = ("10000", "1000000")
_LONGEST = 400
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) ")
_CLOCK = re.compile(r"(?:(上午|下午|AM|PM) )?(\d{1,2}):(\d{2}):(\d{2})(?: ([AaPp][Mm]|上午|下午))?")
_ACCOUNT = re.compile(r"\((\d{4,12})\)$|<([^<>\s]{1,120}@[^<>\s]{1,120})>$")
_TITLES = re.compile(r"(?:【[^】\n]{0,60}】)+")
_GROUP_WORDS = ("群", "讨论组", "多人聊天")
_CHATS_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class QQSender:
    """``title`` is what stands before the name (``【管理员】``); ``account`` the QQ number or mail address."""

    name: str
    account: str | None
    title: str | None = None

    @property
    def is_system(self) -> bool:
        """Whether QQ itself wrote this."""
        return self.account in SYSTEM_ACCOUNTS or (self.account is None and self.name == "系统消息")


@dataclass(frozen=True, slots=True)
class QQHeading:
    """A heading line: local wall clock, its words, and who wrote."""

    wall: datetime
    raw: str
    sender: QQSender


def read_sender(text: str) -> QQSender:
    """``【管理员】昵称(12345)``, ``昵称<a@b.cn>`` or a bare name."""
    titles = _TITLES.match(text)
    title = None if titles is None or titles.end() == len(text) else titles[0]
    rest = text if title is None else text[len(title) :]
    account = _ACCOUNT.search(rest[-260:])
    if account is None:
        return QQSender(rest, None, title)
    name = rest[: len(rest) - len(account[0])]
    return QQSender(name, account[1] or account[2], title)


def read_clock(text: str) -> tuple[time, str] | None:
    """(clock, its words) at the beginning of ``text``: ``8:43:38 PM``, ``上午 08:00:00``, ``20:43:38``."""
    match = _CLOCK.match(text)
    if match is None:
        return None
    half = (match[1] or match[5] or "").upper()
    hour = int(match[2])
    if half in ("PM", "下午") and hour < 12:
        hour += 12
    elif half in ("AM", "上午") and hour == 12:
        hour = 0
    try:
        return time(hour, int(match[3]), int(match[4])), match[0]
    except ValueError:
        return None


def read_heading(line: str) -> QQHeading | None:
    """A heading line, None for any other."""
    if len(line) > _LONGEST or not line[:4].isdecimal():
        return None
    day = _DATE.match(line)
    clock = None if day is None else read_clock(line[day.end() :])
    if day is None or clock is None:
        return None
    at = day.end() + len(clock[1])
    if line[at : at + 1] != " ":
        return None
    try:
        wall = datetime.combine(date(int(day[1]), int(day[2]), int(day[3])), clock[0])
    except ValueError:
        return None
    return QQHeading(wall, line[:at], read_sender(line[at + 1 :]))


@dataclass(slots=True)
class QQChat:
    """One conversation: its heading, and up to three accounts that write in it with their names."""

    folder: str = ""
    title: str = ""
    names: dict[str, set[str]] = field(default_factory=dict)

    @property
    def group(self) -> bool:
        """Whether more than two write, or the heading calls it a group."""
        return len(self.names) > 2 or any(word in self.folder for word in _GROUP_WORDS)

    @property
    def partner(self) -> str | None:
        """The account of the other person of a chat of two: the one that the heading names."""
        if self.group or not self.title:
            return None
        plain = read_sender(self.title)
        found = [
            key
            for key, names in self.names.items()
            if self.title in names or plain.name in names or plain.account == key
        ]
        return found[0] if len(found) == 1 else None


@dataclass(slots=True)
class QQChats:
    """What the first pass over a file learns: its conversations in order, and from them the holder's account."""

    chats: list[QQChat] = field(default_factory=list)

    def heading(self, folder: str, title: str) -> None:
        """A conversation begins."""
        if len(self.chats) < _CHATS_LIMIT:
            self.chats.append(QQChat(folder, title))

    def see(self, sender: QQSender) -> None:
        """Somebody writes in the latest conversation."""
        if sender.is_system:
            return
        if not self.chats:
            self.chats.append(QQChat())
        chat = self.chats[-1]
        key = sender.account or sender.name
        if key in chat.names or len(chat.names) < 3:
            names = chat.names.setdefault(key, set())
            if len(names) < 50:
                names.add(sender.name)

    def at(self, n: int) -> QQChat:
        """The ``n``-th conversation (from 0); an empty one for what stands before the first."""
        return self.chats[n] if 0 <= n < len(self.chats) else QQChat()

    def holder(self) -> str | None:
        """The account that answers in the chats of two whose heading names the other one; None unless it is one."""
        found = {
            key
            for chat in self.chats
            if chat.partner is not None and len(chat.names) == 2
            for key in chat.names
            if key != chat.partner
        }
        return found.pop() if len(found) == 1 else None
