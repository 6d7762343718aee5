"""Pages: flow, tables, links, contents, charts, and a file that archives accept."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from complaints.blocks import (
    Bar,
    BarChart,
    Block,
    Cell,
    Contents,
    Document,
    Heading,
    HeatMap,
    ListBlock,
    PageBreak,
    Paragraph,
    SignatureLine,
    Span,
    Table,
    Transcript,
)
from complaints.pdf import PdfError, PdfReport, render_pdf
from complaints.pdf.boxes import Inset, TextBox
from complaints.pdf.charts import scale_step
from complaints.pdf.fonts import load_fonts
from complaints.pdf.text import Style, compose, set_text

BODY = "被投诉人以电话、短信等方式催收，共计“128”次（见下表），其中晚上22:00以后31次……"


def spans(value: str) -> tuple[Span, ...]:
    return (Span(value),)


def heading(level: int, value: str, anchor: str | None = None) -> Heading:
    return Heading(level, spans(value), anchor)


def table(rows: list[tuple[str, ...]], anchors: tuple[str, ...] = ()) -> Table:
    width = len(rows[0])
    cells = tuple(tuple(Cell(spans(value)) for value in row) for row in rows)
    head = tuple(Cell(spans(f"栏{n}")) for n in range(width))
    return Table(head, cells, (1.0,) * width, ("left",) * width, row_anchors=anchors)


def render(tmp_path: Path, *blocks: Block) -> tuple[Path, PdfReport]:
    path = tmp_path / "out.pdf"
    document = Document("投诉书", "zh", "2025-06-30T10:00:00+08:00", "页脚", blocks)
    return path, render_pdf(document, path, lambda sha256: tmp_path / sha256)


def shown(page: Any) -> str:
    """The text of one page without its footer."""
    maps = {}
    for name, font in dict(page.Resources.Font).items():
        found = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", font.ToUnicode.read_bytes())
        maps[name] = {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in found}
    out, current = "", {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) == "Tj":
            out += "".join(current[b] for b in bytes(operands[0]))
    return out.replace(" ", "")


def pages(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [shown(page) for page in pdf.pages]


def test_an_empty_document_has_a_page(tmp_path: Path) -> None:
    _, report = render(tmp_path)
    assert report.pages == 1


def test_a_table_repeats_its_header_and_loses_no_row(tmp_path: Path) -> None:
    path, report = render(tmp_path, table([(f"行{n}号", BODY) for n in range(120)]))
    found = pages(path)
    assert report.pages == len(found) > 3
    assert all(page.startswith("栏0栏1") for page in found)
    assert re.findall(r"行(\d+)号", "".join(found)) == [str(n) for n in range(120)]


def test_a_row_taller_than_a_page_is_divided(tmp_path: Path) -> None:
    path, _ = render(tmp_path, table([("长", BODY * 120), ("尾", "末行")]))
    found = pages(path)
    assert len(found) > 2
    joined = "".join(page.replace("栏0栏1", "").removesuffix("页脚") for page in found)
    assert joined == "长" + BODY * 120 + "尾末行"


def test_a_header_taller_than_the_page_is_printed_once(tmp_path: Path) -> None:
    tall = Table((Cell(spans(BODY * 60)),), ((Cell(spans("行")),),) * 3, (1.0,), ("left",))
    path, _ = render(tmp_path, tall)
    joined = "".join(page.removesuffix("页脚") for page in pages(path))
    assert joined == BODY * 60 + "行行行"


def test_rows_of_another_width_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"2.* 1 .*2"):
        render(tmp_path, Table((Cell(spans("a")),) * 2, ((Cell(()),) * 2, (Cell(()),)), (1, 1), ("left",) * 2))


def test_empty_tables_say_so(tmp_path: Path) -> None:
    path, _ = render(tmp_path, Table((Cell(spans("栏")),), (), (1.0,), ("left",)), Transcript(()))
    assert pages(path)[0].count("（无数据）") == 2


def test_links_lead_to_anchors_and_the_report_knows_their_pages(tmp_path: Path) -> None:
    rows = table([("甲",), ("乙",)], ("r1", "r2"))
    link = Paragraph((Span("见"), Span("证据", href="#证据 一"), Span("与", href="#r2")))
    path, report = render(tmp_path, link, PageBreak(), heading(2, "证据", "证据 一"), rows)
    assert report.anchors == {"证据 一": 2, "r1": 2, "r2": 2}
    with pikepdf.open(path) as pdf:
        links = list(pdf.pages[0].Annots)
        targets = [note.Dest[0] for note in links]
        assert len(links) == 2
        assert all(target.objgen == pdf.pages[1].objgen for target in targets)
        assert all(int(note.F) == 4 for note in links)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((Span("见", href="#nowhere"),)),
        ListBlock(((Paragraph((Span("见", href="#nowhere"),)),),)),
        table([("甲",)]).__class__((), ((Cell((Span("见", href="#nowhere"),)),),), (1.0,), ("left",)),
    ],
)
def test_a_link_to_nowhere_is_refused(tmp_path: Path, block: Block) -> None:
    with pytest.raises(PdfError, match="nowhere"):
        render(tmp_path, block)
    assert not (tmp_path / "out.pdf").exists()


def test_an_anchor_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="dup-7"):
        render(tmp_path, heading(2, "一", "dup-7"), table([("甲",)], ("dup-7",)))


def test_contents_and_outline_name_the_headings(tmp_path: Path) -> None:
    blocks = [heading(1, "题目"), Contents()]
    for n in range(1, 4):
        blocks += [PageBreak(), heading(2, f"第{n}章"), heading(4, "细目")]
    path, _ = render(tmp_path, *blocks)
    assert pages(path)[0].removesuffix("页脚") == "题目目录第1章第2章第3章"
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["题目"]
        assert [item.title for item in outline.root[0].children] == ["第1章", "第2章", "第3章"]
        numbers = [form for name, form in pdf.pages[0].Resources.XObject.items() if ".p" in str(name)]
        assert len(numbers) == 3


def test_a_heading_stays_with_what_it_heads(tmp_path: Path) -> None:
    for count in range(26, 36):
        filler = [Paragraph(spans("行"), "plain")] * count
        path, _ = render(tmp_path, *filler, heading(2, "标题甲"), Paragraph(spans(BODY * 3), "plain"))
        page = next(page for page in pages(path) if "标题甲" in page)
        assert "标题甲被投诉人" in page


def test_lists_keep_their_numbers(tmp_path: Path) -> None:
    inner = ListBlock(((Paragraph(spans("子")),),))
    items = ((Paragraph(spans("甲")), inner), (Paragraph(spans("乙")),), ())
    path, _ = render(tmp_path, ListBlock(items, ordered=True, start=9), SignatureLine("签名："))
    assert pages(path)[0].startswith("9.甲•子10.乙11.签名：")


def test_bar_chart_prints_labels_limit_and_numbers(tmp_path: Path) -> None:
    bars = tuple(Bar(f"{n:03d}日", (n % 4, n % 3)) for n in range(120))
    path, _ = render(tmp_path, BarChart("每日次数", ("电话", "短信"), bars, 3, "每日上限"))
    found = "".join(pages(path))
    assert all(found.count(bar.label) >= 1 for bar in bars)
    assert found.count("每日上限") == 4
    assert "011日：5（电话3，短信2）" in found
    assert "未列出者为0。" in found


@pytest.mark.parametrize("parts", [(1.0, 2.0), (-1.0,), (float("nan"),)])
def test_bars_that_are_not_counts_are_refused(tmp_path: Path, parts: tuple[float, ...]) -> None:
    with pytest.raises(PdfError, match="一"):
        render(tmp_path, BarChart("", ("电话",), (Bar("一", parts),)))


@pytest.mark.parametrize(("top", "step"), [(1, 1), (5, 1), (6, 2), (23, 5), (97, 20), (1000, 200)])
def test_axis_steps_are_round(top: float, step: float) -> None:
    assert scale_step(top) == step


def test_heat_map_prints_its_numbers(tmp_path: Path) -> None:
    rows, columns = 100, 24
    values = tuple(tuple((r * c) % 7 for c in range(columns)) for r in range(rows))
    chart = HeatMap("时段", tuple(f"日{r}" for r in range(rows)), tuple(f"{c}时" for c in range(columns)), values)
    path, report = render(tmp_path, chart)
    found = pages(path)
    assert report.pages > 1
    assert all(name in "".join(found) for name in chart.row_labels)
    assert "".join(found).count("23时") == len(found)


def test_uneven_heat_maps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="row-9"):
        render(tmp_path, HeatMap("", ("row-9",), ("b", "c"), ((1,),)))


def test_archive_metadata(tmp_path: Path) -> None:
    path, _ = render(tmp_path, Paragraph(spans("正文")))
    with pikepdf.open(path) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["dc:title"]) == ("2", "U", "投诉书")
        assert meta["xmp:CreateDate"] == "2025-06-30T10:00:00+08:00"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20250630100000+08'00'"
        assert "/Producer" not in pdf.docinfo
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert profile[24:36] == bytes([7, 0xE9, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
        assert all("/FontFile2" in font.FontDescriptor for font in pdf.pages[0].Resources.Font.values())


def test_monospaced_widths_in_file_and_font_agree(tmp_path: Path) -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    path, _ = render(tmp_path, Paragraph((Span("9f86d081", code=True),)))
    with pikepdf.open(path) as pdf:
        font = next(f for f in pdf.pages[0].Resources.Font.values() if "Mono" in str(f.BaseFont))
        embedded = ttlib.TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        unit = embedded["head"].unitsPerEm
        assert {round(advance * 1000 / unit) for advance, _ in embedded["hmtx"].metrics.values()} <= {600, 1000}
        assert round(float(font.Widths[ord("9")])) == 600


def test_a_paragraph_divides_without_lonely_lines() -> None:
    fonts, style = load_fonts(), Style(leading=10)
    box = TextBox(compose(spans("字" * 400), style, fonts), style)
    lines = len(set_text(spans("字" * 400), 100, style, fonts))
    fit = Inset(box, 0).fit(100, (lines - 1) * 10 + 5, False)
    assert fit is not None
    assert fit.height == (lines - 2) * 10
    assert box.fit(100, 15, False) is None
