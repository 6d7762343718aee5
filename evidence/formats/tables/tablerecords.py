"""From a row of a table to a record, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evidence.formats.android.androidfields import compare_form
from evidence.formats.chats.chatmedia import look_up
from evidence.formats.tables.cells import Cell, kept, number_of, seconds_of, serial_moment, text_of
from evidence.formats.tables.celltimes import Order, Wall, possible_orders, read_clock, read_wall, wall_stamp
from evidence.formats.tables.sheets import Row
from evidence.formats.tables.tablemap import TableMap
from evidence.formats.tables.tablerows import Mapped
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Direction, Outcome, Record, Stamp, TimeHow
from evidence.phone import is_masked
from evidence.times import epoch_stamp, local_stamp, offset_stamp, to_utc_text

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_SERIALS = (20_000, 80_000)  # Excel's days of 1954 to 2119
_ALL: frozenset[Order] = frozenset(("dmy", "mdy", "ymd"))


def date_orders(cells: Iterable[Cell]) -> frozenset[Order]:
    """The orders of day and month that every date of a column allows."""
    orders = _ALL
    for cell in cells:
        possible = possible_orders(cell)
        if possible:
            orders &= possible
    return orders


@dataclass(slots=True)
class Notes:
    """How often something was met, and where first."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def add(self, code: str, place: str, word: str = "") -> None:
        """One more ``code``; ``word`` is what stood there."""
        self.counts[code] += 1
        self.first.setdefault(code, place)
        self.words.setdefault(code, word[:40])


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one file. ``orders`` looks at the whole file, and is asked only where a date leaves it open."""

    file: FileProbe
    options: ReadOptions
    mapping: TableMap
    digest: str
    orders: Callable[[], frozenset[Order]]
    notes: Notes = field(default_factory=Notes)
    _order: Order | None = None
    _asked: bool = False

    def record(self, sheet: Mapped, row: Row) -> Record | None:
        """One record; None for a row in which nothing stands that the mapping names (noted)."""
        mapping, notes = self.mapping, self.notes
        place = sheet.sheet.place(row.number)
        if all(sheet.cell(row, column) == "" for column in sheet.columns):
            notes.add("skipped", place)
            return None
        constant = mapping.constant
        found = number_of(sheet.cell(row, mapping.peer)) if mapping.peer is not None else None
        if found is not None and found.lost:
            notes.add("number_lost", place, found.text)
        raw = found.text if found is not None else constant.get("peer", "")
        hidden = (found is not None and found.lost) or is_masked(raw)
        name = text_of(sheet.cell(row, mapping.name)) if mapping.name is not None else constant.get("name", "")
        text = self._text(sheet.cell(row, mapping.body)) if mapping.body is not None else constant.get("body")
        files = look_up(self.file.find, _file_names(text_of(sheet.cell(row, mapping.attachment))))
        extras: dict[str, Any] = {"mapping": self.digest}
        extras["columns"] = {key: kept(cell) for key, cell in sheet.named(row)}
        if sheet.sheet.name:
            extras["sheet"] = sheet.sheet.name
        if files.missing:
            notes.add("media_missing", place, files.missing[0])
            extras["missing_media"] = files.missing
        return Record(
            kind=mapping.kind,
            channel=mapping.channel,
            locator=place,
            time=self._time(sheet, row, place),
            direction=self._direction(sheet, row, name, place),
            number=None if hidden or not raw else compare_form(raw),
            number_raw=raw or None,
            name=name or None,
            text=text,
            text_basis=None if text is None else "source",
            duration_s=self._seconds(sheet.cell(row, mapping.duration_column), place),
            outcome=self._outcome(sheet, row),
            media=tuple(files.media),
            extras=extras,
        )

    @staticmethod
    def _text(cell: Cell) -> str | None:
        return (cell if isinstance(cell, str) else text_of(cell)) if cell != "" else None

    def _seconds(self, cell: Cell, place: str) -> float | None:
        seconds = seconds_of(cell, self.mapping.duration_unit)
        if seconds is None and text_of(cell):
            self.notes.add("length_unreadable", place, text_of(cell))
        return seconds

    def _direction(self, sheet: Mapped, row: Row, name: str, place: str) -> Direction | None:
        mapping = self.mapping
        stated = mapping.constant.get("direction")
        if stated in ("in", "out"):
            return "in" if stated == "in" else "out"
        if mapping.direction_column is None:
            return "out" if mapping.kind == "chat" and name and name in self.options.me else None
        word = text_of(sheet.cell(row, mapping.direction_column))
        direction = mapping.direction.get(word.lower())
        if direction is None:
            self.notes.add("direction_unknown", place, word)
        return direction

    def _outcome(self, sheet: Mapped, row: Row) -> Outcome | None:
        mapping = self.mapping
        if mapping.outcome_column is not None:
            return mapping.outcome.get(text_of(sheet.cell(row, mapping.outcome_column)).lower())
        found: dict[str, Outcome] = {"answered": "answered", "missed": "missed", "rejected": "rejected"}
        return found.get(mapping.constant.get("outcome", ""))

    def _time(self, sheet: Mapped, row: Row, place: str) -> Stamp:
        cells = [sheet.cell(row, column) for column in self.mapping.time]
        raw = " ".join(text_of(cell) for cell in cells).strip()
        stamp = self._stamp(cells, raw, place)
        if stamp.utc is None and not (self._asked and self._order is None and possible_orders(cells[0])):
            self.notes.add("time_unreadable", place, raw)
        return stamp

    def _stamp(self, cells: list[Cell], raw: str, place: str) -> Stamp:
        mapping = self.mapping
        zone = mapping.tz or self.options.zone
        style = mapping.time_format
        if style == "epoch" or mapping.time_unit is not None:
            return _epoch(raw, mapping.time_unit)
        if "%" in style:
            return _patterned(raw, style, zone)
        cell = cells[0]
        if isinstance(cell, float) or style == "excel":
            return _number(cell, raw, zone, style)
        wall = self._wall(cell, place)
        if wall is None:
            digits = raw.isdecimal() and len(raw) in (10, 13, 16, 19)
            return epoch_stamp(raw) if digits and len(cells) == 1 else Stamp(raw=raw)
        if len(cells) == 2 and wall.clock is None:
            clock = read_clock(cells[1])
            parts = text_of(cells[1]).count(":") + text_of(cells[1]).count("\uff1a")
            if clock is not None:
                wall = Wall(wall.year, wall.month, wall.day, clock, 60.0 if parts == 1 else 1.0)
        if wall.year is None and mapping.year is not None:
            self.notes.add("year_inferred", place)
        return wall_stamp(wall, zone, raw, mapping.year) if wall.year or mapping.year else Stamp(raw=raw)

    def _wall(self, cell: Cell, place: str) -> Wall | None:
        stated = self.mapping.date_order or self.options.date_order
        wall = read_wall(cell, stated)
        if wall is not None or stated is not None or not possible_orders(cell):
            return wall
        if not self._asked:
            self._asked, found = True, self.orders()
            self._order = next(iter(found)) if len(found) == 1 else None
        self.notes.add("date_order_open" if self._order is None else "date_order_settled", place, text_of(cell))
        return None if self._order is None else read_wall(cell, self._order)

    @property
    def order(self) -> str:
        """The order of day and month that the whole file settles (``""`` where it was not asked or leaves it open)."""
        return self._order or ""


def _file_names(text: str) -> list[str]:
    """The names in a cell: one a line, or with semicolons or bars between them."""
    return [name for part in text.replace("|", "\n").replace(";", "\n").split("\n") if (name := part.strip())]


def _epoch(raw: str, unit: str | None) -> Stamp:
    if unit is None:
        return epoch_stamp(raw)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=float(raw) * 10**6 / _PER_SECOND[unit])
    except (ValueError, OverflowError):
        return Stamp(raw=raw)
    if not 2 <= moment.year <= 9998:
        return Stamp(raw=raw)
    return Stamp(to_utc_text(moment), raw, "export", "epoch_utc", None, 1.0 if unit == "s" else 0.001)


def _patterned(raw: str, pattern: str, zone: ZoneInfo) -> Stamp:
    try:
        moment = datetime.strptime(raw, pattern)
    except (ValueError, OverflowError):
        return Stamp(raw=raw)
    seconds = any(mark in pattern for mark in ("%S", "%T", "%X", "%c", "%s"))
    minutes = any(mark in pattern for mark in ("%M", "%R"))
    precision = 1.0 if seconds else 60.0 if minutes else 86400.0
    if moment.tzinfo is not None:
        return offset_stamp(moment, raw, "export", precision)
    if not any(mark in pattern for mark in ("%Y", "%y", "%c", "%x", "%G", "%D", "%F")):
        return Stamp(raw=raw)  # strptime would put it into 1900
    hows: dict[float, TimeHow] = {60.0: "minute_only", 86400.0: "date_only"}
    return local_stamp(moment, zone, raw, "export", precision, hows.get(precision, "local_assumed"))


def _number(cell: Cell, raw: str, zone: ZoneInfo, style: str) -> Stamp:
    """A bare number: an Excel serial date, or an epoch."""
    if not isinstance(cell, float):
        try:
            cell = float(raw)
        except ValueError:
            return Stamp(raw=raw)
    if style == "excel" or _SERIALS[0] <= cell <= _SERIALS[1]:
        moment = serial_moment(cell)
        if moment is None:
            return Stamp(raw=raw)
        if cell.is_integer():
            return local_stamp(moment, zone, raw, "export", 86400.0, "date_only")
        return local_stamp(moment, zone, raw, "export")
    return epoch_stamp(raw) if cell.is_integer() and cell >= 10**8 else Stamp(raw=raw)
