"""Each kind of tampering is found and named."""

import io
import json
import sqlite3
from pathlib import Path

import pytest

from evidence import sealing
from evidence.errors import MediaChanged
from evidence.log import Case, record_id
from evidence.models import Answer, Record, Source
from evidence.verify import VerifyReport, verify_case


def note(n: int) -> Record:
    return Record("note", "note", f"line {n}", text=f"第{n}行", text_basis="source", id=record_id("s", "t/1", str(n)))


@pytest.fixture
def filled(case: Case) -> Case:
    kept = case.keep(io.BytesIO(b"the original"))
    case.append("kept", "source", [Source(kept.sha256, kept.size, "a.txt", "/phone/a.txt", None)])
    case.append("read", "record", [note(n) for n in range(5)], {"source": kept.sha256})
    case.append("read", "record", [note(n) for n in range(5, 8)], {"source": kept.sha256})
    case.event("opened", {"command": "timeline"})
    assert verify_case(case).ok
    return case


def tamper(case: Case, *statements: str) -> VerifyReport:
    """What somebody with a database editor would do: drop the guards, change, put the guards back."""
    db = sqlite3.connect(case.folder / "case.db", isolation_level=None)
    guards = db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in guards:
        db.execute(f"drop trigger {name}")
    for statement in statements:
        db.execute(statement)
    for _, sql in guards:
        db.execute(sql)
    db.close()
    return verify_case(case)


def test_an_edited_row_is_named(filled: Case) -> None:
    report = tamper(filled, "update record_row set body = replace(body, '第2行', '第9行') where leaf = 2 and seq = 3")
    fault = report.faults[0]
    assert (fault.code, fault.noun, fault.seq, fault.leaf, fault.id) == ("row_changed", "record", 3, 2, note(2).id)
    assert len(report.faults) == 1


def test_an_edited_row_with_a_new_leaf_is_named_by_its_log_row(filled: Case) -> None:
    salt, body = filled.db.execute("select salt, body from record where seq = 3 and leaf = 2").fetchone()
    body = body.replace("第2行", "第9行")
    leaf = sealing.leaf_hash(salt, 2, body.encode())
    report = tamper(filled, f"update record_row set body = '{body}', hash = x'{leaf.hex()}' where seq = 3 and leaf = 2")
    assert [(f.code, f.noun, f.seq) for f in report.faults] == [("root_differs", "record", 3)]


@pytest.mark.parametrize("leaf", [0, 2, 4])
def test_a_deleted_row_is_named(filled: Case, leaf: int) -> None:
    report = tamper(filled, f"delete from record_row where seq = 3 and leaf = {leaf}")
    fault = report.faults[0]
    assert (fault.code, fault.seq, fault.leaf) == ("row_missing", 3, leaf)


def test_all_rows_of_a_source_deleted(filled: Case) -> None:
    report = tamper(filled, "delete from record_row where seq = 4")
    assert [(f.code, f.seq) for f in report.faults] == [("row_missing", 4)]


def test_a_reordered_pair_is_named(filled: Case) -> None:
    report = tamper(
        filled,
        "update record_row set leaf = 99 where seq = 3 and leaf = 1",
        "update record_row set leaf = 1 where seq = 3 and leaf = 3",
        "update record_row set leaf = 3 where leaf = 99",
    )
    assert (report.faults[0].code, report.faults[0].seq, report.faults[0].leaf) == ("row_order", 3, 1)


def test_two_bodies_exchanged_are_named(filled: Case) -> None:
    report = tamper(
        filled,
        "create temp table before as select leaf, body from record where seq = 3",
        """update record_row set body = (select b.body from temp.before b where b.leaf = 4 - record_row.leaf)
           where seq = 3 and leaf in (1, 3)""",
    )
    assert [(f.code, f.leaf) for f in report.faults] == [("row_changed", 1), ("row_changed", 3)]


def test_an_inserted_row_is_named(filled: Case) -> None:
    report = tamper(
        filled,
        "insert into record_row(seq, leaf, salt, body, hash) select 99, 0, salt, body, hash from record limit 1",
    )
    assert report.faults[0].code == "row_unsealed"


def test_an_edited_log_row_is_named(filled: Case) -> None:
    report = tamper(filled, "update log set body = replace(body, 'timeline', 'export') where seq = 5")
    assert [(f.code, f.seq) for f in report.faults] == [("log_row_changed", 5)]


def test_a_deleted_log_row_is_named(filled: Case) -> None:
    report = tamper(filled, "delete from log where seq = 3")
    assert ("log_row_missing", 3) in [(f.code, f.seq) for f in report.faults]


def test_exchanged_log_rows_are_named(filled: Case) -> None:
    report = tamper(
        filled,
        "update log set seq = 99 where seq = 3",
        "update log set seq = 3 where seq = 4",
        "update log set seq = 4 where seq = 99",
    )
    assert report.faults[0].seq == 3


