"""Runs of a chat without a hole: screenshots whose overlaps are sure, laid over each other."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.screenchat.overlap import Overlap
from evidence.screenchat.shots import Sheet

Place = tuple[int, int]  # the number of a sheet, the number of a row in it


@dataclass(frozen=True, slots=True)
class Island:
    """``rows``: for each thing said or label, from the first to the last, the places that show it, by sheet."""

    rows: tuple[tuple[Place, ...], ...]
    sheets: tuple[int, ...]


class _Classes:
    """Union-find over numbers; the root is the smallest."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, one: int) -> int:
        root = one
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[one] != root:
            self._parent[one], one = root, self._parent[one]
        return root

    def join(self, one: int, two: int) -> None:
        one, two = sorted((self.find(one), self.find(two)))
        self._parent[two] = one


def islands(sheets: Sequence[Sheet], overlaps: Mapping[tuple[int, int], Overlap]) -> list[Island]:
    """The islands that the sure ones of ``overlaps`` make, the surest joined first.

    Joining two runs by one overlap cannot break the order. Of the other overlaps inside a run, rows are joined only
    where that keeps the order of every screen.
    """
    offsets, total = [], 0
    for sheet in sheets:
        offsets.append(total)
        total += len(sheet.rows)
    rows, runs = _Classes(total), _Classes(len(sheets))
    inner: list[tuple[int, int, Overlap]] = []
    for (a, b), found in sorted(overlaps.items(), key=lambda entry: (-entry[1].bits, entry[0])):
        if not found.sure:
            continue
        if runs.find(a) == runs.find(b):
            inner.append((a, b, found))
            continue
        runs.join(a, b)
        for i, j in found.pairs:
            rows.join(offsets[a] + i, offsets[b] + j)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(sheets)):
        members[runs.find(number)].append(number)
    late: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b, found in inner:
        late[runs.find(a)] += [(offsets[a] + i, offsets[b] + j) for i, j in found.pairs]
    return [_island(sheets, numbers, offsets, rows, late[run]) for run, numbers in members.items()]


def _island(
    sheets: Sequence[Sheet], numbers: list[int], offsets: list[int], rows: _Classes, late: list[tuple[int, int]]
) -> Island:
    order = _ordered(sheets, numbers, offsets, rows)
    for one, two in late:
        if rows.find(one) != rows.find(two) and _free(sheets, numbers, offsets, rows, order, one, two):
            rows.join(one, two)
            order = _ordered(sheets, numbers, offsets, rows)
    shown: dict[int, list[Place]] = defaultdict(list)
    for number in numbers:
        for i in range(len(sheets[number].rows)):
            shown[rows.find(offsets[number] + i)].append((number, i))
    return Island(tuple(tuple(shown[one]) for one in order), tuple(numbers))


def _followers(
    sheets: Sequence[Sheet], numbers: list[int], offsets: list[int], rows: _Classes
) -> dict[int, dict[int, None]]:
    after: dict[int, dict[int, None]] = {}
    for number in numbers:
        path = [rows.find(offsets[number] + i) for i in range(len(sheets[number].rows))]
        for one, two in pairwise(path):
            after.setdefault(one, {})[two] = None
        after.setdefault(path[-1], {})
    return after


def _ordered(sheets: Sequence[Sheet], numbers: list[int], offsets: list[int], rows: _Classes) -> list[int]:
    """The classes of a run so that the order of each screen holds; what is open follows the order of capture."""
    after = _followers(sheets, numbers, offsets, rows)
    waiting = dict.fromkeys(after, 0)
    for followers in after.values():
        for one in followers:
            waiting[one] += 1
    ready = [one for one, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        one = heapq.heappop(ready)
        order.append(one)
        for follower in after[one]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(ready, follower)
    return order


def _free(
    sheets: Sequence[Sheet],
    numbers: list[int],
    offsets: list[int],
    rows: _Classes,
    order: list[int],
    one: int,
    two: int,
) -> bool:
    """Whether nothing says that one of two rows comes before the other."""
    rank = {row: at for at, row in enumerate(order)}
    first, last = sorted((rows.find(one), rows.find(two)), key=lambda row: rank[row])
    after = _followers(sheets, numbers, offsets, rows)
    seen, todo = {first}, [first]
    while todo:
        for follower in after[todo.pop()]:
            if follower == last:
                return False
            if follower not in seen and rank[follower] < rank[last]:
                seen.add(follower)
                todo.append(follower)
    return True
