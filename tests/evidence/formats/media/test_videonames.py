"""Names of videos: the makers' examples, also as copies, and no name that breaks the reader."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.media.videonames import PATTERNS, parse_video_name

SHANGHAI = ZoneInfo("Asia/Shanghai")
MD5 = "e39d2c7de19156b0683cd93e8735f348"
CASES = [
    ("RPReplay_Final1709380141.mp4", "ios-screen", "screen", "2024-03-02T11:49:01.000Z", "end"),
    ("RPReplay_Final1709380141.MOV", "ios-screen", "screen", "2024-03-02T11:49:01.000Z", "end"),
    ("ScreenRecording_01-22-2025 16-13-55_1.mov", "ios-screen", "screen", "2025-01-22T08:13:55.000Z", "start"),
    ("Screenrecorder-2020-12-17-16-32-03-350.mp4", "miui-screen", "screen", "2020-12-17T08:32:03.350Z", "start"),
    (f"Record_2024-02-11-10-44-02-30_{MD5}.mp4", "coloros-screen", "wechat", "2024-02-11T02:44:02.300Z", "start"),
    ("Record_2024-02-11-10-44-02.mp4", "coloros-screen", "screen", "2024-02-11T02:44:02.000Z", "start"),
    ("Screen_Recording_20240720_020223_WeChat.mp4", "samsung-screen", "screen", "2024-07-19T18:02:23.000Z", "start"),
    ("SVID_20240720_020223_1.mp4", "huawei-screen", "screen", "2024-07-19T18:02:23.000Z", "start"),
    ("screen-20240720-020223.mp4", "aosp-screen", "screen", "2024-07-19T18:02:23.000Z", "start"),
    ("mmexport1660142644280.mp4", "wechat-saved", "wechat", "2022-08-10T14:44:04.280Z", "saved"),
    ("mmexport.mp4", "wechat-saved", "wechat", None, "saved"),
    ("wx_camera_1485320643539.mp4", "wechat-camera", "wechat", "2017-01-25T05:04:03.539Z", "taken"),
    ("微信视频_20260319120931_921.mp4", "wechat-pc", "wechat", "2026-03-19T04:09:31.000Z", "saved"),
    ("VID-20260319-WA0001.mp4", "whatsapp", "whatsapp", "2026-03-18T16:00:00.000Z", "saved"),
    ("00000012-VIDEO-2026-03-19-12-09-31.mp4", "whatsapp", "whatsapp", "2026-03-19T04:09:31.000Z", "saved"),
    ("video_3@19-03-2026_12-09-31.mp4", "telegram", "telegram", "2026-03-19T04:09:31.000Z", "saved"),
    ("video_2026-03-19_12-09-31.mp4", "telegram", "telegram", "2026-03-19T04:09:31.000Z", "saved"),
    ("VID_20260319_120931.mp4", "camera", "video", "2026-03-19T04:09:31.000Z", "taken"),
    ("PXL_20260319_120931123.TS.mp4", "camera", "video", "2026-03-19T04:09:31.000Z", "taken"),
    ("IMG_0042.MOV", "iphone", None, None, "taken"),
]


@pytest.mark.parametrize(("name", "maker", "channel", "utc", "means"), CASES)
@pytest.mark.parametrize("copy", ["", " (1)", "_副本", " copy 2"])
def test_makers(name: str, maker: str, channel: str | None, utc: str | None, means: str, copy: str) -> None:
    stem, dot, ending = name.rpartition(".")
    claim = parse_video_name(stem + copy + dot + ending)
    assert claim is not None
    stamp = claim.stamp(SHANGHAI)
    assert (claim.maker, claim.channel, claim.means) == (maker, channel, means)
    assert (None if stamp is None else stamp.utc) == utc


def test_every_pattern_has_an_example() -> None:
    assert {pattern.maker for pattern in PATTERNS} == {case[1] for case in CASES}


@pytest.mark.parametrize(
    "name", ["", "x.mp4", "VID_20261399_120931.mp4", "RPReplay_Final12.mp4", "VID_20260319_120931.txt"]
)
def test_names_that_say_nothing(name: str) -> None:
    assert parse_video_name(name) is None


@given(st.text(max_size=60))
def test_no_name_breaks_it(name: str) -> None:
    for candidate in (name, name + ".mp4"):
        claim = parse_video_name(candidate)
        assert claim is None or claim.stamp(SHANGHAI) is None or claim.raw
