"""What is told once per file instead of once per row: how often it was met, and where first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from evidence.models import Problem, Severity

Words = Callable[[int], str]
"""From the count to a sentence with ``{n}``, ``{first}`` and ``{names}``."""

_NAMES_SHOWN = 5
_NAME_LENGTH = 60


@dataclass(slots=True)
class _Note:
    count: int
    first: str
    names: list[str] = field(default_factory=list)


class OnceNotes:
    """Counts by code; :meth:`problems` says each of them once, in the order in which they were first met."""

    def __init__(self, words: Mapping[str, Words], severities: Mapping[str, Severity] | None = None) -> None:
        self._words, self._severities = words, severities or {}
        self._notes: dict[str, _Note] = {}

    def add(self, code: str, locator: str, name: str = "", times: int = 1) -> None:
        """``times`` more of ``code``; a few different ``name`` are shown."""
        note = self._notes.get(code)
        if note is None:
            note = self._notes[code] = _Note(0, locator)
        note.count += times
        if name and len(note.names) < _NAMES_SHOWN and name[:_NAME_LENGTH] not in note.names:
            note.names.append(name[:_NAME_LENGTH])

    def count(self, code: str) -> int:
        """How often ``code`` was met."""
        note = self._notes.get(code)
        return 0 if note is None else note.count

    def problems(self) -> Iterator[Problem]:
        """One problem for each code that was met; a warning unless ``severities`` says otherwise."""
        for code, note in self._notes.items():
            names = "、".join(f"“{name}”" for name in note.names)
            text = self._words[code](note.count).format(n=note.count, first=note.first, names=names)
            yield Problem(code, text, "", note.first, self._severities.get(code, "warning"))
