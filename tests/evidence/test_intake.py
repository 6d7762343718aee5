"""Every way in which a folder can be bad: named per file, the rest goes on, nothing is lost."""

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from evidence import vault
from evidence.errors import NoSpace, ReadOnlyCase
from evidence.importers.base import ReadOptions
from evidence.intake import ImportReport, import_paths
from evidence.log import Case, create_case, open_case
from evidence.reader import restore_parts
from evidence.timeline import load_problems, load_view
from evidence.verify import verify_case

pytestmark = pytest.mark.usefixtures("lines")


def codes(report: ImportReport) -> dict[str, str]:
    return {Path(p.path).name: p.code for p in report.problems}


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("LINES", *lines)), encoding="utf-8")
    return path


def ids(case: Case) -> list[str]:
    return sorted(record.id for record in load_view(case).records)


def test_a_folder_becomes_sources_and_records(case: Case, tmp_path: Path) -> None:
    write(tmp_path / "in" / "b" / "two.txt", "second")
    write(tmp_path / "in" / "one.txt", "first", "bad", "third")
    report = import_paths(case, [tmp_path / "in"])
    assert (report.new, report.known, report.records, report.complete) == (2, 0, 3, False)
    assert codes(report) == {"one.txt": "bad_row"}
    view = load_view(case)
    assert [s.importer for s in view.sources] == ["lines 1.0", "lines 1.0"]
    assert {r.source for r in view.records} == {s.sha256 for s in view.sources}
    assert verify_case(case).ok


def test_a_second_import_adds_nothing_and_says_the_same_problems(case: Case, tmp_path: Path) -> None:
    write(tmp_path / "in" / "one.txt", "first", "bad")
    (tmp_path / "in" / "other.bin").write_bytes(b"\x00\x01")
    (tmp_path / "in" / "link").symlink_to("nowhere")
    first = import_paths(case, [tmp_path / "in"])
    head = case.head
    second = import_paths(case, [tmp_path / "in"])
    assert case.head == head
    assert (second.new, second.known, second.records) == (0, 2, 0)
    assert second.problems == first.problems
    assert codes(second) == {"one.txt": "bad_row", "other.bin": "unknown_format", "link": "broken_link"}


