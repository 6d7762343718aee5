"""party, fact, note, link: what the borrower states."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from evidence import console
from evidence.cli.clock import file_names
from evidence.cli.common import Json, Lines, emitted, example, one_of, opened
from evidence.cli.labels import word
from evidence.errors import UsageError
from evidence.i18n import gettext as _
from evidence.parties import LENDER_TYPES, RELATIONS, ROLES

if TYPE_CHECKING:
    from evidence.models import Contact

party_app = typer.Typer(help=_("Say who is behind a number or name."), no_args_is_help=True)
fact_app = typer.Typer(help=_("State dated facts, with their proof."), no_args_is_help=True)
note_app = typer.Typer(help=_("Write down a call, visit or event that no file shows."), no_args_is_help=True)
link_app = typer.Typer(help=_("Join or separate records of one event."), no_args_is_help=True)


First = Annotated[str, typer.Argument(metavar="RECORD", help=_("Id of a record."))]
Second = Annotated[str, typer.Argument(metavar="RECORD", help=_("Id of another record."))]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(party_app, name="party")
    app.add_typer(fact_app, name="fact")
    app.add_typer(note_app, name="note")
    app.add_typer(link_app, name="link")


@party_app.command(
    "set",
    help=_("Name a number."),
    epilog=example("dunlog party set 12000000011 --role collector --for 某某消费金融有限公司"),
)
def party_set(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("A number, or name:NAME for someone without one."))],
    name: Annotated[str | None, typer.Option(metavar="NAME", help=_("Name."))] = None,
    role: Annotated[
        str | None, typer.Option(metavar="ROLE", help=_("One of: {roles}").format(roles=", ".join(ROLES)))
    ] = None,
    lender: Annotated[
        str | None, typer.Option("--for", metavar="LENDER", help=_("The lender this collector works for."))
    ] = None,
    relation: Annotated[
        str | None, typer.Option(metavar="TIE", help=_("Tie of a third person to the borrower."))
    ] = None,
    lender_type: Annotated[
        str | None,
        typer.Option(
            "--lender-type", metavar="KIND", help=_("Kind of lender: {types}").format(types=", ".join(LENDER_TYPES))
        ),
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help=_("How you know."))] = None,
    json: Json = False,
) -> None:
    """One statement; a later one on the same number counts instead."""
    from evidence.models import Party
    from evidence.phone import normalise

    one_of(role, ROLES, "--role")
    one_of(relation, RELATIONS, "--relation")
    one_of(lender_type, LENDER_TYPES, "--lender-type")
    key = number if number.startswith("name:") else normalise(number)
    if not key or key == "name:":
        raise UsageError(_("Not a number: {number}").format(number=number))
    with opened("party set") as case:
        party = Party(key, name, role, lender, relation, lender_type, note, case.now())
        case.append("party", "party", [party])
    if json:
        console.emit_json(dataclasses.asdict(party))
    else:
        console.say(_("Noted: {key} {name} {role}").format(key=key, name=name or "", role=word(role)).rstrip())


def _claim(contact: Contact, names: dict[str, str]) -> dict[str, str]:
    return {"name": contact.name, "file": names.get(contact.source, contact.source), "locator": contact.locator}


@party_app.command("list", help=_("List what is stated."), epilog=example("dunlog party list"))
def party_list(json: Json = False, nl: Lines = False) -> None:
    """Every party, latest statement."""
    from evidence.models import Contact, Party
    from evidence.timeline import load_parties, rows

    with opened("party list") as case:
        parties = load_parties(case)
        heard = {row[0] for row in case.db.execute("select distinct number from record where number is not null")}
        heard |= parties.keys()
        called: dict[str, list[Contact]] = {}
        for contact in rows(case, "contact", Contact):
            if contact.number is not None and contact.number in heard:
                called.setdefault(contact.number, []).append(contact)
        names = file_names(case)
    listed = [parties.get(key) or Party(key) for key in {**parties, **called}]
    claims = {key: [_claim(contact, names) for contact in found] for key, found in called.items()}
    if emitted([{**dataclasses.asdict(p), "address_books": claims.get(p.key, [])} for p in listed], json=json, nl=nl):
        return
    for party in listed:
        words = [party.key, party.name, word(party.role), party.lender and f"→ {party.lender}", word(party.relation)]
        words += [_("“{name}” in {file}").format(**claim) for claim in claims.get(party.key, [])]
        console.say(console.one_line("  ".join(filter(None, words)), 300))


@fact_app.command(
    "add",
    help=_("State a fact."),
    epilog=example("dunlog fact add cease_notice --at 2026-04-08T21:30 --form written --proof r0123"),
)
def fact_add(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help=_("Kind of fact, for example cease_notice, payment, hospital."))
    ],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help=_("When (local time)."))],
    text: Annotated[str, typer.Option(metavar="TEXT", help=_("In your own words."))] = "",
    form: Annotated[str | None, typer.Option(metavar="FORM", help=_("oral or written"))] = None,
    proof: Annotated[
        list[str] | None, typer.Option(metavar="ID", help=_("Record id or file hash; may be repeated."))
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help=_("NAME=VALUE, for example creditor=…; may be repeated.")),
    ] = None,
    json: Json = False,
) -> None:
    """A dated statement by the borrower."""
    from zoneinfo import ZoneInfo

    from evidence.facts import make_fact

    with opened("fact add") as case:
        zone = ZoneInfo(case.header.timezone)
        fact = make_fact(case, kind, at, zone, text=text, form=form, proof=tuple(proof or ()), keys=tuple(key or ()))
        case.append("fact", "fact", [fact])
    if json:
        console.emit_json(dataclasses.asdict(fact))
    else:
        console.say(_("Noted: {kind} at {at}").format(kind=kind, at=at))


@fact_app.command("list", help=_("List the facts."), epilog=example("dunlog fact list --json"))
def fact_list(json: Json = False, nl: Lines = False) -> None:
    """Every fact in time order."""
    from evidence.models import Fact
    from evidence.timeline import rows

    with opened("fact list") as case:
        facts = sorted(rows(case, "fact", Fact), key=lambda fact: fact.time.utc or "")
    if emitted([dataclasses.asdict(fact) for fact in facts], json=json, nl=nl):
        return
    for fact in facts:
        proof = _("proof: {ids}").format(ids=", ".join(fact.proof)) if fact.proof else _("no proof yet")
        console.say(f"{fact.time.raw}  {fact.type}  {console.one_line(fact.text, 60)}  ({proof})")


@note_app.command(
    "add",
    help=_("Write a note."),
    epilog=example("dunlog note add visit --at 2026-05-02T19:10 --text 两人到家门口敲门 --number 12000000011"),
)
def note_add(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("call, visit, chat or note"))],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help=_("When (local time)."))],
    text: Annotated[str, typer.Option(metavar="TEXT", help=_("What happened, in your own words."))],
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help=_("Number of the other side, if known."))] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help=_("Name of the other side, if known."))] = None,
    direction: Annotated[str | None, typer.Option(metavar="DIRECTION", help=_("in or out"))] = None,
    precision: Annotated[
        int | None, typer.Option(metavar="SECONDS", min=1, help=_("How exact the time is; default: as it is written."))
    ] = None,
    holder: Annotated[
        str,
        typer.Option(
            "--holder", metavar="NAME", help=_("Who was contacted: self, or the name of a relative or friend.")
        ),
    ] = "self",
    json: Json = False,
) -> None:
    """A record of the borrower's own making; its time basis is ``stated``."""
    from zoneinfo import ZoneInfo

    from evidence.facts import add_note

    one_of(kind, ("call", "visit", "chat", "note"), "KIND")
    one_of(direction, ("in", "out"), "--direction")
    with opened("note add") as case:
        zone = ZoneInfo(case.header.timezone)
        record = add_note(
            case, kind, at, zone, text,
            number=number, name=name, direction=direction, precision=precision, holder=holder,
        )  # fmt: skip
    if json:
        console.emit_json({"id": record.id})
    else:
        console.say(_("Noted as record {id}.").format(id=record.id))


