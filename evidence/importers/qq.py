"""QQ for Windows: the text file of its message manager, one conversation or all of them (formats.md 3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.errors import Unreadable
from evidence.formats.chats.chatmedia import Find
from evidence.formats.chats.chatrows import ChatRecords, HolderSearch
from evidence.formats.chats.textlines import TextLines, open_lines
from evidence.formats.chats.wholetext import text_problems
from evidence.formats.qq.qqheader import QQChats, QQHeading, read_heading
from evidence.formats.qq.qqrows import QQRows
from evidence.formats.wechat.wechattext import attached_names
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Record
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text
from evidence.times import local_stamp

_OPENING = "消息记录（此消息记录为文本格式"
_FOLDER, _OBJECT = ("消息分组:", "消息分组："), ("消息对象:", "消息对象：")
_RULE_LENGTH = 20
_TEXT_LIMIT = 8 << 20


@dataclass(slots=True)
class _Message:
    line: int
    heading: QQHeading
    chat: int
    text: list[str] = field(default_factory=list)
    size: int = 0
    cut: bool = False

    def add(self, line: str) -> None:
        """One more line of words."""
        self.size += len(line) + 1
        if self.size > _TEXT_LIMIT:
            self.cut = True
        else:
            self.text.append(line)


@dataclass(slots=True)
class _Walk:
    """One pass over the lines. ``spaced``: headings stand after a blank line; others are words."""

    spaced: bool
    chats: QQChats | None = None
    chat: int = -1
    folder: str = ""
    doubtful: list[int] = field(default_factory=list)
    doubtful_count: int = 0
    outside: list[int] = field(default_factory=list)

    def messages(self, lines: Iterator[str]) -> Iterator[_Message]:
        """Every message in file order."""
        message: _Message | None = None
        held: str | None = None  # a row of = that may begin a new conversation
        blank = True
        for number, raw in enumerate(lines, 1):
            line = raw.rstrip("\r\n")
            if held is not None:
                if line.startswith(_FOLDER + _OBJECT):
                    if message is not None:
                        yield message
                    message, held, blank = None, None, True
                    self._switch(line)
                    continue
                if message is not None:
                    message.add(held)
                held = None
            if len(line) >= _RULE_LENGTH and not line.strip("="):
                held = line
                continue
            if message is None and line.startswith(_FOLDER + _OBJECT):
                self._switch(line)
                continue
            heading = read_heading(line)
            if heading is not None and (blank or not self.spaced):
                if message is not None:
                    yield message
                message = _Message(number, heading, self.chat)
            elif message is not None:
                message.add(line)
                if heading is not None:
                    self.doubtful_count += 1
                    self.doubtful.append(number) if len(self.doubtful) < 100 else None
            elif line.strip() and not line.lstrip("\ufeff").startswith(_OPENING):
                self.outside.append(number) if len(self.outside) < 1000 else None
            blank = not line.strip()
        if message is not None:
            if held is not None:
                message.add(held)
            yield message

    def _switch(self, line: str) -> None:
        value = line[5:].strip()
        if line.startswith(_FOLDER):
            self.folder = value
            return
        self.chat += 1
        if self.chats is not None:
            self.chats.heading(self.folder, value)


class QQText:
    """Reads the file twice, line by line: for who is who, then for the messages."""

    name = "qq"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the text opens as the message manager does, or with headings that carry QQ numbers."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        text = decode_head(file.head)
        lines = text.split("\n")
        opening = lines[:40]
        headings = [heading for line in lines[:200] if (heading := read_heading(line)) is not None]
        if any(line.startswith(_OPENING) for line in opening) or any(line.startswith(_OBJECT) for line in opening):
            return bool(headings) or file.size <= len(file.head)
        first = next((line for line in lines if line.strip()), "")
        numbered = sum(1 for heading in headings if heading.sender.account is not None)
        return read_heading(first) is not None and numbered >= 2 and numbered * 2 > len(headings)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable without any message."""
        lines = open_lines(file.path, options.encoding)
        spaced = _is_spaced(lines.lines())
        rows = _first_pass(lines, spaced, options, file.find)
        walk = _Walk(spaced)
        notes, seen, latest = rows.records.notes, 0, (-1, "")
        for message in walk.messages(lines.lines()):
            seen += 1
            record = _record(message, rows, options)
            if message.cut:
                notes.add("text_cut", record.locator)
            now = (message.chat, record.time.utc or "")
            if now < latest:
                notes.add("order_odd", record.locator)
            latest = now
            yield record
        if not seen:
            raise Unreadable(_("The file opens like a QQ message record and holds no message."))
        for number in walk.doubtful:
            notes.add("header_doubtful", f"line {number}")
        for number in walk.outside:
            notes.add("text_outside", f"line {number}")
        yield from notes.problems()
        yield from text_problems(lines)


def _is_spaced(lines: Iterator[str]) -> bool:
    """Whether most headings stand after a blank line, as QQ writes them."""
    after_blank = other = 0
    blank = True
    for line in lines:
        if line[:4].isdecimal() and read_heading(line.rstrip("\r\n")) is not None:
            after_blank, other = after_blank + blank, other + (not blank)
        blank = not line.strip() or line.startswith("=" * _RULE_LENGTH)
    return after_blank >= other


def _first_pass(lines: TextLines, spaced: bool, options: ReadOptions, find: Find) -> QQRows:
    chats, search = QQChats(), HolderSearch(options.me)
    for message in _Walk(spaced, chats).messages(lines.lines()):
        chats.see(message.heading.sender)
        if not message.heading.sender.is_system:
            search.add(message.heading.sender.name, message.heading.sender.account)
    rows = QQRows(ChatRecords(options, find, "qq"), chats, search)
    rows.settle()
    return rows


def _record(message: _Message, rows: QQRows, options: ReadOptions) -> Record:
    heading = message.heading
    while message.text and not message.text[-1].strip():
        message.text.pop()
    text = "\n".join(message.text)
    time = local_stamp(heading.wall, options.zone, heading.raw, "export")
    chat = rows.chats.at(max(message.chat, 0))
    row = rows.row(f"line {message.line}", time, heading.sender, text, chat)
    row.files = attached_names(text)
    return rows.records.record(row)


IMPORTER = QQText()
