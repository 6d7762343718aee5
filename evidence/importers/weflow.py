"""WeFlow and echotrace: one WeChat conversation as JSON (formats.md 3.3, fifth form)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow
from evidence.formats.json.jsonstream import top_level
from evidence.formats.wechat.dumpjson import dump_values, first_value, rest_of, text_of
from evidence.formats.wechat.dumptimes import differs, dump_stamp
from evidence.formats.wechat.wechatrows import fill_content, kind_of_word, read_transfer, split_quote
from evidence.formats.wechat.wechattypes import is_group
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

_SIGNS = re.compile(rb'"(?:wxid|displayName|nickname|generator|localId|senderUsername)"\s*:')
_FILE = re.compile(r"[^\s\[\]<>|:?*\"]{1,200}\.[A-Za-z0-9]{2,5}")
_WITH_FILE = {"image", "voice", "video", "file", "sticker"}
_MINE = {1: True, 0: False, "1": True, "0": False}


class WeFlow:
    """Reads ``session`` first, wherever it stands, then the messages one by one."""

    name = "weflow"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is an object with a ``session`` of WeChat and ``messages``."""
        if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return False
        keys = top_level(file.head) or frozenset()
        if "weflow" in keys:
            return True
        return "session" in keys and b'"wxid"' in file.head and len(set(_SIGNS.findall(file.head))) > 1

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once."""
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL, me=frozenset(options.me))
        session = first_value(file, options, "session")
        seen = 0
        for found in dump_values(file, options, ("messages.item",)):
            if isinstance(found, Problem):
                yield found
                continue
            seen += 1
            locator = f"message[{found.place[0]}]"
            if not isinstance(found.value, dict) or not ({"createTime", "content"} & found.value.keys()):
                records.notes.add("row_unreadable", locator)
                continue
            yield records.record(_row(found.value, locator, session, records))
        declared = session.get("messageCount")
        if isinstance(declared, int) and declared != seen:
            records.notes.add("count_differs", "session", f"{declared} / {seen}")
        yield from records.notes.problems()


def _row(message: dict[str, Any], locator: str, session: dict[str, Any], records: ChatRecords) -> ChatRow:
    zone = records.options.zone
    time = dump_stamp(message.get("createTime"), zone)
    if time.utc is None:
        time = dump_stamp(message.get("formattedTime"), zone)
    elif differs(time, text_of(message.get("formattedTime")), zone):
        records.notes.add("time_differs", locator)
    kind = kind_of_word(text_of(message.get("type")), records.notes, locator)
    content = text_of(message.get("content"))
    account = text_of(message.get("senderUsername")) or None
    chat_id = text_of(session.get("wxid")) or None
    sent = message.get("isSend")
    made = ChatRow(
        locator=locator,
        time=time,
        kind="system" if is_group(account) and kind in ("text", "unknown") else kind,
        sender=text_of(message.get("senderDisplayName")) or account,
        account=account,
        mine=_MINE.get(sent) if isinstance(sent, int | str) else None,
        conversation=_title(session),
        conversation_id=chat_id,
        group=session.get("type") == "群聊" or is_group(chat_id),
        message_id=text_of(message.get("platformMessageId")) or text_of(message.get("localId")) or None,
        files=[content] if kind in _WITH_FILE and _FILE.fullmatch(content) else [],
        extras=rest_of(message, "createTime", "content", "senderUsername", "isSend"),
    )
    fill_content(made, content, records.notes)
    if made.kind == "quote":
        split_quote(made)
    read_transfer(made)
    return made


def _title(session: dict[str, Any]) -> str | None:
    for key in ("displayName", "remark", "nickname"):
        if text_of(session.get(key)):
            return text_of(session.get(key))
    return None


IMPORTER = WeFlow()
