"""Whether two rows of two screenshots are the same thing, as bits for and against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from evidence.screenchat.model import Item, Span
from evidence.screenchat.rows import Row, bits_of, distance, folded, tolerated
from evidence.screenchat.timelabels import read_label

NEVER = -1000.0
_SAME_MINUTE = 8.0
_SAME_LABEL, _SAME_DAY = 12.0, 4.0
_NEAR_PRINT, _FAR_PRINT = 8, 16
_PRINT_BITS = 8.0
_REPEATED, _REPEATED_NEXT, _MOST_FOR_RARE = 1.0, 3.0, 4.5
_NOTE_BITS, _SAME_AMOUNT = 6.0, 4.0
_OTHER_DIGITS = -2.0
_BADLY_READ, _LEAST_BADLY_READ = -2.0, 6  # taken for the same only where its neighbours say so, and as a conflict
_OTHER_SIDE = -4.0
_CUT_LINE = -0.3  # one line, cut: what was read of it tells nothing
_LONG = 12.0  # bits from which on a text is hardly said by two people


@dataclass(frozen=True, slots=True)
class Worth:
    """What the rows of a chat tell. ``repeated`` tokens are said more than once there and tell next to nothing.

    ``counts`` of tokens among ``total`` rows say how rare a short text is: between two pictures taken one right after
    the other (``followed``) a rare "1" tells more than its length, and a rare sort of card more than nothing.
    """

    repeated: Set[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    followed: bool = False

    def of(self, one: Row, two: Row, score: float) -> float:
        """``score`` as far as the two rows are worth it."""
        if score < 0:
            return score
        if score > 0 and (one.token in self.repeated or two.token in self.repeated):
            return min(score, _REPEATED_NEXT, self._rarity(one.token)) if self.followed else min(score, _REPEATED)
        if not self.followed:
            return score
        if one.text and one.token == two.token:
            return max(score, self._rarity(one.token))
        if one.sort and one.sort == two.sort:
            score = max(score, self._rarity(one.sort))
        if (one.clipped or two.clipped) and one.extent == two.extent:
            score = max(score, self._rarity(one.extent))
        return score

    def _rarity(self, token: str) -> float:
        """The two rows themselves say nothing of how often such a thing is said, the others do."""
        others = max(0, self.counts.get(token, 2) - 2) + 0.5
        return min(_MOST_FOR_RARE, math.log2(max(1.0, self.total / others)))


PLAIN = Worth()


def likeness(one: Row, two: Row, worth: Worth = PLAIN, timeless: bool = False) -> float:
    """Bits for (positive) or against ``one`` and ``two`` being the same; :data:`NEVER` when they cannot be.

    ``timeless`` leaves times aside.
    """
    if one.kind != two.kind:
        return NEVER
    if not timeless and apart(one.span, two.span):
        return NEVER
    if one.kind == "time":
        return _labels(one, two, timeless)
    score = _content(one, two)
    if score == NEVER or _other_stamp(one, two):
        return NEVER
    score = worth.of(one, two, score)
    if score > 0 and one.item.amount and one.item.amount == two.item.amount:
        score += _SAME_AMOUNT
    first, second = one.item, two.item
    if first.side is not None and second.side is not None and first.side != second.side:
        if score < _LONG and "side" not in (*first.doubts, *second.doubts):
            return NEVER
        score = min(score, 0.0) + _OTHER_SIDE
    if first.name and second.name and distance(first.name, second.name, 1) > 1:
        if score < _LONG:
            return NEVER
        score = 0.0
    if not timeless and score > 0 and one.exact and two.exact:
        score += _SAME_MINUTE
    elif score > 0 and one.stamp and one.stamp == two.stamp:
        score += _NOTE_BITS
    return score


def _other_stamp(one: Row, two: Row) -> bool:
    """Whether the lengths of voice, the sums or the clocks inside two bubbles differ."""
    first, second = one.item, two.item
    if first.seconds is not None and second.seconds is not None and first.seconds != second.seconds:
        return True
    return bool(one.stamp and two.stamp and one.stamp != two.stamp)


def apart(one: Span, two: Span) -> bool:
    """Whether two spans have no moment in common."""
    return bool((one.end and two.start and one.end < two.start) or (two.end and one.start and two.end < one.start))


def _labels(one: Row, two: Row, timeless: bool) -> float:
    if one.span.start is not None and two.span.start is not None and not timeless:
        return _SAME_LABEL if one.exact and two.exact else _SAME_DAY
    if one.text == two.text:
        return _SAME_DAY
    clocks = [{(label.hour, label.minute) for label in read_label(row.item.text)} for row in (one, two)]
    if not clocks[0] or not clocks[1]:
        return 0.0
    return _SAME_DAY / 2 if clocks[0] & clocks[1] else NEVER


def _content(one: Row, two: Row) -> float:
    if one.clipped or two.clipped:
        return _clipped(one, two)
    if one.text and one.text == two.text and one.digits == two.digits:
        return one.bits
    if not one.text or not two.text:
        return _pictures(one, two) if not one.text and not two.text else NEVER
    shorter = min(len(one.text), len(two.text))
    most = tolerated(shorter)
    wrong = distance(one.text, two.text, most + 1)
    if wrong > most:
        return _BADLY_READ if wrong == most + 1 and shorter >= _LEAST_BADLY_READ else NEVER
    if one.digits != two.digits:
        return _OTHER_DIGITS
    return min(one.bits, two.bits) * (1 - 2 * wrong / shorter)


def _pictures(one: Row, two: Row) -> float:
    """Rows without words: pictures, stickers, voice."""
    first, second = one.item, two.item
    if first.amount and second.amount and first.amount != second.amount:
        return NEVER
    far = _bits_apart(one, two)
    if first.type != second.type:
        return 0.0 if far is not None and far <= _NEAR_PRINT else NEVER
    told = 4.0 if first.seconds is not None or first.amount else 0.0
    if far is None:
        return told
    if far > _FAR_PRINT:
        return NEVER if not told else told / 2
    return told + (_PRINT_BITS if far <= _NEAR_PRINT and first.type != "voice" else 1.0)


def _bits_apart(one: Row, two: Row) -> int | None:
    return None if one.print is None or two.print is None else (one.print ^ two.print).bit_count()


def _clipped(one: Row, two: Row) -> float:
    """A row of which only a part is in the picture may be any whole row that has that part at the right end."""
    told = 4.0 if one.item.seconds is not None and one.item.seconds == two.item.seconds else 0.0
    if told or not one.text or not two.text:
        return told
    if one.text == two.text:
        return one.bits * 0.9
    if one.clipped and two.clipped:
        if one.text in two.text or two.text in one.text:
            return 0.9 * min(one.bits, two.bits)
        upper, lower = (one, two) if "clipped_bottom" in one.item.doubts else (two, one)
        return max(0.9 * bits_of(seam(first, second)) for first in _spellings(upper) for second in _spellings(lower))
    part, whole = (one, two) if one.clipped else (two, one)
    best = max(_part_of(text, part, whole) for text in _spellings(part))
    if best > NEVER:
        return best
    return NEVER if "\n" in part.item.text else _CUT_LINE


def _spellings(part: Row) -> tuple[str, ...]:
    """The text of a cut row, and that of the lines that the edge did not touch: half a line is read as anything."""
    lines = uncut_lines(part.item)
    return (part.text, folded("\n".join(lines))) if lines else (part.text,)


def uncut_lines(item: Item) -> list[str]:
    """The lines of a cut bubble without the one at the edge."""
    lines = item.text.split("\n")
    first = 1 if "clipped_top" in item.doubts else 0
    last = len(lines) - 1 if "clipped_bottom" in item.doubts else len(lines)
    return lines[first:last]


def _part_of(text: str, part: Row, whole: Row) -> float:
    length = len(text)
    if not text or length > len(whole.text) + tolerated(length):
        return NEVER
    ends = []
    if "clipped_bottom" in part.item.doubts:
        ends.append(whole.text[:length])
    if "clipped_top" in part.item.doubts:
        ends.append(whole.text[max(0, len(whole.text) - length) :])
    bits = 0.9 * bits_of(text)
    if len(ends) == 2 and text in whole.text:
        return bits
    most = tolerated(length)
    wrong = min(distance(text, end, most) for end in ends)
    return NEVER if wrong > most else bits * (1 - 2 * wrong / length)


def seam(upper: str, lower: str) -> str:
    """What the end of ``upper`` and the beginning of ``lower`` share."""
    for length in range(min(len(upper), len(lower)), 0, -1):
        if upper.endswith(lower[:length]):
            return lower[:length]
    return ""
