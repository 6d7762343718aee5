"""Instants as the reader's wall clock says them, never more exact than the source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.wording import Wording
from evidence.models import Stamp
from evidence.times import from_utc_text


def local(utc: str, zone: ZoneInfo) -> datetime:
    """The wall clock of ``zone`` at a UTC instant."""
    return from_utc_text(utc).astimezone(zone)


def day_text(day: date, wording: Wording) -> str:
    """A calendar day as the language writes it."""
    return wording.plain("date", y=day.year, m=day.month, d=day.day)


def period_text(days: Iterable[date], wording: Wording) -> str:
    """The first and the last of some days, or the one day they all are; words for no day at all."""
    found = sorted(set(days))
    if not found:
        return wording.plain("no_time")
    first, last = day_text(found[0], wording), day_text(found[-1], wording)
    return first if len(found) == 1 else wording.plain("period", **{"from": first, "to": last})


def clock_text(stamp: Stamp, zone: ZoneInfo, wording: Wording) -> str:
    """Hour and minute, and the second when the source states it. Empty for a day without clock."""
    if stamp.utc is None or stamp.how == "date_only":
        return ""
    moment = local(stamp.utc, zone)
    key = "clock_minute" if is_minute(stamp) else "clock"
    return wording.plain(key, h=moment.hour, mi=moment.minute, s=moment.second)


def is_minute(stamp: Stamp) -> bool:
    """Whether seconds are unknown."""
    return stamp.how == "minute_only" or stamp.precision_s >= 60


def stamp_text(stamp: Stamp, zone: ZoneInfo, wording: Wording, *, claims: bool = True) -> str:
    """Day and clock; with ``claims`` a time that is only a claim (file name, metadata …) says so."""
    if stamp.utc is None:
        return wording.plain("no_time")
    text = day_text(local(stamp.utc, zone).date(), wording) + clock_text(stamp, zone, wording)
    return _with_claim(text, stamp, wording) if claims else text


def _with_claim(text: str, stamp: Stamp, wording: Wording) -> str:
    """A time with what makes it less than the source's own clock."""
    if stamp.how == "clock_corrected":
        text = wording.plain("time_corrected", time=text)
    if stamp.basis != "export":
        text = wording.plain("time_claim", time=text, basis=wording.word("time_basis", stamp.basis))
    return text


def row_text(stamp: Stamp, zone: ZoneInfo, wording: Wording) -> str:
    """The short form for the rows of a table (``2026-03-12 22:00:00``), with its claim."""
    if stamp.utc is None:
        return wording.plain("no_time")
    day = local(stamp.utc, zone).date()
    shown = wording.plain("row_day", y=day.year, m=day.month, d=day.day)
    return _with_claim(f"{shown} {clock_text(stamp, zone, wording)}".strip(), stamp, wording)


def iso_day(text: str | None) -> date | None:
    """The calendar day of an ISO date or of an ISO time in its own offset; None when it is neither."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def zone_text(zone: ZoneInfo, at: datetime, wording: Wording) -> str:
    """The clock of the document, named once, with its offset where the year ``at`` has only one."""
    if zone.key == "Asia/Shanghai":
        return wording.plain("zone_beijing")
    offsets = {f"{at.replace(month=month, day=1).astimezone(zone):%z}" for month in range(1, 13)}
    if len(offsets) > 1:
        return wording.plain("zone_summer", zone=zone.key)
    offset = offsets.pop()
    return wording.plain("zone_other", zone=zone.key, offset=f"{offset[:3]}:{offset[3:]}")
