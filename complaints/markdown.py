"""A template's Markdown becomes a :class:`complaints.blocks.Document`.

The dialect is CommonMark with GFM tables, without raw HTML, pictures, ruled lines, indented code, underlined headings
and link definitions (evidence text beside a template's own could set those off by accident), with these additions:

* ``## Heading {#anchor}`` names a heading; ``[text](#anchor)`` links to it
* ``{.centre}``, ``{.right}``, ``{.small}``, ``{.plain}`` or ``{.warning}`` first in a paragraph sets its style
* ``==text==`` marks a quotation
* ``\\pagebreak``, ``\\toc`` and ``\\sign{label}``, each alone on a line
* fences ``figure``, ``bars``, ``heatmap``, ``transcript`` and ``table`` hold one JSON object (:mod:`complaints.fenced`)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from complaints.blocks import (
    Align,
    Block,
    Cell,
    Contents,
    Document,
    Figure,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    QuoteBlock,
    SignatureLine,
    Span,
    Spans,
    Table,
    Transcript,
)
from complaints.dialect import parser
from complaints.fenced import default_widths, read
from complaints.jsonfields import FenceError, check_address, check_anchor
from complaints.spans import FOLD, cut_end, cut_start, merged
from evidence.errors import DunlogError
from evidence.i18n import gettext as _

Style = Literal["body", "plain", "centre", "right", "small", "warning"]
_STYLES: dict[str, Style] = {"plain": "plain", "centre": "centre", "right": "right", "small": "small"}
_STYLES["warning"] = "warning"
_STYLE = re.compile(r"\{\.([a-z]+)\}[ \t]*\n?")
_ANCHOR = re.compile(r"[ \t]*(?<!\\)\{#([^{}\s]*)\}[ \t]*$")


class MarkdownError(DunlogError):
    """The text made from a template is not in the Markdown dialect of documents."""

    code = "template_markdown"

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(_("Line {line} of the document text: {problem}").format(line=line, problem=problem))
        self.line = line


def parse(text: str, *, title: str, language: str, when: str, footer: str) -> Document:
    """The document that ``text`` describes; the other arguments are kept as they are.

    :param language: BCP 47 tag of the document, such as ``zh-CN``
    :param when: the document's own date (ISO 8601), the only clock that reaches a printed file
    :raises MarkdownError: for an unknown or broken fence, a double anchor, a link to a missing anchor, a picture,
        an address that is neither ``#anchor`` nor http, https, mailto or tel
    """
    builder = _Builder()
    # A NUL would silently become U+FFFD in the parser.
    tokens = parser().parse(text.replace("\0", "[U+0000]"))
    blocks = builder.blocks(SyntaxTreeNode(tokens).children)
    builder.check_links()
    return Document(title, language, when, footer, blocks)


class _Builder:
    """Turns syntax nodes into blocks and remembers anchors and links, with their lines."""

    def __init__(self) -> None:
        self._anchors: set[str] = set()
        self._links: list[tuple[int, str]] = []
        self._line = 1

    def blocks(self, nodes: Iterable[SyntaxTreeNode], style: Style = "body") -> tuple[Block, ...]:
        """The blocks of sibling nodes; ``style`` is that of paragraphs which name none."""
        return tuple(self._block(node, style) for node in nodes)

    def check_links(self) -> None:
        """Every ``#anchor`` that is linked to must be in the document."""
        for line, anchor in self._links:
            if anchor not in self._anchors:
                raise MarkdownError(line, _("a link points to “#{anchor}”, which is not there").format(anchor=anchor))

    def _block(self, node: SyntaxTreeNode, style: Style) -> Block:
        if node.map:
            self._line = node.map[0] + 1
        match node.type:
            case "heading":
                return self._heading(node)
            case "paragraph":
                return self._paragraph(node, style)
            case "bullet_list" | "ordered_list":
                items = tuple(self.blocks(item.children, "plain") for item in node.children)
                return ListBlock(items, node.type == "ordered_list", int(node.attrs.get("start", 1)))
            case "blockquote":
                return QuoteBlock(self.blocks(node.children, "plain"))
            case "fence":
                return self._fence(node)
            case "table":
                return self._table(node)
            case "command":
                return _command(node)
        raise MarkdownError(self._line, _("“{kind}” is not used in documents").format(kind=node.type))

    def _heading(self, node: SyntaxTreeNode) -> Heading:
        spans, anchor = self._inline(node), None
        # The raw text decides: escaped braces of evidence text are not an anchor.
        if found := _ANCHOR.search(_raw(node)):
            anchor = self._anchor(found[1])
            spans = cut_end(spans, len(found[0].strip()))
        return Heading(int(node.tag[1]), spans, anchor)

    def _paragraph(self, node: SyntaxTreeNode, style: Style) -> Paragraph:
        spans = self._inline(node)
        found = _STYLE.match(_raw(node))
        if not found:
            return Paragraph(spans, style)
        if found[1] not in _STYLES:
            raise MarkdownError(self._line, _("unknown paragraph style “{style}”").format(style=found[1]))
        return Paragraph(cut_start(spans, len(found[1]) + 3), _STYLES[found[1]])

    def _fence(self, node: SyntaxTreeNode) -> Block:
        if not node.info.strip():
            return Paragraph((Span(node.content.removesuffix("\n"), code=True),), "plain")
        try:
            block = read(node.info.strip(), node.content)
        except FenceError as error:
            raise MarkdownError(self._line + error.line, str(error)) from error
        for anchor in _anchors(block):
            self._anchor(anchor)
        for href in _hrefs(block):
            self._link(href)
        return block

    def _table(self, node: SyntaxTreeNode) -> Table:
        rows, aligns = [], tuple(_align(cell) for cell in node.children[0].children[0].children)
        for row in (row for part in node.children for row in part.children):
            self._line = row.map[0] + 1 if row.map else self._line
            rows.append(tuple(Cell(self._inline(cell)) for cell in row.children))
        return Table(rows[0], tuple(rows[1:]), default_widths(tuple(rows)), aligns)

    def _inline(self, node: SyntaxTreeNode) -> Spans:
        found: list[Span] = []
        for inline in node.children:
            self._walk(inline.children, Span(""), found)
        return merged(found)

    def _walk(self, nodes: Iterable[SyntaxTreeNode], now: Span, found: list[Span]) -> None:
        for node in nodes:
            bold, italic, mark, href = now.bold, now.italic, now.mark, now.href
            match node.type:
                case "text" | "code_inline":
                    found.append(Span(node.content, bold, italic, now.code or node.type != "text", mark, href))
                case "softbreak" | "hardbreak":
                    found.append(Span("\n" if node.type == "hardbreak" else FOLD, bold, italic, now.code, mark, href))
                case "strong" | "em" | "mark" | "link":
                    if node.type == "link":
                        href = self._address(str(node.attrs["href"]))
                    bold, italic = bold or node.type == "strong", italic or node.type == "em"
                    inner = Span("", bold, italic, now.code, mark or node.type == "mark", href)
                    self._walk(node.children, inner, found)
                case _:
                    raise MarkdownError(self._line, _("“{kind}” is not used in documents").format(kind=node.type))

    def _address(self, href: str) -> str:
        try:
            return self._link(check_address(href))
        except FenceError as error:
            raise MarkdownError(self._line, str(error)) from error

    def _link(self, href: str) -> str:
        if href.startswith("#"):
            self._links.append((self._line, href[1:]))
        return href

    def _anchor(self, name: str) -> str:
        try:
            check_anchor(name)
        except FenceError as error:
            raise MarkdownError(self._line, str(error)) from error
        if name in self._anchors:
            raise MarkdownError(self._line, _("the anchor “{name}” is there twice").format(name=name))
        self._anchors.add(name)
        return name


def _raw(node: SyntaxTreeNode) -> str:
    return node.children[0].content if node.children else ""


def _align(cell: SyntaxTreeNode) -> Align:
    style = str(cell.attrs.get("style", ""))
    return "centre" if "center" in style else "right" if "right" in style else "left"


def _command(node: SyntaxTreeNode) -> Block:
    if node.info == "pagebreak":
        return PageBreak()
    return Contents() if node.info == "toc" else SignatureLine(node.content)


def _anchors(block: Block) -> list[str]:
    match block:
        case Figure(anchor=str(anchor)):
            return [anchor]
        case Table():
            return [a for a in block.row_anchors if a]
        case Transcript():
            return [m.anchor for m in block.messages if m.anchor]
    return []


def _hrefs(block: Block) -> list[str]:
    spans: list[Span] = []
    if isinstance(block, Table):
        spans = [s for row in (block.header, *block.rows) for cell in row for s in cell.spans]
    elif isinstance(block, Transcript):
        spans = [s for message in block.messages for s in message.spans]
    return [s.href for s in spans if s.href]
