"""Where the columns of a mapping are in the sheets of a table, and the rows below their names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evidence.formats.tables.cells import Cell, text_of
from evidence.formats.tables.celltimes import read_wall
from evidence.formats.tables.csvrows import clean
from evidence.formats.tables.sheets import Reader, Row, Sheet
from evidence.formats.tables.tablemap import Column, TableMap

LOOK = 30  # names of columns further down are not looked for


@dataclass(slots=True)
class Mapped:
    """A sheet in which every column of the mapping was found. ``columns`` counts from 0; ``above`` are rows before."""

    sheet: Sheet
    names: tuple[str, ...]
    columns: dict[Column, int]
    rows: Iterator[Row]
    above: int = 0

    def cell(self, row: Row, column: Column | None) -> Cell:
        """The cell of a row, ``""`` where the row is too short or no column is meant."""
        index = self.columns.get(column) if column is not None else None
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def named(self, row: Row) -> Iterator[tuple[str, Cell]]:
        """Every cell with the name of its column; those beyond the last name are called by their place."""
        for i, cell in enumerate(row.cells):
            yield (self.names[i] if i < len(self.names) else f"#{i + 1}"), cell


@dataclass(slots=True)
class Chosen:
    """The sheets of a table that fit a mapping. ``left_out`` names the others; ``seen`` is the first row looked at."""

    table: Reader
    mapping: TableMap
    left_out: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def sheets(self) -> Iterator[Mapped]:
        """Every sheet that has the columns, in file order. Raises Unreadable when the file cannot be read."""
        for sheet in self.table.sheets():
            if self.mapping.sheet is not None and sheet.name != self.mapping.sheet:
                self.left_out.append(sheet.name)
                continue
            rows = (row for row in sheet.rows if row.number > self.mapping.skip_rows)
            found = self._found(sheet, rows)
            if found is None:
                self.left_out.append(sheet.name)
            else:
                yield found

    def _found(self, sheet: Sheet, rows: Iterator[Row]) -> Mapped | None:
        wanted = self.mapping.header_row
        by_name = any(isinstance(column, str) for column in self.mapping.columns())
        if wanted == 0 or (wanted is None and not by_name):
            return self._by_place(sheet, rows)
        for above, row in enumerate(itertools.islice(rows, LOOK if wanted is None else None)):
            if wanted is not None and row.number < wanted:
                continue
            names = column_names(row.cells)
            if not self.seen:
                self.seen.extend(names)
            columns = {column: _place(names, column) for column in self.mapping.columns()}
            if all(place is not None for place in columns.values()):
                known = {column: place for column, place in columns.items() if place is not None}
                return Mapped(sheet, names, known, rows, above)
            if wanted is not None:
                return None
        return None

    def _by_place(self, sheet: Sheet, rows: Iterator[Row]) -> Mapped | None:
        """Columns by number. A first row without a time is taken for the names."""
        first = next(rows, None)
        if first is None:
            return None
        columns: dict[Column, int] = {
            column: column - 1 for column in self.mapping.columns() if isinstance(column, int)
        }
        at = columns[self.mapping.time[0]]
        cell = first.cells[at] if at < len(first.cells) else ""
        plain = self.mapping.time_format != "auto" or isinstance(cell, float) or text_of(cell).isdecimal()
        if (
            self.mapping.header_row == 0
            or read_wall(cell) is not None
            or (plain and any(map(str.isdigit, text_of(cell))))
        ):
            return Mapped(sheet, (), columns, itertools.chain((first,), rows))
        return Mapped(sheet, column_names(first.cells), columns, rows)


def column_names(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The names in a header; the second of a pair gets `` (2)``, a blank one its place as ``#3``."""
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = base = clean(text_of(cell)) or f"#{i + 1}"
        copy = 2
        while name in names:
            name, copy = f"{base} ({copy})", copy + 1
        names.append(name)
    return tuple(names)


def _place(names: tuple[str, ...], column: Column) -> int | None:
    if isinstance(column, int):
        return column - 1
    if column in names:
        return names.index(column)
    small = [name.lower() for name in names]
    return small.index(column.lower()) if small.count(column.lower()) == 1 else None
