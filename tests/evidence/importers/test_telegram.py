"""Telegram's result.json: one chat and a whole account, old and new, whole and damaged."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers.base import FileProbe, Neighbour, ReadOptions
from evidence.importers.telegram import IMPORTER
from evidence.models import Contact, Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
BASE = {"type": "message", "date": "2024-01-02T10:22:33", "date_unixtime": "1704162153"}


def message(**fields: Any) -> dict[str, Any]:
    return {"id": 1, **BASE, "from": "Wang", "from_id": "user7", "text": "pay", **fields}


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "Wang", "type": "personal_chat", "id": 7, **fields, "messages": list(messages)}


@pytest.fixture
def run(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., Any]:
    def read(value: Any, find: Any = None, **options: Any) -> Any:
        path = tmp_path / "kept"
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode())
        file = make_probe(path, name="result.json", **({"find": find} if find else {}))
        assert IMPORTER.claims(file)
        made = dataclasses.replace(OPTIONS, **options)
        items = list(IMPORTER.read(file, made, lambda *_a: pytest.fail("attach")))
        problems = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if not isinstance(item, Problem)], problems

    return read


def test_directions_in_a_chat_of_two(run: Any) -> None:
    records, _p = run(chat(message(), message(**{"from": "Li", "from_id": "user9"})))
    assert [(r.direction, r.name, r.extras["sender"]) for r in records] == [
        ("in", "Wang", "Wang"),
        ("out", "Wang", "Li"),
    ]
    records, _p = run(chat(message(from_id=7), message(**{"from": "Li", "from_id": 9})))
    assert [r.direction for r in records] == ["in", "out"]
    records, _p = run(chat(message(), type="private_group"))
    assert [(r.direction, r.extras["group"]) for r in records] == [(None, True)]
    records, _p = run(chat(message(), message(**{"from": "Li", "from_id": "user9"}), type="private_group"), me=("Li",))
    assert [r.direction for r in records] == ["in", "out"]


def test_text_of_pieces(run: Any) -> None:
    pieces = ["see ", {"type": "link", "text": "http://x.example"}, {"type": "bold", "text": None}, 5]
    records, _p = run(chat(message(text=pieces)))
    assert records[0].text == "see http://x.example5"
    assert records[0].extras["text_pieces"] == pieces


def test_times(run: Any) -> None:
    old = {key: value for key, value in message().items() if key != "date_unixtime"}
    records, problems = run(
        chat(message(), old, {**old, "date": "1970-01-01T01:00:00"}, message(date="2024-01-02T10:30:00"))
    )
    assert [(r.time.utc, r.time.how, r.time.zone) for r in records] == [
        ("2024-01-02T02:22:33.000Z", "epoch_utc", None),
        ("2024-01-02T02:22:33.000Z", "local_assumed", "Asia/Shanghai"),
        (None, "none", None),
        ("2024-01-02T02:22:33.000Z", "epoch_utc", None),
    ]
    assert records[1].time.raw == "2024-01-02T10:22:33"
    assert {"time_local", "time_unreadable", "time_differs"} <= set(problems)
    assert problems["time_differs"].locator == "message[3]"


@pytest.mark.parametrize(
    ("fields", "outcome", "seconds"),
    [
        ({"duration_seconds": 35, "discard_reason": "hangup"}, "answered", 35.0),
        ({"duration_seconds": 35, "discard_reason": "disconnect"}, "answered", 35.0),
        ({"discard_reason": "missed"}, "missed", 0.0),
        ({"discard_reason": "busy"}, "rejected", 0.0),
        ({"discard_reason": "hangup"}, None, None),
        ({"duration_seconds": "x", "discard_reason": "missed"}, "missed", 0.0),
        ({"duration_seconds": -5}, None, None),
    ],
)
def test_calls(run: Any, fields: dict[str, Any], outcome: str | None, seconds: float | None) -> None:
    call = {
        "id": 1,
        **BASE,
        "type": "service",
        "actor": "Wang",
        "actor_id": "user7",
        "action": "phone_call",
        "text": "",
    }
    (record,), _p = run(chat({**call, **fields}))
    assert (record.kind, record.channel, record.direction) == ("call", "telegram", "in")
    assert (record.outcome, record.duration_s) == (outcome, seconds)


def test_service_edited_deleted_forwarded_reply(run: Any) -> None:
    records, _p = run(
        chat(
            {
                "id": 1,
                **BASE,
                "type": "service",
                "actor": "Wang",
                "actor_id": "user7",
                "action": "pin_message",
                "text": "",
            },
            message(edited="2024-01-02T10:24:00", edited_unixtime="1704162240"),
            message(edited="1970-01-01T01:00:00"),
            message(**{"from": None}),
            message(forwarded_from="Someone", reply_to_message_id=4, via_bot="@b"),
            message(
                media_type="voice_message", file="(File not included. Change data exporting settings to download.)"
            ),
            message(location_information={"latitude": 1.5, "longitude": 2}),
        )
    )
    assert (records[0].extras["message_type"], records[0].extras["action"], records[0].direction) == (
        "system",
        "pin_message",
        None,
    )
    assert [r.extras.get("state") for r in records[1:3]] == ["edited", None]
    assert (records[3].extras["deleted_account"], records[3].direction) == (True, "in")
    assert (records[4].extras["forwarded_from"], records[4].extras["reply_to_message_id"]) == ("Someone", 4)
    assert (records[5].extras["message_type"], "missing_media" in records[5].extras) == ("voice", False)
    assert (records[6].extras["message_type"], records[6].extras["location_information"]["latitude"]) == (
        "location",
        1.5,
    )


def test_files_beside_the_export(run: Any, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(b"\xff\xd8\xff\xe0")

    def find(relative: str) -> Neighbour | None:
        return Neighbour(tmp_path / "p.jpg", "p.jpg", 4, "cd" * 32) if relative == "photos/p.jpg" else None

    records, problems = run(
        chat(message(photo="photos/p.jpg"), message(file="../../x"), message(file="files/y")), find=find
    )
    assert [m.sha256 for m in records[0].media] == ["cd" * 32]
    assert records[0].media[0].mime == "image/jpeg"
    assert [r.extras.get("missing_media") for r in records[1:]] == [["../../x"], ["files/y"]]
    assert "2 attachments" in problems["media_missing"].message


def full(**changes: Any) -> dict[str, Any]:
    return {
        "about": "Data of Telegram",
        "personal_information": {"user_id": 9, "first_name": "Li"},
        "contacts": {"list": [{"first_name": "A", "last_name": "B", "phone_number": "0086 120 0000 0001"}, {}, 5]},
        "sessions": {"list": [{"x": 1}, {"x": 2}]},
        "chats": {
            "list": [
                chat(message(), message(**{"from": "Li", "from_id": "user9"})),
                chat(message(), type="private_group"),
            ]
        },
        "left_chats": {"list": [chat(message(), id=8, name="Old", type="private_supergroup")]},
        **changes,
    }  # fmt: skip


def test_a_whole_account(run: Any) -> None:
    items, problems = run(full())
    contacts = [item for item in items if isinstance(item, Contact)]
    records = [item for item in items if isinstance(item, Record)]
    assert [(c.name, c.number, c.locator) for c in contacts] == [("A B", "12000000001", "contact[0]")]
    assert [(r.locator, r.direction) for r in records] == [
        ("chat[0].message[0]", "in"),
        ("chat[0].message[1]", "out"),
        ("chat[1].message[0]", "in"),
        ("left_chat[0].message[0]", "in"),
    ]
    assert records[3].extras["conversation"] == "Old"
    assert {"owner_settled", "section_passed", "row_skipped", "row_unreadable"} <= set(problems)
    assert "2 entries" in problems["section_passed"].message


def test_heads_below_the_messages(run: Any) -> None:
    value = chat(message(), message(**{"from": "Li", "from_id": "user9"}))
    turned = {"messages": value["messages"], "id": 7, "type": "personal_chat", "name": "Wang"}
    records, _p = run(turned)
    assert [(r.direction, r.extras["conversation"]) for r in records] == [("in", "Wang"), ("out", "Wang")]


def test_broken_rows_and_cut_files(run: Any) -> None:
    rows = chat(message(), 5, None, {"id": 3}, [], message(text="two"))
    records, problems = run(rows)
    assert [r.text for r in records] == ["pay", "two"]
    assert "4 rows" in problems["row_unreadable"].message
    data = json.dumps(chat(message(), message(text="two"))).encode()
    records, problems = run(data[:-40])
    assert [r.text for r in records] == ["pay"]
    assert problems["file_cut"].severity == "error"
    records, problems = run(data.replace(b'"pay"', b'"p\xffy", "text": "again", "n": NaN, "big": 1e999'))
    assert records[0].text == "p\ufffdy"
    assert (records[0].extras["text#2"], records[0].extras["n"], records[0].extras["big"]) == ("again", "NaN", "1e999")
    assert "text_damaged" in problems


@pytest.mark.parametrize(
    ("value", "claimed"),
    [
        (chat(message()), True),
        (chat(), True),
        ({"messages": [message()]}, True),
        (full(), True),
        ({"messages": [{"type": "text", "date": "x"}]}, False),
        ({"weflow": {}, "session": {}, "messages": [message()]}, False),
        ({"about": "x"}, False),
        ([message()], False),
        ({}, False),
    ],
)
def test_claims(value: Any, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "any"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert IMPORTER.claims(make_probe(path)) is claimed


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=3)
FIELDS = st.sampled_from([
    "id", "type", "date", "date_unixtime", "from", "from_id", "text", "text_entities", "photo", "file", "media_type",
    "action", "actor", "actor_id", "duration_seconds", "edited", "edited_unixtime", "contact_information", "poll",
])  # fmt: skip


@given(
    rows=st.lists(st.dictionaries(FIELDS, VALUES, max_size=8) | VALUES, max_size=6), head=VALUES, cut=st.integers(0, 30)
)
def test_no_rows_raise_anything_but_unreadable(rows: list[Any], head: Any, cut: int, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "telegram.json"
    data = json.dumps({"name": head, "type": head, "id": head, "messages": rows}).encode()
    data = data[: len(data) - cut]
    path.write_bytes(data)
    file = FileProbe(path, "result.json", len(data), "0" * 64, data[:65536])
    IMPORTER.claims(file)
    try:
        items = list(IMPORTER.read(file, OPTIONS, lambda *_a: pytest.fail("attach")))
    except Unreadable:
        return
    records = [item for item in items if isinstance(item, Record)]
    assert len({record.locator for record in records}) == len(records)
    if not cut:
        unread = [item for item in items if isinstance(item, Problem) and item.code == "row_unreadable"]
        counted = int(unread[0].message.split()[0]) if unread else 0
        assert len(records) + counted == len(rows)


def test_the_real_file(samples: Path, run: Any) -> None:
    path = samples / "chat-telegram" / "chat-miner" / "test_single_export.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["messages"]
    records, _p = run(path.read_bytes())
    assert len(records) == len(rows) == 2
    assert [r.text for r in records] == ["Minimal Message", "Link:https://telegram.org/"]
    assert [r.time.raw for r in records] == [row["date_unixtime"] for row in rows]
