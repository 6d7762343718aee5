"""What in a case is unread, missing or unfinished, and what to do about it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from evidence import codec
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.known import unresolved_problems
from evidence.log import Case
from evidence.models import Problem, Record
from evidence.reading import failed_pictures, pending_pictures
from evidence.timeline import load_parties, rows
from evidence.vault import has_length


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of unfinished thing. ``serious`` means that evidence may be missing from the result."""

    code: str
    message: str
    advice: str
    examples: tuple[str, ...]
    serious: bool


def examine(case: Case) -> tuple[Item, ...]:
    """Look through the whole case. Reads only."""
    found = (
        _missing_originals(case), _problems(case), _unfinished(case), _missing_media(case), _unread(case),
        _unnamed(case), _recordings(case), _strays(case),
    )  # fmt: skip
    return tuple(item for item in found if item is not None)


def _examples(names: list[str]) -> tuple[str, ...]:
    return tuple(names[:5]) + ((_("… {n} in all").format(n=len(names)),) if len(names) > 5 else ())


def _missing_originals(case: Case) -> Item | None:
    query = "select sha256, min(name), size from source where body is not null group by sha256 order by min(n)"
    lost = [name for sha256, name, size in case.db.execute(query) if not has_length(case.originals, sha256, size)]
    if not lost:
        return None
    message = ngettext(
        "{n} original is missing from the case folder or is too short.",
        "{n} originals are missing from the case folder or are too short.",
        len(lost),
    ).format(n=len(lost))
    advice = _("Import the same files again; dunlog verify checks every byte.")
    return Item("original_missing", message, advice, _examples(lost), True)


def _problems(case: Case) -> Item | None:
    errors = [p for problems in unresolved_problems(case).values() for p in problems]
    errors += _not_kept(case) + list(failed_pictures(case).values())
    if not errors:
        return None
    names = [_("{path}: {message}").format(path=p.path, message=p.message) for p in errors]
    message = ngettext(
        "{n} file, row or picture could not be read.",
        "{n} files, rows or pictures could not be read.",
        len(errors),
    ).format(n=len(errors))
    advice = _("Copy them from the phone again, or describe them by hand.")
    return Item("unreadable", message, advice, _examples(names), True)


def _not_kept(case: Case) -> list[Problem]:
    """Paths that could not even be kept, and that no later import has kept."""
    query = """select problem.body from problem join log on log.seq = problem.seq
               where problem.severity is not 'warning' and problem.locator is not 'ocr' and problem.body is not null
                 and json_extract(log.body, '$.source') is null
                 and not exists (select 1 from source where source.path = problem.path and source.seq > problem.seq)"""
    return [codec.from_body(Problem, json.loads(row[0])) for row in case.db.execute(query)]


def _unfinished(case: Case) -> Item | None:
    tried = "select distinct json_extract(body, '$.source') from log where kind in ('read', 'unread')"
    done = {row[0] for row in case.db.execute(tried)}
    query = "select sha256, min(path) from source where body is not null group by sha256 order by min(n)"
    waiting = [path for sha256, path in case.db.execute(query) if sha256 not in done]
    if not waiting:
        return None
    message = ngettext(
        "{n} file is kept but was not looked into: an import was interrupted.",
        "{n} files are kept but were not looked into: an import was interrupted.",
        len(waiting),
    ).format(n=len(waiting))
    return Item("import_unfinished", message, _("Import the same folder again."), _examples(waiting), True)


def _missing_media(case: Case) -> Item | None:
    lost = []
    for record in rows(case, "record", Record):
        lost += [f"{record.locator} {m.name}" for m in record.media if not case.media_path(m.sha256).exists()]
    if not lost:
        return None
    message = ngettext(
        "{n} picture or part of a message is not in the case folder any more.",
        "{n} pictures or parts of messages are not in the case folder any more.",
        len(lost),
    ).format(n=len(lost))
    advice = _("Take them out of the originals again: dunlog read --parts")
    return Item("media_missing", message, advice, _examples(lost), True)


def _unread(case: Case) -> Item | None:
    pending = pending_pictures(case, None)
    if not pending:
        return None
    message = ngettext(
        "{n} picture has not been read yet.",
        "{n} pictures have not been read yet.",
        len(pending),
    ).format(n=len(pending))
    return Item("unread", message, _("Read them: dunlog read"), _examples([p.name for p in pending]), True)


def _unnamed(case: Case) -> Item | None:
    named = {key for key, party in load_parties(case).items() if party.role}
    counts: dict[str, int] = {}
    query = "select number, count(*) from record where direction = 'in' and number is not null group by number"
    for number, count in case.db.execute(query):
        if number not in named and count >= 5:
            counts[number] = count
    if not counts:
        return None
    top = [f"{number} ({count})" for number, count in sorted(counts.items(), key=lambda pair: -pair[1])]
    message = ngettext(
        "{n} number contacted you five times or more and has no name yet.",
        "{n} numbers contacted you five times or more and have no name yet.",
        len(counts),
    ).format(n=len(counts))
    advice = _("Say who they are: dunlog party set NUMBER --role collector --for LENDER")
    return Item("unnamed", message, advice, _examples(top), False)


def _recordings(case: Case) -> Item | None:
    query = """select json_extract(m.value, '$.name') from record, json_each(record.body, '$.media') m
               where json_extract(m.value, '$.mime') like 'audio/%' and not exists (
                 select 1 from reading where reading.target = json_extract(m.value, '$.sha256'))"""
    silent = [row[0] for row in case.db.execute(query)]
    if not silent:
        return None
    message = ngettext(
        "{n} recording has no transcript; its words cannot be quoted.",
        "{n} recordings have no transcript; their words cannot be quoted.",
        len(silent),
    ).format(n=len(silent))
    return Item("no_transcript", message, _("Type one: dunlog transcript RECORDING FILE"), _examples(silent), False)


def _strays(case: Case) -> Item | None:
    known = {row[0] for row in case.db.execute("select distinct sha256 from source")}
    strays = sorted(path.name for path in case.originals.glob("??/*") if path.name not in known)
    if not strays:
        return None
    words = ngettext(
        "{n} file in originals/ is not in the log (an import was interrupted before it recorded it).",
        "{n} files in originals/ are not in the log (an import was interrupted before it recorded them).",
        len(strays),
    )
    advice = _("Import the same folder again.")
    return Item("stray", words.format(n=len(strays)), advice, _examples(strays), False)
