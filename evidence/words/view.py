"""A reading of a text with the way back to the text as given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STOPS = frozenset(",!?;:。\n—")
SENTENCE_ENDS = frozenset("!?;。\n")


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph (basic block, extension A and the supplementary planes)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000"


@dataclass(frozen=True, slots=True)
class View:
    """Folded characters; ``starts[i]``/``ends[i]`` bound the original code points behind ``text[i]``."""

    name: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets (end exclusive) of the view's ``[start, end)``, which must not be empty."""
        return self.starts[start], self.ends[end - 1]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around ``[start, end)``: up to the nearest stop mark, or a space between ideographs."""
        text = self.text
        while start > 0 and not self._stops(start - 1):
            start -= 1
        while end < len(text) and not self._stops(end):
            end += 1
        return self.trim(start, end)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence around ``[start, end)``; commas and spaces do not end it."""
        text = self.text
        while start > 0 and text[start - 1] not in SENTENCE_ENDS:
            start -= 1
        while end < len(text) and text[end] not in SENTENCE_ENDS:
            end += 1
        return self.trim(start, end)

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """Leave out white space and list marks at both ends."""
        text = self.text
        while start < end - 1 and text[start] in " \n,。、":
            start += 1
        while end > start + 1 and text[end - 1] in " \n,。、":
            end -= 1
        return start, end

    def _stops(self, at: int) -> bool:
        char = self.text[at]
        if char in STOPS:
            return True
        if char != " " or not 0 < at < len(self.text) - 1:
            return False
        return is_han(self.text[at - 1]) and is_han(self.text[at + 1])


def build(name: str, cells: Iterable[tuple[str, int, int]]) -> View:
    """A view from (characters, start, end) cells; every character of a cell maps to the whole cell."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for folded, start, end in cells:
        for char in folded:
            chars.append(char)
            starts.append(start)
            ends.append(end)
    return View(name, "".join(chars), tuple(starts), tuple(ends))
