"""In whose name the demo says who wrote what a screenshot shows."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from complaints.demo import run
from complaints.demo.phone import Planted
from evidence.models import CaseView, Fact, Finding, Quote, Record, Stamp


class Kept:
    """Takes what would be written."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def now(self) -> str:
        return "2026-06-01T01:00:00.000Z"

    def append(self, kind: str, noun: str, rows: list[Fact]) -> None:
        assert (kind, noun) == ("fact", "fact")
        self.facts += rows


def found(ident: str, words: tuple[str, ...], needs: tuple[str, ...] = ("speaker",)) -> Finding:
    quotes = tuple(Quote("p", 0, len(one), one, "g") for one in words)
    return Finding(ident, "r", "insult", "undetermined", 3, ("p",), quotes, needs=needs)


def test_only_planted_words_that_no_message_has_are_the_other_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    said = "明天我带人去店里坐坐\n今天就群发"
    phone = SimpleNamespace(
        planted=(
            Planted("insult", at, "screenshot", None, said, "a.png"),
            Planted("insult", at, "sms", "1", "只在短信里", "b.xml"),
        )
    )
    view = CaseView(
        "c", "cn", "Asia/Shanghai", "", 1, "", True,
        records=(Record("sms", "sms", "1", Stamp(), "in", "1", text="今天就群发", id="s"),),
    )  # fmt: skip
    findings = (
        found("planted", ("明天我带 人", "去店里\n坐坐")),
        found("own", ("楼下见",)),
        found("both", ("明天我带人", "楼下见")),
        found("message", ("今天就群发",)),
        found("other input", ("只在短信里",)),
        found("known", ("明天我带人",), ()),
    )
    monkeypatch.setattr(run, "load_view", lambda case: view)
    monkeypatch.setattr(run, "current_findings", lambda case, view: findings)
    kept = Kept()
    run._state_authors(kept, phone)  # type: ignore[arg-type]
    assert [fact.keys for fact in kept.facts] == [{"finding": "planted", "by": "other"}]
