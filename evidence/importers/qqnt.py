"""QQ NT through shakuami/qq-chat-exporter: one JSON file, or JSON Lines with a manifest beside (formats.md 3.4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.formats.chats.chatrows import UNOFFICIAL, ChatRecords, ChatRow, HolderSearch
from evidence.formats.json.jsonstream import Found, top_level
from evidence.formats.wechat.dumpjson import dump_values, first_value, rest_of, text_of
from evidence.formats.wechat.dumptimes import dump_stamp
from evidence.formats.wechat.wechattypes import type_of_text, type_of_word
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem, Stamp

_MANIFEST = "../manifest.json"
_MANIFEST_LIMIT = 16 << 20
_CHUNK = re.compile(r"(?:[\w.-]{1,60}/){0,2}[\w.-]{1,80}\.jsonl")
_FILE_KEYS = ("localPath", "path", "filename", "fileName", "name")
_PLACES = ("", "resources/", "../resources/", "../")
_WITH_FILE = {"image", "voice", "video", "file", "sticker"}
_LINE_KEYS = {"timestamp", "sender", "content"}


class QQNT:
    """Reads the messages one by one; a chunk looks into the manifest above it for the name of the chat."""

    name = "qqnt"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is an export with ``chatInfo``, its manifest, or lines of its messages."""
        if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return False
        keys = top_level(file.head) or frozenset()
        if "chatInfo" in keys:
            return bool({"metadata", "messages"} & keys)
        return keys >= _LINE_KEYS and bool({"messageId", "id"} & keys)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. A manifest has none; chunks that it names and are absent are told."""
        whole = "chatInfo" in (top_level(file.head) or frozenset())
        manifest = _load(file.path, file.size) if whole and b"jsonl" in file.head else {}
        if manifest and "messages" not in manifest:
            yield from _absent_chunks(file, manifest)
            return
        info = first_value(file, options, "chatInfo") if whole else _chat_above(file)
        own = {text_of(info.get(key)) for key in ("selfUid", "selfUin")} - {"", "0"}
        prefix = "messages.item" if whole else ""
        records = ChatRecords(options, file.find, "qq", UNOFFICIAL, places=_PLACES)
        found_me = _search(file, options, prefix) if options.me else frozenset()
        records.settle(found_me | own)
        for found in dump_values(file, options, (prefix,)):
            if isinstance(found, Problem):
                yield found
                continue
            locator = f"message[{found.place[0]}]" if whole else f"line {found.place[0] + 1}"
            if not isinstance(found.value, dict) or not ({"timestamp", "content", "rawMessage"} & found.value.keys()):
                records.notes.add("row_unreadable", locator)
                continue
            yield records.record(_row(found.value, locator, info, records))
        yield from records.notes.problems()


def _search(file: FileProbe, options: ReadOptions, prefix: str) -> frozenset[str]:
    """Which of ``--me`` occur as a sender, with the accounts that bear them."""
    search = HolderSearch(options.me)
    for found in dump_values(file, options, (prefix,)):
        if isinstance(found, Found) and isinstance(found.value, dict):
            sender = _part(found.value, "sender")
            search.add(*(text_of(sender.get(key)) or None for key in ("name", "uin", "uid")))
    return frozenset(search.found)


def _load(path: Path, size: int) -> dict[str, Any]:
    """A small JSON object; {} for anything else."""
    if size > _MANIFEST_LIMIT:
        return {}
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _chat_above(file: FileProbe) -> dict[str, Any]:
    """``chatInfo`` of the manifest in the folder above a chunk, {} when it did not come along."""
    found = file.find(_MANIFEST)
    info = None if found is None else _load(found.path, found.size).get("chatInfo")
    return info if isinstance(info, dict) else {}


def _absent_chunks(file: FileProbe, manifest: dict[str, Any]) -> Iterator[Problem]:
    names = list(dict.fromkeys(_CHUNK.findall(json.dumps(manifest, ensure_ascii=False))))
    absent = [name for name in names if file.find(name) is None and file.find(f"chunks/{name}") is None]
    message = _("This is the table of contents of a QQ export; its {n} parts are read by themselves.")
    yield Problem("contents_only", message.format(n=len(names)), "", "file", "warning")
    if absent:
        words = _("Parts of the export are missing: {names}. Copy the whole folder and import it again.")
        yield Problem("parts_missing", words.format(names=", ".join(absent[:10])), "", "file")


def _row(message: dict[str, Any], locator: str, info: dict[str, Any], records: ChatRecords) -> ChatRow:
    sender, content, raw = (_part(message, key) for key in ("sender", "content", "rawMessage"))
    resources = [part for part in content.get("resources") or [] if isinstance(part, dict)]
    text = text_of(content.get("text")) or (text_of(message.get("content")) if not content else "")
    kind = _kind(message, content, resources, text)
    names = [name for part in resources if (name := _file_name(part))]
    account = text_of(sender.get("uin")) or text_of(raw.get("senderUin")) or text_of(sender.get("uid"))
    made = ChatRow(
        locator=locator,
        time=_time(message, raw, records),
        text=text,
        kind=kind,
        sender=text_of(sender.get("name")) or text_of(raw.get("sendNickName")) or None,
        account=account or None,
        conversation=text_of(info.get("name")) or None,
        conversation_id=text_of(info.get("peerUin")) or text_of(info.get("peerUid")) or None,
        group=info.get("type") == "group",
        message_id=text_of(message.get("messageId")) or text_of(message.get("id")) or None,
        state="recalled" if message.get("isRecalled") is True else None,
        files=names if kind in _WITH_FILE or names else [],
        extras=rest_of(message, "timestamp", "messageId"),
    )
    if text_of(sender.get("uid")) in records.me:
        made.mine = True
    reply = content.get("reply")
    if isinstance(reply, dict):
        made.extras["quote"] = reply
    return made


def _part(message: dict[str, Any], key: str) -> dict[str, Any]:
    found = message.get(key)
    return found if isinstance(found, dict) else {}


def _time(message: dict[str, Any], raw: dict[str, Any], records: ChatRecords) -> Stamp:
    """The time of the message; one version of the program left it out and kept the seconds in the raw message."""
    time = dump_stamp(message.get("timestamp"), records.options.zone)
    return time if time.utc is not None else dump_stamp(raw.get("msgTime") or message.get("time"), records.options.zone)


def _kind(message: dict[str, Any], content: dict[str, Any], resources: list[dict[str, Any]], text: str) -> str:
    if message.get("isSystemMessage") is True:
        return "system"
    words = [text_of(part.get("type")) for part in resources[:1]] + [text_of(content.get("type"))]
    found = next((kind for word in words if (kind := type_of_word(word))), None)
    if found not in (None, "text"):
        return str(found)
    return type_of_text(text) or "text"


def _file_name(resource: dict[str, Any]) -> str:
    return next((text_of(resource.get(key)) for key in _FILE_KEYS if text_of(resource.get(key))), "")


IMPORTER = QQNT()
