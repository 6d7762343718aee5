"""Header fields of a mail as they lie in the file, read without ever failing (RFC 5322, 2047, 2231).

The standard library's own header objects are not used: they raise on some malformed fields, and they lose Chinese that
stands in a header as bare bytes. A value arrives as ``str`` in which bytes above 127 are lone surrogates.
"""

from __future__ import annotations

import binascii
import codecs
import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "ms936", "gb2312_charset", "euc-cn", "hz-gb"}
_LADDER = ("utf-8", "gb18030", "big5")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(=\?[^?\s]{1,60}\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_CONTINUED = re.compile(r"^(.+?)\*(\d{1,3})(\*)?$")
MAX_VALUE = 65536  # characters of one field; what is longer is cut


# Codecs that are no character set of any mail, and some that take very long on hostile text.
_NO_CHARSET = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem", "utf-8-sig"}
_WESTERN = {"ascii", "iso8859-1", "iso8859-15", "cp1252"}
_COMMON_PAIR = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")  # the 3,755 frequent characters of GB 2312, level 1
_SURROGATE = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=256)
def codec_of(charset: str) -> str | None:
    """Python's name for a charset label, GB2312 and GBK read as GB18030; None for a label nobody knows."""
    label = charset.strip().strip("\"'").lower()
    if label in _CHINESE:
        return "gb18030"
    if label in ("unicode-1-1-utf-7", "utf7"):
        return "utf-7"
    try:
        name = codecs.lookup(label).name
        "".encode(name)  # a codec that is none of text (rot13, zlib) raises LookupError here
    except (LookupError, ValueError, UnicodeError):
        return None
    if name.replace("_", "-") in _NO_CHARSET:
        return "utf-8" if name == "utf-8-sig" else None
    return "gb18030" if name in ("gb2312", "gbk") else name


def _mislabelled(data: bytes) -> str | None:
    """The charset of Chinese that is labelled as a Western one (any bytes decode as that): UTF-8 or GB2312 by form."""
    high = sum(byte > 127 for byte in data)
    if high < 4:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return "utf-8"
    if len(_COMMON_PAIR.findall(data)) * 2 < high * 0.7:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("gb18030")
        return "gb18030"
    return None


def decode_bytes(data: bytes, charset: str | None) -> tuple[str, str, bool]:
    """(text, codec used, whether it is exact). By the stated charset, else UTF-8, GB18030, Big5, else as Western.

    A stated charset is believed where it decodes without an error, but for a Western one whose bytes are Chinese.
    """
    stated = codec_of(charset) if charset else None
    if stated in _WESTERN:
        stated = _mislabelled(data) or stated
    for name in (stated, *_LADDER):
        if name is None:
            continue
        try:
            text = data.decode(name)
        except (UnicodeError, ValueError):
            continue
        return (text if name in _LADDER else _SURROGATE.sub("\ufffd", text)), name, True
    name = stated or "cp1252"
    return _SURROGATE.sub("\ufffd", data.decode(name, "replace")), name, False


def _raw_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def without_surrogates(value: str) -> str:
    """Bare bytes in a header, decoded as a whole by the ladder."""
    if value.isascii():
        return value
    try:
        return decode_bytes(_raw_bytes(value), None)[0]
    except UnicodeEncodeError:  # surrogates of another making
        return value.encode("utf-8", "replace").decode()


def _encoded_word(match: re.Match[str]) -> bytes | None:
    payload = match[3]
    if match[2] in "qQ":
        quoted = payload.replace("_", " ")
        return unquote_to_bytes(quoted.replace("%", "%25").replace("=", "%"))
    try:
        clean = re.sub(r"[^A-Za-z0-9+/]", "", payload)
        clean = clean[:-1] if len(clean) % 4 == 1 else clean
        return binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    except (ValueError, binascii.Error):
        return None


