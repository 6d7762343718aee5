"""The lexicon files compiled: rules, frames (what makes words harmless), debt talk, and the word index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import add
from typing import Any, get_args

from evidence.errors import PackInvalid
from evidence.words.data import load, names
from evidence.words.model import Form
from evidence.words.pattern import Parser, Pattern, Words, expand

WEAK = {"id": "likeness", "severity": 1, "form": "weak", "examples": {}}
SCOPES = ("message", "sentence", "clause", "before")
RULE_KEYS = {
    "id", "severity", "form", "patterns", "unless", "unless_message", "require", "roles", "debt",
    "ignore", "span", "examples", "note", "hint", "together", "label",
}  # fmt: skip
FRAME_KEYS = {"id", "scope", "patterns", "unless", "roles", "labels", "forms", "note"}


@dataclass(frozen=True, slots=True)
class Matcher:
    """One compiled pattern; ``required`` holds the numbers of the word sets that must each occur."""

    regex: re.Pattern[str]
    required: frozenset[int]


def matches(matchers: Iterable[Matcher], text: str, present: set[int] | None = None) -> bool:
    """Whether any of the matchers is met; ``present`` None skips the prefilter."""
    return any((present is None or m.required <= present) and m.regex.search(text) for m in matchers)


@dataclass(frozen=True, slots=True)
class Hint:
    """How the same thing is said lawfully."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One lexicon rule.

    ``together`` lists combinations whose patterns must meet, in any order, in one sentence; the first one carries the
    span. ``roles`` empty means any recipient. ``debt`` says whether the message must talk of a debt: ``always``,
    ``never``, ``others`` (when the recipient is not the borrower), ``dunning`` (also the borrower, a wider list).
    """

    id: str
    label: str
    severity: int
    form: Form
    matchers: tuple[Matcher, ...]
    together: tuple[tuple[Matcher, ...], ...]
    unless: tuple[Matcher, ...]
    unless_message: tuple[Matcher, ...]
    require: tuple[Matcher, ...]
    roles: frozenset[str]
    debt: str
    ignore: frozenset[str]
    span: str
    hint: Hint


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds words that are not the sender's own conduct: negation, warning, quotation, news, a joke …"""

    id: str
    scope: str
    matchers: tuple[Matcher, ...]
    unless: tuple[Matcher, ...]
    roles: frozenset[str]
    labels: frozenset[str]
    forms: frozenset[str]


