"""Who takes part in a WhatsApp chat, which of them is the phone's owner, and how that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from evidence.formats.chats.chatclock import MARKS
from evidence.formats.chats.chatnotes import ChatNotes
from evidence.formats.chats.chatrows import HolderSearch
from evidence.formats.chats.whatsappbody import day_in_name, read_body
from evidence.i18n import gettext as _
from evidence.importers.base import FileProbe, ReadOptions

_SENDERS = 5000
_NOTABLE = 60  # what tells of a deleted message is shorter
_NUMBER = re.compile(r"\+?[\d\s()\-\u00a0.\u2010-\u2015]{7,}")
_TITLES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"WhatsApp[ -]Chat (?:with|mit|con|met|med) (?P<x>.+)",
        r"WhatsApp Chat - (?P<x>.+)",
        r"与(?P<x>.+?)的 ?WhatsApp ?(?:聊天|对话)(?:记录)?",
        r"與(?P<x>.+?)的 ?WhatsApp ?(?:對話|聊天)(?:紀錄|記錄)?",
        r"WhatsApp ?(?:聊天|对话|對話) ?- ?(?P<x>.+)",
        r"(?:Chat de|Conversa do|Chat) WhatsApp (?:con|com) (?P<x>.+)",
        r"Discussion WhatsApp avec (?P<x>.+)",
        r"Чат WhatsApp \S{1,2} (?:контактом )?(?P<x>.+)",
        r"(?P<x>.+?) ?との ?WhatsApp ?(?:の)?(?:チャット|トーク)",
        r"(?P<x>.+?)님과의? WhatsApp (?:대화|채팅)",
    )
)
_COPY = re.compile(r"\s*(?:\(\d{1,3}\)|（\d{1,3}）)$")
_ENDINGS = (".txt", ".zip")


@dataclass(frozen=True, slots=True)
class WhatsAppChat:
    """Who takes part: ``title`` is the other side of a chat of two or a group's name. ``ground`` is for a reader."""

    title: str | None
    group: bool
    me: frozenset[str]
    ground: str = ""


@dataclass(slots=True)
class WhatsAppPeople:
    """Looks at the first line of every message, then says who is who."""

    senders: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)
    group: bool = False
    title: str | None = None
    notice_from: str | None = None

    def look(self, sender: str | None, line: str) -> date | None:
        """Take in one message; the day in the name of an attachment is returned."""
        if sender in self.senders and len(line) > _NOTABLE and "\u200e" not in line and not line.endswith((")", ">")):
            return None  # words of someone who is known: nine in ten
        body = read_body(line, sender)
        if body.kind == "system":
            self.group |= body.event in ("group", "group_subject")
            self.title = body.subject or self.title
            self.notice_from = self.notice_from or sender
        elif sender is not None and len(self.senders) < _SENDERS:
            self.senders.add(sender)
            if body.mine:
                self.owners.add(sender)
        return day_in_name(body.files[0]) if body.files else None

    def chat(self, file: FileProbe, options: ReadOptions, notes: ChatNotes) -> WhatsAppChat:
        """Owner and other side: by --me, by the name of the file, by what only the owner can have done."""
        senders = self.senders
        group = self.group or len(senders) > 2
        search = HolderSearch(options.me)
        for sender in sorted(senders):
            search.add(sender)
        me = search.result(notes)
        partner = partner_of((file.name, *reversed(file.folder.replace("\\", "/").split("/")[-2:])), senders)
        ground = ""
        if not me and not group and partner in senders:
            me = frozenset(senders - {partner}) or NOBODY
            ground = _("by the name of the file the chat is with “{name}”").format(name=partner)
        elif not me and len(self.owners) == 1 and partner not in self.owners:
            me = frozenset(self.owners)
            name = next(iter(me))
            ground = _("the words “you deleted this message” stand under the name “{name}”").format(name=name)
        others = senders - me
        if group:
            named = None if self.notice_from in senders else self.notice_from  # a group speaks under its own name
            return WhatsAppChat(self.title or named or partner, True, me, ground)
        return WhatsAppChat(next(iter(others)) if me and len(others) == 1 else partner, False, me, ground)


NOBODY = frozenset({"\0"})  # that none of the senders is the owner is known


def partner_of(names: tuple[str, ...], senders: set[str]) -> str | None:
    """Whom the chat is with, by the name that WhatsApp gave the file or the archive it was sent in; None if unknown.

    Programs replace signs that a file name cannot have, so a sender that agrees in all letters is meant.
    """
    for name in names:
        stem = name
        for ending in _ENDINGS:
            stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
        stem = _COPY.sub("", stem.strip())
        match = next((m for pattern in _TITLES if (m := pattern.fullmatch(stem))), None)
        if match is not None:
            said = match["x"].strip()
            return next((sender for sender in sorted(senders) if _letters(sender) == _letters(said)), said)
    return None


def _letters(name: str) -> str:
    kept = re.sub(rf"[{MARKS}\s_/\\:*?\"<>|+()\-]", "", name)
    return kept.casefold()


def is_number(name: str | None) -> bool:
    """Whether WhatsApp shows a telephone number in place of a name."""
    if name is None:
        return False
    plain = re.sub(f"[{MARKS}]", "", name).strip()
    return _NUMBER.fullmatch(plain) is not None and sum(c.isdigit() for c in plain) >= 5
