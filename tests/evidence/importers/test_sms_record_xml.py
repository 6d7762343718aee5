"""Lists of ``<SMSRecord>``: what a sample file cannot show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.xml.xmlleaves import XmlLeaves
from evidence.importers.sms_record_xml import IMPORTER
from evidence.models import Problem, Record


@pytest.fixture
def run(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., Any]:
    def read(text: str) -> Any:
        path = tmp_path / "file"
        path.write_text(text, encoding="utf-8")
        items = read_all(IMPORTER, path)
        return [i for i in items if isinstance(i, Record)], {i.code: i for i in items if isinstance(i, Problem)}

    return read


def rows(*kinds: str) -> str:
    one = "<SMSRecord><Phone>12800000001</Phone><Time>2026-04-27 17:00:00</Time><Msg>a</Msg><Type>{}</Type></SMSRecord>"
    return "<List>" + "".join(one.format(kind) for kind in kinds) + "</List>"


@pytest.mark.parametrize(
    ("kinds", "directions", "told"),
    [
        (("1", "2", "3"), ["in", "out", "out"], "direction_by_code"),
        (("0", "1"), [None, None], "direction_unknown"),
        (("1", "9"), [None, None], "direction_unknown"),
        (("", ""), [None, None], "direction_unknown"),
        (("收件箱", "已发送"), ["in", "out"], None),
        (("Inbox", "0"), ["in", None], "direction_unknown"),
    ],
)
def test_what_the_codes_mean_is_settled_by_all_of_them(run: Any, kinds: Any, directions: Any, told: Any) -> None:
    records, problems = run(rows(*kinds))
    assert [record.direction for record in records] == directions
    assert set(problems) == ({told} if told else set())


def test_a_root_of_the_same_name(run: Any) -> None:
    records, _problems = run('<SMSRecord><sms address="1" body="x" date="1777280400000" type="1"/></SMSRecord>')
    assert [(r.number, r.text, r.locator) for r in records] == [("1", "x", "sms[1]")]


def test_everything_is_kept_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text('<R xmlns="u"><SMSRecord a="1"><b>x<c d="2">y</c></b><b>z</b><e/>free</SMSRecord></R>')
    (fields,) = XmlLeaves(path, "R", "smsrecord")
    assert fields == {"a": "1", "b": "x", "b/c@d": "2", "b/c": "y", "b+": "z", "e": "", "": "free"}


def test_a_file_cut_off_gives_what_is_whole(run: Any) -> None:
    records, problems = run(rows("1", "2")[:-40])
    assert len(records) == 1
    assert "xml_damaged" in problems


def test_hostile_sizes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("<R><SMSRecord>" + "<a>1</a>" * 3000 + "<b>" + "x" * (2 << 20) + "</b></SMSRecord></R>")
    leaves = XmlLeaves(path, "R", "SMSRecord")
    (fields,) = leaves
    assert len(fields) == 1000
    assert leaves.left_out >= 2000


def test_entities_are_left_out(run: Any) -> None:
    bomb = '<!DOCTYPE List [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    records, problems = run(bomb + rows("1").replace(">a<", ">&a;&b;<"))
    assert records[0].text == "&a;&b;"
    assert "doctype_ignored" in problems


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("<a><SMSRecord>", True),
        ("<smsrecord x='1'>", True),
        ("<a><SMSRecords>", False),
        ("<html><SMSRecord>", False),
        ("SMSRecord <SMSRecord>", False),
        ("", False),
    ],
)
def test_claims_by_content(text: str, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.jpg"
    path.write_text(text)
    assert IMPORTER.claims(make_probe(path)) is claimed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=120))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, read_all: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(b"<R><SMSRecord><Phone>1</Phone></SMSRecord>" + data)
    try:
        items = read_all(IMPORTER, path)
    except Unreadable:
        return
    assert sum(isinstance(item, Record) for item in items) >= 1
