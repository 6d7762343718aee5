"""What one WhatsApp message is: words, an attachment, a call, a deleted message, a line of the program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from evidence.formats.chats.chatclock import MARK_SIGNS, MARKS
from evidence.formats.chats.chatwords import chat_words
from evidence.models import Outcome

_EDGE = MARK_SIGNS + " \t\r\n\u00a0\u202f\u3000"  # stripped, not matched: a search would be quadratic
_MARKS = re.compile(f"[{MARKS}]")
_BEHIND = re.compile(
    rf"[{MARKS}]{{0,8}}(?P<name>[^\n]{{1,255}}?\.[A-Za-z0-9]{{1,8}}) \((?P<word>[^()\n]{{1,40}})\)"
    rf"[{MARKS}]{{0,8}}(?=\n|$)"
)
_BEFORE = re.compile(
    rf"(?P<mark>[\u200e\u200f]?)<(?P<word>[^<>:：\n]{{1,30}})[:：] ?(?P<name>[^<>\n]{{1,255}})>"
    rf"[{MARKS}]{{0,8}}\s{{0,4}}$"
)
_EDITED = re.compile(rf"\s?[{MARKS}]{{0,4}}<[{MARKS}]{{0,4}}(?P<word>[^<>\n]{{1,60}})>[{MARKS}]{{0,4}}\s{{0,4}}$")
_LENGTH = re.compile(
    r"(?P<n>\d{1,4})\s?(?P<unit>hours?|hr|h|minutes?|mins?|min|m|seconds?|secs?|sec|s|小时|小時|分钟|分鐘|分|秒钟|秒鐘|秒)(?![A-Za-z])",
    re.I,
)
_SECONDS = {"h": 3600, "小": 3600, "m": 60, "分": 60, "s": 1, "秒": 1}
_LONGEST_OWN = 90  # words of the program under a person's name are shorter, its notices apart
_QUOTED = re.compile('["“”„«「『]([^"“”„«»「」『』]{1,200})["“”»」』]')
_NAME_DATE = re.compile(
    r"(?:^|[^0-9])(?:(?:IMG|VID|AUD|PTT|DOC|STK)-(\d{4})(\d\d)(\d\d)-WA\d|\d{1,9}-[A-Z]{3,8}-(\d{4})-(\d\d)-(\d\d)-\d\d-\d\d)"
)
_PREFIXES = {
    "IMG": "image", "PHOTO": "image", "VID": "video", "VIDEO": "video", "PTT": "voice", "AUDIO": "voice",
    "AUD": "voice", "STK": "sticker", "STICKER": "sticker", "GIF": "image", "DOC": "file",
}  # fmt: skip
_ENDINGS = {
    "jpg": "image", "jpeg": "image", "png": "image", "heic": "image", "gif": "image", "mp4": "video", "mov": "video",
    "3gp": "video", "opus": "voice", "m4a": "voice", "mp3": "voice", "aac": "voice", "amr": "voice", "ogg": "voice",
    "webp": "sticker", "vcf": "card",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of ``whatsapp.tsv``, ready for comparing."""

    all: Mapping[str, tuple[str, ...]]
    calls: tuple[str, ...]
    deleted: frozenset[str]
    omitted: Mapping[str, str]


@cache
def _words() -> _Words:
    all_words = chat_words("whatsapp")
    omitted = {
        words: meaning.removeprefix("omitted_").replace("media", "file")
        for meaning, texts in all_words.items()
        if meaning.startswith("omitted_")
        for words in texts
    }
    calls = sorted((*all_words["call_missed"], *all_words["call"]), key=len, reverse=True)
    deleted = frozenset((*all_words["deleted"], *all_words["deleted_by_owner"]))
    return _Words(all_words, tuple(calls), deleted, omitted)


@dataclass(slots=True)
class Body:
    """A message taken apart. ``text`` is what a person wrote (or the program's words); ``marker`` what was cut off.

    ``mine`` is True where the words themselves say that the phone's owner did it. ``event`` is for lines of the
    program: group_subject, group, blocked; ``subject`` a group's new name.
    """

    kind: str
    text: str
    state: str | None = None
    marker: str | None = None
    files: list[str] = field(default_factory=list)
    omitted: bool = False
    outcome: Outcome | None = None
    duration_s: float | None = None
    mine: bool | None = None
    event: str | None = None
    subject: str | None = None