def decode_words(value: str) -> str:
    """A field's text: unfolded, encoded words (RFC 2047) and bare bytes decoded, control characters gone.

    Neighbouring words of one charset are joined before decoding: mailers cut inside a character.
    """
    text = without_surrogates(_FOLD.sub("", value[:MAX_VALUE]))
    if "=?" not in text:
        return _CONTROL.sub("", text).strip()
    before = None
    while before != text:
        before, text = text, _BETWEEN.sub(r"\1\2", text)
    out: list[str] = []
    pending, charset, place = b"", "", 0
    for match in _WORD.finditer(text):
        gap, label = text[place : match.start()], match[1].partition("*")[0]
        data = _encoded_word(match)
        if pending and (gap or label.lower() != charset.lower() or data is None):
            out.append(decode_bytes(pending, charset)[0])
            pending = b""
        out.append(gap)
        if data is None:
            out.append(match[0])
        else:
            pending, charset = pending + data, label
        place = match.end()
    if pending:
        out.append(decode_bytes(pending, charset)[0])
    out.append(text[place:])
    return _CONTROL.sub("", "".join(out)).strip()


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. ``address`` is as written and may be empty (a name alone)."""

    name: str
    address: str

    def shown(self) -> str:
        """``Name <address>``."""
        if not self.name:
            return self.address
        return f"{self.name} <{self.address}>" if self.address else self.name


def _pieces(value: str, marks: str) -> list[str]:
    """``value`` cut at ``marks`` outside quotes, angle brackets and comments. A quote that never closes is no quote."""
    pieces: list[str] = []
    start = depth = 0
    quoted = angle = False
    closes = value.count('"')
    i = 0
    while i < len(value):
        char = value[i]
        if quoted:
            if char == "\\":
                i += 1
            elif char == '"':
                quoted, closes = False, closes - 1
        elif char == '"':
            closes -= 1
            quoted = closes > 0
        elif char == "(" and ")" in value[i : i + 1000]:
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char in "<>":
            angle = char == "<" and ">" in value[i : i + 1000]
        elif char in marks and not depth and not angle:
            pieces.append(value[start:i])
            start = i + 1
        i += 1
    return [*pieces, value[start:]]


_ANGLE = re.compile(r"<([^<>]*)>")
_PLAIN = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+")


def _unquote(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1]).strip()
    return text


def addresses(values: Iterable[str], limit: int = 1000) -> tuple[Address, ...]:
    """The mailboxes of address fields, groups (``name: a, b;``) taken apart. Names are decoded after splitting, since
    an encoded name may hold a comma."""
    found: list[Address] = []
    for value in values:
        text = _FOLD.sub("", value[:MAX_VALUE])
        for piece in _pieces(text, ",;"):
            # the name of a group; a colon inside quotes or an address is none
            label = _pieces(piece, ":")
            piece = label[-1] if len(label) > 1 and "@" not in label[0] else piece
            if not piece.strip():
                continue
            found.append(_mailbox(piece))
            if len(found) >= limit:
                return tuple(found)
    return tuple(found)


def _mailbox(piece: str) -> Address:
    angle = _ANGLE.search(piece)
    if angle is not None:
        name = piece[: angle.start()] or piece[angle.end() :]
        return Address(_unquote(decode_words(_unquote(name))), decode_words(angle[1]))
    words = decode_words(piece)
    plain = _PLAIN.search(words)
    if plain is None:
        return Address(_unquote(words), "")
    name = (words[: plain.start()] + words[plain.end() :]).strip(" ()\"<>'")
    return Address(name, plain[0])


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """(main value in lower case, parameters by lower-case name) of Content-Type or Content-Disposition.

    RFC 2231 pieces and charsets, RFC 2047 words (not allowed there, and common) and bare bytes are all decoded.
    """
    pieces = _pieces(_FOLD.sub("", value[:MAX_VALUE]), ";")
    plain: dict[str, str] = {}
    parts: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[1:]:
        name, equals, raw = piece.partition("=")
        key = name.strip().lower()
        if not equals or not key:
            continue
        raw = _unquote(raw)
        continued = _CONTINUED.match(key)
        if continued is not None:
            parts.setdefault(continued[1], {})[int(continued[2])] = (raw, continued[3] is not None)
        elif key.endswith("*"):
            parts.setdefault(key[:-1], {})[0] = (raw, True)
        else:
            plain.setdefault(key, decode_words(raw))
    for key, numbered in parts.items():
        plain[key] = _joined(numbered)
    return decode_words(pieces[0]).lower(), plain


def _joined(numbered: Mapping[int, tuple[str, bool]]) -> str:
    """RFC 2231 section 3 and 4: pieces in order; the first may name a charset."""
    data, charset = b"", None
    for place in sorted(numbered):
        raw, encoded = numbered[place]
        if encoded and place == min(numbered) and raw.count("'") >= 2:
            charset, _language, raw = raw.split("'", 2)
        piece = _raw_bytes(raw) if not raw.isascii() else raw.encode()
        data += unquote_to_bytes(piece) if encoded else piece
    return _CONTROL.sub("", decode_bytes(data, charset)[0]).strip()
