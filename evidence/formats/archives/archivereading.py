"""An archive at work: each member goes through the importer that claims it, and the case gets what a record names.

Members are unpacked one at a time into a temporary folder, under numbers; none of their names becomes a path.
"""

from __future__ import annotations

import errno
import posixpath
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import BinaryIO

from evidence.errors import CaseBusy, CaseDamaged, DunlogError, NoSpace, ProtectedFormat, ReadOnlyCase, Unreadable
from evidence.formats.archives.archivekinds import archive_kind
from evidence.formats.archives.archives import Archive, Budget, Member, TooMuch, open_archive, survey
from evidence.formats.archives.archivewords import NAMED_MEMBERS, bomb, no_room, notes, refused, summary
from evidence.formats.unread.refusals import explain
from evidence.i18n import gettext as _
from evidence.importers.base import (
    HEAD_BYTES,
    Attach,
    FileProbe,
    Importer,
    Item,
    Neighbour,
    ReadOptions,
    all_importers,
    claimants,
)
from evidence.models import Media, Problem, Reading, Record

_MARKERS = frozenset((".nomedia", "thumbs.db", "desktop.ini"))
ARCHIVE = "archive"
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT))
_BUSY = (NoSpace, CaseBusy, ReadOnlyCase, CaseDamaged)


@dataclass(slots=True)
class _Run:
    """What all levels of one source share. ``carried`` are hashes that the case has been given already."""

    options: ReadOptions
    attach: Attach
    budget: Budget = field(default_factory=Budget)
    carried: set[str] = field(default_factory=set)
    unread: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)


class _Level:
    """One archive at work: the source itself or one inside it."""

    def __init__(self, run: _Run, file: FileProbe, archive: Archive, folder: Path, depth: int) -> None:
        self._run, self._file, self._archive, self._folder, self._depth = run, file, archive, folder, depth
        self._by_path = {unicodedata.normalize("NFC", member.path): member for member in archive.members}
        self._known: dict[str, tuple[str, int]] = {}
        self._by_hash: dict[str, Member] = {}
        self._folders: dict[str, dict[str, str]] = {}
        self._here: dict[str, Path] = {}
        self._wrong: dict[str, str] = {}
        self._said: dict[str, str] | None = None  # what reads the member in work; None for an archive in it

    def all(self) -> Iterator[Item]:
        """Look at every member first, so that each can find the others; then read one after another."""
        for member in self._archive.members:
            self._look(member)
        for member in self._archive.members:
            for item in self._member(member):
                yield _inside(member.path, item, self._said)
            self._forget()

    def _look(self, member: Member) -> None:
        if member.refused is not None or _is_litter(member.path):
            return
        sha256, size, wrong = survey(member, self._run.budget, lambda block: None)
        if wrong is not None:
            self._wrong[member.path] = wrong
        if wrong != "bomb":
            self._known[member.path] = (sha256, size)
            self._by_hash.setdefault(sha256, member)
            folder, name = posixpath.split(member.path)
            self._folders.setdefault(folder, {})[name] = sha256

    def _member(self, member: Member) -> Iterator[Item]:
        if _is_litter(member.path):
            self._run.counts["litter"] += 1
            return
        wrong = member.refused or self._wrong.get(member.path)
        if wrong is not None:
            yield from self._named(*refused(wrong))
        if member.path not in self._known:
            return
        if self._known[member.path][1] == 0:
            if posixpath.basename(member.path).lower() in _MARKERS:
                self._run.counts["litter"] += 1
            elif wrong is None:
                yield Problem("unreadable", _("The file is empty (0 bytes)."))
            return
        yield from self._read(member, self._probe(member))

    def _probe(self, member: Member) -> FileProbe:
        path = self._unpacked(member)
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        folder, name = posixpath.split(member.path)
        sha256, size = self._known[member.path]
        within = posixpath.join(self._file.folder.replace("\\", "/"), self._file.name, folder).rstrip("/")
        beside = self._folders.get(folder, {})
        return FileProbe(path, name, size, sha256, head, member.mtime, within, beside, self._finder(folder))

    def _unpacked(self, member: Member) -> Path:
        """The member's bytes in the temporary folder, until the member in work is done."""
        if member.path not in self._here:
            target = self._folder / str(len(self._here))
            try:
                with target.open("wb") as out:
                    survey(member, Budget(), out.write)
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                words = no_room(self._folder.parent, member.path, self._known[member.path][1])
                raise NoSpace(words) from error
            self._here[member.path] = target
        return self._here[member.path]

    def _forget(self) -> None:
        for path in self._here.values():
            with suppress(OSError):  # the whole folder goes at the end
                path.unlink()
        self._here.clear()

    def _finder(self, folder: str) -> Callable[[str], Neighbour | None]:
        def find(relative: str) -> Neighbour | None:
            place = posixpath.normpath(posixpath.join(folder, relative.replace("\\", "/")))
            member = self._by_path.get(unicodedata.normalize("NFC", place).replace("!", "%21"))
            if member is None or member.path not in self._known:
                return None
            sha256, size = self._known[member.path]
            return Neighbour(self._unpacked(member), posixpath.basename(member.path), size, sha256)

        return find

    def _read(self, member: Member, probe: FileProbe) -> Iterator[Item]:
        self._said = None
        importers = claimants(probe, self._run.options, all_importers())
        if len(importers) != 1:
            yield from self._unread(probe, importers)
            return
        importer = importers[0]
        if importer.name == ARCHIVE:
            yield from self._nested(probe)
            return
        self._said = {"importer": f"{importer.name} {importer.version}", "sha256": probe.sha256}
        for item in self._guarded(importer, probe):
            if isinstance(item, Record):
                if item.media:
                    self._carry(item)
                if member.assumed and item.time.how == "file_mtime":
                    self._run.counts["assumed"] += 1
            yield item

    def _guarded(self, importer: Importer, probe: FileProbe) -> Iterator[Item]:
        """What an importer yields, and one problem where it breaks: the rest of the archive goes on."""
        try:
            yield from importer.read(probe, self._run.options, self._attach)
        except _BUSY:
            raise
        except Exception as error:  # hostile bytes may break any reader
            yield Problem(*_described(error))

    def _nested(self, probe: FileProbe) -> Iterator[Item]:
        if self._depth >= self._run.budget.limits.depth:
            words = _("An archive inside archives, deeper than {n}: unpack it and import what is in it.")
            yield Problem("archive_too_deep", words.format(n=self._run.budget.limits.depth))
            return
        try:
            yield from _read_level(self._run, probe, self._folder, self._depth + 1)
        except _BUSY:
            raise
        except DunlogError as error:
            yield Problem(*_described(error))

    def _unread(self, probe: FileProbe, importers: list[Importer]) -> Iterator[Problem]:
        if importers:
            names = ", ".join(importer.name for importer in importers)
            yield Problem("unreadable", _("Several importers claim this file: {names}").format(names=names))
            return
        yield from self._named(*explain(probe))

    def _named(self, code: str, message: str) -> Iterator[Problem]:
        """A member that is not read: named, or only counted after many."""
        self._run.unread[code] += 1
        if self._run.unread.total() <= NAMED_MEMBERS:
            yield Problem(code, message)

    def _attach(self, stream: BinaryIO, name: str, mime: str) -> Media:
        media = self._run.attach(stream, name, mime)
        self._run.carried.add(media.sha256)
        return media

    def _carry(self, record: Record) -> None:
        """Give the case the bytes of members that a record names: outside the archive they lie nowhere."""
        for media in record.media:
            member = self._by_hash.get(media.sha256)
            if member is not None and media.sha256 not in self._run.carried:
                with self._unpacked(member).open("rb") as stream:
                    self._attach(stream, media.name, media.mime)


