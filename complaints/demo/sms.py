"""Backups as the app "SMS Backup & Restore" writes them (fields: synctech.com.au, "Fields in XML backup files")."""

from __future__ import annotations

import base64
import re
import uuid
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from complaints.demo.story import Call, Contact, Message, Mms, Story, Way

_CALL_TYPES: dict[Way, int] = {"in": 1, "out": 2, "missed": 3, "rejected": 5}
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_UNKNOWN = "(未知)"
_SMIL = '<smil><body><par dur="5000ms">{}</par></body></smil>'
_CENTRE = "+8612600000500"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The JPEG files that travel inside multimedia messages."""

    letter: bytes
    snapshot: bytes


@dataclass(frozen=True, slots=True)
class Book:
    """Whose phone writes, and which of its contacts had a name at that time."""

    contacts: dict[str, Contact]
    unsaved: frozenset[str] = frozenset()

    def name(self, who: str) -> str:
        """The contact name as the app writes it."""
        return _UNKNOWN if who in self.unsaved else self.contacts[who].saved or _UNKNOWN

    def number(self, who: str) -> str:
        """The number as the phone stored it."""
        return self.contacts[who].number


def epoch_ms(at: datetime, who: str) -> int:
    """The phone's own milliseconds. Whole minutes are exact, so that a limit can be hit on the dot."""
    seconds = int(at.timestamp())
    return seconds * 1000 + (0 if at.second == 0 else zlib.crc32(f"{who}{seconds}".encode()) % 1000)


def messages_xml(
    story: Story,
    book: Book,
    messages: Sequence[Message],
    mms: Sequence[Mms],
    pictures: Pictures,
    at: datetime,
    count: int,
) -> bytes:
    """One ``sms-….xml``. ``count`` is what the file declares, which need not be what it holds."""
    rows = [(m.at, _sms(book, m)) for m in messages] + [(m.at, _mms(book, m, pictures)) for m in mms]
    return _document("smses", at, count, (row for _, row in sorted(rows)))


def calls_xml(book: Book, calls: Sequence[Call], at: datetime) -> bytes:
    """One ``calls-….xml``; the declared count is right."""
    return _document("calls", at, len(calls), (_call(book, call) for call in calls))


def _document(root: str, at: datetime, count: int, rows: Iterable[str]) -> bytes:
    made = int(at.timestamp() * 1000)
    head = (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
        f"<!--File Created By SMS Backup & Restore v10.21.003 on {at:%d/%m/%Y %H:%M:%S}-->\n"
        f'<{root} count="{count}" backup_set="{uuid.uuid5(uuid.NAMESPACE_OID, f"{root}{made}")}" '
        f'backup_date="{made}" type="full">\n'
    )
    return (head + "".join(f"  {row}\n" for row in rows) + f"</{root}>\n").encode()


def _pair(match: re.Match[str]) -> str:
    """An emoji as the app's serializer writes it: two references that are no XML characters."""
    point = ord(match[0]) - 0x10000
    return f"&#{0xD800 + (point >> 10)};&#{0xDC00 + (point & 0x3FF)};"


def _attributes(**values: str | int) -> str:
    marks = {'"': "&quot;", "\n": "&#10;"}
    return " ".join(f'{key}="{_ASTRAL.sub(_pair, escape(str(value), marks))}"' for key, value in values.items())


def _readable(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}"


def _sms(book: Book, message: Message) -> str:
    date = epoch_ms(message.at, message.who)
    fields = _attributes(
        protocol=0,
        address=book.number(message.who),
        date=date,
        type=2 if message.out else 1,
        subject="null",
        body=message.text,
        toa="null",
        sc_toa="null",
        service_center="null" if message.out else _CENTRE,
        read=1,
        status=-1,
        locked=0,
        date_sent=0 if message.out else date // 1000 * 1000 - 2000,
        sub_id=1,
        readable_date=_readable(message.at),
        contact_name=book.name(message.who),
    )
    return f"<sms {fields} />"


def _call(book: Book, call: Call) -> str:
    number = book.number(call.who)
    fields = _attributes(
        number=number,
        duration=call.seconds,
        date=epoch_ms(call.at, call.who),
        type=_CALL_TYPES[call.way],
        presentation=1 if number else 2,
        subscription_id="89860000000000000012",
        post_dial_digits="",
        subscription_component_name="com.android.phone/com.android.services.telephony.TelephonyConnectionService",
        readable_date=_readable(call.at),
        contact_name=book.name(call.who),
    )
    return f"<call {fields} />"


def _mms(book: Book, mms: Mms, pictures: Pictures) -> str:
    date = epoch_ms(mms.at, mms.who)
    people = (mms.who, *mms.others)
    picture = pictures.letter if mms.letter else pictures.snapshot if mms.picture else None
    fields = _attributes(
        date=date,
        rr=129,
        sub=mms.subject or "null",
        ct_t="application/vnd.wap.multipart.related",
        read_status="null",
        seen=1,
        msg_box=1,
        address="~".join(book.number(who) for who in people),
        sub_cs=106 if mms.subject else "null",
        resp_st="null",
        retr_st="null",
        d_tm="null",
        text_only=0 if picture else 1,
        exp=date // 1000 + 604800 if mms.notification else "null",
        locked=0,
        m_id=f"{zlib.crc32(str(date).encode()):08x}",
        st="null",
        retr_txt_cs="null",
        retr_txt="null",
        creator="com.android.mms",
        date_sent=date // 1000 - 3,
        read=1,
        m_size="null" if picture is None else len(picture) + 512,
        rpt_a="null",
        ct_cls="null",
        pri=129,
        sub_id=1,
        tr_id=f"T{date:x}",
        resp_txt="null",
        ct_l="null",
        m_cls="personal",
        d_rpt=129,
        v=18,
        _id=date % 100000,
        m_type=130 if mms.notification else 132,
        readable_date=_readable(mms.at),
        contact_name=", ".join(book.name(who) for who in people),
    )
    addresses = "".join(
        f"      <addr {_attributes(address=number, type=kind, charset=106)} />\n"
        for number, kind in [
            (book.number(mms.who), 137),
            (book.number("me"), 151),
            *((book.number(who), 151) for who in mms.others),
        ]
    )
    parts = "" if mms.notification else _parts(mms, picture)
    return f"<mms {fields}>\n    <parts>\n{parts}    </parts>\n    <addrs>\n{addresses}    </addrs>\n  </mms>"


def _part(seq: int, mime: str, name: str, **more: str | int) -> str:
    charset: str | int = 106 if mime == "text/plain" else "null"
    fields = _attributes(
        seq=seq,
        ct=mime,
        name=name,
        chset=charset,
        cd="null",
        fn="null",
        cid=f"<{name}>",
        cl=name,
        ctt_s="null",
        ctt_t="null",
        **more,
    )
    return f"      <part {fields} />\n"


def _parts(mms: Mms, picture: bytes | None) -> str:
    names = ["text_0.txt"] if picture is None else ["image_0.jpg", "text_0.txt"]
    layout = "".join(f'<img src="{n}"/>' if n.endswith("jpg") else f'<text src="{n}"/>' for n in names)
    found = _part(-1, "application/smil", "smil.xml", text=_SMIL.format(layout))
    if picture is not None:
        found += _part(0, "image/jpeg", "image_0.jpg", text="null", data=base64.b64encode(picture).decode())
    return found + _part(0, "text/plain", "text_0.txt", text=mms.text)
