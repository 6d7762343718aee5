"""A second engine's reading is kept beside the first, never counts before it, and is compared with it."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from evidence.doctor import examine
from evidence.log import Case
from evidence.models import Line, Media, Reading, Record
from evidence.ocr.base import OcrText, PictureDamaged
from evidence.reading import failed_pictures, read_pictures
from evidence.readingrank import counting
from evidence.secondopinion import opinions, read_second
from evidence.timeline import load_view
from evidence.verify import verify_case

FIRST = "fake_line_engine:LineEngine"
SECOND = "test_secondopinion:Doubtful"


class Doubtful:
    """Reads an 8 for every 3, and nothing at all from what holds the word ``hard``."""

    name = "doubtful"
    version = "1"
    settings: Mapping[str, Any] = {"confidence": "low"}

    def read(self, data: bytes) -> OcrText:
        text = data.decode().removeprefix("read ")
        if "hard" in text:
            raise PictureDamaged()
        return OcrText((Line(text.replace("3", "8"), 0.4, (0.0, 0.0, 9.0, 9.0)),), 10, 20)


@pytest.fixture(autouse=True)
def engines_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    sys.modules.pop("fake_line_engine", None)
    monkeypatch.setitem(sys.modules, "test_secondopinion", sys.modules[__name__])


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def add(case: Case, text: str, name: str) -> Media:
    media = case.attach(io.BytesIO(f"read {text}".encode()), name, "image/png")
    about = {"source": "ab" * 32, "format": "x", "importer": "x", "version": "1.0"}
    case.append("read", "record", [Record("media", "unknown", name, media=(media,), id=name)], about)
    return media


def second(case: Case, pool: ThreadPoolExecutor, **more: Any) -> Any:
    return read_second(case, executor=pool, engines=(FIRST, SECOND), **more)


def test_both_are_kept_and_the_surer_one_counts(case: Case, pool: ThreadPoolExecutor) -> None:
    media = add(case, "还3200元", "a.png")
    add(case, "收到", "b.png")
    read_pictures(case, FIRST, executor=pool)
    assert (second(case, pool).read, second(case, pool).read) == (2, 0)
    found = load_view(case).readings[media.sha256]
    assert [(r.engine, r.text) for r in found] == [("lines", "还3200元"), ("doubtful", "还8200元")]
    assert counting(found) == found[0]
    (told,) = opinions(case)
    assert (told.picture.name, told.first.engine, told.second.engine) == ("a.png", "lines", "doubtful")
    assert [(p.first, p.second, p.box) for p in told.places] == [("还3200元", "还8200元", (0, 0, 9, 9))]
    assert verify_case(case).ok


def test_the_other_engine_is_the_surer_one_where_the_first_was_not(case: Case, pool: ThreadPoolExecutor) -> None:
    media = add(case, "还3200元", "a.png")
    read_pictures(case, SECOND, executor=pool)
    assert second(case, pool).read == 1
    best = counting(load_view(case).readings[media.sha256])
    assert best is not None
    assert best.engine == "lines"
    assert second(case, pool).read == 0


def test_a_failure_is_a_warning_that_is_not_repeated(case: Case, pool: ThreadPoolExecutor) -> None:
    add(case, "hard 3", "a.png")
    read_pictures(case, FIRST, executor=pool)
    (problem,) = second(case, pool).problems
    assert (problem.code, problem.severity, problem.path) == ("picture_damaged", "warning", "a.png")
    assert failed_pictures(case) == {}
    assert "unreadable" not in [item.code for item in examine(case)]
    head = case.head
    assert second(case, pool).problems == ()
    assert case.head == head
    assert len(second(case, pool, again=True).problems) == 1


def test_a_stop_loses_nothing(case: Case, pool: ThreadPoolExecutor) -> None:
    for n in range(3):
        add(case, f"3{n}", f"{n}.png")
    read_pictures(case, FIRST, executor=pool)

    def stop(results: Iterator[Any], total: int) -> Iterator[Any]:
        yield next(results)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        second(case, pool, wrap=stop)
    assert second(case, pool).read == 2
    assert len(opinions(case)) == 3


def reading(kind: Any, at: int, *, low: bool = False, by: Any = "machine") -> Reading:
    settings = {"confidence": "low" if low else "normal"}
    return Reading("t", kind, "e", "1", str(at), settings=settings, by=by, id=str(at))


@pytest.mark.parametrize(
    ("found", "best"),
    [
        ([], None),
        ([reading("ocr", 0), reading("ocr", 1)], "1"),
        ([reading("ocr", 0), reading("ocr", 1, low=True)], "0"),
        ([reading("ocr", 0, low=True), reading("ocr", 1, low=True)], "1"),
        ([reading("correction", 0, by="person"), reading("ocr", 1)], "0"),
        ([reading("transcript", 0, by="person"), reading("ocr", 1)], "0"),
    ],
)
def test_which_reading_counts(found: list[Reading], best: str | None) -> None:
    chosen = counting(found)
    assert (chosen.id if chosen else None) == best
