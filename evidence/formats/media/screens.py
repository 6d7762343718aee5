"""What the names of screenshots and saved pictures say: time, and the app that was on the screen (formats.md 7.1).

A name is a claim, and lost as soon as the picture has been sent through a messenger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

from evidence.models import TimeHow

# Package name -> channel of a record made from a picture of that app.
CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "com.tencent.mm": "wechat",
        "com.tencent.mobileqq": "qq",
        "com.tencent.tim": "qq",
        "com.tencent.wework": "wework",
        "com.android.mms": "sms",
        "com.android.mms.service": "sms",
        "com.google.android.apps.messaging": "sms",
        "com.samsung.android.messaging": "sms",
        "com.hihonor.mms": "sms",
        "com.oneplus.mms": "sms",
        "com.android.contacts": "phone",
        "com.android.incallui": "phone",
        "com.android.dialer": "phone",
        "com.android.server.telecom": "phone",
        "com.google.android.dialer": "phone",
        "com.samsung.android.dialer": "phone",
        "com.samsung.android.incallui": "phone",
        "com.huawei.contacts": "phone",
        "com.hihonor.contacts": "phone",
        "com.alibaba.android.rimet": "dingtalk",
        "com.eg.android.AlipayGphone": "alipay",
        "com.whatsapp": "whatsapp",
        "com.ss.android.ugc.aweme": "douyin",
        "com.xingin.xhs": "xiaohongshu",
        "com.sina.weibo": "weibo",
        "com.google.android.gm": "email",
        "com.tencent.androidqqmail": "email",
        "com.netease.mobimail": "email",
    }
)
# Samsung writes the app's label in the phone's language.
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "wechat": "wechat",
        "微信": "wechat",
        "qq": "qq",
        "企业微信": "wework",
        "messages": "sms",
        "信息": "sms",
        "短信": "sms",
        "phone": "phone",
        "电话": "phone",
        "通话": "phone",
        "alipay": "alipay",
        "支付宝": "alipay",
        "dingtalk": "dingtalk",
        "钉钉": "dingtalk",
        "whatsapp": "whatsapp",
        "抖音": "douyin",
        "微博": "weibo",
    }
)
_PICTURE = r"\.(?:jpe?g|png|webp|gif|bmp|heic|heif)\Z"
_DASHED = r"\d{4}(?:-\d\d){5}"
_COPY = re.compile(r"(?:[ _-]?\(\d+\)|_副本|\s-\s副本)(?=\.[A-Za-z0-9]{1,5}\Z)")


@dataclass(frozen=True, slots=True)
class ScreenPattern:
    """``means``: what the time is that of (``taken``, or ``saved`` from a messenger). ``photo``: a camera's name."""

    maker: str
    regex: re.Pattern[str]
    means: str = "taken"
    channel: str | None = None


def _pattern(maker: str, core: str, means: str = "taken", channel: str | None = None) -> ScreenPattern:
    return ScreenPattern(maker, re.compile(core, re.IGNORECASE), means, channel)


_APP = r"(?P<package>[A-Za-z]\w*(?:\.\w+)+)"
PATTERNS: tuple[ScreenPattern, ...] = (
    _pattern("miui", rf"^Screenshot_(?P<dashed>{_DASHED}-\d{{3}})_{_APP}{_PICTURE}"),
    _pattern("coloros", rf"^Screenshot_(?P<dashed>{_DASHED}(?:-\d\d)?)_(?P<md5>[0-9a-f]{{32}}){_PICTURE}"),
    _pattern("huawei", rf"^Screenshot_(?P<plain>\d{{8}}_\d{{6}})_{_APP}{_PICTURE}"),
    _pattern("samsung", rf"^Screenshot_(?P<plain>\d{{8}}_\d{{6}})_(?P<label>[^.]+){_PICTURE}"),
    _pattern("aosp", rf"^Screenshot_(?:(?P<plain>\d{{8}}[-_]\d{{6}})|(?P<dashed>{_DASHED}(?:-\d{{2,3}})?)){_PICTURE}"),
    _pattern("generic-epoch", rf"^screenshot_(?P<epoch>\d{{13}}){_PICTURE}"),
    _pattern("wechat-saved", rf"^mmexport(?:[0-9a-f]{{32}})?_?(?P<epoch>\d{{13}})?{_PICTURE}", "saved", "wechat"),
    _pattern("wechat-camera", rf"^(?:wx_camera_|microMsg\.)(?P<epoch>\d{{13}}){_PICTURE}", "taken", "wechat"),
    _pattern("wechat-pc", rf"^微信(?:图片|截图)_(?P<plain>\d{{14}})(?:_\d+)*{_PICTURE}", "saved", "wechat"),
    _pattern("iphone", rf"^IMG_\d{{4,}}{_PICTURE}", "none"),
    _pattern(
        "camera", rf"^(?:IMG|PXL)_(?P<plain>\d{{8}}_\d{{6}})\d{{0,3}}(?:[_~.-][^.]*)?{_PICTURE}", "taken", "photo"
    ),
)


