"""The parts of a saved web archive (MIME multipart/related, RFC 2557) of any size, one after the other.

Nothing is held in memory but the piece at hand: a body is read as a stream until the next boundary line.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from evidence.errors import Unreadable
from evidence.i18n import gettext as _

_PIECE = 1 << 18
_HEADER_LIMIT = 64 * 1024
_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(slots=True)
class MhtPart:
    """``headers`` with lower-case names; ``offset`` the byte where the part begins. ``body`` may be read once."""

    headers: dict[str, str]
    offset: int
    body: PartBody

    @property
    def mime(self) -> str:
        """The type as stated, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def encoding(self) -> str:
        """The transfer encoding as stated, lower case."""
        return self.headers.get("content-transfer-encoding", "").strip().lower()


class PartBody(io.RawIOBase):
    """The raw bytes of a part up to the line that ends it; ``ended`` tells that the line was found."""

    def __init__(self, file: BinaryIO, boundary: bytes) -> None:
        super().__init__()
        self._file, self._mark = file, b"\n--" + boundary
        self._held = b"\n"  # so that a boundary right at the start is found
        self._fresh = True
        self.ended = False

    def readable(self) -> bool:
        """Always."""
        return True

    def piece(self) -> bytes:
        """The next bytes, b"" at the end of the part. What follows the part stays unread in the file."""
        while not self.ended:
            data = self._file.read(_PIECE)
            window = self._held + data
            at = window.find(self._mark)
            if at >= 0:
                self.ended = True
                self._file.seek(at + 1 - len(window), io.SEEK_CUR)
                out = window[:at]
            elif not data:
                out, self._held = window, b""
                if not out:
                    return b""
            else:
                keep = len(self._mark)
                out, self._held = window[:-keep], window[-keep:]
            if self._fresh and out:
                out, self._fresh = out[1:], False
            if out:
                return out
        return b""

    def pieces(self) -> Iterator[bytes]:
        """All of the body."""
        while piece := self.piece():
            yield piece


@dataclass(slots=True)
class Base64Body(io.RawIOBase):
    """A base64 body as the bytes it stands for. ``damaged`` when signs are missing at its end."""

    body: PartBody
    damaged: bool = False
    _signs: bytes = b""
    _ready: bytearray = field(default_factory=bytearray)
    _done: bool = False

    def readable(self) -> bool:
        """Always."""
        return True

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes or fewer at the end, without moving on."""
        self._fill(size)
        return bytes(self._ready[:size])

    def read(self, size: int = -1, /) -> bytes:
        """As ``io.RawIOBase.read``."""
        self._fill(size)
        out = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(out)]
        return out

    def _fill(self, size: int) -> None:
        while not self._done and (size < 0 or len(self._ready) < size):
            piece = self.body.piece()
            signs = self._signs + _NOT_BASE64.sub(b"", piece)
            if not piece:
                self._done = True
                self.damaged = len(signs) % 4 == 1
                signs = signs[: len(signs) - 1] if self.damaged else signs
                whole, self._signs = signs + b"=" * (-len(signs) % 4), b""
            else:
                cut = len(signs) - len(signs) % 4
                whole, self._signs = signs[:cut], signs[cut:]
            self._ready += binascii.a2b_base64(whole)


def boundary_of(head: bytes) -> bytes | None:
    """The boundary that the first bytes of an archive state, or None."""
    block = re.split(rb"\r?\n\r?\n", head[:_HEADER_LIMIT], maxsplit=1)[0]
    match = _BOUNDARY.search(block.decode("latin-1"))
    return None if match is None else (match[1] or match[2]).encode("latin-1")


def mht_parts(path: Path) -> Iterator[MhtPart]:
    """Every part in file order; an unread body is passed over. Raises Unreadable without a boundary."""
    with path.open("rb") as file:
        boundary = boundary_of(file.read(_HEADER_LIMIT))
        if boundary is None:
            raise Unreadable(_("The web archive does not say where its parts begin."))
        file.seek(0)
        before = PartBody(file, boundary)
        while before.piece():
            pass
        while before.ended:
            offset = file.tell()
            line = file.readline(_HEADER_LIMIT)
            if line.rstrip(b"\r\n \t").endswith(boundary + b"--"):
                return
            headers = _headers(file)
            body = PartBody(file, boundary)
            yield MhtPart(headers, offset, body)
            while body.piece():
                pass
            before = body


def _headers(file: BinaryIO) -> dict[str, str]:
    out: dict[str, str] = {}
    last, size = "", 0
    while size < _HEADER_LIMIT:
        line = file.readline(_HEADER_LIMIT)
        size += len(line)
        text = line.decode("latin-1").rstrip("\r\n")
        if not text.strip():
            break
        if text[0] in " \t" and last:
            out[last] += " " + text.strip()
            continue
        last, _colon, value = text.partition(":")
        last = last.strip().lower()
        out[last] = value.strip()
    return out
