"""Messages that are no text: voice, pictures, files, links, transfers, red packets, places, calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image

from benchmarks.screens.script import Said
from benchmarks.screens.sheet import Sheet, length, wrap
from benchmarks.screens.themes import Theme
from benchmarks.screens.truth import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a message goes: its outer ``edge`` (towards the avatar), its ``top``, and whose it is."""

    sheet: Sheet
    theme: Theme
    u: float
    letters: float
    width: int
    edge: float
    top: float
    mine: bool
    seed: str

    @property
    def ink(self) -> str:
        """The colour of letters in a bubble of this side."""
        return self.theme.ink_right if self.mine else self.theme.ink_left

    def box(self, wide: float, tall: float, top: float | None = None) -> Box:
        """A box of this size that touches the edge."""
        y = self.top if top is None else top
        x = self.edge - wide if self.mine else self.edge
        return x, y, x + wide, y + tall

    def bubble(self, box: Box, fill: str | None = None) -> None:
        """The ground of a message, with its pointed corner where the app has one."""
        theme, u = self.theme, self.u
        ground = fill or (theme.right if self.mine else theme.left)
        if theme.tail:
            x, out = (box[2] - 1, 5 * u) if self.mine else (box[0] + 1, -5 * u)
            at = box[1] + (0 if theme.stamped else 14 * u)
            self.sheet.area(((x, at), (x + out, at + (0 if theme.stamped else 5 * u)), (x, at + 10 * u)), ground)
        self.sheet.rect(box, ground, min(theme.radius * u, (box[3] - box[1]) / 2))

    def chance(self, said: Said) -> random.Random:
        """A source of chance that belongs to this message."""
        return random.Random(f"{self.seed}/{said.id}")

    def stamp(self, box: Box, said: Said, ink: str = "#667781") -> None:
        """The minute in the corner, where the app puts it into each message."""
        if self.theme.stamped:
            self.sheet.words(
                box[2] - 7 * self.u, box[3] - 15 * self.u, f"{said.sent:%H:%M}", 10.5 * self.u, ink, "note", "r"
            )


def voice(frame: Frame, said: Said) -> Box:
    """A bubble as long as the message, with waves; below maybe what the app heard."""
    u, sheet = frame.u, frame.sheet
    seconds = said.seconds or 1
    box = frame.box((76 + 124 * seconds / 60 + (24 if frame.theme.stamped else 0)) * u, 40 * u)
    frame.bubble(box)
    level, ink = (box[1] + box[3]) / 2, frame.ink
    words = (
        f'{seconds}"'
        if frame.theme.app in ("wechat", "wecom", "qq")
        else f"0:{seconds:02}"
        if frame.theme.stamped
        else f"{seconds}″"
    )
    size = 15 * frame.letters * u
    if frame.mine:
        sheet.words(box[2] - 34 * u, level - size / 2, words, size, ink, "text", "r")
        for radius in (3, 7, 11):
            centre = box[2] - 15 * u
            sheet.arc(
                (centre - radius * u, level - radius * u, centre + radius * u, level + radius * u),
                135,
                225,
                ink,
                1.6 * u,
            )
    else:
        for radius in (3, 7, 11):
            centre = box[0] + 15 * u
            sheet.arc(
                (centre - radius * u, level - radius * u, centre + radius * u, level + radius * u),
                -45,
                45,
                ink,
                1.6 * u,
            )
        sheet.words(box[0] + 34 * u, level - size / 2, words, size, ink, "text")
    frame.stamp(box, said)
    if not said.text:
        return box
    size = 15 * frame.letters * u
    rows = wrap(said.text, size, 210 * u)
    wide = max(length(row, size) for row in rows) + 24 * u
    under = frame.box(wide, len(rows) * 1.4 * size + 18 * u, box[3] + 5 * u)
    sheet.rect(under, frame.theme.card, 4 * u)
    for number, row in enumerate(rows):
        sheet.words(
            under[0] + 12 * u, under[1] + 9 * u + number * 1.4 * size, row, size, frame.theme.card_ink, "transcript"
        )
    return min(box[0], under[0]), box[1], max(box[2], under[2]), under[3]


