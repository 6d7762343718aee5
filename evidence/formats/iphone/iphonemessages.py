"""Records from the message database of an iPhone or Mac; ``evidence.importers.iphone_messages`` says what is claimed.

A tapback (a heart put on a message) is no message: it is kept with the message it belongs to, and counted. Columns
that are NULL, empty or 0 are left out of ``extras``; everything else of the row is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from evidence.formats.android.androidfields import compare_form
from evidence.formats.chats.chatmedia import named_file
from evidence.formats.chats.oncenotes import OnceNotes
from evidence.formats.iphone.iphonechats import Chat, Chats, Lookup, Merge
from evidence.formats.iphone.iphonefields import (
    EVENTS,
    TIMES,
    Words,
    attachment_places,
    earlier_texts,
    is_preview,
    is_reaction,
    message_type,
    reaction_target,
    reaction_word,
    words_of,
)
from evidence.formats.iphone.iphoneservices import SERVICES
from evidence.formats.iphone.iphonewords import MESSAGE_WORDS
from evidence.formats.sqlite.sqlitefields import kept_fields
from evidence.formats.sqlite.sqliterows import Row, SqliteFile
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Direction, Kind, Media, Participant, Problem, Record, Stamp
from evidence.times import apple_stamp, from_utc_text, to_utc_text

_EARLIEST = "2007-01-01"
_REACTIONS_KEPT = 200_000
_DIRECTIONS: dict[Any, Direction] = {0: "in", 1: "out"}
_TAKEN = (("rowid", int), ("text", str), ("date", (int, float, str)))
_PUBLIC_NAMES = {"guid": "message_id", "account": "own_account"}


@dataclass(slots=True)
class _Attached:
    """The attachments of one message."""

    media: list[Media] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    mimes: list[str] = field(default_factory=list)


class MessageRun:
    """One pass over one database."""

    def __init__(self, file: FileProbe, options: ReadOptions, database: SqliteFile) -> None:
        self._file, self._options, self._database = file, options, database
        self._chats = Chats(database)
        self._attachments = Lookup(database, "attachment")
        self._in_chat = Merge(database, "chat_message_join", "chat_id")
        self._removed = Merge(database, "chat_recoverable_message_join", "chat_id", ("delete_date",))
        self._has = Merge(database, "message_attachment_join", "attachment_id")
        self._notes = OnceNotes(MESSAGE_WORDS, {"row_unreadable": "error"})
        self._latest = None if file.mtime is None else to_utc_text(from_utc_text(file.mtime) + timedelta(days=1))
        self._reactions: dict[str, list[dict[str, Any]]] = {}
        self._kept_reactions = 0

    def all(self) -> Iterator[Item]:
        """Every message in the order of its row number, then what is told once."""
        self._gather_reactions()
        last = -(2**63)
        for row in self._database.rows("message"):
            rowid = row.get("rowid")
            if not isinstance(rowid, int) or rowid < last:  # a table without row numbers of its own
                self._notes.add("row_unreadable", f"message {rowid}")
                continue
            last = rowid + 1
            chats, removed, joined = self._in_chat.take(rowid), self._removed.take(rowid), self._has.take(rowid)
            if is_reaction(row):
                self._notes.add("reactions", f"message {rowid}")
                continue
            yield self._record(row, chats or removed, removed, joined)
        yield from self._end()

    def _end(self) -> Iterator[Problem]:
        for merge in (self._in_chat, self._removed, self._has):
            merge.rest()
        lost = self._notes.count("reactions") - self._kept_reactions
        if lost:
            self._notes.add("reactions_without_message", "", times=lost)
        if self._in_chat.unmatched:
            self._notes.add("messages_gone", "", times=self._in_chat.unmatched)
        yield from self._notes.problems()
        yield from self._database.problems()

    def _gather_reactions(self) -> None:
        """Tapbacks by the message they belong to; the query uses the index that newer databases have for it."""
        columns = self._database.columns("message")
        if "associated_message_type" not in columns or "associated_message_guid" not in columns:
            return
        wanted = ("associated_message_guid", "associated_message_type", "associated_message_emoji", "date")
        names = [c for c in (*wanted, "is_from_me", "handle_id") if c in columns]
        sql = (
            f"select rowid as number, {', '.join(names)} from message where associated_message_guid > '' "
            "and associated_message_type >= 2000 and associated_message_type < 4000 limit ?"
        )
        for row in self._database.query(sql, [_REACTIONS_KEPT]):
            target = reaction_target(row["associated_message_guid"])
            if target is not None and is_reaction(row):
                self._reactions.setdefault(target, []).append(self._reaction(row))

    def _reaction(self, row: Row) -> dict[str, Any]:
        word, removed = reaction_word(row["associated_message_type"])
        out: dict[str, Any] = {
            "reaction": word,
            "message": f"message {row['number']}",
            "time": apple_stamp(row.get("date")).utc,
        }
        out |= {"removed": True} if removed else {}
        emoji, sender = row.get("associated_message_emoji"), self._chats.handle(row.get("handle_id")).get("id")
        out |= {"emoji": emoji} if isinstance(emoji, str) and emoji else {}
        direction = _DIRECTIONS.get(row.get("is_from_me"))
        out |= {"direction": direction} if direction else {}
        return out | ({"number": sender} if direction == "in" and isinstance(sender, str) else {})

    def _record(self, row: Row, chats: Sequence[Row], removed: Sequence[Row], joined: Sequence[Row]) -> Record:
        locator = f"message {row['rowid']}"
        chat_id = chats[0]["chat_id"] if chats else None
        chat = self._chats.chat(chat_id)
        handle = self._chats.handle(row.get("handle_id"))
        system = bool(row.get("item_type"))
        direction = None if system else _DIRECTIONS.get(row.get("is_from_me"))
        words = words_of(row.get("text"), row.get("attributedbody"))
        if system and words.text is None and isinstance(row.get("group_title"), str):
            words = replace(words, text=row["group_title"] or None)
        attached = self._attached(joined, locator) if joined else _Attached()
        kind, channel = _service(row, handle, chat, attached)
        group = (chat is not None and chat.group) or bool(row.get("cache_roomnames"))
        number = _number(handle, chat, group, direction)
        people: tuple[Participant, ...] = ()
        if chat is not None and chat.group and isinstance(chat_id, int):
            people = self._chats.people(chat_id, chat, None if direction == "out" else number)
        extras = self._extras(row, words, attached, locator)
        if chat is not None:
            extras["conversation"], extras["conversation_id"] = chat.title, chat.guid
        if group:
            extras["group"] = True
        if len(chats) > 1:
            extras["conversation_rows"] = [entry["chat_id"] for entry in chats]
        if removed:
            extras["state"] = "deleted"
            extras["time_deleted"] = apple_stamp(removed[0].get("delete_date")).utc
            self._notes.add("deleted", locator)
        return Record(
            kind=kind,
            channel=channel,
            locator=locator,
            time=self._time(row.get("date"), locator),
            direction=direction,
            number=compare_form(number),
            number_raw=number,
            text=words.text,
            text_basis=None if words.text is None else "source",
            participants=people,
            media=tuple(attached.media),
            holder=self._options.holder,
            extras=extras,
        )

    def _extras(self, row: Row, words: Words, attached: _Attached, locator: str) -> dict[str, Any]:
        if words.state != "unreadable" and isinstance(row.get("attributedbody"), bytes):
            del row["attributedbody"]
        extras = kept_fields(row)
        for name, kind in _TAKEN:
            if name in extras and isinstance(extras[name], kind):  # a value of a strange type stays
                del extras[name]
        if extras.get("is_from_me") == 1:
            del extras["is_from_me"]
        for name, public in _PUBLIC_NAMES.items():
            if name in extras:
                extras[public] = extras.pop(name)
        for name, public in TIMES.items():
            if name in extras:
                extras[public] = apple_stamp(row[name]).utc
        extras["message_type"] = message_type(row, attached.mimes, words.text)
        if words.state != "ok":
            self._notes.add(f"text_{words.state}", locator)
        if words.from_body:
            extras["text_from"] = "attributedBody"
        if words.other is not None:
            extras["attributed_text"] = words.other
        if row.get("item_type"):
            event = EVENTS.get((row["item_type"], row.get("group_action_type") or 0))
            extras |= {"event": event} if event else {}
        elif row.get("is_from_me") == 1 and row.get("error"):
            extras["state"] = "failed"
        if row.get("date_edited") or row.get("date_retracted"):
            _add_history(extras, row, words.text)
        reactions = self._reactions.pop(row["guid"], None) if isinstance(row.get("guid"), str) else None
        if reactions:
            extras["reactions"] = reactions
            self._kept_reactions += len(reactions)
        if attached.rows:
            extras["attachments"] = attached.rows
        if attached.missing:
            extras["missing_media"] = attached.missing
        return extras

    def _time(self, raw: Any, locator: str) -> Stamp:
        time = apple_stamp(raw)
        if time.utc is None:
            self._notes.add("time_unreadable", locator)
        elif time.utc < _EARLIEST or (self._latest is not None and time.utc > self._latest):
            self._notes.add("time_odd", locator)
        return time

    def _attached(self, joined: Sequence[Row], locator: str) -> _Attached:
        out = _Attached()
        for entry in joined:
            row = self._attachments.get(entry["attachment_id"])
            if row is None:
                out.missing.append(f"attachment {entry['attachment_id']}")
                self._notes.add("media_missing", locator)
                continue
            fields = kept_fields(row)
            out.rows.append(fields)
            path, stated = row.get("filename"), row.get("mime_type")
            shown = next((n for n in (row.get("transfer_name"), path) if isinstance(n, str) and n), "")
            media = self._media(path, shown) if isinstance(path, str) else None
            if media is None:
                out.missing.append(shown or f"attachment {entry['attachment_id']}")
                self._notes.add("media_missing", locator, shown)
            else:
                out.media.append(media)
            if not is_preview(row):
                known = media is not None and media.mime != "application/octet-stream"
                out.mimes.append(
                    media.mime if media is not None and known else stated if isinstance(stated, str) else ""
                )
        return out

    def _media(self, path: str, shown: str) -> Media | None:
        for name, folders in attachment_places(path):
            found = named_file(self._file.find, name, folders)
            if found is not None:
                return replace(found, name=shown.replace("\\", "/").rpartition("/")[2] or found.name)
        return None


def _add_history(extras: dict[str, Any], row: Row, text: str | None) -> None:
    """What an edited message said before; one that was taken back whole has no text left."""
    texts, retracted = earlier_texts(row.get("message_summary_info"))
    if texts:
        extras["earlier_texts"] = texts
    extras["state"] = "recalled" if row.get("date_retracted") or (retracted and not text) else "edited"
    if extras["state"] == "recalled" and not text:
        extras["message_type"] = "recalled"


def _service(row: Row, handle: Row, chat: Chat | None, attached: _Attached) -> tuple[Kind, str]:
    """Kind and channel by the message's own service, else that of the person or the chat."""
    said = (row.get("service"), handle.get("service"), chat.service if chat is not None else None)
    word = next((s for s in said if isinstance(s, str) and s), "")
    kind, channel = SERVICES.get(word.lower(), ("chat", "unknown"))
    return ("mms", "mms") if channel == "sms" and attached.mimes else (kind, channel)


def _number(handle: Row, chat: Chat | None, group: bool, direction: Direction | None) -> str | None:
    """The other side; of what was sent to a group there is no single one."""
    if group and direction == "out":
        return None
    address = handle.get("id")
    if isinstance(address, str) and address:
        return address
    return chat.identifier or None if chat is not None and not group else None
