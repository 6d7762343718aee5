"""When each thing on a screenshot was said, as intervals: labels against the capture, messages between labels.

A program that shows a time over a message shows it after a pause (WeChat: more than five minutes), and it is the time
of the message right under it: that one is known to the minute. Of the messages that follow only the order is known:
not before that label, not after the next one, else not after the capture. Nothing is inferred from the pause itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from evidence.screenchat.capture import Capture, CaptureBasis, Captured, Moment, settle
from evidence.screenchat.labelorder import choose
from evidence.screenchat.model import Item, Screen, Span
from evidence.screenchat.readings import Candidate, Meaning, meaning
from evidence.screenchat.timelabels import Label, read_clock, read_label
from evidence.screenchat.timerules import JOINER, known_rules, rule_words
from evidence.times import from_utc_text, to_utc_text

__all__ = ["CaptureBasis", "Captured", "known_rules", "resolve", "resolve_label", "rule_words"]

_DOUBTS = {
    "not_understood": "time_label",
    "several_readings": "time_label",
    "weekday_lost": "time_label",
    "weekday_contradicts": "time_label",
    "no_such_time": "time_label",
    "no_day_above": "time_label",
    "backwards": "time_order",
    "after_capture": "time_order",
    "capture_disputed": "capture_time",
    "capture_open": "capture_time",
}
_SAID = ("message", "system", "notice")
_STAMPED_APPS = ("whatsapp",)  # each bubble has its clock, the labels are days
_LABEL_ABOVE = ("wechat", "wecom", "qq", "sms", "alipay", "dingtalk")


@dataclass(frozen=True, slots=True)
class _Stated:
    """A time that stands on the screen: the item's number, its words and their readings. ``own``: inside the bubble;
    ``cut``: by the edge of the picture."""

    at: int
    raw: str
    labels: tuple[Label, ...]
    own: bool = False
    cut: bool = False
    above: int | None = None  # the place in the list of the date that a bare clock belongs to
    dayless: bool = False  # a bare clock that needs a date above and has none


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of a stated time: the interval, or only the rule by which it has none."""

    span: Span
    whole_day: bool = False


def resolve(screen: Screen, captured: Captured | None, zone: ZoneInfo) -> tuple[Span, ...]:
    """One span for each item of the screen, in its order. ``zone`` is that of the phone.

    Labels that count from the capture stay unresolved without one, or when the status bar disputes it; the rule says
    so. What contradicts itself has neither start nor end, and a doubt.
    """
    capture = settle(captured, screen.clock, zone)
    if screen.kind != "chat":
        return tuple(
            _alone(item.text if item.kind == "time" else item.note or "", capture, zone) for item in screen.items
        )
    stated = _stated(screen)
    told = dict(zip((one.at for one in stated), _settled(stated, capture, zone), strict=True))
    last = None if capture.last is None else to_utc_text(capture.last.replace(tzinfo=zone))
    return _spread(screen, told, last)


def resolve_label(text: str, captured: Captured | None, clock: str | None, zone: ZoneInfo) -> Span:
    """One label on its own, such as that of a row in a call log. ``clock`` is the status bar's."""
    return _alone(text, settle(captured, clock, zone), zone)


def _alone(text: str, capture: Capture, zone: ZoneInfo) -> Span:
    return _settled([_Stated(0, text, read_label(text))], capture, zone)[0].span if text else Span(rule="order_only")


def _stated(screen: Screen) -> list[_Stated]:
    """The times on the screen. A bare clock under a date without a clock belongs to that date."""
    found: list[_Stated] = []
    day: int | None = None
    for at, item in enumerate(screen.items):
        if item.kind == "time":
            cut = not {"clipped_top", "clipped_bottom"}.isdisjoint(item.doubts)
            labels = () if cut else read_label(item.text)
            bare = bool(labels) and all(label.bare_clock for label in labels)
            found.append(_Stated(at, item.text, labels, cut=cut, above=day if bare else None))
            if not bare:
                dated = any(label.dated and label.hour is None and label.ago is None for label in labels)
                day = len(found) - 1 if dated or not labels else None
        elif item.kind == "message" and screen.app in _STAMPED_APPS and item.note:
            labels = read_clock(item.note)
            if labels:
                found.append(_Stated(at, item.note, labels, own=True, above=day, dayless=day is None))
    return found


def _settled(stated: Sequence[_Stated], capture: Capture, zone: ZoneInfo) -> list[_Told]:
    """The one meaning of each stated time under all possible times of the capture, or why there is none."""
    moments: tuple[Moment | None, ...] = capture.moments or (None,)
    tries = [_at_moment(stated, moment, capture, zone) for moment in moments]
    best = max(one.length for one in tries)
    kept = [one for one in tries if one.length == best]
    return [_one_of(i, one, kept, len(kept) < len(tries), zone) for i, one in enumerate(stated)]


@dataclass(frozen=True, slots=True)
class _Try:
    meanings: tuple[Meaning, ...]
    left: tuple[tuple[Candidate, ...], ...]
    against: frozenset[int]
    length: int


def _at_moment(stated: Sequence[_Stated], moment: Moment | None, capture: Capture, zone: ZoneInfo) -> _Try:
    first = [
        Meaning() if one.above is not None or one.dayless else meaning(one.labels, moment, zone, capture)
        for one in stated
    ]
    days = choose([one.candidates for one in first])
    second = []
    for one, alone in zip(stated, first, strict=True):
        if one.dayless:
            second.append(Meaning(failed="no_day_above"))
        elif one.above is not None:
            above: tuple[date, ...] = tuple(dict.fromkeys(candidate.day for candidate in days.left[one.above]))
            failed = first[one.above].failed or "several_readings"
            second.append(meaning(one.labels, moment, zone, capture, above) if above else Meaning(failed=failed))
        else:
            second.append(alone)
    choice = choose([one.candidates for one in second])
    return _Try(tuple(second), choice.left, choice.against, choice.length)


