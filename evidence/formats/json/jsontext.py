"""The text of a JSON file, read piece by piece: stepping through it, and decoding one value where it begins."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

VALUE_LIMIT = 32 * 1024 * 1024  # characters of one value; a larger one is passed over
DEPTH_LIMIT = 60  # levels inside one value
_CHUNK = 256 * 1024
_INT_DIGITS = 4000  # int() refuses longer ones
_MARGIN = 16  # an error this near to the end of what was read can be a cut literal
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANK = re.compile(r"[ \t\r\n]*")
_STRUCTURE = re.compile(r'["{}\[\]]')
_STRING_STOP = re.compile(r'["\\]')
_SCALAR_END = re.compile(r"[ \t\r\n,\]}]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Broken:
    """Instead of an unreadable value: ``reason`` is broken, too_large or too_deep; ``at`` its character offset."""

    reason: str
    at: int


@dataclass(slots=True)
class JsonNotes:
    """What was odd while reading: how often. ``first_bad_byte`` is near the first byte that is not of the encoding."""

    bad_bytes: int = 0
    first_bad_byte: int | None = None
    lone_surrogates: int = 0
    duplicate_keys: int = 0
    constants: int = 0
    broken: int = 0


class JsonCut(Exception):
    """The file ends inside a value."""


class JsonDamaged(Exception):
    """The structure around the values is not JSON from here on."""


class JsonText:
    """The text of a file, read piece by piece. ``pos`` is the place in ``text``, ``passed`` what lies before it."""

    def __init__(self, file: BinaryIO, encoding: str | None, notes: JsonNotes) -> None:
        start = file.read(_CHUNK)
        mark, codec = next(((m, c) for m, c in _MARKS if start.startswith(m)), (b"", encoding or "utf-8"))
        "x".encode(codec, "ignore")  # refuses codecs that are not of text
        self._file, self._notes = file, notes
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._real_mark = "\ufffd".encode(codec, "ignore")
        self._bytes_seen = len(mark)
        self.text, self.pos, self.passed = "", 0, 0
        self._ended = False
        self._feed(start[len(mark) :])
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._int,
            parse_float=self._float,
            parse_constant=self._constant,
            strict=False,
        )

    def _feed(self, data: bytes) -> None:
        new = self._decoder.decode(data, not data)
        self._ended = not data
        if "\ufffd" in new:
            wrong = new.count("\ufffd") - (data.count(self._real_mark) if self._real_mark else 0)
            if wrong > 0:
                self._notes.bad_bytes += wrong
                if self._notes.first_bad_byte is None:
                    self._notes.first_bad_byte = self._bytes_seen
        self._bytes_seen += len(data)
        self.text = self.text[self.pos :] + new
        self.passed += self.pos
        self.pos = 0

    def more(self) -> bool:
        """Read on; what lies before ``pos`` is let go. False at the end of the file."""
        if self._ended:
            return False
        before = len(self.text) - self.pos
        while not self._ended and len(self.text) - self.pos == before:
            self._feed(self._file.read(max(_CHUNK, before)))
        return len(self.text) - self.pos > before

    def peek(self) -> str:
        """The next character that is no blank, or "" at the end of the file."""
        while True:
            match = _BLANK.match(self.text, self.pos)
            self.pos = match.end() if match else self.pos
            if self.pos < len(self.text):
                return self.text[self.pos]
            if not self.more():
                return ""

    def expect(self, wanted: str) -> str:
        """Step over one of the characters ``wanted`` and return it."""
        found = self.peek()
        if not found:
            raise JsonCut
        if found not in wanted:
            raise JsonDamaged
        self.pos += 1
        return found

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; between two of them the caller passes the value."""
        self.expect("{")
        if self.peek() == "}":
            self.pos += 1
            return
        while True:
            if self.peek() not in ('"', ""):
                raise JsonDamaged
            key = self.value()
            if not isinstance(key, str):
                raise JsonDamaged
            self.expect(":")
            yield key
            if self.expect(",}") == "}":
                return

    def elements(self) -> Iterator[int]:
        """The positions in the array that begins here; between two of them the caller passes the value."""
        self.expect("[")
        if self.peek() == "]":
            self.pos += 1
            return
        n = 0
        while True:
            yield n
            n += 1
            if self.expect(",]") == "]":
                return

    def value(self) -> Any:
        """Decode the value that begins here; :class:`Broken` when that cannot be done, and the place is behind it."""
        if not self.peek():
            raise JsonCut
        notes = self._notes
        while True:
            before = notes.duplicate_keys, notes.constants
            try:
                value, end = self._json.raw_decode(self.text, self.pos)
                if end < len(self.text) or not self.more():  # a number can go on behind the end of what was read
                    return self._checked(value, end)
            except RecursionError:
                return self._pass_over("too_deep")
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self.text) - _MARGIN
                if not cut or self._ended:
                    return self._pass_over("broken")
                if len(self.text) - self.pos > VALUE_LIMIT:
                    return self._pass_over("too_large")
                self.more()
            notes.duplicate_keys, notes.constants = before

    def _checked(self, value: Any, end: int) -> Any:
        start, text = self.pos, self.text
        self.pos = end
        if text.count("[", start, end) + text.count("{", start, end) > DEPTH_LIMIT and _depth(value) > DEPTH_LIMIT:
            self._notes.broken += 1
            return Broken("too_deep", self.passed + start)
        if _SURROGATE_ESCAPE.search(text, start, end):
            return self._without_surrogates(value)
        return value

    def _pass_over(self, reason: str) -> Broken:
        at = self.passed + self.pos
        self.skip()
        self._notes.broken += 1
        return Broken(reason, at)

    def skip(self) -> None:
        """Pass the value that begins here without decoding it."""
        start = self.peek()
        if not start:
            raise JsonCut
        if start == '"':
            self._skip_string()
        elif start in "{[":
            self._skip_container()
        elif start in ",:}]":
            raise JsonDamaged
        else:
            self._skip_scalar()

    def _skip_scalar(self) -> None:
        while True:
            match = _SCALAR_END.search(self.text, self.pos)
            self.pos = match.start() if match else len(self.text)
            if match or not self.more():
                return

    def _skip_string(self) -> None:
        self.pos += 1
        while True:
            match = _STRING_STOP.search(self.text, self.pos)
            if match is None:
                self.pos = len(self.text)
            elif match[0] == '"':
                self.pos = match.end()
                return
            elif match.end() < len(self.text):
                self.pos = match.end() + 1
                continue
            else:
                self.pos = match.start()
            if not self.more():
                raise JsonCut

    def _skip_container(self) -> None:
        depth = 0
        while True:
            match = _STRUCTURE.search(self.text, self.pos)
            if match is None:
                self.pos = len(self.text)
                if not self.more():
                    raise JsonCut
                continue
            self.pos = match.start()
            if match[0] == '"':
                self._skip_string()
                continue
            self.pos += 1
            depth += 1 if match[0] in "{[" else -1
            if depth == 0:
                return

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object; a key that comes again keeps its value under ``key#2``, ``key#3`` …"""
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        out: dict[str, Any] = {}
        for key, value in pairs:
            n, name = 1, key
            while name in out:
                n += 1
                name = f"{key}#{n}"
            self._notes.duplicate_keys += n > 1
            out[name] = value
        return out

    def _int(self, digits: str) -> int | str:
        return int(digits) if len(digits) <= _INT_DIGITS else digits

    def _float(self, digits: str) -> float | str:
        value = float(digits)
        try:
            exact = math.isfinite(value) and Decimal(repr(value)) == Decimal(digits)
        except ArithmeticError:  # an exponent beyond what a decimal can hold
            exact = False
        return value if exact and len(digits) <= _INT_DIGITS else digits

    def _constant(self, word: str) -> str:
        self._notes.constants += 1
        return word

    def _without_surrogates(self, value: Any) -> Any:
        """Halves of a character that has no other half cannot be written as UTF-8: U+FFFD stands for them."""
        if isinstance(value, str):
            clean, n = _SURROGATE.subn("\ufffd", value)
            self._notes.lone_surrogates += n
            return clean
        if isinstance(value, list):
            return [self._without_surrogates(part) for part in value]
        if isinstance(value, dict):
            return self._object([(self._without_surrogates(k), self._without_surrogates(v)) for k, v in value.items()])
        return value


def _depth(value: Any) -> int:
    """How many levels a value has, counted without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
    return depth
