"""Lines that stand on the same flat area become one block; areas inside others become their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median, median_low

from evidence.screenchat.colours import Canvas, Colour, apart, ground
from evidence.screenchat.extents import Area, area_around
from evidence.screenchat.model import Box
from evidence.screenchat.words import Word, hull, overlap, rows_of


@dataclass(frozen=True, slots=True)
class Block:
    """Words on one flat area (canvas pixels), and the blocks that lie inside it, such as a quoted message."""

    box: Box
    colour: Colour
    words: tuple[Word, ...]
    parts: tuple[Block, ...] = ()

    @property
    def wide(self) -> float:
        """Width."""
        return self.box[2] - self.box[0]

    @property
    def tall(self) -> float:
        """Height."""
        return self.box[3] - self.box[1]

    @property
    def em(self) -> float:
        """Size of its letters: the median of its lines'."""
        return median(word.em for word in self.words)

    @property
    def rows(self) -> tuple[tuple[Word, ...], ...]:
        """Its own words as rows."""
        return rows_of(self.words)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of all lines in it and in its parts."""
        return tuple(sorted({w.number for w in self.words} | {n for part in self.parts for n in part.numbers}))

    @property
    def spare(self) -> float:
        """Width that its widest row leaves, in letters: little in a text bubble, much in a card or a field."""
        rows = [hull(w.box for w in row) for row in self.rows] + [part.box for part in self.parts]
        return (self.wide - max(box[2] - box[0] for box in rows)) / self.em


def areas_of(canvas: Canvas, words: Sequence[Word], dp: float) -> dict[int, Area]:
    """The flat area around each word that does not stand on the page itself, by line number."""
    areas = {}
    for word in words:
        colour, share = ground(canvas, word.box)
        if share < 0.2:
            continue
        if not canvas.wallpaper and apart(colour, canvas.page_at(word.middle[1])) <= 4:
            continue
        area = area_around(canvas, word.box, colour, word.em)
        if area is not None and _is_flat(canvas, area, word, dp):
            areas[word.number] = area
    return areas if not canvas.woven else _guessed(canvas, words, areas, dp)


def _guessed(canvas: Canvas, words: Sequence[Word], areas: dict[int, Area], dp: float) -> dict[int, Area]:
    """On the photo of a screen bubbles may fade into the page: lines close under each other share an area there."""
    found = dict(areas)
    for word in words:
        middle = (word.box[0] + word.box[2]) / canvas.width
        lost = word.number not in found and abs(middle - 1) > 0.08 and word.em > 12 * dp
        if lost and 60 * dp < word.box[1] < canvas.height - 60 * dp:
            pad = 0.7 * word.em
            box = (word.box[0] - pad, word.box[1] - pad, word.box[2] + pad, word.box[3] + pad)
            found[word.number] = Area(box, ground(canvas, word.box)[0], 0.0)
    heaps: list[list[Word]] = []
    for word in words:
        if word.number not in found:
            continue
        heap = next((h for h in reversed(heaps[-4:]) if _follows(h[-1], word)), None)
        if heap is None:
            heaps.append([word])
        else:
            heap.append(word)
    for heap in heaps:
        box = hull(found[w.number].box for w in heap)
        low, high = min(w.box[1] for w in heap) - heap[0].em, max(w.box[3] for w in heap) + heap[0].em
        box = (box[0], max(box[1], low), box[2], min(box[3], high))
        colour = found[heap[0].number].colour
        found.update({w.number: Area(box, colour, 0.0) for w in heap})
    return found


def _follows(upper: Word, lower: Word) -> bool:
    """Whether a line is the next one of the same text: same left edge, same letters, close below."""
    gap = lower.box[1] - upper.box[3]
    edge = abs(upper.box[0] - lower.box[0]) < 0.8 * upper.em
    return edge and -0.5 * upper.em < gap < 0.75 * upper.em and 0.8 < upper.em / lower.em < 1.25


def _is_flat(canvas: Canvas, area: Area, word: Word, dp: float) -> bool:
    """Whether an area looks like something drawn by an app: room around the letters and a crisp end."""
    room = min(word.box[0] - area.box[0], area.box[2] - word.box[2])
    if canvas.wallpaper:
        return room >= 0.1 * word.em and area.crisp >= 6 and area.tall < 0.9 * canvas.height
    return room > -0.3 * word.em and area.crisp >= 3


def group(words: Sequence[Word], areas: dict[int, Area], dp: float) -> tuple[Block, ...]:
    """Blocks from top to bottom; words without an area are in none."""
    heaps: list[list[Word]] = []
    for word in words:
        if word.number not in areas:
            continue
        area = areas[word.number]
        heap = next((h for h in reversed(heaps[-12:]) if any(_same(area, areas[w.number], dp) for w in h)), None)
        if heap is None:
            heaps.append([word])
        else:
            heap.append(word)
    blocks = [_block(heap, areas) for heap in heaps]
    return _nested(blocks, dp)


def _same(one: Area, other: Area, dp: float) -> bool:
    """Whether two areas are the same one, seen from two of its lines."""
    if apart(one.colour, other.colour) > 14:
        return False
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    if across < 0.6 * min(one.wide, other.wide):
        return False
    if shared >= 0.5 * min(one.tall, other.tall):
        return True
    edges = abs(one.box[0] - other.box[0]) < 2.5 * dp and abs(one.box[2] - other.box[2]) < 2.5 * dp
    return edges and shared > -1.4 * dp  # a thin line inside a card


def _block(heap: list[Word], areas: dict[int, Area]) -> Block:
    found = [areas[word.number] for word in heap]
    box = (
        min(median(a.box[0] for a in found), *(w.box[0] for w in heap)),
        min(a.box[1] for a in found),
        max(median(a.box[2] for a in found), *(w.box[2] for w in heap)),
        max(a.box[3] for a in found),
    )
    colours = [a.colour for a in found]
    colour = (
        int(median(c[0] for c in colours)),
        int(median(c[1] for c in colours)),
        int(median(c[2] for c in colours)),
    )
    return _split(Block(box, colour, tuple(heap)), areas)


def _split(block: Block, areas: dict[int, Area]) -> Block:
    """Smaller words on a shade of their own inside a bubble are a part of it, also where the shades are near."""
    size = max(w.em for w in block.words)
    shade = median(sum(areas[w.number].colour) for w in block.words if w.em > 0.95 * size)
    other = tuple(w for w in block.words if w.em < 0.93 * size and abs(sum(areas[w.number].colour) - shade) > 10)
    if not other:
        return block
    colour = areas[other[0].number].colour
    rest = tuple(w for w in block.words if w not in other)
    main = median_low(areas[w.number].colour for w in rest)
    return Block(block.box, main, rest, (Block(hull(w.box for w in other), colour, other),))


def with_word(block: Block, word: Word, under: Colour) -> Block:
    """The block with one more word inside it that stands on the colour ``under``."""
    if apart(under, block.colour) <= 4:
        return replace(block, words=(*block.words, word))
    parts = list(block.parts)
    for at, part in enumerate(parts):
        if apart(part.colour, under) <= 4:
            parts[at] = replace(part, words=(*part.words, word), box=hull((part.box, word.box)))
            return replace(block, parts=tuple(parts))
    return replace(block, parts=(*parts, Block(word.box, under, (word,))))


def _nested(blocks: list[Block], dp: float) -> tuple[Block, ...]:
    """Blocks that lie inside another become its parts."""
    inner: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        hosts = [
            (other.wide * other.tall, at)
            for at, other in enumerate(blocks)
            if at != number
            and overlap(block.box, other.box) > 0.85
            and other.wide * other.tall > 1.15 * block.wide * block.tall
            and other.wide >= block.wide - 2 * dp
        ]
        if hosts:
            inner.setdefault(max(hosts)[1], []).append(number)
    inside = {number for numbers in inner.values() for number in numbers}
    top = []
    for number, block in enumerate(blocks):
        if number in inside:
            continue
        parts = (*block.parts, *(blocks[at] for at in inner.get(number, ())))
        top.append(replace(block, parts=parts, box=hull((block.box, *(p.box for p in parts)))))
    return tuple(sorted(top, key=lambda block: (block.box[1], block.box[0])))


def joined(blocks: Sequence[Block], box: Box) -> Block:
    """Several blocks of one card as one block with the given box; the colour is that of the largest."""
    largest = max(blocks, key=lambda block: block.wide * block.tall)
    words = tuple(sorted((w for b in blocks for w in b.words), key=lambda w: (w.box[1], w.box[0])))
    parts = tuple(part for block in blocks for part in block.parts)
    return Block(box, largest.colour, words, parts)
