"""What an importer is: one module that defines ``IMPORTER``, found by listing this folder.

An importer answers two questions: is this file mine, and what is in it. It never writes to the case; bytes
that sit inside a source (a picture in a message) go to the ``attach`` function it is handed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from evidence.models import Media, Problem, Reading, Record

HEAD_BYTES = 65536

Attach = Callable[[BinaryIO, str, str], Media]
"""(bytes to read, name as found, MIME type as stated) -> what was kept."""


@dataclass(frozen=True, slots=True)
class FileProbe:
    """A kept original, before anyone has read it. ``name`` is the name it had; ``path`` where its copy lies.

    ``folder`` is the path of the folder it came from, as given by the user: a hint, never proof.
    ``siblings`` maps the names of files beside it to their SHA-256, for formats that come in pairs.
    """

    path: Path
    name: str
    size: int
    sha256: str
    head: bytes
    mtime: str | None = None
    folder: str = ""
    siblings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``zone``: for wall clocks without offset. ``holder``: whose phone it was (``self`` or a name)."""

    zone: ZoneInfo
    holder: str = "self"
    encoding: str | None = None


@runtime_checkable
class Importer(Protocol):
    """``name`` and ``version`` go into every record's provenance; the major version also into its id."""

    name: str
    version: str

    def claims(self, file: FileProbe) -> bool:
        """Whether the content (never the name alone) is of this format. Must not raise on any bytes."""
        ...

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        """Everything in the file, in file order. A bad row is a ``Problem``; the rest goes on.

        Raises ``evidence.errors.Unreadable`` when nothing at all can be read.
        """
        ...


@cache
def all_importers() -> tuple[Importer, ...]:
    """Every importer of this folder, in name order."""
    import evidence.importers as package

    found = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        importer = getattr(importlib.import_module(f"evidence.importers.{module.name}"), "IMPORTER", None)
        if importer is not None:
            found.append(importer)
    return tuple(found)
