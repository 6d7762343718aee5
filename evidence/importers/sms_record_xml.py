"""XML message lists of Chinese phone assistants whose records are called ``<SMSRecord>``.

Read from descriptions only: no file of this kind was at hand, and several programs are said to write it, each with
names of its own. So fields are found by the names in :data:`_FIELDS`, as attributes or as elements; everything is kept
under its own name too. What 1 and 2 mean is settled by all codes of the file, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evidence.formats.android.androidfields import MESSAGE_TYPES, contact
from evidence.formats.android.androidrows import AndroidRows
from evidence.formats.android.androidvalues import put
from evidence.formats.android.readabletimes import note_offset, two_times
from evidence.formats.xml.xmlleaves import Fields, XmlLeaves
from evidence.formats.xml.xmlopen import root_name
from evidence.formats.xml.xmltold import file_told
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Direction, Problem, Record
from evidence.textfile import decode_head

_RECORD = "SMSRecord"
_TAG = re.compile(r"<SMSRecord[\s>/]", re.IGNORECASE)
_INNER = re.compile(r"<SMSRecord(?:\s[^<>]*)?>\s*<([A-Za-z_][\w.-]*)[\s>/]", re.IGNORECASE)
_NOT_OURS = {"html", "smses", "calls", "allsms", "alllogs"}
_CODES_SHOWN = 12
_CODE_LIMIT = 100


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": _names(
        "address phonenumber phone_number phoneno phone_no phonenum number num telephone tel mobile phone sender "
        "号码 电话号码 手机号 手机号码 手机 电话 对方号码 联系电话"
    ),
    "body": _names("body content text message msg smsbody smscontent messagebody 内容 短信内容 正文"),
    "exact": _names("date datetime timestamp date_time smsdate sendtime receivetime recvtime msgtime createtime"),
    "words": _names("time readable_date smstime 时间 日期 发送时间 接收时间"),
    "type": _names("type msgtype smstype box folder direction inout 类型 收发 方向"),
    "name": _names("name contactname contact_name contact person displayname 姓名 联系人 名称"),
}
_WORDS: Mapping[str, tuple[Direction, str | None]] = {
    **dict.fromkeys(_names("in inbox received receive recv incoming 接收 收到 收 收件箱 已接收"), ("in", None)),
    **dict.fromkeys(_names("out outbox sent send outgoing 发送 已发送 发 发件箱 已发 发出"), ("out", None)),
    **dict.fromkeys(_names("draft drafts 草稿 草稿箱"), ("out", "draft")),
}


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the column of types holds in the whole file. ``numbers`` are those that are no word we know."""

    numbers: frozenset[str]

    @property
    def androids(self) -> bool:
        """Whether every code is one of Android's (1 received, 2 sent, 3 draft …), and not of another numbering."""
        return bool(self.numbers) and self.numbers <= MESSAGE_TYPES.keys()


class SmsRecordXml:
    """Goes through the file twice (three times when it must be mended): what its types are, then its messages."""

    name = "sms_record_xml"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether it is XML with an element ``SMSRecord`` near its beginning."""
        root = root_name(file.head)
        if root is None or root.lower() in _NOT_OURS:
            return False
        return _TAG.search(decode_head(file.head)) is not None

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """Everything in the file; see :class:`evidence.importers.base.Importer`."""
        root = root_name(file.head) or ""
        inner = _INNER.search(decode_head(file.head)) if root.lower() == _RECORD.lower() else None
        name = inner[1] if inner is not None else _RECORD
        first = XmlLeaves(file.path, root, name)
        codes = _codes(first)
        mend = bool(first.failure)
        if mend:
            codes = _codes(XmlLeaves(file.path, root, name, mend))
        records = XmlLeaves(file.path, root, name, mend)
        run = AndroidRows(file, options, attach)
        unsettled = 0
        for n, fields in enumerate(records, 1):
            for record in _record(fields, f"{name}[{n}]", codes, run, options):
                unsettled += record.direction is None
                yield record
        yield from _told(records, codes, unsettled)
        yield from run.problems()


def _codes(records: XmlLeaves) -> _Codes:
    found: set[str] = set()
    for fields in records:
        code = (_value(fields, "type") or "").strip()
        if code and code.lower() not in _WORDS and len(found) < _CODE_LIMIT:
            found.add(code)
    return _Codes(frozenset(found))


def _value(fields: Fields, what: str) -> str | None:
    """The first field that has one of the names for ``what``; elements in elements go by their last name."""
    by_name: dict[str, str] = {}
    for key, value in fields.items():
        by_name.setdefault(re.split("[/@]", key)[-1].lower(), value)
    return next((by_name[name] for name in _FIELDS[what] if name in by_name), None)


def _record(fields: Fields, locator: str, codes: _Codes, run: AndroidRows, options: ReadOptions) -> Iterator[Record]:
    exact, words = _value(fields, "exact"), _value(fields, "words")
    time = two_times(exact or words, words, options.zone)
    raw = (_value(fields, "type") or "").strip()
    direction, state = _WORDS.get(raw.lower(), MESSAGE_TYPES.get(raw, (None, None)) if codes.androids else (None, None))
    row = {"address": _value(fields, "number"), "body": _value(fields, "body"), "date": exact or words}
    for record in run.sms(row, locator, time=time):
        extras: dict[str, Any] = dict(fields)
        if state is not None:
            put(extras, "state", state)
        if not note_offset(time, words, extras):
            run.notes.add("time_zone_odd", locator)
        yield replace(record, direction=direction, name=contact(_value(fields, "name")), extras=extras)


def _told(records: XmlLeaves, codes: _Codes, unsettled: int) -> Iterator[Problem]:
    if records.failure:
        message = _("The file is damaged or cut off ({reason}). What stands before that is read.")
        yield Problem("xml_damaged", message.format(reason=records.failure))
    if records.left_out:
        message = ngettext(
            "{n} field is too long or one too many and was left out.",
            "{n} fields are too long or too many and were left out.",
            records.left_out,
        )
        yield Problem("field_left_out", message.format(n=records.left_out), severity="warning")
    shown = ", ".join(sorted(codes.numbers)[:_CODES_SHOWN])
    if codes.androids:
        message = _(
            "The types in this file ({codes}) were taken for Android's: 1 is received, 2 is sent. Programs "
            "differ here; compare one message with the phone."
        )
        yield Problem("direction_by_code", message.format(codes=shown), severity="warning")
    elif unsettled:
        message = ngettext(
            "Of {n} message the file does not say clearly whether it was received or sent (its types are: {codes}).",
            "Of {n} messages the file does not say clearly whether they were received or sent (its types are: "
            "{codes}).",
            unsettled,
        )
        yield Problem("direction_unknown", message.format(n=unsettled, codes=shown or "-"), severity="warning")
    if records.opened is not None:
        yield from file_told(records.opened, records.repairs, records.seen, {})


IMPORTER = SmsRecordXml()
