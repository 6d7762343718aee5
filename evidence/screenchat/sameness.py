"""Several readings of one bubble: the one to show, what they tell of its time together, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from evidence.screenchat.likeness import apart, uncut_lines
from evidence.screenchat.model import Item, Span
from evidence.screenchat.rows import Row, folded
from evidence.screenchat.timerules import JOINER

_IN_SERIES = "order_in_series"
_CLIPPED = ("clipped_top", "clipped_bottom")


@dataclass(frozen=True, slots=True)
class Difference:
    """What (text, side, name, amount, time) pictures of one bubble show differently: (key, item's number, as shown)."""

    what: str
    shown: tuple[tuple[str, int, str], ...]


def item_of(rows: Sequence[Row]) -> tuple[Row, Item]:
    """The best reading: whole, read so most often, with few doubts and a high score; else two halves put together."""
    votes = Counter(row.text for row in rows if not row.clipped)
    best = min(
        enumerate(rows),
        key=lambda entry: (
            entry[1].clipped,
            -votes[entry[1].text],
            -len(entry[1].text) if entry[1].clipped else 0,
            len(entry[1].item.doubts),
            -(entry[1].item.score or 0.0),
            entry[0],
        ),
    )[1]
    return best, _halves(rows) or best.item if best.clipped else best.item


def _halves(rows: Sequence[Row]) -> Item | None:
    """A bubble of which one picture has the upper lines and another the lower ones, when some lines are on both."""
    heads = [row for row in rows if "clipped_bottom" in row.item.doubts and "clipped_top" not in row.item.doubts]
    tails = [row for row in rows if "clipped_top" in row.item.doubts and "clipped_bottom" not in row.item.doubts]
    if not heads or not tails:
        return None
    head = max(heads, key=lambda row: len(row.text)).item
    tail = max(tails, key=lambda row: len(row.text)).item
    upper, lower = uncut_lines(head), uncut_lines(tail)
    for shared in range(min(len(upper), len(lower)), 0, -1):
        if [folded(line) for line in upper[-shared:]] == [folded(line) for line in lower[:shared]]:
            doubts = tuple(dict.fromkeys(doubt for doubt in (*head.doubts, *tail.doubts) if doubt not in _CLIPPED))
            return replace(head, text="\n".join((*upper, *lower[shared:])), doubts=(*doubts, "grouping"))
    return None


def span_of(spans: Sequence[Span]) -> Span:
    """What the spans have in common; none, with a doubt, when they exclude each other."""
    start = max((span.start for span in spans if span.start is not None), default=None)
    end = min((span.end for span in spans if span.end is not None), default=None)
    doubts = tuple(dict.fromkeys(doubt for span in spans for doubt in span.doubts))
    if start is not None and end is not None and start > end:
        raws = " / ".join(dict.fromkeys(span.raw for span in spans if span.raw))
        return Span(raw=raws, rule="captures_differ", doubts=tuple(dict.fromkeys((*doubts, "time_order"))))
    exact = [span for span in spans if (span.start, span.end) == (start, end)]
    if exact:
        return min(exact, key=lambda span: (span.exact_s is None, span.exact_s or 0.0, len(span.doubts)))
    lower = next(span for span in spans if span.start == start)
    upper = next(span for span in spans if span.end == end)
    return _between(lower, upper, start, end, doubts)


def narrowed(spans: Sequence[Span]) -> list[Span]:
    """The spans of a run without a hole, each not before those above it and not after those below it.

    A span that its neighbours would empty is left as it is.
    """
    floors = _nearest(spans, lambda span: span.start, lambda one, two: one > two)
    ceilings = _nearest(spans[::-1], lambda span: span.end, lambda one, two: one < two)[::-1]
    done = []
    for span, floor, ceiling in zip(spans, floors, ceilings, strict=True):
        start, end = floor.start if floor is not None else None, ceiling.end if ceiling is not None else None
        emptied = start is not None and end is not None and start > end
        if emptied or (start, end) == (span.start, span.end) or span.rule == "captures_differ":
            done.append(span)
        else:
            done.append(_between(floor or span, ceiling or span, start, end, span.doubts))
    return done


def _nearest(
    spans: Sequence[Span], bound: Callable[[Span], str | None], beyond: Callable[[str, str], bool]
) -> list[Span | None]:
    """For each span the one up to it that bounds most."""
    found: list[Span | None] = []
    best: Span | None = None
    for span in spans:
        value, known = bound(span), None if best is None else bound(best)
        if value is not None and (known is None or beyond(value, known)):
            best = span
        found.append(best)
    return found


def _between(lower: Span, upper: Span, start: str | None, end: str | None, doubts: tuple[str, ...]) -> Span:
    raws = " … ".join(dict.fromkeys(span.raw for span in (lower, upper) if span.raw))
    rules = [rule for rule in (_IN_SERIES, *(lower.rule if start is not None else upper.rule).split(JOINER)) if rule]
    return Span(start, end, raws, JOINER.join(dict.fromkeys(rules)), None, doubts)


def differences(rows: Sequence[Row], shown: Sequence[tuple[str, int]]) -> Iterator[Difference]:
    """Where readings of one bubble differ, not counting what was cut off or not seen."""
    if len(rows) < 2 or rows[0].kind == "time":
        return
    whole = [i for i, row in enumerate(rows) if not row.clipped]
    sided = [i for i, row in enumerate(rows) if row.item.side]
    named = [i for i in whole if rows[i].item.name]
    priced = [i for i in whole if rows[i].item.amount]
    checks: tuple[tuple[str, list[int], Callable[[Row], object], Callable[[Row], str | None]], ...] = (
        ("text", whole, lambda row: (row.text, row.digits), lambda row: row.item.text),
        ("side", sided, lambda row: row.item.side, lambda row: row.item.side),
        ("name", named, lambda row: folded(row.item.name or ""), lambda row: row.item.name),
        ("amount", priced, lambda row: row.item.amount, lambda row: row.item.amount),
    )
    for what, told, compared, words in checks:
        if len({compared(rows[i]) for i in told}) > 1:
            yield Difference(what, tuple((*shown[i], words(rows[i]) or "") for i in told))
    if any(apart(one.span, two.span) for at, one in enumerate(rows) for two in rows[at + 1 :]):
        yield Difference("time", tuple((*place, row.span.start or "") for place, row in zip(shown, rows, strict=True)))
