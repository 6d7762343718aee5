"""One MMS out of rows: the message, its parts and its addresses, with part files that lie beside the source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.formats.android.androidfields import is_null
from evidence.formats.android.androidmms import Mms, part_name, read_mms
from evidence.formats.android.androidvalues import as_text, header_text, kept, put
from evidence.formats.xml.xmlrecords import Node
from evidence.i18n import gettext as _
from evidence.importers.base import Attach, Neighbour
from evidence.models import Media, Problem
from evidence.sniff import looks_cut, sniff

_HEAD, _TAIL = 512, 64
_USED = ("sub", "msg_box", "m_type", "address")  # columns that evidence.formats.android.androidmms looks at
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the table ``part``; ``base64`` is its content where the source carries it."""

    row: Mapping[str, Any]
    base64: str | None = None


@dataclass(frozen=True, slots=True)
class MmsRow:
    """A row of the table ``pdu`` with what belongs to it.

    ``peers`` are the other numbers of the conversation, for messages whose addresses do not tell the other side; of
    a sent message its addressees.
    """

    row: Mapping[str, Any]
    parts: Sequence[Part] = ()
    addresses: Sequence[Mapping[str, Any]] = ()
    peers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where part files may lie: ``places`` are folders relative to the source, each ending in ``/``."""

    find: Callable[[str], Neighbour | None]
    places: tuple[str, ...] = ()


def mms_of(message: MmsRow, locator: str, attach: Attach, around: Surroundings) -> tuple[Mms, list[Problem]]:
    """The message in the words of ``formats.android.androidmms``; its extras keep the source's values unchanged."""
    attributes = [_part_attributes(part) for part in message.parts]
    node = Node("mms", _attributes({key: message.row.get(key) for key in _USED}), [])
    if "sub" in node.attributes:
        node.attributes["sub"] = header_text(node.attributes["sub"], message.row.get("sub_cs")) or ""
    if is_null(node.attributes.get("address")) and message.peers:
        node.attributes["address"] = "~".join(message.peers)
    node.children.append(Node("parts", {}, [Node("part", dict(part)) for part in attributes]))
    node.children.append(Node("addrs", {}, [Node("addr", _attributes(row)) for row in message.addresses]))
    read, problems = read_mms(node, locator, attach)
    inline = iter(read.media)
    media: list[Media] = []
    missing: list[str] = []
    parts = []
    for n, (part, before, after) in enumerate(
        zip(message.parts, attributes, read.extras.pop("parts", []), strict=True), 1
    ):
        found = {key: value for key, value in after.items() if value != before.get(key)}
        if not is_null(before.get("data")):
            media.append(next(inline))
        elif is_null(before.get("text")) and (name := _file_name(part)):
            file = _look_up(around, name)
            if file is None:
                missing.append(name)
            else:
                found.pop("state", None)
                media.append(_media(file, before, n, found, locator, problems))
        parts.append({**kept(part.row), **found})
    read.media = tuple(media)
    ours = {key: value for key, value in read.extras.items() if key not in (*_USED, "addrs")}
    read.extras = {key: value for key, value in kept(message.row).items() if key != "date"}
    ours |= {"parts": parts} if parts else {}
    ours |= {"addrs": [kept(row) for row in message.addresses]} if message.addresses else {}
    ours |= {"missing_media": missing} if missing else {}
    for key, value in ours.items():
        put(read.extras, key, value)
    return read, problems


def _attributes(row: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): text for key, value in row.items() if (text := as_text(value)) is not None}


def _part_attributes(part: Part) -> dict[str, str]:
    """The row as text, with names that can be read, and the content under ``data``."""
    out = _attributes(part.row)
    out.pop("data", None)
    for key in ("name", "cl", "fn", "cid"):
        if key in out:
            out[key] = header_text(out[key], part.row.get("chset")) or ""
    if part.base64 is not None:
        out["data"] = part.base64
    return out


def _file_name(part: Part) -> str:
    """The last segment of ``_data``, the path that the content had on the phone; "" where there is none."""
    path = as_text(part.row.get("_data"))
    name = "" if path is None or is_null(path) else path.replace("\\", "/").rsplit("/", 1)[-1]
    return "" if name in (".", "..") or "\0" in name else name


def _look_up(around: Surroundings, name: str) -> Neighbour | None:
    return next((found for place in around.places if (found := around.find(place + name)) is not None), None)


def _media(
    file: Neighbour, part: Mapping[str, str], ordinal: int, found: dict[str, Any], locator: str, problems: list[Problem]
) -> Media:
    """The kept file as the part's content. Its name is the part's own, not the one that it has on the phone."""
    head = tail = b""
    try:
        with file.path.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(max(0, file.size - _TAIL))
            tail = stream.read(_TAIL)
    except OSError as error:
        found["unread"] = str(error.strerror or error)
    stated = part.get("ct", "").split(";")[0].strip().lower()
    seen = sniff(head)
    media = Media(file.sha256, file.size, seen or stated or _UNKNOWN, part_name(part, ordinal))
    found["sha256"], found["size"] = media.sha256, media.size
    if seen is not None and seen != stated:
        found["sniffed"] = seen
    if looks_cut(seen, head, tail, file.size):
        found["state"] = "cut_off"
        words = _("{locator}: the attachment {name} is damaged; it is kept as it is.")
        place = f"{locator}/part[{ordinal}]"
        problems.append(Problem("part_damaged", words.format(locator=place, name=media.name), "", place, "warning"))
    return media
