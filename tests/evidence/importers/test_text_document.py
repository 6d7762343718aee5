"""Notes in plain words: prose is claimed, tables, logs and programs' data are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers.text_document import IMPORTER, MAX_CHARS
from evidence.models import Record

NOTE = "3月10日，催收员到单位来，当着同事说我欠钱。\n我请他离开。\n"


@pytest.mark.parametrize(
    ("text", "name", "claimed"),
    [
        (NOTE, "note.txt", True),
        (NOTE, "note", True),
        (NOTE, "note.csv", False),
        ("# 记录\n\n- 第一，电话\n- 第二，上门\n", "a.md", True),
        ("Dear Sir,\n\nplease stop calling my employer, my wife and my parents.\n\nYours\n", "a.txt", True),
        ("One line only.", "a.txt", True),
        ("【云杉】您的借款已逾期", "a.txt", True),
        ("<!DOCTYPE html><html><body><p>words</p></body></html>", "a.html", True),
        ("<html><body><table><tr><td>1<tr><td>2<tr><td>3</table></body></html>", "a.html", False),
        ("a,b,c\n1,2,3\n4,5,6\n", "a.txt", False),
        ("a\tb\n1\t2\n", "a.txt", False),
        ("时间|号码\n1|2\n", "a.txt", False),
        ('{"a": 1}', "a.txt", False),
        ('[{"a": 1}]', "a.txt", False),
        ("<smses><sms/></smses>", "a.txt", False),
        ("<?xml version='1.0'?><x/>", "a.txt", False),
        ("BEGIN:VCARD\nFN:x\n", "a.txt", False),
        ("2026-03-10 09:15:00 INFO started\n2026-03-10 09:15:01 INFO done\n", "a.txt", False),
        ("import os\nclass A:\nx = 1\ny = 2\n", "a.txt", False),
        ("key: value\nother: 2\nthird: x\n", "a.txt", False),
        ("12345\n67890\n", "a.txt", False),
        ("", "a.txt", False),
        ("\n\n", "a.txt", False),
    ],
)
def test_claims(text: str, name: str, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    assert IMPORTER.claims(make_probe(path, name=name)) is claimed


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(codec: str, tmp_path: Path, read_all: Callable[..., list[Any]], make_probe: Any) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(NOTE.replace("\n", "\r\n").encode(codec))
    assert IMPORTER.claims(make_probe(path))
    (record,) = read_all(IMPORTER, path, mtime="2026-03-10T01:15:00.000Z")
    assert (record.text, record.time.basis, record.time.how) == (NOTE, "file", "file_mtime")


def test_a_saved_page_gives_its_words(tmp_path: Path, read_all: Callable[..., list[Any]]) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><head><title>t</title></head><body><script>x</script><p>words</p></body></html>")
    (record,) = read_all(IMPORTER, path)
    assert (record.text, record.extras["form"], record.extras["scripts"]) == ("words", "html", 1)


def test_a_long_text_is_cut_and_told(tmp_path: Path, read_all: Callable[..., list[Any]]) -> None:
    path = tmp_path / "a.txt"
    path.write_text((NOTE * 60_000), encoding="utf-8")
    record, problem = read_all(IMPORTER, path)
    assert len(record.text) <= MAX_CHARS
    assert (problem.code, problem.severity) == ("text_cut", "error")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_it(tmp_path: Path, read_all: Any, make_probe: Any, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    if IMPORTER.claims(make_probe(path)):
        try:
            items = read_all(IMPORTER, path)
        except Unreadable:
            return
        assert isinstance(items[0], Record)
        (items[0].text or "").encode("utf-8")
