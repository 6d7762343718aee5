"""From the rows of a carrier's bill to calls and messages.

Times are Beijing time. A bill lists connected calls only; ones that nobody answered are not in it. Directions are taken
from the words of the rows, and nothing that a carrier has hidden (``138****0001``) is filled in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from evidence.errors import Unreadable
from evidence.formats.android.androidfields import compare_form
from evidence.formats.bills.billcolumns import (
    Layout,
    direction_of,
    is_forwarded,
    is_header,
    is_number,
    is_traffic_header,
    operator_of,
    speaks_of_messages,
)
from evidence.formats.bills.billproblems import Notes, tell
from evidence.formats.bills.billrows import HEADER_ROWS, Section, sections
from evidence.formats.bills.billtitle import Period, declared_rows, find_period, infer_year, is_bill_title, own_number
from evidence.formats.tables.cells import Cell, kept, number_of, seconds_of, text_of
from evidence.formats.tables.celltimes import Wall, read_clock, read_wall, wall_stamp
from evidence.formats.tables.csvrows import head_rows
from evidence.formats.tables.sheets import Row, Sheet, find_kind, open_table
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Direction, Record, Stamp

BEIJING = ZoneInfo("Asia/Shanghai")
_ZERO = Decimal()
_FOOTER = re.compile(r"合计|总计|小计|备注|说明|总条数|注[:：]|温馨提示|打印|以上|查询|共\s*\d+\s*条|费用")


@dataclass(slots=True)
class _Bill:
    """One section at work. ``own`` is the customer's number as far as the titles tell it."""

    section: Section
    sheet: Sheet
    layout: Layout
    message: bool
    period: Period | None
    own: str | None
    said: dict[str, Any]
    notes: Notes
    sums: dict[int, Decimal] = field(default_factory=dict)

    def record(self, row: Row) -> Record | None:
        """One row, or None for one that is no call or message (noted)."""
        layout, place = self.layout, self.sheet.place(row.number)
        cell = self._cells(row.cells)
        time = self._time(cell(layout.date) if layout.date is not None else None, cell(layout.time), place)
        direction, spoken = direction_of(cell(layout.direction))
        number, raw, direction = self._peer(cell, direction, place)
        if time.utc is None and not self._is_entry(time, spoken, raw):
            self._no_entry(row, place)
            return None
        if time.utc is None:
            self.notes.add("time_unreadable" if read_wall(time.raw) is None else "year_missing", place)
        extras: dict[str, Any] = {"columns": self._columns(row.cells), **self.said}
        forwarded = is_forwarded(cell(layout.direction))
        if forwarded:
            extras["call_type"] = "forwarded"
        elif layout.direction is not None and direction is None:
            self.notes.add("direction_unknown", place)
        seconds = None if self.message else self._seconds(cell(layout.duration), place)
        for index in layout.fees:
            amount = _amount(cell(index))
            if amount:
                self.sums[index] = self.sums.get(index, _ZERO) + amount
        return Record(
            kind="sms" if self.message else "call",
            channel="sms" if self.message else "call",
            locator=place,
            time=time,
            direction=direction,
            number=number,
            number_raw=raw or None,
            duration_s=seconds,
            outcome="answered" if seconds and not forwarded else None,
            extras=extras,
        )

    @staticmethod
    def _cells(cells: Sequence[Cell]) -> Any:
        return lambda index: cells[index] if index is not None and index < len(cells) else ""

    def _columns(self, cells: Sequence[Cell]) -> dict[str, Any]:
        names = self.layout.names
        if len(cells) > len(names):
            names = (*names, *(f"#{i + 1}" for i in range(len(names), len(cells))))
        return {name: cell if isinstance(cell, str) else kept(cell) for name, cell in zip(names, cells, strict=False)}

    def _time(self, day: Cell | None, cell: Cell, place: str) -> Stamp:
        raw = text_of(cell) if day is None else f"{text_of(day)} {text_of(cell)}"
        wall = read_wall(cell if day is None else day)
        if day is not None and wall is not None:
            clock = read_clock(cell)
            seconds = not isinstance(cell, str) or len(re.findall(r"\d+", cell)) > 2
            wall = Wall(wall.year, wall.month, wall.day, clock, 1.0 if seconds else 60.0) if clock else wall
        elif isinstance(cell, float):
            wall = None
        if wall is None:
            return Stamp(raw=raw)
        if wall.clock is None and isinstance(cell, datetime):
            wall = Wall(wall.year, wall.month, wall.day, (0, 0, 0, 0), 1.0)
        year = None
        if wall.year is None:
            year, inside = infer_year(wall, self.period)
            if year is not None:
                self.notes.add(
                    "year_from_name" if self.period and self.period.basis == "name" else "year_inferred", place
                )
                if not inside:
                    self.notes.add("outside_period", place)
            else:
                return Stamp(raw=raw)
        return wall_stamp(wall, BEIJING, raw, year)

    def _peer(self, cell: Any, direction: Direction | None, place: str) -> tuple[str | None, str, Direction | None]:
        """(number for comparison, as found, direction): the other side, where caller and callee are columns."""
        layout = self.layout
        index = layout.peer
        if index is None and layout.caller is not None:
            own = compare_form(text_of(cell(layout.own)) if layout.own not in (None, layout.caller) else self.own)
            sides = [compare_form(number_of(cell(i)).text) for i in (layout.caller, layout.callee)]
            if direction is None and own is not None and sides.count(own) == 1:
                direction = "out" if sides[0] == own else "in"
            index = {"out": layout.callee, "in": layout.caller}.get(direction or "")
            if index is None:
                self.notes.add("side_unknown", place)
        if index is None:
            return None, "", direction
        found = number_of(cell(index))
        if found.lost:
            self.notes.add("number_lost", place)
            return None, found.text, direction
        if not is_number(found.text):
            if found.text:
                self.notes.add("number_hidden", place)
            return None, found.text, direction
        return compare_form(found.text), found.text, direction

    def _seconds(self, cell: Cell, place: str) -> float | None:
        seconds = _length(cell, self.layout.unit)
        if seconds is None and cell != "":
            self.notes.add("length_unreadable", place)
        if seconds is not None and self.layout.unit == "min" and isinstance(cell, str | float):
            self.notes.add("whole_minutes", place)
        return seconds

    def _is_entry(self, time: Stamp, spoken: bool, raw: str) -> bool:
        if read_wall(time.raw) is not None:
            return True
        return not _FOOTER.search(time.raw) and (spoken or is_number(raw)) and bool(time.raw)

    def _no_entry(self, row: Row, place: str) -> None:
        """A footer or a sum: compared with what was read where it stands in a column of charges."""
        self.notes.add("not_entry", place)
        words = " ".join(text_of(cell) for cell in row.cells)
        if self.notes.declared is None:
            self.notes.declared = declared_rows([words])
        if re.search(r"合计|总计", words):
            for index in self.layout.fees:
                amount = _amount(row.cells[index]) if index < len(row.cells) else None
                if amount is not None and amount != self.sums.get(index, _ZERO):
                    self.notes.add("sum_differs", place)


