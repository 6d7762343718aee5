"""Messages of an iPhone (``sms.db``) and of a Mac (``chat.db``): SMS, MMS, iMessage, RCS."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.formats.iphone.iphonebackup import MESSAGES, in_backup
from evidence.formats.sqlite.sqlitefile import is_sqlite, open_copy, tables_of
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_NEEDED = frozenset(("date", "is_from_me", "handle_id"))


class IphoneMessages:
    """Reads message databases in the order of their row numbers, in constant memory."""

    name = "iphone_messages"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is a database with Apple's ``message`` and ``handle`` tables."""
        if not is_sqlite(file.head):
            return False
        tables = tables_of(file.path)
        message = tables.get("message", frozenset())
        return message >= _NEEDED and bool({"text", "attributedbody"} & message) and "id" in tables.get("handle", ())

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        from evidence.formats.iphone.iphonemessages import MessageRun

        with open_copy(in_backup(file, *MESSAGES), options.scratch) as database:
            yield from MessageRun(file, options, database).all()


IMPORTER = IphoneMessages()
