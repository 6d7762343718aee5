from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from complaints.blocks import (
    Bar,
    BarChart,
    Block,
    Cell,
    Contents,
    Document,
    Figure,
    Heading,
    HeatMap,
    ListBlock,
    Message,
    PageBreak,
    Paragraph,
    QuoteBlock,
    SignatureLine,
    Span,
    Table,
    Transcript,
)
from complaints.visible import visible
from complaints.word import render_docx
from complaints.word.tables import MOST_ROWS

SHA = "a" * 64


def doc(*blocks: Block, language: str = "zh-CN") -> Document:
    return Document("投诉书", language, "2026-04-01T09:00:00+08:00", "张某某 投诉书", blocks)


def plain(text: str) -> Paragraph:
    return Paragraph((Span(text),), "plain")


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell((Span(t),)) for t in texts)


def no_assets(sha256: str) -> Path:
    return Path("missing") / sha256


def write(folder: Path, document: Document, assets: Any = no_assets) -> Any:
    target = folder / "out.docx"
    render_docx(document, target, assets)
    return docx.Document(str(target))


def everything(made: Any) -> str:
    """All text of the body, in order, as Word would copy it."""
    out = []
    for node in made.element.body.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        if node.getparent().tag == qn("w:r"):
            out.append({qn("w:br"): "\n", qn("w:tab"): "\t"}.get(node.tag, node.text))
    return "".join(out)


def fields(element: Any) -> list[str]:
    return [node.text.strip() for node in element.iter(qn("w:instrText"))]


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    path = tmp_path / "shot.png"
    Image.effect_mandelbrot((300, 600), (-2, -1, 1, 1), 20).convert("RGB").save(path)
    return path


def full(name: str = SHA) -> Document:
    table = Table(
        cells("编号", "名称"), (cells("1", "甲"), cells("2", "乙")), (1, 3), ("left", "right"), "表", ("r1", "")
    )
    return doc(
        Heading(1, (Span("投诉书"),)),
        Contents(),
        PageBreak(),
        Heading(2, (Span("经过"),), "s1"),
        Paragraph((Span("见"), Span("表", href="#r1"), Span("网", href="https://example.invalid/"))),
        ListBlock(((plain("子"), ListBlock(((plain("孙"),),))), (table,)), True, 4),
        QuoteBlock((plain("引"),)),
        table,
        BarChart("图", ("接", "拒"), (Bar("1日", (2, 3)), Bar("2日", (0, 1))), 3, "上限"),
        HeatMap("热", ("周一",), ("8时", "9时"), ((0, 5),)),
        Transcript((Message("w", "p", "in", (Span("话", mark=True),), "证1", "m1"),), "节选"),
        Figure(name, "截图", "f1"),
        SignatureLine("投诉人"),
    )


