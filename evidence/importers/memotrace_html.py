"""MemoTrace (留痕): one WeChat conversation as a page, or the JSON that lies beside it (formats.md 3.3).

The page holds its messages as data in a script; the data are read, the script is not run.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.chatmedia import Find, named_file
from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow
from evidence.formats.chats.textlines import open_lines
from evidence.formats.chats.wholetext import text_problems
from evidence.formats.json.jsarray import NotLiteral, cut_objects, read_literal
from evidence.formats.json.jsonstream import top_level
from evidence.formats.wechat.dumpjson import dump_values, rest_of, text_of
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.wechatfolder import chat_of_folder
from evidence.formats.wechat.wechatrows import fill_content, kind_of_number
from evidence.formats.wechat.wechattypes import is_group
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem

_START = re.compile(r"\b(?:const|let|var)\s{1,9}(?:chatMessages|chat_messages)\s{0,9}=\s{0,9}\[")
_LOOKED_AT = 4 << 20  # bytes of a page in which the data must begin
_TITLE = re.compile(r"<title>([^<]{1,200})</title>")
_ACCOUNT = re.compile(r"[\"']([A-Za-z0-9_-]{1,60}@chatroom|wxid_[A-Za-z0-9_-]{1,60}|gh_[A-Za-z0-9_-]{1,60})[\"']")
_KEYS = {"is_send", "timestamp", "type"}
_ENDINGS = ("", ".jpg", ".png", ".gif", ".jpeg", ".webp", ".mp3", ".mp4")
_PAY_STATES = {"1": "sent", "3": "received", "4": "returned", "5": "received", "7": "sent"}


class MemoTracePage:
    """Reads the messages one by one, from the page's script or from the JSON array."""

    name = "memotrace_html"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is a page with MemoTrace's data, or an array of its messages."""
        start = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
        if start.startswith(b"["):
            keys = top_level(file.head) or frozenset()
            return keys >= _KEYS and bool({"display_name", "displayname"} & keys)
        return start.startswith((b"<!doctype html", b"<html")) and _START.search(_opening(file)) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable without any."""
        records = ChatRecords(options, file.find, "wechat", UNOFFICIAL, me=frozenset(options.me))
        if file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from _array(file, records)
        else:
            yield from _page(file, records)


def _opening(file: FileProbe) -> str:
    """The first part of a page as text: from what was already read, else from the file."""
    text = file.head.decode("utf-8", "replace")
    if b"<script" not in file.head and file.size <= len(file.head):
        return ""
    if _START.search(text) is not None or file.size <= len(file.head):
        return text
    try:
        with file.path.open("rb") as stream:
            return stream.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return text


def _array(file: FileProbe, records: ChatRecords) -> Iterator[Item]:
    chat = chat_of_folder(file.folder)
    for found in dump_values(file, records.options, ("item",)):
        if isinstance(found, Problem):
            yield found
            continue
        yield from _record(found.value, found.place[0], chat, records, "folder_name")
    yield from records.notes.problems()


def _page(file: FileProbe, records: ChatRecords) -> Iterator[Item]:
    opening = _opening(file)
    begin = _START.search(opening)
    before = opening if begin is None else opening[: begin.start()]
    title, account = _TITLE.search(before), _ACCOUNT.search(before)
    chat = (html.unescape(title[1]) if title else "", account[1] if account else "")
    lines = open_lines(file.path, records.options.encoding)
    seen = 0
    for number, source in enumerate(cut_objects(lines.lines(), _START)):
        seen += 1
        try:
            message = None if source is None else _unescaped(read_literal(source))
        except NotLiteral:
            message = None
        yield from _record(message, number, chat, records, None)
    if not seen:
        raise Unreadable(_("The page holds no message."))
    yield from records.notes.problems()
    yield from text_problems(lines)


def _unescaped(value: Any) -> Any:
    """Words that the page writes for HTML (``&lt;``) as they were; no deeper than one level of objects."""
    if not isinstance(value, dict):
        return None
    return {key: html.unescape(part) if isinstance(part, str) else part for key, part in value.items()}


def _record(
    message: Any, number: int, chat: tuple[str, str] | None, records: ChatRecords, chat_from: str | None
) -> Iterator[Item]:
    locator = f"message[{number}]"
    if not isinstance(message, dict) or not ({"timestamp", "text"} & message.keys()):
        records.notes.add("row_unreadable", locator)
        return
    row = _row(message, locator, records)
    if chat is not None:
        row.conversation, row.conversation_id = chat[0] or None, chat[1] or None
        row.group = row.group or is_group(chat[1])
        if chat_from is not None:
            row.extras["conversation_from"] = chat_from
    fill_content(row, row.text or "", records.notes)
    yield records.record(row)


def _row(message: dict[str, Any], locator: str, records: ChatRecords) -> ChatRow:
    sent = message.get("is_send")
    kind = kind_of_number(text_of(message.get("type")), text_of(message.get("sub_type")), records.notes, locator)
    row = ChatRow(
        locator=locator,
        time=dump_stamp(message.get("timestamp"), records.options.zone),
        kind=kind,
        sender=text_of(message.get("display_name")) or text_of(message.get("displayname")) or None,
        mine=bool(sent) if isinstance(sent, bool) or sent in (0, 1) else None,
        group=message.get("is_chatroom") in (True, 1),
        message_id=text_of(message.get("server_id")) or None,
        extras=rest_of(message, "timestamp", "server_id", "is_send", "text"),
    )
    row.text = _words(message)
    seconds = message.get("duration")
    if kind in ("voice", "video") and isinstance(seconds, int | float) and not isinstance(seconds, bool):
        row.duration_s = float(seconds)
    if kind == "transfer":
        facts = {
            "amount": text_of(message.get("fee_desc")),
            "remark": text_of(message.get("pay_memo")),
            "transfer_state": _PAY_STATES.get(text_of(message.get("pay_subtype")), ""),
        }
        row.extras |= {key: value for key, value in facts.items() if value}
    if message.get("quote_text"):
        row.extras["quote"] = {"text": text_of(message.get("quote_text"))}
    path = text_of(message.get("path")).removeprefix("./")
    if path and "://" not in path and kind in ("image", "voice", "video", "file", "sticker"):
        row.files = [_with_ending(records.find, path)]
    return row


def _words(message: dict[str, Any]) -> str | None:
    """What a reader of the chat sees: the words of the fields that hold words, each once."""
    keys = ("text", "display_content", "title", "description", "pay_memo", "voice_to_text", "poiname", "label")
    found = [text_of(message.get(key)) for key in keys]
    return "\n".join(dict.fromkeys(text for text in found if text)) or None


def _with_ending(find: Find, path: str) -> str:
    """``path`` with the ending it lies under: the data leave out that of pictures."""
    return next((path + ending for ending in _ENDINGS if named_file(find, path + ending) is not None), path)


IMPORTER = MemoTracePage()
