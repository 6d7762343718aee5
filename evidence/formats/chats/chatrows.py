"""One row of a chat dump as every importer of dumps hands it over, and the record that is made of it.

Direction, the name shown, calls and what is told once per file are decided here, the same for each program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.formats.chats.chatmedia import Find, look_up
from evidence.formats.chats.chatnotes import NAMES_SHOWN, ChatNotes
from evidence.formats.wechat.wechattypes import read_call
from evidence.importers.base import ReadOptions
from evidence.models import Direction, Media, Outcome, Record, Stamp

UNOFFICIAL = "third_party_export"
_NO_SENDER = {"system", "recalled", "group_notice"}


@dataclass(slots=True)
class ChatRow:
    """One message. ``mine`` is what the file itself says; ``files`` are names of attachments beside the chat.

    ``kind`` is the message type (text, image, call, …); ``sender`` the display name, ``account`` the id of who sent
    it. ``extras`` are fields of the source without a column.
    """

    locator: str
    time: Stamp
    text: str | None = None
    kind: str = "text"
    sender: str | None = None
    account: str | None = None
    mine: bool | None = None
    conversation: str | None = None
    conversation_id: str | None = None
    group: bool = False
    message_id: str | None = None
    state: str | None = None
    duration_s: float | None = None
    outcome: Outcome | None = None
    files: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ChatRecords:
    """Makes records of rows. ``me`` are names and accounts of the holder.

    Only where they are known to occur in the file (``me_occurs``) is a message of somebody else a received one: a name
    given wrongly must not make the holder's own messages those of another.
    ``provenance`` is stored with each record where the dump was made by a program that is not the chat's own;
    ``places`` are folders beside the chat where attachments lie.
    """

    options: ReadOptions
    find: Find
    channel: str
    provenance: str | None = None
    me: frozenset[str] = frozenset()
    me_occurs: bool = False
    places: tuple[str, ...] = ("",)
    notes: ChatNotes = field(default_factory=ChatNotes)

    def settle(self, me: frozenset[str]) -> None:
        """``me`` occur in the file; none when nobody could be found."""
        self.me, self.me_occurs = me, bool(me)

    def record(self, row: ChatRow, inside: Sequence[Media] = ()) -> Record:
        """The record of ``row``, with media that were kept from ``inside`` the source. What is odd is noted."""
        if row.time.utc is None:
            self.notes.add("time_unreadable", row.locator)
        direction = self._direction(row)
        named = look_up(self.find, row.files, self.places)
        for name in named.missing:
            self.notes.add("media_missing", row.locator, name)
        text = row.text or None
        is_call = row.kind == "call"
        call = read_call(text or "") if is_call else None
        return Record(
            kind="call" if is_call else "chat",
            channel=self.channel,
            locator=row.locator,
            time=row.time,
            direction=direction,
            name=self._shown(row, direction),
            text=text,
            text_basis=None if text is None else "source",
            duration_s=row.duration_s if call is None or row.duration_s is not None else call.duration_s,
            outcome=row.outcome or (None if call is None else call.outcome),
            media=(*inside, *named.media),
            holder=self.options.holder,
            extras=self._extras(row, named.missing),
        )

    def _direction(self, row: ChatRow) -> Direction | None:
        """What the file says; else whether the sender is one of ``me``; system lines have none."""
        if row.kind in _NO_SENDER:
            return None
        known = bool({row.sender, row.account} & self.me)
        if row.mine is not None:
            if not row.mine and known:
                self.notes.add("sender_disputed", row.locator)
            return "out" if row.mine else "in"
        if known:
            return "out"
        if self.me_occurs and (row.sender or row.account):
            return "in"
        self.notes.add("direction_unknown", row.locator, row.sender or row.account or "")
        return None

    @staticmethod
    def _shown(row: ChatRow, direction: Direction | None) -> str | None:
        if direction == "out" and not row.group:
            return row.conversation or row.conversation_id
        return row.sender or row.account or (None if row.group else row.conversation)

    def _extras(self, row: ChatRow, missing: list[str]) -> Mapping[str, Any]:
        ours = {
            "sender": row.sender,
            "account": row.account,
            "conversation": row.conversation,
            "conversation_id": row.conversation_id,
            "group": True if row.group else None,
            "message_id": row.message_id,
            "message_type": row.kind,
            "state": row.state,
            "missing_media": missing or None,
            "provenance": self.provenance,
        }
        theirs = {f"source_{key}" if key in ours else key: value for key, value in row.extras.items()}
        return {key: value for key, value in ours.items() if value not in (None, "")} | theirs


@dataclass(slots=True)
class HolderSearch:
    """Which of ``--me`` occur among the senders of a file: all names go in one by one, a few are kept as examples."""

    me: tuple[str, ...]
    found: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)

    def add(self, *names: str | None) -> None:
        """The names of one sender: display name, account. When one is of ``--me``, all are the holder's."""
        if any(name in self.me for name in names):
            self.found.update(name for name in names if name)
        first = next((name for name in names if name), None)
        if first is not None and len(self.others) < NAMES_SHOWN and first not in self.others:
            self.others.append(first)

    def result(self, notes: ChatNotes) -> frozenset[str]:
        """Those found; a note with the names there are when ``--me`` was given in vain."""
        if self.me and self.others and not self.found:
            for name in self.others:
                notes.add("me_unmatched", "file", name)
        return frozenset(self.found)
