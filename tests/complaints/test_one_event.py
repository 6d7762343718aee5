"""One event told by several records or rules is one item of a section."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from complaints.dossier import build
from complaints.models import Conduct, Dossier
from complaints.recipients import get
from complaints.wording import plain_text
from evidence.models import CaseView, Fact, Finding, Link, Review, Stamp

HOLDER = "沈书瑶"


def made(story: ModuleType, view: CaseView, findings: tuple[Finding, ...]) -> Dossier:
    reviews = {f.id: Review(f.id, "confirmed", "x") for f in findings}
    return build(replace(view, reviews=reviews), findings, get("cn", "nfra_complaint"), story.TODAY)


def section(dossier: Dossier, category: str) -> Conduct:
    return next(c for c in dossier.conducts if c.category == category)


def test_a_note_of_a_listed_call_is_shown_with_the_call_and_not_counted(story: ModuleType) -> None:
    view = story.view()
    note = next(r for r in view.records if r.id == "r-note-01")
    call = replace(story.call(90, "2026-04-19T19:32:40", note.number), holder=note.holder)
    view = replace(view, records=(*view.records, call), links=(Link(call.id, note.id, "same call"),))
    contact = story.finding("f-call", "third_party_contact", (call.id,), (story.GBT_THIRD,), subject=note.holder)
    dossier = made(story, view, (contact,))
    (item,) = section(dossier, "third_party_contact").items
    assert "来电" in plain_text(item.spans)
    numbers = {exhibit.anchor: exhibit for exhibit in dossier.exhibits}
    cited = {span.href.lstrip("#").split("-")[0] for span in item.cites if span.href}
    assert {numbers[anchor].legal_kind for anchor in cited} == {"电子数据", "本人陈述"}


def test_a_message_found_by_two_rules_is_one_item(story: ModuleType) -> None:
    view = story.view()
    message = next(r for r in view.records if r.id == "r-sms-04")
    counted = story.finding("f-a", "third_party_contact", (message.id,), (story.GBT_THIRD,))
    words = replace(counted, id="f-b", quotes=(story.quote(message, message.id, "公安局直接立案"),), rule="cn.words.x")
    one = section(made(story, view, (counted, words)), "third_party_contact")
    assert len(one.items) == 1
    assert "共1" in plain_text(one.lead)


def test_a_message_and_the_picture_joined_with_it_are_one_item(story: ModuleType) -> None:
    view = story.view()
    shot = view.readings[story.SHOT][0]
    message = next(r for r in view.records if r.id == "r-sms-04")
    view = replace(view, links=(Link(message.id, "r-shot-01", "the same message"),))
    quotes = (
        story.quote(message, message.id, "公安局直接立案"),
        story.quote(shot, "r-shot-01", "让沈砚还钱", shot),
    )
    both = story.finding("f-a", "insult", (message.id, "r-shot-01"), (story.CC,), quotes=quotes)
    (item,) = section(made(story, view, (both,)), "insult").items
    text = plain_text(item.spans)
    assert "公安局直接立案" in text
    assert "还钱" in text


def test_three_calls_of_a_long_series_are_not_told_again(story: ModuleType) -> None:
    view = story.view()
    calls = tuple(story.call(50 + i, f"2026-05-13T08:00:{i:02d}", story.C1) for i in range(20))
    view = replace(view, records=(*view.records, *calls))
    every = story.finding("f-hour", "call_bombing", tuple(c.id for c in calls), (story.CC,), counted=20)
    three = story.finding("f-minute", "call_bombing", tuple(c.id for c in calls[:3]), (story.CC,), counted=3)
    (item,) = section(made(story, view, (every, three)), "call_bombing").items
    assert "20" in plain_text(item.spans)


def test_who_wrote_a_picture_is_no_event_of_the_history(story: ModuleType) -> None:
    view = story.view()
    fact = Fact("authorship", Stamp("2026-05-30T00:00:00.000Z"), keys={"finding": "f-shot", "by": "other"}, id="k9")
    before = made(story, view, story.findings()[:6])
    after = made(story, replace(view, facts=(*view.facts, fact)), story.findings()[:6])
    assert [e.when for e in after.events] == [e.when for e in before.events]
