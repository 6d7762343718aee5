"""iPhone messages: schemas of several years, joins, attachments, and databases that lie."""

from __future__ import annotations

import plistlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.formats.iphone.iphonebackup import backup_name
from evidence.formats.iphone.iphonefields import attachment_places, reaction_target, reaction_word, words_of
from evidence.importers.base import FileProbe, Neighbour
from evidence.importers.iphone_messages import IMPORTER
from evidence.models import Participant, Problem, Record

Read = Callable[..., list[Any]]
T = 700_000_000  # 2023-03-08T20:26:40Z
NS = 10**9
BARE = (
    "create table message (ROWID integer primary key, guid text, text text, handle_id integer, service text,"
    " date integer, is_from_me integer)",
    "create table handle (ROWID integer primary key, id text, service text)",
    "insert into handle values (1, '+8612000000011', 'SMS'), (2, 'c@example.invalid', 'iMessage')",
)
CHATS = (
    "create table chat (ROWID integer primary key, guid text, style integer, chat_identifier text, display_name text)",
    "create table chat_message_join (chat_id integer, message_id integer)",
    "create table chat_handle_join (chat_id integer, handle_id integer)",
    "insert into chat values (1, 'SMS;-;+8612000000011', 45, '+8612000000011', '')",
    "insert into chat values (2, 'iMessage;+;c1', 43, 'c1', '群')",
    "insert into chat_handle_join values (2, 1), (2, 2)",
)
FILES = (
    "create table attachment (ROWID integer primary key, guid text, filename text, mime_type text, transfer_name text)",
    "create table message_attachment_join (message_id integer, attachment_id integer)",
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def archived(text: str) -> bytes:
    """An attributed string of one short text."""
    data = text.encode()
    return (
        b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x84\x08NSString\x01\x94\x84\x01+"
        + bytes((len(data),))
        + data
        + b"\x86\x84"
    )


def message(**fields: Any) -> tuple[str, list[Any]]:
    row = {"guid": "G", "text": "词", "handle_id": 1, "service": "SMS", "date": T, "is_from_me": 0} | fields
    return f"insert into message ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def write(*statements: str | tuple[str, list[Any]], name: str = "sms.db") -> Path:
        path = tmp_path / name
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                database.execute(*((statement,) if isinstance(statement, str) else statement))
            database.commit()
        return path

    return write


@pytest.fixture
def run(make: Any, read_all: Read) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(*statements: Any, **changes: Any) -> tuple[list[Record], dict[str, Problem]]:
        items = read_all(IMPORTER, make(*statements), **changes)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def test_only_messages_and_people(run: Any) -> None:
    """The least that a copy has; both units of time in one file."""
    records, problems = run(
        *BARE, message(), message(date=(T + 60) * NS, is_from_me=1, text="回"), message(handle_id=0, date=0, text=None)
    )
    assert [(r.direction, r.number, r.number_raw, r.text) for r in records] == [
        ("in", "12000000011", "+8612000000011", "词"),
        ("out", "12000000011", "+8612000000011", "回"),
        ("in", None, None, None),
    ]
    assert [r.time.utc for r in records] == ["2023-03-08T20:26:40.000Z", "2023-03-08T20:27:40.000Z", None]
    assert [r.locator for r in records] == ["message 1", "message 2", "message 3"]
    assert list(problems) == ["time_unreadable"]


@pytest.mark.parametrize(
    ("service", "handle", "expected"),
    [
        ("SMS", 1, ("sms", "sms")),
        ("iMessage", 2, ("chat", "imessage")),
        ("RCS", 1, ("chat", "rcs")),
        ("SatelliteSMS", 1, ("sms", "sms")),
        (None, 2, ("chat", "imessage")),
        (None, 9, ("chat", "unknown")),
        ("Jabber", 2, ("chat", "unknown")),
        (b"\xff", 9, ("chat", "unknown")),
    ],
)
def test_services(run: Any, service: Any, handle: int, expected: tuple[str, str]) -> None:
    (record,), _problems = run(*BARE, message(service=service, handle_id=handle))
    assert (record.kind, record.channel) == expected


def test_chats_and_groups(run: Any) -> None:
    records, problems = run(
        *BARE,
        *CHATS,
        message(),
        message(handle_id=0, is_from_me=1),
        message(handle_id=2, service="iMessage"),
        message(handle_id=0, is_from_me=1, service="iMessage"),
        "insert into chat_message_join values (1, 1), (1, 2), (2, 3), (2, 4), (2, 99), (1, 3)",
    )
    one, own, group, mine = records
    assert (one.number, one.extras["conversation"], one.participants) == ("12000000011", "+8612000000011", ())
    assert (own.number, own.direction) == ("12000000011", "out")
    assert sorted(group.extras["conversation_rows"]) == [1, 2]
    assert mine.number is None
    assert mine.extras["group"] is True
    assert mine.participants == (Participant("12000000011"), Participant("c@example.invalid"))
    assert list(problems) == ["messages_gone"]
    assert "1 " in problems["messages_gone"].message


def test_a_group_message_names_its_sender_first(run: Any) -> None:
    (record,), _problems = run(*BARE, *CHATS, message(handle_id=2), "insert into chat_message_join values (2, 1)")
    assert record.participants == (Participant("c@example.invalid", "from"), Participant("12000000011"))
    assert (record.extras["conversation"], record.number) == ("群", "c@example.invalid")


WIDE = (
    "alter table message add column attributedBody blob",
    "alter table message add column associated_message_guid text",
    "alter table message add column associated_message_type integer",
    "alter table message add column item_type integer",
    "alter table message add column group_action_type integer",
    "alter table message add column date_edited integer",
    "alter table message add column date_retracted integer",
    "alter table message add column message_summary_info blob",
    "alter table message add column error integer",
)


def test_reactions_are_no_messages(run: Any) -> None:
    records, problems = run(
        *BARE,
        *WIDE,
        message(guid="A"),
        message(guid="B", text="赞了", associated_message_guid="p:0/A", associated_message_type=2001, date=T + 1),
        message(guid="C", associated_message_guid="bp:A", associated_message_type=3001, is_from_me=1),
        message(guid="D", associated_message_guid="p:0/GONE", associated_message_type=2000),
        message(guid="E", associated_message_type=2000),
        message(guid="F", associated_message_guid="A", associated_message_type=1000),
    )
    assert [r.extras["message_id"] for r in records] == ["A", "F"]
    assert [
        (r["reaction"], r.get("removed"), r["direction"], r["message"]) for r in records[0].extras["reactions"]
    ] == [
        ("like", None, "in", "message 2"),
        ("like", True, "out", "message 3"),
    ]
    assert records[1].extras["message_type"] == "sticker"
    assert (problems["reactions"].message[:1], problems["reactions_without_message"].message[:1]) == ("4", "2")


def test_reaction_words() -> None:
    assert [reaction_word(k) for k in (2000, 2005, 2006, 3007, 2042)] == [
        ("love", False),
        ("question", False),
        ("emoji", False),
        ("sticker", True),
        ("2042", False),
    ]
    assert [reaction_target(v) for v in ("p:0/X", "bp:X", "X", "", None, 7, "p:")] == [
        "X",
        "X",
        "X",
        None,
        None,
        None,
        None,
    ]


def test_events_edits_and_failures(run: Any) -> None:
    history = {"ec": {"0": [{"t": archived("滚"), "d": float(T)}, {"t": b"?", "d": 1}, 5], "1": 3}, "rp": [0]}
    info = plistlib.dumps(history, fmt=plistlib.FMT_BINARY)
    records, _problems = run(
        *BARE,
        *WIDE,
        message(item_type=1, group_action_type=1, text=None),
        message(date_edited=T + 5, message_summary_info=info, text="请"),
        message(date_edited=T + 5, message_summary_info=info, text=None),
        message(date_retracted=T + 5, text=None),
        message(is_from_me=1, error=22),
        message(date_edited=T, message_summary_info=b"bplist00broken"),
    )
    event, edited, recalled, retracted, failed, plain = records
    assert (event.direction, event.extras["message_type"], event.extras["event"]) == (None, "system", "member_removed")
    assert edited.extras["state"] == "edited"
    assert edited.extras["earlier_texts"] == [{"part": "0", "time": "2023-03-08T20:26:40.000Z", "text": "滚"}]
    assert (recalled.extras["state"], recalled.extras["message_type"]) == ("recalled", "recalled")
    assert (retracted.extras["state"], retracted.extras["time_retracted"]) == ("recalled", "2023-03-08T20:26:45.000Z")
    assert failed.extras["state"] == "failed"
    assert plain.extras["state"] == "edited"
    assert "base64" in plain.extras["message_summary_info"]


def test_recently_deleted(run: Any) -> None:
    (record,), problems = run(
        *BARE,
        *CHATS,
        "create table chat_recoverable_message_join (chat_id integer, message_id integer, delete_date integer)",
        message(),
        f"insert into chat_recoverable_message_join values (1, 1, {T + 9})",
    )
    assert (record.extras["state"], record.extras["time_deleted"]) == ("deleted", "2023-03-08T20:26:49.000Z")
    assert record.extras["conversation"] == "+8612000000011"
    assert list(problems) == ["deleted"]


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("甲", None, ("甲", "ok", None)),
        ("甲", archived("甲"), ("甲", "ok", None)),
        (None, archived("甲"), ("甲", "ok", None)),
        ("甲", archived("乙"), ("甲", "differs", "乙")),
        ("a", archived("a!"), ("a", "differs", "a!")),
        ("\ufffc", archived("\ufffc"), (None, "ok", None)),
        ("\ufffc甲", archived("甲"), ("甲", "ok", None)),
        (None, b"other", (None, "unreadable", None)),
        ("甲", b"bplist00", ("甲", "unreadable", None)),
        (b"\xff", None, (None, "ok", None)),
        ("\ufffd", None, (None, "ok", None)),
        ("x" * 70000, archived("x"), ("x" * 70000, "differs", "x")),
    ],
)
def test_two_places_for_the_words(text: Any, body: Any, expected: tuple[Any, ...]) -> None:
    words = words_of(text, body)
    assert (words.text, words.state, words.other) == expected


