"""The bytes of the members of a ZIP file, and of gzip streams (RFC 1951, RFC 1952)."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from evidence.formats.archives.ziplist import LOCAL, ZipDamaged, ZipEntry, read_at

_CHUNK = 1 << 16
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
METHODS = frozenset((_STORED, _DEFLATED, _BZIP2))


def read_entry(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    """The bytes of a member in pieces of at most 1 MB. Raises ZipDamaged after the last one that can be read, when
    the member is cut off, damaged, or not what its checksum says. Encrypted members must not be asked for."""
    head = read_at(file, entry.offset, LOCAL.size)
    if len(head) < LOCAL.size or head[:4] != b"PK\x03\x04":
        raise ZipDamaged("no member where the directory says")
    at = entry.offset + LOCAL.size + sum(LOCAL.unpack(head)[9:11])
    checksum = size = 0
    for block in _unpacked(file, at, entry):
        checksum = zlib.crc32(block, checksum)
        size += len(block)
        yield block
    if entry.size is not None and size != entry.size:
        raise ZipDamaged("cut off")
    if entry.crc is not None and checksum != entry.crc:
        raise ZipDamaged("wrong checksum")


def _packed(file: BinaryIO, at: int, size: int | None) -> Iterator[bytes]:
    left = size
    while left is None or left > 0:
        block = read_at(file, at, _CHUNK if left is None else min(_CHUNK, left))
        if not block:
            return
        yield block
        at += len(block)
        left = None if left is None else left - len(block)


def _unpacked(file: BinaryIO, at: int, entry: ZipEntry) -> Iterator[bytes]:
    blocks = _packed(file, at, entry.packed)
    if entry.method == _STORED:
        yield from blocks
    elif entry.method == _DEFLATED:
        yield from inflate(blocks, -15)
    elif entry.method == _BZIP2:
        yield from _bunzip(blocks)
    else:
        raise ZipDamaged(f"method {entry.method}")


def inflate(blocks: Iterator[bytes], window: int) -> Iterator[bytes]:
    """What deflate streams hold, one after another for gzip (``window`` 31), one alone for a ZIP member (-15).

    Raises ZipDamaged when the data breaks off or is no such stream."""
    unpack = zlib.decompressobj(window)
    for block in blocks:
        while block:
            try:
                data = unpack.decompress(block, 1 << 20)
            except zlib.error as error:
                raise ZipDamaged(str(error)) from error
            if data:
                yield data
            block = unpack.unconsumed_tail
            if unpack.eof:
                block = unpack.unused_data.lstrip(b"\0") if window > 0 else b""
                if window < 0:
                    return
                if block:
                    unpack = zlib.decompressobj(window)
    rest = unpack.flush()
    if rest:
        yield rest
    if not unpack.eof:
        raise ZipDamaged("cut off")


def _bunzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpack = bz2.BZ2Decompressor()
    for block in blocks:
        try:
            data = unpack.decompress(block, 1 << 20)
            while data:
                yield data
                data = b"" if unpack.eof else unpack.decompress(b"", 1 << 20)
        except (OSError, EOFError) as error:
            raise ZipDamaged(str(error)) from error
    if not unpack.eof:
        raise ZipDamaged("cut off")
