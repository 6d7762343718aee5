"""Check a case against its own log: chain, sealed rows, kept files. Reads only, changes nothing.

What this shows: the log was not edited, reordered, cut in the middle or rebuilt in part, each row says what was
sealed, each original is byte for byte what was handed in. What it cannot show alone: that the whole log was not
replaced by another one, or cut at its end; for that an earlier head must be held outside the case.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import sealing, vault
from evidence.database import storage_errors
from evidence.errors import CaseDamaged
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.log import Case
from evidence.migrations import NOUNS


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. ``what`` is log, row, file or schema; the rest says where."""

    what: str
    code: str
    message: str
    seq: int | None = None
    noun: str | None = None
    leaf: int | None = None
    id: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``faults`` in the order found (the first is the first wrong thing); ``notices`` are no faults."""

    ok: bool
    case_id: str
    head_seq: int
    head_hash: str
    log_rows: int
    sealed_rows: int
    files: int
    bytes: int
    forgotten: int
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]


class _Found(list[Fault]):
    forgotten = 0


def verify_case(case: Case, *, files: bool = True, progress: Callable[[int], None] | None = None) -> VerifyReport:
    """Check everything. ``progress`` gets bytes hashed. Raises CaseDamaged when SQLite cannot read the file."""
    faults = _Found()
    with storage_errors():
        faults.extend(_check_integrity(case))
        log_rows, batches = _check_chain(case, faults)
        sealed = _check_rows(case, batches, faults)
        count, size = _check_files(case, faults, progress) if files else (0, 0)
        head = case.head if log_rows else None
        header_id = _case_id(case)
    return VerifyReport(
        not faults,
        header_id,
        head.seq if head else 0,
        head.hash if head else "",
        log_rows,
        sealed,
        count,
        size,
        faults.forgotten,
        tuple(faults),
        _notices(case, files),
    )


def _case_id(case: Case) -> str:
    try:
        return case.header.case_id
    except CaseDamaged:
        return ""  # the first log row is wrong or missing, and named among the faults


def _check_integrity(case: Case) -> Iterator[Fault]:
    for (words,) in case.db.execute("pragma integrity_check(5)").fetchall():
        if words != "ok":
            yield Fault("schema", "sqlite_damaged", _("SQLite reports damage: {words}").format(words=words))
    yield from _check_schema(case)


def _check_schema(case: Case) -> Iterator[Fault]:
    """Guards and views are compared word by word: a changed view would show other rows than those sealed."""
    from evidence.migrations import schema

    wanted = schema()
    present = {
        name: (kind, sql)
        for kind, name, sql in case.db.execute("select type, name, sql from sqlite_master where sql is not null")
    }
    for name, (kind, sql) in sorted(wanted.items()):
        if name not in present and kind == "trigger":
            words = _("The guard {name} was removed from the database.").format(name=name)
            yield Fault("schema", "trigger_missing", words)
        elif present.get(name) != (kind, sql):
            words = _("{name} in the database is not as the program made it.").format(name=name)
            yield Fault("schema", "schema_changed", words)
    for name, (kind, _sql) in sorted(present.items()):
        if kind == "trigger" and name not in wanted:
            words = _("{name} in the database is not as the program made it.").format(name=name)
            yield Fault("schema", "schema_changed", words)


@dataclass(frozen=True, slots=True)
class _Batch:
    seq: int
    noun: str
    count: int
    root: str


def _check_chain(case: Case, faults: list[Fault]) -> tuple[int, list[_Batch]]:
    """Walk the log. Returns the number of rows and what each row sealed."""
    prev, expected, batches, rows = bytes(32), 1, [], 0
    for seq, at, kind, body, stored_prev, stored in case.db.execute("select * from log order by seq"):
        rows += 1
        if seq != expected:
            words = _("Log row {seq} is missing.").format(seq=expected)
            faults.append(Fault("log", "log_row_missing", words, seq=expected))
        elif stored_prev != prev:
            words = _("Log row {seq} does not follow the row before it: rows were reordered or replaced.")
            faults.append(Fault("log", "log_chain_broken", words.format(seq=seq), seq=seq))
        if sealing.chain_hash(stored_prev, seq, at, kind, body) != stored:
            words = _("Log row {seq} was changed after it was written.").format(seq=seq)
            faults.append(Fault("log", "log_row_changed", words, seq=seq))
        prev, expected = stored, seq + 1
        batch = _batch(seq, body)
        if batch:
            batches.append(batch)
    if not rows:
        faults.append(Fault("log", "log_empty", _("The log of this case is empty.")))
    return rows, batches


def _batch(seq: int, body: str) -> _Batch | None:
    try:
        said = json.loads(body)
        return _Batch(seq, said["noun"], said["count"], said["root"]) if "noun" in said else None
    except (ValueError, KeyError, TypeError):
        return None  # the row's own hash has already been checked: this is a row that seals nothing


def _check_rows(case: Case, batches: list[_Batch], faults: _Found) -> int:
    total = 0
    for noun in NOUNS:
        said = {batch.seq: batch for batch in batches if batch.noun == noun}
        seen: dict[int, sealing.MerkleRoot] = {}
        broken: set[int] = set()
        cursor = case.db.execute(f"select seq, leaf, salt, body, hash from {noun}_row order by n")
        for seq, leaf, salt, body, stored in cursor:
            total += 1
            tree = seen.get(seq)
            if tree is None:
                tree = seen[seq] = sealing.MerkleRoot()
            if seq not in said:
                faults.append(_row_fault("row_unsealed", noun, seq, leaf, body))
                broken.add(seq)
            elif leaf != tree.count and seq not in broken:
                code = "row_missing" if leaf > tree.count else "row_order"
                faults.append(_row_fault(code, noun, seq, min(leaf, tree.count), None))
                broken.add(seq)
            if body is None or salt is None:
                faults.forgotten += 1
            elif sealing.leaf_hash(salt, leaf, body.encode()) != stored:
                faults.append(_row_fault("row_changed", noun, seq, leaf, body))
                broken.add(seq)
            tree.add(stored)
        for seq, batch in said.items():
            tree = seen.get(seq, sealing.MerkleRoot())
            if seq in broken:
                continue
            if tree.count < batch.count:
                faults.append(_row_fault("row_missing", noun, seq, tree.count, None))
            elif tree.value().hex() != batch.root:
                faults.append(_row_fault("root_differs", noun, seq, None, None))
    return total


def _row_fault(code: str, noun: str, seq: int, leaf: int | None, body: str | None) -> Fault:
    ident = _identity(body)
    place = _("{noun} {leaf} of log row {seq}").format(noun=noun, leaf="?" if leaf is None else leaf + 1, seq=seq)
    words = {
        "row_unsealed": _("{place} was added without the log: no log row seals it."),
        "row_missing": _("{place} was deleted."),
        "row_order": _("{place} does not stand where it was written: rows were reordered."),
        "row_changed": _("{place} was changed after it was sealed."),
        "root_differs": _("The rows that log row {seq} sealed are not the same any more ({noun})."),
    }[code].format(place=place, seq=seq, noun=noun)
    if ident:
        words += f" [{ident}]"
    return Fault("row", code, words, seq=seq, noun=noun, leaf=leaf, id=ident)


def _identity(body: str | None) -> str | None:
    try:
        said: dict[str, Any] = json.loads(body) if body else {}
    except ValueError:
        return None
    for key in ("id", "sha256", "key", "finding", "field"):
        if said.get(key):
            return str(said[key])
    return None


def _check_files(case: Case, faults: list[Fault], progress: Callable[[int], None] | None) -> tuple[int, int]:
    count, total = 0, 0
    query = "select sha256, min(name), size from source where body is not null group by sha256 order by min(n)"
    for sha256, name, size in case.db.execute(query).fetchall():
        path = vault.kept_path(case.originals, sha256)
        if not path.is_file():
            words = _("The original {name} is missing from the case.").format(name=name)
            faults.append(Fault("file", "file_missing", words, id=sha256, path=str(path)))
            continue
        try:
            found, found_size = vault.hash_file(path)
        except OSError as error:
            words = _("The original {name} cannot be read: {why}").format(name=name, why=error.strerror or error)
            faults.append(Fault("file", "file_unreadable", words, id=sha256, path=str(path)))
            continue
        count, total = count + 1, total + found_size
        if found != sha256 or found_size != size:
            words = _("The original {name} was changed: its hash is now {found}.").format(name=name, found=found)
            faults.append(Fault("file", "file_changed", words, id=sha256, path=str(path)))
        if progress:
            progress(found_size)
    return count, total


def _notices(case: Case, files: bool) -> tuple[str, ...]:
    out = []
    if not files:
        out.append(_("The originals were not read: only the log was checked."))
    strays = _strays(case)
    if strays:
        words = ngettext(
            "{n} file in originals/ is not in the log (an import was interrupted before it recorded it).",
            "{n} files in originals/ are not in the log (an import was interrupted before it recorded them).",
            len(strays),
        )
        out.append(words.format(n=len(strays)))
    out.append(
        _("A log that was cut at its end, or replaced as a whole, shows only against an earlier head kept elsewhere.")
    )
    return tuple(out)


def _strays(case: Case) -> list[Path]:
    try:
        known = {row[0] for row in case.db.execute("select distinct sha256 from source")}
    except sqlite3.DatabaseError:
        return []
    return [path for path in case.originals.glob("??/*") if path.name not in known]
