"""SQLite files that nobody vouches for: everything readable comes out, nothing is executed, the original stays."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.formats.sqlite import sqlitefile
from evidence.formats.sqlite.sqlitefile import NoDatabase, is_sqlite, open_copy, tables_of
from evidence.formats.sqlite.sqliterows import SqliteFile, plain, tolerant
from evidence.importers.base import HEAD_BYTES, FileProbe, Neighbour


def probe(path: Path, **beside: Path) -> FileProbe:
    """A kept original; ``wal`` and ``journal`` are kept elsewhere, under names of their own, as a case keeps them."""
    data = path.read_bytes()
    known = {f"phone.db-{suffix}": other for suffix, other in beside.items()}

    def find(name: str) -> Neighbour | None:
        other = known.get(name)
        return None if other is None else Neighbour(other, name, other.stat().st_size, "00" * 32)

    digest = hashlib.sha256(data).hexdigest()
    return FileProbe(path, "phone.db", len(data), digest, data[:HEAD_BYTES], find=find)


def make(path: Path, script: str = "", rows: int = 0) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(script or "create table t (_id integer primary key, a, b text)")
    if rows:
        values = ((n, n * 2, f"{'x' * 40}{n}") for n in range(1, rows + 1))
        connection.executemany("insert into t values (?, ?, ?)", values)
    connection.commit()
    connection.close()
    return path


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Nothing in ``folder`` is written, added or removed."""

    def state() -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}

    before = state()
    yield
    assert state() == before


def codes(database: SqliteFile) -> set[str]:
    return {problem.code for problem in database.problems()}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    return folder


def test_rows_and_columns(kept: Path) -> None:
    path = make(
        kept / "a", "create table T (_id integer primary key, Name text, x); insert into T values (7, 'n', null)"
    )
    with unchanged(kept), open_copy(probe(path)) as database:
        assert tables_of(path) == database.tables == {"T": {"_id", "name", "x"}}
        assert database.columns("t") == ("_id", "name", "x")
        assert list(database.rows("t")) == [{"rowid": 7, "_id": 7, "name": "n", "x": None}]
        assert list(database.rows("T", ["NAME", "absent"])) == [{"rowid": 7, "name": "n"}]
        assert list(database.rows("nothing")) == []
        assert list(database.query("select count(*) as N from t")) == [{"n": 1}]
        assert codes(database) == set()


def test_a_write_ahead_log_counts_and_stays_as_it_is(kept: Path, tmp_path: Path) -> None:
    live = tmp_path / "live.db"
    connection = sqlite3.connect(live)
    connection.executescript("pragma journal_mode=wal; pragma wal_autocheckpoint=0; create table t (a)")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.executemany("insert into t values (?)", [(n,) for n in range(300)])
    connection.commit()
    (kept / "1").write_bytes(live.read_bytes())
    (kept / "2").write_bytes((tmp_path / "live.db-wal").read_bytes())
    connection.close()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with unchanged(kept), open_copy(probe(kept / "1", wal=kept / "2"), scratch) as database:
        assert len(list(database.rows("t"))) == 300
        assert codes(database) == {"database_log_used"}
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())
    with unchanged(kept), open_copy(probe(kept / "1")) as database:
        assert list(database.rows("t")) == []


@pytest.mark.parametrize("log", [b"x" * 500, b"\x37\x7f\x06\x82" + bytes(500)])
def test_a_log_of_something_else_is_left_and_told(kept: Path, log: bytes) -> None:
    path = make(kept / "1", rows=3)
    (kept / "2").write_bytes(log)
    with unchanged(kept), open_copy(probe(path, wal=kept / "2")) as database:
        assert len(list(database.rows("t"))) == 3
        assert codes(database) == {"database_log_unused"}


def hot_journal(folder: Path, source: Path) -> tuple[Path, Path]:
    """A database in the middle of a write, and its journal, as a pulled battery leaves them."""
    connection = sqlite3.connect(source, isolation_level=None)
    connection.executescript("pragma cache_size=5; begin; update t set b = 'changed' || b")
    connection.execute("pragma cache_spill=1")
    database, journal = folder / "1", folder / "2"
    database.write_bytes(source.read_bytes())
    journal.write_bytes(source.with_name(source.name + "-journal").read_bytes())
    connection.execute("rollback")
    connection.close()
    return database, journal


def test_a_hot_journal_is_rolled_back_in_the_copy(kept: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "live.db", rows=5000)
    database, journal = hot_journal(kept, source)
    assert b"changed" in database.read_bytes()
    with unchanged(kept), open_copy(probe(database, journal=journal)) as opened:
        texts = [row["b"] for row in opened.rows("t")]
        assert len(texts) == 5000
        assert not any(text.startswith("changed") for text in texts)
        assert codes(opened) == {"database_log_used"}


