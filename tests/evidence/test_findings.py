import json

import pytest

from evidence.findings import current_findings, finding_row
from evidence.log import Case
from evidence.models import Basis, Finding, LeftOut, Quote, Review

FOUND = Finding(
    "f1", "r", "insult", "violation", 3, ("r1",), (Quote("r1", 0, 2, "混蛋", box=(0.0, 1.0, 2.0, 3.0)),), 4, 3,
    "2026-01-01T00:00:00+08:00", None, (LeftOut("r2", "out"),), (Basis("n", "1", "某法第一条"),), True, "why", ("a",),
)  # fmt: skip


def test_findings_are_computed_never_stored(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stored copy outside the log could be changed without a trace."""
    monkeypatch.setattr("evidence.flagging.flag", lambda view, pack: (FOUND,))
    monkeypatch.setattr("evidence.rules.load_pack", lambda country: country)
    (case.derived / "findings.json").write_text('{"findings": []}')
    assert current_findings(case) == (FOUND,)
    assert [p.name for p in case.derived.iterdir()] == ["findings.json"]


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