@link_app.command(
    "set",
    help=_("Say that two records tell the same event."),
    epilog=example("dunlog link set r0123 r4567 --why 同一通电话"),
)
def link_set(
    first: First, second: Second, why: Annotated[str, typer.Option(metavar="TEXT", help=_("Why."))], json: Json = False
) -> None:
    """Join by a person; counts before what the machine thinks."""
    _link(first, second, why, joined=True, json=json)


@link_app.command(
    "break",
    help=_("Say that two records tell different events."),
    epilog=example("dunlog link break r0123 r4567 --why 两通不同的电话"),
)
def link_break(
    first: First, second: Second, why: Annotated[str, typer.Option(metavar="TEXT", help=_("Why."))], json: Json = False
) -> None:
    """Separate by a person; counts before what the machine thinks."""
    _link(first, second, why, joined=False, json=json)


def _link(first: str, second: str, why: str, *, joined: bool, json: bool) -> None:
    from evidence.facts import require_records
    from evidence.models import Link

    if first == second:
        raise UsageError(_("A record cannot be joined with itself."))
    with opened("link") as case:
        require_records(case, (first, second))
        link = Link(first, second, why, joined, "person", case.now())
        case.append("link", "link", [link])
    if json:
        console.emit_json(dataclasses.asdict(link))
    else:
        console.say(_("Joined.") if joined else _("Separated."))


@link_app.command("list", help=_("List the joined records with the reason."), epilog=example("dunlog link list"))
def link_list(json: Json = False, nl: Lines = False) -> None:
    """Every pair that is joined now."""
    from evidence.timeline import load_links

    with opened("link list") as case:
        links = load_links(case)
    if emitted([dataclasses.asdict(link) for link in links], json=json, nl=nl):
        return
    for link in links:
        console.say(f"{link.first} = {link.second}  {console.one_line(link.why, 200)}  ({word(link.by)})")
