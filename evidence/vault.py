"""Files kept byte for byte under their SHA-256, and parts taken out of them (which can be taken out again)."""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from evidence.beside import Beside

CHUNK = 1 << 20
INCOMING = ".incoming"
DAMAGED = ".damaged"
KEEPING_S = 600.0
"""From the copy of a file to the log row that says so."""
ABANDONED_S = 120.0
"""A copy that was not touched for so long, and that nobody holds, was interrupted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """``new`` is False when the same bytes were there before. ``mended`` says that other bytes lay under this hash;
    they were put aside in ``.damaged/``."""

    sha256: str
    size: int
    new: bool
    mended: bool = False


def kept_path(root: Path, sha256: str) -> Path:
    """Where the file with this hash lies below ``root``."""
    return root / sha256[:2] / sha256


def hash_file(path: Path) -> tuple[str, int]:
    """SHA-256 and size in bytes, read once."""
    with path.open("rb", buffering=0) as stream:
        return hash_stream(stream)


def hash_stream(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 and size in bytes of what is left of ``stream``."""
    start = stream.tell()
    digest = hashlib.file_digest(cast(io.FileIO, stream), "sha256")
    return digest.hexdigest(), stream.tell() - start


def has_length(root: Path, sha256: str, size: int) -> bool:
    """Whether a file of this length lies under this hash. Its bytes are not read: verify does that."""
    try:
        return kept_path(root, sha256).stat().st_size == size
    except FileNotFoundError:
        return False


def is_kept(root: Path, sha256: str, size: int) -> bool:
    """Whether these very bytes lie there, as a file of their own: they are read and hashed."""
    path = kept_path(root, sha256)
    found = _look(path)
    try:
        return _is_file_of(found, size) and hash_file(path)[0] == sha256
    except OSError:
        return False  # what cannot be read is not kept


def is_untouched(root: Path, sha256: str, size: int, kept_at: float) -> bool:
    """Whether the copy's inode was last changed in the minutes before ``kept_at`` (seconds since 1970), when its bytes
    were known to be right: every later write would show. Bytes that rot on the disk do not; verify reads them all.

    False where the file system does not tell (Windows), and in a case folder that was copied.
    """
    found = _look(os.path.join(root, sha256[:2], sha256))
    if os.name != "posix" or found is None or not _is_file_of(found, size):
        return False
    return kept_at - KEEPING_S <= found.st_ctime < kept_at + 0.001  # the log writes whole milliseconds


def _look(path: Path | str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _is_file_of(found: os.stat_result | None, size: int) -> bool:
    return found is not None and stat.S_ISREG(found.st_mode) and found.st_size == size


def keep(root: Path, stream: BinaryIO, *, durable: bool = True) -> Kept:
    """Copy ``stream`` below ``root`` while hashing it; the name appears only when all bytes are on disk.

    ``durable`` waits for the disk. Raises OSError (a full disk among others); nothing half-written remains
    under a hash.
    """
    first = stream.read(CHUNK)
    more = stream.read(CHUNK) if first else b""
    if more:
        chunks = itertools.chain((first, more), iter(lambda: stream.read(CHUNK), b""))
        return _keep(root, lambda out: _copy(chunks, out), durable)
    return _keep_small(root, first, durable)


def _keep_small(root: Path, data: bytes, durable: bool) -> Kept:
    """As :func:`keep`; nothing is written when these bytes lie there already."""
    sha256 = hashlib.sha256(data).hexdigest()
    if is_kept(root, sha256, len(data)):
        return Kept(sha256, len(data), new=False)

    def write(out: BinaryIO) -> tuple[str, int]:
        _write_all(out, data)
        return sha256, len(data)

    return _keep(root, write, durable)


def _keep(root: Path, write: Callable[[BinaryIO], tuple[str, int]], durable: bool) -> Kept:
    """A new file with what ``write`` puts into it, under the hash that ``write`` returns with the size."""
    temporary = root / INCOMING / secrets.token_hex(12)
    try:
        with _create(temporary) as out:
            if durable:
                _lock(out)
            sha256, size = write(out)
            if durable:
                os.fsync(out.fileno())
            if os.name == "posix":  # renamed while still locked, so that nobody clears it away in between
                return _settle(root, temporary, sha256, size, durable)
        return _settle(root, temporary, sha256, size, durable)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


def _create(path: Path) -> BinaryIO:
    """A new file that nobody can change once this handle is closed. Its folder is made if missing."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o400)

    try:
        return open(path, "xb", buffering=0, opener=opener)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "xb", buffering=0, opener=opener)


def _copy(chunks: Iterator[bytes], out: BinaryIO) -> tuple[str, int]:
    """SHA-256 and size of what was written. Hashing and writing go on at the same time: both leave Python's lock."""
    digest, size = hashlib.sha256(), 0
    with Beside() as hashing:
        for chunk in chunks:
            hashing.run(digest.update, chunk)
            size += len(chunk)
            _write_all(out, chunk)
        hashing.wait()
    return digest.hexdigest(), size


def _settle(root: Path, temporary: Path, sha256: str, size: int, durable: bool) -> Kept:
    target = kept_path(root, sha256)
    found = _look(target)
    mended = False
    if found is not None:
        if is_kept(root, sha256, size):
            temporary.unlink()
            return Kept(sha256, size, new=False)
        _put_aside(root, target)
        mended = True
    try:
        os.replace(temporary, target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, target)
    if durable:
        _sync_folder(target.parent)
    return Kept(sha256, size, new=True, mended=mended)


def _put_aside(root: Path, target: Path) -> None:
    """Other bytes under this name are evidence of what happened to them: moved, not overwritten."""
    folder = root / DAMAGED
    folder.mkdir(exist_ok=True)
    os.replace(target, folder / f"{target.name}.{secrets.token_hex(4)}")


def _write_all(out: BinaryIO, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[out.write(view) :]


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(stream: BinaryIO) -> bool:
    """Mark a file as being written; False when another process has done so. Windows refuses to delete open files
    anyway, and some network disks know no locks: there only the age of a file tells."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _abandoned(path: Path) -> bool:
    with path.open("rb") as stream:
        age = time.time() - os.fstat(stream.fileno()).st_mtime
        return age > ABANDONED_S and _lock(stream)


def clear_incoming(root: Path) -> int:
    """Remove what an interrupted copy left behind (it was never acknowledged), but nothing that another process may
    be writing now. Returns how many files."""
    folder = root / INCOMING
    if not folder.is_dir():
        return 0
    removed = 0
    for path in folder.iterdir():
        # gone already, or open in another process: not ours to remove
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if path.is_file() and _abandoned(path):
                path.unlink()
                removed += 1
    return removed
