"""Whether a picture shows a conversation at all. Tables, letters, lists, receipts and cats must give no message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.screenchat import labels
from evidence.screenchat.bars import Bars
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import Canvas
from evidence.screenchat.model import ScreenKind
from evidence.screenchat.sides import Habits
from evidence.screenchat.words import Word, row_text, rows_of, units

_ENOUGH = 4.0
_CALL_WORDS = re.compile(
    r"呼入|呼出|来电|來電|去电|拨出|撥出|未接|已接|响铃|響鈴|拒接|拦截|incoming|outgoing|missed|通话记录|通話記錄|最近通话|全部通话"
)
_NUMBER = re.compile(r"\+?\d[\d\s-]{5,18}\d")
_PHONE_WORDS = re.compile(
    r"通话记录|通話記錄|最近通话|全部(?:通话|来电)|未接来电|拨号|撥號|Recents|Call log", re.IGNORECASE
)


def crowded(block: Block, others: Sequence[Block]) -> bool:
    """Whether other blocks stand beside this one: bubbles never do, cells, chips and buttons do."""
    for other in others:
        if other is block:
            continue
        shared = min(block.box[3], other.box[3]) - max(block.box[1], other.box[1])
        apart = max(block.box[0], other.box[0]) >= min(block.box[2], other.box[2])
        if apart and shared > 0.4 * min(block.tall, other.tall):
            return True
    return False


def one_sided(block: Block, width: float, habits: Habits) -> bool:
    """Whether a block leans to one side as bubbles do, or has an avatar's place beside it."""
    left, right = block.box[0], width - block.box[2]
    if min(left, right) > 0.3 * width or max(left, right) < 0.02 * width:
        return False
    return abs(left - right) > 0.05 * width or (habits.avatars and min(left, right) > 0.1 * width)


def kind_of(
    canvas: Canvas,
    words: Sequence[Word],
    blocks: Sequence[Block],
    bars: Bars,
    habits: Habits,
    pictures: int,
) -> ScreenKind:
    """``chat``, ``call_log`` or ``other``. ``blocks`` are the bubbles' candidates without avatars."""
    width = canvas.width
    good = [b for b in blocks if one_sided(b, width, habits) and not crowded(b, blocks) and 0.4 < b.spare < 22]
    hugging = [b for b in good if b.spare < 3.4 or b.parts]
    centred = [w for w in words if abs(w.middle[0] - width / 2) < 0.04 * width]
    body = [w for w in centred if bars.top <= w.middle[1] < bars.bottom]
    score = 0.0
    score += 2.0 * bool(good) + 0.7 * (len(good) > 1) + 0.6 * bool(hugging) + 0.6 * (len(hugging) > 2)
    sides = {b.box[0] < width - b.box[2] for b in good}
    score += 1.0 * (len(sides) > 1) + 1.2 * habits.avatars
    score += _alignment(good, width)
    score += 1.5 * any(labels.is_time(w.text) for w in body) + 1.0 * any(labels.is_system(w.text) for w in body)
    score += 0.5 * bars.headed + 0.7 * bars.footed + 1.5 * labels.is_hint(bars.hint)
    score += 0.5 * bool(pictures and (bars.footed or habits.avatars))
    if blocks:
        score -= 3.0 * max(0.0, 1 - len(good) / len(blocks) - 0.25)
    inside = {n for b in good for n in b.numbers}
    spread = [w for w in words if bars.top <= w.middle[1] < bars.bottom and w.number not in inside]
    stray = [w for w in spread if w not in centred]
    told = sum(units(w.text) for b in good for w in b.words)
    if sum(units(w.text) for w in stray) > 1.2 * told + 20 and not canvas.wallpaper:
        score -= 2.5
    if _is_call_log(words, good, width):
        return "call_log"
    return "chat" if score >= _ENOUGH else "other"


def _alignment(good: Sequence[Block], width: float) -> float:
    """Bubbles of one side share an edge."""
    found = 0.0
    for edges in (
        [b.box[0] for b in good if b.box[0] < width - b.box[2]],
        [b.box[2] for b in good if b.box[0] >= width - b.box[2]],
    ):
        if len(edges) > 1:
            middle = sorted(edges)[len(edges) // 2]
            found += 0.6 if sum(abs(e - middle) < 0.012 * width for e in edges) > 0.6 * len(edges) else -0.4
    return found


def _is_call_log(words: Sequence[Word], good: Sequence[Block], width: float) -> bool:
    """Rows with a name or number at the left and a time at the right, and words of calls."""
    if len(good) > 3:
        return False
    rows = rows_of(words)
    texts = [row_text(row) for row in rows]
    timed = sum(
        len(row) > 1 and row[-1].box[2] > 0.6 * width and labels.is_time(row[-1].text) and row[0].box[0] < 0.35 * width
        for row in rows
    )
    timed = max(timed, sum(labels.is_time(w.text) and w.box[0] > 0.55 * width for w in words))
    numbers = sum(bool(_NUMBER.search(text)) for text in texts)
    calls = sum(bool(_CALL_WORDS.search(text)) for text in texts)
    titled = any(_PHONE_WORDS.search(text) for text in texts)
    return timed >= 2 and (calls >= 3 or (numbers >= 2 and calls >= 1) or (titled and (numbers >= 1 or calls >= 2)))
