"""Typed reading of the JSON objects in a template's fences: every key and shape is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TypeAlias

from complaints.blocks import Span, Spans
from evidence.i18n import gettext as _

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

_ANCHOR = re.compile(r"[^\W\d_][\w.:-]*")
_ADDRESS = re.compile(r"#[^\W\d_][\w.:-]*|https?://\S+|mailto:\S+|tel:\S+")


class FenceError(ValueError):
    """What is wrong, in the user's language; ``line`` counts from 1 inside the fence (0: the block as a whole)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.line = line


class Fields:
    """Typed reading of one JSON object; ``done`` refuses keys that nobody asked for."""

    def __init__(self, value: Json) -> None:
        if not isinstance(value, dict):
            raise FenceError(_("a JSON object is expected"))
        self._value: Mapping[str, Json] = value
        self._seen: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there with a value other than null."""
        self._seen.add(key)
        return self._value.get(key) is not None

    def any(self, key: str) -> Json:
        """The raw value of a key that must be there."""
        self._seen.add(key)
        if key not in self._value:
            raise FenceError(_("the key “{key}” is missing").format(key=key))
        return self._value[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A string."""
        if default is not None and not self.has(key):
            return default
        return as_text(self.any(key), key)

    def flag(self, key: str) -> bool:
        """A boolean, false when missing."""
        self._seen.add(key)
        value = self._value.get(key, False)
        if not isinstance(value, bool):
            raise wrong(key)
        return value

    def list(self, key: str, optional: bool = False) -> list[Json]:
        """A list; an optional one may be missing."""
        if optional and not self.has(key):
            return []
        value = self.any(key)
        if not isinstance(value, list):
            raise wrong(key)
        return value

    def anchor(self, key: str) -> str | None:
        """A name that links may point to, or nothing."""
        return check_anchor(self.text(key)) if self.has(key) else None

    def spans(self, key: str) -> Spans:
        """A string, a span or a list of both."""
        return as_spans(self.any(key), key)

    def done(self) -> None:
        """Refuse unknown keys: they are misspelt ones."""
        if unknown := sorted(set(self._value) - self._seen):
            raise FenceError(_("unknown key “{key}”").format(key=unknown[0]))


def check_anchor(name: str) -> str:
    """``name`` if it can be a target in every printed form: a letter, then letters, digits and ``_ . : -``."""
    if not _ANCHOR.fullmatch(name):
        raise FenceError(_("“{name}” cannot be the name of an anchor").format(name=name))
    return name


def check_address(href: str) -> str:
    """``href`` if it is ``#anchor`` or an http, https, mailto or tel address."""
    if not _ADDRESS.fullmatch(href):
        raise FenceError(_("“{href}” is not an address that a document may link to").format(href=href))
    return href


def wrong(key: str) -> FenceError:
    """The error of a key whose value is not what it should be."""
    return FenceError(_("the key “{key}” has a value of the wrong kind").format(key=key))


def as_text(value: Json, key: str) -> str:
    """``value`` if it is a string."""
    if not isinstance(value, str):
        raise wrong(key)
    return value


def as_number(value: Json, key: str) -> float:
    """``value`` if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong(key)
    return value


def as_count(value: Json, key: str) -> int:
    """``value`` if it is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(key)
    return value


def as_spans(value: Json, key: str) -> Spans:
    """A string, a span, or a list of both."""
    return tuple(_span(v, key) for v in (value if isinstance(value, list) else [value]))


def _span(value: Json, key: str) -> Span:
    if isinstance(value, str):
        return Span(value)
    if not isinstance(value, dict):
        raise wrong(key)
    f = Fields(value)
    href = check_address(f.text("href")) if f.has("href") else None
    span = Span(f.text("text"), f.flag("bold"), f.flag("italic"), f.flag("code"), f.flag("mark"), href)
    f.done()
    return span
