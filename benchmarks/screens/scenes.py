"""Scenarios: from a seed and a name to a picture with its truth. The same arguments give the same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from PIL import Image

from benchmarks.screens import chrome, damage, others, script
from benchmarks.screens.bubbles import Composer, Look, Strip
from benchmarks.screens.draw import View, capture, window
from benchmarks.screens.script import Plot, converse
from benchmarks.screens.themes import THEMES, Theme
from benchmarks.screens.truth import Shot

PHONES = ((720, 1600), (1080, 2340), (1080, 2400), (1080, 1920), (1220, 2712), (1264, 2780), (1440, 3200))
IPHONES = ((750, 1334), (828, 1792), (1125, 2436), (1170, 2532), (1179, 2556), (1290, 2796))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a chat scenario is made: one of these themes, then these damages."""

    themes: tuple[str, ...]
    damages: tuple[damage.Damage, ...] = ()
    phones: tuple[tuple[int, int], ...] = PHONES
    letters: float = 1.0
    group: float = 0.0  # how likely it is a group
    bodies: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    wallpaper: bool = False
    bare: bool = False  # cut out of a screenshot: no bars


_CHATS = ("wechat_light", "wechat_dark", "qq_light", "sms_miui", "sms_ios", "alipay", "dingtalk", "wecom")
_TRADITIONAL = (script.TRADITIONAL, script.TRADITIONAL)
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "wechat_light": Recipe(("wechat_light",)),
        "wechat_dark": Recipe(("wechat_dark",)),
        "group": Recipe(("wechat_light", "wechat_dark", "qq_light", "dingtalk", "wecom"), group=1.0),
        "qq": Recipe(("qq_light", "qq_dark"), group=0.2),
        "sms_miui": Recipe(("sms_miui",)),
        "sms_coloros": Recipe(("sms_coloros",)),
        "sms_harmony": Recipe(("sms_harmony", "sms_dark")),
        "sms_ios": Recipe(("sms_ios", "imessage_dark"), phones=IPHONES),
        "whatsapp": Recipe(("whatsapp",), group=0.2),
        "alipay": Recipe(("alipay",)),
        "dingtalk": Recipe(("dingtalk",), group=0.4),
        "wecom": Recipe(("wecom",), group=0.3),
        "iphone": Recipe(("wechat_light", "wechat_dark", "qq_light", "alipay"), phones=IPHONES),
        "small_font": Recipe(("wechat_light", "qq_light", "sms_miui"), letters=0.76),
        "big_font": Recipe(("wechat_light", "wechat_dark", "sms_harmony"), letters=1.45),
        "jpeg60": Recipe(_CHATS, (damage.jpeg(60),)),
        "jpeg20_half": Recipe(_CHATS, (damage.smaller(0.5, 20),), phones=((1080, 2340), (1440, 3200))),
        "half": Recipe(_CHATS, (damage.smaller(0.5),), phones=((1080, 2340), (1264, 2780))),
        "third": Recipe(_CHATS, (damage.smaller(1 / 3, 85),), phones=((1080, 2340), (1264, 2780))),
        "quarter": Recipe(_CHATS, (damage.smaller(0.25),), phones=((1080, 2340), (1220, 2712))),
        "blur": Recipe(_CHATS, (damage.blur(1.6), damage.jpeg(75))),
        "wallpaper": Recipe(("wechat_light", "qq_light", "wechat_dark"), wallpaper=True),
        "photo": Recipe(_CHATS, (damage.photo(False),), phones=((1080, 2340), (1080, 1920))),
        "hard_photo": Recipe(_CHATS, (damage.photo(True),), phones=((1080, 2340), (1080, 1920))),
        "traditional": Recipe(("wechat_light", "whatsapp", "sms_ios"), bodies=_TRADITIONAL, group=0.2),
        "long": Recipe(("wechat_light", "wechat_dark", "qq_light", "sms_miui"), phones=((1080, 15000),)),
        "cropped": Recipe(("wechat_light", "sms_miui", "qq_light", "wechat_dark"), bare=True),
    }
)
OTHERS: Mapping[str, Callable[[int], Shot]] = MappingProxyType(others.SCENES)
NO_CHAT = tuple(name for name in OTHERS if name not in ("call_log", "receipt", "desktop"))
SCENARIOS: tuple[str, ...] = (*RECIPES, "desktop", *OTHERS)


