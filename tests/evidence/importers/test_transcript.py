"""Transcripts: which recording they belong to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import Unreadable
from evidence.importers.transcript import IMPORTER
from evidence.models import Problem, Reading

A, B = "aa" * 32, "bb" * 32
TEXT = "[00:01] 催收员：今天还\n[00:05] 我：好\n"


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def read(text: str, name: str = "call.txt", codec: str = "utf-8", **siblings: str) -> list[Any]:
        path = tmp_path / "kept"
        path.write_bytes(text.encode(codec))
        return read_all(IMPORTER, path, name=name, siblings=siblings)

    return read


@pytest.mark.parametrize(
    ("name", "siblings", "target"),
    [
        ("call.txt", {"call.mp3": A, "other.mp3": B}, A),
        ("call.zh-CN.srt", {"call.m4a": A}, A),
        ("call.mp3.txt", {"call.mp3": A}, A),
        ("通话 (1).vtt", {"通话 (1).AMR": A}, A),
        ("call.txt", {"call.mp3": A, "call.wav": A}, A),
    ],
)
def test_by_name(run: Any, name: str, siblings: dict[str, str], target: str) -> None:
    (reading,) = run(TEXT, name, **siblings)
    assert isinstance(reading, Reading)
    assert (reading.target, reading.by, reading.engine, reading.kind) == (target, "person", "imported", "transcript")
    assert [line.speaker for line in reading.lines] == ["催收员", "我"]


@pytest.mark.parametrize("siblings", [{}, {"call.mp3": A, "call.wav": B}, {"call.jpg": A}, {"cal.mp3": A}])
def test_without_one_recording_it_says_how_to_bind(run: Any, siblings: dict[str, str]) -> None:
    (problem,) = run(TEXT, "call.txt", **siblings)
    assert isinstance(problem, Problem)
    assert problem.code == "transcript_unbound"
    assert "dunlog transcript RECORDING call.txt" in problem.message


def test_a_stated_hash_wins(run: Any) -> None:
    (reading,) = run(f"# sha256: {B.upper()}\n{TEXT}", "call.txt", **{"call.mp3": A})
    assert reading.target == B


def test_encodings_and_codes_that_run_backwards(run: Any) -> None:
    reading, problem = run(
        "00:00:05,000 --> 00:00:06,000\n甲\n\n00:00:01,000 --> 00:00:02,000\n乙\n",
        "call.srt",
        "gb18030",
        **{"call.mp3": A},
    )
    assert reading.text == "甲\n乙"
    assert reading.settings["encoding"] == "gb18030"
    assert (problem.code, problem.severity) == ("time_codes_odd", "warning")


def test_codes_without_words(run: Any) -> None:
    with pytest.raises(Unreadable):
        run("00:00:05,000 --> 00:00:06,000\n\n", "call.srt")


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (TEXT.encode(), True),
        (TEXT.encode("gb18030"), True),
        (TEXT.encode("utf-16"), True),
        (b"", False),
        ("催收员：今天还\n".encode(), False),
        (b'{"a": "[00:01] x"}', False),
        (b"\x89PNG\r\n\x1a\n[00:01] x", False),
    ],
)
def test_claims(data: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "call.txt"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) is claimed
