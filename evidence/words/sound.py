"""A second reading: words of the lexicon written with other characters of the same sound, in pinyin or initials.

Only words listed in ``zh/sound.yaml`` are looked for, so the reading stays close to the text. A two-character word
written in ideographs must keep one of them, because too many common words share a sound; the known exceptions are
``aliases``. Look-alike characters (OCR slips, deliberate swaps) are read in the same way.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any

from evidence.words.data import load
from evidence.words.view import View, build, is_han

DIGITS = dict(zip("0123456789", ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"], strict=True))
LATIN = re.compile(r"[a-z]+")
SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)"
)
Token = tuple[str, int, int, bool]  # syllable, first and last+1 index in the base view, written in letters or digits


class SoundIndex:
    """Terms by the sound of their first two syllables."""

    def __init__(self) -> None:
        from pypinyin import lazy_pinyin  # ~0.1 s, hence not at import time

        self._lazy: Any = lazy_pinyin
        table = load("sound")
        self.common = frozenset(map(str, table["common"]))
        self.initials = {str(k): str(v) for k, v in table["initials"].items()}
        self.aliases = {str(k): str(v) for k, v in table["aliases"].items()}
        self.alias = re.compile("|".join(map(re.escape, self.aliases)))
        self.shapes = {wrong: right for right, group in table["shapes"].items() for wrong in str(group)}
        self.measures = frozenset(str(table["measures"]))
        self.singles = {str(k): str(v) for k, v in table["syllables"].items()}
        self.not_pinyin = frozenset(map(str, table["not_pinyin"]))
        self._memory: dict[str, str] = {}
        self.pairs: dict[tuple[str, str], list[tuple[tuple[str, ...], str, bool]]] = {}
        for key, letters_only in (("terms", False), ("letters", True)):
            for term in table[key]:
                self._add(str(term), letters_only)

    def _add(self, term: str, letters_only: bool) -> None:
        by_phrase = tuple(clean(s) for s in self._lazy(term))
        by_char = tuple(self.syllable(c) for c in term)
        for sounds in {by_phrase, by_char}:
            self.pairs.setdefault((sounds[0], sounds[1]), []).append((sounds, term, letters_only))
            self.pairs[(sounds[0], sounds[1])].sort(key=lambda entry: -len(entry[1]))

    def syllable(self, char: str) -> str:
        """The commonest reading of a character, retroflexes levelled; the character itself when it has none."""
        known = self._memory.get(char)
        if known is None:
            known = self._memory[char] = DIGITS.get(char) or clean(self._lazy(char)[0])
        return known

    def raw(self, char: str) -> str:
        """The commonest reading as it stands, with its retroflex."""
        return str(self._lazy(char)[0])


def clean(sound: str) -> str:
    """Level zh/ch/sh with z/c/s, which southern speakers and word games do not keep apart."""
    return sound[0] + sound[2:] if sound[:2] in ("zh", "ch", "sh") else sound.replace("ü", "v")


@cache
def index() -> SoundIndex:
    """The one index of this process."""
    return SoundIndex()


def sound_view(base: View) -> View | None:
    """``base`` with cloaked terms written out, or None when there are none."""
    tool = index()
    if _nothing_to_read(base.text, tool):
        return None
    tokens = _tokenise(base.text, tool)
    swaps: list[tuple[int, int, list[tuple[str, int, int]]]] = []
    done = 0
    for at in _spots(base.text, tokens, tool):
        if at < done:
            continue
        found = _term_at(base.text, tokens, at, tool) if at + 1 < len(tokens) else None
        if found is None:
            single = tool.singles.get(tokens[at][0]) if _is_syllable(base.text, tokens[at]) else None
            if single is not None:
                swaps.append((tokens[at][1], tokens[at][2], [(single, tokens[at][1], tokens[at][2])]))
            continue
        term, width = found
        span = tokens[at : at + width]
        cells = [(char, token[1], token[2]) for char, token in zip(term, span, strict=True)]
        swaps.append((span[0][1], span[-1][2], cells))
        done = at + width
    swaps += _initials(base.text, tool)
    return _rewrite(base, sorted(swaps)) if swaps else None


def _tokenise(text: str, tool: SoundIndex) -> list[Token]:
    tokens: list[Token] = []
    memory = tool._memory
    at = 0
    while at < len(text):
        char = text[at]
        if "a" <= char <= "z":
            run = LATIN.match(text, at)
            end = run.end() if run else at + 1
            tokens += _syllables(text[at:end], at)
            at = end
            continue
        if char == " " and tokens and _beside_letters(text, at):
            at += 1
            continue
        tokens.append((memory.get(char) or tool.syllable(char), at, at + 1, char in DIGITS))
        at += 1
    return tokens


def _nothing_to_read(text: str, tool: SoundIndex) -> bool:
    """Whether no two neighbours sound like the beginning of a term and nothing else could be cloaked."""
    if LATIN.search(text) or tool.alias.search(text) or not tool.shapes.keys().isdisjoint(text):
        return False
    memory = tool._memory
    sounds = [memory.get(char) or tool.syllable(char) for char in text]
    return tool.pairs.keys().isdisjoint(pairwise(sounds))


def _spots(text: str, tokens: list[Token], tool: SoundIndex) -> list[int]:
    """The few places where a term may begin or a syllable stands, in order."""
    pairs, shapes = tool.pairs, tool.shapes
    spots = {at for at, (one, two) in enumerate(pairwise(tokens)) if (one[0], two[0]) in pairs}
    if not shapes.keys().isdisjoint(text):
        for at, token in enumerate(tokens):
            if text[token[1]] in shapes:
                spots |= {at - 1, at} if at else {at}
    if any(token[3] for token in tokens):
        spots |= {at for at, token in enumerate(tokens) if token[3]}
    return sorted(spots)


def _is_syllable(text: str, token: Token) -> bool:
    return token[3] and "a" <= text[token[1]] <= "z"


def _beside_letters(text: str, at: int) -> bool:
    return "a" <= text[at - 1] <= "z" or ("a" <= text[at + 1 : at + 2] <= "z")


def _syllables(run: str, offset: int) -> list[Token]:
    """A run of letters as pinyin syllables, or as one token when it is not pinyin."""
    cut = None if run in index().not_pinyin else _split(run)
    if cut is None:
        return [(run, offset, offset + len(run), True)]
    tokens: list[Token] = []
    for piece in cut:
        tokens.append((clean(piece), offset, offset + len(piece), True))
        offset += len(piece)
    return tokens


@cache
def _split(run: str) -> tuple[str, ...] | None:
    if not run:
        return ()
    if len(run) > 24:
        return None
    for width in range(min(6, len(run)), 0, -1):
        if SYLLABLE.fullmatch(run, 0, width):
            rest = _split(run[width:])
            if rest is not None:
                return (run[:width], *rest)
    return None


def _term_at(text: str, tokens: list[Token], at: int, tool: SoundIndex) -> tuple[str, int] | None:
    first, second = tokens[at], tokens[at + 1]
    entries = tool.pairs.get((first[0], second[0]))
    if entries is None:
        entries = tool.pairs.get((_shape_sound(text, first, tool), _shape_sound(text, second, tool)))
        if entries is None:
            return None
    for sounds, term, letters_only in entries:
        span = tokens[at : at + len(sounds)]
        if len(span) == len(sounds) and _fits(text, span, sounds, term, letters_only, tool):
            return term, len(span)
    return None


def _shape_sound(text: str, token: Token, tool: SoundIndex) -> str:
    right = tool.shapes.get(text[token[1]])
    return tool.syllable(right) if right else token[0]


def _fits(
    text: str, span: list[Token], sounds: tuple[str, ...], term: str, letters_only: bool, tool: SoundIndex
) -> bool:
    written = text[span[0][1] : span[-1][2]]
    letters = any(token[3] for token in span)
    if written == term or written in tool.common or (letters_only and not letters):
        return False
    same = 0
    for token, sound, char in zip(span, sounds, term, strict=True):
        seen = text[token[1]]
        if seen == char:
            same += 1
            continue
        if letters_only and not token[3]:
            return False
        if tool.shapes.get(seen) == char:
            continue
        if token[0] != sound or (not token[3] and len(term) == 2 and tool.raw(seen) != tool.raw(char)):
            return False
    if not letters and len(term) == 2 and not same:
        return False
    return not _counts(text, span, tool)


def _counts(text: str, span: list[Token], tool: SoundIndex) -> bool:
    """Whether a digit in the span belongs to a number that counts something (打4次)."""
    last = span[-1]
    after = text[last[2] : last[2] + 1]
    before = text[span[0][1] - 1 : span[0][1]]
    if text[last[1]] in DIGITS and (after in DIGITS or after in tool.measures):
        return True
    return text[span[0][1]] in DIGITS and before in DIGITS and before != ""


def _initials(text: str, tool: SoundIndex) -> list[tuple[int, int, list[tuple[str, int, int]]]]:
    swaps = []
    for run in LATIN.finditer(text):
        word = tool.initials.get(run.group())
        if word is not None:
            swaps.append((run.start(), run.end(), [(word, run.start(), run.end())]))
    for found in tool.alias.finditer(text):
        swaps.append((found.start(), found.end(), [(tool.aliases[found.group()], found.start(), found.end())]))
    return swaps


def _rewrite(base: View, swaps: list[tuple[int, int, list[tuple[str, int, int]]]]) -> View:
    cells: list[tuple[str, int, int]] = []
    at = 0
    for start, end, parts in swaps:
        if start < at:
            continue
        kept = base.text[at:start]
        if ("a" <= base.text[start] <= "z" and kept.endswith(" ")) or kept == " ":
            kept = kept[:-1]  # a space between words of a pinyin sentence ends no clause
        cells += [(base.text[i], base.starts[i], base.ends[i]) for i in range(at, at + len(kept))]
        cells += [(word, base.starts[a], base.ends[b - 1]) for word, a, b in parts]
        at = end
    cells += [(base.text[i], base.starts[i], base.ends[i]) for i in range(at, len(base.text))]
    return build("sound", cells)


def is_cloaked(original: str, reading: str) -> bool:
    """Whether the ideographs of the reading differ from those written (the polite 您 for 你 does not count)."""
    written = [char for char in original.replace("您", "你") if is_han(char)]
    return written != [char for char in reading if is_han(char)]
