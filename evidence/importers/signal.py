"""Signal: the text form that third-party tools write, ``[2019-12-24, 12:23] Name: text`` (formats.md 3.6).

Signal itself exports nothing readable, so each record says that it comes from an unofficial program.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text


class Signal:
    """Reads the file twice: who takes part, then the messages."""

    name = "signal"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the first line has such a head, and nothing in the text is WhatsApp's own."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        from evidence.formats.chats.whatsapplook import is_signal

        return is_signal(decode_head(file.head))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable when there is none."""
        from evidence.formats.chats.signalread import read_signal

        yield from read_signal(file, options)


IMPORTER = Signal()
