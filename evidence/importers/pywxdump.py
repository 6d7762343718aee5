"""PyWxDump, and the table that WeFlow writes for WeClone: one CSV per chat (formats.md 3.3, fourth form)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow
from evidence.formats.tables.csvrows import open_csv
from evidence.formats.wechat.dumptable import NamedRow, header_of, kept, named_rows
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.wechatrows import fill_content, kind_of_word, split_quote
from evidence.formats.wechat.wechattypes import is_group
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_START = ["id", "MsgSvrID", "type_name", "is_sender", "talker"]
_CONTENT_LIMIT = 4 << 20
_FILES = {"image", "voice", "video", "file", "sticker"}
_MINE = {"1": True, "0": False, "true": True, "false": False, "True": True, "False": False}


class PyWxDump:
    """Reads one table, a row at a time."""

    name = "pywxdump"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the header is ``id,MsgSvrID,type_name,is_sender,talker,…,CreateTime`` with ``msg`` or ``content``."""
        found = header_of(file.head, _START)
        return found is not None and "CreateTime" in found[0] and bool({"msg", "content"} & set(found[0]))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every row, then what is told once."""
        found = header_of(file.head, _START)
        table = open_csv(file.path, options.encoding, None if found is None else found[1])
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL, me=frozenset(options.me))
        partner = _partner(named_rows(table, ChatNotes())) if "room_name" not in table.header else None
        for row in named_rows(table, records.notes):
            if not row.cells.get("CreateTime") and not row.cells.get("msg") and not row.cells.get("content"):
                records.notes.add("row_unreadable", row.locator)
                continue
            yield records.record(_row(row, partner, records))
        yield from records.notes.problems()
        yield from table.problems()


def _partner(rows: Iterator[NamedRow]) -> str | None:
    """The only other sender of a table that does not name its chat; None when there are several (a group)."""
    found: str | None = None
    for row in rows:
        talker = row.cells.get("talker")
        if (
            row.cells.get("is_sender") in ("0", "false", "False")
            and talker
            and "系统" not in row.cells.get("type_name", "")
        ):
            if found is not None and talker != found:
                return None
            found = talker
    return found


def _row(row: NamedRow, partner: str | None, records: ChatRecords) -> ChatRow:
    cells = row.cells
    text, source = cells.get("msg", ""), cells.get("src", "")
    extras = dict(kept(row, "msg", "MsgSvrID"))
    if "content" in cells:
        text, source = _content(cells["content"], row.locator, records.notes)
    room = cells.get("room_name") or None
    talker = cells.get("talker") or None
    kind = kind_of_word(cells.get("type_name", ""), records.notes, row.locator)
    made = ChatRow(
        locator=row.locator,
        time=dump_stamp(cells.get("CreateTime"), records.options.zone),
        kind=kind,
        sender=talker,
        account=talker if talker is not None and talker.startswith(("wxid_", "gh_")) else None,
        mine=_MINE.get(cells.get("is_sender", "")),
        conversation=partner if room is None else None,
        conversation_id=room,
        group=is_group(room),
        message_id=cells.get("MsgSvrID") or None,
        files=[source] if source and kind in _FILES and "://" not in source else [],
        extras=extras,
    )
    fill_content(made, text, records.notes)
    if made.kind == "quote":
        split_quote(made)
    return made


def _content(content: str, locator: str, notes: ChatNotes) -> tuple[str, str]:
    """(words, path) of the older form: a JSON object with ``msg`` and ``src`` in one cell."""
    try:
        found = json.loads(content) if len(content) < _CONTENT_LIMIT else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        notes.add("payload_damaged", locator)
        return content, ""
    words, source = found.get("msg"), found.get("src")
    return words if isinstance(words, str) else "", source if isinstance(source, str) else ""


IMPORTER = PyWxDump()
