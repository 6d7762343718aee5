"""The address book of an iPhone: ``AddressBook.sqlitedb`` (ABPerson, ABMultiValue), names given to numbers.

The columns are those of the published schema; no real file could be read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.formats.chats.oncenotes import OnceNotes
from evidence.formats.contacts.personnames import apple_label, full_name
from evidence.formats.iphone.iphonebackup import CONTACTS, in_backup
from evidence.formats.iphone.iphonechats import Lookup
from evidence.formats.iphone.iphonewords import CONTACT_WORDS
from evidence.formats.sqlite.sqlitefields import kept_fields
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.formats.sqlite.sqliterows import Row, SqliteFile
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Contact
from evidence.phone import normalise

_PERSON = frozenset(("first", "last", "organization"))
_VALUE = frozenset(("record_id", "property", "label", "value"))
_PHONE, _EMAIL, _MESSENGER = 3, 4, 13  # kABPersonPhoneProperty and its sisters
_FULL = 20  # values of one person that carry all the person's fields
_NAMES = ("prefix", "first", "middle", "last", "suffix")


class IphoneContacts:
    """Reads address books; one contact for each number, e-mail address and messenger account."""

    name = "iphone_contacts"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is a database with Apple's ``ABPerson`` and ``ABMultiValue`` tables."""
        if not is_sqlite(file.head):
            return False
        tables = tables_of(file.path)
        return tables.get("ABPerson", frozenset()) >= _PERSON and tables.get("ABMultiValue", frozenset()) >= _VALUE

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        with open_copy(in_backup(file, *CONTACTS), options.scratch) as database:
            yield from _Run(database).all()


class _Run:
    """One pass over one address book."""

    def __init__(self, database: SqliteFile) -> None:
        self._database = database
        self._people = Lookup(database, "ABPerson")
        self._labels = Lookup(database, "ABMultiValueLabel")
        self._given: dict[int, int] = {}
        self._notes = OnceNotes(CONTACT_WORDS)

    def all(self) -> Iterator[Item]:
        """Every value in the order of its row number, then what is told once."""
        for ordinal, row in enumerate(self._database.rows("ABMultiValue"), 1):
            locator = f"value {row.get('rowid', ordinal)}"
            contact = self._contact(row, locator)
            if contact is not None:
                yield contact
        query = "select count(*) as n from ABPerson where rowid not in (select record_id from ABMultiValue)"
        for row in self._database.query(query):
            if row["n"]:
                self._notes.add("contact_empty", "ABPerson", times=row["n"])
        yield from self._notes.problems()
        yield from self._database.problems()

    def _contact(self, row: Row, locator: str) -> Contact | None:
        person_id, sort = row.get("record_id"), row.get("property")
        person = self._people.get(person_id)
        if person is None or not isinstance(person_id, int):
            self._notes.add("value_without_person", locator)
            return None
        account = None
        raw = row.get("value")
        value = str(raw) if isinstance(raw, (str, int)) and raw else None
        if sort == _MESSENGER:
            account = self._messenger(row.get("uid", row.get("rowid")))
        elif sort == _EMAIL:
            account = value
        if (sort == _PHONE and value is None) or (sort != _PHONE and account is None):
            self._notes.add("other_values", locator)
            return None
        name = _name(person)
        if not name:
            self._notes.add("contact_unnamed", locator)
            return None
        self._given[person_id] = self._given.get(person_id, 0) + 1
        extras: dict[str, Any] = {"person": person_id}
        label = self._labels.get(row.get("label"))
        if label is not None and isinstance(label.get("value"), str):
            extras["label"] = apple_label(label["value"])
        if self._given[person_id] <= _FULL:
            extras |= {k: v for k, v in kept_fields(person).items() if k not in (*_NAMES, "rowid")}
        if sort == _PHONE:
            return Contact(locator, name, normalise(value), value, None, extras)
        return Contact(locator, name, None, None, account, extras)

    def _messenger(self, uid: Any) -> str | None:
        """``service:name`` of a messenger entry, from the keys and values in its own rows."""
        columns = set(self._database.columns("ABMultiValueEntry"))
        if not {"parent_id", "key", "value"} <= columns or not self._database.columns("ABMultiValueEntryKey"):
            return None
        query = (
            "select k.value as word, e.value as value from ABMultiValueEntry e "
            "left join ABMultiValueEntryKey k on k.rowid = e.key where e.parent_id = ? limit 20"
        )
        said = {row["word"]: row["value"] for row in self._database.query(query, [uid])}
        user, service = said.get("username"), said.get("service")
        if not isinstance(user, str) or not user:
            return None
        return f"{service.lower() if isinstance(service, str) and service else 'im'}:{user}"


def _name(person: Row) -> str:
    """The person's name, else the nickname or the firm."""
    parts = (person.get(column) for column in _NAMES)
    prefix, first, middle, last, suffix = (p.strip() if isinstance(p, str) else "" for p in parts)
    other = (person.get("nickname"), person.get("organization"))
    return next(
        (t for t in (full_name(last, first, middle, prefix, suffix), *(o for o in other if isinstance(o, str))) if t),
        "",
    )


IMPORTER = IphoneContacts()