def picture(frame: Frame, said: Said) -> Box:
    """A photo, or the picture of a letter with words in it."""
    u, chance = frame.u, frame.chance(said)
    wide, tall = (130, 100) if chance.random() < 0.3 else (105, 150)
    box = frame.box(wide * u, tall * u)
    if frame.theme.stamped:
        frame.bubble(
            (box[0] - (3 * u if frame.mine else 0), box[1], box[2] + (0 if frame.mine else 3 * u), box[3] + 3 * u)
        )
    if chance.random() < 0.4:
        _letter(frame, box, chance)
    else:
        frame.sheet.picture(box[0], box[1], scenery(round(wide * u), round(tall * u), chance))
    frame.stamp(box, said, "#ffffff")
    return box


def _letter(frame: Frame, box: Box, chance: random.Random) -> None:
    u, sheet = frame.u, frame.sheet
    sheet.rect(box, "#fbfaf6")
    middle = (box[0] + box[2]) / 2
    title = chance.choice(("律 师 函", "催收通知书", "传  票", "还款协议"))
    sheet.words(middle, box[1] + 8 * u, title, 11 * u, "#b02020", "picture", "m")
    body = f"致：借款人。您所欠款项共计{chance.randint(1000, 90000)}元，经多次催告仍未归还，"
    body += "限三日内结清，否则将依法提起诉讼并申请财产保全。"
    for number, row in enumerate(wrap(body, 6.5 * u, box[2] - box[0] - 14 * u)):
        if box[1] + (38 + 10 * number) * u < box[3]:
            sheet.words(box[0] + 7 * u, box[1] + (27 + 10 * number) * u, row, 6.5 * u, "#333333", "picture")
    sheet.disc((box[2] - 36 * u, box[3] - 38 * u, box[2] - 8 * u, box[3] - 10 * u), "#d84545")
    sheet.disc((box[2] - 34 * u, box[3] - 36 * u, box[2] - 10 * u, box[3] - 12 * u), "#fbfaf6")


def scenery(wide: int, tall: int, chance: random.Random) -> Image.Image:
    """A photo of nothing in particular."""
    maker = np.random.default_rng(chance.randrange(1 << 32))
    coarse = Image.fromarray(maker.integers(20, 240, size=(6, 5, 3), dtype=np.uint8))
    soft = np.asarray(coarse.resize((wide, tall), Image.Resampling.BICUBIC), dtype=np.int16)
    noise = maker.integers(-9, 10, size=(tall, wide, 1))
    return Image.fromarray(np.clip(soft + noise, 0, 255).astype(np.uint8))


def video(frame: Frame, said: Said) -> Box:
    """A picture with a play button and its length."""
    u = frame.u
    box = frame.box(110 * u, 150 * u)
    frame.sheet.picture(box[0], box[1], scenery(round(110 * u), round(150 * u), frame.chance(said)))
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    frame.sheet.disc((x - 18 * u, y - 18 * u, x + 18 * u, y + 18 * u), "#e8e8e8")
    frame.sheet.area(((x - 6 * u, y - 9 * u), (x + 10 * u, y), (x - 6 * u, y + 9 * u)), "#444444")
    frame.sheet.words(box[2] - 6 * u, box[3] - 17 * u, f"0:{said.seconds or 1:02}", 11 * u, "#ffffff", "note", "r")
    return box


def sticker(frame: Frame, said: Said) -> Box:
    """A drawn face without a bubble."""
    u, chance = frame.u, frame.chance(said)
    box = frame.box(100 * u, 100 * u)
    frame.sheet.disc(box, chance.choice(("#ffe08a", "#ffb3a7", "#b7e3c0", "#f7f7f7")))
    for x in (30, 60):
        frame.sheet.disc((box[0] + x * u, box[1] + 32 * u, box[0] + (x + 10) * u, box[1] + 46 * u), "#3a2a20")
    frame.sheet.arc((box[0] + 28 * u, box[1] + 40 * u, box[0] + 72 * u, box[1] + 80 * u), 20, 160, "#3a2a20", 3 * u)
    if chance.random() < 0.5:
        frame.sheet.words(
            (box[0] + box[2]) / 2,
            box[1] + 82 * u,
            chance.choice(("还钱", "气死我了", "呵呵", "拜托")),
            15 * u,
            "#222222",
            "picture",
            "m",
        )
    return box


