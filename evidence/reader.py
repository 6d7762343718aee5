"""Read one kept file with the importer that claims it, all or nothing per file, whatever the importer does."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from evidence.codec import record_body
from evidence.company import Company
from evidence.errors import CaseBusy, CaseDamaged, DunlogError, NoSpace, ReadOnlyCase, Unreadable
from evidence.formats.iphone.iphonebackup import is_part_of_backup
from evidence.formats.unread.refusals import UNKNOWN, explain
from evidence.i18n import gettext as _
from evidence.importers.base import HEAD_BYTES, FileProbe, Importer, Item, ReadOptions, all_importers, claimants
from evidence.known import Known, importer_set
from evidence.log import Case, record_id
from evidence.models import Contact, Problem, Reading, Record
from evidence.vault import kept_path

UNPACKING = ".unpacking-"
"""How folders inside ``derived/`` begin in which archives are unpacked while they are read."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one path. ``state``: new, known, or failed (not kept: see ``problems``).

    ``format`` names the importer that has read it, now or before. ``told_again`` counts the records that tell of an
    event which another record tells of.
    """

    path: str
    state: str
    sha256: str | None = None
    size: int = 0
    format: str | None = None
    records: int = 0
    readings: int = 0
    contacts: int = 0
    told_again: int = 0
    problems: tuple[Problem, ...] = ()


def with_old_problems(result: FileResult, known: Known) -> FileResult:
    """A file that could not be read before is said to be unread again; nothing is added to the log."""
    old = [replace(p, path=result.path) for p in known.problems.get(result.sha256 or "", ())]
    return replace(result, problems=(*result.problems, *old)) if old else result


def probe_file(case: Case, sha256: str, path: str, mtime: str | None, company: Company) -> FileProbe:
    """What an importer sees of a kept original that was handed in as ``path``, together with ``company``."""
    kept = kept_path(case.originals, sha256)
    with kept.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    name, folder = os.path.basename(path), os.path.dirname(path)
    siblings, find = company.siblings(path), company.finder(path)
    return FileProbe(kept, name, kept.stat().st_size, sha256, head, mtime, folder, siblings, find)


def choose_importer(probe: FileProbe, options: ReadOptions) -> Importer | None:
    """The one importer that claims the file; a fallback only where no other does; else None.

    Where a person has said what the columns are, tables are read that way and no other. Two claims raise Unreadable:
    that is a fault of ours.
    """
    claims = claimants(probe, options, all_importers())
    if len(claims) > 1:
        names = ", ".join(importer.name for importer in claims)
        raise Unreadable(_("Several importers claim this file: {names}").format(names=names))
    return claims[0] if claims else None


def read_one(case: Case, result: FileResult, company: Company, options: ReadOptions, known: Known) -> FileResult:
    """Read one kept file into records, readings and problems, in one transaction.

    When an importer breaks in the middle, what it had read is kept, and the file is read again by a later version.
    """
    sha256, path = result.sha256 or "", result.path
    mtime_row = case.db.execute("select mtime from source where sha256 = ? order by n desc", [sha256]).fetchone()
    try:
        if result.size == 0:
            raise Unreadable(_("The file is empty (0 bytes)."))
        probe = probe_file(case, sha256, path, mtime_row[0] if mtime_row else None, company)
        importer = choose_importer(probe, options)
        if importer is None:
            return _unclaimed(case, result, probe)
        return _OneFile(case, importer, probe, options).run(result, known)
    except (NoSpace, CaseBusy, ReadOnlyCase, CaseDamaged):
        raise
    except Exception as error:  # hostile bytes may break any reader: the file is kept, named, and the rest goes on
        cause = error.__cause__ if isinstance(error, _ImporterBroke) else error
        problem = Problem(*_describe(cause or error), path)
        _record_unread(case, sha256, [problem])
        return replace(result, problems=(*result.problems, problem))


def _unclaimed(case: Case, result: FileResult, probe: FileProbe) -> FileResult:
    """What a file is that no importer claims, and what would be needed. It is kept with its hash."""
    code, words = explain(probe)
    problem = Problem(code, words, result.path)
    if code == UNKNOWN and is_part_of_backup(probe):
        words = _("A file of an app in a phone backup, in no form that is read here. It is kept.")
        problem = Problem("backup_app_file", words, result.path, severity="warning")
    _record_unread(case, probe.sha256, [problem])
    return replace(result, problems=(*result.problems, problem))


class _ImporterBroke(Exception):
    """Carries an importer's failure past the storage layer, which would take some kinds for its own."""


