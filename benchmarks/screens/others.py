"""Pictures that are no phone chat: call lists, receipts, lists of chats, settings, papers, tables, a cat, nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.screens import chrome, script
from benchmarks.screens.cards import scenery
from benchmarks.screens.labels import label
from benchmarks.screens.sheet import Sheet, wrap
from benchmarks.screens.themes import THEMES, Theme
from benchmarks.screens.truth import Box, Call, Row, Shot, Truth

_SIZES = ((720, 1600), (1080, 2340), (1220, 2712))


def _start(name: str, seed: int) -> tuple[random.Random, int, int, float, datetime]:
    chance = random.Random(f"{name}/{seed}")
    width, height = chance.choice(_SIZES)
    when = datetime(2025, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59))
    return chance, width, height, width / 360, when


def _shot(
    name: str, seed: int, sheet: Sheet, image: Image.Image, when: datetime, kind: str = "other", app: str = "unknown"
) -> Shot:
    rows = tuple(sorted(sheet.rows, key=lambda row: (row.box[1], row.box[0])))
    clock = next((row.text for row in rows if row.role == "clock"), None)
    return Shot(image, Truth(name, seed, kind, app, when, image.width, image.height, clock=clock, rows=rows))


def _screen(width: int, height: int, ground: str, when: datetime, title: str, u: float) -> tuple[Sheet, Image.Image]:
    dark = sum(bytes.fromhex(ground[1:])) < 200
    base = THEMES["wechat_dark" if dark else "wechat_light"]
    bars = chrome.Bars(title, None, f"{when:%H:%M}", input=False)
    sheet = chrome.draw(replace(base, bar_ground=ground), bars, width, height, u)
    return sheet, Image.new("RGB", (width, height), ground)


def call_log(seed: int) -> Shot:
    """A list of calls: who, when, how long, in or out or missed."""
    chance, width, height, u, when = _start("call_log", seed)
    dark = chance.random() < 0.3
    ground, ink, pale = ("#000000", "#e8e8e8", "#888888") if dark else ("#ffffff", "#151515", "#8a8a8a")
    sheet, image = _screen(width, height, ground, when, chance.choice(("通话记录", "电话", "最近通话")), u)
    filler = script.Filler(chance)
    y, at, calls = 84 * u, when, []
    style = chance.choice(("sms", "sms_slash"))
    while y + 64 * u < height - 60 * u:
        at -= timedelta(minutes=chance.choice((3, 40, 300, 1500)))
        number = filler.phone().replace(" ", "")
        who = chance.choice(
            (f"{number[:3]} {number[3:7]} {number[7:]}", filler.name(), f"1069{chance.randint(1000, 9999)}")
        )
        direction = chance.choice(("in", "out", "missed", "missed"))
        seconds = None if direction == "missed" else chance.randint(3, 900)
        tint = "#e5484d" if direction == "missed" else ink
        sheet.words(46 * u, y + 10 * u, who, 16 * u, tint, "text")
        words = {"in": "呼入", "out": "呼出", "missed": "未接"}[direction]
        if seconds is not None:
            words += f" {seconds // 60}分{seconds % 60}秒" if seconds >= 60 else f" {seconds}秒"
        else:
            words += chance.choice((" 响铃3声", " 响铃1声", ""))
        place = chance.choice(("云泊", "青砚 移动", ""))
        sheet.words(46 * u, y + 35 * u, f"{words}  {place}".strip(), 12 * u, pale, "note")
        text = label(style, at, when, False)
        sheet.words(width - 46 * u, y + 20 * u, text, 12 * u, pale, "label", "r")
        sheet.arc((width - 36 * u, y + 20 * u, width - 20 * u, y + 36 * u), 0, 360, pale, u)
        sheet.lines(((18 * u, y + 30 * u), (30 * u, y + 18 * u)), tint, 1.6 * u)
        box = (0.0, y, float(width), y + 62 * u)
        calls.append(Call(who, number if who[0] == "1" else None, direction, text, at, True, seconds, box))
        y += 64 * u
    sheet.paint(image)
    shot = _shot("call_log", seed, sheet, image, when, "call_log")
    return Shot(shot.image, replace(shot.truth, calls=tuple(calls), title=None, dark=dark))


def receipt(seed: int) -> Shot:
    """A payment as WeChat Pay or Alipay shows it; its fields are the truth."""
    chance, width, height, u, when = _start("receipt", seed)
    wechat = chance.random() < 0.5
    sheet, image = _screen(width, height, "#ffffff", when, chance.choice(("账单详情", "账单")), u)
    filler = script.Filler(chance)
    payee = chance.choice((filler.name(), chance.choice(script.FIRMS)))
    value = chance.choice((chance.randint(1, 999), chance.randint(1000, 59999)))
    amount = f"{value}.{chance.randint(0, 99):02}"
    paid = (when - timedelta(minutes=chance.randint(1, 90000))).replace(second=chance.randint(0, 59))
    order = "".join(chance.choice("0123456789") for _digit in range(28))
    shop = "".join(chance.choice("0123456789") for _digit in range(22))
    middle, y = width / 2, 96 * u
    sheet.disc((middle - 22 * u, y, middle + 22 * u, y + 44 * u), "#07c160" if wechat else "#1677ff")
    sheet.words(middle, y + 56 * u, f"转账-转给{payee}" if wechat else payee, 15 * u, "#222222", "text", "m")
    sheet.words(
        middle,
        y + 84 * u,
        f"-{amount}" if chance.random() < 0.6 else f"-{value:,}.{amount[-2:]}",
        30 * u,
        "#111111",
        "amount",
        "m",
        bold=True,
    )
    fields: dict[str, tuple[str, Box]] = {"amount": (amount, sheet.rows[-1].box)}
    fields["payee"] = (payee, sheet.rows[-2].box)
    y += 146 * u
    chinese = f"{paid.year}年{paid.month}月{paid.day}日 {paid:%H:%M:%S}"
    stamp = chinese if wechat else f"{paid:%Y-%m-%d %H:%M:%S}"
    rows = (
        [
            ("当前状态", "支付成功"),
            ("转账说明", "还款"),
            ("转账时间", stamp),
            ("收款方", payee),
            ("支付方式", "零钱"),
            ("转账单号", order),
        ]
        if wechat
        else [
            ("交易状态", "交易成功"),
            ("付款方式", "余额宝"),
            ("收款方全称", payee),
            ("创建时间", stamp),
            ("订单号", order),
            ("商家订单号", shop),
        ]
    )
    for name, text in rows:
        sheet.words(18 * u, y, name, 14 * u, "#8a8a8a", "note")
        pieces = wrap(text, 14 * u, width - 130 * u)
        for number, piece in enumerate(pieces):
            x, align = (110 * u, "l") if wechat else (width - 18 * u, "r")
            sheet.words(x, y + 20 * u * number, piece, 14 * u, "#222222", "text", align)
        box = sheet.rows[-len(pieces)].box
        last = sheet.rows[-1].box
        whole = (min(box[0], last[0]), box[1], max(box[2], last[2]), last[3])
        if text in (stamp, order):
            fields["time" if text == stamp else "order"] = (
                f"{paid:%Y-%m-%d %H:%M:%S}" if text == stamp else order,
                whole,
            )
        y += (20 * len(pieces) + 16) * u
    sheet.words(middle, height - 60 * u, "对订单有疑惑" if wechat else "联系收款方", 13 * u, "#576b95", "bar", "m")
    sheet.paint(image)
    shot = _shot("receipt", seed, sheet, image, when, "receipt", "wechat" if wechat else "alipay")
    return Shot(shot.image, replace(shot.truth, fields=tuple((key, *value) for key, value in fields.items())))


def chat_list(seed: int) -> Shot:
    """The list of all chats of an app: names, last words, times; no conversation."""
    chance, width, height, u, when = _start("chat_list", seed)
    sheet, image = _screen(width, height, chance.choice(("#ffffff", "#191919")), when, "微信", u)
    dark = image.getpixel((0, height - 1)) != (255, 255, 255)
    filler = script.Filler(chance)
    y, at = 80 * u, when
    while y + 68 * u < height - 56 * u:
        at -= timedelta(minutes=chance.choice((2, 30, 900, 4000)))
        sheet.rect((12 * u, y + 10 * u, 58 * u, y + 56 * u), chance.choice(("#6a8fb5", "#c98b6b", "#7fa98a")), 5 * u)
        ink = "#dddddd" if dark else "#191919"
        sheet.words(70 * u, y + 12 * u, chance.choice((filler.name(), *script.GROUP_NAMES)), 16 * u, ink, "text")
        last = wrap(filler.fill(chance.choice(script.THREATS))[0], 13 * u, 230 * u)[0]
        sheet.words(70 * u, y + 36 * u, last, 13 * u, "#8a8a8a", "note")
        sheet.words(width - 14 * u, y + 13 * u, label("wechat", at, when, False), 11 * u, "#b0b0b0", "label", "r")
        if chance.random() < 0.3:
            sheet.disc((50 * u, y + 4 * u, 66 * u, y + 20 * u), "#fa5151")
            sheet.words(58 * u, y + 6 * u, str(chance.randint(1, 99)), 11 * u, "#ffffff", "bar", "m")
        sheet.lines(((70 * u, y + 67 * u), (width, y + 67 * u)), "#2a2a2a" if dark else "#e6e6e6", 1)
        y += 68 * u
    for number, word in enumerate(("微信", "通讯录", "发现", "我")):
        sheet.words(width * (number + 0.5) / 4, height - 26 * u, word, 10.5 * u, "#8a8a8a", "bar", "m")
    sheet.paint(image)
    return _shot("chat_list", seed, sheet, image, when, app="wechat")


def settings(seed: int) -> Shot:
    """A page of settings: rows with values at the right."""
    chance, width, height, u, when = _start("settings", seed)
    sheet, image = _screen(width, height, "#f2f2f2", when, "设置", u)
    y = 90 * u
    for word, value in (
        ("账号与安全", ""),
        ("新消息通知", "已开启"),
        ("聊天背景", ""),
        ("字体大小", "标准"),
        ("存储空间", f"{chance.randint(2, 90)}.3 GB"),
        ("朋友权限", ""),
        ("关于", f"版本 8.0.{chance.randint(20, 60)}"),
        ("帮助与反馈", ""),
        ("退出登录", ""),
    ):
        sheet.rect((12 * u, y, width - 12 * u, y + 48 * u), "#ffffff", 8 * u)
        sheet.words(28 * u, y + 16 * u, word, 16 * u, "#191919", "text")
        sheet.words(width - 40 * u, y + 17 * u, value, 14 * u, "#8a8a8a", "note", "r")
        y += 56 * u
    sheet.paint(image)
    return _shot("settings", seed, sheet, image, when)


def letter(seed: int) -> Shot:
    """A lawyer's letter or summons on paper, photographed."""
    chance, width, height, u, when = _start("letter", seed)
    filler = script.Filler(chance)
    sheet, image = Sheet(), Image.new("RGB", (width, height), "#f6f3ea")
    sheet.words(
        width / 2,
        60 * u,
        chance.choice(("律 师 函", "传  票", "立案通知书", "催收通知书")),
        26 * u,
        "#a31515",
        "text",
        "m",
    )
    y = 120 * u
    for sentence in (
        "致：{name}（身份证{id}）", "关于您与{firm}借款合同纠纷一案，本所受托郑重函告如下：",
        "一、您于{date}借款{sum}元，至今逾期{days}天；", "二、请于{date}{clock}前还清全部款项，联系电话{phone}；",
        "三、逾期本所将向人民法院提起诉讼，案号{case}。", "经办：{name}", "{date}",
    ):  # fmt: skip
        for row in wrap(filler.fill(sentence)[0], 15 * u, width - 80 * u):
            sheet.words(40 * u, y, row, 15 * u, "#222222", "text")
            y += 26 * u
        y += 10 * u
    sheet.paint(image)
    pen = ImageDraw.Draw(image)
    pen.ellipse((width - 150 * u, y - 70 * u, width - 50 * u, y + 30 * u), outline="#d23b3b", width=round(3 * u))
    return _shot("letter", seed, sheet, image, when)


