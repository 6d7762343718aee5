"""A PDF: contract, receipt, letter, bill. Its text layer is the record's text; pages that are pictures go to OCR."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from evidence.errors import Unreadable
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Media, Problem, Record, Stamp

_MAGIC_WITHIN = 1024
_MAX_SIZE = 1 << 30
_LISTED_MARKS = 500


class PdfDocument:
    """One file is one record of kind document; its text holds all pages, joined by form feeds."""

    name = "pdf_document"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the mark of a PDF stands within the first kilobyte (readers allow bytes before it)."""
        head = file.head[:_MAGIC_WITHIN]
        return head.startswith(b"%PDF-") or (b"\n%PDF-1." in head and not head.lstrip().startswith((b"<", b"{")))

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The record, then what is told once. Raises Unreadable (``protected_format`` for one with a password)."""
        pdf = _open(file)
        try:
            yield from _Run(pdf, file, options, attach).all()
        finally:
            pdf.close()


def _open(file: FileProbe) -> Any:
    import pypdfium2 as pdfium
    import pypdfium2.raw as c

    if file.size > _MAX_SIZE:
        raise Unreadable(_("A PDF of more than 1 GB is not read."))
    try:
        return pdfium.PdfDocument(file.path)
    except pdfium.PdfiumError as error:
        if error.err_code in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY):
            words = _(
                "This PDF opens only with a password. Open it with its password, print it to a new PDF or photograph "
                "its pages, and import that; keep this file too."
            )
            from evidence.errors import ProtectedFormat

            raise ProtectedFormat(words) from error
        raise Unreadable(_("The PDF is damaged: its table of contents cannot be read.")) from error


class _Run:
    """One pass over one document."""

    def __init__(self, pdf: Any, file: FileProbe, options: ReadOptions, attach: Attach) -> None:
        self._pdf, self._file, self._options, self._attach = pdf, file, options, attach
        self._texts: list[str] = []
        self._pages: list[dict[str, object]] = []
        self._media: list[Media] = []
        self._marks: list[dict[str, str]] = []
        self._length = 0
        self._radicals = 0
        self._problems: list[Problem] = []
        self._not_drawn: list[int] = []
        self._broken: list[int] = []

    def all(self) -> Iterator[Item]:
        """The record, then the problems."""
        from evidence.formats.documents.pdfabout import pdf_stamp, read_about
        from evidence.formats.documents.pdfpages import MAX_CHARS, MAX_PAGES

        about = read_about(self._pdf)
        for number in range(1, min(about.pages, MAX_PAGES) + 1):
            if self._length > MAX_CHARS:
                break
            self._page(number)
        text = "\f".join(self._texts)
        extras: dict[str, object] = dict(about.properties) | {"page_count": about.pages, "pages": self._pages}
        extras["pdf_version"] = about.version
        embedded = self._embedded()
        optional: dict[str, object] = {
            "signed": bool(about.signatures), "signatures": list(about.signatures), "embedded": embedded,
            "scripts": about.scripts, "marks": self._marks[:_LISTED_MARKS], "radicals_replaced": self._radicals,
        }  # fmt: skip
        extras |= {key: value for key, value in optional.items() if value}
        if about.protected:
            extras["protection"] = "owner_password"
        yield Record(
            kind="document",
            channel="document",
            locator="file",
            time=pdf_stamp(about.properties.get("created"), self._options.zone) or _file_time(self._file),
            text=text if text.strip() else None,
            text_basis="source" if text.strip() else None,
            media=tuple(self._media),
            holder=self._options.holder,
            extras=extras,
        )
        yield from self._told(about.pages, about.scripts)

    def _page(self, number: int) -> None:
        import pypdfium2 as pdfium

        from evidence.formats.documents.pdfpages import MAX_RENDERED, read_page, render_png

        entry: dict[str, object] = {"page": number, "from": 0, "to": 0, "scanned": False}
        text = ""
        page = None
        try:
            page = self._pdf.get_page(number - 1)
            read = read_page(page, number)
            text = "" if read.garbage else read.text
            entry["scanned"] = read.scanned
            self._radicals += read.radicals
            self._marks += read.marks
            if read.garbage:
                entry["text_layer"] = "unreadable"
            if read.picture:
                entry["picture_share"] = read.picture
            if read.scanned or read.pictured:
                png = render_png(page, read.pixels) if len(self._media) < MAX_RENDERED else None
                if png is None:
                    self._not_drawn.append(number)
                else:
                    media = self._attach(io.BytesIO(png), f"page-{number}.png", "image/png")
                    self._media.append(media)
                    entry["picture"] = media.sha256
        except (pdfium.PdfiumError, MemoryError, ValueError):
            entry["state"] = "damaged"
            self._broken.append(number)
        finally:
            if page is not None:
                page.close()
        start = self._length + (1 if self._texts else 0)
        self._texts.append(text)
        self._length = start + len(text)
        entry["from"], entry["to"] = start, self._length
        self._pages.append(entry)

    def _embedded(self) -> list[dict[str, object]]:
        from evidence.formats.documents.pdfabout import embedded_files
        from evidence.formats.mail.attachments import keep_part

        out: list[dict[str, object]] = []
        for n, (name, data) in enumerate(embedded_files(self._pdf), 1):
            if data is None:
                words = _("The file {name} inside this PDF cannot be taken out.")
                out.append({"name": name, "state": "missing"})
                self._problems.append(_warning("part_damaged", words.format(name=name), f"embedded file {n}"))
                continue
            kept = keep_part(io.BytesIO(data), name, "", f"embedded-{n}", self._attach)
            self._media.append(kept.media)
            out.append(dict(kept.about))
            if kept.dangerous:
                words = _("{name} inside this PDF is a program or can run one. It is kept and was not opened.")
                words = words.format(name=kept.media.name)
                self._problems.append(_warning("attachment_dangerous", words, f"embedded file {n}"))
        return out

    def _told(self, pages: int, scripts: int) -> Iterator[Problem]:
        yield from self._problems
        left = pages - len(self._pages)
        if left > 0:
            words = ngettext(
                "{n} page was not read: the document is longer than is read at once. It is kept whole.",
                "{n} pages were not read: the document is longer than is read at once. It is kept whole.",
                left,
            )
            yield Problem("pdf_pages_left", words.format(n=left), "", f"page {len(self._pages) + 1}")
        if self._broken:
            words = ngettext(
                "{n} page is damaged and was not read, the first is page {first}.",
                "{n} pages are damaged and were not read, the first is page {first}.",
                len(self._broken),
            )
            first = self._broken[0]
            yield Problem("pdf_page_damaged", words.format(n=len(self._broken), first=first), "", f"page {first}")
        if self._not_drawn:
            words = ngettext(
                "{n} page is a picture that is too large to draw, or one too many; its words are not read. The first "
                "is page {first}.",
                "{n} pages are pictures that are too large to draw, or too many; their words are not read. The first "
                "is page {first}.",
                len(self._not_drawn),
            )
            first = self._not_drawn[0]
            yield Problem("pdf_page_not_drawn", words.format(n=len(self._not_drawn), first=first), "", f"page {first}")
        garbled = [page["page"] for page in self._pages if page.get("text_layer") == "unreadable"]
        if garbled:
            words = ngettext(
                "{n} page has a text that cannot be read as letters; its picture is read instead. The first is page "
                "{first}.",
                "{n} pages have a text that cannot be read as letters; their pictures are read instead. The first is "
                "page {first}.",
                len(garbled),
            )
            place = f"page {garbled[0]}"
            yield _warning("pdf_text_garbled", words.format(n=len(garbled), first=garbled[0]), place)
        if scripts:
            yield _warning("pdf_scripts", _("This PDF carries scripts. They were not run."), "file")


def _file_time(file: FileProbe) -> Stamp:
    return Stamp(basis="file") if file.mtime is None else Stamp(file.mtime, file.mtime, "file", "file_mtime")


def _warning(code: str, message: str, locator: str) -> Problem:
    return Problem(code, message, "", locator, "warning")


IMPORTER = PdfDocument()
