"""The plain text that MemoTrace and WeFlow write: ``2024-01-02 10:22:33 名字`` or ``… '名字'``, then the words.

A heading stands after a blank line; system lines are a time and words on one line, or a time alone and words below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADING = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?: (.{1,200}))?")
_TEXT_LIMIT = 8 << 20


@dataclass(slots=True)
class MemoMessage:
    """``sender`` is None for a line of the program itself; ``quoted`` when the name stood in quotation marks."""

    line: int
    raw: str
    sender: str | None
    quoted: bool = False
    words: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        """The words without blank lines at the end."""
        lines = self.words
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join(lines)

    @property
    def cut(self) -> bool:
        """Whether the words are longer than is kept."""
        return self.size > _TEXT_LIMIT

    def add(self, line: str) -> None:
        """One more line of words."""
        self.size += len(line) + 1
        if not self.cut:
            self.words.append(line)


@dataclass(slots=True)
class MemoText:
    """One pass. ``doubtful`` are lines that look like a heading and do not stand after a blank line."""

    doubtful: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)

    def messages(self, lines: Iterator[str]) -> Iterator[MemoMessage]:
        """Every message in file order."""
        message: MemoMessage | None = None
        blank = True
        for number, source in enumerate(lines, 1):
            line = source.rstrip("\r\n")
            heading = _HEADING.fullmatch(line) if line[:2].isdecimal() and len(line) < 300 else None
            if heading is not None and blank:
                if message is not None:
                    yield _settled(message)
                message = _start(heading, number)
            elif message is not None:
                message.add(line)
                if heading is not None and len(self.doubtful) < 1000:
                    self.doubtful.append(number)
            elif line.strip() and len(self.outside) < 1000:
                self.outside.append(number)
            blank = not line.strip()
        if message is not None:
            yield _settled(message)


def _start(heading: re.Match[str], number: int) -> MemoMessage:
    name = heading[2]
    quoted = name is not None and len(name) > 2 and name[0] == name[-1] == "'"
    return MemoMessage(number, heading[1], name[1:-1] if quoted and name is not None else name, quoted)


def _settled(message: MemoMessage) -> MemoMessage:
    """A name without words below it is no name: the program wrote its line behind the time."""
    if message.sender is not None and not message.text and not message.quoted:
        message.words, message.sender = [message.sender], None
    return message


def looks_like_memo(text: str) -> bool:
    """Whether a text (or its first part) has this form: it begins with a heading, and all blocks do."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None or _HEADING.fullmatch(lines[first].rstrip("\r")) is None:
        return False
    headings = [i for i, line in enumerate(lines) if len(line) < 300 and _HEADING.fullmatch(line.rstrip("\r"))]
    after_blank = [i for i in headings if i == 0 or not lines[i - 1].strip()]
    with_words = [i for i in after_blank if i + 1 < len(lines) and lines[i + 1].strip()]
    return len(after_blank) * 3 >= len(headings) * 2 and len(with_words) * 2 >= len(after_blank)
