"""The text of an Apple ``attributedBody`` (NeXT typedstream), and nothing else of it.

Since about iOS 16 and macOS 13 a message's words often stand only in this blob: an archived NSAttributedString, whose
first value is its string. The rest (attributes, detected dates, link previews) is not read: an archive can describe any
object, and building objects from foreign bytes is how programs are broken into. The layout is that of the public
readers (mvt, iLEAPP, imessage-exporter) and was checked on real blobs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SIGNATURES: dict[bytes, Literal["little", "big"]] = {b"\x04\x0bstreamtyped": "little", b"\x04\x0btypedstream": "big"}
_SIGNATURE_BYTES = 13
# A class name, its version, the end of its class chain, then the one-letter type "+" (a counted string of bytes).
_STRING = re.compile(rb"\x84[\x08\x0f]NS(?:Mutable)?String[\x00-\x7f][\x80-\xff]\x84\x01\+")
_STRING_END = b"\x86\x84"  # end of the object, then a new type
_WIDE, _WIDER = 0x81, 0x82
PLACEHOLDERS = "\ufffc\ufffd"
"""What stands in a text for an attachment (U+FFFC) or for the content of an app (U+FFFD)."""


class NotATypedStream(ValueError):
    """The bytes are not an archived attributed string, or are cut off."""


@dataclass(frozen=True, slots=True)
class AttributedText:
    """``text`` with U+FFFC where an attachment stands. ``damaged``: the archive ends before the length it states."""

    text: str
    damaged: bool = False


def attributed_text(blob: bytes) -> AttributedText:
    """The string of an archived attributed string.

    A string that states more bytes than there are is read up to the mark that ends it, and called damaged.
    Raises NotATypedStream for anything else: other archives, no such mark, bytes that are no UTF-8.
    """
    order = _SIGNATURES.get(blob[:_SIGNATURE_BYTES])
    if order is None:
        raise NotATypedStream("no typedstream signature")
    match = _STRING.search(blob)
    if match is None:
        raise NotATypedStream("no string in the archive")
    start, length = _count(blob, match.end(), order)
    end = start + length
    damaged = end > len(blob)
    if damaged:
        end = blob.find(_STRING_END, start)
        if end < 0:
            raise NotATypedStream("the string is cut off")
    try:
        return AttributedText(blob[start:end].decode("utf-8"), damaged)
    except UnicodeDecodeError as error:
        raise NotATypedStream("the string is not UTF-8") from error


def _count(blob: bytes, at: int, order: Literal["little", "big"]) -> tuple[int, int]:
    """Where the bytes begin and how many they are: one byte below 0x80, or 0x81 and two bytes, or 0x82 and four."""
    tag = blob[at] if at < len(blob) else -1
    if 0 <= tag < 0x80:
        return at + 1, tag
    width = {_WIDE: 2, _WIDER: 4}.get(tag)
    if width is None or at + 1 + width > len(blob):
        raise NotATypedStream("the string has no length")
    return at + 1 + width, int.from_bytes(blob[at + 1 : at + 1 + width], order)
