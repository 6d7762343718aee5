"""Android's message database: what a sample file cannot show."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.android.androidvalues import as_text, header_text, kept, put
from evidence.importers.android_messages import IMPORTER
from evidence.importers.base import Neighbour
from evidence.models import Problem, Record

SCHEMA = """
create table sms (_id integer primary key, thread_id, address, date, type, body);
create table pdu (_id integer primary key, thread_id, date, msg_box, m_type, sub, sub_cs);
create table part (_id integer primary key, mid, seq, ct, name, cl, _data, text);
create table addr (_id integer primary key, msg_id, address, type);
create table threads (_id integer primary key, recipient_ids);
create table canonical_addresses (_id integer primary key, address);
"""
JPEG = b"\xff\xd8\xff" + bytes(40) + b"\xff\xd9"
Run = Callable[..., tuple[list[Record], dict[str, Problem]]]


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]], make_probe: Callable[..., Any]) -> Run:
    def read(script: str, beside: dict[str, bytes] | None = None, **changes: Any) -> Any:
        path = tmp_path / "kept"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(SCHEMA + script)
        connection.commit()
        connection.close()
        files = {}
        for name, data in (beside or {}).items():
            place = tmp_path / hashlib.sha256(data).hexdigest()
            place.write_bytes(data)
            files[name] = Neighbour(place, name.rsplit("/", 1)[-1], len(data), place.name)
        items = read_all(IMPORTER, make_probe(path, name="mmssms.db", find=files.get, **changes))
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def test_a_part_file_is_found_in_app_parts(run: Run) -> None:
    script = """
    insert into pdu values (1, 1, 1777280500, 1, 132, null, null);
    insert into part values (1, 1, 0, 'image/png', null, 'a.jpg', '/data/data/x/app_parts/PART_1', null);
    insert into part values (2, 1, 1, 'image/jpeg', '../../b.jpg', null, '/data/data/x/app_parts/PART_2', null);
    """
    beside = {"../app_parts/PART_1": JPEG, "app_parts/PART_2": JPEG[:-2]}
    records, problems = run(script, beside)
    first, second = records[0].media
    assert (first.mime, first.name, first.size) == ("image/jpeg", "a.jpg", len(JPEG))
    assert first.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert records[0].extras["parts"][0]["sniffed"] == "image/jpeg"
    assert "state" not in records[0].extras["parts"][0]
    assert second.name == "../../b.jpg"
    assert records[0].extras["parts"][1]["state"] == "cut_off"
    assert set(problems) == {"part_damaged"}


@pytest.mark.parametrize("path", ["..", "/a/..", "a/.", "x\0y", "", "null"])
def test_a_hostile_part_path_is_never_looked_for(run: Run, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hexed = path.encode().hex()
    script = f"""insert into pdu values (1, 1, 1777280500, 1, 132, null, null);
    insert into part values (1, 1, 0, 'image/png', null, 'a.jpg', cast(x'{hexed}' as text), null)"""
    records, _problems = run(script, {"../app_parts/..": JPEG, "../app_parts/": JPEG})
    assert records[0].media == ()


def test_the_sender_of_a_received_message_is_never_the_owner(run: Run) -> None:
    """A received message has the owner's own number among its addresses; without a sender the conversation counts."""
    script = """
    insert into canonical_addresses values (4, '12800000004'); insert into threads values (9, '4');
    insert into pdu values (1, 9, 1777280500, 1, 132, null, null), (2, 5, 1777280500, 1, 132, null, null);
    insert into addr values (1, 1, '12800000001', 151), (2, 2, '12800000001', 151);
    """
    records, _problems = run(script)
    assert [record.number for record in records] == ["12800000004", None]
    assert [record.direction for record in records] == ["in", "in"]


def test_sent_and_group_messages(run: Run) -> None:
    script = """
    insert into pdu values (1, 1, 1777280500, 2, 128, null, null), (2, 1, 1777280501, 2, 128, null, null);
    insert into addr values (1, 1, 'insert-address-token', 137), (2, 1, '12800000001', 151);
    insert into addr values (3, 2, '12800000001', 151), (4, 2, '12800000002', 130);
    """
    records, _problems = run(script)
    assert (records[0].number, records[0].direction) == ("12800000001", "out")
    assert (records[1].number, records[1].number_raw) == (None, "12800000001~12800000002")
    assert [p.role for p in records[1].participants] == ["to", "cc"]


def test_seconds_and_milliseconds(run: Run) -> None:
    records, problems = run(
        "insert into sms values (1, 1, '1', 1777280400123, 1, 'a'), (2, 1, '1', 'today', 1, 'b'), (3, 1, 1, 5, 1, '');"
        "insert into pdu values (1, 1, 1777280400, 1, 130, null, null)",
        mtime="2026-05-01T00:00:00.000Z",
    )
    assert [r.time.utc for r in records[::3]] == ["2026-04-27T09:00:00.123Z", "2026-04-27T09:00:00.000Z"]
    assert [r.time.precision_s for r in records[::3]] == [0.001, 1.0]
    assert (records[1].time.utc, records[1].time.raw) == (None, "today")
    assert {"time_unreadable", "time_odd"} <= set(problems)


