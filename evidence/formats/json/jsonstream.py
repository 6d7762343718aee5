"""JSON files of any size, one value in memory at a time.

The walk through the outer levels is done here; each value that is asked for is decoded by the standard library at
once. So one broken value loses only itself, which no parser of event streams offers. RFC 8259, with the deviations
that programs really write: a byte order mark, several values one after the other (JSON Lines), control characters
inside strings, NaN.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from evidence.errors import Unreadable
from evidence.formats.json.jsontext import DEPTH_LIMIT, VALUE_LIMIT, Broken, JsonCut, JsonDamaged, JsonNotes, JsonText
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

__all__ = ["DEPTH_LIMIT", "VALUE_LIMIT", "Broken", "Found", "JsonNotes", "items", "stream", "top_level"]


class Found(NamedTuple):
    """A value: the prefix it was asked for by, its position in each array (or line) around it, and what it is."""

    prefix: str
    place: tuple[int, ...]
    value: Any


@dataclass(slots=True)
class _Node:
    """One step of the prefixes asked for; ``prefix`` is set where a value is wanted."""

    prefix: str | None = None
    steps: dict[str, _Node] = field(default_factory=dict)


def top_level(head: bytes) -> frozenset[str] | None:
    """The keys of the outermost object seen in the first bytes of a file; of an array, the keys of its first object.

    None when this is not JSON. Never raises. What is cut off or wrong further on does not matter.
    """
    text = JsonText(io.BytesIO(head), None, JsonNotes())
    keys: set[str] = set()
    try:
        if text.peek() == "[":
            text.pos += 1
            if text.peek() == "]":
                return frozenset()
        if text.peek() != "{":
            return None
        for key in text.members():
            keys.add(key)
            text.skip()
    except (JsonCut, JsonDamaged):
        return frozenset(keys) or None
    return frozenset(keys)


def items(path: Path, prefix: str, *, encoding: str | None = None, notes: JsonNotes | None = None) -> Iterator[Any]:
    """The values at ``prefix``, written as ijson does: ``a.item.b``; empty for each value at the top (JSON Lines).

    Numbers are int, float where that holds just what is written, else their digits as text. After everything
    that could be read, Unreadable is raised when a value was broken or the file is damaged or cut off.
    """
    notes = JsonNotes() if notes is None else notes
    for found in stream(path, (prefix,), encoding=encoding, notes=notes):
        if not isinstance(found.value, Broken):
            yield found.value
    if notes.broken:
        message = ngettext(
            "{n} entry is damaged and was not read.", "{n} entries are damaged and were not read.", notes.broken
        )
        raise Unreadable(message.format(n=notes.broken))


def stream(
    path: Path, prefixes: Collection[str], *, encoding: str | None = None, notes: JsonNotes | None = None
) -> Iterator[Found]:
    """Every value at one of the prefixes, in file order; :class:`Broken` in place of one that cannot be read.

    A prefix must not lie inside another. ``encoding`` is for files without byte order mark (UTF-8 when None). Raises
    Unreadable, after what could be read, when the file is cut off or damaged between its values.
    """
    root = _Node()
    for prefix in prefixes:
        node = root
        for step in prefix.split(".") if prefix else ():
            node = node.steps.setdefault(step, _Node())
        node.prefix = prefix
    notes = JsonNotes() if notes is None else notes
    with closing(path.open("rb")) as file:
        try:
            text = JsonText(file, encoding, notes)
        except LookupError as error:
            raise Unreadable(_("The text is not in the encoding {name}.").format(name=encoding)) from error
        try:
            line = 0
            while text.peek():
                if line and root.prefix is None:
                    raise JsonDamaged
                yield from _walk(text, root, () if root.prefix is None else (line,))
                line += 1
        except JsonCut as error:
            message = _("The file ends too early, after {n} characters: it was cut off.")
            raise Unreadable(message.format(n=text.passed + len(text.text))) from error
        except JsonDamaged as error:
            message = _("The file is damaged at character {n}: what follows cannot be read.")
            raise Unreadable(message.format(n=text.passed + text.pos)) from error


def _walk(text: JsonText, node: _Node, place: tuple[int, ...]) -> Iterator[Found]:
    """The wanted values inside the one that begins here. No deeper than the prefixes are long."""
    start = text.peek()
    if node.prefix is not None:
        yield Found(node.prefix, place, text.value())
    elif start == "{" and node.steps:
        for key in text.members():
            inner = node.steps.get(key)
            if inner is None:
                text.skip()
            else:
                yield from _walk(text, inner, place)
    elif start == "[" and "item" in node.steps:
        inner = node.steps["item"]
        for n in text.elements():
            yield from _walk(text, inner, (*place, n))
    else:
        text.skip()
