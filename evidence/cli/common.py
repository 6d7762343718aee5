"""What commands share: finding the case, the options every one of them takes, and how results are shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence import console
from evidence.errors import UsageError
from evidence.i18n import gettext as _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from evidence.log import Case
    from evidence.rules.model import Pack


def _one_form(context: typer.Context, value: bool) -> bool:
    """The later of --json and --nl sees the earlier one. Raises UsageError when both are given."""
    if value and (context.params.get("json") or context.params.get("nl")):
        raise UsageError(_("Choose one of --json and --nl."))
    return value


Json = Annotated[bool, typer.Option("--json", help=_("Print one JSON value."), callback=_one_form)]
Lines = Annotated[bool, typer.Option("--nl", help=_("Print one JSON value per line."), callback=_one_form)]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, help=_("Worker processes; default: one per core."))
]
EngineOption = Annotated[
    str | None,
    typer.Option("--engine", metavar="NAME", help=_("OCR engine: rapidocr (default) or tesseract (less sure).")),
]

_named_case: Path | None = None


def set_case(folder: Path | None) -> None:
    """Remember ``--case`` for this process."""
    global _named_case
    _named_case = folder


def case_folder() -> Path:
    """The folder of the case to work on. Raises NoCase."""
    from evidence.log import find_case

    return find_case(_named_case, os.environ, Path.cwd())


def case_is_named() -> bool:
    """Whether ``--case`` or ``DUNLOG_CASE`` names a case, so that another, or none, will not do."""
    return _named_case is not None or bool(os.environ.get("DUNLOG_CASE"))


def opened(command: str, *, write: bool = True, record: bool = True) -> Case:
    """The case, with its opening recorded; says so when it cannot be."""
    from evidence.log import open_case

    case = open_case(case_folder(), command, write=write, record=record)
    if case.read_only and write:
        warn_unrecorded(case)
    warn_demo(case)
    return case


def warn_demo(case: Case) -> None:
    """Say that this is the demo case, if it is."""
    if case.header.demo:
        console.warn(_("This is the demo case: invented people, fixed clock, published salts."))


def warn_unrecorded(case: Case) -> None:
    """Say why the log has no row for this command."""
    if case.no_room:
        console.warn(_("The disk is full: this opening is not recorded in the case."))
    else:
        console.warn(_("The case is on read-only media: this opening is not recorded in it."))


def example(text: str) -> str:
    """The example line under a command's help."""
    return _("Example: {command}").format(command=text)


def one_of(value: str | None, allowed: tuple[str, ...], option: str) -> str | None:
    """``value`` when it is None or allowed; UsageError that lists the choices otherwise."""
    if value is not None and value not in allowed:
        words = _("{option} must be one of: {choices}").format(option=option, choices=", ".join(allowed))
        raise UsageError(words)
    return value


def emitted(rows: Sequence[Any], *, json: bool, nl: bool) -> bool:
    """Print a list in the form asked for; False when that is text for people, which the command writes itself."""
    if json:
        console.emit_json(list(rows))
    elif nl:
        console.emit_nl(rows)
    return json or nl


def zone_called(name: str) -> ZoneInfo:
    """The IANA time zone of this name, the same on every machine. Raises UsageError."""
    from zoneinfo import ZoneInfo, available_timezones

    host = ("localtime", "posixrules", "Factory")  # what these mean depends on the machine
    if name in host or name.startswith(("posix/", "right/")) or name not in available_timezones():
        hint = _("Write a name of the IANA list, for example Asia/Shanghai.")
        raise UsageError(_("There is no time zone called {name}.").format(name=name), hint=hint)
    return ZoneInfo(name)


def pack_label(pack: Pack) -> str:
    """How a rule pack is named to a person."""
    return f"{pack.id} {pack.version}"
