"""Open the SQLite file of a case, for writing or without touching it, and name what goes wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from evidence.errors import CaseBusy, CaseDamaged, CaseTooNew, DunlogError, NoSpace, ReadOnlyCase
from evidence.i18n import gettext as _

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS = 10.0
_NO_ROOM = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN)
"""How SQLite words a full disk when it cannot even make the files beside the database."""


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what SQLite and the file system say into our named errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise named_error(error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace() from error
        raise


def named_error(error: sqlite3.DatabaseError) -> DunlogError:
    """What an SQLite failure means to the person at the keyboard."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    kind = code & 0xFF
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CaseBusy()
    if kind == sqlite3.SQLITE_FULL or code in _NO_ROOM:
        return NoSpace()
    if kind == sqlite3.SQLITE_READONLY:
        return ReadOnlyCase()
    return CaseDamaged(_("The case database cannot be used: {why}").format(why=error))


def connect(path: Path) -> Database:
    """A connection that may write: write-ahead log, and each commit waits for the disk."""
    db = _open_database(path, "mode=rwc")
    try:
        db.execute("pragma journal_mode=wal").fetchone()
        db.execute("pragma synchronous=full")
    except BaseException:
        db.conn.close()
        raise
    return db


def connect_to_read(path: Path, no_room: bool) -> tuple[Database, TemporaryDirectory[str] | None]:
    """A connection that changes nothing, and the private copy it works on where one is needed.

    Write-ahead mode needs to make a file beside the database. Where it cannot, the database is opened as
    immutable, unless rows wait in the write-ahead file: SQLite would leave them out, so both files are copied.
    """
    if os.access(path.parent, os.W_OK) and not no_room:
        db = _open_database(path, "mode=ro")
        try:
            db.execute("select 1 from sqlite_master").fetchone()
            return db, None
        except sqlite3.OperationalError:  # no room for that file, or a disk that only looks writable
            db.conn.close()
    waiting = path.with_name(path.name + "-wal")
    if not waiting.exists() or waiting.stat().st_size == 0:
        return _open_database(path, "mode=ro&immutable=1"), None
    copy = TemporaryDirectory(prefix="dunlog-")
    for one in (path, waiting):
        shutil.copyfile(one, Path(copy.name) / one.name)
    return _open_database(Path(copy.name) / path.name, "mode=rw"), copy


def _open_database(path: Path, how: str) -> Database:
    from sqlite_utils import Database as _Database

    uri = f"{path.resolve().as_uri()}?{how}"
    # The threads of one process may share it: ``evidence.rows`` inserts beside the thread that reads.
    conn = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    return _Database(conn)


def migrate(db: Database) -> None:
    """Bring the schema up to date."""
    from evidence.migrations import migrations

    migrations.apply(db)


def check_schema(db: Database, *, write: bool) -> None:
    """Raises CaseDamaged for a file that is no case, CaseTooNew for one that a newer program wrote.

    With ``write``, missing steps are applied.
    """
    from evidence.migrations import migrations

    known = {m.name for m in migrations._migrations}
    applied = {m.name for m in migrations.applied(db)}
    if not applied:
        raise CaseDamaged(_("This is an SQLite file, but not a dunlog case."))
    if applied - known:
        raise CaseTooNew()
    if known - applied and write:
        migrations.apply(db)
