"""Archives: members go to their importers, media stays with the case, and hostile ones are named."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import importlib
import io
import json
import random
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import i18n
from evidence.errors import NoSpace, Unreadable
from evidence.formats.archives import archivereading
from evidence.formats.archives.archives import Budget, Limits
from evidence.importers.archive import IMPORTER
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Contact, Media, Problem, Reading, Record

HERE = Path(__file__).parent
SMS = '<smses count="1"><sms address="12800000001" date="1777276720000" type="1" body="{}" /></smses>'
PNG = (HERE / "image" / "sample.png").read_bytes()
AMR = (HERE / "recording" / "sample.amr").read_bytes()
Reader = Callable[..., list[Any]]


KNOWN = tuple(
    importlib.import_module(f"evidence.importers.{name}").IMPORTER
    for name in ("archive", "image", "recording", "sms_backup_restore", "sms_ie", "transcript")
)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.activate("en")
    monkeypatch.setattr(archivereading, "all_importers", lambda: KNOWN)


def packed(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 4, 27, 20, 0, 0)), data, method)
    return out.getvalue()


class Kept:
    """An attach that keeps the bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def __call__(self, stream: BinaryIO, name: str, mime: str) -> Media:
        data = stream.read()
        digest = hashlib.sha256(data).hexdigest()
        self.files[digest] = data
        return Media(digest, len(data), mime, name)


@pytest.fixture
def read(tmp_path: Path, make_probe: Callable[..., FileProbe]) -> Reader:
    def run(data: bytes, name: str = "a.zip", kept: Kept | None = None, **options: Any) -> list[Any]:
        path = tmp_path / "file"
        path.write_bytes(data)
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        file = make_probe(path, name=name, folder="/phone")
        assert IMPORTER.claims(file)
        said = ReadOptions(ZoneInfo("Asia/Shanghai"), scratch=scratch, **options)
        items = list(IMPORTER.read(file, said, kept or Kept()))
        assert list(scratch.iterdir()) == []  # nothing stays behind
        return items

    return run


def codes(items: list[Any]) -> list[str]:
    return [item.code for item in items if isinstance(item, Problem)]


def records(items: list[Any]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def test_a_zipped_phone_folder(read: Reader) -> None:
    name = "通话录音@测试(008612800000001)_20260427200000"
    srt = (HERE / "transcript" / "sample.srt").read_bytes()
    kept = Kept()
    data = packed(
        {
            "手机/sms.xml": SMS.format("一"),
            f"手机/录音/{name}.amr": AMR,
            f"手机/录音/{name}.srt": srt,
            "手机/截图/Screenshot_20260427-200000.png": PNG,
            "手机/folder/": b"",
            "手机/.nomedia": b"",
            "手机/empty.txt": b"",
            "__MACOSX/._x": b"x",
            ".DS_Store": b"x",
        }
    )
    items = read(data, kept=kept)
    assert [r.locator for r in records(items)] == [
        "手机/sms.xml!sms[1]",
        f"手机/录音/{name}.amr!file",
        "手机/截图/Screenshot_20260427-200000.png!file",
    ]
    call = records(items)[1]
    assert (call.kind, call.number, call.extras["member"]["importer"][:9]) == ("call", "12800000001", "recording")
    reading = next(item for item in items if isinstance(item, Reading))
    assert reading.target == call.media[0].sha256 == hashlib.sha256(AMR).hexdigest()
    assert set(kept.files) == {hashlib.sha256(AMR).hexdigest(), hashlib.sha256(PNG).hexdigest()}
    assert codes(items) == ["unreadable", "members_skipped"]
    assert next(i for i in items if isinstance(i, Problem)).locator == "手机/empty.txt"


def test_sms_ie_zip_gives_the_picture_of_a_message(read: Reader) -> None:
    part = {"ct": "image/png", "seq": "0", "name": "a.png", "cl": "a.png", "_data": "/data/app_parts/PART_1_a.png"}
    mms = {"_id": "7", "thread_id": "1", "date": "1777276730", "msg_box": "1", "m_type": "132", "__parts": [part]}
    mms["__sender_address"] = {"address": "12800000001", "type": "137"}  # type: ignore[assignment]
    sms = {"_id": "1", "thread_id": "1", "address": "12800000001", "date": "1777276720000", "type": "1", "body": "还款"}
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (sms, mms))
    kept = Kept()
    items = read(packed({"messages.ndjson": lines, "data/PART_1_a.png": PNG}), "messages-2026-04-27.zip", kept)
    by_kind = {r.kind: r for r in records(items)}
    assert by_kind["sms"].text == "还款"
    assert [m.sha256 for m in by_kind["mms"].media] == [hashlib.sha256(PNG).hexdigest()]
    assert kept.files[hashlib.sha256(PNG).hexdigest()] == PNG


