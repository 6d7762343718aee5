"""Messages of screenshots that an exported chat tells too: the same app, side and words, at times that fit.

Words are compared folded (width, case, blanks, signs), and with the few wrong letters that OCR makes. Words that stand
in a chat more than once join only where their times leave one choice.
"""

from __future__ import annotations

import re
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
    alike: dict[tuple[str, str, str, str], list[Record]] = defaultdict(list)
    for record in shown:
        alike[str(record.extras.get("picture")), record.holder, _channel(record), folded(record.text or "")].append(
            record
        )
    for (_picture, holder, channel, text), group in alike.items():
        if not text:
            continue
        same, words = _all_fit(group, exact.get((holder, channel, text), ())), why
        if not same and len(text) >= _LONG and len(group) == 1:
            words = near
            same = [o for known, o in told.get((holder, channel), ()) if _alike(text, known) and _fits(group[0], o)]
        if len(same) == len(group):  # as many as are shown: in order, so that repeated words count once each
            found += [Link(other.id, record.id, words) for record, other in zip(group, same, strict=True)]
    return found


def _all_fit(group: Sequence[Record], told: Sequence[Record]) -> list[Record]:
    """The exported records that fit every message of a group of equal words, in the order of time."""
    fitting = [other for other in told if all(_fits(record, other) for record in group)]
    return sorted(fitting, key=lambda other: other.time.utc or "")


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
    elif not _same_talk(shown, told):
        return False
    if told.time.utc is None:
        return True
    at = from_utc_text(told.time.utc)
    begin, end = shown.extras.get("not_before"), shown.extras.get("not_after")
    if begin is not None and at + SLACK < from_utc_text(begin):
        return False
    return end is None or at - SLACK <= from_utc_text(end)


def _same_talk(shown: Record, told: Record) -> bool:
    """Whether the titles of the two conversations, and the senders where both are named, can be the same."""
    if shown.direction == "in" and shown.name and told.name and same_name(shown.name) != same_name(told.name):
        return False
    if told.extras.get("group") and not shown.extras.get("group"):
        return False
    title = told.extras.get("conversation") or (told.name if told.kind != "chat" else None)
    own = shown.extras.get("conversation")
    return not title or not own or _title(str(title)) == _title(str(own))


def _title(text: str) -> str:
    """A title folded, without the size of a group."""
    return same_name(re.sub(r"[(（]\s*\d+\s*[)）]\s*$", "", text))


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
