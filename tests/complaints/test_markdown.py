from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from complaints.fenced import default_widths
from complaints.markdown import MarkdownError, parse

SHA = "0" * 64


def blocks(text: str) -> tuple[Block, ...]:
    return parse(text, title="T", language="zh-CN", when="2026-04-01", footer="F").blocks


def fence(kind: str, value: object) -> str:
    return f"```{kind}\n{json.dumps(value)}\n```\n"


def test_document_keeps_what_it_is_given() -> None:
    assert parse("甲", title="T", language="zh-CN", when="2026-04-01", footer="F") == Document(
        "T", "zh-CN", "2026-04-01", "F", (Paragraph((Span("甲"),)),)
    )


def test_headings_and_links() -> None:
    heading, paragraph = blocks("## 经过 **甲** {#s1}\n\n见[上文](#s1)和[网站](https://example.invalid/?a=1&b=2)")
    assert heading == Heading(2, (Span("经过 "), Span("甲", bold=True)), "s1")
    assert isinstance(paragraph, Paragraph)
    assert [s.href for s in paragraph.spans] == [None, "#s1", None, "https://example.invalid/?a=1&b=2"]


def test_anchors_may_be_chinese() -> None:
    heading, paragraph = blocks("# a {#甲-1}\n\n[x](#甲-1)")
    assert heading == Heading(1, (Span("a"),), "甲-1")
    assert paragraph == Paragraph((Span("x", href="#甲-1"),))


@pytest.mark.parametrize("style", ["centre", "right", "small", "plain", "warning"])
def test_paragraph_styles(style: str) -> None:
    assert blocks(f"{{.{style}}} 甲\n\n{{.{style}}}\n乙") == (
        Paragraph((Span("甲"),), style),  # type: ignore[arg-type]
        Paragraph((Span("乙"),), style),  # type: ignore[arg-type]
    )


def test_marks_hold_other_looks_and_need_their_end() -> None:
    (paragraph,) = blocks(r"他说==每天**二十**个==，a == b，\==不是\==")
    marked = Span("每天", mark=True), Span("二十", bold=True, mark=True), Span("个", mark=True)
    assert paragraph == Paragraph((Span("他说"), *marked, Span("，a == b，==不是==")))


def test_folded_lines_join_without_a_space_between_chinese() -> None:
    assert blocks("甲方\n乙方 one\ntwo  \n三") == (Paragraph((Span("甲方乙方 one two\n三"),)),)


def test_commands_stand_alone_even_beside_text() -> None:
    assert blocks("甲\n\\pagebreak\n乙\n\n\\toc\n\n\\sign{投诉人\\_签名}") == (
        Paragraph((Span("甲"),)),
        PageBreak(),
        Paragraph((Span("乙"),)),
        Contents(),
        SignatureLine("投诉人_签名"),
    )


def test_escaped_evidence_text_is_only_text() -> None:
    text = r"\{\.centre\} \[a\]\(\#b\) \\pagebreak \=\=x\=\= \{\#y\}"
    assert blocks(text) == (Paragraph((Span(r"{.centre} [a](#b) \pagebreak ==x== {#y}"),)),)
    assert blocks(r"## a \{#x\}") == (Heading(2, (Span("a {#x}"),)),)


def test_html_link_definitions_and_indents_are_text() -> None:
    assert blocks("<script>alert(1)</script>\n\n[甲]: 乙\n\n    缩进") == (
        Paragraph((Span("<script>alert(1)</script>"),)),
        Paragraph((Span("[甲]: 乙"),)),
        Paragraph((Span("缩进"),)),
    )


def test_lists_and_quotes_hold_plain_paragraphs() -> None:
    ordered, quote = blocks("3. 甲\n   - 乙\n4. 丙\n\n> 丁")
    inner = ListBlock(((Paragraph((Span("乙"),), "plain"),),))
    assert ordered == ListBlock(
        ((Paragraph((Span("甲"),), "plain"), inner), (Paragraph((Span("丙"),), "plain"),)), True, 3
    )
    assert quote == QuoteBlock((Paragraph((Span("丁"),), "plain"),))


def test_tables_of_markdown() -> None:
    (table,) = blocks("| 日期 | 次数 |\n|:-:|--:|\n| 一 | **3** |\n")
    assert isinstance(table, Table)
    assert table.aligns == ("centre", "right")
    assert table.rows == ((Cell((Span("一"),)), Cell((Span("3", bold=True),))),)
    assert sum(table.widths) == pytest.approx(1)


