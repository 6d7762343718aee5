"""Case view in, findings out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evidence import i18n
from evidence.flagging import flag
from evidence.linking import link
from evidence.models import Answer, CaseView, Fact, Finding, Line, Media, Party, Reading, Record, Stamp
from evidence.times import to_utc_text

ZONE = ZoneInfo("Asia/Shanghai")
NUMBER, OTHER, STRANGER = "12000000011", "12000000012", "12000000099"
WORD = "break your legs"


@dataclass(frozen=True)
class Hit:
    label: str
    start: int
    end: int
    rule: str = "test.word"
    severity: int = 2
    form: str = "filing"


def detect(text: str, channel: str, direction: Any, recipient_role: str, context: Sequence[Any]) -> list[Hit]:
    """A matcher that knows one threat, one weak hint, and contact after an objection in the context."""
    hits = []
    if WORD in text:
        at = text.index(WORD)
        hits.append(Hit("threat_violence", at, at + len(WORD)))
    if "hint" in text:
        hits.append(Hit("insult", text.index("hint"), text.index("hint") + 4, severity=1, form="weak"))
    if any(m.direction == "out" and "stop" in m.text for m in context):
        hits.append(Hit("harass_after_objection", 0, len(text)))
    if recipient_role == "friend":
        hits.append(Hit("third_party_contact", 0, len(text)))
    return hits


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def stamp(local: str, precision: float = 1.0, basis: Any = "export") -> Stamp:
    at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    return Stamp(to_utc_text(at), local, basis, "local_assumed", ZONE.key, precision)


def call(ident: str, local: str, **more: Any) -> Record:
    given: dict[str, Any] = {"direction": "in", "number": NUMBER, "outcome": "answered", "duration_s": 30.0}
    time = stamp(local, more.pop("precision", 1.0), more.pop("basis", "export"))
    return Record("call", "call", ident, time, **{**given, **more, "id": ident, "source": more.get("source", "s1")})


def sms(ident: str, local: str, text: str, **more: Any) -> Record:
    given: dict[str, Any] = {"direction": "in", "number": NUMBER, "text": text, "text_basis": "source"}
    return Record("sms", "sms", ident, stamp(local), **{**given, **more, "id": ident, "source": "s1"})


LENDER = Party("name:甲消费金融", "甲消费金融", "lender", lender_type="consumer_finance")
PARTIES = {
    LENDER.key: LENDER,
    NUMBER: Party(NUMBER, role="collector", lender="甲消费金融"),
    OTHER: Party(OTHER, role="collector", lender="甲消费金融"),
}


def case(
    *records: Record, parties: dict[str, Party] | None = None, facts: tuple[Fact, ...] = (), **more: Any
) -> CaseView:
    return CaseView(
        "c", "cn", "Asia/Shanghai", "", 0, "", False,
        records=records, parties=PARTIES if parties is None else parties, facts=facts,
        links=tuple(link(records)), **more,
    )  # fmt: skip


def run(view: CaseView) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in flag(view, detect=detect):
        found.setdefault(finding.rule, []).append(finding)
    return found


def hours(n: int, day: str = "2026-03-10", start: int = 9, **more: Any) -> list[Record]:
    return [call(f"c{day}{i}", f"{day}T{start + i:02d}:00:00", **more) for i in range(n)]


def test_four_connected_calls_from_two_numbers_of_one_lender() -> None:
    records = [replace(r, number=OTHER if i % 2 else NUMBER) for i, r in enumerate(hours(4))]
    missed = call("m", "2026-03-10T15:00:00", outcome="missed", duration_s=0.0)
    (finding,) = run(case(*records, missed))["cn.frequency.connected"]
    assert (finding.counted, finding.limit, finding.effect, finding.filing) == (4, 3, "indicator", True)
    assert finding.creditor == "甲消费金融"
    assert finding.window_from == "2026-03-10T00:00:00+08:00"
    assert finding.window_to == "2026-03-11T00:00:00+08:00"
    assert [(one.record, one.why) for one in finding.left_out] == [("m", "not answered")]
    assert [b.norm for b in finding.basis] == ["gbt45251", "cc", "psa"]
    assert "2 numbers count together" in " ".join(finding.assumptions)
    assert "4" in finding.why
    assert finding.id.startswith("f")
    assert len(finding.id) == 17
    assert finding.missing == ()


def test_three_connected_calls_are_allowed() -> None:
    assert "cn.frequency.connected" not in run(case(*hours(3)))


def test_duplicates_of_another_export_count_once_and_are_shown() -> None:
    records = hours(3)
    twice = [
        replace(r, id=r.id + "b", source="s2", time=stamp(f"2026-03-10T{9 + i:02d}:00:02"))
        for i, r in enumerate(records)
    ]
    assert "cn.frequency.connected" not in run(case(*records, *twice))
    fourth = call("c4", "2026-03-10T20:00:00")
    (finding,) = run(case(*records, *twice, fourth))["cn.frequency.connected"]
    assert finding.counted == 4
    assert sorted(one.record for one in finding.left_out) == sorted(r.id for r in twice)
    assert all("two exports of one event" in one.why for one in finding.left_out)
    (alone,) = run(case(*records, fourth))["cn.frequency.connected"]
    assert finding.id == alone.id, "a second backup of the same calls changes nothing that a person has reviewed"


def test_the_norm_of_the_day() -> None:
    old = run(case(*hours(4, "2025-02-27"), *hours(4, "2025-02-28")))["cn.frequency.connected"]
    assert [f.window_from for f in old] == ["2025-02-28T00:00:00+08:00"]
    assert [b.norm for b in old[0].basis] == ["gbt45251", "cc"], "the 2026 public-security law does not reach 2025"


def test_unanswered_per_line_and_only_for_members_of_the_association() -> None:
    missed = {"outcome": "missed", "duration_s": 0.0}
    assert "cn.frequency.unanswered" not in run(case(*hours(6, **missed)))
    (finding,) = run(case(*hours(7, **missed)))["cn.frequency.unanswered"]
    assert (finding.counted, finding.limit) == (7, 6)
    micro = {**PARTIES, LENDER.key: replace(LENDER, lender_type="microloan")}
    assert "cn.frequency.unanswered" not in run(case(*hours(7, **missed), parties=micro))
    lines = [replace(r, extras={"subscription_id": str(i % 2)}) for i, r in enumerate(hours(7, **missed))]
    assert "cn.frequency.unanswered" not in run(case(*lines))


def test_unknown_lender_type_is_a_question_not_a_breach() -> None:
    parties = {NUMBER: Party(NUMBER, role="collector", lender="甲消费金融")}
    (finding,) = run(case(*hours(4), parties=parties))["cn.frequency.connected"]
    assert (finding.effect, finding.filing) == ("undetermined", False)
    assert finding.missing == ("what kind of institution 甲消费金融 is (the lender named in the loan contract)",)


def test_numbers_of_nobody_are_only_asked_about_when_they_would_exceed() -> None:
    strangers = [replace(r, number=f"{STRANGER}{i % 2}") for i, r in enumerate(hours(4))]
    (finding,) = run(case(*strangers))["cn.frequency.connected"]
    assert (finding.effect, finding.creditor) == ("undetermined", None)
    assert len(finding.missing) == 2
    assert all("who number" in one for one in finding.missing)
    assert "cn.frequency.connected" not in run(case(*strangers[:3], *hours(3, start=15)))


def test_private_lenders_are_not_under_the_standard() -> None:
    parties = {**PARTIES, LENDER.key: replace(LENDER, lender_type="private_individual")}
    assert run(case(*hours(9), call("n", "2026-03-10T23:00:00"), parties=parties)) == {}


@pytest.mark.parametrize(
    ("local", "precision", "effect"),
    [
        ("2026-03-10T21:59:59", 1.0, None),
        ("2026-03-10T22:00:00", 1.0, "indicator"),
        ("2026-03-10T21:59:00", 60.0, "undetermined"),
        ("2026-03-10T21:30:00", 60.0, None),
    ],
)
def test_precision_decides_near_the_limit(local: str, precision: float, effect: str | None) -> None:
    found = run(case(call("n", local, precision=precision))).get("cn.hours.calls", [])
    assert [f.effect for f in found] == ([effect] if effect else [])
    if effect == "undetermined":
        assert "exact time" in found[0].missing[0]


def test_night_contacts_name_the_clock_and_the_borrowers_own_calls_are_left_out() -> None:
    records = [call("a", "2026-03-10T23:00:00"), call("b", "2026-03-10T23:30:00", direction="out")]
    (finding,) = run(case(*records))["cn.hours.calls"]
    assert finding.records == ("a",)
    assert [(one.record, one.why) for one in finding.left_out] == [("b", "made by the borrower")]
    assert finding.window_from == "2026-03-10T23:00:00+08:00"
    assert finding.assumptions[0] == "Times are those of Asia/Shanghai."


def test_a_night_message_of_the_lender_itself_may_be_a_notice() -> None:
    parties = {**PARTIES, "95000000": Party("95000000", "甲消费金融", "lender")}
    (finding,) = run(case(sms("a", "2026-03-10T23:00:00", "your bill", number="95000000"), parties=parties))[
        "cn.hours.messages"
    ]
    assert finding.effect == "undetermined"
    assert "asked for payment" in finding.missing[0]


def test_a_number_of_nobody_at_night_is_one_question_for_all_nights() -> None:
    calls = [call(f"n{d}", f"2026-03-{d:02d}T23:00:00", number=STRANGER) for d in range(1, 6)]
    texts = [sms(f"t{d}", f"2026-03-{d:02d}T23:10:00", "good night", number=STRANGER) for d in range(1, 6)]
    found = run(case(*calls, *texts))
    (finding,) = found["cn.hours.calls"]
    assert (finding.counted, finding.effect) == (5, "undetermined")
    assert "cn.hours.messages" not in found


def mother(local: str, ident: str = "m1") -> Record:
    return call(ident, local, holder="母亲")


RELATED = Party("name:母亲", "母亲", "relative", relation="parent")


def test_third_person_is_undetermined_until_everything_is_known() -> None:
    one = mother("2026-03-10T10:00:00")
    (finding,) = run(case(one))["cn.third_party"]
    assert finding.effect == "undetermined"
    assert any("related" in m for m in finding.missing)
    parties = {**PARTIES, RELATED.key: RELATED}
    (finding,) = run(case(one, parties=parties))["cn.third_party"]
    assert finding.effect == "undetermined"
    assert any("could reach" in m for m in finding.missing)
    (finding,) = run(case(one, call("own", "2026-03-09T10:00:00"), parties=parties))["cn.third_party"]
    assert (finding.effect, finding.subject) == ("indicator", "母亲")
    guarantor = {**PARTIES, RELATED.key: replace(RELATED, role="guarantor", relation="guarantor")}
    assert "cn.third_party" not in run(case(one, call("own", "2026-03-09T10:00:00"), parties=guarantor))
    lost = (Fact("lost_contact", stamp("2026-03-01T00:00:00"), keys={"creditor": "甲消费金融"}),)
    assert "cn.third_party" not in run(case(one, parties=parties, facts=lost))


def test_contact_after_a_refusal_of_a_contact_person() -> None:
    refused = (Fact("cease_notice", stamp("2026-03-10T10:00:30"), keys={"number": NUMBER, "person": "母亲"}),)
    parties = {**PARTIES, RELATED.key: RELATED}
    records = (mother("2026-03-10T10:00:00"), mother("2026-03-11T10:00:00", "m2"))
    (finding,) = run(case(*records, parties=parties, facts=refused))["cn.third_party.refused"]
    assert finding.records == ("m2",)


def test_threat_in_a_message() -> None:
    text = f"we will {WORD} tomorrow"
    (finding,) = run(case(sms("a", "2026-03-10T10:00:00", text)))["cn.words.threat_violence"]
    (quote,) = finding.quotes
    assert text[quote.start : quote.end] == quote.text == WORD
    assert (finding.effect, finding.filing, finding.severity) == ("violation", True, 5)
    assert finding.basis[0].norm == "psa"
    assert {b.verification for b in finding.basis} <= {"primary", "secondary_multi"}
    assert all(b.version for b in finding.basis)
    assert finding.pack.endswith(" words:test.word")


def test_a_threat_before_2026_does_not_cite_the_new_law() -> None:
    (finding,) = run(case(sms("a", "2025-12-31T10:00:00", WORD)))["cn.words.threat_violence"]
    assert "psa" not in [b.norm for b in finding.basis]
    assert finding.effect == "indicator"


def test_own_words_and_friends_words_are_not_looked_at() -> None:
    parties = {**PARTIES, STRANGER: Party(STRANGER, role="friend")}
    own = sms("a", "2026-03-10T10:00:00", WORD, direction="out")
    friend = sms("b", "2026-03-10T11:00:00", WORD, number=STRANGER)
    assert run(case(own, friend, parties=parties)) == {}


def test_the_borrowers_own_note_is_not_the_other_sides_words() -> None:
    note = Record("visit", "visit", "n", stamp("2026-03-10T19:00:00", basis="stated"), "in", NUMBER, text=WORD, id="n")
    assert run(case(note)) == {}


def test_weak_words_never_enter_a_filing() -> None:
    (finding,) = run(case(sms("a", "2026-03-10T10:00:00", "a hint")))["cn.words.insult"]
    assert (finding.effect, finding.filing) == ("indicator", False)


def test_context_of_the_thread_and_recipient_are_handed_over() -> None:
    records = [
        sms("a", "2026-03-10T09:00:00", "please stop", direction="out"),
        sms("b", "2026-03-10T10:00:00", "pay now"),
        sms("c", "2026-03-10T10:00:00", "pay now", number=OTHER),
        sms("d", "2026-03-10T11:00:00", "tell him to pay", holder="老王"),
    ]
    parties = {**PARTIES, "name:老王": Party("name:老王", "老王", "friend", relation="friend")}
    found = run(case(*records, parties=parties))
    assert [f.records for f in found["cn.words.harass_after_objection"]] == [("b",)]
    assert [f.records for f in found["cn.words.third_party_contact"]] == [("d",)]


def picture(ident: str, local: str | None, **more: Any) -> Record:
    time = stamp(local, basis="filename") if local else Stamp()
    return Record(
        "media", "media", ident, time, media=(Media("pic", 1, "image/png", "x.png"),), id=ident, source="s9", **more
    )


OCR = Reading(
    "pic", "ocr", "engine", "1", f"hello\n{WORD}\nbye",
    (Line("hello", box=(0, 0, 9, 9)), Line(WORD, box=(1, 10, 90, 19)), Line("bye", box=(0, 20, 9, 29))), id="g1",
)  # fmt: skip


def test_a_screenshot_says_where_but_not_who() -> None:
    (finding,) = run(case(picture("p", "2026-03-10T10:00:00"), readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    assert (finding.effect, finding.filing) == ("undetermined", False)
    assert finding.missing[0].startswith("who wrote or said this")
    (quote,) = finding.quotes
    assert (quote.reading, quote.box) == ("g1", (1, 10, 90, 19))
    assert OCR.text[quote.start : quote.end] == WORD
    (undated,) = run(case(picture("p", None), readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    assert undated.basis == ()
    assert any("day" in m for m in undated.missing)


def authored(finding: str, by: str) -> Fact:
    return Fact("authorship", stamp("2026-03-12T10:00:00"), keys={"finding": finding, "by": by})


def test_what_is_missing_has_a_code_beside_each_sentence() -> None:
    shot = picture("p", "2026-03-10T10:00:00")
    (finding,) = run(case(shot, readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    assert finding.needs == ("speaker",)
    (undated,) = run(case(picture("p", None), readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    assert set(undated.needs) == {"speaker", "date"}
    (third,) = run(case(mother("2026-03-10T10:00:00")))["cn.third_party"]
    assert "relation" in third.needs


def test_the_borrower_says_that_the_other_side_wrote_it() -> None:
    shot = picture("p", "2026-03-10T10:00:00")
    (open_,) = run(case(shot, readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    told = case(shot, readings={"pic": (OCR,)}, facts=(authored(open_.id, "other"),))
    (finding,) = run(told)["cn.words.threat_violence"]
    assert finding.id == open_.id
    assert (finding.effect, finding.filing, finding.needs, finding.missing) == ("violation", True, (), ())
    assert finding.assumptions[0].endswith("words of the picture are the other side's is stated by the complainant.")
    assert (finding.quotes, finding.basis[0].norm) == (open_.quotes, "psa")
    unrelated = case(shot, readings={"pic": (OCR,)}, facts=(authored("f0", "other"),))
    assert run(unrelated)["cn.words.threat_violence"] == [open_]


def test_the_latest_statement_of_the_author_counts_and_own_words_are_left_out() -> None:
    shot = picture("p", "2026-03-10T10:00:00")
    (open_,) = run(case(shot, readings={"pic": (OCR,)}))["cn.words.threat_violence"]
    said = (authored(open_.id, "other"), authored(open_.id, "self"))
    (finding,) = run(case(shot, readings={"pic": (OCR,)}, facts=said))["cn.words.threat_violence"]
    assert finding.id == open_.id
    assert (finding.effect, finding.filing, finding.quotes, finding.needs) == ("undetermined", False, (), ())
    assert [(one.record, one.why) for one in finding.left_out] == [
        ("p", "written or said by the borrower, as the borrower states")
    ]


def test_what_the_record_shows_is_not_overruled_by_a_statement() -> None:
    message = sms("a", "2026-03-10T10:00:00", WORD)
    (known,) = run(case(message))["cn.words.threat_violence"]
    assert run(case(message, facts=(authored(known.id, "self"),)))["cn.words.threat_violence"] == [known]


def clauses(finding: Finding) -> set[str]:
    return {b.norm for b in finding.basis}


def objections(n: int, holder: str = "self") -> list[Record]:
    own = sms("own", "2026-03-10T09:00:00", "please stop", direction="out", holder=holder)
    return [own, *(sms(f"o{i}", f"2026-03-1{i}T10:00:00", "pay now", holder=holder) for i in range(1, n + 1))]


def test_a_clause_about_contact_persons_is_no_basis_for_the_borrowers_own_objection() -> None:
    for finding in run(case(*objections(2)))["cn.words.harass_after_objection"]:
        assert (finding.effect, finding.filing, finding.basis, finding.needs) == (
            "undetermined",
            False,
            (),
            ("clause",),
        )
    for finding in run(case(*objections(3)))["cn.words.harass_after_objection"]:
        assert (clauses(finding), finding.effect) == ({"cc", "psa"}, "indicator")
        assert any("beyond what collection needs" in note for note in finding.assumptions)
    parties = {**PARTIES, RELATED.key: RELATED}
    (one,) = run(case(*objections(1, "母亲"), parties=parties))["cn.words.harass_after_objection"]
    assert clauses(one) == {"cc", "pipl", "gbt45251", "cba2026"}
    (unknown,) = run(case(*objections(1, "母亲")))["cn.words.harass_after_objection"]
    assert unknown.needs == ("relation",)


def test_an_agreed_plan_and_a_card_debt_bring_in_the_card_rules() -> None:
    bank = {**PARTIES, LENDER.key: replace(LENDER, lender_type="bank")}
    plan = (Fact("agreed_plan", stamp("2026-03-01T00:00:00"), keys={"creditor": "甲消费金融"}),)
    answers = {"debt.type": Answer("debt.type", "信用卡透支"), "respondent.legal_name": Answer("x", "甲消费金融")}

    def norms(**more: Any) -> set[str]:
        found = run(replace(case(*objections(3), parties=bank, facts=plan), **more))
        return clauses(found["cn.words.harass_after_objection"][0])

    assert "card2011" not in norms()
    assert "card2011" in norms(answers=answers)
    assert "card2011" not in norms(answers=answers, facts=())
    assert "card2011" not in norms(answers={**answers, "debt.type": Answer("x", "网络消费贷款")})
    assert "card2011" not in norms(answers={**answers, "respondent.legal_name": Answer("x", "别的银行")})


def test_the_kind_of_lender_may_come_from_the_answers() -> None:
    parties = {**PARTIES, LENDER.key: replace(LENDER, lender_type=None)}
    night = case(call("a", "2026-03-10T23:00:00"), parties=parties)
    assert run(night)["cn.hours.calls"][0].effect == "undetermined"
    answers = {
        "respondent.legal_name": Answer("respondent.legal_name", " 甲消费金融"),
        "respondent.type": Answer("respondent.type", "consumer_finance"),
    }
    assert run(replace(night, answers=answers))["cn.hours.calls"][0].effect == "indicator"
    other = {**answers, "respondent.legal_name": Answer("x", "乙银行")}
    assert run(replace(night, answers=other))["cn.hours.calls"][0].effect == "undetermined"
    stated = case(call("a", "2026-03-10T23:00:00"))
    private = {**answers, "respondent.type": Answer("x", "private_individual")}
    assert run(replace(stated, answers=private))["cn.hours.calls"][0].effect == "indicator"


def test_a_note_of_a_call_in_the_log_does_not_count_again() -> None:
    note = Record(
        "call", "call", "n", stamp("2026-03-10T10:00:00", 60.0, "stated"), "in", NUMBER, text="told her to pay",
        text_basis="source", holder="母亲", id="n",
    )  # fmt: skip
    parties = {**PARTIES, RELATED.key: RELATED}
    records = (mother("2026-03-10T10:00:40"), note, call("own", "2026-03-09T10:00:00"))
    (finding,) = run(case(*records, parties=parties))["cn.third_party"]
    assert (finding.counted, finding.records) == (1, ("m1",))
    assert [one.record for one in finding.left_out] == ["n"]


def test_a_correction_replaces_the_machines_text() -> None:
    fixed = replace(OCR, kind="correction", text="hello friend", lines=(), id="g2", by="person")
    assert run(case(picture("p", "2026-03-10T10:00:00"), readings={"pic": (fixed, OCR)})) == {}


@pytest.mark.parametrize(
    ("speaker", "effect"),
    [
        ("对方", "violation"),
        ("我", None),
        ("本人", None),
        (None, "undetermined"),
        ("SPEAKER_00", "undetermined"),
        ("说话人2", "undetermined"),
    ],
)
def test_speakers_of_a_transcript(speaker: str | None, effect: str | None) -> None:
    lines = (Line("hello", start_s=0.0, end_s=1.0, speaker="我"), Line(WORD, start_s=1.5, end_s=3.0, speaker=speaker))
    reading = Reading("snd", "transcript", "typed", "1", f"hello\n{WORD}", lines, id="g1")
    heard = Record(
        "call", "call", "snd", stamp("2026-03-10T10:00:05", basis="filename"), number=NUMBER, duration_s=29.0,
        media=(Media("snd", 1, "audio/amr", "x.amr"),), id="snd", source="s9",
    )  # fmt: skip
    found = run(case(call("a", "2026-03-10T10:00:00"), heard, readings={"snd": (reading,)}))
    findings = found.get("cn.words.threat_violence", [])
    assert [f.effect for f in findings] == ([effect] if effect else [])
    for finding in findings:
        assert finding.records == ("a", "snd")
        (quote,) = finding.quotes
        assert (quote.record, quote.start_s, quote.end_s) == ("snd", 1.5, 3.0)
        assert reading.text[quote.start : quote.end] == WORD


def test_bombing_does_not_print_a_limit_as_if_it_were_law() -> None:
    start = datetime(2026, 3, 10, 10)
    records = [
        call(f"b{i:02d}", (start + timedelta(seconds=60 * i)).isoformat(), outcome="missed", duration_s=0.0)
        for i in range(12)
    ]
    (finding,) = run(case(*records))["cn.bombing.calls"]
    assert (finding.counted, finding.limit) == (12, None)
    assert "figure of its own" in " ".join(finding.assumptions)


def test_every_finding_is_a_sentence_in_both_languages_and_ids_do_not_depend_on_it() -> None:
    records = (*hours(4), sms("a", "2026-03-10T23:30:00", WORD), mother("2026-03-10T10:00:00"))
    english = flag(case(*records), detect=detect)
    i18n.activate("zh")
    chinese = flag(case(*records), detect=detect)
    assert {f.id for f in english} == {f.id for f in chinese}
    for finding in (*english, *chinese):
        assert finding.why
        assert "{" not in finding.why
    assert any("疑似" in f.why for f in chinese)


def test_an_empty_case() -> None:
    assert flag(case(), detect=detect) == ()
