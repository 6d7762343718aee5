"""Any other table (CSV, XLSX, XLS, a page called XLS), read by what a person has said about its columns.

Without such a description nothing is read: a table whose columns are guessed wrong is worse than one that is not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions


class Table:
    """Reads rows in file order, one in memory at a time (XLS: the whole file)."""

    name = "table"
    version = "1.0"
    fallback = True

    def claims(self, file: FileProbe) -> bool:
        """Whether the file is a table: a workbook, or text with the same number of cells in most rows."""
        from evidence.formats.tables.tablereading import is_table

        return is_table(file)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Records by ``options.mapping``. Raises TableNeedsMap without one, ColumnsMissing when it does not fit."""
        from evidence.formats.tables.tablereading import read_table

        return read_table(file, options)


IMPORTER = Table()
