"""Check a case against its own log: chain, sealed rows, kept files. Reads only, changes nothing.

What this shows: the log was not edited, reordered, cut in the middle or rebuilt in part, each row says what was
sealed, each original is byte for byte what was handed in. What it cannot show alone: that the whole log was not
replaced by another one, or cut at its end; for that an earlier head must be held outside the case.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evidence import sealing, vault
from evidence.database import storage_errors
from evidence.errors import CaseDamaged
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.log import Case
from evidence.migrations import NOUNS
from evidence.search import query as search_query


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


_Place = tuple[str, int, int]
"""Noun, log row, leaf."""


def verify_case(case: Case, *, files: bool = True, progress: Callable[[int], None] | None = None) -> VerifyReport:
    """Check everything. ``progress`` gets bytes hashed. Raises CaseDamaged when SQLite cannot read the file."""
    faults = _Found()
    with storage_errors():
        faults.extend(_check_integrity(case))
        with _raw_text(case):
            log_rows, batches, forgotten = _check_chain(case, faults)
            sealed = sum(_check_noun(case, noun, batches, forgotten, faults) for noun in NOUNS)
        count, size = _check_files(case, faults, progress) if files else (0, 0)
        if files:
            _check_parts(case, faults, progress)
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


@contextlib.contextmanager
def _raw_text(case: Case) -> Iterator[None]:
    """Text as the bytes that are stored: what is no UTF-8 is named as a wrong row, it does not stop the check."""
    before, case.db.conn.text_factory = case.db.conn.text_factory, bytes
    try:
        yield
    finally:
        case.db.conn.text_factory = before


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


def _check_chain(case: Case, faults: list[Fault]) -> tuple[int, list[_Batch], set[_Place]]:
    """Walk the log. Returns the number of rows, what each row sealed, and what rows were forgotten by it."""
    prev, expected, rows = bytes(32), 1, 0
    batches: list[_Batch] = []
    forgotten: set[_Place] = set()
    for seq, *words, stored_prev, stored in case.db.execute("select * from log order by seq"):
        rows += 1
        at, kind, body = (_decoded(word) for word in words)
        if seq != expected:
            said = _("Log row {seq} is missing.").format(seq=expected)
            faults.append(Fault("log", "log_row_missing", said, seq=expected))
        elif stored_prev != prev:
            said = _("Log row {seq} does not follow the row before it: rows were reordered or replaced.")
            faults.append(Fault("log", "log_chain_broken", said.format(seq=seq), seq=seq))
        if sealing.chain_hash(stored_prev, seq, at, kind, body) != stored:
            said = _("Log row {seq} was changed after it was written.").format(seq=seq)
            faults.append(Fault("log", "log_row_changed", said, seq=seq))
        prev, expected = stored, seq + 1
        _read_body(seq, kind, body, batches, forgotten)
    if not rows:
        faults.append(Fault("log", "log_empty", _("The log of this case is empty.")))
    return rows, batches, forgotten


def _decoded(value: object) -> str:
    """Stored text; what is none (it was changed) becomes text that no hash fits."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else repr(value)


def _read_body(seq: int, kind: str, body: str, batches: list[_Batch], forgotten: set[_Place]) -> None:
    try:
        said = json.loads(body)
        if kind == "forget":
            forgotten.add((said["noun"], said["seq"], said["leaf"]))
        elif "noun" in said:
            batches.append(_Batch(seq, said["noun"], said["count"], said["root"]))
    except (ValueError, KeyError, TypeError):
        return  # the row's own hash has already been checked: this is a row that seals nothing


def _check_noun(case: Case, noun: str, batches: list[_Batch], forgotten: set[_Place], faults: _Found) -> int:
    """The rows of one table in the order that readers take them. Returns how many there are."""
    said = {batch.seq: batch for batch in batches if batch.noun == noun}
    seen: dict[int, sealing.MerkleRoot] = {}
    broken: set[int] = set()
    gaps: dict[int, tuple[int, int]] = {}
    total, last = 0, 0
    for seq, leaf, salt, body, stored in case.db.execute(
        f"select seq, leaf, salt, body, hash from {noun}_row order by n"
    ):
        total += 1
        tree = seen.setdefault(seq, sealing.MerkleRoot())
        code = _row_code(noun, seq, leaf, (salt, body, stored), tree.count, seq in said, seq < last)
        if code == "forgotten" and (noun, seq, leaf) in forgotten:
            faults.forgotten += 1
        elif code in ("row_missing", "row_order") and seq in broken:
            pass  # named once: each later row of this batch stands wrong too
        elif code:
            code = "row_erased" if code == "forgotten" else code
            place = leaf
            if code == "row_missing":
                place = tree.count
                gaps[seq] = (len(faults), place)
            faults.append(_row_fault(code, noun, seq, place, body if code in ("row_changed", "row_unsealed") else None))
            broken.add(seq)
        last = max(last, seq)
        tree.add(stored if isinstance(stored, bytes) else b"")
    for seq, (index, place) in gaps.items():
        if seen[seq].count >= said[seq].count:  # nothing is gone: rows stand in another order
            faults[index] = _row_fault("row_order", noun, seq, place, None)
    for seq, batch in said.items():
        tree = seen.get(seq, sealing.MerkleRoot())
        if seq not in broken and (tree.count < batch.count or tree.value().hex() != batch.root):
            missing = tree.count < batch.count
            code, place = ("row_missing", tree.count) if missing else ("root_differs", None)
            faults.append(_row_fault(code, noun, seq, place, None))
    return total


