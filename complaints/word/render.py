"""Blocks to Word, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from complaints.blocks import (
    BarChart,
    Block,
    Contents,
    Document,
    Figure,
    Heading,
    HeatMap,
    ListBlock,
    PageBreak,
    Paragraph,
    QuoteBlock,
    SignatureLine,
    Span,
    Table,
    Transcript,
)
from complaints.outline import chart_numbers, listed, number_text
from complaints.pictures import PictureError, Prepared, prepare
from complaints.word import tables
from complaints.word.chart import chart_pictures
from complaints.word.drawing import picture
from complaints.word.inline import Inline
from complaints.word.package import write_stable
from complaints.word.styles import INDENT, TEXT_WIDTH, new_file, numbering
from complaints.word.xml import Element, element, field, text
from complaints.words import words

Assets = Callable[[str], Path]
_STYLE_IDS = {"body": "BodyText", "plain": "DunlogPlain", "centre": "DunlogCentre", "right": "DunlogRight"}
_STYLE_IDS |= {"small": "DunlogSmall", "warning": "DunlogWarning"}
_PIXELS_WIDE, _PIXELS_HIGH = 1000, 2250
_TALL_WIDTH, _TALLEST = 9.2, 21.0  # cm: a phone screen stays legible, caption and picture share a page


def render_docx(document: Document, target: Path, assets: Assets) -> None:
    """Write ``document`` to ``target`` as DOCX; equal input gives equal bytes.

    :param assets: path of the picture with a SHA-256; a picture that cannot be shown leaves a visible text
    :raises ValueError: when ``document.when`` is not an ISO 8601 date
    """
    made = new_file(document)
    writer = _Writer(document, made, assets)
    for block in document.blocks:
        writer.block(block)
    out = BytesIO()
    made.save(out)
    write_stable(out.getvalue(), target)


class _Writer:
    """Appends blocks to the body; remembers a page break until the next paragraph carries it."""

    def __init__(self, document: Document, made: Any, assets: Assets) -> None:
        self._document, self._made, self._assets = document, made, assets
        self._words = words(document.language)
        self._inline = Inline(made)
        self._end = made.element.body.sectPr
        self._break = False
        self._headings = self._pictures = 0

    def block(self, block: Block, style: str = "", number: tuple[int, int] | None = None) -> None:
        """Append ``block``; ``style`` overrides that of paragraphs, ``number`` is (list, level) of a list item,
        the list being 0 for what follows in the item."""
        match block:
            case PageBreak():
                self._break = True
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block, style, number)
            case ListBlock():
                self._list(block, style, number[1] + 1 if number else 0)
            case QuoteBlock():
                for inner in block.blocks:
                    self.block(inner, "Quote")
            case Figure():
                self._figure(block)
            case Contents():
                self._contents()
            case SignatureLine():
                self._signature(block)
            case BarChart():
                self._bars(block)
            case Table() | Transcript() | HeatMap():
                self._add(*self._tables(block))

    def _tables(self, block: Table | Transcript | HeatMap) -> list[Element]:
        match block:
            case Table():
                return tables.table(block, self._inline, self._words)
            case Transcript():
                return tables.transcript(block, self._inline, self._words)
            case HeatMap():
                return tables.heat_map(block, self._inline, self._words)

    def _add(self, *elements: Element) -> None:
        if self._break and elements:
            self._break = False
            if not hasattr(elements[0], "get_or_add_pPr"):  # a table cannot carry the break itself
                elements = (tables.paragraph("DunlogGap", "", self._inline), *elements)
            elements[0].get_or_add_pPr().get_or_add_pageBreakBefore()
        for made in elements:
            self._end.addprevious(made)

    def _heading(self, block: Heading) -> None:
        made = element("p", element("pPr", element("pStyle", val=f"Heading{min(max(block.level, 1), 6)}")))
        self._inline.write(made, block.spans)
        self._inline.bookmark(made, f" heading {self._headings}")  # the space keeps it apart from real anchors
        self._inline.bookmark(made, block.anchor)
        self._headings += 1
        self._add(made)

    def _paragraph(self, block: Paragraph, style: str, number: tuple[int, int] | None) -> None:
        look = element("pPr", element("pStyle", val=style or _STYLE_IDS[block.style]))
        if number and number[0]:
            look.append(element("numPr", element("ilvl", val=number[1]), element("numId", val=number[0])))
        elif number:
            look.append(element("ind", left=INDENT * (number[1] + 1)))
        made = element("p", look)
        self._inline.write(made, block.spans)
        self._add(made)

    def _list(self, block: ListBlock, style: str, level: int) -> None:
        level = min(level, 8)
        name = numbering(self._made, block.ordered, block.start)
        for item in block.items:
            first, rest = (item[:1], item[1:]) if item and isinstance(item[0], Paragraph) else ((Paragraph(()),), item)
            self.block(first[0], style or "DunlogPlain", (name, level))
            for inner in rest:
                self.block(inner, style, (0, level))

    def _figure(self, block: Figure) -> None:
        try:
            pieces = prepare(
                self._assets(block.sha256), max_width=_PIXELS_WIDE, max_height=_PIXELS_HIGH, boxes=block.boxes
            )
        except PictureError as error:
            sentence = self._words.broken_picture(block.caption, block.sha256, error.reason)
            made = tables.paragraph("DunlogWarning", sentence, self._inline)
            self._inline.bookmark(made, block.anchor)
            self._add(made)
            return
        for piece in pieces:
            self._piece(block, piece)

    def _bars(self, block: BarChart) -> None:
        title = tables.paragraph("Caption", block.title, self._inline)
        title.pPr.append(element("keepNext"))
        numbers = chart_numbers(block, self._words)
        made = [title]
        for data in chart_pictures(block, self._words):
            self._pictures += 1
            shape = picture(self._made.part, data, self._pictures, TEXT_WIDTH, f"{block.title} {numbers}")
            made.append(
                element("p", element("pPr", element("pStyle", val="DunlogPicture"), element("keepNext")), shape)
            )
        if block.limit is not None:
            label = block.limit_label or self._words.limit
            numbers = f"- - -  {label} ({number_text(block.limit)}){self._words.marks[2]}{numbers}"
        self._add(*made, tables.paragraph("DunlogSmall", numbers, self._inline))

    def _piece(self, block: Figure, piece: Prepared) -> None:
        width = TEXT_WIDTH if piece.width > piece.height else _TALL_WIDTH
        width = min(width, _TALLEST * piece.width / piece.height, piece.width / 40)  # no enlargement past 100 dpi
        caption = block.caption
        if piece.parts > 1:
            caption += f" ({self._words.part.format(part=piece.part, parts=piece.parts)})"
        self._pictures += 1
        shape = picture(self._made.part, piece.data, self._pictures, width, caption)
        made = element("p", element("pPr", element("pStyle", val="DunlogPicture"), element("keepNext")), shape)
        self._inline.bookmark(made, block.anchor if piece.part == 1 else None)
        self._add(made, tables.paragraph("Caption", caption, self._inline))

    def _contents(self) -> None:
        """A field that Word fills on F9, and until then the headings as links, without page numbers."""
        entries = listed(self._document)
        first = entries[0][2].level - entries[0][1] + 1 if entries else 2
        begin, code, between, _shown, end = field(f'TOC \\o "{first}-{first + 1}" \\h \\z \\u', "")
        made = [tables.paragraph("DunlogCentre", self._words.contents, self._inline)]
        for place, depth, heading in entries:
            line = element("p", element("pPr", element("pStyle", val=f"TOC{depth}")))
            label = "".join(s.text for s in heading.spans)
            self._inline.write(line, (Span(label, href=f"# heading {place}"), Span("\t")))
            line.extend(field(f"PAGEREF {self._inline.name(f' heading {place}')} \\h", "—"))
            made.append(line)
        note = element("p", element("pPr", element("pStyle", val="DunlogSmall")))
        note.append(element("r", *text(self._words.update_contents)))
        made.append(note)
        for run in (between, code, begin):
            made[1].insert(1, run)
        note.append(end)
        self._add(*made)

    def _signature(self, block: SignatureLine) -> None:
        tabs = element("tabs", element("tab", val="left", leader="underscore", pos=6600))
        made = element("p", element("pPr", element("pStyle", val="DunlogSignature"), element("keepLines"), tabs))
        self._inline.write(made, (Span(block.label + self._words.colon), Span("\t")))
        self._add(made)
