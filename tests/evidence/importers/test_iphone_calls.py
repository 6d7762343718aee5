"""The iPhone's call list: who called, whether it was answered, and rows that make no sense."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.iphone_calls import IMPORTER, outcome_of
from evidence.models import Problem, Record

Read = Callable[..., list[Any]]
COLUMNS = ("ZDATE", "ZDURATION", "ZADDRESS", "ZNAME", "ZORIGINATED", "ZANSWERED", "ZSERVICE_PROVIDER", "ZCALLTYPE")
T = 700_000_000


def write(path: Path, *rows: tuple[Any, ...], columns: tuple[str, ...] = COLUMNS) -> Path:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"create table ZCALLRECORD (Z_PK integer primary key, {', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        database.executemany(f"insert into ZCALLRECORD ({', '.join(columns)}) values ({marks})", rows)
        database.commit()
    return path


@pytest.mark.parametrize(
    ("direction", "answered", "seconds", "expected"),
    [
        ("in", 1, 5.0, "answered"),
        ("in", 1, 0.0, "answered"),
        ("in", 0, 0.0, "missed"),
        ("in", None, 5.0, None),
        ("in", 7, 5.0, None),
        ("out", 0, 5.0, "answered"),
        ("out", 1, 0.0, "missed"),
        ("out", 0, None, None),
        (None, 1, 5.0, None),
    ],
)
def test_outcomes(direction: Any, answered: Any, seconds: float | None, expected: str | None) -> None:
    assert outcome_of(direction, answered, seconds) == expected


def test_values_of_any_type_are_kept(tmp_path: Path, read_all: Read) -> None:
    path = write(
        tmp_path / "calls",
        (T + 0.25, 3.5, b"+8612000000011", None, 0, 1, "com.apple.Telephony", 1),
        ("soon", "long", b"\xff\xfe", b"\xff", 5, 1, b"x", "voice"),
        (None, float("inf"), 12000000012, "周", 1, 0, "net.whatsapp.WhatsApp", 0),
        (T, -4, "", "", 0, 0, None, None),
    )
    items = read_all(IMPORTER, path)
    first, odd, late, withheld = (i for i in items if isinstance(i, Record))
    assert (first.time.utc, first.duration_s, first.number) == ("2023-03-08T20:26:40.250Z", 3.5, "12000000011")
    assert (odd.time.raw, odd.direction, odd.number, odd.channel) == ("soon", None, None, "unknown")
    assert odd.extras["zaddress"] == {"base64": "//4="}
    assert (odd.extras["zduration"], odd.extras["zoriginated"]) == ("long", 5)
    assert (late.number, late.channel, late.name, late.extras["zduration"]) == ("12000000012", "whatsapp", "周", "inf")
    assert (withheld.number, withheld.duration_s, withheld.extras["zduration"]) == (None, None, -4)
    codes = {i.code: i.locator for i in items if isinstance(i, Problem)}
    assert codes == {"time_unreadable": "call 2", "number_missing": "call 2"}


def test_times_after_the_file_are_told(tmp_path: Path, read_all: Read) -> None:
    path = write(tmp_path / "calls", (T, 1.0, "12", None, 0, 1, None, 1), (5, 1.0, "12", None, 0, 1, None, 1))
    items = read_all(IMPORTER, path, mtime="2023-03-01T00:00:00.000Z")
    (problem,) = [i for i in items if isinstance(i, Problem)]
    assert (problem.code, problem.locator, problem.message[:1]) == ("time_odd", "call 1", "2")


def test_old_and_new_columns(tmp_path: Path, read_all: Read) -> None:
    path = write(tmp_path / "calls", (T, "12", 1, "x"), columns=("ZDATE", "ZADDRESS", "ZORIGINATED", "ZNEW"))
    (record,) = read_all(IMPORTER, path)
    assert (record.direction, record.duration_s, record.outcome, record.extras["znew"]) == ("out", None, None, "x")


def test_claims(tmp_path: Path, make_probe: Any) -> None:
    assert IMPORTER.claims(make_probe(write(tmp_path / "a")))
    assert not IMPORTER.claims(make_probe(write(tmp_path / "b", columns=("ZDATE", "ZOTHER"))))
    (tmp_path / "c").write_bytes(b"ZCALLRECORD")
    assert not IMPORTER.claims(make_probe(tmp_path / "c"))


VALUES = st.one_of(st.none(), st.integers(-(2**62), 2**62), st.floats(), st.text(max_size=9), st.binary(max_size=9))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[VALUES] * len(COLUMNS)), max_size=8))
def test_every_row_is_a_record(rows: list[tuple[Any, ...]], tmp_path: Path, read_all: Read) -> None:
    items = read_all(IMPORTER, write(tmp_path / "calls", *rows))
    assert [i.locator for i in items if isinstance(i, Record)] == [f"call {n}" for n in range(1, len(rows) + 1)]
