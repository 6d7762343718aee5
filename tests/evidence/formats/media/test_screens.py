"""Names of screenshots and saved pictures."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.media.screens import CHANNELS, PATTERNS, packages_by_md5, parse_screen_name

MD5 = hashlib.md5(b"com.tencent.mm", usedforsecurity=False).hexdigest()
CASES = [
    ("Screenshot_2026-04-27-15-38-40-918_com.tencent.mm.jpg", "miui", "wechat", "com.tencent.mm", 918000),
    (f"Screenshot_2026-04-27-15-38-40-30_{MD5}.jpg", "coloros", "wechat", "com.tencent.mm", 300000),
    ("Screenshot_2026-04-27-15-38-40_" + "0" * 32 + ".png", "coloros", None, None, 0),
    (
        "Screenshot_20260427_153840_com.eg.android.AlipayGphone.jpg",
        "huawei",
        "alipay",
        "com.eg.android.AlipayGphone",
        0,
    ),
    ("Screenshot_20260427_153840_信息.png", "samsung", "sms", None, 0),
    ("Screenshot_20260427_153840_Unheard Of.png", "samsung", None, None, 0),
    ("Screenshot_20260427-153840.png", "aosp", None, None, 0),
    ("Screenshot_2026-04-27-15-38-40-12.png", "aosp", None, None, 120000),
    ("微信图片_20260427153840_921_3.jpg", "wechat-pc", "wechat", None, 0),
    ("微信截图_20260427153840.png", "wechat-pc", "wechat", None, 0),
    ("IMG_20260427_153840.jpg", "camera", "photo", None, 0),
    ("PXL_20260427_153840123.MP.jpg", "camera", "photo", None, 0),
]


@pytest.mark.parametrize(("name", "maker", "channel", "package", "microsecond"), CASES)
def test_names_with_a_clock(name: str, maker: str, channel: str | None, package: str | None, microsecond: int) -> None:
    claim = parse_screen_name(name)
    assert claim is not None
    assert (claim.maker, claim.channel, claim.package) == (maker, channel, package)
    assert claim.wall == datetime(2026, 4, 27, 15, 38, 40, microsecond)
    stem, dot, ending = name.rpartition(".")
    assert parse_screen_name(f"{stem} (1){dot}{ending}") is not None


@pytest.mark.parametrize(
    ("name", "maker", "means"),
    [
        ("mmexport1777280400123.jpg", "wechat-saved", "saved"),
        (f"mmexport{MD5}_1777280400123.jpeg", "wechat-saved", "saved"),
        ("wx_camera_1777280400123.jpg", "wechat-camera", "taken"),
        ("microMsg.1777280400123.jpg", "wechat-camera", "taken"),
        ("screenshot_1777280400123.png", "generic-epoch", "taken"),
    ],
)
def test_names_with_an_epoch(name: str, maker: str, means: str) -> None:
    claim = parse_screen_name(name)
    assert claim is not None
    assert (claim.maker, claim.means) == (maker, means)
    assert claim.instant == datetime(2026, 4, 27, 9, 0, 0, 123000, tzinfo=UTC)


def test_names_without_time() -> None:
    for name, maker in (("IMG_4238.PNG", "iphone"), (f"mmexport{MD5}.jpg", "wechat-saved")):
        claim = parse_screen_name(name)
        assert claim is not None
        assert (claim.maker, claim.wall, claim.instant) == (maker, None, None)


def test_every_pattern_and_package_is_known() -> None:
    seen = {case[1] for case in CASES} | {"iphone", "wechat-saved", "wechat-camera", "generic-epoch"}
    assert {pattern.maker for pattern in PATTERNS} == seen
    assert len(packages_by_md5()) == len(CHANNELS)
    assert packages_by_md5()["e39d2c7de19156b0683cd93e8735f348"] == "com.tencent.mm"


@pytest.mark.parametrize("name", ["", "a.png", "Screenshot_20261399_000000.png", "IMG_1.PNG", "Screenshot.png"])
def test_names_that_say_nothing(name: str) -> None:
    assert parse_screen_name(name) is None


@given(st.from_regex(r"(Screenshot_|mmexport|IMG_|微信图片_)[0-9_-]{0,30}(_[a-z.]{0,20})?\.(png|jpg)", fullmatch=True))
def test_no_name_breaks_it(name: str) -> None:
    claim = parse_screen_name(name)
    assert claim is None or claim.maker
