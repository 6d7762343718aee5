"""Messages of screenshots that an exported chat tells too: the same app, side and words, at times that fit.

Words are compared folded (width, case, blanks, signs), and with the few wrong letters that OCR makes. Words that stand
in a chat more than once join only where their times leave one choice.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from evidence.i18n import gettext as _
from evidence.models import Link, Record
from evidence.parties import same_name
from evidence.screenchat.model import SCREEN_LAYOUT
from evidence.times import from_utc_text

SLACK = timedelta(seconds=120)
"""A phone rounds the minutes that it shows, and an export those that it writes."""
_WRONG_SHARE = 0.08
_LONG = 12
_CHANNELS = {"sms": "sms", "mms": "sms", "rcs": "sms", "imessage": "sms"}


def links_with_exports(records: Sequence[Record]) -> list[Link]:
    """Pairs (exported record, message of a screenshot) that are one message. Other records are passed over."""
    shown = [r for r in records if SCREEN_LAYOUT in r.extras and r.text]
    if not shown:
        return []
    told: dict[tuple[str, str], list[tuple[str, Record]]] = defaultdict(list)
    for record in records:
        if record.kind in ("chat", "sms", "mms") and SCREEN_LAYOUT not in record.extras and record.text:
            told[record.holder, _channel(record)].append((folded(record.text), record))
    exact: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for (holder, channel), rows in told.items():
        for text, record in rows:
            exact[holder, channel, text].append(record)
    why = _("the exported form of this message of a screenshot: same app, side and words, times fit")
    near = _(
        "the exported form of this message of a screenshot: same app and side, words but for a few letters, times fit"
    )
    found: list[Link] = []
    taken: set[tuple[str, str]] = set()
    for record in shown:
        text, place = folded(record.text or ""), (record.holder, _channel(record))
        if not text:
            continue
        same = [other for other in exact.get((*place, text), ()) if _fits(record, other)]
        words = why
        if not same and len(text) >= _LONG:
            words = near
            same = [other for known, other in told.get(place, ()) if _fits(record, other) and _alike(text, known)]
        picture = str(record.extras.get("picture"))
        same = [other for other in same if (picture, other.id) not in taken]
        if len(same) == 1:
            taken.add((picture, same[0].id))
            found.append(Link(same[0].id, record.id, words))
    return found


def folded(text: str) -> str:
    """Letters and digits only, NFKC, lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _channel(record: Record) -> str:
    return _CHANNELS.get(record.channel, record.channel)


def _fits(shown: Record, told: Record) -> bool:
    """Whether nothing but the words speaks for or against one message."""
    if shown.direction is not None and told.direction is not None and shown.direction != told.direction:
        return False
    if shown.number is not None and told.number is not None:
        if shown.number != told.number:
            return False
    elif shown.name and told.name and not told.extras.get("group") and same_name(shown.name) != same_name(told.name):
        return False
    if told.time.utc is None:
        return True
    at = from_utc_text(told.time.utc)
    begin, end = shown.extras.get("not_before"), shown.extras.get("not_after")
    if begin is not None and at + SLACK < from_utc_text(begin):
        return False
    return end is None or at - SLACK <= from_utc_text(end)


def _alike(one: str, other: str) -> bool:
    """Whether two folded texts differ by few letters only."""
    limit = max(1, int(len(one) * _WRONG_SHARE))
    return abs(len(one) - len(other)) <= limit and _distance(one, other, limit) <= limit


def _distance(one: str, other: str, limit: int) -> int:
    """Edit distance, or ``limit`` + 1 as soon as it is above ``limit`` (a band of the usual table)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        low, high = max(1, i - limit), min(len(other), i + limit)
        new = [limit + 1] * (len(other) + 1)
        new[0] = i
        for j in range(low, high + 1):
            new[j] = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a != other[j - 1]))
        if min(new[low - 1 : high + 1]) > limit:
            return limit + 1
        row = new
    return row[-1]
