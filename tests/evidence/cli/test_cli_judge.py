"""flag, findings, review and rules: what the machine sees and what a person says to it."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import ExitCode
from evidence.log import open_case
from evidence.models import Basis, Finding, Quote, Record, Stamp
from evidence.timeline import load_view

Run = Callable[..., Any]


def finding(ident: str, effect: str = "violation", severity: int = 2) -> Finding:
    quote = Quote("r1", 0, 2, "\x1b[2J滚")
    return Finding(
        ident, "cn.x", "insult", effect, severity, ("r1",), (quote,), basis=(Basis("n", "1", "某法第一条"),),
        why="words \u202ehostile", missing=("whether it was you",) if effect == "undetermined" else (),
        needs=("speaker",) if effect == "undetermined" else (),
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def judged(dunlog: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    dunlog("head")
    with open_case(tmp_path / "c", "import") as case:
        stamp = Stamp("2026-03-10T01:00:00.000Z", "x", "export", "epoch_utc")
        about = {"source": "ab" * 32, "format": "x", "importer": "x", "version": "1.0"}
        case.append(
            "read", "record", [Record("sms", "sms", "1", stamp, "in", "12000000011", text="滚", id="r1")], about
        )
    found = (finding("f1"), finding("f2", "undetermined"), finding("f3", severity=3))
    monkeypatch.setattr("evidence.findings.current_findings", lambda case, view=None: found)
    return dunlog


def statuses(run: Run) -> dict[str, str]:
    return {row["id"]: row["status"] for row in run("findings", "--json").json}


def test_findings_are_listed_and_filtered(judged: Run) -> None:
    assert statuses(judged) == {"f1": "pending", "f2": "pending", "f3": "pending"}
    assert judged("findings", "--status", "confirmed", "--json").json == []
    assert len(judged("findings", "--category", "insult", "--nl").out.splitlines()) == 3
    assert not {"\x1b", "\u202e"} & set(judged("findings").out)
    assert judged("findings", "--status", "odd", "--json").code == ExitCode.USAGE


def test_what_a_person_reads_are_words_and_not_codes(judged: Run) -> None:
    judged("review", "f1", "--confirm", "--json")
    lines = judged("findings").out.splitlines()
    assert "pending" not in "".join(lines)
    assert ["not reviewed" in line for line in lines[:3]] == [False, True, True]
    assert lines[-1] == "3 findings."
    assert judged("findings", "--status", "confirmed").out.splitlines()[-1] == "1 finding."


def test_review_by_id(judged: Run) -> None:
    assert judged("review", "f1", "--confirm", "--json").json[0]["decision"] == "confirmed"
    assert judged("review", "f3", "--dismiss", "--json").code == ExitCode.USAGE
    assert judged("review", "f2", "--confirm", "--json").json["error"]["code"] == "usage"
    assert judged("review", "f1", "f9", "--confirm", "--json").json["error"]["code"] == "not_found"
    assert judged("review", "f3", "--dismiss", "--reason", "是朋友", "--json").code == 0
    assert statuses(judged) == {"f1": "confirmed", "f2": "pending", "f3": "dismissed"}
    assert judged("review", "f3", "--confirm", "--json").code == 0
    assert statuses(judged)["f3"] == "confirmed"


def answer(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("".join(word + "\n" for word in words)))


def test_review_asks_once_the_worst_first_and_stops_when_told(
    judged: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, "what?", "y", "", "n", "", "it was a joke", "3", "q")
    ran = judged("review")
    assert ran.code == 0
    assert ran.out.index("f3") < ran.out.index("f1") < ran.out.index("f2")
    assert not {"\x1b", "\u202e"} & set(ran.out)
    assert statuses(judged) == {"f1": "dismissed", "f2": "pending", "f3": "confirmed"}
    answer(monkeypatch, "s")
    ran = judged("review")
    assert "f1" not in ran.out
    with open_case(tmp_path / "c", "x", write=False) as case:
        assert load_view(case).reviews["f1"].reason == "it was a joke"


def stated(folder: Path) -> list[dict[str, str]]:
    with open_case(folder, "x", write=False) as case:
        return [dict(fact.keys) for fact in load_view(case).facts]


def test_who_wrote_it_is_stated_with_the_decision(judged: Run, tmp_path: Path) -> None:
    assert judged("review", "f2", "--confirm", "--by", "other", "--json").json[0]["decision"] == "confirmed"
    assert stated(tmp_path / "c") == [{"finding": "f2", "by": "other"}]
    assert statuses(judged)["f2"] == "confirmed"
    (row,) = judged("review", "f2", "--by", "self", "--json").json
    assert row == {"finding": "f2", "decision": "dismissed", "reason": "written or said by the borrower"}
    assert stated(tmp_path / "c")[-1] == {"finding": "f2", "by": "self"}


def test_who_wrote_it_is_not_stated_against_the_record_or_against_oneself(judged: Run, tmp_path: Path) -> None:
    assert judged("review", "f1", "--confirm", "--by", "other", "--json").code == ExitCode.USAGE
    assert judged("review", "f2", "--confirm", "--by", "self", "--json").code == ExitCode.USAGE
    assert judged("review", "f2", "--confirm", "--by", "nobody", "--json").code == ExitCode.USAGE
    assert judged("review", "f2", "f1", "--confirm", "--by", "other", "--json").code == ExitCode.USAGE
    assert stated(tmp_path / "c") == []
    assert set(statuses(judged).values()) == {"pending"}


@pytest.mark.parametrize(
    ("words", "status", "facts"),
    [
        (("1", "y", ""), "confirmed", [{"finding": "f2", "by": "other"}]),
        (("1", "s"), "pending", [{"finding": "f2", "by": "other"}]),
        (("2",), "dismissed", [{"finding": "f2", "by": "self"}]),
        (("3", "y", "", "I know the voice"), "confirmed", []),
        (("4", "q"), "pending", []),
    ],
)
def test_review_asks_who_wrote_it_first(
    judged: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    status: str,
    facts: list[dict[str, str]],
) -> None:
    judged("review", "f1", "f3", "--confirm")
    answer(monkeypatch, *words)
    assert judged("review").code == 0
    assert statuses(judged)["f2"] == status
    assert stated(tmp_path / "c") == facts


def test_the_end_of_input_stops_and_keeps_what_was_decided(judged: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y", "")
    assert judged("review").code == 0
    assert list(statuses(judged).values()).count("confirmed") == 1
    answer(monkeypatch, "n")
    assert judged("review").code == ExitCode.INTERRUPTED


def test_rules_are_listed(dunlog: Run) -> None:
    listed = dunlog("rules", "list", "--json", case=None).json
    assert listed["rules"]
    assert len(dunlog("rules", "list", case=None).out.splitlines()) == len(listed["rules"]) + 1
