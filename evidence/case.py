"""An open case, and the only code that writes to one (``evidence.log`` makes and opens them).

A case is a folder: ``case.db``, ``originals/`` (files as handed in, under their SHA-256), ``derived/`` (can be
rebuilt) and ``out/``. Each change is one row of the chained log; content rows are sealed by the Merkle root in
that row (``evidence.sealing``, ``evidence.migrations``).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from evidence import sealing, vault
from evidence.database import storage_errors
from evidence.environment import Environment
from evidence.errors import CaseDamaged, MediaChanged, NoSpace, ReadOnlyCase
from evidence.i18n import gettext as _
from evidence.models import Media
from evidence.rows import BATCH_ROWS, SEARCHED, insert_sealed
from evidence.search import tokens
from evidence.times import to_utc_text

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of the log. ``timezone`` is the IANA zone of the borrower's clock."""

    case_id: str
    jurisdiction: str
    timezone: str
    created_at: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row of the log: its number, hash (hex) and time. What a signature is made over."""

    seq: int
    hash: str
    at: str


class Case:
    """An open case. Use :func:`create_case` or :func:`open_case`; close it, or use it as a context manager."""

    def __init__(
        self,
        folder: Path,
        db: Database,
        environment: Environment,
        read_only: bool,
        no_room: bool = False,
        copy: TemporaryDirectory[str] | None = None,
    ) -> None:
        self.folder = folder
        self.db = db
        self.environment = environment
        self.read_only = read_only
        self.no_room = no_room
        self.closed = False
        self.copy = copy
        self._transaction = 0
        self._sound: set[str] = set()

    # -- opening and closing -----------------------------------------------------------------------------

    @property
    def originals(self) -> Path:
        """Where files lie as handed in."""
        return self.folder / "originals"

    @property
    def derived(self) -> Path:
        """What can be rebuilt: parts of containers, thumbnails, caches."""
        return self.folder / "derived"

    @property
    def out(self) -> Path:
        """Where dossiers go unless told otherwise."""
        return self.folder / "out"

    @property
    def header(self) -> Header:
        """The case's own description, from the first log row."""
        row = self.db.execute("select body from log where seq = 1").fetchone()
        if row is None:
            raise CaseDamaged(_("The log of this case is empty."))
        try:
            said = json.loads(row[0])
            return Header(*(said[name] for name in Header.__slots__))
        except (ValueError, KeyError, TypeError) as error:
            raise CaseDamaged(_("Log row {seq} was changed after it was written.").format(seq=1)) from error

    @property
    def head(self) -> Head:
        """The newest log row."""
        seq, digest, at = self.db.execute("select seq, hash, at from log order by seq desc limit 1").fetchone()
        return Head(seq, digest.hex(), at)

    def close(self) -> None:
        """Fold the write-ahead file into ``case.db``, so that copying that one file copies everything."""
        if self.closed:
            return
        self.closed = True
        if not self.read_only:
            with contextlib.suppress(sqlite3.OperationalError):  # another process still reads: SQLite folds later
                self.db.execute("pragma wal_checkpoint(truncate)").fetchone()
        self.db.conn.close()
        if self.copy is not None:
            self.copy.cleanup()

    def __enter__(self) -> Case:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    # -- writing -----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: rows and the log row that seals them. Nested calls join the outer one."""
        self.require_writable()
        if self._transaction:
            yield
            return
        with storage_errors():
            self.db.execute("begin immediate")
            self._transaction = 1
            try:
                yield
                self.db.execute("commit")
            except BaseException:
                if self.db.conn.in_transaction:
                    self.db.execute("rollback")
                raise
            finally:
                self._transaction = 0

    def event(self, kind: str, body: Mapping[str, Any]) -> int:
        """One chained row without content rows. Returns its number."""
        with self.transaction():
            return self._chain(self._next_seq(), kind, body)

    def append(self, kind: str, noun: str, rows: Iterable[object], about: Mapping[str, Any] | None = None) -> int:
        """Seal ``rows`` (dataclasses of the noun) in order, and chain one log row over them.

        ``rows`` may be long: it is read once, in constant memory. ``about`` goes into the log row beside noun,
        count and root. Returns the number of rows.
        """
        with self.transaction():
            seq = self._next_seq()
            tree = insert_sealed(self.db.conn, noun, seq, rows, self.environment.salts)
            body = {**(about or {}), "noun": noun, "count": tree.count, "root": tree.value().hex()}
            self._chain(seq, kind, body)
            return tree.count

    def now(self) -> str:
        """The case's clock, as UTC text."""
        return to_utc_text(self.environment.clock())

    def require_writable(self) -> None:
        """Raises ReadOnlyCase or NoSpace when nothing can be added."""
        if self.read_only:
            raise NoSpace() if self.no_room else ReadOnlyCase()

    def _next_seq(self) -> int:
        return int(self.db.execute("select coalesce(max(seq), 0) + 1 from log").fetchone()[0])

    def _chain(self, seq: int, kind: str, body: Mapping[str, Any]) -> int:
        row = self.db.execute("select hash from log where seq = ?", [seq - 1]).fetchone()
        prev = row[0] if row else bytes(32)
        at, text = self.now(), sealing.canonical(body)
        digest = sealing.chain_hash(prev, seq, at, kind, text)
        self.db.execute("insert into log values (?, ?, ?, ?, ?, ?)", [seq, at, kind, text, prev, digest])
        return seq

    def rebuild_search(self) -> int:
        """Make the search index anew from the sealed rows. Returns how many texts it holds."""
        count = 0
        with self.transaction():
            self.db.execute("insert into search(search) values ('delete-all')")
            for noun, odd in SEARCHED.items():
                query = f"select n, text from {noun} where text is not null and text <> '' order by n"
                rows = ((n * 2 + odd, tokens(text)) for n, text in self.db.execute(query))
                while batch := list(itertools.islice(rows, BATCH_ROWS)):
                    self.db.conn.executemany("insert into search(rowid, tokens) values (?, ?)", batch)
                    count += len(batch)
        return count

    # -- files -------------------------------------------------------------------------------------------

    def keep(self, stream: BinaryIO) -> vault.Kept:
        """Copy a file into ``originals/`` under its hash."""
        self.require_writable()
        with storage_errors():
            return vault.keep(self.originals, stream)

    def attach(self, stream: BinaryIO, name: str, mime: str) -> Media:
        """Copy a part of an original into ``derived/media/``. It can be taken out again, so no disk wait."""
        self.require_writable()
        with storage_errors():
            kept = vault.keep(self.derived / "media", stream, durable=False)
        return Media(kept.sha256, kept.size, mime, name)

    def media_path(self, sha256: str) -> Path:
        """Where a file or part with this hash lies. It may be missing: the caller says so."""
        path = vault.kept_path(self.originals, sha256)
        return path if path.exists() else vault.kept_path(self.derived / "media", sha256)

    def sound_media(self, sha256: str) -> Path:
        """:meth:`media_path`, after the bytes there were found to have this hash (once per opening).

        A missing file is for the caller to say. Raises MediaChanged.
        """
        path = self.media_path(sha256)
        if sha256 not in self._sound and path.exists():
            with storage_errors():
                found, _size = vault.hash_file(path)
            if found != sha256:
                raise MediaChanged(_("{name} is not what was sealed: its bytes have another hash.").format(name=path))
            self._sound.add(sha256)
        return path
