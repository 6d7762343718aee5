"""A document between the template's Markdown and its printed forms: blocks and spans, no layout.

``complaints.markdown`` makes these from Markdown, the renderers print them. Text is plain here: nothing is
escaped yet, each renderer escapes at its own border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. ``href`` is ``#anchor`` inside the document or an address; ``mark`` highlights a quote."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    mark: bool = False
    href: str | None = None


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is the document title; ``anchor`` is unique in the document."""

    level: int
    spans: Spans
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``style``: body (first line indented by two characters), plain, centre, right, small, warning."""

    spans: Spans
    style: Literal["body", "plain", "centre", "right", "small", "warning"] = "body"


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Items are block lists; ``start`` numbers an ordered list."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """A set-off quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """``mono`` prints hashes and numbers in even steps and lets them break anywhere."""

    spans: Spans
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header that repeats on every page. ``widths`` are shares of the line; rows may be many
    thousand. ``row_anchors`` names rows that links point to ("" for none)."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    caption: str = ""
    row_anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by its hash, as an asset resolver knows it. ``boxes`` (x0, y0, x1, y1 in pixels of the stored
    picture) are outlined. A long picture is split over pages, never shrunk below legibility."""

    sha256: str
    caption: str
    anchor: str | None = None
    boxes: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One day (or hour) of a chart; ``parts`` stack in the order of the chart's ``series``."""

    label: str
    parts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Stacked bars for greyscale print with an optional limit line, and the same numbers beneath as text."""

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    limit: float | None = None
    limit_label: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Counts per cell, rows x columns, printed as grey with the number inside."""

    title: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a transcript: when, who, in which direction, and what, with the quoted spans marked."""

    when: str
    who: str
    direction: Literal["in", "out", "unknown"]
    spans: Spans
    ref: str = ""
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Messages or spoken lines in order."""

    messages: tuple[Message, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Start a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents is printed here."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A labelled line to sign on."""

    label: str


Block: TypeAlias = (
    Heading
    | Paragraph
    | ListBlock
    | QuoteBlock
    | Table
    | Figure
    | BarChart
    | HeatMap
    | Transcript
    | PageBreak
    | Contents
    | SignatureLine
)


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. ``footer`` stands on every page beside "page X of Y"; ``when`` is the document's own
    date (ISO), the only clock that reaches the file."""

    title: str
    language: str
    when: str
    footer: str
    blocks: tuple[Block, ...]
