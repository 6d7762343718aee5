"""What the names of call recordings say: one table of the makers' patterns (formats.md 2.1), tried in order.

A name is a claim: it may have been changed by anyone. Direction is stated by two makers only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePath

from evidence.models import Direction

_COPY = re.compile(r"(?:[ _-]?\(\d+\)|_副本|\s-\s副本|-\d)\Z")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_NUMBER = re.compile(r"\+?[\d *#()-]{3,}")
_DAY_TIME = r"(?P<d>\d{8})_(?P<t>\d{6})"


@dataclass(frozen=True, slots=True)
class NamePattern:
    """``maker`` is the id that goes into a record; ``precision_s`` what the name's time states."""

    maker: str
    regex: re.Pattern[str]
    precision_s: float = 1.0


def _pattern(maker: str, core: str, precision_s: float = 1.0) -> NamePattern:
    return NamePattern(maker, re.compile(core + r"\Z", re.DOTALL), precision_s)


_CALL_WORDS = "通话录音|通話錄音|Вызов|Call(?: ?recording)?"
PATTERNS: tuple[NamePattern, ...] = (
    _pattern(
        "miui",
        r"(?:(?P<pfx>[^@]{0,20})@)?(?P<name>[^()]*)\((?P<num>[^()]*)\)(?:_[^()]*\([^()]*\))*_(?P<ts>\d{14})",
    ),
    _pattern("miui-nonname", rf"(?P<pfx>{_CALL_WORDS})@(?P<num>[^()@_]+)_(?P<ts>\d{{14}})"),
    _pattern("huawei", r"(?P<name>[^@]*)@(?P<num>[^@_]+)_(?P<ts>\d{14})"),
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


def parse_name(file_name: str) -> NameClaim | None:
    """The first pattern of :data:`PATTERNS` that fits and gives a date that exists, or None.

    Marks that a file manager adds to copies (`` (1)``, ``_副本``) are removed only when the name as it is fits
    no pattern.
    """
    stem = _EXTENSION.sub("", PurePath(file_name.replace("\\", "/")).name)
    shortened = _COPY.sub("", stem)
    for candidate in dict.fromkeys((stem, shortened)):
        for pattern in PATTERNS:
            match = pattern.regex.match(candidate)
            claim = _claim(pattern, match.groupdict()) if match is not None else None
            if claim is not None:
                return claim
    return None


def _claim(pattern: NamePattern, found: dict[str, str | None]) -> NameClaim | None:
    wall, raw = _wall(found)
    if wall is None:
        return None
    number, name = _who(found)
    plus = pattern.maker.startswith("miui") and number is not None and number.startswith("00")
    direction = _ARROWS.get(found.get("arrow") or "")
    if found.get("dir") in ("in", "out"):
        direction = "in" if found["dir"] == "in" else "out"
    known = found.get("mo") is None
    return NameClaim(
        pattern.maker,
        wall,
        raw,
        pattern.precision_s,
        "+" + number[2:] if plus and number is not None else number,
        number,
        name,
        direction,
        found.get("app"),
        known,
    )


def _wall(found: dict[str, str | None]) -> tuple[datetime | None, str]:
    """The wall clock and the words it was read from. ``int`` also takes the digits of other scripts."""
    text, layout = "", ""
    if found.get("ts"):
        text, layout = found["ts"] or "", "%Y%m%d%H%M%S"
    elif found.get("minute"):
        text = found["minute"] or ""
        # Twelve digits with a full year: as yyMMddHHmmss they would give a 24th month and the like.
        layout = "%y%m%d%H%M" if len(text) == 10 else "%Y%m%d%H%M"
    elif found.get("dd"):
        text, layout = f"{found['dd']} {(found['tt'] or '').replace('.', '-')}", "%Y-%m-%d %H-%M-%S"
    elif found.get("d"):
        text, layout = f"{found['d']}{found['t']}", "%Y%m%d%H%M%S"
    elif found.get("d6"):
        text, layout = f"{found['d6']}{found['t']}", "%y%m%d%H%M%S"
    elif found.get("mo"):
        text, layout = f"2000{found['mo']}{found['da']}{found['h']}{found['mi']}", "%Y%m%d%H%M"
    try:
        wall = datetime.strptime("".join(_ascii(c) for c in text), layout)
    except ValueError:
        return None, ""
    fraction = (found.get("frac") or found.get("ms") or "").ljust(6, "0")
    wall = wall.replace(microsecond=int(fraction)) if fraction.strip("0") else wall
    offset = found.get("off")
    if offset is None:
        return wall, text if found.get("mo") is None else text[4:]
    return wall.replace(tzinfo=_zone(offset)), text + offset


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
