"""timeline and what people state, as text, JSON, CSV and spreadsheet; hostile words in each."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode
from evidence.log import open_case
from evidence.models import Record, Stamp

Run = Callable[..., Any]
FORMULAS = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1", "=cmd|' /C calc'!A0"]
HOSTILE = "\x1b]0;title\x07\x1b[2J\u202e还钱\ufffe\x00"


@pytest.fixture
def filled(dunlog: Run, tmp_path: Path) -> Run:
    dunlog("head")
    with open_case(tmp_path / "c", "import") as case:
        stamp = Stamp("2026-03-10T01:00:00.000Z", "x", "export", "epoch_utc")
        records = [
            Record("sms", "sms", f"s{n}", stamp, "in", text=text, name=text, id=f"r{n}", source="ab" * 32)
            for n, text in enumerate([*FORMULAS, HOSTILE, "字" * 40000])
        ]
        call = Record("call", "call", "c", stamp, "in", "12000000011", duration_s=61.2, outcome="answered", id="rc")
        records.append(call)
        case.append("read", "record", records, {"source": "ab" * 32})
    return dunlog


def test_the_terminal_gets_no_commands(filled: Run) -> None:
    out = filled("timeline").out
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(out)
    assert "[U+001B][2J[U+202E]还钱" in out
    assert "answered 61 s" in out
    assert max(len(line) for line in out.splitlines()) < 200


def test_json_and_lines_hold_the_words_as_they_are(filled: Run) -> None:
    rows = filled("timeline", "--json").json
    assert HOSTILE in [row["text"] for row in rows]
    lines = filled("timeline", "--nl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_csv_cells_are_no_formulas(filled: Run) -> None:
    out = filled("timeline", "--csv").out
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert len(rows) == 11
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))
    assert rows[0]["text"] == "'" + FORMULAS[0]


def test_spreadsheet_cells_are_text(filled: Run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    target = tmp_path / "t.xlsx"
    assert filled("timeline", "--xlsx", str(target)).code == ExitCode.OK
    target.write_bytes(b"old")
    assert filled("timeline", "--xlsx", str(target)).code == ExitCode.OK
    assert [path.name for path in tmp_path.iterdir() if "t.xlsx" in path.name] == ["t.xlsx"]
    sheet = openpyxl.load_workbook(target).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    texts = [cell.value for cell in cells]
    assert FORMULAS[0] in texts
    assert max(map(len, texts)) == 32767


def test_a_spreadsheet_that_fails_leaves_the_old_one(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = pytest.importorskip("openpyxl").Workbook
    save = workbook.save

    def full(book: object, target: Path) -> None:
        save(book, target)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openpyxl.Workbook.save", full)
    (tmp_path / "t.xlsx").write_bytes(b"old")
    ran = filled("timeline", "--xlsx", str(tmp_path / "t.xlsx"))
    assert (ran.code, "Traceback" in ran.err) == (ExitCode.NO_SPACE, False)
    assert (tmp_path / "t.xlsx").read_bytes() == b"old"
    assert not list(tmp_path.glob(".t.xlsx*"))


def test_only_one_form_at_a_time(filled: Run) -> None:
    assert filled("timeline", "--csv", "--nl").code == ExitCode.USAGE


def test_parties_facts_notes_and_links(filled: Run) -> None:
    hostile = "某某\x1b[31m催收"
    more = ("--role", "collector", "--for", "某某金融", "--json")
    ran = filled("party", "set", "+86 12000000011", "--name", hostile, *more)
    assert (ran.code, ran.json["key"], ran.json["name"]) == (0, "12000000011", hostile)
    assert "[U+001B]" in filled("party", "list").out
    assert filled("party", "list", "--json").json[0]["lender"] == "某某金融"
    more = ("--text", "敲门", "--holder", "母亲", "--json")
    note = filled("note", "add", "visit", "--at", "2026-05-02T19:10", *more).json
    assert filled("timeline", "--kind", "visit", "--json").json[0]["holder"] == "母亲"
    more = ("--form", "written", "--proof", note["id"], "--json")
    fact = filled("fact", "add", "cease_notice", "--at", "2026-04-08", *more)
    assert (fact.code, fact.json["proof"]) == (0, [note["id"]])
    assert filled("fact", "list", "--json").json[0]["type"] == "cease_notice"
    assert note["id"] in filled("fact", "list").out
    assert filled("link", "set", "r0", "r1", "--why", "same\nfaked line", "--json").code == 0
    (line,) = filled("link", "list").out.splitlines()
    assert "same faked line" in line
    assert filled("link", "break", "r1", "r0", "--why", "no", "--json").json["joined"] is False
    assert filled("link", "list", "--json").json == []
    assert filled("verify").code == 0


def test_a_party_without_a_number_has_a_name(filled: Run) -> None:
    assert filled("party", "set", "name:王某", "--role", "friend", "--json").json["key"] == "name:王某"
    assert filled("party", "set", "name:", "--json").code == ExitCode.USAGE


def test_new_head_and_doctor(dunlog: Run, tmp_path: Path) -> None:
    ran = dunlog("new", str(tmp_path / "n"), "--json", case=None)
    assert (ran.code, ran.json["jurisdiction"]) == (0, "cn")
    assert dunlog("new", str(tmp_path / "n"), "--json", case=None).json["error"]["code"] == "case_exists"
    assert dunlog("new", str(tmp_path / "m"), "--timezone", "Nowhere", "--json", case=None).code == ExitCode.USAGE
    assert dunlog("new", str(tmp_path / "m"), "--jurisdiction", "xx", "--json", case=None).code == ExitCode.USAGE
    assert not (tmp_path / "m").exists()
    assert dunlog("new", "/dev/null/x", "--json", case=None).json["error"]["code"] == "os_error"
    head = dunlog("head", "--json", case=tmp_path / "n").json
    assert (head["seq"], len(head["hash"])) == (2, 64)
    assert dunlog("doctor", "--json", case=tmp_path / "n").json == []


def test_a_wrong_case_fails_with_6_and_names_the_row(filled: Run, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "c" / "case.db") as db:
        db.execute("drop trigger record_update")
        db.execute("update record_row set body = replace(body, '+1', '+2') where n = 2")
    ran = filled("verify", "--json")
    assert (ran.code, ran.json["ok"]) == (ExitCode.TAMPERED, False)
    assert [fault["code"] for fault in ran.json["faults"]] == ["trigger_missing", "row_changed"]
    assert "[r1]" in filled("verify").out


def test_check_goes_on_after_a_bad_line(dunlog: Run, tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_bytes(
        b'{"id": 1, "text": "\xe6\x82\xa8\xe5\xa5\xbd"}\nno json\n[1]\n{"id": 2, "text": 5}\n{"text": "x"}\n\xff\n\n'
        b'{"id": 3, "text": "x", "context": ["y"]}\n{"id": 4, "text": ""}\n'
    )
    ran = dunlog("check", "--nl", str(lines), case=None)
    assert ran.code == ExitCode.PARTIAL
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["id"] for row in rows if "labels" in row] == [1, 4]
    assert [row["id"] for row in rows if "error" in row] == [None, None, 2, None, None, 3]
    assert len(ran.err.splitlines()) == 6
