"""The words of an RTF body, and Outlook's packing of it (MS-OXRTFCP; Rich Text Format 1.9.1).

Only words are taken: pictures, objects and fields that would run something are groups that are skipped.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from evidence.formats.mail.mailheaders import codec_of
from evidence.formats.mail.outlookstore import codec_of_page

MAX_RTF = 32 << 20
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
_RING = 4096
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_SKIPPED = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "footerl",
    "footerr", "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "themedata", "datastore",
    "fldinst", "latentstyles", "filetbl", "revtbl", "bkmkstart", "bkmkend", "colorschememapping", "htmltag", "mhtmltag",
}  # fmt: skip
_BREAKS = {"par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "cell": "\t", "tab": "\t"}
_SIGNS = {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
# \fcharset of the font table: Windows character sets and their code pages.
_FONT_PAGES = {0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 177: 1255, 178: 1256, 186: 1257,
               204: 1251, 222: 874, 238: 1250}  # fmt: skip


def unpack_rtf(data: bytes) -> bytes | None:
    """The RTF of PidTagRtfCompressed; None when the bytes are no such thing. A cut stream gives what is there."""
    if len(data) < 16:
        return None
    _size, raw_size, kind = struct.unpack_from("<III", data)
    if kind == 0x414C454D:  # "MELA": stored as it is
        return data[16 : 16 + raw_size]
    if kind != 0x75465A4C or raw_size > MAX_RTF:  # "LZFu"
        return None
    ring = bytearray(_DICTIONARY.ljust(_RING, b" "))
    write = len(_DICTIONARY)
    out = bytearray()
    at, end = 16, len(data)
    while at < end and len(out) < raw_size:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                if at >= end:
                    return bytes(out)
                piece = data[at : at + 1]
                at += 1
            else:
                if at + 1 >= end:
                    return bytes(out)
                token = data[at] << 8 | data[at + 1]
                at += 2
                if token >> 4 == write:
                    return bytes(out[:raw_size])
                piece = _copied(ring, token >> 4, (token & 15) + 2, write)
            for byte in piece:
                ring[write] = byte
                write = (write + 1) % _RING
            out += piece
    return bytes(out[:raw_size])


def _copied(ring: bytearray, start: int, length: int, write: int) -> bytes:
    """Bytes of the ring, those that are only now being written included (MS-OXRTFCP 2.2.2.2)."""
    distance = (write - start) % _RING
    if distance >= length:
        return bytes(ring[(start + i) % _RING] for i in range(length))
    unit = bytes(ring[(start + i) % _RING] for i in range(distance))
    return (unit * (length // max(1, distance) + 1))[:length]


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside one group. ``unicode_skip``: characters after \\u that repeat it in 8 bits."""

    skipped: bool = False
    hidden: bool = False
    font: int = 0
    unicode_skip: int = 1
    table: bool = False


def rtf_text(data: bytes) -> str:
    """The words of an RTF text. Never raises; damaged text gives what can be read."""
    return _Words(data[:MAX_RTF]).run()


class _Words:
    """One pass over the tokens; a stack of states, no recursion."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._fonts: dict[int, int] = {}
        self._page = 1252
        self._pending = bytearray()
        self._out: list[str] = []
        self._skip = 0
        self._high = ""
        self._first = False  # right after an opening brace

    def run(self) -> str:
        """Everything."""
        for match in _TOKEN.finditer(self._data):
            self._token(match)
        self._flush()
        text = "".join(self._out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def _token(self, match: re.Match[bytes]) -> None:
        first, self._first = self._first, False
        if match["hex"] is not None:
            self._byte(int(match["hex"], 16))
        elif match["text"] is not None:
            for byte in match["text"]:
                self._byte(byte)
        elif match["brace"] == b"{":
            self._flush()
            if len(self._stack) < 10_000:
                self._stack.append(self._state)
            self._first = True
        elif match["brace"] == b"}":
            self._flush()
            self._skip = 0
            self._state = self._stack.pop() if self._stack else _State()
        elif match["word"] is not None:
            self._word(match["word"].decode().lower(), None if match["number"] is None else int(match["number"]))
        elif match["sign"] == b"*" and first:
            self._state = replace(self._state, skipped=True)
        elif match["sign"] in _SYMBOLS:
            self._put(_SYMBOLS[match["sign"]])

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._flush()
            self._put(chr(number % 65536))
            self._skip = self._state.unicode_skip
            return
        self._flush()
        if word == "uc":
            self._state = replace(self._state, unicode_skip=min(8, number if number is not None else 1))
        elif word == "ansicpg" and number:
            self._page = number
        elif word == "fonttbl":
            self._state = replace(self._state, skipped=True, table=True)
        elif word == "f" and number is not None:
            self._state = replace(self._state, font=number)
        elif word == "fcharset" and number is not None and self._state.table:
            self._fonts[self._state.font] = _FONT_PAGES.get(number, 0)
        elif word in _SKIPPED:
            self._state = replace(self._state, skipped=True)
        elif word == "v":
            self._state = replace(self._state, hidden=number != 0)
        elif word == "plain":
            self._state = replace(self._state, hidden=False)
        elif word in _BREAKS:
            self._put(_BREAKS[word])
        elif word in _SIGNS:
            self._put(_SIGNS[word])

    def _byte(self, byte: int) -> None:
        if self._skip:
            self._skip -= 1
        elif not self._state.skipped and not self._state.hidden:
            self._pending.append(byte)

    def _put(self, text: str) -> None:
        self._flush()
        if self._skip:
            self._skip -= 1
        elif not self._state.skipped and not self._state.hidden:
            self._out.append(text)

    def _flush(self) -> None:
        if self._pending:
            page = self._fonts.get(self._state.font) or self._page
            name = codec_of(codec_of_page(page) or "") or "cp1252"
            self._out.append(self._pending.decode(name, "replace"))
            self._pending.clear()
