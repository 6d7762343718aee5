"""Screenshots of one chat joined: nothing lost, nothing merged that is not the same, what is open said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence.screenchat.model import Item, Screen, Side
from evidence.screenchat.series import Conversation, Shot, join
from evidence.screenchat.times import Captured, resolve
from evidence.times import from_utc_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 2, 21, 30, 10)
SENTENCES = (
    "你的欠款已经逾期|请出示你的工号|再不还款就联系你家人|我在上班不要打单位电话|明天安排人上门|利息超过法定上限了"
)


def said(text: str, side: Side = "left", doubts: tuple[str, ...] = (), **more: str) -> Item:
    return Item("message", text, (0, 0, 100, 50), side=side, doubts=doubts, score=0.99, name=more.get("name"))


def label(text: str) -> Item:
    return Item("time", text, (400, 0, 600, 50))


def shot(key: str, *items: Item, at: datetime | None = AT, title: str | None = "王催收", seconds: int = 0) -> Shot:
    captured = None if at is None else Captured(at + timedelta(seconds=seconds), "filename", 1.0)
    screen = Screen("chat", 1080, 2400, "wechat", title=title, items=items)
    return Shot(key, screen, resolve(screen, captured, SHANGHAI), captured)


def texts(conversation: Conversation) -> list[str]:
    return [message.item.text for message in conversation.messages]


A, B, C, D, E, F = (said(text) for text in SENTENCES.split("|"))


def test_overlapping_screens_become_one_run() -> None:
    (chat,) = join([shot("2", C, D, E, seconds=9), shot("1", A, B, C, D), shot("3", E, F, seconds=18)])
    assert texts(chat) == [item.text for item in (A, B, C, D, E, F)]
    assert chat.messages[2].shown == (("1", 2), ("2", 0))
    assert chat.messages[4].shown == (("2", 2), ("3", 0))
    assert (chat.gaps, chat.conflicts, chat.title, chat.shots) == ((), (), "王催收", ("1", "2", "3"))


def test_scrolling_backwards_containment_and_the_same_screen_twice() -> None:
    shots = [shot("1", D, E, F), shot("2", B, C, D, E, seconds=5), shot("3", A, B, C, seconds=9), shot("4", C, D)]
    (chat,) = join(shots)
    assert texts(chat) == [item.text for item in (A, B, C, D, E, F)]
    assert join(list(reversed(shots))) == (chat,)
    twice = join([shot("1", said("好")), shot("2", said("好"), seconds=1)])
    assert [len(one.messages) for one in twice] == [1]


def test_a_gap_is_stated_with_its_bounds() -> None:
    first = shot("1", label("昨天 22:00"), A, B)
    (chat,) = join([first, shot("2", label("08:00"), E, F, seconds=9)])
    (gap,) = chat.gaps
    assert (gap.after, gap.before, gap.maybe_same, gap.ordered) == (1, 2, 0, True)
    assert (gap.since, gap.until) == ("2026-01-01T14:00:00.000Z", "2026-01-02T00:00:59.999Z")


def test_short_words_said_again_do_not_join() -> None:
    ok, there = said("好", "right"), said("在吗")
    (chat,) = join([shot("1", A, ok, B, ok), shot("2", ok, C, ok, D, seconds=9)])
    assert texts(chat).count("好") == 4
    assert [gap.maybe_same for gap in chat.gaps] == [1]
    (chat,) = join([shot("1", A, there, ok, there, ok), shot("2", there, ok, there, ok, C, seconds=9)])
    assert len(chat.messages) == 10
    assert chat.gaps[0].maybe_same == 4


def test_the_minute_makes_short_words_telling() -> None:
    ok = said("好", "right")
    upper = shot("1", label("20:00"), A, ok, label("20:30"), ok)
    (chat,) = join([upper, shot("2", label("20:30"), ok, C, seconds=9)])
    assert texts(chat) == [A.text, "好", "好", C.text]


def test_the_same_words_at_another_time_are_not_joined_but_told() -> None:
    first = shot("1", label("昨天 09:00"), A, B, C, D)
    (chat,) = join([first, shot("2", label("09:00"), A, B, C, D, seconds=9)])
    assert len(chat.messages) == 8
    assert [conflict.what for conflict in chat.conflicts] == ["run"]
    assert chat.conflicts[0].messages == tuple(range(8))


def test_misread_characters_are_one_message_and_a_conflict() -> None:
    misread = replace(C, text=C.text.replace("联系", "联糸"), score=0.7)
    (chat,) = join([shot("1", A, B, C), shot("2", B, misread, D, seconds=9)])
    assert texts(chat) == [A.text, B.text, C.text, D.text]
    (conflict,) = chat.conflicts
    assert (conflict.what, conflict.messages) == ("text", (2,))
    assert conflict.shown == (("1", 2, C.text), ("2", 1, misread.text))
    variant = replace(C, text="再不還款，就联系你家人！")
    (chat,) = join([shot("1", A, B, C), shot("2", B, variant, D, seconds=9)])
    assert chat.conflicts == ()


def test_other_digits_and_another_side_are_conflicts_never_merged_silently() -> None:
    five, six = said("今天还清5000元不然后果自负"), said("今天还清6000元不然后果自负")
    (chat,) = join([shot("1", A, B, five), shot("2", A, B, six, C, seconds=9)])
    assert [conflict.what for conflict in chat.conflicts] == ["text"]
    assert {value for _key, _at, value in chat.conflicts[0].shown} == {five.text, six.text}
    (alone,) = join([shot("1", A, five), shot("2", six, C, seconds=9)])
    assert len(alone.messages) == 4
    turned = replace(B, side="right")
    (chat,) = join([shot("1", A, B, C), shot("2", A, turned, C, seconds=9)])
    assert [(one.what, one.messages) for one in chat.conflicts] == [("side", (1,))]


def test_cut_bubbles_meet_their_whole_ones_and_halves_each_other() -> None:
    whole = said("最后一次通知\n请于三月前还清\n否则移交法务\n后果自负")
    head = said("最后一次通知\n请于三月前还清", doubts=("clipped_bottom",))
    tail = said("否则移交法务\n后果自负", doubts=("clipped_top",))
    (chat,) = join([shot("1", A, B, head), shot("2", B, whole, C, seconds=9), shot("3", tail, C, D, seconds=18)])
    assert texts(chat) == [A.text, B.text, whole.text, C.text, D.text]
    assert chat.conflicts == ()
    long_head = said("最后一次通知\n请于三月前还清\n否则移交法务\n后果", doubts=("clipped_bottom",))
    long_tail = said("三月前\n请于三月前还清\n否则移交法务\n后果自负", doubts=("clipped_top",))
    (chat,) = join([shot("1", A, B, C), shot("2", B, C, long_head, seconds=3), shot("3", long_tail, D, seconds=9)])
    assert texts(chat)[-2:] == ["最后一次通知\n请于三月前还清\n否则移交法务\n后果自负", D.text]
    assert "grouping" in chat.messages[-2].item.doubts


def test_overlaps_narrow_the_times() -> None:
    upper = shot("1", label("20:00"), A, B)
    (chat,) = join([upper, shot("2", A, B, C, label("21:00"), D, seconds=9)])
    spans = [message.span for message in chat.messages]
    assert [span.exact_s for span in spans] == [60.0, None, None, 60.0]
    assert (spans[2].start, spans[2].end) == ("2026-01-02T12:00:00.000Z", "2026-01-02T13:00:59.999Z")
    assert spans[2].rule.startswith("order_in_series+")
    assert spans[2].raw == "20:00 … 21:00"


@pytest.mark.parametrize(
    ("one", "two", "chats"),
    [
        ("还款群(12)", "还款群（13）", 1),
        ("还款协商小组", "還款协商小组", 1),
        ("还款协商小组", "还款协商小阻", 1),
        ("还款协商小组", None, 1),
        ("还款协商小组", "对方正在输入...", 1),
        ("客服1号", "客服2号", 2),
        ("张三", "李四", 2),
        ("王经理", "许经理", 2),
    ],
)
def test_titles_as_they_are_read(one: str, two: str | None, chats: int) -> None:
    assert len(join([shot("1", A, B, C, title=one), shot("2", B, C, D, title=two, seconds=9)])) == chats


def test_two_chats_of_one_title_stay_apart_when_their_times_exclude_each_other() -> None:
    one = shot("1", label("20:00"), A, label("20:30"), B)
    two = shot("2", label("20:10"), C, label("20:20"), D, seconds=600)
    chats = join([one, two])
    assert [texts(chat) for chat in chats] == [[A.text, B.text], [C.text, D.text]]
    assert all(chat.same_title for chat in chats)


def test_other_holders_and_apps_are_other_chats() -> None:
    one, two = shot("1", A, B, C), shot("2", B, C, D, seconds=9)
    assert len(join([one, replace(two, holder="wife")])) == 2
    assert len(join([one, replace(two, screen=replace(two.screen, app="qq"))])) == 2
    assert len(join([one, replace(two, screen=replace(two.screen, app="unknown"))])) == 1
    assert join([replace(one, screen=replace(one.screen, kind="other"))]) == ()


def test_without_a_title_and_without_an_overlap_it_is_nobodys_chat() -> None:
    assert len(join([shot("1", A, B, title=None), shot("2", C, D, title=None, seconds=9)])) == 2


def conversation(chance: random.Random, count: int, distinct: bool) -> list[Item]:
    words = ("好", "在吗", "嗯", "？", "收到")
    han = "欠款逾期还清律师上门单位亲友电话催收利息本金违约投诉证据录音截图法院通知账户"
    items = []
    for number in range(count):
        text = "".join(chance.choice(han) for _ in range(chance.randint(6, 24))) + str(number)
        if not distinct and chance.random() < 0.35:
            text = chance.choice(words)
        items.append(said(text, chance.choice(("left", "right"))))
    return items


def windows(chance: random.Random, items: Sequence[Item], least: int) -> list[tuple[int, int]]:
    """Overlapping windows over all items, each sharing at least ``least`` with the one before."""
    found, first = [], 0
    while True:
        last = min(len(items), first + chance.randint(least + 2, 9))
        found.append((first, last))
        if last == len(items):
            return found
        first = last - chance.randint(least, min(last - first - 1, least + 3))


def noisy(chance: random.Random, item: Item) -> Item:
    """One character in three hundred misread."""
    text = "".join("囗" if char not in "0123456789" and chance.random() < 0.003 else char for char in item.text)
    return replace(item, text=text)


def captured_series(seed: int, backwards: bool, timed: bool, noise: bool) -> tuple[list[Item], list[Shot]]:
    """A conversation of distinct messages and its overlapping captures."""
    chance = random.Random(seed)
    items = conversation(chance, chance.randint(5, 60), distinct=True)
    spots = windows(chance, items, 2)
    order = list(reversed(spots)) if backwards else spots
    shots = [
        shot(
            f"{n:03}",
            *(noisy(chance, item) if noise else item for item in items[a:b]),
            at=AT if timed else None,
            seconds=8 * n,
        )
        for n, (a, b) in enumerate(order)
    ]
    return items, shots


def numbers_of(chat: Conversation) -> list[int]:
    return [int("".join(char for char in message.item.text if char.isdigit())) for message in chat.messages]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.booleans(), st.booleans())
def test_no_distinct_message_is_lost_or_doubled(seed: int, backwards: bool, timed: bool) -> None:
    items, shots = captured_series(seed, backwards, timed, noise=False)
    (chat,) = join(shots)
    assert numbers_of(chat) == list(range(len(items)))
    assert chat.gaps == ()
    random.Random(seed).shuffle(shots)
    assert join(shots) == (chat,)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.booleans(), st.booleans())
@example(45697, False, False)
@example(402, True, False)
def test_misread_letters_lose_nothing_and_double_little(seed: int, backwards: bool, timed: bool) -> None:
    """One letter in three hundred: a short overlap that was misread may stay twice."""
    items, shots = captured_series(seed, backwards, timed, noise=True)
    chats = join(shots)
    numbers = [number for chat in chats for number in numbers_of(chat)]
    assert set(numbers) == set(range(len(items)))
    assert len(numbers) - len(items) <= 6
    assert sum(len(m.shown) for chat in chats for m in chat.messages) == sum(len(s.screen.items) for s in shots)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
@example(220)
def test_repeated_words_join_rarely_wrong_and_no_other_message_is_lost(seed: int) -> None:
    """Where two captures share one short word that stands in a chat many times, nothing in them tells which it is."""
    chance = random.Random(seed)
    items = conversation(chance, chance.randint(5, 60), distinct=False)
    spots = windows(chance, items, 1)
    chats = join([shot(f"{n:03}", *items[a:b], seconds=8 * n) for n, (a, b) in enumerate(spots)])
    wanted = Counter(item.text for item in items)
    found = Counter(text for chat in chats for text in texts(chat))
    lost = wanted - found
    assert all(wanted[text] > 1 for text in lost)
    assert lost.total() <= 2
    assert sum(len(m.shown) for chat in chats for m in chat.messages) == sum(b - a for a, b in spots)


def test_a_thousand_screenshots() -> None:
    chance = random.Random(5)
    items = conversation(chance, 5000, distinct=False)
    places = range(0, 4990, 5)
    shots = [shot(f"{n:04}", *items[a : a + 8], seconds=8 * n) for n, a in enumerate(places)]
    (chat,) = join(shots)
    assert len(chat.messages) <= 1.01 * 4993
    starts = [message.span.start for message in chat.messages if message.span.start]
    assert [from_utc_text(start) for start in starts] == sorted(from_utc_text(start) for start in starts)
