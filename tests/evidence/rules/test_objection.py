"""Contact after a request to stop: what it forbids, what it leaves open, and what stands beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evidence import i18n
from evidence.flagging import flag
from evidence.linking import link
from evidence.models import CaseView, Fact, Finding, Party, Record, Stamp
from evidence.times import to_utc_text

ZONE = ZoneInfo("Asia/Shanghai")
LENDER, NUMBER, OTHER, SISTER_OF = "甲消费金融", "12000000011", "12000000012", "妹妹"
ASKED = "2026-04-08T09:06:12"


@dataclass(frozen=True)
class Hit:
    label: str
    start: int
    end: int
    rule: str = "test.word"
    severity: int = 2
    form: str = "filing"


def detect(text: str, channel: str, direction: Any, recipient_role: str, context: Sequence[Any]) -> list[Hit]:
    asked = any(m.direction == "out" and "stop" in m.text for m in context)
    threat = [Hit("threat_violence", 0, len(text))] if "break" in text else []
    return threat + ([Hit("harass_after_objection", 0, len(text))] if asked else [])


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def stamp(local: str) -> Stamp:
    at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    return Stamp(to_utc_text(at), local, "export", "local_assumed", ZONE.key)


def call(ident: str, local: str, **more: Any) -> Record:
    given: dict[str, Any] = {"direction": "in", "number": NUMBER, "outcome": "answered", "duration_s": 30.0}
    return Record("call", "call", ident, stamp(local), **{"source": "s1", **given, **more, "id": ident})


def sms(ident: str, local: str, text: str, **more: Any) -> Record:
    given: dict[str, Any] = {"direction": "in", "number": NUMBER, "text": text, "text_basis": "source"}
    return Record("sms", "sms", ident, stamp(local), **{**given, **more, "id": ident, "source": "s1"})


def notice(**keys: str) -> Fact:
    return Fact("cease_notice", stamp(ASKED), keys={"creditor": LENDER, **keys}, form="written")


def run(*records: Record, facts: tuple[Fact, ...] = ()) -> dict[str, list[Finding]]:
    parties = {
        "name:" + LENDER: Party("name:" + LENDER, LENDER, "lender", lender_type="consumer_finance"),
        NUMBER: Party(NUMBER, role="collector", lender=LENDER),
        OTHER: Party(OTHER, role="collector", lender=LENDER),
        "name:" + SISTER_OF: Party("name:" + SISTER_OF, SISTER_OF, "relative", relation="relative"),
    }
    view = CaseView(
        "c", "cn", "Asia/Shanghai", "", 0, "", False,
        records=records, parties=parties, facts=facts, links=tuple(link(records)),
    )  # fmt: skip
    found: dict[str, list[Finding]] = {}
    for finding in flag(view, detect=detect):
        found.setdefault(finding.rule, []).append(finding)
    return found


RULE, WORDS = "cn.objection.calls", "cn.words.harass_after_objection"
AFTER = (
    sms("ask", ASKED, "stop calling", direction="out"),
    sms("kind", "2026-04-08T09:41:57", "noted"),
    sms("bad", "2026-04-09T09:41:57", "I will break it"),
    call("before", "2026-04-08T09:00:00"),
    call("c1", "2026-04-08T12:00:00"),
    call("c2", "2026-04-10T12:00:00", number=OTHER, outcome="missed", duration_s=0.0),
    call("own", "2026-04-11T12:00:00", direction="out"),
)


def left(finding: Finding) -> dict[str, str]:
    return {one.record: one.why for one in finding.left_out}


def test_calls_after_a_request_that_leaves_messages_open_are_one_finding() -> None:
    found = run(*AFTER, facts=(notice(channels="call,third"),))
    (finding,) = found[RULE]
    assert (finding.records, finding.counted, finding.effect, finding.filing) == (("c1", "c2"), 2, "indicator", True)
    assert finding.creditor == LENDER
    assert "1 connected, 1 not" in finding.why
    assert [basis.norm for basis in finding.basis] == ["cc"]  # two calls are not yet "repeatedly"
    assert any("may still be asked lawfully to pay" in text for text in finding.assumptions)
    assert set(left(finding)) == {"own", "kind", "bad"}
    assert left(finding)["own"] == "made by the borrower"
    assert "leaves this channel open" in left(finding)["kind"]
    assert WORDS not in found
    assert [one.records for one in found["cn.words.threat_violence"]] == [("bad",)]


@pytest.mark.parametrize("channels", ["call,sms", None])
def test_messages_stay_findings_where_the_request_forbade_them(channels: str | None) -> None:
    fact = notice(channels=channels) if channels else notice()
    found = run(*AFTER, facts=(fact,))
    assert [one.records for one in found[WORDS]] == [("kind",), ("bad",)]
    assert found[RULE][0].counted == 2


def test_a_request_of_another_person_or_to_another_lender_opens_nothing() -> None:
    for fact in (notice(channels="call", person=SISTER_OF), notice(channels="call", creditor="乙银行")):
        found = run(*AFTER, facts=(fact,))
        assert len(found[WORDS]) == 2
        assert RULE not in found


def test_an_earlier_word_about_others_is_no_objection_where_the_request_left_messages_open() -> None:
    early = (
        sms("others", "2026-04-02T20:00:00", "stop writing to my friends", direction="out"),
        sms("next", "2026-04-03T20:00:00", "please pay"),
    )
    assert WORDS in run(*early)
    assert WORDS not in run(*early, facts=(notice(channels="call"),))


def test_figures_list_what_was_close_and_not_counted() -> None:
    found = run(
        call("edge", "2026-03-12T21:59:59", outcome="missed", duration_s=0.0),
        call("night", "2026-03-12T22:00:00"),
        call("again", "2026-03-12T22:00:00", source="s2"),
        call("mine", "2026-03-12T23:05:00", direction="out"),
        call("nobody", "2026-03-12T22:30:00", number="12000000099"),
        call("noon", "2026-03-12T12:00:00"),
        call("next", "2026-03-13T21:59:59"),
    )
    (finding,) = [one for one in found["cn.hours.calls"] if one.effect == "indicator"]
    assert finding.records == ("night",)
    assert set(left(finding)) == {"again", "edge", "mine", "nobody"}
    assert left(finding)["edge"] == "starts at 21:59:59, within the allowed hours"
    assert left(finding)["nobody"] == "nobody is stated to be behind this number"
    alone = [one for one in run(call("night", "2026-03-12T22:00:00"))["cn.hours.calls"] if one.effect == "indicator"]
    assert alone[0].id == finding.id


def test_a_long_list_of_near_misses_ends_with_how_many_more() -> None:
    own = [call(f"o{i:02d}", f"2026-03-12T22:{i + 1:02d}:00", direction="out") for i in range(30)]
    (finding,) = run(call("night", "2026-03-12T22:00:00"), *own)["cn.hours.calls"]
    assert len(finding.left_out) == 20
    assert finding.left_out[-1].why == "made by the borrower; 10 more left out are not listed"


def test_what_another_person_sent_is_not_called_the_borrowers() -> None:
    records = (
        call("talk", "2026-04-18T10:00:00"),
        sms("told", "2026-04-19T19:36:18", "tell her to pay", holder=SISTER_OF),
        sms("answer", "2026-04-19T19:41:50", "leave me alone", holder=SISTER_OF, direction="out"),
    )
    (finding,) = run(*records)["cn.third_party"]
    assert left(finding) == {"answer": "made by the person whose phone this is"}


def test_what_a_standard_takes_for_granted_is_said_wherever_it_is_cited() -> None:
    found = run(
        *(call(f"c{i}", f"2026-03-10T{9 + i:02d}:00:00") for i in range(4)),
        sms("told", "2026-03-10T19:36:18", "tell her to pay", holder=SISTER_OF),
    )
    cited = [one for many in found.values() for one in many if any(b.norm == "gbt45251" for b in one.basis)]
    assert {one.rule for one in cited} == {"cn.frequency.connected", "cn.third_party"}
    for one in cited:
        assert sum("online consumer credit" in text for text in one.assumptions) == 1
