"""Names of call recordings: one example per maker, and no name that breaks the reader."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.recording_names import PATTERNS, parse_name

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