def test_what_is_not_understood_stays(run: Any) -> None:
    (record,), problems = run(
        *BARE, *WIDE, message(text=b"\xff\xfe", date="soon", attributedBody=b"?", guid=None, is_from_me=7, error=9.5)
    )
    assert record.extras["text"] == {"base64": "//4="}
    assert record.extras["attributedbody"] == {"base64": "Pw=="}
    assert (record.time.raw, record.direction, record.extras["is_from_me"]) == ("soon", None, 7)
    assert set(problems) == {"text_unreadable", "time_unreadable"}


def found(tmp_path: Path, wanted: dict[str, bytes]) -> Callable[[str], Neighbour | None]:
    def find(relative: str) -> Neighbour | None:
        data = wanted.get(relative)
        if data is None:
            return None
        path = tmp_path / str(abs(hash(relative)))
        path.write_bytes(data)
        return Neighbour(path, relative.rpartition("/")[2], len(data), "ab" * 32)

    return find


DIGEST = backup_name("MediaDomain", "Library/SMS/Attachments/ab/10/X/p.png")


@pytest.mark.parametrize(
    "place",
    [
        f"../{DIGEST[:2]}/{DIGEST}",
        DIGEST,
        "Attachments/ab/10/X/p.png",
        "../../../MediaDomain/Library/SMS/Attachments/ab/10/X/p.png",
    ],
)
@pytest.mark.parametrize("start", ["~/", "/var/mobile/", "/private/var/mobile/"])
def test_attachments_are_found_where_backups_put_them(run: Any, tmp_path: Path, place: str, start: str) -> None:
    (record,), problems = run(
        *BARE,
        *FILES,
        message(),
        (
            "insert into attachment values (1, 'X', ?, 'image/jpeg', 'p.png')",
            [f"{start}Library/SMS/Attachments/ab/10/X/p.png"],
        ),
        "insert into message_attachment_join values (1, 1)",
        find=found(tmp_path, {place: PNG}),
    )
    (media,) = record.media
    assert (media.name, media.mime, media.sha256) == ("p.png", "image/png", "ab" * 32)
    assert (record.kind, record.channel, record.extras["message_type"]) == ("mms", "mms", "image")
    assert problems == {}


