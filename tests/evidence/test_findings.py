import json
from typing import Any

import pytest

from evidence import findings, i18n
from evidence.findings import CACHE, cache_key, current_findings, finding_row
from evidence.log import Case
from evidence.models import Basis, Finding, LeftOut, Party, Quote, Review

FOUND = Finding(
    "f1", "r", "insult", "violation", 3, ("r1",), (Quote("r1", 0, 2, "混蛋", box=(0.0, 1.0, 2.0, 3.0)),), 4, 3,
    "2026-01-01T00:00:00+08:00", None, (LeftOut("r2", "out"),), (Basis("n", "1", "某法第一条"),), True, "why", ("a",),
)  # fmt: skip


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often the rules are run."""

    class Pack:
        hash = "p"

    done: list[int] = []

    def flag(view: Any, pack: Any) -> tuple[Finding, ...]:
        done.append(1)
        return (FOUND,)

    monkeypatch.setattr("evidence.flagging.flag", flag)
    monkeypatch.setattr("evidence.rules.load_pack", lambda country: Pack)
    return done


def test_rules_run_again_only_when_something_changed(case: Case, runs: list[int]) -> None:
    assert current_findings(case) == (FOUND,)
    assert current_findings(case) == (FOUND,)
    case.event("opened", {"command": "findings"})
    case.append("review", "review", [Review("f1", "confirmed", "yes")])
    assert current_findings(case) == (FOUND,)
    assert len(runs) == 1
    case.append("party", "party", [Party("1", role="collector")])
    assert current_findings(case) == (FOUND,)
    assert len(runs) == 2


@pytest.mark.parametrize("damage", ["", "{", '{"key": 1}', "[]", '{"key": KEY, "findings": [{"id": 1}]}', "[" * 100000])
def test_a_damaged_cache_is_made_anew(case: Case, runs: list[int], damage: str) -> None:
    current_findings(case)
    path = case.derived / CACHE
    path.write_text(damage.replace("KEY", json.dumps(cache_key(case, "p"))), encoding="utf-8")
    assert current_findings(case) == (FOUND,)
    assert len(runs) == 2
    assert json.loads(path.read_text(encoding="utf-8"))["key"] == cache_key(case, "p")


def test_a_cache_that_cannot_be_written_costs_nothing_else(case: Case, runs: list[int]) -> None:
    (case.derived / CACHE).mkdir()
    assert current_findings(case) == (FOUND,)
    assert [p.name for p in case.derived.iterdir()] == [CACHE]


def test_the_key_depends_on_language_and_pack(case: Case) -> None:
    one = cache_key(case, "a")
    assert cache_key(case, "b") != one
    i18n.activate("zh")
    assert cache_key(case, "a") != one


def test_rows_have_the_fields_of_the_contract() -> None:
    row = finding_row(FOUND, None)
    assert json.loads(json.dumps(row))["quotes"] == [
        {"record": "r1", "start": 0, "end": 2, "text": "混蛋", "box": [0.0, 1.0, 2.0, 3.0]}
    ]
    assert set(row) >= {
        "id", "rule", "category", "effect", "severity", "records", "quotes", "counted", "limit", "window", "left_out",
        "basis", "filing", "why", "assumptions", "status",
    }  # fmt: skip
    assert row["window"] == {"from": "2026-01-01T00:00:00+08:00", "to": None}
    assert (row["status"], row["basis"]) == ("pending", [{"norm": "n", "clause": "1", "cite": "某法第一条"}])
    assert finding_row(FOUND, Review("f1", "dismissed", "no"))["status"] == "dismissed"
    assert findings.CACHE