_length = lru_cache(maxsize=4096, typed=True)(seconds_of)  # few lengths are unlike all others


@lru_cache(maxsize=4096, typed=True)
def _amount(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool) or not isinstance(cell, str | float):
        return None
    text = text_of(cell).replace(",", "").removesuffix("元").lstrip("¥￥")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**9 else None


def _is_message_bill(section: Section, sheet: Sheet) -> bool:
    titles = [sheet.name, *section.titles]
    if speaks_of_messages(titles) or any("语音" in title or "通话" in title for title in titles):
        return speaks_of_messages(titles) and not any("语音" in title for title in titles)
    layout = section.layout
    names = " ".join(layout.names) if layout is not None else ""
    return "发送时间" in names or "收发" in names or speaks_of_messages([names])


def has_bill(file: FileProbe) -> bool:
    """Whether one of the first 30 rows of a sheet is the header of a bill. XLS and XLSX are opened for it."""
    kind = find_kind(file)
    if kind is None or kind in ("locked", "broken"):
        return False
    try:
        if kind == "csv":
            rows = head_rows(file.head)[:HEADER_ROWS]
            return _has_header(file.name, (Row(i, row) for i, row in enumerate(rows)))
        table = open_table(file.path, kind)
        return any(_has_header(f"{file.name} {sheet.name}", sheet.rows) for sheet in table.sheets())
    except Exception:  # no bytes may make this raise, whatever the libraries do; reading will say what is wrong
        return False


def read_bill(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """Calls and messages in file order, then what is told once. Raises Unreadable when nothing can be read."""
    kind = find_kind(file)
    if kind is None:
        raise Unreadable(_("This is no table that can be read."))
    table = open_table(file.path, kind, options.encoding)
    notes = Notes()
    for sheet in table.sheets():
        found = False
        for section in sections(sheet):
            found = True
            yield from _read_section(file, sheet, section, notes)
        if not found:
            notes.other_sheets.append(sheet.name)
    yield from tell(notes)
    yield from table.problems()


def _has_header(name: str, rows: Iterable[Row]) -> bool:
    titles: list[str] = [name]
    for count, row in enumerate(rows):
        if count >= HEADER_ROWS:
            return False
        if is_header(row.cells, is_bill_title(titles)) or is_traffic_header(row.cells):
            return True
        titles.extend(text for cell in row.cells[:12] if (text := text_of(cell)))
    return False


def _read_section(file: FileProbe, sheet: Sheet, section: Section, notes: Notes) -> Iterator[Item]:
    titles, layout = section.titles, section.layout
    notes.above += section.above
    if layout is None:
        notes.traffic += sum(1 for _row in section.rows)
        notes.first.setdefault("traffic", sheet.place(section.header.number))
        return
    period = find_period(titles, sheet.name, file.name)
    own = own_number(titles)
    carrier = operator_of([*titles, sheet.name, file.name], section.header.cells)
    said: dict[str, Any] = {"operator": "unknown"}  # always there: it marks a row of a bill
    if carrier is not None:
        said["operator"], said["operator_basis"] = carrier
    if period is not None:
        said["bill_period"] = {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "basis": period.basis,
        }
    if own is not None:
        said["own_number"] = own
    if sheet.name:
        said["sheet"] = sheet.name
    message = _is_message_bill(section, sheet)
    notes.begin(
        declared_rows(titles), layout.peer is None and layout.caller is None, sheet.place(section.header.number)
    )
    bill = _Bill(section, sheet, layout, message, period, own, said, notes)
    kinds: Counter[str] = Counter()
    for row in section.rows:
        record = bill.record(row)
        if record is not None:
            kinds[record.kind] += 1
            notes.records += 1
            yield record
    notes.repeated += section.repeated
    notes.end(sum(kinds.values()))
