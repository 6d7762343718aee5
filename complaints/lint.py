"""The last check before a dossier is printed: no open slot, no big word, no sentence without its ground.

Words are judged on the program's own text only (quoted evidence may say anything); links and anchors are judged
on the parsed document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from complaints.blocks import (
    Block,
    Document,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    QuoteBlock,
    Span,
    Table,
    Transcript,
)
from complaints.models import Dossier
from complaints.rendering import HIDDEN, own_words
from evidence.errors import PreflightFailed
from evidence.i18n import gettext as _

_SLOT = re.compile(r"\{\{|\}\}|\{%|%\}|(?<![A-Za-z])(?:None|null|undefined|nan|TODO|XXX)(?![A-Za-z])")
_EMPTY = re.compile(r"（\s*）|\(\s*\)|《\s*》|“\s*”|：\s*[。；]")
_DOUBLE = re.compile(r"[，、；。：]{2,}|，\s*。")
_TOO_MUCH = re.compile(
    r"可采信|证明|保证(?!人)|必然|必定|确凿|铁证|百分之百|100\s*%|一定胜诉|admissib|guarantee"
    r"|(?<![A-Za-z])prov(?:e|es|ed|en)(?![A-Za-z])",
    re.IGNORECASE,
)


class LintFailed(PreflightFailed):
    """The text of the dossier breaks one of its promises. This is a mistake of a template or of the program."""

    code = "dossier_lint"

    def __init__(self, problems: tuple[str, ...]) -> None:
        message = _("The dossier was not written, because its text is not in order:")
        super().__init__("\n".join((message, *problems)))
        self.problems = problems


def lint(document: Document, dossier: Dossier) -> None:
    """Raise :class:`LintFailed` with every problem of a dossier's text."""
    problems = tuple(dict.fromkeys((*words(own_words(dossier)), *links(document, dossier), *findings(dossier))))
    if problems:
        raise LintFailed(problems)


def words(text: str) -> Iterator[str]:
    """Problems in the program's own words: open slots, empty brackets, doubled punctuation, claims too big."""
    plain = text.replace("\\", "")
    for number, line in enumerate(plain.splitlines(), 1):
        for pattern, message in (
            (_SLOT, _("line {line}: an open slot: {text}")),
            (_EMPTY, _("line {line}: an empty place: {text}")),
            (_DOUBLE, _("line {line}: doubled punctuation: {text}")),
            (_TOO_MUCH, _("line {line}: claims too much: {text}")),
        ):
            for found in pattern.finditer(line):
                around = line[max(0, found.start() - 12) : found.end() + 12]
                yield message.format(line=number, text=around.replace(HIDDEN, "…"))


def links(document: Document, dossier: Dossier) -> Iterator[str]:
    """Sentences without ground and exhibits that nobody cites."""
    section, cited = "", set[str]()
    for block in document.blocks:
        if isinstance(block, Heading):
            section = block.anchor or ""
        hrefs = [s.href for s in _spans(block) if s.href]
        if not section.startswith(("annex-", "ex")):
            cited |= {href.removeprefix("#").partition("-")[0] for href in hrefs if href.startswith("#ex")}
        if section.startswith("conduct-"):
            yield from _without_ground(block, section)
    for exhibit in dossier.exhibits:
        if exhibit.anchor not in cited:
            yield _("{label} is not cited anywhere").format(label=exhibit.label)


def findings(dossier: Dossier) -> Iterator[str]:
    """Sentences and history lines that neither cite nor are marked as stated."""
    for conduct in dossier.conducts:
        for item in conduct.items:
            if not item.cites:
                yield _("a sentence of “{section}” cites no exhibit").format(section=conduct.title)
    for event in dossier.events:
        if not event.statement.cites and not event.statement.stated:
            yield _("the history line of {when} has no ground").format(when=event.when)


def _without_ground(block: Block, section: str) -> Iterator[str]:
    """A list of conduct in which an item has no link to an exhibit."""
    if isinstance(block, ListBlock):
        for item in block.items:
            if not any(s.href and s.href.startswith("#ex") for inner in item for s in _spans(inner)):
                yield _("a sentence of “{section}” cites no exhibit").format(section=section)


def _spans(block: Block) -> Iterable[Span]:
    match block:
        case Heading() | Paragraph():
            return block.spans
        case ListBlock():
            return (s for item in block.items for inner in item for s in _spans(inner))
        case QuoteBlock():
            return (s for inner in block.blocks for s in _spans(inner))
        case Table():
            return (s for row in (block.header, *block.rows) for cell in row for s in cell.spans)
        case Transcript():
            return (s for message in block.messages for s in message.spans)
        case Figure():
            return (Span(block.caption),)
    return ()
