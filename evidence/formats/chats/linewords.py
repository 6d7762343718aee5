"""What one LINE message is: words, a placeholder for a picture, a call, a withdrawn message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.formats.chats.chatwords import chat_words
from evidence.models import Outcome

_KINDS = ("image", "video", "sticker", "voice", "file", "location", "card")
_PLACEHOLDER = re.compile(r"\[(?P<what>[^\[\]\n]{1,30})\]")
_CALL = re.compile(r"☎\s?(?P<words>[^\n]{0,60}?)\s?(?P<length>(?:\d{1,3}:)?\d{1,3}:\d{2})?")


@dataclass(frozen=True, slots=True)
class LineBody:
    """The kind of a message and what its words say of a call or a withdrawal."""

    kind: str = "text"
    state: str | None = None
    outcome: Outcome | None = None
    duration_s: float | None = None


def read_line_body(text: str, sender: str | None) -> LineBody:
    """Look at one message. Never raises."""
    words = chat_words("line")
    plain = text.strip()
    short = plain if len(plain) < 120 else ""
    if short.rstrip(".。").endswith(words["recalled"]):
        return LineBody("recalled", "recalled")
    call = _CALL.fullmatch(short)
    if call is not None:
        said = call["words"].lower()
        if call["length"]:
            seconds = 0
            for part in call["length"].split(":"):
                seconds = seconds * 60 + int(part)
            return LineBody("call", outcome="answered", duration_s=float(seconds))
        if any(word in said for word in words["call_rejected"]):
            return LineBody("call", outcome="rejected", duration_s=0.0)
        if any(word in said for word in words["call_missed"]):
            return LineBody("call", outcome="missed", duration_s=0.0)
        return LineBody("call")
    if sender is None:
        return LineBody("system")
    holder = _PLACEHOLDER.fullmatch(short)
    what = holder["what"].lower() if holder else ""
    return LineBody(next((kind for kind in _KINDS if what in words[kind]), "text"))
