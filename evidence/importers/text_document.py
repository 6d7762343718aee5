"""A note, letter or saved page in plain words (``.txt``, ``.md``, ``.html``) that no other format claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem, Record, Stamp
from evidence.sniff import sniff
from evidence.textfile import decode, decode_head, looks_like_text

MAX_CHARS = 1_000_000
_MAX_BYTES = 4_000_000
_ENDINGS = {"", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_STAMPED = re.compile(r"[\[(<]?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ T]\d{1,2}:\d{2}:\d{2}")
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:def|class|import|from|function|var|const|let|#include|package|public)\s|^\s*[\w.-]+\s*[=:]\s*\S*$"
)
_OBJECT = re.compile(
    r"\s*(?:[\[{](?![^\]}\n]{0,60}[\u4e00-\u9fff])|<(?!/?(?:html|!doctype))|BEGIN:|%!|#!|-----BEGIN)", re.I
)
_DELIMITERS = (",", ";", "\t", "|")
_LINES = 200
_SAME = 0.8


class TextDocument:
    """One file is one record of kind document. Asked only when no other importer claims the file."""

    name = "text_document"
    version = "1.0"
    fallback = True

    def claims(self, file: FileProbe) -> bool:
        """Whether the content is prose: no table, no program's data, no log."""
        if PurePath(file.name).suffix.lower() not in _ENDINGS:
            return False
        if sniff(file.head) is not None or not looks_like_text(file.head):
            return False
        text = decode_head(file.head)
        if _HTML.match(text[:4000]):
            return len(re.findall(r"<tr\b", text, re.I)) < 3
        return is_prose(text)

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The record, then what is told once. Reads at most the first 4 MB and keeps 1,000,000 characters."""
        with file.path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
        cut = file.size > len(data)
        if cut:  # end with a whole line, so that no character is cut in two
            data = data[: data.rfind(b"\n") + 1] or data
        decoded = decode(data, options.encoding)
        text, extras = decoded.text, {"encoding": decoded.encoding, "encoding_how": decoded.how, "form": "text"}
        more: dict[str, object] = {}
        if _HTML.match(text[:4000]):
            text, more = _page(text)
        cut = cut or len(text) > MAX_CHARS
        text = text[:MAX_CHARS].replace("\0", "\ufffd")
        yield Record(
            kind="document",
            channel="document",
            locator="file",
            time=Stamp(basis="file") if file.mtime is None else Stamp(file.mtime, file.mtime, "file", "file_mtime"),
            text=text if text.strip() else None,
            text_basis="source" if text.strip() else None,
            holder=options.holder,
            extras=extras | more,
        )
        if cut:
            words = _("Only the first {n} characters of this text are read; all of it is kept.")
            yield Problem("text_cut", words.format(n=len(text)), "", f"character {len(text)}")
        if decoded.how == "guessed":
            words = _("The encoding of this text was guessed ({name}). State it with --encoding if words look wrong.")
            yield Problem("encoding_assumed", words.format(name=decoded.encoding), "", "file", "warning")


def is_prose(text: str) -> bool:
    """Whether the beginning of a text is written for people: not a table, a log, a program or its data."""
    lines = [line for line in text.split("\n")[:_LINES] if line.strip()]
    if not lines or not re.search(r"[^\W\d_]", text) or _OBJECT.match(text[:200]):
        return False
    few = len(lines) * (1 - _SAME)
    if sum(_STAMPED.match(line) is not None for line in lines) > len(lines) / 2:
        return False
    if len(lines) >= 3 and sum(_CODE.search(line[:2000]) is not None for line in lines) > len(lines) - max(1.0, few):
        return False
    return not any(_is_table(lines, mark) for mark in _DELIMITERS)


def _is_table(lines: list[str], mark: str) -> bool:
    """Whether most lines have the same number of columns: then it is a table's, and not ours."""
    counts = [line.count(mark) for line in lines]
    usual = max(set(counts), key=counts.count)
    return usual > 0 and counts.count(usual) >= _SAME * len(counts) and (len(lines) > 1 or usual > 1)


def _page(html: str) -> tuple[str, dict[str, object]]:
    from evidence.formats.mail.htmltext import page_text

    page = page_text(html)
    told: dict[str, object] = {
        "title": page.title, "hidden_text": page.hidden, "remote_pictures": page.remote, "scripts": page.scripts,
        "links": [{"words": words, "address": address} for words, address in page.links],
    }  # fmt: skip
    return page.text, {"form": "html"} | {key: value for key, value in told.items() if value}


IMPORTER = TextDocument()