Search = tuple[frozenset[int], int, tuple[Matcher, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything compiled.

    ``searches`` lists, under the rarest word set that must occur (-1: none), what else must occur, the rule's number
    and the patterns. ``groups`` names the further pattern lists (debt talk, objections …). ``yields`` gives for a label
    the labels that add nothing to it where both are met in the same words. ``roles``: the recipients that a label is
    limited to. ``weak``: by label, a rule without patterns.
    """

    rules: tuple[Rule, ...]
    searches: Mapping[int, tuple[Search, ...]]
    frames: tuple[Frame, ...]
    groups: Mapping[str, tuple[Matcher, ...]]
    words: Mapping[str, tuple[tuple[str, frozenset[int]], ...]]
    letters: Mapping[str, frozenset[int]]
    yields: Mapping[str, frozenset[str]]
    roles: Mapping[str, frozenset[str]]
    weak: Mapping[str, Rule]

    def weak_rule(self, label: str) -> Rule:
        """A rule without patterns, for a hit that no pattern made."""
        return self.weak[label]

    def present(self, text: str) -> set[int]:
        """The numbers of all word sets that have a word in ``text``."""
        found: set[int] = set()
        for char in self.letters.keys() & set(text):
            found |= self.letters[char]
        for pair in self.words.keys() & set(map(add, text, text[1:])):
            for word, numbers in self.words[pair]:
                if len(word) == 2 or word in text:
                    found |= numbers
        return found

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


@dataclass(slots=True)
class _Compiler:
    parser: Parser
    numbers: dict[Words, int] = field(default_factory=dict)

    def matchers(self, sources: Iterable[Any]) -> tuple[Matcher, ...]:
        return tuple(self._matcher(self.parser.compile(str(source))) for source in sources)

    def _matcher(self, pattern: Pattern) -> Matcher:
        required = frozenset(self.numbers.setdefault(words, len(self.numbers)) for words in pattern.required)
        try:
            return Matcher(re.compile(pattern.regex), required)
        except re.error as error:
            raise PackInvalid(f"pattern {pattern.source!r}: {error}") from error

    def rule(self, file: Mapping[str, Any], entry: Mapping[str, Any]) -> Rule:
        label = str(file["label"])
        _check(f"{label}.{entry.get('id')}", entry, RULE_KEYS, ("id", "severity", "examples"))
        form = entry.get("form", "filing")
        debt = str(entry.get("debt", file.get("debt", "others")))
        if form not in get_args(Form) or debt not in ("always", "never", "others", "dunning"):
            raise PackInvalid(f"{label}.{entry['id']}: form or debt")
        hint = entry.get("hint") or file.get("hint") or {}
        return Rule(
            id=f"{label}.{entry['id']}",
            label=label,
            severity=int(entry["severity"]),
            form=form,
            matchers=self.matchers(entry.get("patterns", ())),
            together=tuple(self.matchers(combination) for combination in entry.get("together", ())),
            unless=self.matchers(entry.get("unless", ())),
            unless_message=self.matchers([*entry.get("unless_message", ()), *file.get("unless_message", ())]),
            require=self.matchers(entry.get("require", ())),
            roles=frozenset(entry.get("roles", file.get("roles", ()))),
            debt=debt,
            ignore=frozenset(entry.get("ignore", ())) | frozenset(file.get("ignore", ())),
            span=str(entry.get("span", "clause")),
            hint=Hint(str(hint.get("zh", "")), str(hint.get("en", ""))),
        )

    def frame(self, entry: Mapping[str, Any]) -> Frame:
        _check(f"frame {entry.get('id')}", entry, FRAME_KEYS, ("id", "scope", "patterns"))
        if entry["scope"] not in SCOPES:
            raise PackInvalid(f"frame {entry['id']}: scope {entry['scope']!r}")
        return Frame(
            id=str(entry["id"]),
            scope=str(entry["scope"]),
            matchers=self.matchers(entry["patterns"]),
            unless=self.matchers(entry.get("unless", ())),
            roles=frozenset(entry.get("roles", ())),
            labels=frozenset(entry.get("labels", ())),
            forms=frozenset(entry.get("forms", ())),
        )


def _check(where: str, entry: Mapping[str, Any], known: set[str], needed: Iterable[str]) -> None:
    missing = [key for key in needed if key not in entry]
    if missing or set(entry) - known:
        raise PackInvalid(f"{where}: missing {missing}, unknown {sorted(set(entry) - known)}")


@cache
def lexicon() -> Lexicon:
    """The compiled lexicon of this process. Raises PackInvalid when a file is not valid."""
    files = {name: load(name) for name in names()}
    table = {
        key: words
        for name in sorted(files)
        if name.startswith("classes")
        for key, words in files[name]["classes"].items()
    }
    classes = expand(table)
    tokens = {str(k): str(v) for k, v in files["frames"]["tokens"].items()}
    compiler = _Compiler(Parser(classes, tokens))
    labelled = {str(file["label"]): file for file in files.values() if "label" in file}
    rules = [compiler.rule(file, entry) for _, file in sorted(labelled.items()) for entry in file["rules"]]
    rules += [compiler.rule(labelled[str(entry["label"])], entry) for entry in files["composed"]["rules"]]
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise PackInvalid(f"rule ids are not unique: {sorted({i for i in ids if ids.count(i) > 1})}")
    frames = tuple(compiler.frame(entry) for entry in files["frames"]["frames"])
    groups = {str(key): compiler.matchers(value) for key, value in files["frames"]["groups"].items()}
    words, letters = _index(compiler.numbers)
    searches = _searches(rules, compiler.numbers)
    yields = {str(label): frozenset(map(str, others)) for label, others in files["frames"]["yields"].items()}
    roles = {label: frozenset(map(str, file.get("roles", ()))) for label, file in labelled.items()}
    weak = {label: compiler.rule(file, WEAK) for label, file in labelled.items()}
    return Lexicon(tuple(rules), searches, frames, groups, words, letters, yields, roles, weak)


def _searches(rules: list[Rule], numbers: Mapping[Words, int]) -> dict[int, tuple[Search, ...]]:
    """All patterns of all rules under the word set that is least likely to occur."""
    likely = {
        number: sum(20.0 if len(word) == 1 else 2.0 / len(word) for word in words) for words, number in numbers.items()
    }
    table: dict[int, list[Search]] = {}
    for number, rule in enumerate(rules):
        for combination in (*((m,) for m in rule.matchers), *rule.together):
            required = frozenset().union(*(m.required for m in combination))
            anchor = min(required, key=lambda n: (likely[n], n), default=-1)
            table.setdefault(anchor, []).append((required - {anchor}, number, combination))
    return {anchor: tuple(entries) for anchor, entries in table.items()}


def _index(
    numbers: Mapping[Words, int],
) -> tuple[dict[str, tuple[tuple[str, frozenset[int]], ...]], dict[str, frozenset[int]]]:
    """Words by their first two characters, and one-character words, each with the numbers of its sets."""
    by_word: dict[str, set[int]] = {}
    for words, number in numbers.items():
        for word in words:
            by_word.setdefault(word, set()).add(number)
    pairs: dict[str, list[tuple[str, frozenset[int]]]] = {}
    letters: dict[str, frozenset[int]] = {}
    for word, sets in by_word.items():
        if len(word) == 1:
            letters[word] = frozenset(sets)
        else:
            pairs.setdefault(word[:2], []).append((word, frozenset(sets)))
    return {key: tuple(value) for key, value in pairs.items()}, letters
