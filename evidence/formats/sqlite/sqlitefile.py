"""Open an SQLite file that nobody vouches for: nothing in it is executed, and the kept original is never written to.

Only ordinary tables can be read: views, triggers, virtual tables, pragmas and all functions but a harmless few are
refused by an authorizer. Large values, endless queries and damaged pages cost a named note, not the rest.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from evidence.database import storage_errors
from evidence.errors import Unreadable
from evidence.formats.sqlite.sqlitedamage import FAILURES, Damage
from evidence.formats.sqlite.sqliterows import ROWID_WORDS, SqliteFile, Table, quoted, tolerant
from evidence.importers.base import FileProbe, Neighbour

MAGIC = b"SQLite format 3\0"
VALUE_LIMIT = 16 << 20  # bytes of one text or blob; a larger one is left out and named
_TABLE_LIMIT = 5000
_REAL_TABLE = re.compile(r"\s*create\s+table\s", re.IGNORECASE)
_WRONG = "\ufffd"  # in a name that is no UTF-8, and so cannot be asked for
_STEPS = 100_000  # instructions of SQLite's machine between two looks at the clock
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_FUNCTIONS = frozenset(
    {
        *("abs", "avg", "coalesce", "count", "glob", "group_concat", "hex", "ifnull", "instr", "length", "like"),
        *("lower", "ltrim", "max", "min", "nullif", "round", "rtrim", "substr", "substring", "sum", "total"),
        *("trim", "typeof", "upper"),
    }
)
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: VALUE_LIMIT,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = ("trusted_schema=off", "query_only=on", "mmap_size=0", "cell_size_check=on", "temp_store=file")


class NoDatabase(Unreadable):
    """This SQLite database cannot be opened: it is damaged at its beginning, or encrypted."""

    code = "database_unreadable"


def is_sqlite(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an SQLite 3 database."""
    return head.startswith(MAGIC)


def tables_of(path: Path) -> Mapping[str, frozenset[str]]:
    """The ordinary tables, by name as written, with their columns in lower case; {} when it cannot be opened.

    Reads only the schema of the file itself (no write-ahead log). Never raises.
    """
    try:
        opened = _opened(path, 10_000_000)
    except (OSError, ValueError, OverflowError):
        return {}
    if opened is None:
        return {}
    opened.close()
    return opened.tables


@contextlib.contextmanager
def open_copy(file: FileProbe, scratch: Path | None = None) -> Iterator[SqliteFile]:
    """The database ``file``, to be read only.

    When its write-ahead log (or the journal of an unfinished write) came along, both are copied to a private folder in
    ``scratch`` and the copy is read; else the kept original is opened as immutable. ``SqliteFile.problems`` tells what
    was used and what could not be read. Raises NoDatabase when nothing can be read, NoSpace when there is no room.
    """
    if not is_sqlite(file.head):
        raise NoDatabase()
    patience = 50_000_000 + 50 * file.size
    with contextlib.ExitStack() as stack:
        companions, unused = _companions(file)
        opened = None
        if companions:
            with storage_errors():
                folder = stack.enter_context(TemporaryDirectory(prefix="dunlog-", dir=scratch))
                copy = Path(folder) / "database"
                shutil.copyfile(file.path, copy)
                for suffix, neighbour in companions.items():
                    shutil.copyfile(neighbour.path, f"{copy}{suffix}")
            opened = _opened(copy, patience, "mode=rw")
        if opened is None:
            unused, companions = [*unused, *companions.values()], {}
            opened = _opened(file.path, patience)
        if opened is None:
            raise NoDatabase()
        stack.callback(opened.close)  # before the folder goes
        opened.companions, opened.unused = tuple(companions.values()), tuple(unused)
        yield opened


def _opened(path: Path, patience: int, how: str = "mode=ro&immutable=1") -> SqliteFile | None:
    """The database with all its guards, or None. A file cut short is read as far as it goes."""
    for rescue in (False, True):
        try:
            connection = _connect(path, how)
        except FAILURES:
            return None
        try:
            if rescue:  # SQLite then no longer insists on the size that the header states
                connection.execute("pragma writable_schema=on")
            steps = _Patience(patience)
            connection.set_progress_handler(steps, _STEPS)
            tables = _real_tables(connection)
            connection.text_factory = str
            connection.set_authorizer(_authorizer(tables))
        except (*FAILURES, MemoryError):
            connection.close()
            continue
        opened = SqliteFile(connection, tables, steps.reset)
        if rescue:
            opened.damage.append(Damage("", None, None, "cut_short"))
        return opened
    return None


