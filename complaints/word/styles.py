"""Page, styles, fonts, numbering and properties of the Word file.

Fonts are named, never embedded: 宋体 (body, 小四 = 12 pt) and 黑体 (headings) come with Chinese Windows and WPS; other
systems put their own Chinese font in their place.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx import Document as new_document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from complaints.blocks import Document
from complaints.visible import visible
from complaints.word.xml import Element, element, field, text
from complaints.words import words

SONG, HEI, LATIN, MONO = "宋体", "黑体", "Times New Roman", "Courier New"
PAGE_WIDTH, PAGE_HEIGHT, SIDE, TOP = 21.0, 29.7, 2.6, 2.5  # cm, A4
TEXT_WIDTH = PAGE_WIDTH - 2 * SIDE
INDENT = 480  # twips of one list level: two characters of 12 pt
_HEADINGS = (18, 15, 14, 12, 12, 12)
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
# name, based on, size (pt), space after (pt), alignment, first-line characters / 100
_PARAGRAPHS = (
    ("Body Text", "Normal", 12, 4, None, 200),
    ("Dunlog Plain", "Normal", 12, 4, None, 0),
    ("Dunlog Centre", "Normal", 12, 6, _CENTRE, 0),
    ("Dunlog Right", "Normal", 12, 4, _RIGHT, 0),
    ("Dunlog Small", "Normal", 9, 4, None, 0),
    ("Dunlog Warning", "Normal", 11, 8, None, 0),
    ("Dunlog Cell", "Normal", 9.5, 0, None, 0),
    ("Dunlog Signature", "Normal", 12, 14, None, 0),
    ("Dunlog Picture", "Normal", 10.5, 2, _CENTRE, 0),
    ("Dunlog Gap", "Normal", 6, 0, None, 0),
    ("Caption", "Normal", 10.5, 6, _CENTRE, 0),
    ("Quote", "Normal", 11, 4, None, 0),
)
# What follows w:updateFields in the settings (ECMA-376 part 1, CT_Settings).
_AFTER_UPDATE = tuple(
    f"w:{n}" for n in ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "themeFontLang")
)
_CONTENTS = (("toc 1", 0.0), ("toc 2", 0.6), ("toc 3", 1.2))


def new_file(document: Document) -> Any:
    """An empty python-docx document with page, styles, footer and properties of ``document``."""
    made = new_document()
    _drop_parts(made.part.package)
    _drop_parts(made.part)
    _page(made)
    _defaults(made, document.language)
    for number, size in enumerate(_HEADINGS, 1):
        _heading(made.styles[f"Heading {number}"], number, size)
    for name, base, points, after, align, indent in _PARAGRAPHS:
        _paragraph(made, name, base, points, after, align, indent)
    _borders(made.styles["Dunlog Warning"].element.get_or_add_pPr(), "top", "left", "bottom", "right")
    _borders(made.styles["Quote"].element.get_or_add_pPr(), "left")
    made.styles["Quote"].paragraph_format.left_indent = Cm(0.9)
    for name, left in _CONTENTS:
        _paragraph(made, name, "Normal", 12.0, 3, None, 0)
        made.styles[name].paragraph_format.left_indent = Cm(left)
        made.styles[name].element.styleId = name.upper().replace(" ", "")  # the id Word gives its own
        right = made.styles[name].paragraph_format.tab_stops
        right.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    made.settings.element.insert_element_before(element("updateFields", val="true"), *_AFTER_UPDATE)
    if document.language.lower().startswith("zh"):
        for fonts in made.styles.element.iter(qn("w:rFonts")):
            fonts.set(qn("w:hint"), "eastAsia")  # “”…— stand in both fonts: take the Chinese ones
    _footer(made, document)
    _properties(made, document)
    return made


def numbering(made: Any, ordered: bool, start: int) -> int:
    """A new list of its own in the file; the number that its paragraphs name."""
    part = made.part.numbering_part.element
    kinds = part.findall(qn("w:abstractNum"))
    number = 1 + max((int(k.get(qn("w:abstractNumId"))) for k in kinds), default=0)
    abstract = element("abstractNum", element("multiLevelType", val="hybridMultilevel"), abstractNumId=number)
    for level in range(9):
        first = start if level == 0 else 1
        shown = f"%{level + 1}." if ordered else "•"
        abstract.append(
            element(
                "lvl",
                element("start", val=first),
                element("numFmt", val="decimal" if ordered else "bullet"),
                element("lvlText", val=shown),
                element("lvlJc", val="left"),
                element("pPr", element("ind", left=INDENT * (level + 1), hanging=INDENT)),
                ilvl=level,
            )
        )
    # The schema wants every abstractNum before the first num.
    nums = part.findall(qn("w:num"))
    nums[0].addprevious(abstract) if nums else part.append(abstract)
    return int(part.add_num(number).numId)


def _drop_parts(holder: Any) -> None:
    """Leave out what python-docx's template brings along: a thumbnail of another document, styles for Word 2010."""
    for name, relation in list(holder.rels.items()):
        if relation.reltype.rsplit("/", 1)[-1] in {"thumbnail", "stylesWithEffects"}:
            del holder.rels[name]


