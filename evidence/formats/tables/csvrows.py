"""The rows of a CSV or TSV file of any size: encoding and delimiter found, damage named, constant memory.

A quote that is never closed would make the rest of the file one cell. Here the line that opens it is taken as it
stands, the lines after it are read as rows again, and the place is named.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import Unreadable
from evidence.formats.chats.textlines import LINE_CHARS, TextLines, open_lines
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.models import Problem
from evidence.textfile import decode_head

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 50
_SAMPLE_CHARS = 1 << 20
_STRAY = "\ufeff\u200b\u200e\u200f\u00a0\u3000 \t\r\n"
_MAX_FIELD = 2**31 - 1


class _RowTooLong(Exception):
    """A row has taken more text than one row may have."""


@dataclass(slots=True)
class _Feed:
    """Lines for the reader of the standard library, with a memory of those of the row at hand."""

    lines: Iterator[str]
    number: int = 0
    pending: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    size: int = 0
    ended: bool = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.back:
            line = self.back.pop()
        else:
            try:
                line = next(self.lines)
            except StopIteration:
                self.ended = True
                raise
        self.pending.append(line)
        self.number += 1
        self.size += len(line)
        if self.size > LINE_CHARS and len(self.pending) > 1:
            raise _RowTooLong
        return line

    def take(self) -> tuple[int, list[str]]:
        """The number of the first line of the row that was just completed, and its lines."""
        pending, self.pending, self.size = self.pending, [], 0
        return self.number - len(pending) + 1, pending

    def give_back(self, lines: list[str]) -> None:
        """Have ``lines`` read again."""
        self.back.extend(reversed(lines))
        self.number -= len(lines)
        self.ended = False


@dataclass(slots=True)
class CsvFile:
    """An opened table. ``header`` is its first row that is not blank, without stray blanks and marks.

    ``rows()`` may be called again; ``replaced`` (bytes that do not fit the encoding) and ``unclosed`` (lines with a
    quote that is never closed) are those of the last complete pass.
    """

    text: TextLines
    delimiter: str
    header: list[str] = field(default_factory=list)
    line_of_header: int = 0
    unclosed: list[int] = field(default_factory=list)
    _loose: bool = False
    _marker: bool = False

    @property
    def encoding(self) -> str:
        """The codec that the file is read with."""
        return self.text.encoding

    @property
    def replaced(self) -> int:
        """How many places did not fit the encoding and were replaced by U+FFFD."""
        return self.text.replaced

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number of the physical line where the row begins, its cells), without the header and blank lines."""
        return (row for row in self.all_rows() if row[0] > self.line_of_header)

    def all_rows(self) -> Iterator[tuple[int, list[str]]]:
        """As :meth:`rows`, with the header and whatever stands above it; a ``sep=`` line is left out."""
        csv.field_size_limit(_MAX_FIELD)  # the row limit of this module is the one that counts
        self.unclosed = []
        feed = _Feed(self.text.lines())
        while True:
            reader = csv.reader(feed, delimiter=self.delimiter, skipinitialspace=self._loose)
            try:
                for cells in reader:
                    line, lines = feed.take()
                    if (feed.ended or len(lines) > 1) and self._swallowed(cells, lines, feed.ended):
                        yield self._as_it_stands(feed, line, lines)
                        break
                    if cells and not (self._marker and line == 1):
                        yield line, cells
                else:
                    return
            except _RowTooLong:
                yield self._as_it_stands(feed, *feed.take())

    def _swallowed(self, cells: list[str], lines: list[str], ended: bool) -> bool:
        """Whether a quote took in lines that are rows of their own: never closed, or closed by another stray one."""
        if ended:
            return True
        if not self.header:
            return False
        try:
            list(csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self._loose, strict=True))
        except csv.Error:
            width = len(self.header)
            return len(cells) != width or any(len(self._plain(line)) == width for line in lines[1:])
        return False

    def _plain(self, line: str) -> list[str]:
        """A line as cells, its quotation marks as they stand."""
        return next(csv.reader([line.rstrip("\r\n")], delimiter=self.delimiter, quoting=csv.QUOTE_NONE), [])

    def _as_it_stands(self, feed: _Feed, line: int, lines: list[str]) -> tuple[int, list[str]]:
        feed.give_back(lines[1:])
        self.unclosed.append(line)
        return line, self._plain(lines[0])

    def problems(self) -> Iterator[Problem]:
        """What was wrong with the file as a text, once per kind. Ask after the rows have been read."""
        text = self.text
        if text.replaced:
            words = ngettext(
                "{n} place does not fit the encoding {encoding} and shows as �. Another one can be stated with "
                "--encoding.",
                "{n} places do not fit the encoding {encoding} and show as �. Another one can be stated with "
                "--encoding.",
                text.replaced,
            )
            yield _warning("text_damaged", words.format(n=text.replaced, encoding=text.encoding))
        if text.nuls:
            words = ngettext("{n} zero character was left out.", "{n} zero characters were left out.", text.nuls)
            yield _warning("zeros_left_out", words.format(n=text.nuls))
        if text.how in ("guessed", "nearly"):
            words = _("The encoding was taken to be {encoding}; check a few lines, or state it with --encoding.")
            yield _warning("encoding_assumed", words.format(encoding=text.encoding))
        if self.unclosed:
            words = ngettext(
                "A quotation mark is opened and never closed in {n} row (line {line}); the row is read as it stands.",
                "A quotation mark is opened and never closed in {n} rows (the first: line {line}); they are read as "
                "they stand.",
                len(self.unclosed),
            )
            where = self.unclosed[0]
            yield _warning("quote_open", words.format(n=len(self.unclosed), line=where), f"line {where}")
        for line in text.too_long[:100]:
            words = _("Line {line} is longer than can be read and was left out.")
            yield Problem("row_too_long", words.format(line=line), locator=f"line {line}")


