"""What the fields of a Telegram message mean (formats.md 3.2; core.telegram.org/import-export). Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.formats.wechat.dumpjson import text_of
from evidence.models import Outcome, Stamp
from evidence.times import epoch_stamp, from_utc_text, local_stamp

GROUP_TYPES = ("group", "channel")
ALONE = ("personal_chat", "bot_chat")
_MEDIA_TYPES = {
    "voice_message": "voice",
    "video_message": "video",
    "video_file": "video",
    "animation": "video",
    "audio_file": "file",
    "sticker": "sticker",
}
_KINDS = (
    ("location_information", "location"),
    ("contact_information", "card"),
    ("contact_vcard", "card"),
    ("poll", "poll"),
    ("photo", "image"),
    ("file", "file"),
)
_MEDIA_FIELDS = ("photo", "file", "contact_vcard")
_NEVER = "1970-01-01"
_QUARTER = 900
_FURTHEST = 15 * 3600


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation of an export. ``type`` is Telegram's own word for it."""

    name: str | None = None
    type: str = ""
    id: str = ""

    @property
    def group(self) -> bool:
        """Whether more than two can take part."""
        return any(word in self.type for word in GROUP_TYPES)


@dataclass(slots=True)
class Files:
    """Paths of files that a message names, and what stands there for those that were not exported."""

    named: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def plain_text(value: Any) -> str:
    """The words of a ``text``: a string, or a list of strings and marked pieces. Bounded by the reader of the file."""
    if isinstance(value, list):
        return "".join(text_of(part.get("text")) if isinstance(part, dict) else text_of(part) for part in value)
    return text_of(value)


def message_kind(message: Mapping[str, Any]) -> str:
    """text, image, voice, video, sticker, file, location, card or poll."""
    known = _MEDIA_TYPES.get(text_of(message.get("media_type")))
    return known or next((kind for key, kind in _KINDS if message.get(key)), "text")


def named_files(message: Mapping[str, Any]) -> Files:
    """The files of a message. Telegram writes a sentence in brackets in place of a path it left out."""
    out = Files()
    for key in _MEDIA_FIELDS:
        path = text_of(message.get(key))
        if path.startswith("(") and path.endswith(")") and "/" not in path:
            out.left_out.append(path)
        elif path:
            out.named.append(path)
    return out


def message_time(message: Mapping[str, Any], zone: ZoneInfo) -> tuple[Stamp, bool]:
    """(time, whether ``date`` and ``date_unixtime`` contradict each other).

    ``date_unixtime`` (seconds, UTC) is exact; ``date`` alone, in exports before 2021, is a wall clock without offset.
    """
    local = text_of(message.get("date"))
    wall = _wall(local)
    exact = text_of(message.get("date_unixtime"))
    if exact:
        time = epoch_stamp(exact)
        if time.utc is not None:
            return time, wall is not None and not _agree(wall, from_utc_text(time.utc))
    if wall is None:
        return Stamp(raw=local or exact), False
    return local_stamp(wall, zone, local, "export"), False


def _wall(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is not None or text.startswith(_NEVER) else found


def _agree(wall: datetime, instant: datetime) -> bool:
    """Zones differ by quarters of an hour, and by fifteen hours at most."""
    offset = (wall.replace(tzinfo=UTC) - instant).total_seconds()
    return offset % _QUARTER == 0 and abs(offset) <= _FURTHEST


def was_edited(message: Mapping[str, Any]) -> bool:
    """Whether the message was changed after it was sent; the year 1970 stands for never."""
    edited = text_of(message.get("edited"))
    return bool(text_of(message.get("edited_unixtime")).strip("0") or edited) and not edited.startswith(_NEVER)


def call_end(message: Mapping[str, Any]) -> tuple[Outcome | None, float | None]:
    """Outcome and seconds of a ``phone_call``. A call hung up without any duration leaves open who did it."""
    raw, reason = message.get("duration_seconds"), text_of(message.get("discard_reason"))
    seconds = float(raw) if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 10**7 else None
    if seconds:
        return "answered", seconds
    if reason == "missed":
        return "missed", 0.0
    return ("rejected", 0.0) if reason == "busy" else (None, seconds)


def is_plain(entities: Any, text: str) -> bool:
    """Whether ``text_entities`` says no more than the text itself."""
    if not isinstance(entities, list) or not all(isinstance(part, dict) for part in entities):
        return False
    return all(part.get("type") == "plain" and len(part) == 2 for part in entities) and plain_text(entities) == text
