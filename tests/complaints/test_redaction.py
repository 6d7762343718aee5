"""Masking keeps quotes in place, hides third persons, and never the collector."""

from __future__ import annotations

from types import ModuleType

from hypothesis import given
from hypothesis import strategies as st

from complaints.redaction import Edit, Masker, mask_identity, mask_name, mask_number, mask_word, obscene_edits, show
from complaints.wording import plain_text


def test_shapes() -> None:
    assert mask_name("沈书瑶") == "沈**"
    assert mask_name("Li") == "L*"
    assert mask_number("12600020002") == "126****0002"
    assert mask_number("95588") == "***88"
    assert mask_identity("990101199605120024") == "990101***********4"
    assert mask_word("他妈的") == "他×的"
    assert mask_word("滚蛋") == "滚×"


def masked(masker: Masker, text: str) -> str:
    return plain_text(show(text, (), masker.edits(text)))


def test_third_persons_are_hidden_and_the_collector_is_not(story: ModuleType) -> None:
    masker = Masker.of(story.view(), active=True)
    text = f"{story.C2}让沈书瑶（{story.SISTER}）转告沈砚，书瑶说不认识12655550000，身份证990101199605120024"
    shown = masked(masker, text)
    assert story.C2 in shown
    assert "沈砚" in shown
    for hidden in ("沈书瑶", "书瑶", story.SISTER, "12655550000", "19960512"):
        assert hidden not in shown
    assert masker.name("沈书瑶") == "沈**"
    assert masker.number(story.C1) == story.C1


def test_masking_can_be_switched_off(story: ModuleType) -> None:
    masker = Masker.of(story.view(), active=False)
    assert masked(masker, "沈书瑶12600020002") == "沈书瑶12600020002"
    assert masker.name("沈书瑶") == "沈书瑶"


def test_obscene_words_come_from_every_finding(story: ModuleType) -> None:
    edits = obscene_edits(story.findings())
    assert [e.text for e in edits["r-sms-12", None]] == ["他×的"]


def test_an_edit_inside_a_mark_keeps_the_mark() -> None:
    spans = show("abcdef", [(1, 5)], [Edit(2, 4, "**")])
    assert [(s.text, s.mark) for s in spans] == [("a", False), ("b**e", True), ("f", False)]


def test_a_window_does_not_uncover_half_an_edit() -> None:
    assert plain_text(show("call 12655550000 now", (), [Edit(5, 16, "126****0000")], (8, 20))) == "126****0000 now"


@given(st.text("ab甲乙1", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_without_edits_every_character_stays_and_marks_are_exact(text: str, ends: list[tuple[int, int]]) -> None:
    marks = [(min(a, b), min(max(a, b), len(text))) for a, b in ends if min(a, b) < min(max(a, b), len(text))]
    spans = show(text, marks, ())
    assert plain_text(spans) == text
    shown = [span.mark for span in spans for _c in span.text]
    assert shown == [any(a <= i < b for a, b in marks) for i in range(len(text))]
