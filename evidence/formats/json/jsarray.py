"""The objects of an array that a page assigns to a variable: ``const chatMessages = [{…}, …]``, read as data.

Nothing is run. Objects are cut out one by one (so memory holds one), then read as JSON, or as the simple literals that
older pages hold: bare keys, single quotation marks, backticks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

OBJECT_LIMIT = 8 << 20  # characters of one object
DEPTH_LIMIT = 40
_STOP = re.compile(r"[\"'`{}\[\]]")
_CLOSE = {quote: re.compile(rf"[\\{quote}]") for quote in "\"'`"}
_BLANK = re.compile(r"[\s,]*")
_KEY = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d{1,25}(?:\.\d{1,25})?(?:[eE][+-]?\d{1,3})?")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


class NotLiteral(ValueError):
    """This is code or damaged, and no plain value."""


def cut_objects(pieces: Iterator[str], start: re.Pattern[str]) -> Iterator[str | None]:
    """The source of each object of the first array behind ``start`` (which ends with ``[``); None for one too long."""
    held = ""
    for piece in pieces:
        held += piece
        match = start.search(held)
        if match is not None:
            held = held[match.end() :]
            break
        held = held[-200:]
    else:
        return
    scan = _Scan()
    while True:
        yield from scan.feed(held)
        if scan.closed:
            return
        held = next(pieces, "")
        if not held:
            return


class _Scan:
    """Finds where objects end, whatever pieces the text comes in."""

    def __init__(self) -> None:
        self.closed = False
        self._text, self._at, self._depth, self._begin, self._quote = "", 0, 0, -1, ""
        self._too_long = False

    def feed(self, piece: str) -> Iterator[str | None]:
        """More text; yields the objects that are complete now."""
        self._text += piece
        while not self.closed:
            pattern = _CLOSE[self._quote] if self._quote else _STOP
            match = pattern.search(self._text, self._at)
            if match is None:
                self._at = len(self._text)
                break
            if match[0] == "\\" and match.end() >= len(self._text):
                self._at = match.start()
                break
            self._at = match.end() + (match[0] == "\\")
            found = self._sign(match)
            if found:
                yield None if self._too_long else self._text[self._begin : self._at]
                self._begin, self._too_long = -1, False
        self._shorten()

    def _sign(self, match: re.Match[str]) -> bool:
        """Follow one sign; True when an object of the array ends with it."""
        sign = match[0]
        if self._quote:
            if sign == self._quote:
                self._quote = ""
        elif sign in "\"'`":
            self._quote = sign
        elif sign in "{[":
            if self._depth == 0:
                self._begin = match.start()
            self._depth += 1
        elif self._depth == 0:
            self.closed = True
        else:
            self._depth -= 1
            return self._depth == 0
        return False

    def _shorten(self) -> None:
        if self._begin < 0:
            self._text, self._at = self._text[self._at :], 0
        elif len(self._text) - self._begin > OBJECT_LIMIT:
            self._too_long = True
            self._text, self._at, self._begin = self._text[self._at :], 0, 0


def read_literal(source: str) -> Any:
    """The value that ``source`` writes. Raises NotLiteral."""
    try:
        return json.loads(source, strict=False)
    except RecursionError as error:
        raise NotLiteral from error
    except ValueError:
        value, end = _value(source, 0, 0)
        if source[end:].strip():
            raise NotLiteral from None
        return value


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return at if match is None else match.end()


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    at = _skip(text, at)
    sign = text[at : at + 1]
    if depth > DEPTH_LIMIT or not sign:
        raise NotLiteral
    if sign == "{":
        return _object(text, at + 1, depth + 1)
    if sign == "[":
        return _list(text, at + 1, depth + 1)
    if sign in _CLOSE:
        return _string(text, at)
    number = _NUMBER.match(text, at)
    if number is not None:
        digits = number[0]
        return (int(digits) if digits.lstrip("-").isdecimal() else float(digits)), number.end()
    word = _KEY.match(text, at)
    if word is None or word[0] not in _WORDS:
        raise NotLiteral
    return _WORDS[word[0]], word.end()


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    out: dict[str, Any] = {}
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return out, at + 1
        word = _KEY.match(text, at)
        key, at = (word[0], word.end()) if word is not None else _string(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise NotLiteral
        out[key], at = _value(text, at + 1, depth)


def _list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    out: list[Any] = []
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return out, at + 1
        value, at = _value(text, at, depth)
        out.append(value)


def _string(text: str, at: int) -> tuple[str, int]:
    quote = text[at : at + 1]
    if quote not in _CLOSE:
        raise NotLiteral
    out: list[str] = []
    at += 1
    while True:
        match = _CLOSE[quote].search(text, at)
        if match is None:
            raise NotLiteral
        out.append(text[at : match.start()])
        if match[0] == quote:
            return "".join(out), match.end()
        sign = text[match.end() : match.end() + 1]
        at = match.end() + 1
        digits = text[at : at + 4] if sign == "u" else text[at : at + 2] if sign == "x" else ""
        if digits and len(digits) == (4 if sign == "u" else 2) and all(c in "0123456789abcdefABCDEF" for c in digits):
            out.append(chr(int(digits, 16)))
            at += len(digits)
        else:
            out.append(_ESCAPES.get(sign, sign))
