"""What stands between a case and a filing: named, with the question to ask and the command to type.

Blocking: a required answer, no confirmed finding, a recipient who is not competent for this lender. Advisory:
what would make the filing better, and what its reader should know. Pure.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from complaints.dossier import entering
from complaints.filing import NONE, lender_type
from complaints.formats import fault
from complaints.models import Missing
from complaints.recipients.schema import Deadline, Field, Recipient
from evidence.i18n import gettext as _
from evidence.i18n import language, ngettext
from evidence.models import CaseView, Finding
from evidence.parties import same_name

_MOST_NAMED = 3


def preflight(view: CaseView, findings: tuple[Finding, ...], recipient: Recipient, today: str) -> tuple[Missing, ...]:
    """Everything missing or worth saying, blocking things first. ``today`` is an ISO date."""
    day = date.fromisoformat(today)
    found = [*_fields(view, recipient, day), *_competence(view, recipient), *_findings(view, findings, day)]
    found += [*_order(view), *_before(view, recipient), *_deadlines(view, recipient, day), *_pictures(view, findings)]
    return tuple(sorted(found, key=lambda m: not m.blocking))


def _command(field: Field) -> str:
    example = field.example or "…"
    return f"dunlog interview --set {field.id}={example}"


def _fields(view: CaseView, recipient: Recipient, today: date) -> list[Missing]:
    found = []
    for field in recipient.fields:
        answer = view.answers.get(field.id)
        value = answer.value.strip() if answer else ""
        question, command = field.ask.of(language()), _command(field)
        if not value:
            if field.requirement == "required":
                text = _("Missing: {field}.").format(field=field.id)
                found.append(Missing("field_required", text, True, field.id, question, command))
            elif field.requirement == "advised":
                text = _("Not answered: {field}. The filing is better with it.").format(field=field.id)
                found.append(Missing("field_advised", text, False, field.id, question, command))
            continue
        wrong = fault(field, value, today)
        if wrong:
            text = _("{field} cannot be used: {why}.").format(field=field.id, why=wrong)
            # A list of requests may name some that only another recipient can grant.
            found.append(Missing("field_invalid", text, field.format != "enum_list", field.id, question, command))
    return found


def _competence(view: CaseView, recipient: Recipient) -> list[Missing]:
    """Whether this recipient takes complaints about this kind of lender, and who else does."""
    answer = view.answers.get("respondent.type")
    kind = lender_type(answer.value) if answer else ""
    if not kind:
        return []  # the missing answer is named by the fields
    found = []
    turned = next((t for t in recipient.turned_away if t.lender_type == kind), None)
    if turned is not None:
        why, instead = turned.why.of(language()), turned.instead.of(language())
        text = _("This is not the right recipient: {why}. Competent: {instead}.").format(why=why, instead=instead)
        command = "dunlog recipients" if not turned.instead_ids else f"dunlog dossier --to {turned.instead_ids[0]}"
        found.append(Missing("wrong_recipient", text, True, "respondent.type", command=command))
    elif kind not in recipient.lender_types:
        text = _("This recipient is not known to take complaints about this kind of lender ({kind}).").format(kind=kind)
        found.append(Missing("wrong_recipient", text, True, "respondent.type", command="dunlog recipients"))
    found += _contradiction(view, kind)
    return found


def _contradiction(view: CaseView, kind: str) -> list[Missing]:
    """What was stated about the lender as a party may differ from the answer."""
    name = view.answers.get("respondent.legal_name")
    if name is None:
        return []
    told = {
        p.lender_type
        for p in view.parties.values()
        if p.lender_type and p.role in ("lender", "platform") and same_name(p.name or "") == same_name(name.value)
    }
    if not told or kind in told:
        return []
    text = _("The lender is answered to be {kind}, but stated as {told} among the parties.").format(
        kind=kind, told=", ".join(sorted(told))
    )
    return [Missing("lender_type_differs", text, True, "respondent.type")]


def _findings(view: CaseView, findings: tuple[Finding, ...], today: date) -> list[Missing]:
    entered = {f.id for f in entering(view, findings)}
    found = []
    if not entered:
        text = _("No confirmed finding can enter this filing. Look at each finding and decide.")
        found.append(Missing("no_confirmed_finding", text, True, command="dunlog review"))
    open_ = [f for f in findings if f.id not in view.reviews and f.filing and f.effect != "undetermined"]
    if open_:
        n = len(open_)
        text = ngettext(
            "{n} finding is not decided yet and stays out.", "{n} findings are not decided yet and stay out.", n
        ).format(n=n)
        found.append(Missing("undecided", text, False, command="dunlog review"))
    confirmed = [
        f
        for f in findings
        if f.id in view.reviews and view.reviews[f.id].decision == "confirmed" and f.id not in entered
    ]
    found += _left_out(confirmed)
    unattributed = sum(f.creditor is None for f in findings if f.id in entered)
    if unattributed:
        text = _(
            "For {n} findings it is not stated for which lender the number works. The filing says so; "
            "state the party if you know it."
        ).format(n=unattributed)
        found.append(Missing("unattributed", text, False, command="dunlog party set"))
    return found


def _left_out(confirmed: list[Finding]) -> list[Missing]:
    """Why confirmed findings do not enter: something is not known, or they are about another lender."""
    open_ = [f for f in confirmed if f.effect == "undetermined" or not f.filing]
    other = [f for f in confirmed if f not in open_]
    found = []
    if open_:
        words = list(dict.fromkeys(m for f in open_ for m in f.missing)) or [_("something that the rule needs")]
        shown = "; ".join(words[:_MOST_NAMED]) + (" …" if len(words) > _MOST_NAMED else "")
        text = ngettext(
            "{n} confirmed finding stays out, because this is not known: {what}.",
            "{n} confirmed findings stay out, because this is not known: {what}.",
            len(open_),
        ).format(n=len(open_), what=shown)
        found.append(Missing("confirmed_stays_out", text, False, command=_answer(open_)))
    if other:
        lenders = ", ".join(dict.fromkeys(f.creditor or "?" for f in other))
        text = ngettext(
            "{n} confirmed finding stays out, because it is about another lender: {lenders}.",
            "{n} confirmed findings stay out, because they are about another lender: {lenders}.",
            len(other),
        ).format(n=len(other), lenders=lenders)
        found.append(Missing("confirmed_stays_out", text, False))
    return found


def _answer(undecided: list[Finding]) -> str:
    """The command that supplies what most often is missing: who wrote, who calls, who was called."""
    for one in undecided:
        if "speaker" in one.needs:
            return f"dunlog review {one.id} --confirm --by other"
    needed = {need for one in undecided for need in one.needs}
    return "dunlog party set" if needed & {"party", "relation", "lender_type"} else "dunlog findings"


def _order(view: CaseView) -> list[Missing]:
    """Dates that contradict each other."""
    days = {}
    for field in ("debt.loan_date", "debt.overdue_since", "prior_complaint.date", "prior_complaint.reply_date"):
        answer = view.answers.get(field)
        try:
            days[field] = date.fromisoformat(answer.value.strip()) if answer else None
        except ValueError:
            days[field] = None
    found = []
    for first, second in (
        ("debt.loan_date", "debt.overdue_since"),
        ("prior_complaint.date", "prior_complaint.reply_date"),
    ):
        a, b = days[first], days[second]
        if a is not None and b is not None and b < a:
            text = _("{second} lies before {first}.").format(first=first, second=second)
            found.append(Missing("dates_contradict", text, True, second))
    return found


def _before(view: CaseView, recipient: Recipient) -> list[Missing]:
    """Steps that should come first and were not taken."""
    answer = view.answers.get("prior_complaint.date")
    complained = answer is not None and answer.value.strip() not in ("", NONE)
    complained = complained or any(fact.type == "complaint_to_firm" for fact in view.facts)
    return [
        Missing("step_before", step.text.of(language()), step.blocking, "prior_complaint.date")
        for step in recipient.needs_before
        if not (step.fact == "complaint_to_firm" and complained)
    ]


def _deadlines(view: CaseView, recipient: Recipient, today: date) -> list[Missing]:
    """Periods that run for or against the complainant. An appeal period that has passed is said."""
    found = []
    for deadline in recipient.deadlines:
        if deadline.role == "answer":
            continue  # runs after filing; kept with the filing
        answer = view.answers.get(deadline.start)
        try:
            start = date.fromisoformat(answer.value.strip()) if answer else None
        except ValueError:
            start = None
        if start is None:
            continue
        last = last_day(start, deadline)
        key = _("Period over since {day}: {text}") if last < today else _("Period until {day}: {text}")
        text = key.format(day=last.isoformat(), text=deadline.text.of(language()))
        found.append(Missing("deadline", text, False))
    return found


def last_day(start: date, deadline: Deadline) -> date:
    """The last day of a period that starts the day after ``start`` (Civil Code 201). Holidays are not looked at."""
    if deadline.unit == "business_days":
        day, left = start, deadline.n
        while left:
            day += timedelta(1)
            left -= day.weekday() < 5
        return day
    if deadline.unit in ("months", "years"):
        months = start.month - 1 + deadline.n * (12 if deadline.unit == "years" else 1)
        year, month = start.year + months // 12, months % 12 + 1
        return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return start + timedelta(deadline.n * (7 if deadline.unit == "weeks" else 1))


def _pictures(view: CaseView, findings: tuple[Finding, ...]) -> list[Missing]:
    """Pictures go in as they are: the borrower has to look at them."""
    records = {r for f in entering(view, findings) for r in f.records}
    n = sum(any(m.mime.startswith("image/") for m in r.media) for r in view.records if r.id in records)
    if not n:
        return []
    text = ngettext(
        "{n} picture goes in unmasked. Look whether it shows other people's names or numbers.",
        "{n} pictures go in unmasked. Look whether they show other people's names or numbers.",
        n,
    ).format(n=n)
    return [Missing("pictures_unmasked", text, False)]
