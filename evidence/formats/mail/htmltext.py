"""The words that a reader of an HTML page sees, without opening anything that the page points to.

The parser reports tags and text one after the other; no tree is built, so depth costs nothing. Nothing is fetched and
no script is run. What a page hides is kept apart, since the addressee did not see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_HTML = 16 << 20  # bytes; the rest is left out and said
_LINKS = 200
_HIDDEN_TEXT = 20_000
_SKIP = {"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "select", "textarea"}
_VOID = {"br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr", "param"}
_BLOCK = {
    "p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section",
    "article", "header", "footer", "address", "dl", "dt", "dd", "center", "form", "fieldset", "hr", "body", "caption",
}  # fmt: skip
_PARAGRAPH = {"p", "ul", "ol", "table", "h1", "h2", "h3", "blockquote"}
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)"
    r"|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)",
    re.I,
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """``text`` as seen; ``hidden`` words that the page does not show; ``links`` (words, address);
    ``remote`` how many pictures and the like a mail program would have fetched; ``scripts`` how many were left out;
    ``title`` of the page; ``cut`` whether it was longer than is read."""

    text: str
    hidden: str = ""
    links: tuple[tuple[str, str], ...] = ()
    remote: int = 0
    scripts: int = 0
    title: str = ""
    cut: bool = False


@dataclass(slots=True)
class _Reader:
    """Collects what the parser reports (the target interface of lxml)."""

    out: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    stack: list[tuple[str, bool, bool, bool]] = field(default_factory=list)  # tag, skipped, unseen, preformatted
    href: str | None = None
    words: list[str] = field(default_factory=list)
    remote: int = 0
    scripts: int = 0
    unseen: int = 0  # characters in ``hidden``
    ending: str = "\n\n"  # what the text so far ends in

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        _tag, skipped, unseen, pre = self.stack[-1] if self.stack else ("", False, False, False)
        self.scripts += tag == "script"
        source = attributes.get("src") or attributes.get("background") or ""
        self.remote += source.strip().lower().startswith(("http:", "https:", "//"))
        if tag == "br" and not skipped and not unseen:
            self._put("\n")
        elif tag in _BLOCK and not skipped and not unseen:
            self._line(2 if tag in _PARAGRAPH else 1)
        elif tag in ("td", "th") and not skipped and not unseen and not self.ending.endswith(("\n", "\t")):
            self._put("\t")
        if tag in _VOID:
            return
        if tag == "a" and "href" in attributes and self.href is None:
            self.href, self.words = attributes["href"], []
        unseen = unseen or "hidden" in attributes or _UNSEEN.search(attributes.get("style", "")[:2000]) is not None
        self.stack.append((tag, skipped or tag in _SKIP, unseen, pre or tag == "pre"))

    def end(self, tag: str) -> None:
        """An element ends; one that was never opened is none."""
        if tag in _VOID:
            return
        if tag == "a" and self.href is not None:
            if len(self.links) < _LINKS:
                self.links.append((_SPACE.sub(" ", "".join(self.words)).strip(), self.href[:2000]))
            self.href = None
        if self.stack and self.stack[-1][0] == tag:
            skipped, unseen = self.stack.pop()[1:3]
            if tag in _BLOCK and not skipped and not unseen:
                self._line(2 if tag in _PARAGRAPH else 1)

    def data(self, data: str) -> None:
        """Words between tags."""
        tag, skipped, unseen, pre = self.stack[-1] if self.stack else ("", False, False, False)
        if tag == "title":
            self.title.append(data)
        if skipped:
            return
        if unseen:
            words = _SPACE.sub(" ", data).strip()
            if words and self.unseen < _HIDDEN_TEXT:
                self.hidden.append(words)
                self.unseen += len(words)
            return
        text = data if pre else _SPACE.sub(" ", data)
        if not pre and self.ending.endswith(("\n", "\t", " ")):
            text = text.lstrip(" ")
        if text:
            self.words.append(text)
            self._put(text)

    def comment(self, text: str) -> None:
        """Comments (and what old Outlook put in them) are not seen."""

    def close(self) -> Page:
        """Everything read."""
        lines = [line.rstrip(" \t") for line in "".join(self.out).split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        title = _SPACE.sub(" ", "".join(self.title)).strip()
        return Page(text, "\n".join(self.hidden), tuple(self.links), self.remote, self.scripts, title)

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.ending = (self.ending + text)[-2:]

    def _line(self, wanted: int) -> None:
        have = 2 if self.ending.endswith("\n\n") else 1 if self.ending.endswith("\n") else 0
        if have < wanted and self.out:
            self._put("\n" * (wanted - have))


def page_text(html: str) -> Page:
    """What a reader of ``html`` sees. Never raises on any text."""
    from dataclasses import replace

    from lxml import etree

    clean = _BAD.sub("\ufffd", _XML_HEAD.sub("", html.replace("\0", ""), count=1))
    data = clean.encode("utf-8", "replace")
    cut = len(data) > MAX_HTML
    if not data.strip():
        return Page("")
    parser = etree.HTMLParser(target=_Reader(), encoding="utf-8", no_network=True, huge_tree=False)
    try:
        parser.feed(data[:MAX_HTML])
        page: Page = parser.close()
    except etree.XMLSyntaxError:  # nothing in it that is HTML: its words are still there
        page = Page(_SPACE.sub(" ", re.sub(r"<[^<>]{0,2000}>", " ", clean[:MAX_HTML])).strip())
    return replace(page, cut=cut)
