"""Blocks with what belongs to them: parts of one card on each other, thumbnails, maps, icons."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.screenchat.body import Body
from evidence.screenchat.bubbles import Block, joined
from evidence.screenchat.colours import Canvas, distance, patch
from evidence.screenchat.model import Box
from evidence.screenchat.runs import Run, share_off_page
from evidence.screenchat.words import hull, overlap


def in_picture(block: Block, blocks: Sequence[Block], seen: Body) -> bool:
    """Whether a flat spot with small letters lies in a much larger picture, such as the length on a video."""
    for run in seen.runs:
        if overlap(block.box, run.box) < 0.8 or run.filled < 0.7:
            continue
        wide, tall = run.box[2] - run.box[0], run.box[3] - run.box[1]
        inside = [b for b in blocks if overlap(b.box, run.box) > 0.8]
        narrow = all(b.wide < 0.7 * wide for b in inside)
        return (
            narrow
            and wide * tall > 3 * sum(b.wide * b.tall for b in inside)
            and (block.em < 0.95 * seen.size or all(len(w.text.strip()) <= 2 for w in block.words))
        )
    return False


def cards(blocks: Sequence[Block], seen: Body) -> list[tuple[Block, bool]]:
    """Blocks with what belongs to them: card parts on each other, thumbnails and maps; True where there is such."""
    heaps: list[list[Block]] = []
    for block in sorted(blocks, key=lambda b: (b.box[1], b.box[0])):
        heap = next((h for h in reversed(heaps[-4:]) if any(_touch(other, block, seen) for other in h)), None)
        if heap is None:
            heaps.append([block])
        else:
            heap.append(block)
    found = []
    for heap in heaps:
        box = hull(b.box for b in heap)
        run = next(
            (
                r
                for r in seen.runs
                if overlap(box, r.box) > 0.9 and r.box[3] - r.box[1] > box[3] - box[1] + 10 * seen.dp
            ),
            None,
        )
        grown = False
        if run is not None and _belongs(run, box, seen):
            box, grown = hull((box, run.box)), True
        block = heap[0] if len(heap) == 1 and not grown else joined(heap, box)
        found.append((block, grown or len(heap) > 1 or _drawn(block, seen)))
    return found


def _touch(upper: Block, lower: Block, seen: Body) -> bool:
    """Whether two blocks are parts of one card: equal edges and no page between them."""
    dp = seen.dp
    gap = lower.box[1] - upper.box[3]
    inside = upper.box[0] - 3 * dp <= lower.box[0] and lower.box[2] <= upper.box[2] + 3 * dp
    around = lower.box[0] - 3 * dp <= upper.box[0] and upper.box[2] <= lower.box[2] + 3 * dp
    if not (inside or around) or gap > 220 * dp:
        return False
    equal = abs(lower.box[0] - upper.box[0]) < 3 * dp and abs(lower.box[2] - upper.box[2]) < 3 * dp
    if gap <= 1.2 * dp:
        return equal or gap < -0.3 * dp
    if seen.canvas.wallpaper or gap < 3 * dp:
        return False
    between = (max(upper.box[0], lower.box[0]), upper.box[3], min(upper.box[2], lower.box[2]), lower.box[1])
    return _no_page_row(seen.canvas, between)


def _no_page_row(canvas: Canvas, box: Box) -> bool:
    """Whether no row of ``box`` shows only page."""
    top, bottom = int(box[1]), int(box[3])
    return all(share_off_page(canvas, (box[0], y, box[2], y + 1)) > 0.3 for y in range(top, max(bottom, top + 1)))


def _belongs(run: Run, box: Box, seen: Body) -> bool:
    """Whether all of a stretch is one card with the blocks in ``box``: as wide, filled, and without other words."""
    dp = seen.dp
    others = [w for w in seen.loose if overlap(w.box, run.box) > 0.5 and overlap(w.box, box) < 0.5]
    blocks = [b for b in seen.blocks if overlap(b.box, run.box) > 0.5 and overlap(b.box, box) < 0.5]
    wide = run.box[2] - run.box[0] <= (box[2] - box[0]) + 12 * dp
    return not others and not blocks and wide and run.filled > 0.7


def _drawn(block: Block, seen: Body) -> bool:
    """Whether a bubble holds a picture or icon beside its words."""
    canvas = seen.canvas
    inner = (
        block.box[0] + 3 * seen.dp,
        block.box[1] + 3 * seen.dp,
        block.box[2] - 3 * seen.dp,
        block.box[3] - 3 * seen.dp,
    )
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    if area <= 0 or block.spare < 2.6:
        return False
    off = _share_drawn(canvas, inner, block)
    return off > 0.04


def _share_drawn(canvas: Canvas, box: Box, block: Block) -> float:
    """Share of ``box`` that is neither the block's colour nor near one of its words."""
    cut = patch(canvas, box)
    if not cut.size:
        return 0.0
    off = distance(cut, block.colour) > 24
    x, y = max(0, int(box[0])), max(0, int(box[1]))
    for word in (*block.words, *(w for p in block.parts for w in p.words)):
        pad = 0.25 * word.em
        x0, y0 = max(0, int(word.box[0] - pad) - x), max(0, int(word.box[1] - pad) - y)
        off[y0 : max(y0, int(word.box[3] + pad) - y), x0 : max(x0, int(word.box[2] + pad) - x)] = False
    return float(off.mean())
