"""The PDF/A-2u pass (ISO 19005-2): metadata, output intent, printed links, and the same bytes on each run."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from complaints.pdf.report import PdfError
from evidence.i18n import gettext as _


def _profile() -> bytes:
    """An sRGB profile whose date and id are fixed: Pillow writes today's date into it."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = bytes([7, 0xE9, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    data[84:100] = bytes(16)
    return bytes(data)


def parse_when(when: str) -> datetime:
    """The document's own date. One without an offset counts as UTC. Raises PdfError for anything but ISO 8601."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError as error:
        raise PdfError(_("The document's date is not ISO 8601: {date}").format(date=when)) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pdf_date(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return moment.strftime("D:%Y%m%d%H%M%S") + ("Z" if offset == "+0000" else f"{offset[:3]}'{offset[3:5]}'")


def archive(source: io.BytesIO, target: Path, *, title: str, lang: str, when: str) -> None:
    """Write the PDF in ``source`` to ``target`` as PDF/A-2u; the file appears only when it is complete."""
    moment = parse_when(when).replace(microsecond=0)
    with pikepdf.open(source) as pdf:
        profile = pdf.make_stream(_profile(), N=3, Alternate=Name.DeviceRGB)
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB IEC61966-2.1"),
            DestOutputProfile=profile,
        )
        pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
        pdf.Root.Lang = String(lang)
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                note.F = 4
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        date = _pdf_date(moment)
        for key, value in (("/Title", title), ("/CreationDate", date), ("/ModDate", date)):
            pdf.docinfo[key] = String(value)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            meta["dc:title"] = title
            meta["pdfaid:part"] = "2"
            meta["pdfaid:conformance"] = "U"
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = moment.isoformat()
        unfinished = target.with_name(f".{target.name}.part")
        try:
            pdf.save(unfinished, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
