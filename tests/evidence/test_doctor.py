from pathlib import Path

import pytest

from evidence.doctor import examine
from evidence.intake import import_paths
from evidence.log import Case
from evidence.models import Media, Party, Problem, Reading, Record
from evidence.reader import stamped_readings
from evidence.timeline import load_view


def codes(case: Case) -> list[str]:
    return [item.code for item in examine(case)]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("LINES", *lines)), encoding="utf-8")
    return path


def test_nothing_is_wrong_with_a_new_case(case: Case) -> None:
    assert examine(case) == ()


@pytest.mark.usefixtures("lines")
def test_what_could_not_be_read_is_listed_until_it_can(case: Case, tmp_path: Path) -> None:
    bad, gone = write(tmp_path / "bad", "bad"), tmp_path / "gone"
    import_paths(case, [bad, gone])
    (item,) = examine(case)
    assert (item.code, item.serious) == ("unreadable", True)
    assert len(item.examples) == 2
    write(gone, "now it is there")
    import_paths(case, [gone])
    (item,) = examine(case)
    assert item.examples == (f"{bad}: row 1 is bad",)


@pytest.mark.usefixtures("lines")
def test_missing_originals_parts_and_strays(case: Case, tmp_path: Path) -> None:
    import_paths(case, [write(tmp_path / "a", "picture")])
    record = load_view(case).records[0]
    assert codes(case) == ["unread"]
    case.media_path(record.media[0].sha256).unlink()
    case.media_path(record.source).unlink()
    (case.originals / "ff").mkdir(exist_ok=True)
    (case.originals / "ff" / ("ff" * 32)).write_bytes(b"stray")
    assert codes(case) == ["original_missing", "media_missing", "unread", "stray"]


def test_an_import_that_was_stopped_shows(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: object
) -> None:
    def stop(*words: object) -> object:
        raise KeyboardInterrupt

    path = write(tmp_path / "a", "one")
    with monkeypatch.context() as patched:
        patched.setattr("evidence.intake.read_one", stop)
        with pytest.raises(KeyboardInterrupt):
            import_paths(case, [path])
    assert codes(case) == ["import_unfinished"]
    assert import_paths(case, [path]).records == 1
    assert codes(case) == []


def test_recordings_and_busy_numbers(case: Case) -> None:
    sound = Media("ab" * 32, 3, "audio/amr", "call.amr")
    case.media_path(sound.sha256).parent.mkdir(parents=True)
    case.media_path(sound.sha256).write_bytes(b"abc")
    calls = [Record("call", "call", f"c{n}", direction="in", number="12000000011", media=(sound,)) for n in range(5)]
    case.append("read", "record", calls)
    assert codes(case) == ["unnamed", "no_transcript"]
    case.append("party", "party", [Party("12000000011", role="collector")])
    reading = Reading(sound.sha256, "transcript", "typed", "1", "words")
    case.append("readings", "reading", stamped_readings([reading], case.now()))
    assert codes(case) == []


def test_a_warning_is_not_an_item(case: Case) -> None:
    case.append("problems", "problem", [Problem("odd", "harmless", "a", severity="warning")], {"source": "ab" * 32})
    assert examine(case) == ()
