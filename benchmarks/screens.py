"""Chat screens drawn from a seed, with the lines that stand on them. All people, numbers and sums are invented."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

WORDS = (
    "你好，你的欠款{sum}元已经逾期{n}天，请今天{hour}点前处理",
    "再不还款我们就联系你通讯录里的{n}个亲友",
    "已经安排外访人员，明天{hour}点上门",
    "我上周已经书面要求停止联系，请通过短信沟通",
    "账户尾号{tail}，应还{sum}元，最后期限{month}月{day}日",
    "你不接电话没有用，你单位的同事都会知道",
    "请出示你的工号和委托手续",
    "{month}月{day}日{hour}:{minute}之前转到指定账户，逾期后果自负",
    "收到",
    "我在上班，不要再打我单位电话 12{tail}{long}",
    "赟哥说了，这笔{sum}今天必须清",
)
THEMES = {
    "light": ("#ededed", "#ffffff", "#95ec69", "#111111", "#111111"),
    "dark": ("#111111", "#2c2c2c", "#3eb575", "#d8d8d8", "#06170d"),
}


@dataclass(frozen=True, slots=True)
class Screen:
    """A drawn screen and its lines from top to bottom."""

    image: Image.Image
    lines: tuple[str, ...]


def draw(seed: int, theme: str, width: int, height: int) -> Screen:
    """One chat screen; the same arguments give the same pixels."""
    chance = random.Random(seed)
    ground, left, right, ink_left, ink_right = THEMES[theme]
    unit = width / 360
    path = str(resources.files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc")
    letters, small = (ImageFont.truetype(path, round(size * unit)) for size in (16, 12))
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    lines: list[str] = []
    y = 24 * unit
    while True:
        text = sentence(chance)
        rows = wrap(pen, text, letters, 220 * unit)
        tall = (22 * len(rows) + 18) * unit
        label = chance.random() < 0.25
        if y + tall + 60 * unit > height:
            return Screen(image, tuple(lines))
        if label:
            when = (
                f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日 {chance.randint(10, 23)}:{chance.randint(10, 59)}"
            )
            pen.text((width / 2, y), when, font=small, fill="#8a8a8a", anchor="ma")
            lines.append(when)
            y += 30 * unit
        mine = chance.random() < 0.3
        wide = max(pen.textlength(row, font=letters) for row in rows) + 24 * unit
        x = width - 62 * unit - wide if mine else 62 * unit
        pen.rounded_rectangle((x, y, x + wide, y + tall), 5 * unit, fill=right if mine else left)
        side = width - 50 * unit if mine else 12 * unit
        pen.rectangle((side, y, side + 38 * unit, y + 38 * unit), fill="#6a8fb5")
        for number, row in enumerate(rows):
            place = (x + 12 * unit, y + (9 + 22 * number) * unit)
            pen.text(place, row, font=letters, fill=ink_right if mine else ink_left)
        lines += rows
        y += tall + 16 * unit


def sentence(chance: random.Random) -> str:
    """One message with invented figures."""
    return chance.choice(WORDS).format(
        sum=f"{chance.randint(200, 99999):,}.{chance.randint(0, 99):02}",
        n=chance.randint(2, 99),
        hour=chance.randint(10, 23),
        minute=chance.randint(10, 59),
        month=chance.randint(1, 12),
        day=chance.randint(1, 28),
        tail=chance.randint(1000, 9999),
        long=chance.randint(10000, 99999),
    )


def wrap(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into rows of at most ``width`` pixels."""
    rows = [""]
    for letter in text:
        if pen.textlength(rows[-1] + letter, font=font) > width:
            rows.append("")
        rows[-1] += letter
    return rows
