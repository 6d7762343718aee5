"""The sections of a sheet that is a bill: titles, a header, its rows. One row is looked at once; few are held."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evidence.formats.bills.billcolumns import SAMPLE_ROWS, Layout, is_header, is_traffic_header, may_be_header, settle
from evidence.formats.bills.billtitle import is_bill_title
from evidence.formats.tables.cells import Cell, text_of
from evidence.formats.tables.sheets import Row, Sheet

HEADER_ROWS = 30  # a header further down is no header
TITLES = 30


@dataclass(slots=True)
class Section:
    """A header with what stands above it and the rows below. ``layout`` is None for a list of data traffic.

    ``rows`` must be read before the next section is asked for; rows that repeat the header are counted by
    ``repeated`` and not given out.
    """

    titles: tuple[str, ...]
    above: int
    header: Row
    layout: Layout | None
    rows: Iterator[Row]
    repeated: int = 0


class _Ahead:
    """Rows with a look at those to come."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows, self._next = rows, deque[Row]()

    def pop(self) -> Row | None:
        """The next row, None at the end."""
        return self._next.popleft() if self._next else next(self._rows, None)

    def push(self, row: Row) -> None:
        """Have ``row`` come next."""
        self._next.appendleft(row)

    def peek(self, n: int, until: Callable[[Row], bool]) -> list[Row]:
        """Up to ``n`` rows to come, up to one for which ``until`` holds."""
        while len(self._next) < n:
            row = next(self._rows, None)
            if row is None:
                break
            self._next.append(row)
        out: list[Row] = []
        for row in self._next:
            if len(out) == n or until(row):
                break
            out.append(row)
        return out


def sections(sheet: Sheet) -> Iterator[Section]:
    """Every section of a sheet; none when no header is found in its first rows."""
    rows = _Ahead(sheet.rows)
    titles: deque[Sequence[Cell]] = deque(maxlen=TITLES)
    above = 0
    while (row := rows.pop()) is not None:
        titled = is_bill_title([sheet.name, *map(_words, titles)])
        if is_traffic_header(row.cells):
            layout: Layout | None = None
        elif is_header(row.cells, titled):
            sample = [r.cells for r in rows.peek(SAMPLE_ROWS, _starts_section)]
            layout = settle(row.cells, sample)
        else:
            titles.append(row.cells)
            above += 1
            if above >= HEADER_ROWS:
                return
            continue
        section = Section(tuple(map(_words, titles)), above, row, layout, iter(()))
        titles.clear()
        section.rows = _below(rows, section, titles)
        yield section
        deque(section.rows, maxlen=0)  # whatever the caller left
        above = 0


def _below(rows: _Ahead, section: Section, titles: deque[Sequence[Cell]]) -> Iterator[Row]:
    """The rows of a section; the last ones that tell no time may be the titles of the next."""
    header = _words(section.header.cells)
    while (row := rows.pop()) is not None:
        if _starts_section(row):
            if _words(row.cells) != header:
                rows.push(row)
                return
            section.repeated += 1
            continue
        titles.append(row.cells)
        yield row


def _starts_section(row: Row) -> bool:
    return may_be_header(row.cells) and (is_header(row.cells) or is_traffic_header(row.cells))


def _words(cells: Sequence[Cell]) -> str:
    return " ".join(text for cell in cells if (text := text_of(cell)))
