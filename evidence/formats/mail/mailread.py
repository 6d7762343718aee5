"""One MIME message into records: its words, its attachments, the mails and chats inside it (RFC 2045-2049, 5322).

The text of the record is the plain version of the body, or the words of the HTML one where the plain one is missing or
a mere stub; the subject stands before it. Nothing inside is opened, run or fetched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path
from typing import BinaryIO, cast

from evidence.formats.mail.attachments import Kept, keep_part
from evidence.formats.mail.htmltext import page_text
from evidence.formats.mail.mailbody import Block, alternatives, body_of, html_charset, unflowed
from evidence.formats.mail.mailheaders import codec_of, decode_bytes, decode_words, parameters
from evidence.formats.mail.mailnotes import MailNotes
from evidence.formats.mail.mailrecord import Headers, Mail, mail_record
from evidence.formats.wechat.wechattext import is_wechat_share, share_records
from evidence.formats.xml.base64stream import Base64Reader
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, Item, Neighbour, ReadOptions
from evidence.models import Media, Problem, Record

MAX_PARTS = 2000
MAX_DEPTH = 60
NESTED_DEPTH = 5
MAX_MESSAGE = 96 << 20
"""Bytes of one message: the standard parser holds it in memory. More than any mail service carries (50 MB, which are
69 MB in base64)."""
# Not policy.default: its parser of header values raises, recurses and loses bare bytes on malformed fields.
_POLICY = policy.compat32
_CUT = "CloseBoundaryNotFoundDefect"
_REAL_BOUNDARY = re.compile(rb"(?:^|\n)--([!-~][ -~]{0,199}?)[ \t]*\r?\n(?=Content-[A-Za-z-]{3,40}:)", re.I)
_DOCUMENT = re.compile(r"pdf$|msword|wordprocessingml|spreadsheetml|ms-excel|message/rfc822|application/zip")


@dataclass(slots=True)
class _Taken:
    """What was found while walking through one message."""

    locator: str
    kept: list[Kept] = field(default_factory=list)
    nested: list[tuple[str, Message]] = field(default_factory=list)
    charsets: list[str] = field(default_factory=list)
    more: dict[str, object] = field(default_factory=dict)
    defects: set[str] = field(default_factory=set)
    parts: int = 0


def parse_mail(data: bytes) -> Message | None:
    """The message, or only its headers (flag ``headers_only``) when it is nested too deep. Never raises."""
    try:
        return BytesParser(policy=_POLICY).parsebytes(data)
    except RecursionError:
        return None


def header_fields(message: Message) -> Headers:
    """The header fields as found."""
    return Headers(tuple((str(name), str(value)) for name, value in message.raw_items()))


class MailReader:
    """Reads the messages of one file and keeps what is to be told once about them."""

    def __init__(self, options: ReadOptions, attach: Attach, source: Path) -> None:
        self._options, self._attach, self._source = options, attach, source
        self.notes = MailNotes()

    def read(self, data: bytes, locator: str, more: dict[str, object] | None = None) -> Iterator[Item]:
        """The records of one message. ``more`` goes into the extras of its own record."""
        if len(data) > MAX_MESSAGE:
            words = _("{locator} is larger than can be read ({size} bytes). Its beginning is read; it is kept whole.")
            yield Problem("mail_too_large", words.format(locator=locator, size=len(data)), "", locator)
            data = data[:MAX_MESSAGE]
        message = parse_mail(data)
        if message is None:
            words = _("{locator}: its parts are nested too deep to be read. Only its header lines are read.")
            yield Problem("mail_nested", words.format(locator=locator), "", locator)
            message = BytesHeaderParser(policy=_POLICY).parsebytes(data)
            message.set_payload("")
        if not message.keys() and not data.strip():
            yield Problem("record_empty", _("{locator} is empty.").format(locator=locator), "", locator, "warning")
            return
        yield from self._message(message, locator, more or {}, 0)

    def summary(self) -> Iterator[Problem]:
        """What is told once per file."""
        yield from self.notes.problems()

    def _message(self, message: Message, locator: str, more: dict[str, object], depth: int) -> Iterator[Item]:
        taken = _Taken(locator, more=dict(more))
        headers = header_fields(message)
        blocks = self._walk(message, taken, "", 0)
        if taken.defects:
            taken.more["defects"] = sorted(taken.defects)
        if _CUT in taken.defects:
            self.notes.add("mail_cut_off", locator)
        mail = Mail(headers, body_of(blocks, taken.charsets), taken.kept, locator, taken.more)
        record = mail_record(mail, self._options, self.notes)
        chat = self._chat(mail, record)
        if chat:
            in_chat = {m.sha256 for item in chat if isinstance(item, Record) for m in item.media}
            opening = (mail.headers.first("subject") or "").strip()
            record = replace(
                record,
                text=opening or None,  # the words follow as the chat's own records, once
                text_basis="source" if opening else None,
                media=tuple(m for m in record.media if m.sha256 not in in_chat),
                extras={**record.extras, "contents": "wechat_share"},
            )
        yield record
        yield from chat
        for place, inner in taken.nested:
            if depth >= NESTED_DEPTH:
                self.notes.add("mail_parts_left", locator)
                continue
            told = {"attached_to": locator, "attached_to_message_id": mail.headers.first("message-id")}
            yield from self._message(inner, f"{locator} {place}", {k: v for k, v in told.items() if v}, depth + 1)

    def _chat(self, mail: Mail, record: Record) -> list[Item]:
        """The messages of a WeChat chat that was sent by mail; none when the body is no such thing."""
        text = mail.body.text
        if not is_wechat_share(text):
            return []
        found: dict[str, Media] = {}
        for kept in mail.kept:
            found.setdefault(kept.media.name, kept.media)

        def find(name: str) -> Neighbour | None:
            media = found.get(name)
            return None if media is None else Neighbour(self._source, media.name, media.size, media.sha256)

        items = list(share_records(text, self._options, find, f"{mail.locator} "))
        if not any(isinstance(item, Record) for item in items):
            return []
        about = {"mail_message_id": record.extras.get("message_id"), "mail": mail.locator}
        types = {media.sha256: media for media in found.values()}
        out: list[Item] = []
        for item in items:
            if isinstance(item, Record):
                media = tuple(types.get(m.sha256, m) for m in item.media)
                extras = {**item.extras, **{k: v for k, v in about.items() if v}}
                item = replace(item, media=media, extras=extras)
            out.append(item)
        return out

    def _walk(self, part: Message, taken: _Taken, place: str, depth: int) -> list[Block]:
        """The body blocks of ``part``; attachments and inner mails go to ``taken``."""
        taken.parts += 1
        if taken.parts > MAX_PARTS or depth > MAX_DEPTH:
            self.notes.add("mail_parts_left", taken.locator)
            return []
        taken.defects |= {type(defect).__name__ for defect in part.defects}
        kind, params = parameters(_header(part, "content-type") or "text/plain")
        children = _children(part)
        if children is not None and kind.startswith("message/"):
            return self._inner(kind, children, taken, place)
        if children is not None:
            if kind == "multipart/encrypted":
                self.notes.add("mail_encrypted", taken.locator)
            found = [
                self._walk(child, taken, f"{place}.{n}" if place else f"part {n}", depth + 1)
                for n, child in enumerate(children, 1)
            ]
            return [alternatives(found)] if kind == "multipart/alternative" else [b for group in found for b in group]
        return self._leaf(part, kind, params, taken, place)

    def _inner(self, kind: str, payload: list[Message], taken: _Taken, place: str) -> list[Block]:
        """A mail inside a mail becomes a record of its own; what a server reports on delivery goes to extras."""
        if kind in ("message/rfc822", "message/global", "message/news") and payload:
            taken.nested.append((place or "part 1", payload[0]))
            return []
        reports = taken.more.setdefault("server_reports", [])
        assert isinstance(reports, list)
        for inner in payload:
            lines = [[decode_words(name), decode_words(value)] for name, value in header_fields(inner).fields]
            reports.append({"type": kind, "lines": lines})
        return []

    def _leaf(self, part: Message, kind: str, params: Mapping[str, str], taken: _Taken, place: str) -> list[Block]:
        disposition, more = parameters(_header(part, "content-disposition") or "")
        name = more.get("filename") or params.get("name") or ""
        is_text = kind in ("text/plain", "text/html", "text") and disposition != "attachment" and not name
        if is_text:
            data = _payload_bytes(part)
            if kind == "text/html":
                return [Block(page=page_text(self._decoded(data, html_charset(data, params), taken)))]
            text = self._decoded(data, params.get("charset"), taken)
            return [Block(unflowed(text, params) if params.get("format", "").lower() == "flowed" else text)]
        if kind.startswith("multipart/"):
            return self._unmarked(_payload_bytes(part), taken, place)
        self._keep(part, kind, name, disposition, taken, place)
        return []

    def _unmarked(self, data: bytes, taken: _Taken, place: str) -> list[Block]:
        """Parts whose header names no mark, or another one than stands between them: by the mark that is there, else
        as one text."""
        mark = _REAL_BOUNDARY.search(data)
        if mark is None or "mark_repaired" in taken.more:
            return [Block(self._decoded(data, None, taken))] if data.strip() else []
        taken.more["mark_repaired"] = mark[1].decode("ascii", "replace")
        self.notes.add("mail_mark_wrong", taken.locator)
        head = b'Content-Type: multipart/mixed; boundary="' + mark[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        again = parse_mail(head + b'"\n\n' + data)
        return [] if again is None else self._walk(again, taken, place, MAX_DEPTH - 5)

    def _keep(self, part: Message, kind: str, name: str, disposition: str, taken: _Taken, place: str) -> None:
        encoding = decode_words(_header(part, "content-transfer-encoding") or "").lower()
        content_id = decode_words(_header(part, "content-id") or "").strip("<> ")
        stream: Base64Reader | io.BytesIO
        if encoding == "base64":
            del part["content-transfer-encoding"]  # the text as it lies there, so that damage in it is seen
            stream = Base64Reader(_payload_bytes(part).decode("latin-1"))
        else:
            stream = io.BytesIO(_payload_bytes(part))
        fallback = f"attachment-{len(taken.kept) + 1}"
        kept = keep_part(cast(BinaryIO, stream), name, kind, fallback, self._attach)
        about = dict(kept.about) | {"part": place or "part 1"}
        about |= {k: v for k, v in (("content_id", content_id), ("disposition", disposition)) if v}
        shown = kept.media.name
        if isinstance(stream, Base64Reader) and stream.damaged:
            about["state"] = "damaged"
            self.notes.add("part_damaged", taken.locator, shown)
        if kept.dangerous:
            self.notes.add("attachment_dangerous", taken.locator, shown)
        elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or shown.lower() == "winmail.dat":
            self.notes.add("mail_tnef", taken.locator, shown)
        elif kind in ("application/pkcs7-mime", "application/x-pkcs7-mime") and shown.lower().endswith(".p7m"):
            self.notes.add("mail_encrypted", taken.locator, shown)
        elif _DOCUMENT.search(kept.media.mime):
            self.notes.add("document_attached", taken.locator, shown)
        taken.kept.append(replace(kept, about=about))

    def _decoded(self, data: bytes, charset: str | None, taken: _Taken) -> str:
        text, used, exact = decode_bytes(data, charset)
        if used not in taken.charsets:
            taken.charsets.append(used)
        if not exact:
            self.notes.add("mail_text_damaged", taken.locator)
        elif charset and not data.isascii() and codec_of(charset) != used:
            self.notes.add("mail_charset_wrong", taken.locator, f"{charset} → {used}")
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _header(part: Message, name: str) -> str | None:
    return next((str(value) for key, value in part.raw_items() if str(key).lower() == name), None)


def _children(part: Message) -> list[Message] | None:
    """The parts of a part that has some."""
    if not part.is_multipart():
        return None
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _payload_bytes(part: Message) -> bytes:
    """The content without its transfer encoding. Never without ``decode``: that would use any codec a mail names."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
