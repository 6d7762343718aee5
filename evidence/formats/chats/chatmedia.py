"""Files that a chat names and that came in beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evidence.importers.base import Neighbour
from evidence.models import Media
from evidence.sniff import sniff

Find = Callable[[str], Neighbour | None]
_SNIFFED = 4096
_UNKNOWN = "application/octet-stream"


@dataclass(slots=True)
class Named:
    """What became of the files one message names: those that came along, and the names of those that did not."""

    media: list[Media] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def named_file(find: Find, name: str, places: tuple[str, ...] = ("",)) -> Media | None:
    """The file ``name`` (a path relative to the chat, with ``/`` or ``\\``) when it came in with the chat, else None.

    ``places`` are folders to look in. A name that would lead out of the chat's own folder is never looked for.
    """
    parts = name.replace("\\", "/").split("/")
    if not name or any(part in ("", "..") or "\0" in part for part in parts) or ":" in parts[0]:
        return None
    for place in places:
        found = find(place + "/".join(parts))
        if found is not None:
            return Media(found.sha256, found.size, _mime(found), found.name)
    return None


def look_up(find: Find, names: list[str], places: tuple[str, ...] = ("",)) -> Named:
    """:func:`named_file` for each of ``names``, once each."""
    out = Named()
    for name in dict.fromkeys(names):
        media = named_file(find, name, places)
        if media is None:
            out.missing.append(name)
        else:
            out.media.append(media)
    return out


def _mime(found: Neighbour) -> str:
    """By its first bytes; a file that cannot be opened now is still named with its hash."""
    try:
        with found.path.open("rb") as stream:
            return sniff(stream.read(_SNIFFED)) or _UNKNOWN
    except OSError:
        return _UNKNOWN
