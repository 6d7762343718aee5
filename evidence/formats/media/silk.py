"""SILK voice messages of WeChat and QQ: their packets can be counted, not played (the codec is not free)."""

from __future__ import annotations

from pathlib import Path

PACKET_S = 0.02  # what both apps write; the file itself does not state it
_MAGIC = b"#!SILK_V3"
_LAST = 0xFFFF


def count_packets(path: Path) -> int:
    """The packets of a SILK file, each behind its length in two bytes; a last one that is cut off is not counted."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(len(_MAGIC) + 1)
        at = head.find(_MAGIC) + len(_MAGIC)
        count = 0
        while True:
            file.seek(at)
            length = int.from_bytes(file.read(2), "little")
            at += 2 + length
            if length in (0, _LAST) or at > size:
                return count
            count += 1
