"""Small WordprocessingML elements (ECMA-376 part 1), made with python-docx's element classes."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Element = Any  # lxml elements carry no types


def element(tag: str, *children: Element, **attributes: str | int) -> Element:
    """``<w:tag w:attribute="…">`` with ``children``."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def text(content: str) -> list[Element]:
    """Run contents for legal text: ``w:t``, ``w:br`` for line feeds and ``w:tab`` for tabs, every space kept."""
    out: list[Element] = []
    for i, line in enumerate(content.split("\n")):
        out += [element("br")] if i else []
        for j, piece in enumerate(line.split("\t")):
            out += [element("tab")] if j else []
            if piece:
                made = element("t")
                made.text = piece
                made.set(qn("xml:space"), "preserve")
                out.append(made)
    return out


def field(code: str, shown: str) -> list[Element]:
    """Runs of a field that shows ``shown`` until the program that opens the file works it out."""
    instruction = element("instrText")
    instruction.text = f" {code} "
    instruction.set(qn("xml:space"), "preserve")
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", instruction),
        element("r", element("fldChar", fldCharType="separate")),
        element("r", *text(shown)),
        element("r", element("fldChar", fldCharType="end")),
    ]
