"""The lines of vCard files: 2.1 as Chinese Androids write it, 3.0 (RFC 2426, 2425), 4.0 (RFC 6350).

Written here because the library for it (vobject 1.0) gives up the whole file at one line without colon, at a soft line
break of 2.1, at a photo that is not indented, and at a file that was cut off. Here a line is the unit, and a bad one
costs itself. Works on bytes: one file can hold several encodings.
"""

from __future__ import annotations

import codecs
import io
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote

LONGEST = 1 << 20  # bytes kept of one line; a longer one (a photo) is counted to its end
_PIECE = 65536
_EDGE = re.compile(rb"(?i)\s*(?:BEGIN|END)[ \t]*:[ \t]*VCARD\s*\Z")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CHARSET = re.compile(
    r"(?:us-)?ascii|utf-?(?:8|16|16le|16be)|(?:gb|big5|cp|windows-|iso-?8859|koi8|euc|shift)[a-z0-9_-]{0,12}"
)
_SEMICOLON = re.compile(r"((?:[^\\;]|\\.|\\\Z)*)(?:;|\Z)", re.DOTALL)
ENCODINGS = ("utf-8", "gb18030", "big5")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its continuations: where it begins (1 = first), its bytes (at most LONGEST), its true size."""

    number: int
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Property:
    """One property. ``name`` and the keys of ``params`` are upper case, values lower; a bare parameter is a type."""

    number: int
    group: str
    name: str
    params: Mapping[str, tuple[str, ...]]
    value: bytes
    size: int

    @property
    def types(self) -> tuple[str, ...]:
        """What kind of number or address it is, as the file says (cell, work, …)."""
        return self.params.get("TYPE", ())

    @property
    def quoted(self) -> bool:
        """Whether the value is written in quoted-printable."""
        return "quoted-printable" in self.params.get("ENCODING", ())

    @property
    def binary(self) -> bool:
        """Whether the value is a picture, sound or key in base64 (as such, or as a data address of 4.0)."""
        inside = self.value[:5].lower() == b"data:"
        return inside or bool({"b", "base64"} & set(self.params.get("ENCODING", ())))


def _physical(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """(number, bytes up to LONGEST, size) of each line as it stands in the file, without its end."""
    mark = stream.read(2)
    stream.seek(0)
    text = io.TextIOWrapper(stream, "utf-16", "replace", newline="\n") if mark in _UTF16 else None
    number, kept, size = 1, bytearray(), 0
    while True:
        piece = stream.readline(_PIECE) if text is None else text.readline(_PIECE).encode("utf-8", "replace")
        if not piece and size == 0:
            return
        size += len(piece)
        if len(kept) < LONGEST:
            kept += piece[: LONGEST - len(kept)]
        if piece.endswith(b"\n") or not piece:
            data = bytes(kept).rstrip(b"\r\n")
            yield number, data.removeprefix(codecs.BOM_UTF8) if number == 1 else data, size
            number, kept, size = number + 1, bytearray(), 0


class _Open:
    """A line that may go on."""

    def __init__(self, number: int, data: bytes, size: int) -> None:
        self.number, self.size = number, size
        self.parts, self.room = [data], LONGEST - len(data)
        head = data.split(b":", 1)[0].upper() if b":" in data else b""
        self.quoted = b"QUOTED-PRINTABLE" in head
        self.binary = b"BASE64" in head or b"ENCODING=B" in head
        self.soft = self.quoted and data.rstrip().endswith(b"=")

    def goes_on(self, data: bytes) -> bool:
        """Whether ``data`` continues this line: soft break of quoted-printable, folding, base64 without indent."""
        if _EDGE.match(data):
            return False
        return self.soft or data[:1] in (b" ", b"\t") or (self.binary and data != b"" and b":" not in data)

    def add(self, data: bytes, size: int, keep_blank: bool) -> None:
        """One more physical line. In 2.1 the blank of a folded text belongs to the text."""
        if self.soft:
            self.parts[-1] = self.parts[-1].rstrip()[:-1]
        elif not keep_blank or self.binary:
            data = data[1:] if data[:1] in (b" ", b"\t") else data
        self.size += size
        self.parts.append(data[: max(self.room, 0)])
        self.room -= len(data)
        self.soft = self.quoted and data.rstrip().endswith(b"=")

    def line(self) -> Line:
        """What was gathered."""
        return Line(self.number, b"".join(self.parts), self.size)


def logical_lines(stream: BinaryIO) -> Iterator[Line]:
    """Lines with their continuations joined; blank ones are left out. Reads in constant memory."""
    current: _Open | None = None
    keep_blank = False
    for number, data, size in _physical(stream):
        if current is not None and current.goes_on(data):
            current.add(data, size, keep_blank)
            continue
        if current is not None:
            yield current.line()
        current = None
        if data.strip():
            current = _Open(number, data, size)
            start = data.strip().upper().replace(b" ", b"")
            if start.startswith((b"BEGIN:", b"VERSION:")):
                keep_blank = start == b"VERSION:2.1"
    if current is not None:
        yield current.line()


def parse(line: Line) -> Property | None:
    """The parts of a line, or None for one that is no property (no colon, no name)."""
    at = _colon(line.data)
    if at < 0:
        return None
    head, value = line.data[:at].decode("utf-8", "replace"), line.data[at + 1 :]
    first, *rest = _parameters(head)
    group, _dot, name = first.strip().rpartition(".")
    if not name:
        return None
    params: dict[str, tuple[str, ...]] = {}
    for part in rest:
        key, equals, said = part.partition("=")
        key = key.strip().upper() if equals else ""
        values = tuple(v.strip(' "').lower() for v in (said if equals else part).split(","))
        if not equals:  # 2.1 leaves the parameter's name out
            key = "ENCODING" if set(values) <= {"quoted-printable", "base64", "8bit", "7bit"} else "TYPE"
        params[key] = params.get(key, ()) + values
    return Property(line.number, group, name.upper(), params, value.strip(), line.size)


def _colon(data: bytes) -> int:
    """The colon that ends the name: the first one outside of quotes, else the first one."""
    first = data.find(b":")
    if b'"' not in data[: max(first, 0)]:
        return first
    quoted = False
    for at, byte in enumerate(data[:_PIECE]):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x3A and not quoted:
            return at
    return first


def _parameters(head: str) -> list[str]:
    """Cut at semicolons outside of quotes."""
    if '"' not in head:
        return head.split(";")
    out, quoted = [""], False
    for char in head:
        quoted ^= char == '"'
        if char == ";" and not quoted:
            out.append("")
        else:
            out[-1] += char
    return out


def settle_encoding(lines: Iterable[Line]) -> str | None:
    """The first of ENCODINGS in which every line without stated charset is valid; None for a file of several.

    Nearly all UTF-8 is also valid GB18030, so a line of Chinese in UTF-8 among others that are not settles for None.
    """
    left = list(ENCODINGS)
    surely_utf8 = False
    for line in lines:
        if line.data.isascii() or line.size > LONGEST or b"CHARSET=" in line.data[:200].upper():
            continue
        left = [name for name in left if _decodes(line.data, name)]
        surely_utf8 = surely_utf8 or (_decodes(line.data, "utf-8") and max(line.data.decode()) >= "\u0800")
        if not left or (surely_utf8 and "utf-8" not in left):
            return None
    return left[0]


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Values:
    """The text of a value, whole and cut at its semicolons. ``damaged``: some bytes fit no encoding."""

    text: str
    parts: tuple[str, ...]
    damaged: bool


def values(prop: Property, version: str, encoding: str) -> Values:
    """The value of a property as text, without escapes."""
    damaged = False

    def text_of(data: bytes) -> str:
        nonlocal damaged
        for name in (*_stated(prop), encoding, *ENCODINGS):
            if _decodes(data, name):
                return data.decode(name)
        damaged = True
        return data.decode(encoding, "replace")

    if prop.quoted:
        pieces = [text_of(quopri.decodestring(part)) for part in prop.value.split(b";")]
        return Values(";".join(pieces), tuple(pieces), damaged)
    raw = text_of(prop.value)
    parts = tuple(_plain(match[1], version) for match in _SEMICOLON.finditer(raw))[: raw.count(";") + 1]
    return Values(_plain(raw, version), parts, damaged)


def _stated(prop: Property) -> tuple[str, ...]:
    """The charset a property names, when it is one that text is written in (Python knows stranger codecs)."""
    said = next(iter(prop.params.get("CHARSET", ())), "")
    if not _CHARSET.fullmatch(said):
        return ()
    if said in ("gb2312", "gbk", "cp936"):
        return ("gb18030",)
    try:
        return (codecs.lookup(said).name,)
    except LookupError:
        return ()


def _plain(text: str, version: str) -> str:
    r"""Without escapes. In 2.1 only ``\;`` ``\,`` ``\:`` and ``\\`` are such; ``\n`` is not."""
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        if version != "2.1" and match[1] in "nN":
            return "\n"
        return match[1] if version != "2.1" or match[1] in ";,:\\" else match[0]

    return _ESCAPED.sub(one, text)


def number_of(text: str) -> str:
    """A telephone number without the ``tel:`` of 4.0 (RFC 3966) and its parameters."""
    if text[:4].lower() != "tel:":
        return text
    return unquote(text[4:]).split(";")[0]
