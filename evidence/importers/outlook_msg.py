"""A mail saved by Outlook (``.msg``): MS-OXMSG in an OLE file, read by the property tables of the format documents."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidence.errors import Unreadable
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, FileProbe, Item, ReadOptions
from evidence.models import Problem, Stamp

if TYPE_CHECKING:
    from evidence.formats.mail.attachments import Kept
    from evidence.formats.mail.mailnotes import MailNotes
    from evidence.formats.mail.mailrecord import Body, Headers
    from evidence.formats.mail.outlookstore import Store

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_ATTACHMENTS = 2000
_MAX_DEPTH = 5
_RECIPIENT = {1: "To", 2: "Cc", 3: "Bcc"}
_MAIL_CLASSES = re.compile(r"ipm\.note|report\.ipm|ipm\.post|ipm\.schedule|ipm\.recall|ipm\.outlook\.recall", re.I)
_FLAG_UNSENT = 8
# Properties without a column or a header field of their own (MS-OXPROPS).
_KEPT_TEXTS = {"message_class": 0x001A, "conversation": 0x0070, "sender_type": 0x0C1E}
_KEPT_TIMES = {"submit_time": 0x0039, "delivery_time": 0x0E06, "created": 0x3007, "modified": 0x3008}


class OutlookMessage:
    """One file is one item of Outlook; messages inside it follow as records of their own."""

    name = "outlook_msg"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the file is an OLE file that holds the properties of a message."""
        if not file.head.startswith(_OLE) or file.size < 1536:
            return False
        from evidence.formats.mail.outlookstore import PROPERTIES

        try:
            with _open(file) as ole:
                return bool(ole.exists(PROPERTIES)) and not ole.exists("Workbook")
        except Exception:  # olefile raises many kinds on damaged tables: then it is none of ours
            return False

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Item]:
        """The message, what is inside it, then what is told once. Raises Unreadable for damaged tables."""
        from evidence.formats.mail.outlookstore import open_store

        try:
            ole = _open(file)
        except Exception as error:  # see claims
            raise Unreadable(_("The file's table of contents is damaged.")) from error
        with ole:
            run = _Run(options, attach)
            yield from run.item(open_store(ole, (), 32), "message", {}, 0)
            yield from run.notes.problems()


def _open(file: FileProbe) -> Any:
    import olefile

    return olefile.OleFileIO(str(file.path))


class _Run:
    """One pass over one file."""

    def __init__(self, options: ReadOptions, attach: Attach) -> None:
        from evidence.formats.mail.mailnotes import MailNotes

        self._options, self._attach = options, attach
        self.notes: MailNotes = MailNotes()

    def item(self, store: Store, locator: str, more: dict[str, object], depth: int) -> Iterator[Item]:
        """The record of one message and of those inside it."""
        from evidence.formats.mail.mailrecord import Mail, mail_record

        kept, inner, problems = self._attachments(store, locator)
        headers, from_transport = _headers(store)
        body = _body(store, locator, self.notes)
        extras = dict(more) | {key: value for key, pid in _KEPT_TEXTS.items() if (value := store.text(pid))}
        extras |= {key: value for key, pid in _KEPT_TIMES.items() if (value := store.time(pid))}
        extras["transport_headers"] = from_transport
        if (store.number(0x0E07) or 0) & _FLAG_UNSENT:
            extras["state"] = "draft"
        sent = _stamp(store.time(0x0039)) or (_stamp(store.time(0x3007)) if not from_transport else None)
        mail = Mail(headers, body, kept, locator, extras, sent, _stamp(store.time(0x0E06)))
        record = mail_record(mail, self._options, self.notes)
        if not _is_mail(store.text(0x001A)):  # an appointment, a contact, a note
            record = replace(record, kind="document", channel="document")
        yield record
        yield from problems
        for n, child in inner:
            if depth >= _MAX_DEPTH:
                self.notes.add("mail_parts_left", locator)
                continue
            yield from self.item(child, f"{locator} attachment {n}", {"attached_to": locator}, depth + 1)

    def _attachments(self, store: Store, locator: str) -> tuple[list[Kept], list[tuple[int, Store]], list[Problem]]:
        from evidence.formats.mail.attachments import keep_part

        kept: list[Kept] = []
        inner: list[tuple[int, Store]] = []
        problems: list[Problem] = []
        for n, child in enumerate(store.children("__attach_version1.0_#"), 1):
            if n > _MAX_ATTACHMENTS:
                self.notes.add("mail_parts_left", locator)
                continue
            message = child.inner()
            if message is not None:
                inner.append((n, message))
                continue
            name = child.text(0x3707) or child.text(0x3704) or child.text(0x3001) or ""
            data = child.data(0x3701)
            if data is None:  # by reference, a link to a cloud, or an OLE object
                words = _("{locator}: the attachment {name} is not in the file.")
                place = f"{locator} attachment {n}"
                problems.append(
                    Problem("attachment_missing", words.format(locator=place, name=name), "", place, "warning")
                )
                continue
            part = keep_part(io.BytesIO(data), name, child.text(0x370E) or "", f"attachment-{n}", self._attach)
            if part.dangerous:
                self.notes.add("attachment_dangerous", locator, part.media.name)
            more = {"part": f"attachment {n}", "content_id": child.text(0x3712), "modified": child.time(0x3008)}
            kept.append(replace(part, about={**part.about, **{k: v for k, v in more.items() if v}}))
        return kept, inner, problems


