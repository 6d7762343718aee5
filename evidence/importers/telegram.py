"""Telegram Desktop: ``result.json`` of one chat or of a whole account (formats.md 3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions


class Telegram:
    """Reads the export once, one message in memory at a time."""

    name = "telegram"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the object is an export of a chat or of an account, with messages of Telegram's form."""
        if b'"messages"' not in file.head and b'"about"' not in file.head:
            return False
        from evidence.formats.chats.telegramread import is_telegram

        return is_telegram(file.head)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message and contact, then what is told once."""
        from evidence.formats.chats.telegramread import read_telegram

        yield from read_telegram(file, options)


IMPORTER = Telegram()
