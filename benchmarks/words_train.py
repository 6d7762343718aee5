#!/usr/bin/env python3
"""Learn the weights of the statistical reading (``evidence/words/zh/weights.tsv``) from messages of this project.

  python benchmarks/words_train.py [MORE.jsonl...]     writes the weights; prints cross-validated figures

Material: ``benchmarks/words_data/develop_*.txt``, the examples of the lexicons, ``harmless.yaml``, the scenes of the
tests, and further files of labelled messages in the form of the scorer. The held-out files are never read. Logistic
regression with a square penalty, one per label, by accelerated gradient steps; no chance is involved, so the same
material gives the same file.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import eval_messages  # noqa: E402
import words_data  # noqa: E402

from evidence.words.data import load, names  # noqa: E402
from evidence.words.detect import MessageInput, patterns, readings  # noqa: E402
from evidence.words.linear import ANY, POWER, features  # noqa: E402

LABELS = tuple(words_data.LABELS.values())
OUTPUTS = (*LABELS, ANY)
PENALTY = 0.25
STEPS = 150
FOLDS = 6
RECALL = 0.45  # what recall counts beside precision when the thresholds are chosen
SMALLEST = 0.04
SHARE_OF_NONE = 0.02  # how many harmless messages the gate may let the scores alone flag
Matrix = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Item:
    """One message with its labels and those that are neither right nor wrong for it; ``tuned``: patterns know it."""

    message: MessageInput
    labels: frozenset[str]
    open: frozenset[str]
    tuned: bool


def rows_of(rows: list[dict[str, Any]], tuned: bool) -> list[Item]:
    """Messages in the form of the scorer; those of the user are left out."""
    found = []
    for row in rows:
        if row.get("direction") != "out":
            labels = frozenset(x["label"] for x in row["labels"]) & set(LABELS)
            optional = frozenset(x["label"] for x in row["optional"]) - labels
            found.append(Item(eval_messages.message_of(row), labels, optional, tuned))
    return found


def example(entry: Any) -> MessageInput:
    """A lexicon's example."""
    if isinstance(entry, str):
        return MessageInput(entry)
    role = entry.get("role", entry.get("recipient_role", "borrower"))
    return MessageInput(entry["text"], entry.get("channel", "sms"), entry.get("direction", "in"), role)


def material(more: list[str]) -> list[Item]:
    """All messages to learn from."""
    items: list[Item] = []
    for path in sorted((HERE / "words_data").glob("develop_*.txt")):
        items += rows_of(words_data.messages(path), tuned=False)
    for name in more:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        items += rows_of([json.loads(line) for line in lines if line.strip()], tuned=True)
    for name in names():
        table = load(name)
        for rule in table.get("rules", ()):
            label = frozenset({str(rule.get("label", table.get("label")))})
            rest = frozenset(LABELS) - label
            items += [Item(example(e), label, rest, True) for e in rule["examples"].get("match", ())]
            items += [Item(example(e), frozenset(), rest | {ANY}, True) for e in rule["examples"].get("no_match", ())]
    nothing = frozenset[str]()
    items += [Item(example(e), nothing, nothing, True) for e in load("harmless")["messages"]]
    scenes = HERE.parent / "tests" / "evidence" / "words" / "scenes.txt"
    for line in scenes.read_text(encoding="utf-8").splitlines():
        head, text = line.split("|", 1)
        label, _, role = head.partition("@")
        channel = "call" if text.startswith("催收：") else "sms"
        items.append(Item(MessageInput(text, channel, "in", role or "borrower"), frozenset({label}), nothing, True))
    return [item for item in items if item.message.direction != "out"]


def matrix(items: list[Item]) -> tuple[list[str], Matrix]:
    """The feature names met at least twice, and the scaled values."""
    found = []
    for item in items:
        views = readings(item.message)
        found.append(features(views[-1] if views[-1].name == "sound" else views[0], item.message.recipient_role))
    seen = Counter(name for one in found for name in one)
    vocabulary = sorted(name for name, count in seen.items() if count >= 2)
    place = {name: number for number, name in enumerate(vocabulary)}
    values = np.zeros((len(items), len(vocabulary)), np.float32)
    for number, one in enumerate(found):
        scale = sum(value * value for value, _ in one.values()) ** -POWER
        for name, (value, _) in one.items():
            if name in place:
                values[number, place[name]] = value * scale
    return vocabulary, values


def learn(values: Matrix, wanted: Matrix, counted: Matrix) -> tuple[Matrix, Matrix]:
    """Weights and biases. Works on the products of the messages, which are fewer than the features."""
    products = values @ values.T
    probe = np.ones(len(products), np.float32)
    for _ in range(30):
        probe = products @ probe
        probe /= np.linalg.norm(probe)
    step = 1 / (float(probe @ products @ probe) / 4 + PENALTY)
    share = np.zeros_like(wanted)
    bias = np.zeros(wanted.shape[1], np.float32)
    ahead, bias_ahead = share, bias
    for turn in range(STEPS):
        chance = 1 / (1 + np.exp(-(products @ ahead + bias_ahead)))
        wrong = (chance - wanted) * counted
        share_new = ahead - step * (wrong + PENALTY * ahead)
        bias_new = bias_ahead - wrong.sum(0) / len(products)
        momentum = turn / (turn + 3)
        ahead = share_new + momentum * (share_new - share)
        bias_ahead = bias_new + momentum * (bias_new - bias)
        share, bias = share_new, bias_new
    return values.T @ share, bias