def _warning(code: str, message: str, locator: str = "") -> Problem:
    return Problem(code, message, "", locator, "warning")


def clean(cell: str) -> str:
    """A header cell without byte order marks, blanks, TABs and direction marks around it, on one line."""
    return " ".join(cell.strip(_STRAY).split())


def open_csv(path: Path, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
    """Find the encoding, the delimiter and the header. Raises Unreadable for what is no text, OSError from the disk."""
    text = open_lines(path, encoding)
    sample = _sample(text.lines())
    if not sample:
        raise Unreadable(_("The table is empty."))
    stated = _separator_line(sample[0])
    chosen = delimiter or stated or find_delimiter(sample)
    loose = _is_loose(sample, chosen)
    table = CsvFile(text, chosen, _loose=loose, _marker=stated is not None)
    for line, cells in table.all_rows():
        if any(clean(cell) for cell in cells):
            table.header, table.line_of_header = [clean(cell) for cell in cells], line
            break
    return table


def _sample(lines: Iterable[str]) -> list[str]:
    out, size = [], 0
    for line in itertools.islice(lines, SAMPLE_LINES):
        out.append(line[:_SAMPLE_CHARS])
        size += len(line)
        if size > _SAMPLE_CHARS:
            break
    return out


def _separator_line(line: str) -> str | None:
    """The character that a first line ``sep=;`` names (Excel writes and reads it)."""
    text = line.strip(_STRAY.replace("\t", "")).strip('"')
    if text[:4].lower() == "sep=" and len(text) == 5 and not text[4].isalnum():
        return text[4]
    return None


def find_delimiter(lines: list[str]) -> str:
    """The delimiter that gives most rows the same number of cells; where two are equal, the one with more cells.

    TABs that only pad the cells of another delimiter do not count.
    """
    best, chosen = (0, 0), ","
    text = "".join(lines)
    for delimiter in DELIMITERS:
        if delimiter == "\t" and _is_padding(text):
            continue
        counts: Counter[int] = Counter()
        try:
            counts.update(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        except csv.Error:  # a cell above the default limit of the reader: this one is judged by what came before
            continue
        for width, rows in counts.items():
            if (rows, width) > best:
                best, chosen = (rows, width), delimiter
    return chosen


def _is_padding(text: str) -> bool:
    """Whether TABs only pad the cells between other delimiters, as portals do to keep Excel from reading numbers."""
    return any((text.count(f"{d}\t") + text.count(f"\t{d}")) * 2 > text.count("\t") for d in (",", ";"))


def _is_loose(lines: list[str], delimiter: str) -> bool:
    """Whether quotes stand behind a blank after the delimiter, where a strict reader would not see them."""
    text = "".join(lines)
    return text.count(f'{delimiter} "') > text.count(f'{delimiter}"')


def head_rows(head: bytes) -> list[list[str]]:
    """The first rows (up to 50) that the first bytes of a file show, for ``claims``. Never raises; [] for no text.

    Cells of the first row are cleaned as a header is; the last line, which may be cut, is dropped unless it is alone.
    """
    if not head or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return []
    lines = list(io.StringIO(decode_head(head), newline=""))[: SAMPLE_LINES + 1]
    lines = lines[:-1] if len(lines) > 1 else lines
    if not lines:
        return []
    stated = _separator_line(lines[0])
    delimiter = stated or find_delimiter(lines)
    try:
        rows = [row for row in csv.reader(lines[1 if stated else 0 :], delimiter=delimiter) if any(map(clean, row))]
    except csv.Error:
        return []
    return [[clean(cell) for cell in rows[0]], *rows[1:]] if rows else []
