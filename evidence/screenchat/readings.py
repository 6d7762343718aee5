"""The intervals that a time label can stand for, given when the picture was taken and the phone's zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from evidence.screenchat.capture import Capture, Moment
from evidence.screenchat.timelabels import Label

CLOSING = timedelta(milliseconds=1)  # an interval ends with its last millisecond
_LATE = timedelta(minutes=1)
_YEARS_TRIED = 8
_SAME_WEEK = 7


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible meaning, in UTC, and the rule by which. ``ends_late``: order goes by its end (5 minutes ago)."""

    start: datetime
    end: datetime
    rule: str
    exact_s: float
    day: date
    ends_late: bool = False

    @property
    def key(self) -> datetime:
        """The latest time that what follows may be held against."""
        return self.end if self.ends_late else self.start


@dataclass(frozen=True, slots=True)
class Meaning:
    """The candidates of a label at one moment of capture, or the rule by which it has none."""

    candidates: tuple[Candidate, ...] = ()
    failed: str = ""


def meaning(
    labels: tuple[Label, ...], moment: Moment | None, zone: ZoneInfo, capture: Capture, days: tuple[date, ...] = ()
) -> Meaning:
    """What ``labels`` (the readings of one label) can stand for.

    ``moment`` is one possible time of the capture. ``days`` are those of the date above, to which a bare clock
    belongs. A candidate more than a minute after the capture is none.
    """
    if not labels:
        return Meaning(failed="not_understood")
    failed = ""
    found: dict[tuple[datetime, datetime], Candidate] = {}
    for label in labels:
        for day, rule in _days(label, moment, days):
            if day is None:
                failed = failed or rule
                continue
            spread = tuple(_candidates(label, day, rule, moment, zone))
            if not spread:
                failed = failed or "no_such_time"
            for one in spread:
                if moment is not None and one.start > _utc(moment.last, zone) + _LATE:
                    failed = "after_capture"
                else:
                    found.setdefault((one.start, one.end), one)
        if not found and not failed:
            failed = _WITHOUT[capture.state]
    return Meaning(tuple(found.values()), "" if found else failed or "no_such_time")


_WITHOUT = {"none": "no_capture", "disputed": "capture_disputed", "too_wide": "capture_open", "known": "no_such_time"}


def _days(label: Label, moment: Moment | None, above: tuple[date, ...]) -> Iterator[tuple[date | None, str]]:
    """The days that a reading can mean, each with its rule; None with the rule by which it cannot be."""
    if label.year is not None and label.month is not None and label.day is not None:
        yield _checked(_date(label.year, label.month, label.day), label, "date")
        return
    if label.bare_clock and above:
        yield from ((day, "clock_on_day") for day in above)
        return
    if moment is None:
        return
    today = moment.last.date()
    if label.ago is not None:
        yield today, "ago"
    elif label.month is not None and label.day is not None:
        yield _latest(label, moment)
    elif label.days_ago is not None:
        rule = ("today", "yesterday", "day_before")[label.days_ago]
        yield _checked(today - timedelta(days=label.days_ago), label, rule)
    elif label.weekday is not None:
        back = (today.weekday() - label.weekday) % _SAME_WEEK
        # A weekday that is today's: programs write today otherwise, and a week ago too.
        yield from ((today - timedelta(days=n), "weekday") for n in ((back,) if back else (0, _SAME_WEEK)))
    elif label.weekday_lost:
        yield from ((today - timedelta(days=back), "weekday_lost") for back in range(1, _SAME_WEEK))
    else:
        yield today, "today"


def _latest(label: Label, moment: Moment) -> tuple[date | None, str]:
    """A date without a year is the latest such date that is not after the capture."""
    today = moment.last.date()
    for year in range(today.year, today.year - _YEARS_TRIED, -1):
        day = _date(year, label.month or 0, label.day or 0)
        if day is not None and day <= today:
            return _checked(day, label, "date_this_year" if year == today.year else "date_last_year")
    return None, "no_such_time"


def _checked(day: date | None, label: Label, rule: str) -> tuple[date | None, str]:
    """The day, unless the weekday beside it is another."""
    if day is None:
        return None, "no_such_time"
    if label.weekday is not None and label.weekday != day.weekday():
        return None, "weekday_contradicts"
    return day, rule


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _candidates(label: Label, day: date, rule: str, moment: Moment | None, zone: ZoneInfo) -> Iterator[Candidate]:
    if label.ago is not None:
        assert moment is not None  # _days gives no day without one
        least, most = (timedelta(seconds=n) for n in label.ago)
        start, end = _utc(moment.first, zone) - most, _utc(moment.last, zone) - least
        yield Candidate(start, end, rule, label.exact_s, day, ends_late=True)
        return
    if label.hour is None:
        start = _utc(datetime(day.year, day.month, day.day), zone)
        after = day + timedelta(days=1)
        end = _utc(datetime(after.year, after.month, after.day), zone) - CLOSING
        yield Candidate(start, end, rule, label.exact_s, day)
        return
    wall = datetime(day.year, day.month, day.day, label.hour, label.minute, label.second or 0)
    wall += timedelta(days=1 if label.next_day else 0)
    for instant in instants(wall, zone):
        yield Candidate(instant, instant + timedelta(seconds=label.exact_s) - CLOSING, rule, label.exact_s, day)


def instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants at which clocks in ``zone`` show ``wall``: mostly one, none or two where summer time changes."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in both if one.astimezone(zone).replace(tzinfo=None) == wall))


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall clock that has only to be about right: a bound."""
    return wall.replace(tzinfo=zone).astimezone(UTC)
