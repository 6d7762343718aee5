"""Versions of norms, what a finding may claim, and three-valued predicates."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from evidence.detectors.base import Event, Missing
from evidence.models import Fact, Stamp
from evidence.rules import load_pack
from evidence.rules.gates import applies, effect_of, finding_id, version_for, version_on
from evidence.rules.messages import fill
from evidence.rules.model import Norm, NormVersion
from evidence.rules.predicates import Combine, Context, DurationGe, Equals, FlagsAny, ask, read
from evidence.rules.reader import Node

START = datetime(2026, 3, 10, 2, tzinfo=UTC)
EVENT = Event("e", START, START.astimezone(ZoneInfo("Asia/Shanghai")), "call", "in", creditor="C", role="collector")


def version(start: date, to: date | None = None, **more: str) -> NormVersion:
    given = {"status": "in_force", "applies_by": "event_date", "source": "s", "verification": "primary"}
    return NormVersion(f"v{start}", start, to, checked_on=date(2026, 1, 1), **{**given, **more})


def norm(*versions: NormVersion, force: str = "binding") -> Norm:
    text = {"en": "A law"}
    return Norm("n", text, text, "issuer", "statute", force, versions)


def test_several_versions_live_side_by_side() -> None:
    old, new = version(date(2020, 1, 1), date(2025, 12, 31)), version(date(2026, 1, 1))
    law = norm(old, new)
    assert version_on(law, date(2025, 12, 31)) == old
    assert version_on(law, date(2026, 1, 1)) == new
    assert version_on(law, date(2019, 12, 31)) is None


@pytest.mark.parametrize(
    "more", [{"status": "draft"}, {"status": "unknown"}, {"verification": "belief"}, {"verification": "conflict"}]
)
def test_drafts_and_unproven_texts_are_never_shown(more: dict[str, str]) -> None:
    assert version_on(norm(version(date(2020, 1, 1), **more)), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("force", "verification", "expected"),
    [
        ("binding", "primary", "violation"),
        ("binding", "secondary_multi", "violation"),
        ("binding", "secondary_single", "indicator"),
        ("soft", "primary", "indicator"),
        ("none", "primary", "indicator"),
        ("presumption", "primary", "presumption"),
    ],
)
def test_what_a_norm_can_carry(force: str, verification: str, expected: str) -> None:
    stated = version(date(2020, 1, 1), verification=verification)
    assert effect_of(norm(stated, force=force), stated, "violation") == expected
    assert effect_of(norm(stated, force=force), stated, "indicator") == "indicator"


def test_a_law_for_new_loans_asks_for_the_day_of_the_loan() -> None:
    law = norm(version(date(2026, 3, 1), applies_by="contract_date"))
    assert version_for(law, EVENT, Context()) == (None, (Missing("fact", "loan"),))
    for day, found in (("2026-02-01", False), ("2026-03-05", True)):
        fact = Fact("loan", Stamp(f"{day}T02:00:00.000Z"), keys={"creditor": "C"})
        chosen, missing = version_for(law, EVENT, Context((fact,)))
        assert (chosen is not None, missing) == (found, ())


def test_scope_of_the_shipped_standard() -> None:
    pack = load_pack("cn")
    rule = next(r for r in pack.rules if r.id == "cn.hours.calls")
    reaches = applies(rule, pack, Context())
    assert reaches(EVENT) == (None, (Missing("lender_type", "C"),))
    assert reaches(replace(EVENT, lender_type="bank"))[0] is True
    assert reaches(replace(EVENT, lender_type="private_individual"))[0] is False
    early = datetime(2025, 2, 27, 2, tzinfo=UTC)
    assert reaches(replace(EVENT, lender_type="bank", start=early, local=early))[0] is False


TRUE, FALSE, OPEN = Equals("channel", ("call",)), Equals("channel", ("sms",)), DurationGe(5)


@pytest.mark.parametrize(("first", "second"), list(product((TRUE, FALSE, OPEN), repeat=2)))
def test_three_valued_logic(first: Equals | DurationGe, second: Equals | DurationGe) -> None:
    values = {TRUE: True, FALSE: False, OPEN: None}
    pair = (values[first], values[second])
    both = False if False in pair else None if None in pair else True
    either = True if True in pair else None if None in pair else False
    assert ask(Combine("all", (first, second)), EVENT, Context())[0] is both
    assert ask(Combine("any", (first, second)), EVENT, Context())[0] is either
    opposite = {True: False, False: True, None: None}[pair[0]]
    answer, missing = ask(Combine("not", (first,)), EVENT, Context())
    assert answer is opposite
    assert (missing == (Missing("duration", "e"),)) is (answer is None)


def test_a_flag_that_is_not_set_may_say_nothing() -> None:
    assert ask(FlagsAny(("debtor_reached",)), EVENT, Context())[0] is False
    assert ask(FlagsAny(("debtor_reached",), True), EVENT, Context())[0] is None
    assert ask(FlagsAny(("debtor_reached",), True), replace(EVENT, flags=frozenset({"debtor_reached"})), Context())[0]


def test_facts_count_only_before_the_event_and_for_their_lender() -> None:
    errors: list[str] = []
    made = read(Node({"fact_within": {"fact": "consent_calls", "last": {"n": 7}, "same": ["creditor"]}}, "p", errors))
    assert made is not None
    assert errors == []

    def answer(at: str, **keys: str) -> bool | None:
        return ask(made, EVENT, Context((Fact("consent_calls", Stamp(at), keys=keys),)))[0]

    assert answer("2026-03-09T02:00:00.000Z", creditor="C") is True
    assert answer("2026-03-09T02:00:00.000Z", creditor="D") is False
    assert answer("2026-03-09T02:00:00.000Z") is None
    assert answer("2026-03-11T02:00:00.000Z", creditor="C") is False
    assert answer("2026-03-01T02:00:00.000Z", creditor="C") is False


def test_unknown_words_in_a_predicate_are_faults() -> None:
    errors: list[str] = []
    read(Node({"channel": "telepathy", "regex": ".*"}, "p", errors))
    assert any("telepathy" in e for e in errors)
    assert any("p.regex: unknown key" in e for e in errors)


def test_texts_of_a_pack_cannot_reach_into_the_program() -> None:
    assert fill("{n} {n.__class__} {other}", {"n": "3"}) == "3 {n.__class__} {other}"


def test_finding_ids_are_stable_and_do_not_depend_on_the_order() -> None:
    assert finding_id("r", "v", ["b", "a"]) == finding_id("r", "v", ["a", "b", "a"])
    assert finding_id("r", "v", ["a"]) != finding_id("r", "w", ["a"])
    assert finding_id("r", "v", ["a"]) == "f" + hashlib.sha256(b"r\nv\na").hexdigest()[:16]
