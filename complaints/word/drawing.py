"""Pictures inside a paragraph of the Word file."""

from __future__ import annotations

from typing import Any

from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Cm

from complaints.visible import visible
from complaints.word.xml import Element, element


def picture(part: Any, data: bytes, number: int, width: float, description: str) -> Element:
    """A run that shows ``data``, a JPEG or PNG, ``width`` cm wide, and stores it as the file's picture ``number``.

    python-docx's ``add_picture`` hashes every earlier picture again for each new one: with 200 screenshots that alone
    takes seconds, so the part is made here.
    """
    image = Image.from_blob(data)
    name = f"image{number:04}.{image.ext}"
    stored = ImagePart.from_image(image, PackURI(f"/word/media/{name}"))
    link = part.relate_to(stored, RELATIONSHIP_TYPE.IMAGE)
    size = Cm(width), Cm(width * image.px_height / image.px_width)
    shape = CT_Inline.new_pic_inline(number, link, name, *size)
    shape.docPr.set("descr", visible(description))
    return element("r", element("drawing", shape))