def test_wrong_types_everywhere(run: Run) -> None:
    records, _problems = run(
        "insert into sms values (1, x'00ff', 12800000001, 1777280400123.0, '2', x'e582ace694b6');"
        "insert into sms values (2, null, x'31', 9e999, 2.0, 7)"
    )
    assert (records[0].number, records[0].text, records[0].direction) == ("12800000001", "催收", "out")
    assert records[0].extras["body"] == {"base64": "5YKs5pS2"}
    assert (records[1].number_raw, records[1].text, records[1].time.utc) == ("1", "7", None)


def test_calls_in_the_same_database_are_read(run: Run) -> None:
    script = "create table calls (_id integer primary key, number, date, duration, type);"
    records, _problems = run(script + "insert into calls values (1, '12800000001', 1777280400123, 5, 1)")
    assert [(record.kind, record.outcome) for record in records] == [("call", "answered")]


def test_deleted_message_leaves_parts_that_are_told(run: Run) -> None:
    script = (
        "insert into part values (1, null, 0, 'text/plain', null, null, null, 'x'), (2, 'z', 0, '', '', '', '', '');"
    )
    records, problems = run(script + "insert into addr values (5, 3, '1', 137)")
    assert not records
    assert problems["rows_orphaned"].message.startswith("3 rows")


def test_a_subject_is_decoded_and_kept() -> None:
    raw = "还款".encode().decode("latin-1")
    assert header_text(raw, "106") == "还款"
    assert header_text("还款".encode("gbk").decode("latin-1"), 2025) == "还款"
    assert header_text("café", 106) == "café"
    assert header_text("还款", 106) == "还款"
    assert header_text(None, 106) is None


def test_values() -> None:
    assert [as_text(v) for v in (None, "a", 5, 5.0, 1.5, b"x", True)] == [None, "a", "5", "5", "1.5", "x", "True"]
    assert kept({"a": None, "b": [b"x", 1 << 70], 3: {"c": float("nan")}}) == {
        "b": [{"base64": "eA=="}, str(1 << 70)],
        "3": {"c": "nan"},
    }
    extras: dict[str, Any] = {"state": 7}
    put(extras, "state", "draft")
    assert extras == {"state": "draft", "source_state": 7}


def test_claims_by_content(tmp_path: Path, make_probe: Callable[..., Any]) -> None:
    for n, (script, claimed) in enumerate(
        (
            (SCHEMA, True),
            ("create table sms (_id, address, body)", False),
            ("create view sms as select 1 as address, 2 as body, 3 as date, 4 as type, 5 as thread_id", False),
            ("create table pdu (_id, date, msg_box, m_type)", True),
            ("create table message (a)", False),
        )
    ):
        path = tmp_path / f"{n}.jpg"
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.close()
        assert IMPORTER.claims(make_probe(path)) is claimed


CELL = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=8) | st.binary(max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[CELL] * 5), max_size=6), st.lists(st.tuples(*[CELL] * 6), max_size=6))
def test_any_rows_are_counted(
    tmp_path_factory: pytest.TempPathFactory,
    make_probe: Callable[..., Any],
    read_all: Callable[..., list[Any]],
    as_json: Callable[[Any], Any],
    sms: list[tuple[Any, ...]],
    pdu: list[tuple[Any, ...]],
) -> None:
    path = tmp_path_factory.mktemp("any") / "db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)

    def text(cell: Any) -> Any:
        return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell

    for row in sms:
        connection.execute("insert into sms values (null, ?, ?, ?, ?, ?)", [text(cell) for cell in row])
    for row in pdu:
        connection.execute("insert into pdu values (null, ?, ?, ?, ?, ?, ?)", [text(cell) for cell in row])
        connection.execute("insert into part values (null, ?, ?, ?, ?, ?, ?, null)", [text(cell) for cell in row])
    connection.commit()
    connection.close()
    items = read_all(IMPORTER, make_probe(path))
    records = [item for item in items if isinstance(item, Record)]
    passed = sum(int(p.message.split()[0]) for p in items if getattr(p, "code", "") in ("record_empty", "mms_report"))
    assert len(records) + passed == len(sms) + len(pdu)
    assert len({record.locator for record in records}) == len(records)
    orjson.dumps(as_json(records))


def test_damaged_databases_give_records_or_unreadable(tmp_path: Path, read_all: Any, make_probe: Any) -> None:
    path = tmp_path / "db"
    for data in (b"SQLite format 3\0", b"SQLite format 3\0" + bytes(5000)):
        path.write_bytes(data)
        assert not IMPORTER.claims(make_probe(path))
        with pytest.raises(Unreadable):
            read_all(IMPORTER, path)


def test_the_real_file(samples: Path, read_all: Any, make_probe: Any) -> None:
    path = samples / "android-db" / "plaso" / "mmssms.db"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    rows = connection.execute("select _id, address, body, type from sms").fetchall()
    assert connection.execute("select count(*) from pdu").fetchone() == (0,)
    connection.close()
    assert IMPORTER.claims(make_probe(path))
    items = read_all(IMPORTER, path)
    assert [(i.locator, i.number_raw, i.text, i.direction) for i in items] == [
        (f"sms _id {n}", address, body, {1: "in", 2: "out"}[kind]) for n, address, body, kind in rows
    ]
    assert {item.number for item in items} == {"15555215554"}
