"""PDF: text layer, pages that are pictures, protection, what is inside, hostile files."""

from __future__ import annotations

import contextlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from complaints.blocks import Document, Heading, Paragraph, Span
from complaints.pdf.render import render_pdf
from evidence.errors import Unreadable
from evidence.formats.documents import pdfpages
from evidence.formats.documents.pdfabout import pdf_stamp
from evidence.formats.documents.pdfpages import clean_text
from evidence.importers.pdf_document import IMPORTER
from evidence.models import Problem, Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
Run = Callable[..., tuple[Record, dict[str, Problem]]]


def scan() -> ImageReader:
    picture = Image.new("RGB", (620, 877), "white")
    ImageDraw.Draw(picture).text((60, 60), "SCANNED RECEIPT", fill="black")
    return ImageReader(picture)


def pdf(path: Path, *pages: str) -> Path:
    """One page per word: text, scan, both, blank, note."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(path), invariant=True)
    sheet.setTitle("借款合同")
    for page in pages:
        if page in ("scan", "both"):
            sheet.drawImage(scan(), 0, 0, 595, 842)
        if page in ("text", "both"):
            sheet.setFont("STSong-Light", 14)
            sheet.drawString(72, 700, "借款合同：年利率 24%，逾期不得骚扰第三人。")
            sheet.drawString(72, 670, "second line of the contract")
        if page == "note":
            sheet.setFont("STSong-Light", 14)
            sheet.drawString(72, 700, "a page with a note, long enough")
            sheet.textAnnotation("批注：违约金过高", (100, 100, 200, 200))
        sheet.showPage()
    sheet.save()
    return path


@pytest.fixture
def run(read_all: Callable[..., list[Any]]) -> Run:
    def read(path: Path, **changes: Any) -> tuple[Record, dict[str, Problem]]:
        record, *rest = read_all(IMPORTER, path, **changes)
        return record, {problem.code: problem for problem in rest}

    return read


def test_text_and_pictures_by_page(run: Run, tmp_path: Path) -> None:
    record, problems = run(pdf(tmp_path / "a.pdf", "text", "scan", "blank", "both", "note"))
    pages = record.extras["pages"]
    assert record.text is not None
    words = [record.text[p["from"] : p["to"]] for p in pages]
    contract = "借款合同：年利率 24%，逾期不得骚扰第三人。\nsecond line of the contract"
    assert words == [contract, "", "", contract, "a page with a note, long enough"]
    assert record.text == "\f".join(words)
    assert [p["scanned"] for p in pages] == [False, True, False, False, False]
    assert [m.name for m in record.media] == ["page-2.png", "page-4.png"]  # a text over a picture: both are read
    assert record.extras["marks"] == [{"page": "5", "text": "批注：违约金过高"}]
    assert (record.extras["title"], record.extras["page_count"], record.kind) == ("借款合同", 5, "document")
    assert not problems


def test_a_scan_alone_has_no_text_of_its_own(run: Run, tmp_path: Path) -> None:
    record, _problems = run(pdf(tmp_path / "a.pdf", "scan"))
    assert (record.text, record.text_basis, len(record.media)) == (None, None, 1)


def test_our_own_documents_are_read_back(run: Run, tmp_path: Path) -> None:
    words = "催收人员每天拨打电话三十次，并联系单位同事。"
    blocks = (Heading(1, (Span("投诉书"),)), Paragraph((Span(words),), "plain"))
    target = tmp_path / "own.pdf"
    render_pdf(Document("投诉书", "zh", "2026-03-10T00:00:00+08:00", "", blocks), target, Path)
    record, _problems = run(target)
    assert words in (record.text or "")


@pytest.mark.parametrize(
    ("raw", "utc", "how"),
    [
        ("D:20260310091500+08'00'", "2026-03-10T01:15:00.000Z", "offset_in_file"),
        ("D:20260310011500Z", "2026-03-10T01:15:00.000Z", "offset_in_file"),
        ("20260310091500", "2026-03-10T01:15:00.000Z", "local_assumed"),
        ("D:20260310", "2026-03-09T16:00:00.000Z", "date_only"),
    ],
)
def test_dates(raw: str, utc: str, how: str) -> None:
    stamp = pdf_stamp(raw, SHANGHAI)
    assert stamp is not None
    assert (stamp.utc, stamp.how, stamp.basis) == (utc, how, "metadata")


@pytest.mark.parametrize("raw", [None, "", "yesterday", "D:20261345000000", "D:00000101"])
def test_dates_that_are_none(raw: str | None) -> None:
    assert pdf_stamp(raw, SHANGHAI) is None


def test_without_a_date_the_file_s_own_counts(run: Run, tmp_path: Path) -> None:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(tmp_path / "a.pdf")
    record, _problems = run(tmp_path / "a.pdf", mtime="2026-03-10T01:15:00.000Z")
    assert (record.time.utc, record.time.basis, record.time.how) == ("2026-03-10T01:15:00.000Z", "file", "file_mtime")


def test_protection(run: Run, tmp_path: Path) -> None:
    plain = pdf(tmp_path / "a.pdf", "text")
    with pikepdf.open(plain) as opened:
        opened.save(tmp_path / "owner.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
        opened.save(tmp_path / "user.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    record, _problems = run(tmp_path / "owner.pdf")
    assert record.extras["protection"] == "owner_password"
    assert "借款合同" in (record.text or "")
    with pytest.raises(Unreadable) as caught:
        run(tmp_path / "user.pdf")
    assert caught.value.code == "protected_format"


def test_what_is_inside_is_kept_and_nothing_runs(run: Run, tmp_path: Path) -> None:
    with pikepdf.open(pdf(tmp_path / "a.pdf", "text")) as opened:
        opened.attachments["../附件.exe"] = b"MZ program"
        opened.Root.Names.JavaScript = pikepdf.Dictionary(
            Names=[
                pikepdf.String("x"),
                pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")),
            ]
        )
        opened.save(tmp_path / "b.pdf")
    record, problems = run(tmp_path / "b.pdf")
    (entry,) = record.extras["embedded"]
    assert (entry["name"], entry["name_raw"], entry["size"]) == ("附件.exe", "../附件.exe", 10)
    assert record.extras["scripts"] == 1
    assert {"attachment_dangerous", "pdf_scripts"} <= set(problems)


def test_a_signature_field_is_told_and_not_believed(run: Run, tmp_path: Path) -> None:
    with pikepdf.open(pdf(tmp_path / "a.pdf", "text")) as opened:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=b"\x30\x03", ByteRange=[0, 1, 2, 3],
            M=pikepdf.String("D:20260310091500+08'00'"), Reason=pikepdf.String("同意"),
        )  # fmt: skip
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("s"), V=opened.make_indirect(signature))
        opened.Root.AcroForm = pikepdf.Dictionary(Fields=[opened.make_indirect(field)], SigFlags=3)
        opened.save(tmp_path / "b.pdf")
    record, _problems = run(tmp_path / "b.pdf")
    assert record.extras["signed"] is True
    assert record.extras["signatures"] == [
        {"stated_time": "D:20260310091500+08'00'", "reason": "同意", "holds": "signature"}
    ]


def test_a_font_without_its_table_is_read_as_a_picture(run: Run, tmp_path: Path) -> None:
    with pikepdf.open(pdf(tmp_path / "a.pdf", "text")) as opened:
        fonts = opened.pages[0].Resources.Font
        for name in list(fonts):
            if fonts[name].get("/Encoding") == pikepdf.Name("/UniGB-UCS2-H"):
                fonts[name].Encoding = pikepdf.Name("/Identity-H")
                fonts[name].ToUnicode = opened.make_stream(
                    b"/CIDInit /ProcSet findresource begin 1 begincmap 1 begincodespacerange <0000> <ffff> "
                    b"endcodespacerange 1 beginbfrange <0000> <ffff> <e000> endbfrange endcmap end"
                )
        opened.save(tmp_path / "b.pdf")
    record, problems = run(tmp_path / "b.pdf")
    assert record.extras["pages"][0]["scanned"] is True
    assert record.extras["pages"][0]["text_layer"] == "unreadable"
    assert len(record.media) == 1
    assert "pdf_text_garbled" in problems


def test_signs_that_look_alike_become_the_character() -> None:
    assert clean_text("⽇期：⼀⽉\u2f8f") == ("日期：一月行", 4)
    assert clean_text("a \nb\x00\x0cc\x02") == ("a\nb\nc-", 0)


def test_limits_are_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfpages, "MAX_PAGES", 3)
    monkeypatch.setattr(pdfpages, "MAX_RENDERED", 1)
    record, problems = run(pdf(tmp_path / "a.pdf", "scan", "scan", "text", "text", "text"))
    assert (len(record.extras["pages"]), record.extras["page_count"], len(record.media)) == (3, 5, 1)
    assert problems["pdf_pages_left"].message.startswith("2 pages")
    assert problems["pdf_page_not_drawn"].locator == "page 2"


def test_a_picture_that_unpacks_to_billions_of_pixels_is_not_drawn(run: Run, tmp_path: Path) -> None:
    with pikepdf.new() as made:
        page = made.add_blank_page()
        bomb = made.make_stream(
            zlib.compress(b"\0" * 100_000), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=100_000,
            Height=100_000, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.FlateDecode,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=bomb))
        page.Contents = made.make_stream(b"q 612 0 0 792 0 0 cm /I Do Q")
        made.save(tmp_path / "b.pdf")
    record, problems = run(tmp_path / "b.pdf")
    assert record.media == ()
    assert "pdf_page_not_drawn" in problems


def test_pages_that_contain_themselves_and_huge_pages(run: Run, tmp_path: Path) -> None:
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(14400, 14400))
        form = made.make_stream(b"/F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Contents = made.make_stream(b"/F Do")
        made.save(tmp_path / "b.pdf")
    record, _problems = run(tmp_path / "b.pdf")
    assert record.extras["page_count"] == 1


def test_cut_and_damaged_files(tmp_path: Path, read_all: Any, make_probe: Any) -> None:
    whole = pdf(tmp_path / "a.pdf", "text", "scan").read_bytes()
    path = tmp_path / "b.pdf"
    for data in (
        whole[:100],
        whole[: len(whole) // 2],
        b"%PDF-1.7\n" + b"<<" * 50_000,
        b"%PDF-",
        whole.replace(b"obj", b"obk"),
    ):
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path))
        with contextlib.suppress(Unreadable):
            assert isinstance(read_all(IMPORTER, path)[0], Record)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=6)), min_size=1, max_size=12))
def test_no_bytes_break_it(tmp_path: Path, read_all: Any, edits: list[tuple[float, bytes]]) -> None:
    source = tmp_path / "good.pdf"
    data = bytearray((source if source.exists() else pdf(source, "text", "note")).read_bytes())
    for place, value in edits:
        at = 9 + int(place * (len(data) - 20))
        data[at : at + len(value)] = value
    path = tmp_path / "b.pdf"
    path.write_bytes(bytes(data))
    try:
        items = read_all(IMPORTER, path)
    except Unreadable:
        return
    record = items[0]
    assert len(record.extras["pages"]) == record.extras["page_count"] or any(
        i.code == "pdf_pages_left" for i in items[1:]
    )
    str(record.extras).encode("utf-8")


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (b"%PDF-1.4", True),
        (b"junk\n%PDF-1.4", True),
        (b"<html>\n%PDF-1.4", False),
        (b"text about %PDF", False),
        (b"", False),
    ],
)
def test_claims(data: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) is claimed


def test_pictures_are_the_same_bytes_each_time(run: Run, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", "scan")
    assert run(path)[0].media == run(path)[0].media
    assert io.BytesIO(path.read_bytes()).read(4) == b"%PDF"
