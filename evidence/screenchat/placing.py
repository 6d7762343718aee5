"""From blocks, loose words and stretches of pixels to the items of a conversation, in canvas pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.screenchat import labels
from evidence.screenchat.besides import add_beside, add_names
from evidence.screenchat.body import Body, Page
from evidence.screenchat.bubbles import Block, with_word
from evidence.screenchat.cards import cards, in_picture
from evidence.screenchat.chatness import crowded
from evidence.screenchat.colours import apart, as_hex, commonest, ground, patch
from evidence.screenchat.corners import square_ends
from evidence.screenchat.messages import add_bubbles
from evidence.screenchat.model import Item, MessageType
from evidence.screenchat.notices import centred_labels, chips, label_kind
from evidence.screenchat.runs import Run
from evidence.screenchat.sides import side_of
from evidence.screenchat.words import Word, overlap, rows_of, text_of


def place(seen: Body) -> tuple[Item, ...]:
    """The items from top to bottom."""
    page = Page(seen, {w.number: w for w in seen.loose})
    blocks = [b for b in _absorbed(page) if not _is_chip(b, seen)]
    drawn = [b for b in blocks if in_picture(b, blocks, seen)]
    blocks = [b for b in blocks if b not in drawn]
    page.free.update({w.number: w for b in drawn for part in (b, *b.parts) for w in part.words})
    units = cards(blocks, seen)
    bubbles: list[tuple[Block, bool]] = []
    for block, extra in units:
        kind = label_kind(block, seen)
        if kind is not None:
            page.items.extend(chips(kind, block))
        else:
            bubbles.append((block, extra))
    _pictures(page, [block for block, _extra in units])
    centred_labels(page)
    add_bubbles(page, bubbles)
    add_names(page)
    add_beside(page)
    page.items.sort(key=lambda item: (item.box[1], item.box[0]))
    end = len(page.items) - 1
    return tuple(_clipped(item, seen, at == 0, at == end) for at, item in enumerate(page.items))


def _absorbed(page: Page) -> list[Block]:
    """Loose words that lie inside a block belong to it: highlighted or underlined words have a ground of their own."""
    blocks = list(page.seen.blocks)
    for word in list(page.free.values()):
        hosts = [
            at for at, b in enumerate(blocks) if overlap(word.box, b.box) > 0.8 and b.wide > word.box[2] - word.box[0]
        ]
        if hosts:
            at = min(hosts, key=lambda n: blocks[n].wide * blocks[n].tall)
            under, _share = ground(page.seen.canvas, word.box)
            blocks[at] = with_word(blocks[at], word, under)
            page.take([word])
    return blocks


def _is_chip(block: Block, seen: Body) -> bool:
    """Buttons and badges in a row, such as quick answers over the input bar."""
    return crowded(block, seen.blocks) and block.tall < 3.2 * block.em and block.spare < 6


def _pictures(page: Page, blocks: Sequence[Block]) -> None:
    """Stretches of pixels that no words explain: pictures, stickers, bubbles whose words could not be read."""
    seen = page.seen
    dp, canvas = seen.dp, seen.canvas
    for run in seen.runs:
        wide, tall = run.box[2] - run.box[0], run.box[3] - run.box[1]
        if any(overlap(block.box, run.box) > 0.4 for block in blocks):
            continue
        words = [w for w in page.free.values() if overlap(w.box, run.box) > 0.6]
        if wide < 26 * dp or tall < 26 * dp or run.filled < 0.3:
            continue
        covered = sum((w.box[2] - w.box[0]) * w.tall for w in words) / max(wide * tall, 1.0)
        if words and (tall < 3.2 * seen.size or covered > 0.5):
            continue
        if wide > 0.92 * canvas.width or (
            abs(run.box[0] + run.box[2] - canvas.width) < 0.04 * canvas.width and wide < 0.5 * canvas.width
        ):
            continue
        page.items.append(_picture(run, words, seen))
        page.take(words)


def _picture(run: Run, words: list[Word], seen: Body) -> Item:
    colour, share = commonest(patch(seen.canvas, run.box))
    known = [*seen.habits.left_colours, *seen.habits.right_colours]
    bubble = share > 0.6 and any(apart(colour, c) <= 8 for c in known)
    side, sure = side_of(seen.canvas, run.box, colour if bubble else None, seen.habits, seen.dp)
    doubts = () if sure else ("side",)
    numbers = tuple(sorted(w.number for w in words))
    letters = bool(words) and share > 0.4 and sorted(w.em for w in words)[len(words) // 2] > 0.85 * seen.size
    if letters and not any(labels.length_of(w.text) for w in words):
        text = text_of(rows_of(words))
        return Item(
            "message", text, run.box, numbers, side, "text", colour=as_hex(colour), doubts=(*doubts, "grouping")
        )
    if bubble and not words:
        return Item("message", "", run.box, (), side, "text", colour=as_hex(colour), doubts=(*doubts, "low_score"))
    length = next((s for w in words if (s := labels.length_of(w.text)) is not None), None)
    kind: MessageType = "video" if length is not None and len(words) <= 2 else "picture"
    note = text_of(rows_of(words)) or None
    seconds = length if kind == "video" else None
    return Item("message", "", run.box, numbers, side, kind, note=note, seconds=seconds, doubts=doubts)


def _clipped(item: Item, seen: Body, first: bool, last: bool) -> Item:
    """Whether a bubble goes on above or below what can be seen; only the first and the last thing can."""
    if item.kind not in ("message", "system", "time"):
        return item
    doubts = list(item.doubts)
    slack = 2.0 * seen.dp if item.kind == "message" else 0.5 * seen.dp
    if item.box[1] <= seen.bars.top + slack:
        doubts.append("clipped_top")
    if item.box[3] >= min(seen.bars.bottom, seen.canvas.height) - slack:
        doubts.append("clipped_bottom")
    if item.kind == "message" and item.colour is not None and (first or last):
        colour = (int(item.colour[1:3], 16), int(item.colour[3:5], 16), int(item.colour[5:7], 16))
        top, bottom = square_ends(seen.canvas, item.box, colour)
        if top != bottom:
            doubts += ["clipped_top"] * (top and first) + ["clipped_bottom"] * (bottom and last)
    return replace(item, doubts=tuple(dict.fromkeys(doubts)))
