"""PyWxDump, chatlog, WeFlow and Wetrace: what their dumps tell, and what they leave open."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers import chatlog, pywxdump, weflow, wetrace
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Problem, Record

OURS = (pywxdump.IMPORTER, chatlog.IMPORTER, weflow.IMPORTER, wetrace.IMPORTER)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def read(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., Any]:
    def run(importer: Any, data: Any, me: tuple[str, ...] = (), **changes: Any) -> Any:
        path = tmp_path / "dump"
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        file = make_probe(path, **changes)
        assert [other.name for other in OURS if other.claims(file)] == [importer.name]
        items = list(importer.read(file, ReadOptions(ZONE, me=me), None))
        told = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if isinstance(item, Record)], told

    return run


def directions(records: list[Record]) -> list[str | None]:
    return [record.direction for record in records]


def test_pywxdump_older_form_with_json_in_a_cell(read: Any) -> None:
    text = (
        "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n"
        '1,95,系统通知,0,wxid_a,wxid_a,"{""src"": """", ""msg"": ""你已添加了李""}",2023-08-12 23:22:41\n'
        '2,96,文本,1,我,wxid_a,"{""src"": """", ""msg"": ""哦吼""}",2023-08-12 23:22:54\n'
        '3,97,文本,0,wxid_b,1@chatroom,"not json",2023-08-12 23:22:55\n'
    )
    found, told = read(pywxdump.IMPORTER, text)
    assert [(r.direction, r.name, r.text) for r in found] == [
        (None, "wxid_a", "你已添加了李"),
        ("out", "wxid_a", "哦吼"),
        ("in", "wxid_b", "not json"),
    ]
    assert found[2].extras["group"] is True
    assert set(told) == {"payload_damaged"}


def test_pywxdump_as_weflow_writes_it_has_times_with_offset(read: Any) -> None:
    text = (
        "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\n"
        "1,9001,text,0,李,还钱,,2023-11-15T10:00:00.000Z\n2,9002,text,1,我,没有,,2023-11-15T10:00:05.000Z\n"
    )
    found, told = read(pywxdump.IMPORTER, text)
    assert [(r.direction, r.name, r.time.utc, r.time.how) for r in found] == [
        ("in", "李", "2023-11-15T10:00:00.000Z", "offset_in_file"),
        ("out", "李", "2023-11-15T10:00:05.000Z", "offset_in_file"),
    ]
    assert not told


HEADER = "Time,SenderName,Sender,TalkerName,Talker,Content\n"


def test_chatlog_table_tells_the_owner_by_the_chats_of_two(read: Any) -> None:
    rows = [
        "2026-04-06 16:21:00,李,wxid_a,李,wxid_a,还钱",
        "2026-04-06 16:22:00,小明,wxid_me,李,wxid_a,没有",
        "2026-04-06 16:23:00,小明,wxid_me,群,1@chatroom,在",
        "2026-04-06 16:24:00,王,wxid_b,群,1@chatroom,在",
        "2026-04-06 16:25:00,,系统消息,李,wxid_a,李撤回了一条消息",
    ]
    found, told = read(chatlog.IMPORTER, HEADER + "\n".join(rows))
    assert directions(found) == ["in", "out", "out", "in", None]
    assert not told


def test_chatlog_table_that_does_not_tell(read: Any) -> None:
    found, told = read(chatlog.IMPORTER, HEADER + "2026-04-06 16:23:00,小明,wxid_me,群,1@chatroom,在\n")
    assert directions(found) == [None]
    assert "direction_unknown" in told
    found, told = read(
        chatlog.IMPORTER, HEADER + "2026-04-06 16:23:00,小明,wxid_me,群,1@chatroom,在\n", me=("wxid_me",)
    )
    assert directions(found) == ["out"]


def test_chatlog_array(read: Any) -> None:
    base = {"seq": 1, "time": "2026-04-06T16:21:00+08:00", "talker": "wxid_a", "talkerName": "李", "isChatRoom": False}
    messages = [
        base | {"sender": "wxid_a", "senderName": "李", "isSelf": False, "type": 1, "subType": 0, "content": "还钱"},
        base | {"sender": "wxid_me", "senderName": "小明", "isSelf": True, "type": 1, "subType": 0, "content": "没有"},
        base | {"sender": "wxid_a", "senderName": "李", "isSelf": True, "type": 1, "subType": 0, "content": "?"},
        base
        | {"sender": "wxid_a", "isSelf": False, "type": 49, "subType": 5, "content": "", "contents": {"title": "T"}},
        base | {"sender": "wxid_a", "isSelf": False, "type": 49, "subType": 2000, "content": "[转账|接收 ￥1.00]"},
        5,
    ]
    found, told = read(chatlog.IMPORTER, messages)
    assert directions(found) == ["in", "out", None, "in", "in"]
    assert [r.extras["message_type"] for r in found] == ["text", "text", "text", "link", "transfer"]
    assert (found[3].text, found[4].extras["transfer_state"]) == ("T", "received")
    assert found[0].time.utc == "2026-04-06T08:21:00.000Z"
    assert told["direction_contradicted"].locator == "message[2]"
    assert told["row_unreadable"].locator == "message[5]"


