"""Super Backup: what a sample file cannot show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.importers.super_backup import IMPORTER
from evidence.models import Problem, Record


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., Any]:
    def read(text: str | bytes) -> Any:
        path = tmp_path / "file"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


SMS = (
    '<sms address="{}" time="2026年4月27日 下午5:00:00" date="1777280400000" type="{}" body="{}" read="1" '
    'service_center="" name="{}"/>'
)


def test_messages(run: Any) -> None:
    rows = SMS.format("+86 128 0000 0001", 1, "&#55357;&#56832;还钱", "张三") + SMS.format("12800000001", 2, "好", "")
    records, problems = run(f'<?xml version="1.0" encoding="UTF-8"?><allsms count="2">{rows}</allsms>')
    assert [(r.number, r.direction, r.text, r.name) for r in records] == [
        ("12800000001", "in", "😀还钱", "张三"),
        ("12800000001", "out", "好", None),
    ]
    assert records[0].extras["readable_offset_s"] == 28800
    assert set(problems) == {"xml_repaired"}


@pytest.mark.parametrize(
    ("date", "words", "expected"),
    [
        ("1777280400123", "2026年4月27日 17:00:00", ("2026-04-27T09:00:00.123Z", "epoch_utc")),
        ("1777280400", "", ("2026-04-27T09:00:00.000Z", "epoch_utc")),
        ("", "2026年4月27日 下午5:00:00", ("2026-04-27T09:00:00.000Z", "local_assumed")),
        ("2026-04-27 17:00:00", "", ("2026-04-27T09:00:00.000Z", "local_assumed")),
        ("", "yesterday", (None, "none")),
    ],
)
def test_times(run: Any, date: str, words: str, expected: tuple[str | None, str]) -> None:
    records, _problems = run(f'<alllogs><log number="1" date="{date}" time="{words}" type="1" dur="3"/></alllogs>')
    assert (records[0].time.utc, records[0].time.how) == expected


def test_damage_costs_one_row(run: Any) -> None:
    log = '<log number="12800000001" date="1777280400000" type="1" dur="3"/>'
    records, problems = run(f'<alllogs count="3">{log}<log a="1" a="2"/>{log}</alllogs>')
    assert [r.locator for r in records] == ["log[1]", "log[3]"]
    assert problems["xml_broken"].locator == "log[2]"
    records, problems = run(f"<alllogs>{log}<log number=")
    assert len(records) == 1
    assert "xml_truncated" in problems


def test_entities_are_left_out(run: Any) -> None:
    bomb = '<!DOCTYPE allsms [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    records, problems = run(bomb + "<allsms>" + SMS.format("1", 1, "&a;&b;", "") + "</allsms>")
    assert records[0].text == "&a;&b;"
    assert "doctype_ignored" in problems


def test_claims_by_content(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.jpg"
    for data, claimed in ((b"<alllogs/>", True), ("<allsms a='1'>".encode("utf-16"), True), (b"<smses/>", False)):
        path.write_bytes(data)
        assert IMPORTER.claims(make_probe(path)) is claimed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=120))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, read_all: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(b'<alllogs><log number="1"/>' + data)
    try:
        items = read_all(IMPORTER, path)
    except Unreadable:
        return
    assert sum(isinstance(item, Record) for item in items) >= 1
