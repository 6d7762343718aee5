"""Each rule's own examples, and messages that must stay unflagged."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.errors import PackInvalid
from evidence.words.data import load, names
from evidence.words.detect import MessageInput, detect, patterns
from evidence.words.lexicon import lexicon
from evidence.words.pattern import Parser, expand

Case = tuple[str, str, bool, Any]


def cases() -> list[Case]:
    found: list[Case] = []
    for name in names():
        table = load(name)
        for rule in table.get("rules", ()):
            label = str(rule.get("label", table.get("label")))
            where = f"{label}.{rule['id']}"
            for key, wanted in (("match", True), ("no_match", False)):
                found += [(where, label, wanted, text) for text in rule["examples"].get(key, ())]
    return found


def message(example: Any) -> MessageInput:
    if isinstance(example, str):
        return MessageInput(example)
    return MessageInput(
        example["text"],
        channel=example.get("channel", "sms"),
        direction=example.get("direction", "in"),
        recipient_role=example.get("role", example.get("recipient_role", "borrower")),
    )


@pytest.mark.parametrize(("where", "label", "wanted", "example"), cases())
def test_example(where: str, label: str, wanted: bool, example: Any) -> None:
    given = message(example)
    hits = [hit for hit in patterns(given) if hit.label == label]
    assert bool(hits) is wanted, f"{where}: {hits}"
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(given.text)


@pytest.mark.parametrize("example", load("harmless")["messages"], ids=lambda entry: entry["text"][:12])
def test_harmless_message_gives_nothing(example: Any) -> None:
    assert detect(message(example)) == ()


def test_every_rule_has_an_example_that_matches_and_a_lawful_hint() -> None:
    for name in names():
        table = load(name)
        for rule in table.get("rules", ()):
            assert rule["examples"].get("match"), f"{name}.{rule['id']}"
    assert all(rule.hint.zh and rule.hint.en for rule in lexicon().rules)


@pytest.mark.parametrize("source", ["<none>", "(a", "a|b)", "@nothing", "<"])
def test_pattern_outside_the_language_is_refused(source: str) -> None:
    with pytest.raises(PackInvalid):
        Parser({}, {}).compile(source)


def test_class_that_includes_itself_is_refused() -> None:
    with pytest.raises(PackInvalid):
        expand({"a": ["<b>"], "b": ["<a>"]})


def test_pattern_names_the_words_it_needs() -> None:
    pattern = Parser({"verb": frozenset({"打", "砸"})}, {}).compile("<verb> ~3 (你家|你店) 吧?")
    assert frozenset({"打", "砸"}) in pattern.required
    assert frozenset({"你家", "你店"}) in pattern.required
