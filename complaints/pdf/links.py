"""What a document refers to: anchors, links between them, and pictures. Checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from complaints.blocks import (
    Block,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    QuoteBlock,
    Spans,
    Table,
    Transcript,
)
from complaints.pdf.report import PdfError
from evidence.i18n import gettext as _


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from _flat(item)
        elif isinstance(block, QuoteBlock):
            yield from _flat(block.blocks)


def _anchors(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Figure():
            yield block.anchor or ""
        case Table():
            if len(block.row_anchors) > len(block.rows):
                text = _("The table has {anchors} row anchors and {rows} rows.")
                raise PdfError(text.format(anchors=len(block.row_anchors), rows=len(block.rows)))
            yield from block.row_anchors
        case Transcript():
            yield from (m.anchor or "" for m in block.messages)


def _spans(block: Block) -> Iterator[Spans]:
    match block:
        case Heading() | Paragraph():
            yield block.spans
        case Table():
            yield from (cell.spans for row in (block.header, *block.rows) for cell in row)
        case Transcript():
            yield from (m.spans for m in block.messages)


def check_links(document: Document) -> None:
    """Raises PdfError for an anchor that is there twice and for a link to one that is not there."""
    anchors: set[str] = set()
    wanted: set[str] = set()
    for block in _flat(document.blocks):
        for name in _anchors(block):
            if name in anchors:
                raise PdfError(_("The anchor {name} is there twice.").format(name=name))
            if name:
                anchors.add(name)
        for spans in _spans(block):
            wanted.update(s.href[1:] for s in spans if s.href and s.href.startswith("#"))
    if missing := sorted(wanted - anchors):
        raise PdfError(_("Links lead to anchors that are not there: {names}").format(names=", ".join(missing)))


def picture_order(document: Document) -> list[str]:
    """The hashes of all pictures, in the order in which they are drawn."""
    return [block.sha256 for block in _flat(document.blocks) if isinstance(block, Figure)]
