"""The words of a PDF's pages, and pictures of the pages whose words are only to be seen (ISO 32000, through PDFium).

PDFium is the reader of the Chrome browser, made for hostile files. It runs inside this process, so a crash of it would
end the command; what is bounded here is the number of pages, objects and pixels. The build in use has no JavaScript.
"""

from __future__ import annotations

import ctypes
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

MAX_PAGES = 2000
MAX_RENDERED = 300
MAX_CHARS = 4_000_000
_DPI = 200
_MAX_PIXELS = 30_000_000
_MAX_SIDE = 20_000
_MAX_PICTURE_PIXELS = 200_000_000  # of the pictures on one page, unpacked
_MAX_OBJECTS = 3000
_SAMPLED = 2000
_GARBAGE = 0.1  # share of characters without meaning from which a text layer is not believed
_FEW = 16  # characters: less beside a large picture is a page number or a stamp, not the page's text
_LARGE = 0.5  # share of the page that a picture covers
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff\U000f0000-\U0010ffff]")
_SPACE_END = re.compile(r"[ \t\u00a0]+\n")


@dataclass(frozen=True, slots=True)
class PageText:
    """``text`` of the text layer, cleaned. ``garbage``: its characters have no meaning (a font without its table).
    ``picture`` is the share of the page that pictures cover; ``empty``: nothing at all is drawn; ``radicals`` how many
    signs stood for the character that looks alike. ``pixels`` of its pictures; ``marks`` notes and form fields."""

    number: int
    text: str
    garbage: bool
    picture: float
    empty: bool
    radicals: int
    pixels: int
    marks: tuple[dict[str, str], ...] = ()

    @property
    def scanned(self) -> bool:
        """Whether the page's words are to be read from its picture."""
        if self.empty:
            return False
        few = len(re.sub(r"\s", "", self.text)) < _FEW
        return self.garbage or not self.text.strip() or (few and self.picture >= _LARGE)

    @property
    def pictured(self) -> bool:
        """Whether a large picture stands beside or under the text layer: both are to be read."""
        return not self.scanned and self.picture >= _LARGE


def read_page(page: Any, number: int) -> PageText:
    """The text layer of one page and what is drawn on it. Raises PdfiumError for a page that cannot be loaded."""
    textpage = page.get_textpage()
    try:
        raw = textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
        garbage = _is_garbage(textpage, raw)
    finally:
        textpage.close()
    share, objects, pixels = _pictures(page)
    marks = _marks(page, number)
    text, radicals = clean_text(raw)
    empty = objects == 0 and not marks and not text.strip()
    return PageText(number, text, garbage, share, empty, radicals, pixels, marks)


def clean_text(raw: str) -> tuple[str, int]:
    """Text without control characters, and how many radical signs became the character they show.

    Fonts of Chinese PDFs often map a character to the radical that looks alike (⽇ U+2F47 for 日): no search would find
    it. Such signs are exchanged one for one.
    """
    text = raw.replace("\x02", "-").replace("\ufffe", "-")  # PDFium's marks for a hyphen at a line's end
    text = text.replace("\f", "\n")
    radicals = 0
    if re.search("[\u2e80-\u2fdf\uf900-\ufaff]", text):
        out = []
        for char in text:
            plain = (
                unicodedata.normalize("NFKC", char)
                if "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff"
                else char
            )
            radicals += plain != char
            out.append(plain)
        text = "".join(out)
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text)
    return _SPACE_END.sub("\n", text).strip("\n"), radicals


def _is_garbage(textpage: Any, raw: str) -> bool:
    """Whether the text layer says nothing: signs without meaning, or characters that the font maps to nothing."""
    import pypdfium2.raw as c

    letters = [char for char in raw if not char.isspace()]
    if letters and len(_BAD.findall("".join(letters).replace("\x02", "").replace("\ufffe", ""))) > _GARBAGE * len(
        letters
    ):
        return True
    total = textpage.count_chars()
    if total <= 0:
        return False
    step = max(1, total // _SAMPLED)
    places = range(0, total, step)
    wrong: int = sum(c.FPDFText_HasUnicodeMapError(textpage, i) == 1 for i in places)
    return wrong > _GARBAGE * len(places)


def _pictures(page: Any) -> tuple[float, int, int]:
    """(share of the page that pictures cover, number of objects, pixels of all pictures)."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as c

    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    covered, objects, pixels = 0.0, 0, 0
    for item in page.get_objects(max_depth=4):
        objects += 1
        if objects > _MAX_OBJECTS:
            break
        if item.type != c.FPDF_PAGEOBJ_IMAGE:
            continue
        width, height = ctypes.c_uint(), ctypes.c_uint()
        if c.FPDFImageObj_GetImagePixelSize(item, width, height):
            pixels += width.value * height.value
        try:
            x0, y0, x1, y1 = item.get_bounds()
        except pdfium.PdfiumError:
            continue
        wide = min(max(x1, left), right) - min(max(x0, left), right)
        high = min(max(y1, bottom), top) - min(max(y0, bottom), top)
        covered += max(0.0, wide) * max(0.0, high)
    return round(min(1.0, covered / area), 3), objects, pixels


def _marks(page: Any, number: int) -> tuple[dict[str, str], ...]:
    """What notes say and form fields hold: it is no part of the text layer."""
    import pypdfium2.raw as c

    out: list[dict[str, str]] = []
    for n in range(min(c.FPDFPage_GetAnnotCount(page), 500)):
        annotation = c.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        fields = {"text": b"Contents", "value": b"V", "field": b"T"}
        found = {key: value for key, name in fields.items() if (value := _annotation_text(annotation, name))}
        c.FPDFPage_CloseAnnot(annotation)
        if "text" in found or "value" in found:
            out.append({"page": str(number), **found})
    return tuple(out)


def _annotation_text(annotation: Any, key: bytes) -> str:
    import pypdfium2.raw as c

    size = c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2 or size > 200_000:
        return ""
    buffer = (c.FPDF_WCHAR * (size // 2))()
    c.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return clean_text(bytes(buffer)[: size - 2].decode("utf-16-le", "replace"))[0].strip()


def render_png(page: Any, pixels: int) -> bytes | None:
    """The page as PNG at 200 dpi, less for a large page; None when it or its pictures are too large or has no size.

    Same file, same PDFium and zlib: same bytes.
    """
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6) or pixels > _MAX_PICTURE_PIXELS:
        return None
    scale = min(_DPI / 72, (_MAX_PIXELS / (width * height)) ** 0.5, _MAX_SIDE / max(width, height))
    if min(width, height) * scale < 1:
        return None
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        out = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(out, "PNG", compress_level=6)
    finally:
        bitmap.close()
    return out.getvalue()