def test_a_journal_that_names_another_file_is_not_rolled_back(kept: Path, tmp_path: Path) -> None:
    """SQLite would open, and may delete, the file that a super-journal record names."""
    source = make(tmp_path / "live.db", rows=5000)
    database, journal = hot_journal(kept, source)
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    name = str(victim).encode()
    record = bytes(4) + name + len(name).to_bytes(4, "big") + (sum(name) & 0xFFFFFFFF).to_bytes(4, "big")
    journal.write_bytes(journal.read_bytes() + record + bytes.fromhex("d9d505f920a163d7"))
    with unchanged(kept), open_copy(probe(database, journal=journal)) as opened:
        assert len(list(opened.rows("t"))) > 0
        assert "database_log_unused" in codes(opened)
    assert victim.exists()


def test_a_journal_that_claims_an_enormous_file_is_not_rolled_back(kept: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "live.db", rows=5000)
    database, journal = hot_journal(kept, source)
    data = bytearray(journal.read_bytes())
    data[16:20] = b"\xff\xff\xff\xff"
    journal.write_bytes(data)
    with open_copy(probe(database, journal=journal)) as opened:
        assert "database_log_unused" in codes(opened)


HOSTILE = """
create table t (a, g as (upper(a)), s as (a || 's') stored);
insert into t(a) values ('x');
create view v as select * from t;
create virtual table f using fts5(x);
create trigger tr after insert on t begin delete from t; end;
"""


@pytest.mark.parametrize(
    "sql",
    [
        "select * from v",
        "select a from t where a in (select a from v)",
        "select * from f",
        "select load_extension('x')",
        "select randomblob(1000000)",
        "select g from t",
        "select sql from sqlite_master",
        "pragma table_info(t)",
        "attach ':memory:' as other",
        "delete from t",
        "with recursive r(n) as (select 1 union all select n + 1 from r) select * from r",
        "create table n (a)",
    ],
)
def test_only_ordinary_tables_can_be_read(kept: Path, sql: str) -> None:
    path = make(kept / "a", HOSTILE)
    with unchanged(kept), open_copy(probe(path)) as database:
        assert "v" not in database.tables
        assert "f" not in database.tables
        assert list(database.rows("v")) == list(database.rows("f")) == []
        assert list(database.rows("t")) == [{"rowid": 1, "a": "x", "s": "xs"}]
        assert not database.damage
        assert list(database.query(sql)) == []
        assert [damage.reason for damage in database.damage] == ["refused"]