def table(seed: int) -> Shot:
    """A screenshot of a table of instalments."""
    chance, _width, _height, _unit, when = _start("table", seed)
    width, height = chance.choice(((1440, 900), (1080, 1920), (1920, 1080)))
    sheet, image = Sheet(), Image.new("RGB", (width, height), "#ffffff")
    columns, step, tall = ("期数", "应还日", "本金", "利息", "违约金", "状态"), width / 6, 44.0
    for column, word in enumerate(columns):
        sheet.rect((column * step, 0, (column + 1) * step - 2, tall), "#e3ebf6")
        sheet.words(column * step + 12, 11, word, 22, "#1b2a41", "text")
    for row in range(1, int(height / tall)):
        sheet.lines(((0, row * tall), (width, row * tall)), "#c9c9c9", 1)
        cells = (
            f"{row}",
            f"2025-{row % 12 + 1:02}-15",
            f"{chance.randint(300, 3000)}.00",
            f"{chance.randint(10, 300)}.{chance.randint(10, 99)}",
            f"{chance.randint(0, 90)}.00",
            chance.choice(("已还", "逾期", "未到期")),
        )
        for column, word in enumerate(cells):
            sheet.words(column * step + 12, row * tall + 11, word, 21, "#222222", "text")
    sheet.paint(image)
    return _shot("table", seed, sheet, image, when)