def _inside(path: str, item: Item, said: dict[str, str] | None) -> Item:
    """The item with its place in the archive; a record also with what read it (``said``)."""
    if isinstance(item, Reading):
        return item
    locator = f"{path}!{item.locator}" if item.locator else path
    if said is not None and isinstance(item, Record):
        return replace(item, locator=locator, extras={**item.extras, "member": said})
    return replace(item, locator=locator)


def _is_litter(path: str) -> bool:
    """What macOS puts into every archive it makes: no file of the phone."""
    parts = path.split("/")
    return "__MACOSX" in parts or parts[-1] == ".DS_Store"


def _described(error: Exception) -> tuple[str, str]:
    if isinstance(error, DunlogError):
        return error.code, _(str(error))
    words = _("The importer failed on this file ({kind}: {why}). The file is kept.")
    return "importer_failed", words.format(kind=type(error).__name__, why=str(error)[:200])


def _read_level(run: _Run, file: FileProbe, scratch: Path, depth: int) -> Iterator[Item]:
    """One archive. Raises Unreadable when nothing in it can be read, NoSpace when there is no room to unpack."""
    kind = archive_kind(file.path, file.head)
    if kind is None:
        raise Unreadable()
    try:
        with (
            TemporaryDirectory(prefix="dunlog-", dir=scratch, ignore_cleanup_errors=True) as folder,
            open_archive(file.path, kind, file.name, run.options.zone, run.budget, Path(folder)) as archive,
        ):
            _require_files(archive)
            yield from _Level(run, file, archive, Path(folder), depth).all()
            yield from notes(archive)
    except TooMuch:
        raise Unreadable(bomb()) from None
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise NoSpace(no_room(scratch, file.name, file.size)) from error


def _require_files(archive: Archive) -> None:
    files = [member for member in archive.members if not _is_litter(member.path)]
    if not files:
        raise Unreadable(_("The archive holds no file, or was cut off before the first one."))
    if all(member.refused == "encrypted" for member in files):
        words = _("The archive is locked with a password. Unpack it with its password and import the folder.")
        raise ProtectedFormat(words)


def read_archive(file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
    """What the members give, in the order of the archive, then what is told once. Raises Unreadable, NoSpace."""
    run = _Run(options, attach)
    yield from _read_level(run, file, options.scratch or Path(gettempdir()), 1)
    yield from summary(run.unread.total(), run.counts, options.zone.key)