@pytest.mark.parametrize(
    "filename",
    [None, "", "p.png", "~/Library/SMS/../../../etc/passwd", "~/Library/SMS/a\0b", b"x", "~/Library/SMS/" + "长" * 300],
)
def test_hostile_names_are_never_looked_for(run: Any, filename: Any) -> None:
    asked: list[str] = []
    (record,), problems = run(
        *BARE,
        *FILES,
        message(service="iMessage"),
        ("insert into attachment values (1, 'X', ?, 'video/mp4', ?)", [filename, "../../v.mp4"]),
        "insert into message_attachment_join values (1, 1), (1, 5)",
        find=lambda relative: asked.append(relative),
    )
    ours = ("../../../MediaDomain/", "../../", "../")  # where backups put things, seen from the database
    inside = [next((name.removeprefix(o) for o in ours if name.startswith(o)), name) for name in asked]
    assert not any(".." in name or "passwd" in name or "\0" in name for name in inside)
    assert record.extras["missing_media"] == ["../../v.mp4", "attachment 5"]
    assert record.extras["message_type"] == "video"
    assert list(problems) == ["media_missing"]


def test_a_preview_of_a_link_is_no_attachment_of_a_message(run: Any) -> None:
    (record,), _problems = run(
        *BARE,
        *FILES,
        message(),
        "insert into attachment values (1, 'X', '~/Library/SMS/Attachments/a/b/c.pluginPayloadAttachment', null, 'c')",
        "insert into message_attachment_join values (1, 1)",
    )
    assert (record.kind, record.extras["message_type"]) == ("sms", "text")


