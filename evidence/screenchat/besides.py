"""Small words over, under and beside bubbles: names, quotes, states, the length of a voice message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.screenchat import labels
from evidence.screenchat.body import Body, Page
from evidence.screenchat.model import Box, Item
from evidence.screenchat.notices import label
from evidence.screenchat.words import Word, hull, overlap, row_text, rows_of


def add_names(page: Page) -> None:
    """Names over bubbles, and small words under them: quotes, states, clocks."""
    seen = page.seen
    dp = seen.dp
    for row in rows_of(page.free.values()):
        box, text = hull(w.box for w in row), row_text(row)
        below = _neighbour(page.items, box, seen, over=False)
        above = _neighbour(page.items, box, seen, over=True)
        gap_below = page.items[below].box[1] - box[3] if below is not None else 99 * dp
        gap_above = box[1] - page.items[above].box[3] if above is not None else 99 * dp
        if (
            below is not None
            and page.items[below].name is None
            and gap_below <= gap_above + 1.5 * dp
            and not labels.is_time(text)
        ):
            item = page.items[below]
            page.items[below] = replace(item, name=text, lines=_with(item, row))
            page.take(row)
        elif above is not None and (labels.names_speaker(text) or labels.is_state(text) or labels.is_time(text)):
            item = page.items[above]
            if labels.names_speaker(text) and not labels.is_time(text) and item.quote is None:
                page.items[above] = replace(item, quote=text, lines=_with(item, row))
            elif labels.is_state(text):
                page.items[above] = _noted(item, text)
            else:
                page.items[above] = replace(_noted(item, text), lines=_with(item, row))
            page.take(row)
        elif labels.is_time(text) and not any(overlap(box, item.box) > 0.3 for item in page.items):
            page.items.append(label("time", (row,), box, tuple(w.number for w in row)))
            page.take(row)


def _noted(item: Item, text: str) -> Item:
    """The item with words that stand beside it, such as whether it was read; they are no line of the bubble."""
    return replace(item, note=f"{item.note}\n{text}" if item.note else text)


def _with(item: Item, words: Sequence[Word]) -> tuple[int, ...]:
    return tuple(sorted({*item.lines, *(w.number for w in words)}))


def _neighbour(items: Sequence[Item], box: Box, seen: Body, over: bool) -> int | None:
    """The message right above (``over``) or below words that stand at its edge."""
    best: tuple[float, int] | None = None
    for at, item in enumerate(items):
        if item.kind != "message" or item.side is None:
            continue
        gap = box[1] - item.box[3] if over else item.box[1] - box[3]
        edge = 0 if item.side == "left" else 2
        if -0.5 * seen.size < gap < 1.1 * seen.size and abs(box[edge] - item.box[edge]) < 14 * seen.dp:
            best = min(best, (gap, at)) if best else (gap, at)
    return best[1] if best else None


def add_beside(page: Page) -> None:
    """Words at the height of a bubble and outside of it: the length of a voice message, whether it was read."""
    for word in list(page.free.values()):
        middle = word.middle[1]
        for at, item in enumerate(page.items):
            if item.kind != "message" or not item.box[1] <= middle <= item.box[3]:
                continue
            gap = max(word.box[0] - item.box[2], item.box[0] - word.box[2])
            if not 0 <= gap < 2.5 * page.seen.size:
                continue
            seconds = labels.voice_of(word.text)
            if seconds is not None and not item.text and item.type in ("text", "picture"):
                page.items[at] = replace(item, type="voice", seconds=seconds, lines=_with(item, [word]), doubts=())
                page.take([word])
            elif labels.is_state(word.text):
                page.items[at] = _noted(item, word.text)
                page.take([word])
            break