def _describe(error: BaseException) -> tuple[str, str]:
    if isinstance(error, DunlogError):
        return error.code, _(str(error))
    if isinstance(error, OSError):
        return "os_error", _("Cannot be read: {why}").format(why=error.strerror or error)
    words = _("The importer failed on this file ({kind}: {why}). The file is kept.")
    return "importer_failed", words.format(kind=type(error).__name__, why=str(error)[:200])


class _OneFile:
    """One importer at work on one file."""

    def __init__(self, case: Case, importer: Importer, probe: FileProbe, options: ReadOptions) -> None:
        self._case, self._importer, self._probe, self._options = case, importer, probe, options
        self._readings: list[Reading] = []
        self._contacts: list[Contact] = []
        self._problems: list[Problem] = []
        self._broken: Exception | None = None
        self._about: dict[str, Any] = {
            "source": probe.sha256,
            "format": importer.name,
            "importer": importer.name,
            "version": importer.version,
            "code": _code_hash(),
            **_options_body(options),
        }

    def run(self, result: FileResult, known: Known) -> FileResult:
        """Seal what the importer yields. Raises what broke it when nothing could be read."""
        case, source = self._case, self._probe.sha256
        with case.transaction(), _older_objects_left_alone():
            known.refresh_if_changed(case)
            if known.settled(source, self._options):
                return with_old_problems(result, known)  # another process was faster
            query = "select id from record where source = ?"
            old = {row[0] for row in case.db.execute(query, [source])} if source in known.partial else set()
            count = case.append("read", "record", self._records(old), self._about)
            found = [replace(p, path=p.path or result.path) for p in self._problems]
            if self._readings:
                case.append("readings", "reading", stamped_readings(self._readings, case.now()), {"source": source})
            if self._contacts:
                case.append("contacts", "contact", self._contacts, {"source": source})
            if found:
                case.append("problems", "problem", found, {"source": source})
            if self._broken is not None:
                problem = Problem(*_describe(self._broken), result.path)
                _record_unread(case, source, [problem])
                found.append(problem)
        problems = (*result.problems, *found)
        readings, contacts = len(self._readings), len(self._contacts)
        name = self._importer.name
        done = replace(result, format=name, records=count, readings=readings, contacts=contacts)
        return replace(done, problems=problems)

    def _records(self, old: set[str]) -> Iterator[dict[str, Any]]:
        """Bodies, not records: a copy of each with its id would cost as much as reading it."""
        major = self._importer.version.split(".")[0]
        source = self._probe.sha256
        holder = self._options.holder
        for item in self._items():
            if isinstance(item, Record):
                ident = record_id(source, f"{self._importer.name}/{major}", item.locator)
                if ident not in old:
                    body = record_body(item)
                    body["id"], body["source"] = ident, source
                    if holder != "self":
                        body["holder"] = holder
                    yield body
            elif isinstance(item, Reading):
                self._readings.append(replace(item, source=source))
            elif isinstance(item, Contact):
                self._contacts.append(replace(item, source=source))
            else:
                self._problems.append(item)

    def _items(self) -> Iterator[Item]:
        items = iter(self._importer.read(self._probe, self._options, self._case.attach))
        something = False
        while True:
            try:
                item = next(items)
            except StopIteration:
                return
            except (NoSpace, CaseBusy, ReadOnlyCase):
                raise
            except Exception as error:  # hostile bytes may break any reader
                if not something:
                    raise _ImporterBroke() from error
                self._broken = error
                self._about["partial"] = True
                return
            something = True
            yield item


