"""A text file that has to be seen whole (its own later lines settle what the earlier ones mean), within a limit."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.errors import Unreadable
from evidence.formats.chats.textlines import TextLines, open_lines
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Problem

SIZE_LIMIT = 64 << 20  # bytes


def read_whole(file: FileProbe, options: ReadOptions) -> tuple[str, TextLines]:
    """The text with ``\\n`` as line end, and how it was decoded. Raises Unreadable above :data:`SIZE_LIMIT`."""
    if file.size > SIZE_LIMIT:
        message = _("This text has {mb} MB; texts of this form are read up to {limit} MB.")
        raise Unreadable(message.format(mb=file.size >> 20, limit=SIZE_LIMIT >> 20))
    lines = open_lines(file.path, options.encoding)
    text = "".join(lines.lines()).replace("\r\n", "\n").replace("\r", "\n")
    return text, lines


def text_problems(lines: TextLines) -> Iterator[Problem]:
    """What was wrong with the file as a text, once per kind. Ask after the lines have been read."""
    from evidence.formats.tables.csvrows import CsvFile

    yield from CsvFile(lines, ",").problems()
