"""Tables of iMazing and PhoneView."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.base import Neighbour
from evidence.importers.imazing import IMPORTER, layout_of, wall_clock
from evidence.models import Problem, Record

Read = Callable[..., list[Any]]
WHATSAPP = (
    "Chat Session,Message Date,Sent Date,Type,Sender ID,Sender Name,Status,Replying to,Text,Attachment,Attachment type"
)
PHONEVIEW = '"direction","timestamp","name","number","content","type"'
CHINESE = (
    "聊天会话,消息日期,送达日期,阅读日期,编辑日期,服务,类型,发送者 ID,发送者姓名,状态,回复,主题,文本,附件,附件类型"
)


@pytest.fixture
def run(tmp_path: Path, read_all: Read) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(text: str, codec: str = "utf-8", **changes: Any) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(codec))
        items = read_all(IMPORTER, path, **changes)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


@pytest.mark.parametrize(
    ("text", "wall", "precision"),
    [
        ("2023-03-09 04:26:40", "2023-03-09T04:26:40", 1.0),
        ("2023/3/9 4:26", "2023-03-09T04:26:00", 60.0),
        ("2023-03-09T04:26:40", "2023-03-09T04:26:40", 1.0),
        ("Jul 23, 2011 6:12:54 AM", "2011-07-23T06:12:54", 1.0),
        ("Jul 23, 2011 12:12:54 AM", "2011-07-23T00:12:54", 1.0),
        ("July 3, 2011 12:12:54\u202fPM", "2011-07-03T12:12:54", 1.0),
    ],
)
def test_wall_clocks(text: str, wall: str, precision: float) -> None:
    found = wall_clock(text)
    assert found is not None
    assert (found[0].isoformat(), found[1]) == (wall, precision)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2023-13-01 00:00:00", "Jux 1, 2011 1:00:00 AM", "Jul 1, 2011 13:00:00 AM"]
)
def test_no_wall_clocks(text: str) -> None:
    assert wall_clock(text) is None


def test_whatsapp(run: Any) -> None:
    records, problems = run(
        f"{WHATSAPP}\n周,2023-03-09 04:26:40,,Incoming,+8612000000011,周,Read,,还款,,\n"
        "周,2023-03-09 04:27:40,,Outgoing,+8612000000099,,Sent,,好,p.png,Image\n"
    )
    assert [(r.kind, r.channel, r.direction, r.number) for r in records] == [
        ("chat", "whatsapp", "in", "12000000011"),
        ("chat", "whatsapp", "out", None),
    ]
    assert (records[1].name, records[1].extras["account"]) == ("周", "+8612000000099")
    assert set(problems) == {"media_missing", "service_assumed"}


def test_chinese_header_and_encoding(run: Any) -> None:
    records, problems = run(
        f"{CHINESE}\n周,2023-03-09 04:26:40,,,,SMS,传入,12000000011,周,,,,还款,,\n"
        "周,2023-03-09 04:26:41,,,,SMS,通知,,,,,,系统,,\n周,2023-03-09 04:26:42,,,,SMS,别的,,,,,,什么,,\n",
        "gb18030",
    )
    assert [(r.channel, r.direction, r.extras["message_type"]) for r in records] == [
        ("sms", "in", "text"),
        ("sms", None, "system"),
        ("sms", None, "text"),
    ]
    assert "别的" in problems["type_unknown"].message


def test_phoneview(run: Any) -> None:
    records, problems = run(
        f'{PHONEVIEW}\n"incoming","Jul 23, 2011 6:12:54 AM","Lin","+8612000000011","=1+1","SMS"\n'
        '"outgoing","Jul 23, 2011 6:13:54 PM","Lin","+8612000000011","好","iMessage"\n'
    )
    assert [(r.kind, r.direction, r.number, r.name, r.text) for r in records] == [
        ("sms", "in", "12000000011", "Lin", "=1+1"),
        ("chat", "out", "12000000011", "Lin", "好"),
    ]
    assert [r.time.utc for r in records] == ["2011-07-22T22:12:54.000Z", "2011-07-23T10:13:54.000Z"]
    assert problems == {}


def test_attachments(run: Any, tmp_path: Path) -> None:
    picture = tmp_path / "p"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))

    def find(relative: str) -> Neighbour | None:
        return Neighbour(picture, "p.png", 28, "ab" * 32) if relative in ("周/p.png", "../p.png") else None

    records, problems = run(
        f"{WHATSAPP}\n周,2023-03-09 04:26:40,,Incoming,1200,周,,,,p.png,Image\n"
        "../,2023-03-09 04:26:40,,Incoming,1201,周,,,,p.png,Image\n"
        "周,2023-03-09 04:26:40,,Incoming,1200,周,,,,../p.png,Audio\n",
        find=find,
    )
    assert [[m.mime for m in r.media] for r in records] == [["image/png"], [], []]
    assert [r.extras.get("missing_media") for r in records] == [None, ["p.png"], ["../p.png"]]
    assert [r.extras["message_type"] for r in records] == ["image", "image", "voice"]
    assert problems["media_missing"].message.startswith("2")


def test_ragged_and_empty_rows_reconcile(run: Any) -> None:
    records, problems = run(f"{WHATSAPP}\nshort,2023-03-09 04:26:40\n,,,,,,,,,,\n{'x,' * 14}y\n")
    assert [r.locator for r in records] == ["line 2", "line 4"]
    assert records[1].extras["column 15"] == "y"
    assert {"row_skipped", "columns_differ", "time_unreadable"} <= set(problems)


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        (WHATSAPP, True),
        (CHINESE, True),
        (PHONEVIEW.replace('"', ""), True),
        ("Message Date,Type,Text", False),
        ("name,number,type", False),
        ("", False),
    ],
)
def test_layouts(header: str, ours: bool) -> None:
    assert (layout_of(header.split(",")) is not None) is ours


def test_claims_never_by_name(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "Messages - iMazing.csv"
    for data in (b"", b"\0\xff", b"Chat Session", b"a,b\n1,2\n"):
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path)) is False
    path.write_bytes(f"\ufeff{WHATSAPP}\r\n".encode())
    assert IMPORTER.claims(make_probe(path)) is True


CELLS = st.text(alphabet=st.characters(exclude_characters='",\r\n\0;|\t', codec="utf-8"), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=11, max_size=11), max_size=6))
def test_every_row_is_accounted_for(rows: list[list[str]], run: Any) -> None:
    records, problems = run("\n".join((WHATSAPP, *(",".join(row) for row in rows))) + "\n")
    skipped = int(problems["row_skipped"].message.split()[0]) if "row_skipped" in problems else 0
    assert len(records) + skipped >= sum(any(cell.strip() for cell in row) for row in rows)
    assert len(records) + skipped <= len(rows) + 1
