"""LINE: a chat sent as text by the phone itself, ``[LINE] …`` (formats.md 3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.sniff import sniff
from evidence.textfile import decode_head, looks_like_text


class Line:
    """Reads the file twice: days and people, then the messages."""

    name = "line"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the text begins as LINE begins an export."""
        if not looks_like_text(file.head) or sniff(file.head) is not None:
            return False
        from evidence.formats.chats.linetext import looks_like_line

        return looks_like_line(decode_head(file.head))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Every message, then what is told once. Raises Unreadable when there is none."""
        from evidence.formats.chats.lineread import read_line_chat

        yield from read_line_chat(file, options)


IMPORTER = Line()
