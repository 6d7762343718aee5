"""Files that lie inside another file: kept under their hash, named harmlessly, never opened or run."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from evidence.importers.base import Attach
from evidence.models import Media
from evidence.sniff import sniff

_PEEK = 4096
_NAME_BYTES = 200
_ENDING_CHARS = 16
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_BY_ENDING = {
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "txt": "text/plain", "csv": "text/csv",
    "eml": "message/rfc822", "html": "text/html", "htm": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
# What Windows, Android or macOS would run on a double click, and Office files that carry macros.
_RUNS = re.compile(
    r"\.(exe|scr|com|pif|cpl|bat|cmd|ps1|vbs|vbe|jse?|ws[fh]|hta|ms[ip]|lnk|url|reg|dll|sys|jar|x?apk|ipa|dmg|pkg|app|iso"
    r"|img|vhd|chm|scf|inf|gadget|sh|elf|do[ct]m|xl[st]m|xlam|pp[to]m|potm|ppam|xll)\s*$",
    re.I,
)
_RUN_MAGIC = (b"MZ", b"\x7fELF", b"L\0\0\0\x01\x14\x02\0", b"ITSF", b"\xca\xfe\xba\xbe", b"dex\n")


def plain_name(raw: str, fallback: str) -> str:
    """A name for showing: the last part of a path, no control or direction marks, at most 200 bytes, ending kept."""
    name = _UNSEEN.sub("", raw.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if not name:
        return fallback
    if len(name.encode()) <= _NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending if stem and len(ending) <= _ENDING_CHARS else ""
    room = _NAME_BYTES - len(tail.encode())
    return (stem if tail else name).encode()[:room].decode(errors="ignore") + tail


def is_dangerous(name: str, head: bytes) -> bool:
    """Whether opening the file could run something: by its real last ending, or its first bytes."""
    return _RUNS.search(name) is not None or head.startswith(_RUN_MAGIC)


def mime_of(head: bytes, name: str, stated: str) -> str:
    """By the first bytes; else as stated (a picture type that the bytes do not show is not believed); else by name."""
    seen = sniff(head)
    by_ending = _BY_ENDING.get(name.lower().rpartition(".")[2])
    if seen == "application/zip" and by_ending is not None and "openxml" in by_ending:
        return by_ending
    if seen is not None:
        return seen
    stated = stated.strip().lower()
    if _MIME.fullmatch(stated) and not stated.startswith("image/") and stated != "application/octet-stream":
        return stated
    return by_ending or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Kept:
    """One part that was kept; ``about`` is what its record's extras say of it."""

    media: Media
    dangerous: bool
    about: Mapping[str, object]


def keep_part(stream: IO[bytes], raw_name: str, stated: str, fallback: str, attach: Attach) -> Kept:
    """Keep the bytes of ``stream``. ``raw_name`` and ``stated`` type are the source's claims."""
    head = stream.read(_PEEK)
    name = plain_name(raw_name, fallback)
    mime = mime_of(head, name, stated)
    media = attach(cast(BinaryIO, _Rejoined(head, stream)), name, mime)
    dangerous = is_dangerous(name, head)
    about: dict[str, object] = {"name": name, "sha256": media.sha256, "size": media.size, "mime": mime}
    if raw_name and raw_name != name:
        about["name_raw"] = raw_name.encode("utf-8", "backslashreplace").decode()
    if stated and stated.lower() != mime:
        about["mime_stated"] = stated
    if dangerous:
        about["dangerous"] = True
    return Kept(media, dangerous, about)


class _Rejoined(io.RawIOBase):
    """The bytes that were looked at, and then the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """As ``io.RawIOBase.read``."""
        if size is None or size < 0:
            out, self._head = self._head + self._rest.read(), b""
            return out
        if self._head:
            out, self._head = self._head[:size], self._head[size:]
            return out
        return self._rest.read(size)

    def readinto(self, buffer: Any, /) -> int:
        """As ``io.RawIOBase.readinto``."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
