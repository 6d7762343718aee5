"""A screenshot of a laid out conversation: what stands in the window between the bars, and the truth about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PIL import Image

from benchmarks.screens import chrome
from benchmarks.screens.bubbles import Look, Strip
from benchmarks.screens.truth import Box, Entry, Row, Shot, Truth

READABLE = 0.9  # a row of which less can be seen is not expected to be read


@dataclass(frozen=True, slots=True)
class View:
    """How the phone is held to the conversation. ``scroll`` is the strip's height at the top of the window."""

    height: int
    scroll: float
    bars: chrome.Bars
    captured: datetime
    ground: Image.Image | None = None  # a wallpaper of screen size


def window(look: Look, view: View) -> tuple[float, float]:
    """Top and bottom of the part of the screen that shows the conversation."""
    tall = chrome.heights(look.theme, view.bars, look.unit)
    return tall.status + tall.title, view.height - tall.input


def capture(strip: Strip, look: Look, view: View, scenario: str, seed: int) -> Shot:
    """The picture of one view with its truth."""
    top, bottom = window(look, view)
    image = view.ground.copy() if view.ground else Image.new("RGB", (look.width, view.height), look.theme.page)
    dy = round(top - view.scroll)
    strip.sheet.paint(image, 0, dy)
    bars = chrome.draw(look.theme, view.bars, look.width, view.height, look.unit)
    bars.paint(image)
    rows = [*_rows(strip.sheet.rows, dy, top, bottom), *bars.rows]
    items = timed(_entries(strip.entries, rows, dy, top, bottom, look.unit), look.theme.stamped)
    truth = Truth(
        scenario,
        seed,
        "chat",
        look.theme.app,
        view.captured,
        look.width,
        view.height,
        view.bars.title if view.bars.titled else None,
        view.bars.members if view.bars.titled else None,
        view.bars.clock if view.bars.status else None,
        dark=look.theme.dark,
        items=items,
        rows=tuple(sorted(rows, key=lambda row: (row.box[1], row.box[0]))),
    )
    return Shot(image, truth)


def shifted(box: Box, dx: float, dy: float) -> Box:
    """A box moved."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def _rows(rows: Iterable[Row], dy: float, top: float, bottom: float) -> list[Row]:
    seen = []
    for row in rows:
        box = shifted(row.box, 0, dy)
        low, high = max(box[1], top), min(box[3], bottom)
        if high > low:
            shown = (high - low) / (box[3] - box[1])
            seen.append(replace(row, box=(box[0], low, box[2], high), shown=shown))
    return seen


def _entries(entries: Iterable[Entry], rows: list[Row], dy: float, top: float, bottom: float, u: float) -> list[Entry]:
    seen = []
    for entry in entries:
        area, box = shifted(entry.area, 0, dy), shifted(entry.box, 0, dy)
        if area[3] <= top + 2 * u or area[1] >= bottom - 2 * u:
            continue
        cut_top, cut_bottom = box[1] < top - u, box[3] > bottom + u
        clipped = "both" if cut_top and cut_bottom else "top" if cut_top else "bottom" if cut_bottom else None
        box = (box[0], min(max(box[1], top), bottom), box[2], max(min(box[3], bottom), top))
        area = (area[0], max(area[1], top), area[2], min(area[3], bottom))
        text = entry.text
        if clipped:
            own = [
                row for row in rows if row.owner == entry.id and row.role in ("text", "transcript", "label", "system")
            ]
            text = "\n".join(row.text for row in own if row.shown >= READABLE)
        named = any(row.owner == entry.id and row.role == "name" and row.shown >= READABLE for row in rows)
        quoted = [row for row in rows if row.owner == entry.id and row.role == "quote"]
        whole_quote = quoted and all(row.shown >= READABLE for row in quoted)
        seen.append(
            replace(
                entry,
                box=box,
                area=area,
                clipped=clipped,
                text=text,
                name=entry.name if named else None,
                quote="".join(row.text for row in quoted) if whole_quote else None,
            )
        )
    return seen


def timed(entries: list[Entry], stamped: bool) -> tuple[Entry, ...]:
    """The entries with what a reader of this picture alone can know of their time."""
    done = []
    known: datetime | None = None
    for entry in entries:
        if entry.kind == "time":
            known = entry.time if entry.clipped is None else None
            done.append(entry)
            continue
        time = known
        if stamped and known is not None and entry.sent is not None and entry.kind == "message":
            time = known + timedelta(hours=entry.sent.hour, minutes=entry.sent.minute)
        done.append(replace(entry, time=time))
    return tuple(done)
