"""The file list of an iPhone backup: what came along, what is missing, and encrypted ones."""

from __future__ import annotations

import plistlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode, ProtectedFormat, Unreadable
from evidence.formats.iphone.iphonebackup import backup_name
from evidence.importers.base import Neighbour
from evidence.importers.iphone_backup import IMPORTER
from evidence.models import Problem

Read = Callable[..., list[Any]]
SMS = ("HomeDomain", "Library/SMS/sms.db")
CALLS = ("HomeDomain", "Library/CallHistoryDB/CallHistory.storedata")


def manifest(path: Path, *files: tuple[Any, ...]) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table Files (fileID text primary key, domain, relativePath, flags, file blob)")
        database.executemany("insert into Files values (?, ?, ?, ?, null)", files)
        database.commit()
    return path


def entry(domain: str, path: str, flags: int = 1) -> tuple[str, str, str, int]:
    return backup_name(domain, path), domain, path, flags


def finder(folder: Path, files: dict[str, bytes]) -> Callable[[str], Neighbour | None]:
    def find(relative: str) -> Neighbour | None:
        if relative not in files:
            return None
        path = folder / ("n" + relative.replace("/", "_"))
        path.write_bytes(files[relative])
        return Neighbour(path, relative, len(files[relative]), "ab" * 32)

    return find


def codes(items: list[Any]) -> list[str]:
    assert all(isinstance(item, Problem) and item.severity == "warning" for item in items)
    return [item.code for item in items]


def test_names_of_files_that_are_known_from_real_backups() -> None:
    assert backup_name(*SMS) == "3d0d7e5fb2ce288813306e4d4636395e047a3d28"
    assert backup_name(*CALLS) == "5a4935c78a5255723f707230a451d79c540d2741"
    assert backup_name("HomeDomain", "Library/AddressBook/AddressBook.sqlitedb") == (
        "31bb7ba8914766d4ba40d6dfb6113c8b614be442"
    )


def test_what_came_along(tmp_path: Path, read_all: Read) -> None:
    path = manifest(tmp_path / "Manifest.db", entry(*SMS), entry(*CALLS), entry("MediaDomain", "Library/SMS", 2))
    info = plistlib.dumps({"Product Version": "17.5", "Last Backup Date": datetime(2026, 3, 1)})
    digest = backup_name(*SMS)
    items = read_all(IMPORTER, path, find=finder(tmp_path, {f"3d/{digest}": b"x", "Info.plist": info}))
    assert codes(items) == ["backup_contents", "backup_part_missing", "backup_part_missing"]
    assert "iOS 17.5, made 2026-03-01" in items[0].message
    assert "names 2 files, 1 of them" in items[0].message
    assert "CallHistory.storedata" in items[0].message
    assert backup_name(*CALLS) in items[1].message
    assert "does not have: address book" in items[2].message


def test_the_flat_layout_of_old_backups(tmp_path: Path, read_all: Read) -> None:
    path = manifest(tmp_path / "Manifest.db", entry(*SMS))
    items = read_all(IMPORTER, path, find=finder(tmp_path, {backup_name(*SMS): b"x"}))
    assert "1 of them came along" in items[0].message


def test_chats_of_apps_are_named(tmp_path: Path, read_all: Read) -> None:
    path = manifest(tmp_path / "Manifest.db", entry("AppDomain-com.tencent.xin", "Documents/a"))
    (problem,) = [i for i in read_all(IMPORTER, path) if i.code == "backup_apps"]
    assert "WeChat" in problem.message


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
@pytest.mark.parametrize("data", [None, b"\x8f\x11encrypted bytes" * 50])
def test_an_encrypted_backup_is_refused_with_the_lawful_way(
    tmp_path: Path, make_probe: Any, read_all: Read, data: bytes | None, form: plistlib.PlistFormat
) -> None:
    path = tmp_path / "Manifest.db"
    if data is None:
        manifest(path, entry(*SMS))
    else:
        path.write_bytes(data)
    find = finder(tmp_path, {"Manifest.plist": plistlib.dumps({"IsEncrypted": True}, fmt=form)})
    assert IMPORTER.claims(make_probe(path, find=find))
    with pytest.raises(ProtectedFormat, match="Encrypt local backup") as caught:
        read_all(IMPORTER, path, find=find)
    assert (caught.value.code, caught.value.exit_code) == ("protected_format", ExitCode.UNREADABLE)
    assert isinstance(caught.value, Unreadable)


