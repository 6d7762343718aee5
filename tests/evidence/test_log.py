import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.environment import Environment
from evidence.errors import CaseBusy, CaseDamaged, CaseExists, CaseTooNew, NoCase
from evidence.log import Case, create_case, find_case, open_case, record_id
from evidence.models import Record, Stamp
from evidence.timeline import Filter, load_view, select_records
from evidence.verify import verify_case


def sms(n: int, text: str = "您好") -> Record:
    stamp = Stamp(f"2026-03-10T01:00:{n % 60:02d}.000Z", str(n), "export", "epoch_utc")
    return Record("sms", "sms", f"sms[{n}]", stamp, "in", "12000000011", text=text, text_basis="source",
                  id=record_id("ab" * 32, "x/1", f"sms[{n}]"), source="ab" * 32)  # fmt: skip


def test_what_is_appended_comes_back_equal(case: Case) -> None:
    records = [sms(n, f"第{n}条 赟😡") for n in range(3)]
    case.append("read", "record", records, {"source": "ab" * 32, "format": "x", "importer": "x", "version": "1.0"})
    assert load_view(case).records == tuple(records)
    assert verify_case(case).ok


def test_opening_is_recorded_by_the_storage_layer(tmp_path: Path, environment: Environment) -> None:
    create_case(tmp_path / "c", environment=environment).close()
    open_case(tmp_path / "c", "timeline", environment=environment).close()
    with open_case(tmp_path / "c", "verify", environment=environment, write=False) as case:
        kinds = [(row.kind, row.body.get("command")) for row in load_view(case).custody]
    assert kinds == [("created", None), ("opened", "timeline")]


def test_a_failed_append_leaves_nothing(case: Case) -> None:
    def rows():  # type: ignore[no-untyped-def]
        yield sms(1)
        raise RuntimeError("importer died")

    before = case.head
    with pytest.raises(RuntimeError):
        case.append("read", "record", rows())
    assert case.head == before
    assert load_view(case).records == ()


@pytest.mark.parametrize(
    "statement",
    [
        "update log set at = 'x' where seq = 1",
        "delete from log",
        "update record_row set body = '{}' where n = 1",
        "delete from record_row",
        "insert into log values (9, 'a', 'b', '{}', zeroblob(32), zeroblob(32))",
    ],
)
def test_triggers_stop_accidents(case: Case, statement: str) -> None:
    case.append("read", "record", [sms(1)])
    with pytest.raises(sqlite3.IntegrityError):
        case.db.execute(statement)


def test_columns_are_computed_from_the_sealed_text(case: Case) -> None:
    case.append("read", "record", [sms(1)])
    with pytest.raises(sqlite3.OperationalError):
        case.db.execute("update record_row set number = '999'")


def test_chinese_words_of_any_length_are_found(case: Case) -> None:
    case.append("read", "record", [sms(1, "请停止催收我的家人"), sms(2, "您的快递已到"), sms(3, "家")])
    found = {
        text: [r.locator for r in select_records(case, Filter(text=text))]
        for text in ("催收", "家", "人", "快递已", "🙂")
    }
    assert found == {"催收": ["sms[1]"], "家": ["sms[1]", "sms[3]"], "人": ["sms[1]"], "快递已": ["sms[2]"], "🙂": []}


def test_find_case_looks_upwards(case: Case, tmp_path: Path) -> None:
    deep = case.folder / "out" / "x"
    deep.mkdir(parents=True)
    assert find_case(None, {}, deep) == case.folder
    assert find_case(None, {"DUNLOG_CASE": "/a"}, deep) == Path("/a")
    with pytest.raises(NoCase):
        find_case(None, {}, Path("/"))


def test_named_errors_for_what_is_no_case(tmp_path: Path, environment: Environment) -> None:
    with pytest.raises(NoCase):
        open_case(tmp_path, "x")
    folder = tmp_path / "c"
    create_case(folder, environment=environment).close()
    with pytest.raises(CaseExists):
        create_case(folder)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "case.db").write_bytes(b"not a database, only some words" * 40)
    with pytest.raises(CaseDamaged):
        open_case(tmp_path / "d", "x")
    with sqlite3.connect(folder / "case.db") as db:
        db.execute("insert into _sqlite_migrations(migration_set, name, applied_at) values ('dunlog', 'm999', 'x')")
    with pytest.raises(CaseTooNew):
        open_case(folder, "x")


def test_a_second_writer_waits_and_is_told(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.database.BUSY_SECONDS", 0.05)
    with case.transaction(), pytest.raises(CaseBusy):
        open_case(case.folder, "import")


def test_two_cases_with_the_same_inputs_have_the_same_head(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from evidence.environment import fixed_environment

    heads = []
    for name in ("a", "b"):
        environment = fixed_environment(datetime(2026, 6, 1, tzinfo=UTC), "seed")
        with create_case(tmp_path / name, environment=environment) as case:
            case.append("read", "record", [sms(n) for n in range(5)])
            heads.append(case.head)
    assert heads[0] == heads[1]


@pytest.mark.slow
def test_kill_loses_no_acknowledged_row(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    create_case(folder).close()
    script = (
        "import sys; from pathlib import Path; from evidence.log import open_case; from evidence.models import Record\n"
        "case = open_case(Path(sys.argv[1]), 'import')\n"
        "for n in range(100000):\n"
        "    case.append('read', 'record', [Record('note', 'note', f'l[{n}-{i}]') for i in range(20)])\n"
        "    print(n, flush=True)\n"
    )
    for delay in (0.05, 0.15, 0.3):
        writer = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = 1 + len(writer.stdout.read().splitlines())
        writer.wait()
        with open_case(folder, "verify") as case:
            report = verify_case(case)
            assert report.ok, report.faults
            written = case.db.execute("select count(*) from log where kind = 'read'").fetchone()[0]
            last_open = case.db.execute("select max(seq) from log where kind = 'opened'").fetchone()[0]
        assert written >= acknowledged
        assert last_open == report.head_seq


def test_a_read_only_case_opens_and_records_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    head = case.head
    case.close()
    with open_case(case.folder, "timeline", write=False) as again:
        assert again.read_only
        assert again.head == head


def test_log_rows_can_be_checked_by_hand(case: Case) -> None:
    import hashlib

    rows = case.db.execute("select seq, at, kind, body, prev, hash from log").fetchall()
    seq, at, kind, body, prev, digest = rows[-1]
    line = "\n".join((prev.hex(), str(seq), at, kind, body))
    assert hashlib.sha256(line.encode()).digest() == digest
    assert json.loads(body)["jurisdiction"] == "cn"
