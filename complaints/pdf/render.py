"""From a document to a file: check, flow onto pages, archive."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from complaints.blocks import Document
from complaints.pdf.archive import archive, parse_when
from complaints.pdf.flow import flow
from complaints.pdf.fonts import load_fonts
from complaints.pdf.links import check_links, picture_order
from complaints.pdf.pictures import Made, Shelf
from complaints.pdf.report import PdfReport
from complaints.pdf.sheet import Sheet
from complaints.pdf.story import Story
from complaints.pdf.words import words_for


def render_pdf(
    document: Document,
    target: Path,
    assets: Callable[[str], Path],
    *,
    system_fonts: bool = False,
    made: Made | None = None,
) -> PdfReport:
    """Write ``document`` to ``target`` as PDF/A-2u on A4 and report what was printed.

    ``assets`` gives the path of an original picture by its SHA-256; the path itself does not reach the file.
    The bytes depend on the document and the pictures alone, unless ``system_fonts`` lets this machine's fonts
    stand in for characters that the packaged font lacks. A caller that renders several times until its page
    numbers settle hands in the same ``made`` dictionary each time: pictures are then prepared once.

    Raises PdfError for a link to a missing anchor, an anchor given twice, rows that do not fit their table and
    a date that is not ISO 8601; MissingPart without any Chinese font. A picture that cannot be read is no
    error: a box with the reason is printed.
    """
    parse_when(document.when)
    check_links(document)
    fonts = load_fonts(system=system_fonts)
    words = words_for(document.language)
    title = "".join(c for c in document.title if c.isprintable())
    stream = io.BytesIO()
    sheet = Sheet(stream, fonts, words, title, document.footer)
    with Shelf(picture_order(document), assets, {} if made is None else made) as shelf:
        story = Story(document, fonts, words, shelf)
        flow(story.boxes(), sheet)
    pages = sheet.save()
    archive(stream, target, title=title, lang=words.lang, when=document.when)
    return PdfReport(
        pages=pages,
        missing_characters=tuple(sorted(fonts.missing)),
        anchors={name: page for name, page in sheet.anchors.items() if not name.startswith("\0")},
        substitutes=tuple(story.substitutes.values()),
        warnings=fonts.warnings,
    )
