"""From pixels and OCR lines to what a chat screenshot shows: bubbles with sides, labels, cards, title.

Everything goes by relations on this very picture (to its width, its letters, the colours of its clear bubbles); what
is known of single apps only leans the scale. Same input, same output; nothing is read from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from evidence.models import Line
from evidence.screenchat import apps, bubbles, chatness, labels
from evidence.screenchat.bars import find_bars
from evidence.screenchat.body import Body
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import Canvas, Pixels, canvas_of, lightness
from evidence.screenchat.model import App, Box, Item, Screen
from evidence.screenchat.panes import pane_start
from evidence.screenchat.placing import place
from evidence.screenchat.prints import print_of
from evidence.screenchat.runs import find_runs
from evidence.screenchat.sides import is_avatar, learn
from evidence.screenchat.words import Word, words_of

VERSION = "1"
_LEAST = 24  # pixels; less is no screen


def read_layout(pixels: Pixels, lines: Sequence[Line], channel: str | None = None) -> Screen:
    """The layout of an upright RGB picture (height x width x 3) whose OCR lines are ``lines``.

    ``channel`` is the app that the file's name claims. Never raises on any picture or lines; what is no chat has the
    kind ``other`` or ``call_log`` and no items. Every line is in one item, in ``bars`` or in ``unused``.
    """
    height, width = pixels.shape[:2]
    blank = Screen("other", width, height, unused=tuple(range(len(lines))))
    if height < _LEAST or width < _LEAST:
        return blank
    canvas = canvas_of(pixels)
    start = pane_start(canvas) * canvas.factor
    return _of_pane(pixels, lines, channel, start) if start else _read(canvas, pixels, lines, channel, blank)


def _of_pane(pixels: Pixels, lines: Sequence[Line], channel: str | None, start: int) -> Screen:
    """The layout of the pane that begins at column ``start``; lines beside it count as bars."""
    height, width = pixels.shape[:2]
    own = [n for n, line in enumerate(lines) if line.box is not None and line.box[0] + line.box[2] > 2 * start]
    moved = [replace(lines[n], box=_shifted(lines[n].box, -start)) for n in own]
    part = pixels[:, start:]
    blank = Screen("other", width, height, unused=tuple(range(len(own))))
    found = _read(canvas_of(part), part, moved, channel, blank)
    if found.kind != "chat":
        return replace(found, items=(), bars=(), unused=tuple(range(len(lines))))
    items = tuple(
        replace(item, box=_shifted(item.box, start) or item.box, lines=tuple(own[n] for n in item.lines))
        for item in found.items
    )
    beside = set(range(len(lines))) - set(own)
    bars = tuple(sorted({own[n] for n in found.bars} | beside))
    return replace(
        found, width=width, height=height, items=items, bars=bars, unused=tuple(own[n] for n in found.unused)
    )


def _shifted(box: Box | None, by: float) -> Box | None:
    return (box[0] + by, box[1], box[2] + by, box[3]) if box is not None else None


def _read(canvas: Canvas, pixels: Pixels, lines: Sequence[Line], channel: str | None, blank: Screen) -> Screen:
    """The layout of one pane; ``blank`` is the answer when it shows no chat."""
    height, width = pixels.shape[:2]
    words = words_of(lines, canvas.factor, canvas.width, canvas.height)
    dp = _dp(canvas, words)
    seen = _look(canvas, words, dp)
    kind = chatness.kind_of(canvas, words, seen.blocks, seen.bars, seen.habits, len(seen.runs))
    scale = dp * canvas.factor
    dark = _dark(seen)
    if kind != "chat":
        return replace(blank, kind=kind, clock=seen.bars.clock, dark=dark, scale=scale)
    items = place(seen)
    app, sure, why = _app(seen, items, channel, dark)
    done = tuple(_finished(item, pixels, canvas.factor, seen, lines) for item in items)
    used = {n for item in done for n in item.lines} | set(seen.bars.used)
    bars = seen.bars
    return Screen(
        "chat",
        width,
        height,
        app,
        sure,
        why,
        bars.title,
        bars.members,
        bars.clock,
        dark,
        scale,
        done,
        ("photo",) if canvas.woven else (),
        bars=bars.used,
        unused=tuple(n for n in range(len(lines)) if n not in used),
    )


def _dp(canvas: Canvas, words: Sequence[Word]) -> float:
    """One 360th of a phone's width. A crop or a desktop window has another width: then the letters tell."""
    dp = canvas.width / 360
    if len(words) >= 2:
        em = median(word.em for word in words)
        if not 8 * dp <= em <= 40 * dp or canvas.width > 1.05 * canvas.height:
            return max(em / 16, 0.3)
    return max(dp, 0.3)


