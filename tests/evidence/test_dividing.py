"""A read screenshot becomes sealed messages: with their side, interval and box, superseded by a new layout, joined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evidence.detectors.wording import find
from evidence.dividing import divide
from evidence.joining import join_new
from evidence.log import Case
from evidence.models import Line, Media, Reading, Record, Source, Stamp
from evidence.screenchat.model import Item, Screen
from evidence.timeline import Filter, load_view, select_records

PICTURE, SOURCE = "ab" * 32, "cd" * 32
LINES = (
    Line("22:47", 0.99, (500, 300, 580, 330)),
    Line("你全家等着", 0.99, (150, 400, 400, 440)),
    Line("不要这样", 0.99, (700, 500, 900, 540)),
)
SCREEN = Screen(
    "chat", 1080, 2400, "wechat", 0.95, "bubble_colour", "催收王", clock="23:12", items=(
        Item("time", "22:47", (500, 300, 580, 330), (0,)),
        Item("message", "你全家等着", (130, 380, 420, 460), (1,), "left"),
        Item("message", "不要这样", (680, 480, 920, 560), (2,), "right"),
    ),
)  # fmt: skip


def prepared(case: Case) -> Reading:
    """A case with one screenshot and its reading."""
    case.append("kept", "source", [Source(SOURCE, 1, "s.png", "s.png", None)], {"source": SOURCE})
    taken = Stamp("2026-04-20T15:12:44.000Z", "2026-04-20-23-12-44", "filename", "local_assumed", "Asia/Shanghai")
    parent = Record(
        "media", "wechat", "file", taken, media=(Media(PICTURE, 1, "image/png", "s.png"),), id="r1", source=SOURCE
    )
    case.append("read", "record", [parent], {"source": SOURCE, "format": "image", "importer": "image", "version": "1"})
    text = "\n".join(line.text for line in LINES)
    reading = Reading(PICTURE, "ocr", "rapidocr", "3", text, LINES, {"width": 1080, "height": 2400}, id="t1")
    case.append("readings", "reading", [reading], {"target": PICTURE})
    return reading


def messages(case: Case) -> list[Record]:
    return [r for r in load_view(case).records if r.extras.get("shown_in") == "r1"]


def test_each_bubble_is_a_record_with_its_side_time_and_box(case: Case) -> None:
    reading = prepared(case)
    assert divide(case, reading, SCREEN, "1") == 2
    first, second = messages(case)
    assert (first.kind, first.channel, first.direction, first.name, first.text) == (
        "chat", "wechat", "in", "催收王", "你全家等着",
    )  # fmt: skip
    assert (first.time.utc, first.time.how, first.time.basis) == ("2026-04-20T14:47:00.000Z", "minute_only", "screen")
    assert (second.direction, second.time.how) == ("out", "screen_interval")
    assert second.time.precision_s > 60
    assert first.extras["box"] == [130, 380, 420, 460]
    assert first.source == SOURCE
    assert [r.id for r in select_records(case, Filter(kind="chat"))] == [first.id, second.id]


def test_the_same_layout_is_not_added_twice_and_a_new_one_takes_over(case: Case) -> None:
    reading = prepared(case)
    divide(case, reading, SCREEN, "1")
    assert divide(case, reading, SCREEN, "1") == 0
    before = {r.id for r in messages(case)}
    assert divide(case, reading, replace(SCREEN, items=SCREEN.items[:2]), "2") == 1
    after = messages(case)
    assert len(after) == 1
    assert not before & {r.id for r in after}
    assert len(list(select_records(case, Filter(kind="chat")))) == 1


def test_a_picture_that_is_no_chat_and_a_photo_give_no_messages(case: Case) -> None:
    reading = prepared(case)
    assert divide(case, reading, Screen("other", 1080, 2400), "1") == 0
    assert divide(case, reading, replace(SCREEN, doubts=("photo",)), "2") == 0


def test_words_are_looked_at_once_with_their_place_in_the_picture(case: Case) -> None:
    reading = prepared(case)
    divide(case, reading, SCREEN, "1")
    view = load_view(case)
    seen: list[str] = []

    def detect(text: str, *_circumstances: Any) -> list[Any]:
        seen.append(text)
        return []

    find(view, ((record, ()) for record in view.records), lambda _who: None, lambda _record: True, detect)
    assert seen == ["你全家等着"]


def test_an_exported_message_and_that_of_a_screenshot_are_one(case: Case) -> None:
    divide(case, prepared(case), SCREEN, "1")
    told = Stamp("2026-04-20T14:47:20.000Z", "", "export", "epoch_utc")
    export = Record(
        "chat", "wechat", "line 1", told, "in", name="催收王", text="你全家 等着！", id="x1", source="ef" * 32
    )
    case.append("read", "record", [export], {"source": "ef" * 32, "format": "x", "importer": "x", "version": "1"})
    assert join_new(case).total() == 1
    (link,) = load_view(case).links
    assert {link.first, link.second} == {"x1", messages(case)[0].id}


def test_an_exported_message_at_another_time_is_another(case: Case) -> None:
    divide(case, prepared(case), SCREEN, "1")
    told = Stamp("2026-04-19T14:47:20.000Z", "", "export", "epoch_utc")
    export = Record("chat", "wechat", "line 1", told, "in", name="催收王", text="你全家等着", id="x1", source="ef" * 32)
    case.append("read", "record", [export], {"source": "ef" * 32, "format": "x", "importer": "x", "version": "1"})
    assert join_new(case).total() == 0


def test_a_picture_that_somebody_sent_is_not_the_borrowers_screen(case: Case) -> None:
    reading = prepared(case)
    sent = Record(
        "mms", "mms", "mms[1]", Stamp(), "in", "12000000011", media=(Media(PICTURE, 1, "image/png", "p.png"),),
        id="m1", source=SOURCE,
    )  # fmt: skip
    case.append("read", "record", [sent], {"source": SOURCE, "format": "x", "importer": "x", "version": "1"})
    assert divide(case, reading, SCREEN, "1") == 0


def test_words_that_repeat_join_each_once_in_order(case: Case) -> None:
    items = (SCREEN.items[0], *(replace(SCREEN.items[1], box=(130, 380 + n, 420, 460 + n)) for n in (0, 100, 200)))
    divide(case, prepared(case), replace(SCREEN, items=items), "1")
    exports = [
        Record(
            "chat", "wechat", f"line {n}", Stamp(f"2026-04-20T14:47:{n}0.000Z", "", "export", "epoch_utc"), "in",
            name="催收王", text="你全家等着", id=f"x{n}", source="ef" * 32,
        )
        for n in range(3)
    ]  # fmt: skip
    case.append("read", "record", exports, {"source": "ef" * 32, "format": "x", "importer": "x", "version": "1"})
    assert join_new(case).total() == 3
    joined = {link.first: link.second for link in load_view(case).links}
    assert [joined[f"x{n}"] for n in range(3)] == [r.id for r in messages(case)]


def test_another_conversation_is_another_message(case: Case) -> None:
    divide(case, prepared(case), SCREEN, "1")
    told = Stamp("2026-04-20T14:50:00.000Z", "", "export", "epoch_utc")
    other = Record(
        "chat", "wechat", "line 1", told, "out", name=None, text="不要这样", id="x1", source="ef" * 32,
        extras={"conversation": "张三"},
    )  # fmt: skip
    case.append("read", "record", [other], {"source": "ef" * 32, "format": "x", "importer": "x", "version": "1"})
    assert join_new(case).total() == 0
