"""MemoTrace: CSV (three headers), text, page and JSON."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.json.jsarray import NotLiteral, cut_objects, read_literal
from evidence.importers import memotrace, memotrace_html, memotrace_txt
from evidence.importers.base import FileProbe, Neighbour, ReadOptions
from evidence.models import Problem, Record

FULL = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
OLD = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime"
CHAT = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息"


@pytest.fixture
def read(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., Any]:
    def run(importer: Any, text: str | bytes, me: tuple[str, ...] = (), **changes: Any) -> Any:
        path = tmp_path / "dump"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        file = make_probe(path, **changes)
        assert importer.claims(file)
        items = list(importer.read(file, ReadOptions(ZoneInfo("Asia/Shanghai"), me=me), None))
        told = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if isinstance(item, Record)], told

    return run


def test_the_early_header_with_one_column_unnamed(read: Any) -> None:
    """Nine names, ten values: the last is the number of the message."""
    text = OLD + "\n12245,3,1,0,1,1528935478,,如果有帮助的话,2018-06-14 08:17:58,1234567890987654\n"
    (record,), told = read(memotrace.IMPORTER, text, folder="/x/小红(wxid_agent001)")
    assert (record.direction, record.text, record.time.utc) == ("out", "如果有帮助的话", "2018-06-14T00:17:58.000Z")
    assert record.extras["message_id"] == "1234567890987654"
    assert (record.name, record.extras["conversation_id"]) == ("小红", "wxid_agent001")
    assert record.extras["conversation_from"] == "folder_name"
    assert record.extras["provenance"] == "third_party_export"
    assert not told


def test_who_is_who_in_a_full_dump(read: Any) -> None:
    """A chat of two bears the other person's name, also in rows before that person wrote; with more it is a group."""
    rows = [
        "1,3,1,0,1,1775463660,,在,2026-04-06 16:21:00,,小明,wxid_me",
        "2,3,1,0,0,1775463661,,在,2026-04-06 16:21:01,李,李先生,wxid_a",
        "3,9,1,0,0,1775463662,,一,2026-04-06 16:21:02,,甲,wxid_b",
        "4,9,1,0,0,1775463663,,二,2026-04-06 16:21:03,,乙,wxid_c",
        "5,9,1,0,1,1775463664,,三,2026-04-06 16:21:04,,小明,wxid_me",
    ]
    found, told = read(memotrace.IMPORTER, "\n".join([FULL, *rows]))
    assert [(r.direction, r.name, r.extras.get("group"), r.extras.get("conversation")) for r in found] == [
        ("out", "李", None, "李"),
        ("in", "李", None, "李"),
        ("in", "甲", True, None),
        ("in", "乙", True, None),
        ("out", "小明", True, None),
    ]
    assert not told


def test_every_field_is_kept_and_odd_rows_are_told(read: Any) -> None:
    rows = [
        "1,3,1,0,0,1775463660,3,a,2026-04-06 17:21:07,李,,wxid_a",  # written time seven seconds off
        "2,3,777,0,0,1775463661,,b,,李,,wxid_a",  # unknown type
        "3,3,1,0,0,,,,,,,",  # neither time nor words
        "4,3,1,0,0,x,,c,,李,,wxid_a",  # no time
        "5,3,1,0,0,1775463665,,d,2026-04-06 16:21:05,李,,wxid_a,mehr,noch",  # too many cells
        "6,3,1",
        ",,,,,,,,,,,",
    ]
    found, told = read(memotrace.IMPORTER, "\n".join([FULL, *rows]))
    assert [record.text for record in found] == ["a", "b", "c", "d"]
    assert found[0].extras["Status"] == "3"
    assert found[3].extras["surplus_cells"] == ["mehr", "noch"]
    assert {code: problem.locator for code, problem in told.items()} == {
        "time_differs": "line 2",
        "type_unknown": "line 3",
        "row_unreadable": "line 4",
        "time_unreadable": "line 5",
        "columns_differ": "line 6",
        "row_skipped": "line 8",
    }
    assert "2" in told["row_unreadable"].message


