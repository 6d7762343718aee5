"""The linter finds what must not be printed, and does not judge the words of others."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from complaints.dossier import build
from complaints.lint import LintFailed, lint, words
from complaints.markdown import parse
from complaints.models import Dossier
from complaints.recipients import get
from complaints.rendering import own_words, render_markdown
from evidence.errors import ExitCode


@pytest.fixture
def dossier(story: ModuleType) -> Dossier:
    return build(story.view(), story.findings(), get("cn", "nfra_complaint"), story.TODAY)


def check(dossier: Dossier) -> None:
    text = render_markdown(dossier, get("cn", "nfra_complaint"))
    lint(parse(text, title="t", language="zh-CN", when="2026-06-01", footer="f"), dossier)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("姓名：{{ name }}", "open slot"),
        ("借款本金为None元", "open slot"),
        ("金额（）元", "empty place"),
        ("依据：《》", "empty place"),
        ("编号：。", "empty place"),
        ("来电、、短信", "doubled punctuation"),
        ("已经确认。。", "doubled punctuation"),
        ("本材料可以证明催收违法", "claims too much"),
        ("该录音可采信", "claims too much"),
        ("保证属实", "claims too much"),
        ("准确率100 %", "claims too much"),
        ("This proves it", "claims too much"),
    ],
)
def test_what_must_not_be_printed(text: str, problem: str) -> None:
    assert any(problem in found for found in words(text))


@pytest.mark.parametrize("text", ["保证人", "证据目录", "（证据1）", "“甲”、“乙”。", "nonesuch", "improve"])
def test_what_may_be_printed(text: str) -> None:
    assert list(words(text)) == []


def test_quoted_words_are_not_judged(story: ModuleType) -> None:
    """A collector may write 保证 and 100%; so may a name or an answer."""
    records = tuple(replace(r, text=f"{r.text}我保证必然100%") if r.kind == "sms" else r for r in story.records())
    view = story.view(
        story.ANSWERS | {"account.ref": "None（）", "respondent.legal_name": story.LENDER}, records=records
    )
    made = build(view, story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    assert "我保证必然100%" in render_markdown(made, get("cn", "nfra_complaint")).replace("\\", "")
    assert "保证" not in own_words(made)
    check(made)


def test_a_sentence_without_exhibit_is_found(dossier: Dossier) -> None:
    first = dossier.conducts[0]
    bare = replace(first, items=(replace(first.items[0], cites=()),))
    with pytest.raises(LintFailed, match="cites no exhibit") as caught:
        check(replace(dossier, conducts=(bare, *dossier.conducts[1:])))
    assert caught.value.exit_code == ExitCode.PREFLIGHT


def test_an_exhibit_that_nobody_cites_is_found(dossier: Dossier) -> None:
    last = dossier.exhibits[-1]
    lost = replace(last, number=7, anchor="ex7", label="证据7", items=(), content=replace(last.content, tables=()))
    more = replace(
        dossier,
        exhibits=(*dossier.exhibits, lost),
        catalogue=replace(dossier.catalogue, rows=(*dossier.catalogue.rows, dossier.catalogue.rows[-1])),
    )
    with pytest.raises(LintFailed, match="证据7 is not cited"):
        check(more)


def test_a_claim_in_the_programs_own_words_is_found(dossier: Dossier) -> None:
    with pytest.raises(LintFailed, match="claims too much"):
        check(replace(dossier, requests=("请求确认录音可采信。",)))


def test_a_history_line_without_ground_is_found(dossier: Dossier) -> None:
    event = dossier.events[0]
    bare = replace(event, statement=replace(event.statement, stated=False, cites=()))
    with pytest.raises(LintFailed, match="no ground"):
        check(replace(dossier, events=(bare, *dossier.events[1:])))
