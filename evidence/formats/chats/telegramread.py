"""The records and contacts of Telegram's ``result.json``, one message in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.chatrows import ChatRecords, ChatRow, HolderSearch
from evidence.formats.chats.oncenotes import OnceNotes, Words
from evidence.formats.chats.telegramfields import (
    ALONE,
    Chat,
    call_end,
    is_plain,
    message_kind,
    message_time,
    named_files,
    plain_text,
    was_edited,
)
from evidence.formats.contacts.personnames import full_name
from evidence.formats.json.jsonstream import Broken, stream, top_level
from evidence.formats.wechat.dumpjson import dump_values, rest_of, text_of
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Contact, Problem, Record
from evidence.phone import normalise

_MESSAGE = re.compile(rb'"type"\s*:\s*"(?:message|service)"')
_MEMBER = re.compile(rb'"(?:date_unixtime|from_id|actor_id|text_entities)"\s*:|"date"\s*:\s*"\d{4}-\d\d-\d\dT')
_EMPTY = re.compile(rb'"type"\s*:\s*"(?:personal_chat|bot_chat|(?:private|public)_\w{4,12}|saved_messages)"')
_ABOUT_KEYS = ("name", "type", "id")
_LISTS = {"": "", "chats.list.item.": "chat", "left_chats.list.item.": "left_chat"}
_MESSAGES = {f"{place}messages.item": place for place in _LISTS}
_HEADS = {f"{place}{key}": (place, key) for place in _LISTS for key in _ABOUT_KEYS}
_OWNER, _CONTACT = "personal_information", "contacts.list.item"
_PASSED = ("frequent_contacts.list.item", "sessions.list.item", "web_sessions.list.item", "profile_pictures.item")
_SHOWN = ("from", "from_id", "actor", "actor_id", "text", "date_unixtime", "id")


def _media_left_out(n: int) -> str:
    return ngettext(
        "{n} attachment was left out when the chat was exported; the first is {first} ({names}).",
        "{n} attachments were left out when the chat was exported; the first is {first} ({names}).",
        n,
    )


def _local(n: int) -> str:
    return ngettext(
        "{n} message has only a clock without zone (older exports); it is read in the zone of this import. The first "
        "is {first}.",
        "{n} messages have only a clock without zone (older exports); they are read in the zone of this import. The "
        "first is {first}.",
        n,
    )


def _passed(n: int) -> str:
    return ngettext(
        "{n} entry that is no message was passed over ({names}).",
        "{n} entries that are no messages were passed over ({names}).",
        n,
    )


_NOTES: Mapping[str, Words] = {"media_omitted": _media_left_out, "time_local": _local, "section_passed": _passed}


@dataclass(slots=True)
class _Run:
    """One pass over one file. ``chats`` are the heads of the conversations by list and position."""

    file: FileProbe
    options: ReadOptions
    records: ChatRecords
    chats: dict[tuple[str, tuple[int, ...]], dict[str, Any]] = field(default_factory=dict)
    owner: Mapping[str, Any] = field(default_factory=dict)
    notes: OnceNotes = field(default_factory=lambda: OnceNotes(_NOTES))
    looked: bool = False

    def take(self, prefix: str, place: tuple[int, ...], value: Any) -> None:
        """A head of a conversation, or what the export says of the owner."""
        if prefix == _OWNER:
            self.owner = value if isinstance(value, dict) else {}
            ident = text_of(self.owner.get("user_id"))
            if ident:
                self.records.settle(self.records.me | {f"user{ident}", ident})
        else:
            where, key = _HEADS[prefix]
            self.chats.setdefault((where, place), {})[key] = value

    def chat(self, where: str, place: tuple[int, ...]) -> Chat:
        """The conversation a message belongs to. When its head stands below its messages, it is looked for once."""
        if "type" not in self.chats.get((where, place), {}) and not self.looked:
            self.looked = True
            try:
                for found in stream(self.file.path, (*_HEADS, _OWNER), encoding=self.options.encoding):
                    if not isinstance(found.value, Broken):
                        self.take(found.prefix, found.place, found.value)
            except Unreadable:  # the pass over the messages says so
                self.looked = True
        head = self.chats.get((where, place), {})
        return Chat(text_of(head.get("name")) or None, text_of(head.get("type")), text_of(head.get("id")))

    def record(self, message: dict[str, Any], chat: Chat, locator: str) -> Record:
        """The record of one message or service line."""
        service = message.get("type") == "service"
        call = service and message.get("action") == "phone_call"
        text = plain_text(message.get("text"))
        outcome, seconds = call_end(message) if call else (None, None)
        files = named_files(message)
        for placeholder in files.left_out:
            self.notes.add("media_omitted", locator, placeholder)
        time, odd = message_time(message, self.options.zone)
        if odd:
            self.records.notes.add("time_differs", locator)
        if time.how == "local_assumed":
            self.notes.add("time_local", locator)
        name, account = self.sender(message)
        kind = "call" if call else "system" if service else message_kind(message)
        row = ChatRow(
            locator=locator,
            time=time,
            text=text,
            kind=kind,
            sender=name,
            account=account,
            mine=None if kind == "system" else self._mine(chat, name, account),
            conversation=chat.name,
            conversation_id=chat.id or None,
            group=chat.group,
            message_id=text_of(message.get("id")) or None,
            state="edited" if was_edited(message) else None,
            duration_s=seconds,
            outcome=outcome,
            files=files.named,
            extras=self._extras(message, chat, text),
        )
        return self.records.record(row)

    @staticmethod
    def sender(message: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """(name, account); a deleted account has no name any more."""
        name = text_of(message.get("from")) or text_of(message.get("actor")) or None
        raw = message.get("from_id") if message.get("from_id") is not None else message.get("actor_id")
        account = text_of(raw) or None
        return name, account

    def _mine(self, chat: Chat, name: str | None, account: str | None) -> bool | None:
        """Whether the owner of the export sent it. In a chat of two the other's id is that of the chat."""
        owner = {f"user{self.owner.get('user_id')}", text_of(self.owner.get("user_id"))} if self.owner else set()
        if account is not None and account in owner:
            return True
        if account is not None and owner:
            return False
        if chat.type == "saved_messages":
            return True
        if chat.type not in ALONE or self.records.me_occurs:
            return None
        if account is not None and chat.id:
            return account not in (f"user{chat.id}", chat.id)
        return None if name is None or chat.name is None else name != chat.name

    @staticmethod
    def _extras(message: dict[str, Any], chat: Chat, text: str) -> dict[str, Any]:
        used = [*_SHOWN, *(["text_entities"] if is_plain(message.get("text_entities"), text) else [])]
        out = rest_of(message, *used)
        if isinstance(message.get("text"), list) and "text_entities" not in message:
            out["text_pieces"] = message["text"]
        if "from" in message and message["from"] is None:
            out["deleted_account"] = True
        if chat.type:
            out["chat_type"] = chat.type
        return out


