from __future__ import annotations

import base64
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
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
from complaints.html import render_html
from complaints.html.style import CSS, policy
from complaints.visible import visible

SHA = "a" * 64
ATTACK = "</style></title><script>alert(1)</script><img src=//example.invalid onerror=x>\"'><!-- & &amp;"


def doc(*blocks: Block, title: str = "投诉书", language: str = "zh-CN", footer: str = "脚") -> Document:
    return Document(title, language, "2026-04-01", footer, blocks)


def no_assets(sha256: str) -> Path:
    return Path("missing") / sha256


def write(folder: Path, document: Document, assets: Callable[[str], Path] = no_assets) -> Any:
    target = folder / "out.html"
    render_html(document, target, assets)
    return lxml.html.document_fromstring(target.read_bytes())


def everywhere(text: str) -> tuple[Block, ...]:
    span = Span(text, bold=True, mark=True)
    return (
        Heading(2, (span,)),
        Paragraph((span, Span(text, code=True))),
        ListBlock(((Paragraph((span,), "plain"),),), True, 3),
        QuoteBlock((Paragraph((span,), "plain"),)),
        Table((Cell((span,)),), ((Cell((span,), True),),), (1.0,), ("left",), text),
        BarChart(text, (text,), (Bar(text, (1,)),), 5, text),
        HeatMap(text, (text,), (text,), ((1,),)),
        Transcript((Message(text, text, "out", (span,), text),), text),
        Figure(SHA, text),
        SignatureLine(text),
    )


def test_same_document_same_bytes_and_lang(tmp_path: Path) -> None:
    root = write(tmp_path, doc(*everywhere("甲")))
    first = (tmp_path / "out.html").read_bytes()
    write(tmp_path, doc(*everywhere("甲")))
    assert (tmp_path / "out.html").read_bytes() == first
    assert root.get("lang") == "zh-CN"
    assert root.findtext("head/title") == "投诉书"
    assert root.findtext("body/footer") == "脚"


def test_nothing_is_fetched_and_nothing_runs(tmp_path: Path) -> None:
    blocks = everywhere(ATTACK)
    root = write(tmp_path, doc(*blocks, title=ATTACK, language=ATTACK, footer=ATTACK))
    assert not root.xpath("//script | //iframe | //object | //embed | //link | //base | //form | //img")
    assert not root.xpath("//@*[starts-with(name(), 'on')] | //@style")
    assert root.findtext("head/title") == ATTACK
    assert ATTACK in root.xpath("string(//h2)")
    assert root.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)") == policy()
    assert policy().startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy()


