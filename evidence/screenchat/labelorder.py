"""Which meanings of the labels of one screen hold together: time runs from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evidence.screenchat.readings import Candidate

_LEAST_AGREEING = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """For each label the candidates that are left. ``against``: labels that the others contradict."""

    left: tuple[tuple[Candidate, ...], ...]
    against: frozenset[int] = field(default_factory=frozenset)
    length: int = 0


def choose(labels: Sequence[Sequence[Candidate]]) -> Choice:
    """Keep the candidates that stand in a longest sequence in which no label is earlier than one above it.

    When all labels fit into one, those in it are left. When exactly one stands against at least two others, and it is
    the same one whichever way, it alone is dropped. Else every label that contradicts another one is dropped.
    """
    told = [i for i, candidates in enumerate(labels) if candidates]
    nodes = [(i, candidate) for i in told for candidate in labels[i]]
    forward, backward = _lengths(nodes)
    longest = max(forward, default=0)
    in_longest: list[list[Candidate]] = [[] for _label in labels]
    for at, (i, candidate) in enumerate(nodes):
        if forward[at] + backward[at] - 1 == longest:
            in_longest[i].append(candidate)
    outside = [i for i in told if not in_longest[i]]
    if longest == len(told) or (longest == len(told) - 1 and len(outside) == 1 and longest >= _LEAST_AGREEING):
        return Choice(tuple(map(tuple, in_longest)), frozenset(outside), longest)
    against = _contradicting(labels, told)
    left = [() if i in against else tuple(candidates) for i, candidates in enumerate(labels)]
    return Choice(tuple(left), against, longest)


def _lengths(nodes: Sequence[tuple[int, Candidate]]) -> tuple[list[int], list[int]]:
    """For each node the longest sequence that ends with it, and the longest that begins with it."""
    forward, backward = [1] * len(nodes), [1] * len(nodes)
    for b, (i, later) in enumerate(nodes):
        for a in range(b):
            if nodes[a][0] < i and nodes[a][1].start <= later.key and forward[a] >= forward[b]:
                forward[b] = forward[a] + 1
    for a in range(len(nodes) - 1, -1, -1):
        for b in range(a + 1, len(nodes)):
            if nodes[a][0] < nodes[b][0] and nodes[a][1].start <= nodes[b][1].key and backward[b] >= backward[a]:
                backward[a] = backward[b] + 1
    return forward, backward


def _contradicting(labels: Sequence[Sequence[Candidate]], told: Sequence[int]) -> frozenset[int]:
    found: set[int] = set()
    for a, i in enumerate(told):
        for j in told[a + 1 :]:
            if not any(one.start <= two.key for one in labels[i] for two in labels[j]):
                found |= {i, j}
    return frozenset(found)
