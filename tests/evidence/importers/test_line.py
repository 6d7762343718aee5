"""LINE text exports: titles and days of several languages, calls, quoted text, who is who."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.chats.dateorder import DateOrderOpen
from evidence.importers import transcript
from evidence.importers.base import FileProbe, ReadOptions
from evidence.importers.line import IMPORTER
from evidence.models import Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def run(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., tuple[list[Record], dict[str, Problem]]]:
    def read(text: str, options: ReadOptions = OPTIONS) -> tuple[list[Record], dict[str, Problem]]:
        path = tmp_path / "kept"
        path.write_bytes(text.replace("\n", "\r\n").encode())
        file = make_probe(path, name="chat.txt")
        assert IMPORTER.claims(file)
        assert not transcript.IMPORTER.claims(file)
        items = list(IMPORTER.read(file, options, lambda *_a: pytest.fail("attach")))
        problems = {item.code: item for item in items if isinstance(item, Problem)}
        return [item for item in items if isinstance(item, Record)], problems

    return read


@pytest.mark.parametrize(
    ("title", "saved", "other"),
    [
        ("[LINE] 与王某的聊天记录", "保存日期: 2024/01/05 12:00", "王某"),
        ("[LINE] 與王某的聊天記錄", "儲存日期：2024/01/05 12:00", "王某"),
        ("[LINE] 王某とのトーク履歴", "保存日時：2024/01/05 12:00", "王某"),
        ("Chat history with 王某", "Saved on: 2024/01/05 12:00", "王某"),
        ("[LINE] Chat history with 王某", "Saved on: 1/5/2024, 12:00", "王某"),
        ("\ufeff[LINE] 王某님과의 대화", "저장한 날짜: 2024/01/05 12:00", "王某"),
    ],
)
def test_titles(run: Any, title: str, saved: str, other: str) -> None:
    records, problems = run(f"{title}\n{saved}\n\n2024/01/02(二)\n10:22\t{other}\t还钱\n10:23\t小李\t没有\n")
    assert [(r.direction, r.name, r.text) for r in records] == [("in", other, "还钱"), ("out", other, "没有")]
    assert "owner_settled" in problems


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2019/01/18(金)", "14:05", "2019-01-18T06:05"),
        ("2026/1/30周五", "下午2:05", "2026-01-30T06:05"),
        ("2025.12.10 Wednesday", "14:05", "2025-12-10T06:05"),
        ("Fri, 1/30/2026", "02:05PM", "2026-01-30T06:05"),
        ("Fri, 30/1/2026", "02:05PM", "2026-01-30T06:05"),
        ("Wed, 2/4/2026", "02:05PM", "2026-02-04T06:05"),
        ("2019/01/18(金)", "午後02:05", "2019-01-18T06:05"),
        ("2019/01/18(金)", "午前00:05", "2019-01-17T16:05"),
        ("2019年1月18日 星期五", "上午10:05", "2019-01-18T02:05"),
    ],
)
def test_days_and_clocks(run: Any, day: str, clock: str, utc: str) -> None:
    records, problems = run(f"Chat history with A\nSaved on: 2026/02/01 12:00\n\n{day}\n{clock}\tA\tx\n")
    assert records[0].time.utc == f"{utc}:00.000Z"
    assert (records[0].time.how, records[0].time.precision_s) == ("minute_only", 60.0)
    assert records[0].time.raw == f"{day} {clock}"
    assert "date_order_open" not in problems


def test_an_open_order_of_day_and_month_is_asked_for(run: Any) -> None:
    text = "Chat history with A\nSaved on: x\n\n3/4/2026\n10:00\tA\tx\n"
    with pytest.raises(DateOrderOpen, match="--date-order"):
        run(text)
    records, _problems = run(text, dataclasses.replace(OPTIONS, date_order="dmy"))
    assert records[0].time.utc.startswith("2026-04-03")


def test_text_of_several_lines(run: Any) -> None:
    records, _problems = run(
        'Chat history with A\n\n2024/01/02(Tue)\n10:00\tA\t"one\ntwo ""x""\n\nfour"\n10:01\tA\t"quoted" he said\n'
        '10:02\tB\t"open\n10:03\tB\tplain\nnext line\n\n2024/01/03(Wed)\n10:00\tB\tx\ty\n'
    )
    assert [r.text for r in records] == [
        'one\ntwo "x"\n\nfour', '"quoted" he said', '"open', "plain\nnext line", "x\ty"
    ]  # fmt: skip
    assert [r.locator for r in records] == ["line 4", "line 8", "line 9", "line 10", "line 14"]


@pytest.mark.parametrize(
    ("line", "kind", "message_type", "outcome", "seconds"),
    [
        ("A\t☎ 通話時間 5:32", "call", "call", "answered", 332.0),
        ("A\t☎ Call time 1:00:05", "call", "call", "answered", 3605.0),
        ("A\t☎ 不在着信", "call", "call", "missed", 0.0),
        ("A\t☎ Missed call", "call", "call", "missed", 0.0),
        ("A\t☎ 已取消", "call", "call", "missed", 0.0),
        ("A\t[写真]", "chat", "image", None, None),
        ("A\t[Sticker]", "chat", "sticker", None, None),
        ("A\t[something else]", "chat", "text", None, None),
        ("\tA joined the group.", "chat", "system", None, None),
        ("A joined the group.", "chat", "system", None, None),
        ("A unsent a message.", "chat", "recalled", None, None),
    ],
)
def test_what_a_message_is(
    run: Any, line: str, kind: str, message_type: str, outcome: str | None, seconds: float | None
) -> None:
    records, _problems = run(f"[LINE] Chat history in G\nSaved on: x\n\n2024/01/02(Tue)\n10:00\t{line}\n")
    (record,) = records
    assert (record.kind, record.extras["message_type"], record.outcome, record.duration_s) == (
        kind, message_type, outcome, seconds
    )  # fmt: skip
    assert record.extras["group"] is True
    if message_type in ("system", "recalled"):
        assert record.direction is None


def test_columns_parted_by_blanks(run: Any) -> None:
    records, _problems = run("[LINE] Chat history with 王 某\n\n2025.12.10 Wednesday\n10:00 王 某 还钱\n10:01 Li no\n")
    assert [(r.extras.get("sender"), r.text) for r in records] == [("王 某", "还钱"), (None, "Li no")]


@pytest.mark.parametrize(
    "text",
    ["10:22\tA\tx\n", "[LINE] x\n", "[LINE]\nfoo\n", "Chat history with A\nfoo\n", "", "[00:01] a\n[00:02] b\n"],
)
def test_what_it_does_not_claim(text: str, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "any"
    path.write_text(text, encoding="utf-8")
    assert not IMPORTER.claims(make_probe(path))


def test_without_messages(run: Any) -> None:
    with pytest.raises(Unreadable):
        run("[LINE] Chat history with A\nSaved on: x\n")


PIECES = ("2024/01/02(Tue)", "1/2/2024", "10:00\tA\tx", '10:00\tA\t"x', 'y"', "", "99:99\tA\tx", "25:00\tA\tb")
LINES = st.lists(st.sampled_from([f"{piece}\n" for piece in PIECES]) | st.text(max_size=20), max_size=20)


@given(lines=LINES)
def test_no_text_raises_anything_but_unreadable(lines: list[str], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "line.txt"
    data = ("[LINE] Chat history with A\nSaved on: x\n" + "".join(lines)).encode("utf-8", "replace")
    path.write_bytes(data)
    file = FileProbe(path, "x.txt", len(data), "0" * 64, data[:65536])
    IMPORTER.claims(file)
    try:
        items = list(IMPORTER.read(file, OPTIONS, lambda *_a: pytest.fail("attach")))
    except Unreadable:
        return
    records = [item for item in items if isinstance(item, Record)]
    assert len({record.locator for record in records}) == len(records) > 0