def file(frame: Frame, said: Said) -> Box:
    """Name, size, and the sign of the kind."""
    u, sheet, theme = frame.u, frame.sheet, frame.theme
    rows = wrap(said.text, 15 * u, 150 * u)[:2]
    box = frame.box(232 * u, 76 * u)
    frame.bubble(box, theme.card)
    for number, row in enumerate(rows):
        sheet.words(box[0] + 12 * u, box[1] + (10 + 20 * number) * u, row, 15 * u, theme.card_ink, "text")
    sheet.words(box[0] + 12 * u, box[1] + 54 * u, said.note or "", 11 * u, "#9a9a9a", "note")
    sheet.rect(
        (box[2] - 52 * u, box[1] + 12 * u, box[2] - 12 * u, box[1] + 58 * u),
        "#3f7de0" if "doc" in said.text else "#e05a4b",
        3 * u,
    )
    frame.stamp(box, said)
    return box


def link(frame: Frame, said: Said) -> Box:
    """A page passed on: title, words, small picture, where it is from."""
    u, sheet, theme = frame.u, frame.sheet, frame.theme
    box = frame.box(236 * u, 104 * u)
    frame.bubble(box, theme.card)
    for number, row in enumerate(wrap(said.text, 15 * u, 210 * u)[:2]):
        sheet.words(box[0] + 12 * u, box[1] + (9 + 20 * number) * u, row, 15 * u, theme.card_ink, "text")
    for number, row in enumerate(wrap(said.note or "", 11 * u, 150 * u)[:2]):
        sheet.words(box[0] + 12 * u, box[1] + (52 + 15 * number) * u, row, 11 * u, "#9a9a9a", "note")
    thumb = scenery(round(40 * u), round(40 * u), frame.chance(said))
    sheet.picture(box[2] - 52 * u, box[1] + 50 * u, thumb)
    return box


def person(frame: Frame, said: Said) -> Box:
    """Somebody's contact card."""
    u, sheet, theme = frame.u, frame.sheet, frame.theme
    box = frame.box(232 * u, 92 * u)
    frame.bubble(box, theme.card)
    sheet.rect((box[0] + 12 * u, box[1] + 12 * u, box[0] + 54 * u, box[1] + 54 * u), "#8fb0a0", 4 * u)
    sheet.words(box[0] + 66 * u, box[1] + 24 * u, said.text, 16 * u, theme.card_ink, "text")
    _footer(frame, box, 66, said.note or "", "#9a9a9a")
    return box


def location(frame: Frame, said: Said) -> Box:
    """A place with a piece of a map."""
    u, sheet, theme = frame.u, frame.sheet, frame.theme
    box = frame.box(232 * u, 150 * u)
    frame.bubble(box, theme.card)
    sheet.words(box[0] + 12 * u, box[1] + 9 * u, said.text, 15 * u, theme.card_ink, "text")
    sheet.words(box[0] + 12 * u, box[1] + 32 * u, said.note or "", 11 * u, "#9a9a9a", "note")
    sheet.rect((box[0], box[1] + 52 * u, box[2], box[3]), "#dfe8dc")
    for at in (80, 105, 130):
        sheet.lines(((box[0], box[1] + at * u), (box[2], box[1] + (at + 12) * u)), "#ffffff", 4 * u)
    x, y = (box[0] + box[2]) / 2, box[1] + 96 * u
    sheet.disc((x - 7 * u, y - 14 * u, x + 7 * u, y), "#2a9d5b")
    return box


