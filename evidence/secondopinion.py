"""Read pictures with a second engine as well, and tell where the two differ in something that decides.

The second text is a reading of its own, sealed like any other; it never becomes the one that counts
(:mod:`evidence.readingrank`) unless it comes from the surer engine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from evidence.log import Case
from evidence.models import Problem, Reading
from evidence.ocr.opinion import Decisive, Difference, decisive, differences
from evidence.reading import Picture, ReadReport, Results, read_these
from evidence.readingrank import counting
from evidence.timeline import load_readings

LOCATOR = "second_opinion"  # of the problems of a second reading: the picture has its first one all the same
SURE, UNSURE = "rapidocr", "tesseract"


@dataclass(frozen=True, slots=True)
class Opinion:
    """Where two readings of one picture differ; ``first`` is the one that counts."""

    picture: Picture
    first: Reading
    second: Reading
    places: tuple[Difference, ...]


def read_second(
    case: Case,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    again: bool = False,
    wrap: Callable[[Results, int], Results] | None = None,
    engines: tuple[str, str] = (SURE, UNSURE),
) -> ReadReport:
    """Read each picture that has a text with the other engine too: with the second of ``engines``, or the first of
    them if the second read it. What has both stays as it is (unless ``again``), also what failed before.

    Raises MissingPart when the other engine is not installed.
    """
    from evidence import ocr

    waiting: dict[str, list[Picture]] = {name: [] for name in engines}
    failed = set() if again else _failed(case)
    own_names = {name: ocr.engine(name).name if ":" in name else name for name in engines}
    for picture, found in _pictures(case):
        best = counting(found)
        if best is None:
            continue
        other = engines[0] if best.engine == own_names[engines[1]] else engines[1]
        done = not again and any(reading.engine == own_names[other] for reading in found)
        if not done and (picture.sha256, own_names[other]) not in failed:
            waiting[other].append(picture)
    read = 0
    problems: list[Problem] = []
    for name, pictures in waiting.items():
        report = read_these(
            case, pictures, name, jobs=jobs, executor=executor, wrap=wrap, failing=_as_warning(own_names[name]),
            divided=False,
        )  # fmt: skip
        read += report.read
        problems += report.problems
    return ReadReport(read, tuple(problems))


def opinions(case: Case, decisive: Decisive = decisive) -> tuple[Opinion, ...]:
    """Every picture that two engines read differently in what ``decisive`` finds, in the order kept."""
    told = []
    for picture, found in _pictures(case):
        first = counting(found)
        second = _newest_of_another(found, first)
        if first is not None and second is not None:
            places = differences(first.lines, second.lines, decisive)
            if places:
                told.append(Opinion(picture, first, second, places))
    return tuple(told)


def _newest_of_another(found: Sequence[Reading], first: Reading | None) -> Reading | None:
    others = [reading for reading in found if first is not None and reading.engine != first.engine]
    return others[-1] if others else None


def _pictures(case: Case) -> list[tuple[Picture, tuple[Reading, ...]]]:
    """Each picture of the case once, with its OCR readings, oldest first."""
    query = """select json_extract(m.value, '$.sha256'), json_extract(m.value, '$.name')
               from record, json_each(record.body, '$.media') m
               where json_extract(m.value, '$.mime') like 'image/%' order by record.n"""
    readings: Mapping[str, tuple[Reading, ...]] = load_readings(case)
    names: dict[str, str] = {}
    for sha256, name in case.db.execute(query):
        names.setdefault(sha256, name)
    return [
        (Picture(sha256, name, case.media_path(sha256)), tuple(r for r in readings.get(sha256, ()) if r.kind == "ocr"))
        for sha256, name in names.items()
    ]


def _failed(case: Case) -> set[tuple[str, str]]:
    """(picture, engine) of second readings that failed."""
    query = """select json_extract(log.body, '$.source'), problem.body from problem join log on log.seq = problem.seq
               where problem.locator like ? and problem.body is not null"""
    found = set()
    for sha256, body in case.db.execute(query, [f"{LOCATOR}:%"]):
        found.add((sha256, str(json.loads(body)["locator"]).partition(":")[2]))
    return found


def _as_warning(engine: str) -> Callable[[Problem, str], Problem]:
    """The picture has a text: that a second engine failed on it is worth a warning and no more."""
    return lambda problem, name: Problem(problem.code, problem.message, name, f"{LOCATOR}:{engine}", severity="warning")
