"""Telegram's pages for reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers.base import FileProbe, ReadOptions
from evidence.importers.telegram_html import IMPORTER
from evidence.models import Problem, Record

OPTIONS = ReadOptions(ZoneInfo("Asia/Shanghai"))
HEAD = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'/><title>Exported Data</title></head><body>"
    '<div class="page_wrap"><div class="page_header"><div class="text bold">Wang</div></div><div class="history">'
)


def row(
    body: str, number: int = 1, more: str = "", name: str = "Wang", title: str = "02.01.2024 10:22:33 UTC+08:00"
) -> str:
    who = f'<div class="from_name">{name}</div>' if name else ""
    return (
        f'<div class="message default clearfix{more}" id="message{number}"><div class="body">'
        f'<div class="pull_right date details" title="{title}">10:22</div>{who}{body}</div></div>'
    )


def call(status: str) -> str:
    return (
        '<div class="media_wrap clearfix"><div class="media clearfix pull_left media_call"><div class="body">'
        f'<div class="title bold">Wang</div><div class="status details">{status}</div></div></div></div>'
    )


@pytest.fixture
def run(tmp_path: Path, make_probe: Any) -> Any:
    def read(*rows: str) -> tuple[list[Record], set[str]]:
        path = tmp_path / "kept"
        path.write_bytes((HEAD + "".join(rows) + "</div></div></body></html>").encode())
        file = make_probe(path, name="messages.html")
        assert IMPORTER.claims(file)
        items = list(IMPORTER.read(file, OPTIONS, lambda *_a: pytest.fail("attach")))
        return [i for i in items if isinstance(i, Record)], {i.code for i in items if isinstance(i, Problem)}

    return read


def test_senders_times_and_text(run: Any) -> None:
    records, problems = run(
        row('<div class="text">pay<br>now &amp; <strong>here</strong></div>'),
        row('<div class="text">again</div>', 2, " joined", ""),
        row('<div class="text">no</div>', 3, name="Li", title="02.01.2024 10:22:33"),
        row('<div class="text">odd</div>', 4, name="Li", title="99.99.2024 10:22:33"),
    )
    assert [(r.text, r.direction, r.time.how) for r in records] == [
        ("pay\nnow & here", "in", "offset_in_file"),
        ("again", "in", "offset_in_file"),
        ("no", "out", "local_assumed"),
        ("odd", "out", "none"),
    ]
    assert {r.time.utc for r in records[:3]} == {"2024-01-02T02:22:33.000Z"}
    assert {"owner_settled", "time_unreadable"} <= problems


@pytest.mark.parametrize(
    ("status", "direction", "outcome", "seconds"),
    [
        ("Outgoing (35 seconds)", "out", "answered", 35.0),
        ("Incoming (1:05)", "in", "answered", 65.0),
        ("Incoming (1:01:05)", "in", "answered", 3665.0),
        ("Missed", "in", "missed", 0.0),
        ("Cancelled", "out", "missed", 0.0),
        ("Declined", "in", "rejected", 0.0),
    ],
)
def test_calls(run: Any, status: str, direction: str, outcome: str, seconds: float) -> None:
    (record,), _problems = run(row(call(status)))
    assert (record.kind, record.direction, record.outcome, record.duration_s) == ("call", direction, outcome, seconds)


def test_addresses_of_the_network_are_no_files(run: Any) -> None:
    (record,), _problems = run(
        row('<div class="media_wrap"><a class="photo_wrap" href="https://e.example/x"></a><a href="../x"></a></div>')
    )
    assert record.extras["missing_media"] == ["../x"]


def test_damaged_pages(run: Any, tmp_path: Path, make_probe: Any) -> None:
    records, _problems = run(row('<div class="text">cut <b>here'))
    assert records[0].text == "cut here"
    path = tmp_path / "page"
    path.write_bytes((HEAD + '<div class="message x" id="message1"></div>').encode())
    with pytest.raises(Unreadable):
        list(IMPORTER.read(make_probe(path), OPTIONS, lambda *_a: pytest.fail("attach")))
    path.write_bytes(b"<html><title>Exported Data</title><p>other")
    assert not IMPORTER.claims(make_probe(path))


@given(data=st.binary(max_size=200), text=st.text(max_size=80))
def test_no_bytes_raise_anything_but_unreadable(data: bytes, text: str, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "page.html"
    whole = HEAD.encode() + row(text, title=text.replace('"', "")).encode("utf-8", "replace") + data
    path.write_bytes(whole)
    file = FileProbe(path, "messages.html", len(whole), "0" * 64, whole[:65536])
    IMPORTER.claims(file)
    try:
        items = list(IMPORTER.read(file, OPTIONS, lambda *_a: pytest.fail("attach")))
    except Unreadable:
        return
    records = [item for item in items if isinstance(item, Record)]
    assert len({record.locator for record in records}) == len(records)
