"""check, rules: the rules without a case."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from evidence import console
from evidence.cli.common import Json, example, pack_label
from evidence.errors import ExitCode, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language

rules_app = typer.Typer(help=_("Look at the rules."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(
        "check",
        help=_("Check one text, or many lines, against the wording rules; needs no case."),
        epilog=example("dunlog check 再不还钱就让你全家不得安宁"),
    )(check)
    app.add_typer(rules_app, name="rules")


def check(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help=_("The text."))] = None,
    nl: Annotated[
        str | None, typer.Option("--nl", metavar="FILE", help=_("JSON lines in, JSON lines out; - for stdin."))
    ] = None,
    json: Json = False,
) -> None:
    """Flag text without a case."""
    if (text is None) == (nl is None):
        raise UsageError(_("Give either a text or --nl FILE."))
    if nl is not None:
        if not _check_lines(nl):
            raise typer.Exit(ExitCode.PARTIAL)
        return
    from evidence.words.detect import MessageInput, detect
    from evidence.words.explain import explain

    message = MessageInput(text or "")
    hits = detect(message)
    if json:
        console.emit_json({"labels": [_label(hit) for hit in hits]})
        return
    if not hits:
        console.say(_("No abusive wording was found. That does not mean that it is lawful."))
        return
    from evidence.categories import registry

    names = registry()
    for hit, explained in zip(hits, explain(hits, message), strict=True):
        words = console.one_line(message.text[hit.start : hit.end], 80)
        console.say(f"「{words}」  {names.name(hit.label, language())}  [{hit.rule}]")
        if explained.reading:
            console.say("    " + _("read as: {words}").format(words=explained.reading))
        hint = explained.lawful_zh if language() == "zh" else explained.lawful_en
        if hint:
            console.say("    " + _("lawful wording: {words}").format(words=hint))
    console.say(_("A hint for a person to judge, no legal advice."))


def _label(hit: Any) -> dict[str, Any]:
    return {"label": hit.label, "start": hit.start, "end": hit.end, "rule": hit.rule}


def _check_lines(name: str) -> bool:
    """Returns whether every line was good; a bad one gives an error line and the rest goes on."""
    complete = True
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            row = jsonlib.loads(line)
            console.emit_nl([{"id": row["id"], "labels": check_row(row)}])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            complete = False
            console.warn(_("Line {n} is not of the expected form: {why}").format(n=number, why=error))
    return complete


def _lines(name: str) -> Iterable[str]:
    if name == "-":
        yield from sys.stdin
        return
    path = Path(name)
    if not path.is_file():
        raise UsageError(_("There is no file {name}.").format(name=name))
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        yield from stream


def check_row(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The labels of one input line (docs/json.md). Raises KeyError or TypeError for a line of another form."""
    from evidence.words.detect import ContextMessage, MessageInput, detect

    context = tuple(ContextMessage(c["direction"], c.get("at", ""), c["text"]) for c in row.get("context") or ())
    message = MessageInput(
        row["text"],
        row.get("channel") or "sms",
        row.get("direction", "in"),
        row.get("recipient_role") or "borrower",
        context,
    )
    return [_label(hit) for hit in detect(message)]


def _pack_lines(country: str) -> Iterator[str]:
    from evidence.categories import registry
    from evidence.rules import load_pack

    names = registry()
    pack = load_pack(country)
    yield f"{pack_label(pack)}  {pack.hash[:16]}"
    for rule in pack.rules:
        clause = rule.clause[language()]
        yield f"  {rule.id}  {names.name(rule.category, language())}  {rule.norm} {clause}  [{rule.effect}]"


@rules_app.command("list", help=_("List the rules of a country."), epilog=example("dunlog rules list"))
def rules_list(
    country: Annotated[str, typer.Option(metavar="COUNTRY", help=_("Country whose law applies."))] = "cn",
    json: Json = False,
) -> None:
    """Every rule with its norm."""
    from evidence.rules import load_pack

    if json:
        pack = load_pack(country)
        rules = [
            {
                "id": rule.id, "category": rule.category, "effect": rule.effect, "norm": rule.norm,
                "clause": dict(rule.clause), "from": rule.from_ and rule.from_.isoformat(),
                "to": rule.to and rule.to.isoformat(), "working_value": rule.working_value,
            }
            for rule in pack.rules
        ]  # fmt: skip
        console.emit_json({"pack": pack_label(pack), "hash": pack.hash, "rules": rules})
        return
    for line in _pack_lines(country):
        console.say(line)
