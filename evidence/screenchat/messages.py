"""Bubbles as messages: sender, clock and quote inside, quote and transcript below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from evidence.screenchat import labels
from evidence.screenchat.body import Body, Page
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import apart, as_hex, ink, vividness
from evidence.screenchat.kinds import content_of
from evidence.screenchat.model import Item, Side
from evidence.screenchat.sides import avatar_share, side_of
from evidence.screenchat.words import Word, hull, text_of


@dataclass(frozen=True, slots=True)
class _Bubble:
    """A bubble before its words are understood; ``extra`` tells of pixels without words that belong to it."""

    block: Block
    side: Side
    sure: bool
    extra: bool = False
    name: Word | None = None
    stamp: Word | None = None


def add_bubbles(page: Page, found: Sequence[tuple[Block, bool]]) -> None:
    """Bubbles with their content; quotes and transcripts under a bubble go to it."""
    seen = page.seen
    colours = {"left": seen.habits.left_colours, "right": seen.habits.right_colours}
    named = seen.bars.members is not None or _many_inner_names([b for b, _e in found], seen)
    stamps = [_stamp(block, seen) for block, _extra in found]
    stamped = sum(s is not None for s in stamps) >= max(1, 0.4 * len(found)) if found else False
    last: Item | None = None
    for (block, extra), stamp in zip(found, stamps, strict=True):
        card = block.spare > 3.4 or extra
        side, sure = side_of(seen.canvas, block.box, None if card else block.colour, seen.habits, seen.dp)
        if last is not None:
            alone = stamp is None if stamped else seen.habits.avatars
            grown = _continued(last, block, alone, seen)
            if grown is not None:
                page.items[page.items.index(last)] = grown
                last = grown
                continue
        plain = any(apart(block.colour, c) <= 10 for c in colours[side])
        bubble = _Bubble(block, side, sure, extra)
        if stamp is not None and len(block.words) + len(block.parts) > 1:
            bubble = replace(bubble, stamp=stamp)
        if named and side == "left":
            bubble = replace(bubble, name=_inner_name(block, seen))
        last = _message(bubble, seen, plain, stamped)
        page.items.append(last)


def _stamp(block: Block, seen: Body) -> Word | None:
    """The clock at the lower right end of a bubble, as some apps put it."""
    if not block.words:
        return None
    word = max(block.words, key=lambda w: (w.box[3] + w.box[2] * 0.2, w.box[2]))
    if not labels.CLOCK_ALONE.match(word.text):
        return None
    others = [w for w in block.words if w is not word] + [w for p in block.parts for w in p.words]
    low = block.box[3] - word.box[3] < 1.6 * seen.size
    right = block.box[2] - word.box[2] < 2.6 * seen.size
    apart_from_left = not others or word.box[0] > min(w.box[0] for w in others) + 0.8 * seen.size
    small = word.tall < 0.92 * max((w.tall for w in others), default=word.tall * 2)
    return word if low and right and others and (apart_from_left or small) else None


def _many_inner_names(blocks: Sequence[Block], seen: Body) -> bool:
    return sum(_inner_name(b, seen) is not None for b in blocks) >= 2


def _inner_name(block: Block, seen: Body) -> Word | None:
    """The sender's name as the first, coloured row of a bubble."""
    rows = block.rows
    if len(rows) < 2 or len(rows[0]) > 2 or len(rows[0][0].text) > 20:
        return None
    word, below = rows[0][0], rows[1][0]
    if word.em > 0.97 * below.em and word.tall > 0.97 * below.tall:
        return None
    own, other = (ink(seen.canvas, w.box, block.colour) for w in (word, below))
    vivid = vividness(own) > 40 and vividness(own) > vividness(other) + 25
    return word if vivid and word.box[1] - block.box[1] < 1.2 * seen.size else None


def _continued(last: Item, block: Block, alone: bool, seen: Body) -> Item | None:
    """The message above with this block as its quote or transcript; None when the block is a message of its own.

    ``alone`` says that a message of its own would show an avatar or a clock, and this block shows none.
    """
    dp = seen.dp
    gap = block.box[1] - last.box[3]
    if last.side is None or gap > 11 * dp or gap < -2 * dp:
        return None
    edge = 0 if last.side == "left" else 2
    if abs(block.box[edge] - last.box[edge]) > 9 * dp or not _no_face(block, last.side, seen):
        return None
    text = text_of(block.rows)
    numbers = tuple(sorted({*last.lines, *block.numbers}))
    box = hull((last.box, block.box))
    if last.type == "voice" and not last.text and block.em >= 0.8 * seen.size:
        if not alone:
            return None
        return replace(last, text=text, lines=numbers, box=box)
    known = any(apart(block.colour, c) <= 4 for c in (*seen.habits.left_colours, *seen.habits.right_colours))
    limit = 1.04 if alone and labels.names_speaker(text) else 0.95
    if max(w.em for w in block.words) > limit * seen.size or known or last.quote is not None:
        return None
    return replace(last, quote=text, lines=numbers)


def _no_face(block: Block, side: Side, seen: Body) -> bool:
    """Whether a block has no avatar of its own beside it; where nobody has one, that says nothing."""
    if not seen.habits.avatars:
        return True
    return avatar_share(seen.canvas, block.box, side, seen.dp) < 0.3


def _message(bubble: _Bubble, seen: Body, plain: bool, stamped: bool) -> Item:
    """One bubble as an item."""
    block = bubble.block
    stripped = [w for w in (bubble.name, bubble.stamp) if w is not None]
    own = replace(block, words=tuple(w for w in block.words if w not in stripped)) if stripped else block
    if not own.words and own.parts:
        own = replace(own.parts[0], box=own.box, parts=own.parts[1:])
    content = content_of(own, seen.size, bubble.extra, plain)
    text, note = content.text, content.note
    if bubble.stamp is not None:
        note = bubble.stamp.text if note is None else f"{note}\n{bubble.stamp.text}"
    elif stamped and (found := labels.TRAILING_CLOCK.search(text)):
        text, note = text[: found.start()].rstrip(), found[1]
    doubts = list(content.doubts)
    if not bubble.sure:
        doubts.append("side")
    if labels.ends_with_sign(text):
        doubts.append("single_sign")
    if _has_hole(own):
        doubts.append("grouping")
    return Item(
        "message",
        text,
        block.box,
        block.numbers,
        bubble.side,
        content.type,
        bubble.name.text if bubble.name else None,
        content.quote,
        note,
        content.seconds,
        content.amount,
        as_hex(block.colour),
        doubts=tuple(doubts),
    )


def _has_hole(block: Block) -> bool:
    """Whether rows of a text stand so far apart that a picture or a lost line may be between them."""
    rows = [hull(w.box for w in row) for row in block.rows]
    return any(lower[1] - upper[3] > 3.2 * block.em for upper, lower in pairwise(rows))
