"""What is copied from the PDF is what the source says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from complaints.blocks import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Message,
    Paragraph,
    QuoteBlock,
    Span,
    Table,
    Transcript,
)
from complaints.pdf import PdfError, PdfReport, render_pdf
from evidence.errors import NotFound

RARE = "罕见字：赟、翀、𠮷、😡、❤️；繁體字：臺灣電話號碼；全形：，。！？《》【】「」（）￥\uff05；半形 a-b_c/d ¥100。"
LONG = "被投诉人于2025年3月4日22:15拨打“12345678901”，称：再不还钱就上门（原话）……哈希" + "9f86d081884c7d65" * 4 + "。"


def no_assets(sha256: str) -> Path:
    raise NotFound(sha256)


def document(*blocks: Block, language: str = "zh", title: str = "投诉书", when: str = "2025-06-30") -> Document:
    return Document(title, language, when, "页脚文字", blocks)


def render(tmp_path: Path, *blocks: Block, **options: str) -> tuple[Path, PdfReport]:
    target = tmp_path / "out.pdf"
    return target, render_pdf(document(*blocks, **options), target, no_assets)


def text(value: str, style: Any = "body") -> Paragraph:
    return Paragraph((Span(value),), style)


def bare(value: str) -> str:
    return re.sub(r"\s", "", value)


def _maps(resources: Any) -> dict[str, dict[int, str]]:
    maps = {}
    for name, font in dict(resources.get("/Font", {})).items():
        found = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", font.ToUnicode.read_bytes())
        maps[name] = {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in found}
    return maps


def _walk(stream: Any, resources: Any) -> str:
    out: list[str] = []
    maps, current, hidden = _maps(resources), {}, False
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj" if not hidden:
                out += [current[byte] for byte in bytes(operands[0])]
            case "BDC":
                hidden = True
                out.append(str(operands[1].ActualText))
            case "EMC":
                hidden = False
            case "Do":
                form = resources.XObject[str(operands[0])]
                if form.Subtype == "/Form":
                    out.append(_walk(form, form.Resources))
    return "".join(out)


def extracted(path: Path) -> str:
    """Text in drawing order by the file's own maps, without white space."""
    with pikepdf.open(path) as pdf:
        return bare("".join(_walk(page, page.Resources) for page in pdf.pages))


