"""SMS Import / Export (tmo1/sms-ie): messages, calls and contacts as JSON (formats.md 1.7; the app's README).

Version 2 writes ``messages.ndjson`` beside a folder ``data/`` (usually both in one ZIP), version 1 one JSON array with
attachments inside. Keys are the columns of Android's tables; keys of the app's own begin with ``__`` in version 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.android.androidcontacts import Entry, contacts_of
from evidence.formats.android.androidjson import Values
from evidence.formats.android.androidparts import MmsRow, Part
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.androidvalues import as_text, kept
from evidence.formats.json.jsonstream import Found, top_level
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_ENCRYPTED = b"SSEF\0\xff"
_SMS = frozenset(("thread_id", "address", "date", "type", "body"))
_MMS = frozenset(("thread_id", "date", "msg_box", "m_type"))
_CALL = frozenset(("number", "date", "duration", "type"))
_ANDROID_CALL = frozenset(("_id", "presentation", "display-name", "geocoded_location", "subscription_id", "countryiso"))
_BOOK = "raw_contacts"
_CHILDREN = {
    "sender": "sender_address",
    "recipients": "recipient_addresses",
    "parts": "parts",
    "addresses": "addresses",
}


class EncryptedExport(Unreadable):
    """This export of SMS Import / Export is encrypted. Turn encryption off in the app and export once more."""

    code = "encrypted"


class SmsIe:
    """Reads one value after the other; a row is told from the columns that it has."""

    name = "sms_ie"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the first object has the columns of Android's messages, calls or contacts, or it is encrypted."""
        if file.head.startswith(_ENCRYPTED):
            return True
        if file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            return False
        keys = top_level(file.head) or frozenset()
        messages = keys >= {"_id", "thread_id", "date"} and bool(keys & {"type", "msg_box", "m_type"})
        calls = keys >= _CALL and bool(keys & _ANDROID_CALL)
        return messages or calls or keys >= {"_id", _BOOK}

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file, in its order. Raises EncryptedExport."""
        if file.head.startswith(_ENCRYPTED):
            raise EncryptedExport()
        array = file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        run = AndroidRows(file, options, attach, ("data/",))
        values = Values(file, ("item" if array else "",), "entry", run)
        for found in values:
            yield from _entry(found, values.place(found), run)
        yield from values.problems()
        yield from run.problems()


def _entry(found: Found, locator: str, run: AndroidRows) -> Iterator[Item]:
    row = found.value
    if not isinstance(row, dict):
        run.notes.add("row_unreadable", locator, _("no entry of this format"))
    elif _BOOK in row:
        yield from _contact(row, locator, run)
    elif "msg_box" in row or "m_type" in row or any(_own(row, name) is not None for name in _CHILDREN.values()):
        yield from run.mms(_message(row), locator)
    elif "number" in row and "duration" in row:
        yield from run.call(row, locator)
    elif row.keys() & {"address", "body", "thread_id"}:
        yield from run.sms(row, locator)
    else:
        run.notes.add("row_unreadable", locator, _("no entry of this format"))


def _own(row: Mapping[str, Any], name: str) -> Any:
    """A key that the app added: with two underscores since version 2."""
    return row.get(f"__{name}", row.get(name))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _message(row: Mapping[str, Any]) -> MmsRow:
    sender, recipients = _objects(_own(row, "sender_address")), _objects(_own(row, "recipient_addresses"))
    addresses = [*sender, *recipients, *_objects(_own(row, "addresses"))]
    parts = [_part(part) for part in _objects(_own(row, "parts"))]
    sent_to = [text for entry in recipients if (text := as_text(entry.get("address")))]
    peers = () if as_text(row.get("msg_box")) == "1" else tuple(t for t in sent_to if t != "insert-address-token")
    names = {key for name in _CHILDREN.values() for key in (name, f"__{name}")}
    return MmsRow(
        {k: v for k, v in row.items() if k not in names or not isinstance(v, list | dict)}, parts, addresses, peers
    )


def _part(row: Mapping[str, Any]) -> Part:
    """Version 1 carries the content as ``binary_data``; version 2 names a file in ``data/``."""
    content = row.get("binary_data")
    if not isinstance(content, str):
        return Part(row)
    return Part({key: value for key, value in row.items() if key != "binary_data"}, content)


def _contact(row: Mapping[str, Any], locator: str, run: AndroidRows) -> Iterator[Item]:
    person = {key: value for key, value in row.items() if key != _BOOK}
    for n, raw in enumerate(_objects(row[_BOOK]), 1):
        rows = [
            (f"{locator}/raw[{n}]/data[{k}]", as_text(data.get("mimetype")) or "", data)
            for k, data in enumerate(_objects(raw.get("contacts_data")), 1)
        ]
        about = {key: value for key, value in raw.items() if key != "contacts_data"}
        extras = {"contact": kept(person), "raw_contact": kept(about)}
        name = as_text(raw.get("display_name")) or as_text(row.get("display_name"))
        yield from contacts_of(Entry(f"{locator}/raw[{n}]", name, rows, extras), run.notes)


IMPORTER = SmsIe()
