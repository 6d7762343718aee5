import json
from zoneinfo import ZoneInfo

import pytest

from evidence.log import Case, record_id
from evidence.models import Line, Link, Media, Party, Reading, Record, Stamp
from evidence.reader import stamped_readings
from evidence.timeline import (
    Filter,
    current_readings,
    load_links,
    load_parties,
    load_view,
    local_iso,
    parse_when,
    row_context,
    select_records,
    shown_text,
    timeline_row,
    when_text,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
PICTURE = Media("cd" * 32, 10, "image/png", "shot.png")


def record(n: int, utc: str | None = None, **more: object) -> Record:
    stamp = Stamp(utc, "raw", "export", "epoch_utc")
    fields = {"kind": "sms", "channel": "sms", "time": stamp, **more}
    return Record(locator=f"line {n}", id=record_id("ab" * 32, "x/1", str(n)), source="ab" * 32, **fields)  # type: ignore[arg-type]


def reading(kind: str, text: str) -> Reading:
    return Reading("cd" * 32, kind, "x", "1", text, (Line(text),))  # type: ignore[arg-type]


@pytest.fixture
def filled(case: Case) -> Case:
    case.append("read", "record", [
        record(1, "2026-03-10T01:00:00.000Z", direction="in", number="12000000011", text="还钱！100%"),
        record(2, "2026-03-09T16:30:00.500Z", kind="call", channel="call", direction="out", number="12000000012"),
        record(3, None, kind="media", channel="wechat", media=(PICTURE,)),
        record(4, "2026-03-11T00:00:00.000Z", text="a_b 🙂"),
    ], {"source": "ab" * 32, "format": "x", "importer": "x", "version": "1.0"})  # fmt: skip
    return case


def locators(case: Case, **wanted: str) -> list[str]:
    return [r.locator for r in select_records(case, Filter(**wanted))]


def test_time_order_and_unknown_times_last(filled: Case) -> None:
    assert locators(filled) == ["line 2", "line 1", "line 4", "line 3"]


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({"kind": "call"}, ["line 2"]),
        ({"channel": "wechat"}, ["line 3"]),
        ({"number": "12000000011"}, ["line 1"]),
        ({"direction": "in"}, ["line 1"]),
        ({"since": "2026-03-10T01:00:00.000Z"}, ["line 1", "line 4"]),
        ({"until": "2026-03-10T01:00:00.000Z"}, ["line 2"]),
        ({"text": "还钱"}, ["line 1"]),
        ({"text": "%"}, ["line 1"]),
        ({"text": "_"}, ["line 4"]),
        ({"text": "🙂"}, ["line 4"]),
        ({"text": "无此"}, []),
        ({"text": "钱", "direction": "out"}, []),
    ],
)  # fmt: skip
def test_filters(filled: Case, wanted: dict[str, str], lines: list[str]) -> None:
    assert locators(filled, **wanted) == lines


def test_words_in_a_picture_are_found_and_shown(filled: Case) -> None:
    filled.append("readings", "reading", stamped_readings([reading("ocr", "上门催收？")], filled.now()))
    assert locators(filled, text="催收") == ["line 3"]
    assert locators(filled, text="？") == ["line 3"]
    context = row_context(filled)
    row = timeline_row(next(select_records(filled, Filter(kind="media"))), context)
    assert (row["text"], row["text_basis"], row["time"]) == ("上门催收？", "ocr", None)


def test_a_correction_counts_before_what_a_machine_reads_later() -> None:
    readings = tuple(reading(k, k) for k in ("correction", "ocr", "transcript", "ocr"))
    found = current_readings(readings)
    assert found is not None
    assert found.text == "correction"
    assert shown_text(record(1, media=(PICTURE,)), {"cd" * 32: readings}) == ("correction", "corrected")
    assert shown_text(record(1, text="own", text_basis="source"), {}) == ("own", "source")
    assert shown_text(record(1), {}) == (None, None)
    assert current_readings(()) is None


def test_later_party_statements_fill_in_and_do_not_blank(case: Case) -> None:
    case.append("party", "party", [Party("1", "甲", "collector", "某某金融"), Party("1", None, "lawyer")])
    assert load_parties(case)["1"] == Party("1", "甲", "lawyer", "某某金融")


def test_a_person_decides_on_links_before_the_machine(case: Case) -> None:
    def says(joined: bool, by: str, first: str = "a", second: str = "b") -> Link:
        return Link(first, second, "why", joined, by)  # type: ignore[arg-type]

    case.append("link", "link", [says(True, "machine"), says(False, "person", "b", "a"), says(True, "machine")])
    assert load_links(case) == ()
    case.append("link", "link", [says(True, "person")])
    assert len(load_links(case)) == 1


def test_rows_have_the_fields_of_the_contract(filled: Case) -> None:
    filled.append("link", "link", [Link(record(1).id, record(4).id, "why")])
    filled.append("party", "party", [Party("12000000011", "某某催收")])
    row = timeline_row(next(select_records(filled, Filter(direction="in"))), row_context(filled))
    assert json.loads(json.dumps(row)) == row
    assert row["time"] == "2026-03-10T09:00:00+08:00"
    assert row["name"] == "某某催收"
    assert row["same_as"] == [record(4).id]
    assert set(row) >= {
        "id", "kind", "channel", "time", "time_basis", "time_how", "direction", "number", "name", "text", "text_basis",
        "duration_s", "outcome", "same_as", "source",
    }  # fmt: skip
    assert row["source"] == {"sha256": "ab" * 32, "name": None, "locator": "line 1"}


def test_local_iso_shows_the_offset_of_the_day() -> None:
    assert local_iso("2026-03-09T16:30:00.500Z", SHANGHAI) == "2026-03-10T00:30:00.500+08:00"
    assert local_iso("2026-07-01T00:00:00.000Z", ZoneInfo("Europe/Berlin")) == "2026-07-01T02:00:00+02:00"
    assert local_iso(None, SHANGHAI) is None


@pytest.mark.parametrize(
    ("words", "utc"),
    [
        ("2026-04-08", "2026-04-07T16:00:00.000Z"),
        ("2026/04/08 21:30", "2026-04-08T13:30:00.000Z"),
        ("2026-04-08T21:30+00:00", "2026-04-08T21:30:00.000Z"),
        ("2026-04-08 21\uff1a30", "2026-04-08T13:30:00.000Z"),
    ],
)
def test_times_as_people_type_them(words: str, utc: str) -> None:
    assert when_text(words, SHANGHAI) == utc


@pytest.mark.parametrize("words", ["", "soon", "2026-13-01", "0001-01-01", "9999-12-31T23:00", "2026-04-08T25:00"])
def test_what_is_no_time_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_when(words, SHANGHAI)


def test_the_view_holds_everything_at_one_head(filled: Case) -> None:
    view = load_view(filled)
    assert (view.head_seq, view.head_hash) == (filled.head.seq, filled.head.hash)
    assert [row.kind for row in view.custody] == ["created", "read"]
    assert len(view.records) == 4
