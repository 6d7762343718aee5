"""Contacts from the cards of a vCard file; ``evidence.importers.vcard`` says what is claimed.

One card with three numbers gives three contacts, and one more for each other account it names (e-mail, QQ, WeChat).
The line reader is ``evidence.formats.contacts.vcardlines``, which says why the library for it is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.chats.oncenotes import OnceNotes
from evidence.formats.contacts.personnames import apple_label, full_name
from evidence.formats.contacts.vcardlines import (
    LONGEST,
    Property,
    Values,
    logical_lines,
    number_of,
    parse,
    settle_encoding,
    values,
)
from evidence.formats.iphone.iphonewords import CONTACT_WORDS
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Contact
from evidence.phone import normalise

_CARD_BYTES = 1 << 22  # a card that is larger is handed on in pieces
_FULL = 20  # contacts of one card that carry all its fields; a card with more is no person's
_SERVICES = {
    "X-QQ": "qq",
    "X-TENCENT-QQ": "qq",
    "X-WECHAT": "wechat",
    "X-WEIXIN": "wechat",
    "X-WECHAT-ID": "wechat",
    "X-ALIPAY": "alipay",
    "X-WHATSAPP": "whatsapp",
    "X-TELEGRAM": "telegram",
    "X-LINE": "line",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-AIM": "aim",
    "X-MSN": "msn",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-YAHOO": "yahoo",
    "X-GOOGLE-TALK": "gtalk",
}
_PLAIN = {"ORG": "org", "TITLE": "title", "ROLE": "role", "NOTE": "note", "NICKNAME": "nickname"}
_BINARY = {"PHOTO", "LOGO", "SOUND", "KEY"}
_URL_BYTES = 2000  # a picture that is only named is shorter
_STRUCTURE = {"BEGIN", "END", "VERSION"}


@dataclass(slots=True)
class _Card:
    """One card while it is read."""

    ordinal: int
    number: int
    version: str = "3.0"
    names: dict[str, str] = field(default_factory=dict)
    addresses: list[tuple[Property, Values]] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    binaries: dict[str, int] = field(default_factory=dict)
    size: int = 0
    given_on: int = 0

    def add(self, prop: Property, value: Values) -> None:
        """One property of the card."""
        self.size += min(prop.size, len(value.text) + 100)
        if prop.name == "FN" or prop.name == "N":
            self.names.setdefault(prop.name, _joined(value.parts) if prop.name == "N" else value.text.strip())
        if prop.name == "X-ABLABEL" and prop.group:
            self.labels[prop.group] = apple_label(value.text)
        elif prop.name in ("TEL", "EMAIL", "IMPP", "X-SOCIALPROFILE") or prop.name in _SERVICES:
            self.addresses.append((prop, value))
        elif prop.name not in _STRUCTURE | {"FN"}:
            self.fields.setdefault(prop.name, []).append(value.text)

    def name(self) -> str:
        """What the card calls the person; a firm or an address where it gives no name."""
        chosen = (self.names.get("FN"), self.names.get("N"))
        other = [text for key in ("NICKNAME", "ORG") for text in self.fields.get(key, ())]
        mails = [value.text.strip() for prop, value in self.addresses if prop.name == "EMAIL"]
        return next((text for text in (*chosen, *(t.strip(" ;") for t in other), *mails) if text), "")


def _joined(parts: tuple[str, ...]) -> str:
    """``N``: family; given; additional; prefix; suffix."""
    family, given, additional, prefix, suffix = (*(p.strip() for p in parts[:5]), *[""] * (5 - len(parts[:5])))
    return full_name(family, given, additional, prefix, suffix)


def _account(prop: Property, text: str) -> str:
    """``service:name``, or the bare address of an e-mail."""
    if prop.name == "EMAIL":
        return text
    if prop.name in _SERVICES:
        return f"{_SERVICES[prop.name]}:{text}"
    service = next(iter(prop.params.get("X-SERVICE-TYPE", ()) or prop.types), "")
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() in ("http", "https"):
        return f"{service or 'im'}:{text}"
    return f"{service or scheme.lower()}:{rest}"


def read_cards(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """A contact for each number and account, in file order. Raises Unreadable when no card is in it."""
    notes = OnceNotes(CONTACT_WORDS)
    encoding = _encoding(file, options, notes)
    run = _Run(encoding, notes)
    with file.path.open("rb") as stream:
        for line in logical_lines(stream):
            prop = parse(line)
            if prop is None:
                notes.add("line_unreadable", f"line {line.number}")
            else:
                yield from run.take(prop)
    yield from run.finish()
    if run.cards == 0:
        raise Unreadable(_("The address book holds no card."))
    yield from notes.problems()


def _encoding(file: FileProbe, options: ReadOptions, notes: OnceNotes) -> str:
    """As stated, else the one in which the whole file is valid."""
    if options.encoding is not None:
        try:
            "".encode(options.encoding)
        except LookupError as error:
            raise Unreadable(_("The text is not in the encoding {name}.").format(name=options.encoding)) from error
        return "gb18030" if options.encoding.lower() in ("gb2312", "gbk") else options.encoding
    with file.path.open("rb") as stream:
        settled = settle_encoding(logical_lines(stream))
    if settled is None:
        notes.add("encoding_mixed", "file")
    elif settled != "utf-8":
        notes.add("encoding_" + settled, "file")
    return settled or "utf-8"


class _Run:
    """One pass over one file. Cards can lie in one another (``AGENT`` of 2.1)."""

    def __init__(self, encoding: str, notes: OnceNotes) -> None:
        self._encoding, self._notes = encoding, notes
        self._open: list[_Card] = []
        self._agent = False
        self.cards = 0

    def take(self, prop: Property) -> Iterator[Item]:
        """One property; yields the contacts of a card that is complete."""
        edge = prop.name in ("BEGIN", "END") and prop.value.strip().upper() == b"VCARD"
        if edge and prop.name == "BEGIN":
            if self._open and not (self._agent and len(self._open) < 8):
                self._notes.add("card_unclosed", f"line {self._open[-1].number}")
                yield from self._contacts(self._open.pop())
            self.cards += 1
            self._open.append(_Card(self.cards, prop.number))
        elif edge and self._open:
            yield from self._contacts(self._open.pop())
        elif not self._open:
            self._notes.add("line_unreadable", f"line {prop.number}")
        else:
            yield from self._add(self._open[-1], prop)
        self._agent = prop.name == "AGENT"

    def _add(self, card: _Card, prop: Property) -> Iterator[Item]:
        if prop.name == "VERSION":
            card.version = prop.value.decode("ascii", "replace").strip()
        elif prop.binary or (prop.name in _BINARY and prop.size > _URL_BYTES):
            card.size += 100
            card.binaries[prop.name] = card.binaries.get(prop.name, 0) + prop.size
        else:
            value = values(prop, card.version, self._encoding)
            if value.damaged:
                self._notes.add("text_damaged", f"line {prop.number}")
            if prop.size > LONGEST:
                self._notes.add("line_cut", f"line {prop.number}")
            card.add(prop, value)
        if card.size > _CARD_BYTES:
            yield from self._contacts(card)
            card.addresses, card.fields, card.binaries, card.size = [], {}, {}, 0

    def finish(self) -> Iterator[Item]:
        """The file's end; a card still open was cut off."""
        while self._open:
            self._notes.add("card_unclosed", f"line {self._open[-1].number}")
            yield from self._contacts(self._open.pop())

    def _contacts(self, card: _Card) -> Iterator[Item]:
        name = card.name()
        shared: dict[str, Any] = {_PLAIN[k]: v[0] for k, v in card.fields.items() if k in _PLAIN}
        rest = {key: texts for key, texts in card.fields.items() if key not in _PLAIN or len(texts) > 1}
        shared |= {"fields": rest} if rest else {}
        shared |= {f"{key.lower()}_bytes": size for key, size in card.binaries.items()}
        before = card.given_on
        for prop, value in card.addresses:
            text = value.text.strip()
            if not text:
                continue
            card.given_on += 1
            if not name:
                self._notes.add("contact_unnamed", f"line {prop.number}")
                continue
            extras: dict[str, Any] = {"card": card.ordinal, "version": card.version}
            extras |= {"types": list(prop.types)} if prop.types else {}
            extras |= {"label": card.labels[prop.group]} if prop.group in card.labels else {}
            extras |= shared if card.given_on <= _FULL else {}
            where = f"line {prop.number}"
            if prop.name == "TEL":
                yield Contact(where, name, normalise(number_of(text)), text, None, extras)
            else:
                yield Contact(where, name, None, None, _account(prop, text), extras)
        if card.given_on == before == 0:
            self._notes.add("contact_empty", f"line {card.number}")
