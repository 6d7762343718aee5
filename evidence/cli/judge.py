"""flag, findings, review: what the rules see, and what a person says to it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from evidence import console
from evidence.cli.common import Json, Lines, example, one_of, opened, pack_label
from evidence.cli.labels import word as label
from evidence.errors import NotFound, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language, ngettext

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from evidence.facts import Author
    from evidence.log import Case
    from evidence.models import CaseView, Fact, Finding, Record, Review

Decision = Literal["confirmed", "dismissed"]
SPEAKER = "speaker"
_REASON = {"confirmed": "seen and confirmed by the borrower", "dismissed": ""}
_OWN = "written or said by the borrower"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("flag", help=_("Run the rules over the case."), epilog=example("dunlog flag"))(flag)
    app.command("findings", help=_("List the findings."), epilog=example("dunlog findings --status pending"))(findings)
    app.command(
        "review",
        help=_("Confirm or dismiss findings, one at a time; nothing is filed unless a person confirmed it."),
        epilog=example("dunlog review f0123 --dismiss --reason 是朋友开玩笑"),
    )(review)


def flag(json: Json = False) -> None:
    """Flag and summarise."""
    from evidence.categories import registry
    from evidence.findings import current_findings
    from evidence.rules import load_pack, stale_banner

    with opened("flag") as case:
        found = current_findings(case)
        pack = load_pack(case.header.jurisdiction)
    by_category = Counter((f.category, f.effect) for f in found)
    if json:
        counts = [{"category": c, "effect": e, "n": n} for (c, e), n in sorted(by_category.items())]
        console.emit_json({"findings": len(found), "pack": pack_label(pack), "counts": counts})
        return
    names = registry()
    for (category, effect), n in sorted(by_category.items()):
        console.say(f"  {n:>4}  {names.name(category, language())}  [{_effect(effect)}]")
    words = ngettext(
        "{n} finding under the rules {pack}. Look at it: dunlog review",
        "{n} findings under the rules {pack}. Look at each: dunlog review",
        len(found),
    )
    console.say(words.format(n=len(found), pack=pack_label(pack)))
    banner = stale_banner(pack, date.today())
    if banner:
        console.warn(banner)


def _effect(effect: str) -> str:
    return {
        "violation": _("against a binding norm"),
        "presumption": _("presumed against a norm"),
        "indicator": _("against a recommendation"),
        "undetermined": _("undetermined"),
    }[effect]


def _load(command: str, *, record: bool = True) -> tuple[CaseView, tuple[Finding, ...]]:
    from evidence.findings import current_findings
    from evidence.timeline import load_view

    with opened(command, record=record) as case:
        view = load_view(case)
        return view, current_findings(case, view)


def findings(
    status: Annotated[str | None, typer.Option(metavar="STATUS", help=_("pending, confirmed or dismissed"))] = None,
    category: Annotated[str | None, typer.Option(metavar="ID", help=_("Only this category."))] = None,
    json: Json = False,
    nl: Lines = False,
) -> None:
    """Print findings."""
    from evidence.findings import finding_row

    one_of(status, ("pending", "confirmed", "dismissed"), "--status")
    view, found = _load("findings")
    rows = [finding_row(f, view.reviews.get(f.id)) for f in found]
    rows = [r for r in rows if status in (None, r["status"]) and category in (None, r["category"])]
    if json:
        console.emit_json(rows)
    elif nl:
        console.emit_nl(rows)
    else:
        for row in rows:
            status = label(row["status"])
            console.say(f"{row['id']}  [{_effect(row['effect'])}] {status}  {console.one_line(row['why'], 110)}")
        console.say(ngettext("{n} finding.", "{n} findings.", len(rows)).format(n=len(rows)))


def review(
    finding: Annotated[
        list[str] | None, typer.Argument(metavar="[FINDING]…", help=_("Finding ids; none: ask one by one."))
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("Confirm."))] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help=_("Dismiss."))] = False,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="WHO",
            help=_("Who wrote or said the words, where the record does not show it: other or self (self dismisses)."),
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Why."))] = None,
    json: Json = False,
) -> None:
    """Decide on findings.

    A decision is bound to the id of its finding and is not asked for again when what was missing (an author, a party)
    is stated later: what was shown and decided on, the records and the words, is the same. Other records or another
    version of the norm make another id, and that is asked.
    """
    if finding:
        one_of(by, ("other", "self"), "--by")
        if by == "self" and not confirm:
            dismiss = True
        if confirm == dismiss:
            raise UsageError(_("Say either --confirm or --dismiss."))
        if by == "self" and confirm:
            raise UsageError(_("What you wrote yourself cannot be confirmed against the other side."))
        author: Author | None = "other" if by == "other" else "self" if by == "self" else None
        decided = _decide(finding, "confirmed" if confirm else "dismissed", reason, author)
        if json:
            console.emit_json([{"finding": r.finding, "decision": r.decision, "reason": r.reason} for r in decided])
        else:
            console.say(_("{n} decided.").format(n=len(decided)))
        return
    if not sys.stdin.isatty():
        raise UsageError(_("Without a terminal, name the findings: dunlog review ID… --confirm (or --dismiss)."))
    ask_each()


def _decide(idents: Sequence[str], decision: Decision, reason: str | None, by: Author | None) -> list[Review]:
    from evidence.findings import current_findings

    with opened("review") as case:
        known = {f.id: f for f in current_findings(case)}
        unknown = [ident for ident in idents if ident not in known]
        if unknown:
            raise NotFound(_("There is no finding called {name}.").format(name=", ".join(unknown)))
        facts = _authorship(case, [known[ident] for ident in idents], by) if by else []
        reviews = [make_review(known[ident], decision, reason, case.now(), by) for ident in idents]
        _keep(case, facts, reviews)
    return reviews


def _authorship(case: Case, findings: Sequence[Finding], by: Author) -> list[Fact]:
    """The statements of who wrote, for findings that lack it or had it stated before. Raises UsageError for others."""
    from evidence.facts import authorship
    from evidence.facttypes import AUTHORSHIP
    from evidence.models import Fact
    from evidence.timeline import rows

    stated = {fact.keys.get("finding") for fact in rows(case, "fact", Fact) if fact.type == AUTHORSHIP}
    for one in findings:
        if SPEAKER not in one.needs and one.id not in stated:
            raise UsageError(_("Who wrote {id} is shown by the record itself; leave out --by.").format(id=one.id))
    return [authorship(case, one.id, by) for one in findings]


def _keep(case: Case, facts: Sequence[Fact], reviews: Sequence[Review]) -> None:
    """Statements and decisions, all or nothing."""
    with case.transaction():
        if facts:
            case.append("fact", "fact", facts)
        if reviews:
            case.append("review", "review", reviews)


def make_review(finding: Finding, decision: Decision, reason: str | None, at: str, by: Author | None = None) -> Review:
    """A checked decision. A reason is needed to dismiss (unless the borrower wrote it), and to confirm what the machine
    could not determine; ``by`` is what is stated now about the author."""
    from evidence.models import Review

    if not reason and by == "self":
        reason = _OWN
    if not reason and decision == "dismissed":
        raise UsageError(_("Say why it is dismissed: --reason"))
    answered = by == "other" and set(finding.needs) <= {SPEAKER} and finding.basis
    if not reason and finding.effect == "undetermined" and not answered:
        words = _("{id} is undetermined. What is missing: {missing}. Say what you know: --reason")
        raise UsageError(words.format(id=finding.id, missing="; ".join(finding.missing)))
    return Review(finding.id, decision, reason or _REASON[decision], at)


def ask_each() -> int:
    """Ask about each pending finding once, in the terminal. Returns how many were decided."""
    from evidence.findings import current_findings
    from evidence.rules.stated import authors
    from evidence.timeline import load_view

    with opened("review") as case:
        view = load_view(case)
        found = current_findings(case, view)
        records = {record.id: record for record in view.records}
        own = {ident for ident, by in authors(view.facts).items() if by == "self"}
        pending = [f for f in found if f.id not in view.reviews and f.id not in own]
        pending.sort(key=lambda f: (f.effect == "undetermined", -f.severity, f.window_from or ""))
        decided = 0
        for i, one in enumerate(pending, 1):
            console.say()
            console.say(_("— {i} of {n} —").format(i=i, n=len(pending)))
            show_finding(one, records, view)
            answer = _ask_one(case, one)
            if answer == "q":
                break
            decided += answer != "s"
        left = len(pending) - decided
    console.say(_("{n} decided, {left} left. What is decided is not asked again.").format(n=decided, left=left))
    return decided


def _ask_one(case: Case, finding: Finding) -> str:
    """The questions about one finding; what is answered is kept. Returns the answer (y, n, s for later, q to stop)."""
    by: Author | None = None
    if SPEAKER in finding.needs:
        who = _choice(_("Who wrote (said) this? [1] the other side  [2] I  [3] do not know: "), ("1", "2", "3"))
        if who == "q":
            return "q"
        by = "other" if who == "1" else "self" if who == "2" else None
    facts = _authorship(case, [finding], by) if by else []
    if by == "self":
        _keep(case, facts, [make_review(finding, "dismissed", None, case.now(), by)])
        return "n"
    answer = _choice(
        _("Did this happen, and shall it be used? [y] yes  [n] no  [s] later  [q] stop: "), ("y", "n", "s")
    )
    if answer in ("s", "q"):
        _keep(case, facts, [])
        return answer
    decision: Decision = "confirmed" if answer == "y" else "dismissed"
    _keep(case, facts, [_ask_reason(case, finding, decision, by)])
    return answer


def _choice(question: str, allowed: Sequence[str]) -> str:
    """One of the allowed answers, or q (also at the end of input)."""
    meant = {"是": "y", "否": "n"}
    while True:
        try:
            answer = input(question).strip().lower()
        except EOFError:
            return "q"
        answer = meant.get(answer, answer)
        if answer == "q" or answer in allowed:
            return answer


def _ask_reason(case: Case, finding: Finding, decision: Decision, by: Author | None) -> Review:
    while True:
        reason = input(_("In a few words, why (may be left empty when it is clear): ")).strip()
        try:
            return make_review(finding, decision, reason, case.now(), by)
        except UsageError as error:
            console.say(error)


def _who(record: Record | None) -> str:
    return console.one_line(record.number or record.name or "", 30) if record else ""


def _when(record: Record | None, zone: ZoneInfo) -> str:
    """The local wall clock to the second, a blank between day and clock."""
    from evidence.timeline import local_iso

    return (local_iso(record.time.utc, zone) or "")[:19].replace("T", " ") if record else ""


def show_finding(finding: Finding, records: dict[str, Record], view: CaseView) -> None:
    """Everything a person needs to decide: the words or the list, the norm, the assumptions, what is missing."""
    from zoneinfo import ZoneInfo

    from evidence.categories import registry

    zone = ZoneInfo(view.timezone)
    console.say(f"{registry().name(finding.category, language())}  [{_effect(finding.effect)}]  {finding.id}")
    console.say(finding.why)
    for quote in finding.quotes:
        record = records.get(quote.record)
        words = console.one_line(quote.text, 200)
        console.say(f"  {_when(record, zone)}  {_who(record)}  「{words}」")
    if not finding.quotes:
        for ident in finding.records[:12]:
            record = records.get(ident)
            if record:
                console.say(f"  {_when(record, zone)}  {_who(record)}  {label(record.outcome)}")
        if len(finding.records) > 12:
            console.say(_("  … {n} in all").format(n=len(finding.records)))
    for basis in finding.basis:
        console.say(f"  § {basis.cite}")
    for words in finding.assumptions:
        console.say("  " + _("Assumed: ") + words)
    for words in finding.missing:
        console.say("  " + _("Missing: ") + words)
