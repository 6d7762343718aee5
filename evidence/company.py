"""The files that came in together: what a file that belongs with others can find beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidence.importers.base import Neighbour
from evidence.vault import kept_path


@dataclass(frozen=True, slots=True)
class Company:
    """The kept files of one import.

    ``kept`` maps the absolute path a file had to its SHA-256 and size; ``folders`` the path of a folder to the names
    in it with their SHA-256. ``originals`` is where the copies lie.
    """

    originals: Path
    kept: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    folders: Mapping[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, originals: Path, files: Iterable[tuple[str, str, int]]) -> Company:
        """From (path as handed in, SHA-256, size)."""
        kept: dict[str, tuple[str, int]] = {}
        folders: dict[str, dict[str, str]] = {}
        for path, sha256, size in files:
            place = os.path.abspath(path)
            kept[place] = (sha256, size)
            folders.setdefault(os.path.dirname(place), {})[os.path.basename(place)] = sha256
        return cls(originals, kept, folders)

    def siblings(self, path: str) -> dict[str, str]:
        """Names in the folder of ``path`` with their SHA-256."""
        return self.folders.get(os.path.dirname(os.path.abspath(path)), {})

    def finder(self, path: str) -> Callable[[str], Neighbour | None]:
        """``FileProbe.find`` for the file that had this path."""
        folder = os.path.dirname(os.path.abspath(path))

        def find(relative: str) -> Neighbour | None:
            place = os.path.normpath(os.path.join(folder, *relative.split("/")))
            found = self.kept.get(place)
            if found is None:
                return None
            return Neighbour(kept_path(self.originals, found[0]), os.path.basename(place), found[1], found[0])

        return find
