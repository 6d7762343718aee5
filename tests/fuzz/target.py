"""What every reader of files must hold to, whatever the bytes: the oracle of the fuzzing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from evidence import codec, sealing
from evidence.errors import Unreadable
from evidence.importers.base import HEAD_BYTES, FileProbe, Importer, Neighbour, ReadOptions, all_importers
from evidence.models import Contact, Media, Problem, Reading, Record

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "evidence" / "importers"
OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
_MOST_ITEMS = 200_000


class Broken(AssertionError):
    """A promise of the importer contract was not kept."""


def corpus(name: str) -> list[bytes]:
    """The project's own samples for one importer."""
    return [p.read_bytes() for p in sorted((SAMPLES / name).glob("*")) if not p.name.endswith(".expected.json")]


def sample_name(name: str) -> str:
    """What the sample is called: some importers look at names too."""
    found = sorted(p.name for p in (SAMPLES / name).glob("sample.*") if not p.name.endswith(".expected.json"))
    return found[0]


def attach(stream: BinaryIO, name: str, mime: str) -> Media:
    """Reads all, keeps nothing."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 16):
        digest.update(block)
        size += len(block)
    return Media(digest.hexdigest(), size, mime, name)


def probe_of(path: Path, name: str) -> FileProbe:
    """As intake makes it; nothing came along with the file."""
    data = path.read_bytes()

    def find(_relative: str) -> Neighbour | None:
        return None

    sha256 = hashlib.sha256(data).hexdigest()
    return FileProbe(path, name, len(data), sha256, data[:HEAD_BYTES], "2026-05-01T00:00:00.000Z", "/in", {}, find)


def check_claims(probe: FileProbe) -> None:
    """No importer fails to say whether a file is its own, and at most one says so."""
    for fallback in (False, True):
        claims = [i.name for i in all_importers() if i.fallback == fallback and i.claims(probe)]
        if len(claims) > 1:
            raise Broken(f"claimed by {claims}")


def check_read(importer: Importer, probe: FileProbe) -> int:
    """Read with ``importer`` when it claims the file, as intake would. Returns how many items came.

    Raises Broken, or whatever the importer raised beside Unreadable.
    """
    if not importer.claims(probe):
        return 0
    locators: set[str] = set()
    count = 0
    try:
        for item in importer.read(probe, OPTIONS, attach):
            count += 1
            if not isinstance(item, Record | Reading | Contact | Problem):
                raise Broken(f"yields {type(item).__name__}")
            if isinstance(item, Record):
                if item.locator in locators:
                    raise Broken(f"two records at {item.locator!r}")
                locators.add(item.locator)
            text = sealing.canonical(codec.to_body(item))
            text.encode()
            if count > _MOST_ITEMS:
                raise Broken("more items than bytes can explain")
    except Unreadable:
        pass
    return count
