"""Layout of chat screens: small drawn arrays for each judgement, random ones for what must never happen."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.models import Line
from evidence.screenchat import labels
from evidence.screenchat.colours import canvas_of
from evidence.screenchat.layout import read_layout
from evidence.screenchat.model import DOUBTS, Item, Screen
from evidence.screenchat.prints import difference, print_of

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

PAGE, WHITE, GREEN, GREY = (237, 237, 237), (255, 255, 255), (149, 236, 105), (225, 225, 225)
EM = 17


class Drawing:
    """A screen 360 wide: ``bubble`` and ``label`` draw and note the lines that an engine would read."""

    def __init__(self, height: int = 700, page: tuple[int, int, int] = PAGE) -> None:
        self.pixels = np.full((height, 360, 3), page, np.uint8)
        self.lines: list[Line] = []
        self.y = 100.0
        self.fill((0, 0, 360, 80), (247, 247, 247))
        self.fill((0, height - 60, 360, height), (246, 246, 246))
        self.write("22:41", 20, 8, 12)
        self.write("88%", 320, 8, 12)
        self.write("周旸", 160, 48, 17)

    def fill(self, box: tuple[float, float, float, float], colour: tuple[int, int, int]) -> None:
        x0, y0, x1, y1 = (round(v) for v in box)
        self.pixels[y0:y1, x0:x1] = colour

    def write(self, text: str, x: float, y: float, em: float = EM) -> None:
        wide = em * sum(1.0 if ord(c) > 0x2E80 else 0.55 for c in text)
        for n in range(max(1, int(wide / em))):  # strokes: about a third of each letter is ink
            part = 0.25 + 0.1 * (ord(text[min(n, len(text) - 1)]) % 4)
            self.fill((x + n * em + 2, y + 3, x + n * em + part * em, y + em - 3), (20, 20, 20))
        self.lines.append(Line(text, 0.99, (x, y, x + wide, y + em)))

    def bubble(
        self, rows: list[str], right: bool = False, colour: tuple[int, int, int] | None = None, avatar: bool = True
    ) -> None:
        wide = EM * max(sum(1.0 if ord(c) > 0x2E80 else 0.55 for c in row) for row in rows) + 24
        tall = 24 * len(rows) + 16
        x = 300 - wide if right else 60
        if avatar:
            self.fill((308, self.y, 348, self.y + 40) if right else (12, self.y, 52, self.y + 40), (106, 143, 181))
        self.fill((x, self.y, x + wide, self.y + tall), colour or (GREEN if right else WHITE))
        for n, row in enumerate(rows):
            if row:
                self.write(row, x + 12, self.y + 11 + 24 * n)
        self.y += tall + 16

    def label(self, text: str, em: float = 12) -> None:
        wide = em * sum(1.0 if ord(c) > 0x2E80 else 0.55 for c in text)
        self.write(text, 180 - wide / 2, self.y, em)
        self.y += em + 16

    def screen(self, channel: str | None = None) -> Screen:
        return read_layout(self.pixels, self.lines, channel)


def messages(screen: Screen) -> list[Item]:
    return [item for item in screen.items if item.kind == "message"]


def test_sides_labels_and_bars() -> None:
    drawing = Drawing()
    drawing.label("昨天 22:41")
    drawing.bubble(["你好，请今天还款", "不然上门"])
    drawing.bubble(["收到"], right=True)
    drawing.label("对方撤回了一条消息")
    screen = drawing.screen()
    assert (screen.kind, screen.title, screen.clock, screen.dark) == ("chat", "周旸", "22:41", False)
    assert [(i.kind, i.side, i.text) for i in screen.items] == [
        ("time", None, "昨天 22:41"),
        ("message", "left", "你好，请今天还款\n不然上门"),
        ("message", "right", "收到"),
        ("system", None, "对方撤回了一条消息"),
    ]
    assert all(len(item.print) == 16 for item in screen.items)


def test_blank_line_stays_inside_and_neighbours_stay_apart() -> None:
    drawing = Drawing()
    drawing.bubble(["最后通知", "", "", "今天还清"])
    drawing.bubble(["再说一次"])
    drawing.y -= 14  # nearly touching
    drawing.bubble(["还不回吗"])
    assert [i.text for i in messages(drawing.screen())] == ["最后通知\n今天还清", "再说一次", "还不回吗"]


def test_full_width_bubble_goes_by_its_avatar() -> None:
    drawing = Drawing()
    wide = "一二三四五六七八九十一二三"
    drawing.bubble(["喂"])
    drawing.bubble([wide, "尾"], right=True, colour=WHITE)
    drawing.bubble([wide, "尾"])
    assert [i.side for i in messages(drawing.screen())] == ["left", "right", "left"]


def test_quote_voice_call_and_file() -> None:
    drawing = Drawing(900)
    drawing.bubble(["知道了"])
    drawing.fill((60, drawing.y - 12, 240, drawing.y + 16), GREY)
    drawing.write("我：明天再说", 68, drawing.y - 4, 13)
    drawing.y += 32
    drawing.bubble(['15"'], right=True)
    drawing.bubble(["对方已取消"])
    drawing.bubble(["昨天 22:41"], right=True)
    found = messages(drawing.screen())
    assert [(i.type, i.text, i.quote, i.seconds) for i in found] == [
        ("text", "知道了", "我：明天再说", None),
        ("voice", "", None, 15),
        ("call", "对方已取消", None, None),
        ("text", "昨天 22:41", None, None),
    ]


def test_voice_length_out_of_range_is_doubted() -> None:
    drawing = Drawing()
    drawing.bubble(["在吗"])
    drawing.bubble(['115"'])
    assert messages(drawing.screen())[1].doubts == ("voice_length",)


def test_picture_without_words_and_letter_inside_a_picture() -> None:
    drawing = Drawing(900)
    drawing.bubble(["看这个"])
    drawing.fill((12, drawing.y, 52, drawing.y + 40), (106, 143, 181))
    drawing.fill((60, drawing.y, 180, drawing.y + 120), (200, 120, 80))
    drawing.fill((80, drawing.y + 10, 150, drawing.y + 90), (20, 80, 160))
    drawing.y += 136
    drawing.bubble(["什么"], right=True)
    found = messages(drawing.screen())
    assert [(i.type, i.side) for i in found] == [("text", "left"), ("picture", "left"), ("text", "right")]


def test_sms_without_avatars() -> None:
    drawing = Drawing(page=(255, 255, 255))
    drawing.label("今天 09:12")
    for right in (False, True):
        drawing.bubble(["收到"], right=right, colour=(52, 199, 89) if right else (233, 233, 235), avatar=False)
        drawing.bubble(
            ["请在十八点前处理好"], right=right, colour=(52, 199, 89) if right else (233, 233, 235), avatar=False
        )
    found = messages(drawing.screen("sms"))
    assert [i.side for i in found] == ["left", "left", "right", "right"]
    assert drawing.screen("sms").app == "sms"


def test_clipped_bubbles_are_flagged() -> None:
    drawing = Drawing()
    drawing.y = 80
    drawing.bubble(["上面还有"])
    drawing.y = 700 - 60 - 40
    drawing.fill((60, drawing.y, 200, 640), WHITE)
    drawing.write("下面还有", 72, drawing.y + 11)
    found = messages(drawing.screen())
    assert "clipped_top" in found[0].doubts
    assert "clipped_bottom" in found[-1].doubts


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (30, 400), (400, 30), (2340, 1080), (800, 1600)])
def test_blank_pictures_give_nothing(shape: tuple[int, int]) -> None:
    screen = read_layout(np.full((*shape, 3), 255, np.uint8), [Line("你好", 0.9, (1, 1, 20, 20)), Line("无框")])
    assert (screen.kind, screen.items) == ("other", ())
    assert screen.unused == (0, 1)


def test_table_and_list_give_no_message() -> None:
    table = Drawing(page=WHITE)
    for row in range(8):
        for column in range(3):
            x, y = 10 + 115 * column, 110 + 50 * row
            table.fill((x, y, x + 110, y + 46), (240, 240, 240))
            table.write("金额", x + 8, y + 14)
    assert table.screen().kind == "other"
    listing = Drawing(page=WHITE)
    for row in range(7):
        listing.fill((12, 100 + 70 * row, 56, 144 + 70 * row), (90, 120, 160))
        listing.write("岫云分期", 70, 104 + 70 * row)
        listing.write("再不还款就上门", 70, 128 + 70 * row, 13)
        listing.write("昨天", 320, 104 + 70 * row, 12)
    assert listing.screen().kind == "other"


def test_call_list_is_named() -> None:
    drawing = Drawing(page=WHITE)
    for row in range(6):
        drawing.write("12712345678", 60, 110 + 60 * row)
        drawing.write("呼入 12秒", 60, 134 + 60 * row, 12)
        drawing.write("昨天 22:41", 290, 110 + 60 * row, 11)
    screen = drawing.screen()
    assert (screen.kind, screen.items) == ("call_log", ())


LINES = st.lists(
    st.builds(
        Line,
        st.one_of(
            st.text(max_size=12), st.sampled_from(["22:41", "昨天", '15"', "¥5.00", "转账", "12条新消息", "张三：好"])
        ),
        st.one_of(st.none(), st.floats(0, 1)),
        st.one_of(st.none(), st.tuples(*[st.one_of(st.floats(-50, 900), st.just(float("nan")))] * 4)),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(LINES, st.integers(0, 2**32 - 1), st.integers(1, 300), st.integers(1, 300), st.booleans())
def test_no_line_is_lost_and_nothing_is_raised(
    lines: list[Line], seed: int, width: int, height: int, blocks: bool
) -> None:
    chance = np.random.default_rng(seed)
    pixels = chance.integers(0, 256, (height, width, 3), np.uint8)
    if blocks:  # flat areas, as screens have
        pixels[:] = 240
        for _n in range(6):
            y, x = int(chance.integers(0, height)), int(chance.integers(0, width))
            pixels[y : y + 60, x : x + 120] = chance.integers(0, 256, 3)
    every_line_once(read_layout(pixels, lines), len(lines))


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_extra_lines_on_a_chat_are_accounted_for(lines: list[Line]) -> None:
    drawing = Drawing()
    drawing.bubble(["你好"])
    drawing.bubble(["收到"], right=True)
    drawing.lines += lines
    screen = drawing.screen()
    every_line_once(screen, len(drawing.lines))
    assert screen == drawing.screen()


def every_line_once(screen: Screen, count: int) -> None:
    places = [n for item in screen.items for n in item.lines] + [*screen.bars, *screen.unused]
    assert sorted(places) == list(range(count))
    for item in screen.items:
        assert item.box[0] <= item.box[2]
        assert item.box[1] <= item.box[3]
        assert set(item.doubts) <= set(DOUBTS)


@pytest.mark.parametrize(
    "text",
    [
        "22:41",
        "昨天 22:41",
        "星期三 晚上10:41",
        "3月2日",
        "2025年3月2日 09:05",
        "刚刚",
        "上午9:05",
        "03-06 16:06",
        "Yesterday 10:41 PM",
    ],
)
def test_time_labels(text: str) -> None:
    assert labels.is_time(text)


@pytest.mark.parametrize("text", ["", "12", "明天还", "3月2日还500", "短信", "10点前必须到账", "二〇二五"])
def test_what_is_no_time_label(text: str) -> None:
    assert not labels.is_time(text)


def test_small_words() -> None:
    assert labels.call_of("通话时长 01:23") == (True, 83)
    assert labels.call_of("对方已拒绝") == (True, None)
    assert labels.call_of("我已取消订单") == (False, None)
    assert labels.voice_of("15″") == 15
    assert labels.voice_of("还15") is None
    assert labels.money_of("¥5,000.00") == "5000.00"
    assert labels.money_of("5000.00") is None
    assert labels.members_of("群聊(23)") == ("群聊", 23)
    assert labels.is_unread("12条新消息")
    assert not labels.is_unread("我有3条要求")


def test_prints_survive_jpeg(tmp_path: Path) -> None:
    from PIL import Image

    drawing = Drawing()
    drawing.bubble(["你好，请今天还款", "不然上门"])
    drawing.bubble(["完全不同的一句话"])
    first, second = (item.box for item in messages(drawing.screen()))
    Image.fromarray(drawing.pixels).save(tmp_path / "a.jpg", quality=60)
    worse = np.asarray(Image.open(tmp_path / "a.jpg"))
    assert difference(print_of(drawing.pixels, first), print_of(worse, first)) <= 8
    assert difference(print_of(drawing.pixels, first), print_of(drawing.pixels, second)) > 8
    assert print_of(drawing.pixels, (5, 5, 5, 5)) == ""
    assert difference("", "0" * 16) == 64


def test_canvas_of_a_long_picture_stays_small() -> None:
    canvas = canvas_of(np.full((12_000, 1080, 3), 237, np.uint8))
    assert canvas.small.shape == (6000, 540, 3)
    assert canvas.page == (237, 237, 237)


@pytest.mark.parametrize(
    "scenario", ["wechat_light", "wechat_dark", "group", "qq", "sms_ios", "whatsapp", "wallpaper", "quarter"]
)
def test_drawn_screens(scenario: str) -> None:
    screens = pytest.importorskip("benchmarks.screens")
    from benchmarks.screens.score import score

    shot = screens.make(1, scenario)
    lines = screens.perfect_lines(shot)
    screen = read_layout(np.asarray(shot.image.convert("RGB")), lines, shot.truth.channel)
    every_line_once(screen, len(lines))
    tally = score(shot, lines, screen, None)
    for measure in ("text: one group", "text: side", "chat: message real"):
        assert tally.right[measure] == tally.all[measure], tally.failures


@pytest.mark.parametrize(
    "scenario", ["call_log", "receipt", "chat_list", "settings", "letter", "article", "table", "cat", "blank"]
)
def test_drawn_pictures_without_a_chat(scenario: str) -> None:
    screens = pytest.importorskip("benchmarks.screens")
    shot = screens.make(2, scenario)
    screen = read_layout(np.asarray(shot.image.convert("RGB")), screens.perfect_lines(shot))
    assert screen.items == ()
    assert screen.kind == ("call_log" if scenario == "call_log" else "other")