def thresholds(odds: Matrix, wanted: Matrix, counted: Matrix, hits: Any, tuned: Any) -> tuple[list[float], list[float]]:
    """Scores from which to accept and below which to oppose, by label, judged on messages that patterns do not know.

    The score of ``any`` that both readings must pass is chosen first.
    """
    fresh = ~tuned
    none = ~(wanted[:, :-1] > 0).any(1)
    gate = float(np.quantile(odds[fresh & none, -1], 1 - 3 * SHARE_OF_NONE))
    low = float(np.quantile(odds[fresh & ~none, -1], 0.03))
    accept, oppose = [], []
    for number in range(len(LABELS)):
        usable = fresh & (counted[:, number] > 0)
        true = wanted[usable, number] > 0
        score, hit, rest = odds[usable, number], hits[usable, number], odds[usable, -1]
        best = (-1.0, 0.0, 0.0)
        for take in np.arange(-1.4, 0.61, 0.1):
            for drop in np.arange(-4.0, -1.4, 0.25):
                found = ((score > take) & (rest > gate)) | (hit & (score > drop) & (rest > low))
                right = float((found & true).sum())
                quality = right / max(1.0, RECALL * float(true.sum()) + (1 - RECALL) * float(found.sum()))
                if quality > best[0] + 1e-6:
                    best = (quality, float(take), float(drop))
        accept.append(best[1])
        oppose.append(best[2])
    return [*accept, gate], [*oppose, low]


def report(odds: Matrix, wanted: Matrix, counted: Matrix, hits: Any, tuned: Any, limits: Any) -> None:
    """Cross-validated figures on the messages that the patterns were not written on."""
    accept, oppose = map(np.array, limits)
    fresh = ~tuned
    found = (odds[:, :-1] > accept[:-1]) & (odds[:, -1:] > accept[-1])
    both = found | (hits & (odds[:, :-1] > oppose[:-1]) & (odds[:, -1:] > oppose[-1]))
    none = ~(wanted[:, :-1] > 0).any(1)
    for name, flags in (("patterns", hits), ("scores", found), ("both", both)):
        right = (flags & (wanted[:, :-1] > 0))[fresh].sum()
        wrong = (flags & (wanted[:, :-1] == 0) & (counted[:, :-1] > 0))[fresh].sum()
        missed = (~flags & (wanted[:, :-1] > 0))[fresh].sum()
        told = f"P {right / (right + wrong):.3f} R {right / (right + missed):.3f}"
        f1 = 2 * right / (2 * right + wrong + missed)
        print(f"{name:9} {told} F1 {f1:.3f} harmless flagged {flags[fresh & none].any(1).mean():.3f}")


def write(path: Path, vocabulary: list[str], table: Matrix, bias: Matrix, limits: Any) -> None:
    """The weights as a text file, those near nothing left out."""
    lines = ["labels\t" + "\t".join(OUTPUTS)]
    for name, row in (("bias", bias), ("accept", limits[0]), ("oppose", limits[1])):
        lines.append(name + "\t" + "\t".join(f"{value:.3f}" for value in row))
    for name, row in zip(vocabulary, table, strict=True):
        packed = [f"{chr(97 + n)}{round(float(v) * 100)}" for n, v in enumerate(row) if abs(v) >= SMALLEST]
        if packed and "\t" not in name:
            lines.append(name + "\t" + " ".join(packed))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main(argv: list[str]) -> int:
    """Learn, print cross-validated figures, write the weights."""
    items = material(argv[1:])
    vocabulary, values = matrix(items)
    wanted = np.array([[x in i.labels for x in LABELS] + [bool(i.labels)] for i in items], np.float32)
    counted = np.array([[x not in i.open for x in OUTPUTS] for i in items], np.float32)
    tuned = np.array([item.tuned for item in items])
    hits = np.array([[x in {h.label for h in patterns(i.message)} for x in LABELS] for i in items])
    odds = np.zeros_like(wanted)
    for part in range(FOLDS):
        away = np.arange(len(items)) % FOLDS == part
        table, bias = learn(values[~away], wanted[~away], counted[~away])
        odds[away] = values[away] @ table + bias
    limits = thresholds(odds, wanted, counted, hits, tuned)
    print(f"{len(items)} messages, {len(vocabulary)} features; cross-validated on {int((~tuned).sum())}:")
    report(odds, wanted, counted, hits, tuned, limits)
    table, bias = learn(values, wanted, counted)
    target = HERE.parent / "evidence" / "words" / "zh" / "weights.tsv"
    write(target, vocabulary, table, bias, limits)
    print(f"{target}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
