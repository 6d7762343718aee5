"""Where two screenshots of a chat overlap: the one way to lay them over each other that explains most, if any does.

Both show the chat without holes, so one begins inside the other, or lies in it, and between the first and last row
that they share nothing may be missing but what an engine lost. Rows said again and again tell little, and a way
that is hardly better than the next one is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.screenchat.likeness import NEVER, Worth, apart, likeness, uncut_lines
from evidence.screenchat.rows import Row

ENOUGH, LIKELY = 9.0, 7.0
ALONE, ALONE_NEXT = 14.0, 10.0
MARGIN = 5.0
_LOST = {"message": -6.0, "system": -4.0, "time": -1.5}
_LOST_AT_EDGE = -0.5
_SLACK, _LEAST_SHARE = 1.0, 0.6  # what rows lost in between may take away

Score = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pairs of rows (numbers in the first and the second screen) and the bits for it. ``sure``: enough to join by.

    ``single``: only one row speaks for it. ``cut``: that one is not whole on both screens, so that two messages with
    the same ending look alike. ``likely``: enough between two captures in a row, if the chat was scrolled that way.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    bits: float = 0.0
    sure: bool = False
    single: bool = False
    cut: bool = False
    likely: bool = False

    @property
    def direction(self) -> int:
        """1 when the second screen shows what comes after, -1 before, 0 when neither."""
        if not self.pairs:
            return 0
        first, second = self.pairs[0]
        return (first > second) - (first < second)


def overlap(
    one: Sequence[Row],
    two: Sequence[Row],
    worth: Worth,
    near: bool,
    same_place: bool = False,
    timeless: bool = False,
) -> Overlap:
    """How ``one`` and ``two`` overlap. ``near``: captured one after the other, so that a single row may do.

    ``same_place``: both pictures show all rows at the same heights, so that they are one view captured twice.
    """
    table = [[likeness(a, b, worth, timeless) for b in two] for a in one]
    if same_place and len(one) == len(two) and all(table[i][i] > NEVER for i in range(len(one))):
        return Overlap(tuple((i, i) for i in range(len(one))), ENOUGH * 2, True)
    bits, pairs = _aligned(table, one, two)
    if not pairs:
        return Overlap()
    told = [pair for pair in pairs if table[pair[0]][pair[1]] > 0]
    if not told:
        return Overlap()
    single = len(told) == 1
    least = ENOUGH if not single else ALONE_NEXT if worth.followed else ALONE
    speaking = sum(table[i][j] for i, j in told)
    whole = bits >= (speaking - _SLACK if single else speaking * _LEAST_SHARE)
    clear = (
        whole
        and (not single or near)
        and not _other_times(one, two, pairs)
        and bits >= _next_best(table, one, two, set(pairs)) + MARGIN
    )
    cut = single and (one[told[0][0]].clipped or two[told[0][1]].clipped)
    likely = clear and not single and worth.followed and bits >= LIKELY
    return Overlap(tuple(pairs), bits, clear and bits >= least, single, cut, likely)


def _other_times(one: Sequence[Row], two: Sequence[Row], pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether both screens have, at the same place between what they share, rows at times that exclude each other."""
    reach = min(pairs[0])
    marks = [(pairs[0][0] - reach - 1, pairs[0][1] - reach - 1), *pairs]
    left = min(len(one) - pairs[-1][0], len(two) - pairs[-1][1])
    marks.append((pairs[-1][0] + left, pairs[-1][1] + left))
    return any(
        apart(a.span, b.span)
        for (i, j), (k, m) in pairwise(marks)
        for a in one[i + 1 : k]
        for b in two[j + 1 : m]
        if a.kind == b.kind
    )


def _aligned(table: list[list[float]], one: Sequence[Row], two: Sequence[Row]) -> tuple[float, list[tuple[int, int]]]:
    """The best alignment that begins at the start of one screen and ends at the end of one."""
    lost_one, lost_two = _costs(one), _costs(two)
    wide = len(two)
    best = [[0.0] * (wide + 1) for _row in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        before, now, likes = best[i - 1], best[i], table[i - 1]
        for j in range(1, wide + 1):
            now[j] = max(before[j - 1] + likes[j - 1], before[j] + lost_one[i - 1], now[j - 1] + lost_two[j - 1])
    ends = [(best[len(one)][j], len(one), j) for j in range(wide + 1)] + [
        (best[i][wide], i, wide) for i in range(len(one))
    ]
    score, i, j = max(ends, key=lambda end: (end[0], end[1] + end[2], end[1]))
    pairs = []
    while i > 0 and j > 0:
        if best[i][j] == best[i - 1][j - 1] + table[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i][j] == best[i - 1][j] + lost_one[i - 1]:
            i -= 1
        else:
            j -= 1
    return score, pairs[::-1]


def _costs(rows: Sequence[Row]) -> list[float]:
    """What it costs to say that the engine lost a row in the other picture; little at the cut edges."""
    return [
        _LOST_AT_EDGE if place in (0, len(rows) - 1) and _sliver(row) else _LOST[row.kind]
        for place, row in enumerate(rows)
    ]


def _sliver(row: Row) -> bool:
    """Whether so little of a row is in the picture that no line of it is whole."""
    return row.clipped and not uncut_lines(row.item)


def _next_best(table: list[list[float]], one: Sequence[Row], two: Sequence[Row], used: set[tuple[int, int]]) -> float:
    """The bits of the best other way to lay the rows over each other one by one."""
    taken = {i - j for i, j in used}
    costs_one, costs_two = _costs(one), _costs(two)
    best = 0.0
    for shift in range(1 - len(two), len(one)):
        if shift in taken:
            continue
        first = max(0, shift)
        total = 0.0
        for i in range(first, min(len(one), len(two) + shift)):
            like = table[i][i - shift]
            total += like if like > NEVER else costs_one[i] + costs_two[i - shift]
        best = max(best, total)
    return best


def seam_rows(above: Sequence[Row], below: Sequence[Row]) -> int:
    """How many rows at the end of ``above`` may be those at the beginning of ``below``, though nothing settles it."""
    for length in range(min(len(above), len(below)), 0, -1):
        pairs = list(zip(above[-length:], below[:length], strict=True))
        if all(likeness(a, b) > (NEVER if a.clipped or b.clipped else 0) for a, b in pairs):
            return sum(a.kind != "time" for a, _b in pairs)
    return 0
