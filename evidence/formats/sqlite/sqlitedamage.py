"""What could not be read of an untrusted SQLite file, and how a person is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem

Reason = Literal["damaged", "too_large", "endless", "refused", "cut_short"]
FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What reading can raise; the second for names and error messages that are no UTF-8."""
_TOLD = 100  # damaged places that are told one by one


@dataclass(frozen=True, slots=True)
class Damage:
    """Rows that could not be read. ``reason``: damaged, too_large, endless, refused or cut_short.

    ``first`` and ``last`` bound the row numbers that are missing (both included), None where unknown.
    """

    table: str
    first: int | None
    last: int | None
    reason: Reason
    detail: str = ""


class OutOfOrder(Exception):
    """Row numbers that go back: pages that lead in a circle."""


def is_local(error: Exception) -> bool:
    """Whether a failure concerns one place of the file, so that reading may go on behind it."""
    return isinstance(error, OutOfOrder) or _kind(error) in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_TOOBIG,
    )


def reason_of(error: Exception) -> Reason:
    """The word for a failure of SQLite."""
    if _kind(error) == sqlite3.SQLITE_INTERRUPT:
        return "endless"
    if _kind(error) == sqlite3.SQLITE_TOOBIG:
        return "too_large"
    return "damaged" if is_local(error) else "refused"


def _kind(error: Exception) -> int:
    """SQLite's primary result code, 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def told(damage: Sequence[Damage]) -> Iterator[Problem]:
    """One problem per damaged place; of very many, the rest is counted."""
    for one in damage[:_TOLD]:
        yield Problem(f"database_{one.reason}", _words(one), locator=_place(one))
    if len(damage) > _TOLD:
        more = len(damage) - _TOLD
        message = ngettext("{n} more place like this.", "{n} more places like this.", more).format(n=more)
        yield Problem("database_damaged", message)


def _place(damage: Damage) -> str:
    if not damage.table:
        return ""
    return damage.table if damage.first is None else f"{damage.table} row {damage.first}"


def _words(damage: Damage) -> str:
    """What a damaged place means to a reader."""
    if damage.reason == "cut_short":
        return _("The database is shorter than it says: it was not copied whole. What is there was read.")
    table = damage.table or "?"
    first = "…" if damage.first is None else str(damage.first)
    last = "…" if damage.last is None else str(damage.last)
    if damage.reason == "damaged" and damage.first is None and damage.last is None:
        return _("The table {table} cannot be read ({detail}).").format(table=table, detail=damage.detail)
    words = {
        "damaged": _("The table {table} is damaged; rows {first} to {last} cannot be read ({detail})."),
        "too_large": _("A value in row {first} of the table {table} is too large; it was left out ({detail})."),
        "endless": _("Reading the table {table} took too long; it was stopped at row {first}."),
        "refused": _("The table {table} cannot be read ({detail})."),
    }[damage.reason]
    return words.format(table=table, first=first, last=last, detail=damage.detail)
