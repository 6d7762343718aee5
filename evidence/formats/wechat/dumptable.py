"""The rows of a chat dump that is a CSV file: cells by column name; rows that are too long or short lose nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.tables.csvrows import DELIMITERS, CsvFile, clean
from evidence.textfile import decode_head


@dataclass(frozen=True, slots=True)
class NamedRow:
    """``cells`` by column name (empty cells too); ``surplus`` those beyond the header."""

    locator: str
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


def header_of(head: bytes, start: Sequence[str]) -> tuple[list[str], str] | None:
    """(header cells, delimiter) when the first line with words begins with the cells ``start``, else None.

    The known header tells the delimiter more surely than the rows, whose words may hold any sign. Never raises.
    """
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    line = next((line for line in decode_head(head).split("\n", 20) if line.strip()), "")
    for delimiter in DELIMITERS:
        try:
            cells = [clean(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:  # a cell above the limit of the reader: no header of ours
            return None
        if cells[: len(start)] == list(start):
            return cells, delimiter
    return None


def named_rows(table: CsvFile, notes: ChatNotes, unnamed: int = 0) -> Iterator[NamedRow]:
    """Every row of ``table``. ``unnamed`` is how many cells beyond the header are usual for this format."""
    width = len(table.header)
    for line, cells in table.rows():
        locator = f"line {line}"
        if not cells[0].strip() and not "".join(cells).strip():
            notes.add("row_skipped", locator)
            continue
        if len(cells) != width and len(cells) != width + unnamed:
            notes.add("columns_differ", locator)
        yield NamedRow(locator, dict(zip(table.header, cells, strict=False)), tuple(cells[width:]))


def kept(row: NamedRow, *used: str) -> dict[str, str | list[str]]:
    """The fields of a row for a record's extras: all that are not empty, without the columns ``used``."""
    out: dict[str, str | list[str]] = {k: v for k, v in row.cells.items() if v != "" and k not in used}
    if row.surplus:
        out["surplus_cells"] = list(row.surplus)
    return out
