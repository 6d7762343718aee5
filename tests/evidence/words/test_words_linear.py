"""The statistical reading: weak only, exact places, explained, linear in time, and the compact form of the messages."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.words import linear
from evidence.words.concepts import sentences, tagger
from evidence.words.detect import MessageInput, WordHit, detect, patterns
from evidence.words.explain import explain

ROOT = Path(__file__).resolve().parents[3]
NEW_WORDING = "你姑娘下了舞蹈课走那条巷子，我们瞅着呢，你自己掂量。"
PARTS = (
    "你|儿子|不还|放学|打断|腿|通讯录|一个个|裸照|合成|法院|传票|，|。|\n|您好|😀|\u200b|上门|坐着|花圈|征信|"
    "kan|4|“|”|客户："
)
WORDS = st.lists(st.sampled_from(PARTS.split("|")), max_size=30).map("".join)


def data_module() -> ModuleType:
    path = ROOT / "benchmarks" / "words_data.py"
    spec = importlib.util.spec_from_file_location("words_data_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["words_data_script"] = module
    spec.loader.exec_module(module)
    return module


def alone(text: str, role: str = "borrower") -> list[WordHit]:
    """Hits that only the scores give."""
    return [h for h in detect(MessageInput(text, recipient_role=role)) if h.rule.endswith("." + linear.RULE)]


def test_scores_find_new_wordings() -> None:
    assert "threat_family" in {hit.label for hit in detect(MessageInput(NEW_WORDING))}


@given(WORDS)
@settings(max_examples=150, deadline=None)
def test_what_only_the_scores_find_is_weak_and_inside_the_text(text: str) -> None:
    for hit in alone(text):
        assert hit.form == "weak"
        assert 0 <= hit.start < hit.end <= len(text)
    for hit in detect(MessageInput(text)):
        assert text[hit.start : hit.end].strip()


def test_scores_alone_explain_themselves_and_say_how_it_is_said_lawfully() -> None:
    texts = ["他隔壁那位大婶，欠的窟窿总得有人填", NEW_WORDING, "你那店亮一晚上给街坊照明", "挨个问候你存的那些人"]
    weak = [(MessageInput(text), hit) for text in texts for hit in alone(text)]
    assert weak
    for message, hit in weak:
        told = explain([hit], message)[0]
        assert told.signs
        assert told.lawful_zh


def test_third_party_contact_is_never_said_of_a_message_to_the_borrower() -> None:
    text = "您儿子欠我司贷款不还，请您督促他。"
    assert "third_party_contact" not in {hit.label for hit in detect(MessageInput(text))}


def test_insults_are_not_taken_back_by_polite_surroundings() -> None:
    polite = "您好，感谢您的支持，祝您生活愉快。你个王八蛋。如需帮助请致电客服热线。"
    assert {h.label for h in patterns(MessageInput(polite))} <= {h.label for h in detect(MessageInput(polite))}


def test_concepts_have_exact_places_and_sentences_cover_the_text() -> None:
    text = "你儿子放学,有人接。花圈已订"
    for tag in tagger().tags(text):
        assert 0 <= tag.start < tag.end <= len(text)
        assert tag.concepts
    assert [text[a:b] for a, b in sentences(text)] == ["你儿子放学,有人接", "花圈已订"]


@pytest.mark.parametrize(
    "unit", ["再不还钱就打断你的腿，", "打", "打 断 ", '"', "\u200b", "kansini", "催收你的钱还", "😀"]
)
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        detect(MessageInput((unit * length)[:length]))
        return time.process_time() - start

    seconds(2000)
    assert seconds(24000) < 12 * (seconds(6000) + 0.05)


def test_a_long_text_keeps_its_places() -> None:
    text = "您好。" * 1500 + "再不还就打断你的腿。" + "谢谢。" * 1500
    assert [text[h.start : h.end] for h in detect(MessageInput(text)) if h.label == "threat_violence"] == [
        "再不还就打断你的腿"
    ]


def test_compact_messages_give_marked_places(tmp_path: Path) -> None:
    source = tmp_path / "few.txt"
    source.write_text("> out 2026-01-01|别打了\nH wr|<TP2 你弟的账>呢\\n<?PD 两千>\nL sb|您好\n", encoding="utf-8")
    first, second = data_module().messages(source)
    assert [(x["label"], first["text"][x["start"] : x["end"]]) for x in first["labels"]] == [
        ("harass_after_objection", "你弟的账呢\n两千"),
        ("third_party_contact", "你弟的账"),
    ]
    assert first["context"][0]["direction"] == "out"
    assert second["labels"][0]["label"] == "none_lawful"
    source.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        data_module().messages(source)
