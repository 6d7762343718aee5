"""Records of a large XML file, one at a time, from files that are damaged as phones damage them.

The quick way is libxml2's push parser over the repaired stream (:class:`formats.xml.xmlrepair.Repaired`), without a
tree: attributes come as the dicts that the records keep. When it refuses the file, a second pass cuts the file at
the start tags of its records (``<`` cannot stand in an attribute, so they are certain), mends each record by
itself, and goes on after those that stay unreadable.

What stands before the root element is read here and never shown to the parser: so no DTD is ever loaded and no
entity ever expanded.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from evidence.formats.xml.xmlopen import Opened, open_xml
from evidence.formats.xml.xmlpayload import MOST, Payloads
from evidence.formats.xml.xmlrepair import Readable, Repaired, Repairs, repair_record, repair_references

BLOCK = 1 << 18
ELEMENT_LIMIT = 1_000_000_000  # libxml2 refuses an attribute above this, whatever the options
HEAD_KEPT = 1 << 16
_COMMENT_LIMIT = 1 << 20
_TAG_SPACE = 64  # no start tag's name is longer; the end of a block is looked at again with the next one


@dataclass(frozen=True, slots=True)
class Damage:
    """A place that could not be read.

    ``what``: ``broken`` (one record), ``too_large`` (one record; ``head`` holds its first bytes), ``truncated``
    (the file ends too early), ``damaged`` (outside any record). ``offset`` counts bytes of the UTF-8 form from
    the root element on; ``ordinal`` is that of the element name in the file, from 1.
    """

    what: Literal["broken", "too_large", "truncated", "damaged"]
    reason: str
    name: str = ""
    ordinal: int = 0
    offset: int = 0
    size: int = 0
    head: bytes = b""


@dataclass(slots=True)
class _Piece:
    name: str
    offset: int
    data: bytes
    size: int
    last: bool


@dataclass(slots=True)
class Node:
    """One element: its name, its attributes and the elements in it (text between them has no meaning here).

    ``payload`` is what the attribute named as such encodes, when it was decoded before; ``attributes`` lacks it then.
    """

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    payload: bytes | None = None


class _Collector:
    """The parser's target: whole elements of ``names``, at any depth, go to ``ready``."""

    def __init__(self, names: frozenset[str], strangers: dict[str, int], payloads: Payloads | None = None) -> None:
        self.ready: list[Node] = []
        self._names, self._strangers = names, strangers
        self._payloads = payloads
        self._holder = "" if payloads is None else payloads.element
        self._record: list[Node] = []  # the open elements from a record on
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A start tag."""
        self._depth += 1
        if self._record or tag in self._names:
            node = Node(tag, attributes if type(attributes) is dict else dict(attributes))
            if tag == self._holder and self._payloads is not None:
                node.payload = self._payloads.take(node.attributes)
            if self._record:
                self._record[-1].children.append(node)
            self._record.append(node)
        elif self._depth == 2:
            self._strangers[tag] = self._strangers.get(tag, 0) + 1

    def end(self, tag: str) -> None:
        """An end tag."""
        self._depth -= 1
        if self._record:
            node = self._record.pop()
            if not self._record:
                self.ready.append(node)

    def close(self) -> None:
        """Nothing is left to do."""


def _parser(target: _Collector) -> Any:
    return etree.XMLParser(
        target=target,
        huge_tree=True,
        # Off, lxml hands "&amp;" on as "&#38;". There is nothing to expand: no DTD ever reaches the parser.
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        collect_ids=False,
        encoding="utf-8",
    )


@dataclass(slots=True)
class XmlRecords:
    """The elements called ``names`` of the file at ``path``, whose root is one of ``roots``.

    ``payload`` names an element and its attribute whose base64 is decoded on the way (:class:`Payloads`).

    Iterate once. ``opened`` tells of encoding, DTD and the
    root's attributes, ``repairs`` of what was mended, ``seen`` how many of each name there were, and ``strangers``
    which other elements lie directly under the root.
    """

    path: Path
    roots: tuple[str, ...]
    names: tuple[str, ...]
    limit: int = ELEMENT_LIMIT
    payload: tuple[str, str] | None = None
    opened: Opened = field(init=False)
    repairs: Repairs = field(default_factory=Repairs)
    seen: dict[str, int] = field(default_factory=dict)
    strangers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.path.open("rb") as raw:
            self.opened = open_xml(raw, self.roots, Repairs())

    def __iter__(self) -> Iterator[Node | Damage]:
        """The elements and, where something could not be read, :class:`Damage`."""
        self.seen = dict.fromkeys(self.names, 0)
        with self.path.open("rb") as raw:
            stream, payloads = open_xml(raw, self.roots, self.repairs).stream, None
            if self.payload is not None:
                stream = payloads = Payloads(stream, *self.payload, min(MOST, self.limit))
            failure = yield from self._quick(Repaired(stream, self.repairs), payloads)
        if failure is None:
            return
        done = dict(self.seen)
        self.repairs, self.seen = Repairs(), dict.fromkeys(self.names, 0)
        with self.path.open("rb") as raw:
            yield from self._slow(open_xml(raw, self.roots, self.repairs).stream, done, failure)

    def _quick(self, stream: Readable, payloads: Payloads | None) -> Generator[Node, None, Exception | None]:
        """All elements up to the first error, which is returned."""
        target = _Collector(frozenset(self.names), self.strangers, payloads)
        parser, seen = _parser(target), self.seen
        pending = removed = 0
        while True:
            block = stream.read(BLOCK)
            failure = _feed(parser, block)
            taken = 0 if payloads is None else payloads.removed
            pending = 0 if target.ready else pending + len(block) + taken - removed
            removed = taken
            for node in target.ready:
                seen[node.tag] += 1
                yield node
            target.ready.clear()
            if failure is not None or not block:
                return failure
            if pending > self.limit:
                return ValueError("element too large")

    def _slow(self, stream: Readable, done: dict[str, int], failure: Exception) -> Iterator[Node | Damage]:
        """The elements after the ``done`` first of each name, each by itself."""
        reader = _SliceReader(self.opened.root, frozenset(self.names))
        closing = f"</{self.opened.root}".encode()
        reported, cut, explained, tail = 0, False, False, b""
        for piece in _pieces(stream, self.names, self.limit):
            tail = piece.data[-HEAD_KEPT:]
            if not piece.name:
                continue
            self.seen[piece.name] += 1
            ordinal = self.seen[piece.name]
            if ordinal <= done[piece.name]:
                repair_references(piece.data, self.repairs)  # counted, and nothing else
                continue
            if piece.size > len(piece.data):
                reader.restart()
                reported += 1
                yield Damage("too_large", "", piece.name, ordinal, piece.offset, piece.size, piece.data)
                continue
            mended = repair_record(piece.data, self.repairs)
            explained = explained or mended != repair_references(piece.data, Repairs())
            node, error = reader.read(mended, piece.name)
            if node is not None:
                yield node
            else:
                cut = piece.last and closing not in tail
                reported += 1
                what: Literal["truncated", "broken"] = "truncated" if cut else "broken"
                yield Damage(what, str(error or ""), piece.name, ordinal, piece.offset, piece.size)
        if closing not in tail and not cut:
            yield Damage("truncated", str(failure))
        elif not reported and not explained:
            yield Damage("damaged", str(failure))


def _feed(parser: Any, block: bytes) -> Exception | None:
    """Give ``block`` to the parser, or tell it that the file ends; its complaint, if any."""
    try:
        if block:
            parser.feed(block)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        failure: Exception = error
        return failure
    return None


class _SliceReader:
    """Reads slices of a file, each holding one record, and survives those that are broken."""

    def __init__(self, root: str, names: frozenset[str]) -> None:
        self._root, self._names = root, names
        self.restart()

    def restart(self) -> None:
        """Forget what was open."""
        self._target = _Collector(self._names, {})
        self._parser = _parser(self._target)
        self._parser.feed(f"<{self._root}>")

    def read(self, data: bytes, name: str) -> tuple[Node | None, Exception | None]:
        """The element ``name`` that ``data`` begins with, or None with the parser's reason."""
        error = _feed(self._parser, data)
        found = next((node for node in self._target.ready if node.tag == name), None)
        self._target.ready.clear()
        if found is None or error is not None:
            self.restart()
        return found, error


