"""TAR files as they lie on disk (POSIX.1-2001 pax and ustar, GNU long names): members and where their bytes are.

Own code, since ``tarfile`` reads a long-name header of any stated length into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

BLOCK = 512
_LONGEST_HEADER = 1 << 20
_REGULAR = {b"0", b"\0", b"7"}
_LINKS = {b"1", b"2"}


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One member as its header states it. ``kind`` is file, folder, link or special; ``unix`` its time in seconds."""

    name: bytes
    size: int
    offset: int
    unix: float | None
    kind: Literal["file", "folder", "link", "special"]


def is_tar(head: bytes) -> bool:
    """Whether the first block is a header whose checksum is right."""
    return len(head) >= BLOCK and any(head[:100]) and _number(head[148:156]) == _checksum(head[:BLOCK])


def _checksum(block: bytes) -> int:
    return sum(block[:148]) + 8 * 32 + sum(block[156:])


def _number(field: bytes) -> int | None:
    """Octal text, or GNU's base 256 for what is larger."""
    if field[:1] and field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return None


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def list_tar(file: BinaryIO) -> Iterator[TarEntry]:
    """The members in file order, up to the end mark or the first header that is none."""
    at = 0
    long_name: bytes | None = None
    pax: dict[bytes, bytes] = {}
    while True:
        file.seek(at)
        head = file.read(BLOCK)
        if not is_tar(head):
            return
        size, kind = max(0, _number(head[124:136]) or 0), head[156:157]
        body = at + BLOCK
        if kind in (b"L", b"K", b"x", b"g"):
            data = file.read(min(size, _LONGEST_HEADER))
            if kind == b"L":
                long_name = _text(data)
            elif kind == b"x":
                pax = _pax(data)
            at = body + -(-size // BLOCK) * BLOCK
            continue
        stated = pax.get(b"size", b"")
        size = int(stated) if stated.isdigit() and len(stated) < 20 else size
        name = pax.get(b"path") or long_name or _name(head)
        sparse = kind == b"S" or any(key.startswith(b"GNU.sparse") for key in pax)
        what: Literal["file", "folder", "link", "special"] = "special"
        if kind == b"5" or name.endswith(b"/"):
            what = "folder"
        elif kind in _LINKS:
            what = "link"
        elif kind in _REGULAR and not sparse:
            what = "file"
        yield TarEntry(name, size if what != "link" else 0, body, _time(pax, head), what)
        holds_data = kind not in _LINKS and kind not in (b"3", b"4", b"5", b"6")
        at = body + (-(-size // BLOCK) * BLOCK if holds_data else 0)
        long_name, pax = None, {}


def _name(head: bytes) -> bytes:
    posix = head[257:263] == b"ustar\0"  # GNU has other fields where POSIX has the prefix
    name, prefix = _text(head[:100]), _text(head[345:500]) if posix else b""
    return prefix + b"/" + name if prefix else name


def _time(pax: dict[bytes, bytes], head: bytes) -> float | None:
    try:
        return float(pax[b"mtime"]) if b"mtime" in pax else _number(head[136:148])
    except ValueError:
        return None


def _pax(data: bytes) -> dict[bytes, bytes]:
    """``length key=value`` lines; a line that is not so ends them."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 12)
        digits = data[at:space] if space > 0 else b""
        if not digits.isdigit() or int(digits) <= 0:
            break
        key, equals, value = data[space + 1 : at + int(digits) - 1].partition(b"=")
        if not equals:
            break
        found[key] = value
        at += int(digits)
    return found


def read_tar_entry(file: BinaryIO, entry: TarEntry) -> Iterator[bytes]:
    """The bytes of a member; fewer than its size when the file breaks off."""
    at, left = entry.offset, entry.size
    while left > 0:
        file.seek(at)
        block = file.read(min(left, 1 << 16))
        if not block:
            return
        yield block
        at += len(block)
        left -= len(block)
