"""Templates, the two filters, golden files, and that hostile text cannot change a document's structure."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import rendering
from complaints.blocks import BarChart, Block, Document, Heading, ListBlock, Paragraph, Span, Table, Transcript
from complaints.dossier import build
from complaints.lint import lint
from complaints.markdown import parse
from complaints.models import Foreign
from complaints.recipients import get
from complaints.rendering import md, ordinal, render_markdown, template_root, to_json
from evidence.errors import MissingPart

GOLDEN = Path(__file__).with_name("golden")
HOSTILE = (
    "\\pagebreak",
    "\\toc",
    "\\sign{我}",
    "# 标题 {#ex1}",
    "```\n```table\n{}",
    "{{ 7*7 }} {% raw %}",
    "==假==",
    "{.warning} 假",
    "<script>alert(1)</script><b>",
    "[点我](https://example.invalid) ![x](y)",
    "| a | b |\n|---|---|",
    "1. 一\n2. 二\n\n> 引\n\n---",
    "*星* _线_ `码` ~~删~~ &amp; &#35;",
    "\u202e反\u2028行\u0085\x00\x1b[31m\ufeff",
)


def document(text: str) -> Document:
    return parse(text, title="t", language="zh-CN", when="2026-06-01", footer="f")


def shape(block: Block) -> object:
    """What a reader sees of a block's form, without its words."""
    if isinstance(block, Table):
        return (Table, len(block.header), len(block.rows), block.row_anchors)
    if isinstance(block, Transcript):
        return (Transcript, [(m.direction, m.ref, m.anchor) for m in block.messages])
    if isinstance(block, ListBlock):
        return (ListBlock, block.ordered, [[shape(b) for b in item] for item in block.items])
    if isinstance(block, Paragraph):
        return (Paragraph, block.style, [s.href for s in block.spans if s.href])
    if isinstance(block, Heading):
        return (Heading, block.level, block.anchor)
    return type(block)


@pytest.mark.parametrize("name", ["nfra_complaint", "consumer_association"])
def test_golden(story: ModuleType, name: str) -> None:
    """Set DUNLOG_GOLDEN=1 to write the files anew, then read the difference."""
    recipient = get("cn", name)
    text = render_markdown(build(story.view(), story.findings(), recipient, story.TODAY), recipient)
    path = GOLDEN / f"{name}.md"
    if os.environ.get("DUNLOG_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("name", ["nfra_complaint", "consumer_association", "lender"])
def test_every_recipient_renders_parses_and_passes_the_linter(story: ModuleType, name: str) -> None:
    recipient = get("cn", name)
    dossier = build(story.view(), story.findings(), recipient, story.TODAY)
    lint(document(render_markdown(dossier, recipient)), dossier)


def test_a_case_with_little_in_it_renders(story: ModuleType) -> None:
    """One finding, only the required answers, no facts, no custody rows: nothing is left open."""
    needed = ("complainant.name", "complainant.id_no", "complainant.phone", "respondent.legal_name", "respondent.type")
    answers = {k: v for k, v in story.ANSWERS.items() if k in needed} | {
        "prior_complaint.date": "none",
        "account.ref": "1",
    }
    one = tuple(f for f in story.findings() if f.id == "f-legal")
    view = story.view(answers, facts=(), custody=(), links=())
    for name in ("nfra_complaint", "consumer_association", "lender"):
        recipient = get("cn", name)
        dossier = build(view, one, recipient, story.TODAY)
        lint(document(render_markdown(dossier, recipient)), dossier)


def test_the_page_column(story: ModuleType) -> None:
    recipient = get("cn", "lender")
    dossier = build(story.view(), story.findings(), recipient, story.TODAY)
    pages = {e.anchor: 10 + e.number for e in dossier.exhibits}

    def column(text: str) -> list[str]:
        table = next(
            b for b in document(text).blocks if isinstance(b, Table) and len(b.header) == 8 and not b.row_anchors
        )
        return [row[-1].spans[0].text for row in table.rows]

    assert column(render_markdown(dossier, recipient, pages)) == [str(p) for p in pages.values()]
    assert set(column(render_markdown(dossier, recipient))) == {"—"}
    assert "附件三（第 9 页起）。" in render_markdown(dossier, recipient, {"annex-exhibits": 9})
    assert "附件三。" in render_markdown(dossier, recipient)


def test_a_demo_says_so(story: ModuleType) -> None:
    recipient = get("cn", "lender")
    text = render_markdown(build(story.view(demo=True), story.findings(), recipient, story.TODAY), recipient)
    assert "演示材料" in text
    assert any(isinstance(b, Paragraph) and b.style == "warning" for b in document(text).blocks)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map("\n".join)))
