"""Blocks to HTML, written piece by piece."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

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
    Table,
    Transcript,
)
from complaints.columns import ems, negotiated
from complaints.html.charts import bar_chart, heat_map
from complaints.html.inline import inline, shown
from complaints.html.style import CSS, policy
from complaints.outline import listed
from complaints.pictures import PictureError, prepare
from complaints.words import words

Assets = Callable[[str], Path]
_PIXELS_WIDE, _PIXELS_HIGH = 1000, 2250
_LINE_EMS, _CELL_EMS = 56.0, 1.2  # of a table's letters: the widest line, a cell's margins
_HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="date" content="{when}">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<main>
"""


def render_html(document: Document, target: Path, assets: Assets) -> None:
    """Write ``document`` to ``target`` as one HTML file (UTF-8); equal input gives equal bytes.

    :param assets: path of the picture with a SHA-256; a picture that cannot be shown leaves a visible text
    """
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for piece in _Writer(document, assets).page():
            file.write(piece)


class _Writer:
    """Yields the pieces of one file."""

    def __init__(self, document: Document, assets: Assets) -> None:
        self._document, self._assets = document, assets
        self._words = words(document.language)
        self._headings = 0

    def page(self) -> Iterator[Markup]:
        """The whole file."""
        document = self._document
        yield Markup(_HEAD).format(
            language=shown(document.language),
            policy=policy(),
            when=shown(document.when),
            title=shown(document.title),
            css=Markup(CSS),
        )
        yield from self._blocks(document.blocks)
        yield Markup("</main>\n<footer>{}</footer>\n</body>\n</html>\n").format(shown(document.footer))

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Markup]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Markup]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph():
                yield Markup('<p class="{}">{}</p>\n').format(block.style, inline(block.spans))
            case ListBlock():
                yield from self._list(block)
            case QuoteBlock():
                yield Markup("<blockquote>")
                yield from self._blocks(block.blocks)
                yield Markup("</blockquote>\n")
            case Table():
                yield from _table(block)
            case Transcript():
                yield from self._transcript(block)
            case Figure():
                yield from self._figure(block)
            case BarChart():
                yield from bar_chart(block, self._words)
            case HeatMap():
                yield from heat_map(block)
            case PageBreak():
                yield Markup('<div class="break"></div>\n')
            case Contents():
                yield from self._contents()
            case SignatureLine():
                yield Markup('<p class="sign">{}{}<span></span></p>\n').format(shown(block.label), self._words.colon)

    def _heading(self, block: Heading) -> Markup:
        place, level = self._headings, min(max(block.level, 1), 6)
        self._headings += 1
        # Two targets: the template's own anchor, and the one of the table of contents ("_" cannot begin an anchor).
        own = Markup('<a id="{}"></a>').format(shown(block.anchor)) if block.anchor else Markup("")
        made = '<h{level} id="_h{place}">{own}{text}</h{level}>\n'
        return Markup(made).format(level=level, place=place, own=own, text=inline(block.spans))

    def _list(self, block: ListBlock) -> Iterator[Markup]:
        yield Markup('<ol start="{}">').format(block.start) if block.ordered else Markup("<ul>")
        for item in block.items:
            yield Markup("<li>")
            yield from self._blocks(item)
            yield Markup("</li>\n")
        yield Markup("</ol>\n") if block.ordered else Markup("</ul>\n")

    def _transcript(self, block: Transcript) -> Iterator[Markup]:
        w = self._words
        directions = {"in": w.received, "out": w.sent, "unknown": w.unknown}
        yield Markup('<table class="transcript">')
        if block.caption:
            yield Markup("<caption>{}</caption>").format(shown(block.caption))
        numbered = any(m.ref for m in block.messages)
        titles = (w.time, w.who, w.text, w.reference) if numbered else (w.time, w.who, w.text)
        yield _columns((18, 20, 48, 14) if numbered else (18, 20, 62))
        yield Markup("<thead><tr>{}</tr></thead><tbody>\n").format(
            Markup("").join(Markup('<th scope="col">{}</th>').format(title) for title in titles)
        )
        for m in block.messages:
            row = '<tr class="{}"{}><td>{}</td><td><bdi>{}</bdi>\n({})</td><td><bdi>{}</bdi></td>'
            cells = m.direction, _id(m.anchor), shown(m.when), shown(m.who), directions[m.direction], inline(m.spans)
            yield Markup(row).format(*cells)
            yield Markup("<td><bdi>{}</bdi></td></tr>\n").format(shown(m.ref)) if numbered else Markup("</tr>\n")
        yield Markup("</tbody></table>\n")

    def _figure(self, block: Figure) -> Iterator[Markup]:
        try:
            pieces = prepare(
                self._assets(block.sha256), max_width=_PIXELS_WIDE, max_height=_PIXELS_HIGH, boxes=block.boxes
            )
        except PictureError as error:
            sentence = self._words.broken_picture(block.caption, block.sha256, error.reason)
            yield Markup('<p class="warning"{}>{}</p>\n').format(_id(block.anchor), shown(sentence))
            return
        for piece in pieces:
            caption = block.caption
            if piece.parts > 1:
                caption += f" ({self._words.part.format(part=piece.part, parts=piece.parts)})"
            made = (
                '<figure{}><img class="{}" width="{}" height="{}" alt="{}" src="data:image/jpeg;base64,{}">'
                "<figcaption>{}</figcaption></figure>\n"
            )
            yield Markup(made).format(
                _id(block.anchor if piece.part == 1 else None),
                "tall" if piece.height > piece.width else "wide",
                piece.width,
                piece.height,
                shown(caption),
                b64encode(piece.data).decode("ascii"),
                shown(caption),
            )

    def _contents(self) -> Iterator[Markup]:
        yield Markup('<nav><p class="toc-title">{}</p><ul class="toc">\n').format(self._words.contents)
        for place, depth, heading in listed(self._document):
            label = "".join(s.text for s in heading.spans)
            yield Markup('<li class="d{}"><a href="#_h{}">{}</a></li>\n').format(depth, place, shown(label))
        yield Markup("</ul></nav>\n")


def _table(block: Table) -> Iterator[Markup]:
    yield Markup("<table>")
    if block.caption:
        yield Markup("<caption>{}</caption>").format(shown(block.caption))
    widths = negotiated(block.widths, block.header, block.rows, _LINE_EMS, _CELL_EMS, ems)
    yield _columns(widths)
    yield Markup("<thead><tr>")
    for cell in block.header:
        yield Markup('<th scope="col">{}</th>').format(inline(cell.spans, cell.mono))
    yield Markup("</tr></thead><tbody>\n")
    anchors = block.row_anchors or ("",) * len(block.rows)
    for row, anchor in zip(block.rows, anchors, strict=True):
        cells = (
            Markup('<td class="{}">{}</td>').format(align, inline(cell.spans, cell.mono))
            for cell, align in zip(row, block.aligns, strict=True)
        )
        yield Markup("<tr{}>{}</tr>\n").format(_id(anchor), Markup("").join(cells))
    yield Markup("</tbody></table>\n")


def _columns(widths: Sequence[float]) -> Markup:
    total = sum(widths)
    columns = (Markup('<col width="{:.2f}%">').format(100 * width / total) for width in widths)
    return Markup("<colgroup>{}</colgroup>").format(Markup("").join(columns))


def _id(anchor: str | None) -> Markup:
    return Markup(' id="{}"').format(shown(anchor)) if anchor else Markup("")