def _companions(file: FileProbe) -> tuple[dict[str, Neighbour], list[Neighbour]]:
    """The write-ahead log or the hot journal that came along, by the suffix of its name; and those that do not fit."""
    unused: list[Neighbour] = []
    for suffix, fits in (("-wal", _fitting_log), ("-journal", _safe_journal)):
        found = file.find(file.name + suffix)
        if found is None or found.size == 0:
            continue
        try:
            if fits(found, file):
                return {suffix: found}, unused
        except OSError as error:
            raise NoDatabase(str(error)) from error
        unused.append(found)
    return {}, unused


def _fitting_log(log: Neighbour, file: FileProbe) -> bool:
    """Whether a write-ahead log (sqlite.org/fileformat2.html, 4.1) is whole at its beginning and of this database."""
    with log.path.open("rb") as stream:
        head = stream.read(32 + 24)
    if len(head) < 32 + 24 or head[:4] not in (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"):
        return False
    page = int.from_bytes(file.head[16:18], "big")
    same_page = int.from_bytes(head[8:12], "big") == (65536 if page == 1 else page)
    return same_page and head[16:24] == head[32 + 8 : 32 + 16]


def _safe_journal(journal: Neighbour, file: FileProbe) -> bool:
    """Whether a journal (sqlite.org/fileformat2.html, 3) is hot, and harmless to roll back in a copy.

    One that ends with the name of a super-journal would make SQLite open, and even delete, a file of that name; one
    that states an enormous size would fill the disk.
    """
    with journal.path.open("rb") as stream:
        head = stream.read(28)
        stream.seek(max(0, journal.size - len(_JOURNAL_MAGIC)))
        tail = stream.read()
    if not head.startswith(_JOURNAL_MAGIC) or len(head) < 28 or tail == _JOURNAL_MAGIC:
        return False
    pages, page_size = int.from_bytes(head[16:20], "big"), int.from_bytes(head[24:28], "big")
    return pages * page_size <= 4 * file.size + (1 << 20)


def _connect(path: Path, how: str) -> sqlite3.Connection:
    """A bare connection that trusts nothing in the schema and bounds what one value may take."""
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=1.0)
    try:
        for limit, value in _LIMITS.items():
            connection.setlimit(limit, value)
        connection.text_factory = tolerant
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
        if "mode=rw" in how:
            connection.execute("pragma locking_mode=exclusive")  # the write-ahead index stays in memory
    except BaseException:
        connection.close()
        raise
    return connection


def _real_tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """Every ordinary table with its columns; columns that are computed when read are left out."""
    query = "select name, sql from sqlite_master where type = 'table' and rootpage > 0 limit ?"
    found = connection.execute(query, [_TABLE_LIMIT]).fetchall()
    tables: dict[str, Table] = {}
    for name, sql in found:
        if (
            not isinstance(name, str)
            or not isinstance(sql, str)
            or name.lower().startswith("sqlite_")
            or _WRONG in name
        ):
            continue
        if _REAL_TABLE.match(sql):
            query = "select name from pragma_table_xinfo(?) where hidden in (0, 3)"
            found_columns = (str(row[0]) for row in connection.execute(query, [name]))
            columns = {column.lower(): column for column in found_columns if _WRONG not in column}
            tables[name] = Table(name, columns, _has_rowid(connection, name, columns))
    return tables


def _has_rowid(connection: sqlite3.Connection, name: str, columns: Mapping[str, str]) -> bool:
    """Whether a table has row numbers (one made WITHOUT ROWID has none)."""
    word = next((word for word in ROWID_WORDS if word not in columns), None)
    if word is None:
        return False
    try:
        connection.execute(f"select {word} as number from {quoted(name)} limit 0")
    except FAILURES:
        return False
    return True


class _Patience:
    """Counts SQLite's steps since the last row, and says stop when there were too many."""

    def __init__(self, steps: int) -> None:
        self._limit = max(1, steps // _STEPS)
        self._used = 0

    def __call__(self) -> int:
        self._used += 1
        return int(self._used > self._limit)

    def reset(self) -> None:
        """A row came: begin to count again."""
        self._used = 0


def _authorizer(tables: Mapping[str, Table]) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """Lets through only the reading of ordinary tables by our own words (not by those of a view or trigger)."""
    readable = {name.lower(): frozenset(table.columns) | {"", *ROWID_WORDS} for name, table in tables.items()}

    def allowed(action: int, first: str | None, second: str | None, _db: str | None, inner: str | None) -> int:
        if inner is None:
            if action == sqlite3.SQLITE_SELECT:
                return sqlite3.SQLITE_OK
            if action == sqlite3.SQLITE_READ and (second or "").lower() in readable.get((first or "").lower(), ()):
                return sqlite3.SQLITE_OK
            if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS:
                return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return allowed
