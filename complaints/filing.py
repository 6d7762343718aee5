"""What the borrower states: parties, debt, earlier complaint, requests. Answers come from the interview."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from complaints import clock
from complaints.blocks import Span, Spans, Table
from complaints.casebook import CaseBook
from complaints.exhibits import Plan
from complaints.identity import LENDER_SIDE
from complaints.models import Foreign, Ground, Prior, Row, Statement
from complaints.recipients.schema import Authority, Recipient, Request
from complaints.tables import make_table
from complaints.wording import Wording, fill, joined
from evidence.parties import CREDITOR_SIDE

NONE = "none"
PROCEEDINGS = "other_proceedings"
COMPLAINANT = ("complainant.name", "complainant.id_no", "complainant.phone", "complainant.address")
RESPONDENT = ("respondent.legal_name", "respondent.type", "respondent.address", "account.ref")
_ALIASES = {"platform": "facilitation_platform", "collector": "third_party_collector"}


def lender_type(word: str) -> str:
    """A lender type in the closed vocabulary; two short words of the interview are understood as well."""
    return _ALIASES.get(word.strip(), word.strip())


def addressee(book: CaseBook, recipient: Recipient) -> Spans:
    """Whom the letter is addressed to; without a stated region the general name."""
    values = {
        "region": Foreign(book.answer("filing.region")),
        "respondent": Foreign(book.answer("respondent.legal_name")),
    }
    if "{region}" in recipient.addressee.zh and not values["region"]:
        return (Span(recipient.name.zh),)
    return fill(recipient.addressee.zh, values)


def party_table(book: CaseBook, found: tuple[Row, ...]) -> Table:
    """Labelled values as a table of two columns."""
    return make_table(book, ("item", "content"), [[(Span(row.label),), row.spans] for row in found], (26, 74))


def rows(book: CaseBook, fields: tuple[str, ...]) -> tuple[Row, ...]:
    """Answered fields as labelled rows."""
    found = []
    for field in fields:
        value = book.answer(field)
        if not value:
            continue
        if field == "respondent.type":
            value = book.wording.word("lender_types", lender_type(value))
        found.append(Row(book.wording.word("party_rows", field), (Span(Foreign(value)),)))
    return tuple(found)


def collector_rows(plan: Plan) -> tuple[Row, ...]:
    """Who called, by stated name, and the numbers of the confirmed findings with what says whose they are."""
    book = plan.book
    numbers: dict[str, None] = {}
    names: dict[str, None] = {}
    for record_id in dict.fromkeys(r for f in book.findings for r in f.records):
        record = book.records[record_id]
        party = book.party(record)
        if party is not None and party.role not in CREDITOR_SIDE and party.role not in (None, "unknown"):
            continue
        if record.number:
            numbers[record.number] = None
        if party is not None and party.name and party.role == "collector":
            names[party.name] = None
    label = book.wording.word("party_rows", "collectors")
    if names:
        cells = [book.wording.spans("collector_said", name=Foreign(name), more=_mandate(plan)) for name in names]
        found = [Row(label, book.listed(cells))]
    else:
        found = [Row(label, book.wording.spans("collectors_none"))]
    if numbers:
        found.append(Row(book.wording.word("party_rows", "numbers"), _whose(plan, sorted(numbers))))
    return tuple(found)


def _mandate(plan: Plan) -> Spans:
    """Where a number stated to be the lender's speaks of the collector or of a mandate."""
    roles = {number: party.role for number, party in plan.book.view.parties.items()}
    ids = [r for number, found in plan.named.items() if roles.get(number) in LENDER_SIDE for r in found]
    cites = plan.cite(ids)
    return plan.book.wording.spans("collector_mandate", cites=cites) if cites else ()


def _whose(plan: Plan, numbers: list[str]) -> Spans:
    """Numbers by what says whose they are: their own messages, or the complainant alone."""
    book, by_name = plan.book, dict[tuple[str, bool], list[str]]()
    for number in numbers:
        party = book.view.parties.get(number)
        name = party.name or "" if party else ""
        said = bool(plan.cite(plan.named.get(number, ())))
        by_name.setdefault((name, said), []).append(number)
    parts = []
    for (name, said), own in sorted(by_name.items(), key=lambda item: (not item[0][1], not item[0][0], item[0][0])):
        key = "numbers_said" if said else "numbers_stated" if name else "numbers_open"
        cites = plan.cite(r for number in own for r in plan.named.get(number, ()))
        shown = book.listed([(Span(Foreign(number)),) for number in own])
        parts.append(book.wording.spans(key, numbers=shown, name=Foreign(name), cites=cites))
    return joined(parts, book.wording.plain("shows_more"))


