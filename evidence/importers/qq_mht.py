"""QQ for Windows: the web archive (MHT) of its message manager, the only export with pictures (formats.md 3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, cast

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import ChatRecords, HolderSearch
from evidence.formats.chats.textlines import find_encoding
from evidence.formats.qq.mhtparts import Base64Body, MhtPart, boundary_of, mht_parts
from evidence.formats.qq.qqheader import QQChats
from evidence.formats.qq.qqrows import QQRows
from evidence.formats.qq.qqtable import Day, Heading, Message, Odd, TableRow, table_rows
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Media, Problem, Stamp
from evidence.sniff import sniff
from evidence.times import local_stamp

_PLAIN = ("", "7bit", "8bit", "binary")
_SIGNS = ("QQ Message", "消息记录", "消息对象", "MsgMgr")
_IMAGES_LIMIT = 500_000
_DETAILED = 100
_SNIFFED = 4096


class QQArchive:
    """Reads the file twice: pictures and who is who, then the table row by row."""

    name = "qq_mht"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is a MIME archive whose page is QQ's."""
        head = file.head
        if b"ultipart/related" not in head[:4096] or boundary_of(head) is None:
            return False
        return any(sign.encode(codec) in head for sign in _SIGNS for codec in ("utf-8", "gb18030"))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable without a page or without messages."""
        run = _Run(file, options)
        yield from run.first_pass(attach)
        seen = 0
        for item in run.messages():
            seen += 1
            yield item
        if not seen:
            raise Unreadable(_("The archive opens like a QQ message record and holds no message."))
        yield from run.rest()


class _Run:
    """One file."""

    def __init__(self, file: FileProbe, options: ReadOptions) -> None:
        self._file, self._options = file, options
        self._media: dict[str, Media] = {}
        self._used: set[str] = set()
        self._odd: list[Odd] = []
        self._odd_count = 0
        self._rows: QQRows | None = None
        self._folder = ""

    def first_pass(self, attach: Attach) -> Iterator[Problem]:
        """Keep the pictures, learn the conversations."""
        chats, search = QQChats(), HolderSearch(self._options.me)
        page = False
        for part in mht_parts(self._file.path):
            if part.mime == "text/html" and not page:
                page = True
                for row in self._table(part):
                    if isinstance(row, Heading):
                        self._heading(row, chats)
                    elif isinstance(row, Message):
                        chats.see(row.sender)
                        if not row.sender.is_system:
                            search.add(row.sender.name, row.sender.account)
            elif part.encoding == "base64" and part.headers.get("content-location"):
                yield from self._keep(part, attach)
        if not page:
            raise Unreadable(_("The web archive holds no page."))
        self._rows = QQRows(ChatRecords(self._options, self._file.find, "qq"), chats, search)
        self._rows.settle()

    def _heading(self, row: Heading, chats: QQChats) -> None:
        if row.object:
            chats.heading(self._folder, row.text)
        else:
            self._folder = row.text

    def _keep(self, part: MhtPart, attach: Attach) -> Iterator[Problem]:
        name = part.headers["content-location"]
        if name in self._media or len(self._media) >= _IMAGES_LIMIT:
            return
        body = Base64Body(part.body)
        mime = sniff(body.peek(_SNIFFED)) or part.mime or "application/octet-stream"
        self._media[name] = attach(cast(BinaryIO, body), name, mime)
        if body.damaged or not part.body.ended:
            message = _("The picture {name} is damaged or cut off; it is kept as far as it goes.")
            yield Problem("attachment_damaged", message.format(name=name[:80]), "", f"byte {part.offset}", "warning")

    def _table(self, part: MhtPart) -> Iterator[TableRow]:
        if part.encoding not in _PLAIN:
            message = _("The page of this archive is encoded as {encoding}, which QQ does not write.")
            raise Unreadable(message.format(encoding=part.encoding[:40]))
        pieces = part.body.pieces()
        first = next(pieces, b"")
        encoding, mark, _found = find_encoding(first, self._options.encoding)

        def all_pieces() -> Iterator[bytes]:
            yield first[mark:]
            yield from pieces

        yield from table_rows(all_pieces(), encoding)

    def messages(self) -> Iterator[Item]:
        """The records, row by row."""
        rows = self._rows
        assert rows is not None
        parts = mht_parts(self._file.path)  # held: letting go of it closes the file
        part = next(part for part in parts if part.mime == "text/html")
        day: Day | None = None
        chat = -1
        for row in self._table(part):
            if isinstance(row, Day):
                day = row
            elif isinstance(row, Heading):
                chat, day = (chat + 1, None) if row.object else (chat, day)
            elif isinstance(row, Odd):
                self._odd_count += 1
                if len(self._odd) < _DETAILED:
                    self._odd.append(row)
            else:
                yield self._record(row, day, chat, rows)

    def _record(self, row: Message, day: Day | None, chat: int, rows: QQRows) -> Item:
        options = self._options
        time = Stamp(raw=row.raw)
        if day is not None:
            time = local_stamp(datetime.combine(day.date, row.clock), options.zone, f"{day.raw} {row.raw}", "export")
        made = rows.row(f"row {row.row}", time, row.sender, row.text, rows.chats.at(max(chat, 0)))
        made.extras["heading_colour"] = row.colour
        if row.images and made.kind == "text" and not row.text:
            made.kind = "image"
        inside = [self._media[name] for name in row.images if name in self._media]
        made.files = [name for name in row.images if name not in self._media]
        self._used.update(name for name in row.images if name in self._media)
        return rows.records.record(made, inside)

    def rest(self) -> Iterator[Problem]:
        """What is told once."""
        assert self._rows is not None
        notes = self._rows.records.notes
        for odd in self._odd:
            notes.add("row_unreadable", f"row {odd.row}", odd.text)
        for _more in range(self._odd_count - len(self._odd)):
            notes.add("row_unreadable", "")
        for name in self._media.keys() - self._used:
            notes.add("picture_unused", "file", name)
        yield from notes.problems()


IMPORTER = QQArchive()
