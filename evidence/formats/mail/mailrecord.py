"""One mail as a record, from its header fields, its words and its attachments, whatever file it came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evidence.formats.mail.attachments import Kept
from evidence.formats.mail.htmltext import Page
from evidence.formats.mail.maildates import differs, mail_stamp, received_stamp
from evidence.formats.mail.mailheaders import Address, addresses, decode_words
from evidence.formats.mail.mailnotes import MailNotes
from evidence.importers.base import ReadOptions
from evidence.models import Direction, Participant, Record, Stamp

MAX_TEXT = 2_000_000  # characters of one mail's words
_MAX_HEADERS = 2000
_ONCE = {"from", "date", "subject", "sender", "message-id"}
# Fields with a place of their own in extras; all others stand in "headers" as found.
_SINGLE = {
    "from": "from", "sender": "sender", "reply-to": "reply_to", "return-path": "return_path", "to": "to", "cc": "cc",
    "bcc": "bcc", "subject": "subject", "date": "date", "message-id": "message_id", "in-reply-to": "in_reply_to",
    "x-mailer": "x_mailer", "user-agent": "user_agent", "list-unsubscribe": "list_unsubscribe",
    "content-type": "content_type", "delivered-to": "delivered_to",
}  # fmt: skip
_SIGNATURES = {"dkim-signature", "domainkey-signature"}


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in file order, values as found (bytes above 127 as lone surrogates)."""

    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Every value of ``name`` (lower case)."""
        return [value for key, value in self.fields if key.lower() == name]

    def first(self, name: str) -> str | None:
        """The first value of ``name``, decoded; None when there is no such field."""
        return next((decode_words(value) for key, value in self.fields if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Body:
    """``text`` is what stands in the record; ``origin`` the part it is from. ``other`` is the mail's other version of
    the same words (plain beside HTML), kept when it differs; ``page`` what else the HTML part showed."""

    text: str = ""
    origin: Literal["plain", "html", "rtf", "none"] = "none"
    other: str | None = None
    page: Page | None = None
    charsets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything of one mail that becomes a record. ``sent`` and ``arrived`` are what the file itself says beside the
    header fields (Outlook); they count where those say nothing."""

    headers: Headers
    body: Body
    kept: Sequence[Kept]
    locator: str
    more: Mapping[str, object] = field(default_factory=dict)
    sent: Stamp | None = None
    arrived: Stamp | None = None


def mail_record(mail: Mail, options: ReadOptions, notes: MailNotes) -> Record:
    """The record of a mail: kind email, the subject as first line of its text, all fields in extras.

    The sender's Date is the time, or the arrival where that is missing; ``received_utc`` holds the arrival always.
    """
    headers = mail.headers
    extras = _header_extras(headers, mail.locator, notes)
    time = _time(mail, options, extras, notes)
    text, extras["body_offset"] = _text(headers, mail.body, mail.locator, notes)
    extras |= _body_extras(mail.body, mail.locator, notes)
    people = {role: addresses(headers.all(role)) for role in ("from", "to", "cc", "bcc")}
    direction = _direction(people, headers, options.me)
    if mail.kept:
        extras["attachments"] = [dict(kept.about) for kept in mail.kept]
    return Record(
        kind="email",
        channel="email",
        locator=mail.locator,
        time=time,
        direction=direction,
        name=_other_name(people, direction),
        text=text or None,
        text_basis="source" if text else None,
        participants=_participants(people),
        media=tuple(kept.media for kept in mail.kept),
        holder=options.holder,
        extras=extras | dict(mail.more),
    )


