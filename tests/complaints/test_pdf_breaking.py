"""Line breaking: nothing lost, no bad start or end, long strings cut."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.pdf.breaking import NO_END, NO_START, break_text

HASH = hashlib.sha256(b"x").hexdigest()


def lines(text: str, width: float, first: float | None = None, loose: bool = False) -> list[str]:
    widths = [1.0 if c >= "\u2e80" or c in "“”‘’—…" else 0.5 for c in text]
    marks = [True] * len(text) if loose else None
    return [text[a:b] for a, b, _ in break_text(text, widths, width if first is None else first, width, marks)]


@given(st.text(alphabet="催收电话，。“”（）《》…—！a1B2 .-/:\n😡", max_size=200), st.integers(1, 30))
def test_no_character_is_lost_or_moved(text: str, width: int) -> None:
    joined = "".join(lines(text, width))
    assert joined.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.text(alphabet="催收电话a1 ，。“”", max_size=200), st.integers(1, 30))
def test_no_line_is_wider_than_its_column(text: str, width: int) -> None:
    assert all(len(line.replace(" ", "")) * 0.5 <= width for line in lines(text, width))


@given(st.lists(st.sampled_from(["催收", "电话，", "“还钱”", "（一）", "《办法》", "ok", "完。", "等……"]), max_size=60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(words: list[str]) -> None:
    for line in filter(None, lines("".join(words), 12)):
        assert line[0] not in NO_START
        assert line[-1] not in NO_END


def test_words_and_numbers_stay_whole() -> None:
    assert lines("来电号码12345678901于晚间", 8) == ["来电号码", "12345678901于晚", "间"]
    assert lines("please stop calling me", 6) == ["please stop", "calling me"]


def test_a_string_longer_than_a_line_fills_the_line_it_begins_on() -> None:
    text = "哈希为" + HASH
    shown = lines(text, 20)
    assert len(shown[0]) > 20
    assert "".join(shown) == text


def test_an_address_is_cut_after_a_separator() -> None:
    shown = lines("见https://example.invalid/aaaa/bbbbbbbb/cccccccccccccccc", 16)
    assert shown[0] == "见https://example.invalid/aaaa/"


def test_loose_text_breaks_anywhere() -> None:
    assert lines(HASH, 10, loose=True)[0] == HASH[:20]


def test_first_line_may_be_narrower() -> None:
    assert lines("催" * 10, 4, first=2) == ["催" * 2, "催" * 4, "催" * 4]


def test_line_feeds_end_paragraph_lines() -> None:
    found = break_text("甲乙\n\n丙", [1.0] * 5, 9, 9)
    assert found == [(0, 2, True), (3, 3, True), (4, 5, True)]


@pytest.mark.parametrize("text", ["", " ", "，，，，，，", "（（（（（（", "“"])
def test_odd_texts_end(text: str) -> None:
    assert "".join(lines(text, 2)).strip() == text.strip()


def test_a_very_long_string_is_not_quadratic() -> None:
    text = "a" * 200_000
    assert sum(len(line) for line in lines(text, 40)) == len(text)
