"""The lines of a text file of any size, in whatever encoding it was written (formats.md 0.6).

The encoding is settled on a bounded part of the file. A later byte that does not fit is replaced and counted: the
whole file is never held in memory, and nothing is dropped in silence.
"""

from __future__ import annotations

import codecs
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import Unreadable
from evidence.i18n import gettext as _

SAMPLE_BYTES = 1 << 20
LINE_CHARS = 16 << 20
"""A longer line is not read (it would have to be held in memory); it is named in ``too_long``."""
_SEARCH_BYTES = 64 << 20  # how far to look for the first byte that is not ASCII
_CHUNK = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LADDER = ("utf-8", "gb18030", "big5")
_GB = {"gb2312", "gbk", "gb18030", "cp936", "ansi", "hz-gb-2312", "euc-cn"}
_FEW = 0.01  # damaged places per readable character, up to which UTF-8 is still UTF-8
_ENOUGH = 20  # characters beyond ASCII that make that judgement possible

_replaced = threading.local()


def _count_and_replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _replaced.n = getattr(_replaced, "n", 0) + 1
    return "\ufffd", error.end


codecs.register_error("dunlog-count", _count_and_replace)


def _decode(decoder: codecs.IncrementalDecoder, data: bytes, final: bool) -> tuple[str, int]:
    """The text, and how many places in it were replaced."""
    _replaced.n = 0
    text = decoder.decode(data, final)
    return text, _replaced.n


def find_encoding(sample: bytes, stated: str | None = None) -> tuple[str, int, str]:
    """(codec, length of the byte order mark, how it was found) for the first bytes of a text.

    Stated name, byte order mark, UTF-16 without a mark, strict UTF-8, UTF-8 with a few damaged places, GB18030, Big5,
    a guess. Raises Unreadable when the stated name is unknown or nothing fits.
    """
    if stated is not None:
        return _stated(sample, stated)
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name, len(mark), "byte order mark"
    if b"\0" in sample:
        wide = _wide(sample)
        if wide is not None:
            return wide, 0, "zero bytes"
        sample = sample.replace(b"\0", b"")
    for name in _LADDER:
        if _fits(sample, name):
            return name, 0, "strict"
        if name == "utf-8" and _nearly_utf8(sample):
            return name, 0, "nearly"
    return _guess(sample), 0, "guessed"


def _stated(sample: bytes, stated: str) -> tuple[str, int, str]:
    name = "gb18030" if stated.strip().lower() in _GB else stated.strip().lower()
    try:
        codec = codecs.lookup(name)
        codecs.getincrementaldecoder(name)
        bytes(4).decode(name)  # rot13 and its like are codecs, but not of text
    except (LookupError, ValueError) as error:
        raise Unreadable(_("There is no encoding called {name}.").format(name=stated)) from error
    for mark, known in _BOMS:
        if sample.startswith(mark) and codec.name.replace("_", "-").startswith(known.rsplit("-", 1)[0]):
            return known, len(mark), "stated"
    return codec.name, 0, "stated"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: of ASCII text every second byte is zero."""
    even, odd = sample[0::2], sample[1::2]
    zeros = (even.count(0) / max(len(even), 1), odd.count(0) / max(len(odd), 1))
    if zeros[1] > 0.2 and zeros[0] < 0.02:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.2 and zeros[1] < 0.02 else None


def _fits(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(sample, False)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(sample: bytes) -> bool:
    text, wrong = _decode(codecs.getincrementaldecoder("utf-8")("dunlog-count"), sample[: 1 << 16], False)
    wide = sum(not c.isascii() for c in text) - wrong
    return wide >= _ENOUGH and wrong <= wide * _FEW


def _guess(sample: bytes) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample[: 1 << 17]).best()
    if best is None:
        raise Unreadable(_("The encoding of this text cannot be told. State it with --encoding."))
    return best.encoding


@dataclass(slots=True)
class TextLines:
    """An opened text file. ``lines()`` may be called again; the counts are those of the last pass.

    ``replaced``: places whose bytes do not fit ``encoding``; ``nuls``: zero characters left out; ``too_long``: numbers
    of lines (from 1) that were longer than ``LINE_CHARS`` and were left empty.
    """

    path: Path
    encoding: str
    mark: int
    how: str
    replaced: int = 0
    nuls: int = 0
    too_long: list[int] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Every line with its line end (``\\n``, ``\\r\\n`` or ``\\r``)."""
        self.replaced, self.nuls, self.too_long = 0, 0, []
        carry, skipping, number = "", False, 0
        for text, final in self._texts():
            text = carry + text
            cut = len(text) if final else _last_end(text)
            carry = text[cut:]
            for line in io.StringIO(text[:cut], newline=""):
                number += 1
                if skipping:
                    skipping, line = False, "\n"
                yield line
            if len(carry) > LINE_CHARS or skipping:
                if not skipping:
                    self.too_long.append(number + 1)
                skipping, carry = True, carry[-1:] if carry.endswith("\r") else ""
        if skipping:  # the file ended inside a line that was being left out
            yield "\n"

    def _texts(self) -> Iterator[tuple[str, bool]]:
        """Decoded pieces, and whether a piece is the last."""
        decoder = codecs.getincrementaldecoder(self.encoding)("dunlog-count")
        with self.path.open("rb") as stream:
            stream.seek(self.mark)
            final = False
            while not final:
                data = stream.read(_CHUNK)
                final = not data
                text, wrong = _decode(decoder, data, final)
                self.replaced += wrong
                if "\0" in text:
                    self.nuls += text.count("\0")
                    text = text.replace("\0", "")
                yield text, final


def _last_end(text: str) -> int:
    """Where the last complete line ends. A ``\\r`` at the very end may be half of a ``\\r\\n``."""
    return max(text.rfind("\n"), text.rfind("\r", 0, max(len(text) - 1, 0))) + 1


def open_lines(path: Path, encoding: str | None = None) -> TextLines:
    """Settle the encoding of a text file. Raises Unreadable when that is not possible, OSError from the disk."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
        if encoding is None and not sample.startswith(tuple(mark for mark, _name in _BOMS)):
            seen = len(sample)
            while sample.isascii() and b"\0" not in sample and seen < _SEARCH_BYTES:
                more = stream.read(SAMPLE_BYTES)
                if not more:
                    break
                sample, seen = more, seen + len(more)
    return TextLines(path, *find_encoding(sample, encoding))
