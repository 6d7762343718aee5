"""check, rules: the rules without a case."""

from __future__ import annotations

import json as jsonlib
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evidence import console
from evidence.cli.common import Json, Lines, emitted, example, pack_label
from evidence.errors import ExitCode, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language
from evidence.models import Direction

rules_app = typer.Typer(help=_("Look at the rules."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(
        "check",
        help=_("Check one text, or many lines, against the wording rules; needs no case."),
        epilog=example("dunlog check 再不还钱就打断你的腿"),
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
    if nl is not None and json:
        raise UsageError(_("Choose one of --json and --nl."))
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
        if hit.form == "weak":
            console.say("    " + _("a weak sign: a reason to look closer, never the ground of a filing"))
        if explained.signs:
            console.say("    " + _("by these signs: {words}").format(words=_(", ").join(explained.signs)))
        if explained.reading:
            console.say("    " + _("read as: {words}").format(words=explained.reading))
        hint = explained.lawful_zh if language() == "zh" else explained.lawful_en
        if hint:
            console.say("    " + _("lawful wording: {words}").format(words=hint))
    console.say(_("A hint for a person to judge, no legal advice."))


def _label(hit: Any) -> dict[str, Any]:
    return {"label": hit.label, "start": hit.start, "end": hit.end, "rule": hit.rule}


def _check_lines(name: str) -> bool:
    """Returns whether every line was good; a bad one gives a line that says why, and the rest goes on."""
    complete, empty = True, True
    for number, raw in enumerate(_lines(name), 1):
        if not raw.strip():
            continue
        empty = False
        row: Any = None
        try:
            row = _parsed(raw)
            console.emit_nl([{"id": row["id"], "labels": check_row(row)}])
        except ValueError as error:
            complete = False
            console.emit_nl([{"id": row.get("id") if isinstance(row, dict) else None, "error": str(error)}])
            console.warn(_("Line {n} is not of the expected form: {why}").format(n=number, why=error))
    if empty:
        console.warn(_("There was no line to check."))
    return complete


def _lines(name: str) -> Iterable[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    path = Path(name)
    if not path.exists() or path.is_dir():
        raise UsageError(_("There is no file {name}.").format(name=name))
    with path.open("rb") as stream:
        yield from stream


def _parsed(raw: bytes) -> dict[str, Any]:
    """The object of one line, with an id. Raises ValueError in plain words."""
    try:
        row = jsonlib.loads(raw.decode("utf-8-sig"), parse_constant=_refused, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise ValueError(_("the line is not UTF-8")) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(_("the line is not JSON")) from error
    if not isinstance(row, dict) or "id" not in row:
        raise ValueError(_("the line is not an object with an id"))
    return row


def _refused(word: str) -> float:
    raise ValueError(word)


def _finite(digits: str) -> float:
    """JSON has no infinity, but 1e999 becomes one."""
    value = float(digits)
    return value if math.isfinite(value) else _refused(digits)


def check_row(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The labels of one input line (docs/json.md). Raises ValueError in plain words for a line of another form."""
    from evidence.words.detect import ContextMessage, MessageInput, detect

    context = row.get("context")
    if context is None:
        context = []
    if not isinstance(context, list) or not all(isinstance(one, dict) for one in context):
        raise ValueError(_("context is not a list of objects"))
    earlier = tuple(
        ContextMessage(_direction(one, None) or "in", _words(one, "at") or "", _text(one)) for one in context
    )
    message = MessageInput(
        _text(row),
        _words(row, "channel") or "sms",
        _direction(row, "in"),
        _words(row, "recipient_role") or "borrower",
        earlier,
    )
    return [_label(hit) for hit in detect(message)]


def _text(row: Mapping[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise ValueError(_("text is missing or not a string"))
    return text


def _words(row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise ValueError(_("{field} is not a string").format(field=field))
    return value


def _direction(row: Mapping[str, Any], default: Direction | None) -> Direction | None:
    """The field's value; null is an unknown direction, and absent is ``default``."""
    match row.get("direction", default):
        case "in":
            return "in"
        case "out":
            return "out"
        case None:
            return None
        case _other:
            raise ValueError(_("direction is not in, out or null"))


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
    nl: Lines = False,
) -> None:
    """Every rule with its norm."""
    from evidence.rules import load_pack

    pack = load_pack(country)
    rules = [
        {
            "id": rule.id, "category": rule.category, "effect": rule.effect, "norm": rule.norm,
            "clause": dict(rule.clause), "from": rule.from_ and rule.from_.isoformat(),
            "to": rule.to and rule.to.isoformat(), "working_value": rule.working_value,
        }
        for rule in pack.rules
    ]  # fmt: skip
    if json:
        console.emit_json({"pack": pack_label(pack), "hash": pack.hash, "rules": rules})
    elif not emitted(rules, json=False, nl=nl):
        for line in _pack_lines(country):
            console.say(line)
