"""new, head, verify, doctor: the case as a whole."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evidence import console
from evidence.cli.common import (
    Json,
    Lines,
    case_folder,
    emitted,
    example,
    opened,
    warn_demo,
    warn_unrecorded,
    zone_called,
)
from evidence.errors import CaseDamaged, ExitCode, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import ngettext


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("new", help=_("Create a case in DIR."), epilog=example("dunlog new ~/我的案件"))(new)
    app.command("head", help=_("Show the newest row of the log: number, hash, time."), epilog=example("dunlog head"))(
        head
    )
    app.command(
        "verify",
        help=_("Check the log, every sealed row and every original, and name what is wrong."),
        epilog=example("dunlog verify --json"),
    )(verify)
    app.command(
        "doctor",
        help=_("Look for what is unread, missing or unfinished, and say what to do."),
        epilog=example("dunlog doctor"),
    )(doctor)


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=_("Folder of the case; made if missing."))],
    jurisdiction: Annotated[str, typer.Option(metavar="COUNTRY", help=_("Country whose law applies."))] = "cn",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help=_("IANA time zone of the borrower's clock."))
    ] = "Asia/Shanghai",
    json: Json = False,
) -> None:
    """Create a case."""
    from evidence.log import create_case
    from evidence.rules import countries

    zone_called(timezone)
    if jurisdiction not in countries():
        words = _("No rules for {name}. There are: {choices}")
        raise UsageError(words.format(name=jurisdiction, choices=", ".join(countries())))
    with create_case(directory, jurisdiction=jurisdiction, timezone=timezone) as case:
        header = case.header
    if json:
        console.emit_json({"case": str(directory), **dataclasses.asdict(header)})
        return
    console.say(_("Created a case in {folder}").format(folder=directory))
    console.say(_("Next: dunlog --case {folder} import FOLDER-COPIED-FROM-THE-PHONE").format(folder=directory))


def head(json: Json = False) -> None:
    """Print the head of the log."""
    with opened("head") as case:
        newest = case.head
    if json:
        console.emit_json(dataclasses.asdict(newest))
        return
    console.say(f"{newest.seq}  {newest.hash}  {newest.at}")
    console.say(_("Write this down, or give it to a friend: with it, a log cut short or exchanged can be found out."))


def verify(
    no_files: Annotated[bool, typer.Option("--no-files", help=_("Check the log only, not the originals."))] = False,
    json: Json = False,
) -> None:
    """Check the case. Exit code 6 when something is wrong."""
    from evidence.log import open_case
    from evidence.verify import verify_case

    meter = console.Meter(_("Checking"))
    folder = case_folder()
    with open_case(folder, "verify", write=False) as case:
        with contextlib.suppress(CaseDamaged):  # the check itself names that
            warn_demo(case)
        report = verify_case(case, files=not no_files, progress=lambda size: meter("", size))
    meter.close()
    if report.ok:  # a case that is wrong is left exactly as it was found
        _record_verify(folder, report.head_seq)
    if json:
        console.emit_json(dataclasses.asdict(report))
    else:
        _print_report(report)
    if not report.ok:
        raise typer.Exit(ExitCode.TAMPERED)


def _record_verify(folder: Path, head: int) -> None:
    """Note the check in the log; that it cannot be noted changes nothing about its result."""
    from evidence.errors import CaseBusy, NoSpace, ReadOnlyCase
    from evidence.log import open_case, record_custody

    try:
        with open_case(folder, "verify", record=False) as case:
            if case.read_only:
                warn_unrecorded(case)
            else:
                record_custody(case, "verify", result="ok", head=head)
    except (CaseBusy, NoSpace, ReadOnlyCase) as error:
        console.warn(_("This check is not recorded in the case: {why}").format(why=_(str(error))))


def _print_report(report: object) -> None:
    from evidence.verify import VerifyReport

    assert isinstance(report, VerifyReport)
    words = _("Checked: log rows {rows}, sealed rows {sealed}, originals {files} ({size} bytes).")
    checked = words.format(
        rows=report.log_rows, sealed=report.sealed_rows, files=report.files, size=f"{report.bytes:,}"
    )
    if report.ok:
        console.say(_("Nothing was changed since it was sealed."))
        console.say(checked)
    else:
        console.say(_("Something is WRONG with this case. The first thing:"))
        console.say("  " + console.one_line(report.faults[0].message, 300))
        for fault in report.faults[1:20]:
            console.say("  " + console.one_line(fault.message, 300))
        if len(report.faults) > 20:
            console.say(_("  … and {n} more (dunlog verify --json lists all)").format(n=len(report.faults) - 20))
        console.say(checked)
    if report.forgotten:
        words = ngettext(
            "{n} row was forgotten on purpose; the log says when and why.",
            "{n} rows were forgotten on purpose; the log says when and why.",
            report.forgotten,
        )
        console.say(words.format(n=report.forgotten))
    for notice in report.notices:
        console.say(_("Note: ") + notice)
    console.say(_("Head: {seq} {hash}").format(seq=report.head_seq, hash=report.head_hash))


def doctor(
    search: Annotated[bool, typer.Option("--search", help=_("Make the search index anew."))] = False,
    json: Json = False,
    nl: Lines = False,
) -> None:
    """Say what is unfinished. Exit code 3 when something needs a person."""
    from evidence.doctor import examine

    with opened("doctor") as case:
        if search:
            console.warn(_("{n} texts can be searched.").format(n=case.rebuild_search()))
        items = examine(case)
    if emitted([dataclasses.asdict(item) for item in items], json=json, nl=nl):
        pass  # only the exit code is left to say
    elif not items:
        console.say(_("Nothing is unread, missing or unfinished."))
    else:
        for item in items:
            console.say(f"- {item.message}")
            for name in item.examples:
                console.say(f"    {console.one_line(name, 100)}")
            console.say(f"    → {item.advice}")
    if any(item.serious for item in items):
        raise typer.Exit(ExitCode.PARTIAL)
