"""The drawn screenshots: truth lies where it is drawn, and the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import sys
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.screens import NO_CHAT, SCENARIOS, Shot, make, perfect_lines, perfect_screen, series
from benchmarks.screens.labels import label
from benchmarks.screens.score import distance, score
from benchmarks.screens.script import converse
from benchmarks.screens.sheet import length, wrap

PHOTOS = ("photo", "hard_photo")
QUICK = ("wechat_light", "group", "whatsapp", "sms_ios", "quarter", "desktop", "cropped", "wallpaper")


def digest(shot: Shot) -> str:
    return hashlib.sha256(shot.image.tobytes() + repr(shot.truth).encode()).hexdigest()


@pytest.mark.parametrize("scenario", ["group", "hard_photo", "jpeg20_half", "receipt", "cat"])
def test_the_same_seed_gives_the_same_bytes(scenario: str) -> None:
    assert digest(make(5, scenario)) == digest(make(5, scenario))
    assert digest(make(5, scenario)) != digest(make(6, scenario))


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "long"])
def test_boxes_lie_in_the_picture_and_not_on_each_other(scenario: str) -> None:
    shot = make(1, scenario)
    truth = shot.truth
    assert (truth.width, truth.height) == shot.image.size
    room = 12 if scenario in PHOTOS else 2
    for box in [row.box for row in truth.rows] + [part for item in truth.items for part in (item.box, item.area)]:
        assert box[0] < box[2]
        assert box[1] <= box[3]
        assert -room <= box[0]
        assert box[2] <= truth.width + room
        assert -room <= box[1]
        assert box[3] <= truth.height + room
    for above, below in pairwise(truth.items):
        # bubbles of a tilted photo have upright boxes around them, which may touch
        assert above.area[3] <= below.area[1] + (0.03 * truth.width if scenario in PHOTOS else 1)


@pytest.mark.parametrize("scenario", QUICK)
def test_rows_stand_in_their_entries(scenario: str) -> None:
    truth = make(2, scenario).truth
    areas = {item.id: item.area for item in truth.items}
    owned = [row for row in truth.rows if row.owner in areas and row.role != "avatar"]
    assert owned
    for row in owned:
        area = areas[row.owner]
        assert area[0] - 2 <= row.box[0]
        assert row.box[2] <= area[2] + 2
        assert area[1] - 2 <= row.box[1]
        assert row.box[3] <= area[3] + 2


@pytest.mark.parametrize("scenario", QUICK)
def test_a_faultless_reading_and_layout_scores_everything(scenario: str) -> None:
    shot = make(3, scenario)
    lines = perfect_lines(shot)
    tally = score(shot, lines, perfect_screen(shot, lines), None)
    assert tally.failures == []
    assert tally.letters > 20
    assert tally.wrong == 0
    assert tally.all["text: one group"] > 1


def test_an_empty_layout_scores_nothing() -> None:
    shot = make(3, "wechat_light")
    lines = perfect_lines(shot)
    empty = perfect_screen(make(0, "cat"), ())
    tally = score(shot, lines, empty, None)
    assert tally.right["text: one group"] == 0 < tally.all["text: one group"]
    assert tally.right["text: text and side"] == 0 < tally.all["text: text and side"]


@pytest.mark.parametrize("scenario", NO_CHAT)
def test_pictures_without_a_chat_have_no_messages(scenario: str) -> None:
    truth = make(0, scenario).truth
    assert truth.kind == "other"
    assert truth.items == ()


def test_a_series_overlaps_and_keeps_its_ids() -> None:
    shots = series(0, 4)
    shown = [[item.id for item in shot.truth.items if item.kind == "message"] for shot in shots]
    texts = {item.id: item.whole for shot in shots for item in shot.truth.items}
    for shot in shots:
        assert all(texts[item.id] == item.whole for item in shot.truth.items if item.kind == "message")
    assert all(ids == sorted(ids) for ids in shown)
    assert any(set(one) & set(two) for one, two in pairwise(shown))
    assert [shot.truth.captured for shot in shots] == sorted(shot.truth.captured for shot in shots)


def test_receipts_and_call_logs_have_their_fields() -> None:
    assert {name for name, _text, _box in make(0, "receipt").truth.fields} == {"amount", "payee", "time", "order"}
    calls = make(0, "call_log").truth.calls
    assert len(calls) > 4
    assert {call.direction for call in calls} <= {"in", "out", "missed"}


def test_labels_as_phones_write_them() -> None:
    from datetime import datetime, timedelta

    now = datetime(2025, 3, 6, 12, 0)  # a Thursday
    night = datetime(2025, 3, 5, 22, 41)
    assert label("wechat", night, now, False) == "昨天 22:41"
    assert label("wechat", night - timedelta(days=3), now, True) == "星期日 晚上10:41"
    assert label("wechat", night - timedelta(days=90), now, False) == "2024年12月5日 22:41"
    assert label("qq", night - timedelta(days=9), now, False) == "02-24 22:41"
    assert label("sms", now - timedelta(seconds=20), now, False) == "刚刚"
    assert label("ios", night, now, False) == "昨天 22:41"
    assert label("whatsapp", night, now, False) == "昨天"
    with pytest.raises(ValueError, match="pager"):
        label("pager", night, now, False)


def test_rows_fit_and_lose_no_letter() -> None:
    text = "最后通知：请于2025-03-02前还款12,345.67元。\n\n拒收请回复R，https://d1.example/a100"
    rows = wrap(text, 40, 400)
    assert all(length(row, 40) <= 400 for row in rows)
    assert "".join(rows) == text.replace("\n", "")
    assert "" in rows, "the blank line stays"


def test_distance() -> None:
    assert distance("应还5000元", "应还500元") == 1
    assert distance("", "元") == 1


def test_people_and_numbers_are_invented() -> None:
    import random
    from datetime import datetime

    from benchmarks.screens.script import Plot

    said = converse(random.Random(1), Plot(), 300, datetime(2025, 3, 6))
    phones = [token for one in said for kind, token in one.tokens if kind == "phone"]
    assert phones
    assert all(phone.startswith("12") for phone in phones)