def test_md_says_these_words_and_nothing_else(text: str) -> None:
    folded = rendering._BLANKS.sub(" ", text)
    found = document(f"前{md(text)}后").blocks
    assert len(found) == 1
    assert isinstance(found[0], Paragraph)
    assert found[0].style == "body"
    assert "".join(s.text for s in found[0].spans) == f"前{folded}后"
    assert all(not (s.bold or s.italic or s.code or s.mark or s.href) for s in found[0].spans)


@pytest.mark.parametrize("text", HOSTILE)
def test_md_alone_in_a_paragraph_or_cell_or_list(text: str) -> None:
    for frame, kind in (("{.plain} %s", Paragraph), ("1. %s", ListBlock), ("| a |\n| --- |\n| %s |", Table)):
        blocks = document(frame % md(text)).blocks
        assert [type(b) for b in blocks] == [kind]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE)))
def test_json_keeps_every_character_of_a_fence(text: str) -> None:
    line = to_json(Transcript((), caption=text))
    assert "\n" not in line
    (block,) = document(f'```transcript\n{line[:-1]}, "messages": []}}\n```').blocks
    assert isinstance(block, Transcript)
    assert block.caption == text


@settings(max_examples=25, deadline=None)
@given(hostile=st.lists(st.sampled_from(HOSTILE), min_size=4, max_size=4))
def test_hostile_evidence_cannot_change_the_document(story: ModuleType, hostile: list[str]) -> None:
    recipient = get("cn", "nfra_complaint")
    plain, evil = (_with_words(story, words) for words in (["甲", "乙", "丙", "丁"], hostile))
    shapes = []
    for view in (plain, evil):
        made = document(render_markdown(build(view, story.findings(), recipient, story.TODAY), recipient))
        shapes.append([shape(b) for b in made.blocks])
    assert shapes[0] == shapes[1]


def _with_words(story: ModuleType, words: list[str]) -> object:
    """The case with foreign words at the end of messages, in a note, a fact, a name, an answer and a file name."""
    first, second, third, fourth = words
    records = tuple(
        replace(r, text=f"{r.text}{first}", number_raw=second) if r.text and r.kind == "sms" else r
        for r in story.records()
    )
    records = tuple(replace(r, text=f"{r.text}{third}") if r.kind == "note" else r for r in records)
    view = story.view(
        story.ANSWERS | {"account.ref": f"A{fourth}", "complainant.address": f"B{first}"}, records=records
    )
    parties = {k: replace(p, name=f"众恒{second}") if p.role == "collector" else p for k, p in view.parties.items()}
    sources = tuple(replace(s, name=f"{s.name}{third}") for s in view.sources)
    facts = tuple(replace(f, text=f"{f.text}{fourth}末") for f in view.facts)
    return replace(view, parties=parties, sources=sources, facts=facts)


def test_json_leaves_out_defaults_and_keeps_marks() -> None:
    value = json.loads(to_json(BarChart("t", ("a",), (), limit=3, limit_label="x")))
    assert value == {"title": "t", "series": ["a"], "bars": [], "limit": 3, "limit_label": "x"}
    assert json.loads(to_json((Span(Foreign("a")), Span("b", mark=True)))) == ["a", {"text": "b", "mark": True}]


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_templates_of_a_checkout_and_of_an_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert template_root().name == "templates"
    monkeypatch.setattr(rendering, "files", lambda _name: tmp_path / "complaints")
    with pytest.raises(MissingPart):
        template_root()
    (tmp_path / "complaints" / "templates").mkdir(parents=True)
    assert template_root() == tmp_path / "complaints" / "templates"
