"""Questions about a document's blocks that every printed form asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from complaints.blocks import BarChart, Block, Document, Heading, ListBlock, QuoteBlock
from complaints.words import Words


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


def number_text(value: float) -> str:
    """A count as people write it."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"


def chart_numbers(chart: BarChart, words: Words) -> str:
    """The numbers of a chart in one paragraph: only bars that have a value."""
    colon, comma, semicolon, opening, closing = words.marks
    listed = []
    for bar in chart.bars:
        if not sum(bar.parts):
            continue
        text = f"{bar.label}{colon}{number_text(sum(bar.parts))}"
        if len(chart.series) > 1:
            named = zip(chart.series, bar.parts, strict=True)
            parts = comma.join(f"{name} {number_text(part)}" for name, part in named if part)
            text += f"{opening}{parts}{closing}"
        listed.append(text)
    end = ("。" if colon == "：" else ". ") if listed else ""
    zero = words.zero if len(listed) < len(chart.bars) else ""
    return words.numbers + semicolon.join(listed) + end + zero