class Finds:
    """An importer whose lines name files beside it."""

    name, version, fallback = "finds", "1.0", False

    def claims(self, file: FileProbe) -> bool:
        return file.head.startswith(b"FIND")

    def read(self, file: FileProbe, options: ReadOptions, attach: Any) -> Iterator[Any]:
        for n, line in enumerate(file.path.read_text(encoding="utf-8").splitlines()[1:], 1):
            found = file.find(line)
            if found is None:
                yield Problem("gone", line, locator=f"line {n}")
            else:
                assert found.path.read_bytes()
                media = Media(found.sha256, found.size, "image/png", found.name)
                yield Record("chat", "wechat", f"line {n}", media=(media,))
                yield Contact(f"line {n}", found.name)
        if file.name == "breaks.txt":
            raise ValueError("broken")
        if file.name == "full.txt":
            raise NoSpace()


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archivereading, "all_importers", lambda: (*KNOWN, Finds()))


@pytest.mark.usefixtures("finds")
def test_what_an_importer_finds_beside_is_kept(read: Reader) -> None:
    text = "FIND\n../b/照片.png\nx.png\n../../../etc/passwd\n/etc/passwd\nC:\\x\n\0\n"
    kept = Kept()
    items = read(packed({"a/chat.txt": text, "b/照片.png": PNG, "breaks.txt": "FIND\n"}), kept=kept)
    assert hashlib.sha256(PNG).hexdigest() in kept.files
    assert codes(items) == ["gone"] * 5 + ["importer_failed", "member_times_assumed"]
    assert [i.locator for i in items if isinstance(i, Contact)] == ["a/chat.txt!line 1"]
    assert items[-2].locator == "breaks.txt"


@pytest.mark.usefixtures("finds")
def test_a_full_disk_stops_the_import(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoSpace):
        read(packed({"full.txt": "FIND\n"}))

    def full(*_args: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archivereading._Level, "_unpacked", full)
    with pytest.raises(NoSpace, match=r"no room in .* to unpack “a.zip”"):
        read(packed({"a.xml": SMS}))


def nested(depth: int) -> bytes:
    data = packed({"sms.xml": SMS.format(depth)})
    for n in range(depth - 1):
        data = packed({f"{n}.zip": data})
    return data


@pytest.mark.parametrize(("depth", "expected"), [(1, []), (2, []), (3, []), (4, ["archive_too_deep"])])
def test_archives_in_archives(depth: int, expected: list[str], read: Reader) -> None:
    items = read(nested(depth))
    assert codes(items) == expected
    assert len(records(items)) == (depth < 4)
    if depth == 3:
        assert records(items)[0].locator == "1.zip!0.zip!sms.xml!sms[1]"


def test_broken_archives_in_an_archive_leave_nothing_behind(read: Reader) -> None:
    broken = b"PK\x05\x06" + bytes(18)
    items = read(packed({"a.zip": broken, "b.zip": broken, "c.xml": SMS.format("一")}))
    assert codes(items) == ["unreadable", "unreadable"]
    assert len(records(items)) == 1


