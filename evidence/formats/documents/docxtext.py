"""The words of a Word document in the order of its pages (ECMA-376 part 1, WordprocessingML), read as a stream.

No tree is built, no entity is resolved, nothing outside the file is looked at. Deleted and hidden words are not part of
the text that a reader sees; they are kept apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, Any

MAX_XML = 200 << 20  # bytes of one part, unpacked
MAX_TEXT = 2_000_000
_LISTED = 200
_CHUNK = 1 << 18
_W = re.compile(r"\{[^}]*(?:wordprocessingml|wordprocessingml/main)[^}]*\}")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class PartText:
    """``text`` as seen; ``deleted`` and ``hidden`` words apart; ``inserted`` how many tracked insertions are in the
    text; ``authors`` of tracked changes and comments; ``fields`` what would be filled in on opening (DDE, links);
    ``damaged``: why the part broke off, or None; ``cut``: it is longer than is read."""

    text: str
    deleted: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    inserted: int = 0
    authors: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    damaged: str | None = None
    cut: bool = False


@dataclass(slots=True)
class _Words:
    """Collects what the parser reports (the target interface of lxml)."""

    out: list[str] = field(default_factory=list)
    size: int = 0
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    authors: dict[str, None] = field(default_factory=dict)
    inserted: int = 0
    in_deleted: int = 0
    skipped: int = 0
    vanish: bool = False
    collecting: str = ""
    words: list[str] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)  # cells begun in each open table row
    cell_begins: bool = False
    properties: int = 0  # open elements that say how words look

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = _local(name)
        if name.endswith("}Fallback"):  # the same words again, for old programs
            self.skipped += 1
        if tag in ("t", "delText", "instrText"):
            self.collecting, self.words = tag, []
        elif tag in ("del", "moveFrom"):
            self.in_deleted += 1
            self._author(attributes)
        elif tag in ("ins", "moveTo"):
            self.inserted += 1
            self._author(attributes)
        elif tag == "comment":
            author = self._author(attributes)
            when = next((v for k, v in attributes.items() if k.endswith("}date")), "")
            self._put(f"[{author} {when}] ".replace(" ]", "]"))
        elif tag == "r":
            self.vanish = False
        elif tag == "vanish":
            self.vanish = next((v for k, v in attributes.items() if k.endswith("}val")), "1") not in (
                "0",
                "false",
                "off",
            )
        elif tag == "tr":
            self.cells.append(0)
        elif tag == "tc" and self.cells:
            if self.cells[-1]:
                self._put("\t")
            self.cells[-1] += 1
            self.cell_begins = True
        elif tag == "p" and self.cells:
            self._put("" if self.cell_begins else " ")
            self.cell_begins = False
        elif tag in ("br", "cr"):
            self._put("\n")
        elif tag in ("tab", "ptab") and not self.properties:
            self._put("\t")
        elif tag == "noBreakHyphen":
            self._put("-")
        elif tag in ("pPr", "rPr", "tblPr", "sectPr"):
            self.properties += 1

    def end(self, name: str) -> None:
        """An element ends."""
        tag = _local(name)
        if name.endswith("}Fallback"):
            self.skipped -= 1
        if tag in ("t", "delText", "instrText"):
            self._collected(tag)
        elif tag in ("del", "moveFrom"):
            self.in_deleted -= 1
        elif tag == "p":
            self._put("" if self.cells else "\n")
        elif tag == "tr" and self.cells:
            self.cells.pop()
            self._put("\n" if not self.cells else " ")
        elif tag in ("pPr", "rPr", "tblPr", "sectPr"):
            self.properties -= 1

    def data(self, data: str) -> None:
        """Words between tags; only those of text elements count."""
        if self.collecting:
            self.words.append(data)

    def comment(self, text: str) -> None:
        """XML comments are no words."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are no words."""

    def close(self) -> PartText:
        """Everything read."""
        text = re.sub(r"[ \t]+\n", "\n", "".join(self.out))
        text = re.sub(r"\n{3,}", "\n\n", text).strip("\n ")
        return PartText(
            text,
            tuple(self.deleted[:_LISTED]),
            tuple(self.hidden[:_LISTED]),
            self.inserted,
            tuple(self.authors)[:_LISTED],
            tuple(self.fields[:_LISTED]),
            None,
            self.size > MAX_TEXT,
        )

    def _author(self, attributes: dict[str, str]) -> str:
        author = next((v for k, v in attributes.items() if k.endswith("}author")), "")[:200]
        if author:
            self.authors[author] = None
        return author

    def _collected(self, tag: str) -> None:
        words, self.collecting = _BAD.sub("", "".join(self.words)), ""
        if self.skipped or not words:
            return
        if tag == "instrText":
            if re.search(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|HYPERLINK|IMPORT|LINK)\b", words):
                self.fields.append(words.strip()[:500])
        elif tag == "delText" or self.in_deleted:
            self.deleted.append(words[:2000])
        elif self.vanish:
            self.hidden.append(words[:2000])
        else:
            self._put(words)

    def _put(self, text: str) -> None:
        self.size += len(text)
        if not self.skipped and self.size <= MAX_TEXT:
            self.out.append(text)


def _local(name: str) -> str:
    """The name without its namespace, for elements of WordprocessingML (strict and transitional); else ""."""
    return _W.sub("", name, count=1) if _W.match(name) else ""


def part_text(stream: IO[bytes]) -> PartText:
    """The words of one part of the document. Never raises on any bytes; what broke off is told in ``damaged``."""
    from dataclasses import replace

    from lxml import etree

    words = _Words()
    parser: Any = etree.XMLParser(
        target=words, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > MAX_XML:
                return replace(words.close(), cut=True)
            parser.feed(chunk)
        text: PartText = parser.close()
    except (etree.XMLSyntaxError, etree.LxmlError) as error:
        return replace(words.close(), damaged=str(error)[:200])
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:  # the packing is damaged
        return replace(words.close(), damaged=str(error)[:200])
    return text
