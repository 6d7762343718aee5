"""What is compared of two screenshots: one row for each thing said or label on them, folded once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evidence.screenchat.model import Item, Span
from evidence.screenchat.timelabels import read_clock

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_TOLERATED = ((20, 2), (4, 1))  # from this many letters on, so many may be misread; one in ten beyond
_HAN_BITS, _OTHER_BITS, _MOST_BITS = 3.0, 1.5, 30.0
_EXACT_S = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``text`` and ``digits`` are folded, ``print`` is the picture's hash, ``place`` the item's number."""

    item: Item
    span: Span
    place: int
    kind: str
    text: str
    digits: tuple[str, ...]
    print: int | None
    bits: float
    scale: float  # pixels for each of 360 parts of the width
    stamp: str = ""  # the clock inside the bubble

    @property
    def clipped(self) -> bool:
        """Whether part of it lies outside the picture."""
        return "clipped_top" in self.item.doubts or "clipped_bottom" in self.item.doubts

    @property
    def exact(self) -> bool:
        """Whether its minute is known."""
        return self.span.start is not None and self.span.exact_s is not None and self.span.exact_s <= _EXACT_S

    @property
    def sort(self) -> str:
        """Its sort and side, for what is no plain text: a transfer on the right; else the empty text."""
        return "" if self.kind != "message" or self.item.type == "text" else f"{self.item.type}|{self.item.side}"

    @property
    def extent(self) -> str:
        """Where its bubble begins and ends from left to right: that stays when its height is cut."""
        return f"{self.item.side}|{round(self.item.box[0] / self.scale)}|{round(self.item.box[2] / self.scale)}"

    @property
    def token(self) -> str:
        """What it is looked up by: kind, side and folded text, or what a row without text has instead."""
        item = self.item
        return f"{self.kind}|{item.side}|{self.stamp}|{self.text or (item.type, item.seconds, item.amount, item.print)}"


def rows_of(items: Sequence[Item], spans: Sequence[Span], scale: float) -> tuple[Row, ...]:
    """The rows of a screen. Unread badges belong to the capture, not to the chat, and give none."""
    return tuple(
        _row(item, span, place, scale)
        for place, (item, span) in enumerate(zip(items, spans, strict=True))
        if item.kind != "unread"
    )


def _row(item: Item, span: Span, place: int, scale: float) -> Row:
    kind = "system" if item.kind == "notice" else item.kind
    text = folded(item.text)
    amount = folded(item.amount or "")
    digits = (*_DIGITS.findall(unicodedata.normalize("NFKC", item.text)), *((amount,) if amount else ()))
    return Row(item, span, place, kind, text, digits, _hash(item.print), bits_of(text), scale, _stamp(item))


def _stamp(item: Item) -> str:
    clock = read_clock(item.note) if item.note else ()
    return f"{clock[0].hour}:{clock[0].minute}" if clock else ""


def _hash(text: str) -> int | None:
    try:
        return int(text, 16) if text else None
    except ValueError:
        return None


def bits_of(text: str) -> float:
    """Roughly how much a text tells: a Chinese character more than a letter, long texts no more than enough."""
    return min(_MOST_BITS, sum(_HAN_BITS if char >= "\u3400" else _OTHER_BITS for char in text))


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Width, case and script folded; blanks and signs gone, unless nothing else is there (？？)."""
    wide = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(char for char in wide if char.isalnum()) or "".join(wide.split())
    return "".join(map(_simple, letters))


@lru_cache(maxsize=16384)
def _simple(char: str) -> str:
    if char < "\u3400":
        return char
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(char))
    return char


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc  # only for a text with a character outside the simplified set

    return opencc.OpenCC("t2s")


def tolerated(length: int) -> int:
    """How many characters of a text of that length the engine may read differently."""
    if length >= 30:
        return length // 10
    return next((many for least, many in _TOLERATED if length >= least), 0)


def distance(one: str, two: str, most: int) -> int:
    """Edit distance, ``most + 1`` when it is more than ``most``."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    if one == two:
        return 0
    before = list(range(len(two) + 1))
    for i, char in enumerate(one, 1):
        low, high = max(1, i - most), min(len(two), i + most)
        now = [most + 1] * (len(two) + 1)
        now[0] = i
        for j in range(low, high + 1):
            now[j] = min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (char != two[j - 1]))
        if min(now[low - 1 : high + 1]) > most:
            return most + 1
        before = now
    return min(before[len(two)], most + 1)