def make(seed: int, scenario: str) -> Shot:
    """One screenshot. Raises KeyError for an unknown scenario."""
    if scenario == "desktop":
        return _desktop(seed)
    if scenario in OTHERS:
        return OTHERS[scenario](seed)
    recipe = RECIPES[scenario]
    chance = random.Random(f"{scenario}/{seed}")
    width, height = chance.choice(recipe.phones)
    theme = THEMES[chance.choice(recipe.themes)]
    group = chance.random() < recipe.group and theme.app != "sms"
    if recipe.wallpaper:
        theme = replace(theme, chip="#8c8c8c", label_ink="#ffffff")
    look = _look(theme, width, chance, recipe.letters, group)
    captured = moment(chance)
    count = 110 if height > 5000 else 26
    said = converse(chance, _plot(recipe, theme, group), count, captured)
    divider = chance.randrange(count - 6, count) if theme.app == "wechat" and chance.random() < 0.15 else None
    strip = Composer(look, captured, f"{scenario}/{seed}").compose(said, divider)
    bars = bars_for(look, chance, captured, script.other_side(said))
    if recipe.bare:
        bars = replace(bars, status=False, titled=False, input=False)
    ground = _ground(recipe, look, height, chance)
    view = View(height, 0, bars, captured, ground)
    shot = capture(strip, look, replace(view, scroll=_scroll(strip, look, view, chance)), scenario, seed)
    return damaged(shot, recipe.damages, chance)


