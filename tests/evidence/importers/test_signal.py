"""The text form of Signal chats that third-party tools write."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evidence.errors import Unreadable
from evidence.importers import whatsapp
from evidence.importers.base import ReadOptions
from evidence.importers.signal import IMPORTER
from evidence.models import Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
TEXT = "[2024-01-02, 10:22] Wang: pay\nor else\n[2024-01-02, 23:59] +86 120 0000 0002: no\n"


@pytest.fixture
def run(tmp_path: Path, make_probe: Any) -> Any:
    def read(text: str, **options: Any) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "kept"
        path.write_bytes(text.encode())
        made = dataclasses.replace(OPTIONS, **options)
        items = list(IMPORTER.read(make_probe(path), made, lambda *_a: pytest.fail("attach")))
        problems = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if isinstance(item, Record)], problems

    return read


def test_messages(run: Any) -> None:
    records, problems = run(TEXT)
    assert [(r.text, r.time.utc, r.direction) for r in records] == [
        ("pay\nor else", "2024-01-02T02:22:00.000Z", None),
        ("no", "2024-01-02T15:59:00.000Z", None),
    ]
    assert {r.extras["provenance"] for r in records} == {"third_party_export"}
    assert (records[1].number, records[1].number_raw) == ("12000000002", "+86 120 0000 0002")
    assert "--me" in problems["direction_unknown"].message
    records, problems = run(TEXT, me=("+86 120 0000 0002",))
    assert [(r.direction, r.name) for r in records] == [("in", "Wang"), ("out", "Wang")]
    assert not problems


def test_a_line_of_another_form_is_text(run: Any) -> None:
    records, problems = run("[2024-01-02, 10:22] A: x\n[2024-01-02 10:22] B: y\nlog\n")
    assert [r.text for r in records] == ["x\n[2024-01-02 10:22] B: y\nlog"]
    assert problems["header_doubtful"].locator == "line 2"


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (TEXT, True),
        ("[2024-01-02, 10:22:33] A: x\n", False),
        ("[2024-01-02 10:22] A: x\n", False),
        ("[2024-01-02, 10:22] A: <attached: x.jpg>\n", False),
        ("[2024-01-02, 10:22] no sender\n", False),
        ("[2024-01-02, 10:22] ERROR: x\n", False),
        ("", False),
    ],
)
def test_claims_and_whatsapp_does_not(text: str, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "any"
    path.write_text(text, encoding="utf-8")
    assert IMPORTER.claims(make_probe(path)) is claimed
    assert not (claimed and whatsapp.IMPORTER.claims(make_probe(path)))


def test_nothing_in_it(run: Any) -> None:
    with pytest.raises(Unreadable):
        run("words\n")


def test_the_real_file(samples: Path, run: Any, make_probe: Any) -> None:
    path = samples / "chat-signal" / "chat-miner" / "test_export.txt"
    text = path.read_text(encoding="utf-8")
    assert IMPORTER.claims(make_probe(path, name="renamed.bin"))
    records, _problems = run(text)
    assert len(records) == len(re.findall(r"^\[\d{4}-\d\d-\d\d, \d\d:\d\d\] ", text, re.MULTILINE)) == 2
    assert records[1].text == "Hello\nJane!"
