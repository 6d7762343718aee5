"""Bar charts of the Word file as pictures: greys and hatches for print, the limit as a dashed line with its label.

Word draws charts of its own only from a workbook inside the file; a picture looks the same in Word, WPS and
LibreOffice. The letters are those of the packaged font, laid out by Pillow itself, so equal charts give equal bytes.
"""

from __future__ import annotations

import math
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from complaints.blocks import BarChart
from complaints.outline import number_text
from complaints.pdf.charts import scale_step
from complaints.pdf.fonts import FONT_FOLDERS, packaged_font, system_fonts
from complaints.visible import visible
from complaints.words import Words
from evidence.errors import MissingPart
from evidence.i18n import gettext as _

PER_PANEL = 31
_WIDE, _PLOT, _LEFT, _RIGHT, _HEAD, _FOOT = 1600, 330, 70, 250, 50, 60
_GREYS = (77, 204, 255, 140, 255, 230)
_HATCHES = ("", "", "/", "", "\\", "x")
_SIZE = 24


def chart_pictures(chart: BarChart, words: Words) -> list[bytes]:
    """PNG files of up to a month of bars each, on one scale. Raises MissingPart without a Chinese font."""
    font = _font()
    panels = -(-len(chart.bars) // PER_PANEL)
    per = -(-len(chart.bars) // panels) if panels else 1
    return [_Panel(chart, start, per, font, words).png() for start in range(0, len(chart.bars), per)]


def _font() -> ImageFont.FreeTypeFont:
    path = packaged_font() or next(system_fonts(FONT_FOLDERS), None)
    if path is None:
        raise MissingPart(
            _("There is no Chinese font for the charts."),
            hint=_("Install it again: pip install paperang-p2-fonts-cjk==0.1.0"),
        )
    return ImageFont.truetype(str(path), _SIZE, layout_engine=ImageFont.Layout.BASIC)


class _Panel:
    def __init__(self, chart: BarChart, start: int, count: int, font: ImageFont.FreeTypeFont, words: Words) -> None:
        self.chart, self.font, self.words = chart, font, words
        self.bars = chart.bars[start : start + count]
        most = max([sum(b.parts) for b in chart.bars] + [chart.limit or 0.0, 1.0])
        self.step = scale_step(most)
        self.unit = _PLOT / (math.ceil(most / self.step + 0.15) * self.step)
        self.base = _HEAD + _PLOT
        self.image = Image.new("L", (_WIDE, self.base + _FOOT), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.right = _WIDE - (_RIGHT if chart.limit is not None else 10)
        self.pitch = (self.right - _LEFT) / max(len(self.bars), 8)

    def png(self) -> bytes:
        """The drawn panel."""
        self._legend()
        for n in range(round(_PLOT / self.unit / self.step) + 1):
            y = self._y(n * self.step)
            self.draw.line((_LEFT, y, self.right, y), fill=190 if n else 0, width=1 if n else 2)
            self._write(number_text(n * self.step), _LEFT - 10, y, "rm")
        for n, bar in enumerate(self.bars):
            self._bar(n, bar.parts)
            label = visible(bar.label)[:12]
            if self._fits(label) or n % max(1, math.ceil(self._long(label) / self.pitch)) == 0:
                self._write(label, _LEFT + (n + 0.5) * self.pitch, self.base + 24, "mm")
        if self.chart.limit is not None:
            self._limit(self.chart.limit)
        for n, bar in enumerate(self.bars):
            if total := sum(bar.parts):
                self._number(number_text(total), _LEFT + (n + 0.5) * self.pitch, self._y(total) - 4)
        out = BytesIO()
        self.image.save(out, "PNG", compress_level=9)
        return out.getvalue()

    def _y(self, value: float) -> float:
        return round(self.base - value * self.unit)

    def _long(self, text: str) -> float:
        return self.font.getlength(text) + 8

    def _fits(self, text: str) -> bool:
        return self._long(text) <= self.pitch

    def _write(self, text: str, x: float, y: float, anchor: str) -> None:
        self.draw.text((round(x), y), text, font=self.font, fill=0, anchor=anchor)

    def _number(self, text: str, x: float, y: float) -> None:
        half = self.font.getlength(text) / 2 + 1
        self.draw.rectangle((round(x - half), y - _SIZE, round(x + half), y + 2), fill=255)
        self._write(text, x, y, "ms")

    def _bar(self, n: int, parts: tuple[float, ...]) -> None:
        wide = round(min(self.pitch * 0.72, 90))
        x, base = round(_LEFT + (n + 0.5) * self.pitch - wide / 2), 0.0
        for series, part in enumerate(parts):
            if part > 0:
                self._fill(series, (x, round(self._y(base + part)), x + wide, round(self._y(base))))
                base += part

    def _fill(self, series: int, box: tuple[int, int, int, int]) -> None:
        size = (box[2] - box[0] + 1, max(1, box[3] - box[1] + 1))
        tile = Image.new("L", size, _GREYS[series % len(_GREYS)])
        draw, hatch = ImageDraw.Draw(tile), _HATCHES[series % len(_HATCHES)]
        for at in range(-size[1], size[0], 10):
            if hatch in ("/", "x"):
                draw.line((at, size[1], at + size[1], 0), fill=0, width=2)
            if hatch in ("\\", "x"):
                draw.line((at, 0, at + size[1], size[1]), fill=0, width=2)
        draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=0, width=2)
        self.image.paste(tile, box[:2])

    def _limit(self, limit: float) -> None:
        y = round(self._y(limit))
        self.draw.line((_LEFT, y, self.right, y), fill=255, width=7)
        for x in range(_LEFT, self.right, 18):
            self.draw.line((x, y, min(x + 12, self.right), y), fill=0, width=3)
        text = visible(self.chart.limit_label or f"{self.words.limit} {number_text(limit)}")
        lines, line = [], ""
        for char in text:
            if line and self.font.getlength(line + char) > _RIGHT - 16:
                lines.append(line)
                line = ""
            line += char
        for n, part in enumerate([*lines, line][:4]):
            self._write(part, self.right + 8, y + n * (_SIZE + 6), "lm")

    def _legend(self) -> None:
        x = _LEFT
        for series, name in enumerate(self.chart.series):
            self._fill(series, (x, 8, x + 36, 32))
            self._write(visible(name), x + 46, 20, "lm")
            x += round(self.font.getlength(visible(name))) + 90
