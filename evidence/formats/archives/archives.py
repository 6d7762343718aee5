"""Archives (ZIP, TAR, gzip) as a list of members whose bytes can be read one at a time, within limits.

Nothing is written but the inflated copy of a gzip file; no name of a member is ever used as a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal
from zoneinfo import ZoneInfo

from evidence.formats.archives.archivekinds import Kind
from evidence.formats.archives.tarread import BLOCK, TarEntry, is_tar, list_tar, read_tar_entry
from evidence.formats.archives.ziplist import ZipDamaged, ZipEntry, list_zip
from evidence.formats.archives.zipread import METHODS, inflate, read_entry
from evidence.formats.chats.membernames import clean_path, decode_names, make_different
from evidence.times import to_utc_text

Refusal = Literal["encrypted", "link", "special", "method", "overlap", "bomb"]

_LINK_MODE, _TYPE_MODE = 0o120000, 0o170000


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to before it is taken for an attack. A text packs to a tenth or a twentieth of its
    size; ``ratio`` is asked only of what unpacks to more than ``free`` bytes. ``depth`` counts the outermost as 1."""

    members: int = 200_000
    total: int = 1 << 40
    ratio: int = 250
    free: int = 64 << 20
    depth: int = 3


@dataclass(slots=True)
class Budget:
    """What is left of the limits for one source, with everything inside it."""

    limits: Limits = field(default_factory=Limits)
    members: int = 0
    unpacked: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive. ``path`` is for showing and looking up, unique in it; ``mtime`` in UTC, ``assumed``
    when it was a wall clock without zone. ``refused`` says why its bytes are not read. ``packed`` is its size inside.
    """

    path: str
    packed: int
    mtime: str | None = None
    assumed: bool = False
    refused: Refusal | None = None
    open: Callable[[], Iterator[bytes]] = lambda: iter(())


@dataclass(frozen=True, slots=True)
class Archive:
    """``odd_names`` lists members whose names were changed for showing; ``encoding`` is that of names without a mark
    (None when all are marked or plain); ``cut`` tells that the file breaks off; ``more`` that there are more members
    than are read."""

    members: tuple[Member, ...]
    odd_names: tuple[str, ...] = ()
    encoding: str | None = None
    cut: bool = False
    more: bool = False


class TooMuch(Exception):
    """A member unpacks to more than the limits allow."""


class Broken(Exception):
    """A member breaks off or is damaged; what came before it is good."""


@contextmanager
def open_archive(path: Path, kind: Kind, name: str, zone: ZoneInfo, budget: Budget, scratch: Path) -> Iterator[Archive]:
    """The members of an archive, which can be read while it is open. ``zone`` is for the wall clocks of ZIP.

    A gzip file is inflated into ``scratch`` when it holds a TAR; else it has one member, called ``name`` without its
    ending. Raises OSError (no room, among others), and TooMuch for a gzip file that is a bomb.
    """
    most = max(0, budget.limits.members - budget.members)
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if kind == "zip":
            archive = _open_zip(file, zone, most)
        elif kind == "tar":
            archive = _open_tar(file, most)
        elif is_tar(_gzip_head(file)):
            inner = scratch / "inflated"
            stack.callback(inner.unlink, missing_ok=True)
            whole = _inflate(file, inner, budget)
            archive = _open_tar(stack.enter_context(inner.open("rb")), most)
            archive = replace(archive, cut=archive.cut or not whole)
        else:
            archive = _gzip_member(file, name)
        budget.members += len(archive.members)
        yield archive


def _gzip_blocks(file: BinaryIO) -> Iterator[bytes]:
    def blocks() -> Iterator[bytes]:
        at = 0
        while True:
            file.seek(at)
            block = file.read(1 << 16)
            if not block:
                return
            at += len(block)
            yield block

    try:
        yield from inflate(blocks(), 31)
    except ZipDamaged as error:
        raise Broken(str(error)) from error


def _gzip_head(file: BinaryIO) -> bytes:
    head = b""
    try:
        for block in _gzip_blocks(file):
            head += block
            if len(head) >= BLOCK:
                break
    except Broken:
        return head
    return head


def _inflate(file: BinaryIO, target: Path, budget: Budget) -> bool:
    """Whether all of a gzip file could be inflated into ``target``."""
    member = Member("", file.seek(0, 2), open=lambda: _gzip_blocks(file))
    with target.open("wb") as out:
        wrong = survey(member, budget, out.write)[2]
    if wrong == "bomb":
        raise TooMuch()
    return wrong is None


def _gzip_member(file: BinaryIO, name: str) -> Archive:
    """RFC 1952: the time and the name that the header may state."""
    file.seek(0)
    head = file.read(4096)
    raw = b""
    if head[3] & 8 and not head[3] & 4:
        raw = head[10:].split(b"\0", 1)[0]
    texts, _encoding = decode_names([raw])
    shorter = name[:-3] if name.lower().endswith(".gz") else name
    paths, odd = _paths([texts[0].rsplit("/", 1)[-1] or shorter or "_"])
    mtime = _unix_text(int.from_bytes(head[4:8], "little"))
    member = Member(paths[0], file.seek(0, 2), mtime, open=lambda: _gzip_blocks(file))
    return Archive((member,), odd if raw else ())


def survey(member: Member, budget: Budget, write: Callable[[bytes], object]) -> tuple[str, int, str | None]:
    """(SHA-256, size, what is wrong) of a member whose bytes go through ``write``. What is wrong is ``bomb``, or
    ``damaged`` for one that breaks off: what came before was written."""
    digest, size = hashlib.sha256(), 0
    try:
        for block in member.open():
            size += len(block)
            budget.unpacked += len(block)
            limits = budget.limits
            if budget.unpacked > limits.total or size > max(limits.free, limits.ratio * max(1, member.packed)):
                return digest.hexdigest(), size, "bomb"
            digest.update(block)
            write(block)
    except Broken:
        return digest.hexdigest(), size, "damaged"
    return digest.hexdigest(), size, None


def _open_zip(file: BinaryIO, zone: ZoneInfo, most: int) -> Archive:
    listed = list_zip(file, most)
    files = [entry for entry in listed.entries if not entry.name.endswith((b"/", b"\\"))]
    plain = [entry.name for entry in files if not entry.utf8 and entry.unicode_name is None]
    texts, encoding = decode_names(plain)
    guessed = iter(texts)
    raw = []
    for entry in files:
        text = entry.unicode_name
        if text is None:
            text = entry.name.decode("utf-8", "replace") if entry.utf8 else next(guessed)
        raw.append(text)
    paths, odd = _paths(raw)
    shared = _sharing(files)
    members = []
    for entry, path in zip(files, paths, strict=True):
        mtime, assumed = _zip_time(entry, zone)
        members.append(
            Member(
                path,
                _remaining(file, entry) if entry.packed is None else entry.packed,
                mtime,
                assumed,
                "overlap" if entry.offset in shared else _refusal(entry),
                _reader(file, entry),
            )
        )
    unmarked = encoding if any(not name.isascii() for name in plain) and encoding != "utf-8" else None
    return Archive(tuple(members), odd, unmarked, not listed.whole, listed.more)


def _remaining(file: BinaryIO, entry: ZipEntry) -> int:
    return max(0, file.seek(0, 2) - entry.offset)


def _refusal(entry: ZipEntry) -> Refusal | None:
    if entry.encrypted:
        return "encrypted"
    if entry.mode & _TYPE_MODE == _LINK_MODE:
        return "link"
    return None if entry.method in METHODS else "method"


def _sharing(entries: Sequence[ZipEntry]) -> set[int]:
    """Offsets of members that use the same bytes as another: honest programs never write that."""
    shared: set[int] = set()
    reach, last = 0, -1
    for entry in sorted(entries, key=lambda e: e.offset):
        if entry.offset < reach:
            shared |= {entry.offset, last}
        end = entry.offset + 30 + len(entry.name) + (entry.packed or 0)
        if end > reach:
            reach, last = end, entry.offset
    return shared


def _reader(file: BinaryIO, entry: ZipEntry) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        try:
            yield from read_entry(file, entry)
        except ZipDamaged as error:
            raise Broken(str(error)) from error

    return read


def _paths(raw: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    cleaned = [clean_path(text) for text in raw]
    paths = make_different(path for path, _odd in cleaned)
    return paths, tuple(path for path, (_path, odd) in zip(paths, cleaned, strict=True) if odd)


def _zip_time(entry: ZipEntry, zone: ZoneInfo) -> tuple[str | None, bool]:
    """(UTC, whether a zone was assumed). 1 January 1980 is what programs write that know no time."""
    try:
        if entry.unix is not None:
            return to_utc_text(datetime.fromtimestamp(entry.unix, UTC)), False
        day, clock = entry.stamp
        date = (1980 + (day >> 9), day >> 5 & 15, day & 31)
        wall = datetime(*date, clock >> 11, clock >> 5 & 63, min(59, (clock & 31) * 2), tzinfo=zone)
        return (None, False) if date == (1980, 1, 1) else (to_utc_text(wall), True)
    except (ValueError, OverflowError, OSError):
        return None, False


def _open_tar(file: BinaryIO, most: int) -> Archive:
    entries: list[TarEntry] = []
    more = False
    for entry in list_tar(file):
        if entry.kind == "folder":
            continue
        if len(entries) >= most:
            more = True
            break
        entries.append(entry)
    texts, encoding = decode_names([entry.name for entry in entries])
    paths, odd = _paths(texts)
    length = file.seek(0, 2)
    refusals: dict[str, Refusal | None] = {"file": None, "link": "link"}
    members = [
        Member(
            path,
            entry.size,
            _unix_text(entry.unix),
            refused=refusals.get(entry.kind, "special"),
            open=_tar_reader(file, entry),
        )
        for entry, path in zip(entries, paths, strict=True)
    ]
    cut = bool(entries) and entries[-1].offset + entries[-1].size > length
    return Archive(tuple(members), odd, None if encoding == "utf-8" else encoding, cut, more)


def _tar_reader(file: BinaryIO, entry: TarEntry) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        found = 0
        for block in read_tar_entry(file, entry):
            found += len(block)
            yield block
        if found != entry.size:
            raise Broken("cut off")

    return read


def _unix_text(seconds: float | None) -> str | None:
    try:
        return to_utc_text(datetime.fromtimestamp(seconds, UTC)) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