def _header_extras(headers: Headers, locator: str, notes: MailNotes) -> dict[str, object]:
    extras: dict[str, object] = {}
    others: list[list[str]] = []
    for name, value in headers.fields[:_MAX_HEADERS]:
        key = name.lower()
        place = _SINGLE.get(key)
        if key in _SIGNATURES:
            extras["dkim"] = "present"  # a signature is there; whether it holds was not checked
        if key == "received":
            received = extras.setdefault("received", [])
            assert isinstance(received, list)
            received.append(decode_words(value))
        elif key == "references":
            extras["references"] = decode_words(value).split()
        elif place is not None and place not in extras:
            extras[place] = decode_words(value)
        else:
            others.append([decode_words(name), decode_words(value)])
            if key in _ONCE:
                notes.add("mail_header_repeated", locator, name)
    if others:
        extras["headers"] = others
    if len(headers.fields) > _MAX_HEADERS:
        extras["headers_left_out"] = len(headers.fields) - _MAX_HEADERS
        notes.add("mail_parts_left", locator, count=len(headers.fields) - _MAX_HEADERS)
    return extras


def _time(mail: Mail, options: ReadOptions, extras: dict[str, object], notes: MailNotes) -> Stamp:
    sent = mail_stamp(mail.headers.first("date") or "", options.zone)
    if sent.utc is None and mail.sent is not None:
        sent = mail.sent
    received = received_stamp(mail.headers.all("received"), options.zone) or mail.arrived
    if received is not None and received.utc is not None:
        extras["received_utc"] = received.utc
    if sent.utc is not None:
        if received is not None and differs(sent, received):
            notes.add("mail_date_differs", mail.locator)
        return sent
    notes.add("mail_date_missing", mail.locator)
    if received is None:
        return sent
    extras["time_from"] = "received"
    return received


def _text(headers: Headers, body: Body, locator: str, notes: MailNotes) -> tuple[str, int]:
    """The subject, an empty line, the body; and where the body begins (code points)."""
    subject = (headers.first("subject") or "").strip()
    words = body.text.replace("\0", "\ufffd")
    if len(words) > MAX_TEXT:
        notes.add("mail_text_cut", locator)
        words = words[:MAX_TEXT]
    if not subject:
        return (words, 0) if words.strip() else ("", 0)
    return (f"{subject}\n\n{words}", len(subject) + 2) if words.strip() else (subject, len(subject))


def _body_extras(body: Body, locator: str, notes: MailNotes) -> dict[str, object]:
    extras: dict[str, object] = {"text_from": body.origin}
    if body.charsets:
        extras["charsets"] = list(body.charsets)
    if body.other is not None:
        extras["other_version"] = body.other[:MAX_TEXT]
    page = body.page
    if page is None:
        return extras
    if page.hidden:
        extras["hidden_text"] = page.hidden
        notes.add("mail_hidden_text", locator)
    if page.links:
        extras["links"] = [{"words": words, "address": address} for words, address in page.links]
    if page.remote:
        extras["remote_pictures"] = page.remote
    if page.scripts:
        extras["scripts"] = page.scripts
    if page.cut:
        notes.add("mail_text_cut", locator)
    return extras


def _direction(people: Mapping[str, Sequence[Address]], headers: Headers, me: Sequence[str]) -> Direction | None:
    """By the addresses (or names) that the holder says are theirs; None when none of them is in the mail."""
    mine = {word.strip().lower() for word in me}
    if not mine:
        return None
    if _any_of(people["from"], mine):
        return "out"
    delivered = addresses(headers.all("delivered-to") + headers.all("x-original-to"))
    if any(_any_of(people[role], mine) for role in ("to", "cc", "bcc")) or _any_of(delivered, mine):
        return "in"
    return None


def _any_of(found: Sequence[Address], mine: set[str]) -> bool:
    return any(a.address.lower() in mine or (not a.address and a.name.lower() in mine) for a in found)


def _other_name(people: Mapping[str, Sequence[Address]], direction: Direction | None) -> str | None:
    """The other side as the mail names it: the sender, or of a mail that was sent the only addressee."""
    others = people["to"] if direction == "out" else people["from"]
    if not others or (direction == "out" and len(others) != 1):
        return None
    return others[0].name or others[0].address or None


def _participants(people: Mapping[str, Sequence[Address]]) -> tuple[Participant, ...]:
    roles: tuple[Literal["from", "to", "cc", "bcc"], ...] = ("from", "to", "cc", "bcc")
    return tuple(Participant(a.address or a.name, role) for role in roles for a in people[role] if a.address or a.name)
