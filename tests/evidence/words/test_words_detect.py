"""The detector on invented messages: offsets, un-cloaking, speakers, context, roles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.words.detect import ContextMessage, MessageInput, WordHit, detect, readings
from evidence.words.explain import explain
from evidence.words.fold import base_view

ROOT = Path(__file__).resolve().parents[3]
STOP = ContextMessage("out", "2025-05-01T10:00:00+08:00", "请不要再给我打电话了，以后只接受书面联系。")


def labels(
    text: str,
    channel: str = "sms",
    recipient_role: str = "borrower",
    direction: Literal["in", "out"] | None = "in",
    context: tuple[ContextMessage, ...] = (),
) -> set[str]:
    return {hit.label for hit in detect(MessageInput(text, channel, direction, recipient_role, context))}


def words(text: str, label: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in detect(MessageInput(text)) if hit.label == label]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("再躲就打*断*你*的*腿", "threat_violence"),
        ("再躲就打 断 你 的 腿", "threat_violence"),
        ("再躲就打\u200b断\u200b你\u200b的腿", "threat_violence"),
        ("今晚kan si你", "threat_violence"),
        ("弄歹匕你个赖账的", "threat_violence"),
        ("你这條癩皮狗", "insult"),
        ("你就是個廢粅，臭垃圾", "insult"),
        ("ＬＪ一个，畜牲", "insult"),
        ("明天爆你txl", "contact_book_blast"),
        ("六点一到暴你通迅录", "contact_book_blast"),
        ("我是gong安局的，来处理你的案子", "impersonate_authority"),
        ("氵去院的傳票，紅章自己看", "fake_document"),
        ("🐷脑子，🐶东西", "insult"),
        ("⚰️给你家送去", "humiliation_extreme"),
    ],
)
def test_cloaked_words_are_read(text: str, label: str) -> None:
    assert label in labels(text)


def test_span_is_the_smallest_clause_in_code_points_of_the_given_text() -> None:
    text = "何先生，😀您好。再不还，就打​断​你的腿，听见没有？"
    assert words(text, "threat_violence") == ["就打​断​你的腿"]


def test_own_messages_are_never_flagged() -> None:
    assert detect(MessageInput("你们昨天说要打断我的腿", direction="out")) == ()
    assert labels("要打断你的腿", direction=None) == {"threat_violence"}


def test_other_peoples_lines_in_a_transcript_are_not_the_callers_words() -> None:
    text = "坐席：请问几号方便？\n客户：你个王八蛋，滚你妈的。\n坐席：那我改天再打。"
    assert labels(text, channel="call") == set()
    assert labels(text.replace("客户：", "坐席："), channel="call") >= {"insult", "obscenity"}


@pytest.mark.parametrize(
    "text",
    [
        "我方绝不会安排外访，更不会惊动您的单位。",
        "谨防冒充法院工作人员要求转账的骗局。",
        "昨日催收员说“打断你的腿”一事我们已核实，向您郑重道歉。",
    ],
)
def test_negation_warning_and_apology_are_not_conduct(text: str) -> None:
    assert labels(text) == set()


def test_talk_among_friends_is_not_dunning() -> None:
    text = "再不来我就打断你的腿，哈哈"
    assert labels(text, recipient_role="friend", channel="wechat") == set()
    assert "threat_violence" in labels("再不还款就打断你的腿")


def test_third_party_labels_depend_on_the_recipient() -> None:
    text = "您儿子欠我司贷款不还，请您督促他。"
    assert "third_party_contact" in labels(text, recipient_role="relative")
    assert "third_party_contact" not in labels(text, recipient_role="borrower")


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("在吗，今天的钱准备好了没有", True),
        ("【某银行】您的停止来电申请已登记，我行不再致电。", False),
        ("您转的800元已到账，谢谢。", False),
        ("法院通知：您的案件将于下周开庭，案号见传票。", False),
    ],
)
def test_contact_after_an_objection(text: str, flagged: bool) -> None:
    hits = [h for h in detect(MessageInput(text, context=(STOP,))) if h.label == "harass_after_objection"]
    assert bool(hits) is flagged
    assert all((hit.start, hit.end) == (0, len(text)) for hit in hits)


def test_a_wish_about_the_hour_or_a_later_question_is_no_standing_objection() -> None:
    hour = ContextMessage("out", "", "上午别打，我在开会")
    asked = ContextMessage("out", "", "那一次性结清要多少钱？")
    assert "harass_after_objection" not in labels("下午三点给您打", context=(hour,))
    assert "harass_after_objection" not in labels("结清是3200元", context=(STOP, asked))


def test_cloaked_readings_are_marked_weak_and_explained() -> None:
    message = MessageInput("今晚kan si你")
    hits = detect(message)
    assert {hit.form for hit in hits} == {"weak"}
    told = explain(hits, message)
    assert told[0].words == "今晚kan si你"
    assert told[0].reading == "今晚砍死你"
    assert told[0].lawful_zh
    assert told[0].lawful_en


@pytest.mark.parametrize(
    "text", ["再躲就打*断*你*的*腿", "再躲就打\u200b断\u200b你\u200b的腿", "打💥断💥你的腿", "弄歹匕你这个赖账的"]
)
def test_marks_and_split_characters_are_undone_with_certainty(text: str) -> None:
    assert {hit.form for hit in detect(MessageInput(text)) if hit.label == "threat_violence"} == {"filing"}


def test_text_that_asks_to_be_read_backwards_is() -> None:
    text = "倒着念：你死弄要天三"
    hits = [hit for hit in detect(MessageInput(text)) if hit.label == "threat_violence"]
    assert [text[hit.start : hit.end] for hit in hits] == ["你死弄要天三"]
    assert all(hit.form == "weak" for hit in detect(MessageInput("你死弄要天三")))


def test_a_collector_named_in_the_transcript_is_context_enough() -> None:
    text = "{}：钱打到主管那张农行卡上。"
    assert "private_account_payment" in labels(text.format("催收"), channel="call")
    assert "private_account_payment" in labels(
        "打到主管那张农行卡上。",
        context=(ContextMessage("in", "", "您的借款已经逾期"),),
    )


def test_a_label_that_only_repeats_another_is_left_out() -> None:
    found = labels("你头像抠下来贴到通缉令上，今晚就发")
    assert "edited_photo" in found
    assert "false_legal_threat" not in found
    assert "fake_document" not in found


SCENES = [
    line.split("|", 1) for line in (Path(__file__).parent / "scenes.txt").read_text(encoding="utf-8").splitlines()
]


def test_most_of_the_scenes_are_understood() -> None:
    found = 0
    for head, text in SCENES:
        label, _, role = head.partition("@")
        channel = "call" if text.startswith("催收：") else "sms"
        found += label in labels(text, channel=channel, recipient_role=role or "borrower")
    assert found >= 0.9 * len(SCENES)


def test_explanation_leaves_the_reading_out_when_nothing_was_cloaked() -> None:
    message = MessageInput("打断你的腿")
    assert [told.reading for told in explain(detect(message), message)] == [None]


ALPHABET = st.text(
    st.sampled_from("打断你的腿爆通讯录傳票法院txl kansi，。：\n*\u200b😀🔪坐席客户“”4亻言【】"), max_size=60
)


@given(ALPHABET)
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for hit in detect(MessageInput(text, channel="call")):
        assert isinstance(hit, WordHit)
        assert 0 <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end].strip()


@given(st.text(max_size=60))
def test_views_map_back_in_order(text: str) -> None:
    for view in (base_view(text), *readings(MessageInput(text))):
        assert len(view.text) == len(view.starts) == len(view.ends)
        assert list(view.starts) == sorted(view.starts)
        assert all(0 <= s < e <= len(text) for s, e in zip(view.starts, view.ends, strict=True))


def test_benchmark_adapter_prints_one_line_per_message(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "打断你的腿"}, {"id": "b", "text": "您好", "context": []}]
    source = tmp_path / "messages.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    script = ROOT / "benchmarks" / "eval_messages.py"
    done = subprocess.run([sys.executable, str(script), str(source)], capture_output=True, text=True, check=True)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert printed == [
        {"id": "a", "labels": [{"label": "threat_violence", "start": 0, "end": 5}]},
        {"id": "b", "labels": []},
    ]
