"""Small helpers over Pillow for drawn phone screens and papers: the font, line breaking, simple shapes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
_NO_LINE_START = "，。！？、：；）》”…"


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """WenQuanYi Micro Hei from the package that carries it; basic layout, so that no system library changes it."""
    path = str(files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc")
    return ImageFont.truetype(path, size, index=0, layout_engine=ImageFont.Layout.BASIC)


def wrap(text: str, size: int, width: int) -> list[str]:
    """Lines of at most ``width`` pixels; closing punctuation never begins a line."""
    face, lines, line = font(size), [], ""
    for char in text:
        if char == "\n":
            lines.append(line)
            line = ""
        elif face.getlength(line + char) <= width or (char in _NO_LINE_START and line):
            line += char
        else:
            lines.append(line)
            line = char
    return [*lines, line]


def middle(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, size: int, fill: Colour) -> None:
    """Text centred on a point."""
    draw.text((x, y), text, font=font(size), fill=fill, anchor="mm")


def status_bar(draw: ImageDraw.ImageDraw, width: int, clock: str, ink: Colour, battery: int) -> None:
    """The top of every phone screen: clock, signal, network, battery."""
    draw.text((72, 60), clock, font=font(42), fill=ink, anchor="lm")
    for i in range(4):
        draw.rectangle((width - 330 + i * 16, 74 - 9 * (i + 1), width - 321 + i * 16, 76), fill=ink)
    draw.text((width - 250, 60), "5G", font=font(36), fill=ink, anchor="lm")
    left = width - 180
    draw.rounded_rectangle((left, 42, left + 78, 78), 9, outline=ink, width=4)
    draw.rectangle((left + 80, 52, left + 86, 68), fill=ink)
    draw.rectangle((left + 8, 50, left + 8 + 62 * battery // 100, 70), fill=ink)


def back_arrow(draw: ImageDraw.ImageDraw, x: int, y: int, ink: Colour) -> None:
    """The chevron left of a title."""
    draw.line([(x + 22, y - 30), (x - 8, y), (x + 22, y + 30)], fill=ink, width=6, joint="curve")


def home_bar(draw: ImageDraw.ImageDraw, width: int, height: int, ink: Colour) -> None:
    """The gesture bar at the lower edge."""
    draw.rounded_rectangle((width // 2 - 170, height - 30, width // 2 + 170, height - 20), 5, fill=ink)


@cache
def avatar(kind: str, size: int) -> Image.Image:
    """A square profile picture: a landscape, a flower, or a head and shoulders on a colour."""
    skies: dict[str, Colour] = {"me": (143, 190, 222), "flower": (246, 221, 226)}
    big = Image.new("RGB", (size * 2, size * 2), skies.get(kind, (92, 116, 150)))
    draw, s = ImageDraw.Draw(big), size * 2
    if kind == "me":
        draw.ellipse((s * 0.62, s * 0.12, s * 0.86, s * 0.36), fill=(255, 236, 170))
        draw.polygon([(0, s), (0, s * 0.62), (s * 0.35, s * 0.34), (s * 0.72, s)], fill=(94, 138, 110))
        draw.polygon([(s * 0.3, s), (s * 0.72, s * 0.48), (s, s * 0.8), (s, s)], fill=(66, 108, 88))
    elif kind == "flower":
        for dx, dy in ((0.5, 0.28), (0.28, 0.45), (0.72, 0.45), (0.36, 0.7), (0.64, 0.7)):
            draw.ellipse((s * (dx - 0.17), s * (dy - 0.17), s * (dx + 0.17), s * (dy + 0.17)), fill=(231, 130, 152))
        draw.ellipse((s * 0.38, s * 0.38, s * 0.62, s * 0.62), fill=(250, 208, 96))
    else:
        draw.ellipse((s * 0.33, s * 0.2, s * 0.67, s * 0.56), fill=(226, 232, 240))
        draw.ellipse((s * 0.16, s * 0.62, s * 0.84, s * 1.3), fill=(226, 232, 240))
    return big.resize((size, size), Image.Resampling.LANCZOS)
