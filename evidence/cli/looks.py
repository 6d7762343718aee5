"""timeline: what happened when."""

from __future__ import annotations

import csv
import os
import secrets
import sys
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from evidence import console
from evidence.cli.common import Json, Lines, emitted, example, one_of, opened
from evidence.cli.labels import word
from evidence.errors import UsageError
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.phone import normalise

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

COLUMNS = (
    "time", "time_basis", "time_how", "precision_s", "kind", "channel", "direction", "direction_basis", "number",
    "name", "name_basis", "text", "text_basis", "duration_s", "outcome", "holder", "id", "same_as", "source",
)  # fmt: skip
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: full width
_CELL = 32767  # characters that Excel takes in one cell


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(
        "timeline",
        help=_("List the records in time order."),
        epilog=example("dunlog timeline --kind call --from 2026-04-01 --to 2026-05-01"),
    )(timeline)


def timeline(
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help=_("From this date or time (local)."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help=_("Before this date or time (local)."))
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=_("call, sms, mms, chat, email, note, visit, document, media"))
    ] = None,
    channel: Annotated[str | None, typer.Option(metavar="CHANNEL", help=_("For example call, sms, wechat."))] = None,
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help=_("One number."))] = None,
    direction: Annotated[str | None, typer.Option(metavar="DIRECTION", help=_("in or out"))] = None,
    text: Annotated[
        str | None, typer.Option(metavar="TEXT", help=_("Words to find, also in what was read from pictures."))
    ] = None,
    json: Json = False,
    nl: Lines = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("CSV on stdout."))] = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help=_("Write a spreadsheet."))] = None,
) -> None:
    """Print the timeline."""
    from zoneinfo import ZoneInfo

    from evidence.models import Kind
    from evidence.timeline import Filter, row_context, select_records, timeline_row

    if sum((json, nl, as_csv, xlsx is not None)) > 1:
        raise UsageError(_("Choose one of --json, --nl, --csv and --xlsx."))
    if xlsx is not None:
        _check_target(xlsx)
    one_of(kind, get_args(Kind), "--kind")
    one_of(direction, ("in", "out"), "--direction")
    peer = normalise(number)
    if number is not None and peer is None:
        raise UsageError(_("Not a number: {number}").format(number=number))
    with opened("timeline") as case:
        zone = ZoneInfo(case.header.timezone)
        wanted = Filter(_instant(since, zone), _instant(until, zone), kind, channel, peer, direction, text)
        context = row_context(case)
        rows = [timeline_row(record, context) for record in select_records(case, wanted)]
    if emitted(rows, json=json, nl=nl):
        return
    if as_csv:
        _write_csv(rows)
    elif xlsx is not None:
        _write_xlsx(rows, xlsx)
        words = ngettext("{n} row written to {name}", "{n} rows written to {name}", len(rows))
        console.say(words.format(n=len(rows), name=xlsx))
    else:
        _print_rows(rows)


def _instant(words: str | None, zone: ZoneInfo) -> str | None:
    """UTC text of a typed day or time in ``zone``. Raises UsageError."""
    from evidence.timeline import when_text

    try:
        return when_text(words, zone) if words else None
    except (ValueError, OverflowError) as error:
        hint = _("Write it like 2026-04-01 or 2026-04-01T21:30")
        raise UsageError(_("Not a date or time: {words}").format(words=words), hint=hint) from error


def _cells(row: dict[str, Any]) -> list[str]:
    """A row as plain text, in the order of ``COLUMNS``."""
    flat = {**row, "same_as": " ".join(row["same_as"]), "source": f"{row['source']['name']} {row['source']['locator']}"}
    return ["" if flat[column] is None else console.safe(flat[column]) for column in COLUMNS]


def _when(row: dict[str, Any]) -> str:
    """The wall clock, as exact as it is known: seconds only where they are stated, an interval with its end."""
    if row["time"] is None:
        return _("no time").ljust(19)
    begin = datetime.fromisoformat(row["time"])
    if row["time_how"] == "screen_interval":
        end = begin + timedelta(seconds=row["precision_s"])
        till = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%m-%d}"
        return f"{begin:%Y-%m-%d %H:%M}–{till}".ljust(19)
    if row["time_how"] == "date_only":
        return f"{begin:%Y-%m-%d}".ljust(19)
    return f"{begin:%Y-%m-%d %H:%M}".ljust(19) if row["precision_s"] >= 60 else f"{begin:%Y-%m-%d %H:%M:%S}"


def _neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula (the list of OWASP, with the full-width signs of Chinese input)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _write_csv(rows: Iterable[dict[str, Any]]) -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(newline="")  # the csv module ends its lines itself
    sys.stdout.write("\ufeff")  # Excel takes the file for UTF-8 only with this mark
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    writer.writerows([_neutral(cell) for cell in _cells(row)] for row in rows)


def _check_target(target: Path) -> None:
    """Raises UsageError for a place where no file can be."""
    if not target.parent.is_dir():
        raise UsageError(_("There is no folder {name}.").format(name=target.parent))
    if target.is_dir():
        raise UsageError(_("{name} is a folder, not a file.").format(name=target))


def _write_xlsx(rows: Iterable[dict[str, Any]], target: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Timeline"))
    sheet.freeze_panes = "A2"
    for line in (list(COLUMNS), *(_cells(row) for row in rows)):
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, value=value if len(value) <= _CELL else value[: _CELL - 1] + "…")
            cell.data_type = "s"
            cell.quotePrefix = True  # stays text when somebody edits it
            cells.append(cell)
        sheet.append(cells)
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        book.save(unfinished)
        os.replace(unfinished, target)  # a file of that name is whole, the old or the new one
    finally:
        unfinished.unlink(missing_ok=True)


def display_width(text: str) -> int:
    """Columns of a terminal that ``text`` takes: wide characters (UAX #11) take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _print_rows(rows: list[dict[str, Any]]) -> None:
    width = max((display_width(word(kind)) for kind in {row["kind"] for row in rows}), default=0)
    arrows = {"in": "←", "out": "→", None: " "}
    for row in rows:
        when = _when(row)
        who = row["name"] or row["number"] or ""
        what = row["text"] or word(row["outcome"])
        if row["duration_s"]:
            what = _("{what} {seconds} s").format(what=word(row["outcome"]), seconds=round(row["duration_s"])) + (
                f"  {row['text']}" if row["text"] else ""
            )
        again = " =" if row["same_as"] else ""
        console.say(
            f"{when}  {_padded(word(row['kind']), width)} {arrows[row['direction']]} {console.one_line(who, 24)}  "
            f"{console.one_line(what, 70)}{again}"
        )
    count = ngettext("{n} record", "{n} records", len(rows)).format(n=len(rows))
    console.say(_("{count}. “=” marks records of an event that another source tells too.").format(count=count))