def cat(seed: int) -> Shot:
    """A landscape photo of a cat."""
    chance, _width, _height, _unit, when = _start("cat", seed)
    width, height = chance.choice(((1600, 1200), (2000, 1125)))
    image = scenery(width, height, chance)
    pen = ImageDraw.Draw(image)
    x, y, r = width * chance.uniform(0.35, 0.65), height * 0.5, height * 0.22
    fur = chance.choice(("#d9a066", "#8f8f8f", "#2f2a28", "#efe6da"))
    pen.ellipse((x - 1.6 * r, y + 0.3 * r, x + 1.6 * r, y + 2.6 * r), fill=fur)
    for side in (-1, 1):
        pen.polygon(
            [(x + side * r, y - 0.2 * r), (x + side * 0.9 * r, y - 1.4 * r), (x + side * 0.25 * r, y - 0.85 * r)],
            fill=fur,
        )
    pen.ellipse((x - r, y - r, x + r, y + r), fill=fur)
    for side in (-1, 1):
        pen.ellipse(
            (x + side * 0.4 * r - 0.17 * r, y - 0.3 * r, x + side * 0.4 * r + 0.17 * r, y + 0.1 * r), fill="#b9d24a"
        )
        pen.ellipse(
            (x + side * 0.4 * r - 0.05 * r, y - 0.28 * r, x + side * 0.4 * r + 0.05 * r, y + 0.08 * r), fill="#111111"
        )
        for lean in (-0.1, 0.05, 0.2):
            pen.line(
                (x + side * 0.2 * r, y + 0.35 * r, x + side * 1.4 * r, y + (0.3 + lean) * r), fill="#f5f5f5", width=3
            )
    pen.polygon([(x - 0.1 * r, y + 0.2 * r), (x + 0.1 * r, y + 0.2 * r), (x, y + 0.33 * r)], fill="#d98a8a")
    return _shot("cat", seed, Sheet(), image.filter(ImageFilter.GaussianBlur(1.5)), when)


