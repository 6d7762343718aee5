"""recipients, interview and dossier as scripts use them."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """One command line, as typed; ``tmp_path/c`` is a case."""
    from complaints.__main__ import main
    from evidence.log import create_case

    create_case(tmp_path / "c").close()

    def call(*argv: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "argv", ["dunlog", *argv])
            with pytest.raises(SystemExit) as stopped:
                main()
        captured = capsys.readouterr()
        return int(str(stopped.value.code)), captured.out, captured.err

    return call


Call = Callable[..., tuple[int, str, str]]


def test_recipients_without_any_case_is_the_general_list(
    run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _err = run("recipients", "--json")
    assert code == ExitCode.OK
    rows = json.loads(out)
    _code, out, _err = run("recipients", "--nl")
    assert [json.loads(one) for one in out.splitlines()] == rows


def test_a_case_that_is_named_must_exist(run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _err = run("recipients", "--case", str(tmp_path / "typo"), "--json")
    assert (code, json.loads(out)["error"]["code"]) == (ExitCode.NO_CASE, "no_case")
    monkeypatch.setenv("DUNLOG_CASE", str(tmp_path / "typo"))
    assert run("recipients")[0] == ExitCode.NO_CASE


def test_interview_without_a_terminal(run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("an answer\n"))
    line = ("interview", "--case", str(tmp_path / "c"), "--lang", "en")
    code, out, err = run(*line)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "--set" in err
    code, out, _err = run(*line, "--json")
    rows = json.loads(out)
    assert code == ExitCode.OK
    assert set(rows[0]) == {"id", "question", "need", "choices"}
    needs = [row["need"] for row in rows]
    assert needs == sorted(needs, key=("required", "advised", "optional").index)
    kind = next(row for row in rows if row["id"] == "respondent.type")
    assert {"id": "bank", "name": "bank"} in kind["choices"]
    assert run(*line, "--set", "respondent.type=bank", "--json")[0] == ExitCode.OK
    assert "respondent.type" not in [row["id"] for row in json.loads(run(*line, "--json")[1])]


@pytest.mark.parametrize("day", ["20260602", "2026-W23-2", "2026-6-2", "2026-02-30", "\uff12026-06-02", "x", ""])
def test_a_date_is_written_in_one_way(run: Call, tmp_path: Path, day: str) -> None:
    line = ("dossier", "--case", str(tmp_path / "c"), "--to", "police_report", "--json")
    code, out, _err = run(*line, "--date", day)
    assert (code, json.loads(out)["error"]["code"]) == (ExitCode.USAGE, "usage")


def test_no_dossier_is_made_when_one_recipient_is_unknown(
    run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    monkeypatch.setattr("complaints.publish.publish", lambda *words: made.append(words))
    code, out, _err = run("dossier", "--case", str(tmp_path / "c"), "--to", "nfra_complaint", "--to", "no", "--json")
    assert (code, json.loads(out)["error"]["code"], made) == (ExitCode.USAGE, "not_found", [])


def test_an_unknown_language_is_refused(run: Call) -> None:
    code, out, err = run("recipients", "--lang", "fr", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (ExitCode.USAGE, "usage")
    assert "zh, en" in err
    assert run("recipients", "--lang", "zh_CN.UTF-8", "--json")[0] == ExitCode.OK


def test_the_demo_case_is_named_by_verify(run: Call, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from evidence.environment import fixed_environment
    from evidence.log import create_case

    create_case(tmp_path / "demo", environment=fixed_environment(datetime(2026, 6, 1, tzinfo=UTC), "x")).close()
    for words in ("head", "verify"):
        _code, _out, err = run(words, "--case", str(tmp_path / "demo"), "--lang", "en")
        assert err.count("This is the demo case") == 1
