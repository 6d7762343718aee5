"""What the columns of an iPhone's ``message`` table mean (formats.md 3.7): pure functions from values to values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.formats.iphone.iphonebackup import backup_name
from evidence.formats.iphone.plists import read_plist
from evidence.formats.iphone.typedstream import PLACEHOLDERS, NotATypedStream, attributed_text
from evidence.formats.sqlite.sqliterows import Row
from evidence.times import apple_stamp

EVENTS: Mapping[tuple[int, int], str] = {
    (1, 0): "member_added",
    (1, 1): "member_removed",
    (2, 0): "group_renamed",
    (3, 0): "member_left",
    (3, 1): "group_picture_changed",
    (3, 2): "group_picture_removed",
    (4, 0): "location_shared",
    (5, 0): "voice_message_kept",
    (6, 0): "shared_call",
}
_REACTIONS = ("love", "like", "dislike", "laugh", "emphasise", "question", "emoji", "sticker")
_ADDED, _REMOVED, _BEYOND = 2000, 3000, 4000
_STICKER = 1000
_LINK = "com.apple.messages.URLBalloonProvider"
_PREVIEW = ".pluginPayloadAttachment"
_HOME = re.compile(r"(?:^|/)(Library/(?:SMS|Messages)/(.+))", re.DOTALL)
_VERSIONS = 50  # earlier texts of one message that are kept
TIMES = {
    "date_read": "time_read",
    "date_delivered": "time_delivered",
    "date_played": "time_played",
    "date_edited": "time_edited",
    "date_retracted": "time_retracted",
    "date_recovered": "time_recovered",
}


def is_reaction(row: Row) -> bool:
    """Whether the row is a tapback (a heart, a thumb) or takes one back: no message of its own."""
    kind = row.get("associated_message_type")
    return type(kind) is int and _ADDED <= kind < _BEYOND


def reaction_word(kind: int) -> tuple[str, bool]:
    """What a tapback says, and whether it was taken back."""
    removed = kind >= _REMOVED
    index = kind - (_REMOVED if removed else _ADDED)
    return (_REACTIONS[index] if index < len(_REACTIONS) else str(kind)), removed


def reaction_target(value: Any) -> str | None:
    """The GUID of the message that a tapback is put on: ``p:0/GUID``, ``bp:GUID`` or the bare GUID."""
    if not isinstance(value, str) or not value:
        return None
    return value.rpartition("/")[2].rpartition(":")[2] or None


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a message and where it stands. ``state``: ok, differs, damaged, unreadable.

    ``other`` is what the second place says where the two differ. Placeholders for attachments are left out of ``text``.
    """

    text: str | None
    state: str = "ok"
    other: str | None = None
    from_body: bool = False


def words_of(text: Any, body: Any) -> Words:
    """The text column, else the string of ``attributedBody``; where both speak they are compared."""
    column = text if isinstance(text, str) and text else None
    if not isinstance(body, bytes) or not body:
        return Words(_shown(column))
    if column is not None and _as_archived(column) in body:
        return Words(_shown(column))
    try:
        found = attributed_text(body)
    except NotATypedStream:
        return Words(_shown(column), "unreadable")
    if column is None:
        return Words(_shown(found.text), "damaged" if found.damaged else "ok", from_body=True)
    if _shown(column) == _shown(found.text) or found.damaged:
        return Words(_shown(column), "damaged" if found.damaged else "ok")
    return Words(_shown(column), "differs", _shown(found.text))


def _as_archived(text: str) -> bytes:
    """The bytes by which an archive holds just this text: the quick way to see that both places say the same."""
    data = text.encode("utf-8", "replace")
    size = len(data)
    count = bytes((size,)) if size < 0x80 else b"\x81" + size.to_bytes(2, "little") if size < 1 << 16 else b"\x82"
    return b"\x84\x01+" + count + data if size < 1 << 16 else data


def _shown(text: str | None) -> str | None:
    if text is None:
        return None
    if "\ufffc" in text or text in PLACEHOLDERS:
        text = text.replace("\ufffc", "")
        text = "" if text == "\ufffd" else text
    return text or None


def earlier_texts(summary: Any) -> tuple[list[dict[str, Any]], bool]:
    """What an edited message said before (``message_summary_info``), and whether parts of it were taken back."""
    found = read_plist(summary) if isinstance(summary, bytes) else None
    if found is None:
        return [], False
    texts: list[dict[str, Any]] = []
    parts = found.get("ec")
    for part, versions in parts.items() if isinstance(parts, dict) else ():
        for version in versions[:_VERSIONS] if isinstance(versions, list) else ():
            if isinstance(version, dict) and isinstance(version.get("t"), bytes) and len(texts) < _VERSIONS:
                texts.extend(_version(str(part), version))
    return texts, bool(found.get("rp"))


def _version(part: str, version: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    try:
        text = attributed_text(version["t"]).text
    except NotATypedStream:
        return
    yield {"part": part, "time": apple_stamp(version.get("d")).utc, "text": text}


def attachment_places(filename: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Where the file of an attachment can lie beside the database: (name, folders to look in).

    In a backup under the SHA-1 of its domain and path, in a folder of the first two digits or (before iOS 10) without
    one; in a copied file tree under ``Attachments``, with or without the names of the domains.
    """
    match = _HOME.search(filename)
    if match is None:
        return ()
    inside, below = match[1], match[2]
    digests = (backup_name(domain, inside) for domain in ("MediaDomain", "HomeDomain"))
    hashed = tuple((digest, (f"../{digest[:2]}/", "")) for digest in digests)
    return ((below, ("",)), *hashed, (inside, ("../../../MediaDomain/", "../../")))


def is_preview(attachment: Mapping[str, Any]) -> bool:
    """Whether an attachment is the phone's own picture of a link or an app, not something that was sent as a file."""
    name = attachment.get("filename") or attachment.get("transfer_name")
    return isinstance(name, str) and name.endswith(_PREVIEW)


def message_type(row: Row, mimes: list[str], words: str | None) -> str:
    """text, image, voice, video, file, sticker, card, location, link, app, system or recalled."""
    if row.get("item_type"):
        return "system"
    if row.get("associated_message_type") == _STICKER:
        return "sticker"
    if row.get("is_audio_message"):
        return "voice"
    bundle = row.get("balloon_bundle_id")
    if isinstance(bundle, str) and bundle:
        return "link" if bundle == _LINK else "app"
    if not mimes:
        return "recalled" if row.get("date_retracted") and not words else "text"
    mime = mimes[0]
    for start, word in (
        ("image/", "image"),
        ("video/", "video"),
        ("audio/", "voice"),
        ("text/x-vlocation", "location"),
    ):
        if mime.startswith(start):
            return word
    return "card" if "vcard" in mime else "file"