def _page(made: Any) -> None:
    for setting in made.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens the file as one of an older version
    section = made.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm(SIDE)
    section.top_margin = section.bottom_margin = Cm(TOP)
    section.footer_distance = Cm(1.2)


def _fonts(properties: Element, latin: str, chinese: str) -> None:
    """Name the fonts and drop the theme attributes: those win over names in Word."""
    fonts = properties.get_or_add_rFonts()
    for name in [k for k in fonts.attrib if k.endswith("Theme") or k.endswith("cstheme")]:
        del fonts.attrib[name]
    for kind, font in (("ascii", latin), ("hAnsi", latin), ("eastAsia", chinese), ("cs", latin)):
        fonts.set(qn(f"w:{kind}"), font)


def _defaults(made: Any, language: str) -> None:
    root = made.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        for name in [k for k in fonts.attrib if k.lower().endswith("theme")]:
            del fonts.attrib[name]
    defaults = root.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _fonts(defaults, LATIN, SONG)
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    chinese = language if language.lower().startswith("zh") else "zh-CN"
    western = "en-US" if language.lower().startswith("zh") else language
    defaults.append(element("lang", val=western, eastAsia=chinese, bidi="ar-SA"))
    normal = made.styles["Normal"]
    normal.font.size = Pt(12)
    _fonts(normal.element.get_or_add_rPr(), LATIN, SONG)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.35


def _heading(style: Any, number: int, size: int) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _fonts(style.element.get_or_add_rPr(), LATIN, HEI)
    style.paragraph_format.space_before = Pt(0 if number == 1 else 10)
    style.paragraph_format.space_after = Pt(12 if number == 1 else 5)
    style.paragraph_format.keep_with_next = True
    if number == 1:
        style.paragraph_format.alignment = _CENTRE


def _paragraph(made: Any, name: str, base: str, size: float, after: int, align: Any, indent: int) -> None:
    style = (
        made.styles[name]
        if name in made.styles
        else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
    )
    style.base_style = made.styles[base]
    style.font.size, style.font.italic, style.font.bold = Pt(size), False, name == "Dunlog Warning"
    style.font.color.rgb = RGBColor(0, 0, 0)
    _fonts(style.element.get_or_add_rPr(), LATIN, SONG)
    style.paragraph_format.space_after = Pt(after)
    if align is not None:
        style.paragraph_format.alignment = align
    if indent:
        style.element.get_or_add_pPr().append(element("ind", firstLineChars=indent, firstLine=INDENT))
    if name == "Dunlog Cell":
        style.paragraph_format.line_spacing = 1.1
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1.5)


def _borders(properties: Element, *sides: str) -> None:
    lines = [element(side, val="single", sz=6 if len(sides) > 1 else 18, space=6, color="666666") for side in sides]
    properties.insert_element_before(
        element("pBdr", *lines), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _footer(made: Any, document: Document) -> None:
    paragraph = made.sections[0].footer.paragraphs[0]
    paragraph.style = made.styles["Dunlog Small"]
    paragraph.alignment = _CENTRE
    p = paragraph._p
    p.append(element("r", *text(visible(document.footer) + "  ")))
    before, rest = words(document.language).page.split("{page}")
    between, after = rest.split("{pages}")
    p.extend([element("r", *text(before)), *field("PAGE", "1"), element("r", *text(between))])
    p.extend([*field("NUMPAGES", "1"), *([element("r", *text(after))] if after else [])])


def _properties(made: Any, document: Document) -> None:
    when = datetime.fromisoformat(document.when)
    when = when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    properties = made.core_properties
    properties.title, properties.language = visible(document.title)[:255], document.language
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = when
    properties.revision = 1
