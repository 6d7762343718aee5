"""What the tests of intake and the commands share: an importer of lines, and the command line in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import NoSpace, Unreadable
from evidence.importers.base import Attach, FileProbe, ReadOptions
from evidence.models import Media, Problem, Reading, Record, Stamp


class LineImporter:
    """Reads files that begin with ``LINES``: each further line is a record, or does what it says."""

    name = "lines"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        return file.head.startswith(b"LINES")

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        for n, line in enumerate(file.path.read_text(encoding="utf-8").splitlines()[1:], 1):
            if line == "crash":
                raise ValueError("the importer \x1b[2J broke")
            if line == "nothing":
                raise Unreadable("nothing in it")
            if line == "database":
                import sqlite3

                raise sqlite3.OperationalError("database is locked")
            if line == "full":
                raise NoSpace()
            if line == "bad":
                yield Problem("bad_row", f"row {n} is bad", locator=f"line {n}")
            elif line == "picture":
                import io

                media: Media = attach(io.BytesIO(b"read a picture's words"), "p.png", "image/png")
                yield Record("media", "unknown", f"line {n}", media=(media,))
            elif line == "reading":
                yield Reading("ab" * 32, "transcript", "x", "1", "words")
            else:
                stamp = Stamp(f"2026-03-10T01:00:{n % 60:02d}.000Z", str(n), "export", "epoch_utc")
                yield Record("sms", "sms", f"line {n}", stamp, "in", "12000000011", text=line, text_basis="source")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> LineImporter:
    """The importer of lines, as the only one there is."""
    importer = LineImporter()
    monkeypatch.setattr("evidence.reader.all_importers", lambda: (importer,))
    monkeypatch.setattr("evidence.known.all_importers", lambda: (importer,))
    return importer


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout; fails when there is more or less."""
        return json.loads(self.out)


@pytest.fixture
def dunlog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command line on the case in ``tmp_path/c`` (made on first use)."""
    from complaints.__main__ import run

    folder = tmp_path / "c"

    def call(*argv: str, case: Path | None = folder) -> Ran:
        if case == folder and not (folder / "case.db").exists():
            from evidence.log import create_case

            create_case(folder).close()
        capsys.readouterr()
        code = run(list(argv), case)
        captured = capsys.readouterr()
        return Ran(int(code), captured.out, captured.err)

    return call
