"""The members of a ZIP file as it lies on disk: a list that trusts nothing (PKWARE APPNOTE 6.3.10).

Own code, since ``zipfile`` cannot read a file whose end is missing, loads any directory whole, and does not notice
members that share their bytes. Never raises on any bytes but :class:`ZipDamaged`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR64 = struct.Struct("<4sIQI")
_MAX32 = 0xFFFFFFFF
_ENCRYPTED, _STREAMED, _STRONG, _UTF8 = 1, 8, 64, 0x800
_CHUNK = 1 << 16
_DEFLATED = 8


class ZipDamaged(Exception):
    """The rest of a member or of the directory cannot be read; the argument says why, for developers."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One member as its header states it: nothing of it is checked. ``name`` is as written, ``unicode_name`` from the
    Info-ZIP extra field. ``packed`` is None where neither header nor directory tells it. ``stamp`` is the DOS date and
    time (a wall clock), ``unix`` seconds since 1970 (UTC). ``mode`` is the Unix mode, 0 when it was not stated.
    """

    name: bytes
    utf8: bool
    unicode_name: str | None
    flags: int
    method: int
    crc: int | None
    packed: int | None
    size: int | None
    offset: int
    mode: int
    stamp: tuple[int, int]
    unix: int | None

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & (_ENCRYPTED | _STRONG)) or self.method == 99


@dataclass(frozen=True, slots=True)
class ZipList:
    """``whole`` is False when the directory at the end was missing and the members were found one after another;
    ``more`` when there were more than were asked for."""

    entries: tuple[ZipEntry, ...]
    whole: bool
    more: bool = False


def list_zip(file: BinaryIO, most: int) -> ZipList:
    """At most ``most`` members, in the order of the directory, or of the file when it has none."""
    end = _find_end(file)
    if end is not None:
        try:
            found = list(_bounded(_directory(file, *end), most))
            if found or read_at(file, 0, 4) != b"PK\x03\x04":  # an empty list before members is a wrong one
                return ZipList(tuple(found[:most]), True, len(found) > most)
        except ZipDamaged:
            pass  # a directory that is cut or wrong: the members themselves may still be there
    found = list(_bounded(_walk(file), most))
    return ZipList(tuple(found[:most]), False, len(found) > most)


def _bounded(entries: Iterator[ZipEntry], most: int) -> Iterator[ZipEntry]:
    for n, entry in enumerate(entries):
        yield entry
        if n >= most:
            return


def read_at(file: BinaryIO, at: int, size: int) -> bytes:
    """At most ``size`` bytes from ``at``."""
    file.seek(at)
    return file.read(size)


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _find_end(file: BinaryIO) -> tuple[int, int, int] | None:
    """(start of the directory, its end, bytes put before the archive), or None."""
    length = _length(file)
    start = max(0, length - _END.size - 0xFFFF)
    tail = read_at(file, start, length - start)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    end = start + at
    size, offset = _END.unpack_from(tail, at)[5:7]
    locator = read_at(file, end - _LOCATOR64.size, _LOCATOR64.size) if end >= _LOCATOR64.size else b""
    if locator[:4] == b"PK\x06\x07":
        where = _LOCATOR64.unpack(locator)[2]
        head = read_at(file, where, _END64.size) if where < length else b""
        if len(head) == _END64.size and head[:4] == b"PK\x06\x06":
            size, offset = _END64.unpack(head)[8:10]
            end = where
    shift = end - size - offset
    return None if shift < 0 else (offset + shift, end, shift)


def _directory(file: BinaryIO, start: int, end: int, shift: int) -> Iterator[ZipEntry]:
    at = start
    while at < end:
        head = read_at(file, at, _CENTRAL.size)
        if len(head) < _CENTRAL.size or head[:4] != b"PK\x01\x02":
            raise ZipDamaged("bad directory entry")
        (_sig, made, _need, flags, method, clock, day, crc, packed, size, n, m, k, _disk, _in, outer, offset) = (
            _CENTRAL.unpack(head)
        )
        tail = read_at(file, at + _CENTRAL.size, n + m)
        name, extra = tail[:n], _extra(tail[n:])
        wide = _Wide(extra.get(1, b""))
        size, packed, offset = wide.take(size), wide.take(packed), wide.take(offset)
        mode = outer >> 16 if made >> 8 == 3 else 0
        is_utf8, other = bool(flags & _UTF8), _unicode_name(extra, name)
        stamp, unix = (day, clock), _unix_time(extra)
        yield ZipEntry(name, is_utf8, other, flags, method, crc, packed, size, offset + shift, mode, stamp, unix)
        at += _CENTRAL.size + n + m + k


def _walk(file: BinaryIO) -> Iterator[ZipEntry]:
    """Members one after another by their own headers, up to where the file breaks off."""
    at, length = 0, _length(file)
    while True:
        head = read_at(file, at, LOCAL.size)
        if len(head) < LOCAL.size or head[:4] != b"PK\x03\x04":
            return
        _sig, _need, flags, method, clock, day, crc, packed, size, n, m = LOCAL.unpack(head)
        tail = read_at(file, at + LOCAL.size, n + m)
        name, extra = tail[:n], _extra(tail[n:])
        wide = _Wide(extra.get(1, b""))
        size, packed = wide.take(size), wide.take(packed)
        data = at + LOCAL.size + n + m
        is_utf8, other = bool(flags & _UTF8), _unicode_name(extra, name)
        stamp, unix, streamed = (day, clock), _unix_time(extra), bool(flags & _STREAMED) and packed == 0
        entry = ZipEntry(name, is_utf8, other, flags, method, crc, packed, size, at, 0, stamp, unix)
        yield replace(entry, crc=None, packed=None, size=None) if streamed else entry
        if not streamed:
            at = data + packed
        elif method == _DEFLATED and not flags & _ENCRYPTED:
            inflated = _inflated_length(file, data, length)
            if inflated is None:
                return
            at = data + inflated + _descriptor_length(read_at(file, data + inflated, 28))
        else:
            return  # nothing says where this member ends


def _inflated_length(file: BinaryIO, begin: int, length: int) -> int | None:
    """How many packed bytes a deflate stream has; None when it breaks off. Keeps nothing of what it unpacks."""
    unpack = zlib.decompressobj(-15)
    at = begin
    while at < length:
        block = read_at(file, at, _CHUNK)
        at += len(block)
        try:
            while block and not unpack.eof:
                unpack.decompress(block, _CHUNK << 4)
                block = unpack.unconsumed_tail
        except zlib.error:
            return None
        if unpack.eof:
            return at - len(unpack.unused_data) - begin
    return None


def _descriptor_length(after: bytes) -> int:
    """A data descriptor has an optional mark, the checksum, and two lengths of 4 or 8 bytes."""
    for size in (16, 12, 24, 20):
        if after[size : size + 4] in (b"PK\x03\x04", b"PK\x01\x02") and (
            size in (12, 20) or after[:4] == b"PK\x07\x08"
        ):
            return size
    return 16 if after[:4] == b"PK\x07\x08" else 12


@dataclass(slots=True)
class _Wide:
    """The 64-bit lengths of the ZIP64 field, in order, for those that did not fit into 32 bits."""

    data: bytes
    at: int = 0

    def take(self, value: int) -> int:
        """The value itself, or the next one of the field."""
        if value != _MAX32 or len(self.data) < self.at + 8:
            return value
        self.at += 8
        return int.from_bytes(self.data[self.at - 8 : self.at], "little")


def _extra(data: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        fields.setdefault(kind, data[at + 4 : at + 4 + size])
        at += 4 + size
    return fields


def _unicode_name(extra: dict[int, bytes], name: bytes) -> str | None:
    """The Info-ZIP Unicode path, when it belongs to this very name."""
    field = extra.get(0x7075, b"")
    if len(field) < 6 or field[0] != 1 or int.from_bytes(field[1:5], "little") != zlib.crc32(name):
        return None
    try:
        return field[5:].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unix_time(extra: dict[int, bytes]) -> int | None:
    """Seconds since 1970 of the last change: Info-ZIP's field, else that of NTFS."""
    field = extra.get(0x5455, b"")
    if len(field) >= 5 and field[0] & 1:
        return int.from_bytes(field[1:5], "little", signed=True)
    field = extra.get(0x000A, b"")
    if len(field) >= 16 and field[4:8] == b"\1\0\x18\0":
        return int.from_bytes(field[8:16], "little") // 10_000_000 - 11_644_473_600
    return None
