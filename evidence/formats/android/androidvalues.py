"""Values of Android's tables, as SQLite or JSON hand them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.formats.sqlite.sqliterows import plain, tolerant

_WIDE = 1 << 63
# MIB numbers (IANA character sets) that stand in the columns *_cs, chset and charset.
_CHARSETS = {"113": "gb18030", "114": "gb18030", "2025": "gb18030", "2026": "big5"}


def as_text(value: Any) -> str | None:
    """A column as the phone's own programs get it: as text. None for NULL."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return tolerant(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WIDE:
        return str(int(value))
    return str(value)


def kept(value: Any) -> Any:
    """A value as ``extras`` keep it: what JSON cannot hold becomes text, NULL inside a mapping is left out."""
    if isinstance(value, Mapping):
        return {str(key): kept(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [kept(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -_WIDE <= value < _WIDE:
        return str(value)
    return plain(value)


def header_text(raw: str | None, charset: Any) -> str | None:
    """A subject or file name of an MMS. Android keeps its bytes as if they were Latin-1 (``PduPersister``).

    What is not of the character set named (UTF-8 when none is) stays as it is.
    """
    if raw is None or raw.isascii() or any(character > "\xff" for character in raw):
        return raw
    try:
        return raw.encode("latin-1").decode(_CHARSETS.get(str(charset), "utf-8"))
    except UnicodeDecodeError:
        return raw


def put(extras: dict[str, Any], name: str, value: Any) -> None:
    """Add what we found out; a column of the source that has the same name is kept beside it."""
    if name in extras and extras[name] != value:
        extras[f"source_{name}"] = extras[name]
    extras[name] = value
