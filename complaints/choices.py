"""The choices of a question as a person reads them, and what a typed answer means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from complaints.recipients.schema import Field, Recipient
from evidence.i18n import gettext as _
from evidence.i18n import language


def lender_names() -> dict[str, str]:
    """Each kind of lender in the words of the active language."""
    return {
        "bank": _("bank"),
        "consumer_finance": _("consumer finance company"),
        "auto_finance": _("auto finance company"),
        "trust": _("trust company"),
        "microloan": _("microloan company"),
        "guarantee_co": _("financing guarantee company"),
        "facilitation_platform": _("online platform that arranges loans of others"),
        "third_party_collector": _("collection firm"),
        "debt_buyer": _("buyer of the debt"),
        "payment_institution": _("payment institution that is no bank"),
        "unlicensed_lender": _("lender without a licence"),
        "private_individual": _("private person"),
    }


def labels(field: Field, recipients: Iterable[Recipient]) -> dict[str, str]:
    """The choices of ``field`` with their names, in the order they are shown; empty for a free answer."""
    if field.format == "yes":
        return {"yes": _("yes")}
    names = {"yes": _("yes"), "no": _("no"), **lender_names()}
    for recipient in recipients:
        for request in recipient.requests:
            names.setdefault(request.id, request.text.of(language()))
    return {choice: names.get(choice, choice) for choice in field.choices}


def meant(field: Field, typed: str, choices: dict[str, str]) -> str:
    """The stored form of what was typed: a number of the list or a name becomes the choice itself.

    Anything else comes back unchanged, for the check that follows.
    """
    if not choices:
        return typed
    known = dict(zip(map(str, range(1, len(choices) + 1)), choices, strict=True))
    known |= {name.casefold(): choice for choice, name in choices.items()} | {"y": "yes", "n": "no"}
    if field.format != "enum_list":
        return known.get(typed.casefold(), typed)
    words = [word for word in re.split(r"[\s,，、]+", typed) if word]
    return ",".join(known.get(word.casefold(), word) for word in words)
