"""The root command. Mounts the evidence commands, adds those of the complaint side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence import __version__, console
from evidence import cli as evidence_cli
from evidence.cli.common import Json, Lines, case_is_named, emitted, example, opened
from evidence.errors import ExitCode, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import language, ngettext

if TYPE_CHECKING:
    from complaints.publish import NotReady, Published


def make_app() -> typer.Typer:
    """The whole command line in the active language."""
    app = typer.Typer(
        name="dunlog",
        help=_("dunlog — keep the evidence of abusive debt collection, and write complaints from it. No legal advice."),
        epilog=_("--case DIR names the case, --lang zh|en the language; both may stand anywhere on the line."),
        rich_markup_mode=None,
        add_completion=False,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    evidence_cli.register(app)
    app.command(
        "recipients",
        help=_("Who can be complained to, for this lender and this conduct, and why."),
        epilog=example("dunlog recipients"),
    )(recipients)
    app.command(
        "interview",
        help=_("Answer what the chosen recipients need to know."),
        epilog=example("dunlog interview --set complainant.name=林知夏"),
    )(interview)
    app.command(
        "dossier",
        help=_("Make the complaint for each recipient, as PDF, DOCX and HTML."),
        epilog=example("dunlog dossier --to nfra_complaint --to consumer_association"),
    )(dossier)
    app.command(
        "demo",
        help=_("Build the shipped example case, from raw phone folder to dossiers."),
        epilog=example("dunlog demo"),
    )(demo)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        console.say(f"dunlog {__version__}")
        raise typer.Exit()


def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version."))
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from complaints.guide import guide

        guide()


def recipients(json: Json = False, nl: Lines = False) -> None:
    """List recipients with what they can do; with a case, which fit it and why. A case that is named must exist."""
    from complaints.routing import route_rows
    from evidence.errors import NoCase

    try:
        with opened("recipients") as case:
            rows = route_rows(case)
    except NoCase:
        if case_is_named():
            raise
        rows = route_rows(None)
    if emitted(rows, json=json, nl=nl):
        return
    for row in rows:
        number = f"{row['order']}. " if row["order"] else ""
        console.say(f"{number}{row['id']}  {row['name']}")
        console.say(f"    {row['why']}")
        for words in row["missing"]:
            console.say(f"    - {words}")


def interview(
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help=_("Answer one field."))] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help=_("Ask only what this recipient needs."))] = None,
    json: Json = False,
) -> None:
    """Store answers; without --set, ask in the terminal, or list the open questions for a script."""
    import sys

    from complaints.interview import ask, open_rows, store

    if not set_ and not json and not sys.stdin.isatty():
        hint = _("Answer with --set FIELD=VALUE; --json lists the open fields.")
        raise UsageError(_("There is no terminal to ask in."), hint=hint)
    with opened("interview") as case:
        if json and not set_:
            console.emit_json(open_rows(case, tuple(to or ())))
            return
        stored = store(case, set_) if set_ else ask(case, tuple(to or ()))
    if json:
        console.emit_json({answer.field: answer.value for answer in stored})
    else:
        console.say(ngettext("{n} answer noted.", "{n} answers noted.", len(stored)).format(n=len(stored)))


def dossier(
    to: Annotated[list[str], typer.Option("--to", metavar="ID", help=_("Recipient; may be repeated."))],
    out: Annotated[Path | None, typer.Option("--out", help=_("Folder to write to; default: out/ of the case."))] = None,
    date: Annotated[
        str | None, typer.Option("--date", help=_("Date of the document, YYYY-MM-DD; default: today."))
    ] = None,
    json: Json = False,
) -> None:
    """Preflight, then write."""
    import datetime

    from complaints.publish import NotReady, publish, published_row
    from complaints.recipients import get

    today = _day(date) if date is not None else datetime.date.today().isoformat()
    failed = []
    made = []
    with opened("dossier") as case:  # an unknown recipient is named before anything is made
        names = {ident: get(case.header.jurisdiction, ident).name.of(language()) for ident in to}
        for ident in names:
            try:
                made.append(publish(case, ident, today, out or case.out))
            except NotReady as error:
                failed.append((ident, error))
    if json:
        console.emit_json([published_row(one) for one in made] + [_not_ready_row(*row) for row in failed])
    else:
        for one in made:
            _print_dossier(one, names[one.recipient])
        for ident, refusal in failed:
            console.say(_("{name}: not made. Missing:").format(name=names[ident]))
            for words in refusal.missing:
                console.say(f"  - {words}")
    if failed:
        raise typer.Exit(ExitCode.PREFLIGHT)


def _day(words: str) -> str:
    """A day written YYYY-MM-DD, and in no other way of ISO 8601. Raises UsageError."""
    import datetime

    try:
        day = datetime.datetime.strptime(words, "%Y-%m-%d").date().isoformat()
    except ValueError:
        day = None
    if day != words:
        raise UsageError(_("Not a date: {words}").format(words=words), hint=_("Write it as YYYY-MM-DD."))
    return day


def _not_ready_row(ident: str, error: NotReady) -> dict[str, Any]:
    return {"recipient": ident, "error": error.code, "missing": error.missing}


def _print_dossier(one: Published, name: str) -> None:
    console.say(
        _("{name}: {pages} pages, {exhibits} exhibits").format(name=name, pages=one.pages, exhibits=one.exhibits)
    )
    for path in one.files:
        console.say(f"  {path}")
    for words in one.notes:
        console.say("  " + _("Note: ") + words)


def demo(
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help=_("Where; default: ./dunlog-demo"))] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help=_("Worker processes for OCR."))] = None,
    json: Json = False,
) -> None:
    """The whole way on invented people."""
    from complaints.demo.run import run_demo

    report = run_demo(directory or Path("dunlog-demo"), jobs=jobs, tell=None if json else console.say)
    if json:
        console.emit_json(report)
