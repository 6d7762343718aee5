"""Which label stands beside which value on a payment screen or form, from the boxes of OCR lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidence.models import Line
from evidence.papers.model import Box, Field, FieldName

_COLON = re.compile(r"\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, the value beside or below it, and the numbers of the value's lines (the label's where it has both)."""

    label: str
    value: str
    lines: tuple[int, ...]


def plain(text: str) -> str:
    """For comparing labels: NFKC, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def pairs(lines: Sequence[Line], labels: Iterable[str]) -> list[Pair]:
    """Each known label with its value: behind a colon, to the right of it in the same row, or below it."""
    known = sorted(set(labels), key=len, reverse=True)
    holders = {n: label for n, line in enumerate(lines) if (label := _label_of(line.text, known)) is not None}
    found = []
    for n, label in holders.items():
        text = lines[n].text
        rest = _rest(text, label)
        if rest:
            value = Pair(label, rest, (n, *_following(lines, n, holders, n)))
        else:
            beside = _beside(lines, n, holders)
            if beside is None:
                continue
            value = Pair(label, lines[beside].text.strip(), (beside, *_following(lines, beside, holders, n)))
        more = "".join(lines[k].text.strip() for k in value.lines[1:])
        found.append(Pair(label, value.value + more, value.lines))
    return found


def field_of(
    lines: Sequence[Line], name: FieldName, text: str, numbers: Sequence[int], value: str | None = None
) -> Field:
    """A field read from the lines ``numbers``."""
    boxes = [box for n in numbers if (box := lines[n].box) is not None]
    scores = [score for n in numbers if (score := lines[n].score) is not None]
    return Field(
        name, text, text if value is None else value, _around(boxes), min(scores) if scores else None, tuple(numbers)
    )


def _label_of(text: str, known: Sequence[str]) -> str | None:
    """The label that a line is, or begins with before a colon or blank."""
    whole = plain(text)
    for label in known:
        if whole in (label, f"{label}:"):
            return label
        if whole.startswith(label) and re.match(re.escape(label) + r"(?:\s*[:：]|\s+)\S", _spaced(text, label)):
            return label
    return None


def _spaced(text: str, label: str) -> str:
    """``text`` with the blanks inside its label taken out."""
    pattern = r"\s*".join(map(re.escape, label))
    return re.sub(rf"^\s*{pattern}", lambda _found: label, text, count=1)


def _rest(text: str, label: str) -> str:
    return _COLON.sub("", _spaced(text, label)[len(label) :], count=1).strip()


def _beside(lines: Sequence[Line], n: int, holders: Mapping[int, str]) -> int | None:
    """The nearest line to the right in the same row, else the one just below."""
    box = lines[n].box
    if box is None:
        return n + 1 if n + 1 < len(lines) and n + 1 not in holders else None
    tall = box[3] - box[1]
    right = [
        (other[0], k)
        for k, line in enumerate(lines)
        if k not in holders and (other := line.box) and other[0] >= box[2] - tall / 3 and _row(box, other)
    ]
    if right:
        return min(right)[1]
    below = [
        (other[1], k)
        for k, line in enumerate(lines)
        if k not in holders
        and (other := line.box)
        and 0 <= other[1] - box[3] + tall / 4 <= 1.5 * tall
        and abs(other[0] - box[0]) < 2 * tall
    ]
    return min(below)[1] if below else None


def _following(lines: Sequence[Line], at: int, holders: Mapping[int, str], label: int) -> list[int]:
    """Further rows of a value that was too long for one: directly below it, in its column, beside no label."""
    box, of_label = lines[at].box, lines[label].box
    if box is None or of_label is None or at == label:
        return []
    found: list[int] = []
    for k, line in enumerate(lines):
        other = line.box
        if other is None or k in holders or k == at:
            continue
        tall = box[3] - box[1]
        column = abs(other[0] - box[0]) < tall or abs(other[2] - box[2]) < tall
        near = 0 <= other[1] - box[3] + tall / 3 <= 0.8 * tall and 0.7 < (other[3] - other[1]) / tall < 1.4
        beside_label = any((b := lines[h].box) is not None and _row(b, other) for h in holders if h != label)
        if column and near and not beside_label and other[0] > of_label[2] - tall:
            found.append(k)
            box = other
    return found


def _row(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared >= 0.5 * min(one[3] - one[1], other[3] - other[1])


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
