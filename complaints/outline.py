"""Questions about a document's blocks that every printed form asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from complaints.blocks import Block, Document, Heading, ListBlock, QuoteBlock


def headings(blocks: Iterable[Block]) -> Iterator[Heading]:
    """All headings in reading order, also those inside lists and quotations."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, QuoteBlock):
            yield from headings(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from headings(item)


def listed(document: Document) -> tuple[tuple[int, int, Heading], ...]:
    """The entries of the table of contents: place among all headings (from 0), depth (1 or 2), heading.

    A single heading of level 1 is the title and not listed; with several, each starts a part and is.
    """
    found = list(headings(document.blocks))
    first = 1 if sum(h.level == 1 for h in found) > 1 else 2
    return tuple((i, h.level - first + 1, h) for i, h in enumerate(found) if first <= h.level <= first + 1)
