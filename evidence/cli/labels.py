"""The stored codes as words that a person reads. JSON, CSV and spreadsheets keep the codes."""

from __future__ import annotations

from evidence.guides import titles
from evidence.i18n import gettext as _


def word(code: str | None) -> str:
    """The word for a code, in the active language; nothing for None, and an unknown code as it is."""
    if not code:
        return ""
    known = _words()
    return known[code] if code in known else titles().get(code, code)


def _words() -> dict[str, str]:
    """What a file is, kinds of records, how a call went, who somebody is, and what was decided."""
    return {
        "recording": _("recording"), "image": _("picture"), "transcript": _("transcript"), "call": _("call"),
        "sms": _("text message"), "mms": _("picture message"), "chat": _("chat"), "email": _("email"),
        "note": _("note"), "visit": _("visit"), "document": _("document"), "media": _("file"),
        "answered": _("answered"), "missed": _("missed"), "rejected": _("rejected"),
        "self": _("the borrower"), "lender": _("lender"), "platform": _("platform"), "collector": _("collector"),
        "lawyer": _("lawyer"), "authority": _("authority"), "guarantor": _("guarantor"), "relative": _("relative"),
        "friend": _("friend"), "colleague": _("colleague"), "employer": _("employer"), "neighbour": _("neighbour"),
        "other": _("other"), "unknown": _("unknown"), "debtor": _("debtor"), "co_borrower": _("co-borrower"),
        "spouse": _("spouse"), "parent": _("parent"), "child": _("child"), "referee": _("referee"),
        "emergency_contact": _("emergency contact"), "contact_list": _("somebody in the contact list"),
        "stranger": _("stranger"), "pending": _("not reviewed"), "confirmed": _("confirmed"),
        "dismissed": _("dismissed"), "machine": _("by the program"), "person": _("by a person"),
    }  # fmt: skip
