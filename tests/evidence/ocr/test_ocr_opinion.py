"""Two readings differ only where it matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.models import Line
from evidence.ocr.opinion import decisive, differences, folded


def line(text: str, y: float = 0, x: float = 0, wide: float = 400) -> Line:
    return Line(text, 0.9, (x, y, x + wide, y + 40))


def found(text: str) -> list[str]:
    text = folded(text)
    return [text[start:end] for start, end in decisive(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("请还￥3,200.50元", ["¥3,200.50元"]),
        ("欠款３２００元整，利率24%", ["3200元", "24%"]),
        ("2026年3月5日 23:42", ["2026年3月5日", "23:42"]),
        ("电话 120 1234 5678", ["12012345678"]),
        ("卡号6222****1234", ["6222****1234"]),
        ("共计叁仟贰佰元整", ["叁仟贰佰元整"]),
        ("6222 0000 0000 1234 567", ["6222000000001234567"]),
        ("2026-03-05 23:42", ["2026-03-05", "23:42"]),
        ("收到", []),
    ],
)
def test_what_decides(text: str, parts: list[str]) -> None:
    assert found(text) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [("你好，还款。", "你好还欵"), ("还3,200元", "还 3200 元"), ("還款3200元", "还款3200元"), ("３月５日", "3月5日")],
)
def test_small_differences_are_not_told(one: str, other: str) -> None:
    assert differences([line(one)], [line(other)]) == ()


def test_a_different_sum_is_told_with_both_texts() -> None:
    first = [line("你好", 0), line("今天还3,200元", 100)]
    second = [line("今天还8,200元", 104, 10, 380), line("你好", 2)]
    (told,) = differences(first, second)
    assert (told.first, told.second) == ("今天还3,200元", "今天还8,200元")
    assert (told.only_first, told.only_second) == (("3200元",), ("8200元",))
    assert (told.first_lines, told.second_lines) == ((1,), (0,))
    assert told.box == (0, 100, 400, 144)


def test_one_line_may_be_two_of_the_other_engine() -> None:
    whole = [line("3月5日 还3200元", 0, 0, 400)]
    halves = [line("3月5日", 0, 0, 180), line("还3200元", 2, 200, 200)]
    assert differences(whole, halves) == ()
    assert differences(halves, whole) == ()


def test_what_one_engine_missed_is_told_only_if_it_decides() -> None:
    first = [line("收到", 0), line("0:20", 100)]
    (told,) = differences(first, [])
    assert (told.first, told.second, told.only_first) == ("0:20", None, ("0:20",))


def test_words_that_the_caller_names() -> None:
    def threat(text: str) -> list[tuple[int, int]]:
        at = text.find("上门")
        return [(at, at + 2)] if at >= 0 else []

    (told,) = differences([line("明天上门")], [line("明天上们")], threat)
    assert (told.only_first, told.only_second) == (("上门",), ())


texts = st.text(st.sampled_from("还款上门3200元.:,年月日 ￥"), max_size=12)
placed = st.lists(st.builds(line, texts, st.floats(0, 500), st.floats(0, 500)), max_size=8)


@given(placed, placed)
def test_it_is_the_same_seen_from_either_side(first: list[Line], second: list[Line]) -> None:
    assert differences(first, first) == ()
    there, back = differences(first, second), differences(second, first)
    assert sorted((d.only_first, d.only_second) for d in there) == sorted((d.only_second, d.only_first) for d in back)