def _row_code(
    noun: str, seq: int, leaf: int, content: tuple[object, object, object], expected: int, sealed: bool, late: bool
) -> str | None:
    """What is wrong with one row; None for nothing, ``forgotten`` for one that lost its content."""
    salt, body, stored = content
    if not sealed:
        return "row_unsealed"
    if late or leaf < expected:
        return "row_order"
    if leaf > expected:
        return "row_missing"
    if body is None and salt is None:
        return "forgotten"
    if not (isinstance(salt, bytes) and isinstance(body, bytes)) or sealing.leaf_hash(salt, leaf, body) != stored:
        return "row_changed"
    return None


def _row_fault(code: str, noun: str, seq: int, leaf: int | None, body: object) -> Fault:
    ident = _identity(body)
    place = _("{noun} {leaf} of log row {seq}").format(noun=noun, leaf="?" if leaf is None else leaf + 1, seq=seq)
    words = {
        "row_unsealed": _("{place} was added without the log: no log row seals it."),
        "row_missing": _("{place} was deleted."),
        "row_order": _("{place} does not stand where it was written: rows were reordered."),
        "row_changed": _("{place} was changed after it was sealed."),
        "row_erased": _("{place} was erased, and no log row says so."),
        "root_differs": _("The rows that log row {seq} sealed are not the same any more ({noun})."),
    }[code].format(place=place, seq=seq, noun=noun)
    if ident:
        words += f" [{ident}]"
    return Fault("row", code, words, seq=seq, noun=noun, leaf=leaf, id=ident)


def _identity(body: object) -> str | None:
    try:
        said = json.loads(body) if isinstance(body, bytes) else {}
    except ValueError:
        return None
    if not isinstance(said, dict):
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
        if path.is_symlink():
            words = _("The original {name} was replaced by a link to another place.").format(name=name)
            faults.append(Fault("file", "file_changed", words, id=sha256, path=str(path)))
            continue
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


def _check_parts(case: Case, faults: list[Fault], progress: Callable[[int], None] | None) -> None:
    """Parts taken out of originals (a picture of a message): one with other bytes would be read and shown for the
    true one. A missing part is no fault: it can be taken out again."""
    query = """select distinct json_extract(m.value, '$.sha256'), json_extract(m.value, '$.name')
               from record, json_each(record.body, '$.media') m"""
    for sha256, name in case.db.execute(query).fetchall():
        path = vault.kept_path(case.derived / "media", sha256 or "")
        if not path.is_file() or vault.kept_path(case.originals, sha256).exists():
            continue
        found, size = vault.hash_file(path)
        if found != sha256:
            words = _("The part {name} was changed. Delete it, then: dunlog read --parts").format(name=name)
            faults.append(Fault("file", "part_changed", words, id=sha256, path=str(path)))
        if progress:
            progress(size)


def search_complete(case: Case) -> bool:
    """Whether the search index finds what it should, by up to fifty texts spread over the case."""
    last = case.db.execute("select coalesce(max(n), 0) from record_row").fetchone()[0]
    step = max(1, last // 50)
    query = "select n, substr(text, 1, 12) from record where n % ? = 0 and text is not null"
    for n, text in case.db.execute(query, [step]).fetchall():
        expression = search_query(text)
        hit = "select 1 from search where search match ? and rowid = ?"
        if expression and case.db.execute(hit, [expression, n * 2]).fetchone() is None:
            return False
    return True


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
    try:
        complete = search_complete(case)
    except sqlite3.DatabaseError:
        complete = False
    if not complete:
        out.append(
            _("The search index is damaged or not complete; it is no evidence. Make it anew: dunlog doctor --search")
        )
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
