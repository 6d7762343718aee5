"""What a bubble holds: text, a voice message, a call's result, a transfer, a file, a link, a card, a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evidence.screenchat import labels
from evidence.screenchat.bubbles import Block
from evidence.screenchat.colours import hue, vividness
from evidence.screenchat.model import MessageType
from evidence.screenchat.words import Word, row_text, rows_of, text_of

_TRANSFER = re.compile(r"转账|轉賬|轉帳|收款|收钱|被接收|已接收|退还|退還|过期|Transfer", re.IGNORECASE)
_PACKET = re.compile(r"红包|紅包|恭喜发财|恭喜發財|大吉大利|已领取|已領取|已被领完|Red Packet", re.IGNORECASE)
_PERSON = re.compile(r"(?:个人|個人|推荐|企业)?名片|Contact Card", re.IGNORECASE)
_PLACE = re.compile(
    r"\[?位置\]?|共享实时位置|(?:路|街|道|巷|弄|村|区|區|市|县|镇|街道|大厦|大廈|小区|广场|号|號|栋|座|楼)(?:\W|$|\d)"
)
_FOOTERS = re.compile(
    r"\A\W*(?:微信(?:转账|红包|电脑版|支付)?|QQ(?:红包|转账)?|支付宝(?:转账|红包)?|转账|红包|小程序|公众号|视频号|聊天记录|个人名片|企业名片|企业微信|钉钉|WeChat.{0,12})\W*\Z"
)


@dataclass(frozen=True, slots=True)
class Content:
    """What was made of a block's words."""

    type: MessageType
    text: str
    note: str | None = None
    quote: str | None = None
    amount: str | None = None
    seconds: int | None = None
    doubts: tuple[str, ...] = ()


def content_of(block: Block, body: float, extra: bool, plain_side: bool) -> Content:
    """The content of a block. ``body`` is the size of message letters, ``extra`` says that something without letters
    (a thumbnail, a map, an icon) belongs to it, ``plain_side`` that its colour is that of text bubbles on its side.
    """
    everything = tuple(w for b in (block, *block.parts) for w in b.words)
    ems = [w.em for w in everything]
    if len(ems) > 1 and median(ems) < 0.72 * body and max(ems) < 0.92 * body:
        return Content("picture", "", text_of(rows_of(everything)))  # letters inside a picture
    quote, words = _quoted(block, body)
    rows = rows_of(words)
    text = text_of(rows)
    alone = len(rows) == 1
    seconds = labels.voice_of(text) if alone else None
    if seconds is not None and quote is None:
        doubts = () if 1 <= seconds <= 60 else ("voice_length",)
        return Content("voice", "", seconds=seconds, doubts=doubts)
    length = labels.length_of(text) if alone and (extra or block.spare > 6) else None
    if length is not None and quote is None:
        return Content("voice", "", seconds=length)
    call, lasted = labels.call_of(text) if alone else (False, None)
    if call and (labels.says_call(text) or block.spare > 2.6):
        return Content("call", text, seconds=lasted)
    card = _card(block, rows, body, extra, plain_side) if quote is None else None
    return card or Content("text", text, quote=quote)


def _quoted(block: Block, body: float) -> tuple[str | None, tuple[Word, ...]]:
    """The words of a quoted message inside a bubble, and the bubble's own words."""
    if not block.parts:
        return None, block.words
    start = min((w.box[1] for w in block.words), default=0.0)
    quotes = [p for p in block.parts if p.box[1] < start or p.em < 0.95 * body]
    others = tuple(w for p in block.parts if p not in quotes for w in p.words)
    words = tuple(sorted((*block.words, *others), key=lambda w: (w.box[1], w.box[0])))
    quote = "\n".join(text_of(p.rows) for p in sorted(quotes, key=lambda p: p.box[1]))
    return quote or None, words


def _card(block: Block, rows: Sequence[Sequence[Word]], body: float, extra: bool, plain_side: bool) -> Content | None:
    texts = [row_text(row) for row in rows]
    whole = "\n".join(texts)
    warm = vividness(block.colour) > 60 and (hue(block.colour) < 50 or hue(block.colour) > 345)
    roomy = block.spare > 3.2 or extra
    money = next((m for t in texts if (m := labels.money_of(t, bare=warm))), None)
    if money and (warm or _TRANSFER.search(whole)) and (warm or roomy):
        return _split("transfer", texts, [bool(labels.money_of(t, bare=warm)) for t in texts], amount=money)
    if warm and (_PACKET.search(whole) or (roomy and not plain_side)):
        return _split("red_packet", texts, [at == 0 for at in range(len(texts))])
    sizes = [median(w.em for w in row) for row in rows]
    high = [median(w.tall for w in row) for row in rows]
    small = [em < 0.87 * max(sizes) and tall < 0.9 * max(high) for em, tall in zip(sizes, high, strict=True)]
    if any(labels.is_file_name(t) for t in texts) and (
        any(labels.is_file_size(t) for t in texts) or (roomy and not plain_side)
    ):
        last = max(at for at, t in enumerate(texts) if labels.is_file_name(t))
        return _split("file", texts, [at <= last for at in range(len(texts))])
    if any(labels.is_file_size(t) for t in texts[1:]) and roomy:
        return _split("file", texts, [not (s or labels.is_file_size(t)) for s, t in zip(small, texts, strict=True)])
    if any(_PERSON.fullmatch(t.strip()) for t in texts[1:]):
        return _split("card", texts, [at == 0 for at in range(len(texts))])
    clear = [s and sum("\u4e00" <= c <= "\u9fff" for c in t) > 3 for s, t in zip(small, texts, strict=True)]
    if len(texts) < 2 or not (roomy or any(small[1:])) or (plain_side and not roomy and not clear[-1]):
        return None
    if not any(small[1:]) and not any(_FOOTERS.match(t) for t in texts):
        return None
    own = [not (s or _FOOTERS.match(t)) for s, t in zip(small, texts, strict=True)]
    own[0] = True
    kind: MessageType = "location" if _PLACE.search(texts[0] + " ") and extra and len(texts) <= 3 else "link"
    return _split(kind, texts, own)


def _split(kind: MessageType, texts: Sequence[str], own: Sequence[bool], amount: str | None = None) -> Content:
    """A card whose ``own`` rows are its text; the others are its note."""
    text = "\n".join(t for t, mine in zip(texts, own, strict=True) if mine)
    note = "\n".join(t for t, mine in zip(texts, own, strict=True) if not mine)
    return Content(kind, text, note or None, amount=amount)