def test_a_chain_rebuilt_from_the_middle_breaks_at_the_next_row(filled: Case) -> None:
    seq, at, kind, body, prev = filled.db.execute("select seq, at, kind, body, prev from log where seq = 3").fetchone()
    said = json.loads(body) | {"source": "0" * 64}
    text = sealing.canonical(said)
    digest = sealing.chain_hash(prev, seq, at, kind, text)
    report = tamper(filled, f"update log set body = '{text}', hash = x'{digest.hex()}' where seq = 3")
    assert [(f.code, f.seq) for f in report.faults] == [("log_chain_broken", 4)]


def test_a_removed_guard_is_named(filled: Case) -> None:
    filled.db.execute("drop trigger record_delete")
    report = verify_case(filled)
    assert [f.code for f in report.faults] == ["trigger_missing"]


@pytest.mark.parametrize(
    "change",
    [
        ("drop view record", "create view record as select *, 'call' as kind from record_row"),
        ("drop trigger log_delete", "create trigger log_delete before delete on log begin select 1; end"),
        ("create trigger sly after insert on record_row begin delete from party_row; end",),
    ],
)
def test_a_changed_view_or_guard_is_named(filled: Case, change: tuple[str, ...]) -> None:
    for statement in change:
        filled.db.execute(statement)
    assert [f.code for f in verify_case(filled).faults] == ["schema_changed"]


def test_content_without_its_salt_is_no_forgotten_row(filled: Case) -> None:
    report = tamper(filled, "update record_row set salt = null, body = '{}' where seq = 3 and leaf = 1")
    assert [(f.code, f.leaf) for f in report.faults] == [("row_changed", 1)]


def test_an_erased_row_is_named_unless_the_log_says_so(filled: Case) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        filled.db.execute("update record_row set body = null, salt = null where seq = 3 and leaf = 1")
    report = tamper(filled, "update record_row set body = null, salt = null where seq = 3 and leaf = 1")
    assert [(f.code, f.leaf) for f in report.faults] == [("row_erased", 1)]
    filled.event("forget", {"noun": "record", "seq": 3, "leaf": 1, "reason": "asked"})
    report = verify_case(filled)
    assert (report.ok, report.forgotten) == (True, 1)
    filled.event("forget", {"noun": "record", "seq": 3, "leaf": 2, "reason": "asked"})
    filled.db.execute("update record_row set body = null, salt = null where seq = 3 and leaf = 2")
    assert verify_case(filled).forgotten == 2


def test_rows_whose_order_of_reading_was_exchanged_are_named(filled: Case) -> None:
    """The latest statement counts, so the order in which rows are read must be the order of the log."""
    filled.append("answer", "answer", [Answer("complainant.name", "张三")])
    filled.append("answer", "answer", [Answer("complainant.name", "李四")])
    report = tamper(
        filled,
        "update answer_row set n = 99 where n = 1",
        "update answer_row set n = 1 where n = 2",
        "update answer_row set n = 2 where n = 99",
    )
    assert report.faults[0].code == "row_order"


def test_rows_of_no_sense_are_named_and_do_not_stop_the_check(filled: Case) -> None:
    report = tamper(
        filled,
        "update record_row set leaf = -1 where seq = 3 and leaf = 0",
        "update record_row set body = cast(x'7b2278223a22ff227d' as text) where seq = 4 and leaf = 1",
        "update log set body = cast(x'c3' as text) where seq = 5",
    )
    assert {f.code for f in report.faults} >= {"row_changed", "log_row_changed"}


def test_a_changed_part_is_named(filled: Case) -> None:
    media = filled.attach(io.BytesIO(b"a picture"), "p.png", "image/png")
    record = Record("mms", "mms", "mms[1]", media=(media,), id=record_id("s", "t/1", "mms[1]"))
    filled.append("note", "record", [record])
    path = filled.media_path(media.sha256)
    path.chmod(0o600)
    path.write_bytes(b"b picture")
    assert [f.code for f in verify_case(filled).faults] == ["part_changed"]
    with pytest.raises(MediaChanged):
        filled.sound_media(media.sha256)


def test_a_link_in_place_of_an_original_is_named(filled: Case, tmp_path: Path) -> None:
    path = _original(filled)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert [f.code for f in verify_case(filled).faults] == ["file_changed"]


def test_an_emptied_search_index_is_a_notice_and_can_be_made_anew(filled: Case) -> None:
    filled.db.execute("insert into search(search) values ('delete-all')")
    report = verify_case(filled)
    assert report.ok
    assert any("search index" in notice for notice in report.notices)
    assert filled.rebuild_search() == 8
    assert not any("search index" in notice for notice in verify_case(filled).notices)


def _original(case: Case) -> Path:
    return next(case.originals.glob("??/*"))


def test_an_altered_original_is_named(filled: Case) -> None:
    path = _original(filled)
    path.chmod(0o600)
    path.write_bytes(b"the 0riginal")
    report = verify_case(filled)
    assert [(f.code, f.id) for f in report.faults] == [("file_changed", path.name)]
    assert "a.txt" in report.faults[0].message


def test_a_missing_original_is_named(filled: Case) -> None:
    _original(filled).unlink()
    assert [f.code for f in verify_case(filled).faults] == ["file_missing"]


def test_a_stray_file_is_a_notice_only(filled: Case) -> None:
    filled.keep(io.BytesIO(b"never recorded"))
    report = verify_case(filled)
    assert report.ok
    assert any("1 file" in notice for notice in report.notices)
