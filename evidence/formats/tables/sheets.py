"""The rows of any table file, by its content: XLS, XLSX, a page or XML that calls itself XLS, CSV and TSV.

One sheet after the other, one row in memory at a time; only XLS, whose library reads the whole file, and the shared
texts of XLSX are held. Formulas are never computed: the value that the writing program stored is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from zipfile import BadZipFile, ZipFile

from evidence.errors import Unreadable
from evidence.formats.tables.cells import Cell
from evidence.formats.tables.csvrows import CsvFile, head_rows, open_csv
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Problem
from evidence.textfile import decode_head, looks_like_text

Kind = Literal["xls", "xlsx", "html", "xml", "csv", "locked", "broken"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (b"\x09\x08\x08\x00", b"\x09\x08\x10\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|table|meta)", re.I
)
_TABLE_TAG = re.compile(r"<table[\s>]", re.I)
_SPREADSHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL_NAME = re.compile(r"\.(?:xlsx?|xlsm|et|csv)$", re.I)
_DIRECTORY_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 1 as the program that shows the table does; for text it is the line."""

    number: int
    cells: Sequence[Cell]


@dataclass(slots=True)
class Sheet:
    """One sheet; its ``rows`` must be read before the next sheet is asked for. ``name`` is ``""`` in a file without."""

    name: str
    rows: Iterator[Row]
    word: str = "row"

    def place(self, number: int) -> str:
        """Where a row is, for a locator: ``line 17``, ``row 5``, ``Sheet1!7``."""
        return f"{self.name}!{number}" if self.name else f"{self.word} {number}"


class Reader(Protocol):
    """A module's way into one kind of table file."""

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet in file order. Raises Unreadable when nothing can be read."""
        ...

    def problems(self) -> Iterator[Problem]:
        """What was wrong, to be asked after the rows were read."""
        ...


@dataclass(slots=True)
class CsvReader:
    """CSV and TSV as a table with one sheet."""

    file: CsvFile = field(repr=False)

    def sheets(self) -> Iterator[Sheet]:
        """The one sheet, header included; a row of empty cells is a blank one, as in the other kinds."""
        rows = (Row(line, cells) for line, cells in self.file.all_rows() if any(map(str.strip, cells)))
        yield Sheet("", rows, "line")

    def problems(self) -> Iterator[Problem]:
        """See :meth:`evidence.formats.tables.csvrows.CsvFile.problems`."""
        return self.file.problems()


def find_kind(file: FileProbe) -> Kind | None:
    """What kind of table the bytes show, or None. Never raises.

    ``locked`` is an Office file under a password, ``broken`` a cut-off one; both only where the name says that it is
    a spreadsheet, since other Office files look the same.
    """
    head = file.head
    if head.startswith(_OLE):
        return _ole_kind(file)
    if head.startswith(_BARE_BIFF):
        return "xls"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(file)
    if not looks_like_text(head):
        return None
    text = decode_head(head)
    if _SPREADSHEET_XML in text and text.lstrip()[:1] == "<" and "<Workbook" in text:
        return "xml"
    if _MARKUP.match(text) is not None:
        return "html" if _TABLE_TAG.search(text) or _EXCEL_NAME.search(file.name) else None
    return "csv" if head_rows(head) else None


def _ole_kind(file: FileProbe) -> Kind | None:
    """OLE2 (MS-CFB): the directory names the streams, and ``Workbook`` or ``Book`` is the one of a spreadsheet."""
    head = file.head
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    at = (int.from_bytes(head[48:52], "little") + 1) * sector
    named = _EXCEL_NAME.search(file.name) is not None
    if at + 128 > file.size:
        return "broken" if named else None
    try:
        with file.path.open("rb") as stream:
            stream.seek(at)
            directory = stream.read(_DIRECTORY_BYTES)
    except OSError:
        return None
    names = {_entry_name(directory[i : i + 128]) for i in range(0, len(directory) - 127, 128)}
    if names & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        return "xls"
    return "locked" if named and "EncryptedPackage" in names else None


def _entry_name(entry: bytes) -> str:
    size = int.from_bytes(entry[64:66], "little")
    return entry[: max(size - 2, 0)].decode("utf-16-le", "replace") if size <= 64 else ""


def _zip_kind(file: FileProbe) -> Kind | None:
    try:
        with ZipFile(file.path) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError, UnicodeError, OverflowError):
        return "broken" if re.search(r"\.xls[xm]$", file.name, re.I) else None
    return "xlsx" if "[content_types].xml" in names and "xl/workbook.xml" in names else None


def open_table(path: Path, kind: Kind, encoding: str | None = None, delimiter: str | None = None) -> Reader:
    """A way into the file. Raises Unreadable when it is locked, cut off, a bomb, or no table at all."""
    if kind == "csv":
        return CsvReader(open_csv(path, encoding, delimiter))
    if kind == "xls":
        from evidence.formats.tables.sheetxls import XlsReader

        return XlsReader(path, encoding)
    if kind == "xlsx":
        from evidence.formats.tables.sheetxlsx import XlsxReader

        return XlsxReader(path)
    if kind in ("html", "xml"):
        from evidence.formats.tables.sheetmarkup import HtmlReader, XmlReader

        return HtmlReader(path, encoding) if kind == "html" else XmlReader(path)
    if kind == "locked":
        raise Unreadable(
            _(
                "The table is protected by a password. Open it in Excel or WPS with the password, save it without one, "
                "and import that file too; this one stays in the case."
            )
        )
    raise Unreadable(_("The table is cut off or damaged: its list of contents is missing. Download it again."))


def sheets(file: FileProbe, options: ReadOptions) -> Iterator[Sheet]:
    """The sheets of any table file. Raises Unreadable for what is none."""
    kind = find_kind(file)
    if kind is None:
        raise Unreadable(_("This is no table that can be read."))
    return open_table(file.path, kind, options.encoding).sheets()
