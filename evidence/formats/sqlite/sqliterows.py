"""The rows of an untrusted SQLite file, as many as can be read; ``evidence.formats.sqlite.sqlitefile`` opens it."""

from __future__ import annotations

import base64
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.formats.sqlite.sqlitedamage import FAILURES, Damage, OutOfOrder, is_local, reason_of, told
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Neighbour
from evidence.models import Problem

Row = dict[str, Any]
ROWID = "rowid"
_FIRST, _LAST = -(2**63), 2**63 - 1
_GAP_LIMIT = 1000  # damaged places of one table that are stepped over
ROWID_WORDS = ("rowid", "_rowid_", "oid")


@dataclass(frozen=True, slots=True)
class Table:
    """An ordinary table: ``columns`` maps lower-case names to those as written."""

    name: str
    columns: Mapping[str, str]
    has_rowid: bool = True

    @property
    def rowid(self) -> str | None:
        """The word that means the row's number here, or None where there is none."""
        if not self.has_rowid:
            return None
        return next((word for word in ROWID_WORDS if word not in self.columns), None)


def tolerant(data: bytes) -> str:
    """Text of a database, whatever its bytes: UTF-8, else UTF-8 with surrogates as Java writes them, else replaced."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogatepass") if _only_surrogates(data) else data.decode("utf-8", "replace")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _only_surrogates(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def plain(value: Any) -> Any:
    """A value as ``extras`` can keep it: bytes as base64, numbers without JSON form as text; others unchanged."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class SqliteFile:
    """An open database. Rows come as dicts with lower-case column names; ``damage`` grows while they are read."""

    def __init__(self, connection: sqlite3.Connection, tables: Mapping[str, Table], heartbeat: Callable[[], None]):
        self._connection, self._heartbeat = connection, heartbeat
        self._tables = {name.lower(): table for name, table in tables.items()}
        self.tables: Mapping[str, frozenset[str]] = {n: frozenset(t.columns) for n, t in tables.items()}
        self.companions: tuple[Neighbour, ...] = ()
        self.unused: tuple[Neighbour, ...] = ()
        self.damage: list[Damage] = []
        self.mended = 0
        """Texts that were not UTF-8."""

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table in lower case, in its order; () when there is no such table."""
        found = self._tables.get(table.lower())
        return () if found is None else tuple(found.columns)

    def rows(self, table: str, columns: Sequence[str] | None = None, order: Sequence[str] = (ROWID,)) -> Iterator[Row]:
        """The rows of one table, streamed; columns that it does not have are left out of the dicts.

        Each dict has ``rowid`` too, where the table has row numbers. In that order (the default) damaged pages are
        stepped over; in another order, what can be read is sorted in memory once a damaged page is met.
        """
        found = self._tables.get(table.lower())
        if found is None:
            return
        wanted = list(found.columns) if columns is None else [c.lower() for c in columns if c.lower() in found.columns]
        if tuple(order) == (ROWID,) and found.rowid is not None:
            yield from self._scan(found, [c for c in wanted if c != ROWID])
            return
        keys = [c.lower() for c in order if c.lower() in found.columns]
        yield from self._sorted(found, wanted, keys)

    def query(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        """Rows of a SELECT over ordinary tables (no WITH, no views). Ends early, with a note, where it fails."""
        done = 0
        while True:
            try:
                cursor = self._connection.execute(sql, params)
                names = [str(entry[0]).lower() for entry in cursor.description]
                for n, row in enumerate(cursor):
                    self._heartbeat()
                    if n >= done:
                        done += 1
                        yield dict(zip(names, row, strict=True))
                return
            except FAILURES as error:
                if not self._now_tolerant(error):
                    self._note("", None, None, error)
                    return

    def problems(self) -> Iterator[Problem]:
        """What is told once per file, after reading: what else was used, what was mended, what could not be read."""
        for neighbour in self.companions:
            words = _("The database was read together with what its program had not yet filed ({name}, SHA-256 {sha}).")
            message = words.format(name=neighbour.name, sha=neighbour.sha256)
            yield Problem("database_log_used", message, severity="warning")
        for neighbour in self.unused:
            words = _("{name} does not fit this database; it was read without it.")
            yield Problem("database_log_unused", words.format(name=neighbour.name), severity="warning")
        if self.mended:
            words = ngettext(
                "{n} text of the database has wrong bytes; they are shown as \ufffd. The original is unchanged.",
                "{n} texts of the database have wrong bytes; they are shown as \ufffd. The original is unchanged.",
                self.mended,
            )
            yield Problem("text_mended", words.format(n=self.mended), severity="warning")
        yield from told(self.damage)

    def _scan(self, table: Table, names: list[str]) -> Iterator[Row]:
        """In the order of row numbers, stepping over what is damaged."""
        start, gaps = _FIRST, 0
        while start <= _LAST:
            try:
                for row in self._connection.execute(self._select(table, names), [start]):
                    self._heartbeat()
                    if row[0] < start:
                        raise OutOfOrder(_("row numbers out of order"))
                    start = row[0] + 1
                    yield dict(zip((ROWID, *names), row, strict=True))
                return
            except (*FAILURES, OutOfOrder) as error:
                if self._now_tolerant(error):
                    continue
                code = getattr(error, "sqlite_errorcode", None)
                row_number = self._number(table, start) if code == sqlite3.SQLITE_TOOBIG else None
                if row_number is not None:
                    yield self._rescued(table, names, row_number)
                    start = row_number + 1
                    continue
                gaps += 1
                onward = self._onward(table, names, start) if gaps < _GAP_LIMIT and is_local(error) else None
                self._note(table.name, start, None if onward is None else onward - 1, error)
                if onward is None:
                    return
                start = onward

    def _select(self, table: Table, names: Sequence[str], rest: str = "") -> str:
        columns = ", ".join(quoted(table.columns[name]) for name in names)
        number = table.rowid
        return (
            f"select {number} as rowid{', ' if columns else ''}{columns} from {quoted(table.name)} "
            f"where {number} >= ? order by {number}{rest}"
        )

    def _number(self, table: Table, start: int) -> int | None:
        """The number of the first row from ``start`` on."""
        try:
            row = self._connection.execute(self._select(table, (), " limit 1"), [start]).fetchone()
        except FAILURES:
            return None
        return row[0] if row is not None and row[0] >= start else None

    def _rescued(self, table: Table, names: Sequence[str], number: int) -> Row:
        """A row with a value above the limit: its other columns, read one by one."""
        row: Row = {ROWID: number}
        for name in names:
            try:
                found = self._connection.execute(self._select(table, (name,), " limit 1"), [number]).fetchone()
                row[name] = found[1] if found is not None and found[0] == number else None
            except FAILURES as error:
                row[name] = None
                self.damage.append(Damage(table.name, number, number, "too_large", f"{name}: {error}"))
        return row

    def _onward(self, table: Table, names: list[str], start: int) -> int | None:
        """The nearest row number after ``start`` from which reading goes on: ever longer steps, then halves."""
        bad, step = start, 1
        while not self._readable(table, names, start + step):
            bad, step = start + step, step * 2
            if start + step > _LAST:
                return None
        good = start + step
        while good - bad > 1:
            middle = (good + bad) // 2
            if self._readable(table, names, middle):
                good = middle
            else:
                bad = middle
        return good

    def _readable(self, table: Table, names: list[str], start: int) -> bool:
        self._heartbeat()
        try:
            row = self._connection.execute(self._select(table, names, " limit 1"), [start]).fetchone()
        except FAILURES as error:
            return self._now_tolerant(error) and self._readable(table, names, start)
        return row is None or row[0] >= start

    def _sorted(self, table: Table, names: list[str], keys: list[str]) -> Iterator[Row]:
        """Sorted by SQLite; when a damaged page stops that before the first row, by us, from what can be read."""
        number = table.rowid
        columns = [] if number is None else [f"{number} as rowid"]
        columns += [quoted(table.columns[name]) for name in names if name != ROWID or number is None]
        ordered = [quoted(table.columns[key]) for key in keys] + ([] if number is None else [number])
        tail = f" order by {', '.join(ordered)}" if ordered else ""
        before, came = len(self.damage), False
        for row in self.query(f"select {', '.join(columns)} from {quoted(table.name)}{tail}"):
            came = True
            yield row
        if len(self.damage) > before and not came and number is not None:
            del self.damage[before:]
            missing = [key for key in keys if key not in names]
            rows = list(self._scan(table, [n for n in (*names, *missing) if n != ROWID]))
            yield from sorted(rows, key=lambda row: [_rank(row[key]) for key in keys])

    def _now_tolerant(self, error: Exception) -> bool:
        """After text that is no UTF-8: read on with a decoder that forgives. False for any other failure."""
        if self._connection.text_factory is not str or "decode to UTF-8" not in str(error):
            return False
        self._connection.text_factory = self._decode
        return True

    def _decode(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.mended += 1
            return tolerant(data)

    def _note(self, table: str, first: int | None, last: int | None, error: Exception) -> None:
        first = None if first == _FIRST else first
        self.damage.append(Damage(table, first, last, reason_of(error), str(error)))


def _rank(value: Any) -> tuple[int, Any]:
    """SQLite's own order of values of several types: NULL, numbers, text, blobs."""
    if value is None:
        return 0, 0
    return (1 if isinstance(value, int | float) else 2 if isinstance(value, str) else 3), value
