"""Who can be complained to in this case, and why: the recipients' own data against lender and conduct."""

from __future__ import annotations

from typing import Any

from complaints.preflight import preflight
from complaints.recipients import all_recipients
from complaints.recipients.schema import Recipient
from evidence.findings import current_findings
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.log import Case
from evidence.timeline import load_view

_ORDER = ("firm", "consumer_body", "regulator", "ombudsman", "industry", "privacy", "platform", "police", "court")


def route_rows(case: Case | None, country: str = "cn") -> list[dict[str, Any]]:
    """One row per recipient, the ones that fit first, in the order to go to them (the lender before others).

    Without a case the rows only say what each recipient is for.
    """
    if case is None:
        return [_row(recipient, None, "", []) for recipient in _sorted(country)]
    view = load_view(case)
    findings = current_findings(case, view)
    answer = view.answers.get("respondent.type")
    kind = answer.value if answer else None
    today = case.now()[:10]
    out = []
    for recipient in _sorted(case.header.jurisdiction):
        missing = [one.message for one in preflight(view, findings, recipient, today) if one.blocking]
        fits, why = _fit(recipient, kind)
        out.append(_row(recipient, fits, why, missing))
    out.sort(key=lambda row: not row["fits"])
    for i, row in enumerate(out, 1):
        row["order"] = i
    return out


def _sorted(country: str) -> list[Recipient]:
    return sorted(
        all_recipients(country).values(), key=lambda r: (_ORDER.index(r.kind) if r.kind in _ORDER else 99, r.id)
    )


def _fit(recipient: Recipient, kind: str | None) -> tuple[bool | None, str]:
    if kind is None:
        return None, _("The kind of lender is not stated yet (respondent.type).")
    for turned in recipient.turned_away:
        if turned.lender_type == kind:
            words = _("Does not take this: {why}. Instead: {instead}")
            return False, words.format(why=turned.why.of(language()), instead=turned.instead.of(language()))
    if recipient.lender_types and kind not in recipient.lender_types:
        return False, _("Does not take complaints about this kind of lender.")
    return True, recipient.summary.of(language())


def _row(recipient: Recipient, fits: bool | None, why: str, missing: list[str]) -> dict[str, Any]:
    return {
        "order": 0,
        "id": recipient.id,
        "name": recipient.name.of(language()),
        "kind": recipient.kind,
        "fits": bool(fits),
        "why": why or recipient.summary.of(language()),
        "answer_in": recipient.answer_in.of(language()),
        "fee": recipient.fee.of(language()),
        "can": [text.of(language()) for text in recipient.can],
        "cannot": [text.of(language()) for text in recipient.cannot],
        "missing": missing,
        "verification": recipient.verification,
        "checked_on": recipient.checked_on.isoformat(),
    }
