"""import, read, transcript: how things get in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from evidence import console
from evidence.cli.common import EngineOption, JobsOption, Json, example, opened, zone_called
from evidence.cli.labels import word
from evidence.errors import ExitCode, Unreadable, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

Executor = Annotated[
    str | None,
    typer.Option("--executor", metavar="ADDRESS", help=_("Where to read: dask://HOST:PORT instead of this machine.")),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(
        "import",
        help=_("Keep and read files and folders copied from a phone."),
        epilog=example("dunlog import ~/手机备份"),
    )(import_)
    app.command(
        "read", help=_("Read the text of pictures that have none yet (OCR)."), epilog=example("dunlog read --jobs 2")
    )(read)
    app.command(
        "transcript",
        help=_("Bind a typed transcript (SRT, VTT, or TXT with time codes) to a recording."),
        epilog=example("dunlog transcript 录音.m4a 录音.srt"),
    )(transcript)


def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("Files and folders."))],
    no_read: Annotated[bool, typer.Option("--no-read", help=_("Do not read pictures now."))] = False,
    tz: Annotated[str | None, typer.Option("--tz", metavar="ZONE", help=_("Zone of clocks without offset."))] = None,
    holder: Annotated[
        str,
        typer.Option(
            "--holder", metavar="NAME", help=_("Whose phone this is: self, or the name of a relative or friend.")
        ),
    ] = "self",
    engine: EngineOption = None,
    jobs: JobsOption = None,
    json: Json = False,
) -> None:
    """Keep, hash, detect and read."""
    from zoneinfo import ZoneInfo

    from evidence.importers.base import ReadOptions
    from evidence.intake import import_paths
    from evidence.joining import join_new

    stated = zone_called(tz) if tz is not None else None
    with opened("import") as case:
        zone = stated or ZoneInfo(case.header.timezone)
        meter = console.Meter(_("Importing"))
        report = import_paths(case, paths, ReadOptions(zone, holder), meter)
        meter.close()
        joined = join_new(case)
        ocr = None if no_read else _read_pictures(case, engine, jobs, None, again=False)
    problems = [*report.problems, *(ocr.problems if ocr else ())]
    complete = report.complete and not (ocr and ocr.problems)
    if json:
        console.emit_json(
            {
                "files": len(report.files),
                "new": report.new,
                "known": report.known,
                "records": report.records,
                "joined": joined,
                "pictures_read": ocr.read if ocr else 0,
                "problems": [dataclasses.asdict(p) for p in problems],
                "skipped": list(report.skipped),
                "results": [dataclasses.asdict(f) for f in report.files],
            }
        )
    else:
        _print_import(report, joined, ocr.read if ocr else 0, problems)
    if not complete:
        raise typer.Exit(ExitCode.PARTIAL)


def _print_import(report: Any, joined: int, pictures: int, problems: list[Any]) -> None:
    for file in report.files:
        other = _("same bytes as another file") if any(p.code == "same_bytes" for p in file.problems) else ""
        states = {"known": _("known"), "failed": _("not kept")}
        what = word(file.format) or other or states.get(file.state, _("kept, not read"))
        count = ngettext("{n} record", "{n} records", file.records).format(n=file.records)
        name = console.one_line(Path(file.path).name, 56)
        console.say(f"  {name}  [{what}]  {count if file.records else ''}".rstrip())
    words = _(
        "Files: {files} ({new} new, {known} known). Records: {records}, joined: {joined}. Pictures read: {pictures}."
    )
    console.say(
        words.format(
            files=len(report.files), new=report.new, known=report.known, records=report.records,
            joined=joined, pictures=pictures,
        )
    )  # fmt: skip
    for problem in problems:
        mark = _("Problem") if problem.severity == "error" else _("Note")
        place = Path(problem.path).name + (f" {problem.locator}" if problem.locator else "")
        words = console.one_line(problem.message, 300)
        line = _("{mark} [{code}] {place}: {words}")
        shown = console.one_line(place, 60)
        console.say("  " + line.format(mark=mark, code=problem.code, place=shown, words=words))


def _read_pictures(case: Any, engine: str | None, jobs: int | None, executor: str | None, *, again: bool) -> Any:
    from evidence.ocr.workers import executor_for
    from evidence.reading import Results, read_pictures

    def bar(results: Results, total: int) -> Results:
        return console.progress(results, total, _("Reading pictures"))

    workers = executor_for(executor, jobs) if executor else None
    return read_pictures(case, engine, jobs=jobs, executor=workers, again=again, wrap=bar)


def read(
    engine: EngineOption = None,
    jobs: JobsOption = None,
    executor: Executor = None,
    again: Annotated[bool, typer.Option("--again", help=_("Read pictures that were read before, too."))] = False,
    parts: Annotated[
        bool, typer.Option("--parts", help=_("First take lost parts out of the originals again."))
    ] = False,
    json: Json = False,
) -> None:
    """OCR what has not been read; stopping loses nothing."""
    from evidence.reader import restore_parts

    with opened("read") as case:
        restored = restore_parts(case) if parts else 0
        report = _read_pictures(case, engine, jobs, executor, again=again)
    if json:
        problems = [dataclasses.asdict(p) for p in report.problems]
        console.emit_json({"read": report.read, "restored": restored, "problems": problems})
    else:
        if restored:
            words = ngettext(
                "{n} part was taken out of the originals again.",
                "{n} parts were taken out of the originals again.",
                restored,
            )
            console.say(words.format(n=restored))
        console.say(ngettext("{n} picture read.", "{n} pictures read.", report.read).format(n=report.read))
        for problem in report.problems:
            line = _("{mark} [{code}] {place}: {words}").format(
                mark=_("Problem"), code=problem.code, place=problem.path, words=problem.message
            )
            console.say(console.one_line(line, 300))
    if report.problems:
        raise typer.Exit(ExitCode.PARTIAL)


def transcript(
    recording: Annotated[
        str, typer.Argument(metavar="RECORDING", help=_("File name, hash or record id of a recording in the case."))
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The transcript."))],
    json: Json = False,
) -> None:
    """Keep the transcript file and bind its lines to the recording's hash."""
    from evidence.intake import import_paths
    from evidence.reading import bind_transcript, find_media
    from evidence.textfile import decode
    from evidence.transcripts import parse_transcript

    if not file.is_file():
        raise UsageError(_("There is no file {name}.").format(name=file))
    with opened("transcript") as case:
        target, name = find_media(case, recording)
        lines = parse_transcript(decode(file.read_bytes()).text)
        if not lines:
            raise UsageError(_("No lines with time codes were found in {name}.").format(name=file.name))
        report = import_paths(case, [file])
        failed = [p for p in report.problems if p.code in ("no_permission", "os_error")]
        if failed:
            raise Unreadable(failed[0].message)
        reading = bind_transcript(case, target, lines, source=report.files[0].sha256)
    if json:
        console.emit_json({"id": reading.id, "target": target, "lines": len(lines)})
    else:
        words = ngettext("{n} line is bound to {name}.", "{n} lines are bound to {name}.", len(lines))
        console.say(words.format(n=len(lines), name=name))
