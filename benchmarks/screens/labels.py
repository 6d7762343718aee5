"""How apps write the time between messages, seen from the moment of the capture. All times are local."""

from __future__ import annotations

from datetime import datetime, timedelta

_DAYS = "一二三四五六日"


def part_of_day(when: datetime) -> str:
    """The word that stands before a twelve-hour clock."""
    for end, word in ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上")):
        if when.hour < end:
            return word
    return "晚上"


def clock(when: datetime, spoken: bool) -> str:
    """``22:41``, or ``晚上10:41`` as phones set to twelve hours have it."""
    if not spoken:
        return f"{when:%H:%M}"
    return f"{part_of_day(when)}{(when.hour - 1) % 12 + 1}:{when.minute:02}"


def label(style: str, when: datetime, captured: datetime, spoken: bool) -> str:
    """The label over a message sent at ``when``. iOS has two rows in it."""
    days = (captured.date() - when.date()).days
    hour = clock(when, spoken)
    if style == "wechat":
        return _near(days, hour, when, "星期") or f"{_date(when, captured, '年月')} {hour}"
    if style == "qq":
        far = f"{when:%m-%d}" if when.year == captured.year else f"{when:%Y-%m-%d}"
        return _near(days, hour, when, "星期") or f"{far} {hour}"
    if style == "sms":
        if timedelta(0) <= captured - when < timedelta(minutes=1):
            return "刚刚"
        near = {0: hour, 1: f"昨天 {hour}"}.get(days)
        return near or f"{_date(when, captured, '年月')} 周{_DAYS[when.weekday()]} {hour}"
    if style == "sms_slash":
        return {0: hour, 1: f"昨天 {hour}"}.get(days) or f"{_date(when, captured, '/')} {hour}"
    if style == "sms_day":
        near = {0: f"今天 {hour}", 1: f"昨天 {hour}"}.get(days)
        return near or f"{_date(when, captured, '年月')}星期{_DAYS[when.weekday()]} {hour}"
    if style == "ios":
        near = {0: f"今天 {hour}", 1: f"昨天 {hour}"}.get(days)
        far = f"{when.month}月{when.day}日 周{_DAYS[when.weekday()]} {hour}"
        if when.year != captured.year:
            far = f"{when.year}年{far}"
        return near or (f"星期{_DAYS[when.weekday()]} {hour}" if days < 7 else far)
    if style == "whatsapp":
        near = {0: "今天", 1: "昨天"}.get(days)
        return near or (f"星期{_DAYS[when.weekday()]}" if days < 7 else f"{when.year}年{when.month}月{when.day}日")
    if style == "alipay":
        if timedelta(0) <= captured - when < timedelta(minutes=1):
            return "刚刚"
        return {0: hour, 1: f"昨天 {hour}"}.get(days) or f"{_date(when, captured, '-')} {hour}"
    if style == "dingtalk":
        return {0: hour, 1: f"昨天 {hour}"}.get(days) or f"{_date(when, captured, '年月')} {hour}"
    raise ValueError(style)


def _near(days: int, hour: str, when: datetime, week: str) -> str | None:
    if days == 0:
        return hour
    if days == 1:
        return f"昨天 {hour}"
    return f"{week}{_DAYS[when.weekday()]} {hour}" if days < 7 else None


def _date(when: datetime, captured: datetime, style: str) -> str:
    same = when.year == captured.year
    if style == "年月":
        return f"{'' if same else f'{when.year}年'}{when.month}月{when.day}日"
    if style == "/":
        return f"{when.month}/{when.day}" if same else f"{when.year}/{when.month}/{when.day}"
    return f"{when:%m-%d}" if same else f"{when:%Y-%m-%d}"
