"""Runs, links and bookmarks inside a paragraph."""

from __future__ import annotations

import re
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from complaints.blocks import Span, Spans
from complaints.visible import visible
from complaints.word.styles import MONO, SONG
from complaints.word.xml import Element, element, text

_OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:)\S+")


class Inline:
    """Writes spans of one file; keeps the names and numbers of its bookmarks."""

    def __init__(self, made: Any) -> None:
        self._part = made.part
        self._names: dict[str, str] = {}
        self._ids = 0

    def write(self, paragraph: Element, spans: Spans, mono: bool = False) -> None:
        """Append ``spans`` to the ``w:p`` element ``paragraph``; ``mono`` sets all of them in even steps."""
        for span in spans:
            run = _run(span, mono)
            if not span.href:
                paragraph.append(run)
            elif span.href.startswith("#"):
                paragraph.append(element("hyperlink", run, anchor=self.name(span.href[1:]), history=1))
            elif _OUTSIDE.fullmatch(span.href):
                link = element("hyperlink", run, history=1)
                link.set(qn("r:id"), self._part.relate_to(span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
                paragraph.append(link)
            else:
                paragraph.append(run)

    def bookmark(self, paragraph: Element, anchor: str | None) -> None:
        """Make the place in front of ``paragraph``'s runs the target of links to ``anchor``."""
        if not anchor:
            return
        self._ids += 1
        start = element("bookmarkStart", id=self._ids, name=self.name(anchor))
        end = element("bookmarkEnd", id=self._ids)
        at = 1 if paragraph.pPr is not None else 0
        paragraph.insert(at, start)
        paragraph.insert(at + 1, end)

    def name(self, anchor: str) -> str:
        """The bookmark name of an anchor: Word takes 40 letters, digits and underscores."""
        if anchor not in self._names:
            self._names[anchor] = f"a{len(self._names) + 1}_{re.sub(r'[^A-Za-z0-9]', '_', anchor)}"[:40]
        return self._names[anchor]


def _run(span: Span, mono: bool) -> Element:
    look: list[Element] = []  # in the order of the schema
    if mono or span.code:
        look.append(element("rFonts", ascii=MONO, hAnsi=MONO, cs=MONO, eastAsia=SONG))
    look += [element("b")] if span.bold else []
    look += [element("i")] if span.italic else []
    if span.href:
        look.append(element("color", val="1F3F7F"))
    if mono:
        look += [element("sz", val=17), element("szCs", val=17)]
    look += [element("highlight", val="yellow")] if span.mark else []
    look += [element("u", val="single")] if span.href else []
    return element("r", *([element("rPr", *look)] if look else []), *text(visible(span.text)))
