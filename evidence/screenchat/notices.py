"""Labels between messages: times, notices of the app, badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.screenchat import labels
from evidence.screenchat.body import Body, Page
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import apart
from evidence.screenchat.model import Box, Item, ItemKind
from evidence.screenchat.sides import side_of
from evidence.screenchat.words import Word, hull, overlap, row_text, rows_of, text_of


def label_kind(block: Block, seen: Body) -> ItemKind | None:
    """What a block is when it is no bubble: a chip with a time or a notice, a badge."""
    width = seen.canvas.width
    text = text_of(block.rows)
    flat = text.replace("\n", " ")
    if labels.is_unread(flat) and block.tall < 3.5 * block.em:
        return "unread"
    if abs(block.box[0] + block.box[2] - width) > 0.07 * width:
        return None
    small = block.em < 0.93 * seen.size
    if labels.is_time(flat) and block.wide < 0.6 * width:
        return "time"
    middles = [
        abs(hull(w.box for w in row)[0] + hull(w.box for w in row)[2] - width) < 0.07 * width for row in block.rows
    ]
    if block.wide < 0.6 * width and all(middles):
        return "system"
    known = any(apart(block.colour, c) <= 8 for c in (*seen.habits.left_colours, *seen.habits.right_colours))
    if (small and all(middles) and not known) or (labels.is_system(text) and small):
        return "system"
    return None


def label(kind: ItemKind, rows: Sequence[Sequence[Word]], box: Box, numbers: tuple[int, ...]) -> Item:
    return Item(kind, text_of(rows), box, tuple(sorted(numbers)))


def chips(kind: ItemKind, block: Block) -> list[Item]:
    """A chip as one label; a time and a notice that stand on like grounds are two."""
    rows = block.rows
    heaps: list[list[Sequence[Word]]] = []
    for row in rows:
        timely = _timely(row_text(row))
        if heaps and (timely == _timely(row_text(heaps[-1][-1])) or kind == "unread"):
            heaps[-1].append(row)
        else:
            heaps.append([row])
    if len(heaps) == 1:
        return [label(kind, rows, block.box, block.numbers)]
    return [
        label(
            "time" if _timely(row_text(heap[0])) else "system",
            heap,
            hull(w.box for row in heap for w in row),
            tuple(w.number for row in heap for w in row),
        )
        for heap in heaps
    ]


def centred_labels(page: Page) -> None:
    """Words on the page itself, in the middle: times and notices; rows of one notice are joined."""
    seen = page.seen
    width = seen.canvas.width
    lines: list[tuple[tuple[Word, ...], Box, str]] = []
    for row in rows_of(page.free.values()):
        box = hull(w.box for w in row)
        text = row_text(row)
        if labels.is_unread(text):
            page.items.append(label("unread", (row,), box, tuple(w.number for w in row)))
            page.take(row)
        elif abs(box[0] + box[2] - width) < 0.08 * width and not _is_name(box, text, seen):
            lines.append((row, box, text))
    at = 0
    while at < len(lines):
        heap = [lines[at]]
        timely = _timely(heap[0][2])
        while at + 1 < len(lines):
            gap = lines[at + 1][1][1] - heap[-1][1][3]
            if gap > 0.75 * heap[-1][0][0].em or _timely(lines[at + 1][2]) != timely:
                break
            at += 1
            heap.append(lines[at])
        at += 1
        words = tuple(w for row, _box, _text in heap for w in row)
        kind: ItemKind = "time" if timely else "system"
        if not timely and not _is_notice(words, heap, seen):
            continue
        box = hull(b for _row, b, _text in heap)
        told = [row for row, _box, text in heap if not timely or labels.is_time(text)] or [row for row, _b, _t in heap]
        way = text_of(row for row, _box, _text in heap if row not in told)
        item = label(kind, told, box, tuple(w.number for w in words))
        page.items.append(replace(item, note=way or None))
        page.take(words)


def _timely(text: str) -> bool:
    return labels.is_time(text) or labels.is_service(text)


def _is_notice(words: Sequence[Word], heap: Sequence[tuple[tuple[Word, ...], Box, str]], seen: Body) -> bool:
    """Whether centred words are a notice: not letters inside a picture."""
    text = "".join(text for _row, _box, text in heap)
    inside = any(overlap(w.box, item) > 0.5 for w in words for item in (b.box for b in seen.faces))
    return not inside and (len(text) > 1 or labels.is_system(text))


def _is_name(box: Box, text: str, seen: Body) -> bool:
    """Whether words stand right above a bubble, at its edge."""
    if labels.is_time(text) or labels.is_system(text):
        return False
    dp = seen.dp
    for block in seen.blocks:
        gap = block.box[1] - box[3]
        if (
            -0.4 * seen.size < gap < 0.9 * seen.size
            and abs(block.box[0] - box[0]) < 8 * dp
            and _leans_left(block, seen)
        ):
            return True
    return False


def _leans_left(block: Block, seen: Body) -> bool:
    return side_of(seen.canvas, block.box, block.colour, seen.habits, seen.dp)[0] == "left"
