"""Android's tables in an SQLite file: where a row stands, and rows of one table grouped by those of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.chats.oncenotes import OnceNotes
from evidence.formats.sqlite.sqliterows import Row, SqliteFile
from evidence.importers.base import Item

CALLS = frozenset(("_id", "number", "date", "duration", "type"))
_GROUP_LIMIT = 5000


def place(table: str, row: Row, ordinal: int) -> str:
    """Where a row stands: ``sms _id 17``, or its row number where ``_id`` is not what numbers the rows."""
    number = row.get("rowid")
    if number is None:
        return f"{table} row {ordinal}"
    return f"{table} _id {number}" if row.get("_id") == number else f"{table} row {number}"


def without_number(row: Row) -> Row:
    """The row itself, with its own columns only: the number that SQLite gave it is taken out."""
    row.pop("rowid", None)
    return row


def read_calls(database: SqliteFile, run: AndroidRows) -> Iterator[Item]:
    """Every row of ``calls``, where the database has that table."""
    for n, row in enumerate(database.rows("calls"), 1):
        locator = place("calls", row, n)
        yield from run.call(without_number(row), locator)


class Grouped:
    """Rows of ``table`` by the integer in ``key``, taken in rising order of it: one pass, one group in memory."""

    def __init__(self, database: SqliteFile, table: str, key: str, notes: OnceNotes, left_out: str = "") -> None:
        columns = [column for column in database.columns(table) if column != left_out]
        then = tuple(column for column in ("seq", "_id") if column in columns)
        self._table, self._key, self._notes = table, key, notes
        self._rows = database.rows(table, columns, (key, *then)) if key in columns else iter(())
        self._seen = 0
        self._next = next(self._rows, None)

    def of(self, number: Any) -> list[Row]:
        """The rows whose key is ``number``; those with a lesser key belong to nothing."""
        found: list[Row] = []
        while isinstance(number, int) and (row := self._take_up_to(number)) is not None:
            if row[self._key] != number:
                self._orphan(row)
            elif len(found) < _GROUP_LIMIT:
                found.append(row)
            else:
                self._notes.add("parts_too_many", place(self._table, row, self._seen))
        return found

    def rest(self) -> None:
        """Count what is left: it belongs to nothing."""
        while (row := self._take()) is not None:
            self._orphan(row)

    def _take_up_to(self, number: int) -> Row | None:
        """The next row if its key is not greater; NULL comes before all numbers, text after them."""
        key = None if self._next is None else self._next[self._key]
        return self._take() if key is None or (isinstance(key, int | float) and key <= number) else None

    def _take(self) -> Row | None:
        row = self._next
        if row is not None:
            self._next = next(self._rows, None)
            self._seen += 1
        return row

    def _orphan(self, row: Row) -> None:
        self._notes.add("rows_orphaned", place(self._table, row, self._seen), self._table)
