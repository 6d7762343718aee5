"""Content of a WeChat message as its database holds it: group prefix, XML, placeholder. Used by importers of dumps."""

from __future__ import annotations

import re

from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.chats.chatrows import ChatRow
from evidence.formats.wechat.wechattypes import APP_MESSAGE, is_group, type_of_number, type_of_text, type_of_word
from evidence.formats.wechat.wechatxml import looks_like_xml, plain_words, read_payload

_PREFIX = re.compile(r"((?:wxid_|gh_)?[A-Za-z0-9_@.-]{2,80}):\r?\n")
_QUOTED = re.compile(r"\n引用[:：]")
_TRANSFER = re.compile(r"\[转账\|(?:(发送|接收|退还) )?([^\[\]\n]{0,40})\](?:\((.*)\))?", re.DOTALL)
_TRANSFER_STATES = {"发送": "sent", "接收": "received", "退还": "returned"}
_APP = {"link", "text", "file"}  # what a number or word may mean before the XML tells more


def fill_content(row: ChatRow, content: str, notes: ChatNotes) -> None:
    """Set text, message type, sender and facts of ``row`` from ``content``, which stays in the extras when it is XML.

    ``row.kind`` is what the exporter says; XML may make it more exact (SubType of an app message).
    """
    if row.group or is_group(row.conversation_id):
        row.group = True
        content = _without_prefix(row, content)
    if not looks_like_xml(content):
        _words(row, content)
        return
    payload = read_payload(content)
    if payload is None:
        notes.add("payload_damaged", row.locator)
        row.extras["content_unread"] = content
        return
    row.extras["content_xml"] = content
    row.text = payload.text
    row.duration_s = row.duration_s if row.duration_s is not None else payload.duration_s
    if payload.subtype is not None:
        _app_kind(row, payload.subtype)
    for key, value in payload.facts.items():
        row.extras.setdefault(key, value)
    if "recalled_message_id" in payload.facts:
        row.kind = "recalled"
    if row.kind == "recalled":
        row.state = "recalled"


def _without_prefix(row: ChatRow, content: str) -> str:
    """In a group the sender's id stands before the words; the exporter may name the group as sender instead."""
    match = _PREFIX.match(content)
    if match is None or row.mine:
        return content
    if row.account and not is_group(row.account) and row.account != match[1]:
        return content
    row.account = match[1]
    return content[match.end() :]


def _words(row: ChatRow, content: str) -> None:
    if row.kind in ("system", "recalled", "group_notice"):
        row.text = plain_words(content)
        if row.text != content:
            row.extras["content_raw"] = content
        if "撤回" in content and row.kind != "group_notice":
            row.kind, row.state = "recalled", "recalled"
        return
    row.text = content
    if row.kind == "text":
        row.kind = type_of_text(content) or "text"


def _app_kind(row: ChatRow, subtype: int) -> None:
    row.extras.setdefault("app_type", subtype)
    better = type_of_number(APP_MESSAGE, subtype)
    if better is not None and row.kind in _APP:
        row.kind = better


def kind_of_number(kind: str, subtype: str, notes: ChatNotes, locator: str) -> str:
    """The message type for the numbers of WeChat's database; ``unknown`` with a note for one that is not known."""
    if not _is_number(kind):
        found = type_of_word(kind)
    else:
        found = type_of_number(int(kind), int(subtype) if _is_number(subtype) else 0)
    if found is None:
        notes.add("type_unknown", locator, f"{kind}/{subtype}" if subtype not in ("", "0") else kind)
        return "unknown"
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20


def split_quote(row: ChatRow) -> None:
    """Take a quoted message, which is another person's words, out of the text; the whole stays in the extras."""
    if not row.text:
        return
    if row.text.startswith("> "):
        lines = row.text.split("\n")
        n = next((i for i, line in enumerate(lines) if not line.startswith("> ")), len(lines))
        own, quoted = "\n".join(lines[n:]), "\n".join(line[2:] for line in lines[:n])
    else:
        parts = _QUOTED.split(row.text, maxsplit=1)
        if len(parts) < 2:
            return
        own, quoted = parts
    row.extras.setdefault("content_raw", row.text)
    row.extras["quote"] = {"text": quoted}
    row.text, row.kind = own, "quote"


def read_transfer(row: ChatRow) -> None:
    """Amount and remark of ``[转账|发送 ￥100.00](备注)``, as one program writes a transfer."""
    match = _TRANSFER.fullmatch(row.text or "")
    if match is None:
        return
    row.kind = "transfer"
    facts = {"amount": match[2], "remark": match[3], "transfer_state": _TRANSFER_STATES.get(match[1] or "")}
    for key, value in facts.items():
        if value:
            row.extras.setdefault(key, value)


def kind_of_word(word: str, notes: ChatNotes, locator: str) -> str:
    """The message type for an exporter's word; ``unknown`` with a note for one that is not known."""
    found = type_of_word(word)
    if found is None:
        notes.add("type_unknown", locator, word)
        return "unknown"
    return found
