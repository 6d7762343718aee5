"""Make a case, open one, find one. Each command that opens a case is itself a row of its log.

What an open case can do, and how it is written, is in ``evidence.case``; nothing else writes to a case.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence import codec, vault
from evidence.case import Case, Head, Header
from evidence.database import check_schema, connect, connect_to_read, migrate, storage_errors
from evidence.environment import Environment, real_environment
from evidence.errors import CaseExists, NoCase, NoSpace, ReadOnlyCase
from evidence.times import to_utc_text

DATABASE = "case.db"


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