def tar_of(files: dict[str, bytes], mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1777291200
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_tar(mode: str, form: int, read: Reader) -> None:
    long = "很" * 20 + "/" + "x" * 30 + "/sms.xml"
    items = read(tar_of({long: SMS.format("一").encode(), "b.amr": AMR}, mode, form), "a.tar")
    assert [r.locator for r in records(items)] == [f"{long}!sms[1]", "b.amr!file"]
    assert records(items)[1].time.utc == "2026-04-27T11:59:59.580Z"
    assert codes(items) == ["member_left_out"]


def test_a_tar_that_begins_like_a_sound(read: Reader, make_probe: Any, tmp_path: Path) -> None:
    data = tar_of({"ID3.xml": SMS.format("一").encode()})
    assert len(records(read(data))) == 1
    assert [i.name for i in KNOWN if i.claims(make_probe(tmp_path / "file"))] == ["archive"]


def test_gzip_of_one_file(read: Reader) -> None:
    data = gzip.compress(SMS.format("一").encode())
    assert [r.locator for r in records(read(data, "sms-20260427.xml.gz"))] == ["sms-20260427.xml!sms[1]"]
    items = read(data[:-12], "sms.xml.gz")
    assert "member_damaged" in codes(items)


def test_a_cut_archive_gives_what_is_whole(read: Reader) -> None:
    noise = random.Random(1).randbytes(3000)
    whole = packed({"a.xml": SMS.format("一"), "b.xml": SMS.format("二"), "c.bin": noise, "d.xml": SMS.format("三")})
    at = whole.index(noise[:64]) if noise[:64] in whole else whole.index(b"c.bin") + 500
    items = read(whole[:at])
    assert [r.text for r in records(items)] == ["一", "二"]
    assert {"member_damaged", "archive_cut_off"} <= set(codes(items))


def test_a_streamed_archive_without_directory(read: Reader) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.xml", SMS.format("一"))
        archive.writestr("b.xml", SMS.format("二"))
    whole = pipe.data
    assert [r.text for r in records(read(whole))] == ["一", "二"]
    assert [r.text for r in records(read(whole[: whole.index(b"PK\x01\x02")]))] == ["一", "二"]


def test_wrong_checksum_is_told_and_the_rest_is_read(read: Reader) -> None:
    data = bytearray(packed({"a.xml": SMS.format("AAAA"), "b.xml": SMS.format("二")}, zipfile.ZIP_STORED))
    at = data.index(b"AAAA")
    data[at : at + 4] = b"BBBB"
    items = read(bytes(data))
    assert codes(items) == ["member_damaged"]
    assert [r.text for r in records(items)] == ["BBBB", "二"]


def test_names_never_become_paths(read: Reader, tmp_path: Path) -> None:
    names = [
        "../../../../../../tmp/evil.xml",
        "/abs.xml",
        "C:\\win.xml",
        "x" * 400 + ".xml",
        "a\u202ecod.xml",
        "a!b.xml",
    ]
    items = read(packed({name: SMS.format(n) for n, name in enumerate(names)}))
    found = [r.locator for r in records(items)]
    assert len(found) == len(set(found)) == len(names)
    assert found[0] == "tmp/evil.xml!sms[1]"
    assert found[1] == "abs.xml!sms[1]"
    assert all(len(one) < 320 and "\u202e" not in one for one in found)
    assert found[-1] == "a%21b.xml!sms[1]"
    assert "member_names_odd" in codes(items)
    assert {p.name for p in tmp_path.iterdir()} == {"file", "scratch"}


def test_same_name_twice_and_names_that_differ_in_case(read: Reader) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", SMS.format(0))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.xml", SMS.format(1))
        archive.writestr("A.xml", SMS.format(2))
        archive.writestr("a.xml #2", SMS.format(3))
    items = read(out.getvalue())
    assert [r.text for r in records(items)] == ["0", "1", "2", "3"]
    assert len({r.locator for r in records(items)}) == 4


def test_names_in_gbk(read: Reader) -> None:
    data = packed({"AAAA/BBBB.xml": SMS.format("一")})
    data = data.replace(b"AAAA", "短信".encode("gbk")).replace(b"BBBB", "备份".encode("gbk"))
    items = read(data)
    assert records(items)[0].locator == "短信/备份.xml!sms[1]"
    assert codes(items) == ["member_names_assumed"]


def test_locked_members(read: Reader) -> None:
    data = bytearray(packed({"a.xml": SMS.format("一"), "b.xml": SMS.format("二")}))
    first = data.index(b"PK\x01\x02")
    data[first + 8] |= 1
    items = read(bytes(data))
    assert codes(items) == ["protected_format"]
    assert [r.text for r in records(items)] == ["二"]
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 8] |= 1
    with pytest.raises(Unreadable) as caught:
        read(bytes(data))
    assert caught.value.code == "protected_format"


def test_links_in_zip_and_odd_methods(read: Reader) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("sms.xml", SMS.format("一"), zipfile.ZIP_BZIP2)
        archive.writestr("b.xml", SMS.format("一"), zipfile.ZIP_LZMA)
    items = read(out.getvalue())
    assert codes(items) == ["member_left_out", "unknown_format"]
    assert len(records(items)) == 1


