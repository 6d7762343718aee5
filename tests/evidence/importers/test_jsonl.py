"""Our own JSON Lines: every field, every refusal with its line, versions, damage."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers import jsonl
from evidence.importers.base import FileProbe, Neighbour
from evidence.importers.jsonl import IMPORTER
from evidence.models import Participant, Problem, Record

Run = Callable[..., list[Any]]
HEADER = b'{"dunlog": "records", "version": 1}\n'
SMS: dict[str, Any] = {
    "kind": "sms",
    "time": "2026-05-01T08:00:00+08:00",
    "direction": "in",
    "number": "95188",
    "text": "x",
}


@pytest.fixture
def run(tmp_path: Path, read_all: Run, make_probe: Callable[..., FileProbe]) -> Run:
    def read(*lines: Any, header: bytes = HEADER, **changes: Any) -> list[Any]:
        path = tmp_path / "kept"
        path.write_bytes(header + b"".join(_bytes(line) + b"\n" for line in lines))
        file = make_probe(path, **changes)
        assert IMPORTER.claims(file)
        return read_all(IMPORTER, file)

    return read


def _bytes(line: Any) -> bytes:
    return line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()


def test_every_field(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "p"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")

    def find(relative: str) -> Neighbour | None:
        return Neighbour(picture, "p.png", 8, "ab" * 32) if relative == "m/p.png" else None

    line = {
        **SMS, "kind": "mms", "channel": "mms", "time_raw": "1/5/26 8:00", "time_precision_s": 60, "name": "李",
        "number": "+86 127 9046 3327", "duration_s": 3, "outcome": "missed", "media": ["m/p.png", "../x", "m/q.png"],
        "participants": [{"number": "12000000001", "role": "to"}, {"number": "95188"}], "extras": {"a": [1, None]},
    }  # fmt: skip
    (record, problem) = run(line, find=find)
    assert (record.kind, record.number, record.number_raw, record.name) == (
        "mms",
        "12790463327",
        "+86 127 9046 3327",
        "李",
    )
    assert (record.time.utc, record.time.raw, record.time.precision_s) == (
        "2026-05-01T00:00:00.000Z",
        "1/5/26 8:00",
        60,
    )
    assert (record.time.how, record.time.basis, record.time.zone) == ("offset_in_file", "export", "+0800")
    assert record.participants == (Participant("12000000001", "to"), Participant("95188"))
    assert [m.mime for m in record.media] == ["image/png"]
    assert record.extras == {"a": [1, None], "missing_media": ["../x", "m/q.png"]}
    assert (record.text_basis, record.duration_s, record.outcome, record.locator) == ("source", 3, "missed", "line 2")
    assert (problem.code, problem.severity) == ("media_missing", "warning")


def test_rows_of_another_timeline_are_no_more_than_stated(run: Run) -> None:
    (record,) = run(
        {**SMS, "id": "r1", "same_as": [], "text_basis": "ocr", "source": {"sha256": "x"}, "holder": "self"}
    )
    assert record.text_basis == "source"
    assert record.extras["stated"]["text_basis"] == "ocr"
    assert record.id == record.source == ""


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "fax"}, {"kind": None}, {"channel": "We Chat"}, {"time": "2026-05-01"},
        {"time": "2026-05-01T08:00:00"},
        {"time": 1777593600}, {"time": "2026-02-30T08:00:00Z"}, {"time": "2026-05-01T08:00:00+99:00"},
        {"direction": "up"},
        {"number": 95188}, {"text": ["x"]}, {"duration_s": -1}, {"duration_s": True}, {"duration_s": "3"},
        {"outcome": "x"},
        {"participants": [{"number": 1}]}, {"participants": [{"number": "1", "x": 2}]}, {"participants": {}},
        {"media": "a.jpg"}, {"media": [""]}, {"extras": []}, {"sender": "x"}, {"text": "\ud800"},
        {"time_precision_s": "x"},
    ],
)  # fmt: skip
def test_a_wrong_line_is_refused_with_its_number_and_key(run: Run, change: dict[str, Any]) -> None:
    first, problem, last = run(SMS, json.dumps({**SMS, **change}).encode(), SMS)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert (problem.code, problem.locator, problem.severity) == ("line_refused", "line 3", "error")
    key = next(iter(change))
    assert key in problem.message or change == {"text": "\ud800"}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"\xff",
        b'{"kind": "sms", "kind": "sms"}',
        b'{"kind": NaN}',
        b"[" * 100_000,
        b'"x"',
        b"1" * 5000,
        b'{"kind":"sms"',
    ],
)
def test_what_is_no_object(run: Run, line: bytes) -> None:
    problem, record = run(line, SMS)
    assert (problem.code, problem.locator) == ("line_refused", "line 2")
    assert isinstance(record, Record)


def test_many_wrong_lines_and_one_too_long(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    items = run(*[b"x"] * 150, SMS)
    problems = [item for item in items if isinstance(item, Problem)]
    assert len(problems) == 101
    assert problems[-1].message.startswith("50 ")
    monkeypatch.setattr(jsonl, "LINE_BYTES", 1000)
    (first, problem, last) = run(SMS, {**SMS, "text": "x" * 5000}, SMS)
    assert (problem.locator, last.locator, first.text) == ("line 3", "line 4", "x")


def test_blank_lines_marks_and_the_last_line(run: Run) -> None:
    first, second = run(SMS, b"", b"  ", SMS, header=b"\xef\xbb\xbf" + HEADER)
    assert (first.locator, second.locator) == ("line 2", "line 5")


@pytest.mark.parametrize("version", [0, 2, "1", None, True, 1.5])
def test_another_version_is_refused(run: Run, version: Any) -> None:
    with pytest.raises(Unreadable, match="version"):
        run(SMS, header=json.dumps({"dunlog": "records", "version": version}).encode() + b"\n")


@pytest.mark.parametrize(
    "head", [b"", b"{", b"{}\n", b'{"a": 1}\n', b'{"dunlog": "x"}\n', b"[" * 70_000, b'{"dunlog":"records"', b"\0"]
)
def test_other_files_are_left_alone(tmp_path: Path, make_probe: Callable[..., FileProbe], head: bytes) -> None:
    path = tmp_path / "kept"
    path.write_bytes(head)
    assert not IMPORTER.claims(make_probe(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=2), max_leaves=3
)
LINE = st.dictionaries(st.sampled_from([*SMS, "channel", "duration_s", "media", "extras", "participants", "x"]), JSON)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(st.lists(LINE | st.just(SMS), max_size=8))
def test_every_line_is_a_record_or_a_problem(run: Run, lines: list[Any]) -> None:
    items = [item for item in run(*lines) if getattr(item, "code", "") != "media_missing"]
    assert len(items) == len(lines)


@SETTINGS
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, make_probe: Callable[..., FileProbe], read_all: Run, data: bytes) -> None:
    path = tmp_path / "kept"
    for before in (b"", HEADER):
        path.write_bytes(before + data)
        file = make_probe(path)
        if IMPORTER.claims(file):
            with contextlib.suppress(Unreadable):
                read_all(IMPORTER, file)
