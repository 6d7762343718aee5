"""A mailbox in one file (mbox: Thunderbird, Apple Mail, Google Takeout), read message by message (RFC 4155).

Two dialects differ in how they write a body line that begins with “From ”: mboxo puts ``>`` before it, mboxrd before
every such line that already has some. One ``>`` is taken away again, and the record says how often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from evidence.importers.base import Attach, FileProbe, Item, ReadOptions

_LINE = 1 << 20  # longer lines are read in pieces
_DATED = re.compile(rb"From .{0,400}\d{1,2}:\d{2}(?::\d{2})?.{0,40}\d{4}|From .{0,400}\d{4}.{0,20}\d{1,2}:\d{2}")
_FIELD = re.compile(rb">?[!-9;-~]{1,76}[ \t]*:")
_ESCAPED = re.compile(rb">+From ")


@dataclass(slots=True)
class RawMessage:
    """One message as it lies in the file. ``offset`` is the byte at which its “From ” line begins, ``separator`` that
    line; ``size`` may be more than ``data`` holds; ``unescaped`` counts lines that lost a ``>``."""

    ordinal: int
    offset: int
    separator: bytes
    data: bytes = b""
    size: int = 0
    unescaped: int = 0


@dataclass(slots=True)
class _Building:
    limit: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    unescaped: int = 0

    def add(self, line: bytes, whole: bool) -> None:
        if whole and line.startswith(b">") and _ESCAPED.match(line):
            line = line[1:]
            self.unescaped += 1
        if self.size <= self.limit:
            self.lines.append(line)
        self.size += len(line)


def split_mbox(stream: BinaryIO, limit: int) -> Iterator[RawMessage]:
    """Every message, in file order, one at a time in memory and at most ``limit`` bytes of it (and one line).

    A line begins a message when it starts with ``From `` and the next line is a header field, and either a date is in
    it or an empty line is before it: so “From here on …” in a body that nobody escaped begins none.
    """
    current: RawMessage | None = None
    building = _Building(limit)
    offset, blank, fresh, ordinal = 0, True, True, 0
    line = stream.readline(_LINE)
    while line:
        following = stream.readline(_LINE)
        if fresh and line.startswith(b"From ") and _begins(line, following, blank):
            if current is not None:
                yield _done(current, building)
            ordinal += 1
            current, building = RawMessage(ordinal, offset, line.rstrip(b"\r\n")), _Building(limit)
        elif current is not None:
            building.add(line, fresh)
        blank = fresh and not line.strip(b"\r\n")
        fresh = line.endswith(b"\n")
        offset += len(line)
        line = following
    if current is not None:
        yield _done(current, building)


def _begins(line: bytes, following: bytes, blank: bool) -> bool:
    if not _FIELD.match(following):
        return blank and _DATED.match(line) is not None and not following.strip()
    return blank or _DATED.match(line) is not None


def _done(message: RawMessage, building: _Building) -> RawMessage:
    message.data, message.size, message.unescaped = b"".join(building.lines), building.size, building.unescaped
    return message


class Mailbox:
    """Each message is a record; mails and chats inside one follow it."""

    name = "mbox"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the file begins with a dated “From ” line and header fields."""
        head = file.head[:8192].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if not head.startswith(b"From "):
            return False
        first, _newline, rest = head.partition(b"\n")
        return _DATED.match(first) is not None and _FIELD.match(rest) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The messages in file order, then what is told once. Holds one message in memory."""
        from evidence.formats.mail.mailread import MAX_MESSAGE, MailReader

        reader = MailReader(options, attach, file.path)
        with file.path.open("rb") as stream:
            if stream.read(3) != b"\xef\xbb\xbf":
                stream.seek(0)
            for message in split_mbox(stream, MAX_MESSAGE):
                more: dict[str, object] = {
                    "byte_offset": message.offset,
                    "envelope": message.separator.decode("utf-8", "backslashreplace"),
                }
                if message.unescaped:
                    more["from_lines_unescaped"] = message.unescaped
                yield from reader.read(message.data, f"message[{message.ordinal}]", more)
        yield from reader.summary()


IMPORTER = Mailbox()
