"""The call log and address book databases of an Android phone, ``calllog.db`` and ``contacts2.db`` (formats.md 1.7).

Up to Android 6 both are in ``contacts2.db``; since then the calls are in ``calllog.db``.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.android.androidcontacts import Entry, contacts_of
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.androidtables import CALLS, Grouped, place, read_calls, without_number
from evidence.formats.android.androidvalues import as_text, kept
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.formats.sqlite.sqliterows import SqliteFile
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_BOOK = {
    "raw_contacts": frozenset(("_id",)),
    "data": frozenset(("raw_contact_id", "mimetype_id", "data1")),
    "mimetypes": frozenset(("_id", "mimetype")),
}
_KIND_LIMIT = 10_000
_PHOTO = "data15"  # a picture; never needed, and large


class AndroidPhoneDb:
    """Reads the calls, then the address book, each in the order of its row numbers."""

    name = "android_phone_db"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is an SQLite file with Android's calls or contacts, and not its messages."""
        if not is_sqlite(file.head):
            return False
        tables = tables_of(file.path)
        none: frozenset[str] = frozenset()
        calls = tables.get("calls", none) >= CALLS
        book = all(tables.get(table, none) >= columns for table, columns in _BOOK.items())
        return (calls or book) and not {"sms", "pdu"} & tables.keys()

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Calls as records, entries of the address book as contacts."""
        with open_copy(file, options.scratch) as database:
            run = AndroidRows(file, options, attach)
            if database.tables.get("calls", frozenset()) >= CALLS:
                yield from read_calls(database, run)
            if all(database.tables.get(table, frozenset()) >= columns for table, columns in _BOOK.items()):
                yield from _book(database, run)
            yield from run.problems()
            yield from database.problems()


def _book(database: SqliteFile, run: AndroidRows) -> Iterator[Item]:
    kinds = {
        row["_id"]: as_text(row["mimetype"]) or ""
        for row in database.query("select _id, mimetype from mimetypes limit ?", [_KIND_LIMIT])
    }
    data = Grouped(database, "data", "raw_contact_id", run.notes, _PHOTO)
    for n, row in enumerate(database.rows("raw_contacts"), 1):
        rows = [
            (place("data", one, k), kinds.get(one["mimetype_id"], ""), without_number(one))
            for k, one in enumerate(data.of(row.get("_id")), 1)
        ]
        locator = place("raw_contacts", row, n)
        extras = {"raw_contact": kept(without_number(row))}
        if as_text(row.get("deleted")) == "1":
            extras["state"] = "deleted"
        name = as_text(row.get("display_name"))
        yield from contacts_of(Entry(locator, name, rows, extras), run.notes)
    data.rest()


IMPORTER = AndroidPhoneDb()
