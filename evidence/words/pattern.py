"""The closed pattern language of the lexicon, compiled to ``re``.

A pattern is a sequence of parts: plain words; ``<class>`` one word of a class; ``(a|b)`` alternatives, with ``?`` after
it when it may be missing; ``~N`` up to N characters inside the clause (``~`` means 6); ``~~N`` the same across commas;
``@num`` a number, ``@name`` a Chinese personal name, ``@start``/``@end`` the edge of a clause; ``!(…)`` not followed
by, ``!<(…)`` not preceded by (plain words of one length only); ``[…]`` one of these characters. A ``?`` after a plain
word belongs to its last character. White space is for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evidence.errors import PackInvalid

GAP = r"[^,!?;:。\n]"
WIDE_GAP = r"[^!?;。\n]"
NUMBER = r"[0-9零一二三四五六七八九十百千万亿两几半壹贰叁肆伍陆柒捌玖拾佰仟幺.]+"
TOKEN = re.compile(
    r"<([a-z_0-9]+)>|(~~?)(\d*)|@([a-z]+)|(!<?\()|([()|?])|\[([^\[\]]+)\]|((?:!(?!<?\()|[^\s<>~@!()|?\[\]])+)|(\s+)"
)
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and the word sets of which each must occur somewhere for it to match."""

    source: str
    regex: str
    required: tuple[Words, ...]


@dataclass(slots=True)
class _Node:
    """A piece of a pattern: its expression, and the words it must begin with (None when not known)."""

    regex: str
    heads: Words | None
    required: tuple[Words, ...]


class Parser:
    """Compiles patterns against one table of word classes and the fixed tokens (``@name`` …)."""

    def __init__(self, classes: Mapping[str, Words], tokens: Mapping[str, str]) -> None:
        self.classes = classes
        self.tokens = {"num": NUMBER, **tokens}
        self._class_regex: dict[str, str] = {}
        self._parts: list[re.Match[str]] = []
        self._at = 0

    def compile(self, source: str) -> Pattern:
        """Raises PackInvalid for a pattern outside the language."""
        self._parts, self._at = _tokens(source), 0
        node = self._alternatives()
        if self._at != len(self._parts):
            raise PackInvalid(f"pattern {source!r}: unexpected {self._parts[self._at].group()!r}")
        return Pattern(source, node.regex, node.required)

    def _peek(self) -> str:
        return self._parts[self._at].group() if self._at < len(self._parts) else ""

    def _alternatives(self) -> _Node:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        heads: set[str] | None = set()
        for branch in branches:
            heads = None if heads is None or branch.heads is None else heads | branch.heads
        known = frozenset(heads) if heads is not None else None
        regex = "(?:" + "|".join(b.regex for b in sorted(branches, key=lambda b: -len(b.regex))) + ")"
        return _Node(regex, known, (known,) if known else ())

    def _sequence(self) -> _Node:
        regex = ""
        heads: Words | None = None
        required: tuple[Words, ...] = ()
        while (part := self._peek()) and part not in ("|", ")"):
            node = self._element()
            if not regex:
                heads = node.heads
            regex += node.regex
            required += node.required
        if heads is None and required:
            heads = required[0]
        return _Node(regex, heads, required)

    def _element(self) -> _Node:
        match = self._parts[self._at]
        self._at += 1
        name, gap, width, token, guard, mark, chars, word, _ = match.groups()
        if guard:
            inner = self._closed()
            return _Node(f"(?{'<!' if '<' in guard else '!'}{inner.regex})", None, ())
        if mark == "(":
            return self._optional(self._closed())
        if name:
            return self._optional(self._class(name))
        if gap:
            return _Node(f"{WIDE_GAP if gap == '~~' else GAP}{{0,{width or 6}}}?", None, ())
        if token:
            return self._optional(self._token(token))
        if chars:
            one = frozenset(chars)
            return self._optional(_Node("[" + re.escape(chars) + "]", one, (one,)))
        if word:
            return self._word(word)
        raise PackInvalid(f"pattern: unexpected {match.group()!r}")

    def _word(self, word: str) -> _Node:
        if self._peek() != "?":
            words = frozenset((word,))
            return _Node(re.escape(word), words, (words,))
        self._at += 1
        fixed = frozenset((word[:-1],)) if len(word) > 1 else None
        return _Node(f"{re.escape(word[:-1])}(?:{re.escape(word[-1])})?", fixed, (fixed,) if fixed else ())

    def _closed(self) -> _Node:
        node = self._alternatives()
        if self._peek() != ")":
            raise PackInvalid("pattern: a bracket is not closed")
        self._at += 1
        return node

    def _optional(self, node: _Node) -> _Node:
        if self._peek() != "?":
            return node
        self._at += 1
        return _Node(f"(?:{node.regex})?", None, ())

    def _class(self, name: str) -> _Node:
        if name not in self.classes:
            raise PackInvalid(f"pattern: no word class <{name}>")
        words = self.classes[name]
        if name not in self._class_regex:
            ordered = sorted(words, key=lambda w: (-len(w), w))
            self._class_regex[name] = "(?:" + "|".join(map(re.escape, ordered)) + ")"
        return _Node(self._class_regex[name], words, (words,))

    def _token(self, name: str) -> _Node:
        if name == "start":
            return _Node(r"(?:(?<![^,!?;:。\n \"“】》])|(?<=催收:))", None, ())
        if name == "end":
            return _Node(r"(?=[,!?;:。\n \"”(]|$)", None, ())
        if name not in self.tokens:
            raise PackInvalid(f"pattern: no token @{name}")
        return _Node(f"(?:{self.tokens[name]})", None, ())


def _tokens(source: str) -> list[re.Match[str]]:
    parts: list[re.Match[str]] = []
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if match is None:
            raise PackInvalid(f"pattern {source!r}: cannot read {source[at:]!r}")
        if not match.group().isspace():
            parts.append(match)
        at = match.end()
    return parts


def expand(table: Mapping[str, list[str]]) -> dict[str, Words]:
    """Word classes with their inclusions (an entry ``<other>`` stands for that class's words)."""
    done: dict[str, Words] = {}

    def words(name: str, path: tuple[str, ...]) -> Words:
        if name in path or name not in table:
            raise PackInvalid(f"word class <{name}>: " + ("includes itself" if name in path else "is not defined"))
        if name not in done:
            found: set[str] = set()
            for entry in table[name]:
                text = str(entry)
                found |= words(text[1:-1], (*path, name)) if text.startswith("<") else {text}
            done[name] = frozenset(found)
        return done[name]

    for name in table:
        words(name, ())
    return done
