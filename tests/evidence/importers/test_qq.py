"""QQ: the text and the archive of the message manager, and JSON of QQ NT."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.qq.mhtparts import Base64Body, PartBody
from evidence.formats.qq.qqheader import read_heading
from evidence.importers import qq, qq_mht, qqnt
from evidence.importers.base import FileProbe, Neighbour, ReadOptions
from evidence.models import Media, Problem, Record

OURS = (qq.IMPORTER, qq_mht.IMPORTER, qqnt.IMPORTER)
ZONE = ZoneInfo("Asia/Shanghai")
RULE = "=" * 64
OPENING = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"


def keep(stream: BinaryIO, name: str, mime: str) -> Media:
    data = stream.read()
    return Media(hashlib.sha256(data).hexdigest(), len(data), mime, name)


def conversation(folder: str, title: str) -> str:
    return f"{RULE}\n消息分组:{folder}\n{RULE}\n消息对象:{title}\n{RULE}\n\n"


@pytest.fixture
def read(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., Any]:
    def run(importer: Any, data: str | bytes, me: tuple[str, ...] = (), **changes: Any) -> Any:
        path = tmp_path / "file"
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        file = make_probe(path, **changes)
        assert [other.name for other in OURS if other.claims(file)] == [importer.name]
        items = list(importer.read(file, ReadOptions(ZONE, me=me), keep))
        told = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if isinstance(item, Record)], told

    return run


@pytest.mark.parametrize(
    ("line", "wall", "name", "account", "title"),
    [
        ("2019-07-16 18:15:05 昵称(12345)", "2019-07-16T18:15:05", "昵称", "12345", None),
        ("2019-07-16 8:15:05 a b<mail@qq.com>", "2019-07-16T08:15:05", "a b", "mail@qq.com", None),
        ("2019-07-16 8:15:05 昵称", "2019-07-16T08:15:05", "昵称", None, None),
        ("2019-09-23 8:43:38 PM 名(1)(10001)", "2019-09-23T20:43:38", "名(1)", "10001", None),
        ("2019-09-23 12:00:01 AM 名(10001)", "2019-09-23T00:00:01", "名", "10001", None),
        ("2026-09-15 上午 08:00:00 名(10001)", "2026-09-15T08:00:00", "名", "10001", None),
        ("2026-09-15 下午 12:00:00 名(10001)", "2026-09-15T12:00:00", "名", "10001", None),
        ("2026-9-5 08:00:00 【管理员】【潜水】名(10001)", "2026-09-05T08:00:00", "名", "10001", "【管理员】【潜水】"),
        ("2026-09-15 08:00:00 【只有这个】", "2026-09-15T08:00:00", "【只有这个】", None, None),
        ("2026-09-15 08:00:00 (10001)", "2026-09-15T08:00:00", "", "10001", None),
    ],
)
def test_headings_of_every_windows_locale(
    line: str, wall: str, name: str, account: str | None, title: str | None
) -> None:
    heading = read_heading(line)
    assert heading is not None
    assert (heading.wall.isoformat(), heading.sender.name) == (wall, name)
    assert (heading.sender.account, heading.sender.title) == (account, title)
    assert line.startswith(heading.raw)


@pytest.mark.parametrize(
    "line", ["2019-13-16 18:15:05 a", "2019-07-16 25:15:05 a", "2019-07-16 18:15 a", "2019-07-16 18:15:05", "x", ""]
)
def test_what_is_no_heading(line: str) -> None:
    assert read_heading(line) is None


def test_the_heading_of_a_chat_of_two_tells_who_is_who(read: Any) -> None:
    text = OPENING + conversation("我的好友", "李") + "2026-04-06 16:21:05 李(12000001)\n还钱\n\n"
    text += "2026-04-06 16:22:05 小明(12000002)\n没有\n\n" + conversation("我的群聊", "群")
    text += "2026-04-07 16:21:05 小 明(12000002)\n在\n\n2026-04-07 16:21:06 王(12000003)\n在\n\n"
    found, told = read(qq.IMPORTER, text)
    assert [(r.direction, r.name, r.extras["conversation"], r.extras.get("group")) for r in found] == [
        ("in", "李", "李", None),
        ("out", "李", "李", None),
        ("out", "小 明", "群", True),
        ("in", "王", "群", True),
    ]
    assert set(told) == {"direction_by_heading"}
    found, told = read(qq.IMPORTER, text, me=("12000001",))
    assert [record.direction for record in found] == ["out", "in", "in", "in"]
    assert not told


def test_without_a_heading_that_fits_it_is_left_open(read: Any) -> None:
    text = OPENING + conversation("朋友", "备注名") + "2026-04-06 16:21:05 李(12000001)\n还钱\n\n"
    found, told = read(qq.IMPORTER, text)
    assert [record.direction for record in found] == [None]
    assert set(told) == {"direction_unknown"}


def test_words_keep_their_blank_lines_rules_and_false_headings(read: Any) -> None:
    body = f"一\n\n二\n{RULE}\n三\n2026-04-06 16:21:06 假(12000009)\n四"
    text = OPENING + conversation("我的好友", "李") + f"2026-04-06 16:21:05 李(12000001)\n{body}\n\n"
    text += "2026-04-06 16:22:05 李(12000001)\n\n\n2026-04-06 16:20:05 李(12000001)\n五\n"
    found, told = read(qq.IMPORTER, text.replace("\n", "\r\n"))
    assert [record.text for record in found] == [body, None, "五"]
    assert told["header_doubtful"].locator == "line 15"
    assert told["order_odd"].locator == "line 21"


def test_files_without_blank_lines_between(read: Any) -> None:
    text = "消息记录（此消息记录为文本格式，不支持重新导入）\n消息分组:我的群\n消息对象:群\n"
    text += "2024-01-02 03:04:05 【管理员】A(10001)\n一\n二\n2024-01-02 03:05:06 系统消息(10000)\nA撤回了一条消息\n"
    found, _told = read(qq.IMPORTER, text)
    assert [(r.text, r.extras["message_type"], r.direction) for r in found] == [
        ("一\n二", "text", None),
        ("A撤回了一条消息", "recalled", None),
    ]
    assert found[0].extras["sender_title"] == "【管理员】"


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(read: Any, codec: str) -> None:
    text = OPENING + conversation("我的好友", "李") + "2026-04-06 16:21:05 李(12000001)\n还钱，不然上门\n\n"
    found, _told = read(qq.IMPORTER, text.replace("\n", "\r\n").encode(codec))
    assert [record.text for record in found] == ["还钱，不然上门"]
    assert (found[0].time.how, found[0].time.utc) == ("local_assumed", "2026-04-06T08:21:05.000Z")


def test_an_opening_without_messages_is_unreadable(read: Any) -> None:
    with pytest.raises(Unreadable):
        read(qq.IMPORTER, OPENING + conversation("我的好友", "李"))


LINES = st.sampled_from(
    ["2026-04-06 16:21:05 李(12000001)", "", "话", RULE, "消息对象:x", "消息分组:y", "2026-04-06 8:21:05 王", " "]
)


@given(st.lists(LINES, max_size=40))
def test_no_line_is_lost(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    start = OPENING + conversation("我的好友", "李") + "2026-04-06 16:21:05 李(12000001)\n始\n\n"
    path = tmp_path_factory.mktemp("q") / "q.txt"
    path.write_text(start + "\n".join(lines), encoding="utf-8")
    data = path.read_bytes()
    items = list(qq.IMPORTER.read(FileProbe(path, "q", len(data), "0" * 64, data), ReadOptions(ZONE), keep))
    found = [item for item in items if isinstance(item, Record)]
    whole = "\n".join(record.text or "" for record in found)
    heads = {int(record.locator.split()[1]) for record in found}
    outside = [item for item in items if isinstance(item, Problem) and item.code == "text_outside"]
    for number, line in enumerate(lines, start.count("\n") + 1):
        if line.strip() and line != RULE and not line.startswith("消息"):
            assert number in heads or line in whole or outside


def archive(rows: list[str], pictures: dict[str, bytes], end: bool = True, newline: str = "\r\n") -> bytes:
    mark = "----=_NextPart_1.2"
    lines = ["From: <Save by Tencent MsgMgr>", "MIME-Version: 1.0", "Content-Type:multipart/related;"]
    lines += ['\ttype="text/html";', f'\tboundary="{mark}"', "", f"--{mark}", "Content-Type: text/html"]
    lines += ["Content-Transfer-Encoding:7bit", "", "<html><head><title>QQ Message</title></head><body><table>"]
    lines += ["".join(rows) + "</table></body></html>"]
    for name, data in pictures.items():
        text = base64.encodebytes(data).decode().rstrip("\n").replace("\n", newline)
        lines += [f"--{mark}", "Content-Type:image/jpeg", "Content-Transfer-Encoding:base64"]
        lines += [f"Content-Location:{name}", "", text, ""]
    return newline.join([*lines, *([f"--{mark}--", ""] if end else [])]).encode("utf-8")


def row(name: str, clock: str, body: str) -> str:
    return (
        "<tr><td><div style=color:#006EFE;padding-left:10px;><div style=float:left;margin-right:6px;>"
        f"{name}</div>{clock}</div><div style=padding-left:20px;>{body}</div></td></tr>"
    )


def day(text: str) -> str:
    return f"<tr><td style=border-bottom-width:1px;padding-left:10px;>日期: {text}</td></tr>"


HEADINGS = ["<tr><td><div>消息分组:我的好友</div></td></tr>", "<tr><td><div>消息对象:李</div></td></tr>"]
GIF = b"GIF89a" + bytes(500)


def test_the_archive_with_its_pictures(read: Any) -> None:
    rows = [
        *HEADINGS,
        day("2012/4/11"),
        row("李(12000001)", "12:28:18", 'A &lt;b&gt;<br>二&nbsp;三<IMG src="{1}.dat"><IMG src="{2}.dat">'),
        day("2012-4-12"),
        row("小明&lt;a@qq.com&gt;", "8:00:00 PM", '<font style="x">好</font>'),
        row("小明&lt;a@qq.com&gt;", "25:00:00", "坏"),
        "<tr><td>别的</td></tr>",
    ]
    found, told = read(qq_mht.IMPORTER, archive(rows, {"{1}.dat": GIF, "{3}.dat": b"x"}))
    assert [(r.locator, r.direction, r.name, r.text, r.time.utc, r.time.raw) for r in found] == [
        ("row 4", "in", "李", "A <b>\n二 三", "2012-04-11T04:28:18.000Z", "2012/4/11 12:28:18"),
        ("row 6", "out", "李", "好", "2012-04-12T12:00:00.000Z", "2012-4-12 8:00:00 PM"),
    ]
    assert found[0].media == (Media(hashlib.sha256(GIF).hexdigest(), len(GIF), "image/gif", "{1}.dat"),)
    assert found[0].extras["missing_media"] == ["{2}.dat"]
    assert set(told) == {"direction_by_heading", "media_missing", "row_unreadable", "picture_unused"}
    assert told["row_unreadable"].locator == "row 7"


def test_an_archive_without_days_and_cut_in_a_picture(read: Any) -> None:
    data = archive([*HEADINGS, row("李(12000001)", "12:28:18", '<IMG src="{1}.dat">')], {"{1}.dat": GIF}, end=False)
    found, told = read(qq_mht.IMPORTER, data[:-300])
    assert (found[0].time.utc, found[0].time.raw, len(found[0].media)) == (None, "12:28:18", 1)
    assert {"time_unreadable", "attachment_damaged"} <= set(told)


def test_archives_that_hold_nothing_or_another_encoding(read: Any) -> None:
    with pytest.raises(Unreadable):
        read(qq_mht.IMPORTER, archive(HEADINGS, {}))
    with pytest.raises(Unreadable):
        read(qq_mht.IMPORTER, archive(HEADINGS, {}).replace(b"7bit", b"quoted-printable"))


def test_a_large_archive_takes_little_memory(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "big.mht"
    rows = [
        *HEADINGS,
        day("2012/4/11"),
        *(row("李(12000001)", "12:28:18", f"第{n}条" + "话" * 60) for n in range(20_000)),
    ]
    path.write_bytes(archive(rows, {f"{{{n}}}.dat": bytes(300_000) for n in range(20)}))
    file = make_probe(path)
    tracemalloc.start()

    def count(stream: BinaryIO, name: str, mime: str) -> Media:
        while stream.read(65536):
            continue
        return Media("00" * 32, 1, mime, name)

    seen = sum(isinstance(item, Record) for item in qq_mht.IMPORTER.read(file, ReadOptions(ZONE), count))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == 20_000
    assert peak < 16 << 20


@given(st.binary(max_size=300), st.integers(1, 40))
def test_bodies_end_at_the_boundary(data: bytes, size: int) -> None:
    import evidence.formats.qq.mhtparts as mhtparts

    data = data.replace(b"\n--B", b"")
    file = io.BytesIO(data + b"\n--B\nrest")
    old, mhtparts._PIECE = mhtparts._PIECE, size
    try:
        body = PartBody(file, b"B")
        assert b"".join(body.pieces()) == data
        assert (body.ended, file.read()) == (True, b"--B\nrest")
    finally:
        mhtparts._PIECE = old


@given(st.binary(max_size=400), st.integers(1, 50))
def test_base64_bodies(data: bytes, size: int) -> None:
    body = Base64Body(PartBody(io.BytesIO(base64.encodebytes(data).replace(b"\n", b"\r\n") + b"\n--B--"), b"B"))
    assert body.peek(size)[:size] == data[:size]
    out = b""
    while piece := body.read(size):
        out += piece
    assert out == data
    assert not body.damaged


@given(st.binary(max_size=400))
def test_no_archive_breaks_it(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    good = archive([*HEADINGS, row("李(12000001)", "12:28:18", "话")], {"{1}.dat": GIF})
    path = tmp_path_factory.mktemp("a") / "a.mht"
    for data in (noise, good[: len(noise) * 3] + noise, good.replace(b"<table>", b"<table>" + noise)):
        path.write_bytes(data)
        file = FileProbe(path, "a.mht", len(data), "0" * 64, data)
        qq_mht.IMPORTER.claims(file)
        try:
            list(qq_mht.IMPORTER.read(file, ReadOptions(ZONE), keep))
        except Unreadable:
            continue


def test_qqnt_lines_look_into_the_manifest(read: Any, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    info = {"name": "群", "type": "group", "selfUid": "u_me", "peerUid": "g1"}
    manifest.write_text(json.dumps({"metadata": {}, "chatInfo": info, "chunked": {"chunks": []}}), encoding="utf-8")

    def find(name: str) -> Neighbour | None:
        return (
            Neighbour(manifest, "manifest.json", manifest.stat().st_size, "00" * 32)
            if name == "../manifest.json"
            else None
        )

    line = {
        "id": "1",
        "timestamp": 1775463660000,
        "sender": {"uid": "u_a", "name": "李"},
        "content": {"type": "text", "text": "在"},
    }
    lines = [
        line,
        line | {"sender": {"uid": "u_me", "name": "我"}},
        line | {"timestamp": None, "rawMessage": {"msgTime": "1775463661"}},
    ]
    text = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in lines) + "\n{broken\n"
    found, told = read(qqnt.IMPORTER, text, find=find)
    assert [(r.locator, r.direction, r.name, r.time.utc) for r in found] == [
        ("line 1", "in", "李", "2026-04-06T08:21:00.000Z"),
        ("line 2", "out", "我", "2026-04-06T08:21:00.000Z"),
        ("line 3", "in", "李", "2026-04-06T08:21:01.000Z"),
    ]
    assert {r.extras["conversation"] for r in found} == {"群"}
    assert told
    for me, direction in ((), None), (("王",), None), (("李",), "out"):
        found, told = read(qqnt.IMPORTER, json.dumps(line) + "\n", me=me)
        assert found[0].direction == direction


def test_qqnt_manifest_names_absent_parts(read: Any) -> None:
    chunks = [{"relativePath": "chunks/c000001.jsonl"}, {"relativePath": "chunks/c000002.jsonl"}]
    found, told = read(qqnt.IMPORTER, json.dumps({"metadata": {}, "chatInfo": {"name": "x"}, "chunks": chunks}))
    assert not found
    assert "c000002" in told["parts_missing"].message


def test_qqnt_keeps_recalled_words_and_finds_files(read: Any) -> None:
    def find(name: str) -> Neighbour | None:
        return Neighbour(Path("/nowhere"), "a.jpg", 3, "ab" * 32) if name == "resources/a.jpg" else None

    resources = [{"type": "image", "filename": "a.jpg"}, {"type": "image", "filename": "../b"}]
    message = {
        "messageId": "9",
        "timestamp": "2026-04-06T08:21:00.000Z",
        "isRecalled": True,
        "sender": {"uin": "12000001", "name": "李"},
        "content": {"text": "弄死你", "resources": resources},
    }
    found, told = read(qqnt.IMPORTER, json.dumps({"metadata": {}, "chatInfo": {}, "messages": [message]}), find=find)
    (record,) = found
    assert (record.text, record.extras["state"], record.extras["message_type"]) == ("弄死你", "recalled", "image")
    assert (record.media[0].sha256, record.extras["missing_media"]) == ("ab" * 32, ["../b"])
    assert record.extras["source_sender"] == {"uin": "12000001", "name": "李"}
    assert "media_missing" in told
