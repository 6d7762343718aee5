"""What a phone and an app draw around a conversation: status bar, title bar, input bar."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.screens.sheet import Sheet, length
from benchmarks.screens.themes import Theme


@dataclass(frozen=True, slots=True)
class Bars:
    """What stands in the bars. ``place`` is where a number is from (SMS), ``unread`` the count beside the arrow."""

    title: str
    members: int | None
    clock: str
    status: bool = True
    titled: bool = True
    input: bool = True
    subtitle: str = ""
    unread: int = 0
    battery: int = 80
    net: str = "5G"
    centred_clock: bool = False


@dataclass(frozen=True, slots=True)
class Heights:
    """Heights of the bars in pixels."""

    status: float
    title: float
    input: float


def heights(theme: Theme, bars: Bars, u: float) -> Heights:
    """How much of the screen the bars take."""
    title = {"ios": 76.0, "qq": 50.0, "whatsapp": 54.0, "dingtalk": 50.0}.get(theme.bar, 46.0)
    foot = {"ios": 78.0, "sms": 66.0, "whatsapp": 64.0, "qq": 86.0}.get(theme.bar, 60.0)
    return Heights(28 * u if bars.status else 0, title * u if bars.titled else 0, foot * u if bars.input else 0)


def draw(theme: Theme, bars: Bars, width: int, height: int, u: float) -> Sheet:
    """The bars on a sheet of screen size."""
    sheet = Sheet()
    tall = heights(theme, bars, u)
    sheet.rect((0, 0, width, tall.status + tall.title), theme.bar_ground if tall.status + tall.title else None)
    if bars.status:
        _status(sheet, theme, bars, width, u)
    if bars.titled:
        _title(sheet, theme, bars, width, tall.status, tall.title, u)
    if bars.input:
        _input(sheet, theme, width, height, tall.input, u)
    return sheet


def _status(sheet: Sheet, theme: Theme, bars: Bars, width: int, u: float) -> None:
    ink, y, size = theme.bar_ink, 8 * u, 12.5 * u
    if bars.centred_clock:
        sheet.words(width / 2, y, bars.clock, size, ink, "clock", "m")
        sheet.words(16 * u, y, bars.net, size * 0.85, ink, "bar")
    else:
        sheet.words(18 * u, y, bars.clock, size, ink, "clock")
    right = width - 16 * u
    sheet.rect((right - 22 * u, y + u, right, y + 11 * u), None, 3 * u, ink)
    sheet.rect((right - 20 * u, y + 3 * u, right - (20 - 18 * bars.battery / 100) * u, y + 9 * u), ink, u)
    right -= 28 * u
    if bars.battery % 2:
        right -= sheet.words(right, y + u, f"{bars.battery}%", size * 0.8, ink, "bar", "r") + 6 * u
    for step in range(4):
        x = right - (18 - 4.5 * step) * u
        sheet.rect((x, y + (9 - 2.5 * step) * u, x + 3 * u, y + 11 * u), ink)
    right -= 26 * u
    if not bars.centred_clock:
        sheet.words(right, y + u, bars.net, size * 0.8, ink, "bar", "r")


def _title(sheet: Sheet, theme: Theme, bars: Bars, width: int, top: float, tall: float, u: float) -> None:
    ink, level = theme.bar_ink, top + tall / 2
    text = bars.title + (
        f"({bars.members})" if bars.members and theme.bar in ("centred", "qq", "left", "wecom") else ""
    )
    if theme.bar == "ios":
        _ios_title(sheet, theme, bars, width, top, u)
        return
    sheet.lines(((22 * u, level - 7 * u), (15 * u, level), (22 * u, level + 7 * u)), ink, 1.8 * u)
    x = 34 * u
    if bars.unread:
        x += (
            sheet.words(
                32 * u, level - 7 * u, str(min(bars.unread, 99)) + ("+" if bars.unread > 99 else ""), 13 * u, ink, "bar"
            )
            + 6 * u
        )
    sub = bars.subtitle
    size = 16.5 * u
    up = 9 * u if sub else 0
    place = level - size / 2 - up
    if theme.bar in ("centred", "wecom"):
        sheet.words(width / 2, place, text, size, ink, "title", "m", bold=True)
        if sub:
            sheet.words(
                width / 2,
                level + 5 * u,
                sub,
                10.5 * u,
                "#d08a3a" if theme.bar == "wecom" else theme.label_ink,
                "bar",
                "m",
            )
    elif theme.bar == "whatsapp":
        sheet.disc((x, level - 18 * u, x + 36 * u, level + 18 * u), "#cfd8dc")
        sheet.words(x + 46 * u, place, text, size, ink, "title", bold=True)
        sheet.words(x + 46 * u, level + 4 * u, sub, 11 * u, ink, "bar")
    else:
        sheet.words(x + 4 * u, place, text, size, ink, "title", bold=True)
        if sub:
            sheet.words(x + 4 * u, level + 5 * u, sub, 10.5 * u, theme.label_ink, "bar")
    _menu(sheet, theme, width, level, u)
    sheet.lines(((0, top + tall - 1), (width, top + tall - 1)), "#2a2a2a" if theme.dark else "#dcdcdc", 1)


def _menu(sheet: Sheet, theme: Theme, width: int, level: float, u: float) -> None:
    for step in range(3):
        x = width - (24 - 6 * step) * u
        if theme.bar == "whatsapp":
            x, y = width - 18 * u, level + (step - 1) * 6 * u
            sheet.disc((x - 1.5 * u, y - 1.5 * u, x + 1.5 * u, y + 1.5 * u), theme.bar_ink)
        else:
            sheet.disc((x - 1.6 * u, level - 1.6 * u, x + 1.6 * u, level + 1.6 * u), theme.bar_ink)
    if theme.bar in ("sms", "whatsapp", "qq"):
        x = width - 62 * u
        sheet.arc((x, level - 9 * u, x + 20 * u, level + 13 * u), 200, 340, theme.bar_ink, 3 * u)


def _ios_title(sheet: Sheet, theme: Theme, bars: Bars, width: int, top: float, u: float) -> None:
    sheet.lines(((20 * u, top + 18 * u), (12 * u, top + 27 * u), (20 * u, top + 36 * u)), "#007aff", 2 * u)
    if bars.unread:
        sheet.words(28 * u, top + 20 * u, str(bars.unread), 13 * u, "#007aff", "bar")
    sheet.disc((width / 2 - 22 * u, top + 4 * u, width / 2 + 22 * u, top + 48 * u), "#a5abb9")
    sheet.disc((width / 2 - 7 * u, top + 12 * u, width / 2 + 7 * u, top + 26 * u), "#ffffff")
    sheet.arc((width / 2 - 14 * u, top + 29 * u, width / 2 + 14 * u, top + 60 * u), 180, 360, "#ffffff", 7 * u)
    sheet.words(width / 2, top + 53 * u, bars.title, 11.5 * u, theme.bar_ink, "title", "m")
    wide = length(bars.title, 11.5 * u)
    x = width / 2 + wide / 2 + 5 * u
    sheet.lines(((x, top + 56 * u), (x + 3 * u, top + 59.5 * u), (x, top + 63 * u)), "#9a9a9a", u)
    sheet.lines(((0, top + 75 * u), (width, top + 75 * u)), "#2a2a2a" if theme.dark else "#d0d0d0", 1)


def _input(sheet: Sheet, theme: Theme, width: int, height: int, tall: float, u: float) -> None:
    top = height - tall
    sheet.rect((0, top, width, height), theme.input_ground)
    ink = "#8a8a8a" if theme.dark else "#4a4a4a"
    level = top + 27 * u
    left, right = (46 * u, width - 86 * u) if theme.bar in ("centred", "wecom", "left") else (16 * u, width - 56 * u)
    sheet.rect((left, level - 18 * u, right, level + 18 * u), theme.field, 5 * u if theme.bar == "centred" else 18 * u)
    if theme.hint:
        sheet.words(left + 12 * u, level - 8 * u, theme.hint, 14.5 * u, "#9c9c9c", "bar")
    if left > 20 * u:
        _ring(sheet, 24 * u, level, 12 * u, ink, u)
        _ring(sheet, width - 64 * u, level, 12 * u, ink, u)
    _ring(sheet, width - 26 * u, level, 12 * u, ink, u)
    if theme.bar == "qq":
        for step in range(6):
            _ring(sheet, width * (step + 0.5) / 6, level + 34 * u, 9 * u, ink, u)
    sheet.rect((width / 2 - 54 * u, height - 7 * u, width / 2 + 54 * u, height - 4 * u), ink, u)


def _ring(sheet: Sheet, x: float, y: float, r: float, ink: str, u: float) -> None:
    sheet.arc((x - r, y - r, x + r, y + r), 0, 360, ink, 1.6 * u)
    sheet.lines(((x - r / 2, y), (x + r / 2, y)), ink, 1.6 * u)
    sheet.lines(((x, y - r / 2), (x, y + r / 2)), ink, 1.6 * u)


def invent(theme: Theme, chance: random.Random, title: str, members: int | None, clock: str) -> Bars:
    """Bars with a battery, a net and the little words that stand under titles."""
    sub = {
        "qq": chance.choice(("", "手机在线 - 5G", "在线")),
        "sms": chance.choice(("", "云泊 移动", "未知号码")),
        "whatsapp": chance.choice(("在线", "最后上线时间 今天 09:12", "点击此处查看联系人信息")),
        "wecom": chance.choice(("", "@岫云分期")),
    }.get(theme.bar, "")
    return Bars(
        title,
        members,
        clock,
        subtitle="" if members else sub,
        unread=chance.choice((0, 0, 3, 12, 120)),
        battery=chance.randint(7, 100),
        net=chance.choice(("5G", "4G", "5GA", "HD 5G")),
        centred_clock=theme.bar == "ios" and chance.random() < 0.3,
    )
