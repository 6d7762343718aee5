"""Tables in markup: the HTML pages that portals call ``.xls``, and Excel's own XML of 2003. Read as a stream.

All tables of a page are one sheet, as a spreadsheet program shows them: one beneath the other. Rows count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.textlines import SAMPLE_BYTES, find_encoding
from evidence.formats.tables.cells import Cell
from evidence.formats.tables.sheets import Row, Sheet
from evidence.i18n import gettext as _
from evidence.models import Problem

_MAX_SPAN = 256
_MAX_CELLS = 4096
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_WIDE = {"utf-16-le": "utf-16le", "utf-16-be": "utf-16be", "utf-32-le": "utf-32le", "utf-32-be": "utf-32be"}  # libxml2
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


class HtmlReader:
    """The tables of an HTML page."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self._path = path
        with path.open("rb") as stream:
            self._encoding, self._mark, self._how = find_encoding(stream.read(SAMPLE_BYTES), encoding)

    def sheets(self) -> Iterator[Sheet]:
        """The one sheet."""
        yield Sheet("", self._rows())

    def _rows(self) -> Iterator[Row]:
        from lxml import etree

        number, spans, inner = 0, _Spans(), False
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._mark)
                events = etree.iterparse(
                    stream,
                    events=("end",),
                    tag=("tr", "table", "script", "style"),
                    html=True,
                    encoding=_WIDE.get(self._encoding, self._encoding),
                    no_network=True,
                )
                for _event, element in events:
                    if element.tag == "tr":
                        number += 1
                        cells = spans.row(element)
                        if any(cells) and not (inner and len([c for c in cells if c]) < 2 and _is_outer(element)):
                            yield Row(number, cells)
                    elif element.tag == "table":
                        spans, inner = _Spans(), True
                    _clear(element)
        except (etree.XMLSyntaxError, LookupError, AssertionError) as error:
            if number == 0:
                raise Unreadable(_("The page cannot be read ({why}).").format(why=str(error)[:200])) from error

    def problems(self) -> Iterator[Problem]:
        """The encoding, where it had to be guessed."""
        if self._how in ("guessed", "nearly"):
            words = _("The encoding was taken to be {encoding}; check a few lines, or state it with --encoding.")
            yield Problem("encoding_assumed", words.format(encoding=self._encoding), severity="warning")


class _Spans:
    """Cells that reach into the rows below (``rowspan``) or over several columns (``colspan``)."""

    def __init__(self) -> None:
        self._down: dict[int, tuple[int, str]] = {}

    def row(self, element: Any) -> list[Cell]:
        """The cells of a ``tr``, each in its own column; what a ``colspan`` covers beyond the first is empty."""
        cells: list[Cell] = []
        for child in element:
            if child.tag not in ("td", "th") or len(cells) >= _MAX_CELLS:
                continue
            self._fill(cells)
            text = _text(child)
            down, across = _span(child.get("rowspan")), _span(child.get("colspan"))
            for step in range(across):
                value = "" if step else text
                if down > 1:
                    self._down[len(cells)] = (down - 1, value)
                cells.append(value)
        self._fill(cells)
        return cells

    def _fill(self, cells: list[Cell]) -> None:
        while len(cells) in self._down and len(cells) < _MAX_CELLS:
            left, value = self._down.pop(len(cells))
            if left > 1:
                self._down[len(cells)] = (left - 1, value)
            cells.append(value)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MAX_SPAN) if text is not None and text.strip().isdecimal() and len(text) < 9 else 1


def _text(element: Any) -> str:
    """The words of a cell, on lines where the page breaks them; those of a table inside it have rows of their own."""
    parts = [element.text or ""]
    for child in element.iterdescendants():
        parts.append("\n" if child.tag == "br" else "")
        parts.append((child.text or "") if isinstance(child.tag, str) and child.tag not in ("script", "style") else "")
        parts.append(child.tail or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_outer(element: Any) -> bool:
    """Whether a row holds a table: its words have been told."""
    return next(element.iterdescendants("table"), None) is not None


def _clear(element: Any) -> None:
    """Free what was read, but not what stands behind it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and len(parent) > 1 and parent[0] is not element and parent[0].tag == "tr":
        del parent[0]


class XmlReader:
    """SpreadsheetML of Excel 2003 (``<Workbook>``)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sheets(self) -> Iterator[Sheet]:
        """Every worksheet in turn."""
        from lxml import etree

        tags = (f"{_SS}Worksheet", f"{_SS}Row")
        with self._path.open("rb") as stream:
            events = _whole(etree.iterparse(stream, events=("start", "end"), tag=tags, **_SAFE))
            names: dict[str, int] = {}
            for event, element in events:
                if event == "start" and element.tag == f"{_SS}Worksheet":
                    name = element.get(f"{_SS}Name") or "Sheet"
                    names[name] = names.get(name, 0) + 1
                    name = name if names[name] == 1 else f"{name} ({names[name]})"
                    yield Sheet(name, _xml_rows(events))

    def problems(self) -> Iterator[Problem]:
        """None that were not told already."""
        return iter(())


def _whole(events: Any) -> Iterator[tuple[str, Any]]:
    """The parser's events. Raises Unreadable where the XML ends or breaks."""
    from lxml import etree

    try:
        yield from events
    except (etree.XMLSyntaxError, LookupError, UnicodeError) as error:
        raise Unreadable(_("The workbook is cut off or damaged ({why}).").format(why=str(error)[:200])) from error


def _xml_rows(events: Iterator[tuple[str, Any]]) -> Iterator[Row]:
    number = 0
    for event, element in events:
        if event == "start":
            continue
        if element.tag == f"{_SS}Worksheet":
            element.clear()
            return
        number = _index(element, number)
        cells: list[Cell] = []
        for cell in element.iterchildren(f"{_SS}Cell"):
            at = _index(cell, len(cells))
            if at <= _MAX_CELLS:
                cells.extend([""] * (at - 1 - len(cells)))
                cells.append(_xml_cell(cell.find(f"{_SS}Data")))
        _clear(element)
        if any(cell != "" for cell in cells):
            yield Row(number, cells)


def _index(element: Any, before: int) -> int:
    text = element.get(f"{_SS}Index") or ""
    return int(text) if text.isdecimal() and before < int(text[:9]) else before + 1


def _xml_cell(data: Any) -> Cell:
    if data is None:
        return ""
    text = "".join(data.itertext())
    if data.get(f"{_SS}Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text
