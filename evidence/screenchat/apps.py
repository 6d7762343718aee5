"""Which program a conversation is from: file name, words, colours and geometry, each only a hint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.screenchat.colours import Colour, hue, lightness, vividness
from evidence.screenchat.model import App

_CHANNELS: dict[str, App] = {
    "wechat": "wechat",
    "wework": "wecom",
    "wecom": "wecom",
    "qq": "qq",
    "sms": "sms",
    "imessage": "sms",
    "whatsapp": "whatsapp",
    "alipay": "alipay",
    "dingtalk": "dingtalk",
}
_SAID: tuple[tuple[App, float, str], ...] = (
    ("wechat", 2.0, r"微信转账|微信红包|微信电脑版|WeChat"),
    ("wechat", 1.0, r"按住.?说话|朋友验证|拍了拍|发消息.{0,3}\Z"),
    ("wecom", 2.5, r"企业微信|@微信|外部联系人|WeCom"),
    ("qq", 2.5, r"手机在线|电脑在线|在线\s*-\s*(?:WiFi|[345]G)|QQ红包|QQ转账|戳了戳"),
    ("sms", 2.5, r"短信\s*[/·]?\s*彩信|iMessage|文本信息|Text Message|拒收请回复|退订回"),
    ("sms", 1.2, r"\A\W?(?:短信|信息)\W?\Z"),
    ("whatsapp", 2.5, r"端到端加密|end-to-end|WhatsApp|最后上线|last seen|Type a message"),
    ("alipay", 2.5, r"支付宝|Alipay|生活号"),
    ("dingtalk", 2.5, r"钉钉|DingTalk|DING|实名认证|已实名"),
)
_WORDS = tuple((app, weight, re.compile(pattern, re.IGNORECASE)) for app, weight, pattern in _SAID)


@dataclass(frozen=True, slots=True)
class Signs:
    """What an app can be told by. Colours are those of text bubbles, most seen first; ``stamps`` is the share of
    bubbles with a clock inside; ``receipts`` whether 已读 or 未读 stands beside bubbles.
    """

    page: Colour
    dark: bool
    left: Sequence[Colour]
    right: Sequence[Colour]
    avatars: bool
    stamps: float
    receipts: bool
    words: str
    title: str
    channel: str | None = None


def recognise(signs: Signs) -> tuple[App, float, str]:
    """The likeliest app, how sure that is (0 to 1), and the codes of what spoke for it, joined by commas."""
    votes: dict[App, list[tuple[float, str]]] = {}
    for app, weight, code in _votes(signs):
        votes.setdefault(app, []).append((weight, code))
    if not votes:
        return "unknown", 0.0, ""
    sums = {app: sum(weight for weight, _code in found) for app, found in votes.items()}
    best = max(sorted(sums), key=lambda app: sums[app])
    rival = max((value for app, value in sums.items() if app != best), default=0.0)
    lead = sums[best] - rival
    if sums[best] < 1.0 or lead < 0.25:
        return "unknown", 0.0, ""
    score = min(0.99, 0.35 + 0.16 * lead + 0.06 * sums[best])
    why = ",".join(dict.fromkeys(code for weight, code in votes[best] if weight > 0))
    return best, round(score, 2), why


def _votes(signs: Signs) -> Iterable[tuple[App, float, str]]:
    if signs.channel in _CHANNELS:
        yield _CHANNELS[signs.channel or ""], 4.0, "file_name"
    for app, weight, pattern in _WORDS:
        if pattern.search(signs.words) or pattern.search(signs.title):
            yield app, weight, "words"
    yield from _by_colour(signs)
    if not signs.avatars and (signs.left or signs.right):
        yield "sms", 1.2, "no_avatars"
        yield "whatsapp", 0.6, "no_avatars"
    elif signs.avatars:
        for app in ("wechat", "qq", "wecom", "alipay", "dingtalk"):
            yield app, 0.4, "avatars"
        yield "sms", -1.5, "avatars"
        yield "whatsapp", -0.8, "avatars"
    if signs.stamps >= 0.5:
        yield "whatsapp", 2.5, "clock_in_bubble"
    if signs.receipts:
        yield "dingtalk", 1.0, "read_receipts"
        yield "wecom", 0.3, "read_receipts"
    elif len(signs.right) > 1:
        yield "dingtalk", -0.5, "no_read_receipts"
    if re.search(r"(?:\A|\n)@\S", signs.words):
        yield "wecom", 1.5, "firm_under_title"
    if re.fullmatch(r"\+?[\d\s-]{5,20}", signs.title):
        yield "sms", 1.0, "number_as_title"


def _by_colour(signs: Signs) -> Iterable[tuple[App, float, str]]:
    """Colours of the right bubble, by hue and strength rather than by value."""
    for colour in signs.right[:1]:
        tone, strength, light = hue(colour), vividness(colour), lightness(colour)
        if strength < 10:
            continue
        if 80 <= tone <= 115 and strength > 70:
            yield "wechat", 2.2, "bubble_colour"
        elif 115 < tone <= 165 and strength > 70:
            yield ("wechat" if signs.avatars else "sms"), 1.6, "bubble_colour"
        elif 80 <= tone <= 140 and light > 200:
            yield "whatsapp", 1.6, "bubble_colour"
        elif 150 < tone <= 190 and light < 110:
            yield "whatsapp", 1.8, "bubble_colour"
        elif 185 <= tone <= 245:
            strong = strength > 120
            yield "qq", 1.2 if strong else 0.3, "bubble_colour"
            yield "sms", 1.0 if strong and not signs.avatars else 0.0, "bubble_colour"
            yield "alipay", 0.7 if strong else 0.6, "bubble_colour"
            yield "dingtalk", 0.4 if strong else 0.9, "bubble_colour"
            yield "wecom", 0.3 if strong else 1.0, "bubble_colour"
    tint = vividness(signs.page)
    if 6 <= tint <= 30 and lightness(signs.page) > 200 and 25 <= hue(signs.page) <= 60:
        yield "whatsapp", 0.8, "page_colour"
