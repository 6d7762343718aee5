"""Telegram Desktop: ``messages.html``, ``messages2.html`` …, the form for reading (formats.md 3.2).

It says less than ``result.json``: no accounts, and who is meant only by name. Each file is a source of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions


class TelegramHtml:
    """Reads one page of an export."""

    name = "telegram_html"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether this is a page with the title and the parts of such an export."""
        head = file.head
        if b"<title>Exported Data</title>" not in head and b"css/style.css" not in head:
            return False
        return b'class="page_wrap' in head and (b'class="message ' in head or b'id="message' in head)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable when the page holds none."""
        from evidence.formats.chats.telegrampage import read_page

        yield from read_page(file, options)


IMPORTER = TelegramHtml()