def test_bombs() -> None:
    small = Limits(free=1 << 20)
    bomb = packed({"zeros.bin": bytes(8 << 20), "sms.xml": SMS.format("一")})
    run = archivereading._Run(ReadOptions(ZoneInfo("UTC")), Kept(), Budget(small))
    items = read_with(bomb, run)
    assert codes(items) == ["member_left_out"]
    assert len(records(items)) == 1
    run = archivereading._Run(ReadOptions(ZoneInfo("UTC")), Kept(), Budget(Limits(members=2)))
    items = read_with(packed({f"{n}.xml": SMS.format(n) for n in range(5)}), run)
    assert codes(items) == ["archive_too_large"]
    assert len(records(items)) == 2
    run = archivereading._Run(ReadOptions(ZoneInfo("UTC")), Kept(), Budget(Limits(total=250)))
    items = read_with(packed({f"{n}.xml": SMS.format(n) for n in range(5)}), run)
    assert codes(items) == ["member_left_out"] * 3


def read_with(data: bytes, run: Any) -> list[Any]:
    """The archive read within other limits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        file = FileProbe(path, "a.zip", len(data), "ab", data[:65536])
        return list(archivereading._read_level(run, file, Path(folder), 1))


def test_members_that_share_their_bytes_are_left_out(read: Reader) -> None:
    data = packed({"a.xml": SMS.format("一"), "b.xml": SMS.format("二")})
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    changed = data[: second + 42] + struct.pack("<I", 0) + data[second + 46 :]
    assert codes(read(changed)) == ["member_left_out"] * 2


def test_many_unread_members_are_counted(read: Reader) -> None:
    items = read(packed({f"{n}.bin": bytes([n % 250 + 1, 0, 2]) * 9 for n in range(70)}))
    assert len(items) == 51
    assert "20 more" in items[-1].message


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": "x", "word/document.xml": "x"},
        {"mimetype": "application/epub+zip"},
        {"AndroidManifest.xml": "x"},
        {"META-INF/MANIFEST.MF": "x"},
    ],
)
def test_documents_and_apps_are_no_archives(parts: dict[str, str], tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(packed(dict(parts)))
    assert not IMPORTER.claims(make_probe(path))


def test_dos_times_are_said_to_be_assumed(read: Reader) -> None:
    items = read(packed({"x.amr": AMR}))
    assert records(items)[0].time.utc == "2026-04-27T11:59:59.580Z"
    assert codes(items) == ["member_times_assumed"]


def test_nothing_in_it(read: Reader) -> None:
    for data in (packed({}), packed({"a/": ""})):
        with pytest.raises(Unreadable):
            read(data)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_break_it(data: st.DataObject, tmp_path: Path, make_probe: Any) -> None:
    i18n.activate("en")
    bases = (packed({"a.xml": SMS, "b/c.amr": AMR}), tar_of({"a.xml": SMS.encode()}), gzip.compress(SMS.encode()))
    raw = bytearray(data.draw(st.sampled_from(bases)))
    for _n in range(data.draw(st.integers(0, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw
    path = tmp_path / "fuzz"
    path.write_bytes(bytes(raw))
    file = make_probe(path)
    if not IMPORTER.claims(file):
        return
    try:
        items = list(IMPORTER.read(file, ReadOptions(ZoneInfo("Asia/Shanghai")), Kept()))
    except Unreadable:
        return
    located = [item.locator for item in items if isinstance(item, Record)]
    assert len(located) == len(set(located))
    assert dataclasses.is_dataclass(items[0]) if items else True


def test_real_backups_give_the_same_zipped_and_loose(
    samples: Path, read: Reader, read_all: Reader, make_probe: Any
) -> None:
    from evidence.importers.sms_backup_restore import IMPORTER as SMS_IMPORTER

    paths = sorted((samples / "sms-backup-restore").rglob("*.xml"))
    assert len(paths) > 10
    loose = []
    for path in paths:
        if SMS_IMPORTER.claims(make_probe(path)):
            loose += [(r.kind, r.time.utc, r.text) for r in read_all(SMS_IMPORTER, path) if isinstance(r, Record)]
    data = packed({str(p.relative_to(samples)): p.read_bytes() for p in paths})
    assert [(r.kind, r.time.utc, r.text) for r in records(read(data))] == loose
