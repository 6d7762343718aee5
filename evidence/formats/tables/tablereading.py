"""From any table to records, by what a person has said about its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from evidence.errors import Unreadable
from evidence.formats.tables.cells import Cell
from evidence.formats.tables.csvrows import head_rows
from evidence.formats.tables.sheets import Kind, Reader, find_kind, open_table
from evidence.formats.tables.tablemap import TableMap, mapping_hash, parse_mapping
from evidence.formats.tables.tablerecords import RowReader, date_orders
from evidence.formats.tables.tablerows import LOOK, Chosen, column_names
from evidence.formats.tables.tabletold import tell
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.textfile import decode_head

_SHOWN = 40
_EVEN = 0.9  # of the rows of a text must have the same number of cells
_EXCEL_ENDINGS = (".xls", ".xlsx", ".et")
_OWN_ENDINGS = (".csv", ".tsv", ".tab")


class TableNeedsMap(Unreadable):
    """This is a table whose columns are not known."""

    code = "table_needs_map"


class ColumnsMissing(Unreadable):
    """The table does not have the columns that were named."""

    code = "columns_missing"


def is_table(file: FileProbe) -> bool:
    """Whether the file is a table: a workbook, or text with the same number of cells in most rows."""
    kind = find_kind(file)
    if kind == "html":
        bare = re.match(r"\s*<table[\s>]", decode_head(file.head), re.I) is not None
        return bare or PurePath(file.name).suffix.lower() in _EXCEL_ENDINGS
    return kind is not None and (kind != "csv" or _is_even(file))


def read_table(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Records by ``options.mapping``. Raises TableNeedsMap without one, ColumnsMissing when it does not fit."""
    kind = find_kind(file)
    if kind is None:
        raise Unreadable(_("This is no table that can be read."))
    if options.mapping is None:
        raise TableNeedsMap(_what_to_do(file, open_table(file.path, kind, options.encoding)))
    return _records(file, kind, options, parse_mapping(options.mapping), mapping_hash(options.mapping))


def _records(file: FileProbe, kind: Kind, options: ReadOptions, mapping: TableMap, digest: str) -> Iterator[Item]:
    def chosen() -> Chosen:
        return Chosen(open_table(file.path, kind, mapping.encoding or options.encoding, mapping.delimiter), mapping)

    def times() -> Iterator[Cell]:
        for sheet in chosen().sheets():
            yield from (sheet.cell(row, mapping.time[0]) for row in sheet.rows)

    here, found = chosen(), False
    reader = RowReader(file, options, mapping, digest, lambda: date_orders(times()))
    for sheet in here.sheets():
        found = True
        reader.notes.counts["above"] += sheet.above
        for row in sheet.rows:
            record = reader.record(sheet, row)
            if record is not None:
                yield record
    if not found:
        raise ColumnsMissing(_not_found(here))
    yield from tell(reader, here.left_out)
    yield from here.table.problems()


def _is_even(file: FileProbe) -> bool:
    """Whether a text is a table: a CSV file by its name has two columns or more, any other three in nearly all rows."""
    rows = head_rows(file.head)
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if PurePath(file.name).suffix.lower() in _OWN_ENDINGS:
        return width >= 2
    return width >= 3 and count >= 3 and count >= _EVEN * len(rows)


def header_of(table: Reader) -> tuple[str, list[list[Cell]]]:
    """(name of the sheet, its first rows): those below and with the widest of the first 30 rows, likely the header."""
    for sheet in table.sheets():
        rows = []
        for row in sheet.rows:
            rows.append(list(row.cells))
            if len(rows) == LOOK:
                break
        if rows:
            filled = [sum(cell != "" for cell in row) for row in rows]
            return sheet.name, rows[filled.index(max(filled)) :]
    return "", []


def _what_to_do(file: FileProbe, table: Reader) -> str:
    _sheet, rows = header_of(table)
    if not rows:
        return _("The table has no rows.")
    names = ", ".join(column_names(rows[0])[:_SHOWN])
    return _(
        "This is a table, but not one whose columns are known. Its columns are: {names}. For a draft that says what "
        "they mean: dunlog columns {file} --out columns.yaml. Check it, then: dunlog import --map columns.yaml {file}"
    ).format(names=names, file=file.name)


def _not_found(here: Chosen) -> str:
    """Which named columns, or which sheet, the table does not have."""
    mapping = here.mapping
    if mapping.sheet is not None and mapping.sheet not in here.left_out:
        return _("The table has no sheet called “{name}”.").format(name=mapping.sheet)
    missing = [str(c) for c in dict.fromkeys(mapping.columns()) if isinstance(c, str) and c not in here.seen]
    if not missing:
        return _("The row that should name the columns is not there.")
    words = _("The table has no column called {missing}. Its columns are: {names}.")
    return words.format(missing=", ".join(f"“{name}”" for name in missing), names=", ".join(here.seen[:_SHOWN]))
