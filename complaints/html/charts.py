"""Charts as inline SVG for colour and grey alike, with the same numbers as text beneath."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from markupsafe import Markup

from complaints.blocks import Bar, BarChart, HeatMap
from complaints.html.inline import shown
from complaints.words import Words

_FILLS = ("#333333", "#8c8c8c", "#c4c4c4", "#ececec")
_PER_LINE = 31  # bars side by side: a month
_WIDTH, _HEIGHT, _LEFT, _TOP, _FLOOR = 760, 210, 34, 18, 168
_GREYS = 7


def bar_chart(chart: BarChart, words: Words) -> Iterator[Markup]:
    """Lines of at most a month of stacked bars on one scale, a legend, and the numbers."""
    top = max([sum(bar.parts) for bar in chart.bars] + [chart.limit or 0, 1]) * 1.08
    yield Markup('<figure class="chart"><figcaption>{}</figcaption>\n').format(shown(chart.title))
    for start in range(0, len(chart.bars), _PER_LINE):
        yield _line(chart, chart.bars[start : start + _PER_LINE], top)
    yield _legend(chart, words)
    yield Markup('<ul class="numbers">')
    for bar in chart.bars:
        parts = "  ".join(f"{name} {part:g}" for name, part in zip(chart.series, bar.parts, strict=False))
        yield Markup("<li>{}{}{}</li>").format(shown(bar.label), ": ", shown(parts))
    yield Markup("</ul></figure>\n")


def heat_map(chart: HeatMap) -> Iterator[Markup]:
    """A table of the counts on greys that grow with them."""
    top = max([value for row in chart.values for value in row] + [1])
    yield Markup('<table class="heat"><caption>{}</caption><thead><tr><th></th>').format(shown(chart.title))
    for label in chart.column_labels:
        yield Markup('<th scope="col">{}</th>').format(shown(label))
    yield Markup("</tr></thead><tbody>\n")
    for label, values in zip(chart.row_labels, chart.values, strict=True):
        yield Markup('<tr><th scope="row">{}</th>').format(shown(label))
        for value in values:
            yield Markup('<td class="g{}">{}</td>').format(ceil(_GREYS * max(0, value) / top), value)
        yield Markup("</tr>\n")
    yield Markup("</tbody></table>\n")


def _line(chart: BarChart, bars: tuple[Bar, ...], top: float) -> Markup:
    step = min(60.0, (_WIDTH - _LEFT - 6) / len(bars))
    every = max(1, ceil(max(len(bar.label) for bar in bars) * 9 / step))  # labels do not run into each other
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" font-size="10" font-family="sans-serif">').format(_WIDTH, _HEIGHT),
        Markup("<title>{}</title>").format(shown(chart.title)),
    ]
    for i, bar in enumerate(bars):
        x = _LEFT + i * step
        parts += _stack(bar, x, step * 0.7, top)
        middle = round(x + step * 0.35, 1)
        if i % every == 0:
            label = '<text x="{}" y="{}" text-anchor="middle">{}</text>'
            parts.append(Markup(label).format(middle, _FLOOR + 14, shown(bar.label)))
    parts.append(_rule(_FLOOR, "#333333", ""))
    if chart.limit is not None:
        y = round(_height(chart.limit, top), 1)
        parts.append(_rule(y, "#000000", "5 3"))
        parts.append(Markup('<text x="0" y="{}">{:g}</text>').format(y + 3, chart.limit))
    return Markup("").join([*parts, Markup("</svg>\n")])


def _stack(bar: Bar, x: float, width: float, top: float) -> list[Markup]:
    parts, base = [], 0.0
    for i, value in enumerate(bar.parts):
        if value <= 0:
            continue
        y, low = _height(base + value, top), _height(base, top)
        rectangle = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="#333333"/>'
        parts.append(Markup(rectangle).format(x, y, width, low - y, _FILLS[i % len(_FILLS)]))
        base += value
    total = '<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{:g}</text>'
    return [*parts, Markup(total).format(x + width / 2, _height(base, top) - 3, sum(bar.parts))]


def _height(value: float, top: float) -> float:
    return _FLOOR - (_FLOOR - _TOP) * value / top


def _rule(y: float, colour: str, dashes: str) -> Markup:
    line = '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-dasharray="{}"/>'
    return Markup(line).format(_LEFT - 6, y, _WIDTH, y, colour, dashes or "none")


def _legend(chart: BarChart, words: Words) -> Markup:
    parts = [Markup('<p class="small centre">')]
    for i, name in enumerate(chart.series):
        box = (
            '<svg class="key" viewBox="0 0 12 12"><rect width="12" height="12" fill="{}" stroke="#333333"/></svg> {}   '
        )
        parts.append(Markup(box).format(_FILLS[i % len(_FILLS)], shown(name)))
    if chart.limit is not None:
        parts.append(Markup("- - -  {} ({:g})").format(shown(chart.limit_label or words.limit), chart.limit))
    return Markup("").join([*parts, Markup("</p>\n")])
