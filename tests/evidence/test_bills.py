"""Rows of a carrier's bill join with the calls they tell of again, and with no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evidence import i18n
from evidence.bills import hides_number, may_be
from evidence.linking import Policy, link
from evidence.models import Media, Record, Stamp
from evidence.times import to_utc_text

BASE = datetime(2026, 3, 10, 1, tzinfo=UTC)
NUMBER = "12738206114"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def call(ident: str, seconds: float, source: str = "phone", **more: Any) -> Record:
    stamp = Stamp(to_utc_text(BASE + timedelta(seconds=seconds)), "", more.pop("basis", "export"), "epoch_utc")
    number = more.pop("number", NUMBER)
    given: dict[str, Any] = {"direction": "in", "outcome": "answered", "duration_s": 65.0, "number_raw": number}
    return Record("call", "call", ident, stamp, number=number, id=ident, source=source, **{**given, **more})


def billed(ident: str, seconds: float, source: str = "bill", **more: Any) -> Record:
    return call(ident, seconds, source, **{"extras": {"operator": "china_mobile", "operator_basis": "title"}, **more})


def pairs(*records: Record, policy: Policy | None = None) -> set[tuple[str, str]]:
    return {(one.first, one.second) for one in link(records, policy or Policy())}


def test_the_bill_may_begin_with_the_answer() -> None:
    assert pairs(call("p", 0), billed("b", 40)) == {("p", "b")}
    assert pairs(call("p", 0), billed("b", 91)) == set()


@pytest.mark.parametrize(
    "other",
    [
        {"number": "12738206115"},
        {"direction": "out"},
        {"duration_s": 71.0},
        {"outcome": "missed"},
        {"holder": "mother"},
    ],
)
def test_what_differs_stays_apart(other: dict[str, Any]) -> None:
    assert pairs(call("p", 0, **other), billed("b", 3)) == set()


@pytest.mark.parametrize("raw", ["127****6114", "0086127****6114", "***", "", "对方号码", "127xxxx6114", "127●●●●6114"])
def test_a_hidden_number_joins_with_the_only_call_that_fits(raw: str) -> None:
    bill = billed("b", 20, number=None, number_raw=raw)
    assert hides_number(bill)
    assert pairs(call("p", 0), bill) == {("p", "b")}
    assert pairs(call("p", 0), call("q", 50, number="12738206999"), bill) == (
        {("p", "b")} if "6114" in raw else set()
    ), "two calls fit when no digit is shown"


def test_visible_digits_must_fit() -> None:
    bill = billed("b", 20, number=None, number_raw="127****6114")
    assert not may_be(bill, "12738206115")
    assert not may_be(bill, None)
    assert pairs(call("p", 0, number="12738206115"), bill) == set()


def test_a_hidden_number_needs_a_length_that_fits_closely() -> None:
    bill = billed("b", 20, number=None, number_raw="***")
    assert pairs(call("p", 0, duration_s=68.0), bill) == set()
    assert pairs(call("p", 0, duration_s=None), bill) == set()


def test_two_rows_for_one_call_join_once() -> None:
    assert len(pairs(call("p", 0), billed("b", 3), billed("c", 30))) == 1


def test_the_same_month_downloaded_twice_counts_once() -> None:
    found = pairs(billed("b", 0, "xls"), billed("c", 0, "csv"), call("p", -10))
    assert found == {("b", "c"), ("p", "b")}


def test_phone_bill_and_recording_of_one_call() -> None:
    sound = (Media("ab" * 32, 9, "audio/amr", "x.amr"),)
    recording = call("r", 5, "file", basis="filename", media=sound, direction=None, outcome=None, duration_s=61.0)
    assert pairs(call("p", 0), billed("b", 8), recording) == {("p", "b"), ("p", "r")}
    assert pairs(billed("b", 8), recording) == {("b", "r")}


def test_billed_messages_have_no_text() -> None:
    def sms(ident: str, seconds: float, text: str | None, **more: Any) -> Record:
        stamp = Stamp(to_utc_text(BASE + timedelta(seconds=seconds)), "", "export", "epoch_utc")
        return Record("sms", "sms", ident, stamp, "out", NUMBER, NUMBER, text=text, id=ident, **more)

    bill = sms("b", 30, None, source="bill", extras={"operator": "china_unicom", "operator_basis": "title"})
    assert pairs(sms("p", 0, "words", source="phone"), bill) == {("p", "b")}
    assert pairs(sms("p", -40, "words", source="phone"), bill) == set()


def test_a_bill_can_be_treated_as_any_export() -> None:
    assert pairs(call("p", 0), billed("b", 40), policy=Policy(bills=None)) == set()
