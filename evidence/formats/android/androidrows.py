"""Rows of Android's own message and call tables as records, whatever file they come in (formats.md 1.2-1.4, 1.7).

A row is a mapping from column to value. Columns that are NULL are left out of ``extras``; all others are kept as they
are, except those that have a column of their own in the record (address or number, body, date).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from evidence.formats.android.androidfields import (
    CALL_WORDS,
    MESSAGE_TYPES,
    call_outcome,
    compare_form,
    contact,
    whole_seconds,
)
from evidence.formats.android.androidparts import MmsRow, Surroundings, mms_of
from evidence.formats.android.androidvalues import as_text, kept, put
from evidence.formats.chats.oncenotes import OnceNotes, Words
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem, Record, Stamp
from evidence.times import epoch_stamp, from_utc_text, to_utc_text

EARLIEST = "2000-01-01"
REPORTS = {"134": "delivery", "136": "read"}  # m_type: what the network says about a message, not a message
_NAMES = ("__display_name", "display_name", "display-name", "contact_name", "name")
_OWN_OF_MESSAGES, _OWN_OF_CALLS = frozenset(("address", "body", "date")), frozenset(("number", "date"))
_PLAIN = (str, int, float)
_WIDE = 1 << 63
Row = Mapping[str, Any]


class AndroidRows:
    """Turns rows into records and counts what is odd; :meth:`problems` tells it once, after the last row."""

    def __init__(self, file: FileProbe, options: ReadOptions, attach: Attach, places: tuple[str, ...] = ()) -> None:
        self.notes = OnceNotes(_WORDS, {"row_unreadable": "error"})
        self._options, self._attach = options, attach
        self._around = Surroundings(file.find, places)
        self._latest = None if file.mtime is None else to_utc_text(from_utc_text(file.mtime) + timedelta(days=1))

    def sms(self, row: Row, locator: str, peers: tuple[str, ...] = (), time: Stamp | None = None) -> Iterator[Record]:
        """A row of the table ``sms``. ``peers``: who the conversation is with, for drafts without an address.

        ``time`` is for sources whose column ``date`` is no epoch value.
        """
        number, body, date = as_text(row.get("address")), as_text(row.get("body")), row.get("date")
        if number is None and body is None and date is None:
            self.notes.add("record_empty", locator)
            return
        extras = _extras(row, _OWN_OF_MESSAGES)
        direction, state = MESSAGE_TYPES.get(as_text(row.get("type")) or "", (None, None))
        if state is not None:
            put(extras, "state", state)
        if number is None and len(peers) == 1:
            number = peers[0]
            put(extras, "number_from", "thread")
        yield Record(
            kind="sms",
            channel="sms",
            locator=locator,
            time=self.checked(time or epoch_stamp(as_text(date)), locator),
            direction=direction,
            number=compare_form(number),
            number_raw=number,
            name=_name(row, _NAMES),
            text=body,
            text_basis=None if body is None else "source",
            holder=self._options.holder,
            extras=extras,
        )

    def call(self, row: Row, locator: str, time: Stamp | None = None) -> Iterator[Record]:
        """A row of the table ``calls``. The time for which a missed call rang is no talking time."""
        number, date = as_text(row.get("number")), row.get("date")
        if number is None and date is None:
            self.notes.add("record_empty", locator)
            return
        extras = _extras(row, _OWN_OF_CALLS)
        kind, seconds = as_text(row.get("type")), whole_seconds(as_text(row.get("duration")))
        direction, outcome = call_outcome(kind, seconds)
        if kind in CALL_WORDS:
            put(extras, "call_type", CALL_WORDS[kind])
        if seconds and outcome in ("missed", "rejected"):
            put(extras, "ring_s", seconds)
            seconds = 0
        yield Record(
            kind="call",
            channel="call",
            locator=locator,
            time=self.checked(time or epoch_stamp(as_text(date)), locator),
            direction=direction,
            number=compare_form(number),
            number_raw=number,
            name=_name(row, ("name", *_NAMES)),
            duration_s=None if seconds is None else float(seconds),
            outcome=outcome,
            holder=self._options.holder,
            extras=extras,
        )

    def mms(self, message: MmsRow, locator: str) -> Iterator[Item]:
        """A row of the table ``pdu`` with its parts and addresses."""
        row = message.row
        if as_text(row.get("m_type")) in REPORTS:
            self.notes.add("mms_report", locator)
            return
        read, problems = mms_of(message, locator, self._attach, self._around)
        if not (row.get("date") or read.text or read.media or message.parts or message.addresses):
            self.notes.add("record_empty", locator)
            return
        for name in read.extras.get("missing_media", ()):
            self.notes.add("media_missing", locator, name)
        address = as_text(row.get("address")) or ("~".join(message.peers) or None)
        yield Record(
            kind="mms",
            channel="mms",
            locator=locator,
            time=self.checked(epoch_stamp(as_text(row.get("date"))), locator),
            direction=read.direction,
            number=compare_form(read.number),
            number_raw=read.number if read.number is not None else address,
            name=_name_of(message, read.number) or _name(row, _NAMES),
            text=read.text,
            text_basis=None if read.text is None else "source",
            participants=read.participants,
            media=read.media,
            holder=self._options.holder,
            extras=read.extras,
        )
        yield from problems

    def checked(self, time: Stamp, locator: str) -> Stamp:
        """The same time; what is odd about it is noted."""
        if time.utc is None:
            self.notes.add("time_unreadable", locator)
        elif time.utc < EARLIEST or (self._latest is not None and time.utc > self._latest):
            self.notes.add("time_odd", locator)
        return time

    def problems(self) -> Iterator[Problem]:
        """What is told once per file."""
        yield from self.notes.problems()


def _extras(row: Row, own: frozenset[str]) -> dict[str, Any]:
    """Everything but the columns that the record has; of those, what is no plain value is kept too."""
    out = {}
    for key, value in row.items():
        kind = type(value)
        if value is None or (key in own and kind in _PLAIN):
            continue
        out[key] = value if kind is str or (kind is int and -_WIDE <= value < _WIDE) else kept(value)
    return out


def _name(row: Row, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = row.get(key)
        if value is not None and (name := contact(as_text(value))) is not None:
            return name
    return None


def _name_of(message: MmsRow, number: str | None) -> str | None:
    """What the source calls the one address that is the other side."""
    entries = (entry for entry in message.addresses if number is not None and as_text(entry.get("address")) == number)
    return next((name for entry in entries if (name := _name(entry, _NAMES)) is not None), None)


def _time_unreadable(n: int) -> str:
    return ngettext(
        "{n} record has no time that can be read; the first is {first}.",
        "{n} records have no time that can be read; the first is {first}.",
        n,
    )


def _time_odd(n: int) -> str:
    return ngettext(
        "{n} record lies before 2000 or after the file was written; the first is {first}.",
        "{n} records lie before 2000 or after the file was written; the first is {first}.",
        n,
    )


def _empty(n: int) -> str:
    return ngettext(
        "{n} row has neither number, text nor time and was passed over; the first is {first}.",
        "{n} rows have neither number, text nor time and were passed over; the first is {first}.",
        n,
    )


def _media_missing(n: int) -> str:
    return ngettext(
        "{n} attachment was not among the files; the first is in {first} ({names}).",
        "{n} attachments were not among the files; the first is in {first} ({names}).",
        n,
    )


def _report(n: int) -> str:
    return ngettext(
        "{n} row is a report that a message was delivered or read, not a message; it was passed over ({first}).",
        "{n} rows are reports that messages were delivered or read, not messages; they were passed over (the first is "
        "{first}).",
        n,
    )


def _row_unreadable(n: int) -> str:
    return ngettext(
        "{n} entry cannot be read; the first is {first} ({names}).",
        "{n} entries cannot be read; the first is {first} ({names}).",
        n,
    )


def _orphaned(n: int) -> str:
    return ngettext(
        "{n} row of the tables {names} belongs to no message or person that is still there; the first is {first}.",
        "{n} rows of the tables {names} belong to no message or person that is still there; the first is {first}.",
        n,
    )


def _parts_many(n: int) -> str:
    return ngettext(
        "{n} part of a message with very many parts was passed over; the first is {first}.",
        "{n} parts of messages with very many parts were passed over; the first is {first}.",
        n,
    )


def _offset_odd(n: int) -> str:
    return ngettext(
        "In {n} record the readable time does not fit the exact one; the first is {first}.",
        "In {n} records the readable time does not fit the exact one; the first is {first}.",
        n,
    )


def _unnamed(n: int) -> str:
    return ngettext(
        "{n} number stands in the address book without a name; the first is {first}.",
        "{n} numbers stand in the address book without a name; the first is {first}.",
        n,
    )


def _nothing(n: int) -> str:
    return ngettext(
        "{n} entry of the address book has neither number nor account; the first is {first}.",
        "{n} entries of the address book have neither number nor account; the first is {first}.",
        n,
    )


_WORDS: Mapping[str, Words] = {
    "time_unreadable": _time_unreadable,
    "time_odd": _time_odd,
    "record_empty": _empty,
    "media_missing": _media_missing,
    "mms_report": _report,
    "row_unreadable": _row_unreadable,
    "rows_orphaned": _orphaned,
    "parts_too_many": _parts_many,
    "time_zone_odd": _offset_odd,
    "contact_unnamed": _unnamed,
    "contact_empty": _nothing,
}
