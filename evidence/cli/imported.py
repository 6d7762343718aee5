"""What happened in an import, for people and as JSON. The sums reconcile with the number of files."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence import console
from evidence.cli.labels import word
from evidence.i18n import gettext as _
from evidence.i18n import ngettext

if TYPE_CHECKING:
    from evidence.intake import ImportReport
    from evidence.models import Problem
    from evidence.reader import FileResult

LISTED = 200
"""More files than this are told as one line for each format; the JSON form names each of them."""
_SHOWN_ALIKE = 5


def report_body(report: ImportReport, pictures: int, messages: int, problems: list[Problem]) -> dict[str, Any]:
    """The JSON value of ``import``: files = new + known + failed = read + unread + failed."""
    return {
        "files": len(report.files),
        "new": report.new,
        "known": report.known,
        "failed": report.failed,
        "unread": report.unread,
        "read": len(report.files) - report.failed - report.unread,
        "records": report.records,
        "contacts": sum(f.contacts for f in report.files),
        "readings": sum(f.readings for f in report.files),
        "joined": sum(f.told_again for f in report.files),
        "pictures_read": pictures,
        "messages_read": messages,
        "formats": {name: dict(sums) for name, sums in sorted(_by_format(report).items())},
        "problems": [dataclasses.asdict(p) for p in problems],
        "skipped": list(report.skipped),
        "results": [dataclasses.asdict(f) for f in report.files],
    }


def print_report(report: ImportReport, pictures: int, messages: int, problems: list[Problem]) -> None:
    """The table, the sums and the problems."""
    if len(report.files) <= LISTED:
        for file in report.files:
            _print_file(file)
    else:
        for name, sums in sorted(_by_format(report).items()):
            files = ngettext("{n} file", "{n} files", sums["files"]).format(n=sums["files"])
            console.say(f"  {word(name) or _('kept, not read')}: {files}, {_counts(sums)}".rstrip(", "))
    _print_sums(report, pictures, messages)
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.code, problem.message), []).append(problem)
    for alike in kinds.values():
        for problem in alike[:_SHOWN_ALIKE]:
            _print_problem(problem)
        more = len(alike) - _SHOWN_ALIKE
        if more > 0:
            words = ngettext("{n} more like this; --json names it.", "{n} more like this; --json names each.", more)
            console.say("    " + words.format(n=more))


def _print_problem(problem: Problem) -> None:
    mark = _("Problem") if problem.severity == "error" else _("Note")
    place = Path(problem.path).name + (f" {problem.locator}" if problem.locator else "")
    words = console.one_line(problem.message, 300)
    line = _("{mark} [{code}] {place}: {words}")
    shown = console.one_line(place, 60)
    console.say("  " + line.format(mark=mark, code=problem.code, place=shown, words=words))


def _print_file(file: FileResult) -> None:
    other = _("same bytes as another file") if any(p.code == "same_bytes" for p in file.problems) else ""
    what = word(file.format) or other or (_("not kept") if file.state == "failed" else _("kept, not read"))
    name = console.one_line(Path(file.path).name, 56)
    state = [_("known")] if file.state == "known" else []
    counted = Counter({name: getattr(file, name) for name in ("records", "readings", "contacts", "told_again")})
    counted["problems"] = len(file.problems)
    console.say(f"  {name}  [{what}]  {', '.join([*state, *filter(None, [_counts(counted)])])}".rstrip())


def _counts(sums: Counter[str]) -> str:
    """The counts that are not zero, in words."""
    records, again, contacts = sums["records"], sums["told_again"], sums["contacts"]
    readings, problems = sums["readings"], sums["problems"]
    words = {
        ngettext("{n} record", "{n} records", records): records,
        ngettext("{n} told before", "{n} told before", again): again,
        ngettext("{n} name", "{n} names", contacts): contacts,
        ngettext("{n} transcript", "{n} transcripts", readings): readings,
        ngettext("{n} remark", "{n} remarks", problems): problems,
    }
    return ", ".join(text.format(n=n) for text, n in words.items() if n)


def _print_sums(report: ImportReport, pictures: int, messages: int) -> None:
    words = _(
        "Files: {files} = {new} new + {known} known + {failed} not kept. Read: {read}; kept, not read: {unread}; "
        "skipped as litter: {skipped}."
    )
    read = len(report.files) - report.failed - report.unread
    console.say(
        words.format(
            files=len(report.files), new=report.new, known=report.known, failed=report.failed,
            read=read, unread=report.unread, skipped=len(report.skipped),
        )
    )  # fmt: skip
    words = _(
        "Records: {records}; of these {joined} tell of an event told before. Pictures read: {pictures}; messages in "
        "them: {messages}."
    )
    joined = sum(f.told_again for f in report.files)
    console.say(words.format(records=report.records, joined=joined, pictures=pictures, messages=messages))


def _by_format(report: ImportReport) -> dict[str, Counter[str]]:
    sums: dict[str, Counter[str]] = {}
    for file in report.files:
        one = sums.setdefault(file.format or "", Counter())
        one["files"] += 1
        one["problems"] += len(file.problems)
        for name in ("records", "readings", "contacts", "told_again"):
            one[name] += getattr(file, name)
    return sums