def debt(book: CaseBook) -> tuple[Statement, ...]:
    """The loan as the borrower states it, acknowledged as it is."""
    say, lender = book.wording, Foreign(book.answer("respondent.legal_name"))
    made = [say.spans("debt_loan", lender=lender)]
    kind = book.answer("debt.type")
    if kind:
        known = say.known("debt_types", kind) and kind != "other"
        made.append(say.spans("debt_kind", type=say.word("debt_types", kind) if known else Foreign(kind)))
    if purpose := book.answer("debt.purpose"):
        made.append(say.spans("debt_purpose", purpose=Foreign(purpose.rstrip("。."))))
    if book.answer("debt.loan_date"):
        made.append(say.spans("debt_date", date=day_answer(book, "debt.loan_date")))
    if book.answer("debt.principal"):
        made.append(say.spans("debt_principal", amount=amount_text(book.answer("debt.principal"))))
    overdue = book.answer("debt.overdue_since")
    if overdue == NONE:
        made.append(say.spans("debt_not_overdue"))
    elif overdue:
        made.append(say.spans("debt_overdue", date=day_answer(book, "debt.overdue_since")))
    made.append(say.spans("debt_separate"))
    return tuple(Statement(spans, stated=True) for spans in made)


def willing(book: CaseBook) -> tuple[Statement, ...]:
    """Willingness to negotiate, only if the borrower said so."""
    if book.answer("repayment.willing") != "yes":
        return ()
    made = [Statement(book.wording.spans("willing_yes"), stated=True)]
    proposal = book.answer("repayment.proposal").rstrip("。.")
    if proposal:
        made.append(Statement(book.wording.spans("willing_proposal", text=Foreign(proposal)), stated=True))
    return tuple(made)


def prior(book: CaseBook) -> Prior:
    """The complaint to the institution before this one, as stated."""
    say, when = book.wording, book.answer("prior_complaint.date")
    if not when or when == NONE:
        return Prior(False, (Statement(say.spans("prior_none"), stated=True),) if when == NONE else ())
    made = [say.spans("prior_made", date=day_answer(book, "prior_complaint.date"))]
    if ref := book.answer("prior_complaint.ref"):
        made.append(say.spans("prior_ref", ref=Foreign(ref)))
    replied = book.answer("prior_complaint.reply_date")
    if replied == NONE:
        made.append(say.spans("prior_no_reply"))
    elif replied:
        made.append(say.spans("prior_reply_date", date=day_answer(book, "prior_complaint.reply_date")))
    if reply := book.answer("prior_complaint.reply").rstrip("。."):
        made.append(say.spans("prior_reply", text=Foreign(reply)))
    return Prior(True, tuple(Statement(spans, stated=True) for spans in made))


def proceedings(book: CaseBook, recipient: Recipient) -> tuple[Statement, ...]:
    """Whether an authority, an arbitrator or a court has the matter already, for a recipient that asks."""
    stated = book.answer(PROCEEDINGS)
    if not stated or all(field.id != PROCEEDINGS for field in recipient.fields):
        return ()
    return (Statement((Span(book.wording.word("proceedings", stated)),), stated=True),)


def chosen_requests(recipient: Recipient, categories: frozenset[str], answers: dict[str, str]) -> tuple[Request, ...]:
    """The requests of a filing: those the borrower chose, else the ones that fit the confirmed conduct.

    A request that needs a ``yes`` (negotiation) is made only when the borrower gave it.
    """
    words = {w.strip() for w in answers.get("desired_resolution", "").replace("，", ",").split(",")}
    wanted = words & {request.id for request in recipient.requests}  # the rest belongs to other recipients
    found = []
    for request in recipient.requests:
        if request.needs and answers.get(request.needs) != "yes":
            continue
        fits = request.default and (not request.categories or categories & set(request.categories))
        if request.id in wanted if wanted else fits:
            found.append(request)
    return tuple(found)


def request_text(request: Request, wording: Wording) -> str:
    """A request with the clauses that support it."""
    if not request.authorities:
        return request.text.zh
    cites: list[str] = []
    last = ""
    for authority in request.authorities:
        norm = wording.norms[authority.norm]
        clause = norm.clauses[authority.clause].cite
        cites.append(clause if norm.id == last and clause else norm.title + clause)
        last = norm.id
    separator = wording.plain("ground_list")
    return request.text.zh.rstrip("。") + wording.plain("authority_suffix", cites=separator.join(cites)) + "。"


def grounds(authorities: tuple[Authority, ...], wording: Wording) -> tuple[Ground, ...]:
    """The clauses on which the filing as such rests."""
    found = []
    for authority in authorities:
        norm = wording.norms[authority.norm]
        clause = norm.clauses.get(authority.clause)
        found.append(
            Ground(norm.title + (clause.cite if clause else ""), clause.gist if clause else "", norm.reference)
        )
    return tuple(found)


def day_answer(book: CaseBook, field: str) -> str | Foreign:
    """An answered date as the language writes it; anything else as it was typed."""
    value = book.answer(field)
    try:
        return clock.day_text(date.fromisoformat(value), book.wording)
    except ValueError:
        return Foreign(value)


def amount_text(value: str) -> Foreign:
    """An amount with separators, two decimals when it has any; anything else as it was typed."""
    try:
        amount = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return Foreign(value)
    return Foreign(f"{amount:,.2f}" if amount % 1 else f"{amount:,.0f}")
