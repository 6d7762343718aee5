"""The property streams of an Outlook item in an OLE file (MS-OXMSG 2, MS-OXPROPS): read one by one, with bounds.

Written after the format documents. Only what is asked for is loaded, so a file with a thousand attachments is read one
attachment at a time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evidence.formats.mail.maildates import filetime_text
from evidence.formats.mail.mailheaders import decode_bytes

PROPERTIES = "__properties_version1.0"
MAX_STREAM = 256 << 20
_STRING8, _UNICODE, _BINARY, _TIME, _LONG, _BOOL = 0x001E, 0x001F, 0x0102, 0x0040, 0x0003, 0x000B
_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
_BODY, _HTML = 0x1000, 0x1013
# Windows code page numbers whose Python name is not "cp" and the number.
_CODEPAGES = {936: "gb18030", 54936: "gb18030", 20936: "gb18030", 950: "big5", 65001: "utf-8", 1200: "utf-16-le",
              20127: "ascii", 28591: "iso8859-1", 28605: "iso8859-15", 50220: "iso2022_jp", 51936: "gb18030",
              52936: "hz", 20866: "koi8-r", 51932: "euc_jp", 51949: "euc_kr", 65000: "utf-7"}  # fmt: skip


def codec_of_page(page: int | None) -> str | None:
    """Python's name of a Windows code page, None when there is none."""
    if page is None:
        return None
    return _CODEPAGES.get(page, f"cp{page}")


@dataclass(frozen=True, slots=True)
class Store:
    """One item of the file: the message itself, a recipient, an attachment or an inner message.

    ``path`` is its folder in the OLE file; ``fixed`` the values of fixed length (property id to type and 8 bytes);
    ``page`` the code page of its 8-bit strings, inherited where it names none.
    """

    ole: Any
    path: tuple[str, ...]
    fixed: dict[int, tuple[int, bytes]]
    page: int | None = None

    def text(self, pid: int) -> str | None:
        """A string property; 8-bit ones in the code page of the message, by the ladder where that does not fit."""
        data = self._stream(pid, _UNICODE)
        if data is not None:
            return data.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace").decode()
        data = self._stream(pid, _STRING8)
        if data is None:
            return None
        page = self.number(_INTERNET_CODEPAGE) if pid in (_BODY, _HTML) else None
        return decode_bytes(data.rstrip(b"\0"), codec_of_page(page or self.page))[0]

    def data(self, pid: int) -> bytes | None:
        """A binary property."""
        return self._stream(pid, _BINARY)

    def number(self, pid: int) -> int | None:
        """A whole number property, unsigned."""
        kind, value = self.fixed.get(pid, (0, b""))
        if kind == _LONG:
            return int(struct.unpack_from("<I", value)[0])
        return value[0] if kind == _BOOL else None

    def time(self, pid: int) -> str | None:
        """A time property as UTC text."""
        kind, value = self.fixed.get(pid, (0, b""))
        return filetime_text(struct.unpack("<Q", value)[0]) if kind == _TIME else None

    def html(self) -> tuple[bytes, str | None] | None:
        """The HTML body as bytes and its charset."""
        data = self.data(_HTML)
        if data is not None:
            return data, codec_of_page(self.number(_INTERNET_CODEPAGE) or self.page)
        text = self.text(_HTML)
        return None if text is None else (text.encode(), "utf-8")

    def children(self, prefix: str) -> Iterator[Store]:
        """Recipients (``__recip_version1.0_#``) or attachments (``__attach_version1.0_#``), in file order."""
        depth = len(self.path)
        names = {
            entry[depth]
            for entry in self.ole.listdir(streams=True, storages=True)
            if tuple(entry[:depth]) == self.path and len(entry) > depth and entry[depth].startswith(prefix)
        }
        for name in sorted(names):
            yield open_store(self.ole, (*self.path, name), 8, self.page)

    def inner(self) -> Store | None:
        """The message that an attachment holds (PidTagAttachDataObject), None when it is no message."""
        path = (*self.path, "__substg1.0_3701000D")
        if not self.ole.exists([*path, PROPERTIES]):
            return None
        return open_store(self.ole, path, 24, self.page)

    def _stream(self, pid: int, kind: int) -> bytes | None:
        path = [*self.path, f"__substg1.0_{pid:04X}{kind:04X}"]
        if not self.ole.exists(path) or self.ole.get_size(path) > MAX_STREAM:
            return None
        with self.ole.openstream(path) as stream:
            data: bytes = stream.read()
        return data


def open_store(ole: Any, path: tuple[str, ...], header: int, page: int | None = None) -> Store:
    """The item in folder ``path``; ``header`` is the length of its property stream's head (32 for the message itself,
    24 for an inner one, 8 for the rest)."""
    fixed: dict[int, tuple[int, bytes]] = {}
    name = [*path, PROPERTIES]
    if ole.exists(name) and ole.get_size(name) <= 1 << 20:
        with ole.openstream(name) as stream:
            data = stream.read()
        for at in range(header, len(data) - 15, 16):
            kind, pid = struct.unpack_from("<HH", data, at)
            fixed.setdefault(pid, (kind, data[at + 8 : at + 16]))
    store = Store(ole, path, fixed, page)
    return Store(ole, path, fixed, store.number(_CODEPAGE) or page)
