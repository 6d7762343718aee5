"""What a person says about the columns of a table: read from YAML or JSON, checked, tried. Drafts: ``tablewords``.

The plain mapping that :func:`load_mapping` returns is what the log keeps with an import; its SHA-256
(:func:`mapping_hash`) goes into every record that was read by it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args
from zoneinfo import ZoneInfo

from evidence.errors import UsageError
from evidence.formats.tables.cells import UNITS, Unit
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Direction, Kind, Media, Outcome, Record

MAX_BYTES = 1 << 20
TimeUnit = Literal["s", "ms", "us", "ns"]
Column = str | int
"""A column by its name, or by its place (the first is 1)."""
KINDS: tuple[Kind, ...] = ("call", "sms", "mms", "chat", "email", "note")
CHANNELS = ("wechat", "wecom", "qq", "whatsapp", "telegram", "line", "signal", "imessage", "rcs")
_CONSTANTS = {"direction", "peer", "name", "outcome", "body"}
_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_ORDERS = ("dmy", "mdy", "ymd")
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


class MappingInvalid(UsageError):
    """The description of the columns is not valid."""

    code = "mapping_invalid"


@dataclass(frozen=True, slots=True)
class TableMap:
    """A checked mapping. ``time_format``: ``auto``, ``epoch``, ``excel``, or one of ``strptime``.

    ``header_row`` is the number of the row that names the columns (None: the first that has all names; 0: there is
    none); ``direction`` and ``outcome`` map the words of their column, in small letters, to their meaning.
    """

    kind: Kind
    channel: str
    time: tuple[Column, ...]
    time_format: str = "auto"
    time_unit: TimeUnit | None = None
    tz: ZoneInfo | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    year: int | None = None
    peer: Column | None = None
    name: Column | None = None
    body: Column | None = None
    attachment: Column | None = None
    direction_column: Column | None = None
    direction: Mapping[str, Direction] = field(default_factory=dict)
    duration_column: Column | None = None
    duration_unit: Unit | None = None
    outcome_column: Column | None = None
    outcome: Mapping[str, Outcome] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None
    skip_rows: int = 0
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None

    def columns(self) -> tuple[Column, ...]:
        """Every column that is used."""
        single = (self.peer, self.name, self.body, self.attachment)
        more = (self.direction_column, self.duration_column, self.outcome_column)
        return (*self.time, *(c for c in (*single, *more) if c is not None))


def load_mapping(path: Path) -> Mapping[str, Any]:
    """The checked plain mapping of a YAML or JSON file. Raises MappingInvalid, which names every fault with its key."""
    import yaml

    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise MappingInvalid(_("{path} cannot be read: {why}").format(path=path, why=error.strerror)) from error
    if len(raw) > MAX_BYTES:
        raise MappingInvalid(_("{path} is too large for a description of columns.").format(path=path))
    try:
        plain = yaml.safe_load(raw.decode("utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        words = " ".join(str(error).split())[:300]
        raise MappingInvalid(_("{path} is neither YAML nor JSON: {why}").format(path=path, why=words)) from error
    parse_mapping(plain)
    return dict(plain)


def parse_mapping(plain: Any) -> TableMap:
    """The mapping as a value. Raises MappingInvalid with one line for each fault."""
    check = _Check()
    table = check.table(plain)
    if check.faults or table is None:
        raise MappingInvalid("\n".join((_("The description of the columns has faults:"), *check.faults)))
    return table


def mapping_hash(plain: Mapping[str, Any]) -> str:
    """SHA-256 of the mapping as JSON with sorted keys: the same description gives the same value."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_KEYS = {
    "kind", "channel", "time", "peer", "name", "direction", "body", "duration", "outcome", "attachment", "skip_rows",
    "header_row", "sheet", "encoding", "delimiter", "constant",
}  # fmt: skip
_TIME_KEYS = {"column", "columns", "format", "tz", "unit", "date_order", "year"}


