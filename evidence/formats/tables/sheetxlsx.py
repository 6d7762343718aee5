"""XLSX through openpyxl, with what a hostile file could do to it kept out.

Sizes are checked from the zip directory before anything is unpacked (Python's zip reader never gives more than the
directory states), document types are refused, and rows are parsed one at a time. Blank rows are never filled up.
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from evidence.errors import Unreadable
from evidence.formats.tables.cells import Cell
from evidence.formats.tables.sheets import Row, Sheet
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem

MAX_MEMBERS = 10_000
MAX_SHEET = 1 << 30
MAX_TEXTS = 192 << 20
MAX_OTHER = 32 << 20
MAX_ROW = 32 << 20
_MAX_COLUMN = 16_384
_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"
_BAD_ROW = (ValueError, IndexError, TypeError, KeyError, AttributeError, OverflowError)


class _RowGuard:
    """A stream that refuses a sheet whose rows do not end: each would be held in memory as a whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._since, self._tail = stream, 0, b""

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        data = self._stream.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        found = (self._tail + data).rfind(b"row")
        self._since = len(data) - found if found >= 0 else self._since + len(data)
        self._tail = data[-2:]
        if self._since > MAX_ROW:
            raise Unreadable(_("A row of the workbook is larger than can be read."))
        return data


class XlsxReader:
    """An opened workbook."""

    def __init__(self, path: Path) -> None:
        import openpyxl

        self._bad_rows: list[str] = []
        try:
            with ZipFile(path) as archive:
                _check(archive)
            stream = path.open("rb")  # openpyxl judges names by their ending, which a kept copy does not have
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book: Any = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except (Unreadable, MemoryError):
            raise
        except Exception as error:  # damaged zip or XML breaks the library in many ways
            raise Unreadable(_("The workbook is cut off or damaged ({why}).").format(why=str(error)[:200])) from error

    def sheets(self) -> Iterator[Sheet]:
        """Every worksheet; charts have no rows."""
        names: dict[str, int] = {}
        for sheet in self._book.worksheets:
            name = str(sheet.title)
            names[name] = names.get(name, 0) + 1
            name = name if names[name] == 1 else f"{name} ({names[name]})"
            yield Sheet(name, self._rows(sheet, name))

    def _rows(self, sheet: Any, name: str) -> Iterator[Row]:
        from lxml import etree
        from openpyxl.worksheet._reader import WorkSheetParser

        book = self._book
        parser: Any = WorkSheetParser(
            io.BytesIO(),
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        try:
            with warnings.catch_warnings(), book._archive.open(sheet._worksheet_path) as stream:
                warnings.simplefilter("ignore")
                elements = etree.iterparse(
                    _RowGuard(stream),
                    events=("end",),
                    tag=_ROW,
                    resolve_entities=False,
                    no_network=True,
                    load_dtd=False,
                )
                for _event, element in elements:
                    row = self._row(parser, element, name)
                    _forget(element)
                    if row is not None:
                        yield row
        except (BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, KeyError, NotImplementedError) as error:
            raise Unreadable(_("The workbook is cut off or damaged ({why}).").format(why=str(error)[:200])) from error

    def _row(self, parser: Any, element: Any, name: str) -> Row | None:
        """None for a blank row, and for one that cannot be read, which is noted."""
        try:
            number, found = parser.parse_row(element)
        except _BAD_ROW:
            self._bad_rows.append(f"{name}!{element.get('r', '?')}")
            return None
        finally:
            parser.row_dimensions.clear()  # openpyxl keeps what rows look like
        cells: list[Cell] = []
        for cell in found:
            column = cell["column"]
            if cell["value"] is None or not len(cells) < column <= _MAX_COLUMN:
                continue
            cells.extend([""] * (column - 1 - len(cells)))
            cells.append(_cell(cell["value"]))
        return Row(number, cells) if cells else None

    def problems(self) -> Iterator[Problem]:
        """Rows that could not be read."""
        if self._bad_rows:
            n, where = len(self._bad_rows), self._bad_rows[0]
            words = ngettext(
                "{n} row of the workbook is damaged and was left out ({where}).",
                "{n} rows of the workbook are damaged and were left out (the first: {where}).",
                n,
            )
            yield Problem("row_damaged", words.format(n=n, where=where), locator=where)


def _forget(element: Any) -> None:
    """Free a row and everything before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _cell(value: Any) -> Cell:
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, str | bool | date | timedelta):
        if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
            return value.date()
        return value
    return float(value) if isinstance(value, int | float) else str(value)


def _check(archive: ZipFile) -> None:
    """Refuse bombs, passwords and document types before anything is unpacked. Raises Unreadable."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Unreadable(_("The workbook is packed in a way that could fill the memory; it was not opened."))
    for info in members:
        name = info.filename.lower()
        if info.flag_bits & 1:
            raise Unreadable(_("The workbook is protected by a password. Save it without one."))
        if not name.endswith((".xml", ".rels")):
            continue  # pictures and the like are never unpacked
        limit = MAX_SHEET if "/worksheets/" in name else MAX_TEXTS if "sharedstrings" in name else MAX_OTHER
        if info.file_size > limit:
            raise Unreadable(_("The workbook is packed in a way that could fill the memory; it was not opened."))
        with archive.open(info) as stream:
            start = stream.read(1 << 16)
        if any(mark in start for mark in _DOCTYPES):
            raise Unreadable(_("The workbook carries a document type (DTD), which no honest program writes."))
