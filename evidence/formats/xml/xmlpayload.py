"""Pictures and sounds inside an XML file (base64 in an attribute), decoded before a parser sees them.

A message backup consists of them for nine tenths. A parser would copy and check each sign of them several times; here
a search for the closing quote does. What is not plainly base64 is left to the parser as it stands.
"""

from __future__ import annotations

import re
import secrets

import pybase64

from evidence.formats.xml.xmlrepair import Readable

LEAST = 1 << 10  # shorter values are left where they are
MOST = 8 << 20  # so are longer ones: they would have to be held as a whole
_WAITING = 1 << 24  # bytes that nobody has taken: above this, nothing more is cut out
_TAG_LIMIT = 1 << 16


class Payloads:
    """A byte stream in which the values of one attribute are replaced by short marks; :meth:`take` gives their bytes.

    The stream is UTF-8 XML. ``removed`` counts the bytes of text that were left out so far. The marks hold a random
    number, so that no file can contain one.
    """

    def __init__(self, raw: Readable, element: str, attribute: str, most: int = MOST) -> None:
        self.element = element
        self._raw, self._attribute, self._most = raw, attribute, most
        self._start = f"<{element}".encode()
        # "<" cannot stand in an attribute, so a match is a start tag (or lies in a comment, which nobody reads).
        self._value = re.compile(
            self._start
            + rb"(?:\s+[\w:.-]+\s*=\s*(?:\"[^<\"]*\"|'[^<']*'))*?\s+"
            + attribute.encode()
            + rb"\s*=\s*([\"'])"
        )
        self._tail = b""
        self._mark = secrets.token_hex(8)
        self._cut: dict[str, bytes] = {}
        self._waiting = 0
        self._count = 0
        self.removed = 0

    def take(self, attributes: dict[str, str]) -> bytes | None:
        """The bytes that the attribute's mark stands for, and the attribute goes; None for any other value."""
        data = self._cut.pop(attributes.get(self._attribute, ""), None)
        if data is not None:
            del attributes[self._attribute]
            self._waiting -= len(data)
        return data

    def read(self, size: int = 1 << 18, /) -> bytes:
        """The next block; empty only at the end."""
        while True:
            new = self._raw.read(size)
            data = self._tail + new if self._tail else new
            self._tail = b""
            out = self._replaced(data, ended=not new)
            if out or not new:
                return out

    def _replaced(self, data: bytes, ended: bool) -> bytes:
        """``data`` with marks; what cannot be decided before more is there goes to the tail."""
        out: list[bytes] = []
        done = scan = 0
        while (at := data.find(self._start, scan)) >= 0:
            scan = at + len(self._start)
            match = self._value.match(data, at)
            if match is None:
                if ended or len(data) - at > _TAG_LIMIT or data.find(b"<", scan) >= 0:
                    continue  # the tag is whole, and has no such attribute
                break
            begin = match.end()
            end = data.find(match[1], begin)
            if end >= 0:
                mark = self._decoded(memoryview(data)[begin:end])
                if mark is not None:
                    out += (data[done:begin], mark)
                    done = end
                scan = end
            elif not ended and len(data) - begin <= self._most:
                break
        else:
            at = len(data) if ended else _cut_name(data, self._start)
        out.append(data[done:at])
        self._tail = data[at:]
        return b"".join(out)

    def _decoded(self, text: memoryview) -> bytes | None:
        """Keep what ``text`` encodes and return a mark for it; None when it is not base64 and nothing else."""
        size = len(text)
        if not LEAST <= size <= self._most or size % 4 or self._waiting > _WAITING:
            return None
        try:
            data = pybase64.b64decode(text, validate=True)
        except ValueError:
            return None
        self._count += 1
        mark = f"{self._mark}{self._count}"
        self._cut[mark] = data
        self._waiting += len(data)
        self.removed += size
        return mark.encode()


def _cut_name(data: bytes, start: bytes) -> int:
    """Where the beginning of ``start`` stands at the end of ``data``; the length of ``data`` when it does not."""
    at = data.rfind(b"<", max(0, len(data) - len(start)))
    return at if at >= 0 and start.startswith(data[at:]) else len(data)
