"""Text files in whatever encoding a phone or a Chinese Windows wrote them (formats.md 0.6)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from evidence.errors import Unreadable
from evidence.i18n import gettext as _

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRICT = ("utf-8", "gb18030", "big5")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` without byte order mark, line ends as ``\\n``; ``encoding`` it was read in; ``how`` it was found."""

    text: str
    encoding: str
    how: str


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of ``data``: by the encoding given, the byte order mark, then strict UTF-8, GB18030, Big5, a guess.

    GB2312 and GBK are read as GB18030. Raises Unreadable when nothing fits.
    """
    if encoding is not None:
        name = "gb18030" if encoding.lower() in ("gb2312", "gbk", "gb18030") else encoding
        try:
            return Decoded(_lines(data.decode(name)), name, "stated")
        except (UnicodeDecodeError, LookupError) as error:
            raise Unreadable(_("The text is not in the encoding {name}.").format(name=encoding)) from error
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_lines(data[len(mark) :].decode(name, "replace")), name, "byte order mark")
    if b"\0" not in data:
        for name in _STRICT:
            try:
                return Decoded(_lines(data.decode(name)), name, "strict")
            except UnicodeDecodeError:
                continue
    return _guess(data)


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file can be text: no NUL without a UTF-16 mark, hardly any control bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if not head or b"\0" in head:
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head[:4096])
    return controls * 50 <= len(head[:4096])


def decode_head(head: bytes) -> str:
    """The first bytes of a file as text, for looking at only: a character cut at the end is dropped. Never raises."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _lines(head[len(mark) :].decode(name, "replace"))
    for name in _STRICT:
        try:
            return _lines(codecs.getincrementaldecoder(name)().decode(head, False))
        except UnicodeDecodeError:
            continue
    return _lines(head.decode("utf-8", "replace"))


def _guess(data: bytes) -> Decoded:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise Unreadable(_("The encoding of this text cannot be told. State it with --encoding."))
    return Decoded(_lines(str(best)), best.encoding, "guessed")


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
