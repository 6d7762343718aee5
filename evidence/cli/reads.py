"""import, read, transcript: how things get in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence import console
from evidence.cli.common import EngineOption, JobsOption, Json, example, opened
from evidence.cli.imported import print_report, report_body
from evidence.cli.options import in_zone_of, read_options
from evidence.errors import ExitCode, Unreadable, UsageError
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

if TYPE_CHECKING:
    from evidence.cli.opinions import SecondOpinion
    from evidence.log import Case
    from evidence.models import Problem

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
        "frames",
        help=_("Take single pictures out of a video, as records of their own."),
        epilog=example("dunlog frames 录屏.mp4 --at 0:12 --at 31.5"),
    )(frames)
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
    me: Annotated[
        list[str] | None,
        typer.Option("--me", metavar="NAME", help=_("The holder's own name in chats; may be repeated.")),
    ] = None,
    date_order: Annotated[
        str | None,
        typer.Option(
            "--date-order", metavar="ORDER", help=_("Day and month in chats that leave it open: dmy, mdy, ymd.")
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_("Encoding of text files that leave it open."))
    ] = None,
    columns: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help=_("What the columns of tables mean (see `columns`)."))
    ] = None,
    engine: EngineOption = None,
    jobs: JobsOption = None,
    json: Json = False,
) -> None:
    """Keep, hash, detect and read."""
    from evidence.intake import import_paths
    from evidence.joining import join_new

    stated = read_options(tz, holder, me, date_order, encoding, columns)
    with opened("import") as case:
        meter = console.Meter(_("Importing"))
        report = import_paths(case, paths, in_zone_of(case, stated), meter)
        meter.close()
        report = report.with_told_again(join_new(case))
        clocks = _clock_remarks(case) if report.records else []
        ocr = None if no_read else _read_pictures(case, engine, jobs, None, again=False)
    pictures, messages = (ocr.read, ocr.messages) if ocr else (0, 0)
    problems = [*report.problems, *clocks, *(ocr.problems if ocr else ())]
    if json:
        console.emit_json(report_body(report, pictures, messages, problems))
    else:
        print_report(report, pictures, messages, problems)
    if not report.complete or (ocr and ocr.problems):
        raise typer.Exit(ExitCode.PARTIAL)


def _clock_remarks(case: Case) -> list[Problem]:
    """What the bills of the case say about the clocks of its phones. Said, never acted upon."""
    from evidence.cli.clock import file_names, shown_words
    from evidence.clocks import offsets_of
    from evidence.models import Problem

    names = file_names(case)
    return [
        Problem("clock_off", shown_words(one, names), names.get(one.source, ""), severity="warning")
        for one in offsets_of(case)
    ]


def _read_pictures(case: Any, engine: str | None, jobs: int | None, executor: str | None, *, again: bool) -> Any:
    from evidence.joining import join_new
    from evidence.ocr.workers import executor_for
    from evidence.reading import Results, read_pictures

    def bar(results: Results, total: int) -> Results:
        return console.progress(results, total, _("Reading pictures"))

    workers = executor_for(executor, jobs) if executor else None
    report = read_pictures(case, engine, jobs=jobs, executor=workers, again=again, wrap=bar)
    if report.messages:
        join_new(case)
    return report


def read(
    engine: EngineOption = None,
    jobs: JobsOption = None,
    executor: Executor = None,
    again: Annotated[bool, typer.Option("--again", help=_("Read pictures that were read before, too."))] = False,
    parts: Annotated[
        bool, typer.Option("--parts", help=_("First take lost parts out of the originals again."))
    ] = False,
    second_opinion: Annotated[
        bool,
        typer.Option(
            "--second-opinion",
            help=_("Also read with the other engine, and list the lines where an amount, a number or a date differs."),
        ),
    ] = False,
    json: Json = False,
) -> None:
    """OCR what has not been read; stopping loses nothing."""
    from evidence.reader import restore_parts
    from evidence.videoframes import restore_frames

    with opened("read") as case:
        restored = restore_parts(case) + restore_frames(case) if parts else 0
        report = _read_pictures(case, engine, jobs, executor, again=again)
        second = _second_opinion(case, jobs, executor, again=again) if second_opinion else None
    if second is not None:
        report = dataclasses.replace(report, problems=(*report.problems, *second.report.problems))
    if json:
        problems = [dataclasses.asdict(p) for p in report.problems]
        told = second.body() if second is not None else {}
        body = {"read": report.read, "messages": report.messages, "restored": restored, "problems": problems}
        console.emit_json({**body, **told})
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
        if second is not None:
            second.say()
    if report.problems:
        raise typer.Exit(ExitCode.PARTIAL)


def _second_opinion(case: Case, jobs: int | None, executor: str | None, *, again: bool) -> SecondOpinion:
    """Read with the other engine, then compare all pictures that have both."""
    from evidence.cli.opinions import SecondOpinion
    from evidence.ocr.workers import executor_for
    from evidence.reading import Results
    from evidence.secondopinion import opinions, read_second

    def bar(results: Results, total: int) -> Results:
        return console.progress(results, total, _("Reading pictures a second time"))

    workers = executor_for(executor, jobs) if executor else None
    report = read_second(case, jobs=jobs, executor=workers, again=again, wrap=bar)
    return SecondOpinion(report, opinions(case))


def frames(
    video: Annotated[str, typer.Argument(metavar="VIDEO", help=_("Name, hash or record id of a video of the case."))],
    at: Annotated[
        list[str], typer.Option("--at", metavar="TIME", help=_("Seconds, or minutes:seconds; may be repeated."))
    ],
    no_read: Annotated[bool, typer.Option("--no-read", help=_("Do not read pictures now."))] = False,
    json: Json = False,
) -> None:
    """Each becomes a picture with the video as its source."""
    from evidence.videoframes import add_frames, find_video

    seconds = [_seconds(words) for words in at]
    with opened("frames") as case:
        made = add_frames(case, find_video(case, video), seconds)
        read_now = 0 if no_read or not made else _read_pictures(case, None, None, None, again=False).read
    if json:
        console.emit_json({"records": [dataclasses.asdict(record) for record in made], "pictures_read": read_now})
        return
    for record in made:
        console.say(f"  {record.id}  {console.one_line(record.media[0].name)}")
    words = ngettext("{n} picture was added.", "{n} pictures were added.", len(made))
    console.say(words.format(n=len(made)))


def _seconds(words: str) -> float:
    """``31.5``, ``0:12`` or ``1:02:03`` as seconds. Raises UsageError."""
    total = 0.0
    try:
        for part in words.replace("\uff1a", ":").split(":"):
            total = total * 60 + float(part)
    except ValueError as error:
        raise UsageError(_("Not a place in a video: {words}").format(words=words)) from error
    if not 0 <= total < 1e7:
        raise UsageError(_("Not a place in a video: {words}").format(words=words))
    return total


def transcript(
    recording: Annotated[
        str, typer.Argument(metavar="RECORDING", help=_("File name, hash or record id of a recording in the case."))
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The transcript."))],
    json: Json = False,
) -> None:
    """Keep the transcript file and bind its lines to the recording's hash."""
    from evidence.formats.media.transcripts import parse_transcript
    from evidence.intake import import_paths
    from evidence.reading import bind_transcript, find_media
    from evidence.textfile import decode

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
