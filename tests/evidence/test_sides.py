"""Who of a chat is the borrower, by statement: seen so everywhere, written nowhere."""

from __future__ import annotations

from typing import Any

from evidence.log import Case
from evidence.models import Party, Record, Stamp
from evidence.sides import own_names, sides_of
from evidence.timeline import Filter, load_view, row_context, select_records, timeline_row


def chat(n: int, name: str | None, source: str = "s", **more: Any) -> Record:
    stamp = Stamp(f"2026-03-01T02:0{n}:00.000Z", "", "export", "minute_only", None, 60)
    given: dict[str, Any] = {"extras": {"conversation": "催收"}, **more}
    return Record("chat", "wechat", f"line {n}", stamp, name=name, text="话", id=f"{source}{n}", source=source, **given)


ME = {"name:小 明": Party("name:小 明", role="self"), "12700000001": Party("12700000001", role="self")}


def test_names_are_those_stated_to_be_the_borrower() -> None:
    assert own_names(ME) == own_names({"name:小明": Party("name:小明", role="self")})
    assert own_names({"name:王": Party("name:王", role="collector")}) == frozenset()


def test_the_borrower_sends_and_the_others_of_the_talk_are_received() -> None:
    records = [
        chat(1, "小明"),
        chat(2, "催收员"),
        chat(3, "催收员", direction="out"),
        chat(4, None),
        chat(5, "催收员", extras={"conversation": "催收", "message_type": "system"}),
        chat(6, "某人", extras={"conversation": "别的群"}),
        chat(7, "某人", "other file"),
    ]
    sides = sides_of(records, own_names(ME))
    assert [sides.seen(r).direction for r in records] == ["out", "in", "out", None, None, None, None]


def test_nothing_stated_nothing_seen() -> None:
    record = chat(1, "小明")
    assert sides_of([record], frozenset()).seen(record) is record


def test_in_a_case(case: Case) -> None:
    case.append(
        "read",
        "record",
        [chat(1, "小明"), chat(2, "催收员")],
        {"source": "s", "format": "x", "importer": "x", "version": "1"},
    )
    assert [r.direction for r in load_view(case).records] == [None, None]
    case.append("party", "party", [Party("name:小明", role="self")])
    assert [r.direction for r in load_view(case).records] == ["out", "in"]
    context = row_context(case)
    rows = [timeline_row(r, context) for r in select_records(case, Filter())]
    assert [(row["direction"], row["direction_basis"]) for row in rows] == [("out", "stated"), ("in", "stated")]
