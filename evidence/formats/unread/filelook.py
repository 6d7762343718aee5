"""Cheap looks at a file that nobody reads: is it all zeros, is it like noise, what does a database call its tables."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_ENOUGH = 2048
_NOISE_BITS = 7.2  # of 8; a text has 4 to 5, a program about 6
_PIECE = 1 << 16
_TABLES = 12


def bytes_at(path: Path, at: int, size: int) -> bytes:
    """At most ``size`` bytes from ``at``; none beyond the end. Raises OSError."""
    if at < 0 or at > path.stat().st_size:
        return b""
    with path.open("rb") as file:
        file.seek(at)
        return file.read(size)


def tail_of(path: Path, size: int, n: int) -> bytes:
    """The last ``n`` bytes. Raises OSError."""
    return bytes_at(path, max(0, size - n), n)


def all_zero(path: Path, head: bytes, size: int) -> bool:
    """Whether the head and pieces spread over the file are zeros: what a copy leaves that did not work."""
    if any(head):
        return False
    return not any(any(bytes_at(path, size * n // 16, 4096)) for n in range(1, 16))


def entropy(data: bytes) -> float:
    """Bits per byte, 0 to 8."""
    total = len(data)
    return -sum(n / total * math.log2(n / total) for n in Counter(data).values()) if total else 0.0


def is_random(head: bytes) -> bool:
    """Whether the bytes are like noise, as of encrypted data without any header. Few bytes say nothing."""
    sample = head[:_PIECE]
    return len(sample) >= _ENOUGH and entropy(sample) > _NOISE_BITS


_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")


def is_unmarked_wechat_picture(name: str, head: bytes) -> bool:
    """Whether a ``.dat`` file is a picture that WeChat scrambled: one byte laid over all (older), or its own header."""
    if head.startswith((b"\x07\x08V1\x08\x07", b"\x07\x08V2\x08\x07")):
        return True
    if not name.lower().endswith(".dat") or len(head) < 16:
        return False
    for start in _PICTURE_STARTS[:3]:
        key = head[0] ^ start[0]
        if key and bytes(byte ^ key for byte in head[: len(start)]) == start:
            return True
    return False


def ole_parts(path: Path, head: bytes) -> set[str]:
    """Names of the first streams of an OLE file (MS-CFB 2.6.1): its directory's first sector and what follows it."""
    shift = int.from_bytes(head[30:32], "little")
    if shift not in (9, 12):
        return set()
    at = (int.from_bytes(head[48:52], "little") + 1) << shift
    data = bytes_at(path, at, _PIECE)
    found = set()
    for place in range(0, len(data) - 127, 128):
        length = int.from_bytes(data[place + 64 : place + 66], "little")
        if 2 < length <= 64:
            found.add(data[place : place + length - 2].decode("utf-16-le", "replace"))
    return found


def tables_of(path: Path) -> list[str] | None:
    """The first names of tables of an SQLite file; None when it is damaged. Opened for reading only; nothing in it is
    run: views and triggers are not asked."""
    uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
    query = "select name from sqlite_master where type = 'table' and typeof(name) = 'text' order by rowid limit ?"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            rows = db.execute(query, [_TABLES]).fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    return ["".join(c for c in str(name) if c.isprintable())[:40] for (name,) in rows]
