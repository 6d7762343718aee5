"""Transcripts: what people type and what programs write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.media.transcripts import is_timed, parse_transcript, seconds, stated_hash
from evidence.models import Line


def line(text: str, start: float | None, end: float | None = None, speaker: str | None = None) -> Line:
    return Line(text, None, None, start, end, speaker)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[00:01:23] 催收员: 你今天必须还\n[00:01:30] 我：没钱\n下个月",
            (line("你今天必须还", 83, None, "催收员"), line("没钱\n下个月", 90, None, "我")),
        ),
        ("00:12 我：喂\n00:15-00:18 对方：你好", (line("喂", 12, None, "我"), line("你好", 15, 18, "对方"))),
        ("【00:12】对方：说话\n【00:13】我：在", (line("说话", 12, None, "对方"), line("在", 13, None, "我"))),
        ("(1:02:03.5) hi there", (line("hi there", 3723.5),)),
        ("00:00:01,000 --> 00:00:02,500\nhi", (line("hi", 1, 2.5),)),
        (
            "WEBVTT - x\n\nNOTE\nno words\n\n7\n00:00.000 --> 00:02.000 align:start\n<v 催收员>还&amp;钱</v>\n\n"
            "00:03.000 --> 00:04.000\n- 甲：一\n- 乙：二\n",
            (line("还&钱", 0, 2, "催收员"), line("一", 3, 4, "甲"), line("二", 3, 4, "乙")),
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\n<i>甲</i>：一\n2\n00:00:03,000 --> 00:00:04,000\n110\n\n",
            (line("一", 1, 2, "甲"), line("110", 3, 4)),
        ),
        (
            "# sha256: " + "0" * 64 + "\n00:01 好\n00:02 http://x.invalid/a",
            (line("好", 1), line("http://x.invalid/a", 2)),
        ),
    ],
)
def test_forms(text: str, expected: tuple[Line, ...]) -> None:
    assert parse_transcript(text) == expected
    assert is_timed(text)
    assert parse_transcript(text.replace("\n", "\r\n")) == expected


def test_words_before_the_first_code_are_kept() -> None:
    assert parse_transcript("李某来电\n[00:01] 喂")[0] == line("李某来电", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "明天 12:30 见面",
        "12:30 开会\n10:00 吃饭",
        "2026-04-27, 12:30 - 甲: 还钱",
        "[27.04.26, 12:30:00] 甲: 还钱",
        "借款合同\n第一条 还款时间\n08:00 之前",
        "甲 12:30\n还钱\n乙 12:31\n好",
        "<smses count='0'/>",
    ],
)
def test_other_texts_are_not_claimed(text: str) -> None:
    assert not is_timed(text)


def test_text_without_codes_gives_nothing() -> None:
    assert parse_transcript("催收员：还钱\n我：没有") == ()


def test_seconds_and_hash() -> None:
    assert (seconds("1:02:03,500"), seconds("02:03"), seconds("100:00:00")) == (3723.5, 123.0, 360000.0)
    assert stated_hash("x\nSHA-256：" + "AB" * 32) == "ab" * 32
    assert stated_hash("sha256: 12") is None


WORDS = st.text(st.characters(whitelist_categories=["Lo", "Ll"]), min_size=1, max_size=12)
TURNS = st.lists(st.tuples(st.integers(0, 35999), st.one_of(st.none(), WORDS), WORDS), min_size=1, max_size=8)


@given(TURNS)
def test_what_is_written_comes_back(turns: list[tuple[int, str | None, str]]) -> None:
    turns = sorted(turns, key=lambda turn: turn[0])
    rows = [f"[{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}] {w + '：' if w else ''}{t}" for s, w, t in turns]
    assert parse_transcript("\n".join(rows)) == tuple(line(t, float(s), None, w) for s, w, t in turns)
    assert is_timed("\n".join(rows))


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    is_timed(text)
    for found in parse_transcript(text):
        assert found.text
