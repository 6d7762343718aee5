"""One MMS of an Android backup: its text, its attachments and who took part (formats.md 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from evidence.formats.android.androidfields import (
    ADDRESS_ROLES,
    MESSAGE_TYPES,
    OWNER_TOKEN,
    is_null,
    participants,
    split_addresses,
)
from evidence.formats.xml.base64stream import Base64Reader
from evidence.formats.xml.xmlrecords import Node
from evidence.i18n import gettext as _
from evidence.importers.base import Attach
from evidence.models import Direction, Media, Participant, Problem
from evidence.sniff import looks_cut, sniff

SMIL = "application/smil"
NOTIFICATION = "130"  # m_type: a message that was announced and never fetched
_PEEK = 512
_TEXT_LIMIT = 1 << 20


@dataclass(slots=True)
class Mms:
    """What one message says. ``number`` is the other side as found, None in a group without one sender."""

    extras: dict[str, Any]
    direction: Direction | None = None
    number: str | None = None
    text: str | None = None
    participants: tuple[Participant, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(slots=True)
class _Parts:
    texts: list[tuple[int, str]] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_mms(element: Node, locator: str, attach: Attach) -> tuple[Mms, list[Problem]]:
    """The message, and a problem for each part that is damaged. Attachments go to ``attach`` as they are."""
    extras: dict[str, Any] = element.attributes
    parts, addresses, others = _Parts(), [], []
    for child in element.children:
        if child.tag == "parts":
            for part in child.children:
                _read_part(part, f"{locator}/part[{len(parts.kept) + 1}]", parts, attach)
        elif child.tag == "addrs":
            addresses = [addr.attributes for addr in child.children]
        else:
            others.append({"tag": child.tag, **child.attributes})
    if parts.kept:
        extras["parts"] = parts.kept
    if addresses:
        extras["addrs"] = addresses
    if others:
        extras["elements"] = others
    direction, state = MESSAGE_TYPES.get(extras.get("msg_box", ""), (None, None))
    if state is not None:
        extras["state"] = state
    if extras.get("m_type") == NOTIFICATION and not parts.kept:
        extras["content"] = "never_fetched"
    lines = [text for _seq, text in sorted(parts.texts, key=lambda item: item[0])]
    subject = extras.get("sub")
    if not is_null(subject):
        lines.insert(0, str(subject))
    people = participants(addresses) or _from_address(extras.get("address"), direction)
    message = Mms(
        extras,
        direction,
        _other_side(extras.get("address"), addresses, direction),
        "\n".join(lines) if lines else None,
        people,
        tuple(parts.media),
    )
    return message, parts.problems


def _from_address(address: str | None, direction: Direction | None) -> tuple[Participant, ...]:
    """Participants of a message without ``<addrs>``; roles only where one peer and a direction settle them."""
    numbers = split_addresses(address)
    entries = [{"address": number} for number in numbers]
    if len(entries) == 1 and direction is not None:
        code = "137" if direction == "in" else "151"
        entries[0]["type"] = code
    return participants(entries)


def _other_side(address: str | None, addresses: list[dict[str, str]], direction: Direction | None) -> str | None:
    """The sender of what was received, the only addressee of what was sent; None where there are several."""
    if direction == "in":
        for entry in addresses:
            raw = entry.get("address")
            if ADDRESS_ROLES.get(entry.get("type", "")) == "from" and not is_null(raw) and raw != OWNER_TOKEN:
                return raw
    numbers = split_addresses(address)
    return numbers[0] if len(numbers) == 1 else None


def _read_part(part: Node, locator: str, parts: _Parts, attach: Attach) -> None:
    attributes: dict[str, Any] = dict(part.attributes)
    data: str | bytes | None = attributes.pop("data", None) if part.payload is None else part.payload
    parts.kept.append(attributes)
    stated = str(attributes.get("ct", "")).split(";")[0].strip().lower()
    text = attributes.get("text")
    is_text = stated in ("text/plain", "text/html")
    if is_text and text is not None:
        parts.texts.append((_sequence(attributes), text))
        if _is_absent(data):
            return
    if data is None or _is_absent(data):
        if stated != SMIL and is_null(text):
            attributes["state"] = "without_content"
        return
    _attach(data, stated, attributes, locator, parts, attach)


def _is_absent(data: str | bytes | None) -> bool:
    return not isinstance(data, bytes) and is_null(data)


def _sequence(attributes: Mapping[str, str]) -> int:
    try:
        return int(attributes.get("seq", "0"))
    except ValueError:
        return 0


def part_name(attributes: Mapping[str, str], ordinal: int) -> str:
    """The name a part has in the file: name, cl, fn, then cid; else its place."""
    for key in ("name", "cl", "fn", "cid"):
        value = attributes.get(key)
        if value is not None and not is_null(value):
            return value.removeprefix("<").removesuffix(">") if key == "cid" else value
    return f"part-{ordinal}"


def _attach(
    data: str | bytes, stated: str, attributes: dict[str, Any], locator: str, parts: _Parts, attach: Attach
) -> None:
    """Hand the bytes on, and mark what is damaged: it is kept as it is, undecodable or not."""
    stream = Base64Reader(data)
    head = stream.peek(_PEEK)
    seen = sniff(head)
    written = (len(data) + 2) // 3 * 4 if isinstance(data, bytes) else len(data)
    if stated.startswith("text/") and attributes.get("text") is None and written < _TEXT_LIMIT:
        _text_from_bytes(data, stated, attributes, parts)
    media = attach(cast(BinaryIO, stream), part_name(attributes, len(parts.kept)), seen or stated)
    parts.media.append(media)
    attributes["sha256"], attributes["size"] = media.sha256, media.size
    if seen is not None and seen != stated:
        attributes["sniffed"] = seen
    if stream.damaged:
        attributes["state"] = "base64_damaged"
    elif looks_cut(seen, head, stream.tail, media.size):
        attributes["state"] = "cut_off"
    if "state" in attributes:
        message = _("{locator}: the attachment {name} is damaged; it is kept as it is.")
        parts.problems.append(
            Problem("part_damaged", message.format(locator=locator, name=media.name), "", locator, "warning")
        )


def _text_from_bytes(data: str | bytes, stated: str, attributes: Mapping[str, str], parts: _Parts) -> None:
    """The words of a text part that came as bytes, when they are plainly UTF-8."""
    reader = Base64Reader(data)
    try:
        text = reader.read().decode()
    except UnicodeDecodeError:
        return
    if stated in ("text/plain", "text/html") and not reader.damaged:
        parts.texts.append((_sequence(attributes), text))
