"""CSV rows: encodings, delimiters, line numbers, quotes that never close, damage, size."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import Unreadable
from evidence.formats.chats import textlines
from evidence.formats.tables import csvrows
from evidence.formats.tables.csvrows import CsvFile, find_delimiter, head_rows, open_csv

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def run(data: str | bytes) -> Path:
        path = tmp_path / "kept"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return run


def codes(table: CsvFile) -> list[str]:
    return [p.code for p in table.problems()]


TABLE = "时间,号码,内容\r\n2026-05-01 08:00:00,12000000011,你好\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode("utf-8-sig"), "utf-8"),
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("gb18030"), "gb18030"),
        (TABLE.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16-be"),
        (("a,b\r\n" + "x,y\r\n" * 20).encode("utf-16-le"), "utf-16-le"),
        (("a,b\r\n" + "x,y\r\n" * 400_000 + "你好,再见\r\n").encode("gb18030"), "gb18030"),
    ],
)
def test_encodings(write: Write, data: bytes, encoding: str) -> None:
    table = open_csv(write(data))
    rows = list(table.rows())
    assert table.encoding == encoding
    assert table.header[0] in ("时间", "a")
    assert rows[-1][1][-1] in ("你好", "y", "再见")
    assert table.replaced == 0
    assert codes(table) == []


def test_a_stated_encoding_wins_and_its_misfits_are_counted(write: Write) -> None:
    table = open_csv(write(TABLE.encode("gbk")), "gb2312")
    assert (table.encoding, table.header) == ("gb18030", ["时间", "号码", "内容"])
    table = open_csv(write(TABLE.encode("gbk")), "utf-8")
    assert next(iter(table.rows()))[1][1] == "12000000011"
    assert table.replaced > 0
    assert "text_damaged" in codes(table)
    for name in ("klingon", "rot13", "hex"):
        with pytest.raises(Unreadable):
            open_csv(write(TABLE), name)


def test_a_byte_that_does_not_fit_is_replaced_wherever_it_is(write: Write) -> None:
    rows = "".join(f"{n},催收短信第{n}条\n" for n in range(200_000)).encode()
    table = open_csv(write("号,文\n".encode() + rows + b"x,\xff\xfe\n" + rows))
    assert sum(1 for _ in table.rows()) == 400_001
    assert (table.encoding, table.replaced) == ("utf-8", 2)
    early = open_csv(write("号,文\n1,坏\xff".encode("utf-8", "replace") + b"\xff\n" + rows))
    assert early.encoding == "utf-8"
    list(early.rows())
    assert set(codes(early)) == {"text_damaged", "encoding_assumed"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(write: Write, delimiter: str) -> None:
    rows = [["time", "number", "text"], ["1", "2", "a, b; c"], ["3", "4", "1,5"], ["5", "6", "x"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    table = open_csv(write(out.getvalue()))
    assert table.delimiter == delimiter
    assert [cells for _line, cells in table.rows()] == rows[1:]


@pytest.mark.parametrize("row", ["\t{},\t{},\t{}\n", "{}\t,{}\t,{}\t\n", "\t{}\t;\t{}\t;\t{}\t\n"])
def test_tabs_that_only_pad(write: Write, row: str) -> None:
    table = open_csv(write("".join(row.format("时间", "号码", n) for n in range(9))))
    assert table.delimiter in ",;"
    assert table.header == ["时间", "号码", "0"]


def test_a_separator_line_is_honoured_and_left_out(write: Write) -> None:
    table = open_csv(write("\ufeffsep=;\r\na;b,c\r\n1;2,3\r\n"))
    assert (table.header, table.line_of_header) == (["a", "b,c"], 2)
    assert list(table.rows()) == [(3, ["1", "2,3"])]
    assert [line for line, _cells in table.all_rows()] == [2, 3]


def test_line_numbers_blank_lines_ragged_rows_and_nul(write: Write) -> None:
    table = open_csv(write('\n \ufeff a\t, b\n1,"x\ny"\n\n2,z,more\n3\n4,\0w'))
    assert (table.header, table.line_of_header) == (["a", "b"], 2)
    assert list(table.rows()) == [(3, ["1", "x\ny"]), (6, ["2", "z", "more"]), (7, ["3"]), (8, ["4", "w"])]
    assert codes(table) == ["zeros_left_out"]


def test_old_line_ends(write: Write) -> None:
    assert list(open_csv(write("a,b\r1,2\r3,4")).rows()) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_quotes_behind_a_blank(write: Write) -> None:
    assert list(open_csv(write('a, b\n1, "x, y"\n2, "z"\n')).rows()) == [(2, ["1", "x, y"]), (3, ["2", "z"])]


def test_a_quote_that_is_never_closed_swallows_nothing(write: Write) -> None:
    table = open_csv(write('a,b\n1,x\n2,"open\n3,y\n4,z\n'))
    assert list(table.rows()) == [(2, ["1", "x"]), (3, ["2", '"open']), (4, ["3", "y"]), (5, ["4", "z"])]
    assert table.unclosed == [3]
    assert [(p.code, p.locator) for p in table.problems()] == [("quote_open", "line 3")]


def test_a_quote_closed_by_another_stray_one_swallows_nothing(write: Write) -> None:
    table = open_csv(write('a,b\n1,"open\n2,y\n3,"z\n4,w\n'))
    assert [cells[0] for _line, cells in table.rows()] == ["1", "2", "3", "4"]
    assert table.unclosed[0] == 2


def test_a_quote_that_is_never_closed_in_a_large_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvrows, "LINE_CHARS", 5000)
    table = open_csv(write('a,b\n1,"open\n' + "".join(f"{n},y\n" for n in range(5000))))
    assert sum(1 for _ in table.rows()) == 5001
    assert table.unclosed == [2]


def test_a_line_without_end_is_left_out_and_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textlines, "LINE_CHARS", 300_000)
    for tail in ("\n3,z\n", ""):
        table = open_csv(write("a,b\n1,x\n2," + "y" * 2_000_000 + tail))
        assert [(line, cells[0]) for line, cells in table.rows()] == [(2, "1")] + [(4, "3")] * bool(tail)
        assert [(p.code, p.locator) for p in table.problems()] == [("row_too_long", "line 3")]


def test_memory_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with path.open("w", encoding="gb18030") as out:
        out.write("时间,内容\n")
        for n in range(300_000):
            out.write(f'2026-05-01 08:00:00,"第{n}条短信内容\n换行"\n')
    tracemalloc.start()
    assert sum(1 for _ in open_csv(path).rows()) == 300_000
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_nothing_to_read(write: Write, data: bytes) -> None:
    with pytest.raises(Unreadable):
        open_csv(write(data))


def test_heads() -> None:
    assert head_rows("\ufeff 时间\t,号码\n1,2\n3,".encode()) == [["时间", "号码"], ["1", "2"]]
    assert head_rows("时间\t号码\n".encode("gbk")) == [["时间", "号码"]]
    assert head_rows(b"") == head_rows(b"\0\1") == head_rows(b"\n\n") == []
    assert find_delimiter(["one word"]) == ","


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=8)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(st.lists(st.lists(CELL, min_size=3, max_size=3).filter(any), min_size=1, max_size=8))
def test_what_a_writer_wrote_is_read_again(write: Write, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["time", "number", "text"], *rows])
    table = open_csv(write(out.getvalue()), "utf-8", ",")
    table._loose = False
    assert [cells for _line, cells in table.rows()] == rows


@SETTINGS
@given(st.binary(max_size=300), st.sampled_from(["", "时间,号码\n", "a;b\n1;2\n"]))
def test_any_bytes_give_rows_or_unreadable(write: Write, data: bytes, before: str) -> None:
    head_rows(data)
    try:
        table = open_csv(write(before.encode() + data))
    except Unreadable:
        return
    lines = [line for line, _cells in table.all_rows()]
    assert lines == sorted(lines)
    list(table.problems())


@SETTINGS
@given(st.lists(st.sampled_from(["1,a", '2,"b', '"', '3,"c"', ',"x""y', "", '"q"r,s"']), max_size=12))
def test_no_line_is_lost(write: Write, lines: list[str]) -> None:
    table = open_csv(write("\n".join(["k,v", *lines])), "utf-8", ",")
    told = "".join("".join(cells) for _line, cells in table.rows())
    for sign in "abcxyqrs123":
        assert told.count(sign) == "".join(lines).count(sign)
