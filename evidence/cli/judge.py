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
from evidence.errors import NotFound, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language

if TYPE_CHECKING:
    from evidence.models import CaseView, Finding, Record, Review

Decision = Literal["confirmed", "dismissed"]
_REASON = {"confirmed": "seen and confirmed by the borrower", "dismissed": ""}


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
    words = _("{n} findings under the rules {pack}. Look at each: dunlog review")
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
            console.say(f"{row['id']}  [{_effect(row['effect'])}] {row['status']}  {console.one_line(row['why'], 110)}")
        console.say(_("{n} findings.").format(n=len(rows)))


def review(
    finding: Annotated[
        list[str] | None, typer.Argument(metavar="[FINDING]…", help=_("Finding ids; none: ask one by one."))
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("Confirm."))] = False,
    dismiss: Annotated[bool, typer.Option("--dismiss", help=_("Dismiss."))] = False,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=_("Why."))] = None,
    json: Json = False,
) -> None:
    """Decide on findings."""
    if finding:
        if confirm == dismiss:
            raise UsageError(_("Say either --confirm or --dismiss."))
        decided = _decide(finding, "confirmed" if confirm else "dismissed", reason)
        if json:
            console.emit_json([{"finding": r.finding, "decision": r.decision, "reason": r.reason} for r in decided])
        else:
            console.say(_("{n} decided.").format(n=len(decided)))
        return
    if not sys.stdin.isatty():
        raise UsageError(_("Without a terminal, name the findings: dunlog review ID… --confirm (or --dismiss)."))
    ask_each()


def _decide(idents: Sequence[str], decision: Decision, reason: str | None) -> list[Review]:
    from evidence.findings import current_findings

    with opened("review") as case:
        known = {f.id: f for f in current_findings(case)}
        unknown = [ident for ident in idents if ident not in known]
        if unknown:
            raise NotFound(_("There is no finding called {name}.").format(name=", ".join(unknown)))
        reviews = [make_review(known[ident], decision, reason, case.now()) for ident in idents]
        case.append("review", "review", reviews)
    return reviews


def make_review(finding: Finding, decision: Decision, reason: str | None, at: str) -> Review:
    """A checked decision. A reason is needed to dismiss, and to confirm what the machine could not determine."""
    from evidence.models import Review

    if not reason and decision == "dismissed":
        raise UsageError(_("Say why it is dismissed: --reason"))
    if not reason and finding.effect == "undetermined":
        words = _("{id} is undetermined. What is missing: {missing}. Say what you know: --reason")
        raise UsageError(words.format(id=finding.id, missing="; ".join(finding.missing)))
    return Review(finding.id, decision, reason or _REASON[decision], at)


def ask_each() -> int:
    """Ask about each pending finding once, in the terminal. Returns how many were decided."""
    from evidence.findings import current_findings
    from evidence.timeline import load_view

    with opened("review") as case:
        view = load_view(case)
        found = current_findings(case, view)
        records = {record.id: record for record in view.records}
        pending = [f for f in found if f.id not in view.reviews]
        pending.sort(key=lambda f: (f.effect == "undetermined", -f.severity, f.window_from or ""))
        decided = 0
        for i, one in enumerate(pending, 1):
            console.say()
            console.say(_("— {i} of {n} —").format(i=i, n=len(pending)))
            show_finding(one, records, view)
            answer = _ask()
            if answer == "q":
                break
            if answer == "s":
                continue
            decision: Decision = "confirmed" if answer == "y" else "dismissed"
            case.append("review", "review", [_ask_reason(one, decision, case.now())])
            decided += 1
        left = len(pending) - decided
    console.say(_("{n} decided, {left} left. What is decided is not asked again.").format(n=decided, left=left))
    return decided


def _ask() -> str:
    while True:
        try:
            question = _("Did this happen, and shall it be used? [y] yes  [n] no  [s] later  [q] stop: ")
            answer = input(question).strip().lower()
        except EOFError:
            return "q"
        if answer in ("y", "n", "s", "q"):
            return answer
        if answer in ("是", "否"):
            return "y" if answer == "是" else "n"


def _ask_reason(finding: Finding, decision: Decision, at: str) -> Review:
    while True:
        reason = input(_("In a few words, why (may be left empty when it is clear): ")).strip()
        try:
            return make_review(finding, decision, reason, at)
        except UsageError as error:
            console.say(error)


def _who(record: Record | None) -> str:
    return console.one_line(record.number or record.name or "", 30) if record else ""


def show_finding(finding: Finding, records: dict[str, Record], view: CaseView) -> None:
    """Everything a person needs to decide: the words or the list, the norm, the assumptions, what is missing."""
    from zoneinfo import ZoneInfo

    from evidence.categories import registry
    from evidence.timeline import local_iso

    zone = ZoneInfo(view.timezone)
    console.say(f"{registry().name(finding.category, language())}  [{_effect(finding.effect)}]  {finding.id}")
    console.say(finding.why)
    for quote in finding.quotes:
        record = records.get(quote.record)
        when = local_iso(record.time.utc, zone) if record else None
        words = console.one_line(quote.text, 200)
        console.say(f"  {(when or '')[:19]}  {_who(record)}  「{words}」")
    if not finding.quotes:
        for ident in finding.records[:12]:
            record = records.get(ident)
            if record:
                when = (local_iso(record.time.utc, zone) or "")[:19]
                console.say(f"  {when}  {_who(record)}  {record.outcome or ''}")
        if len(finding.records) > 12:
            console.say(_("  … {n} in all").format(n=len(finding.records)))
    for basis in finding.basis:
        console.say(f"  § {basis.cite}")
    for words in finding.assumptions:
        console.say("  " + _("Assumed: ") + words)
    for words in finding.missing:
        console.say("  " + _("Missing: ") + words)
