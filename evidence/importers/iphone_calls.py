"""The call list of an iPhone: ``CallHistory.storedata`` (table ZCALLRECORD, iOS 8 and later).

The columns are those that public forensic tools agree on; no real file could be read here. A call that was not
answered is called missed: the file does not say whether it was turned away by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from evidence.formats.android.androidfields import compare_form
from evidence.formats.chats.oncenotes import OnceNotes
from evidence.formats.iphone.iphonebackup import CALLS, in_backup
from evidence.formats.iphone.iphonewords import CALL_WORDS
from evidence.formats.sqlite.sqlitefields import kept_fields
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.formats.sqlite.sqliterows import Row
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Direction, Outcome, Record
from evidence.times import apple_stamp, from_utc_text, to_utc_text

_TABLE = "ZCALLRECORD"
_NEEDED = frozenset(("zdate", "zaddress", "zoriginated"))
_EARLIEST = "2007-01-01"
_LONGEST = 10 * 86400  # seconds; nothing rings or talks longer
_DIRECTIONS: Mapping[Any, Direction] = {0: "in", 1: "out"}
_CHANNELS = {
    "": "call",
    "com.apple.telephony": "call",
    "com.apple.facetime": "facetime",
    "net.whatsapp.whatsapp": "whatsapp",
    "com.tencent.xin": "wechat",
    "com.tencent.mqq": "qq",
    "ph.telegra.telegraph": "telegram",
    "jp.naver.line": "line",
    "org.whispersystems.signal": "signal",
}
_TYPES = {1: "voice", 8: "facetime_video", 16: "facetime_audio"}


def outcome_of(direction: Direction | None, answered: Any, seconds: float | None) -> Outcome | None:
    """An outgoing call counts as answered when it lasted; of an incoming one the file says it."""
    if direction == "out":
        return None if seconds is None else "answered" if seconds > 0 else "missed"
    if direction is None or answered not in (0, 1):
        return None
    return "answered" if answered == 1 else "missed"


class IphoneCalls:
    """Reads call lists in the order of their row numbers."""

    name = "iphone_calls"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is a database with Apple's ``ZCALLRECORD`` table."""
        return is_sqlite(file.head) and tables_of(file.path).get(_TABLE, frozenset()) >= _NEEDED

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        notes = OnceNotes(CALL_WORDS)
        latest = None if file.mtime is None else to_utc_text(from_utc_text(file.mtime) + timedelta(days=1))
        with open_copy(in_backup(file, *CALLS), options.scratch) as database:
            for ordinal, row in enumerate(database.rows(_TABLE), 1):
                record = _record(row, f"call {row.get('rowid', ordinal)}", options.holder)
                if record.time.utc is None:
                    notes.add("time_unreadable", record.locator)
                elif record.time.utc < _EARLIEST or (latest is not None and record.time.utc > latest):
                    notes.add("time_odd", record.locator)
                if record.number is None:
                    notes.add("number_missing", record.locator)
                yield record
            yield from notes.problems()
            yield from database.problems()


def _record(row: Row, locator: str, holder: str) -> Record:
    address, name, lasted = _text(row.get("zaddress")), _text(row.get("zname")), row.get("zduration")
    direction = _DIRECTIONS.get(row.get("zoriginated"))
    known = isinstance(lasted, int | float) and 0 <= lasted < _LONGEST
    seconds = float(lasted) if isinstance(lasted, int | float) and known else None
    time = apple_stamp(row.get("zdate"))
    extras = kept_fields(row)
    taken = {"rowid": True, "zdate": time.raw, "zduration": known, "zaddress": address, "zname": name}
    for column, used in taken.items():
        if used:  # a value that cannot be read stays as found
            extras.pop(column, None)
    kind = _TYPES.get(row.get("zcalltype") or 0)
    provider = _text(row.get("zservice_provider")) or ""
    return Record(
        kind="call",
        channel=_CHANNELS.get(provider.lower(), "unknown"),
        locator=locator,
        time=time,
        direction=direction,
        number=compare_form(address),
        number_raw=address,
        name=name,
        duration_s=seconds,
        outcome=outcome_of(direction, row.get("zanswered"), seconds),
        holder=holder,
        extras=extras | ({"call_type": kind} if kind else {}),
    )


def _text(value: Any) -> str | None:
    """Text, also where it is stored as bytes (the address is)."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if isinstance(value, int) and value > 0:
        value = str(value)
    return value or None if isinstance(value, str) else None


IMPORTER = IphoneCalls()
