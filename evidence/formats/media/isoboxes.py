"""Boxes of an ISO media file (ISO/IEC 14496-12): is the file all there, and which kinds of tracks has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_TO_THE_END = 0
_LONG_SIZE = 1  # the length follows in eight bytes
_MOST_BOXES = 10_000


def missing_bytes(path: Path) -> int:
    """How many bytes an ISO media or RIFF file lacks by its own account; 0 for whole files and other formats."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and len(head) == 12:
            stated = int.from_bytes(head[4:8], "little")
            # Recorders that were stopped leave 0 or the maximum here, which says nothing.
            return 0 if stated in (0, 0xFFFFFFFF) else max(0, stated + 8 - size)
        if head[4:8] != b"ftyp":
            return 0
        at = 0
        for _box in range(_MOST_BOXES):
            file.seek(at)
            header = file.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == _LONG_SIZE and len(header) == 16:
                length = int.from_bytes(header[8:16], "big")
            if len(header) < 8 or length == _TO_THE_END or length < 8:
                return 0
            at += length
            if at >= size:
                return at - size
    return 0


def track_kinds(path: Path) -> frozenset[str]:
    """The handler types of the tracks (``soun``, ``vide``, …); empty without an index that can be read. Only headers
    of boxes are read. Never raises on any bytes."""
    size = path.stat().st_size
    kinds = set()
    with path.open("rb") as file:
        for track in _inside(file, _inside(file, [(0, size)], b"moov"), b"trak"):
            for start, end in _inside(file, _inside(file, [track], b"mdia"), b"hdlr"):
                file.seek(start + 8)
                kinds.add(file.read(min(4, max(0, end - start - 8))).decode("latin-1"))
    return frozenset(kinds)


def _inside(file: BinaryIO, spans: list[tuple[int, int]], name: bytes) -> list[tuple[int, int]]:
    """(start, end) of the contents of the boxes called ``name`` directly inside the spans."""
    return [span for outer in spans for box, span in _boxes(file, *outer) if box == name]


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    at = start
    for _box in range(_MOST_BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            return
        length, head = int.from_bytes(header[:4], "big"), 8
        if length == _LONG_SIZE and len(header) == 16:
            length, head = int.from_bytes(header[8:16], "big"), 16
        elif length == _TO_THE_END:
            length = end - at
        if length < head:
            return
        yield header[4:8], (at + head, min(end, at + length))
        at += length
