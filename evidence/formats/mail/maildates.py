"""Dates in mails (RFC 5322 section 3.3, with the forms that mailers really write).

The standard library reads ``GMT+08:00`` as GMT and ``CST`` always as American: eight and fourteen hours off for mail
from China. Here an offset counts only when it is written out; a word that could be two zones is settled by the zone of
the case, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from evidence.models import Stamp
from evidence.times import local_stamp, offset_stamp, to_utc_text

_MONTHS = {
    name: i % 12 + 1
    for i, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?"
_ZONE = r"\s*(?P<zone>(?:(?:GMT|UTC?)\s*)?[+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5}\b)?"
_FORMS = (
    re.compile(rf"(?P<day>\d{{1,2}})[\s-]+(?P<month>[A-Za-z]{{3}})[A-Za-z]*\.?,?[\s-]+(?P<year>\d{{4}}|\d{{2}})\s+{_CLOCK}{_ZONE}"),
    re.compile(rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})[\sT]+{_CLOCK}{_ZONE}"),
    re.compile(
        rf"(?P<month>[A-Za-z]{{3}})[a-z]*\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?:\s+(?P<zone>[+-]\d{{4}}|[A-Z]{{3,5}}))?\s+(?P<year>\d{{4}})"
    ),
)  # fmt: skip
# RFC 5322 section 4.3, and words that mean one zone only. Others (IST, military letters) mean nothing certain.
_WORDS = {"gmt": 0, "ut": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
          "pst": -8, "pdt": -7, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "msk": 3, "cet": 1, "cest": 2}  # fmt: skip
_HALF_DAYS = ("am", "pm")
_DAY_S = 86400


def mail_stamp(raw: str, zone: ZoneInfo) -> Stamp:
    """The instant of a Date field. ``how``: offset_in_file when an offset or a sure zone word is written, else
    local_assumed in ``zone``. Text that is no date gives a stamp without instant that keeps the words."""
    words = " ".join(raw.split())
    if len(words) > 300:
        return Stamp(raw=words[:300])
    match = next((found for form in _FORMS if (found := form.search(words)) is not None), None)
    if match is None:
        return Stamp(raw=words)
    month = match["month"]
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 50 else 1900  # RFC 5322 section 4.3
    try:
        number = int(month) if month.isdecimal() else _MONTHS[month[:3].lower()]
        second = min(59, int(match["second"] or 0))  # a leap second is told as :60
        word = match["zone"]
        hour = int(match["hour"])
        if word is not None and word.lower() in _HALF_DAYS:
            hour, word = hour % 12 + 12 * (word.lower() == "pm"), None
        wall = datetime(year, number, int(match["day"]), hour, int(match["minute"]), second)
        offset = _offset(word, wall, zone)
    except (ValueError, KeyError):
        return Stamp(raw=words)
    precision = 1.0 if match["second"] is not None else 60.0
    if offset is None:
        return local_stamp(wall, zone, words, "export", precision)
    return offset_stamp(wall.replace(tzinfo=offset), words, "export", precision)


def _offset(word: str | None, wall: datetime, zone: ZoneInfo) -> timezone | None:
    """The offset that is written, or None for a clock without one. ValueError or KeyError for one that says nothing."""
    if word is None:
        return None
    signed = re.search(r"([+-])(\d{1,2}):?(\d{2})$", word)
    if signed is not None:
        minutes = int(signed[2]) * 60 + int(signed[3])
        return timezone(timedelta(minutes=minutes if signed[1] == "+" else -minutes))
    if 2 <= wall.year <= 9998 and wall.replace(tzinfo=zone).tzname() == word:
        return None  # CST on a Chinese machine: the zone of the case, named in the stamp
    return timezone(timedelta(hours=_WORDS[word.lower()]))


def received_stamp(values: Iterable[str], zone: ZoneInfo) -> Stamp | None:
    """The time of the last hop: the first Received field (top of the mail) that ends in a date with an offset.

    That line was written by the server of the addressee, not by the sender.
    """
    for value in values:
        stamp = mail_stamp(value.rpartition(";")[2], zone)
        if stamp.utc is not None and stamp.how == "offset_in_file":
            return stamp
    return None


def differs(sent: Stamp, received: Stamp) -> bool:
    """Whether two instants lie more than a day apart."""
    if sent.utc is None or received.utc is None:
        return False
    first, second = (datetime.fromisoformat(s.replace("Z", "+00:00")) for s in (sent.utc, received.utc))
    return abs((second - first).total_seconds()) > _DAY_S


def filetime_text(value: int) -> str | None:
    """UTC text of a Windows FILETIME (100 ns since 1601-01-01 UTC), None outside the calendar."""
    try:
        moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=value // 10)
    except OverflowError:
        return None
    return to_utc_text(moment) if 1900 <= moment.year <= 9998 else None
