"""What every command keeps: help with an example, one JSON value, the exit codes of evidence/errors.py."""

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from evidence.errors import ExitCode


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def tree() -> list[tuple[tuple[str, ...], Any]]:
    from complaints.cli import make_app

    return list(commands(typer.main.get_command(make_app())))


NAMES = [" ".join(path) for path, _command in tree()]


def test_the_contract_commands_are_there() -> None:
    wanted = {
        "new", "import", "read", "timeline", "party set", "party list", "fact add", "note add", "flag", "findings",
        "review", "check", "recipients", "dossier", "interview", "head", "verify", "doctor", "demo",
    }  # fmt: skip
    assert wanted <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example(name: str, dunlog: Callable[..., Any]) -> None:
    ran = dunlog(*name.split(), "--help", case=None)
    assert ran.code == ExitCode.OK
    assert f"Example: dunlog {name}" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_takes_and_does(name: str) -> None:
    command = {" ".join(path): one for path, one in tree()}[name]
    for option in command.params:
        assert option.name == "help" or option.help, option.name
        if option.param_type_name == "argument":
            assert option.metavar, option.name


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_prints_data_takes_json(name: str) -> None:
    command = {" ".join(path): one for path, one in tree()}[name]
    assert "--json" in [words for option in command.params for words in option.opts]


BAD_LINES = [
    (["nosuch"], "usage", ExitCode.USAGE),
    (["timeline", "--nosuch"], "usage", ExitCode.USAGE),
    (["timeline", "--kind", "gossip"], "usage", ExitCode.USAGE),
    (["timeline", "--from", "soon"], "usage", ExitCode.USAGE),
    (["timeline", "--to", "0001-01-01"], "usage", ExitCode.USAGE),
    (["timeline", "--number", "unknown"], "usage", ExitCode.USAGE),
    (["timeline", "--text", "\udcff"], "usage", ExitCode.USAGE),
    (["timeline", "--csv"], "usage", ExitCode.USAGE),
    (["import"], "usage", ExitCode.USAGE),
    (["import", "x", "--tz", "Mars/Olympus"], "usage", ExitCode.USAGE),
    (["import", "x", "--tz", "localtime"], "usage", ExitCode.USAGE),
    (["import", "x", "--tz", "asia/shanghai"], "usage", ExitCode.USAGE),
    (["new", "x", "--timezone", "Factory"], "usage", ExitCode.USAGE),
    (["new", "x", "--timezone", "../UTC"], "usage", ExitCode.USAGE),
    (["timeline", "--xlsx", "no/such/folder/t.xlsx"], "usage", ExitCode.USAGE),
    (["timeline", "--xlsx", "."], "usage", ExitCode.USAGE),
    (["party", "set", "unknown"], "usage", ExitCode.USAGE),
    (["party", "set", "12000000011", "--role", "king"], "usage", ExitCode.USAGE),
    (["fact", "add", "gossip", "--at", "2026-01-01"], "usage", ExitCode.USAGE),
    (["fact", "add", "payment", "--at", "2026-01-01", "--proof", "r1"], "not_found", ExitCode.USAGE),
    (["note", "add", "visit", "--at", "soon", "--text", "x"], "usage", ExitCode.USAGE),
    (["link", "set", "r1", "r2", "--why", "x"], "not_found", ExitCode.USAGE),
    (["link", "set", "r1", "r1", "--why", "x"], "usage", ExitCode.USAGE),
    (["review", "f1"], "usage", ExitCode.USAGE),
    (["review"], "usage", ExitCode.USAGE),
    (["transcript", "a", "absent.srt"], "usage", ExitCode.USAGE),
    (["check"], "usage", ExitCode.USAGE),
    (["check", "--nl", "absent.jsonl"], "usage", ExitCode.USAGE),
]


@pytest.mark.parametrize(("line", "word", "code"), BAD_LINES)
def test_a_wrong_line_gives_one_json_value_and_its_code(
    line: list[str], word: str, code: int, dunlog: Callable[..., Any]
) -> None:
    ran = dunlog(*line, "--json")
    assert (ran.json["error"]["code"], ran.code) == (word, code)
    assert ran.json["error"]["message"]
    assert f"[{word}]" in ran.err
    assert "Traceback" not in ran.err


LISTS = [
    name
    for name in NAMES
    if "--nl" in {words for option in dict(zip(NAMES, tree(), strict=True))[name][1].params for words in option.opts}
]


