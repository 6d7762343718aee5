"""Whether an answer has the shape that its field asks for. Returns words to show, or nothing when it is well."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from complaints.filing import NONE, lender_type
from complaints.recipients.schema import Field
from evidence.i18n import gettext as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ID = re.compile(r"[0-9]{17}[0-9Xx]")
_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?")


def fault(field: Field, value: str, today: date | None = None) -> str:
    """What is wrong with ``value`` (in the user's language), or nothing. Without ``today`` no date is too late."""
    today = today or date.max
    if field.max_chars and len(value) > field.max_chars:
        return _("longer than the {n} characters that fit").format(n=field.max_chars)
    match field.format:
        case "cn_id18":
            return id_problem(value, today)
        case "cn_phone":
            return phone_problem(value)
        case "date":
            return date_problem(value, today)
        case "date_or_none":
            return "" if value == NONE else date_problem(value, today)
        case "amount":
            return amount_problem(value)
        case "enum":
            choice = lender_type(value) if field.id == "respondent.type" else value
            return (
                "" if choice in field.choices else _("not one of: {choices}").format(choices=", ".join(field.choices))
            )
        case "enum_list":
            return list_problem(field, value)
        case "yes":
            return "" if value == "yes" else _("the only answer is: yes")
        case "text":
            return ""


def id_problem(value: str, today: date) -> str:
    """A Chinese resident identity number: 18 characters, a day of birth that existed, the check character.

    Source: GB 11643 (ISO 7064 MOD 11-2 over the first 17 digits).
    """
    number = value.strip().upper()
    if not _ID.fullmatch(number):
        return _("an identity number has 18 characters, digits with perhaps an X at the end")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return _("the day of birth in the identity number does not exist")
    if born > today:
        return _("the day of birth in the identity number lies in the future")
    if check_character(number[:17]) != number[17]:
        return _("the last character does not fit the other digits of the identity number")
    return ""


def check_character(digits: str) -> str:
    """The 18th character for the first 17 digits of an identity number."""
    return _CHECK[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def phone_problem(value: str) -> str:
    """A mainland mobile (11 digits from 1) or fixed line with area code."""
    compact = re.sub(r"[\s()（）]", "", value).removeprefix("+86")
    if _MOBILE.fullmatch(compact) or _LANDLINE.fullmatch(compact):
        return ""
    return _("neither a mobile number with 11 digits nor a fixed line with area code")


def date_problem(value: str, today: date) -> str:
    """A calendar day written YYYY-MM-DD that is not in the future."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return _("not a date; write it like 2026-03-08")
    return _("the date lies in the future") if day > today else ""


def amount_problem(value: str) -> str:
    """A positive amount of money, with or without thousands separators."""
    try:
        amount = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return _("not an amount; write it like 20000 or 20000.50")
    return "" if amount.is_finite() and amount > 0 else _("the amount must be above zero")


def list_problem(field: Field, value: str) -> str:
    """Words of the field's choices, separated by commas."""
    unknown = [w.strip() for w in value.replace("，", ",").split(",") if w.strip() and w.strip() not in field.choices]
    if not unknown:
        return ""
    return _("{unknown} is not one of: {choices}").format(unknown=", ".join(unknown), choices=", ".join(field.choices))