def blank(seed: int) -> Shot:
    """Nothing: one colour, or faint noise."""
    chance, width, height, _unit, when = _start("blank", seed)
    shade = chance.choice((0, 17, 237, 255))
    image = Image.new("RGB", (width, height), (shade, shade, shade))
    if chance.random() < 0.5:
        maker = np.random.default_rng(seed)
        noise = maker.integers(-4, 5, size=(height, width, 1), dtype=np.int16)
        image = Image.fromarray(np.clip(np.asarray(image, dtype=np.int16) + noise, 0, 255).astype(np.uint8))
    return _shot("blank", seed, Sheet(), image, when)


def article(seed: int) -> Shot:
    """A page of running text, as a browser shows it."""
    chance, width, height, u, when = _start("article", seed)
    sheet, image = _screen(width, height, "#ffffff", when, "帮助中心", u)
    filler = script.Filler(chance)
    y = 96 * u
    sheet.words(20 * u, y, "逾期了怎么办？十个常见问题", 20 * u, "#111111", "text", bold=True)
    y += 48 * u
    while y < height - 90 * u:
        body = "".join(filler.fill(chance.choice(script.THREATS[:5]))[0] + "。" for _sentence in range(3))
        for row in wrap(body, 16 * u, width - 40 * u):
            sheet.words(20 * u, y, row, 16 * u, "#333333", "text")
            y += 27 * u
        y += 14 * u
    sheet.paint(image)
    return _shot("article", seed, sheet, image, when)


