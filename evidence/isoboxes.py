"""Whether a file that states its own length is all there (ISO/IEC 14496-12 boxes, RIFF chunks)."""

from __future__ import annotations

from pathlib import Path

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
