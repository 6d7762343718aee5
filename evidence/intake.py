"""From paths to records: keep every file first, then read each one with the importer that claims it.

Keeping and reading are separate, so that a file is safe before anyone tries to understand it, and an import
that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from zoneinfo import ZoneInfo

from evidence.company import Company
from evidence.errors import CaseBusy, NoSpace, ReadOnlyCase
from evidence.i18n import gettext as _
from evidence.importers.base import ReadOptions
from evidence.known import Known
from evidence.log import DATABASE, Case
from evidence.models import Problem, Source
from evidence.reader import UNPACKING, FileResult, read_one, with_old_problems
from evidence.times import from_utc_text, to_utc_text
from evidence.vault import Kept, hash_stream, is_kept, is_untouched
from evidence.walking import os_problem, shown, walk

_DAY = 86400
SKIPPED_NAMES = {".nomedia", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts over one import; ``complete`` is False when an error (not a warning) was met."""

    files: tuple[FileResult, ...]
    skipped: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """Files that were not in the case before."""
        return sum(1 for f in self.files if f.state == "new")

    @property
    def known(self) -> int:
        """Files whose bytes and name were in the case already."""
        return sum(1 for f in self.files if f.state == "known")

    @property
    def records(self) -> int:
        """Records that this import added."""
        return sum(f.records for f in self.files)

    @property
    def failed(self) -> int:
        """Paths that could not be kept."""
        return sum(1 for f in self.files if f.state == "failed")

    @property
    def unread(self) -> int:
        """Files that are kept and that nobody could read, now or before."""
        return sum(1 for f in self.files if f.state != "failed" and f.format is None)

    def with_told_again(self, told: Mapping[str, int]) -> ImportReport:
        """The report with the number of records, by source, that tell of an event another record tells of."""
        files = tuple(replace(f, told_again=told.get(f.sha256 or "", 0)) for f in self.files)
        return replace(self, files=files)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in file order."""
        return tuple(p for f in self.files for p in f.problems)

    @property
    def complete(self) -> bool:
        """Whether no error was met."""
        return all(p.severity != "error" for p in self.problems)


Progress = Callable[[str, int], None]
"""(what is being worked on, bytes done)."""


def import_paths(
    case: Case, paths: Iterable[Path], options: ReadOptions | None = None, progress: Progress | None = None
) -> ImportReport:
    """Keep and read everything below ``paths``. Raises CaseBusy, NoSpace, ReadOnlyCase; a single bad file is a
    problem in the report, never an exception."""
    case.require_writable()
    options = options or ReadOptions(ZoneInfo(case.header.timezone))
    tell = progress or (lambda what, size: None)
    known = Known.of(case)
    results: list[FileResult] = []
    skipped: list[str] = []
    for item in walk(paths, _own_paths(case)):
        if isinstance(item, Problem):
            results.append(FileResult(item.path, "failed", problems=(item,)))
        elif _is_litter(item):
            skipped.append(shown(item))
        else:
            results.append(_keep_one(case, item, known))
            tell(shown(item.name), results[-1].size)
    with unpacking(case) as scratch:
        _read_all(case, results, known, replace(options, scratch=scratch), tell)
    _record_failures(case, [p for r in results if r.state == "failed" for p in r.problems])
    return ImportReport(tuple(results), tuple(skipped))


@contextlib.contextmanager
def unpacking(case: Case) -> Iterator[Path]:
    """A folder inside the case for what lies in archives while it is read: private things stay in the case. What a
    killed import left there is taken away a day later."""
    case.derived.mkdir(exist_ok=True)
    for old in case.derived.glob(f"{UNPACKING}*"):
        if time.time() - old.stat().st_mtime > _DAY:
            shutil.rmtree(old, ignore_errors=True)
    with TemporaryDirectory(prefix=UNPACKING, dir=case.derived) as folder:
        yield Path(folder)


def _read_all(case: Case, results: list[FileResult], known: Known, options: ReadOptions, tell: Progress) -> None:
    """Read each kept file that is not settled, in place."""
    company = Company.of(case.originals, ((r.path, r.sha256, r.size) for r in results if r.sha256 is not None))
    for i, result in enumerate(results):
        if result.sha256 is None:
            continue
        if known.settled(result.sha256, options):
            read_by = known.formats.get(result.sha256)
            seen = result if result.format == read_by else replace(result, format=read_by)
            results[i] = _with_holder_problem(with_old_problems(seen, known), known, options.holder)
            continue
        tell(Path(result.path).name, 0)
        results[i] = read_one(case, result, company, options, known)
        name = results[i].format
        if name is None:
            known.tried.add(result.sha256)
        else:
            known.read.add(result.sha256)
            known.formats[result.sha256] = name
        known.problems[result.sha256] = [p for p in results[i].problems if p.severity == "error"]


def _with_holder_problem(result: FileResult, known: Known, holder: str) -> FileResult:
    """A file that was read as another person's stays that person's: said, never changed in silence."""
    before = known.holders.get(result.sha256 or "")
    if before is None or before == holder:
        return result
    words = _("This file is in the case as the phone of “{before}”, not of “{now}”; nothing was changed.")
    problem = Problem("holder_differs", words.format(before=before, now=holder), result.path, severity="warning")
    return replace(result, problems=(*result.problems, problem))


def _own_paths(case: Case) -> frozenset[Path]:
    names = [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "originals", "derived", "out"]
    return frozenset((case.folder / name).resolve() for name in names)


def _is_litter(path: Path) -> bool:
    try:
        return path.name in SKIPPED_NAMES and path.stat().st_size == 0
    except OSError:
        return False  # keeping it will say what is wrong


def _keep_one(case: Case, path: Path, known: Known) -> FileResult:
    name, place = shown(path.name), shown(path)
    try:
        with path.open("rb", buffering=0) as stream:
            kept, mtime = _kept(case, stream, known)
    except (NoSpace, CaseBusy, ReadOnlyCase):
        raise
    except OSError as error:
        return FileResult(place, "failed", problems=(os_problem(error, path),))
    mended: list[Problem] = []
    if kept.mended:
        case.event("mended", {"source": kept.sha256})
        words = _(
            "The copy in the case had been damaged; it is good again. The damaged one lies in originals/.damaged."
        )
        mended.append(Problem("original_mended", words, place, severity="warning"))
    if name in known.names.get(kept.sha256, ()):
        read_by = known.formats.get(kept.sha256)
        return FileResult(place, "known", kept.sha256, kept.size, read_by, problems=tuple(mended))
    before = known.paths.get(place)
    others = known.names.get(kept.sha256)
    with case.transaction():
        new = not _has_source(case, kept.sha256, name)  # another process may import the same folder now
        if new:
            source = Source(kept.sha256, kept.size, name, place, mtime, kept_at=case.now())
            case.append("kept", "source", [source], {"source": kept.sha256})
    known.add(kept.sha256, name, place, kept.size)
    problems = mended
    if others:
        words = _("The same bytes are in the case under another name; they are kept once and counted once.")
        problems.append(Problem("same_bytes", words, place, severity="warning"))
    if before is not None and before != kept.sha256:
        words = _("This file was imported before with other bytes. Both are kept; what both tell is counted once.")
        problems.append(Problem("changed_file", words, place, severity="warning"))
    return FileResult(place, "new" if new else "known", kept.sha256, kept.size, problems=tuple(problems))


def _kept(case: Case, stream: BinaryIO, known: Known) -> tuple[Kept, str | None]:
    stat = os.fstat(stream.fileno())
    if stat.st_size in known.sizes:  # may be known: hash before copying
        sha256, size = hash_stream(stream)
        if sha256 in known.names and _lies_there(case, sha256, size, known):
            return Kept(sha256, size, new=False), None
        stream.seek(0)
    return case.keep(stream), _mtime(stat.st_mtime)


def _lies_there(case: Case, sha256: str, size: int, known: Known) -> bool:
    """Whether the copy in the case is good; its bytes are read again only where it may have been written to."""
    kept_at = known.kept_at.get(sha256)
    sure = kept_at is not None and is_untouched(case.originals, sha256, size, from_utc_text(kept_at).timestamp())
    return sure or is_kept(case.originals, sha256, size)


def _mtime(seconds: float) -> str | None:
    """What the file system claims; None for a year that no calendar has."""
    try:
        return to_utc_text(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return None


def _has_source(case: Case, sha256: str, name: str) -> bool:
    query = "select 1 from source where sha256 = ? and name = ? and body is not null"
    return case.db.execute(query, [sha256, name]).fetchone() is not None


def _record_failures(case: Case, problems: list[Problem]) -> None:
    """Note what could not even be kept; the same failure of the same path is noted once."""
    query = "select code, path from problem where body is not null"
    noted = set(case.db.execute(query).fetchall()) if problems else set()
    new = [p for p in problems if (p.code, p.path) not in noted]
    if new:
        case.append("problems", "problem", new)
