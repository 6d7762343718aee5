"""What stops a filing, what is only said, and the shapes of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.formats import amount_problem, check_character, date_problem, id_problem, phone_problem
from complaints.models import Missing
from complaints.preflight import last_day, preflight
from complaints.recipients import get
from evidence.models import Review

TODAY = date(2026, 6, 1)


def checked(story: ModuleType, recipient: str = "nfra_complaint", **answers: str | None) -> tuple[Missing, ...]:
    """Preflight of the invented case with some answers changed; None takes one away."""
    changed = {k.replace("__", "."): v for k, v in answers.items()}
    kept = {k: v for k, v in (story.ANSWERS | changed).items() if v is not None}
    return preflight(story.view(kept), story.findings(), get("cn", recipient), story.TODAY)


def blocking(found: tuple[Missing, ...]) -> dict[str, str]:
    return {m.code: m.field for m in found if m.blocking}


@pytest.mark.parametrize("recipient", ["nfra_complaint", "consumer_association", "lender"])
def test_the_complete_case_passes(story: ModuleType, recipient: str) -> None:
    found = checked(story, recipient)
    assert blocking(found) == {}
    said = {m.code for m in found}
    assert {"undecided", "confirmed_stays_out", "pictures_unmasked"} <= said


def test_a_missing_field_is_named_with_question_and_command(story: ModuleType) -> None:
    found = checked(story, respondent__legal_name=None)
    one = next(m for m in found if m.code == "field_required")
    assert one.blocking
    assert one.field == "respondent.legal_name"
    assert one.question.endswith("?")
    assert one.command.startswith("dunlog interview --set respondent.legal_name=")
    assert found[0].blocking


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("complainant__id_no", "990101199605120025"),
        ("complainant__phone", "12345"),
        ("debt__loan_date", "2026-13-01"),
        ("debt__principal", "viel"),
        ("prior_complaint__date", "2027-01-01"),
        ("respondent__type", "shop"),
    ],
)
def test_a_bad_answer_stops_the_filing(story: ModuleType, field: str, value: str) -> None:
    assert blocking(checked(story, **{field: value})).get("field_invalid") == field.replace("__", ".")


def test_wrong_recipient_names_who_is_competent(story: ModuleType) -> None:
    found = checked(story, respondent__type="microloan")
    one = next(m for m in found if m.code == "wrong_recipient")
    assert one.blocking
    assert "local financial administration" in one.message
    assert one.command == "dunlog dossier --to lender"
    assert "wrong_recipient" not in blocking(checked(story, "consumer_association", respondent__type="microloan"))
    assert "wrong_recipient" in blocking(checked(story, respondent__type="platform"))


def test_the_answer_must_agree_with_the_party(story: ModuleType) -> None:
    assert "lender_type_differs" in blocking(checked(story, respondent__type="bank"))


def test_nothing_confirmed_stops_the_filing(story: ModuleType) -> None:
    empty = story.view(reviews={})
    found = preflight(empty, story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    assert blocking(found) == {"no_confirmed_finding": ""}
    dismissed = {f.id: Review(f.id, "dismissed", "no") for f in story.findings()}
    found = preflight(story.view(reviews=dismissed), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    assert blocking(found) == {"no_confirmed_finding": ""}


def test_no_complaint_to_the_lender_is_said_and_does_not_stop(story: ModuleType) -> None:
    found = checked(story, prior_complaint__date="none")
    assert not blocking(found)
    assert any(m.code == "step_before" for m in found)
    assert not any(m.code == "step_before" for m in checked(story))


def test_dates_that_contradict(story: ModuleType) -> None:
    found = blocking(checked(story, debt__loan_date="2026-03-01", debt__overdue_since="2026-02-01"))
    assert found["dates_contradict"] == "debt.overdue_since"


def test_an_appeal_period_is_computed(story: ModuleType) -> None:
    found = [m.message for m in checked(story, prior_complaint__reply_date="2026-05-15") if m.code == "deadline"]
    assert any("until 2026-06-14" in text for text in found)
    found = [
        m.message for m in checked(story, prior_complaint__date="2026-01-02", prior_complaint__reply_date="2026-02-01")
    ]
    assert any("over since 2026-03-03" in text for text in found)


def test_a_request_of_another_recipient_is_only_said(story: ModuleType) -> None:
    found = checked(story, desired_resolution="mediate")
    assert not blocking(found)
    assert any(m.code == "field_invalid" and m.field == "desired_resolution" for m in found)


def test_last_day_of_years_and_business_days() -> None:
    period = get("cn", "consumer_association").deadlines[0]
    assert period.unit == "years"
    assert last_day(date(2024, 2, 29), period) == date(2027, 2, 28)


@given(st.integers(0, 10**17 - 1))
def test_the_check_character_finds_any_single_wrong_digit(number: int) -> None:
    digits = f"{number:017d}"
    good = check_character(digits)
    for place in range(17):
        other = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert check_character(other) != good


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("990101199605120024", True),
        ("990101199605120024 ", True),
        ("99010119960512002", False),
        ("990101199613120024", False),
        ("\uff19\uff190101199605120024", False),
    ],
)
def test_identity_numbers(number: str, fine: bool) -> None:
    assert (id_problem(number, TODAY) == "") is fine


@pytest.mark.parametrize(
    ("number", "fine"), [("12600010001", True), ("+86 126 0001 0001", True), ("010-12345678", True), ("1260001", False)]
)
def test_phone_numbers(number: str, fine: bool) -> None:
    assert (phone_problem(number) == "") is fine


def test_dates_and_amounts() -> None:
    assert date_problem("2026-05-31", TODAY) == ""
    assert date_problem("2026-06-02", TODAY)
    assert date_problem("31.5.2026", TODAY)
    assert amount_problem("18,600.00") == ""
    assert amount_problem("-5")
    assert amount_problem("nan")


def test_confirmed_findings_that_stay_out_are_counted_by_reason(story: ModuleType) -> None:
    said = [m.message for m in checked(story) if m.code == "confirmed_stays_out"]
    assert said == [
        "1 confirmed finding stays out, because this is not known: lender_type.",
        "1 confirmed finding stays out, because it is about another lender: 别的银行.",
    ]


@pytest.mark.parametrize(
    ("needs", "command"),
    [
        (("party",), "dunlog party set"),
        (("date", "speaker"), "dunlog review f-undetermined --confirm --by other"),
        (("time",), "dunlog findings"),
    ],
)
def test_a_confirmed_finding_that_stays_out_names_the_command_that_helps(
    story: ModuleType, needs: tuple[str, ...], command: str
) -> None:
    findings = tuple(replace(f, needs=needs) if f.id == "f-undetermined" else f for f in story.findings())
    told = preflight(story.view(), findings, get("cn", "nfra_complaint"), story.TODAY)
    assert command in [m.command for m in told if m.code == "confirmed_stays_out"]