def test_a_chat_table_needs_to_be_told_who_the_owner_is(read: Any) -> None:
    text = CHAT + "\n91,文本,小明,2026-04-06 16:21:00,在,小明备注,小明,more\n"
    text += "92,文本,李,2026-04-06 16:22:00,还钱,,,\n"
    text += "93,系统消息,李,2026-04-06 16:23:00,李撤回了一条消息,,,\n"
    text += '94,引用消息,李,2026-04-06 16:24:00,"好\n引用：小明: 在",,,\n'
    found, told = read(memotrace.IMPORTER, text)
    assert [record.direction for record in found] == [None] * 4
    assert "--me" in told["direction_unknown"].message
    found, told = read(memotrace.IMPORTER, text, me=("小明备注",))
    assert [record.direction for record in found] == ["out", "in", None, "in"]
    assert [record.extras["message_type"] for record in found] == ["text", "text", "recalled", "quote"]
    assert (found[3].text, found[3].extras["quote"]) == ("好", {"text": "小明: 在"})
    assert not told


def test_group_rows_name_their_sender_before_the_words(read: Any) -> None:
    rows = [
        '1,9,1,0,0,1775463660,,"wxid_b:\n大家看",,,,120@chatroom',
        '2,9,1,0,1,1775463661,,"abc:\n我写的",,,小明,wxid_me',
    ]
    found, _told = read(memotrace.IMPORTER, "\n".join([FULL, *rows]))
    assert [(r.extras["account"], r.text) for r in found] == [("wxid_b", "大家看"), ("wxid_me", "abc:\n我写的")]


