"""What stands around a message in an iPhone's ``sms.db``: the chat it belongs to, who is in it, its attachments.

Messages come in the order of their row numbers, so the tables that join them to chats and attachments are read once,
in the same order, beside them. Small tables are asked by row number, with a bounded memory of the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.formats.android.androidfields import compare_form
from evidence.formats.sqlite.sqliterows import Row, SqliteFile, quoted
from evidence.models import Participant

_REMEMBERED = 4096
_JOINED = 64  # chats or attachments of one message that are looked at
_MEMBERS = 500
_GROUP_STYLE = 43


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation. ``identifier`` is the other side's number or address, or the name of a room.

    ``members`` are those of the day of the copy, not of the day of a message.
    """

    title: str
    guid: str
    identifier: str
    group: bool
    service: str
    members: tuple[str, ...] = ()


class Merge:
    """Rows ``(message_id, value)`` of a joining table, taken along with the messages."""

    def __init__(self, database: SqliteFile, table: str, value: str, extra: tuple[str, ...] = ()) -> None:
        self._rows: Iterator[Row] = iter(())
        self._next: Row | None = None
        self._at: int | None = None  # no row of a smaller number is left; None when there is none at all
        self.unmatched = 0
        """Rows that name a message which the file no longer holds."""
        columns = database.columns(table)
        if "message_id" in columns and value in columns:
            names = ", ".join(quoted(c) for c in ("message_id", value, *extra) if c in columns)
            self._rows = database.query(f"select {names} from {quoted(table)} order by message_id")
            self._next = next(self._rows, None)
            self._at = None if self._next is None else -(2**63)

    def take(self, rowid: int) -> Sequence[Row]:
        """The rows of one message. Must be asked in ascending order."""
        if self._at is None or self._at > rowid:
            return ()
        found: list[Row] = []
        while self._next is not None:
            at = self._next["message_id"]
            if type(at) is int and at > rowid:
                self._at = at
                return found
            if at != rowid:
                self.unmatched += 1
            elif len(found) < _JOINED:
                found.append(self._next)
            self._next = next(self._rows, None)
        self._at = None
        return found

    def rest(self) -> None:
        """Look at what is left when the messages have ended."""
        while self._next is not None:
            self.unmatched += 1
            self._next = next(self._rows, None)


class Lookup:
    """Rows of one table by row number. A table that cannot be asked is asked once."""

    def __init__(self, database: SqliteFile, table: str) -> None:
        self._database = database
        self._known: dict[int, Row | None] = {}
        columns = database.columns(table)
        names = ", ".join(quoted(c) for c in columns)
        self._sql = f"select {names} from {quoted(table)} where rowid = ?" if columns else ""

    def get(self, rowid: Any) -> Row | None:
        """The row, or None."""
        if not self._sql or not isinstance(rowid, int) or rowid == 0:
            return None
        if rowid not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            before = len(self._database.damage)
            self._known[rowid] = next(self._database.query(self._sql, [rowid]), None)
            if len(self._database.damage) > before:
                self._sql = ""
        return self._known[rowid]


class Chats:
    """Conversations and people, by row number."""

    def __init__(self, database: SqliteFile) -> None:
        self._database = database
        self._rows = Lookup(database, "chat")
        self._handles = Lookup(database, "handle")
        self._chats: dict[int, Chat | None] = {}
        self._people: dict[tuple[int, str | None], tuple[Participant, ...]] = {}
        joined = {"chat_id", "handle_id"} <= set(database.columns("chat_handle_join"))
        self._members_sql = (
            "select handle_id from chat_handle_join where chat_id = ? order by handle_id limit ?" if joined else ""
        )

    def handle(self, rowid: Any) -> Row:
        """A person's row: ``id`` (number or e-mail address), ``service``; {} for none."""
        return self._handles.get(rowid) or {}

    def chat(self, rowid: Any) -> Chat | None:
        """A conversation."""
        if not isinstance(rowid, int):
            return None
        if rowid not in self._chats:
            if len(self._chats) >= _REMEMBERED:
                self._chats.clear()
                self._people.clear()
            self._chats[rowid] = self._load(rowid)
        return self._chats[rowid]

    def people(self, rowid: int, chat: Chat, sender: str | None) -> tuple[Participant, ...]:
        """Who is in a group, the sender first; the others without role, since the file does not say who got it."""
        key = (rowid, sender)
        if key not in self._people:
            if len(self._people) >= _REMEMBERED:
                self._people.clear()
            first = (Participant(compare_form(sender) or sender, "from"),) if sender else ()
            others = (Participant(compare_form(raw) or raw) for raw in chat.members if raw != sender)
            self._people[key] = (*first, *others)
        return self._people[key]

    def _load(self, rowid: int) -> Chat | None:
        row = self._rows.get(rowid)
        if row is None:
            return None
        identifier, room, guid = _text(row, "chat_identifier"), _text(row, "room_name"), _text(row, "guid")
        group = row.get("style") == _GROUP_STYLE or bool(room) or ";+;" in guid
        members = tuple(self._members(rowid)) if group else ()
        title = _text(row, "display_name") or (identifier if not group else room or identifier)
        return Chat(title, guid, identifier, group, _text(row, "service_name"), members)

    def _members(self, rowid: int) -> Iterator[str]:
        if not self._members_sql:
            return
        before = len(self._database.damage)
        for row in list(self._database.query(self._members_sql, [rowid, _MEMBERS])):
            address = self.handle(row["handle_id"]).get("id")
            if isinstance(address, str) and address:
                yield address
        if len(self._database.damage) > before:
            self._members_sql = ""


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
