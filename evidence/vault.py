"""Files kept byte for byte under their SHA-256, and parts taken out of them (which can be taken out again)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
INCOMING = ".incoming"
DAMAGED = ".damaged"
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
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def has_length(root: Path, sha256: str, size: int) -> bool:
    """Whether a file of this length lies under this hash. Its bytes are not read: verify does that."""
    try:
        return kept_path(root, sha256).stat().st_size == size
    except FileNotFoundError:
        return False


def is_kept(root: Path, sha256: str, size: int) -> bool:
    """Whether these very bytes lie there, as a file of their own: they are read and hashed."""
    path = kept_path(root, sha256)
    try:
        return not path.is_symlink() and has_length(root, sha256, size) and hash_file(path)[0] == sha256
    except OSError:
        return False  # what cannot be read is not kept


def keep(root: Path, stream: BinaryIO, *, durable: bool = True) -> Kept:
    """Copy ``stream`` below ``root`` while hashing it; the name appears only when all bytes are on disk.

    ``durable`` waits for the disk. Raises OSError (a full disk among others); nothing half-written remains
    under a hash.
    """
    incoming = root / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    temporary = incoming / secrets.token_hex(12)
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb", buffering=0) as out:
            _lock(out)
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write_all(out, chunk)
            if durable:
                os.fsync(out.fileno())
            if os.name == "posix":  # renamed while still locked, so that nobody clears it away in between
                return _settle(root, temporary, digest.hexdigest(), size, durable)
        return _settle(root, temporary, digest.hexdigest(), size, durable)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


def _settle(root: Path, temporary: Path, sha256: str, size: int, durable: bool) -> Kept:
    if is_kept(root, sha256, size):
        temporary.unlink()
        return Kept(sha256, size, new=False)
    target = kept_path(root, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    mended = _put_aside(root, target)
    os.chmod(temporary, 0o400)
    os.replace(temporary, target)
    if durable:
        _sync_folder(target.parent)
    return Kept(sha256, size, new=True, mended=mended)


def _put_aside(root: Path, target: Path) -> bool:
    """Other bytes under this name are evidence of what happened to them: moved, not overwritten."""
    if not (target.exists() or target.is_symlink()):
        return False
    folder = root / DAMAGED
    folder.mkdir(exist_ok=True)
    os.replace(target, folder / f"{target.name}.{secrets.token_hex(4)}")
    return True


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