class _Check:
    """Collects every fault of a mapping, so that a person mends them in one go."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, key: str, words: str) -> None:
        """One more fault, at a key such as ``time.format``."""
        self.faults.append(f"{key}: {words}")

    def table(self, plain: Any) -> TableMap | None:
        """The whole mapping; meaningless when there are faults."""
        if not isinstance(plain, dict):
            self.fault("-", _("must be a list of keys with values, such as: kind: sms"))
            return None
        self._known("", plain, _KEYS)
        kind = self._choice("kind", plain.get("kind"), KINDS)
        channel = self._channel(kind, plain.get("channel"))
        time = self._group("time", plain.get("time"), _TIME_KEYS, "columns", required=True)
        direction = self._words("direction", plain.get("direction"), _DIRECTIONS)
        outcome = self._words("outcome", plain.get("outcome"), _OUTCOMES)
        duration = self._group("duration", plain.get("duration"), {"column", "unit"}, "column")
        table = TableMap(
            kind=kind or "note",
            channel=channel,
            time=self._time_columns(time),
            time_format=self._format(time),
            time_unit=self._choice("time.unit", time.get("unit"), get_args(TimeUnit), optional=True),
            tz=self._zone(time.get("tz")),
            date_order=self._choice("time.date_order", time.get("date_order"), _ORDERS, optional=True),
            year=self._number("time.year", time.get("year"), 1990, 2100),
            peer=self._column("peer", plain.get("peer")),
            name=self._column("name", plain.get("name")),
            body=self._column("body", plain.get("body")),
            attachment=self._column("attachment", plain.get("attachment")),
            direction_column=direction[0],
            direction=direction[1],
            duration_column=self._column("duration.column", duration.get("column"), required=bool(duration)),
            duration_unit=self._choice("duration.unit", duration.get("unit"), tuple(UNITS), optional=True),
            outcome_column=outcome[0],
            outcome=outcome[1],
            constant=self._constants(plain.get("constant")),
            header_row=self._number("header_row", plain.get("header_row"), 0, 1_048_576),
            skip_rows=self._number("skip_rows", plain.get("skip_rows"), 0, 1_048_576) or 0,
            sheet=self._text("sheet", plain.get("sheet")),
            encoding=self._encoding(plain.get("encoding")),
            delimiter=self._delimiter(plain.get("delimiter")),
        )
        self._together(table)
        return table

    def _together(self, table: TableMap) -> None:
        if table.header_row == 0 and any(isinstance(c, str) for c in table.columns()):
            self.fault("header_row", _("0 means that no row names the columns: give every column by its number"))
        mapped = {"direction": table.direction_column, "peer": table.peer, "name": table.name, "body": table.body,
                  "outcome": table.outcome_column}  # fmt: skip
        for key in table.constant:
            if mapped.get(key) is not None:
                self.fault(f"constant.{key}", _("is read from a column already"))

    def _known(self, at: str, plain: Mapping[Any, Any], keys: set[str]) -> None:
        for key in plain:
            if key not in keys:
                words = _("is not known here; known are: {keys}").format(keys=", ".join(sorted(keys)))
                self.fault(f"{at}{key}", words)

    def _choice(self, key: str, value: Any, known: tuple[Any, ...], optional: bool = False) -> Any:
        if value is None and optional:
            return None
        if not isinstance(value, str) or value not in known:
            self.fault(key, _("must be one of: {known}").format(known=", ".join(known)))
            return None
        return value

    def _channel(self, kind: Kind | None, value: Any) -> str:
        if value is None and kind == "chat":
            self.fault("channel", _("a chat needs one of: {known}").format(known=", ".join(CHANNELS)))
        elif value is not None and value not in (*CHANNELS, *KINDS):
            self._choice("channel", value, (*CHANNELS, *KINDS))
        return str(value or kind)

    def _group(self, key: str, value: Any, keys: set[str], short: str, required: bool = False) -> dict[Any, Any]:
        """A mapping below ``key``; a bare column stands for a mapping with only that."""
        if value is None:
            if required:
                self.fault(key, _("is missing: name the column that holds it"))
            return {}
        if isinstance(value, dict):
            self._known(f"{key}.", value, keys)
            return value
        return {short: value}

    def _column(self, key: str, value: Any, required: bool = False) -> Column | None:
        good_name = isinstance(value, str) and value.strip() != ""
        if good_name or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 16_384):
            return value if isinstance(value, int) else str(value).strip()
        if value is not None or required:
            self.fault(key, _("must be the name of a column, or its number (the first is 1)"))
        return None

    def _time_columns(self, time: Mapping[Any, Any]) -> tuple[Column, ...]:
        if not time:
            return ()
        value = time.get("columns", time.get("column"))
        found = [self._column("time.columns", item, True) for item in (value if isinstance(value, list) else [value])]
        if len(found) not in (1, 2):
            self.fault("time.columns", _("must be one column, or two: the day and the clock"))
        return tuple(column for column in found if column is not None)

    def _format(self, time: Mapping[Any, Any]) -> str:
        value = time.get("format", "auto")
        if value in ("auto", "epoch", "excel"):
            return str(value)
        try:
            if not isinstance(value, str) or "%" not in value:
                raise ValueError
            now = datetime(2021, 11, 22, 13, 14, 15, tzinfo=UTC)
            datetime.strptime(now.strftime(value), value)
        except (ValueError, TypeError, OverflowError, UnicodeError):
            self.fault("time.format", _("must be auto, epoch, excel, or a pattern such as %Y-%m-%d %H:%M:%S"))
        return str(value)

    def _zone(self, value: Any) -> ZoneInfo | None:
        if value is None:
            return None
        try:
            return ZoneInfo(value)
        except Exception:  # the library raises many kinds for names that are no names
            self.fault("time.tz", _("must be a time zone such as Asia/Shanghai or UTC"))
            return None

    def _number(self, key: str, value: Any, low: int, high: int) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(key, _("must be a whole number from {low} to {high}").format(low=low, high=high))
            return None
        return value

    def _text(self, key: str, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            self.fault(key, _("must be a text"))
            return None
        return value

    def _encoding(self, value: Any) -> str | None:
        from evidence.errors import Unreadable
        from evidence.formats.chats.textlines import find_encoding

        text = self._text("encoding", value)
        try:
            if text is not None:
                find_encoding(b"", text)
        except Unreadable as error:
            self.fault("encoding", str(error))
        return text

    def _delimiter(self, value: Any) -> str | None:
        if isinstance(value, str):
            value = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(value, value)
        if value is not None and (not isinstance(value, str) or len(value) != 1 or value in '"\r\n\ufeff'):
            self.fault("delimiter", _("must be one character, or the word tab"))
            return None
        return value

    def _words(self, key: str, plain: Any, meanings: tuple[Any, ...]) -> tuple[Column | None, dict[str, Any]]:
        """A column and what its words mean."""
        if plain is None:
            return None, {}
        if not isinstance(plain, dict):
            self.fault(key, _("needs column, and the words that stand for {known}").format(known=", ".join(meanings)))
            return None, {}
        self._known(f"{key}.", plain, {"column", *meanings})
        words: dict[str, Any] = {}
        for meaning in meanings:
            given = plain.get(meaning, [])
            for word in given if isinstance(given, list) else [given]:
                if not isinstance(word, str | int | float) or isinstance(word, bool):
                    self.fault(f"{key}.{meaning}", _("must be a list of words; put yes, no, on and off in quotes"))
                elif words.setdefault(str(word).strip().lower(), meaning) != meaning:
                    self.fault(f"{key}.{meaning}", _("“{word}” stands for two things").format(word=word))
        if not words:
            self.fault(key, _("needs the words that stand for {known}").format(known=", ".join(meanings)))
        return self._column(f"{key}.column", plain.get("column"), required=True), words

    def _constants(self, plain: Any) -> dict[str, str]:
        if plain is None:
            return {}
        if not isinstance(plain, dict):
            self.fault("constant", _("must be a list of keys with values, such as: direction: in"))
            return {}
        self._known("constant.", plain, _CONSTANTS)
        for key, known in (("direction", _DIRECTIONS), ("outcome", _OUTCOMES)):
            self._choice(f"constant.{key}", plain.get(key), known, optional=True)
        return {str(key): str(value) for key, value in plain.items() if value is not None}


def preview(file: FileProbe, mapping: Mapping[str, Any], options: ReadOptions, limit: int = 10) -> list[Record]:
    """The first records that a table gives by ``mapping``. Writes nothing. Raises what the importer raises."""
    from evidence.importers.table import IMPORTER

    items = IMPORTER.read(file, dataclasses.replace(options, mapping=mapping), _no_parts)
    return list(itertools.islice((item for item in items if isinstance(item, Record)), limit))


def _no_parts(_stream: BinaryIO, _name: str, _mime: str) -> Media:
    """Rows of a table hold no files of their own."""
    raise NotImplementedError