def test_places() -> None:
    assert attachment_places("/nowhere") == ()
    assert attachment_places("~/Library/Messages/Attachments/a/b.png")[0] == ("Attachments/a/b.png", ("",))


def test_the_log_of_a_database_in_a_backup_is_found_by_its_hash(make: Any, tmp_path: Path, read_all: Read) -> None:
    path = make(*BARE, message())
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("pragma wal_autocheckpoint=0")
        database.execute(*message(text="未归档"))
        database.commit()
        kept, log = tmp_path / "kept", (tmp_path / "sms.db-wal").read_bytes()
        kept.write_bytes(path.read_bytes())
    digest = backup_name("HomeDomain", "Library/SMS/sms.db-wal")
    find = found(tmp_path, {f"../{digest[:2]}/{digest}": log})
    name = backup_name("HomeDomain", "Library/SMS/sms.db")
    items = read_all(IMPORTER, kept, name=name, find=find)
    assert [i.text for i in items if isinstance(i, Record)] == ["词", "未归档"]
    assert "database_log_used" in {i.code for i in items if isinstance(i, Problem)}


@pytest.mark.parametrize(
    ("statements", "claimed"),
    [
        (BARE, True),
        ((*BARE, *CHATS), True),
        (BARE[:1], False),
        (("create table message (text text, date integer)", "create table handle (id text)"), False),
        (("create table sms (address text, date integer, body text)",), False),
        ((BARE[0].replace("create table message", "create table other"), BARE[1],
          "create view message as select * from other"), False),
    ],
)  # fmt: skip
def test_claims(make: Any, make_probe: Any, statements: tuple[str, ...], claimed: bool) -> None:
    assert IMPORTER.claims(make_probe(make(*statements))) is claimed


