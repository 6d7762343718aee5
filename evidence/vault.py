"""Files kept byte for byte under their SHA-256, and parts taken out of them (which can be taken out again)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
INCOMING = ".incoming"


@dataclass(frozen=True, slots=True)
class Kept:
    """``new`` is False when the same bytes were there before."""

    sha256: str
    size: int
    new: bool


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
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write_all(out, chunk)
            if durable:
                os.fsync(out.fileno())
        sha256 = digest.hexdigest()
        target = kept_path(root, sha256)
        if target.exists() and target.stat().st_size == size:
            temporary.unlink()
            return Kept(sha256, size, new=False)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(temporary, 0o400)
        os.replace(temporary, target)
        if durable:
            _sync_folder(target.parent)
        return Kept(sha256, size, new=True)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


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


def clear_incoming(root: Path) -> int:
    """Remove what an interrupted copy left behind (it was never acknowledged). Returns how many files."""
    folder = root / INCOMING
    if not folder.is_dir():
        return 0
    left = [path for path in folder.iterdir() if path.is_file()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def spooled() -> tempfile.SpooledTemporaryFile[bytes]:
    """A scratch file that stays in memory while it is small."""
    return tempfile.SpooledTemporaryFile(max_size=8 << 20)