def test_weflow_reads_the_session_wherever_it_stands(read: Any) -> None:
    message = {"localId": 1, "createTime": 1775463660, "formattedTime": "2026-04-06 16:21:00", "type": "文本消息"}
    messages = [
        message | {"content": "一", "isSend": 0, "senderUsername": "wxid_b", "senderDisplayName": "王"},
        message | {"content": "二", "isSend": 1, "senderUsername": "wxid_me", "senderDisplayName": "小明"},
        message | {"content": "王加入了群聊", "isSend": None, "senderUsername": "1@chatroom"},
        message | {"content": "x", "type": "未知类型(9)", "isSend": 0, "senderUsername": "wxid_b"},
    ]
    session = {"wxid": "1@chatroom", "displayName": "群", "type": "群聊", "messageCount": 9, "avatar": "A" * 200_000}
    for data in (
        {"session": session, "messages": messages},
        {"weflow": {"version": "1"}, "messages": messages, "session": session},
    ):
        found, told = read(weflow.IMPORTER, data)
        assert directions(found) == ["in", "out", None, "in"]
        assert {r.extras["conversation"] for r in found} == {"群"}
        assert [r.name for r in found] == ["王", "小明", "1@chatroom", "wxid_b"]
        assert found[2].extras["message_type"] == "system"
        assert set(told) == {"type_unknown", "count_differs"}
        assert "9 / 4" in told["count_differs"].message


def test_weflow_cut_off(read: Any) -> None:
    message = {"localId": 1, "createTime": 1775463660, "type": "文本消息", "content": "一", "isSend": 0}
    text = json.dumps({"weflow": {}, "session": {"wxid": "wxid_a"}, "messages": [message] * 5})
    found, told = read(weflow.IMPORTER, text[:-40])
    assert len(found) == 4
    assert set(told) == {"file_cut"}
    with pytest.raises(Unreadable):
        read(weflow.IMPORTER, '{"weflow": {}, "session": {"wxid": "wxid_a"}, "mess')


def test_wetrace(read: Any) -> None:
    message = {
        "id": "1",
        "timestamp": 1775463660,
        "sender_id": "wxid_a",
        "sender_name": "李",
        "type": 1,
        "content": "一",
    }
    data = {
        "conversations": [
            {
                "messages": [message | {"is_self": False}, message | {"direction": "sent"}, message, "x"],
                "id": "wxid_a",
                "name": "李",
            },
            {"id": "1@chatroom", "name": "群", "messages": [message | {"sender_id": "wxid_me", "type": "image"}]},
        ],
        "format": "wetrace-plus",
        "version": 1,
        "account": {"id": "wxid_me", "name": "小明"},
    }
    found, told = read(wetrace.IMPORTER, data)
    assert directions(found) == ["in", "out", "in", "out"]
    assert [r.locator for r in found][2:] == ["conversation[0].message[2]", "conversation[1].message[0]"]
    assert [(r.name, r.extras["message_type"]) for r in found][1:] == [("李", "text"), ("李", "text"), ("李", "image")]
    assert found[3].extras["group"] is True
    assert told["row_unreadable"].locator == "conversation[0].message[3]"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"session": {"id": 1}, "messages": []}',
        '{"format": "other", "conversations": []}',
        '[{"time": 1, "content": "x"}]',
        "Time,Sender,Content\n1,2,3\n",
        "id,MsgSvrID,type_name\n",
        '{"name": "x", "type": "personal_chat", "messages": []}',
    ],
)
def test_other_files_are_left_alone(text: str, tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    assert not [importer.name for importer in OURS if importer.claims(make_probe(path))]


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.just({"a": [1]})
)
KEYS = [
    "time",
    "content",
    "sender",
    "talker",
    "isSelf",
    "type",
    "subType",
    "contents",
    "createTime",
    "isSend",
    "timestamp",
]
MESSAGE = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=9) | VALUES


@given(st.lists(MESSAGE, max_size=8))
def test_entries_reconcile(tmp_path_factory: pytest.TempPathFactory, messages: list[Any]) -> None:
    """Entries = records + those told as unreadable, whatever they hold."""
    shapes = (
        (chatlog.IMPORTER, json.dumps(messages or [{}]), max(len(messages), 1)),
        (weflow.IMPORTER, json.dumps({"weflow": {}, "session": {}, "messages": messages}), len(messages)),
        (wetrace.IMPORTER, json.dumps({"conversations": [{"messages": messages}]}), len(messages)),
    )
    folder = tmp_path_factory.mktemp("j")
    for importer, text, count in shapes:
        path = folder / f"{importer.name}{zlib.crc32(text.encode())}"
        path.write_text(text, encoding="utf-8")
        file = FileProbe(path, "x.json", len(text), "00" * 32, path.read_bytes())
        try:
            items = list(importer.read(file, ReadOptions(ZONE), None))  # type: ignore[arg-type]
        except Unreadable:
            assert not messages
            continue
        found = [item for item in items if isinstance(item, Record)]
        told = [item for item in items if isinstance(item, Problem) and item.code == "row_unreadable"]
        unread = int(told[0].message.split(" ", 1)[0]) if told else 0
        assert len(found) + unread == count
        assert len({record.locator for record in found}) == len(found)