def transfer(frame: Frame, said: Said) -> Box:
    """Money sent inside the app."""
    u, sheet = frame.u, frame.sheet
    ground = {"wechat": "#fa9d3b", "qq": "#f8a13f", "alipay": "#4a8bf5"}.get(frame.theme.app, "#fa9d3b")
    if said.note and said.note.startswith("已"):
        ground = {"#fa9d3b": "#fde1c3", "#4a8bf5": "#b8d2fb"}.get(ground, "#fbd9ae")
    box = frame.box(232 * u, 92 * u)
    frame.bubble(box, ground)
    ink = "#ffffff"
    sheet.disc((box[0] + 14 * u, box[1] + 14 * u, box[0] + 52 * u, box[1] + 52 * u), ink)
    sheet.lines(((box[0] + 24 * u, box[1] + 28 * u), (box[0] + 42 * u, box[1] + 28 * u)), ground, 2.5 * u)
    sheet.lines(((box[0] + 24 * u, box[1] + 38 * u), (box[0] + 42 * u, box[1] + 38 * u)), ground, 2.5 * u)
    letters = "#9a6a2f" if ground in ("#fde1c3", "#fbd9ae") else "#35507a" if ground == "#b8d2fb" else ink
    sheet.words(box[0] + 64 * u, box[1] + 13 * u, said.text, 17 * u, letters, "text")
    sheet.words(box[0] + 64 * u, box[1] + 37 * u, said.note or "", 12 * u, letters, "note")
    _footer(frame, box, 66, {"wechat": "微信转账", "qq": "QQ转账"}.get(frame.theme.app, "转账"), letters)
    return box


def red_packet(frame: Frame, said: Said) -> Box:
    """A red packet."""
    u, sheet = frame.u, frame.sheet
    ground = "#fa9d3b" if frame.theme.app == "wechat" else "#e9573f"
    if said.note:
        ground = "#fde1c3" if frame.theme.app == "wechat" else "#f3b6ab"
    letters = "#9a6a2f" if said.note else "#ffffff"
    box = frame.box(232 * u, 92 * u)
    frame.bubble(box, ground)
    sheet.rect((box[0] + 16 * u, box[1] + 10 * u, box[0] + 50 * u, box[1] + 56 * u), "#d9483b", 3 * u)
    sheet.disc((box[0] + 27 * u, box[1] + 24 * u, box[0] + 39 * u, box[1] + 36 * u), "#f7d774")
    sheet.words(box[0] + 64 * u, box[1] + (13 if said.note else 23) * u, said.text, 16 * u, letters, "text")
    if said.note:
        sheet.words(box[0] + 64 * u, box[1] + 37 * u, said.note, 12 * u, letters, "note")
    _footer(frame, box, 66, {"wechat": "微信红包", "qq": "QQ红包"}.get(frame.theme.app, "支付宝红包"), letters)
    return box


def call(frame: Frame, said: Said) -> Box:
    """A call told in the chat, as a bubble with a receiver."""
    u, sheet = frame.u, frame.sheet
    size = 16 * frame.letters * u
    wide = length(said.text, size) + (92 if frame.theme.stamped else 58) * u
    box = frame.box(wide, 40 * u)
    frame.bubble(box)
    level = (box[1] + box[3]) / 2
    x = box[2] - 30 * u if frame.mine else box[0] + 14 * u
    sheet.arc((x, level - 5 * u, x + 16 * u, level + 11 * u), 200, 340, frame.ink, 3 * u)
    start = box[0] + 12 * u if frame.mine else box[0] + 38 * u
    sheet.words(start, level - size / 2, said.text, size, frame.ink, "text")
    frame.stamp(box, said)
    return box


def _footer(frame: Frame, box: Box, at: float, text: str, ink: str) -> None:
    u, sheet = frame.u, frame.sheet
    sheet.lines(((box[0] + 12 * u, box[1] + at * u), (box[2] - 12 * u, box[1] + at * u)), "#e0c8a8", 0.5 * u)
    sheet.words(box[0] + 12 * u, box[1] + (at + 6) * u, text, 11 * u, ink, "note")


CARDS: Mapping[str, Callable[[Frame, Said], Box]] = MappingProxyType(
    {
        "voice": voice,
        "picture": picture,
        "video": video,
        "sticker": sticker,
        "file": file,
        "link": link,
        "card": person,
        "location": location,
        "transfer": transfer,
        "red_packet": red_packet,
        "call": call,
    }
)
