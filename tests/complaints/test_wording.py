"""The wording of a country: every sentence can be filled, and only verified clauses are in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from complaints import wording
from complaints.blocks import Span
from complaints.lint import words
from complaints.models import Foreign
from complaints.wording import Clause, Norm, citable, fill, gist, in_chinese, load, plain_text
from evidence.categories import registry
from evidence.errors import PackInvalid

SOURCES = Path(__file__).parents[2] / "complaints"


def test_every_category_of_the_registry_has_words_or_the_common_ones() -> None:
    groups = load("cn").groups
    known = set(registry().categories)
    assert set(groups["categories"]) - {"other"} <= known
    assert set(registry().labels) <= set(groups["categories"])
    assert set(groups["short"]) - {"other"} <= known


def test_no_wording_says_too_much() -> None:
    texts = load("cn")
    shown = [*texts.texts.values(), *(v for g in texts.groups.values() for v in g.values())]
    shown += [c.gist for n in texts.norms.values() for c in n.clauses.values()]
    for text in shown:
        filled = re.sub(r"\{[^}]*\}", "某", text)
        assert list(words(filled)) == [], text


def test_every_key_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    made_up = re.compile(r"(head|lead|how|direction|outcome|chart|chart_missed)_")
    unused = [k for k in load("cn").texts if f'"{k}"' not in code and not made_up.match(k)]
    assert unused == []


def test_values_are_never_read_as_patterns() -> None:
    spans = fill("甲{a}乙{b}", {"a": Foreign("{b}{0}{x.y}"), "b": (Span("丙", mark=True),)})
    assert plain_text(spans) == "甲{b}{0}{x.y}乙丙"
    assert [isinstance(s.text, Foreign) for s in spans] == [False, True, False, False]
    with pytest.raises(KeyError):
        fill("{c}", {})


def test_gist_prefers_the_category_and_joins_clauses() -> None:
    norm = Norm("n", "N", True, "V2", {
        "1": Clause("第一条", "甲", "V1"), "2": Clause("第二条", "乙", "V1"), "2@insult": Clause("第二条", "丙", "V1"),
        "@insult": Clause("", "丁", "V1"),
    })  # fmt: skip
    assert gist(norm, "《某法》第一条、第二条", "obscenity") == "甲；乙"
    assert gist(norm, "《某法》第二条", "insult") == "丙；丁"
    assert gist(norm, "《某法》第二十一条", "other") == ""
    assert gist(load("cn").norms["psa"], "第五十条第一款第（五）项（须多次）", "x").startswith("禁止多次发送")


def test_languages_and_marks() -> None:
    assert in_chinese("按自然日计。")
    assert not in_chinese("4 numbers count together because they call for 青梧")
    assert not in_chinese("Times are local.")
    assert [citable(m) for m in ("V1", "primary", "V2", "secondary_multi", "V2-", "secondary_single", "U", "")] == [
        True, True, True, True, False, False, False, False,
    ]  # fmt: skip


def test_a_clause_that_is_not_verified_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.yaml").write_text("a: b\n", "utf-8")
    (tmp_path / "xx-norms.yaml").write_text(
        "n: {title: N, reference: false, mark: V1, clauses: {'1': {cite: a, gist: b, mark: V2-}}}\n", "utf-8"
    )
    monkeypatch.setattr(wording, "_ROOT", tmp_path)
    with pytest.raises(PackInvalid, match="not verified"):
        load.__wrapped__("xx")
    (tmp_path / "xx-norms.yaml").write_text("n: {title: N}\n", "utf-8")
    with pytest.raises(PackInvalid, match="not complete"):
        load.__wrapped__("xx")
    (tmp_path / "xx.yaml").write_text("a: [1]\n", "utf-8")
    with pytest.raises(PackInvalid, match="neither a text"):
        load.__wrapped__("xx")
    with pytest.raises(PackInvalid, match="cannot be read"):
        load.__wrapped__("yy")


def test_every_importer_has_a_word_for_how_its_files_came_about() -> None:
    from evidence.importers.base import all_importers

    known = load("cn").groups["origins"]
    contacts_only = {"vcard", "iphone_backup", "transcript"}  # give no record that an exhibit could show
    assert {i.name for i in all_importers()} - contacts_only <= known.keys()