def poppler(path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return bare(done.stdout.decode())


@pytest.fixture(params=[extracted, poppler], ids=["own", "pdftotext"])
def read(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_text_is_the_source_text(tmp_path: Path, read: Any) -> None:
    path, report = render(tmp_path, text(RARE), text(LONG * 9))
    assert bare(RARE + LONG * 9) in read(path)
    assert report.missing_characters == ("❤", "😡", "𠮷")


def test_mixed_spans_keep_their_text(tmp_path: Path, read: Any) -> None:
    spans = (
        Span("对方称："),
        Span("“还钱，否则上门”", mark=True),
        Span("（见"),
        Span("证据一", href="#e1"),
        Span("），该话"),
        Span("含有威胁", bold=True),
        Span("italic", italic=True),
        Span("9f86d081884c7d659a2feaa0c55ad015", code=True),
        Span("。"),
    )
    path, _ = render(tmp_path, Heading(1, (Span("题"),), "e1"), Paragraph(spans * 6))
    assert bare("".join(s.text for s in spans * 6)) in read(path)


def test_tables_and_transcripts_keep_their_text(tmp_path: Path, read: Any) -> None:
    row = (Cell((Span("一"),)), Cell((Span("ab" * 32),), mono=True), Cell((Span(RARE),)))
    table = Table(tuple(Cell((Span(h),)) for h in ("序号", "哈希", "说明")), (row,), (1, 3, 3), ("left",) * 3, "表名")
    talk = Transcript((Message("2025-05-03 22:15", "12345678901", "in", (Span(LONG),), "3-1", "m1"),), "往来")
    path, _ = render(tmp_path, table, talk, QuoteBlock((text("引文"),)))
    for part in ("表名", "ab" * 32, RARE, LONG, "对方·12345678901", "3-1", "引文"):
        assert bare(part) in read(path)


def test_direction_overrides_are_shown_and_not_copied(tmp_path: Path, read: Any) -> None:
    path, report = render(tmp_path, text("转账\u202e元005\u202c完"))
    found = read(path)
    assert "\u202e" not in found
    assert bare("转账[U+202E RIGHT-TO-LEFT OVERRIDE]元005[U+202C POP DIRECTIONAL FORMATTING]完") in found
    assert report.missing_characters == ("\u202c", "\u202e")


def test_a_code_is_visible_for_a_character_without_glyph(tmp_path: Path) -> None:
    path, _ = render(tmp_path, text("𠮷野家"))
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        maps = _maps(page.Resources)
        shown, font = "", {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                font = maps[str(operands[0])]
            elif str(operator) == "Tj":
                shown += "".join(font[b] for b in bytes(operands[0]))
    assert "[U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7]野家" in shown


def test_hostile_markup_is_plain_text(tmp_path: Path, read: Any) -> None:
    hostile = '<img src="file:///etc/passwd"/> <b>&amp;</b> \\(x) %PDF {{ 7*7 }}'
    path, _ = render(tmp_path, text(hostile), title="<t>\x00\ud800")
    assert bare(hostile) in read(path)


def test_lone_surrogates_and_controls_do_not_stop_it(tmp_path: Path) -> None:
    path, report = render(tmp_path, Heading(1, (Span("甲\ud83d乙\x07"),)), text("\r\n\u2028\t"))
    assert report.missing_characters == ("\x07", "\ud83d")
    assert bare("甲[U+D83D ?]乙[U+0007 ?]") in extracted(path)


def test_footer_and_page_numbers(tmp_path: Path) -> None:
    path, report = render(tmp_path, *[text(LONG * 4)] * 12)
    found = extracted(path)
    assert report.pages > 1
    for n in range(1, report.pages + 1):
        assert f"页脚文字第{n}页/共{report.pages}页" in found


def test_english_page_numbers(tmp_path: Path) -> None:
    path, _ = render(tmp_path, text("A letter."), language="en")
    assert "Page1of1" in extracted(path)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.Lang == "en"


def test_an_address_in_the_net_is_printed_and_not_linked(tmp_path: Path) -> None:
    path, _ = render(tmp_path, Paragraph((Span("官网", href="https://example.invalid/a"),)))
    assert "官网（https://example.invalid/a）" in extracted(path)
    with pikepdf.open(path) as pdf:
        assert "/Annots" not in pdf.pages[0]


def test_wrong_dates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="ISO 8601"):
        render(tmp_path, text("甲"), when="昨天")


def test_strips_of_a_long_picture_are_named(tmp_path: Path) -> None:
    Image.new("RGB", (540, 3000), "white").save(tmp_path / "long.png")
    target = tmp_path / "out.pdf"
    render_pdf(document(Figure("long.png", "长截图")), target, lambda sha256: tmp_path / sha256)
    found = extracted(target)
    assert "长截图（分段印出，先左后右）" in found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.booleans(), st.booleans(), st.booleans()), max_size=8))
def test_any_text_can_be_printed(parts: list[tuple[str, bool, bool, bool]]) -> None:
    spans = tuple(Span(t, bold=b, mark=m, code=c) for t, b, m, c in parts)
    row = (Cell(spans), Cell(spans, mono=True))
    talk = Transcript((Message("\n", "\r", "out", spans, "\t"),), "\x00")
    blocks = (Heading(2, spans), Paragraph(spans), Table(row, (row,), (1, 9), ("right", "centre")), talk)
    with TemporaryDirectory() as folder:
        report = render_pdf(document(*blocks), Path(folder) / "x.pdf", no_assets)
        assert report.pages >= 1
        assert set(report.missing_characters) <= {c for t, *_ in parts for c in t} | {"\x00"}
