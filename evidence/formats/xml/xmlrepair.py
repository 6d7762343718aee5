"""Repair of XML that phones write and parsers refuse, in the stream, never on disk.

Android serialisers write a character beyond U+FFFF as two references to surrogates (``&#55357;&#56832;``), and
control characters as references or raw bytes. None of that is XML. :class:`Repaired` mends the references while
a parser reads; :func:`repair_record` mends everything that is known to occur, in one record that was refused.
Each repair is counted, because a text that was mended must say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

_REPLACEMENT_REF = b"&#65533;"
# Nine digits hold every number with a meaning; a longer reference is treated as a bare ampersand.
_BODY = rb"(?:[xX][0-9a-fA-F]{1,9}|[0-9]{1,9});"
# The literal start keeps the search fast: a group repeated from its first byte is 50 times slower.
_RUN = re.compile(rb"&#" + _BODY + rb"(?:&#" + _BODY + rb")*")
_REFERENCE = re.compile(rb"&#(?:([xX])([0-9a-fA-F]{1,9})|([0-9]{1,9}));")
# What may need mending; a block without needs no call into Python, whatever else it refers to.
_SUSPECT = re.compile(
    rb"&#(?:[0-8];|1[124-9];|2\d;|3[01];|0|5[5-7]\d{3};|6553[45];|[1-9]\d{6}|X"
    rb"|x(?:[0-9bBcCeEfF];|1[0-9a-fA-F];|0|[dD][89a-fA-F]..;|[fF]{3}[eEfF];|[0-9a-fA-F]{6}))"
)
_TEXT_PAIR = re.compile(r"&#(?:[xX]([0-9a-fA-F]{4})|(\d{5}));&#(?:[xX]([0-9a-fA-F]{4})|(\d{5}));")
_HIGH_REF = rb"&#0{0,3}(?:5529[6-9]|55[3-9]\d\d|56[0-2]\d\d|563[01]\d);|&#[xX]0{0,4}[dD][89abAB][0-9a-fA-F]{2};"
_HOLD = re.compile(rb"(?:" + _HIGH_REF + rb")?(?:&[#0-9A-Za-z]{0,12})?\Z")
_HOLD_BYTES = 32
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CESU_PAIR = re.compile(rb"\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])")
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]{1,9}|#x[0-9a-fA-F]{1,9}|amp|lt|gt|quot|apos);)")
_BARE_LESS = re.compile(rb"<(?![A-Za-z/!?])")


class Readable(Protocol):
    """All that is needed of a byte stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes; empty at the end."""
        ...


@dataclass(slots=True)
class Repairs:
    """How often each repair was made in one file.

    ``pairs``: surrogate pairs joined to one character; ``references``: references to characters that XML forbids,
    now U+FFFD; ``controls``: raw control characters, now U+FFFD; ``signs``: ``&`` or ``<`` that stood unescaped
    (also references to entities of a DTD, which stay as they were written); ``octets``: bytes that are no
    character in the file's encoding, now U+FFFD.
    """

    pairs: int = 0
    references: int = 0
    controls: int = 0
    signs: int = 0
    octets: int = 0

    @property
    def total(self) -> int:
        """All repairs together."""
        return self.pairs + self.references + self.controls + self.signs + self.octets


def join_surrogates(high: int, low: int) -> int:
    """The code point of a surrogate pair (Unicode Standard, section 3.9, UTF-16)."""
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)


def is_high(code: int) -> bool:
    """Whether ``code`` is the first half of a surrogate pair."""
    return 0xD800 <= code <= 0xDBFF


def is_low(code: int) -> bool:
    """Whether ``code`` is the second half of a surrogate pair."""
    return 0xDC00 <= code <= 0xDFFF


def is_xml_char(code: int) -> bool:
    """Whether XML 1.0 allows the character (production 2, Char)."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def repair_references(data: bytes, repairs: Repairs) -> bytes:
    """``data`` with surrogate pairs joined and references to forbidden characters turned into U+FFFD."""

    def mend(match: re.Match[bytes]) -> bytes:
        out: list[bytes] = []
        high = 0  # a first half that waits for its second
        for ref in _REFERENCE.finditer(match[0]):
            code = int(ref[2], 16) if ref[1] else int(ref[3])
            if high and is_low(code):
                repairs.pairs += 1
                out[-1] = b"&#%d;" % join_surrogates(high, code)
                repairs.references -= 1  # the first half was counted as forbidden when it stood alone
            elif is_xml_char(code):
                out.append(b"&#%d;" % code if ref[1] == b"X" else ref[0])
            else:
                repairs.references += 1
                out.append(_REPLACEMENT_REF)
                high = code if is_high(code) else 0
                continue
            high = 0
        return b"".join(out)

    if b"&#" not in data or _SUSPECT.search(data) is None:
        return data
    return _RUN.sub(mend, data)


class Repaired:
    """A byte stream whose character references a parser accepts. ``repairs`` counts what was mended.

    The stream must be in an encoding that contains ASCII (UTF-8; other files are transcoded before). Output does
    not depend on the sizes in which it is read: a reference, or a pair of them, is never cut.
    """

    def __init__(self, raw: Readable, repairs: Repairs) -> None:
        self._raw = raw
        self._tail = b""
        self.repairs = repairs

    def read(self, size: int = 1 << 18) -> bytes:
        """The next block, about ``size`` bytes; empty only at the end."""
        while True:
            new = self._raw.read(size)
            data = self._tail + new if self._tail else new
            self._tail = b""
            if new:
                end = data[-_HOLD_BYTES:]
                hold = _HOLD.search(end) if b"&" in end else None
                if hold is not None and hold[0]:
                    cut = len(data) - len(hold[0])
                    data, self._tail = data[:cut], data[cut:]
            if data or not new:
                return repair_references(data, self.repairs)


def decode_doubly_escaped(text: str, repairs: Repairs) -> str:
    """A text in which ``&#55357;&#56846;`` stands in so many words, with those pairs (and only those) decoded.

    Files that somebody mended by escaping every ampersand look so.
    """

    def join(match: re.Match[str]) -> str:
        high = int(match[1], 16) if match[1] else int(match[2])
        low = int(match[3], 16) if match[3] else int(match[4])
        if not (is_high(high) and is_low(low)):
            return match[0]
        repairs.pairs += 1
        return chr(join_surrogates(high, low))

    return _TEXT_PAIR.sub(join, text)


def decode_lenient(data: bytes, repairs: Repairs) -> str:
    """UTF-8 with its usual damage: surrogates written as three bytes each are joined, other wrong bytes are U+FFFD."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        joined, pairs = CESU_PAIR.subn(_join_cesu, data)
        text = joined.decode(errors="replace")
        repairs.pairs += pairs
        repairs.octets += text.count("\ufffd") - joined.count("\ufffd".encode())
        return text


def _join_cesu(match: re.Match[bytes]) -> bytes:
    a, b, c, d = (group[0] & 0x3F for group in match.groups())
    return chr(join_surrogates(0xD000 | a << 6 | b, 0xD000 | c << 6 | d)).encode()


def repair_record(data: bytes, repairs: Repairs) -> bytes:
    """One record, cut out of a file that a parser refused, with every known damage mended.

    Entities are never expanded: ``&name;`` becomes the literal text.
    """
    text, controls = _CONTROLS.subn("\ufffd", decode_lenient(data, repairs))
    repairs.controls += controls
    data, ampersands = _BARE_AMPERSAND.subn(b"&amp;", text.encode())
    data, less = _BARE_LESS.subn(b"&lt;", data)
    repairs.signs += ampersands + less
    return repair_references(data, repairs)