def test_the_lists_give_lines() -> None:
    wanted = {"timeline", "findings", "recipients", "party list", "fact list", "link list", "rules list", "doctor"}
    assert wanted <= set(LISTS)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("turned", [False, True])
def test_one_value_or_lines_but_not_both(name: str, turned: bool, dunlog: Callable[..., Any]) -> None:
    both = ["--json", "--nl", *(["-"] if name == "check" else [])]
    ran = dunlog(*name.split(), *([*both[1:], both[0]] if turned else both))
    assert (ran.code, ran.json["error"]["code"]) == (ExitCode.USAGE, "usage")
    assert "--nl" in ran.err


NO_CASE_NEEDED = ["check", "new", "recipients", "rules list", pytest.param("demo", marks=pytest.mark.slow)]


@pytest.mark.parametrize("name", NO_CASE_NEEDED)
def test_examples_that_need_no_case_run(
    name: str, dunlog: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = {" ".join(path): one for path, one in tree()}[name]
    words = shlex.split(command.epilog.removeprefix("Example: "))
    assert words.pop(0) == "dunlog"
    ran = dunlog(*(word.replace("~", str(tmp_path / "home")) for word in words), case=None)
    assert (ran.code, ran.err) == (ExitCode.OK, "")
    assert len(ran.out.splitlines()) > 1
    assert "No abusive wording" not in ran.out


LOOKING = ["head", "verify", "doctor", "timeline", "party list", "fact list", "import x", "read"]


@pytest.mark.parametrize("name", LOOKING)
def test_no_case_is_named(name: str, dunlog: Callable[..., Any], tmp_path: Path) -> None:
    ran = dunlog(*name.split(), "--json", case=tmp_path)
    assert (ran.code, ran.json["error"]["code"]) == (ExitCode.NO_CASE, "no_case")


def test_a_database_that_is_none_is_named(dunlog: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "case.db").write_bytes(b"no database at all, only words " * 99)
    for name in ("head", "verify", "timeline"):
        ran = dunlog(name, "--json", case=tmp_path)
        assert (ran.code, ran.json["error"]["code"]) == (ExitCode.TAMPERED, "case_damaged")


@pytest.mark.parametrize("body", ["'x'", "'{}'", "'[]'"])
def test_a_broken_first_row_is_named_by_every_command(dunlog: Callable[..., Any], tmp_path: Path, body: str) -> None:
    import sqlite3

    dunlog("head")
    with sqlite3.connect(tmp_path / "c" / "case.db") as db:
        db.execute("drop trigger log_update")
        db.execute(f"update log set body = {body} where seq = 1")
    for name in ("head", "timeline", "verify"):
        ran = dunlog(name, "--json")
        assert ran.code == ExitCode.TAMPERED
        assert json.loads(ran.out)
    assert "Log row 1 was changed" in dunlog("verify").out


def test_a_fault_of_ours_still_gives_json(dunlog: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(case: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("evidence.doctor.examine", fault)
    ran = dunlog("doctor", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (ExitCode.FAILED, "internal")


def test_ctrl_c_gives_130(dunlog: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(case: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("evidence.doctor.examine", stop)
    ran = dunlog("doctor", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (ExitCode.INTERRUPTED, "interrupted")
    assert "Traceback" not in ran.err


def test_a_busy_case_gives_5(dunlog: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from evidence.log import open_case

    dunlog("head")
    monkeypatch.setattr("evidence.database.BUSY_SECONDS", 0.05)
    with open_case(tmp_path / "c", "import") as other, other.transaction():
        ran = dunlog("timeline", "--json")
        assert (ran.code, ran.json["error"]["code"]) == (ExitCode.CASE_BUSY, "case_busy")
        ran = dunlog("verify", "--json")
        assert (ran.code, ran.json["ok"]) == (ExitCode.OK, True)
        assert "not recorded" in ran.err


def test_help_loads_nothing_heavy() -> None:
    import os
    import subprocess
    import sys

    heavy = [
        "lxml", "PIL", "av", "numpy", "onnxruntime", "rapidocr", "reportlab", "docx", "sqlite_utils", "sqlite3", "yaml",
        "cattrs", "jinja2", "opencc", "pypinyin", "openpyxl", "tqdm", "concurrent.futures",
    ]  # fmt: skip
    script = (
        "import sys; from complaints.__main__ import run; run(['--help'], None)\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
