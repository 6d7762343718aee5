"""Screenshots of chats, of a text-message app and of a receipt, drawn as a phone of 1080 pixels shows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from complaints.demo.drawing import Colour, avatar, back_arrow, font, home_bar, middle, status_bar, wrap
from complaints.demo.story import Screen, ScreenItem

WIDTH, HEIGHT = 1080, 2400
_TOP, _FOOT = 240, 210


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours and measures of one app in light or dark mode. ``face`` is the avatar's size, 0 for none."""

    page: Colour
    bar: Colour
    ink: Colour
    left: Colour
    right: Colour
    left_ink: Colour
    right_ink: Colour
    faint: Colour
    field: Colour
    face: int
    radius: int
    size: int
    room: int


_WECHAT = Theme(
    (237, 237, 237), (237, 237, 237), (25, 25, 25), (255, 255, 255), (149, 236, 105), (25, 25, 25), (25, 25, 25),
    (160, 160, 160), (255, 255, 255), 120, 14, 46, 696,
)  # fmt: skip
_WECHAT_DARK = Theme(
    (17, 17, 17), (25, 25, 25), (213, 213, 213), (44, 44, 44), (59, 178, 113), (213, 213, 213), (6, 20, 12),
    (110, 110, 110), (38, 38, 38), 120, 14, 46, 696,
)  # fmt: skip
_SMS = Theme(
    (255, 255, 255), (255, 255, 255), (20, 20, 20), (240, 241, 243), (53, 130, 247), (20, 20, 20), (255, 255, 255),
    (150, 150, 150), (244, 244, 245), 0, 48, 46, 700,
)  # fmt: skip


def theme_of(screen: Screen) -> Theme:
    """The colours for a screen's look."""
    if screen.look == "sms":
        return _SMS
    return _WECHAT_DARK if screen.dark else _WECHAT


def render(screen: Screen) -> Image.Image:
    """The picture. A long one is as high as its chat, another shows what fits from the top."""
    if screen.look == "receipt":
        return _receipt(screen)
    theme = theme_of(screen)
    blocks = [(item, _height(item, theme)) for item in screen.items]
    needed = _TOP + sum(height for _, height in blocks) + _FOOT + 30
    if needed > HEIGHT and not screen.long:
        raise ValueError(f"{screen.file}: {needed} pixels do not fit on one screen")
    height = max(HEIGHT, needed)
    image = Image.new("RGB", (WIDTH, height), theme.page)
    draw = ImageDraw.Draw(image)
    _head(draw, screen, theme)
    y = _TOP + 10
    for item, block in blocks:
        _item(image, draw, item, y, theme, screen)
        y += block
    _foot(draw, height, theme, screen)
    return image


def save(image: Image.Image, path: Path) -> None:
    """Write by the ending: PNG, JPEG or WebP, without any clock inside."""
    if path.suffix == ".png":
        image.save(path)
    elif path.suffix == ".webp":
        image.save(path, quality=85, method=4)
    else:
        image.save(path, quality=88)


