"""Times, bubbles and kinds of pictures, as the lines of a reading show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.shots import is_time, picture_kind, shown_time, titles, whole_lines
from evidence.models import Line, Media, Reading, Record

WIDTH = 1080.0
LINES = (
    ("20:15", (64, 34, 183, 84)),
    ("甲信-王主管", (397, 131, 681, 189)),
    ("4月27日下午2:36", (393, 280, 686, 322)),
    ("你上次也是这么说的", (219, 400, 638, 450)),
    ("我干这行八年，像你这种死皮赖脸", (219, 560, 911, 607)),
    ("的老赖，最后都是跪着来求我", (221, 624, 822, 671)),
    ("请您不要骂人", (580, 780, 861, 830)),
    ("昨天 21:31", (486, 900, 589, 950)),
    ("强制执行。", (219, 1000, 500, 1047)),
    ("几年你自己慢慢核对", (219, 1064, 773, 1111)),
)


def reading(lines: tuple[tuple[str, tuple[float, float, float, float]], ...] = LINES) -> Reading:
    made = tuple(Line(text, box=box) for text, box in lines)
    return Reading("a" * 64, "ocr", "x", "1", "\n".join(line.text for line in made), made)


def at(words: str) -> tuple[int, int]:
    start = reading().text.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    "text",
    [
        "昨天 21:31",
        "4月27日下午2:36",
        "22:47",
        "星期三",
        "周五 08:01",
        "2026年4月8日 上午9:05",
        "昨天下午5:50",
        "3:05 PM",
    ],
)
def test_times_between_messages(text: str) -> None:
    assert is_time(text)


@pytest.mark.parametrize("text", ["", "5G", "明天12:00前还钱", "18600元", "今天必须处理", "3天", "12:00还"])
def test_words_are_no_times(text: str) -> None:
    assert not is_time(text)


@given(st.text(alphabet="昨前今天星期三周月日上下午晚:：0123456789 还钱", max_size=14))
def test_a_time_has_a_day_or_a_clock_and_no_other_words(text: str) -> None:
    if is_time(text):
        assert "还" not in text
        assert "钱" not in text
        assert any(mark in text for mark in ("天", "星期", "周", "月", "日", ":", "：", ".", "/", "-"))


def test_the_last_time_above_is_taken_as_printed() -> None:
    assert shown_time(reading(), at("最后都是跪着")[0], WIDTH) == "4月27日下午2:36"
    assert shown_time(reading(), at("核对")[0], WIDTH) == "昨天 21:31"


def test_the_clock_of_the_phone_is_no_time_of_a_message() -> None:
    assert shown_time(reading((*LINES[:2], *LINES[3:6])), 20, WIDTH) == ""
    centred = (("20:15", (480.0, 34.0, 600.0, 84.0)), *LINES[3:6])
    assert shown_time(reading(centred), 10, WIDTH) == ""


def test_a_time_at_the_side_is_a_message() -> None:
    said = (("22:47", (219.0, 280.0, 330.0, 322.0)), *LINES[3:6])
    assert shown_time(reading(said), 10, WIDTH) == ""


def test_without_boxes_no_time_is_claimed() -> None:
    plain = Reading("a" * 64, "ocr", "x", "1", "22:47\n还钱", (Line("22:47"), Line("还钱")))
    assert shown_time(plain, 6, WIDTH) == ""
    assert shown_time(Reading("a" * 64, "ocr", "x", "1", "还钱"), 0, WIDTH) == ""


def test_the_title_is_what_stands_in_the_bar() -> None:
    assert titles(reading(), WIDTH) == ("甲信-王主管",)


def test_a_sentence_goes_on_in_its_own_bubble_only() -> None:
    a, b = whole_lines(reading(), *at("跪着来求我")) or (0, 0)
    assert reading().text[a:b] == "我干这行八年，像你这种死皮赖脸\n的老赖，最后都是跪着来求我"
    a, b = whole_lines(reading(), *at("死皮赖脸")) or (0, 0)
    assert reading().text[a:b] == "我干这行八年，像你这种死皮赖脸\n的老赖，最后都是跪着来求我"


def test_an_ended_sentence_does_not_go_on() -> None:
    a, b = whole_lines(reading(), *at("强制执行")) or (0, 0)
    assert reading().text[a:b] == "强制执行。"
    assert whole_lines(Reading("a" * 64, "ocr", "x", "1", "还钱"), 0, 1) is None


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (Record("media", "photo", "file"), "photo"),
        (Record("media", "unknown", "file", extras={"exif": {"Make": "Demo"}}), "photo"),
        (Record("media", "wechat", "file", media=(Media("a", 1, "image/png", "Screenshot_1.png"),)), "screenshot"),
        (Record("media", "unknown", "file", media=(Media("a", 1, "image/png", "微信截图_1.png"),)), "screenshot"),
        (Record("media", "wechat", "file", media=(Media("a", 1, "image/png", "mmexport1.png"),)), "image"),
    ],
)
def test_kinds_of_pictures(record: Record, kind: str) -> None:
    assert picture_kind(record) == kind