@pytest.mark.parametrize(
    "text",
    ["localId,Type\n1,2\n", "id,消息ID,类型,发送人,时间,内容\n", "消息ID,类型\n", "", "x", '"localId', "\0" * 50],
)
def test_other_tables_are_left_alone(text: str, tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert not memotrace.IMPORTER.claims(make_probe(path))


CELLS = st.lists(st.text(max_size=12), min_size=1, max_size=14)


@given(st.lists(CELLS, max_size=12))
def test_rows_reconcile(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """Rows in = records + rows told as unreadable + rows told as empty; counted with the reader of the library."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    body = out.getvalue().replace("\0", "")
    path = tmp_path_factory.mktemp("m") / "m.csv"
    path.write_bytes((FULL + "\r\n" + body).encode("utf-8", "replace"))
    data = path.read_bytes()
    file = FileProbe(path, "m.csv", len(data), "00" * 32, data)
    items = list(memotrace.IMPORTER.read(file, ReadOptions(ZoneInfo("Asia/Shanghai")), None))  # type: ignore[arg-type]
    found = [item for item in items if isinstance(item, Record)]
    expected = list(csv.reader(io.StringIO(body, newline="")))
    full = [row for row in expected if any(cell.strip() for cell in row)]
    unreadable = [row for row in full if not any(row[n] for n in (5, 7) if n < len(row))]
    assert len(found) == len(full) - len(unreadable)
    assert len({record.locator for record in found}) == len(found)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(FULL + "\n")
        for n in range(60_000):
            stream.write(f"{n},{n % 50},1,0,{n % 2},{1775463660 + n},,第{n}条,,李,,wxid_a\n")
    tracemalloc.start()
    seen = sum(1 for _ in memotrace.IMPORTER.read(make_probe(path), ReadOptions(ZoneInfo("UTC")), None))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == 60_000
    assert peak < 12 << 20


TEXT = "2026-04-06 16:21:00 李\n还钱\n\n不还上门\n\n2026-04-06 16:22:00 小明\n没有\n2026-04-06 16:22:00 李\n\n"


def test_text(read: Any) -> None:
    found, told = read(memotrace_txt.IMPORTER, TEXT + "2026-04-06 16:23:00\n李撤回了一条消息\n\n", me=("小明",))
    assert [(r.direction, r.name, r.text, r.extras["message_type"]) for r in found] == [
        ("in", "李", "还钱\n\n不还上门", "text"),
        ("out", None, "没有\n2026-04-06 16:22:00 李", "text"),
        (None, None, "李撤回了一条消息", "recalled"),
    ]
    assert told["header_doubtful"].locator == "line 8"


def test_text_with_names_in_quotation_marks(read: Any) -> None:
    found, _told = read(
        memotrace_txt.IMPORTER, "2026-04-06 16:21:00 '李'\n还钱\n\n2026-04-06 16:22:00 '我'\n好\n\n", me=("我",)
    )
    assert [(r.direction, r.extras["sender"]) for r in found] == [("in", "李"), ("out", "我")]


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-06 16:21:00 INFO start\n2026-04-06 16:21:01 INFO stop\n2026-04-06 16:21:02 INFO x\n",
        "标题\n2026-04-06 16:21:00 李\n还钱\n",
        "2026-04-06 16:21 李\n还钱\n",
        "2019-07-16 18:15:05 地瓜(23333233)\n一\n\n2019-07-16 18:15:06 地瓜(23333233)\n二\n",
    ],
)
def test_other_texts_are_left_alone(text: str, tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "t.txt"
    path.write_text(text, encoding="utf-8")
    assert not memotrace_txt.IMPORTER.claims(make_probe(path))


PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><script>{script}</script></body></html>"
FIRST = {"type": "1", "is_send": 0, "timestamp": 1775463660, "server_id": "91", "display_name": "李"}
MESSAGES: list[dict[str, Any]] = [
    FIRST | {"text": "a ] } ' ` \" b"},
    FIRST | {"type": "244813135921", "is_send": True, "display_name": "小明", "text": "好", "quote_text": "李: 滚"},
    FIRST | {"type": "34", "duration": 5, "voice_to_text": "还钱", "path": "./voice/2026-04/v"},
]


def test_page_and_json_give_the_same(read: Any) -> None:
    def find(name: str) -> Neighbour | None:
        return Neighbour(Path("/nowhere"), "v.mp3", 9, "ab" * 32) if name == "voice/2026-04/v.mp3" else None

    data = json.dumps(MESSAGES, ensure_ascii=False, indent=4)
    script = f"const chatMessages = {data};\nfor (const m of chatMessages) {{ x = [1] }}"
    page, told = read(memotrace_html.IMPORTER, PAGE.format(title="李 &amp; 王", script=script), find=find)
    plain, _told = read(memotrace_html.IMPORTER, data, folder="/x/李 & 王(wxid_a)", find=find)
    assert [(r.direction, r.name, r.text) for r in page] == [
        ("in", "李", MESSAGES[0]["text"]),
        ("out", "李 & 王", "好"),
        ("in", "李", "还钱"),
    ]
    assert [(r.text, r.time, r.direction, r.name, r.locator) for r in plain] == [
        (r.text, r.time, r.direction, r.name, r.locator) for r in page
    ]
    assert page[1].extras["quote"] == {"text": "李: 滚"}
    assert (page[2].duration_s, page[2].media[0].sha256) == (5.0, "ab" * 32)
    assert not told


def test_an_old_page_with_bare_keys(read: Any) -> None:
    first = "{ type:1, text: '他说 \\'好\\'<br>',is_send:1,timestamp:1775463660,is_chatroom:0,displayname:'小明'}"
    script = f"const chatMessages = [\n{first},\n{{ type:1, text: evil(),is_send:1,timestamp:1}},\n];"
    found, told = read(memotrace_html.IMPORTER, PAGE.format(title="李", script=script))
    assert [(r.direction, r.text, r.extras["sender"]) for r in found] == [("out", "他说 '好'<br>", "小明")]
    assert told["row_unreadable"].locator == "message[1]"


def test_a_page_cut_off_keeps_what_came_before(read: Any) -> None:
    data = json.dumps(MESSAGES, ensure_ascii=False, indent=4)
    found, _told = read(memotrace_html.IMPORTER, f"<html><script>var chatMessages = {data[:-90]}")
    assert len(found) == 2
    with pytest.raises(Unreadable):
        read(memotrace_html.IMPORTER, "<html><script>var chatMessages = [];</script>")


PLAIN = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text()
NESTED = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(NESTED)
def test_what_json_writes_is_read_back(value: Any) -> None:
    assert read_literal(json.dumps(value)) == value


@given(st.text(alphabet="{}[]'\"`\\:,ab1 ", max_size=60), st.integers(1, 7))
def test_no_script_breaks_the_cutting(text: str, size: int) -> None:
    import re

    whole = f"var chatMessages = [{text}"
    pieces = [whole[i : i + size] for i in range(0, len(whole), size)]
    start = re.compile(r"chatMessages = \[")
    cut = list(cut_objects(iter(pieces), start))
    assert cut == list(cut_objects(iter([whole]), start))
    for source in cut:
        try:
            read_literal(source or "")
        except NotLiteral:
            continue


def test_deep_nesting_is_refused() -> None:
    for source in ("[" * 100_000, "{a:" * 5000, "[" * 50 + "]" * 50 + "x"):
        with pytest.raises(NotLiteral):
            read_literal(source)


def test_the_records_are_the_same_twice(read: Any) -> None:
    first, _told = read(memotrace_txt.IMPORTER, TEXT)
    again, _told = read(memotrace_txt.IMPORTER, TEXT)
    assert [dataclasses.asdict(r) for r in first] == [dataclasses.asdict(r) for r in again]
