"""Wetrace-Plus: WeChat conversations as JSON, version 1 of its own interchange form (formats.md 3.3, fifth form)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow
from evidence.formats.json.jsonstream import stream, top_level
from evidence.formats.wechat.dumpjson import dump_values, first_value, rest_of, text_of
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.wechatrows import fill_content, kind_of_number, read_transfer, split_quote
from evidence.formats.wechat.wechattypes import is_group
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

_FORMAT = re.compile(rb'"format"\s*:\s*"wetrace-plus"')
_MESSAGES = "conversations.item.messages.item"
_ABOUT = tuple(f"conversations.item.{key}" for key in ("id", "name", "type"))
_DIRECTIONS = {
    "out": True,
    "outgoing": True,
    "sent": True,
    "send": True,
    "in": False,
    "incoming": False,
    "received": False,
    "receive": False,
}


class Wetrace:
    """Reads the heads of the conversations first, then their messages one by one."""

    name = "wetrace"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the object says of itself that it is of this form."""
        return _FORMAT.search(file.head) is not None and "format" in (top_level(file.head) or frozenset())

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once."""
        account = first_value(file, options, "account")
        ours = {text_of(account.get(key)) for key in ("id", "name")} - {""}
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL, frozenset(options.me) | ours, bool(ours))
        chats = _chats(file, options)
        for found in dump_values(file, options, (_MESSAGES,)):
            if isinstance(found, Problem):
                yield found
                continue
            chat, number = found.place
            locator = f"conversation[{chat}].message[{number}]"
            if not isinstance(found.value, dict) or not ({"time", "timestamp", "content"} & found.value.keys()):
                records.notes.add("row_unreadable", locator)
                continue
            yield records.record(_row(found.value, locator, chats.get(chat, {}), records))
        yield from records.notes.problems()


def _chats(file: FileProbe, options: ReadOptions) -> dict[int, dict[str, str]]:
    out: dict[int, dict[str, str]] = {}
    try:
        for found in stream(file.path, _ABOUT, encoding=options.encoding):
            key = found.prefix.rsplit(".", 1)[-1]
            out.setdefault(found.place[0], {})[key] = text_of(found.value)[:500]
    except Unreadable:  # the pass over the messages says so
        return out
    return out


def _mine(message: dict[str, Any]) -> bool | None:
    own = message.get("is_self")
    if isinstance(own, bool) or own in (0, 1):
        return bool(own)
    return _DIRECTIONS.get(text_of(message.get("direction")).lower())


def _row(message: dict[str, Any], locator: str, chat: dict[str, str], records: ChatRecords) -> ChatRow:
    raw_time = message.get("timestamp") if message.get("timestamp") is not None else message.get("time")
    chat_id = chat.get("id") or None
    made = ChatRow(
        locator=locator,
        time=dump_stamp(raw_time, records.options.zone),
        kind=kind_of_number(text_of(message.get("type")), text_of(message.get("sub_type")), records.notes, locator),
        sender=text_of(message.get("sender_name")) or text_of(message.get("sender_id")) or None,
        account=text_of(message.get("sender_id")) or None,
        mine=_mine(message),
        conversation=chat.get("name") or None,
        conversation_id=chat_id,
        group=chat.get("type") in ("group", "群聊") or is_group(chat_id),
        message_id=text_of(message.get("id")) or None,
        extras=rest_of(message, "timestamp", "content", "sender_id", "id"),
    )
    fill_content(made, text_of(message.get("content")), records.notes)
    if made.kind == "quote":
        split_quote(made)
    read_transfer(made)
    return made


IMPORTER = Wetrace()
