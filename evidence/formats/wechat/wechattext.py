"""Records of a WeChat chat sent by mail (formats.md 3.3, first form); ``formats.wechat.wechatshare`` reads the text.

Importers of mail call :func:`is_wechat_share` on a text part and :func:`share_records` with what finds its pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.formats.chats.chatmedia import Find, look_up
from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.wechat.wechatshare import Share, ShareMessage, is_wechat_share, parse_share
from evidence.formats.wechat.wechattypes import read_call, type_of_text
from evidence.importers.base import Item, ReadOptions
from evidence.models import Direction, Record, Stamp
from evidence.times import local_stamp

__all__ = ["attached_names", "is_wechat_share", "parse_share", "share_records"]

_ATTACHED = re.compile(
    r"\[(图片|圖片|视频|影片|文件|语音|檔案)[:：]\s?([^\[\]\n/\\]{1,255}?)(?:[(（]请在附件中查看[)）]|[(（]請在附件中查看[)）])?\]"
)
_BESIDE = re.compile(r"\[(?:图片|圖片|视频|影片|文件|语音)\] ?([^\[\]\s/\\]{1,250}\.[A-Za-z0-9]{1,8})(?=\s|$)")


def share_records(text: str, options: ReadOptions, find: Find, locator_prefix: str) -> Iterator[Item]:
    """Records of a chat sent by mail, then what is told once. ``find`` looks up the pictures sent along.

    Locators are ``locator_prefix`` and ``line N`` of ``text``. Yields nothing when there is no message.
    """
    share = parse_share(text)
    notes = ChatNotes()
    names = list(dict.fromkeys([*(share.people or ()), *(m.sender for m in share.messages)]))
    mine = {name for name in names if name in options.me}
    if options.me and not mine and share.messages:
        for name in names:
            notes.add("me_unmatched", f"{locator_prefix}line {share.messages[0].line}", name)
    for message in share.messages:
        locator = f"{locator_prefix}line {message.line}"
        if not mine:
            notes.add("direction_unknown", locator, message.sender)
        yield _record(message, share, names, mine, options, find, locator, notes)
    for code, places in (
        ("header_doubtful", share.doubtful),
        ("order_odd", share.earlier),
        ("text_outside", share.outside),
        ("mail_footer", () if share.footer is None else (share.footer,)),
    ):
        for line in places:
            notes.add(code, f"{locator_prefix}line {line}")
    yield from notes.problems()


def attached_names(text: str) -> list[str]:
    """The names of files that a message's text says were sent with it: ``[图片: a.jpg(…)]`` or ``[图片] a.jpg``."""
    names = [match[2].strip() for match in _ATTACHED.finditer(text)]
    return names + [match[1] for match in _BESIDE.finditer(text)]


def _record(
    message: ShareMessage,
    share: Share,
    names: list[str],
    mine: set[str],
    options: ReadOptions,
    find: Find,
    locator: str,
    notes: ChatNotes,
) -> Record:
    direction: Direction | None = None
    name = message.sender
    if mine:
        direction = "out" if message.sender in mine else "in"
        others = [n for n in names if n not in mine]
        if direction == "out" and not share.group and len(others) == 1:
            name = others[0]
    attached = look_up(find, attached_names(message.text))
    for missing in attached.missing:
        notes.add("media_missing", locator, missing)
    kind = type_of_text(message.text) or "text"
    extras: dict[str, object] = {"sender": message.sender, "message_type": kind}
    if share.title:
        extras["conversation"] = share.title
    if share.group:
        extras["group"] = True
    if attached.missing:
        extras["missing_media"] = attached.missing
    call = read_call(message.text) if kind == "call" else None
    stamp = _stamp(message, options)
    if stamp.utc is None:
        notes.add("time_unreadable", locator)
    return Record(
        kind="chat" if call is None else "call",
        channel="wechat",
        locator=locator,
        time=stamp,
        direction=direction,
        name=name,
        text=message.text,
        text_basis="source",
        duration_s=None if call is None else call.duration_s,
        outcome=None if call is None else call.outcome,
        media=tuple(attached.media),
        holder=options.holder,
        extras=extras,
    )


def _stamp(message: ShareMessage, options: ReadOptions) -> Stamp:
    if message.wall is None:
        return Stamp(raw=message.raw)
    return local_stamp(message.wall, options.zone, message.raw, "export", 60, "minute_only")
