"""The only module that writes to a case.

A case is a folder: ``case.db``, ``originals/`` (files as handed in, under their SHA-256), ``derived/`` (can be
rebuilt) and ``out/``. Each change is one row of the chained log; content rows are sealed by the Merkle root in
that row (``evidence.sealing``, ``evidence.migrations``). Each command that opens a case is itself a row.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from evidence import codec, sealing, vault
from evidence.database import check_schema, connect, connect_to_read, migrate, storage_errors
from evidence.environment import Environment, real_environment
from evidence.errors import CaseDamaged, CaseExists, MediaChanged, NoCase, NoSpace, ReadOnlyCase
from evidence.i18n import gettext as _
from evidence.models import Media
from evidence.search import tokens
from evidence.times import to_utc_text

if TYPE_CHECKING:
    from sqlite_utils import Database

DATABASE = "case.db"
_BATCH = 2000


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
            tree = self._insert(noun, seq, rows)
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

    def _insert(self, noun: str, seq: int, rows: Iterable[object]) -> sealing.MerkleRoot:
        tree = sealing.MerkleRoot()
        n = int(self.db.execute(f"select coalesce(max(n), 0) from {noun}_row").fetchone()[0])
        iterator = iter(rows)
        indexed = noun in _SEARCHED
        conn = self.db.conn
        while batch := list(itertools.islice(iterator, _BATCH)):
            salts = self.environment.salts(len(batch))
            sealed, found = [], []
            for i, row in enumerate(batch):
                n += 1
                body = codec.to_body(row)
                text = sealing.canonical(body)
                salt = salts[i * sealing.SALT_BYTES : (i + 1) * sealing.SALT_BYTES]
                leaf = sealing.leaf_hash(salt, tree.count, text.encode())
                sealed.append((n, seq, tree.count, salt, text, leaf))
                tree.add(leaf)
                if indexed and (words := body.get("text")):
                    found.append((n * 2 + _SEARCHED[noun], tokens(words)))
            conn.executemany(
                f"insert into {noun}_row(n, seq, leaf, salt, body, hash) values (?, ?, ?, ?, ?, ?)", sealed
            )
            if found:
                conn.executemany("insert into search(rowid, tokens) values (?, ?)", found)
        return tree

    def rebuild_search(self) -> int:
        """Make the search index anew from the sealed rows. Returns how many texts it holds."""
        count = 0
        with self.transaction():
            self.db.execute("insert into search(search) values ('delete-all')")
            for noun, odd in _SEARCHED.items():
                query = f"select n, text from {noun} where text is not null and text <> '' order by n"
                rows = ((n * 2 + odd, tokens(text)) for n, text in self.db.execute(query))
                while batch := list(itertools.islice(rows, _BATCH)):
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


_SEARCHED = {"record": 0, "reading": 1}


def record_id(source: str, importer_major: str, locator: str) -> str:
    """A record's id: the same file read by the same major version of an importer gives the same ids."""
    return "r" + hashlib.sha256(f"{source}\n{importer_major}\n{locator}".encode()).hexdigest()[:16]


def create_case(
    folder: Path, *, jurisdiction: str = "cn", timezone: str = "Asia/Shanghai", environment: Environment | None = None
) -> Case:
    """A new case in ``folder`` (made if missing). Raises CaseExists, or NoSpace / OSError.

    The database gets its name only when its first row is in it, so that a stop leaves no half-made case.
    """
    environment = environment or real_environment()
    path = folder / DATABASE
    if path.exists():
        raise CaseExists()
    case_id = secrets.token_hex(8) if not environment.demo else "demo"
    header = Header(case_id, jurisdiction, timezone, to_utc_text(environment.clock()), environment.demo)
    with storage_errors():
        for name in ("originals", "derived", "out"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{DATABASE}.{secrets.token_hex(4)}"
        try:
            with Case(folder, connect(unfinished), environment, read_only=False) as case:
                os.chmod(unfinished, stat.S_IRUSR | stat.S_IWUSR)
                migrate(case.db)
                case.event("created", codec.to_body(header))
            os.replace(unfinished, path)
        finally:
            for ending in ("", "-wal", "-shm"):
                unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)
        return Case(folder, connect(path), environment, read_only=False)


def open_case(
    folder: Path, command: str, *, environment: Environment | None = None, write: bool = True, record: bool = True
) -> Case:
    """Open the case in ``folder`` and record the opening as a custody event.

    ``write`` False opens without changing anything (then nothing is recorded). A case on read-only media, or on a
    full disk, opens with ``read_only`` set; the caller says that the opening is not recorded. Raises NoCase,
    CaseBusy, CaseDamaged, CaseTooNew, PermissionError.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise NoCase()
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    environment = environment or real_environment()
    no_room = False
    if write and os.access(path, os.W_OK) and os.access(folder, os.W_OK):
        try:
            return _open_to_write(folder, command if record else None, environment)
        except (NoSpace, ReadOnlyCase) as error:  # what is there can still be looked at
            no_room = isinstance(error, NoSpace)
    return _open_to_read(folder, environment, no_room)


def _open_to_write(folder: Path, command: str | None, environment: Environment) -> Case:
    with storage_errors():
        case = Case(folder, connect(folder / DATABASE), environment, read_only=False)
        try:
            check_schema(case.db, write=not case.read_only)
            vault.clear_incoming(case.originals)
            if command is not None:
                record_custody(case, command)
        except BaseException:
            case.db.conn.close()
            raise
    return case


def _open_to_read(folder: Path, environment: Environment, no_room: bool) -> Case:
    with storage_errors():
        db, copy = connect_to_read(folder / DATABASE, no_room)
        case = Case(folder, db, environment, True, no_room, copy)
        try:
            check_schema(case.db, write=not case.read_only)
        except BaseException:
            case.close()
            raise
    return case


def record_custody(case: Case, command: str, **more: Any) -> None:
    """One custody row: which command, which program on which system, and who if stated."""
    environment = case.environment
    body: dict[str, Any] = {"command": command, "software": environment.software, "system": environment.system, **more}
    if environment.operator:
        body["operator"] = environment.operator
    case.event("opened", body)


def find_case(named: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The case folder: the one named, else ``DUNLOG_CASE``, else ``cwd`` or a parent that holds a case."""
    if named is not None:
        return named
    if environ.get("DUNLOG_CASE"):
        return Path(environ["DUNLOG_CASE"])
    for folder in (cwd, *cwd.parents):
        if (folder / DATABASE).is_file():
            return folder
    raise NoCase()


__all__ = [
    "Case",
    "Head",
    "Header",
    "create_case",
    "find_case",
    "open_case",
    "record_custody",
    "record_id",
]
