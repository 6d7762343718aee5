"""Files that nobody reads: each is called by what it is, and the lawful way is told."""

from __future__ import annotations

import hashlib
import io
import plistlib
import random
import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import i18n
from evidence.formats.unread import refusaltexts
from evidence.formats.unread.refusals import explain
from evidence.importers.base import HEAD_BYTES, FileProbe

NOISE = random.Random(7).randbytes(16384)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def probe(folder: Path, name: str, data: bytes, **siblings: str) -> FileProbe:
    path = folder / "kept"
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return FileProbe(path, name, len(data), digest, data[:HEAD_BYTES], siblings=dict(siblings))


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return out.getvalue()


def ole(*parts: str) -> bytes:
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    directory = b""
    for part in ("Root Entry", *parts):
        raw = part.encode("utf-16-le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes(62)
    return bytes(head) + directory.ljust(512, b"\0")


def seven_zip(header: bytes) -> bytes:
    return b"7z\xbc\xaf\x27\x1c\0\4" + bytes(4) + struct.pack("<QQI", 8, len(header), 0) + bytes(8) + header


def rar4(archive_flags: int, file_flags: int) -> bytes:
    first = b"\0\0\x73" + struct.pack("<HH", archive_flags, 13) + bytes(6)
    return b"Rar!\x1a\x07\x00" + first + b"\0\0\x74" + struct.pack("<HH", file_flags, 32) + bytes(40)


JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(20)
CASES = [
    ("EnMicroMsg.db", NOISE, "protected_format", "WeChat"),
    ("MSG0.db", NOISE, "protected_format", "WeChat"),
    ("message_2.db", NOISE, "protected_format", "WeChat"),
    ("msgstore.db.crypt15", NOISE, "protected_format", "WhatsApp"),
    ("msgstore-2026-04-27.1.db.crypt14", NOISE, "protected_format", "WhatsApp"),
    ("x.zip", b"SSEF\0\xff\0\2" + NOISE, "protected_format", "SMS Import"),
    ("signal-2026-04-27-20-00-00.backup", b"\0\0\0\x36\x0a\x34" + NOISE, "protected_format", "Signal"),
    ("a.ab", b"ANDROID BACKUP\n5\n1\nAES-256\n" + NOISE, "protected_format", "Android backup"),
    ("a.ab", b"ANDROID BACKUP\n5\n1\nnone\n" + NOISE, "unknown_format", "Android backup"),
    ("x.bak", b"MIUI BACKUP\n2\ncom.x app\n-1\n0\nANDROID BACKUP\n2\n0\nnone\n", "unknown_format", "Android backup"),
    ("info.xml", b"<?xml version='1.0'?><info.xml><row table=\"HeaderInfo\">", "protected_format", "maker"),
    ("x.hbk", NOISE, "protected_format", "maker"),
    ("Manifest.db", NOISE, "protected_format", "iPhone"),
    ("0a" * 20, NOISE, "protected_format", "iPhone"),
    ("Manifest.plist", plistlib.dumps({"IsEncrypted": True}), "protected_format", "iPhone"),
    ("Info.plist", plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), "unknown_format", "settings"),
    ("a.rar", rar4(0x80, 0), "protected_format", "RAR"),
    ("a.rar", rar4(0, 4), "protected_format", "RAR"),
    ("a.rar", rar4(0, 0), "unknown_format", "Unpack it first"),
    ("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(5) + b"\x04" + bytes(9), "protected_format", "RAR"),
    ("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(5) + b"\x01" + bytes(9), "unknown_format", "Unpack it first"),
    ("a.7z", seven_zip(b"\x17\x06\xf1\x07\x01\x00"), "protected_format", "7z"),
    ("a.7z", seven_zip(b"\x01\x04\x06"), "unknown_format", "Unpack it first"),
    ("a.docx", ole("EncryptionInfo", "EncryptedPackage"), "protected_format", "password"),
    ("a.doc", ole("WordDocument"), "unknown_format", "DOCX"),
    ("a.wps", ole("WordDocument"), "unknown_format", "DOCX"),
    ("a.xls", ole("Workbook"), "unknown_format", "XLSX"),
    ("a.ppt", ole("PowerPoint Document"), "unknown_format", "presentation"),
    ("a.rtf", b"{\\rtf1 x}", "unknown_format", "DOCX"),
    ("a.odt", packed("mimetype", "content.xml"), "unknown_format", "DOCX"),
    ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "unknown_format", "XLSX"),
    ("a.pptx", packed("[Content_Types].xml", "ppt/x.xml"), "unknown_format", "presentation"),
    ("a.apk", packed("AndroidManifest.xml", "classes.dex"), "unknown_format", "never opened"),
    ("a.jar", packed("META-INF/MANIFEST.MF"), "unknown_format", "never opened"),
    ("a.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(60), "unknown_format", "shortcut"),
    ("a.pdf", b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0", "unknown_format", "never opened"),
    ("a", b"\x7fELF" + bytes(60), "unknown_format", "never opened"),
    ("x.bat", b"@echo off\r\n", "unknown_format", "never opened"),
    ("1.dat", bytes(byte ^ 0x5A for byte in JPEG), "protected_format", "scrambled"),
    ("1.dat", b"\x07\x08V2\x08\x07" + NOISE, "protected_format", "scrambled"),
    ("000003.ldb", b"x" * 60 + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb", "unknown_format", "LevelDB"),
    ("x.realm", bytes(16) + b"T-DB" + bytes(9), "unknown_format", "Realm"),
    ("x.db-wal", b"\x37\x7f\x06\x82" + bytes(30), "unknown_format", "beside"),
    ("app.db", NOISE, "protected_format", "encrypted database"),
    ("x.db", b"SQLite format 3\0" + bytes(100), "unknown_format", "damaged"),
    ("x", b"", "unknown_format", "empty"),
    ("x", bytes(5000), "unknown_format", "zeros"),
    ("x.html", b"<html><body><p>cut", "unknown_format", "web page"),
    ("x.xml", b"<?xml version='1.0'?><foo>", "unknown_format", "XML"),
    ("x.json", b'{"a": 1}', "unknown_format", "JSON"),
    ("x.txt", "你好\n".encode(), "unknown_format", "text"),
    ("x.tif", b"II*\0" + bytes(30), "unknown_format", "TIFF"),
    ("x.avi", b"RIFF\0\0\0\0AVI LIST", "unknown_format", "AVI"),
    ("x.mid", b"MThd" + bytes(30), "unknown_format", "MIDI"),
    ("x.qqq", NOISE, "unknown_format", "looks encrypted"),
    ("x.qqq", bytes(range(60)), "unknown_format", "No importer"),
]


@pytest.mark.parametrize(("name", "data", "code", "word"), CASES)
def test_what_it_is(name: str, data: bytes, code: str, word: str, tmp_path: Path) -> None:
    found = explain(probe(tmp_path, name, data))
    assert found[0] == code
    assert word in found[1]


def test_a_database_names_its_tables_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "db"
    with sqlite3.connect(path) as db:
        db.execute("create table rcontact(a)")
        db.execute("create table [two\x1b[2J](a)")
        db.execute("create view v as select load_extension('x') from rcontact")
    db.close()
    code, words = explain(probe(tmp_path, "x.db", path.read_bytes()))
    assert code == "unknown_format"
    assert "rcontact, two[2J" in words


def test_a_part_of_a_huawei_backup_is_known_by_its_company(tmp_path: Path) -> None:
    assert "maker" in explain(probe(tmp_path, "sms.xyz", NOISE, **{"info.xml": "ab"}))[1]


def test_a_name_alone_decides_nothing_about_readable_content(tmp_path: Path) -> None:
    assert explain(probe(tmp_path, "EnMicroMsg.db", b"hello\n"))[0] == "unknown_format"
    picture = probe(tmp_path, "1.dat", JPEG)
    assert explain(picture)[0] == "unknown_format"


def test_every_text_is_used_and_translated() -> None:
    import inspect

    import evidence.formats.unread.refusals

    source = inspect.getsource(evidence.formats.unread.refusals)
    for name, function in inspect.getmembers(refusaltexts, inspect.isfunction):
        if function.__module__ == refusaltexts.__name__:
            assert f"texts.{name}(" in source, name


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3000), name=st.text(max_size=30), start=st.sampled_from([c[1][:64] for c in CASES]))
def test_no_bytes_break_it(data: bytes, name: str, start: bytes, tmp_path: Path) -> None:
    i18n.activate("en")
    for content in (data, start + data):
        code, words = explain(probe(tmp_path, name, content))
        assert code in ("protected_format", "unknown_format")
        assert words
