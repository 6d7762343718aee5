"""Give pictures their text and recordings their transcript: new readings, never edits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from evidence import codec
from evidence.dividing import divide
from evidence.errors import MediaChanged, NotFound
from evidence.formats.media.transcripts import reading_text
from evidence.i18n import gettext as _
from evidence.log import Case
from evidence.models import Line, Problem, Reading
from evidence.reader import stamped_readings
from evidence.readingrank import counting

if TYPE_CHECKING:
    from evidence.ocr import OcrText

Results: TypeAlias = "Iterator[tuple[str, OcrText | Problem]]"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the case that waits for its text."""

    sha256: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Counts of one run. ``left`` were not reached; ``messages`` are those that screenshots were divided into."""

    read: int
    problems: tuple[Problem, ...]
    left: int = 0
    messages: int = 0


def pending_pictures(case: Case, engine: str | None, *, again: bool = False) -> tuple[Picture, ...]:
    """Pictures without an OCR reading (by ``engine`` when one is named), each once, in the order kept.

    A picture that failed before is tried again only with ``again``.
    """
    done = set()
    if not again:
        condition = " and engine = ?" if engine else ""
        query = f"select target from reading where kind = 'ocr'{condition}"
        done = {row[0] for row in case.db.execute(query, [engine] if engine else [])}
        done |= set(failed_pictures(case))
    query = """select json_extract(m.value, '$.sha256'), json_extract(m.value, '$.name')
               from record, json_each(record.body, '$.media') m
               where json_extract(m.value, '$.mime') like 'image/%' order by record.n"""
    found: dict[str, str] = {}
    for sha256, name in case.db.execute(query):
        if sha256 not in done:
            found.setdefault(sha256, name)
    return tuple(Picture(sha256, name, case.media_path(sha256)) for sha256, name in found.items())


def failed_pictures(case: Case) -> dict[str, Problem]:
    """The latest problem of each picture that OCR failed on and that has no reading since, by its hash."""
    query = """select json_extract(log.body, '$.source'), problem.body from problem join log on log.seq = problem.seq
               where problem.locator = 'ocr' and problem.body is not null
                 and not exists (select 1 from reading where reading.kind = 'ocr' and reading.seq > problem.seq
                                 and reading.target = json_extract(log.body, '$.source')) order by problem.n"""
    return {sha256: codec.from_body(Problem, json.loads(body)) for sha256, body in case.db.execute(query)}


def read_pictures(
    case: Case,
    engine: str | None = None,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    again: bool = False,
    wrap: Callable[[Results, int], Results] | None = None,
) -> ReadReport:
    """Read every waiting picture. Each text is sealed as soon as it is there, so a stop loses nothing (in the demo
    case in the order of the pictures, so that its log does not depend on which worker was faster).

    ``wrap`` may put a progress bar around the results. Raises MissingPart when the engine is not installed.
    """
    from evidence import ocr

    pictures = pending_pictures(case, ocr.engine(engine).name if engine else None, again=again)
    return read_these(case, pictures, engine, jobs=jobs, executor=executor, wrap=wrap)


def read_these(
    case: Case,
    pictures: Sequence[Picture],
    engine: str | None = None,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    wrap: Callable[[Results, int], Results] | None = None,
    failing: Callable[[Problem, str], Problem] | None = None,
    divided: bool = True,
) -> ReadReport:
    """Read ``pictures`` as :func:`read_pictures` does. ``failing`` may change the problem (with the name of its
    picture) that a failure is kept as; ``divided``: screenshots of chats also become messages."""
    from evidence import ocr
    from evidence.ocr.pool import read_many
    from evidence.screenchat.layout import VERSION

    if not pictures:
        return ReadReport(0, ())
    chosen = ocr.engine(engine)
    kept_as = failing or (lambda problem, name: Problem(problem.code, problem.message, name, "ocr"))
    names = {p.sha256: p.name for p in pictures}
    problems: list[Problem] = []
    items = []
    for picture in pictures:
        try:
            items.append((picture.sha256, case.sound_media(picture.sha256)))
        except MediaChanged as error:  # its text would be sealed under a hash that is not its own
            problems.append(kept_as(Problem(error.code, str(error)), picture.name))
    results = read_many(items, engine, jobs=jobs, executor=executor)
    if wrap is not None:
        results = wrap(results, len(items))
    if case.environment.demo:
        results = _in_order(results, list(names))
    read = messages = 0
    for sha256, result in results:
        if isinstance(result, Problem):
            problem = kept_as(result, names[sha256])
            case.append("problems", "problem", [problem], {"source": sha256})
            problems.append(problem)
            continue
        settings = {**chosen.settings, "width": result.width, "height": result.height, "made_by": result.made_by}
        if result.rectified is not None:
            settings["rectified"] = result.rectified
        reading = Reading(sha256, "ocr", chosen.name, chosen.version, result.text, result.lines, settings)
        (stamped,) = stamped_readings([reading], case.now())
        with case.transaction():  # the words and what they were divided into, or neither
            case.append("readings", "reading", [stamped], {"target": sha256})
            if result.screen is not None and divided and _counts(case, stamped):
                messages += divide(case, stamped, result.screen, VERSION)
        if result.screen_fault:
            words = _("The words of this picture were read, but it could not be divided into messages ({reason}).")
            fault = words.format(reason=result.screen_fault)
            problems.append(Problem("layout_failed", fault, names[sha256], "ocr", "warning"))
        read += 1
    return ReadReport(read, tuple(problems), messages=messages)


def _counts(case: Case, reading: Reading) -> bool:
    """Whether a new reading is the one of its picture that counts: a less sure engine divides nothing anew."""
    query = "select body from reading where target = ? and body is not null order by n"
    found = [codec.from_body(Reading, json.loads(body)) for (body,) in case.db.execute(query, [reading.target])]
    best = counting(found)
    return best is not None and best.id == reading.id


def _in_order(results: Results, keys: list[str]) -> Results:
    """The same results in the order of ``keys``, each as soon as those before it are there."""
    waiting: dict[str, OcrText | Problem] = {}
    place = 0
    for key, result in results:
        waiting[key] = result
        while place < len(keys) and keys[place] in waiting:
            yield keys[place], waiting.pop(keys[place])
            place += 1


def find_media(case: Case, words: str) -> tuple[str, str]:
    """The (hash, name) of the one recording or picture that ``words`` names: a hash or its start, a record id or
    a file name. Raises NotFound."""
    query = """select distinct json_extract(m.value, '$.sha256'), json_extract(m.value, '$.name')
               from record, json_each(record.body, '$.media') m
               where substr(json_extract(m.value, '$.sha256'), 1, length(?1)) = ?1
                 or json_extract(m.value, '$.name') = ?2 or record.id = ?3"""
    name = Path(words).name
    hits = case.db.execute(query, [words.lower() if len(words) >= 6 else "-", name, words]).fetchall()
    if len({hit[0] for hit in hits}) != 1:
        if hits:
            raise NotFound(_("Several things are called {name}; use the hash.").format(name=words))
        raise NotFound(_("No recording or picture is called {name}.").format(name=words))
    return hits[0][0], hits[0][1]


def bind_transcript(case: Case, target: str, lines: tuple[Line, ...], *, source: str | None) -> Reading:
    """Bind a person's transcript to the recording with hash ``target``; one that is bound already stays as it is.

    ``source`` is the hash of the file it came from, None when it was typed.
    """
    query = "select body from reading where target = ? and source = ? and kind = 'transcript'"
    row = case.db.execute(query, [target, source]).fetchone()
    if row is not None:
        return codec.from_body(Reading, json.loads(row[0]))
    reading = Reading(
        target, "transcript", "imported" if source else "typed", "1", reading_text(lines), lines,
        by="person", source=source,
    )  # fmt: skip
    (stamped,) = stamped_readings([reading], case.now())
    case.append("readings", "reading", [stamped], {"target": target})
    return stamped
