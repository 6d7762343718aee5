"""Mappings: every fault named with its key, proposals that can be read again, texts in both languages."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.formats.tables.tablemap import MappingInvalid, load_mapping, mapping_hash, parse_mapping, preview
from evidence.formats.tables.tablewords import mapping_text, propose
from evidence.i18n import using
from evidence.importers.base import HEAD_BYTES, FileProbe, ReadOptions

GOOD: dict[str, Any] = {"kind": "sms", "time": "时间", "body": "内容"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def run(data: str | bytes) -> Path:
        path = tmp_path / "map.yaml"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return run


def test_yaml_and_json_give_the_same(write: Callable[..., Path]) -> None:
    text = (
        "kind: sms\ntime: {columns: [日期, 时间], tz: Asia/Shanghai}\npeer: 2\n"
        "direction: {column: 类型, in: [1], out: [2]}\n"
    )
    plain = load_mapping(write("\ufeff" + text))
    assert load_mapping(write(json.dumps(plain))) == plain
    table = parse_mapping(plain)
    assert (table.time, table.peer, table.direction) == (("日期", "时间"), 2, {"1": "in", "2": "out"})
    assert mapping_hash(plain) == mapping_hash(dict(sorted(plain.items(), reverse=True)))
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "fax"}, "kind"), ({"kind": "chat"}, "channel"), ({"channel": "fax"}, "channel"), ({"foo": 1}, "foo"),
        ({"time": None}, "time"), ({"time": {"columns": []}}, "time.columns"),
        ({"time": {"columns": [1, 2, 3]}}, "time.columns"),
        ({"time": {"column": 1, "format": "yyyy"}}, "time.format"),
        ({"time": {"column": 1, "format": "%Q"}}, "time.format"),
        ({"time": {"column": 1, "tz": "Mars"}}, "time.tz"), ({"time": {"column": 1, "tz": "../x"}}, "time.tz"),
        ({"time": {"column": 1, "unit": "y"}}, "time.unit"),
        ({"time": {"column": 1, "date_order": "x"}}, "time.date_order"),
        ({"time": {"column": 1, "year": 12}}, "time.year"), ({"time": {"column": 1, "x": 1}}, "time.x"),
        ({"peer": 0}, "peer"), ({"peer": True}, "peer"), ({"peer": ""}, "peer"), ({"peer": [1]}, "peer"),
        ({"direction": "a"}, "direction"), ({"direction": {"column": "a"}}, "direction"),
        ({"direction": {"in": ["x"]}}, "direction.column"),
        ({"direction": {"column": 1, "in": [True]}}, "direction.in"),
        ({"direction": {"column": 1, "in": ["x"], "out": ["X"]}}, "direction.out"),
        ({"duration": {"unit": "s"}}, "duration.column"), ({"duration": {"column": 1, "unit": "x"}}, "duration.unit"),
        ({"skip_rows": -1}, "skip_rows"), ({"header_row": "1"}, "header_row"), ({"header_row": 0}, "header_row"),
        ({"sheet": 3}, "sheet"), ({"encoding": "klingon"}, "encoding"),
        ({"delimiter": "ab"}, "delimiter"), ({"delimiter": '"'}, "delimiter"),
        ({"constant": []}, "constant"), ({"constant": {"x": 1}}, "constant.x"),
        ({"constant": {"direction": "up"}}, "constant.direction"),
        ({"constant": {"body": "x"}}, "constant.body"),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(MappingInvalid, match=rf"(?m)^{key}: "):
        parse_mapping({**GOOD, **change})


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"- a", b"a: [", b"\xff\xfe\xff", b"a: !!python/object:os.x {}", b"x" * (2 << 20), b"[" * 5000]
)
def test_files_that_are_no_mapping(write: Callable[..., Path], data: bytes) -> None:
    with pytest.raises(MappingInvalid):
        load_mapping(write(data))
    with pytest.raises(MappingInvalid):
        load_mapping(Path("/nowhere/at/all"))


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (
            ["发件人", "时间", "短信内容", "类型"],
            ["12790463327", "2026-05-01 08:00", "还款", "接收"],
            {"kind": "sms", "time": {"columns": ["时间"]}, "peer": "发件人", "body": "短信内容",
             "direction": {"column": "类型", "in": ["接收"]}},
        ),
        (
            ["Date", "Time", "Number", "Name", "Type", "Duration"],
            ["2026-05-01", "08:00:00", "12790463327", "Li", "Missed", "00:01:02"],
            {
                "kind": "call", "time": {"columns": ["Date", "Time"]}, "peer": "Number", "name": "Name",
                "duration": {"column": "Duration"},
                "direction": {"column": "Type", "in": ["Missed"]}, "outcome": {"column": "Type", "missed": ["Missed"]},
            },
        ),
        (["a", "b"], ["x", "y"], {"kind": "call"}),
        (["when", "n", "n"], ["1777593601", "1", "2"], {"kind": "call", "time": {"columns": ["when"]}}),
    ],
)  # fmt: skip
def test_proposals(header: list[str], row: list[str], wanted: dict[str, Any]) -> None:
    found = propose(header, [row])
    assert found == wanted
    if "time" in found:
        parse_mapping(found)
    for language in ("en", "zh"):
        with using(language):
            assert yaml.safe_load(mapping_text(found)) == found


def test_a_preview_writes_nothing_and_stops(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("时间,内容\n" + "2026-05-01 08:00,x\n" * 50, encoding="utf-8")
    data = path.read_bytes()
    file = FileProbe(path, "x.csv", len(data), "00", data[:HEAD_BYTES])
    found = preview(file, GOOD, ReadOptions(ZoneInfo("Asia/Shanghai")), 3)
    assert [record.locator for record in found] == ["line 2", "line 3", "line 4"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kept"]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["column", "in", "out", "tz", "format", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
KEYS = [
    "kind",
    "channel",
    "time",
    "peer",
    "direction",
    "duration",
    "outcome",
    "constant",
    "sheet",
    "encoding",
    "delimiter",
    "skip_rows",
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), PLAIN) | PLAIN)
def test_any_value_is_a_mapping_or_refused(plain: Any) -> None:
    with contextlib.suppress(MappingInvalid):
        assert parse_mapping(plain).time


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(max_size=6), max_size=6),
    st.lists(st.lists(st.text(max_size=8) | st.floats(), max_size=6), max_size=4),
)
def test_any_header_gives_a_proposal(header: list[str], rows: list[list[Any]]) -> None:
    found = propose(header, rows)
    assert yaml.safe_load(mapping_text(found)) is not None
    if "time" in found:
        parse_mapping(found)
