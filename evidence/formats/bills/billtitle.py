"""What stands above and below the rows of a carrier's bill: the period, the number of rows, the customer's number."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from evidence.formats.tables.celltimes import Wall

_DAY = r"(20\d\d)\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?"
_RANGE = re.compile(rf"{_DAY}(?:\s*[\d:：]{{4,8}})?\s*(?:到|至|-|—|–|\uff0d|~|～)+\s*{_DAY}")
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-/.年]\s*)?(0[1-9]|1[0-2]|[1-9](?=\s*月))(?!\d|\s*[-/.月]\s*\d)")
_DECLARED = re.compile(
    r"(?:总条数|总记录数|记录数|条数)\s*[:：]?\s*(\d{1,7})|(?:共|合计|总计)\s*计?\s*[:：]?\s*(\d{1,7})\s*条"
)
_OWN = re.compile(
    r"(?:手机号码?|客户号码|用户号码|本机号码|业务号码|服务号码|电话号码|查询号码|(?<!对方)(?<!对端)号码)\s*[:：]\s*(\+?[\d*]{7,15})"
)
_BILL = re.compile(r"详单|清单|话单|账单|语音通信|通话记录查询")
_LATE = timedelta(days=62)  # roaming calls reach a bill up to two months later


@dataclass(frozen=True, slots=True)
class Period:
    """The days a bill covers, both included. ``basis`` is where that stands: the file's own words, or its name."""

    first: date
    last: date
    basis: Literal["title", "sheet", "name"]


def is_bill_title(texts: Sequence[str]) -> bool:
    """Whether titles or a sheet's name call this a bill of calls or messages."""
    return any(_BILL.search(text) for text in texts)


def find_period(titles: Sequence[str], sheet: str, name: str) -> Period | None:
    """The period that the titles state, else the sheet's name, else the file's name."""
    for text in titles:
        match = _RANGE.search(text)
        if match is not None:
            try:
                y1, m1, d1, y2, m2, d2 = (int(part) for part in match.groups())
                first, last = date(y1, m1, d1), date(y2, m2, d2)
            except ValueError:
                continue
            if first <= last:
                return Period(first, last, "title")
    places: tuple[tuple[str, Literal["title", "sheet", "name"]], ...] = (
        *((text, "title") for text in titles),
        (sheet, "sheet"),
        (name, "name"),
    )
    for text, basis in places:
        match = _MONTH.search(text)
        if match is not None:
            year, month = int(match[1]), int(match[2])
            return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), basis)
    return None


def declared_rows(texts: Sequence[str]) -> int | None:
    """How many rows the bill says that it has."""
    for text in texts:
        match = _DECLARED.search(text)
        if match is not None:
            return int(match[1] or match[2])
    return None


def own_number(texts: Sequence[str]) -> str | None:
    """The customer's number as the titles state it."""
    return next((match[1] for text in texts if (match := _OWN.search(text)) is not None), None)


def infer_year(wall: Wall, period: Period | None) -> tuple[int | None, bool]:
    """(the year of a day and month without one, whether the day lies in the period).

    The day must fall into the period in exactly one year; a day up to two months before it is accepted as a late entry.
    """
    return (None, False) if period is None else _year_of(wall.month, wall.day, period)


@lru_cache(maxsize=1024)
def _year_of(month: int, day: int, period: Period) -> tuple[int | None, bool]:
    days: list[date] = []
    for year in range(period.first.year - 1, period.last.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:  # 29 February
            continue
    inside = [one.year for one in days if period.first <= one <= period.last]
    if inside:
        return (inside[0], True) if len(inside) == 1 else (None, False)
    late = [one.year for one in days if period.first - _LATE <= one < period.first]
    return (late[0], False) if len(late) == 1 else (None, False)
