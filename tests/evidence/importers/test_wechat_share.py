"""WeChat chats sent by mail: who spoke when, and what belongs to whose words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.wechat.wechathtml import share_text
from evidence.formats.wechat.wechattext import is_wechat_share, parse_share, share_records
from evidence.importers.base import FileProbe, Neighbour, ReadOptions
from evidence.importers.wechat_share import IMPORTER
from evidence.models import Media, Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
NAME = "196bcfcc8048af78f7cbb9a758d91a48.jpg"
HEAD = "小明 和 小红 在微信上的聊天记录如下，请查收。\n\n—————  2026-04-06  —————\n\n\n"


def records(text: str, me: tuple[str, ...] = (), find: Any = None) -> tuple[list[Record], dict[str, Problem]]:
    items = list(share_records(text, replace(OPTIONS, me=me), find or (lambda name: None), ""))
    told = [item for item in items if isinstance(item, Problem)]
    assert len({problem.code for problem in told}) == len(told)  # each is told once
    return [item for item in items if isinstance(item, Record)], {problem.code: problem for problem in told}


def said(text: str, me: tuple[str, ...] = ()) -> list[tuple[str | None, str | None]]:
    return [(record.extras["sender"], record.text) for record in records(text, me)[0]]


def test_the_form_that_wechat_writes() -> None:
    text = (
        HEAD
        + "小红  16:21\n\n有点事，一会儿回\n\n小明  16:21\n\n好的\n\n—————  2026/04/07  —————\n\n小红  9:05\n\n回\n"
    )
    found, told = records(text, ("小明",))
    assert [(r.locator, r.time.raw, r.time.utc, r.direction, r.name, r.text) for r in found] == [
        ("line 6", "2026-04-06 16:21", "2026-04-06T08:21:00.000Z", "in", "小红", "有点事，一会儿回"),
        ("line 10", "2026-04-06 16:21", "2026-04-06T08:21:00.000Z", "out", "小红", "好的"),
        ("line 16", "2026/04/07 9:05", "2026-04-07T01:05:00.000Z", "in", "小红", "回"),
    ]
    assert {(r.time.how, r.time.precision_s, r.time.basis, r.time.zone) for r in found} == {
        ("minute_only", 60, "export", "Asia/Shanghai")
    }
    assert not told


def test_without_me_the_direction_is_left_open_and_the_names_are_told() -> None:
    found, told = records(HEAD + "小红  16:21\n\n在吗\n\n小明  16:22\n\n在\n")
    assert [record.direction for record in found] == [None, None]
    assert "--me" in told["direction_unknown"].message
    assert "小红" in told["direction_unknown"].message


def test_a_wrong_me_is_told_and_makes_nothing_received() -> None:
    found, told = records(HEAD + "小红  16:21\n\n在吗\n", ("阿明",))
    assert [record.direction for record in found] == [None]
    assert "小红" in told["me_unmatched"].message


def test_words_with_blank_lines_and_lines_that_look_like_headings() -> None:
    text = HEAD + "小红  16:21\n\n第一段\n\n第二段\n\n见面  17:30\n\n不来  9:00\n小明  16:00\n\n小明  16:22\n\n好\n"
    assert said(text) == [("小红", "第一段\n\n第二段\n\n见面  17:30\n\n不来  9:00\n小明  16:00"), ("小明", "好")]
    assert records(text)[1]["header_doubtful"].locator == "line 12"


def test_names_with_blanks_with_and_between_and_of_nothing_visible() -> None:
    text = HEAD.replace("小明 和 小红", "A 和 B 和 ㅤ") + "A 和 B  8:00\n\n一\n\nㅤ  8:01\n\n二\n"
    assert said(text) == [("A 和 B", "一"), ("ㅤ", "二")]
    assert parse_share(text).people == ("A 和 B", "ㅤ")
    assert said(HEAD + "老 王 🦊  8:00\n\n一\n") == [("老 王 🦊", "一")]


def test_names_in_the_opening_that_nobody_bears_do_not_hide_messages() -> None:
    """The opening line has nicknames; headings have the names of the address book."""
    text = HEAD + "催收小李  16:21\n\n在吗\n\n小红  16:22\n\n在\n\n催收小李  16:23\n\n还钱\n"
    assert [name for name, _text in said(text)] == ["催收小李", "小红", "催收小李"]


def test_groups() -> None:
    text = (
        "同学 2 班 微信群上的聊天记录如下，请查收。\n\n—————  2026-04-06  —————\n\n\n甲  8:00\n\n一\n\n乙  8:00\n\n二\n"
    )
    found, _told = records(text, ("乙",))
    assert [(r.name, r.direction, r.extras["group"], r.extras["conversation"]) for r in found] == [
        ("甲", "in", True, "同学 2 班"),
        ("乙", "out", True, "同学 2 班"),
    ]


def test_mail_programs_that_drop_blank_lines() -> None:
    text = (
        "小明 和 小红 在微信上的聊天记录如下，请查收。\n—————  2026-04-06  —————\n小红  08:54\n一\n二\n小明  08:56\n好"
    )
    assert said(text) == [("小红", "一\n二"), ("小明", "好")]


def test_pictures_that_came_along_and_those_that_did_not() -> None:
    def find(name: str) -> Neighbour | None:
        return Neighbour(Path("/nowhere"), name, 9, "ab" * 32) if name == NAME else None

    body = (
        f"[图片: {NAME}(请在附件中查看)]\n[图片: ../../{NAME}(请在附件中查看)]\n[图片: {'0' * 32}.jpg(请在附件中查看)]"
    )
    (record,), told = records(HEAD + f"小红  8:00\n\n{body}\n", find=find)
    assert record.media == (Media("ab" * 32, 9, "application/octet-stream", NAME),)
    assert record.extras["missing_media"] == ["0" * 32 + ".jpg"]
    assert record.extras["message_type"] == "image"
    assert "media_missing" in told


def test_what_stands_before_and_after_the_messages() -> None:
    text = "我转给律师的\nDear:\n\n" + HEAD + "小红  8:00\n\n一\n\n二\n\n发自我的iPhone\n"
    found, told = records(text)
    assert [record.text for record in found] == ["一\n\n二"]
    assert told["text_outside"].locator == "line 1"
    assert told["mail_footer"].locator == "line 15"


def test_times_that_run_backwards_are_told() -> None:
    found, told = records(HEAD + "小红  8:05\n\n一\n\n小明  8:04\n\n二\n\n小红  8:06\n\n三\n")
    assert len(found) == 3
    assert told["order_odd"].locator == "line 10"


def test_a_message_before_any_day_has_no_instant() -> None:
    (record,), told = records("小明 和 小红 在微信上的聊天记录如下，请查收。\n\n小红  16:21\n\n在吗\n")
    assert (record.time.utc, record.time.raw) == (None, "16:21")
    assert "time_unreadable" in told


@pytest.mark.parametrize(
    ("text", "is_share"),
    [
        (HEAD + "小红  16:21\n\n在\n", True),
        ("—————  2026-04-06  —————\n\n\n小红  16:21\n\n在\n", True),
        ("小明 和 小紅 在微信上的聊天記錄如下，請查收。\n\n—————  2026-04-06  —————\n", True),
        ("聊天记录如下\n小红  16:21\n\n在\n", False),
        ("—————  2026-04-06  —————\n开会  16:21 结束\n", False),
        ("—————  2026-13-41  —————\n\n小红  16:21\n\n在\n", False),
        ("", False),
    ],
)
def test_recognised_by_its_lines(text: str, is_share: bool) -> None:
    assert is_wechat_share(text) is is_share


HTML = (
    "<html><head><title>x</title></head><body><p>Dear:</p><p style='text-indent:2em'>{title}</p><p>&nbsp;</p>"
    '<p style="text-align:center"><span style="color:#b8b8b8">&mdash;&mdash;&mdash;&mdash;&mdash; 2021-03-26 '
    "&mdash;&mdash;&mdash;&mdash;&mdash;</span></p><p><strong>小红&nbsp;&nbsp;16:21</strong></p><p>一<br/>二 9:00</p>"
    "<p><img src='cid:{name}'><script>alert(1)</script></p><p><b>小明 16:22</b></p><p>A &amp; B</p></body></html>"
)


def test_the_html_form(
    tmp_path: Path, make_probe: Callable[..., FileProbe], read_all: Callable[..., list[Any]]
) -> None:
    path = tmp_path / "mail.html"
    path.write_text(HTML.format(title="小明 和 小红 在微信上的聊天记录如下，请查收。", name=NAME), encoding="utf-8")
    assert IMPORTER.claims(make_probe(path))
    found = [item for item in read_all(IMPORTER, path) if isinstance(item, Record)]
    assert [(r.locator, r.extras["sender"], r.text) for r in found] == [
        ("text line 5", "小红", f"一\n二 9:00\n[图片: {NAME}]"),
        ("text line 9", "小明", "A & B"),
    ]
    assert found[0].extras["missing_media"] == [NAME]
    path.write_text(HTML.format(title="x", name=NAME), encoding="utf-8")
    assert not IMPORTER.claims(make_probe(path))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_line_ends(
    codec: str, tmp_path: Path, make_probe: Callable[..., FileProbe], read_all: Callable[..., list[Any]]
) -> None:
    path = tmp_path / "聊天.txt"
    path.write_bytes((HEAD + "小红  16:21\n\n有点事，一会儿回\n").replace("\n", "\r\n").encode(codec))
    assert IMPORTER.claims(make_probe(path))
    assert [item.text for item in read_all(IMPORTER, path) if isinstance(item, Record)] == ["有点事，一会儿回"]


def test_nothing_in_it_is_unreadable(tmp_path: Path, read_all: Callable[..., list[Any]]) -> None:
    path = tmp_path / "x.txt"
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(Unreadable):
        read_all(IMPORTER, path)


LINES = st.sampled_from(
    ["小红  16:21", "小明  9:05", "", " ", "—————  2026-04-06  —————", "开会  16:30", "话", "\u3164  8:00", "a" * 500]
)


@given(st.lists(LINES, max_size=40))
def test_no_line_is_lost(lines: list[str]) -> None:
    """Every line with words is a heading, a day, outside of all messages, or in exactly one text."""
    text = HEAD + "小红  8:00\n\n始\n\n" + "\n".join(lines)
    share = parse_share(text)
    whole = "\n".join(message.text for message in share.messages)
    kept = [line for line in lines if line.strip() and not line.startswith("———")]
    starts = {message.line for message in share.messages}
    first = HEAD.count("\n") + 4
    for number, line in enumerate(lines, first + 1):
        if line in kept:
            assert number in starts or line in whole


@given(st.text(max_size=300), st.booleans())
def test_no_text_breaks_it(text: str, titled: bool) -> None:
    list(share_records((HEAD if titled else "") + text, OPTIONS, lambda name: None, "x "))
    is_wechat_share(text)
    share_text(text)


def test_long_hostile_lines_take_no_time() -> None:
    for line in (" " * 200_000, "a" + " " * 200_000 + "1:00", "—" * 200_000, "[图片: " * 20_000, "12:34" * 40_000):
        text = HEAD + f"小红  8:00\n\n{line}\n"
        assert len(parse_share(text).messages) == 1


def test_many_names_take_no_time() -> None:
    text = HEAD + "".join(f"人{n}  8:00\n\n话\n\n" for n in range(20_000))
    assert len(parse_share(text).messages) == 20_000
    assert re.match("人0", parse_share(text).messages[0].sender)
