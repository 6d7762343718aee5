"""The message database of an Android phone, ``mmssms.db`` (AOSP ``TelephonyProvider``; formats.md 1.7).

Tables ``sms`` and ``pdu`` (MMS) with ``part``, ``addr``, ``threads`` and ``canonical_addresses``; makers' own tables of
the same columns (``spam_sms`` …) are read like ``sms``.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.android.androidparts import MmsRow, Part
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.androidtables import CALLS, Grouped, place, read_calls, without_number
from evidence.formats.android.androidvalues import as_text
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.formats.sqlite.sqliterows import Row, SqliteFile
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_SMS = frozenset(("address", "body", "date"))
_PDU = frozenset(("_id", "date", "msg_box", "m_type"))
_PLACES = ("../app_parts/", "app_parts/", "../parts/", "parts/")
_RECEIVED = "1"
_THREAD_LIMIT = 100_000
_RECIPIENT_LIMIT = 200  # of one conversation


class AndroidMessages:
    """Reads the tables one after the other, each in the order of its row numbers."""

    name = "android_messages"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is an SQLite file with Android's table ``sms`` or ``pdu``."""
        if not is_sqlite(file.head):
            return False
        tables = tables_of(file.path)
        return _SMS | {"type", "thread_id"} <= tables.get("sms", frozenset()) or tables.get("pdu", frozenset()) >= _PDU

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the database; part files are looked for in ``app_parts`` beside its folder."""
        with open_copy(file, options.scratch) as database:
            run = AndroidRows(file, options, attach, _PLACES)
            peers = _Peers(database)
            for table in _message_tables(database):
                for n, row in enumerate(database.rows(table), 1):
                    locator = place(table, row, n)
                    yield from run.sms(without_number(row), locator, peers.of(row.get("thread_id")))
            yield from _mms(database, run, peers)
            if database.tables.get("calls", frozenset()) >= CALLS:
                yield from read_calls(database, run)
            yield from run.problems()
            yield from database.problems()


def _message_tables(database: SqliteFile) -> list[str]:
    """``sms``, then every other table with an address, a text and a date."""
    return sorted((name for name, columns in database.tables.items() if columns >= _SMS), key=lambda n: (n != "sms", n))


def _mms(database: SqliteFile, run: AndroidRows, peers: _Peers) -> Iterator[Item]:
    parts = Grouped(database, "part", "mid", run.notes)
    addresses = Grouped(database, "addr", "msg_id", run.notes)
    for n, row in enumerate(database.rows("pdu"), 1):
        locator = place("pdu", row, n)
        own_parts, own_addresses = parts.of(row.get("_id")), addresses.of(row.get("_id"))
        conversation = peers.of(row.get("thread_id"))
        sent_to = () if as_text(row.get("msg_box")) == _RECEIVED else _addressees(own_addresses)
        message = MmsRow(
            without_number(row),
            [Part(without_number(part)) for part in own_parts],
            [without_number(address) for address in own_addresses],
            sent_to or conversation,
        )
        yield from run.mms(message, locator)
    parts.rest()
    addresses.rest()


def _addressees(addresses: list[Row]) -> tuple[str, ...]:
    """The numbers a sent message went to; Android names the sender with type 137 only."""
    return tuple(
        text
        for row in addresses
        if as_text(row.get("type")) != "137"
        and (text := as_text(row.get("address")))
        and text != "insert-address-token"
    )


class _Peers:
    """Who takes part in a conversation: ``threads.recipient_ids`` names rows of ``canonical_addresses``."""

    def __init__(self, database: SqliteFile) -> None:
        self._addresses = (
            {
                str(row["_id"]): text
                for row in database.query(_limited("canonical_addresses", "address"))
                if (text := as_text(row["address"]))
            }
            if "address" in database.columns("canonical_addresses")
            else {}
        )
        self._threads = (
            {
                row["_id"]: as_text(row["recipient_ids"]) or ""
                for row in database.query(_limited("threads", "recipient_ids"))
            }
            if "recipient_ids" in database.columns("threads")
            else {}
        )

    def of(self, thread: object) -> tuple[str, ...]:
        """The numbers of a conversation; () where they are not told."""
        ids = self._threads.get(thread, "").split(" ", _RECIPIENT_LIMIT)
        return tuple(self._addresses[one] for one in ids if one in self._addresses)


def _limited(table: str, column: str) -> str:
    return f"select _id, {column} from {table} limit {_THREAD_LIMIT}"


IMPORTER = AndroidMessages()