def start_tag(head: bytes, name: str) -> Node | None:
    """The element ``name`` with the attributes that stand before the first bytes end, without content, or None."""
    pattern = rb"<" + name.encode() + rb"(?:\s+[\w:.-]+\s*=\s*(?:\"[^<\"]*\"|'[^<']*'))*"
    match = re.match(pattern, head)
    if match is None:
        return None
    return _SliceReader("root", frozenset((name,))).read(repair_record(match[0], Repairs()) + b"/>", name)[0]


def _pieces(stream: Readable, names: tuple[str, ...], limit: int) -> Iterator[_Piece]:
    """The file cut before each start tag of ``names``; the first piece, without name, is what stands before.

    A piece longer than ``limit`` keeps only its first :data:`HEAD_KEPT` bytes.
    """
    starts = re.compile(rb"<!--|<(" + "|".join(names).encode() + rb")(?=[\s/>])")
    buffer, scan, dropped, offset, name = bytearray(), 0, 0, 0, ""
    ended = False
    while not ended:
        block = stream.read(BLOCK)
        ended = not block
        buffer += block
        while (match := starts.search(buffer, scan)) is not None:
            begin, end = match.span()
            found = match[1]
            if found is None:
                close = buffer.find(b"-->", end)
                if close < 0 and not ended and len(buffer) - begin < _COMMENT_LIMIT:
                    scan = begin
                    break
                scan = close + 3 if close >= 0 else end
                continue
            yield _Piece(name, offset, bytes(buffer[:begin]), begin + dropped, False)
            offset += begin + dropped
            del buffer[:begin]
            name, scan, dropped = bytes(found).decode(), end - begin, 0
        else:
            scan = max(scan, len(buffer) - _TAG_SPACE)
        if len(buffer) + dropped > limit and scan > HEAD_KEPT:
            dropped += scan - HEAD_KEPT
            del buffer[HEAD_KEPT:scan]
            scan = HEAD_KEPT
    yield _Piece(name, offset, bytes(buffer), len(buffer) + dropped, True)
