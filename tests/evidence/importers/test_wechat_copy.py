"""Text copied out of WeChat on a computer, in its three forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.wechat.wechatpaste import parse_paste, recognise
from evidence.importers.base import FileProbe, ReadOptions
from evidence.importers.wechat_copy import IMPORTER
from evidence.models import Problem, Record


@pytest.fixture
def read(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Callable[..., list[Any]]:
    def run(text: str, me: tuple[str, ...] = ()) -> list[Any]:
        path = tmp_path / "p.txt"
        path.write_text(text, encoding="utf-8")
        options = ReadOptions(ZoneInfo("Asia/Shanghai"), me=me)
        return list(IMPORTER.read(make_probe(path), options, None))  # type: ignore[arg-type]

    return run


def test_two_line_headings_of_wechat_4(read: Any) -> None:
    text = (
        "小红\r\n2026年09月29日 13:58\r\n你好\r\n\r\n第二段\r\n2026年09月29日 13:59\r\n\r\n"
        "\u3164\n2026年9月29日 下午2:01\n[图片] 微信图片_20260929171551_484.dat\n\n"
        "小红\n2026年09月30日 星期三 8:00\n还钱\n"
    )
    items = read(text, ("\u3164",))
    found = [item for item in items if isinstance(item, Record)]
    assert [(r.locator, r.extras["sender"], r.time.utc, r.direction, r.text) for r in found] == [
        ("line 1", "小红", "2026-09-29T05:58:00.000Z", "in", "你好\n\n第二段\n2026年09月29日 13:59"),
        ("line 8", "\u3164", "2026-09-29T06:01:00.000Z", "out", "[图片] 微信图片_20260929171551_484.dat"),
        ("line 12", "小红", "2026-09-30T00:00:00.000Z", "in", "还钱"),
    ]
    assert found[1].extras["missing_media"] == ["微信图片_20260929171551_484.dat"]
    assert found[1].name == "小红"
    assert {r.time.precision_s for r in found} == {60}
    assert {item.code: item.locator for item in items if isinstance(item, Problem)} == {
        "media_missing": "line 8",
        "header_doubtful": "line 5",
    }


def test_one_line_headings(read: Any) -> None:
    found = [
        i
        for i in read("小 红 2024/1/2 10:22\n你好\n会议 2024/1/2 11:00\n\n我 2024/1/2 10:23:05\n好\n")
        if isinstance(i, Record)
    ]
    assert [(r.extras["sender"], r.time.utc, r.time.precision_s, r.text) for r in found] == [
        ("小 红", "2024-01-02T02:22:00.000Z", 60, "你好\n会议 2024/1/2 11:00"),
        ("我", "2024-01-02T02:23:05.000Z", 1, "好"),
    ]


def test_names_only_have_no_time(read: Any) -> None:
    items = read("小红:\n你好\n\n我：\n好\n\n小红:\n还钱\n\n我:\n没有\n", ("我",))
    found = [item for item in items if isinstance(item, Record)]
    assert [(r.extras["sender"], r.direction, r.time.utc, r.text) for r in found] == [
        ("小红", "in", None, "你好"),
        ("我", "out", None, "好"),
        ("小红", "in", None, "还钱"),
        ("我", "out", None, "没有"),
    ]
    assert [item.code for item in items if isinstance(item, Problem)] == ["time_unreadable"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("小红\n2026年09月29日 13:58\n你好\n", "two_lines"),
        ("\n\n小红\n2026年09月29日 13:58\n你好\n", "two_lines"),
        ("会议 2024/1/2 10:22\n讨论\n", None),
        ("通知\n\n小红\n2026年09月29日 13:58\n你好\n", None),
        ("小红\n2026年13月29日 13:58\n你好\n", None),
        ("name:\n  a\n\nother:\n  b\n\nname:\n  c\n\nother:\n  d\n", None),
        ("材料:\n一\n\n日期:\n二\n\n地点:\n三\n\n人:\n四\n", None),
        ("2026-04-06 16:21:00 小红\n在\n", None),
        ("", None),
    ],
)
def test_recognised_narrowly(text: str, form: str | None) -> None:
    assert recognise(text) == form


LINES = st.sampled_from(
    ["小红", "2026年09月29日 13:58", "", "话", "我", "小红 2024/1/2 10:22", "我 2024/1/2 9:00", "甲:", " "]
)


@given(st.lists(LINES, max_size=30))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "小红\n2026年09月29日 13:58\n始\n" + "\n".join(lines)
    paste = parse_paste(text, "two_lines")
    heads = {message.line for message in paste.messages} | {message.line + 1 for message in paste.messages}
    whole = "\n".join(message.text for message in paste.messages)
    for number, line in enumerate(lines, 4):
        assert not line.strip() or number in heads or line.strip() in whole


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    form = recognise(text)
    if form is not None:
        assert parse_paste(text, form).messages


def test_long_hostile_lines_take_no_time() -> None:
    for line in ("1" * 300_000, "年" * 300_000, " " * 300_000 + "2024/1/2 10:22"):
        recognise(f"小红\n{line}\n话\n")
