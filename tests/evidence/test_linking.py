"""One event, once: joins across exports and recordings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import i18n
from evidence.linking import Policy, groups, link
from evidence.models import Link, Media, Record, Stamp
from evidence.times import to_utc_text

BASE = datetime(2026, 3, 10, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def row(ident: str, source: str, seconds: float, kind: Any = "call", **more: Any) -> Record:
    basis = more.pop("basis", "export")
    precision = more.pop("precision", 1.0)
    stamp = Stamp(to_utc_text(BASE + timedelta(seconds=seconds)), "", basis, "epoch_utc", None, precision)
    given: dict[str, Any] = {"direction": "in", "number": "12000000011"}
    if kind == "call":
        given |= {"outcome": "answered", "duration_s": 30.0}
    return Record(kind, kind, ident, stamp, **{**given, **more}, id=ident, source=source)


def pairs(links: list[Link]) -> set[tuple[str, str]]:
    return {(one.first, one.second) for one in links}


def test_two_exports_of_one_call() -> None:
    assert pairs(link([row("a", "x", 0), row("b", "y", 5)])) == {("a", "b")}
    assert link([row("a", "x", 0), row("b", "y", 5.1)]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"number": "12000000012"},
        {"direction": "out"},
        {"outcome": "missed"},
        {"duration_s": 36.0},
        {"holder": "mother"},
    ],
)
def test_different_events_stay_apart(other: dict[str, Any]) -> None:
    assert link([row("a", "x", 0), row("b", "y", 1, **other)]) == []


def test_nearest_first_and_one_to_one() -> None:
    found = link([row("a", "x", 0), row("b", "x", 4), row("c", "y", 3), row("d", "y", 5)])
    assert pairs(found) == {("b", "c")} or pairs(found) == {("b", "c"), ("a", "d")}
    assert ("b", "c") in pairs(found)
    assert all("s apart" in one.why for one in found)


def test_rows_of_one_source_are_joined_only_when_equal() -> None:
    assert link([row("a", "x", 0), row("b", "x", 1)]) == []
    same = [row("a", "x", 0, "sms", text="hello"), row("b", "x", 0.2, "sms", text="hello")]
    assert pairs(link(same)) == {("a", "b")}
    assert link(same, Policy(within_source=False)) == []
    assert link([row("a", "x", 0, "sms", text="hello"), row("b", "x", 0, "sms", text="other")]) == []


def test_message_text_decides() -> None:
    first = row("a", "x", 0, "sms", text="hello")
    assert pairs(link([first, row("b", "y", 0.9, "sms", text="hello")])) == {("a", "b")}
    assert link([first, row("b", "y", 0.9, "sms", text="hallo")]) == []
    bare = row("b", "y", 0.9, "sms")
    assert link([first, bare]) == []
    assert pairs(link([first, bare], Policy(text_if_both=True))) == {("a", "b")}


def test_a_minute_precise_export_matches_within_its_minute() -> None:
    exact = row("a", "x", 42, "sms", text="hello")
    assert pairs(link([exact, row("b", "y", 0, "sms", text="hello", precision=60.0)])) == {("a", "b")}


def test_three_sources_and_their_order() -> None:
    rows = [row("bill", "bill", 6, duration_s=60.0), row("log", "phone", 0), row("csv", "csv", 1)]
    policy = Policy(start_tolerance_s=15, duration_tolerance_s=60, source_order=("phone", "csv", "bill"))
    assert pairs(link(rows, policy)) == {("log", "csv"), ("log", "bill")}


def test_named_fields_must_agree() -> None:
    rows = [row("a", "x", 0, extras={"device": "A"}), row("b", "y", 0, extras={"device": "B"})]
    assert pairs(link(rows)) == {("a", "b")}
    assert link(rows, Policy(same_extras=("device",))) == []


def sound(ident: str, seconds: float, **more: Any) -> Record:
    media = (Media("m" + ident, 9, "audio/amr", "x.amr"),)
    given = {"direction": None, "outcome": None, "basis": "filename", "media": media}
    return row(ident, "s" + ident, seconds, **{**given, **more})


def test_a_recording_joins_its_call() -> None:
    calls = [row("a", "x", 0, duration_s=100.0), row("b", "x", 500, duration_s=100.0)]
    assert pairs(link([*calls, sound("r", 110, duration_s=85.0)])) == {("a", "r")}
    assert link([*calls, sound("r", 121, duration_s=100.0)]) == []
    assert link([*calls, sound("r", 10, duration_s=79.0)]) == []
    assert link([row("a", "x", 0, outcome="missed"), sound("r", 1)]) == []


def test_a_recording_known_by_name_only() -> None:
    call = row("a", "x", 0, name="Collector Li")
    assert pairs(link([call, sound("r", 4, number=None, name="Collector Li")])) == {("a", "r")}


def test_records_without_a_time_are_never_joined() -> None:
    assert link([row("a", "x", 0), Record("call", "call", "b", number="12000000011", id="b", source="y")]) == []


def test_groups_follow_chains_and_ignore_broken_links() -> None:
    rows = [row(name, name, 0) for name in "abcd"]
    links = [Link("a", "b", ""), Link("b", "c", ""), Link("c", "d", "", joined=False), Link("a", "gone", "")]
    found = groups(rows, links)
    assert found["c"] == frozenset("abc")
    assert found["d"] == frozenset("d")


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 40)), max_size=25))
def test_every_event_has_at_most_one_row_of_each_source(plan: list[tuple[str, int]]) -> None:
    rows = [row(f"r{i}", source, second) for i, (source, second) in enumerate(plan)]
    found = groups(rows, link(rows, Policy(within_source=False)))
    by_id = {r.id: r for r in rows}
    for members in found.values():
        sources = [by_id[i].source for i in members]
        assert len(sources) == len(set(sources))


def note(ident: str, seconds: float, **more: Any) -> Record:
    return row(ident, "", seconds, **{"basis": "stated", "duration_s": None, "outcome": None, "text": "x", **more})


def test_a_note_is_joined_with_the_call_it_tells_of() -> None:
    calls = [row("a", "x", 0), row("b", "x", 300)]
    assert pairs(link([*calls, note("n", 119)])) == {("a", "n")}
    assert pairs(link([*calls, note("n", 200), note("m", 290)])) == {("b", "n"), ("b", "m")}
    assert pairs(link([*calls, note("n", 10, direction=None)])) == {("a", "n")}
    assert link([*calls, note("n", 121)], Policy(notes=False)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"number": "12000000012"},
        {"holder": "mother"},
        {"direction": "out"},
        {"precision": 86400.0},
        {"number": None, "name": "x"},
    ],
)
def test_notes_of_other_calls_stay_apart(other: dict[str, Any]) -> None:
    assert link([row("a", "x", 0), note("n", 5, **other)]) == []


def test_a_note_farther_away_stays_apart() -> None:
    assert link([row("a", "x", 0), note("n", 121)]) == []
