"""Rows sealed in batches, inserted beside the thread that reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from evidence import rows, sealing
from evidence.beside import Beside
from evidence.errors import CaseDamaged
from evidence.log import Case
from evidence.verify import verify_case


def bodies(count: int, size: int = 5) -> list[dict[str, object]]:
    return [{"id": f"r{i}", "locator": str(i), "text": "催收😡\0\ud800"[: 1 + i % 5] * size} for i in range(count)]


@pytest.mark.parametrize(("batch", "limit"), [(3, 1 << 20), (1000, 60), (7, 1 << 20), (1, 1)])
def test_batches_of_any_size_store_the_same(
    case: Case, monkeypatch: pytest.MonkeyPatch, batch: int, limit: int
) -> None:
    monkeypatch.setattr(rows, "BATCH_ROWS", batch)
    monkeypatch.setattr(rows, "BATCH_BYTES", limit)
    made = bodies(21)
    assert case.append("read", "record", iter(made)) == 21
    stored = case.db.execute("select n, leaf, salt, body, hash from record_row order by n").fetchall()
    assert [row[3] for row in stored] == [sealing.canonical(body) for body in made]
    for n, leaf, salt, body, digest in stored:
        assert (n, len(salt), digest) == (leaf + 1, 16, sealing.leaf_hash(salt, leaf, body.encode()))
    assert len({row[2] for row in stored}) == 21
    found = case.db.execute("select count(*) from search where search match '\"催\"'").fetchone()
    assert found == (21,)
    assert verify_case(case).ok


def test_a_text_of_megabytes_is_stored_whole(case: Case) -> None:
    made = bodies(3, 1_500_000)
    case.append("read", "record", made)
    stored = case.db.execute("select body from record_row order by n").fetchall()
    assert [body for (body,) in stored] == [sealing.canonical(body) for body in made]


def test_what_fails_in_the_other_thread_leaves_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH_ROWS", 2)
    head, real = case.head, rows._Writer.insert

    def broken(self: rows._Writer, batch: dict[str, object], found: dict[str, object]) -> None:
        if batch["leaf"] == 4:
            raise sqlite3.DatabaseError("disk image is malformed")
        real(self, batch, found)

    monkeypatch.setattr(rows._Writer, "insert", broken)
    with pytest.raises(CaseDamaged):
        case.append("read", "record", bodies(20))
    assert case.head == head
    assert case.db.execute("select count(*) from record_row").fetchone() == (0,)


def test_a_source_of_rows_that_fails_leaves_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH_ROWS", 2)

    def failing() -> Iterator[object]:
        yield from bodies(9)
        raise KeyboardInterrupt

    head = case.head
    with pytest.raises(KeyboardInterrupt):
        case.append("read", "record", failing())
    assert case.head == head
    assert case.append("read", "record", bodies(9)) == 9


def test_one_job_at_a_time_and_its_failure_is_raised() -> None:
    done: list[int] = []

    def job(n: int) -> None:
        if n == 3:
            raise OSError("third")
        done.append(n)

    with Beside() as beside:
        beside.wait()
        for n in (1, 2, 3):
            beside.run(job, n)
        with pytest.raises(OSError, match="third"):
            beside.run(job, 4)
    assert done == [1, 2]