@contextlib.contextmanager
def _older_objects_left_alone() -> Iterator[None]:
    """The garbage collector does not look at what was there before: with a hundred thousand records a tenth of the
    time goes into looking at the same loaded modules again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def stamped_readings(readings: Iterable[Reading], at: str) -> Iterator[Reading]:
    """Readings with their time and id. The id derives from target, engine, version and text."""
    for reading in readings:
        seed = "\n".join((reading.target, reading.kind, reading.engine, reading.version, reading.by, at, reading.text))
        yield replace(reading, at=at, id="t" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16])


@cache
def _code_hash() -> str:
    """SHA-256 over the importers' own code and what they are made of, so that a record names exactly what read it."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for part in ("importers", "formats") for p in (here / part).rglob("*.py")):
        digest.update(f"{path.relative_to(here).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _record_unread(case: Case, sha256: str, problems: list[Problem]) -> None:
    case.append("unread", "problem", problems, {"source": sha256, "tried": importer_set()})


def _options_body(options: ReadOptions) -> dict[str, Any]:
    """The options as the log keeps them: what a person said, and nothing that is at its default but zone and holder."""
    body: dict[str, Any] = {"zone": options.zone.key, "holder": options.holder}
    said = {"encoding": options.encoding, "date_order": options.date_order, "mapping": options.mapping}
    body |= {name: value for name, value in said.items() if value is not None}
    return body | ({"me": list(options.me)} if options.me else {})


def _options_of(body: Mapping[str, Any]) -> ReadOptions:
    """The inverse of :func:`_options_body`."""
    zone, holder, me = ZoneInfo(body["zone"]), body["holder"], tuple(body.get("me", ()))
    return ReadOptions(zone, holder, body.get("encoding"), body.get("date_order"), me, body.get("mapping"))


def restore_parts(case: Case) -> int:
    """Take lost parts of containers (pictures inside a message backup) out of their originals again.

    Returns how many files were written. Adds no record: the parts are found under the hashes the records name.
    """
    restored = 0
    files = case.db.execute("select path, sha256, size from source where body is not null order by n")
    company = Company.of(case.originals, files)
    query = "select body from log where kind = 'read' order by seq"
    for (body,) in case.db.execute(query).fetchall():
        said = json.loads(body)
        names = """select json_extract(m.value, '$.sha256') from record, json_each(record.body, '$.media') m
                   where record.seq in (select seq from log where kind = 'read'
                                           and json_extract(log.body, '$.source') = ?)"""
        wanted = {row[0] for row in case.db.execute(names, [said["source"]])}
        lost = {sha256 for sha256 in wanted if not case.media_path(sha256).exists()}
        if not lost:
            continue
        (path,) = case.db.execute("select path from source where sha256 = ?", [said["source"]]).fetchone()
        _read_again(case, said, path, company)
        restored += sum(1 for sha256 in lost if case.media_path(sha256).exists())
    return restored


def _read_again(case: Case, said: Mapping[str, Any], path: str, company: Company) -> None:
    """Read a source for its parts only. One that cannot be read now (lost, or damaged as it was then) leaves its parts
    missing, which ``doctor`` names; the other sources go on."""
    with TemporaryDirectory(prefix=UNPACKING, dir=case.derived) as scratch:
        options = replace(_options_of(said), scratch=Path(scratch))
        try:
            probe = probe_file(case, said["source"], path, None, company)
            importer = choose_importer(probe, options)
            for _item in importer.read(probe, options, case.attach) if importer is not None else ():
                pass
        except (NoSpace, CaseBusy, ReadOnlyCase):
            raise
        except Exception as error:  # hostile bytes may break any reader
            case.event("unrestored", {"source": said["source"], "why": _describe(error)[1]})
