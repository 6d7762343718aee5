"""Lines as a faultless engine would give them, and the layout as it should be, for work on what comes after."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from benchmarks.screens.draw import READABLE
from benchmarks.screens.score import Match
from benchmarks.screens.sheet import EMOJI
from benchmarks.screens.truth import Entry, Shot
from evidence.models import Line
from evidence.screenchat.colours import Pixels
from evidence.screenchat.model import App, Item, ItemKind, MessageType, Screen, Side
from evidence.screenchat.prints import print_of

_MIDDLE = ("label", "system", "other")
_DROPPED = str.maketrans("", "", EMOJI)


def perfect_lines(shot: Shot) -> tuple[Line, ...]:
    """The rows of letters in reading order, boxes off by up to a tenth of a row's height as an engine's are.

    Emoji are left out, as most engines do. A row that is cut by an edge comes with its text shortened and a low score,
    or not at all when less than half of it shows.
    """
    chance = random.Random(f"{shot.truth.scenario}/{shot.truth.seed}/lines")
    lines = []
    for row in shot.truth.rows:
        text = row.text.translate(_DROPPED).strip()
        x0, y0, x1, y1 = row.box
        if not text or row.shown < 0.5:
            continue
        by = 0.1 * (y1 - y0)
        pad = [chance.uniform(0, by) for _edge in range(4)]
        box = (max(0.0, x0 - pad[0]), max(0.0, y0 - pad[1]), x1 + pad[2], y1 + pad[3])
        line = Line(text, round(chance.uniform(0.96, 0.999), 3), box)
        if row.shown < READABLE:
            line = replace(line, text=text[: max(1, len(text) // 2)], score=0.6)
        lines.append(line)
    return tuple(lines)


def perfect_screen(shot: Shot, lines: Sequence[Line]) -> Screen:
    """The layout as it should come out, for work on times and joining. Clipped bubbles carry their doubts."""
    truth = shot.truth
    if truth.kind != "chat":
        return Screen("call_log" if truth.kind == "call_log" else "other", truth.width, truth.height)
    match = Match(shot, lines, None)
    pixels = np.asarray(shot.image.convert("RGB"))
    # neither a label of which nothing can be read nor a sliver of a bubble is an item
    sliver = truth.width / 360 * 12
    seen = [
        entry
        for entry in truth.items
        if (entry.kind == "message" or match.lines_of(entry, _MIDDLE))
        and not (entry.clipped and entry.area[3] - entry.area[1] < sliver)
    ]
    items = tuple(_item(match, entry, pixels) for entry in seen)
    app = cast(App, truth.app)
    return Screen(
        "chat", truth.width, truth.height, app, 1.0, "", truth.title, truth.members, truth.clock, truth.dark,
        truth.width / 360, items,
    )  # fmt: skip


def _item(match: Match, entry: Entry, pixels: Pixels) -> Item:
    roles = ("text", "transcript", "name", "quote", "note", "picture", "label", "system", "other")
    numbers = match.lines_of(entry, roles)
    doubts = {"top": ("clipped_top",), "bottom": ("clipped_bottom",), "both": ("clipped_top", "clipped_bottom")}
    words = match.lines_of(entry, ("text", "transcript", "label", "system", "other"))
    return Item(
        cast(ItemKind, entry.kind),
        "\n".join(match.lines[n].text for n in words),
        entry.box,
        tuple(numbers),
        cast("Side | None", entry.side),
        cast(MessageType, entry.type),
        entry.name,
        entry.quote,
        entry.note,
        entry.seconds,
        entry.amount,
        print=print_of(pixels, entry.box),
        doubts=doubts.get(entry.clipped or "", ()),
    )
