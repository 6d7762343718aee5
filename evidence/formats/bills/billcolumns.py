"""Which column of a carrier's itemised bill means what: by header words, and by values where a word is used twice.

No carrier publishes its layout. The words are those of real exports (formats.md section 4); ``通话类型`` is the
direction in one of them and ``本地``/``长途`` in another, so directions are recognised by what stands below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from evidence.formats.tables.cells import Cell, Unit, seconds_of, text_of
from evidence.formats.tables.celltimes import read_clock, read_wall
from evidence.models import Direction

TIME = {
    "起始时间", "通话起始时间", "开始时间", "通话时间", "通话开始时间", "呼叫时间", "发送时间", "通信时间",
    "通信开始时间", "收发时间", "短信时间", "发生时间", "业务发生时间", "通话日期时间", "日期时间",
    "起始日期时间", "呼叫开始时间", "通讯时间", "通话日期", "起始日期", "日期", "时间", "发送日期", "接收时间",
    "通话起始日期",
}  # fmt: skip
PEER = {
    "对方号码", "对端号码", "通话号码", "对方电话", "对方电话号码", "对方手机号码", "对方手机号", "通信号码",
    "对方通话号码", "对方用户号码", "通话对方号码", "收发号码", "通讯号码", "对方",
}  # fmt: skip
CALLER = {"主叫号码", "主叫impu", "主叫电话", "主叫电话号码", "发送号码", "发送方号码"}
CALLEE = {"被叫号码", "被叫impu", "被叫电话", "被叫电话号码", "接收号码", "接收方号码"}
OWN = {"本机号码", "计费号码", "用户号码", "业务号码", "服务号码", "手机号码", "本机", "主叫impu"}
DIRECTION = {
    "呼叫类型", "通信方式", "通话类型", "主被叫", "通话方式", "通信类型", "收发类型", "呼叫方式", "主叫/被叫",
    "主被叫类型", "呼叫标识", "短信类型", "收发方式", "传送方式", "方向", "通话状态", "通讯类型", "通讯方式",
    "呼叫状态", "业务类型", "主被叫标识", "收发标识", "信息类型",
}  # fmt: skip
DURATION = {
    "通话时长", "通信时长", "时长", "通话长度", "总时长", "计费时长", "通讯时长", "通话时间", "通话持续时间",
    "持续时间",
}  # fmt: skip
PLACE = {
    "通信地点", "通话地点", "通话地", "本机通话地", "话单位置", "对方归属地", "漫游地", "通讯地点", "使用地点",
    "呼叫地点", "通话所在地", "拜访地", "归属地", "通话位置", "漫游地点",
}  # fmt: skip
KINDS = {
    "业务类型", "长途类型", "漫游类型", "通信类型", "信息类型", "业务名称", "套餐优惠", "网络类型", "漫游状态",
    "话单类型",
}  # fmt: skip
_FEE = re.compile(r"费|金额|小计|合计|实收|应收|优惠|减免")
_TRAFFIC = re.compile(r"流量|上网")
_UNITS: dict[str, Unit] = {"秒": "s", "分": "min", "分钟": "min", "s": "s", "min": "min", "小时": "h"}
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]$")
SAMPLE_ROWS = 200

_OUT_WORDS = (
    "主叫", "主", "拨出", "呼出", "去电", "已拨", "拨打", "发送", "发", "发出", "上行", "国内发", "国际发",
    "发信", "点对点发", "mo", "始发", "已发送", "发件",
)  # fmt: skip
_IN_WORDS = (
    "被叫", "被", "拨入", "呼入", "来电", "接听", "已接", "接收", "收", "收到", "下行", "国内收", "国际收",
    "收信", "点对点收", "mt", "已接收", "收件",
)  # fmt: skip
_EXACT: Mapping[str, Direction] = {**dict.fromkeys(_OUT_WORDS, "out"), **dict.fromkeys(_IN_WORDS, "in")}
_OUT, _IN = (
    re.compile(r"主叫|呼出|拨出|去电|发送|发出|发件|上行|国内发|国际发"),
    re.compile(r"被叫|呼入|来电|接收|收件|下行|国内收|国际收"),
)
_FORWARD = re.compile(r"转移|呼转|前转|转接")
_SMS = re.compile(r"短信|彩信|短彩信|短/彩信|点对点|短消息")
_HIDDEN = re.compile(r"[*\uff0axX×]")
_NUMBER = re.compile(r"\+?[0-9#]{2,24}")


@dataclass(frozen=True, slots=True)
class Layout:
    """Column indexes (None: there is no such column). ``direction`` None means that the bill tells none.

    ``date`` is set where day and clock stand in two columns. ``keep`` names every column for a record's extras.
    """

    names: tuple[str, ...]
    time: int
    date: int | None = None
    peer: int | None = None
    caller: int | None = None
    callee: int | None = None
    own: int | None = None
    direction: int | None = None
    duration: int | None = None
    unit: Unit | None = None
    fees: tuple[int, ...] = ()


def key_of(cell: Cell) -> tuple[str, Unit | None]:
    """A header cell in the form that is compared, and the unit named in its brackets."""
    text = "".join(unicodedata.normalize("NFKC", text_of(cell)).split()).lower().replace("“", "").replace("”", "")
    match = _BRACKETS.search(text)
    return (text[: match.start()], _UNITS.get(match[1])) if match is not None else (text, None)


def is_header(cells: Sequence[Cell], titled: bool = False) -> bool:
    """Whether a row names the columns of a bill: three known words, a time and a number or direction among them.

    A plain call log says as much; so a place, a charge or a kind of service must be named too, or the title
    (``titled``) must call it a bill.
    """
    if not 3 <= len(cells) <= 60 or not may_be_header(cells):
        return False
    keys = {key_of(cell)[0] for cell in cells if isinstance(cell, str) and len(cell) <= 40}
    sides = keys & PEER or keys & DIRECTION or (keys & CALLER and keys & CALLEE)
    groups = (TIME, PEER, DIRECTION, DURATION, PLACE, CALLER, CALLEE, KINDS)
    known = keys & set().union(*groups)
    if not keys & TIME or not sides or len(known) + any(map(_FEE.search, keys - known)) < 3:
        return False
    return titled or bool(keys & PLACE or keys & (KINDS - {"业务名称"}) or any(map(_FEE.search, keys)))


def may_be_header(cells: Sequence[Cell]) -> bool:
    """Every name of a column of times holds one of two words: asked of every row of a bill, so it must be quick."""
    return any(isinstance(cell, str) and ("时间" in cell or "日期" in cell) for cell in cells)


def is_traffic_header(cells: Sequence[Cell]) -> bool:
    """Whether a row names the columns of a list of data traffic: no calls, no messages."""
    if not may_be_header(cells):
        return False
    keys = {key_of(cell)[0] for cell in cells if isinstance(cell, str) and len(cell) <= 40}
    return len(keys) >= 3 and bool(keys & TIME) and not keys & PEER and any(map(_TRAFFIC.search, keys))


@lru_cache(maxsize=1024)
def direction_of(cell: Cell) -> tuple[Direction | None, bool]:
    """(direction, whether the cell speaks of one). A forwarded call is neither plainly in nor out."""
    text = text_of(cell).replace(" ", "").lower()
    if text in _EXACT:
        return _EXACT[text], True
    if _FORWARD.search(text):
        return None, True
    out, into = _OUT.search(text) is not None, _IN.search(text) is not None
    return (("out" if out else "in"), True) if out != into else (None, False)


@lru_cache(maxsize=1024)
def is_forwarded(cell: Cell) -> bool:
    """Whether the cell says that the call was passed on to another number."""
    return _FORWARD.search(text_of(cell)) is not None


def speaks_of_messages(texts: Sequence[str]) -> bool:
    """Whether titles, headers or kinds of service are those of short messages."""
    return any(_SMS.search(text) for text in texts)


def is_number(text: str) -> bool:
    """Whether a number stands there in full: not hidden, not a word, not the header once more."""
    return not _HIDDEN.search(text) and _NUMBER.fullmatch(re.sub(r"[\s\-()]", "", text)) is not None


def settle(header: Sequence[Cell], sample: Sequence[Sequence[Cell]]) -> Layout:
    """The layout of a bill, by its header row (:func:`is_header`) and the first rows below."""
    keys = [key_of(cell) for cell in header]
    found = {
        name: [i for i, (key, _unit) in enumerate(keys) if key in words]
        for name, words in (("time", TIME), ("direction", DIRECTION), ("duration", DURATION), ("peer", PEER))
    }
    time, date = _time_columns(found["time"], sample)
    direction = _best(found["direction"], sample, _speaks_of_direction)
    lengths = [i for i in found["duration"] if i not in (time, date)]
    lengths.sort(key=lambda i: keys[i][1] == "min")  # whole minutes only where there is nothing better
    duration = _best(lengths, sample, lambda cell: float(seconds_of(cell, "s") is not None))
    caller, callee = _first(keys, CALLER), _first(keys, CALLEE)
    return Layout(
        names=_names(header),
        time=time,
        date=date,
        peer=found["peer"][0] if found["peer"] else None,
        caller=caller if callee is not None else None,
        callee=callee,
        own=_first(keys, OWN),
        direction=direction,
        duration=duration,
        unit=keys[duration][1] if duration is not None else None,
        fees=tuple(i for i, (key, _unit) in enumerate(keys) if _FEE.search(key)),
    )


def _time_columns(columns: list[int], sample: Sequence[Sequence[Cell]]) -> tuple[int, int | None]:
    """(column of the time, column of its day where that is another one)."""
    whole = _best(columns, sample, _speaks_of_moment)
    if whole is None:
        return columns[0], None
    if all(_speaks_of_moment(cell) < 1 for cell in _column(whole, sample)):
        clock = _best([i for i in columns if i != whole], sample, lambda cell: float(read_clock(cell) is not None))
        if clock is not None:
            return clock, whole
    return whole, None


def _speaks_of_moment(cell: Cell) -> float:
    wall = read_wall(cell)
    return 0.0 if wall is None else 1.0 if wall.clock is not None else 0.5


def _speaks_of_direction(cell: Cell) -> float:
    exact = text_of(cell).replace(" ", "").lower() in _EXACT
    return 1.0 if exact else 0.5 if direction_of(cell)[1] else 0.0


def _column(index: int, sample: Sequence[Sequence[Cell]]) -> list[Cell]:
    return [cells[index] for cells in sample if index < len(cells) and cells[index] != ""]


def _best(columns: list[int], sample: Sequence[Sequence[Cell]], score: Callable[[Cell], float]) -> int | None:
    """The first column with the highest sum of scores; None when all are 0."""
    scores = [sum(map(score, _column(index, sample))) for index in columns]
    best = max(scores, default=0.0)
    return columns[scores.index(best)] if best > 0 else None


def _first(keys: Sequence[tuple[str, Unit | None]], words: set[str]) -> int | None:
    return next((i for i, (key, _unit) in enumerate(keys) if key in words), None)


def _names(header: Sequence[Cell]) -> tuple[str, ...]:
    """One name per column; the second of a pair gets a number, one without a name its place."""
    names: list[str] = []
    for i, cell in enumerate(header):
        name = text_of(cell) or f"#{i + 1}"
        copies = sum(1 for n in names if n == name or n.startswith(f"{name} ("))
        names.append(f"{name} ({copies + 1})" if copies else name)
    return tuple(names)


Operator = Literal["china_mobile", "china_unicom", "china_telecom"]
_OPERATORS: tuple[tuple[str, Operator], ...] = (
    ("中国移动", "china_mobile"), ("移动通信集团", "china_mobile"), ("10086", "china_mobile"),
    ("中国联通", "china_unicom"), ("联合网络通信", "china_unicom"), ("10010", "china_unicom"),
    ("中国电信", "china_telecom"), ("10000号", "china_telecom"),
)  # fmt: skip
_LAYOUTS: tuple[tuple[set[str], Operator], ...] = (
    ({"起始时间", "通信地点", "通信方式"}, "china_mobile"),
    ({"业务类型", "呼叫类型", "其他费", "小计"}, "china_unicom"),
    ({"呼叫类型", "通话类型", "通话地点", "开始时间"}, "china_telecom"),
    ({"业务类型", "收发类型", "发送时间"}, "china_telecom"),
)


def operator_of(titles: Sequence[str], header: Sequence[Cell]) -> tuple[Operator, str] | None:
    """(carrier, ``named`` in the titles or ``layout``: known by its columns only)."""
    for word, operator in _OPERATORS:
        if any(word in title for title in titles):
            return operator, "named"
    keys = {key_of(cell)[0] for cell in header}
    return next(((operator, "layout") for words, operator in _LAYOUTS if words <= keys), None)
