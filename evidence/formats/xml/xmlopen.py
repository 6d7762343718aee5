"""The beginning of an XML file: its encoding as the bytes show it, and its root element.

Declarations lie (UTF-16 files that say UTF-8, GBK that says GB2312), so the bytes decide before the words do.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from lxml import etree

from evidence.errors import Unreadable
from evidence.formats.xml.xmlrepair import CESU_PAIR, Readable, Repairs
from evidence.i18n import gettext as _

PREAMBLE_LIMIT = 1 << 20
_BLOCK = 1 << 18
# No possessive quantifiers: CPython 3.11 before 3.11.5 matches them wrongly. Each step begins with another sign, so
# a failure walks back in linear time.
_QUOTED = rb"\"[^\"]*\"|'[^']*'"
_BEFORE_ROOT = re.compile(
    rb"\s+|<\?(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->"
    rb"|(?P<dtd><!DOCTYPE(?:[^\[<>\"']|" + _QUOTED + rb")*(?:\[(?:[^\]\"']|" + _QUOTED + rb")*\]\s*)?>)",
    re.DOTALL,
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*)(?=[\s/>])(?:[^<>\"']|" + _QUOTED + rb")*>?")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PLAIN = {"utf-8", "ascii"}


@dataclass(slots=True)
class Opened:
    """``stream``: UTF-8 from the root's start tag on. ``attributes``: the root's, when its tag is whole.

    ``declared`` is what the file says its encoding is; ``encoding`` what it was read as; ``doctype`` whether a
    document type was left out.
    """

    root: str
    stream: Readable
    attributes: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    declared: str | None = None
    doctype: bool = False

    @property
    def label_wrong(self) -> bool:
        """Whether the bytes are of another encoding than the file says."""
        return _known_codec(self.declared or "utf-8") != self.encoding and not (
            self.encoding.startswith("utf-16") and (self.declared or "utf-16").lower().startswith("utf-16")
        )


def sniff_encoding(head: bytes) -> tuple[str, int, str | None]:
    """(codec name, length of the byte order mark, declared encoding or None) for the first bytes of a file."""
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec, len(bom), _declared(head[len(bom) :].replace(b"\0", b""))
    if head[:2] == b"<\0":
        return "utf-16-le", 0, _declared(head.replace(b"\0", b""))
    if head[:2] == b"\0<":
        return "utf-16-be", 0, _declared(head.replace(b"\0", b""))
    declared = _declared(head)
    codec = _known_codec(declared) if declared else "utf-8"
    if codec == "utf-8" and not _decodes(CESU_PAIR.sub(b"", head), "utf-8") and _decodes(head, "gb18030"):
        codec = "gb18030"
    return codec, 0, declared


def _declared(head: bytes) -> str | None:
    match = _DECLARED.match(head)
    return match[1].decode("ascii") if match else None


def _known_codec(label: str) -> str:
    """The codec for a declared label. GB2312 and GBK are read as their superset; UTF-16 without its bytes is a lie."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return "utf-8"
    if name in ("gb2312", "gbk"):
        return "gb18030"
    return "utf-8" if name in _PLAIN or name.startswith(("utf-16", "utf-32", "utf-7")) else name


def _decodes(head: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(head, False)
    except UnicodeDecodeError:
        return False
    return True


class _Transcoded:
    """Another encoding as UTF-8."""

    def __init__(self, raw: Readable, codec: str, repairs: Repairs) -> None:
        self._raw, self._repairs = raw, repairs
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self._ended = False

    def read(self, size: int = _BLOCK, /) -> bytes:
        while not self._ended:
            block = self._raw.read(size)
            self._ended = not block
            text = self._decoder.decode(block, self._ended)
            if text:
                self._repairs.octets += text.count("\ufffd")
                return text.encode("utf-8", "replace")
        return b""


class _Rest:
    """Some bytes, then the rest of a stream."""

    def __init__(self, first: bytes, raw: Readable) -> None:
        self._first, self._raw = first, raw

    def read(self, size: int = _BLOCK, /) -> bytes:
        first, self._first = self._first, b""
        return first or self._raw.read(size)


def find_root(data: bytes) -> tuple[str, int, bool] | None:
    """(name of the root element, where its start tag begins, whether a DOCTYPE stands before), or None."""
    at, doctype = 0, False
    while (match := _BEFORE_ROOT.match(data, at)) is not None:
        doctype = doctype or match["dtd"] is not None
        at = match.end()
    root = _ROOT.match(data, at)
    return None if root is None else (root[1].decode("utf-8", "replace"), at, doctype)


def root_name(head: bytes) -> str | None:
    """The root element's name, if the first bytes of a file show it. Never raises."""
    codec, bom, _declared_as = sniff_encoding(head)
    text = codecs.getincrementaldecoder(codec)(errors="replace").decode(head[bom:], False)
    found = find_root(text.encode("utf-8", "replace"))
    return None if found is None else found[0]


def open_xml(raw: Readable, roots: tuple[str, ...], repairs: Repairs) -> Opened:
    """The stream of ``raw`` from its root on. Raises Unreadable when the root is not one of ``roots``."""
    head = raw.read(_BLOCK)
    codec, bom, declared = sniff_encoding(head)
    stream: Readable = _Rest(head[bom:], raw)
    if codec != "utf-8":
        stream = _Transcoded(stream, codec, repairs)
    data = b""
    while len(data) < PREAMBLE_LIMIT:
        block = stream.read(_BLOCK)
        data += block
        found = find_root(data)
        if not block or (found is not None and b">" in data[found[1] :]):
            break
    if found is None or found[0] not in roots:
        raise Unreadable(_("This XML file has another root element than {roots}.").format(roots=", ".join(roots)))
    name, at, doctype = found
    return Opened(name, _Rest(data[at:], stream), _attributes(data, at), codec, declared, doctype)


def _attributes(data: bytes, at: int) -> dict[str, str]:
    """The root's attributes; none when its start tag is damaged (the records do not depend on them)."""
    match = _ROOT.match(data, at)
    tag = match[0].rstrip(b"/>") + b"/>" if match else b""
    try:
        element = etree.fromstring(tag, etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return {str(key): str(value) for key, value in element.attrib.items()}
