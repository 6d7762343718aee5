"""Time labels of chats against the capture, and what the messages between them get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.i18n import using
from evidence.screenchat.model import DOUBTS, App, Item, Screen, Span
from evidence.screenchat.timelabels import read_clock, read_label
from evidence.screenchat.times import Captured, known_rules, resolve, resolve_label, rule_words
from evidence.times import from_utc_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 2, 9, 30, 10)  # a Friday


def screen(*words: str, app: App = "wechat", clock: str | None = None) -> Screen:
    """Labels as they are, messages after ``>``, with the clock in the bubble after ``|``."""
    items = []
    for word in words:
        text, _bar, note = word.lstrip(">").partition("|")
        items.append(Item("message" if word.startswith(">") else "time", text, (0, 0, 1, 1), note=note or None))
    return Screen("chat", 1080, 2400, app, clock=clock, items=tuple(items))


def local(text: str | None, zone: ZoneInfo = SHANGHAI) -> str:
    return "" if text is None else from_utc_text(text).astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes")


def spans(*words: str, at: datetime | None = AT, app: App = "wechat", clock: str | None = None) -> tuple[Span, ...]:
    captured = None if at is None else Captured(at, "filename", 1.0)
    return resolve(screen(*words, app=app, clock=clock), captured, SHANGHAI)


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("08:05", "2026-01-02 08:05"),
        ("上午9:05", "2026-01-02 09:05"),
        ("凌晨12:30", "2026-01-02 00:30"),
        ("昨天 22:41", "2026-01-01 22:41"),
        ("昨天22：4l", "2026-01-01 22:41"),
        ("昨天 晚上1O:41", "2026-01-01 22:41"),
        ("昨天 中午12:30", "2026-01-01 12:30"),
        ("昨天 中午1:05", "2026-01-01 13:05"),
        ("昨天 下午12:05", "2026-01-01 12:05"),
        ("前天 傍晚6:10", "2025-12-31 18:10"),
        ("Yesterday 10:41 PM", "2026-01-01 22:41"),
        ("Yesterday 12:05 AM", "2026-01-01 00:05"),
        ("星期三 晚上10:41", "2025-12-31 22:41"),
        ("週三 下午3:20", "2025-12-31 15:20"),
        ("禮拜一 半夜1:20", "2025-12-29 01:20"),
        ("周1 9:05", "2025-12-29 09:05"),
        ("Mon 10:41", "2025-12-29 10:41"),
        ("12月30日 22:41", "2025-12-30 22:41"),
        ("1月2日 上午9:05", "2026-01-02 09:05"),
        ("3月2日 上午9:05", "2025-03-02 09:05"),
        ("3月2日 周日 22:41", "2025-03-02 22:41"),
        ("短信\n3月2日 周日 22:41", "2025-03-02 22:41"),
        ("03-0222:41", "2025-03-02 22:41"),
        ("Sun, Mar 2, 10:41 PM", "2025-03-02 22:41"),
        ("2025年3月2日 22:41", "2025-03-02 22:41"),
        ("2O25年3月2日22:41", "2025-03-02 22:41"),
        ("2025/3/2 22:41", "2025-03-02 22:41"),
        ("Mar 2, 2025 at 10:41 PM", "2025-03-02 22:41"),
        ("—— 昨天 22:41 ——", "2026-01-01 22:41"),
    ],
)
def test_a_label_is_resolved_to_its_minute(label: str, wanted: str) -> None:
    found, under = spans(label, ">a")
    assert (local(found.start), found.exact_s) == (wanted, 60.0)
    assert found.end == found.start[:17] + "59.999Z" if found.start else False
    assert (under.start, under.end, under.exact_s) == (found.start, found.end, 60.0)
    assert under.rule == f"under_label+{found.rule}"
    assert found.raw == under.raw == label


@pytest.mark.parametrize(
    ("label", "wanted", "width"),
    [
        ("刚刚", "2026-01-02 09:29", 60.0),
        ("5分钟前", "2026-01-02 09:24", 60.0),
        ("2小時前", "2026-01-02 06:30", 3600.0),
        ("周三", "2025-12-31 00:00", 86400.0),
        ("2025/3/2", "2025-03-02 00:00", 86400.0),
        ("Mar 2", "2025-03-02 00:00", 86400.0),
        ("13/02/2025", "2025-02-13 00:00", 86400.0),
    ],
)
def test_wider_labels_keep_their_width(label: str, wanted: str, width: float) -> None:
    found = spans(label, ">a")[0]
    assert (local(found.start), found.exact_s) == (wanted, width)


@pytest.mark.parametrize(
    ("label", "rule"),
    [
        ("星期 22:41", "weekday_lost"),
        ("周", "weekday_lost"),
        ("02/03/2025", "several_readings"),
        ("昨天 晚上12:30", "several_readings"),
        ("3月2日 周五 22:41", "weekday_contradicts"),
        ("2月30日 10:00", "no_such_time"),
        ("10:41", "after_capture"),
        ("2027年3月2日", "after_capture"),
        ("催收", "not_understood"),
        ("你好 22:41 见", "not_understood"),
    ],
)
def test_a_label_that_settles_nothing_is_doubted_and_not_guessed(label: str, rule: str) -> None:
    found, under = spans(label, ">a")
    assert (found.start, found.end, found.rule, found.raw) == (None, None, rule, label)
    assert found.doubts in (("time_label",), ("time_order",))
    assert under.start is None
    assert local(under.end) == "2026-01-02 09:30"


def test_relative_labels_need_the_capture() -> None:
    found = spans("昨天 22:41", ">a", "星期三 10:00", "3月2日 10:00", "刚刚", at=None)
    assert {(one.start, one.rule) for one in (found[0], *found[2:])} == {(None, "no_capture")}
    assert found[1] == Span(None, None, "", "order_only")
    assert local(spans("2025年3月2日 22:41", at=None)[0].start) == "2025-03-02 22:41"


@pytest.mark.parametrize(
    ("clock", "rule"),
    [("09:30", "yesterday"), ("9:26", "yesterday"), ("09:24", "capture_disputed"), ("上午9:30", "yesterday")],
)
def test_the_status_bar_is_held_against_the_capture(clock: str, rule: str) -> None:
    found, under = spans("昨天 22:41", ">a", clock=clock)
    assert found.rule == rule
    assert (found.doubts == ("capture_time",)) == (under.end is None) == (rule == "capture_disputed")


def test_a_status_bar_of_twelve_hours_explains_twelve_hours() -> None:
    assert spans("22:41", at=datetime(2026, 1, 2, 23, 7), clock="11:07")[0].rule == "today"


def test_a_capture_about_midnight_is_settled_by_the_status_bar_or_the_labels() -> None:
    near = Captured(datetime(2026, 1, 2, 0, 3), "file", 600.0)
    assert local(resolve(screen("昨天 22:41", clock="23:58"), near, SHANGHAI)[0].start) == "2025-12-31 22:41"
    assert local(resolve(screen("昨天 22:41", clock="00:02"), near, SHANGHAI)[0].start) == "2026-01-01 22:41"
    open_day = resolve(screen("昨天 22:41"), near, SHANGHAI)[0]
    assert (open_day.start, open_day.rule) == (None, "several_readings")
    by_label = resolve(screen("23:50"), near, SHANGHAI)[0]
    assert (local(by_label.start), by_label.rule) == ("2026-01-01 23:50", "today+capture_by_order")
    vague = Captured(datetime(2026, 1, 2), "file", 7 * 86400.0)
    assert resolve(screen("昨天 22:41"), vague, SHANGHAI)[0].rule == "capture_open"


def test_messages_between_labels_get_intervals() -> None:
    a, first, b, c, second, d, e = spans(">a", "昨天 22:41", ">b", ">c", "08:00", ">d", ">e")
    assert (a.start, local(a.end)) == (None, "2026-01-01 22:41")
    assert (b.start, b.exact_s) == (first.start, 60.0)
    assert (c.start, c.end, c.exact_s, c.raw) == (first.start, second.end, None, "昨天 22:41 … 08:00")
    assert (d.start, d.end) == (second.start, second.end)
    assert (e.start, local(e.end), e.exact_s) == (second.start, "2026-01-02 09:30", None)


def test_an_app_that_is_not_known_gives_no_minute() -> None:
    label, under, _last = spans("昨天 22:41", ">b", "08:00", app="unknown")
    assert (under.start, under.exact_s) == (label.start, None)


def test_a_lost_weekday_is_fixed_by_its_neighbours_only() -> None:
    found = spans("星期二 22:41", ">a", "星期 10:00", ">b", "星期三 12:00")
    assert (local(found[2].start), found[2].rule) == ("2025-12-31 10:00", "weekday_lost+by_order")
    assert spans("星期二 22:41", "星期 10:00", "昨天 12:00")[1].rule == "weekday_lost"


def test_labels_running_backwards_are_none_and_one_against_many_is_alone() -> None:
    both = spans("08:41", ">a", "07:05", ">b")
    assert [(one.start, one.rule) for one in (both[0], both[2])] == [(None, "backwards")] * 2
    assert both[0].doubts == ("time_order",)
    many = spans("06:41", "08:50", "07:05", "07:10")
    assert [local(one.start)[-5:] for one in many] == ["06:41", "", "07:05", "07:10"]
    assert all(one.doubts == ("time_order",) for one in many)


def test_a_cut_label_tells_nothing() -> None:
    cut = Item("time", "12:1l", (0, 0, 1, 1), doubts=("clipped_top",))
    found = resolve(Screen("chat", 1080, 2400, "wechat", items=(cut,)), Captured(AT, "filename"), SHANGHAI)[0]
    assert (found.start, found.rule) == (None, "label_cut")


def test_whatsapp_has_days_above_and_clocks_inside() -> None:
    found = spans(">x|21:00", "昨天", ">a|22:41", ">b|下午11:50 ✓✓", ">c", "今天", ">d|08:00", app="whatsapp")
    assert [local(found[i].start) for i in (2, 3, 6)] == ["2026-01-01 22:41", "2026-01-01 23:50", "2026-01-02 08:00"]
    assert found[2].rule == "clock_in_bubble+clock_on_day"
    assert (local(found[4].start), local(found[4].end)) == ("2026-01-01 23:50", "2026-01-01 23:59")
    assert found[0].start is None
    assert read_clock("已编辑 22:41")[0].hour == 22
    assert read_clock("¥22.41") == ()


def test_summer_time() -> None:
    london, berlin = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
    autumn, spring = Captured(datetime(2026, 10, 25, 6), "filename"), Captured(datetime(2026, 3, 29, 6), "filename")
    twice = resolve(screen("01:30", ">a"), autumn, london)[0]
    assert (twice.start, twice.end) == ("2026-10-25T00:30:00.000Z", "2026-10-25T01:30:59.999Z")
    ordered = resolve(screen("02:50", "02:10"), autumn, berlin)
    assert [one.start for one in ordered] == ["2026-10-25T00:50:00.000Z", "2026-10-25T01:10:00.000Z"]
    assert resolve(screen("02:30"), spring, berlin)[0].rule == "no_such_time"
    offset = Captured(datetime(2026, 1, 2, 1, 30, tzinfo=UTC), "metadata")
    assert local(resolve(screen("昨天 22:41", clock="09:30"), offset, SHANGHAI)[0].start) == "2026-01-01 22:41"


def test_a_label_on_its_own() -> None:
    found = resolve_label("昨天 22:41", Captured(AT, "filename"), "09:30", SHANGHAI)
    assert local(found.start) == "2026-01-01 22:41"


def test_every_rule_has_words_in_both_languages() -> None:
    for rule in known_rules():
        assert rule_words(rule) != rule
    assert rule_words("under_label+yesterday").count(".") == 2
    with using("zh"):
        assert rule_words("") == ""


LABELS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="昨天前周星期一三日月年上下午晚凌晨中0123456789:：/- lO|刚刚分钟", max_size=14),
    st.sampled_from(
        ["22:41", "昨天 09:05", "星期三 10:00", "3月2日 08:00", "2025年3月2日 22:41", "刚刚", "周", "12:30"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), LABELS), max_size=12),
    st.one_of(st.none(), st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))),
    st.floats(0, 200_000),
    st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["09:30", "23:59"])),
    st.sampled_from(["wechat", "whatsapp", "unknown"]),
)
def test_no_words_break_it_and_order_is_kept(
    rows: list[tuple[bool, str]], at: datetime | None, uncertainty: float, clock: str | None, app: App
) -> None:
    items = tuple(Item("time" if label else "message", text, (0, 0, 1, 1), note=text) for label, text in rows)
    seen = Screen("chat", 1080, 2400, app, clock=clock, items=items)
    captured = None if at is None else Captured(at, "file", uncertainty)
    found = resolve(seen, captured, SHANGHAI)
    assert len(found) == len(items)
    for span in found:
        assert span.start is None or span.end is None or span.start <= span.end
        assert set(span.doubts) <= set(DOUBTS)
        assert set(span.rule.split("+")) <= known_rules()
    exact = [span for span in found if span.start and span.exact_s == 60.0 and "ago" not in span.rule]
    assert all((one.start or "") <= (two.start or "") for one, two in pairwise(exact))


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2021, 1, 1), datetime(2026, 12, 31)),
    st.lists(st.integers(0, 500_000), min_size=1, max_size=8),
    st.booleans(),
)
def test_labels_written_as_programs_write_them_come_back(at: datetime, gaps: list[int], spoken: bool) -> None:
    moments = [at]
    for gap in gaps:
        moments.append(moments[-1] - timedelta(minutes=gap))
    moments = [moment.replace(second=0, microsecond=0) for moment in reversed(moments)]
    words = [_written(moment, at, spoken) for moment in moments]
    captured = Captured(at, "filename")
    found = resolve(screen(*words, clock=f"{at:%H:%M}"), captured, SHANGHAI)
    assert [local(span.start) for span in found] == [moment.isoformat(" ", "minutes") for moment in moments]


def _written(moment: datetime, at: datetime, spoken: bool) -> str:
    parts = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
    half = next(word for hour, word in parts if moment.hour < hour)
    clock = f"{half}{(moment.hour - 1) % 12 + 1}:{moment.minute:02}" if spoken else f"{moment:%H:%M}"
    days = (at.date() - moment.date()).days
    if days == 0:
        return clock
    if days == 1:
        return f"昨天 {clock}"
    if days < 7:
        return f"星期{'一二三四五六日'[moment.weekday()]} {clock}"
    year = "" if moment.year == at.year else f"{moment.year}年"
    return f"{year}{moment.month}月{moment.day}日 {clock}"


def test_reading_a_label_gives_all_of_its_meanings() -> None:
    assert {(label.day, label.hour) for label in read_label("3/222:41")} == {(2, 22), (22, 2)}
