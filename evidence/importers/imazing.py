"""Messages of an iPhone as a CSV table by iMazing (messages, WhatsApp) or PhoneView.

Times are the wall clock of the computer that made the table; a call list or contacts by these programs are other
tables. Header words in other languages than English are accepted as far as they are known; none was checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.errors import Unreadable
from evidence.formats.chats.chatmedia import named_file
from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.iphone.iphoneservices import SERVICES
from evidence.formats.tables.csvrows import head_rows, open_csv
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Direction, Kind, Media, Problem, Record, Stamp, TimeHow
from evidence.phone import normalise
from evidence.times import local_stamp

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "session": ("chat session", "聊天会话", "對話", "聊天", "chat-sitzung", "session de chat"),
    "date": ("message date", "消息日期", "訊息日期", "nachrichtendatum", "date du message"),
    "delivered": ("delivered date", "送达日期", "送達日期", "zustelldatum"),
    "read": ("read date", "阅读日期", "已读日期", "讀取日期", "lesedatum"),
    "edited": ("edited date", "编辑日期", "編輯日期"),
    "service": ("service", "服务", "服務", "dienst"),
    "type": ("type", "类型", "類型", "typ"),
    "sender_id": ("sender id", "发送者id", "发件人id", "傳送者id", "absender-id", "id de l'expéditeur"),
    "sender": ("sender name", "发送者姓名", "发送者名称", "发件人姓名", "傳送者姓名", "absendername"),
    "subject": ("subject", "主题", "主題", "betreff"),
    "text": ("text", "文本", "内容", "文字", "texte"),
    "attachment": ("attachment", "附件", "anhang", "pièce jointe"),
    "attachment_type": ("attachment type", "附件类型", "附件類型", "anhangstyp"),
}
_PHONEVIEW = ("direction", "timestamp", "name", "number", "content", "type")
_DIRECTIONS: Mapping[str, Direction] = {
    **dict.fromkeys(
        ("incoming", "in", "received", "from", "传入", "收到", "已接收", "接收", "eingehend", "entrant"), "in"
    ),
    **dict.fromkeys(("outgoing", "out", "sent", "to", "传出", "发出", "已发送", "发送", "ausgehend", "sortant"), "out"),
}
_SYSTEM = {"notification", "通知", "benachrichtigung"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = r"(?a)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d\d)(?::(\d\d))?"
_ENGLISH = r"(?a)([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)[ \u00a0\u202f]([AP])M"
_SESSIONS = 100_000
_MESSAGE_TYPES = {"image": "image", "photo": "image", "video": "video", "audio": "voice", "sticker": "sticker"}


@dataclass(slots=True)
class _Layout:
    """Which column says what. ``whatsapp``: the table has no column for the service."""

    columns: dict[str, int] = field(default_factory=dict)
    phoneview: bool = False

    @property
    def whatsapp(self) -> bool:
        """iMazing leaves the service out where the whole table is of WhatsApp."""
        return not self.phoneview and "service" not in self.columns


def layout_of(header: list[str]) -> _Layout | None:
    """The layout of a table with this header, None for any other table."""
    names = [" ".join(cell.lower().split()) for cell in header]
    if all(name in names for name in _PHONEVIEW) and len(names) <= len(_PHONEVIEW) + 4:
        at = {name: names.index(name) for name in _PHONEVIEW}
        columns = {"type": at["direction"], "date": at["timestamp"], "sender": at["name"], "sender_id": at["number"]}
        return _Layout({**columns, "text": at["content"], "service": at["type"]}, phoneview=True)
    compact = [name.replace(" ", "") for name in names]
    columns = {}
    for key, words in _FIELDS.items():
        found = [i for i, name in enumerate(compact) if name in {w.replace(" ", "") for w in words}]
        if found:
            columns[key] = found[0]
    return _Layout(columns) if {"session", "date", "type", "text", "sender_id"} <= columns.keys() else None


def wall_clock(text: str) -> tuple[datetime, float] | None:
    """A wall clock as these programs write it, with its precision in seconds; None for anything else."""
    match = re.fullmatch(_ISO, text.strip())
    try:
        if match is not None:
            parts = [int(part) for part in match.groups() if part is not None]
            year, month, day, hour, minute, second = (*parts, 0)[:6]
            return datetime(year, month, day, hour, minute, second), 1.0 if match[6] else 60.0
        match = re.fullmatch(_ENGLISH, text.strip())
        if match is None or match[1].lower() not in _MONTHS or not 1 <= int(match[4]) <= 12:
            return None
        hour = int(match[4]) % 12 + (12 if match[7] == "P" else 0)
        month = _MONTHS.index(match[1].lower()) + 1
        return datetime(int(match[3]), month, int(match[2]), hour, int(match[5]), int(match[6])), 1.0
    except ValueError:
        return None


def _stamp(text: str, zone: ZoneInfo) -> Stamp:
    wall = wall_clock(text)
    if wall is None:
        return Stamp(raw=text)
    how: TimeHow = "minute_only" if wall[1] == 60 else "local_assumed"
    return local_stamp(wall[0], zone, text, "export", wall[1], how)


class Imazing:
    """Reads message tables row by row; a first pass tells groups from chats of two."""

    name = "imazing"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the header is that of iMazing or PhoneView."""
        rows = head_rows(file.head)
        return bool(rows) and layout_of(rows[0]) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every row; see :class:`evidence.importers.base.Importer`."""
        table = open_csv(file.path, options.encoding)
        layout = layout_of(table.header)
        if layout is None:
            raise Unreadable(_("The columns are not those of iMazing or PhoneView."))
        senders: dict[str, set[str]] = {}
        for _line, cells in table.rows():
            _meet(layout, cells, senders)
        groups = {session for session, people in senders.items() if len(people) > 1}
        run = _Run(file, options, layout, table.header, groups)
        for line, cells in table.rows():
            yield from run.row(f"line {line}", cells)
        yield from run.notes.problems()
        if layout.whatsapp:
            words = _("The table does not name a service; it was read as WhatsApp, as iMazing writes it.")
            yield Problem("service_assumed", words, severity="warning")
        yield from table.problems()


def _cell(layout: _Layout, cells: list[str], name: str) -> str:
    at = layout.columns.get(name, -1)
    return cells[at] if 0 <= at < len(cells) else ""


def _meet(layout: _Layout, cells: list[str], senders: dict[str, set[str]]) -> None:
    """Remember (up to two) senders of what came in, by chat."""
    session, sender = _cell(layout, cells, "session"), _cell(layout, cells, "sender_id").strip()
    if session and sender and _DIRECTIONS.get(_cell(layout, cells, "type").strip().lower()) == "in":
        people = senders.setdefault(session, set()) if session in senders or len(senders) < _SESSIONS else set()
        if len(people) < 2:
            people.add(normalise(sender) or sender)


class _Run:
    """One pass over the rows."""

    def __init__(
        self, file: FileProbe, options: ReadOptions, layout: _Layout, header: list[str], groups: set[str]
    ) -> None:
        self._file, self._options, self._layout, self._header, self._groups = file, options, layout, header, groups
        self.notes = ChatNotes()

    def row(self, locator: str, cells: list[str]) -> Iterator[Item]:
        """The record of one row; none for a row without any word."""
        if not any(cell.strip() for cell in cells):
            self.notes.add("row_skipped", locator)
            return
        if len(cells) != len(self._header):
            self.notes.add("columns_differ", locator)
        session, word = self._get(cells, "session"), self._get(cells, "type").strip().lower()
        system, direction = word in _SYSTEM, _DIRECTIONS.get(word)
        if not system and direction is None:
            self.notes.add("type_unknown", locator, word)
        raw, sender = self._get(cells, "sender_id").strip() or None, self._get(cells, "sender").strip() or None
        time = _stamp(self._get(cells, "date"), self._options.zone)
        if time.utc is None:
            self.notes.add("time_unreadable", locator)
        text = self._get(cells, "text") or None
        kind, channel = self._service(cells)
        mine = direction == "out" and not self._layout.phoneview  # the sender is then the phone's owner
        extras = self._extras(cells, system, mine)
        media = self._media(cells, session, locator, extras)
        if session:
            extras["conversation"] = session
        if session in self._groups:
            extras["group"] = True
        if mine and raw:
            extras["account"] = raw
        yield Record(
            kind=kind,
            channel=channel,
            locator=locator,
            time=time,
            direction=None if system else direction,
            number=None if mine else normalise(raw),
            number_raw=None if mine else raw,
            name=(None if session in self._groups else session or None) if mine else sender,
            text=text,
            text_basis=None if text is None else "source",
            media=media,
            holder=self._options.holder,
            extras=extras,
        )

    def _get(self, cells: list[str], name: str) -> str:
        return _cell(self._layout, cells, name)

    def _service(self, cells: list[str]) -> tuple[Kind, str]:
        if self._layout.whatsapp:
            return "chat", "whatsapp"
        word = self._get(cells, "service").strip().lower()
        if word == "mms" or (word == "sms" and self._get(cells, "attachment").strip()):
            return "mms", "mms"
        return SERVICES.get(word, ("chat", "whatsapp" if word == "whatsapp" else "unknown"))

    def _extras(self, cells: list[str], system: bool, mine: bool) -> dict[str, Any]:
        """Every cell that has no column of its own, under the word of the header."""
        used = ("session", "date", "text", *(() if mine else ("sender_id", "sender")))
        taken = {self._layout.columns.get(name) for name in used}
        extras: dict[str, Any] = {}
        for at, cell in enumerate(cells):
            if cell and at not in taken:
                extras[self._header[at] if at < len(self._header) and self._header[at] else f"column {at + 1}"] = cell
        for name in ("delivered", "read", "edited"):
            said = self._get(cells, name)
            if said.strip():
                extras[f"time_{name}"] = _stamp(said, self._options.zone).utc
        if self._get(cells, "edited").strip():
            extras["state"] = "edited"
        sort = self._get(cells, "attachment_type").strip().lower()
        word = next((kind for start, kind in _MESSAGE_TYPES.items() if sort.startswith(start)), "file")
        named = self._get(cells, "attachment").strip()
        extras["message_type"] = "system" if system else word if sort or named else "text"
        return extras

    def _media(self, cells: list[str], session: str, locator: str, extras: dict[str, Any]) -> tuple[Media, ...]:
        name = self._get(cells, "attachment").strip()
        if not name:
            return ()
        folder = "" if "/" in session or "\\" in session or ".." in session else session
        places = ("", "Attachments/", *((f"{folder}/",) if folder else ()))
        found = named_file(self._file.find, name, places)
        if found is None:
            self.notes.add("media_missing", locator, name)
            extras["missing_media"] = [name]
            return ()
        return (found,)


IMPORTER = Imazing()
