"""sjzar/chatlog: WeChat messages as CSV or JSON (formats.md 3.3, fifth form).

Its CSV does not say who the account's owner is. In a chat of two the chat bears the other person's account, so any
other sender is the owner; that account then tells the owner's messages in groups too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow, HolderSearch
from evidence.formats.json.jsonstream import top_level
from evidence.formats.tables.csvrows import open_csv
from evidence.formats.wechat.dumpjson import dump_values, rest_of, text_of
from evidence.formats.wechat.dumptable import NamedRow, header_of, kept, named_rows
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.wechatrows import fill_content, kind_of_number, read_transfer, split_quote
from evidence.formats.wechat.wechattypes import is_group, type_of_text
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

HEADER = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"]
_KEYS = {"seq", "time", "talker", "sender", "isSelf", "type", "content"}
_SYSTEM = "系统消息"


class Chatlog:
    """Reads the table (twice: for the owner's account, then for the messages) or the array of messages."""

    name = "chatlog"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is the CSV header of chatlog, or an array of its messages."""
        if file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            return (top_level(file.head) or frozenset()) >= _KEYS
        return header_of(file.head, HEADER) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once."""
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL, me=frozenset(options.me))
        if file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from _array(file, records)
        else:
            yield from _table(file, records)


def _table(file: FileProbe, records: ChatRecords) -> Iterator[Item]:
    found = header_of(file.head, HEADER)
    table = open_csv(file.path, records.options.encoding, None if found is None else found[1])
    owners, search = _owners(named_rows(table, ChatNotes()), HolderSearch(records.options.me))
    records.settle(search.result(records.notes) | owners)
    for row in named_rows(table, records.notes):
        if not row.cells.get("Time") and not row.cells.get("Content"):
            records.notes.add("row_unreadable", row.locator)
            continue
        yield records.record(_table_row(row, records))
    yield from records.notes.problems()
    yield from table.problems()


def _owners(rows: Iterator[NamedRow], search: HolderSearch) -> tuple[frozenset[str], HolderSearch]:
    """Accounts that write in chats of two and are not the chat's own; nothing when there is more than one."""
    found: set[str] = set()
    for row in rows:
        sender, talker = row.cells.get("Sender", ""), row.cells.get("Talker", "")
        if sender == _SYSTEM or not sender:
            continue
        search.add(row.cells.get("SenderName"), sender)
        if talker and not is_group(talker) and sender != talker and len(found) < 2:
            found.add(sender)
    return (frozenset(found) if len(found) == 1 else frozenset()), search


def _table_row(row: NamedRow, records: ChatRecords) -> ChatRow:
    cells = row.cells
    system = cells.get("Sender") == _SYSTEM
    text = cells.get("Content", "")
    made = ChatRow(
        locator=row.locator,
        time=dump_stamp(cells.get("Time"), records.options.zone),
        kind="system" if system else type_of_text(text) or "text",
        sender=None if system else cells.get("SenderName") or cells.get("Sender") or None,
        account=None if system else cells.get("Sender") or None,
        conversation=cells.get("TalkerName") or None,
        conversation_id=cells.get("Talker") or None,
        group=is_group(cells.get("Talker")),
        extras=dict(kept(row, "Time", "Content")),
    )
    fill_content(made, text, records.notes)
    if text.startswith("> "):
        split_quote(made)
    read_transfer(made)
    return made


def _array(file: FileProbe, records: ChatRecords) -> Iterator[Item]:
    for found in dump_values(file, records.options, ("item",)):
        if isinstance(found, Problem):
            yield found
            continue
        locator = f"message[{found.place[0]}]"
        if not isinstance(found.value, dict) or not ({"time", "content"} & found.value.keys()):
            records.notes.add("row_unreadable", locator)
            continue
        yield records.record(_object(found.value, locator, records))
    yield from records.notes.problems()


def _object(message: dict[str, Any], locator: str, records: ChatRecords) -> ChatRow:
    kind = kind_of_number(text_of(message.get("type")), text_of(message.get("subType")), records.notes, locator)
    talker, sender = text_of(message.get("talker")), text_of(message.get("sender"))
    group = message.get("isChatRoom") is True or is_group(talker)
    mine = message.get("isSelf")
    if mine is True and not group and sender and sender == talker:
        mine = None  # the program guesses this field for WeChat 4; the accounts say the opposite
        records.notes.add("direction_contradicted", locator)
    system = sender == _SYSTEM
    made = ChatRow(
        locator=locator,
        time=dump_stamp(message.get("time"), records.options.zone),
        kind="system" if system else kind,
        sender=None if system else text_of(message.get("senderName")) or sender or None,
        account=None if system else sender or None,
        mine=mine if isinstance(mine, bool) else None,
        conversation=text_of(message.get("talkerName")) or None,
        conversation_id=talker or None,
        group=group,
        message_id=text_of(message.get("seq")) or None,
        extras=rest_of(message, "time", "content", "seq", "sender", "talker", "isSelf"),
    )
    contents = message.get("contents")
    fill_content(made, text_of(message.get("content")), records.notes)
    if not made.text and isinstance(contents, dict):
        made.text = "\n".join(text for key in ("title", "desc") if (text := text_of(contents.get(key)))) or None
    read_transfer(made)
    return made


IMPORTER = Chatlog()