def test_an_endless_query_is_stopped(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(kept / "a", rows=2000)
    monkeypatch.setattr(sqlitefile, "_STEPS", 1000)
    with open_copy(probe(path)) as database:
        sql = "select count(*) as n from t a, t b, t c where a.b || b.b || c.b = ''"
        assert list(database.query(sql)) == []
        assert codes(database) == {"database_endless"}
        assert len(list(database.rows("t"))) == 2000


def test_too_large_a_value_costs_only_itself(kept: Path) -> None:
    size = sqlitefile.VALUE_LIMIT + 1
    path = make(kept / "a")
    connection = sqlite3.connect(path)
    connection.execute(f"insert into t values (1, zeroblob({size}), 'kept'), (2, 1, 'next')")
    connection.commit()
    connection.close()
    with open_copy(probe(path)) as database:
        assert [(row["a"], row["b"]) for row in database.rows("t")] == [(None, "kept"), (1, "next")]
        assert codes(database) == {"database_too_large"}


def test_text_that_is_no_utf8_is_mended_and_counted(kept: Path) -> None:
    path = make(kept / "a")
    connection = sqlite3.connect(path)
    for n, data in enumerate((b"a", b"\xff!", "😀".encode("utf-16-le"), b"\xed\xa0\xbd\xed\xb8\x80", b"z")):
        connection.execute("insert into t values (?, 0, cast(? as text))", (n, data))
    connection.commit()
    connection.close()
    with open_copy(probe(path)) as database:
        assert [row["b"] for row in database.rows("t")] == ["a", "\ufffd!", "=\ufffd\0\ufffd", "😀", "z"]
        assert database.mended == 3
    with open_copy(probe(path)) as database:
        assert [row["b"] for row in database.query("select b from t order by _id")][1:4:2] == ["\ufffd!", "😀"]
        assert codes(database) == {"text_mended"}


def test_a_damaged_page_is_stepped_over(kept: Path) -> None:
    path = make(kept / "a", rows=20_000)
    data = bytearray(path.read_bytes())
    for page in (40, 41, 100, 200):
        data[page * 4096 : (page + 1) * 4096] = random.Random(page).randbytes(4096)
    path.write_bytes(data)
    with open_copy(probe(path)) as database:
        rows = list(database.rows("t"))
        numbers = [row["_id"] for row in rows]
        assert numbers == sorted(set(numbers))
        assert len(rows) > 19_000
        assert all(row["b"] == f"{'x' * 40}{row['_id']}" for row in rows)
        missing = sum(damage.last - damage.first + 1 for damage in database.damage)
        assert missing == 20_000 - len(rows)
        assert codes(database) == {"database_damaged"}
        other_order = list(database.rows("t", ["a", "b"], ["b"]))
        assert [row["b"] for row in other_order] == sorted(row["b"] for row in rows)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_a_file_cut_short_is_read_as_far_as_it_goes(kept: Path, share: float) -> None:
    whole = make(kept / "whole", rows=20_000).read_bytes()
    path = kept / "a"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert tables_of(path) == {"t": {"_id", "a", "b"}}
    with open_copy(probe(path)) as database:
        rows = list(database.rows("t"))
        assert share * 0.95 < len(rows) / 20_000 < share * 1.05
        assert all(row["b"] == f"{'x' * 40}{row['_id']}" for row in rows)
        assert "database_cut_short" in codes(database)


def test_pages_that_lead_in_a_circle_come_to_an_end(kept: Path) -> None:
    path = make(kept / "a", rows=20_000)
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        start = page * 4096
        if data[start] == 5:  # an interior page of a table: all its children become the first one
            count = int.from_bytes(data[start + 3 : start + 5], "big")
            cells = [int.from_bytes(data[start + 12 + 2 * n : start + 14 + 2 * n], "big") for n in range(count)]
            for cell in cells[1:]:
                data[start + cell : start + cell + 4] = data[start + cells[0] : start + cells[0] + 4]
    path.write_bytes(data)
    with open_copy(probe(path)) as database:
        numbers = [row["_id"] for row in database.rows("t")]
        assert numbers == sorted(set(numbers))
        assert numbers
        assert database.damage


def test_tables_without_row_numbers_and_odd_names(kept: Path) -> None:
    script = """create table w (k primary key, z) without rowid; insert into w values (2, 1), (1, 2);
    create table "a ""b" ("select" text, rowid text); insert into "a ""b" values ('x', 'y')"""
    with open_copy(probe(make(kept / "a", script))) as database:
        assert list(database.rows("w", order=("k",))) == [{"k": 1, "z": 2}, {"k": 2, "z": 1}]
        assert len(list(database.rows("w"))) == 2
        assert next(iter(database.rows('a "b')))["select"] == "x"


def test_values_for_extras() -> None:
    assert plain(b"\0\xff") == {"base64": "AP8="}
    assert plain(float("inf")) == "inf"
    assert (plain(1.5), plain("x"), plain(None)) == (1.5, "x", None)
    assert tolerant(b"\xed\xa0\xbd") == "\ufffd"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2**31), st.integers(1, 40))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, tail: bytes, seed: int, flips: int) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "a"
    path.write_bytes(sqlitefile.MAGIC + tail)
    assert isinstance(tables_of(path), dict)
    data = bytearray(_small(folder))
    chance = random.Random(seed)
    for _n in range(flips):
        data[chance.randrange(16, len(data))] = chance.randrange(256)
    path.write_bytes(data)
    assert is_sqlite(bytes(data))
    tables_of(path)
    try:
        with unchanged(folder), open_copy(probe(path)) as database:
            for table in database.tables:
                assert sum(1 for _row in database.rows(table)) >= 0
                assert sum(1 for _row in database.rows(table, order=("b",))) >= 0
            list(database.problems())
    except NoDatabase:
        pass


_SMALL: dict[str, bytes] = {}


def _small(folder: Path) -> bytes:
    if "db" not in _SMALL:
        _SMALL["db"] = make(folder / "small", rows=200).read_bytes()
        (folder / "small").unlink()
    return _SMALL["db"]


def test_what_is_no_database_is_refused(kept: Path, make_any: Callable[[bytes], Any]) -> None:
    for data in (b"", b"SQLite format 3", b"PK\x03\x04", bytes(200)):
        with pytest.raises(NoDatabase), open_copy(make_any(data)):
            pass
    assert tables_of(kept / "absent") == {}


@pytest.fixture
def make_any(kept: Path) -> Callable[[bytes], FileProbe]:
    def write(data: bytes) -> FileProbe:
        (kept / "any").write_bytes(data)
        return probe(kept / "any")

    return write
