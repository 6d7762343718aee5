"""What every importer's tests need: a probe of a file, an attach that keeps nothing, and a readable dump."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import pytest

from evidence.importers.base import HEAD_BYTES, FileProbe, Importer, ReadOptions
from evidence.models import Contact, Media, Problem, Reading, Record

Item = Record | Reading | Contact | Problem
OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))


def probe(path: Path, **changes: Any) -> FileProbe:
    """A probe of ``path`` as intake makes it."""
    data = path.read_bytes()
    made = FileProbe(path, path.name, len(data), hashlib.sha256(data).hexdigest(), data[:HEAD_BYTES])
    return dataclasses.replace(made, **changes)


def attach(stream: BinaryIO, name: str, mime: str) -> Media:
    """Read in small pieces, as a store may."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(1000):
        digest.update(chunk)
        size += len(chunk)
    return Media(digest.hexdigest(), size, mime, name)


def dump(item: Any) -> Any:
    """A dataclass as plain JSON values, without the fields that have their default."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        out: dict[str, Any] = {"is": type(item).__name__} if isinstance(item, Item) else {}
        for field in dataclasses.fields(item):
            value = getattr(item, field.name)
            default = field.default_factory() if callable(field.default_factory) else field.default
            if value != default:
                out[field.name] = dump(value)
        return out
    if isinstance(item, dict):
        return {key: dump(value) for key, value in item.items()}
    return [dump(value) for value in item] if isinstance(item, list | tuple) else item


@pytest.fixture
def make_probe() -> Callable[..., FileProbe]:
    return probe


@pytest.fixture
def as_json() -> Callable[[Any], Any]:
    return dump


@pytest.fixture
def read_all() -> Callable[..., list[Item]]:
    """Everything an importer yields for a file; ``options`` are those that differ from :data:`OPTIONS`."""

    def run(
        importer: Importer, file: Path | FileProbe, options: dict[str, Any] | None = None, **changes: Any
    ) -> list[Item]:
        said = dataclasses.replace(OPTIONS, **(options or {}))
        return list(importer.read(probe(file, **changes) if isinstance(file, Path) else file, said, attach))

    return run
