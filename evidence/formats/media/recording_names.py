"""What the names of call recordings say: one table of the makers' patterns (formats.md 2.1), tried in order.

A name is a claim: it may have been changed by anyone. Direction is stated by two makers only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePath

from evidence.models import Direction

_COPY = re.compile(r"(?:[ _-]?\(\d{1,3}\)|_副本|\s-\s副本| ?的?副本|\s-\sCopy|\scopy(?: \d+)?|-\d)\Z")
_COPIES = 3  # a copy of a copy of a copy
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_NUMBER = re.compile(r"\+?[\d *#()-]{3,}")
_MIUI_OTHER = re.compile(r"_([^()]*)\(([^()]*)\)")
_MIUI_LONGEST = 50  # characters; a longer contact name is cut by the phone
_DAY_TIME = r"(?P<d>\d{8})_(?P<t>\d{6})"


@dataclass(frozen=True, slots=True)
class NamePattern:
    """``maker`` is the id that goes into a record; ``precision_s`` what the name's time states.

    ``generic`` patterns also fit names that other programs give; ``open_end`` ones end in free text, into which the
    mark of a copy would fall.
    """

    maker: str
    regex: re.Pattern[str]
    precision_s: float = 1.0
    generic: bool = False
    open_end: bool = False


_GENERIC = frozenset(("huawei-num", "any14", "coloros", "vivo"))
_OPEN_END = frozenset(("grapheneos", "bcr", "lg", "cube-acr", "axet"))


def _pattern(maker: str, core: str, precision_s: float = 1.0) -> NamePattern:
    regex = re.compile(core + r"\Z", re.DOTALL)
    return NamePattern(maker, regex, precision_s, maker in _GENERIC, maker in _OPEN_END)


_CALL_WORDS = "通话录音|通話錄音|Вызов|Call(?: ?recording)?"
PATTERNS: tuple[NamePattern, ...] = (
    _pattern(
        "miui",
        r"(?:(?P<pfx>[^@]{0,20})@)?(?P<name>[^()]*)\((?P<num>[^()]*)\)(?P<more>(?:_[^()]*\([^()]*\))*)"
        r"_(?P<ts>\d{14})",
    ),
    _pattern("miui-nonname", rf"(?P<pfx>{_CALL_WORDS})@(?P<num>[^()@_]+)_(?P<ts>\d{{14}})"),
    _pattern("huawei", r"(?P<name>.*)@(?P<num>[^@_]+)_(?P<ts>\d{14})"),
    _pattern("huawei-num", r"(?P<num>\+?[\d *#-]{3,})_(?P<ts>\d{14})"),
    _pattern("any14", r"(?P<name>.+?)_(?P<ts>\d{14})"),
    _pattern("grapheneos", r"CallRecord_(?P<d>\d{8})-(?P<t>\d{6})_(?P<who>.+?)"),
    _pattern(
        "bcr",
        _DAY_TIME
        + r"(?:\.(?P<frac>\d{1,6}))?(?P<off>Z|[+-]\d{4})(?:_(?P<dir>in|out|conference))?(?:_sim(?P<sim>\d))?"
        + r"(?:_(?P<num>\+?[\d*#]+))?(?:_(?P<name>.+?))?",
    ),
    _pattern(
        "samsung",
        r"(?P<pfx>Call recording|通话录音|通話錄音|통화 녹음) (?P<who>.+?)_(?P<d6>\d{6})_(?P<t>\d{6})(?:_\d+)?",
    ),
    _pattern("lineage", r"(?P<num>\+?\d{3,})_(?P<d6>\d{6})_(?P<t>\d{6})(?P<ms>\d{3})?"),
    _pattern("lg", r"[01]d(?P<ts>\d{14})p(?P<num>.+?)"),
    _pattern("coloros", r"(?P<who>.+)-(?P<minute>\d{12}|\d{10})", 60.0),
    _pattern(
        "cube-acr",
        r"(?P<dd>\d{4}-\d\d-\d\d) (?P<tt>\d\d-\d\d-\d\d) \((?P<app>[^)]+)\) (?P<name>.*?)"
        r"(?: \((?P<num>[+\d ()*#-]+)\))?(?: (?P<arrow>[↗↙]))?",
    ),
    _pattern("vivo", r"(?P<who>.+?) (?P<dd>\d{4}-\d\d-\d\d) (?P<tt>\d\d-\d\d-\d\d)"),
    _pattern("axet", r"(?P<dd>\d{4}-\d\d-\d\d) (?P<tt>\d\d\.\d\d\.\d\d) (?P<arrow>[↑↓])(?: (?P<who>.+))?"),
    _pattern("lenovo", r"(?P<who>[^_]+)_通话_(?P<mo>\d\d)月(?P<da>\d\d)日_(?P<h>\d\d)点(?P<mi>\d\d)分", 60.0),
)
_ARROWS: dict[str, Direction] = {"↗": "out", "↑": "out", "↙": "in", "↓": "in"}


@dataclass(frozen=True, slots=True)
class NameClaim:
    """What a name claims. ``wall`` knows its zone only where the name states an offset.

    ``number`` has MIUI's ``00`` undone to ``+``; ``number_raw`` is as it stands in the name.
    ``year_known`` is False when the name gives no year (``wall`` then has the year 2000, a leap year).
    ``others`` are the further (name, number) of a conference call; ``conference`` is also set where only the word
    stands there. ``sim`` is the slot as written. ``name_cut``: the phone may have cut the name. ``generic``: the
    pattern also fits names that are of no call.
    """

    maker: str
    wall: datetime
    raw: str
    precision_s: float = 1.0
    number: str | None = None
    number_raw: str | None = None
    name: str | None = None
    direction: Direction | None = None
    app: str | None = None
    year_known: bool = True
    others: tuple[tuple[str | None, str | None], ...] = ()
    conference: bool = False
    sim: str | None = None
    name_cut: bool = False
    generic: bool = False


def parse_name(file_name: str) -> NameClaim | None:
    """The first pattern of :data:`PATTERNS` that fits and gives a date that exists, or None.

    Marks that a file manager adds to copies (`` (1)``, ``_副本``) are removed only when the name as it is fits
    no pattern.
    """
    stem = _EXTENSION.sub("", PurePath(file_name.replace("\\", "/")).name)
    shortened = _without_copy(stem)
    for candidate in dict.fromkeys((stem, shortened)):
        for pattern in PATTERNS:
            match = pattern.regex.match(candidate)
            if match is not None and pattern.open_end and candidate != shortened:
                match = pattern.regex.match(shortened) or match
            claim = _claim(pattern, match.groupdict(), candidate) if match is not None else None
            if claim is not None:
                return claim
    return None


def _without_copy(stem: str) -> str:
    for _time in range(_COPIES):
        stem = _COPY.sub("", stem)
    return stem


def _claim(pattern: NamePattern, found: dict[str, str | None], stem: str) -> NameClaim | None:
    wall, raw, precision = _wall(found)
    if wall is None:
        return None
    number, name = _who(found)
    miui = pattern.maker.startswith("miui")
    direction = _ARROWS.get(found.get("arrow") or "")
    if found.get("dir") in ("in", "out"):
        direction = "in" if found["dir"] == "in" else "out"
    others = tuple(_who({"name": one[0], "num": one[1]}) for one in _MIUI_OTHER.findall(found.get("more") or ""))
    return NameClaim(
        pattern.maker,
        wall,
        raw,
        precision or pattern.precision_s,
        _plain_number(number, miui),
        number,
        name,
        direction,
        found.get("app"),
        found.get("mo") is None,
        tuple((who, _plain_number(dialled, miui)) for dialled, who in others),
        bool(others) or found.get("dir") == "conference",
        found.get("sim"),
        miui and len(stem) >= _MIUI_LONGEST and name is not None,
        pattern.generic,
    )


def _plain_number(number: str | None, miui: bool) -> str | None:
    """Digits of any script as ASCII; MIUI writes ``+`` as ``00``."""
    if number is None:
        return None
    plain = "".join(_ascii(c) for c in number)
    return "+" + plain[2:] if miui and plain.startswith("00") else plain


_LAYOUTS: tuple[tuple[str, int, str, float | None], ...] = (
    ("ts", 14, "%Y%m%d%H%M%S", None),
    ("minute", 10, "%y%m%d%H%M", None),
    ("minute", 12, "%Y%m%d%H%M", None),
    ("minute", 12, "%y%m%d%H%M%S", 1.0),  # reached only where the digits above give no date
    ("dd", 18, "%Y-%m-%d%H-%M-%S", None),
    ("d", 14, "%Y%m%d%H%M%S", None),
    ("d6", 12, "%y%m%d%H%M%S", None),
    ("mo", 12, "%Y%m%d%H%M", None),
)


def _wall(found: dict[str, str | None]) -> tuple[datetime | None, str, float | None]:
    """(wall clock, the words it was read from, its precision when it is not the pattern's)."""
    text = found.get("ts") or found.get("minute") or f"{found.get('dd') or found.get('d') or found.get('d6') or ''}"
    if found.get("mo"):
        text = f"2000{found['mo']}{found['da']}{found['h']}{found['mi']}"
    shown = f"{text} {found['tt']}" if found.get("dd") else text + (found.get("t") or "")
    digits = "".join(_ascii(c) for c in shown if c != " ").replace(".", "-")
    wall, precision = None, None
    for group, length, layout, narrower in _LAYOUTS:
        if found.get(group) and len(digits) == length:
            try:
                wall, precision = datetime.strptime(digits, layout), narrower
                break
            except ValueError:
                continue
    if wall is None:
        return None, "", None
    fraction = "".join(_ascii(c) for c in found.get("frac") or found.get("ms") or "").ljust(6, "0")
    wall = wall.replace(microsecond=int(fraction)) if fraction.strip("0") else wall
    offset = found.get("off")
    if offset is None:
        return wall, shown if found.get("mo") is None else shown[4:], precision
    return wall.replace(tzinfo=_zone("".join(_ascii(c) for c in offset))), shown + offset, precision


def _ascii(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5])))


def _who(found: dict[str, str | None]) -> tuple[str | None, str | None]:
    """(number, name). A word in the number's place is a name."""
    number = (found.get("num") or "").strip() or None
    name = (found.get("name") or "").strip() or None
    who = (found.get("who") or "").strip()
    if who:
        number, name = (who, name) if _NUMBER.fullmatch(who) else (None, who)
    if number == "null":
        number = None
    if number is not None and not any(c.isdecimal() for c in number):
        name, number = name or number, None
    if name is not None and (name == number or (number is not None and _digits(name) == _digits(number))):
        name = None
    return number, name


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal()) if _NUMBER.fullmatch(text) else text
