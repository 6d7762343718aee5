import io
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence.doctor import examine
from evidence.errors import NotFound, UsageError
from evidence.log import Case
from evidence.models import Line, Media, Record
from evidence.reading import bind_transcript, failed_pictures, find_media, pending_pictures, read_pictures
from evidence.timeline import load_view
from evidence.verify import verify_case

ENGINE = "fake_line_engine:LineEngine"


@pytest.fixture(autouse=True)
def engine_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    sys.modules.pop("fake_line_engine", None)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def add(case: Case, data: bytes, name: str, mime: str = "image/png") -> Media:
    media = case.attach(io.BytesIO(data), name, mime)
    ident = f"r{len(load_view(case).records)}"
    about = {"source": "ab" * 32, "format": "x", "importer": "x", "version": "1.0"}
    case.append("read", "record", [Record("media", "unknown", ident, media=(media,), id=ident)], about)
    return media


def test_every_waiting_picture_is_read_once(case: Case, pool: ThreadPoolExecutor) -> None:
    media = add(case, b"read first", "a.png")
    add(case, b"read first", "same bytes.png")
    add(case, b"read second", "b.png")
    add(case, b"read no picture", "c.amr", "audio/amr")
    assert [p.name for p in pending_pictures(case, None)] == ["a.png", "b.png"]
    report = read_pictures(case, ENGINE, executor=pool)
    assert (report.read, report.problems) == (2, ())
    (reading,) = load_view(case).readings[media.sha256]
    assert (reading.text, reading.engine, reading.by) == ("first", "lines", "machine")
    assert reading.lines[0].box == (0, 0, 9, 9)
    assert (reading.settings["width"], reading.settings["height"]) == (10, 20)
    assert read_pictures(case, ENGINE, executor=pool).read == 0
    assert verify_case(case).ok


def test_a_picture_that_fails_is_named_and_not_tried_again_unless_asked(case: Case, pool: ThreadPoolExecutor) -> None:
    media = add(case, b"broken", "a.png")
    add(case, b"read fine", "b.png")
    report = read_pictures(case, ENGINE, executor=pool)
    assert report.read == 1
    assert [(p.code, p.path) for p in report.problems] == [("picture_damaged", "a.png")]
    assert set(failed_pictures(case)) == {media.sha256}
    assert "unreadable" in [item.code for item in examine(case)]
    head = case.head
    assert read_pictures(case, ENGINE, executor=pool).problems == ()
    assert case.head == head
    assert len(read_pictures(case, ENGINE, executor=pool, again=True).problems) == 1


def test_a_stop_loses_no_text_that_was_there(case: Case, pool: ThreadPoolExecutor) -> None:
    for n in range(3):
        add(case, f"read {n}".encode(), f"{n}.png")

    def stop(results: Iterator[object], total: int) -> Iterator[object]:
        assert total == 3
        yield next(results)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_pictures(case, ENGINE, executor=pool, wrap=stop)
    assert len(load_view(case).readings) == 1
    assert read_pictures(case, ENGINE, executor=pool).read == 2


def test_a_lost_picture_is_a_problem(case: Case, pool: ThreadPoolExecutor) -> None:
    media = add(case, b"read x", "a.png")
    case.media_path(media.sha256).unlink()
    assert [p.code for p in read_pictures(case, ENGINE, executor=pool).problems] == ["unreadable"]


def test_an_unknown_engine_is_a_usage_error(case: Case) -> None:
    add(case, b"read x", "a.png")
    with pytest.raises(UsageError):
        read_pictures(case, "crystal_ball")


def test_media_are_found_by_name_hash_or_record(case: Case) -> None:
    media = add(case, b"sound", "录音 %_.amr", "audio/amr")
    add(case, b"sound 2", "other.amr", "audio/amr")
    for words in ("录音 %_.amr", "/some/where/录音 %_.amr", media.sha256, media.sha256[:8].upper(), "r0"):
        assert find_media(case, words) == (media.sha256, "录音 %_.amr")
    for words in ("", "%", "______", "absent.amr", media.sha256[:5]):
        with pytest.raises(NotFound):
            find_media(case, words)


def test_one_name_for_two_recordings_asks_for_the_hash(case: Case) -> None:
    add(case, b"one", "a.amr", "audio/amr")
    add(case, b"two", "a.amr", "audio/amr")
    with pytest.raises(NotFound, match="hash"):
        find_media(case, "a.amr")


def test_a_transcript_is_bound_once_per_file(case: Case) -> None:
    media = add(case, b"sound", "a.amr", "audio/amr")
    lines = (Line("您好", start_s=0.0, end_s=1.5), Line("还钱", start_s=2.0))
    one = bind_transcript(case, media.sha256, lines, source="cd" * 32)
    assert bind_transcript(case, media.sha256, lines, source="cd" * 32) == one
    assert load_view(case).readings[media.sha256] == (one,)
    assert (one.text, one.by, one.kind) == ("您好\n还钱", "person", "transcript")
    bind_transcript(case, media.sha256, lines, source=None)
    assert len(load_view(case).readings[media.sha256]) == 2
