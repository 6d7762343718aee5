"""A proposal for the columns of an unknown table, from the words of its header and the values below, and its text.

A proposal is a draft: a person looks at it, mends it and says it (``import --map``). Nothing is read by it unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evidence.formats.bills.billcolumns import CALLEE, CALLER, DURATION, PEER, TIME, direction_of, key_of
from evidence.formats.tables.cells import Cell, seconds_of, text_of
from evidence.formats.tables.celltimes import read_clock, read_wall
from evidence.i18n import gettext as _

_TIMES = TIME | {
    "time", "date", "datetime", "date/time", "timestamp", "messagedate", "sentdate", "sent", "received",
    "start", "starttime", "calltime", "calldate", "发送日期", "收件时间", "创建时间", "createtime", "聊天时间",
    "消息时间", "日期/时间", "拨打时间",
}  # fmt: skip
_PEERS = PEER | CALLER | CALLEE | {
    "号码", "电话", "电话号码", "手机", "手机号", "手机号码", "联系电话", "发件人", "收件人", "发送方", "接收方",
    "sender", "address", "number", "phone", "phonenumber", "from", "to", "recipient", "senderid", "发送者号码",
    "来电号码",
}  # fmt: skip
_NAMES = {
    "姓名", "名称", "联系人", "昵称", "备注名", "name", "contact", "contactname", "sendername",
    "nickname", "发送人", "发送者", "联系人姓名",
}  # fmt: skip
_BODIES = {
    "内容", "短信内容", "消息", "消息内容", "正文", "message", "body", "text", "content", "信息内容", "聊天内容",
    "文本",
}  # fmt: skip
_DIRECTIONS = {
    "类型", "方向", "收发", "呼叫类型", "通话类型", "主被叫", "收发类型", "短信类型", "type",
    "direction", "folder", "box", "通话方式", "通信方式", "状态", "calltype", "messagetype", "issender",
}  # fmt: skip
_LENGTHS = DURATION | {"duration", "length", "通话时长", "时长", "callduration", "durations", "talktime"}
_FILES = {"附件", "图片", "文件", "attachment", "attachments", "file", "media", "文件名"}
_MISSED, _REJECTED = ("未接", "missed", "未接来电", "未接听"), ("拒接", "拒绝", "rejected", "declined")
_IN = ("incoming", "inbox", "received", "in", "接收", "收到", "已接来电", "来电", "呼入", "已接")
_OUT = ("outgoing", "sent", "outbox", "out", "发送", "已发送", "去电", "呼出", "已拨电话", "拨出", "已拨")
_CHAT = ("微信", "wechat", "聊天")


def propose(header: Sequence[Cell], sample_rows: Sequence[Sequence[Cell]]) -> Mapping[str, Any]:
    """A draft of the mapping. Without a column of times it has no ``time`` and cannot be used until one is named."""
    keys = [key_of(cell)[0].replace(" ", "").replace("_", "") for cell in header]
    names = [text_of(cell) for cell in header]
    taken: set[int] = set()

    def column(words: set[str], fits: Callable[[Cell], bool]) -> int | None:
        found = [i for i, key in enumerate(keys) if key in words and i not in taken]
        best = max(found, key=lambda i: (_share(i, sample_rows, fits), -i), default=None)
        if best is not None:
            taken.add(best)
        return best

    def said(index: int) -> str | int:
        return names[index] if names[index] and names.count(names[index]) == 1 else index + 1

    plain: dict[str, Any] = {}
    times = _times(keys, sample_rows)
    taken.update(times)
    length = column(_LENGTHS, lambda cell: seconds_of(cell) is not None)
    body = column(_BODIES, lambda cell: cell != "")
    plain["kind"] = _kind(keys, length, body)
    if plain["kind"] == "chat":
        plain["channel"] = "wechat"
    if times:
        plain["time"] = {"columns": [said(i) for i in times]}
    for key, words in (("peer", _PEERS), ("name", _NAMES), ("attachment", _FILES)):
        index = column(words, lambda cell: cell != "")
        if index is not None:
            plain[key] = said(index)
    if body is not None:
        plain["body"] = said(body)
    if length is not None:
        unit = key_of(header[length])[1]
        plain["duration"] = {"column": said(length), **({"unit": unit} if unit else {})}
    index = column(_DIRECTIONS, lambda cell: _meaning(cell) is not None)
    if index is not None:
        plain.update(_direction(said(index), index, sample_rows))
    return plain


def _kind(keys: Sequence[str], length: int | None, body: int | None) -> str:
    if any(word in key for key in keys for word in _CHAT):
        return "chat"
    return "call" if length is not None and body is None else "sms" if body is not None else "call"


def _times(keys: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """One column of moments, or one of days and one of clocks; by name first, else by what the values look like."""
    named = [i for i, key in enumerate(keys) if key in _TIMES]
    for columns in (named, range(len(keys))):
        moments = [i for i in columns if _share(i, rows, _is_moment) > 0.5]
        if moments:
            return moments[:1]
        days = [i for i in columns if _share(i, rows, lambda cell: read_wall(cell) is not None) > 0.5]
        if days:
            clocks = [i for i in range(len(keys)) if i not in days and _share(i, rows, _is_clock) > 0.5]
            return [days[0], *clocks[:1]]
    return named[:1]


def _is_moment(cell: Cell) -> bool:
    wall = read_wall(cell)
    if wall is not None:
        return wall.clock is not None
    text = text_of(cell)
    return text.isdecimal() and len(text) in (10, 13)


def _is_clock(cell: Cell) -> bool:
    return read_clock(cell) is not None


def _share(index: int, rows: Sequence[Sequence[Cell]], fits: Callable[[Cell], bool]) -> float:
    cells = [row[index] for row in rows if index < len(row) and row[index] != ""]
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def _meaning(cell: Cell) -> str | None:
    text = text_of(cell).strip().lower()
    if text in _MISSED:
        return "missed"
    if text in _REJECTED:
        return "rejected"
    return "in" if text in _IN else "out" if text in _OUT else direction_of(cell)[0]


def _direction(said: str | int, index: int, rows: Sequence[Sequence[Cell]]) -> dict[str, Any]:
    found: dict[str, list[str]] = {"in": [], "out": [], "missed": [], "rejected": []}
    for row in rows:
        text = text_of(row[index]) if index < len(row) else ""
        meaning = _meaning(text)
        if meaning is not None and text not in found[meaning]:
            found[meaning].append(text)
    ways = {"in": [*found["in"], *found["missed"], *found["rejected"]], "out": found["out"]}
    ways = {key: words for key, words in ways.items() if words}
    ends = {key: found[key] for key in ("missed", "rejected") if found[key]}
    out: dict[str, Any] = {"direction": {"column": said, **ways}} if ways else {}
    return out | ({"outcome": {"column": said, **ends}} if ends else {})


def _comments() -> dict[str, str]:
    return {
        "kind": _("what each row is: call, sms, mms, chat, email or note"),
        "channel": _("the program, for a chat: wechat, qq, whatsapp …"),
        "time": _("the column of the time (or two: day and clock); tz: time zone, date_order: dmy or mdy"),
        "peer": _("the column of the other side's number"),
        "name": _("the column of the other side's name"),
        "direction": _("the column, and which of its words mean in (to you) and out (from you)"),
        "body": _("the column of the words"),
        "duration": _("the column of the length; unit: s, min or h where the cells are bare numbers"),
        "outcome": _("the column, and which of its words mean answered, missed, rejected"),
        "attachment": _("the column of file names; the files must be imported together with the table"),
        "constant": _("what is the same in every row"),
    }


def mapping_text(mapping: Mapping[str, Any]) -> str:
    """The mapping as YAML with a comment for every key there is, in the user's language."""
    import yaml

    lines = [f"# {_('What the columns of a table mean. Check every line, then: dunlog import --map THIS-FILE TABLE')}"]
    comments = _comments()
    for key, comment in comments.items():
        lines.append(f"# {key}: {comment}")
        if key in mapping:
            text = yaml.safe_dump({key: mapping[key]}, allow_unicode=True, sort_keys=False, width=110)
            lines.append(text.rstrip("\n"))
    for key in mapping:
        if key not in comments:
            text = yaml.safe_dump({key: mapping[key]}, allow_unicode=True, sort_keys=False, width=110)
            lines.append(text.rstrip("\n"))
    return "\n".join(lines) + "\n"
