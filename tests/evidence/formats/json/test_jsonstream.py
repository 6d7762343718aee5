"""JSON of any size: what is read, what is told, and that one broken value loses only itself."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence.formats.json.jsontext as jsontext
from evidence.errors import Unreadable
from evidence.formats.json.jsonstream import Broken, Found, JsonNotes, items, stream, top_level


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(data: str | bytes) -> Path:
        path = tmp_path / "f.json"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


@pytest.mark.parametrize(
    ("head", "keys"),
    [
        (b'{"name": "x", "messages": [{"a": 1}', {"name", "messages"}),
        (b' \n{"a": {"b": [1, "}"]}, "c": tru', {"a", "c"}),
        (b'[{"a": 1, "b": "x\\"y"}, {"c": 1}]', {"a", "b"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a"}),
        ('{"甲": 1}'.encode("utf-16"), {"甲"}),
        (b'{"a": 1}\n{"b": 2}\n', {"a"}),
        (b"{}", set()),
        (b"[]", set()),
        (b'{"a": NaN, "b": \xff, "c": 1', {"a", "b", "c"}),
        (b"[00:01] text", None),
        (b"[2026-01-01 10:00:00] A: b", None),
        (b"{\\rtf1\\ansi", None),
        (b"{not json}", None),
        (b'"text"', None),
        (b"12", None),
        (b"", None),
        (b"\0" * 100, None),
        (b'{"cut', None),
        (b"[[[[", None),
    ],
)
def test_top_level(head: bytes, keys: set[str] | None) -> None:
    assert top_level(head) == (None if keys is None else frozenset(keys))


@given(st.binary(max_size=200))
def test_top_level_never_raises(head: bytes) -> None:
    top_level(head)
    top_level(b'{"a": ' + head)


def test_items_as_ijson_names_them(file: Any) -> None:
    path = file('{"a": [{"b": [1, 2]}, {"b": [3]}], "item": 5, "c": {"item": 6}}')
    assert list(items(path, "a.item.b.item")) == [1, 2, 3]
    assert list(items(path, "c")) == [{"item": 6}]
    assert list(items(file("[1, 2.50, -3]"), "item")) == [1, 2.5, -3]
    assert list(items(file('{"a": 1}\n{"a": 2}\n\n{"a": 3}'), "")) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert list(items(file('{"a": 1}'), "b")) == []


def test_several_prefixes_come_in_file_order_with_their_place(file: Any) -> None:
    path = file('{"name": "x", "list": [{"id": 7, "m": ["p", "q"]}, {"m": ["r"], "id": 8}]}')
    assert list(stream(path, ("name", "list.item.id", "list.item.m.item"))) == [
        Found("name", (), "x"),
        Found("list.item.id", (0,), 7),
        Found("list.item.m.item", (0, 0), "p"),
        Found("list.item.m.item", (0, 1), "q"),
        Found("list.item.m.item", (1, 0), "r"),
        Found("list.item.id", (1,), 8),
    ]


def test_numbers_are_what_is_written(file: Any) -> None:
    digits = "9" * 5000
    path = file(f"[0.1, 1e400, 12345678901234567890.5, {digits}, 123456789012345678901, 1e-99999999999999999999]")
    assert list(items(path, "item")) == [
        0.1, "1e400", "12345678901234567890.5", digits, 123456789012345678901, "1e-99999999999999999999"
    ]  # fmt: skip


def test_oddities_are_counted_and_nothing_is_lost(file: Any) -> None:
    notes = JsonNotes()
    path = file(b'[{"a": 1, "a": 2, "a": 3}, NaN, "x\xff\xfey", "\\ud83d!", "\\ud83d\\ude00", "\xef\xbf\xbd", "a\nb"]')
    assert list(items(path, "item", notes=notes)) == [
        {"a": 1, "a#2": 2, "a#3": 3}, "NaN", "x\ufffd\ufffdy", "\ufffd!", "\U0001f600", "\ufffd", "a\nb"
    ]  # fmt: skip
    assert notes == JsonNotes(bad_bytes=2, first_bad_byte=0, lone_surrogates=1, duplicate_keys=2, constants=1)


def test_a_broken_value_loses_only_itself(file: Any) -> None:
    path = file('{"m": [{"a": 1}, {"a": tru}, {"a": 2}, {"a" 3}, ' + "[" * 100 + "]" * 100 + ', {"a": 4}]}')
    found = [f.value for f in stream(path, ("m.item",))]
    assert found == [{"a": 1}, Broken("broken", 17), {"a": 2}, Broken("broken", 39), Broken("too_deep", 48), {"a": 4}]
    got: list[Any] = []
    with pytest.raises(Unreadable, match=r"3"):
        got.extend(items(path, "m.item"))
    assert got == [{"a": 1}, {"a": 2}, {"a": 4}]


@pytest.mark.parametrize("tail", ["", '{"a": 3', '{"a": "x', "{", "]}}", "]}]"])
def test_a_cut_or_damaged_file_gives_what_came_before(file: Any, tail: str) -> None:
    got: list[Any] = []
    with pytest.raises(Unreadable):
        got.extend(items(file('{"m": [{"a": 1}, {"a": 2}, ' + tail), "m.item"))
    assert got[:2] == [{"a": 1}, {"a": 2}]


def test_deep_nesting_outside_what_is_wanted(file: Any) -> None:
    path = file('{"x": ' + "[" * 200_000 + "]" * 200_000 + ', "a": [1]}')
    assert list(items(path, "a.item")) == [1]
    assert [f.value.reason for f in stream(path, ("x",))] == ["too_deep"]


def test_large_values_and_memory(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "VALUE_LIMIT", 700_000)
    path = file('[{"a": "' + "x" * 2_000_000 + '"}, {"a": "' + "y\\\\" * 200_000 + '"}, "' + '\\"' * 400_000 + '", 5]')
    tracemalloc.start()
    try:
        found = [f.value for f in stream(path, ("item",))]
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [getattr(value, "reason", None) for value in found] == ["too_large", None, "too_large", None]
    assert len(found[1]["a"]) == 400_000
    assert found[3] == 5
    assert peak < 12_000_000


def test_another_encoding(file: Any) -> None:
    path = file('["催收"]'.encode("gb18030"))
    assert list(items(path, "item", encoding="gb18030")) == ["催收"]
    for name in ("none-such", "rot13", "zlib"):
        with pytest.raises(Unreadable):
            list(items(path, "item", encoding=name))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(
    values=st.lists(PLAIN, max_size=8),
    chunk=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
    ascii_=st.booleans(),
)
def test_same_as_the_standard_library_at_any_chunk_size(
    values: list[Any], chunk: int, indent: int | None, ascii_: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "same.json"
    path.write_bytes(json.dumps({"k": {"x": 1}, "m": values}, indent=indent, ensure_ascii=ascii_).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsontext, "_CHUNK", chunk)
        assert list(items(path, "m.item")) == json.loads(path.read_bytes())["m"]


@given(data=st.binary(max_size=300), prefix=st.sampled_from(["", "item", "a.item", "a"]), chunk=st.integers(1, 300))
def test_any_bytes_raise_unreadable_or_nothing(
    data: bytes, prefix: str, chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    for start in (b"", b'{"a": [', b"[{"):
        path.write_bytes(start + data)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jsontext, "_CHUNK", chunk)
            try:
                for _value in items(path, prefix):
                    pass
            except Unreadable:
                pass