def _stamp(utc: str | None) -> Stamp | None:
    return None if utc is None else Stamp(utc, utc, "export", "epoch_utc")


def _is_mail(message_class: str | None) -> bool:
    return not message_class or _MAIL_CLASSES.match(message_class) is not None


def _headers(store: Store) -> tuple[Headers, bool]:
    """The header lines that came over the network, and True; else what Outlook noted itself, and False.

    Outlook's own fields complete the lines where those are missing (a mail that was sent from here has none).
    """
    from email import policy
    from email.parser import HeaderParser

    from evidence.formats.mail.mailread import header_fields
    from evidence.formats.mail.mailrecord import Headers

    lines = store.text(0x007D) or ""
    lines = re.sub(r"^(Microsoft Mail Internet Headers[^\n]*\n)", "", lines.replace("\r\n", "\n"))
    found = (
        header_fields(HeaderParser(policy=policy.compat32).parsestr(lines[:4_000_000]))
        if lines.strip()
        else Headers(())
    )
    known = {name.lower() for name, _value in found.fields}
    own = [(name, value) for name, value in _own_fields(store) if name.lower() not in known]
    return Headers((*found.fields, *own)), bool(found.fields)


def _own_fields(store: Store) -> Iterator[tuple[str, str]]:
    subject = store.text(0x0037)
    if subject:
        yield "Subject", subject
    sender = _shown(store.text(0x0C1A), store.text(0x5D01) or store.text(0x0C1F))
    author = _shown(store.text(0x0042), store.text(0x5D02) or store.text(0x0065))
    if author or sender:
        yield "From", author or sender
    if author and sender and author != sender:
        yield "Sender", sender
    people: dict[str, list[str]] = {}
    for n, person in enumerate(store.children("__recip_version1.0_#")):
        role = _RECIPIENT.get((person.number(0x0C15) or 0) & 0xF)
        shown = _shown(person.text(0x3001), person.text(0x39FE) or person.text(0x3003))
        if role is not None and shown and n < _MAX_ATTACHMENTS:
            people.setdefault(role, []).append(shown)
    for role, names in people.items():
        yield role, ", ".join(names)
    for name, pid in (("Message-ID", 0x1035), ("In-Reply-To", 0x1042), ("References", 0x1039)):
        value = store.text(pid)
        if value:
            yield name, value


def _shown(name: str | None, address: str | None) -> str:
    """``"Name" <address>``, quoted so that a comma in the name cuts nothing."""
    name, address = (name or "").strip(), (address or "").strip()
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' if name else ""
    if address and name != address:
        return f"{quoted} <{address}>".strip()
    return f"<{address}>" if address else quoted


def _body(store: Store, locator: str, notes: MailNotes) -> Body:
    """The plain body, the HTML one where that is missing or a stub, else the words of the RTF one."""
    from evidence.formats.mail.htmltext import page_text
    from evidence.formats.mail.mailbody import Block, body_of
    from evidence.formats.mail.mailheaders import decode_bytes
    from evidence.formats.mail.mailrecord import Body
    from evidence.formats.mail.rtftext import rtf_text, unpack_rtf

    plain, html = store.text(0x1000), store.html()
    page = None
    if html is not None:
        text, _codec, exact = decode_bytes(*html)
        page = page_text(text)
        if not exact:
            notes.add("mail_text_damaged", locator)
    plain = None if plain is None or not plain.strip() else plain.replace("\r\n", "\n").replace("\r", "\n")
    if plain is not None or page is not None:
        return body_of([Block(plain, page)], [])
    packed = store.data(0x1009)
    rtf = unpack_rtf(packed) if packed is not None else None
    if rtf is None:
        if packed is not None:
            notes.add("mail_text_damaged", locator)
        return Body()
    return Body(rtf_text(rtf), "rtf")


IMPORTER = OutlookMessage()
