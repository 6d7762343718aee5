"""What enters a dossier, how it is numbered, and that no sentence stands without its ground."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType

import pytest

from complaints.blocks import Spans, Table
from complaints.dossier import build, entering, exhibit_files
from complaints.models import Dossier, Options
from complaints.recipients import all_recipients, get
from complaints.rendering import render_markdown
from complaints.wording import plain_text
from evidence.models import LeftOut, Line, Link, Media, Party, Review, Source


@pytest.fixture
def dossier(story: ModuleType) -> Dossier:
    return build(story.view(), story.findings(), get("cn", "nfra_complaint"), story.TODAY)


def text(story: ModuleType, recipient: str = "nfra_complaint", options: Options | None = None, **answers: str) -> str:
    chosen = get("cn", recipient)
    made = build(story.view(story.ANSWERS | answers), story.findings(), chosen, story.TODAY, options)
    return render_markdown(made, chosen).replace("\\", "")


def hrefs(spans: Spans) -> list[str]:
    return [s.href for s in spans if s.href]


def cells(table: Table) -> list[list[str]]:
    return [[plain_text(cell.spans) for cell in row] for row in table.rows]


def test_only_confirmed_findings_about_this_lender_enter(story: ModuleType, dossier: Dossier) -> None:
    expected = {"f-hours-1", "f-hours-2", "f-count", "f-threat", "f-legal", "f-tape", "f-shot", "f-note"}
    assert {f.id for f in entering(story.view(), story.findings())} == expected
    assert {f for c in dossier.conducts for f in c.findings} == expected


@pytest.mark.parametrize("ident", ["f-dismissed", "f-open", "f-undetermined", "f-other"])
def test_what_was_not_confirmed_never_appears(story: ModuleType, dossier: Dossier, ident: str) -> None:
    out = next(f for f in story.findings() if f.id == ident)
    said = "".join(plain_text(i.spans) for c in dossier.conducts for i in c.items)
    assert all(q.text not in said for q in out.quotes)
    assert out.id not in {f for c in dossier.conducts for f in c.findings}


def test_a_confirmation_brings_a_finding_in_and_a_dismissal_takes_it_out(story: ModuleType) -> None:
    view = story.view()
    reviews = dict(view.reviews) | {
        "f-open": Review("f-open", "confirmed", "ok"),
        "f-threat": Review("f-threat", "dismissed", "no"),
    }
    made = build(replace(view, reviews=reviews), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    categories = [c.category for c in made.conducts]
    assert "obscenity" in categories
    assert "threat_violence" not in categories


def test_every_sentence_has_a_ground_and_every_exhibit_is_cited(dossier: Dossier) -> None:
    cited: set[str] = set()
    for conduct in dossier.conducts:
        for item in conduct.items:
            assert hrefs(item.cites)
            cited |= {h.removeprefix("#").partition("-")[0] for h in hrefs(item.cites)}
    for event in dossier.events:
        assert event.statement.stated or hrefs(event.statement.cites)
        cited |= {h.removeprefix("#").partition("-")[0] for h in hrefs(event.statement.cites)}
    assert {e.anchor for e in dossier.exhibits} <= cited
    assert all(statement.stated for statement in (*dossier.debt, *dossier.prior.statements))


def test_facts_without_proof_are_marked_as_stated(dossier: Dossier) -> None:
    by_text = {plain_text(e.statement.spans): e.statement for e in dossier.events}
    paid = next(s for t, s in by_text.items() if t.startswith("还款"))
    asked = next(s for t, s in by_text.items() if t.startswith("要求停止联系"))
    assert paid.stated
    assert not paid.cites
    assert not asked.stated
    assert hrefs(asked.cites) == ["#ex2-9"]


def test_history_is_in_time_order(dossier: Dossier) -> None:
    assert [e.key for e in dossier.events] == sorted(e.key for e in dossier.events)
    assert cells(dossier.history)[0][0] == "2025年5月20日"
    assert cells(dossier.history)[-1][0] == "2026年5月6日"


def test_a_joined_call_is_one_event_with_two_exhibits(dossier: Dossier) -> None:
    insult = next(c for c in dossier.conducts if c.category == "insult")
    assert len(insult.items) == 1
    assert "录音第12.4秒至第18.2秒" in plain_text(insult.items[0].spans)
    assert hrefs(insult.items[0].cites) == ["#ex4-2"]
    register = dossier.exhibits[0].content.tables[0]
    row = next(row for row in register.rows if plain_text(row[1].spans).startswith("2026-04-02"))
    assert hrefs(row[-1].spans) == ["#ex4"]
    days = dossier.frequency.days
    assert days is not None
    assert cells(days)[-1][:4] == ["2026年4月2日", "1", "1", "0"]


def test_without_the_link_the_recording_stands_alone(story: ModuleType) -> None:
    finding = next(f for f in story.findings() if f.id == "f-tape")
    moved = replace(
        finding, records=("r-tape-01",), quotes=tuple(replace(q, record="r-tape-01") for q in finding.quotes)
    )
    others = tuple(f for f in story.findings() if f.id != "f-tape")
    made = build(story.view(links=()), (*others, moved), get("cn", "nfra_complaint"), story.TODAY)
    insult = next(c for c in made.conducts if c.category == "insult")
    assert "（据文件名" in plain_text(insult.items[0].spans)


def test_counts_cite_a_range_and_two_rules_on_the_same_calls_are_one_sentence(story: ModuleType) -> None:
    count = next(f for f in story.findings() if f.id == "f-count")
    twin = replace(count, id="f-count-2", rule="cn.other")
    view = story.view()
    view = replace(view, reviews=dict(view.reviews) | {"f-count-2": Review("f-count-2", "confirmed", "ok")})
    made = build(view, (*story.findings(), twin), get("cn", "nfra_complaint"), story.TODAY)
    section = next(c for c in made.conducts if c.category == "call_frequency")
    assert len(section.items) == 1
    assert plain_text(section.items[0].cites) == "证据1-2至1-6"
    assert "共5次" in plain_text(section.items[0].spans)
    assert section.findings == ("f-count", "f-count-2")


def test_many_contacts_become_one_sentence_with_all_exhibits(story: ModuleType) -> None:
    extra = [story.call(100 + n, f"2026-04-{9 + n:02d}T12:00:00", story.C1) for n in range(15)]
    view = story.view(records=(*story.records(), *extra))
    view = replace(view, reviews={"f-many": Review("f-many", "confirmed", "ok")})
    many = story.finding("f-many", "harass_after_objection", tuple(r.id for r in extra), (story.CC,))
    made = build(view, (many,), get("cn", "nfra_complaint"), story.TODAY)
    (section,) = made.conducts
    (item,) = section.items
    assert "共15次" in plain_text(section.lead)
    assert "其中来电15次、信息0条" in plain_text(item.spans)
    assert len(hrefs(item.cites)) == 1
    assert "时间为2026年4月9日至2026年4月23日" in plain_text(section.lead)
    (when,) = [e.when for e in made.events if "在书面要求停止之后" in plain_text(e.statement.spans)]
    assert when == "2026年4月9日至2026年4月23日"


def test_context_before_and_after_and_what_is_left_out(story: ModuleType, dossier: Dossier) -> None:
    talk = next(e for e in dossier.exhibits if e.kind == "conversation")
    first, second = talk.content.transcripts
    assert [m.ref for m in first.messages] == ["2-1", "2-2", "2-3", "2-4", "2-5", "2-6"]
    assert (first.caption, second.caption) == ("", "在此之前另有1条往来未列出")
    assert [s.text for s in first.messages[3].spans if s.mark] == ["公安局直接立案，明天警车到你单位把你铐走"]
    none = build(story.view(), story.findings(), get("cn", "nfra_complaint"), story.TODAY, Options(context=0))
    talk = next(e for e in none.exhibits if e.kind == "conversation")
    assert [len(t.messages) for t in talk.content.transcripts] == [1, 1, 1]  # who it is, the threat, the objection


def test_a_picture_shows_the_box_of_the_quoted_line(dossier: Dossier) -> None:
    picture = next(e for e in dossier.exhibits if e.kind == "picture")
    assert picture.content.figures[0].boxes == ((40, 300, 900, 380),)
    assert "沈书瑶" not in plain_text(picture.origin)


def test_weakly_verified_clauses_are_no_ground(dossier: Dossier) -> None:
    threat = next(c for c in dossier.conducts if c.category == "threat_violence")
    assert [g.cite.partition("》")[0] for g in threat.grounds] == ["《中华人民共和国治安管理处罚法"]


def test_recommended_standards_are_references(dossier: Dossier) -> None:
    hours = next(c for c in dossier.conducts if c.category == "prohibited_hours")
    assert [g.reference for g in hours.grounds] == [False, True]
    assert "22时至次日8时" in hours.grounds[1].gist
    third = next(c for c in dossier.conducts if c.category == "third_party_contact")
    assert any("供参照" in plain_text(n) for n in third.notes)


def test_the_chart_has_the_limit_only_for_what_was_counted(dossier: Dossier) -> None:
    limits = {chart.title: chart.limit for chart in dossier.frequency.charts}
    assert limits["2026年3月逐日接通来电次数"] == 3
    assert limits["2026年3月逐日未接通来电次数"] is None
    assert sum(bar.parts[0] for bar in dossier.frequency.charts[0].bars) == 6
    assert dossier.frequency.left_out is not None
    assert cells(dossier.frequency.left_out)[0][2] == "未接通的来电不计入接通次数"


def test_requests_differ_and_follow_the_conduct(story: ModuleType) -> None:
    asked = {
        name: build(story.view(), story.findings(), recipient, story.TODAY).requests
        for name, recipient in all_recipients("cn").items()
    }
    assert not set(asked["nfra_complaint"]) & set(asked["consumer_association"])
    assert not any("国家机关" in r for r in asked["nfra_complaint"])
    assert not any("还款" in r for r in asked["nfra_complaint"])


def test_negotiation_only_when_the_borrower_said_so(story: ModuleType) -> None:
    assert "协商还款" not in text(story)
    said = text(story, **{"repayment.willing": "yes", "repayment.proposal": "每月15日归还800元。"})
    assert "投诉人愿意与被投诉机构协商还款安排。" in said
    assert "投诉人提出的安排为：每月15日归还800元。" in said
    assert "就还款安排进行协商" in said
    only = build(
        story.view(story.ANSWERS | {"desired_resolution": "identify，negotiate"}),
        story.findings(),
        get("cn", "nfra_complaint"),
        story.TODAY,
    )
    assert len(only.requests) == 1


def test_the_debt_is_acknowledged(story: ModuleType) -> None:
    said = text(story)
    assert "投诉人与青梧消费金融有限公司之间存在借款关系，投诉人如实承认。" in said
    assert "借款本金为18,600元。" in said
    assert "自2026年2月20日起逾期。" in said


def test_no_complaint_before_is_said(story: ModuleType) -> None:
    assert "没有就上述催收行为向被投诉机构投诉" in text(story, **{"prior_complaint.date": "none"})


def test_masking(story: ModuleType) -> None:
    said = text(story)
    assert "沈书瑶" not in said
    assert story.SISTER not in said
    assert story.C1 in said
    open_ = text(story, options=Options(mask_third_persons=False))
    assert "沈书瑶" in open_
    assert story.SISTER in open_
    assert "他妈的" in said
    crossed = text(story, options=Options(mask_obscene=True))
    assert "他妈的" not in crossed
    assert "他×的" in crossed


def test_files_and_custody(story: ModuleType, dossier: Dossier) -> None:
    assert exhibit_files(dossier) == (story.BACKUP, story.TAPE, story.SHOT)
    rows = cells(dossier.files)
    assert [row[2] for row in rows] == [story.BACKUP, story.TAPE, story.SHOT]
    assert rows[0][3] == "证据1、证据2、证据3"
    assert cells(dossier.custody)[1][2] == "打开案件（dunlog 0.1.0）"
    assert cells(dossier.custody)[-1] == ["5", "2026-05-31 09:00:00", "投诉人逐项确认或者排除", "9"]


def test_the_zone_of_the_case_is_the_clock(story: ModuleType) -> None:
    made = build(story.view(timezone="America/New_York"), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    hours = next(c for c in made.conducts if c.category == "prohibited_hours")
    assert plain_text(hours.items[0].spans).startswith("2026年3月12日10:00:00")
    assert made.zone == "当地时间（America/New_York，含夏令时）"
    made = build(story.view(timezone="Asia/Tokyo"), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    assert made.zone == "当地时间（Asia/Tokyo，UTC+09:00）"


def test_links_to_records_that_are_gone_do_no_harm(story: ModuleType) -> None:
    view = story.view(links=(Link("r-call-10", "r-tape-01", "x"), Link("r-call-01", "gone", "x")))
    made = build(view, story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    assert len(made.exhibits) == 6


def test_same_inputs_same_bytes(story: ModuleType) -> None:
    view, chosen = story.view(), get("cn", "lender")
    shuffled = replace(view, answers=dict(reversed(view.answers.items())), reviews=dict(reversed(view.reviews.items())))
    first = render_markdown(build(view, story.findings(), chosen, story.TODAY), chosen)
    second = render_markdown(build(shuffled, tuple(reversed(story.findings())), chosen, story.TODAY), chosen)
    assert first == second


def test_numbers_in_range_citations_exist(story: ModuleType, dossier: Dossier) -> None:
    said = text(story)
    anchors = {item.anchor for e in dossier.exhibits for item in e.items} | {e.anchor for e in dossier.exhibits}
    for number, first, last in re.findall(r"证据(\d+)-(\d+)至\d+-(\d+)", said):
        assert {f"ex{number}-{k}" for k in range(int(first), int(last) + 1)} <= anchors


def test_a_quote_without_an_end_says_where_it_begins(story: ModuleType) -> None:
    found = [replace(f, quotes=tuple(replace(q, end_s=None) for q in f.quotes)) for f in story.findings()]
    made = build(story.view(), tuple(found), get("cn", "nfra_complaint"), story.TODAY)
    insult = next(c for c in made.conducts if c.category == "insult")
    assert "（录音第12.4秒起）" in plain_text(insult.items[0].spans)


def test_one_conversation_over_two_files_is_one_exhibit(story: ModuleType) -> None:
    old = {"r-sms-01", "r-sms-02", "r-sms-03", "r-sms-04"}
    records = tuple(replace(r, source=story.SHOT) if r.id in old else r for r in story.records())
    made = build(story.view(records=records), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    talk = next(e for e in made.exhibits if e.kind == "conversation")
    assert talk.files == (story.SHOT, story.BACKUP)
    assert "证据2-1至2-4出自文件" in plain_text(talk.content.notes[0])


def test_a_contact_that_is_quoted_is_told_once(story: ModuleType) -> None:
    again = story.finding("f-again", "third_party_contact", ("r-shot-01",), (story.GBT_THIRD,), subject="沈书瑶")
    view = story.view()
    view = replace(view, reviews=dict(view.reviews) | {"f-again": Review("f-again", "confirmed", "ok")})
    made = build(view, (*story.findings(), again), get("cn", "nfra_complaint"), story.TODAY)
    third = next(c for c in made.conducts if c.category == "third_party_contact")
    assert len(third.items) == 2
    assert "f-again" in third.findings


def test_a_receipt_of_someone_else_stands_alone(story: ModuleType) -> None:
    """A parcel notice proves a fact; its neighbours from the same sender are private."""
    more = [story.sms(50 + n, f"2026-04-1{n}T08:00:00", "12691110001", f"快递{n}") for n in range(2, 5)]
    view = story.view(records=(*story.records(), *more))
    facts = (replace(view.facts[0], proof=("r-sms-53",)),)
    made = build(replace(view, facts=facts), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    parcel = next(e for e in made.exhibits if plain_text(e.title).startswith("与12691110001"))
    assert [len(t.messages) for t in parcel.content.transcripts] == [1]


def test_a_stated_loan_is_not_told_twice(story: ModuleType) -> None:
    view = story.view()
    loan = replace(view.facts[1], type="loan", text="签订借款合同", id="k9")
    made = build(replace(view, facts=(loan,)), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    said = [plain_text(e.statement.spans) for e in made.events]
    assert "借款：签订借款合同" in said
    assert not any("成立借款关系" in text for text in said)


def test_copies_in_other_files_are_not_left_out_of_the_count(story: ModuleType, dossier: Dossier) -> None:
    tape = next(f for f in story.findings() if f.id == "f-tape")
    copied = replace(tape, left_out=(LeftOut("r-tape-01", "同一通话"),))
    others = tuple(f for f in story.findings() if f.id != "f-tape")
    made = build(story.view(), (*others, copied), get("cn", "nfra_complaint"), story.TODAY)
    assert made.frequency.left_out == dossier.frequency.left_out
    insult = next(c for c in made.conducts if c.category == "insult")
    assert any("只计一次" in plain_text(n) for n in insult.notes)


def test_assumptions_in_another_language_stay_out(story: ModuleType) -> None:
    mixed = ("2 numbers count together because they call for 青梧", "时刻属于 Asia/Shanghai 时区", "按自然日计。")
    found = tuple(replace(f, assumptions=mixed) for f in story.findings())
    made = build(story.view(), found, get("cn", "nfra_complaint"), story.TODAY)
    notes = [plain_text(n) for c in made.conducts for n in c.notes]
    assert any(n == "前提：按自然日计。" for n in notes)
    assert not any("numbers" in n or "Shanghai" in n for n in notes)


def test_a_picture_is_dated_by_when_it_was_made_and_by_what_it_shows(story: ModuleType, dossier: Dossier) -> None:
    section = next(c for c in dossier.conducts if c.category == "third_party_contact")
    said = [plain_text(i.spans) for i in section.items]
    assert said[1].startswith("截取于2026年4月19日19:40:00（据文件名）的截图中，画面时间未能识别，")
    assert "时间为2026年4月19日（另有1处出自图片，时间见该处）" in plain_text(section.lead)
    assert [e.when for e in dossier.events if "2026年4月19日" in e.when] == ["2026年4月19日", "截取于2026年4月19日"]
    readings = story.readings()
    (shot,) = readings[story.SHOT]
    clock = Line("昨天 18:20", box=(420, 220, 540, 260))
    shown = replace(shot, text=f"{clock.text}\n{shot.text}", lines=(clock, *shot.lines))
    findings = tuple(
        replace(f, quotes=tuple(replace(q, start=q.start + 9, end=q.end + 9) for q in f.quotes))
        if f.id == "f-shot"
        else f
        for f in story.findings()
    )
    view = story.view(readings=readings | {story.SHOT: (shown,)})
    made = build(view, findings, get("cn", "nfra_complaint"), story.TODAY)
    section = next(c for c in made.conducts if c.category == "third_party_contact")
    assert "画面时间为“昨天 18:20”，所示对方的文字有“让沈砚还钱" in plain_text(section.items[1].spans)


def test_a_photo_is_no_screenshot(story: ModuleType) -> None:
    records = tuple(replace(r, channel="photo", holder="self") if r.id == "r-shot-01" else r for r in story.records())
    made = build(story.view(records=records), story.findings(), get("cn", "nfra_complaint"), story.TODAY)
    section = next(c for c in made.conducts if c.category == "third_party_contact")
    (said,) = [plain_text(i.spans) for i in section.items if "照片" in plain_text(i.spans)]
    assert said.startswith("投诉人所拍照片显示的纸面文字：“让沈砚还钱")
    assert "截图" not in said
    assert next(e for e in made.exhibits if e.kind == "picture").formed == "拍摄于2026年4月19日"


def test_a_call_log_is_not_said_to_show_words(dossier: Dossier) -> None:
    calls, tape = (next(e for e in dossier.exhibits if e.kind == kind) for kind in ("calls", "recording"))
    insult = "（二）"
    assert insult in plain_text(tape.shows)
    assert insult not in plain_text(calls.shows)
    assert "所引录音对应通话的时间、号码、时长" in plain_text(calls.shows)
    row = next(r for r in calls.content.tables[0].rows if "2026-04-02" in plain_text(r[1].spans))
    assert plain_text(row[6].spans) == ""


def test_a_name_stands_only_with_a_number_that_gives_it(story: ModuleType, dossier: Dossier) -> None:
    numbers = cells(dossier.respondent)[-1][1]
    assert numbers == (
        f"{story.C1}（所发信息中写有机构名称或者委托关系，见证据2-1）；{story.C2}（投诉人指认为{story.AGENCY}所用）"
    )
    said = "".join(plain_text(i.spans) for c in dossier.conducts for i in c.items)
    assert f"号码{story.C1}（{story.AGENCY}）" in said
    assert f"号码{story.C2}（" not in said


def test_visits_and_objections_have_their_own_requests(story: ModuleType, dossier: Dossier) -> None:
    assert not any("住处" in r or "联系方式，" in r for r in dossier.requests)
    view = story.view()
    more = (
        story.finding("f-visit", "visit_threat", ("r-sms-10",), (story.CC,)),
        story.finding("f-after", "harass_after_objection", ("r-sms-12",), (story.CC,)),
    )
    reviews = dict(view.reviews) | {f.id: Review(f.id, "confirmed", "ok") for f in more}
    for recipient in all_recipients("cn").values():
        asked = build(replace(view, reviews=reviews), more, recipient, story.TODAY).requests
        assert sum("住处、单位催收" in r for r in asked) == 1
        assert sum("尊重投诉人提出的联系方式" in r for r in asked) == 1


def test_only_a_body_that_asks_is_told_of_other_proceedings(story: ModuleType) -> None:
    said = "投诉人陈述：本争议没有由行政机关、仲裁机构或者人民法院受理。"
    assert said in text(story, "consumer_association", other_proceedings="no")
    assert said not in text(story, "consumer_association")
    assert said not in text(story, "nfra_complaint", other_proceedings="no")


def test_files_that_quoted_words_came_from_are_listed_and_parts_name_their_container(story: ModuleType) -> None:
    subtitles = "e" * 64
    readings = story.readings()
    readings = readings | {story.TAPE: tuple(replace(r, source=subtitles) for r in readings[story.TAPE])}
    letter = Media("f" * 64, 900, "image/jpeg", "letter.jpg")
    records = tuple(replace(r, kind="mms", media=(letter,)) if r.id == "r-sms-10" else r for r in story.records())
    view = story.view(records=records, readings=readings)
    view = replace(view, sources=(*view.sources, Source(subtitles, 120, "call.srt", "call.srt", None)))
    files = {row[0]: row[3] for row in cells(build(view, story.findings(), get("cn", "lender"), story.TODAY).files)}
    assert files["call.srt"] == "证据4"
    assert files["letter.jpg（彩信附件，取自sms-20260531.xml）"] == "证据3"


def test_an_assumption_stands_once(story: ModuleType) -> None:
    told = ("3个号码合并计算，投诉人指认", "22时计入", "22时计入，按呼叫开始判断")
    again = ("4个号码合并计算，投诉人指认",)
    findings = tuple(
        replace(f, assumptions=told if f.id == "f-hours-1" else again) if f.id.startswith("f-hours") else f
        for f in story.findings()
    )
    made = build(story.view(), findings, get("cn", "nfra_complaint"), story.TODAY)
    section = next(c for c in made.conducts if c.category == "prohibited_hours")
    assert "前提：数个号码合并计算，投诉人指认；22时计入，按呼叫开始判断。" in {plain_text(n) for n in section.notes}


def test_a_message_of_the_lender_about_the_mandate_is_always_shown_and_cited(story: ModuleType) -> None:
    desk = "1069000000120001"
    mandate = story.sms(50, "2026-03-01T09:00:00", desk, "【青梧消费金融】您的借款已委托众恒信用管理公司提醒还款。")
    advert = story.sms(51, "2026-03-05T09:00:00", desk, "【青梧消费金融】本月有优惠。")
    proof = story.sms(52, "2026-05-06T09:00:00", desk, "【青梧消费金融】您的投诉已受理。")
    view = story.view()
    view = replace(
        view,
        records=(*view.records, mandate, advert, proof),
        parties=dict(view.parties) | {desk: Party(desk, story.LENDER, "lender", lender_type="consumer_finance")},
        facts=(*view.facts, replace(view.facts[1], proof=(proof.id,))),
    )
    made = build(view, story.findings(), get("cn", "nfra_complaint"), story.TODAY, Options(context=0))
    talk = next(e for e in made.exhibits if desk in plain_text(e.title))
    said = [plain_text(m.spans) for t in talk.content.transcripts for m in t.messages]
    assert said == [mandate.text, proof.text]
    rows = {row[0]: row[1] for row in cells(made.respondent)}
    assert f"提到委托或者催收机构，见{talk.items[0].label}）" in rows["催收方"]