def framed(shot: Shot, bars: chrome.Bars, theme: Theme, zoom: float, chance: random.Random) -> Shot:
    """A conversation inside a desktop window: side bar, list of chats, title above, box for writing below."""
    side, listed, head, foot = 60 * zoom, 250 * zoom, 60 * zoom, 150 * zoom
    inner = shot.image
    width, height = round(side + listed + inner.width), round(head + inner.height + foot)
    dark = theme.dark
    image = Image.new("RGB", (width, height), theme.page)
    sheet = Sheet()
    sheet.rect((0, 0, side, height), "#2e2e2e")
    sheet.rect((side, 0, side + listed, height), "#202020" if dark else "#e6e5e5")
    ink, filler, y = theme.bar_ink, script.Filler(chance), 62 * zoom
    while y + 64 * zoom < height:
        sheet.rect(
            (side + 12 * zoom, y + 12 * zoom, side + 52 * zoom, y + 52 * zoom), chance.choice(("#6a8fb5", "#c98b6b")), 4
        )
        sheet.words(side + 62 * zoom, y + 13 * zoom, filler.name(), 14 * zoom, ink, "other")
        last = wrap(filler.fill(chance.choice(script.REPLIES))[0], 12 * zoom, 130 * zoom)[0]
        sheet.words(side + 62 * zoom, y + 35 * zoom, last, 12 * zoom, "#999999", "other")
        sheet.words(
            side + listed - 10 * zoom,
            y + 14 * zoom,
            f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
            11 * zoom,
            "#999999",
            "other",
            "r",
        )
        y += 64 * zoom
    left = side + listed
    title = bars.title + (f"（{bars.members}）" if bars.members else "")
    sheet.words(left + 24 * zoom, 22 * zoom, title, 18 * zoom, ink, "title")
    line = "#333333" if dark else "#d6d6d6"
    for level in (head - 1, head + inner.height + 1):
        sheet.lines(((left, level), (width, level)), line, 1)
    sheet.rect((width - 100 * zoom, height - 42 * zoom, width - 24 * zoom, height - 14 * zoom), "#e9e9e9", 3)
    sheet.words(width - 62 * zoom, height - 36 * zoom, "发送(S)", 14 * zoom, "#07a050", "bar", "m")
    sheet.paint(image)
    image.paste(inner, (round(left), round(head)))
    return _into(shot, image, sheet.rows, (round(left), round(head)), bars)


def _into(shot: Shot, image: Image.Image, rows: list[Row], at: tuple[int, int], bars: chrome.Bars) -> Shot:
    def moved(box: Box) -> Box:
        return box[0] + at[0], box[1] + at[1], box[2] + at[0], box[3] + at[1]

    truth = shot.truth
    inside = [replace(row, box=moved(row.box)) for row in truth.rows]
    items = tuple(replace(entry, box=moved(entry.box), area=moved(entry.area)) for entry in truth.items)
    every = tuple(sorted([*inside, *rows], key=lambda row: (row.box[1], row.box[0])))
    return Shot(
        image,
        replace(
            truth,
            width=image.width,
            height=image.height,
            items=items,
            rows=every,
            title=bars.title,
            members=bars.members,
        ),
    )


SCENES: Mapping[str, Callable[[int], Shot]] = MappingProxyType(
    {
        "call_log": call_log,
        "receipt": receipt,
        "chat_list": chat_list,
        "settings": settings,
        "letter": letter,
        "article": article,
        "table": table,
        "cat": cat,
        "blank": blank,
    }
)
