"""What a PDF says about itself: properties, signatures, protection, embedded files (ISO 32000, through PDFium).

All of it is claims: nothing is verified, nothing is run.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from evidence.models import Stamp, TimeHow
from evidence.times import local_stamp, offset_stamp

_PROPERTIES = {
    "Title": "title", "Author": "author", "Subject": "subject", "Keywords": "keywords", "Creator": "creator",
    "Producer": "producer", "CreationDate": "created", "ModDate": "modified",
}  # fmt: skip
MAX_EMBEDDED = 200
MAX_EMBEDDED_BYTES = 256 << 20
_DATE = re.compile(
    r"(?:D:)?\s*(?P<date>\d{4}(?:\d{2}){0,5})(?:(?P<utc>Z)|(?P<sign>[+-])(?P<hours>\d{2})'?(?P<minutes>\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class About:
    """``properties`` as written (title, author, created …); ``signatures`` one entry per signature field;
    ``protected``: encrypted, but open to everybody (an owner's password only); ``scripts`` how many are inside."""

    properties: dict[str, str]
    signatures: tuple[dict[str, str], ...]
    protected: bool
    scripts: int
    version: str
    pages: int


def read_about(pdf: Any) -> About:
    """Everything but the pages. ``pdf`` is an open ``pypdfium2.PdfDocument``."""
    import pypdfium2.raw as c

    properties = {}
    for key, name in _PROPERTIES.items():
        value = _plain(pdf.get_metadata_value(key))
        if value:
            properties[name] = value
    version = pdf.get_version()
    return About(
        properties,
        tuple(_signatures(pdf)),
        c.FPDF_GetSecurityHandlerRevision(pdf) >= 0,
        max(0, c.FPDFDoc_GetJavaScriptActionCount(pdf)),
        "" if version is None else f"{version // 10}.{version % 10}",
        len(pdf),
    )


def _plain(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f\ud800-\udfff]", " ", text)[:10_000].strip()


def _signatures(pdf: Any) -> Iterator[dict[str, str]]:
    import pypdfium2.raw as c

    for n in range(min(max(0, c.FPDF_GetSignatureCount(pdf)), 100)):
        signature = c.FPDF_GetSignatureObject(pdf, n)
        if not signature:
            continue
        size = c.FPDFSignatureObj_GetTime(signature, None, 0)
        time = ctypes.create_string_buffer(size) if 0 < size < 1000 else None
        if time is not None:
            c.FPDFSignatureObj_GetTime(signature, time, size)
        size = c.FPDFSignatureObj_GetReason(signature, None, 0)
        reason = ctypes.create_string_buffer(size) if 2 < size < 100_000 else None
        if reason is not None:
            c.FPDFSignatureObj_GetReason(signature, reason, size)
        held = c.FPDFSignatureObj_GetContents(signature, None, 0)
        told = {
            "stated_time": "" if time is None else time.value.decode("latin-1"),
            "reason": "" if reason is None else _plain(reason.raw.decode("utf-16-le", "replace").rstrip("\0")),
            "holds": "signature" if held > 0 else "nothing",
        }
        yield {key: value for key, value in told.items() if value}


def pdf_stamp(raw: str | None, zone: ZoneInfo) -> Stamp | None:
    """A date of ISO 32000 7.9.4 (``D:20260310091500+08'00'``); None when there is none that can be read."""
    match = _DATE.match(raw or "")
    if match is None or raw is None:
        return None
    digits = match["date"]
    parts = [int(digits[:4]), *(int(digits[i : i + 2]) for i in range(4, len(digits), 2))]
    precision = {1: 31_622_400.0, 2: 2_678_400.0, 3: 86_400.0, 4: 3600.0, 5: 60.0}.get(len(parts), 1.0)
    year, month, day, hour, minute, second = (parts + [1, 1, 0, 0, 0][len(parts) - 1 :])[:6]
    try:
        wall = datetime(year, month, day, hour, minute, second)
        if match["utc"] is None and match["sign"] is None:
            how: TimeHow = "local_assumed" if len(parts) > 3 else "date_only"
            stamp = local_stamp(wall, zone, raw, "metadata", precision, how)
        else:
            minutes = int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)
            offset = timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes))
            stamp = offset_stamp(wall.replace(tzinfo=offset), raw, "metadata", precision)
    except ValueError:
        return None
    return stamp if stamp.utc is not None else None


def embedded_files(pdf: Any) -> Iterator[tuple[str, bytes | None]]:
    """(name, bytes) of the files inside; None for one that cannot be taken out or is too large."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as c

    for n in range(min(max(0, pdf.count_attachments()), MAX_EMBEDDED)):
        name, data = f"embedded-{n + 1}", None
        try:
            attachment = pdf.get_attachment(n)
            name = attachment.get_name() or name
            size = ctypes.c_ulong()
            c.FPDFAttachment_GetFile(attachment, None, 0, size)
            if 0 < size.value <= MAX_EMBEDDED_BYTES:
                data = bytes(attachment.get_data())
        except (pdfium.PdfiumError, UnicodeDecodeError):
            data = None
        yield name, data
