"""What the kinds of WeChat messages are called: numbers of its database, words of exporters, placeholders in text.

Source: formats.md 3.3 (numeric Type and SubType); the words are those that the exporters print in their type column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.models import Outcome

APP_MESSAGE = 49
_TYPES = {
    1: "text",
    3: "image",
    34: "voice",
    37: "system",
    42: "card",
    43: "video",
    47: "sticker",
    48: "location",
    49: "link",
    50: "call",
    51: "system",
    62: "video",
    66: "card",
    10000: "system",
    10002: "recalled",
}
_SUBTYPES = {
    1: "text",
    3: "link",
    4: "link",
    5: "link",
    6: "file",
    8: "sticker",
    17: "location",
    19: "merged",
    33: "mini_program",
    36: "mini_program",
    51: "link",
    53: "text",
    57: "quote",
    62: "system",
    63: "link",
    74: "file",
    87: "group_notice",
    2000: "transfer",
    2001: "red_packet",
    2003: "red_packet",
}
_WORDS = {
    "文本": "text",
    "文本消息": "text",
    "文字": "text",
    "text": "text",
    "图片": "image",
    "图片消息": "image",
    "照片": "image",
    "image": "image",
    "语音": "voice",
    "语音消息": "voice",
    "voice": "voice",
    "audio": "voice",
    "视频": "video",
    "视频消息": "video",
    "小视频": "video",
    "video": "video",
    "动画表情": "sticker",
    "表情": "sticker",
    "表情包": "sticker",
    "表情包消息": "sticker",
    "动画表情消息": "sticker",
    "emoji": "sticker",
    "sticker": "sticker",
    "文件": "file",
    "文件消息": "file",
    "file": "file",
    "位置": "location",
    "位置消息": "location",
    "位置分享": "location",
    "地理位置": "location",
    "location": "location",
    "名片": "card",
    "名片消息": "card",
    "个人名片": "card",
    "公众号名片": "card",
    "card": "card",
    "链接": "link",
    "链接消息": "link",
    "分享链接": "link",
    "分享卡片": "link",
    "卡片式链接": "link",
    "(分享)卡片式链接": "link",
    "卡片消息": "link",
    "音乐分享": "link",
    "应用消息": "link",
    "link": "link",
    "转账": "transfer",
    "转账消息": "transfer",
    "微信转账": "transfer",
    "transfer": "transfer",
    "红包": "red_packet",
    "红包消息": "red_packet",
    "微信红包": "red_packet",
    "QQ红包": "red_packet",
    "红包封面": "red_packet",
    "red_packet": "red_packet",
    "redpacket": "red_packet",
    "GIF表情": "sticker",
    "合并转发的消息": "merged",
    "分享": "link",
    "引用": "quote",
    "引用消息": "quote",
    "引用回复": "quote",
    "带有引用的文本消息": "quote",
    "回复": "quote",
    "quote": "quote",
    "reply": "quote",
    "小程序": "mini_program",
    "小程序消息": "mini_program",
    "mini_program": "mini_program",
    "聊天记录": "merged",
    "合并转发": "merged",
    "合并转发的聊天记录": "merged",
    "聊天记录消息": "merged",
    "merged": "merged",
    "forward": "merged",
    "群公告": "group_notice",
    "群公告消息": "group_notice",
    "语音通话": "call",
    "视频通话": "call",
    "音视频通话": "call",
    "语音/视频通话": "call",
    "通话": "call",
    "通话消息": "call",
    "voip": "call",
    "call": "call",
    "系统": "system",
    "系统消息": "system",
    "系统通知": "system",
    "系统提示": "system",
    "system": "system",
    "拍一拍": "system",
    "拍一拍消息": "system",
    "图文消息": "link",
    "视频号": "link",
    "视频号直播卡片": "link",
    "收藏笔记": "link",
    "小程序分享": "mini_program",
    "聊天记录合并转发": "merged",
    "红包卡片": "red_packet",
    "转账卡片": "transfer",
    "发起转账": "transfer",
    "已收款": "transfer",
    "已退还": "transfer",
    "个人/公众号名片": "card",
    "企业微信名片": "card",
    "撤回": "recalled",
    "撤回消息": "recalled",
    "recall": "recalled",
    "recalled": "recalled",
}
_PLACEHOLDER = re.compile(r"!?[\[【]([^\[\]【】|:：\n]{1,12})[\]】|:：]")
_BARE_ONLY = {"text", "system", "recalled", "quote"}  # words in brackets that are no placeholder of a thing
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?!\d)")
_TALKED = ("通话时长", "聊天时长", "通話時長", "Duration")
_ENDS: tuple[tuple[str, Outcome], ...] = (
    ("拒绝", "rejected"),
    ("拒絕", "rejected"),
    ("未接", "missed"),
    ("无应答", "missed"),
    ("無應答", "missed"),
    ("未应答", "missed"),
    ("忙线", "missed"),
    ("忙線", "missed"),
    ("取消", "missed"),
    ("其他设备接听", "answered"),
    ("其它设备接听", "answered"),
    ("其他設備接聽", "answered"),
)


@dataclass(frozen=True, slots=True)
class CallText:
    """What the text of a call row says. ``duration_s`` is None unless a length is written in it."""

    outcome: Outcome | None
    duration_s: float | None


def type_of_number(kind: int, subtype: int = 0) -> str | None:
    """The word for a numeric Type (and SubType of an app message), or None for one that is not known.

    WeChat 4 joins both in one number (SubType in the upper 32 bits).
    """
    if kind > 0xFFFFFFFF:
        kind, subtype = kind & 0xFFFFFFFF, kind >> 32
    if kind == APP_MESSAGE and subtype:
        return _SUBTYPES.get(subtype)
    return _TYPES.get(kind)


def type_of_word(word: str) -> str | None:
    """The word for what an exporter prints in its type column, or None for one that is not known."""
    cleaned = word.strip().strip("[]【】")
    return _WORDS.get(cleaned) or _WORDS.get(cleaned.lower())


def type_of_text(text: str) -> str | None:
    """What a placeholder at the start of ``text`` (``[图片]``, ``[转账]请收款``) stands for; None for plain text."""
    match = _PLACEHOLDER.match(text)
    if match is None:
        return None
    found = _WORDS.get(match[1].strip())
    return None if found in _BARE_ONLY else found


def read_call(text: str) -> CallText:
    """``通话时长 01:23``, ``对方已取消`` and the like. What they do not say stays None."""
    length = _LENGTH.search(text) if any(word in text for word in _TALKED) else None
    if length is not None:
        hours, minutes, seconds = (int(part or 0) for part in length.groups())
        return CallText("answered", float(hours * 3600 + minutes * 60 + seconds))
    for word, outcome in _ENDS:
        if word in text:
            return CallText(outcome, 0.0 if outcome != "answered" else None)
    return CallText(None, None)


def is_group(account: str | None) -> bool:
    """Whether an account id is a group chat's."""
    return account is not None and account.endswith("@chatroom")