def test_same_document_same_bytes(tmp_path: Path, screenshot: Path) -> None:
    one, two = tmp_path / "1.docx", tmp_path / "2.docx"
    render_docx(full(), one, lambda _: screenshot)
    render_docx(full(), two, lambda _: screenshot)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as container:
        assert container.testzip() is None
        assert {i.date_time for i in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert container.namelist() == sorted(container.namelist())
        assert not [name for name in container.namelist() if "thumbnail" in name or "Effects" in name]


def test_properties_come_from_the_document(tmp_path: Path) -> None:
    properties = write(tmp_path, doc(plain("甲"))).core_properties
    assert properties.created == properties.modified
    assert properties.created.replace(tzinfo=None) == datetime(2026, 4, 1, 1)
    assert (properties.title, properties.author) == ("投诉书", "")


def test_fonts_are_named_without_theme(tmp_path: Path) -> None:
    made = write(tmp_path, full())
    xml = made.styles.element.xml
    assert not re.search(r"w:\w+Theme=|w:cstheme=", xml)
    for style, font in (("Body Text", "宋体"), ("Normal", "宋体"), ("Heading 2", "黑体")):
        assert made.styles[style].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    indent = made.styles["Body Text"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert made.styles["Body Text"].font.size.pt == 12


def test_headings_are_real_styles_and_listed_with_links(tmp_path: Path) -> None:
    made = write(tmp_path, full())
    assert [p.text for p in made.paragraphs if p.style.name.startswith("Heading")] == ["投诉书", "经过"]
    assert [p.style.name for p in made.paragraphs if p.text.startswith("经过")] == ["toc 1", "Heading 2"]
    contents, page = fields(made.element.body)
    assert contents == 'TOC \\o "2-3" \\h \\z \\u'
    assert re.fullmatch(r"PAGEREF a\d+__heading_1 \\h", page)
    kinds = [n.get(qn("w:fldCharType")) for n in made.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "begin", "separate", "end", "end"]
    assert made.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"


def test_contents_without_headings_is_still_a_whole_field(tmp_path: Path) -> None:
    made = write(tmp_path, doc(Contents()))
    kinds = [n.get(qn("w:fldCharType")) for n in made.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_every_link_has_its_bookmark(tmp_path: Path) -> None:
    made = write(tmp_path, full())
    body = made.element.body
    names = [n.get(qn("w:name")) for n in body.iter(qn("w:bookmarkStart"))]
    ids = [n.get(qn("w:id")) for n in body.iter(qn("w:bookmarkStart"))]
    targets = {n.get(qn("w:anchor")) for n in body.iter(qn("w:hyperlink"))} - {None}
    assert targets
    assert targets <= set(names)
    assert len(set(ids)) == len(ids)
    assert sorted(ids) == sorted(n.get(qn("w:id")) for n in body.iter(qn("w:bookmarkEnd")))
    assert all(re.fullmatch(r"[a-z]\w{0,39}", name, re.ASCII) for name in names)
    outside = [r.target_ref for r in made.part.rels.values() if r.is_external]
    assert outside == ["https://example.invalid/"]


def test_a_link_to_a_file_or_script_is_only_text(tmp_path: Path) -> None:
    made = write(tmp_path, doc(Paragraph((Span("甲", href="file:///etc/passwd"), Span("乙", href="javascript:x")))))
    assert everything(made) == "甲乙"
    assert not [r for r in made.part.rels.values() if r.is_external]


def test_footer_has_page_fields_and_text(tmp_path: Path) -> None:
    footer = write(tmp_path, full()).sections[0].footer
    assert footer.paragraphs[0].text == "张某某 投诉书  第 1 页 / 共 1 页"
    assert fields(footer._element) == ["PAGE", "NUMPAGES"]
    english = write(tmp_path, doc(plain("x"), language="en")).sections[0].footer
    assert english.paragraphs[0].text.endswith("Page 1 of 1")


def test_tables_repeat_headers_and_keep_widths(tmp_path: Path) -> None:
    for table in write(tmp_path, full()).tables:
        xml = table._tbl
        assert xml.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in xml.tr_lst)
        grid = [int(c.get(qn("w:w"))) for c in xml.tblGrid]
        assert all([int(c.tcPr.tcW.get(qn("w:w"))) for c in row.tc_lst] == grid for row in xml.tr_lst)
        assert xml.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
        assert xml.getnext().tag == qn("w:p")  # two tables would grow together


def test_numbered_lists_start_where_they_should(tmp_path: Path) -> None:
    item = (plain("甲"),)
    made = write(tmp_path, doc(ListBlock((item,), True, 4), ListBlock((item,), True, 7), ListBlock((item,))))
    numbers = [p._p.pPr.numPr.numId.val for p in made.paragraphs]
    assert len(set(numbers)) == 3
    root = made.part.numbering_part.element
    starts = []
    for number in numbers:
        name = root.num_having_numId(number).abstractNumId.val
        (kind,) = (a for a in root.findall(qn("w:abstractNum")) if a.get(qn("w:abstractNumId")) == str(name))
        level = kind.find(qn("w:lvl"))
        starts.append((level.find(qn("w:numFmt")).get(qn("w:val")), level.find(qn("w:start")).get(qn("w:val"))))
    assert starts == [("decimal", "4"), ("decimal", "7"), ("bullet", "1")]


def test_page_break_goes_to_the_next_paragraph_or_table(tmp_path: Path) -> None:
    table = Table(cells("a"), (), (1,), ("left",))
    made = write(tmp_path, doc(plain("甲"), PageBreak(), plain("乙"), PageBreak(), table))
    breaks = [p.paragraph_format.page_break_before for p in made.paragraphs[:3]]
    assert breaks == [None, True, True]


@pytest.mark.parametrize("extra", [0, 1, 600])
def test_long_tables_say_what_is_left_out(tmp_path: Path, extra: int) -> None:
    total = MOST_ROWS + extra
    rows = tuple(cells(f"行{i}") for i in range(total))
    anchors = tuple(f"r{i}" for i in range(total))
    table = Table(cells("a"), rows, (1,), ("left",), "", anchors)
    made = write(tmp_path, doc(table, Paragraph((Span("x", href=f"#r{total - 1}"),))))
    assert len(made.tables[0]._tbl.tr_lst) == MOST_ROWS + 1
    said = [p.text for p in made.paragraphs if "PDF" in p.text]
    assert said == ([made.paragraphs[0].text] if extra else [])
    if extra:
        assert str(total) in said[0]
        assert str(MOST_ROWS) in said[0]
    names = {n.get(qn("w:name")) for n in made.element.body.iter(qn("w:bookmarkStart"))}
    assert {n.get(qn("w:anchor")) for n in made.element.body.iter(qn("w:hyperlink"))} <= names


def test_a_chart_is_a_picture_with_its_numbers_beneath(tmp_path: Path) -> None:
    chart = BarChart("每日", ("接", "拒"), (Bar("1日", (2, 3)), Bar("2日", (1, 0)), Bar("3日", (0, 0))), 3, "上限")
    made = write(tmp_path, doc(chart))
    assert not made.tables
    assert made.paragraphs[0].text == "每日"
    (shape,) = made.inline_shapes
    numbers = "数值：1日：5（接 2，拒 3）；2日：1（接 1）。未列出者为 0。"
    assert shape._inline.docPr.get("descr") == f"每日 {numbers}"
    assert made.paragraphs[2].text == f"- - -  上限 (3)；{numbers}"


def test_a_chart_of_a_season_has_a_picture_a_month(tmp_path: Path) -> None:
    bars = tuple(Bar(str(n), (n % 4,)) for n in range(90))
    made = write(tmp_path, doc(BarChart("季", ("接",), bars, 3, "上限")))
    assert len(made.inline_shapes) == 3
    parts = [p.blob for p in made.part.package.iter_parts() if p.content_type == "image/png"]
    with Image.open(BytesIO(parts[0])) as drawn:
        assert drawn.mode == "L"
        grey = drawn.histogram()
    assert grey[77] > 1000  # bars
    assert grey[0] > 1000  # letters, axis and limit


def test_a_chart_of_nothing_and_of_large_numbers(tmp_path: Path) -> None:
    made = write(tmp_path, doc(BarChart("t", ("s",), ()), BarChart("u", ("s",), (Bar("x", (10**9,)), Bar("y", (1,))))))
    assert len(made.inline_shapes) == 1
    assert made.paragraphs[-1].text == "数值：x：1000000000；y：1。"


def test_the_page_column_asks_for_the_page_of_what_the_row_links_to(tmp_path: Path) -> None:
    link = Cell((Span("证据1", href="#e1"),))
    rows = ((link, *cells("—")), (*cells("无"), *cells("—")))
    table = Table(cells("编号", "页码"), rows, (1, 1), ("left", "centre"))
    made = write(tmp_path, doc(table, Heading(2, (Span("证据1"),), "e1")))
    (code,) = fields(made.element.body)
    name = re.fullmatch(r"PAGEREF (\w+) \\h", code)
    assert name
    assert name[1] in {n.get(qn("w:name")) for n in made.element.body.iter(qn("w:bookmarkStart"))}
    assert [row.cells[1].text for row in made.tables[0].rows] == ["页码", "—", "—"]


def test_columns_hold_the_numbers_in_them(tmp_path: Path) -> None:
    table = Table(cells("号码", "内容"), (cells("01288461200", "字" * 400),), (1, 20), ("left", "left"))
    grid = [int(c.get(qn("w:w"))) for c in write(tmp_path, doc(table)).tables[0]._tbl.tblGrid]
    assert grid[0] > 11 * 100 + 216


def test_pictures_fit_the_page_with_their_text(tmp_path: Path) -> None:
    long = tmp_path / "long.png"
    Image.new("RGB", (500, 9000), "white").save(long)
    made = write(tmp_path, doc(Figure(SHA, "长图", "f1")), lambda _: long)
    captions = [p.text for p in made.paragraphs if p.style.name == "Caption"]
    assert captions == [f"长图 (第 {i} 段 / 共 {len(captions)} 段)" for i in range(1, len(captions) + 1)]
    assert len(made.inline_shapes) == len(captions) > 4
    assert max(s.height.cm for s in made.inline_shapes) <= 21.1
    assert len(list(made.element.body.iter(qn("w:bookmarkStart")))) == 1


def test_a_broken_picture_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    text = everything(write(tmp_path, doc(Figure(SHA, "坏图", "f1")), lambda _: broken))
    assert "坏图" in text
    assert "损坏" in text
    assert SHA in text
    assert "找不到" in everything(write(tmp_path, doc(Figure(SHA, "坏图"))))


def test_marks_are_highlighted(tmp_path: Path) -> None:
    made = write(tmp_path, doc(Paragraph((Span("甲"), Span("乙", bold=True, mark=True)))))
    assert [(r.text, r.font.highlight_color is not None, r.bold) for r in made.paragraphs[0].runs] == [
        ("甲", False, None),
        ("乙", True, True),
    ]


ANY = st.text(max_size=40) | st.text(st.sampled_from("a\t\n \r\x00\x07\ud800\u202e\ufffe<&>\"'字😡"), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY, ANY)
def test_any_text_in_any_block_comes_back(tmp_path: Path, text: str, other: str) -> None:
    span = Span(text, mark=True)
    made = write(
        tmp_path,
        doc(
            Heading(2, (span,)),
            Paragraph((span, Span(other, code=True))),
            ListBlock(((Paragraph((span,)),),)),
            QuoteBlock((Paragraph((span,)),)),
            Table((Cell((span,)),), ((Cell((span,), True),),), (1.0,), ("left",), text),
            BarChart(text, (text,), (Bar(text, (1,)),), 5, text),
            HeatMap(text, (text,), (text,), ((1,),)),
            Transcript((Message(text, other, "out", (span,), text),), text),
            Figure(SHA, text),
            SignatureLine(text),
        ),
    )
    s, o = visible(text), visible(other)
    got = everything(made)
    expected = [s, s + o, s, s, s, s, s, s, s, s, s, s, s, s]
    expected += [s, o + "\n", s, s, s, s]
    at = 0
    for piece in expected:
        found = got.find(piece, at)
        assert found >= 0
        at = found + len(piece)
    assert [p.text for p in made.paragraphs][1] == s + o


@given(ANY)
def test_visible_text_is_legal_and_only_codes_differ(text: str) -> None:
    made = visible(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", made)
    back = re.sub(r"\[U\+([0-9A-F]{4})\]", lambda m: chr(int(m[1], 16)), made)
    if not re.search(r"\[U\+[0-9A-F]{4}\]", text):
        assert back == text.replace("\r\n", "\n").replace("\r", "\n")
