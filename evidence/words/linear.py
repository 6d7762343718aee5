"""A statistical second opinion: logistic regression over character groups and concepts, one score per label.

The weights are data (``zh/weights.tsv``), made by ``benchmarks/words_train.py`` from messages in this project. A score
alone is a weak signal; it also takes back what a pattern found where the rest of the message speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

from evidence.words.concepts import sentences, tagger
from evidence.words.model import MessageInput
from evidence.words.view import View

ANY = "any"  # the score of "abusive in any way"
RULE = "likeness"  # name of the rule of a hit that only the scores give
GRAMS = (1, 2, 3)
LONGEST = 1200  # characters; longer texts are not of the kind that the weights were learned from
POWER = 0.35
LIGHT = 0.7
PLAIN = frozenset({"insult", "obscenity"})  # single words that nothing around them makes harmless
BREAKS = "。\n"
SHARE = 0.4  # a clause beside the strongest one belongs to the span from this share of its weight on
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Weights:
    """``table`` gives the weights of a feature by number of the label; ``accept`` and ``oppose`` are the scores from
    which a label is found without a pattern and below which a pattern's hit is taken back."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    accept: tuple[float, ...]
    oppose: tuple[float, ...]
    table: Mapping[str, tuple[tuple[int, float], ...]]


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one reading: log odds by label, and what each feature at its place added."""

    view: View
    odds: Mapping[str, float]
    features: Mapping[str, tuple[float, Place | None]]

    def why(self, label: str, most: int = 5) -> tuple[str, ...]:
        """The words and concepts that speak most for the label, strongest first."""
        number = weights().labels.index(label)
        parts = [
            (weight * value, name)
            for name, (value, _) in self.features.items()
            for at, weight in weights().table.get(name, ())
            if at == number and weight > 0 and not name.startswith("R:")
        ]
        return tuple(name.partition(":")[2] or name for _, name in sorted(parts, reverse=True)[:most])


def features(view: View, role: str) -> dict[str, tuple[float, Place | None]]:
    """Feature names with their weight in the message and the place of the first one (None: no place)."""
    text = view.text
    found: dict[str, tuple[float, Place | None]] = {f"R:{role}": (LIGHT, None)}
    for size in GRAMS:
        for at in range(len(text) - size + 1):
            gram = text[at : at + size]
            if gram not in found and not any(char in BREAKS for char in gram):
                found[gram] = (1.0, (at, at + size))
    tags = tagger().tags(text)
    at = 0
    for _, end in sentences(text):
        here: dict[str, Place] = {}
        while at < len(tags) and tags[at].start < end:
            for concept in tags[at].concepts:
                here.setdefault(concept, (tags[at].start, tags[at].end))
            at += 1
        for concept, place in here.items():
            found.setdefault(f"C:{concept}", (1.0, place))
            found.setdefault(f"RC:{role}+{concept}", (LIGHT, place))
        for one, two in combinations(sorted(here), 2):
            found.setdefault(f"P:{one}+{two}", (LIGHT, None))
    return found


def scores(views: tuple[View, ...], message: MessageInput) -> Scores | None:
    """The scores of the reading furthest undone; None for text too long or too short to judge."""
    view = views[-1] if views[-1].name == "sound" else views[0]
    if not 2 <= len(view.text) <= LONGEST:
        return None
    found = features(view, message.recipient_role)
    scale = sum(value * value for value, _ in found.values()) ** -POWER
    known = weights()
    odds = list(known.bias)
    scaled: dict[str, tuple[float, Place | None]] = {}
    for name, (value, place) in found.items():
        entry = known.table.get(name)
        if entry is not None:
            value *= scale
            scaled[name] = (value, place)
            for number, weight in entry:
                odds[number] += weight * value
    return Scores(view, dict(zip(known.labels, odds, strict=True)), scaled)


def opposed(label: str, told: Scores) -> bool:
    """Whether the rest of the message speaks so clearly against a label that a pattern's hit is taken back."""
    if label in PLAIN:
        return False
    known = weights()
    bar = known.oppose[known.labels.index(label)]
    return told.odds[label] < bar or told.odds[ANY] < known.oppose[known.labels.index(ANY)]


def likely(told: Scores, present: set[str]) -> Iterator[tuple[str, int, int]]:
    """Label and span (in the reading) of each label that scores high enough and that no pattern has found."""
    known = weights()
    if told.odds[ANY] < known.accept[known.labels.index(ANY)]:
        return
    for number, label in enumerate(known.labels):
        if label != ANY and label not in present and told.odds[label] > known.accept[number]:
            yield label, *_span(told, number)


def _span(told: Scores, number: int) -> Place:
    """The clause that speaks most for the label, with neighbours that add a good share."""
    view = told.view
    clauses: list[Place] = []
    at = 0
    while at < len(view.text):
        low, high = view.clause(at, at + 1)
        if high > at and view.text[at:high].strip(" \n,。!?;:、") and not (clauses and low < clauses[-1][1]):
            clauses.append((low, high))
        at = max(high, at + 1)
    weight = [0.0] * len(clauses)
    for name, (value, place) in told.features.items():
        if place is None:
            continue
        added = sum(w for n, w in weights().table[name] if n == number) * value
        for i, (low, high) in enumerate(clauses):
            if low <= place[0] < high:
                weight[i] += added
    if not clauses:
        return view.trim(0, len(view.text))
    best = max(range(len(clauses)), key=lambda i: weight[i])
    first = last = best
    while first > 0 and weight[first - 1] >= SHARE * weight[best] > 0:
        first -= 1
    while last + 1 < len(clauses) and weight[last + 1] >= SHARE * weight[best] > 0:
        last += 1
    return clauses[first][0], clauses[last][1]


@cache
def weights() -> Weights:
    """The weights shipped with the program."""
    lines = (files("evidence.words") / "zh" / "weights.tsv").read_text(encoding="utf-8").splitlines()
    head = [line.split("\t") for line in lines[:4]]
    table: dict[str, tuple[tuple[int, float], ...]] = {}
    for line in lines[4:]:
        name, _, packed = line.partition("\t")
        table[name] = tuple((ord(part[0]) - 97, int(part[1:]) / 100) for part in packed.split(" "))
    bias, accept, oppose = (tuple(map(float, row[1:])) for row in head[1:])
    return Weights(tuple(head[0][1:]), bias, accept, oppose, table)
