"""Sentences of the engine itself: what is missing, what was left out, how a count was made."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evidence.detectors.base import Missing
from evidence.i18n import gettext as _

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


def _template(what: str) -> str:
    """One sentence per kind of input; translated only when it is needed."""
    match what:
        case "party":
            return _("who number {about} belongs to, and for which lender it calls")
        case "withheld":
            return _("who called from a withheld number")
        case "lender_type":
            return _("what kind of institution {about} is (the lender named in the loan contract)")
        case "relation":
            return _("how {about} is related to the borrower")
        case "direction":
            return _("who called or wrote (record {about})")
        case "speaker":
            return _("who wrote or said this (record {about})")
        case "outcome":
            return _("whether the call was answered (record {about})")
        case "duration":
            return _("how long the call lasted (record {about})")
        case "time":
            return _("the exact time (record {about} is not precise enough)")
        case "date":
            return _("the day on which it was received")
        case "purpose":
            return _("whether the message asked for payment (record {about})")
        case "fact_keys":
            return _("to which lender and person the statement “{about}” refers")
        case "fact_time":
            return _("when the statement “{about}” was made")
        case "fact":
            return _("a statement about “{about}”")
        case "flag":
            return _("whether the lender could reach the borrower at that time")
        case "calendar":
            return _("the public holidays of {about}")
        case "debt_type":
            return _("what kind of debt it is")
        case "clause":
            return _("more contacts or circumstances: the conditions of no clause are met so far")
    return what + " {about}"


def missing_text(missing: Missing) -> str:
    """What a person must supply so that the question can be decided."""
    what = "withheld" if missing.what == "party" and not missing.about else missing.what
    about = missing.about or (_("the lender") if what == "lender_type" else "")
    return _template(what).format(about=about).strip()


def left_out_reason(reason: str) -> str:
    """Why an event was left out; ``maybe`` is the detectors' word for one that counts only perhaps."""
    return _("not certain enough to be counted: who, when or how is not known") if reason == "maybe" else reason


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace ``{word}`` only: no attributes, no format mini-language, so a pack cannot reach into the program."""
    return _PLACEHOLDER.sub(lambda m: values.get(m.group(1), m.group(0)), template)
