"""Names of call recordings: one example per maker, and no name that breaks the reader."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.media.recording_names import PATTERNS, parse_name

CASES = [
    ("通话录音@128 0000 0001(12800000001)_20260427153840.mp3", "miui", "12800000001", None, None),
    ("12800000001(12800000001)_20260427153840.mp3", "miui", "12800000001", None, None),
    ("Вызов@Имя(0079110000000)_20260427153840.mp3", "miui", "+79110000000", "Имя", None),
    ("甲@乙(12800000001)_丙(12800000002)_20260427153840.mp3", "miui", "12800000001", "乙", None),
    ("通话录音@12800000001_20260427153840.mp3", "miui-nonname", "12800000001", None, None),
    ("测试甲@12800000001_20260427153840.amr", "huawei", "12800000001", "测试甲", None),
    ("128 0000 0001_20260427153840.amr", "huawei-num", "128 0000 0001", None, None),
    ("李经理_20260427153840.mp3", "any14", None, "李经理", None),
    ("CallRecord_20260427-153840_12800000001.ogg", "grapheneos", "12800000001", None, None),
    ("20260427_153840.881926+0800_in_+8612800000001.oga", "bcr", "+8612800000001", None, "in"),
    ("20260427_153840.881926+0800_out_sim1_12800000001_测试.oga", "bcr", "12800000001", "测试", "out"),
    ("Call recording +8612800000001_260427_153840.m4a", "samsung", "+8612800000001", None, None),
    ("通话录音 测试_260427_153840_1.m4a", "samsung", None, "测试", None),
    ("+8612800000001_260427_153840577.amr", "lineage", "+8612800000001", None, None),
    ("0d20260427153840p+8612800000001.3gp", "lg", "+8612800000001", None, None),
    ("1d20260427153840pnull.3gp", "lg", None, None, None),
    ("测试-2604271538.mp3", "coloros", None, "测试", None),
    ("12800000001-202604271538.amr", "coloros", "12800000001", None, None),
    ("2026-04-27 15-38-40 (wechat) 测试 (12800000001) ↙.m4a", "cube-acr", "12800000001", "测试", "in"),
    ("2026-04-27 15-38-40 (phone) 测试 ↗.m4a", "cube-acr", None, "测试", "out"),
    ("12800000001 2026-04-27 15-38-40.amr", "vivo", "12800000001", None, None),
    ("2026-04-27 15.38.40 ↓ 测试.m4a", "axet", None, "测试", "in"),
    ("12800000001_通话_04月27日_15点38分.amr", "lenovo", "12800000001", None, None),
]


@pytest.mark.parametrize(("name", "maker", "number", "person", "direction"), CASES)
@pytest.mark.parametrize("copy", ["", " (1)", "(2)", "_副本", " - 副本"])
def test_makers(
    name: str, maker: str, number: str | None, person: str | None, direction: str | None, copy: str
) -> None:
    stem, dot, ending = name.rpartition(".")
    claim = parse_name(stem + copy + dot + ending)
    assert claim is not None
    wall = claim.wall.replace(tzinfo=None, microsecond=0)
    expected = datetime(2026 if claim.year_known else 2000, 4, 27, 15, 38, 40 if claim.precision_s == 1 else 0)
    assert wall == expected
    if not copy:
        assert (claim.maker, claim.number, claim.name, claim.direction) == (maker, number, person, direction)
        assert claim.precision_s == (60 if maker in ("coloros", "lenovo") else 1)


def test_every_pattern_has_an_example() -> None:
    assert {pattern.maker for pattern in PATTERNS} == {case[1] for case in CASES}


def test_an_offset_in_the_name_is_kept() -> None:
    claim = parse_name("20260427_153840.881926-0430_in_12800000001.oga")
    assert claim is not None
    assert claim.wall.utcoffset() == -timedelta(hours=4, minutes=30)
    assert claim.wall.microsecond == 881926


def test_digits_of_other_scripts_and_plus_as_zeros() -> None:
    claim = parse_name("x(008612800000001)_٢٠٢٦٠٤٢٧١٥٣٨٤٠.mp3")
    assert claim is not None
    assert claim.wall == datetime(2026, 4, 27, 15, 38, 40)
    assert (claim.number, claim.number_raw) == ("+8612800000001", "008612800000001")


# What stands in formats.md 2.1, with invented numbers: name -> (maker, wall clock, number, name, direction).
EXAMPLES = {
    "通话录音@126 8831 4515(12688314515)_20180814153840.mp3": (
        "miui", "2018-08-14 15:38:40", "12688314515", None, None,
    ),
    "12882033521(12882033521)_20230506192735.mp3": ("miui", "2023-05-06 19:27:35", "12882033521", None, None),
    "Вызов@Экстренный номер(Экстренный номер)_20230506192735.mp3": (
        "miui", "2023-05-06 19:27:35", None, "Экстренный номер", None,
    ),
    "通话录音@12800138000_20240102153000.mp3": ("miui-nonname", "2024-01-02 15:30:00", "12800138000", None, None),
    "张三@12800138000_20240102153000.amr": ("huawei", "2024-01-02 15:30:00", "12800138000", "张三", None),
    "张@三_丰@12800138000_20240102153000.amr": ("huawei", "2024-01-02 15:30:00", "12800138000", "张@三_丰", None),
    "124 1096 1780_20220425103455.amr": ("huawei-num", "2022-04-25 10:34:55", "124 1096 1780", None, None),
    "李经理_20260610173000.mp3": ("any14", "2026-06-10 17:30:00", None, "李经理", None),
    "CallRecord_20240102-102233_12800138000.ogg": ("grapheneos", "2024-01-02 10:22:33", "12800138000", None, None),
    "20220522_122802.881926-0400_in_+12345678900.oga": (
        "bcr", "2022-05-22 12:28:02.881926-04:00", "+12345678900", None, "in",
    ),
    "Call recording +12551234567_200605_114902.m4a": ("samsung", "2020-06-05 11:49:02", "+12551234567", None, None),
    "+12123456789_240506_225406577.amr": ("lineage", "2024-05-06 22:54:06.577000", "+12123456789", None, None),
    "Papa-2512232146.mp3": ("coloros", "2025-12-23 21:46:00", None, "Papa", None),
    "12800138000-2401021530.amr": ("coloros", "2024-01-02 15:30:00", "12800138000", None, None),
    "12145520861 2019-05-16 10-06-40.amr": ("vivo", "2019-05-16 10:06:40", "12145520861", None, None),
    "12621092548 2022-07-12 16-40-50.m4a": ("vivo", "2022-07-12 16:40:50", "12621092548", None, None),
    "2025-10-03 16-54-44 (phone) Name (0126300265) ↙.m4a": (
        "cube-acr", "2025-10-03 16:54:44", "0126300265", "Name", "in",
    ),
    "2025-10-03 16-54-44 (phone) Name (0126300265).m4a": (
        "cube-acr", "2025-10-03 16:54:44", "0126300265", "Name", None,
    ),
    "0d20151122141548p+72993464260.3gp": ("lg", "2015-11-22 14:15:48", "+72993464260", None, None),
    "12145520861_通话_05月13日_15点26分.amr": ("lenovo", "2000-05-13 15:26:00", "12145520861", None, None),
    "2018-02-20 20.32.15 ↓ 张三.m4a": ("axet", "2018-02-20 20:32:15", None, "张三", "in"),
}  # fmt: skip
COPIES = ("", " (1)", "(2)", "_副本", " - 副本", " - 副本 (2)", "-1", " copy", " copy 2", " - Copy (3)")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("copy", COPIES)
def test_every_example_also_as_a_copy(name: str, copy: str) -> None:
    stem, dot, ending = name.rpartition(".")
    claim = parse_name(stem + copy + dot + ending)
    assert claim is not None
    found = (claim.maker, str(claim.wall), claim.number, claim.name, claim.direction)
    assert found == EXAMPLES[name]


def test_a_conference_names_all() -> None:
    claim = parse_name("甲(12800000001)_乙(008612800000002)_丙(丙)_20260427153840.mp3")
    assert claim is not None
    assert (claim.name, claim.number, claim.conference) == ("甲", "12800000001", True)
    assert claim.others == (("乙", "+8612800000002"), ("丙", None))
    bcr = parse_name("20260427_153840+0800_conference_sim2.oga")
    assert bcr is not None
    assert (bcr.conference, bcr.sim, bcr.number, bcr.direction) == (True, "2", None, None)


def test_a_long_name_may_be_cut_by_the_phone() -> None:
    cut = parse_name("很" * 24 + "(12800000001)_20260427153840.mp3")
    short = parse_name("很(12800000001)_20260427153840.mp3")
    assert cut is not None
    assert short is not None
    assert (cut.name_cut, short.name_cut) == (True, False)


def test_minutes_and_seconds_of_twelve_digits() -> None:
    for digits, wall, precision in (
        ("2604271538", "2026-04-27 15:38:00", 60.0),
        ("202604271538", "2026-04-27 15:38:00", 60.0),
        ("260427153840", "2026-04-27 15:38:40", 1.0),
    ):
        claim = parse_name(f"测试-{digits}.mp3")
        assert claim is not None
        assert (str(claim.wall), claim.precision_s) == (wall, precision)


def test_numbers_in_persian_digits() -> None:
    claim = parse_name("۱۲۸۰۰۰۰۰۰۰۱_۲۰۲۶۰۴۲۷۱۵۳۸۴۰.amr")
    assert claim is not None
    assert (claim.number, claim.number_raw) == ("12800000001", "۱۲۸۰۰۰۰۰۰۰۱")


@pytest.mark.parametrize(
    "name", ["新录音 3.m4a", "x_20261399000000.amr", "", ".amr", "song.mp3", "_20260230000000.mp3"]
)
def test_names_that_say_nothing(name: str) -> None:
    assert parse_name(name) is None


@given(st.text(max_size=60))
def test_no_name_breaks_it(name: str) -> None:
    claim = parse_name(name)
    assert claim is None or claim.raw


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)), st.text("甲乙丙abc", min_size=1, max_size=8))
def test_any_time_comes_back(moment: datetime, who: str) -> None:
    claim = parse_name(f"{who}@12800000001_{moment:%Y%m%d%H%M%S}.amr")
    assert claim is not None
    assert (claim.wall, claim.name, claim.number) == (moment.replace(microsecond=0), who, "12800000001")