def test_what_nobody_can_read_is_kept(case: Case, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no picture at all")
    report = import_paths(case, [tmp_path / "x.jpg"])
    (only,) = report.files
    assert (only.state, only.problems[0].code) == ("new", "unknown_format")
    assert only.sha256 is not None
    assert case.media_path(only.sha256).read_bytes() == b"no picture at all"


def test_it_is_tried_again_when_there_are_other_importers(case: Case, tmp_path: Path, lines: object) -> None:
    path = write(tmp_path / "x", "nothing")
    assert codes(import_paths(case, [path])) == {"x": "unreadable"}
    type(lines).version = "1.1"
    try:
        write(path, "nothing")
        head = case.head.seq
        import_paths(case, [path])
        assert case.head.seq == head + 1
    finally:
        type(lines).version = "1.0"


@pytest.mark.parametrize("name", [".nomedia", ".DS_Store"])
def test_empty_litter_is_skipped_and_said(case: Case, tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).touch()
    report = import_paths(case, [tmp_path / "in"])
    assert report.skipped == (str(tmp_path / "in" / name),)
    assert report.files == ()


def test_an_importer_that_breaks_keeps_what_it_had_read(case: Case, tmp_path: Path, lines: object) -> None:
    path = write(tmp_path / "x", "first", "crash", "third")
    report = import_paths(case, [path])
    assert (report.records, codes(report)) == (1, {"x": "importer_failed"})
    head = case.head
    assert codes(import_paths(case, [path])) == {"x": "importer_failed"}
    assert case.head == head
    old = ids(case)

    def mended(self: object, file: object, options: object, attach: object) -> object:
        from evidence.models import Record

        return iter([Record("sms", "sms", f"line {n}") for n in (1, 2, 3)])

    cls = type(lines)
    broken = cls.read
    cls.version, cls.read = "1.1", mended
    try:
        report = import_paths(case, [path])
    finally:
        cls.version, cls.read = "1.0", broken
    assert (report.records, report.complete) == (2, True)
    assert len(ids(case)) == 3
    assert set(old) < set(ids(case))
    assert verify_case(case).ok


@pytest.mark.parametrize(("word", "code"), [("crash", "importer_failed"), ("database", "importer_failed")])
def test_an_importer_that_breaks_at_once_is_named(case: Case, tmp_path: Path, word: str, code: str) -> None:
    write(tmp_path / "in" / "a", word)
    write(tmp_path / "in" / "b", "fine")
    report = import_paths(case, [tmp_path / "in"])
    assert codes(report) == {"a": code}
    assert report.records == 1
    assert verify_case(case).ok


def test_two_claims_are_a_fault_that_is_said(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: object
) -> None:
    monkeypatch.setattr("evidence.reader.all_importers", lambda: (lines, lines))
    report = import_paths(case, [write(tmp_path / "x", "a")])
    assert codes(report) == {"x": "unreadable"}
    assert "lines, lines" in report.problems[0].message


def test_the_same_bytes_under_two_names_count_once(case: Case, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt", "one")
    write(tmp_path / "in" / "b.txt", "one")
    report = import_paths(case, [tmp_path / "in"])
    assert (report.records, report.complete, codes(report)) == (1, True, {"b.txt": "same_bytes"})
    assert [s.name for s in load_view(case).sources] == ["a.txt", "b.txt"]


def test_a_file_that_changed_between_imports_is_kept_twice(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "one")
    import_paths(case, [path])
    write(path, "one", "two")
    report = import_paths(case, [path])
    assert (report.new, codes(report), report.complete) == (1, {"a.txt": "changed_file"}, True)
    assert len({s.sha256 for s in load_view(case).sources}) == 2


def test_links_pipes_and_absent_things_are_named(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write(folder / "a", "one")
    (folder / "loop").symlink_to("loop")
    (folder / "up").symlink_to(folder)
    (folder / "broken").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    report = import_paths(case, [folder, tmp_path / "absent", Path("/dev/null"), tmp_path / ("n" * 300)])
    assert codes(report) == {
        "loop": "broken_link", "up": "folder_link", "broken": "broken_link", "pipe": "not_a_file",
        "absent": "not_found", "null": "not_a_file", "n" * 300: "os_error",
    }  # fmt: skip
    assert report.records == 1


def test_the_case_is_not_imported_into_itself(case: Case, tmp_path: Path) -> None:
    write(tmp_path / "a", "one")
    import_paths(case, [tmp_path])
    head = case.head
    report = import_paths(case, [tmp_path, case.folder / "case.db", case.originals])
    assert case.head.seq <= head.seq + 1
    assert set(codes(report).values()) == {"case_itself"}
    assert (report.new, report.complete) == (0, True)


NAMES = ["line\nbreak", "quote'\"`", "😡🔥", "表格 =1+1", "long" + "名" * 80, "\u202egnp.exe"]


def test_strange_names_come_back_as_they_were(case: Case, tmp_path: Path) -> None:
    for n, name in enumerate(NAMES):
        write(tmp_path / "in" / name, str(n))
    report = import_paths(case, [tmp_path / "in"])
    assert report.complete
    assert {s.name for s in load_view(case).sources} == set(NAMES)
    assert import_paths(case, [tmp_path / "in"]).known == len(NAMES)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_names_that_are_no_utf8_stay_distinct(case: Case, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for n, name in enumerate((b"\xff.txt", b"\xfe.txt", "催收".encode("gbk"))):
        Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + name)).write_text(f"LINES\n{n}")
    report = import_paths(case, [tmp_path / "in"])
    assert report.complete
    assert {s.name for s in load_view(case).sources} == {r"\xff.txt", r"\xfe.txt", r"\xb4\xdf\xca\xd5"}
    assert import_paths(case, [tmp_path / "in"]).known == 3
    assert verify_case(case).ok


@pytest.mark.parametrize("seconds", [10**13, -(10**12), 0])
def test_a_file_time_from_nowhere_does_not_stop_the_import(
    case: Case, tmp_path: Path, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evidence import intake

    seen = intake._mtime(seconds)
    monkeypatch.setattr(intake, "_mtime", lambda real: seen)
    assert import_paths(case, [write(tmp_path / "a", "one")]).records == 1


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Permissions bind nobody who is root, so these tests are somebody else for a while."""
    if not hasattr(os, "geteuid"):
        pytest.skip("no user ids here")
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that nobody owns and that every user can enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def test_what_may_not_be_read_is_named_and_the_rest_goes_on(case: Case, open_folder: Path) -> None:
    write(open_folder / "in" / "a", "one")
    write(open_folder / "in" / "c", "three").chmod(0)
    write(open_folder / "in" / "shut" / "b", "two")
    (open_folder / "in" / "shut").chmod(0)
    with nobody():
        other = create_case(open_folder / "case")
        report = import_paths(other, [open_folder / "in", open_folder / "in" / "shut" / "b"])
        assert codes(report) == {"c": "no_permission", "shut": "no_permission", "b": "no_permission"}
        assert report.records == 1
        assert verify_case(other).ok
        other.close()


def test_a_case_on_media_that_cannot_be_written_opens(open_folder: Path) -> None:
    with nobody():
        made = create_case(open_folder / "case")
        import_paths(made, [write(open_folder / "a", "one")])
        head = made.head
        killed = open_folder / "killed"
        shutil.copytree(made.folder, killed)  # as a stopped program leaves it: rows wait in the write-ahead file
        assert (killed / "case.db-wal").stat().st_size > 0
        made.close()
        for folder in (made.folder, killed):
            for path in (folder / "case.db", folder):
                path.chmod(0o500)
            with open_case(folder, "timeline") as case:
                assert case.read_only
                assert (case.head, len(load_view(case).records)) == (head, 1)
                assert verify_case(case).ok
                with pytest.raises(ReadOnlyCase):
                    import_paths(case, [open_folder / "a"])
            folder.chmod(0o700)


def test_a_refused_file_is_a_problem_and_the_rest_goes_on(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "a", "one")
    write(tmp_path / "in" / "b", "two")
    real = Path.open

    def refuse(self: Path, *words: object, **more: object) -> object:
        if self.name == "a":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", refuse)
    report = import_paths(case, [tmp_path / "in"])
    assert (codes(report), report.records) == ({"a": "no_permission"}, 1)
    assert [p.code for p in load_problems(case)] == ["no_permission"]


def test_a_full_disk_stops_with_nothing_half_done(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in" / "a", "one")
    write(tmp_path / "in" / "b", *(f"line {n}" for n in range(3000)))
    pages = case.db.execute("pragma page_count").fetchone()[0]
    case.db.execute(f"pragma max_page_count = {pages + 20}")
    with pytest.raises(NoSpace):
        import_paths(case, [tmp_path / "in"])
    assert verify_case(case).ok
    assert len(load_view(case).records) == 1
    case.db.execute("pragma max_page_count = 1000000")
    assert import_paths(case, [tmp_path / "in"]).records == 3000
    assert verify_case(case).ok


def test_a_full_disk_while_keeping_leaves_no_file(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(out: object, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = write(tmp_path / "a", "one")
    with monkeypatch.context() as patched:
        patched.setattr("evidence.vault._write_all", full)
        with pytest.raises(NoSpace):
            import_paths(case, [path])
    assert [p for p in case.originals.rglob("*") if p.is_file()] == []
    assert import_paths(case, [path]).records == 1


def test_a_full_disk_inside_an_importer_is_not_taken_for_a_bad_file(case: Case, tmp_path: Path) -> None:
    with pytest.raises(NoSpace):
        import_paths(case, [write(tmp_path / "a", "one", "full")])
    assert load_view(case).records == ()
    assert verify_case(case).ok


def test_nothing_is_imported_into_a_read_only_case(case: Case, tmp_path: Path) -> None:
    case.close()
    with open_case(case.folder, "import", write=False) as again, pytest.raises(ReadOnlyCase):
        import_paths(again, [write(tmp_path / "a", "one")])


def test_two_importers_of_one_folder_add_it_once(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second process starts after the first has looked at what is known, and is faster."""
    from evidence import reader

    write(tmp_path / "in" / "a", "one", "bad")
    write(tmp_path / "in" / "b", "two")
    real = reader.choose_importer
    overtaken = []

    def slow(probe: object, options: object) -> object:
        if not overtaken:
            overtaken.append(True)
            with open_case(case.folder, "import") as other:
                assert import_paths(other, [tmp_path / "in"]).records == 2
        return real(probe, options)  # type: ignore[arg-type]

    monkeypatch.setattr(reader, "choose_importer", slow)
    report = import_paths(case, [tmp_path / "in"])
    assert (report.records, codes(report)) == (0, {"a": "bad_row"})
    assert len(ids(case)) == len(set(ids(case))) == 2
    assert len(load_view(case).sources) == 2
    assert verify_case(case).ok


def test_lost_parts_come_back_from_the_originals(case: Case, tmp_path: Path) -> None:
    import_paths(case, [write(tmp_path / "a", "picture", "words")])
    (media,) = load_view(case).records[0].media
    case.media_path(media.sha256).unlink()
    head = case.head
    assert restore_parts(case) == 1
    assert case.media_path(media.sha256).read_bytes() == b"read a picture's words"
    assert case.head == head


def test_readings_inside_a_file_are_bound_to_it(case: Case, tmp_path: Path) -> None:
    report = import_paths(case, [write(tmp_path / "a", "reading")])
    ((reading,),) = load_view(case).readings.values()
    assert (reading.source, reading.text, report.files[0].readings) == (report.files[0].sha256, "words", 1)


def test_a_file_known_under_another_holder_is_said(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "a.lines", "one")
    zone = ZoneInfo("Asia/Shanghai")
    import_paths(case, [path], ReadOptions(zone))
    again = import_paths(case, [path], ReadOptions(zone, "林知秋"))
    assert [p.code for p in again.problems] == ["holder_differs"]
    assert again.complete


@pytest.mark.skipif(os.name != "posix", reason="elsewhere every copy is read again")
def test_copies_are_read_again_only_where_they_may_have_been_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write(tmp_path / "in" / f"{n}.txt", f"text {n}") for n in range(3)]
    with create_case(tmp_path / "case") as case:
        first = import_paths(case, [tmp_path / "in"])
        reads: list[str] = []
        real = vault.hash_file

        def noted(path: Path) -> tuple[str, int]:
            reads.append(path.name)
            return real(path)

        monkeypatch.setattr(vault, "hash_file", noted)
        assert import_paths(case, [tmp_path / "in"]).known == 3
        assert reads == []
        touched = vault.kept_path(case.originals, first.files[1].sha256 or "")
        touched.chmod(0o600)
        touched.write_bytes(touched.read_bytes().upper())
        os.utime(touched, (1, 1))
        again = import_paths(case, [tmp_path / "in"])
        assert set(reads) == {touched.name}
        assert codes(again) == {paths[1].name: "original_mended"}
        assert touched.read_bytes() == paths[1].read_bytes()
