"""Apple property lists from files that nobody vouches for."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any

LARGEST = 16 << 20  # bytes; the Manifest.plist of a full phone has a few million


def looks_like_plist(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a binary property list or of one in XML."""
    return head.startswith(b"bplist0") or (head.lstrip()[:5] == b"<?xml" and b"<plist" in head[:1000])


def read_plist(data: bytes) -> dict[str, Any] | None:
    """The dictionary that a binary or XML property list holds; None for anything else. Never raises.

    Values may refer to themselves (binary lists can say so): look at named keys, never walk through the whole.
    """
    if len(data) > LARGEST:
        return None
    try:
        value = plistlib.loads(data)
    except (MemoryError, RecursionError):
        return None
    except Exception:  # plistlib raises what its bytes make of it: struct, key, index, type, expat and value errors
        return None
    return value if isinstance(value, dict) else None


def read_plist_file(path: Path, size: int) -> dict[str, Any] | None:
    """:func:`read_plist` of a file of this size; None where it cannot be opened."""
    if size > LARGEST:
        return None
    try:
        return read_plist(path.read_bytes())
    except OSError:
        return None
