from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.blocks import Cell, Span
from complaints.columns import MOST_WHOLE, negotiated


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell((Span(t),)) for t in texts)


def measure(text: str, _mono: bool) -> float:
    return float(sum(2 if c >= "\u2e80" else 1 for c in text))


def test_numbers_stay_whole_where_there_is_room() -> None:
    rows = [cells("01288461200", "字" * 200), cells("1", "短")]
    widths = negotiated((1, 9), cells("号码", "内容"), rows, 60, 2, measure)
    assert widths[0] >= 13
    assert sum(widths) == pytest.approx(60)


def test_short_columns_stand_on_one_line_and_long_text_gets_the_rest() -> None:
    rows = [cells("2026-04-11 13:05:09", "呼入", "字" * 300)] * 20
    widths = negotiated((1, 1, 1), cells("时间", "方向", "内容"), rows, 110, 2, measure)
    assert widths[0] == pytest.approx(21)
    assert widths[1] == pytest.approx(6)


def test_a_run_too_long_for_a_column_counts_by_its_parts() -> None:
    rows = [cells("Screenshot_2026-04-20-23-12-44.jpg", "字")]
    widths = negotiated((1, 9), cells("甲", "乙"), rows, 40, 0, measure)
    assert widths[0] >= len("Screenshot_")
    assert len("Screenshot_2026") > MOST_WHOLE


def test_more_needs_than_room_are_cut_alike() -> None:
    widths = negotiated((1, 1), cells("", ""), [cells("1234567890", "1234567890")], 10, 0, measure)
    assert widths == (5, 5)


@given(st.lists(st.tuples(st.text(max_size=50), st.text(max_size=50), st.text(max_size=9)), max_size=12))
def test_widths_fill_the_line(rows: list[tuple[str, str, str]]) -> None:
    made = negotiated((3, 1, 2), cells("a", "b", "c"), [cells(*row) for row in rows], 100, 2, measure)
    assert sum(made) == pytest.approx(100)
    assert min(made) >= 6 - 1e-6 or max(made) < 100
