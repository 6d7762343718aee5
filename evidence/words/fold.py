"""Undo what hides words from a reader of plain text: width, script, symbols in between, split characters, emoji.

Every step keeps the original offsets. The tables are data (``zh/fold.yaml``); evasion list: law/cn §6.1.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from evidence.words.data import load
from evidence.words.view import View, build, is_han

Cell = tuple[str, int, int]
SYMBOLS = frozenset("*#_~^|\\+=`·•/-.$&%@→>")
PUNCTUATION = frozenset(",。!?;:、'\"")
EMOJI_MARK = "•"
HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
CUT_APART = re.compile(
    "|".join(
        (
            f"{HAN} *[{re.escape(''.join(sorted(SYMBOLS)))}]",
            f"{HAN} {HAN}",
            f"(?:{HAN}[,。!?;:、'\"\\n ]+){{2}}{HAN}(?!{HAN})",
            f"{HAN} *\\n *{HAN}",
            r"\d[ ,]\d",
        )
    )
)
BACKWARDS = re.compile(r"(?:从右往左|从右到左|从后往前|倒过来|反过来|倒着|反着)(?:念|读|看)[:,。 ]*")
GAP_MARKS = SYMBOLS | PUNCTUATION | frozenset(" \n")


class Folder:
    """Folds single characters, with a memory; one instance serves the whole process."""

    def __init__(self) -> None:
        table = load("fold")
        self.single: dict[str, str] = {str(k): str(v) for k, v in table["variants"].items()}
        self.emoji: dict[str, str] = {str(k): str(v) for k, v in table["emoji"].items()}
        self.parts: dict[str, str] = {str(k): str(v) for k, v in table["parts"].items()}
        self.parts_regex = re.compile("|".join(sorted(map(re.escape, self.parts), key=lambda part: -len(part))))
        self._memory: dict[str, str] = {}
        self.plain: dict[int, str] = {}
        self._converter: Any = None

    def fold(self, char: str) -> str:
        """The folded form of one code point; empty for characters that carry no reading."""
        known = self._memory.get(char)
        if known is None:
            known = self._memory[char] = self._fold(char)
            if len(known) == 1 and known != EMOJI_MARK and char not in self.emoji:
                self.plain[ord(char)] = known
        return known

    def knows_plainly(self, text: str) -> bool:
        """Whether each character is known to fold to exactly one."""
        return self.plain.keys() >= set(map(ord, text))

    def _fold(self, char: str) -> str:
        if char in self.emoji:
            return self.emoji[char]
        if char in self.single:
            return self.single[char]
        if char in "\n\r":
            return "\n"
        category = unicodedata.category(char)
        if category in ("Cf", "Mn", "Me", "Cc", "Co", "Cn") and char != "\t":
            return ""
        if "\U0001f3fb" <= char <= "\U0001f3ff":
            return ""
        form = unicodedata.normalize("NFKC", char).lower()
        if char < "\u0250":
            form = "".join(c for c in unicodedata.normalize("NFKD", form) if unicodedata.category(c) != "Mn")
        if category in ("So", "Sk") and form == char:
            return EMOJI_MARK
        return "".join(self._simplify(c) for c in form)

    def _simplify(self, char: str) -> str:
        if char.isspace():
            return " "
        if char in self.single:
            return self.single[char]
        if not is_han(char):
            return char
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            if self._converter is None:
                import opencc  # only for text that has a character outside the simplified set

                self._converter = opencc.OpenCC("t2s")
            simple = str(self._converter.convert(char))
            return self.single.get(simple, simple)
        return char


@cache
def folder() -> Folder:
    """The one folder of this process."""
    return Folder()


def base_view(text: str, *, emoji: bool = True) -> View:
    """The folded reading of ``text``. With ``emoji`` False, pictographs are dropped instead of read."""
    tool = folder()
    memory = tool._memory
    if tool.knows_plainly(text):
        folded_text = text.translate(tool.plain)
        if CUT_APART.search(folded_text) is None and tool.parts_regex.search(folded_text) is None:
            return View("plain", folded_text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    cells: list[Cell] = []
    for at, char in enumerate(text):
        folded = memory.get(char)
        if folded is None:
            folded = tool.fold(char)
        if folded and (emoji or (char not in tool.emoji and folded != EMOJI_MARK)):
            cells.append((folded, at, at + 1))
    return build("plain" if emoji else "without_emoji", _merge_parts(_close_gaps(cells), tool))


def reversed_view(base: View) -> View | None:
    """The rest of the text read backwards when the text itself asks for that, else None (law/cn §6.1)."""
    asked = BACKWARDS.search(base.text)
    if asked is None or asked.end() >= len(base.text):
        return None
    start, end = asked.end(), len(base.text)
    first, last = base.original(start, end)
    cells = [(base.text[at], base.starts[at], base.ends[at]) for at in range(start)]
    cells += [(char, first, last) for char in reversed(base.text[start:end])]
    return build("reversed", cells)


def has_emoji(text: str) -> bool:
    """Whether dropping pictographs would change the reading."""
    tool = folder()
    if tool.knows_plainly(text):
        return False
    return any(char in tool.emoji or tool._memory.get(char) == EMOJI_MARK for char in text)


def _close_gaps(cells: list[Cell]) -> list[Cell]:
    """Drop marks that were put between the characters of a word.

    Between ideographs a lone symbol goes; a space goes when it stands beside a single ideograph; a stop mark goes
    only inside a run of single ideographs all cut apart, because elsewhere it ends a clause.
    """
    if all(folded not in GAP_MARKS for folded, _, _ in cells):
        return cells
    segments = _segments(cells)
    kept: list[Cell] = []
    for i, (kind, part) in enumerate(segments):
        if kind == "gap" and 0 < i < len(segments) - 1 and _is_inserted(segments, i):
            continue
        kept.extend(part)
    return kept


def _segments(cells: list[Cell]) -> list[tuple[str, list[Cell]]]:
    """Runs of ``han``, ``gap`` (marks and spaces) and ``other`` cells."""
    segments: list[tuple[str, list[Cell]]] = []
    for cell in cells:
        folded = cell[0]
        kind = "gap" if folded in GAP_MARKS else "han" if is_han(folded[0]) else "other"
        if segments and segments[-1][0] == kind:
            segments[-1][1].append(cell)
        else:
            segments.append((kind, [cell]))
    return segments


def _is_inserted(segments: list[tuple[str, list[Cell]]], i: int) -> bool:
    marks = "".join(cell[0] for cell in segments[i][1])
    left, right = segments[i - 1], segments[i + 1]
    if marks == "," and _ends_digit(left) and _ends_digit(right):
        return True
    if marks == " " and _lone_digit(left) and _lone_digit(right):
        return True
    if left[0] != "han" or right[0] != "han" or len(marks) > 3:
        return False
    core = marks.strip(" ")
    if core and all(mark in SYMBOLS for mark in core):
        return True
    single = (len(left[1]) == 1, len(right[1]) == 1)
    if not core:
        return any(single)
    if not all(single):
        return False
    return _single_run(segments, i) >= 3


def _ends_digit(segment: tuple[str, list[Cell]]) -> bool:
    return segment[0] == "other" and (segment[1][0][0].isdigit() or segment[1][-1][0].isdigit())


def _lone_digit(segment: tuple[str, list[Cell]]) -> bool:
    return segment[0] == "other" and len(segment[1]) == 1 and segment[1][0][0].isdigit()


def _single_run(segments: list[tuple[str, list[Cell]]], i: int) -> int:
    """How many single-ideograph segments in a row lie around gap ``i``."""
    count = 0
    for step in (-1, 1):
        at = i + step
        while 0 <= at < len(segments) and segments[at][0] == "han" and len(segments[at][1]) == 1:
            count += 1
            at += 2 * step
    return count


def _merge_parts(cells: list[Cell], tool: Folder) -> list[Cell]:
    """Join characters that were written as their components (亻言 for 信)."""
    text = "".join(cell[0] for cell in cells)
    if len(text) != len(cells):
        cells = [(char, start, end) for folded, start, end in cells for char in folded]
    if tool.parts_regex.search(text) is None:
        return cells
    merged: list[Cell] = []
    at = 0
    for found in tool.parts_regex.finditer(text):
        merged += cells[at : found.start()]
        merged.append((tool.parts[found.group()], cells[found.start()][1], cells[found.end() - 1][2]))
        at = found.end()
    return merged + cells[at:]
