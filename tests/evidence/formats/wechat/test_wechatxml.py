"""The XML inside WeChat messages, and the words for its kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.formats.wechat.wechattypes import read_call, type_of_number, type_of_text, type_of_word
from evidence.formats.wechat.wechatxml import looks_like_xml, plain_words, read_payload

PAY = (
    "<msg><appmsg><title>微信转账</title><des>收到转账{fee}</des><type>2000</type><wcpayinfo><paysubtype>{state}</paysubtype>"
    "<feedesc>{fee}</feedesc><pay_memo>{memo}</pay_memo></wcpayinfo></appmsg></msg>"
)


@pytest.mark.parametrize(("state", "word"), [("1", "sent"), ("3", "received"), ("4", "returned"), ("8", None)])
def test_transfers(state: str, word: str | None) -> None:
    payload = read_payload(PAY.format(fee="￥300.00", state=state, memo="再不还上门"))
    assert payload is not None
    assert (payload.subtype, payload.facts["amount"], payload.facts["remark"]) == (2000, "￥300.00", "再不还上门")
    assert payload.facts.get("transfer_state") == word
    assert payload.text == "微信转账\n收到转账￥300.00\n再不还上门"


def test_quoted_words_are_not_the_writers() -> None:
    payload = read_payload(
        "<?xml version='1.0'?>\n<msg><appmsg><title>我没有</title><des>x</des><type>57</type><refermsg>"
        "<displayname>李</displayname><content>骗子</content></refermsg></appmsg></msg>"
    )
    assert payload is not None
    assert payload.text == "我没有"
    assert payload.facts["quote"] == {"name": "李", "text": "骗子"}


@pytest.mark.parametrize(
    ("xml", "text", "seconds", "facts"),
    [
        ('<msg><voicemsg voicelength="5600" /></msg>', None, 5.6, {}),
        ('<msg><videomsg playlength="12" length="9" /></msg>', None, 12.0, {"length": "9"}),
        (
            "<voipmsg><VoIPBubbleMsg><msg><![CDATA[对方已取消]]></msg><room_type>0</room_type></VoIPBubbleMsg></voipmsg>",
            "对方已取消",
            None,
            {"call_type": "video"},
        ),
        ('<msg><location x="1" y="2" label="路 1 号" poiname="楼"/></msg>', "楼\n路 1 号", None, None),
        (
            "<sysmsg><revokemsg><newmsgid>9</newmsgid><replacemsg>李 撤回了一条消息</replacemsg></revokemsg></sysmsg>",
            "李 撤回了一条消息",
            None,
            {"recalled_message_id": "9"},
        ),
        ('<msg username="wxid_x" nickname="王" alias="w"/>', "王", None, None),
        ('<msg><img md5="ab" length="3"/></msg>', None, None, {"md5": "ab", "length": "3"}),
    ],
)
def test_other_kinds(xml: str, text: str | None, seconds: float | None, facts: dict[str, str] | None) -> None:
    payload = read_payload(xml)
    assert payload is not None
    assert (payload.text, payload.duration_s) == (text, seconds)
    assert facts is None or payload.facts == facts


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><msg><appmsg><title>&b;</title></appmsg></msg>',
        '<!doctype x SYSTEM "file:///etc/passwd"><msg/>',
        "<msg><appmsg><title>&undefined;</title></appmsg></msg>",
        "<msg><appmsg>",
        "<msg>" * 5000,
        "<msg>" + "x" * (5 << 20),
    ],
)
def test_what_could_harm_is_not_read(xml: str) -> None:
    assert looks_like_xml(xml)
    assert read_payload(xml) is None


@given(st.text(max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    read_payload("<msg>" + text + "</msg>")
    read_payload(text)
    plain_words(text)
    read_call(text)
    type_of_text(text)


def test_system_words_without_their_tags() -> None:
    assert plain_words('<![CDATA[你撤回了 <a href="weixin://revoke_edit_click">重新编辑</a>]]>') == "你撤回了 重新编辑"
    assert plain_words("1 < 2 > 0") == "1 < 2 > 0"


@pytest.mark.parametrize(
    ("text", "outcome", "seconds"),
    [
        ("通话时长 01:23", "answered", 83),
        ("通话时长 1:01:23", "answered", 3683),
        ("聊天时长 00:05", "answered", 5),
        ("对方已取消", "missed", 0),
        ("已拒绝", "rejected", 0),
        ("对方无应答", "missed", 0),
        ("忙线未接听", "missed", 0),
        ("已在其它设备接听", "answered", None),
        ("明天 10:30 打给你", None, None),
    ],
)
def test_calls(text: str, outcome: str | None, seconds: float | None) -> None:
    call = read_call(text)
    assert (call.outcome, call.duration_s) == (outcome, seconds)


@pytest.mark.parametrize(
    ("kind", "subtype", "word"),
    [
        (1, 0, "text"),
        (49, 2000, "transfer"),
        (49, 57, "quote"),
        (8589934592049, 0, "transfer"),
        (244813135921, 0, "quote"),
        (25769803825, 0, "file"),
        (266287972401, 0, "system"),
        (10002, 0, "recalled"),
        (777, 0, None),
        (49, 777, None),
    ],
)
def test_numbers(kind: int, subtype: int, word: str | None) -> None:
    assert type_of_number(kind, subtype) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[图片]", "image"),
        ("【语音】转成文字", "voice"),
        ("![图片](http://127.0.0.1/image/x)", "image"),
        ("[链接|标题](https://x.example)", "link"),
        ("[微笑]你好", None),
        ("[系统]", None),
        ("图片", None),
        ("[文本]", None),
    ],
)
def test_placeholders(text: str, word: str | None) -> None:
    assert type_of_text(text) == word


def test_words() -> None:
    assert type_of_word("[动画表情]") == "sticker"
    assert type_of_word("TEXT") == "text"
    assert type_of_word("未知类型") is None
