"""A row of a database as the extras of a record."""

from __future__ import annotations

from typing import Any

from evidence.formats.sqlite.sqliterows import Row, plain

_SAFE = frozenset((str, int))


def kept_fields(row: Row) -> dict[str, Any]:
    """Every column that says something (not NULL, not empty, not 0), as ``extras`` can keep it."""
    return {key: value if type(value) in _SAFE else plain(value) for key, value in row.items() if value}
