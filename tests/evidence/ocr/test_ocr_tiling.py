"""Bands cover a picture, each line of a seam comes once, and lines come in reading order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evidence.ocr.tiling import BAND, OVERLAP, Piece, bands, join, reading_order, without_doubles


def piece(text: str, x: float, y: float, width: float = 100, height: float = 40, **more: float) -> Piece:
    box = (x, y, x + width, y + height)
    return Piece(text, more.get("score", 0.9), box, more.get("size", height), int(more.get("band", 0)))


@given(st.integers(1, 60_000))
def test_bands_cover_every_row(height: int) -> None:
    found = list(bands(height))
    assert found[0].top == 0
    assert found[-1].bottom == height
    for first, second in pairwise(found):
        assert first.bottom - second.top == OVERLAP
        assert first.own_to == second.own_from == (second.top + first.bottom) / 2
    assert all(band.bottom - band.top <= BAND for band in found)


@given(st.integers(100, 30_000), st.lists(st.tuples(st.floats(0, 1), st.floats(-3, 3)), max_size=40))
def test_a_line_is_kept_exactly_once_wherever_it_lies(height: int, places: list[tuple[float, float]]) -> None:
    """Each band that holds a whole line finds it, the second time some pixels lower or higher."""
    rows = sorted({10 + 90 * int(place * ((height - 60) // 90)): shift for place, shift in places}.items())
    pieces = []
    for index, band in enumerate(bands(height)):
        for top, shift in rows:
            y = top + (shift if index % 2 else 0)
            if band.top <= y and y + 40 <= band.bottom and band.owns(y + 20):
                pieces.append(piece(str(top), 100, y, band=index))
    assert [line.text for line in join(pieces)] == [str(top) for top, _shift in rows]


def test_of_two_finds_the_surer_one_stays() -> None:
    doubles = [piece("surer", 0, 1880, score=0.99, band=1), piece("cut", 0, 1884, score=0.7, band=0)]
    assert [p.text for p in without_doubles(doubles)] == ["surer"]


def test_boxes_of_one_band_are_never_doubles() -> None:
    nested = [piece("whole", 0, 0, 400, 40, band=3), piece("part", 10, 5, 50, 30, band=3)]
    assert len(without_doubles(nested)) == 2


def test_rows_then_left_to_right() -> None:
    given_pieces = [piece("d", 0, 100), piece("b", 300, -6), piece("c", 600, 4), piece("a", 0, 0)]
    assert [p.text for p in reading_order(given_pieces)] == ["a", "b", "c", "d"]


def test_small_print_beside_a_line_belongs_to_its_row() -> None:
    assert [p.text for p in reading_order([piece("11:42", 500, 18, 60, 20), piece("name", 0, 0)])] == ["name", "11:42"]


def test_lines_over_one_another_are_never_one_row() -> None:
    """A tall box beside two lines must not pull them together."""
    stack = [piece("second", 100, 48), piece("tall", 0, 0, 80, 90), piece("first", 100, 2)]
    order = [p.text for p in reading_order(stack)]
    assert order.index("first") < order.index("second")


def test_tilted_lines_keep_their_order() -> None:
    """The box of a tilted line is higher than its letters; the letters decide."""
    tilted = [piece(str(n), 0, 50 * n, 900, 110, size=40) for n in range(6)]
    assert [p.text for p in reading_order(tilted[::-1])] == ["0", "1", "2", "3", "4", "5"]


def test_lines_carry_text_score_and_box() -> None:
    (line,) = join([piece("a", 1, 2, 3, 4, score=0.5)])
    assert (line.text, line.score, line.box) == ("a", 0.5, (1, 2, 4, 6))
