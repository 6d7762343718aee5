"""What an importer is: one module that defines ``IMPORTER``, found by listing this folder.

An importer answers two questions: is this file mine, and what is in it. It never writes to the case; bytes
that sit inside a source (a picture in a message) go to the ``attach`` function it is handed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from evidence.models import Contact, Media, Problem, Reading, Record

HEAD_BYTES = 65536

Attach = Callable[[BinaryIO, str, str], Media]
"""(bytes to read, name as found, MIME type as stated) -> what was kept."""

Item = Record | Reading | Contact | Problem
"""What an importer yields."""

DateOrder = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file that came in together with another one. ``name`` is its own name, ``path`` where its copy lies."""

    path: Path
    name: str
    size: int
    sha256: str


def _nothing(_relative: str) -> Neighbour | None:
    return None


@dataclass(frozen=True, slots=True)
class FileProbe:
    """A kept original, before anyone has read it. ``name`` is the name it had; ``path`` where its copy lies.

    ``folder`` is the path of the folder it came from, as given by the user: a hint, never proof.
    ``siblings`` maps the names of files beside it to their SHA-256, for formats that come in pairs. ``find`` looks up
    a file of the same import (or of the same archive) by its path relative to this one, with ``/`` between the parts
    (``data/a.jpg``, ``../3d/3d0d…``); None when it did not come along.
    """

    path: Path
    name: str
    size: int
    sha256: str
    head: bytes
    mtime: str | None = None
    folder: str = ""
    siblings: dict[str, str] = field(default_factory=dict)
    find: Callable[[str], Neighbour | None] = _nothing


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``zone``: for wall clocks without offset. ``holder``: whose phone it was (``self`` or a name).

    ``encoding`` and ``date_order`` settle what a text file leaves open; ``me`` lists the names that the holder has in
    chats; ``mapping`` is what a person said about the columns of a table (``tablemap``); ``scratch`` is a
    folder for temporary copies (the system's own when None).
    """

    zone: ZoneInfo
    holder: str = "self"
    encoding: str | None = None
    date_order: DateOrder | None = None
    me: tuple[str, ...] = ()
    mapping: Mapping[str, Any] | None = None
    scratch: Path | None = None

    @property
    def says_more(self) -> bool:
        """Whether a person has stated what may make a file readable that was not."""
        return bool(self.mapping or self.encoding or self.date_order or self.me)


@runtime_checkable
class Importer(Protocol):
    """``name`` and ``version`` go into every record's provenance; the major version also into its id.

    One with ``fallback`` is asked only when no other claims the file (a table, a text without known form).
    Beside the module lies ``NAME.yaml``: what the format is called and how to get it from a phone.
    """

    name: str
    version: str
    fallback: bool

    def claims(self, file: FileProbe) -> bool:
        """Whether the content (never the name alone) is of this format. Must not raise on any bytes."""
        ...

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file, in file order. A bad row is a ``Problem``; the rest goes on.

        Raises ``evidence.errors.Unreadable`` when nothing at all can be read.
        """
        ...


TABLE = "table"
"""The importer that reads a table by the columns a person named."""


def claimants(probe: FileProbe, options: ReadOptions, known: Iterable[Importer]) -> list[Importer]:
    """Those of ``known`` that claim the file: the fallbacks only where no other does; two or more are a fault of ours.

    Where a person has said what the columns are, tables are read that way and no other.
    """
    importers = tuple(known)
    mapped = [importer for importer in importers if options.mapping is not None and importer.name == TABLE]
    ladder = (mapped, [i for i in importers if not i.fallback], [i for i in importers if i.fallback])
    return next((found for rung in ladder if (found := [i for i in rung if i.claims(probe)])), [])


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
