"""What the names of videos say: time, and where the video comes from (formats.md 7.1). A name is a claim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from evidence.formats.media.screens import CHANNELS, packages_by_md5
from evidence.models import Stamp, TimeHow
from evidence.times import local_stamp, to_utc_text

Means = Literal["start", "end", "saved", "taken"]

_FILM = r"\.(?:mp4|m4v|mov|3gpp?|3g2|mkv|webm|avi|wmv|ogv)\Z"
_COPY = re.compile(r"(?:[ _-]?\(\d{1,3}\)|_副本|\s-\s副本|\s-\sCopy|\scopy(?: \d+)?)(?=\.[A-Za-z0-9]{1,5}\Z)")
_DASHED = r"\d{4}(?:-\d\d){5}"
_PLAIN = r"\d{8}[-_]?\d{6}"


@dataclass(frozen=True, slots=True)
class VideoPattern:
    """``means`` is what the time in the name is the time of; of a screen recording it is not documented for most
    makers, which name the file when they begin to write it."""

    maker: str
    regex: re.Pattern[str]
    means: Means
    channel: str | None = None


def _pattern(maker: str, core: str, means: Means, channel: str | None = None) -> VideoPattern:
    return VideoPattern(maker, re.compile(core + _FILM, re.IGNORECASE), means, channel)


PATTERNS: tuple[VideoPattern, ...] = (
    _pattern("ios-screen", r"RPReplay_Final(?P<epoch>\d{10})", "end", "screen"),
    _pattern("ios-screen", r"ScreenRecording_(?P<us>\d\d-\d\d-\d{4} \d\d-\d\d-\d\d)(?:_\d+)?", "start", "screen"),
    _pattern("miui-screen", rf"Screenrecorder-(?P<dashed>{_DASHED}(?:-\d{{1,3}})?)", "start", "screen"),
    _pattern(
        "coloros-screen", rf"Record_(?P<dashed>{_DASHED}(?:-\d\d)?)(?:_(?P<md5>[0-9a-f]{{32}}))?", "start", "screen"
    ),
    _pattern("samsung-screen", rf"Screen_?Recording_(?P<plain>{_PLAIN})(?:_(?P<label>[^.]+))?", "start", "screen"),
    _pattern("huawei-screen", rf"SVID_(?P<plain>{_PLAIN})(?:_\d+)?", "start", "screen"),
    _pattern("aosp-screen", rf"screen-(?P<plain>{_PLAIN})(?:-\d+)?", "start", "screen"),
    _pattern("wechat-saved", r"mmexport(?:[0-9a-f]{32})?_?(?P<epoch>\d{13})?", "saved", "wechat"),
    _pattern("wechat-camera", r"(?:wx_camera_|microMsg\.)(?P<epoch>\d{13})", "taken", "wechat"),
    _pattern("wechat-pc", rf"(?:微信视频|WeChat)_?(?P<plain>{_PLAIN})(?:_\d+)*", "saved", "wechat"),
    _pattern("whatsapp", r"VID-(?P<day>\d{8})-WA\d+", "saved", "whatsapp"),
    _pattern("whatsapp", r"\d+-(?:VIDEO|GIF)-(?P<dashed>\d{4}(?:-\d\d){5})", "saved", "whatsapp"),
    _pattern("telegram", r"video_(?:\d+@)?(?P<european>\d\d-\d\d-\d{4}_\d\d-\d\d-\d\d)", "saved", "telegram"),
    _pattern("telegram", r"video_(?P<underscored>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)", "saved", "telegram"),
    _pattern("camera", rf"(?:VID|PXL|video|MVIMG)_(?P<plain>{_PLAIN})\d{{0,3}}(?:[_~.-][^.]*)?", "taken", "video"),
    _pattern("iphone", r"IMG_E?\d{4,}", "taken"),
)
_LAYOUTS = {
    "us": "%m-%d-%Y %H-%M-%S",
    "european": "%d-%m-%Y_%H-%M-%S",
    "underscored": "%Y-%m-%d_%H-%M-%S",
    "day": "%Y%m%d",
}


@dataclass(frozen=True, slots=True)
class VideoClaim:
    """What a name claims. ``wall`` is a local clock, ``instant`` a time in UTC; both None when the name gives none."""

    maker: str
    means: Means
    channel: str | None = None
    package: str | None = None
    label: str | None = None
    wall: datetime | None = None
    instant: datetime | None = None
    raw: str = ""
    precision_s: float = 1.0

    def stamp(self, zone: ZoneInfo) -> Stamp | None:
        """The time of the name, its wall clock read in ``zone``."""
        if self.instant is not None:
            return Stamp(to_utc_text(self.instant), self.raw, "filename", "epoch_utc", None, self.precision_s)
        if self.wall is None:
            return None
        how: TimeHow = "date_only" if self.precision_s > 60 else "local_assumed"
        return local_stamp(self.wall, zone, self.raw, "filename", self.precision_s, how)


def parse_video_name(file_name: str) -> VideoClaim | None:
    """The first pattern of :data:`PATTERNS` that fits, or None. A date that does not exist fits no pattern."""
    for candidate in dict.fromkeys((file_name, _COPY.sub("", file_name))):
        for pattern in PATTERNS:
            match = pattern.regex.match(candidate)
            claim = _claim(pattern, match.groupdict()) if match is not None else None
            if claim is not None:
                return claim
    return None


def _claim(pattern: VideoPattern, found: Mapping[str, str | None]) -> VideoClaim | None:
    md5 = (found.get("md5") or "").lower()
    package = packages_by_md5().get(md5) if md5 else None
    channel = CHANNELS.get(package or "") or pattern.channel
    group, raw = next(((key, text) for key, text in found.items() if text and key not in ("md5", "label")), ("", ""))
    wall: datetime | None = None
    instant: datetime | None = None
    precision = 1.0
    try:
        digits = "".join(str(int(c)) if c.isdecimal() else c for c in raw)
        if group == "epoch":
            unit, precision = (1000, 0.001) if len(digits) == 13 else (1, 1.0)
            instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(digits) / unit)
        elif group == "plain":
            wall = datetime.strptime("".join(c for c in digits if c.isdigit()), "%Y%m%d%H%M%S")
        elif group == "dashed":
            wall, precision = _dashed(digits)
        elif group:
            wall, precision = datetime.strptime(digits, _LAYOUTS[group]), 86400.0 if group == "day" else 1.0
    except (ValueError, OverflowError):
        return None
    return VideoClaim(pattern.maker, pattern.means, channel, package, found.get("label"), wall, instant, raw, precision)


def _dashed(text: str) -> tuple[datetime, float]:
    """Six numbers and perhaps a fraction of a second, whose width tells its unit."""
    wall, rest = datetime.strptime(text[:19], "%Y-%m-%d-%H-%M-%S"), text[20:]
    if not rest:
        return wall, 1.0
    return wall.replace(microsecond=int(rest) * 10 ** (6 - len(rest))), 10.0 ** -len(rest)
