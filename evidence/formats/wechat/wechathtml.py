"""The HTML form of a WeChat chat sent by mail, turned into the plain form that ``formats.wechat.wechattext`` reads.

Each paragraph becomes a line. In HTML two blanks look like one, so a heading (bold, ``name 16:21``) gets its two blanks
back: that is how the plain form tells it from words. Nothing is fetched, no script is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HTML_LIMIT = 16 << 20  # characters; WeChat sends at most a hundred messages at once
_BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "body", "td", "pre"}
_SKIPPED = {"script", "style", "head", "title", "template"}
_BOLD = {"b", "strong"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADING = re.compile(r"[ \t\u00a0\u3000]+(\d{1,2}:\d{2})[ \t\u00a0\u3000]*")
_PICTURE = re.compile(r"(?:^|[/:])([0-9a-f]{32}\.(?:jpe?g|png|gif))(?:$|[?#])", re.IGNORECASE)


@dataclass(slots=True)
class _Lines:
    """Collects what the parser reports (the target interface of lxml)."""

    out: list[str] = field(default_factory=list)
    line: list[tuple[str, bool]] = field(default_factory=list)
    skipped: int = 0
    bold: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        if tag in _SKIPPED:
            self.skipped += 1
        elif tag in _BOLD:
            self.bold += 1
        elif tag == "br":
            self._end_line(keep_blank=True)
        elif tag in _BLOCKS:
            self._end_line()
        elif tag == "img" and not self.skipped:
            name = _PICTURE.search(attributes.get("src", ""))
            if name is not None:
                self.line.append((f"[图片: {name[1]}]", False))

    def end(self, tag: str) -> None:
        """An end tag."""
        if tag in _SKIPPED:
            self.skipped = max(self.skipped - 1, 0)
        elif tag in _BOLD:
            self.bold = max(self.bold - 1, 0)
        elif tag in _BLOCKS:
            self._end_line()

    def data(self, text: str) -> None:
        """Words between tags."""
        if not self.skipped and text:
            self.line.append((text, self.bold > 0))

    def comment(self, _text: str) -> None:
        """Left out."""

    def pi(self, _target: str, _text: str | None = None) -> None:
        """Left out."""

    def close(self) -> str:
        """The lines."""
        self._end_line()
        return "\n".join(self.out)

    def _end_line(self, keep_blank: bool = False) -> None:
        if not self.line and not keep_blank:
            return
        text = _SPACE.sub(" ", "".join(part for part, _bold in self.line)).strip(" ")
        bold = all(is_bold for part, is_bold in self.line if part.strip(" \t\r\n\f\u00a0"))
        self.line = []
        heading = _HEADING.search(text[-20:]) if bold and text else None
        if heading is not None and heading.end() == len(text[-20:]):
            text = f"{text[: len(text) - len(heading[0])]}  {heading[1]}"
        self.out.append("" if not text.strip("\u00a0 ") else text)


def share_text(html: str) -> str:
    """The page's paragraphs as lines. Never raises; what lies beyond :data:`HTML_LIMIT` is left out."""
    from lxml import etree

    target = _Lines()
    parser = etree.HTMLParser(target=target, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        parser.feed(html[:HTML_LIMIT].encode("utf-8", "replace"))
        return str(parser.close())
    except (etree.XMLSyntaxError, ValueError, AssertionError):  # what was reported so far is still good
        return target.close()
