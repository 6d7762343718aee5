"""WhatsApp: a chat sent as text by the phone itself, ``WhatsApp Chat with X.txt`` or ``_chat.txt`` (formats.md 3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text


class WhatsApp:
    """Reads the file twice: once for what the whole of it settles, once for the messages."""

    name = "whatsapp"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the first lines carry the heads of a WhatsApp export."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        from evidence.formats.chats.whatsapplook import is_whatsapp

        return is_whatsapp(decode_head(file.head))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once per file. Raises Unreadable when there is no message."""
        from evidence.formats.chats.whatsappread import read_whatsapp

        yield from read_whatsapp(file, options)


IMPORTER = WhatsApp()