@dataclass(frozen=True, slots=True)
class ScreenClaim:
    """What a picture's name claims. ``instant`` is set for names with an epoch, ``wall`` for those with a clock.

    ``package`` is the app on the screen, None also when its fingerprint is not in the table (``md5`` keeps it).
    """

    maker: str
    channel: str | None = None
    package: str | None = None
    label: str | None = None
    md5: str | None = None
    wall: datetime | None = None
    instant: datetime | None = None
    raw: str = ""
    means: str = "taken"
    precision_s: float = 1.0
    how: TimeHow = "none"


@cache
def packages_by_md5() -> Mapping[str, str]:
    """MD5 of a package name, as OPPO's family writes it, to the package name."""
    return MappingProxyType({hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(): name for name in CHANNELS})


def parse_screen_name(file_name: str) -> ScreenClaim | None:
    """The first pattern of :data:`PATTERNS` that fits, or None. A date that does not exist fits no pattern."""
    for candidate in dict.fromkeys((file_name, _COPY.sub("", file_name))):
        for pattern in PATTERNS:
            match = pattern.regex.match(candidate)
            claim = _claim(pattern, match.groupdict()) if match is not None else None
            if claim is not None:
                return claim
    return None


def _claim(pattern: ScreenPattern, found: Mapping[str, str | None]) -> ScreenClaim | None:
    md5 = (found.get("md5") or "").lower() or None
    package = found.get("package") or (packages_by_md5().get(md5) if md5 else None)
    label = found.get("label")
    channel = pattern.channel or CHANNELS.get(package or "") or _LABELS.get((label or "").lower())
    base = ScreenClaim(pattern.maker, channel, package, label, md5, means=pattern.means)
    try:
        return _with_time(base, found)
    except (ValueError, OverflowError):
        return None


def _with_time(claim: ScreenClaim, found: Mapping[str, str | None]) -> ScreenClaim:
    wall: datetime | None = None
    instant: datetime | None = None
    precision, how, raw = 1.0, "none", ""
    if found.get("epoch"):
        raw, precision, how = found["epoch"] or "", 0.001, "epoch_utc"
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(raw))
    elif found.get("plain"):
        raw, how = found["plain"] or "", "local_assumed"
        digits = "".join(str(int(c)) for c in raw if c.isdecimal())
        wall = datetime.strptime(digits, "%Y%m%d%H%M%S")
    elif found.get("dashed"):
        raw, how = found["dashed"] or "", "local_assumed"
        parts = [int(part) for part in raw.split("-")]
        wall = datetime.strptime(raw[:19], "%Y-%m-%d-%H-%M-%S")
        if len(parts) > 6:
            places = len(raw.rsplit("-", 1)[1])
            wall, precision = wall.replace(microsecond=parts[6] * 10 ** (6 - places)), 10.0**-places
    return ScreenClaim(
        claim.maker,
        claim.channel,
        claim.package,
        claim.label,
        claim.md5,
        wall,
        instant,
        raw,
        claim.means if raw else "none",
        precision,
        _HOWS[how],
    )


_HOWS: Mapping[str, TimeHow] = {"none": "none", "epoch_utc": "epoch_utc", "local_assumed": "local_assumed"}