def series(seed: int, n: int = 6) -> list[Shot]:
    """``n`` screenshots of one long chat in the order taken: mostly overlapping, with a gap here and there.

    Every third seed scrolls upwards. Ids of entries are the same in all of them.
    """
    chance = random.Random(f"series/{seed}")
    width, height = chance.choice(PHONES[:5])
    theme = THEMES[chance.choice(("wechat_light", "wechat_dark", "qq_light", "sms_miui", "whatsapp", "wecom"))]
    group = theme.app not in ("sms", "whatsapp") and chance.random() < 0.3
    look = _look(theme, width, chance, 1.0, group)
    captured = moment(chance)
    said = converse(chance, _plot(RECIPES["wechat_light"], theme, group), 12 * n, captured)
    bars = bars_for(look, chance, captured, script.other_side(said))
    taken = [captured + timedelta(seconds=8 * k + chance.randint(0, 5)) for k in range(n)]
    if seed % 5 == 4:
        taken = [when + timedelta(days=1) if k >= n // 2 else when for k, when in enumerate(taken)]
    view = View(height, 0, bars, captured, _ground(RECIPES["whatsapp"], look, height, chance))
    top, bottom = window(look, view)
    shots = []
    scroll = 0.0
    places = []
    for _shot in range(n):
        places.append(scroll)
        step = chance.uniform(1.05, 1.5) if chance.random() < 0.15 else chance.uniform(0.55, 0.88)
        scroll = round(scroll + step * (bottom - top))
    if seed % 3 == 2:
        places.reverse()
    for number, (when, place) in enumerate(zip(taken, places, strict=True)):
        strip = Composer(look, when, f"series/{seed}").compose(said)
        place = max(0.0, min(place, strip.height - (bottom - top)))
        now = replace(view, scroll=place, captured=when, bars=replace(bars, clock=f"{when:%H:%M}", battery=80 - number))
        shots.append(capture(strip, look, now, "series", seed))
    return shots


def moment(chance: random.Random) -> datetime:
    """When a capture was made: often early in a year, where dates without a year are hard."""
    day = datetime(chance.choice((2024, 2025, 2025)), chance.choice((1, 1, 3, 5, 7, 9, 12)), chance.randint(1, 28))
    return day + timedelta(hours=chance.randint(0, 23), minutes=chance.randint(0, 59), seconds=chance.randint(0, 59))


def bars_for(look: Look, chance: random.Random, captured: datetime, other: str) -> chrome.Bars:
    """Title and status bar for a chat with ``other``."""
    filler = script.Filler(chance)
    title, members = other, None
    if look.group:
        title, members = chance.choice(script.GROUP_NAMES), chance.randint(3, 480)
    elif look.theme.app == "sms":
        title = chance.choice((filler.phone(), f"1069{chance.randint(10000000, 99999999)}", other))
    else:
        title = chance.choice((other, f"{other[0]}经理", f"{chance.choice(script.FIRMS)}-{other}"))
    bars = chrome.invent(look.theme, chance, title, members, f"{captured:%H:%M}")
    shown = look.theme.bar not in ("whatsapp", "ios")
    return bars if shown else replace(bars, members=None)


def damaged(shot: Shot, damages: tuple[damage.Damage, ...], chance: random.Random) -> Shot:
    """The shot after its damages, all boxes moved along."""
    for one in damages:
        before = shot.image.size
        image, matrix = one(shot.image, chance)
        truth = shot.truth
        quad = truth.quad
        if image.size != before and shot.truth.scenario.endswith("photo"):
            corners = ((0.0, 0.0), (before[0], 0.0), before, (0.0, before[1]))
            quad = tuple(damage.point((float(x), float(y)), matrix) for x, y in corners)
        shot = Shot(
            image,
            replace(
                truth,
                width=image.width,
                height=image.height,
                quad=quad,
                items=tuple(
                    replace(e, box=damage.moved(e.box, matrix), area=damage.moved(e.area, matrix)) for e in truth.items
                ),
                rows=tuple(replace(r, box=damage.moved(r.box, matrix)) for r in truth.rows),
            ),
        )
    return shot


def _look(theme: Theme, width: int, chance: random.Random, letters: float, group: bool) -> Look:
    unit = width / chance.choice((360, 360, 375, 393, 412))
    # wider screens have wider bubbles: the widest ends where an avatar on the other side would begin
    theme = replace(theme, widest=theme.widest + width / unit - 360)
    return Look(theme, width, unit, letters, group, chance.random() < 0.25, chance.random() < 0.6)


def _plot(recipe: Recipe, theme: Theme, group: bool) -> Plot:
    bodies = recipe.bodies or ((script.SMS if theme.app == "sms" else script.THREATS), script.REPLIES)
    systems = () if theme.app == "sms" else script.GROUP_SYSTEMS if group else script.SYSTEMS
    return Plot(bodies, group, theme.types, theme.app != "sms", systems)


def _ground(recipe: Recipe, look: Look, height: int, chance: random.Random) -> Image.Image | None:
    if recipe.wallpaper:
        return damage.wallpaper((look.width, height), chance)
    if look.theme.bar == "whatsapp":
        return damage.doodles((look.width, height), look.theme.page, "#e4dacb", chance, look.unit)
    return None


def _scroll(strip: Strip, look: Look, view: View, chance: random.Random) -> float:
    top, bottom = window(look, view)
    most = max(0.0, strip.height - (bottom - top))
    return round(chance.choice((most, most, most * chance.random())))


def _desktop(seed: int) -> Shot:
    chance = random.Random(f"desktop/{seed}")
    zoom = chance.choice((1.0, 1.25, 1.5, 2.0))
    base = THEMES[chance.choice(("wechat_light", "wechat_dark"))]
    wide, tall = round(chance.randint(560, 800) * zoom), round(chance.randint(420, 700) * zoom)
    theme = replace(base, font=14, avatar_size=34, margin=24, gap=12, widest=wide / zoom * 0.62, leading=1.45, pad_x=11)
    group = chance.random() < 0.4
    look = Look(theme, wide, zoom, 1.0, group, False, chance.random() < 0.5)
    captured = moment(chance)
    said = converse(chance, _plot(RECIPES["wechat_light"], theme, group), 16, captured)
    strip = Composer(look, captured, f"desktop/{seed}").compose(said)
    bars = replace(bars_for(look, chance, captured, script.other_side(said)), status=False, titled=False, input=False)
    view = View(tall, 0, bars, captured)
    shot = capture(strip, look, replace(view, scroll=_scroll(strip, look, view, chance)), "desktop", seed)
    return others.framed(shot, bars, theme, zoom, chance)