def _look(canvas: Canvas, words: Sequence[Word], dp: float) -> Body:
    """Bars, blocks and habits of a picture, before anybody says that it is a chat."""
    areas = bubbles.areas_of(canvas, words, dp)
    bars = find_bars(canvas, words, areas, dp)
    body = tuple(w for w in words if w.number not in set(bars.used))
    found = bubbles.group(body, areas, dp)
    sure = [b for b in found if is_avatar(b, found, canvas.width, dp)]
    faces = tuple(b for b in found if b in sure or any(_in_column(b, face, dp) for face in sure))
    blocks = tuple(b for b in found if b not in faces)
    shaped = tuple(b for b in blocks if not _centred(b, canvas.width))
    size = _letters(blocks, body, dp)
    habits = learn(canvas, shaped or blocks, dp, size, len(faces))
    taken = {n for b in found for n in b.numbers}
    loose = tuple(w for w in body if w.number not in taken)
    left = habits.left_gap if habits.avatars else None
    right = habits.right_gap if habits.avatars else None
    low = (left or right or 0.012 * canvas.width) - 2 * dp
    high = canvas.width - (right or left or 0.012 * canvas.width) + 2 * dp
    runs = find_runs(canvas, bars.top, bars.bottom, max(0.0, low), min(float(canvas.width), high), dp)
    return Body(canvas, dp, bars, blocks, faces, loose, runs, habits, size)


def _in_column(block: Block, face: Block, dp: float) -> bool:
    """Whether a block stands where an avatar does, though it is cut by a bar."""
    return abs(block.box[0] - face.box[0]) < 3 * dp and abs(block.box[2] - face.box[2]) < 3 * dp


def _dark(seen: Body) -> bool:
    """Whether the dark theme is on; a wallpaper says nothing about it, the other side's bubbles do."""
    if seen.canvas.wallpaper and seen.habits.left_colours:
        return median(lightness(colour) for colour in seen.habits.left_colours) < 100
    return lightness(seen.canvas.page) < 100


def _letters(blocks: Sequence[Block], body: Sequence[Word], dp: float) -> float:
    """Size of message letters: the median over the lines of bubbles, without clocks and what is inside pictures."""
    texts = [w for b in blocks if b.spare < 8 for w in b.words if not labels.CLOCK_ALONE.match(w.text)] or list(body)
    if not texts:
        return 16 * dp
    middle = median(w.em for w in texts)
    large = [w.em for w in texts if w.em > 0.75 * middle]
    return median(large)


def _centred(block: Block, width: float) -> bool:
    return abs(block.box[0] + block.box[2] - width) < 0.06 * width and block.wide < 0.6 * width


def _app(seen: Body, items: Sequence[Item], channel: str | None, dark: bool) -> tuple[App, float, str]:
    messages = [item for item in items if item.kind == "message"]
    stamped = sum(bool(item.note and labels.CLOCK_ALONE.match(item.note)) for item in messages)
    words = [w.text for w in seen.loose] + [w.text for b in seen.blocks for w in b.words if w.em < 0.9 * seen.size]
    signs = apps.Signs(
        seen.canvas.page,
        dark,
        seen.habits.left_colours,
        seen.habits.right_colours,
        seen.habits.avatars,
        stamped / len(messages) if messages else 0.0,
        sum(w.text.strip() in ("已读", "未读") for w in seen.loose) > 0,
        "\n".join((*words, seen.bars.hint, seen.bars.subtitle)),
        seen.bars.title or "",
        channel,
    )
    return apps.recognise(signs)


def _finished(item: Item, pixels: Pixels, factor: int, seen: Body, lines: Sequence[Line]) -> Item:
    """An item in pixels of the picture, with its score, fingerprint and doubts."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = (value * factor for value in item.box)
    box: Box = (max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1))
    scores = [score for n in item.lines if (score := lines[n].score) is not None]
    score = min(scores, default=None)
    doubts = list(item.doubts)
    if score is not None and score < _UNSURE:
        doubts.append("low_score")
    return replace(item, box=box, score=score, print=print_of(pixels, box), doubts=tuple(dict.fromkeys(doubts)))


_UNSURE = 0.95  # ocr engines' scores are weak alarms: below, one line in twenty-five, and half of the wrong ones
