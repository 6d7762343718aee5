"""What was found on a screen, and its items while they are being found (canvas pixels)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evidence.screenchat.bars import Bars
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import Canvas
from evidence.screenchat.model import Item
from evidence.screenchat.runs import Run
from evidence.screenchat.sides import Habits
from evidence.screenchat.words import Word


@dataclass(frozen=True, slots=True)
class Body:
    """What was found between the bars (canvas pixels). ``size`` is that of message letters, ``faces`` are avatars."""

    canvas: Canvas
    dp: float
    bars: Bars
    blocks: tuple[Block, ...]
    faces: tuple[Block, ...]
    loose: tuple[Word, ...]
    runs: tuple[Run, ...]
    habits: Habits
    size: float


@dataclass(slots=True)
class Page:
    """Items as they are found; ``free`` are the words that no item has taken yet."""

    seen: Body
    free: dict[int, Word]
    items: list[Item] = field(default_factory=list)

    def take(self, words: Sequence[Word]) -> None:
        """Mark words as used."""
        for word in words:
            self.free.pop(word.number, None)
