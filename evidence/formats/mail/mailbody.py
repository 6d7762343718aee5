"""The words of a mail's body from the versions in which it was sent (RFC 2046, 3676)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evidence.formats.mail.htmltext import Page
from evidence.formats.mail.mailrecord import Body

_META = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_STUB = 2  # a plain version with less than half the letters of the HTML one is a stub


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the body in the versions there are."""

    plain: str | None = None
    page: Page | None = None


def html_charset(data: bytes, params: Mapping[str, str]) -> str | None:
    """The charset that the part states, else the page itself."""
    if params.get("charset"):
        return params["charset"]
    meta = _META.search(data[:4096])
    return None if meta is None else meta[1].decode()


def unflowed(text: str, params: Mapping[str, str]) -> str:
    """RFC 3676: lines that end in a blank go on in the next one of the same quoting depth."""
    drop = params.get("delsp", "").lower() == "yes"
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        joins = words.endswith(" ") and words != "-- "
        kept = words[:-1] if joins and drop else words
        if open_depth == depth and out and words != "-- ":
            out[-1] += kept
        else:
            out.append((">" * depth + " " if depth else "") + kept)
        open_depth = depth if joins else None
    return "\n".join(out)


def alternatives(found: list[list[Block]]) -> Block:
    """RFC 2046 5.1.4: versions of the same words."""
    blocks = [block for group in found for block in group]
    plains = [b.plain for b in blocks if b.plain is not None]
    pages = [b.page for b in blocks if b.page is not None]
    return Block("\n".join(plains) if plains else None, joined(pages) if pages else None)


def joined(pages: list[Page]) -> Page:
    if len(pages) == 1:
        return pages[0]
    return Page(
        "\n\n".join(p.text for p in pages),
        "\n".join(p.hidden for p in pages if p.hidden),
        tuple(link for p in pages for link in p.links),
        sum(p.remote for p in pages),
        sum(p.scripts for p in pages),
        "",
        any(p.cut for p in pages),
    )


def _letters(text: str) -> int:
    return sum(not char.isspace() for char in text)


def body_of(blocks: list[Block], charsets: list[str]) -> Body:
    """The words as read by the addressee, block by block."""
    texts: list[str] = []
    others: list[str] = []
    origins: set[str] = set()
    for block in blocks:
        plain, page = block.plain, block.page
        html = None if page is None else page.text
        use_html = html is not None and (plain is None or _letters(plain) * _STUB < _letters(html))
        chosen, other = (html, plain) if use_html else (plain, html)
        if chosen is not None and chosen.strip():
            texts.append(chosen.strip("\n"))
            origins.add("html" if use_html else "plain")
        if other is not None and other.strip() and "".join(other.split()) != "".join((chosen or "").split()):
            others.append(other.strip("\n"))
    pages = [block.page for block in blocks if block.page is not None]
    return Body(
        "\n\n".join(texts),
        "html" if "html" in origins else "plain" if origins else "none",
        "\n\n".join(others) if others else None,
        joined(pages) if pages else None,
        tuple(charsets),
    )
