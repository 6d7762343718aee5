"""Android's call log and address book databases: what a sample file cannot show."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.android_phone_db import IMPORTER
from evidence.models import Contact, Problem, Record

CALLS = "create table calls (_id integer primary key, number, date, duration, type, name);"
BOOK = """create table raw_contacts (_id integer primary key, display_name, deleted);
create table mimetypes (_id integer primary key, mimetype);
create table data (_id integer primary key, mimetype_id, raw_contact_id, data1, data5, data6, data15);
insert into mimetypes values (1, 'vnd.android.cursor.item/name'), (2, 'vnd.android.cursor.item/phone_v2');
insert into mimetypes values (3, 'vnd.android.cursor.item/im'), (4, 'vnd.android.cursor.item/organization');
"""
Run = Callable[[str], list[Any]]


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Run:
    def read(script: str) -> list[Any]:
        path = tmp_path / "kept"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.commit()
        connection.close()
        return read_all(IMPORTER, path)

    return read


@pytest.mark.parametrize(
    ("kind", "seconds", "expected"),
    [
        (1, 9, ("in", "answered", 9.0, None)),
        (2, 0, ("out", "missed", 0.0, None)),
        (3, 48, ("in", "missed", 0.0, 48)),
        (5, 0, ("in", "rejected", 0.0, None)),
        (6, 3, ("in", "rejected", 0.0, 3)),
        (7, 60, ("in", "answered", 60.0, None)),
        (16, 60, (None, None, 60.0, None)),
        ("null", "x", (None, None, None, None)),
    ],
)
def test_call_codes(run: Run, kind: Any, seconds: Any, expected: tuple[Any, ...]) -> None:
    record = run(CALLS + f"insert into calls values (1, '12800000001', 1777280400123, {seconds!r}, {kind!r}, '')")[0]
    assert (record.direction, record.outcome, record.duration_s, record.extras.get("ring_s")) == expected
    assert record.extras["type"] == kind


def test_one_contact_for_each_number_and_account(run: Run) -> None:
    script = """insert into raw_contacts values (1, '旧名', 0), (2, null, 0);
    insert into data values (1, 2, 1, '+86 128 0000 0001', null, null, null);
    insert into data values (2, 2, 1, '12800000002', null, null, null);
    insert into data values (3, 1, 1, '张三', null, null, x'00'), (4, 3, 1, 'z3', '-1', 'chat', null);
    insert into data values (5, 4, 2, '虚构信贷公司', null, null, null), (6, 2, 2, '106900000001', null, null, null);
    """
    contacts = run(BOOK + script)
    assert [(c.locator, c.name, c.number, c.account) for c in contacts] == [
        ("data _id 1", "张三", "12800000001", None),
        ("data _id 2", "张三", "12800000002", None),
        ("data _id 4", "张三", None, "chat:z3"),
        ("data _id 6", "虚构信贷公司", "106900000001", None),
    ]
    assert contacts[0].number_raw == "+86 128 0000 0001"
    assert contacts[3].extras["org"] == "虚构信贷公司"


def test_a_picture_is_never_read(run: Run) -> None:
    script = (
        "insert into raw_contacts values (1, 'a', 0); insert into data values (1, 2, 1, '1', 0, 0, zeroblob(20000000))"
    )
    items = run(BOOK + script)
    assert len(items) == 1
    assert "data15" not in items[0].extras["data"]


def test_messages_are_not_for_this_importer(tmp_path: Path, make_probe: Any) -> None:
    for n, (script, claimed) in enumerate(
        (
            (CALLS, True),
            (BOOK, True),
            (CALLS + "create table sms (address, body, date, type, thread_id);", False),
            ("create table calls (number, date)", False),
            ("create table raw_contacts (_id)", False),
        )
    ):
        path = tmp_path / f"{n}.txt"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.close()
        assert IMPORTER.claims(make_probe(path)) is claimed


CELL = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.binary(max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[CELL] * 5), max_size=5), st.lists(st.tuples(st.integers(0, 5), *[CELL] * 2), max_size=8))
def test_any_rows_are_counted(
    tmp_path_factory: pytest.TempPathFactory,
    read_all: Callable[..., list[Any]],
    calls: list[tuple[Any, ...]],
    data: list[tuple[Any, ...]],
) -> None:
    path = tmp_path_factory.mktemp("any") / "db"
    connection = sqlite3.connect(path)
    connection.executescript(CALLS + BOOK + "insert into raw_contacts values (1, 'a', 0)")
    connection.executemany("insert into calls values (null, ?, ?, ?, ?, ?)", calls)
    connection.executemany("insert into data values (null, ?, ?, ?, null, null, null)", data)
    connection.commit()
    connection.close()
    items = read_all(IMPORTER, path)
    told = {item.code: int(item.message.split()[0]) for item in items if isinstance(item, Problem)}
    assert sum(isinstance(item, Record) for item in items) + told.get("record_empty", 0) == len(calls)
    places = [item.locator for item in items if isinstance(item, Record | Contact)]
    assert len(set(places)) == len(places)


def test_the_real_file(samples: Path, read_all: Any, make_probe: Any) -> None:
    path = samples / "android-db" / "plaso" / "contacts2.db"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    rows = connection.execute("select number, name, duration, type from calls order by _id").fetchall()
    assert connection.execute("select count(*) from data").fetchone() == (0,)
    connection.close()
    assert IMPORTER.claims(make_probe(path))
    items = read_all(IMPORTER, path)
    assert [(i.number_raw, i.name, i.duration_s, i.extras["type"]) for i in items] == rows
    assert [i.outcome for i in items] == ["missed", "answered", "answered"]