def test_fences_become_blocks() -> None:
    span = {"text": "乙", "mark": True, "href": "#r1"}
    text = (
        fence(
            "table",
            {"header": ["甲"], "rows": [[["a", span]], [{"spans": "ff", "mono": True}]], "row_anchors": ["r1", ""]},
        )
        + fence("figure", {"sha256": SHA, "caption": "图", "anchor": "f1", "boxes": [[1, 2, 3, 4]]})
        + fence("bars", {"title": "t", "series": ["s"], "bars": [{"label": "l", "parts": [2]}], "limit": None})
        + fence("heatmap", {"title": "t", "row_labels": ["r"], "column_labels": ["c"], "values": [[7]]})
        + fence(
            "transcript", {"messages": [{"when": "w", "who": "p", "direction": "in", "spans": "话", "anchor": "m1"}]}
        )
        + "```\nsha256sum -c x\n```\n"
    )
    assert blocks(text) == (
        Table(
            (Cell((Span("甲"),)),),
            ((Cell((Span("a"), Span("乙", mark=True, href="#r1"))),), (Cell((Span("ff"),), True),)),
            (1.0,),
            ("left",),
            "",
            ("r1", ""),
        ),
        Figure(SHA, "图", "f1", ((1, 2, 3, 4),)),
        BarChart("t", ("s",), (Bar("l", (2,)),)),
        HeatMap("t", ("r",), ("c",), ((7,),)),
        Transcript((Message("w", "p", "in", (Span("话"),), anchor="m1"),)),
        Paragraph((Span("sha256sum -c x", code=True),), "plain"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("甲\n\n```figure\n{\n 坏}\n```", 5),
        ("甲\n\n[a](#b)", 3),
        ("# a {#x}\n\n# b {#x}", 3),
        ("# a {#x}\n\n" + fence("figure", {"sha256": SHA, "caption": "", "anchor": "x"}), 3),
        ("甲\n\n![a](b)", 3),
        ("```foo\n{}\n```", 1),
        ("甲\n\n---", 3),
        ("[a](file:///etc/passwd)", 1),
        ("[a](other.html)", 1),
        ("{.purple} 甲", 1),
        ("# a {#1x}", 1),
        ("甲\n\n" + fence("table", {"header": ["x"], "rows": [[{"text": "x", "href": "#no"}]]}), 3),
        ("[a](javascript:alert)", 1),
    ],
)
def test_errors_name_the_line(text: str, line: int) -> None:
    with pytest.raises(MarkdownError) as caught:
        blocks(text)
    assert caught.value.line == line
    assert str(line) in str(caught.value)


TABLE = {"header": ["a", "b"], "rows": [["1", "2"]]}
CHART = {"title": "", "series": ["s"], "bars": [{"label": "", "parts": [1]}]}
HEAT = {"title": "", "row_labels": ["r"], "column_labels": ["c"], "values": [[1]]}
TALK = {"when": "", "who": "", "direction": "in", "spans": ""}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("table", []),
        ("table", {**TABLE, "colour": "red"}),
        ("table", {**TABLE, "rows": [["1"]]}),
        ("table", {**TABLE, "rows": ["12"]}),
        ("table", {**TABLE, "rows": [[1, 2]]}),
        ("table", {**TABLE, "header": []}),
        ("table", {**TABLE, "widths": [1]}),
        ("table", {**TABLE, "widths": [1, 0]}),
        ("table", {**TABLE, "widths": [1, True]}),
        ("table", {**TABLE, "aligns": ["left", "middle"]}),
        ("table", {**TABLE, "row_anchors": ["a", "b"]}),
        ("table", {**TABLE, "row_anchors": ["a b"]}),
        ("table", {**TABLE, "rows": [[{"text": "x", "blink": True}, "y"]]}),
        ("table", {**TABLE, "rows": [[{"text": "x", "bold": 1}, "y"]]}),
        ("table", {**TABLE, "rows": [[{"text": "x", "href": "javascript:x"}, "y"]]}),
        ("figure", {"sha256": "../../etc/passwd", "caption": ""}),
        ("figure", {"sha256": SHA}),
        ("figure", {"sha256": SHA, "caption": "", "boxes": [[1, 2, 3]]}),
        ("bars", {**CHART, "bars": [{"label": "", "parts": [1, 2]}]}),
        ("bars", {**CHART, "bars": [{"label": "", "parts": [-1]}]}),
        ("bars", {**CHART, "limit": float("nan")}),
        ("bars", {**CHART, "limit": "3"}),
        ("bars", {**CHART, "limit": True}),
        ("heatmap", {**HEAT, "values": [[1, 2]]}),
        ("heatmap", {**HEAT, "values": [[1], [2]]}),
        ("heatmap", {**HEAT, "values": [[1.5]]}),
        ("heatmap", {**HEAT, "values": [1]}),
        ("transcript", {"messages": [{**TALK, "direction": "up"}]}),
        ("transcript", {"messages": [{**TALK, "spans": 3}]}),
    ],
)
def test_fences_of_the_wrong_shape_are_refused(kind: str, value: object) -> None:
    with pytest.raises(MarkdownError):
        blocks(fence(kind, value))


@pytest.mark.parametrize("text", ["[" * 200_000, "1" * 5000])
def test_monstrous_json_is_an_error_not_a_crash(text: str) -> None:
    with pytest.raises(MarkdownError):
        blocks(f"```table\n{text}\n```")


def test_widths_follow_the_longest_text() -> None:
    short, long = Cell((Span("1"),)), Cell((Span("很长很长的一段说明文字"),))
    narrow, wide = default_widths(((short, long),))
    assert wide > 3 * narrow
    assert narrow + wide == pytest.approx(1)


ASCII_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).map(str.strip).filter(bool))
def test_backslash_escaped_text_comes_back(text: str) -> None:
    """What the templates' ``md`` filter does for inline evidence text is enough for any text."""
    (paragraph,) = blocks("\u2060" + ASCII_MARKS.sub(r"\\\1", text))
    assert paragraph == Paragraph((Span("\u2060" + text),))


@given(st.text())
def test_text_in_json_comes_back(text: str) -> None:
    (table,) = blocks(fence("table", {"header": [text], "rows": [[[text, {"text": text, "mark": True}]]]}))
    assert isinstance(table, Table)
    assert table.header == (Cell((Span(text),)),)
    assert table.rows == ((Cell((Span(text), Span(text, mark=True))),),)


@given(st.text(alphabet="#{}[]()=\\.`*_>-+1|\n !<&ab甲~:", max_size=60))
def test_any_text_is_a_document_or_a_markdown_error(text: str) -> None:
    line = 1
    try:
        assert isinstance(blocks(text), tuple)
    except MarkdownError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + 2
