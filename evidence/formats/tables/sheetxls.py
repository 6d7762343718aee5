"""XLS (BIFF 2 to 8) through xlrd. The library reads the whole file into memory; formulas give their stored values."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.tables.cells import Cell, serial_moment
from evidence.formats.tables.sheets import Row, Sheet
from evidence.i18n import gettext as _
from evidence.models import Problem

MAX_BYTES = 256 << 20
_BIFF8 = 80
_LATIN = {None, 367, 1252, 10000, 32768, 32769}  # what programs write that do not know the code page of their own texts


class XlsReader:
    """An opened workbook."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(_("The workbook is larger than can be read ({n} MB).").format(n=MAX_BYTES >> 20))
        self._path = path
        self._assumed = False
        self._book = self._open(encoding)
        if encoding is None and self._book.biff_version < _BIFF8 and self._book.codepage in _LATIN:
            self._settle_codepage()

    def _open(self, encoding: str | None) -> Any:
        import xlrd

        try:
            return xlrd.open_workbook(
                str(self._path), logfile=io.StringIO(), on_demand=True, encoding_override=encoding, ragged_rows=True
            )
        except MemoryError:
            raise
        except Exception as error:  # the library breaks in many ways on damaged files
            words = str(error)
            if "encrypted" in words.lower():
                raise Unreadable(_("The workbook is protected by a password. Save it without one.")) from error
            raise Unreadable(_("The workbook is cut off or damaged ({why}).").format(why=words[:200])) from error

    def _settle_codepage(self) -> None:
        """Old workbooks (BIFF 5 and before) hold bytes; where they name no Chinese code page, try the Chinese one."""
        try:
            chinese = self._open("gb18030")
            text = "".join(_first_texts(chinese))
        except (Unreadable, UnicodeDecodeError):
            return
        if any("\u4e00" <= c <= "\u9fff" for c in text):
            self._book, self._assumed = chinese, True

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet that holds cells."""
        names: dict[str, int] = {}
        failed: Exception | None = None
        for index in range(self._book.nsheets):
            try:
                sheet = self._book.sheet_by_index(index)
            except MemoryError:
                raise
            except Exception as error:  # one damaged sheet leaves the others
                failed = error
                continue
            name = str(sheet.name)
            names[name] = names.get(name, 0) + 1
            yield Sheet(name if names[name] == 1 else f"{name} ({names[name]})", self._rows(sheet))
            self._book.unload_sheet(index)
        if failed is not None:
            raise Unreadable(_("The workbook is cut off or damaged ({why}).").format(why=str(failed)[:200]))

    def _rows(self, sheet: Any) -> Iterator[Row]:
        for index in range(sheet.nrows):
            cells = [self._cell(kind, value) for kind, value in zip(*_row(sheet, index), strict=True)]
            if any(cell != "" for cell in cells):
                yield Row(index + 1, cells)

    def _cell(self, kind: int, value: Any) -> Cell:
        """xlrd's cell types: 0 and 6 empty, 1 text, 2 number, 3 date, 4 boolean, 5 error."""
        if kind == 1:
            return str(value)
        if kind == 2:
            return float(value)
        if kind == 3:
            return date_cell(float(value), bool(self._book.datemode))
        if kind == 4:
            return bool(value)
        if kind == 5:
            from xlrd.biffh import error_text_from_code

            return str(error_text_from_code.get(value, "#ERROR!"))
        return ""

    def problems(self) -> Iterator[Problem]:
        """The code page, where it had to be assumed."""
        if self._assumed:
            words = _("The workbook does not name its encoding; its texts were read as {encoding}.")
            yield Problem("encoding_assumed", words.format(encoding="gb18030"), severity="warning")


def date_cell(value: float, since_1904: bool) -> Cell:
    """A cell in a date format: a day, a moment, or (below one day) a time of day or length."""
    from datetime import timedelta

    if 0 <= value < 1:
        return timedelta(seconds=round(value * 86400))
    moment = serial_moment(value, since_1904)
    if moment is None:
        return value
    return moment.date() if value.is_integer() else moment


def _row(sheet: Any, index: int) -> tuple[Any, Any]:
    return sheet.row_types(index), sheet.row_values(index)


def _first_texts(book: Any) -> Iterator[str]:
    for index in range(min(book.nsheets, 8)):
        sheet = book.sheet_by_index(index)
        yield str(sheet.name)
        for row in range(min(sheet.nrows, 100)):
            yield from (str(v) for kind, v in zip(*_row(sheet, row), strict=True) if kind == 1)
