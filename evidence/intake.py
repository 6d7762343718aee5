"""From paths to records: keep every file first, then read each one with the importer that claims it.

Keeping and reading are separate, so that a file is safe before anyone tries to understand it, and an import
that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evidence.errors import CaseBusy, DunlogError, NoSpace, ReadOnlyCase, Unreadable
from evidence.i18n import gettext as _
from evidence.importers.base import HEAD_BYTES, FileProbe, Importer, ReadOptions, all_importers
from evidence.log import Case, record_id
from evidence.models import Problem, Reading, Record, Source
from evidence.times import to_utc_text
from evidence.vault import Kept, hash_file, kept_path

SKIPPED_NAMES = {".nomedia", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one path. ``state``: new, known, or failed (not kept: see ``problems``)."""

    path: str
    state: str
    sha256: str | None = None
    size: int = 0
    format: str | None = None
    records: int = 0
    readings: int = 0
    problems: tuple[Problem, ...] = ()


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
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in file order."""
        return tuple(p for f in self.files for p in f.problems)

    @property
    def complete(self) -> bool:
        """Whether no error was met."""
        return all(p.severity != "error" for p in self.problems)


@dataclass(slots=True)
class _Known:
    """What the case has already: names per hash, sizes, and which sources have been read."""

    names: dict[str, set[str]] = field(default_factory=dict)
    sizes: set[int] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, case: Case) -> _Known:
        known = cls()
        for sha256, name, size in case.db.execute("select sha256, name, size from source where body is not null"):
            known.names.setdefault(sha256, set()).add(name)
            known.sizes.add(size)
        query = """select json_extract(body, '$.source') from log
                   where kind = 'read' or (kind = 'unread' and json_extract(body, '$.tried') = ?)"""
        known.read = {row[0] for row in case.db.execute(query, [_importer_set()])}
        return known


Progress = Callable[[str, int], None]
"""(what is being worked on, bytes done)."""


def walk(paths: Iterable[Path]) -> Iterator[Path | Problem]:
    """Files below ``paths`` in a fixed order. Links to folders are not followed (no loops); what cannot be
    listed is a Problem."""
    for path in paths:
        if path.is_dir():
            yield from _walk_folder(path)
        elif path.is_symlink() and not path.exists():
            yield Problem("broken_link", _("The link points to nothing."), str(path))
        elif not path.exists():
            yield Problem("not_found", _("There is no such file."), str(path))
        elif not path.is_file():
            yield Problem("not_a_file", _("This is neither a file nor a folder."), str(path))
        else:
            yield path


def _walk_folder(folder: Path) -> Iterator[Path | Problem]:
    failed: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=failed.append):
        folders.sort()
        for name in list(folders):
            if Path(root, name).is_symlink():
                folders.remove(name)
                words = _("A link to a folder is not followed; import that folder itself if it belongs here.")
                yield Problem("folder_link", words, str(Path(root, name)), severity="warning")
        for name in sorted(names):
            path = Path(root, name)
            if not path.exists():
                yield Problem("broken_link", _("The link points to nothing."), str(path))
            elif not path.is_file():
                yield Problem("not_a_file", _("This is neither a file nor a folder."), str(path))
            else:
                yield path
        yield from (_os_problem(error, str(error.filename)) for error in failed)
        failed.clear()
    yield from (_os_problem(error, str(error.filename)) for error in failed)


def _os_problem(error: OSError, path: str) -> Problem:
    code = "no_permission" if isinstance(error, PermissionError) else "os_error"
    return Problem(code, _("Cannot be read: {why}").format(why=error.strerror or error), path)


def import_paths(
    case: Case, paths: Iterable[Path], options: ReadOptions | None = None, progress: Progress | None = None
) -> ImportReport:
    """Keep and read everything below ``paths``. Raises CaseBusy, NoSpace, ReadOnlyCase; a single bad file is a
    problem in the report, never an exception."""
    options = options or ReadOptions(ZoneInfo(case.header.timezone))
    tell = progress or (lambda what, size: None)
    known = _Known.of(case)
    results: list[FileResult] = []
    skipped: list[str] = []
    for item in walk(paths):
        if isinstance(item, Problem):
            results.append(FileResult(item.path, "failed", problems=(item,)))
        elif item.name in SKIPPED_NAMES and item.stat().st_size == 0:
            skipped.append(str(item))
        else:
            results.append(_keep_one(case, item, known))
            tell(item.name, results[-1].size)
    siblings = _siblings(results)
    for i, result in enumerate(results):
        if result.sha256 is not None and result.sha256 not in known.read:
            known.read.add(result.sha256)
            tell(Path(result.path).name, 0)
            folder = str(Path(result.path).parent)
            results[i] = read_one(case, result, siblings.get(folder, {}), options)
    _record_failures(case, [p for r in results if r.state == "failed" for p in r.problems])
    return ImportReport(tuple(results), tuple(skipped))


def _siblings(results: list[FileResult]) -> dict[str, dict[str, str]]:
    folders: dict[str, dict[str, str]] = {}
    for result in results:
        if result.sha256 is not None:
            path = Path(result.path)
            folders.setdefault(str(path.parent), {})[path.name] = result.sha256
    return folders


def _keep_one(case: Case, path: Path, known: _Known) -> FileResult:
    try:
        size = path.stat().st_size
        kept: Kept | None = None
        if size in known.sizes:  # may be known: hash before copying
            sha256, size = hash_file(path)
            if sha256 in known.names and kept_path(case.originals, sha256).exists():
                kept = Kept(sha256, size, new=False)
        if kept is None:
            with path.open("rb", buffering=0) as stream:
                kept = case.keep(stream)
        mtime = to_utc_text(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except (NoSpace, CaseBusy, ReadOnlyCase):
        raise
    except OSError as error:
        return FileResult(str(path), "failed", problems=(_os_problem(error, str(path)),))
    if path.name in known.names.get(kept.sha256, ()):
        return FileResult(str(path), "known", kept.sha256, kept.size)
    source = Source(kept.sha256, kept.size, path.name, str(path), mtime, kept_at=case.now())
    case.append("kept", "source", [source], {"source": kept.sha256})
    first = kept.sha256 not in known.names
    known.names.setdefault(kept.sha256, set()).add(path.name)
    known.sizes.add(kept.size)
    problems: tuple[Problem, ...] = ()
    if not first:
        words = _("The same bytes are in the case under another name; they are kept once and counted once.")
        problems = (Problem("same_bytes", words, str(path), severity="warning"),)
    return FileResult(str(path), "new", kept.sha256, kept.size, problems=problems)


def probe_file(case: Case, sha256: str, name: str, path: str, mtime: str | None, siblings: dict[str, str]) -> FileProbe:
    """What an importer sees of a kept original."""
    kept = kept_path(case.originals, sha256)
    with kept.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    return FileProbe(kept, name, kept.stat().st_size, sha256, head, mtime, str(Path(path).parent), siblings)


def choose_importer(probe: FileProbe) -> Importer | None:
    """The one importer that claims the file, or None. Two claims raise Unreadable: that is a fault of ours."""
    claims = [importer for importer in all_importers() if importer.claims(probe)]
    if len(claims) > 1:
        names = ", ".join(importer.name for importer in claims)
        raise Unreadable(_("Several importers claim this file: {names}").format(names=names))
    return claims[0] if claims else None


def read_one(case: Case, result: FileResult, siblings: dict[str, str], options: ReadOptions) -> FileResult:
    """Read one kept file into records, readings and problems, in one transaction."""
    sha256, path = result.sha256 or "", result.path
    mtime_row = case.db.execute("select mtime from source where sha256 = ? order by n desc", [sha256]).fetchone()
    problems = list(result.problems)
    try:
        if result.size == 0:
            raise Unreadable(_("The file is empty (0 bytes)."))
        probe = probe_file(case, sha256, Path(path).name, path, mtime_row[0] if mtime_row else None, siblings)
        importer = choose_importer(probe)
        if importer is None:
            words = _("No importer knows this format. The file is kept with its hash.")
            problem = Problem("unknown_format", words, path)
            _record_unread(case, sha256, [problem])
            return replace(result, problems=(*problems, problem))
        return _read_with(case, importer, probe, result, problems, options)
    except (NoSpace, CaseBusy, ReadOnlyCase):
        raise
    except Exception as error:  # hostile bytes may break any reader: the file is kept, named, and the rest goes on
        problem = Problem(*_describe(error), path)
        _record_unread(case, sha256, [problem])
        return replace(result, problems=(*problems, problem))


def _describe(error: Exception) -> tuple[str, str]:
    if isinstance(error, DunlogError):
        return error.code, str(error)
    if isinstance(error, OSError):
        return "os_error", _("Cannot be read: {why}").format(why=error.strerror or error)
    words = _("The importer failed on this file ({kind}: {why}). The file is kept.")
    return "importer_failed", words.format(kind=type(error).__name__, why=str(error)[:200])


def _read_with(
    case: Case, importer: Importer, probe: FileProbe, result: FileResult, problems: list[Problem], options: ReadOptions
) -> FileResult:
    readings: list[Reading] = []
    found: list[Problem] = []
    major = importer.version.split(".")[0]

    def records() -> Iterator[Record]:
        for item in importer.read(probe, options, case.attach):
            if isinstance(item, Record):
                ident = record_id(probe.sha256, f"{importer.name}/{major}", item.locator)
                yield replace(item, id=ident, source=probe.sha256, holder=options.holder)
            elif isinstance(item, Reading):
                readings.append(replace(item, source=probe.sha256))
            else:
                found.append(replace(item, path=item.path or result.path))

    about = {
        "source": probe.sha256,
        "format": importer.name,
        "importer": importer.name,
        "version": importer.version,
        "module": _module_hash(importer),
        "zone": options.zone.key,
        "holder": options.holder,
    }
    with case.transaction():
        count = case.append("read", "record", records(), about)
        if readings:
            case.append("readings", "reading", stamped_readings(readings, case.now()), {"source": probe.sha256})
        if found:
            case.append("problems", "problem", found, {"source": probe.sha256})
    return replace(
        result, format=importer.name, records=count, readings=len(readings), problems=(*problems, *found)
    )


def stamped_readings(readings: Iterable[Reading], at: str) -> Iterator[Reading]:
    """Readings with their time and id. The id derives from target, engine, version and text."""
    for reading in readings:
        seed = "\n".join((reading.target, reading.kind, reading.engine, reading.version, reading.by, at, reading.text))
        yield replace(reading, at=at, id="t" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16])


def _module_hash(importer: Importer) -> str:
    """The importer's own code, so that a record names exactly what read it."""
    import inspect

    try:
        text = Path(inspect.getfile(type(importer))).read_bytes()
    except (OSError, TypeError):  # a frozen program has no module file: the version must do
        return ""
    return hashlib.sha256(text).hexdigest()


def _record_unread(case: Case, sha256: str, problems: list[Problem]) -> None:
    case.append("unread", "problem", problems, {"source": sha256, "tried": _importer_set()})


def _importer_set() -> str:
    """Which importers there are: a file that nobody could read is tried again when this changes."""
    return " ".join(f"{importer.name}/{importer.version}" for importer in all_importers())


def _record_failures(case: Case, problems: list[Problem]) -> None:
    if problems:
        case.append("problems", "problem", problems)
