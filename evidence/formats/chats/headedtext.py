"""Chats written as text, each message headed by date, clock and sender: WhatsApp, Signal (formats.md 3.1, 3.6).

Two passes over the lines. The first settles what the whole file decides: the form of its heads, the order of day and
month, who takes part. The second gives the messages. Both hold one message in memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from evidence.formats.chats.chatclock import MARKS, UNKNOWN, Head, Shape, read_head, wall_clock
from evidence.formats.chats.dateorder import DateOrder, Settled, candidates_of
from evidence.importers.base import DateOrder as StatedOrder
from evidence.models import Stamp, TimeHow
from evidence.times import local_stamp

TEXT_LIMIT = 4 << 20
"""Characters of one message; the rest is left out and told."""
_SURVEYED = 2000
_SENDERS_KEPT = 5000
_ODD_KEPT = 10_000
_LONGEST_SENDER = 120
_SENDER = re.compile(rf"[{MARKS}]{{0,8}}(?P<who>[^\n]{{1,{_LONGEST_SENDER}}}?)[{MARKS}]{{0,8}}:(?:[ \u00a0]|$)")
_QUOTED = re.compile('["“”«»„「『]')
_ENDS = "\r\n"


@dataclass(slots=True)
class HeadedMessage:
    """One message. ``line`` counts from 1; ``sender`` is None for a line of the program; ``cut``: it was longer."""

    line: int
    head: Head
    sender: str | None
    parts: list[str]
    size: int = 0
    cut: bool = False

    @property
    def text(self) -> str:
        """The words, lines joined by ``\\n``."""
        return "\n".join(self.parts)


@dataclass(slots=True)
class Survey:
    """What the whole file says. ``senders`` counts messages; ``odd_lines`` look like heads of another form."""

    shape: Shape
    settled: Settled = field(default_factory=lambda: Settled(None))
    senders: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    whole_day: bool = False
    odd_lines: list[int] = field(default_factory=list)

    def stamp(self, head: Head, zone: ZoneInfo) -> Stamp:
        """The time of a message: exact to the minute or second as written, None where the order stays open."""
        wall = self.wall(head)
        if wall is None:
            return Stamp(raw=head.raw, basis="export", precision_s=head.precision_s)
        how: TimeHow = "minute_only" if head.second is None else "local_assumed"
        return local_stamp(wall, zone, head.raw, "export", head.precision_s, how)

    def wall(self, head: Head) -> datetime | None:
        """The wall clock of a message, None where the order stays open or the date does not exist."""
        return None if self.settled.order is None else wall_clock(head, self.settled.order, self.whole_day)


def main_shape(lines: Iterable[str]) -> Shape | None:
    """The form of most heads among the first lines, None when there is no head at all."""
    shapes: Counter[Shape] = Counter()
    for number, line in enumerate(lines):
        if number >= _SURVEYED and shapes:
            break
        head = read_head(line)
        if head is not None:
            shapes[head.shape] += 1
    return shapes.most_common(1)[0][0] if shapes else None


def split_sender(rest: str, known: Counter[str] | None = None) -> tuple[str | None, str]:
    """(sender, words) of what stands behind a head; no sender for a line of the program itself.

    A subject in quotation marks may hold a colon, so a sender with such marks must be known from other messages.
    """
    match = _SENDER.match(rest)
    if match is not None:
        who = match["who"].strip()
        if who and (known is None or known[who] > 1 or not _QUOTED.search(who)):
            return who, rest[match.end() :]
    if known is not None and ":" in rest:
        who, _colon, words = rest.partition(":")
        if who in known:
            return who, words
    return None, rest


def survey(
    lines: Iterable[str],
    shape: Shape,
    stated: StatedOrder | None,
    look: Callable[[str | None, str], date | None] = lambda _sender, _words: None,
) -> Survey:
    """Read all heads of a file. ``look`` sees the sender and first line of each message; it may know its day."""
    found = Survey(shape)
    order = DateOrder(candidates_of(shape.year_first, shape.year_digits, shape.separator))
    for number, line in enumerate(lines, 1):
        head = read_head(line)
        if head is None:
            continue
        if head.shape != shape:
            if len(found.odd_lines) < _ODD_KEPT:
                found.odd_lines.append(number)
            continue
        found.messages += 1
        found.whole_day |= head.hour > 12 and head.half.startswith(UNKNOWN)
        sender, words = split_sender(line[head.end :].rstrip(_ENDS))
        if sender is not None and (sender in found.senders or len(found.senders) < _SENDERS_KEPT):
            found.senders[sender] += 1
        order.add(head.numbers, f"line {number}", look(sender, words))
    for sender in [who for who, n in found.senders.items() if n == 1 and _QUOTED.search(who)]:
        del found.senders[sender]
    found.settled = order.settle(stated)
    return found


def messages(lines: Iterable[str], found: Survey) -> Iterator[HeadedMessage | int]:
    """Every message in file order; an int for a line (its number) that stands before the first message."""
    current: HeadedMessage | None = None
    for number, line in enumerate(lines, 1):
        head = read_head(line)
        if head is not None and head.shape == found.shape:
            if current is not None:
                yield current
            sender, words = split_sender(line[head.end :].rstrip(_ENDS), found.senders)
            current = HeadedMessage(number, head, sender, [words], len(words))
        elif current is not None:
            _continue(current, line.rstrip(_ENDS))
        elif line.strip(_ENDS + " \t\ufeff\u200e\u200f"):
            yield number
    if current is not None:
        yield current


def _continue(message: HeadedMessage, line: str) -> None:
    message.size += len(line) + 1
    if message.size > TEXT_LIMIT:
        message.cut = True
    else:
        message.parts.append(line)