def _find_me(run: _Run) -> frozenset[str]:
    """Which names of --me occur among the senders: a pass of its own, since one decides about all messages."""
    search = HolderSearch(run.options.me)
    try:
        for found in stream(run.file.path, tuple(_MESSAGES), encoding=run.options.encoding):
            if isinstance(found.value, dict):
                search.add(*run.sender(found.value))
    except Unreadable:  # the pass over the messages says so
        return search.result(run.records.notes)
    return search.result(run.records.notes)


def _message(value: Any, where: str, place: tuple[int, ...], run: _Run) -> Iterator[Record]:
    chat_place, number = place[:-1], place[-1]
    prefix = f"{_LISTS[where]}[{chat_place[0]}]." if chat_place else ""
    locator = f"{prefix}message[{number}]"
    if not isinstance(value, dict) or not ({"date", "date_unixtime", "text", "action"} & value.keys()):
        run.records.notes.add("row_unreadable", locator)
        return
    yield run.record(value, run.chat(where, chat_place), locator)


def _contact(value: Any, number: int, run: _Run) -> Iterator[Contact]:
    locator = f"contact[{number}]"
    if not isinstance(value, dict):
        run.records.notes.add("row_unreadable", locator)
        return
    raw = text_of(value.get("phone_number")) or None
    name = full_name(text_of(value.get("last_name")), text_of(value.get("first_name")))
    ident = text_of(value.get("user_id"))
    if not name and raw is None and not ident:
        run.records.notes.add("row_skipped", locator)
        return
    yield Contact(
        locator=locator,
        name=name,
        number=normalise(raw),
        number_raw=raw,
        account=f"telegram:user{ident}" if ident.strip("0") else None,
        extras=rest_of(value, "phone_number"),
    )


def _told(run: _Run) -> Iterator[Problem]:
    if run.owner.get("user_id"):
        text = _("Sent and received are told apart: the export says that it is of the account {id}.")
        yield Problem("owner_settled", text.format(id=text_of(run.owner["user_id"])[:40]), "", "file", "warning")
    yield from run.records.notes.problems()
    yield from run.notes.problems()


def is_telegram(head: bytes) -> bool:
    """Whether the first bytes of a file are of an export of Telegram. Never raises."""
    keys = top_level(head)
    if keys is None:
        return False
    if "messages" in keys:
        if not {"weflow", "session", "chatInfo", "metadata"} & keys and _MESSAGE.search(head):
            return _MEMBER.search(head) is not None
        return set(_ABOUT_KEYS) <= keys and _EMPTY.search(head) is not None
    return "about" in keys and bool({_OWNER, "chats", "left_chats"} & keys) and b"elegram" in head


def read_telegram(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Every message and contact, then what is told once."""
    run = _Run(file, options, ChatRecords(options, file.find, "telegram"))
    if options.me:
        run.records.settle(_find_me(run))
    wanted = (*_MESSAGES, *_HEADS, _OWNER, _CONTACT, *_PASSED)
    for found in dump_values(file, options, wanted):
        if isinstance(found, Problem):
            yield found
        elif found.prefix in _MESSAGES:
            yield from _message(found.value, _MESSAGES[found.prefix], found.place, run)
        elif found.prefix == _CONTACT:
            yield from _contact(found.value, found.place[0], run)
        elif found.prefix in _PASSED:
            run.notes.add("section_passed", found.prefix, found.prefix.partition(".")[0])
        else:
            run.take(found.prefix, found.place, found.value)
    yield from _told(run)
