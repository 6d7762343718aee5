"""Tables whose headers come from the wording of a country."""

from __future__ import annotations

from complaints.blocks import Align, Cell, Span, Spans, Table
from complaints.casebook import CaseBook


def make_table(
    book: CaseBook,
    keys: tuple[str, ...],
    rows: list[list[Spans]],
    widths: tuple[float, ...],
    anchors: tuple[str, ...] = (),
    caption: str = "",
    right: frozenset[str] = frozenset({"seconds", "size", "count", "total", "answered", "missed", "counted"}),
) -> Table:
    """A table whose header comes from the wording (``head_<key>``); numbers stand right, hashes in even steps."""
    aligns: tuple[Align, ...] = tuple("right" if key in right else "left" for key in keys)
    header = tuple(Cell((Span(book.wording.plain(f"head_{key}")),)) for key in keys)
    cells = tuple(
        tuple(Cell(spans or (Span(""),), key == "hash") for key, spans in zip(keys, row, strict=True)) for row in rows
    )
    return Table(header, cells, tuple(w / sum(widths) for w in widths), aligns, caption, anchors)
