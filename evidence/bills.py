"""Rows of a carrier's itemised bill, and the calls of a phone or recording that they tell of again.

A bill is kept by a third party and lists connected calls only. It differs from a phone in ways that are known: it may
hide digits or leave the number out, it may count from the answer where the phone counts from the ring, and its messages
have no text. So its rows are joined by rules of their own (formats: carrier bills).
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence.i18n import gettext as _
from evidence.models import Link, Record
from evidence.phone import is_masked

OPERATOR = "operator"
OPERATOR_BASIS = "operator_basis"
"""The two fields among a record's ``extras`` that mark a row of a bill; it has no words of its own."""
_MASK = re.compile(r"[*xX\u25cf#]")
_VISIBLE = 4  # fewer visible digits than this tell nothing about whose number it is


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far a bill's row and a phone's row of one event may lie apart, in seconds.

    ``start_s`` covers the ringing; ``duration_s`` the rounding; ``hidden_duration_s`` replaces it where the bill hides
    the number; ``message_s`` is for messages, of which a bill has no text.
    """

    start_s: float = 90.0
    duration_s: float = 5.0
    hidden_duration_s: float = 2.0
    message_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """A record at an instant; ``order`` is its place among all rows compared."""

    record: Record
    at: datetime
    order: int


_Pair = tuple[float, int, int, Row, Row]
"""Seconds apart, order of the phone's row, order of the bill's row, and both."""


def is_bill(record: Record) -> bool:
    """Whether a record is a row of a carrier's bill."""
    return bool(record.extras.get(OPERATOR)) and OPERATOR_BASIS in record.extras and not record.text


def may_be(bill: Record, number: str | None) -> bool:
    """Whether the number that a bill shows, with digits hidden or not at all, can be ``number``."""
    shown = _shown(bill)
    if shown is None:
        return True
    if number is None:
        return False
    digits = _MASK.sub("", shown)
    if len(digits) < _VISIBLE:
        return True
    pattern = "".join("." if _MASK.fullmatch(c) else re.escape(c) for c in shown)
    return re.fullmatch(pattern, number) is not None


def hides_number(bill: Record) -> bool:
    """Whether a bill's row leaves open which number it was."""
    return bill.number is None or is_masked(bill.number) or _shown(bill) is None


def _shown(bill: Record) -> str | None:
    text = unicodedata.normalize("NFKC", bill.number_raw or bill.number or "").strip()
    text = re.sub(r"^(?:\+86|0086)(?=[\d*xX])", "", text)
    return text if any(map(str.isdecimal, text)) else None


def join_bills(bills: Sequence[Row], others: Sequence[Row], links: list[Link], by: Tolerances) -> list[Row]:
    """Join each row of a bill with the one row of ``others`` that tells of the same event; returns what stays single.

    A shown number joins with the nearest start; a hidden one only where one call fits it, which fits no other row.
    """
    index: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(others, key=lambda r: r.at) if bills else ():
        index[_kind(row.record), row.record.holder].append(row)
    open_pairs: list[_Pair] = []
    hidden_pairs: list[_Pair] = []
    for bill in bills:
        reach = timedelta(seconds=by.start_s if bill.record.kind == "call" else by.message_s)
        near = index.get((_kind(bill.record), bill.record.holder), [])
        first = bisect.bisect_left(near, bill.at - reach, key=lambda r: r.at)
        last = bisect.bisect_right(near, bill.at + reach, key=lambda r: r.at)
        pairs = hidden_pairs if hides_number(bill.record) else open_pairs
        for other in near[first:last]:
            if _agree(bill.record, other, by):
                gap = abs((other.at - bill.at).total_seconds())
                pairs.append((gap, other.order, bill.order, other, bill))
    joined: set[int] = set()
    why = _("row of the carrier's bill: same number, starts {gap:g} s apart (at most {n:g} s), lengths fit")
    for gap, first, second, other, bill in sorted(open_pairs, key=lambda p: p[:3]):
        if first not in joined and second not in joined:
            joined |= {first, second}
            limit = by.start_s if bill.record.kind == "call" else by.message_s
            links.append(Link(other.record.id, bill.record.id, why.format(gap=round(gap, 3), n=limit)))
    free = [p for p in hidden_pairs if p[1] not in joined]
    calls, rows = Counter(p[1] for p in free), Counter(p[2] for p in free)
    why = _(
        "row of the carrier's bill with a hidden number: the only call that fits it, starts {gap:g} s apart "
        "(at most {n:g} s), lengths at most {d:g} s apart"
    )
    for gap, first, second, other, bill in free:
        if calls[first] == 1 and rows[second] == 1:
            joined |= {first, second}
            words = why.format(gap=round(gap, 3), n=by.start_s, d=by.hidden_duration_s)
            links.append(Link(other.record.id, bill.record.id, words))
    return [row for row in bills if row.order not in joined]


def _kind(record: Record) -> str:
    return "message" if record.kind in ("sms", "mms") else record.kind


def _agree(bill: Record, row: Row, by: Tolerances) -> bool:
    """Whether nothing but the start speaks against one event."""
    other = row.record
    if bill.direction is not None and other.direction is not None and bill.direction != other.direction:
        return False
    hidden = hides_number(bill)
    if hidden and (bill.kind != "call" or not may_be(bill, other.number)):
        return False
    if not hidden and bill.number != other.number:
        return False
    if bill.kind != "call":
        return True
    if other.outcome not in (None, "answered"):
        return False
    if bill.duration_s is None or other.duration_s is None:
        return not hidden
    return abs(bill.duration_s - other.duration_s) <= (by.hidden_duration_s if hidden else by.duration_s)