def read_body(text: str, sender: str | None) -> Body:
    """Take one message apart. Never raises."""
    words = _words()
    marked = text.startswith("\u200e")
    plain = text.strip(_EDGE)
    notice = plain[:_LONGEST_OWN].lower().startswith(words.all["notice"])
    if sender is not None and len(plain) > _LONGEST_OWN and not marked and not notice:
        return _written(plain)
    said = _MARKS.sub("", plain).rstrip(" .。").lower() if len(plain) < 400 else ""
    call = _call(said)
    if call is not None:
        return Body("call", plain, outcome=call[0], duration_s=call[1], mine=call[2] if sender is None else None)
    if sender is None or (
        (marked or said.startswith(words.all["notice"])) and any(word in said for word in words.all["system"])
    ):
        return _system(plain, said)
    if said in words.deleted:
        return Body("text", plain, "deleted", mine=True if said in words.all["deleted_by_owner"] else None)
    if said in words.omitted or (said + ">") in words.omitted:
        return Body(words.omitted.get(said) or words.omitted[said + ">"], plain, omitted=True)
    if marked and any(word in said for word in words.all["system_marked"]):
        return _system(plain, said)
    return _written(plain)


def _written(plain: str) -> Body:
    """Words of a person, with or without an attachment."""
    words, body = _words(), Body("text", plain)
    edited = _EDITED.search(plain)
    if edited is not None and edited["word"].strip(" .。").lower() in words.all["edited"]:
        body.state, body.marker = "edited", _MARKS.sub("", edited[0]).strip()
        body.text = plain = plain[: edited.start()].strip(_EDGE)
    behind = _BEHIND.match(plain)
    if behind is not None and behind["word"].strip().lower() in words.all["attached_behind"]:
        return _attachment(body, behind["name"], plain[behind.end() :], behind[0])
    before = _BEFORE.search(plain)
    if before is not None and "." in before["name"]:
        known = before["word"].strip().lower() in words.all["attached_before"]
        if known or (before["mark"] and _NAME_DATE.search(before["name"])):
            return _attachment(body, before["name"], plain[: before.start()], before[0])
    if "\u200e" in plain:  # a caption, then the sign that a picture was left out
        lowered = _MARKS.sub("", plain[-80:]).lower().rstrip()
        kind = next((kind for omitted, kind in words.omitted.items() if lowered.endswith(omitted)), None)
        if kind is not None:
            body.kind, body.omitted = kind, True
    return body


def _attachment(body: Body, name: str, caption: str, marker: str) -> Body:
    body.files = [_MARKS.sub("", name).strip()]
    body.kind = _file_kind(body.files[0])
    body.text = caption.strip(_EDGE)
    own = _MARKS.sub("", marker).strip()
    body.marker = own if body.marker is None else f"{own} {body.marker}"
    return body


def _file_kind(name: str) -> str:
    for part in name.upper().split("-")[:2]:
        if part in _PREFIXES:
            return _PREFIXES[part]
    return _ENDINGS.get(name.rsplit(".", 1)[-1].lower(), "file")


def _system(plain: str, said: str) -> Body:
    words, body = _words(), Body("system", plain)
    if any(word in said for word in words.all["subject_changed"]):
        body.event = "group_subject"
        quoted = _QUOTED.findall(plain)
        body.subject = quoted[-1] if quoted else None
    elif any(word in said for word in words.all["blocked"]):
        body.event = "blocked"
    elif any(word in said for word in words.all["group_event"]):
        body.event = "group"
        quoted = _QUOTED.findall(plain)
        body.subject = quoted[-1] if quoted and ("create" in said or "建" in said) else None
    return body


def _call(said: str) -> tuple[Outcome | None, float | None, bool | None] | None:
    """(outcome, seconds, by the owner) of a whole line that tells of a call, None for any other line."""
    words = _words()
    if not said.startswith(words.calls):
        return None
    start = next(word for word in words.calls if said.startswith(word))
    rest = said[len(start) :].strip(" .,，。:-–")
    missed = start in words.all["call_missed"]
    if missed and (not rest or rest in words.all["call_back"] or _clock_only(rest)):
        return "missed", 0.0, False
    if missed:
        return None
    if rest in words.all["call_unanswered"]:
        return "missed", 0.0, None
    if rest in words.all["call_rejected"]:
        return "rejected", 0.0, None
    seconds = _length(rest)
    return None if seconds is None else ("answered", seconds, None)


def _clock_only(rest: str) -> bool:
    return re.fullmatch(r"(?:at |um |à |a las )?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m)?", rest) is not None


def _length(rest: str) -> float | None:
    """Seconds of ``5 min``, ``1 hr 2 min``, ``5分钟``; None when other words stand there."""
    total, left = 0.0, rest
    for match in _LENGTH.finditer(rest):
        total += int(match["n"]) * _SECONDS[match["unit"][0].lower()]
        left = left.replace(match[0], "", 1)
    return total if left != rest and not left.strip(" ,，") else None


def day_in_name(text: str) -> date | None:
    """The day that WhatsApp put into the name of an attachment: the day on which it was sent or received."""
    if len(text) > 1000:
        return None
    match = _NAME_DATE.search(text)
    parts = [int(part) for part in match.groups() if part] if match else []
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None
