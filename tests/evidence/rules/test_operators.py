"""The five operators on small invented logs, with rules of several countries' shapes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import i18n
from evidence.detectors.base import Event, Hit
from evidence.models import Fact, Stamp
from evidence.rules.operators import Env, evaluate
from evidence.rules.predicates import Context
from evidence.rules.read_rule import read_rule
from evidence.rules.reader import Node
from evidence.times import to_utc_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def rule(op: str, **more: Any) -> Any:
    text = {"en": "-"}
    data = {"id": op, "norm": "n", "clause": text, "category": "c", "op": op, "effect": "indicator", "harm": 1}
    errors: list[str] = []
    made = read_rule(Node({**data, "explain": text, "select": {"channels": ["call"]}, **more}, op, errors), ("en",))
    assert not errors
    return made


def call(local: str, zone: ZoneInfo = SHANGHAI, **more: Any) -> Event:
    at = datetime.fromisoformat(local).replace(tzinfo=zone)
    given: dict[str, Any] = {"direction": "in", "answered": True, "duration_s": 30.0, "role": "collector"}
    given |= {"creditor": "C", "number": "12000000001", "channel": "call", **more}
    start = at.astimezone(UTC)
    return Event(id=f"{local}{sorted(more.items())}", start=start, local=start.astimezone(zone), **given)


def days(*texts: str, **more: Any) -> list[Event]:
    return [call(text, **more) for text in texts]


def results(hits: list[Hit]) -> list[tuple[str, int]]:
    return [(hit.result, hit.counted) for hit in hits]


def fact(kind: str, local: str, form: Any = None, precision: float = 1.0, **keys: str) -> Fact:
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)
    return Fact(kind, Stamp(to_utc_text(at), local, "stated", "local_assumed", None, precision), keys=keys, form=form)


def env(*facts: Fact, **more: Any) -> Env:
    return Env(Context(facts), **more)


DAYTIME = {"allowed": [{"from": "08:00", "to": "22:00"}]}


@pytest.mark.parametrize(
    ("local", "precision", "expected"),
    [
        ("2026-03-10T21:59:59", 1.0, []),
        ("2026-03-10T22:00:00", 1.0, [("met", 1)]),
        ("2026-03-10T07:59:59", 1.0, [("met", 1)]),
        ("2026-03-10T08:00:00", 1.0, []),
        ("2026-03-10T21:58:00", 60.0, []),
        ("2026-03-10T21:59:00", 60.0, [("undetermined", 1)]),
        ("2026-03-10T22:00:00", 60.0, [("undetermined", 1)]),
        ("2026-03-10T22:02:00", 60.0, [("met", 1)]),
        ("2026-03-10T00:00:00", 86400.0, [("undetermined", 1)]),
    ],
)
def test_hours_at_the_limit(local: str, precision: float, expected: list[tuple[str, int]]) -> None:
    assert results(evaluate(rule("hours", **DAYTIME), [call(local, precision_s=precision)], env())) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(60.0, []), (61.0, [("met", 1)])])
def test_a_call_that_runs_into_the_quiet_time(seconds: float, expected: list[tuple[str, int]]) -> None:
    event = call("2026-03-10T21:59:00", duration_s=seconds)
    assert results(evaluate(rule("hours", overlap=True, **DAYTIME), [event], env())) == expected
    assert results(evaluate(rule("hours", **DAYTIME), [event], env())) == []


def test_a_missed_call_does_not_run_into_anything() -> None:
    event = call("2026-03-10T21:59:00", duration_s=300.0, answered=False)
    assert evaluate(rule("hours", overlap=True, **DAYTIME), [event], env()) == []


def test_adjoining_spans_are_one_allowed_time() -> None:
    spans = {"allowed": [{"from": "08:00", "to": "12:00"}, {"from": "12:00", "to": "24:00"}]}
    assert evaluate(rule("hours", overlap=True, **spans), [call("2026-03-10T11:59:30", duration_s=90.0)], env()) == []


def test_hours_over_the_spring_change_use_the_wall_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    events = [call("2026-03-29T21:59:59", berlin), call("2026-03-29T22:00:00", berlin)]
    assert results(evaluate(rule("hours", **DAYTIME), events, env())) == [("met", 1)]


def test_sunday_closed_and_holiday_forbidden() -> None:
    made = rule(
        "hours", holiday="forbidden", allowed=[{"days": WEEK[:6], "from": "08:00", "to": "20:00", "to_incl": True}]
    )
    known = {2026: frozenset({date(2026, 3, 12)})}
    events = days("2026-03-14T20:00:00", "2026-03-15T10:00:00", "2026-03-12T10:00:00", "2027-03-12T10:00:00")
    assert results(evaluate(made, events, env(holidays=known))) == [("met", 1), ("met", 1), ("undetermined", 1)]


def test_agreed_hours_replace_the_default_for_that_lender_only() -> None:
    made = rule("hours", agreed_fact="hours_agreed", **DAYTIME)
    agreed = fact("hours_agreed", "2026-01-01T00:00", creditor="C", **{"from": "10:00", "to": "12:00"})
    events = [call("2026-03-10T09:00:00"), call("2026-03-10T09:00:00", creditor="D")]
    hits = evaluate(made, events, env(agreed))
    assert [hit.key[0] for hit in hits] == ["C"]
    unreadable = fact("hours_agreed", "2026-01-01T00:00", creditor="C", **{"from": "noon", "to": "12:00"})
    assert results(evaluate(made, [call("2026-03-10T23:00:00")], env(unreadable))) == [("undetermined", 1)]


DAILY = {"window": {"kind": "calendar", "unit": "day"}, "limit": 2}


def test_count_by_day_and_what_is_left_out() -> None:
    events = days(*(f"2026-03-10T{h:02d}:00:00" for h in (9, 10, 11)))
    events += [call("2026-03-10T12:00:00", direction="out"), call("2026-03-10T13:00:00", answered=False)]
    select = {"channels": ["call"], "outcomes": ["connected"]}
    (hit,) = evaluate(rule("count", select=select, **DAILY), events, env())
    assert (hit.result, hit.counted, hit.limit) == ("met", 3, 2)
    assert sorted(why for _event, why in hit.left_out) == ["made by the borrower", "not answered"]
    assert (hit.start.isoformat(), hit.end.isoformat()) == ("2026-03-10T00:00:00+08:00", "2026-03-11T00:00:00+08:00")


def test_the_day_of_a_minute_precise_call_at_midnight_is_open() -> None:
    events = days("2026-03-10T09:00:00", "2026-03-10T10:00:00")
    late = call("2026-03-11T00:00:00", precision_s=60.0)
    assert results(evaluate(rule("count", **DAILY), [*events, late], env())) == [("undetermined", 3)]


def test_unknown_outcomes_make_it_undetermined() -> None:
    events = [*days("2026-03-10T09:00:00", "2026-03-10T10:00:00"), call("2026-03-10T11:00:00", answered=None)]
    (hit,) = evaluate(rule("count", select={"channels": ["call"], "outcomes": ["connected"]}, **DAILY), events, env())
    assert hit.result == "undetermined"
    assert [m.what for m in hit.missing] == ["outcome"]


@pytest.mark.parametrize("unknown", ["undetermined", "merge", "separate"])
def test_numbers_of_nobody(unknown: str) -> None:
    strangers = [
        call(f"2026-03-10T{h:02d}:00:00", role=None, creditor=None, number=f"1200000000{h % 4}") for h in range(9, 12)
    ]
    made = rule(
        "count", on_unknown_key=unknown, select={"channels": ["call"], "roles": ["collector", "unknown"]}, **DAILY
    )
    expected = {"undetermined": [("undetermined", 3)], "merge": [("met", 3)], "separate": []}
    assert results(evaluate(made, strangers, env())) == expected[unknown]


def test_merging_is_only_for_senders_the_rule_names() -> None:
    strangers = [call(f"2026-03-10T{h:02d}:00:00", role=None, creditor=None) for h in range(9, 12)]
    assert evaluate(rule("count", on_unknown_key="merge", **DAILY), strangers, env()) == []


def test_strangers_never_complete_a_lenders_count() -> None:
    events = [
        *days("2026-03-10T09:00:00", "2026-03-10T10:00:00"),
        call("2026-03-10T11:00:00", role=None, creditor=None),
    ]
    assert evaluate(rule("count", **DAILY), events, env()) == []
    nameless = call("2026-03-10T11:00:00", creditor=None, number="12000000009")
    (hit,) = evaluate(rule("count", **DAILY), [*events[:2], nameless], env())
    assert hit.result == "undetermined"
    assert [(m.what, m.about) for m in hit.missing] == [("party", "12000000009")]


def test_weeks_months_and_lifetime() -> None:
    events = days("2026-03-01T09:00:00", "2026-03-02T09:00:00", "2026-03-08T09:00:00")
    week = {"window": {"kind": "calendar", "unit": "week"}, "limit": 1}
    assert results(evaluate(rule("count", **week), events, env())) == [("met", 2)]
    sunday = read_rule(
        Node(
            {"id": "w", "norm": "n", "clause": {"en": "-"}, "category": "c", "op": "count", "effect": "indicator"}
            | {"harm": 1, "explain": {"en": "-"}, "select": {"channels": ["call"]}, **week},
            "w",
            [],
        ),
        ("en",),
        Node({"week_starts": "sun"}, "pack", []),
    )
    assert [hit.start.date() for hit in evaluate(sunday, events, env())] == [date(2026, 3, 1)]
    month = {"window": {"kind": "calendar", "unit": "month"}, "limit": 2}
    assert results(evaluate(rule("count", **month), events, env())) == [("met", 3)]
    assert results(evaluate(rule("count", window={"kind": "lifetime"}, limit=2), events, env())) == [("met", 3)]


def test_rolling_days_include_today() -> None:
    seven = {"window": {"kind": "rolling", "unit": "day", "n": 7}, "limit": 1}
    assert evaluate(rule("count", **seven), days("2026-03-01T23:00:00", "2026-03-08T00:10:00"), env()) == []
    near = days("2026-03-01T00:10:00", "2026-03-07T23:00:00")
    assert results(evaluate(rule("count", **seven), near, env())) == [("met", 2)]


def test_distinct_channels_in_a_week() -> None:
    made = rule(
        "count",
        select={"channels": ["call", "sms"]},
        window={"kind": "rolling", "unit": "day", "n": 7},
        limit=1,
        distinct="channel",
    )
    same = days("2026-03-01T09:00:00", "2026-03-02T09:00:00")
    assert evaluate(made, same, env()) == []
    assert results(evaluate(made, [*same, call("2026-03-03T09:00:00", channel="sms")], env())) == [("met", 2)]


@given(st.lists(st.integers(0, 7200), max_size=30), st.integers(1, 5), st.integers(1, 1800))
def test_rolling_windows_agree_with_counting_by_hand(offsets: list[int], limit: int, width: int) -> None:
    base = datetime(2026, 3, 10, 2, tzinfo=UTC)
    events = [
        Event(
            f"e{i:02d}",
            base + timedelta(seconds=s),
            (base + timedelta(seconds=s)).astimezone(SHANGHAI),
            "call",
            "in",
            role="collector",
            creditor="C",
        )
        for i, s in enumerate(offsets)
    ]
    made = rule("count", window={"kind": "rolling", "unit": "second", "n": width}, limit=limit)
    hits = evaluate(made, events, env())
    passing = {
        inner.id
        for outer in events
        if sum(outer.start <= e.start < outer.start + timedelta(seconds=width) for e in events) > limit
        for inner in events
        if outer.start <= inner.start < outer.start + timedelta(seconds=width)
    }
    assert {event.id for hit in hits for event in hit.events} == passing
    assert sum(hit.counted for hit in hits) == len(passing)


def test_spacing_every_second_day() -> None:
    made = rule("spacing", min={"n": 2, "unit": "day"})
    assert evaluate(made, days("2026-03-01T23:00:00", "2026-03-03T01:00:00"), env()) == []
    events = days("2026-03-01T09:00:00", "2026-03-02T09:00:00", "2026-03-03T09:00:00", "2026-03-09T09:00:00")
    assert results(evaluate(made, events, env())) == [("met", 3)]
    doubtful = [events[0], call("2026-03-02T10:00:00", direction=None)]
    assert results(evaluate(made, doubtful, env())) == [("undetermined", 2)]


def test_pause_after_a_conversation() -> None:
    made = rule(
        "latch",
        trigger={"event": {"channel": "call", "outcome": "conversation"}},
        same=["creditor", "person"],
        **{"for": {"n": 7, "unit": "day", "day0_counts": True}},
    )
    talk = call("2026-03-01T10:00:00", duration_s=120.0)
    inside = call("2026-03-07T23:59:59", answered=False, duration_s=0.0)
    outside = call("2026-03-08T00:00:00", answered=False, duration_s=0.0)
    (hit,) = evaluate(made, [talk, inside, outside], env())
    assert [event.id for event in hit.events] == [inside.id]


def test_an_oral_request_lapses_unless_confirmed() -> None:
    made = rule(
        "latch",
        trigger={"facts": ["no_work_calls"]},
        same=["creditor"],
        formality={"oral": {"lapses_after_days": 10, "confirm_within_days": 7}},
    )
    asked = fact("no_work_calls", "2026-03-01T10:00", form="oral", creditor="C")
    events = days("2026-03-05T10:00:00", "2026-03-12T10:00:00")
    assert results(evaluate(made, events, env(asked))) == [("met", 1)]
    confirmed = fact("no_work_calls", "2026-03-06T10:00", form="written", creditor="C")
    assert results(evaluate(made, events, env(asked, confirmed))) == [("met", 2)]


def test_latch_until_another_statement_and_allowed_purposes() -> None:
    made = rule(
        "latch",
        trigger={"facts": ["regulator_pause"]},
        same=["creditor"],
        until=["regulator_pause_end"],
        allow_purposes=["statutory_notice"],
    )
    facts = (fact("regulator_pause", "2026-03-01T00:00", creditor="C"), fact("regulator_pause_end", "2026-03-10T00:00"))
    events = [
        *days("2026-03-05T10:00:00", "2026-03-11T10:00:00"),
        call("2026-03-06T10:00:00", purpose="statutory_notice"),
    ]
    assert results(evaluate(made, events, env(*facts))) == [("met", 1)]


def test_a_refusal_dated_to_the_day_leaves_that_day_open() -> None:
    made = rule("latch", trigger={"facts": ["cease_notice"]}, same=["creditor"])
    asked = fact("cease_notice", "2026-03-01T00:00", precision=86400.0, creditor="C")
    assert results(evaluate(made, days("2026-03-01T18:00:00"), env(asked))) == [("undetermined", 1)]
    assert results(evaluate(made, days("2026-03-02T00:00:01"), env(asked))) == [("met", 1)]
    undated = Fact("cease_notice", Stamp(), keys={"creditor": "C"})
    (hit,) = evaluate(made, days("2026-03-02T00:00:01"), env(undated))
    assert [m.what for m in hit.missing] == ["fact_time"]


def test_forbid_and_exclusions() -> None:
    made = rule(
        "forbid",
        exclude=[{"flags_any": ["consent_time"], "because": {"en": "agreed"}}],
        per=["creditor", "person"],
    )
    fine = call("2026-03-01T10:00:00", flags=frozenset({"consent_time"}))
    assert evaluate(made, [fine], env()) == []
    (hit,) = evaluate(made, [fine, call("2026-03-02T10:00:00")], env())
    assert (hit.counted, [why for _event, why in hit.left_out]) == (1, ["agreed"])


def test_unknown_callers_are_no_question_for_forbid() -> None:
    assert evaluate(rule("forbid"), [call("2026-03-01T10:00:00", role=None, creditor=None)], env()) == []


def test_days_past_due_is_undetermined_without_a_due_date() -> None:
    made = rule("hours", exclude=[{"days_past_due_gt": 15, "because": {"en": "long overdue"}}], **DAYTIME)
    night = call("2026-03-20T23:00:00")
    assert results(evaluate(made, [night], env())) == [("undetermined", 1)]
    assert evaluate(made, [night], env(fact("due_date", "2026-03-04T00:00", creditor="C"))) == []
    assert results(evaluate(made, [night], env(fact("due_date", "2026-03-05T00:00", creditor="C")))) == [("met", 1)]
