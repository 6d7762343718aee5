"""columns: what the columns of a table seem to mean, as a draft to check."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence import console
from evidence.cli.common import Json, example
from evidence.cli.options import read_options
from evidence.errors import UsageError
from evidence.i18n import gettext as _

if TYPE_CHECKING:
    from evidence.importers.base import FileProbe, ReadOptions


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(
        "columns",
        help=_("Propose what the columns of a table mean, and show the rows it would give. Writes no case."),
        epilog=example("dunlog columns 通话记录.csv --out 列.yaml"),
    )(columns)


def columns(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A table: CSV, XLSX, XLS."))],
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help=_("Show what this description gives."))
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=_("Write the draft there."))] = None,
    tz: Annotated[str | None, typer.Option("--tz", metavar="ZONE", help=_("Zone of clocks without offset."))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_("Encoding of text files that leave it open."))
    ] = None,
    json: Json = False,
) -> None:
    """A draft from the header and the first rows, or the given description, with the first records it gives."""
    from zoneinfo import ZoneInfo

    from evidence.formats.tables.tablemap import preview
    from evidence.formats.tables.tablewords import mapping_text
    from evidence.importers.base import ReadOptions

    if not file.is_file():
        raise UsageError(_("There is no file {name}.").format(name=file))
    stated = read_options(tz, "self", None, None, encoding, mapping)
    options = ReadOptions(stated.zone or ZoneInfo("Asia/Shanghai"), **stated.others)
    probe = _probe(file)
    said = dict(options.mapping) if options.mapping is not None else _draft(probe, options)
    usable = "time" in said and "kind" in said
    records = preview(probe, said, options) if usable else []
    text = mapping_text(said)
    if out is not None:
        if out.exists():
            raise UsageError(_("{name} exists already.").format(name=out))
        out.write_text(text, encoding="utf-8")
    if json:
        console.emit_json({"mapping": said, "records": [dataclasses.asdict(record) for record in records]})
        return
    if out is None:
        console.say(text)
    else:
        console.say(_("The draft is in {name}. Check every line of it.").format(name=out))
    if not usable:
        console.say(_("No column of times was found; name it under “time”, then: dunlog columns FILE --map DRAFT"))
    for record in records:
        words = (record.time.utc or "-", record.kind, record.direction, record.number_raw, record.name, record.text)
        console.say("  " + console.one_line("  ".join(str(word) for word in words if word), 110))


def _draft(probe: FileProbe, options: ReadOptions) -> dict[str, Any]:
    from evidence.formats.tables.tabledraft import draft_for

    return dict(draft_for(probe, options))


def _probe(file: Path) -> FileProbe:
    from evidence.importers.base import HEAD_BYTES, FileProbe
    from evidence.vault import hash_file

    sha256, size = hash_file(file)
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    return FileProbe(file, file.name, size, sha256, head)
