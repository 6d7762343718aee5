"""Concepts in a reading: which words of the classes ``c_…`` (actors, acts, targets, conditions) stand where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from evidence.words.data import load
from evidence.words.pattern import expand
from evidence.words.view import SENTENCE_ENDS

PREFIX = "c_"
CLASS_FILES = ("classes", "classes_concepts", "classes_scene")


@dataclass(frozen=True, slots=True)
class Tag:
    """The words ``[start, end)`` of a reading belong to these concepts (names without the prefix, sorted)."""

    start: int
    end: int
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tagger:
    """Words by their first character, the longest first."""

    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    lengths: Mapping[str, tuple[int, ...]]

    def tags(self, text: str) -> list[Tag]:
        """The longest word of the concepts at each place, in order; words may overlap. Time is linear in the text."""
        found: list[Tag] = []
        for at in [at for at, char in enumerate(text) if char in self.words]:
            words = self.words[text[at]]
            for length in self.lengths[text[at]]:
                concepts = words.get(text[at : at + length])
                if concepts is not None:
                    found.append(Tag(at, at + length, concepts))
                    break
        return found


@cache
def tagger() -> Tagger:
    """The one tagger of this process."""
    table = {key: words for name in CLASS_FILES for key, words in load(name)["classes"].items()}
    classes = expand(table)
    by_word: dict[str, set[str]] = {}
    for name, words in classes.items():
        if name.startswith(PREFIX):
            for word in words:
                by_word.setdefault(word, set()).add(name[len(PREFIX) :])
    index: dict[str, dict[str, tuple[str, ...]]] = {}
    for word, names in by_word.items():
        index.setdefault(word[0], {})[word] = tuple(sorted(names))
    lengths = {char: tuple(sorted({len(word) for word in words}, reverse=True)) for char, words in index.items()}
    return Tagger(index, lengths)


def sentences(text: str) -> list[tuple[int, int]]:
    """The stretches between the marks that end a sentence, without empty ones."""
    found: list[tuple[int, int]] = []
    start = 0
    for at, char in enumerate(text):
        if char in SENTENCE_ENDS:
            if at > start:
                found.append((start, at))
            start = at + 1
    if start < len(text):
        found.append((start, len(text)))
    return found