@pytest.mark.parametrize(
    "beside", [{}, {"Manifest.plist": b"bplist00junk"}, {"Manifest.plist": plistlib.dumps({"IsEncrypted": False})}]
)
def test_other_bytes_of_that_name_are_not_ours(tmp_path: Path, make_probe: Any, beside: dict[str, bytes]) -> None:
    path = tmp_path / "Manifest.db"
    path.write_bytes(b"no database")
    assert not IMPORTER.claims(make_probe(path, find=finder(tmp_path, beside)))


def test_rows_of_any_type_are_counted(tmp_path: Path, read_all: Read) -> None:
    rows = [
        (b"\xff", 1, None, 1),
        (5, "x", "y", None),
        ("z" * 100, "AppDomain-", "../../../etc/passwd", 4),
        (None,) * 4,
    ]
    items = read_all(IMPORTER, manifest(tmp_path / "Manifest.db", *rows))
    assert "names 3 files, 0 of them" in items[0].message


def test_a_list_that_refers_to_itself_is_not_walked(tmp_path: Path, read_all: Read) -> None:
    circle = b"bplist00" + b"\xd1\x01\x02" + b"_\x10\x0fProduct Version" + b"\xa1\x02"
    table = bytes((8, 11, 29))
    data = circle + table + bytes(6) + bytes((1, 1)) + bytes(7) + b"\x03" + bytes(8) + bytes(7) + bytes((31,))
    path = manifest(tmp_path / "Manifest.db", entry(*SMS))
    items = read_all(IMPORTER, path, find=finder(tmp_path, {"Info.plist": data}))
    assert "iOS ?" in items[0].message


@pytest.mark.parametrize(
    ("keys", "claimed"),
    [
        ({"IsEncrypted": False, "BackupKeyBag": b"x"}, True),
        ({"Product Version": "17", "Last Backup Date": datetime(2026, 3, 1), "Unique Identifier": "A"}, True),
        ({"IsFullBackup": True, "SnapshotState": "finished"}, True),
        ({"CFBundleName": "x"}, False),
    ],
)
def test_property_lists_of_a_backup(
    tmp_path: Path, make_probe: Any, read_all: Read, keys: dict[str, Any], claimed: bool
) -> None:
    path = tmp_path / "any.name"
    for form in (plistlib.FMT_BINARY, plistlib.FMT_XML):
        path.write_bytes(plistlib.dumps(keys, fmt=form))
        assert IMPORTER.claims(make_probe(path)) is claimed
        if claimed:
            assert codes(read_all(IMPORTER, path)) == ["backup_description"]


def test_an_encrypted_description_alone_says_so(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "Manifest.plist"
    path.write_bytes(plistlib.dumps({"IsEncrypted": True, "BackupKeyBag": b"x"}))
    with pytest.raises(ProtectedFormat):
        read_all(IMPORTER, path)
    assert codes(read_all(IMPORTER, path, find=finder(tmp_path, {"Manifest.db": b"x"}))) == ["backup_description"]


@pytest.mark.parametrize(("start", "refused"), [(b"SQLite format 3\0", False), (b"\x8fstill closed", True)])
def test_a_backup_that_another_program_decrypted_is_read(
    tmp_path: Path, read_all: Read, start: bytes, refused: bool
) -> None:
    path = manifest(tmp_path / "Manifest.db", entry(*SMS))
    beside = {"Manifest.plist": plistlib.dumps({"IsEncrypted": True}), f"3d/{backup_name(*SMS)}": start}
    if refused:
        with pytest.raises(ProtectedFormat):
            read_all(IMPORTER, path, find=finder(tmp_path, beside))
    else:
        assert "backup_contents" in codes(read_all(IMPORTER, path, find=finder(tmp_path, beside)))