def _head(draw: ImageDraw.ImageDraw, screen: Screen, theme: Theme) -> None:
    draw.rectangle((0, 0, WIDTH, _TOP - 20), fill=theme.bar)
    status_bar(draw, WIDTH, f"{screen.at:%H:%M}", theme.ink, 30 + screen.at.minute)
    back_arrow(draw, 60, 162, theme.ink)
    if screen.look == "sms":
        draw.text((130, 162), screen.title, font=font(54), fill=theme.ink, anchor="lm")
        draw.arc((880, 96, 960, 176), 75, 195, fill=theme.ink, width=9)
        draw.line([(882, 126), (894, 144)], fill=theme.ink, width=15)
        draw.line([(914, 168), (934, 178)], fill=theme.ink, width=15)
    else:
        middle(draw, WIDTH // 2, 162, screen.title, 52, theme.ink)
    for i in range(3):
        draw.ellipse((WIDTH - 92 + i * 22, 157, WIDTH - 82 + i * 22, 167), fill=theme.ink)
    if screen.look == "wechat":
        draw.line((0, _TOP - 20, WIDTH, _TOP - 20), fill=theme.field if screen.dark else (218, 218, 218), width=2)


def _foot(draw: ImageDraw.ImageDraw, height: int, theme: Theme, screen: Screen) -> None:
    top = height - _FOOT
    draw.rectangle((0, top, WIDTH, height), fill=theme.bar if screen.look == "sms" else _shade(theme.bar, 10))
    right = WIDTH - 150 if screen.look == "sms" else WIDTH - 260
    draw.rounded_rectangle((140, top + 28, right, top + 132), 50 if screen.look == "sms" else 14, fill=theme.field)
    if screen.look == "sms":
        draw.line((56, top + 80, 104, top + 80), fill=theme.ink, width=6)
        draw.line((80, top + 56, 80, top + 104), fill=theme.ink, width=6)
        draw.text((190, top + 80), "短信", font=font(44), fill=theme.faint, anchor="lm")
        draw.polygon([(WIDTH - 110, top + 50), (WIDTH - 50, top + 80), (WIDTH - 110, top + 110)], fill=theme.faint)
    else:
        for x in (82, WIDTH - 200, WIDTH - 80):
            draw.ellipse((x - 36, top + 44, x + 36, top + 116), outline=theme.ink, width=5)
        for i in range(3):
            draw.arc((54 + i * 8, top + 64 - i * 5, 78 + i * 12, top + 96 + i * 5), -50, 50, fill=theme.ink, width=4)
        draw.arc((WIDTH - 218, top + 66, WIDTH - 182, top + 98), 20, 160, fill=theme.ink, width=4)
        draw.line((WIDTH - 98, top + 80, WIDTH - 62, top + 80), fill=theme.ink, width=5)
        draw.line((WIDTH - 80, top + 62, WIDTH - 80, top + 98), fill=theme.ink, width=5)
    home_bar(draw, WIDTH, height, theme.ink)


def _shade(colour: Colour, by: int) -> Colour:
    return (min(255, colour[0] + by), min(255, colour[1] + by), min(255, colour[2] + by))


def _height(item: ScreenItem, theme: Theme) -> int:
    if item.kind in ("t", "s"):
        return 110
    lines = len(wrap(item.text, theme.size, theme.room))
    return max(theme.face, lines * int(theme.size * 1.38) + 62) + 34


def _item(
    image: Image.Image, draw: ImageDraw.ImageDraw, item: ScreenItem, y: int, theme: Theme, screen: Screen
) -> None:
    if item.kind in ("t", "s"):
        middle(draw, WIDTH // 2, y + 52, item.text, 36, theme.faint)
        return
    right = item.kind == "r"
    pitch = int(theme.size * 1.38)
    lines = wrap(item.text, theme.size, theme.room)
    wide = int(max(font(theme.size).getlength(line) for line in lines)) + 72
    tall = len(lines) * pitch + 62
    margin = 36 + (theme.face + 30 if theme.face else 24)
    x = WIDTH - margin - wide if right else margin
    fill, ink = (theme.right, theme.right_ink) if right else (theme.left, theme.left_ink)
    draw.rounded_rectangle((x, y, x + wide, y + tall), theme.radius, fill=fill)
    if theme.face:
        edge, tip = (x + wide, 16) if right else (x, -16)
        draw.polygon([(edge, y + 44), (edge + tip, y + 60), (edge, y + 76)], fill=fill)
        face = avatar("me" if right else "flower" if screen.title == "周屿" else "grey", theme.face)
        image.paste(face, (WIDTH - 36 - theme.face if right else 36, y))
    for n, line in enumerate(lines):
        draw.text((x + 36, y + 31 + n * pitch + pitch // 2), line, font=font(theme.size), fill=ink, anchor="lm")


def _receipt(screen: Screen) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), (246, 247, 249))
    draw = ImageDraw.Draw(image)
    ink, faint, green = (28, 30, 34), (140, 144, 150), (38, 166, 91)
    status_bar(draw, WIDTH, f"{screen.at:%H:%M}", ink, 71)
    back_arrow(draw, 60, 162, ink)
    middle(draw, WIDTH // 2, 162, screen.title, 52, ink)
    draw.rounded_rectangle((40, 270, WIDTH - 40, 1420), 28, fill=(255, 255, 255))
    draw.ellipse((WIDTH // 2 - 70, 340, WIDTH // 2 + 70, 480), fill=green)
    draw.line([(506, 412), (532, 440), (578, 384)], fill=(255, 255, 255), width=14, joint="curve")
    middle(draw, WIDTH // 2, 540, "还款成功", 54, ink)
    draw.line((90, 630, WIDTH - 90, 630), fill=(232, 233, 236), width=2)
    for n, row in enumerate(screen.items):
        y = 710 + n * 112
        draw.text((100, y), row.text, font=font(42), fill=faint, anchor="lm")
        draw.text((WIDTH - 100, y), row.value, font=font(42), fill=ink, anchor="rm")
    draw.rounded_rectangle((100, 1500, WIDTH - 100, 1620), 60, fill=green)
    middle(draw, WIDTH // 2, 1560, "完成", 50, (255, 255, 255))
    home_bar(draw, WIDTH, HEIGHT, ink)
    return image