def _one_of(i: int, stated: _Stated, kept: Sequence[_Try], by_capture: bool, zone: ZoneInfo) -> _Told:
    left = {(one.start, one.end): one for found in kept for one in found.left[i]}
    bare = Span(raw=stated.raw)
    if not left:
        failed = next((found.meanings[i].failed for found in kept if found.meanings[i].failed), "")
        rule = "backwards" if any(i in found.against for found in kept) else failed or "several_readings"
        rule = "label_cut" if stated.cut else rule
        return _Told(replace(bare, rule=rule, doubts=_doubts(rule)))
    ordered = sorted(left.values(), key=lambda one: one.start)
    chosen, parts = ordered[0], [ordered[0].rule]
    if len(ordered) > 1:
        if not _same_clock(ordered, zone):
            rule = "weekday_lost" if all(one.rule == "weekday_lost" for one in ordered) else "several_readings"
            return _Told(replace(bare, rule=rule, doubts=_doubts(rule)))
        parts.append("clock_twice")
    elif any(len(found.meanings[i].candidates) > 1 for found in kept):
        parts.append("by_order")
    if by_capture and chosen.rule not in ("date", "clock_on_day"):
        parts.append("capture_by_order")
    doubts = ("time_order",) if any(found.against for found in kept) else ()
    span = Span(
        to_utc_text(chosen.start),
        to_utc_text(ordered[-1].end),
        stated.raw,
        JOINER.join(parts),
        chosen.exact_s,
        doubts,
    )
    return _Told(span, whole_day=chosen.exact_s > 3600 and not chosen.ends_late)


def _same_clock(candidates: Sequence[Candidate], zone: ZoneInfo) -> bool:
    """Whether the candidates are one clock time that came twice in a night when clocks were set back."""
    return len({one.start.astimezone(zone).replace(tzinfo=None) for one in candidates}) == 1


def _doubts(rule: str) -> tuple[str, ...]:
    return (_DOUBTS[rule],) if rule in _DOUBTS else ()


def _spread(screen: Screen, told: dict[int, _Told], last: str | None) -> tuple[Span, ...]:
    """Labels keep what they were resolved to; everything between them gets its bounds."""
    ceilings = _ceilings(len(screen.items), told, last)
    spans: list[Span] = []
    floor: Span | None = None
    fresh: _Told | None = None  # the label right above, until something stands under it
    day: Span | None = None  # the date that holds until the next label
    for at, item in enumerate(screen.items):
        own = told.get(at)
        if item.kind == "time" and own is not None:
            spans.append(own.span)
            fresh, day = own, own.span if own.whole_day else None
        elif own is not None and own.span.start is not None:
            spans.append(replace(own.span, rule=f"clock_in_bubble{JOINER}{own.span.rule}"))
            fresh = None
        else:
            spans.append(_of_item(screen, item, fresh, _bounded(floor, ceilings[at], last, screen, day)))
            if own is not None:
                spans[-1] = replace(spans[-1], doubts=own.span.doubts)
            fresh = None if item.kind in _SAID else fresh
        if own is not None and own.span.start is not None and (floor is None or own.span.start > (floor.start or "")):
            floor = own.span
    return tuple(_checked(span) for span in spans)


def _ceilings(count: int, told: dict[int, _Told], last: str | None) -> list[Span | None]:
    """For each item the nearest stated time below it that bounds it; a span with only an end is the capture's."""
    found: list[Span | None] = [None] * count
    below: Span | None = None if last is None else Span(end=last)
    for at in range(count - 1, -1, -1):
        found[at] = below
        own = told.get(at)
        if own is not None and own.span.end is not None and (below is None or own.span.end <= (below.end or "")):
            below = own.span
    return found


def _bounded(floor: Span | None, below: Span | None, last: str | None, screen: Screen, day: Span | None) -> Span:
    """The interval between what is known above and below."""
    label_below = below is not None and below.start is not None
    end = None if below is None else below.end
    if day is not None and day.end is not None and screen.app in _STAMPED_APPS:
        opening = max(day.start or "", floor.start or "") if floor is not None else day.start
        return Span(opening, min(day.end, end or day.end), day.raw, f"in_day{JOINER}{day.rule}", None)
    if floor is None:
        if not label_below or below is None:
            return Span(None, end, "", "order_only" if end is None else "until_capture")
        return Span(None, end, below.raw, f"before_label{JOINER}{below.rule}")
    if label_below and below is not None:
        return Span(floor.start, end, f"{floor.raw} … {below.raw}", f"between_labels{JOINER}{floor.rule}")
    rule = f"after_label{JOINER}{floor.rule}" + (f"{JOINER}until_capture" if last is not None else "")
    return Span(floor.start, end, floor.raw, rule)


def _of_item(screen: Screen, item: Item, fresh: _Told | None, interval: Span) -> Span:
    """The label's own time for what stands right under it, else the interval."""
    if fresh is None or item.kind not in _SAID or screen.app not in _LABEL_ABOVE:
        return interval
    label = fresh.span
    if label.start is None:
        return replace(interval, doubts=label.doubts)
    return replace(label, rule=f"under_label{JOINER}{label.rule}")


def _checked(span: Span) -> Span:
    """A span that would end before it begins is none."""
    if span.start is not None and span.end is not None and from_utc_text(span.start) > from_utc_text(span.end):
        return Span(raw=span.raw, rule="backwards", doubts=("time_order",))
    return span