def test_policy_is_that_of_the_style_sheet_in_the_file(tmp_path: Path) -> None:
    root = write(tmp_path, doc())
    assert root.findtext("head/style") == CSS
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("href", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//example.invalid"])
def test_addresses_of_other_kinds_are_only_text(tmp_path: Path, href: str) -> None:
    root = write(tmp_path, doc(Paragraph((Span("甲", href=href),))))
    assert root.xpath("string(//p)") == "甲"
    assert not root.xpath("//main//@href")


def test_links_reach_their_anchors(tmp_path: Path) -> None:
    table = Table((Cell((Span("a"),)),), ((Cell((Span("b"),)),),), (1,), ("right",), "", ("r1",))
    names = ("s1", "r1", "m1", "f1")
    root = write(
        tmp_path,
        doc(
            Heading(1, (Span("题"),)),
            Contents(),
            QuoteBlock((Heading(2, (Span("引"),)),)),
            Heading(2, (Span("甲"),), "s1"),
            Paragraph(tuple(Span(n, href=f"#{n}") for n in names)),
            table,
            Transcript((Message("w", "p", "in", (Span("话"),), anchor="m1"),)),
            Figure(SHA, "图", "f1"),
        ),
    )
    wanted = [h[1:] for h in root.xpath("//main//a/@href")]
    assert wanted == ["_h1", "_h2", *names]
    assert sorted(root.xpath("//main//@id")) == sorted({"_h0", *wanted})
    assert root.get_element_by_id("_h2").text_content() == "甲"
    assert [a.text_content() for a in root.xpath("//nav//a")] == ["引", "甲"]


def test_pictures_are_inside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    Image.new("RGBA", (400, 8000), (0, 0, 255, 90)).save(path)
    root = write(tmp_path, doc(Figure(SHA, "长图", "f1")), lambda _: path)
    images = root.xpath("//img")
    assert len(images) == len(root.xpath("//figcaption")) > 2
    for image in images:
        head, data = image.get("src").split(",")
        assert head == "data:image/jpeg;base64"
        with Image.open(BytesIO(base64.b64decode(data))) as picture:
            assert picture.size == (int(image.get("width")), int(image.get("height")))
        assert image.get("alt").startswith("长图 (第 ")


def test_a_broken_picture_is_said(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    path.write_bytes(b"")
    root = write(tmp_path, doc(Figure(SHA, "坏图", "f1"), language="en"), lambda _: path)
    said = root.get_element_by_id("f1").text_content()
    assert "坏图" in said
    assert "damaged" in said
    assert SHA in said


def test_chart_shows_its_numbers_and_limit(tmp_path: Path) -> None:
    bars = tuple(Bar(f"{i}日", (i, 1)) for i in range(40))
    root = write(tmp_path, doc(BarChart("每日", ("接", "拒"), bars, 3, "上限")))
    drawings = root.xpath("//svg[@role='img']")
    assert len(drawings) == 2
    assert len(root.xpath("//svg[@role='img']/rect")) == 79
    assert [li.text_content() for li in root.xpath("//ul[@class='numbers']/li")] == [
        f"{i}日: 接 {i}  拒 1" for i in range(40)
    ]
    assert len(root.xpath("//line[@stroke-dasharray='5 3']")) == 2
    assert "上限 (3)" in root.text_content()
    assert all(float(h) > 0 for h in root.xpath("//svg[@role='img']/rect/@height"))


def test_charts_without_values(tmp_path: Path) -> None:
    blocks = BarChart("t", (), ()), BarChart("t", ("s",), (Bar("", ()),)), HeatMap("t", ("r",), ("c",), ((0,),))
    root = write(tmp_path, doc(*blocks))
    assert len(root.xpath("//svg[@role='img']")) == 1
    assert root.xpath("//td/@class") == ["g0"]


def test_direction_tricks_are_shown_and_right_to_left_text_is_apart(tmp_path: Path) -> None:
    root = write(tmp_path, doc(Paragraph((Span("付\u202e款"), Span("שלום", mark=True)))))
    assert root.xpath("string(//p)") == "付[U+202E]款שלום"
    assert root.xpath("string(//mark/bdi)") == "שלום"


def test_long_tables_are_whole(tmp_path: Path) -> None:
    rows = tuple((Cell((Span(str(i)),)),) for i in range(3000))
    root = write(tmp_path, doc(PageBreak(), Table((Cell((Span("a"),)),), rows, (1,), ("left",))))
    assert [td.text for td in root.xpath("//td")] == [str(i) for i in range(3000)]


ANY = st.text(max_size=40) | st.text(st.sampled_from("a\t\n \r\x00\x07\ud800\u202e\ufffe<&>\"'字😡א"), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY)
def test_any_text_in_any_block_comes_back(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, doc(*everywhere(text), title=text, footer=text))
    shown = visible(text)
    for path, count in (
        ("/html/head/title", 1),
        ("//footer", 1),
        ("//h2", 1),
        ("//li/p", 1),
        ("//blockquote/p", 1),
        ("//th[@scope='row']", 1),
        ("//main//caption", 3 if text else 1),
        ("//mark", 7),
        ("//svg/title", 1),
        ("//svg/text[@y='182']", 1),
        ("//tr[@class='out']/td[1]", 1),
        ("//tr[@class='out']/td[2]/bdi", 1),
        ("//tr[@class='out']/td[4]", 1 if text else 0),
    ):
        found = [node.text_content() for node in root.xpath(path)]
        assert found == [shown] * count, path
    assert root.xpath("string(//p[@class='body'])") == shown * 2
    assert root.xpath("string(//p[@class='sign'])") == shown + "："
    assert shown in root.xpath("string(//p[@class='warning'])")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", (tmp_path / "out.html").read_text("utf-8"))
