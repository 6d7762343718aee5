"""Records of an XML file whose fields are attributes or small elements with text, one record in memory at a time.

``xmlrecords`` is for records that consist of attributes only, and reads on after damage; this one stops there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from evidence.formats.xml.xmlopen import Opened, open_xml
from evidence.formats.xml.xmlrepair import Repaired, Repairs, repair_record

_FIELD_LIMIT = 1000  # fields of one record; more are left out and counted
_TEXT_LIMIT = 1 << 20  # characters of one field
_PIECE_LIMIT = 1 << 22
Fields = dict[str, str]


@dataclass(slots=True)
class XmlLeaves:
    """The elements called ``name`` (in any case) inside the root ``root`` of the file at ``path``. Iterate once.

    After that, ``seen`` counts them, ``left_out`` the fields that were too many or too long, and ``failure`` says why
    reading ended early. With ``mend``, signs that stand unescaped and control characters are mended on the way, for
    files that a parser refuses; not without need, since it would change what stands in CDATA.
    """

    path: Path
    root: str
    name: str
    mend: bool = False
    seen: int = 0
    left_out: int = 0
    failure: str = ""
    repairs: Repairs = field(default_factory=Repairs)
    opened: Opened | None = None

    def __iter__(self) -> Iterator[Fields]:
        """Attributes and elements by name as written: ``outer/inner`` for an element in an element, ``outer@name`` for
        an attribute of one; what comes twice ends in ``+``. Raises Unreadable when the root is another."""
        collector = _Collector(self.name)
        parser = etree.XMLParser(
            target=collector,
            huge_tree=True,
            resolve_entities="internal",  # there are none: no DTD ever reaches the parser
            no_network=True,
            load_dtd=False,
            collect_ids=False,
            encoding="utf-8",
        )
        with closing(self.path.open("rb")) as raw:
            self.opened = open_xml(raw, (self.root,), self.repairs)
            stream = Repaired(self.opened.stream, self.repairs)
            try:
                for block in self._mended(stream) if self.mend else iter(stream.read, b""):
                    parser.feed(block)
                    yield from self._ready(collector)
                parser.close()
            except etree.XMLSyntaxError as error:
                self.failure = str(error)
        yield from self._ready(collector)
        self.left_out = collector.left_out

    def _mended(self, stream: Repaired) -> Iterator[bytes]:
        """The stream in pieces that end with a tag, so that no sign or character is cut, each mended."""
        rest = b""
        while block := stream.read():
            rest += block
            end = rest.rfind(b">") + 1 or (len(rest) if len(rest) > _PIECE_LIMIT else 0)
            if end:
                yield repair_record(rest[:end], self.repairs)
                rest = rest[end:]
        if rest:
            yield repair_record(rest, self.repairs)

    def _ready(self, collector: _Collector) -> Iterator[Fields]:
        ready, collector.ready = collector.ready, []
        for fields in ready:
            self.seen += 1
            yield fields


class _Collector:
    """The parser's target."""

    def __init__(self, name: str) -> None:
        self.ready: list[Fields] = []
        self.left_out = 0
        self._name = name.lower()
        self._depth = self._record_depth = 0
        self._fields: Fields = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A start tag."""
        self._depth += 1
        plain = tag.rsplit("}", 1)[-1]
        if self._record_depth:
            self._keep_text()
            self._path.append(plain)
            for name, value in attributes.items():
                self._keep(f"{'/'.join(self._path)}@{name}", value)
        elif plain.lower() == self._name and self._depth > 1:
            self._record_depth = self._depth
            self._fields = {str(name): str(value) for name, value in attributes.items()}

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._record_depth:
            room = _TEXT_LIMIT - self._length
            if room > 0:
                self._text.append(text[:room])
            self.left_out += room >= 0 and len(text) > room
            self._length += len(text)

    def end(self, _tag: str) -> None:
        """An end tag."""
        if self._record_depth:
            self._keep_text(leaf=True)
            if self._depth == self._record_depth:
                self.ready.append(self._fields)
                self._record_depth, self._fields = 0, {}
            else:
                self._path.pop()
        self._depth -= 1

    def close(self) -> None:
        """Nothing is left to do."""

    def _keep_text(self, leaf: bool = False) -> None:
        text = "".join(self._text)
        self._text, self._length = [], 0
        if self._path and (text.strip() or (leaf and "/".join(self._path) not in self._fields)):
            self._keep("/".join(self._path), text)
        elif text.strip():
            self._keep("", text)

    def _keep(self, key: str, value: str) -> None:
        if len(self._fields) >= _FIELD_LIMIT:
            self.left_out += 1
            return
        while key in self._fields:
            key += "+"
        self._fields[key] = value
