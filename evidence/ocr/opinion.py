"""Two engines' readings of one picture side by side: where they differ in something that decides.

Engines differ in every third line in a comma or a rare letter; told is only where an amount, a number, a date or a
word that the caller names is not the same in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from evidence.models import Line

Box = tuple[float, float, float, float]
Decisive = Callable[[str], Sequence[tuple[int, int]]]

_NUMERAL = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d{2,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?",  # dates
        r"\d{1,2}月\d{1,2}[日号]?",
        r"\d{1,2}:\d{2}(?::\d{2})?",  # times
        r"\d{1,2}[点时](?:\d{1,2}分?|半)?",
        r"[-+]?[¥$]?\d[\d,]*(?:\.\d+)?(?:万|千|亿)?(?:元|块|%|‰)?",  # amounts, numbers, percentages
        rf"[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?(?:元|块|万元|圆)[整正]?",
        r"\d[\d*xX]{5,}\d?[xX]?",  # telephone, card and identity numbers, also half hidden
        rf"(?:百分之|千分之|万分之)[{_NUMERAL}]+",
    )
)
_BLANK = re.compile(r"\s+")
_BLANK_IN_NUMBER = re.compile(r"(?<![\w.:/-])(\d+)(?: (?=\d+(?![\w.:/-])))")
_BLANK_KEPT = re.compile(r"(?<=[0-9A-Za-z]) (?=[0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two readings differ in something that decides.

    ``first`` and ``second`` are the texts as read, None where that engine read nothing; ``first_lines`` and
    ``second_lines`` the numbers of their lines; ``only_first`` and ``only_second`` the deciding parts (folded) that
    the other does not have. ``box`` is around all of it, in pixels of the picture.
    """

    first: str | None
    second: str | None
    box: Box
    first_lines: tuple[int, ...] = ()
    second_lines: tuple[int, ...] = ()
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()


def decisive(text: str) -> tuple[tuple[int, int], ...]:
    """Where amounts, numbers (telephone, card, identity), dates, times and percentages stand in folded ``text``."""
    spans: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        spans += [found.span() for found in pattern.finditer(text)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def folded(text: str) -> str:
    """``text`` for comparing: NFKC, simplified letters, no blanks but one between Latin words and dates.

    Groups of figures are one number: people and engines put blanks into telephone and card numbers as they like.
    """
    text = _simplified(unicodedata.normalize("NFKC", text)).replace("\uffe5", "\u00a5")
    text = _BLANK.sub(" ", text).strip()
    text = _BLANK_IN_NUMBER.sub(r"\1", text)
    kept = {found.start() for found in _BLANK_KEPT.finditer(text)}
    return "".join(c for at, c in enumerate(text) if c != " " or at in kept)


def differences(first: Sequence[Line], second: Sequence[Line], decisive: Decisive = decisive) -> tuple[Difference, ...]:
    """Where two readings of one picture differ in what ``decisive`` finds, from top to bottom.

    Lines are matched by their boxes (in pixels of the same picture); several lines of one engine may stand for one of
    the other. ``decisive`` gets folded text (:func:`folded`) and gives spans in it.
    """
    told = []
    for ours, theirs in _groups(first, second):
        one, other = [first[n] for n in ours], [second[n] for n in theirs]
        a, b = folded("".join(line.text for line in one)), folded("".join(line.text for line in other))
        if a == b:
            continue
        left, right = _parts(one, decisive), _parts(other, decisive)
        if left != right:
            told.append(
                Difference(
                    "\n".join(line.text for line in one) if one else None,
                    "\n".join(line.text for line in other) if other else None,
                    _around(line.box for line in (*one, *other) if line.box),
                    ours,
                    theirs,
                    tuple((left - right).elements()),
                    tuple((right - left).elements()),
                )
            )
    return tuple(sorted(told, key=lambda d: (d.box[1], d.box[0])))


def _parts(lines: Sequence[Line], decisive: Decisive) -> Counter[str]:
    """The deciding parts of some lines; signs that engines put or leave out inside numbers do not count."""
    parts: Counter[str] = Counter()
    for line in lines:
        text = folded(line.text)
        for start, end in decisive(text):
            part = text[start:end]
            plain = re.sub(r"[,¥$\s]", "", part).lstrip("+") if any(c.isdigit() for c in part) else part
            if plain:
                parts[plain] += 1
    return parts


def _groups(first: Sequence[Line], second: Sequence[Line]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Numbers of the lines of both that cover one another; lines without a partner alone."""
    ones = [n for n, line in enumerate(first) if line.box]
    others = [n for n, line in enumerate(second) if line.box]
    owner: dict[tuple[int, int], tuple[int, int]] = {(0, n): (0, n) for n in ones} | {(1, n): (1, n) for n in others}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while owner[node] != node:
            node = owner[node]
        return node

    for n in ones:
        for m in others:
            if _same_place(first[n].box, second[m].box):
                owner[root((0, n))] = root((1, m))
    groups: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for node in owner:
        groups.setdefault(root(node), ([], []))[node[0]].append(node[1])
    return [(tuple(ours), tuple(theirs)) for ours, theirs in groups.values()]


def _same_place(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    return _shared(one[1], one[3], other[1], other[3]) >= 0.5 and _shared(one[0], one[2], other[0], other[2]) >= 0.3


def _shared(a0: float, a1: float, b0: float, b1: float) -> float:
    shorter = min(a1 - a0, b1 - b0)
    return max(0.0, min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0


def _around(boxes: Iterable[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _simplified(text: str) -> str:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text))
    return text


@cache
def _converter() -> Any:
    import opencc  # only for text that has a character outside the simplified set

    return opencc.OpenCC("t2s")