def test_claims_by_content_only(tmp_path: Path, make_probe: Any) -> None:
    for data in (b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(4096), b"x" * 100):
        path = tmp_path / "sms.db"
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path)) is False


def test_a_table_without_row_numbers(run: Any) -> None:
    records, problems = run(
        "create table message (a integer, rowid text, _rowid_ text, oid text, text text, date integer,"
        " is_from_me integer, handle_id integer)",
        "create table handle (id text)",
        f"insert into message values (1, 'x', 'y', 'z', '词', {T}, 0, 0)",
    )
    assert records == []
    assert problems["row_unreadable"].severity == "error"


VALUES = st.one_of(st.none(), st.integers(-(2**62), 2**62), st.floats(), st.text(max_size=9), st.binary(max_size=9))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[VALUES] * 8), max_size=8), joins=st.lists(st.tuples(VALUES, VALUES), max_size=6))
def test_every_row_is_accounted_for(
    rows: list[tuple[Any, ...]], joins: list[tuple[Any, Any]], tmp_path_factory: Any, make_probe: Any, read_all: Read
) -> None:
    path = tmp_path_factory.getbasetemp() / "hypothesis.db"
    path.unlink(missing_ok=True)
    names = "guid, text, handle_id, date, is_from_me, attributedBody, associated_message_type, associated_message_guid"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"create table message ({names})")
        database.execute("create table handle (id, service)")
        database.execute("create table attachment (filename, transfer_name, mime_type)")
        for table in ("chat_message_join (chat_id", "message_attachment_join (attachment_id"):
            database.execute(f"create table {table}, message_id)")
            database.executemany(f"insert into {table.split()[0]} values (?, ?)", joins)
        database.executemany("insert into attachment values (?, ?, ?)", [row[:3] for row in rows])
        database.executemany(f"insert into message values ({', '.join('?' * 8)})", rows)
        database.commit()
    probe: FileProbe = make_probe(path)
    assert IMPORTER.claims(probe)
    items = read_all(IMPORTER, probe)
    counts = Counter(type(item).__name__ for item in items)
    reactions = sum(1 for row in rows if type(row[6]) is int and 2000 <= row[6] < 4000)
    assert counts["Record"] + reactions == len(rows)
    assert sum(1 for i in items if isinstance(i, Problem) and i.code == "reactions") == bool(reactions)


def test_real_database(samples: Path, read_all: Read) -> None:
    """Counted by plain SQL, not by our reader."""
    path = samples / "ios-messages" / "plaso" / "imessage_chat.db"
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
        expected = database.execute(
            "select m.text, datetime(m.date + 978307200, 'unixepoch'), m.is_from_me, h.id "
            "from message m left join handle h on h.ROWID = m.handle_id order by m.ROWID"
        ).fetchall()
        query = "select count(*) from chat_message_join where message_id not in (select ROWID from message)"
        (gone,) = database.execute(query).fetchone()
    items = read_all(IMPORTER, path)
    records = [i for i in items if isinstance(i, Record)]
    seen = [
        (r.text, (r.time.utc or "")[:19].replace("T", " "), int(r.direction == "out"), r.number_raw) for r in records
    ]
    assert seen == expected
    assert {(r.kind, r.channel) for r in records} == {("chat", "imessage")}
    problems = {i.code: i for i in items if isinstance(i, Problem)}
    assert set(problems) == {"text_differs", "messages_gone"}
    assert str(gone) in problems["messages_gone"].message
    assert [r.locator for r in records if "attributed_text" in r.extras] == ["message 6", "message 10"]
