"""Base64 text as a byte stream, decoded piece by piece (RFC 4648; line breaks as in RFC 2045 are allowed)."""

from __future__ import annotations

import binascii
import contextlib
import io
import re
from typing import Any

import pybase64

_PIECE = 1 << 20  # characters; a multiple of 4
_FOREIGN = re.compile(r"[^A-Za-z0-9+/=]")
_SPACE = re.compile(r"\s+")
_TAIL = 64


class Base64Reader(io.RawIOBase):
    """Reads what ``text`` encodes. After the end: ``size``, ``tail`` (the last bytes) and ``damaged``.

    Damaged text (foreign characters, wrong length) is decoded as far as it goes, and ``damaged`` is True.
    ``bytes`` were decoded before and come as they are.
    """

    def __init__(self, text: str | bytes) -> None:
        super().__init__()
        self._ended = isinstance(text, bytes)
        self._text, self._ready = ("", text) if isinstance(text, bytes) else (text, b"")
        self._at = 0
        self._carry = ""
        self.size = 0
        self.tail = b""
        self.damaged = False

    def readable(self) -> bool:
        """Always."""
        return True

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes or fewer at the end, without moving on."""
        self._fill(size)
        return self._ready[:size]

    def read(self, size: int = -1, /) -> bytes:
        """As ``io.RawIOBase.read``."""
        if size is None or size < 0:
            size = 1 << 62
        self._fill(size)
        out, self._ready = self._ready[:size], self._ready[size:]
        self.size += len(out)
        self.tail = (self.tail + out[-_TAIL:])[-_TAIL:]
        return out

    def readinto(self, buffer: Any, /) -> int:
        """As ``io.RawIOBase.readinto``; buffered readers need it."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _fill(self, size: int) -> None:
        if len(self._ready) >= size or self._ended:
            return
        pieces, total = [self._ready], len(self._ready)
        while total < size and not self._ended:
            piece = self._next()
            pieces.append(piece)
            total += len(piece)
        self._ready = b"".join(pieces)

    def _next(self) -> bytes:
        """The bytes of the next piece of text."""
        piece = self._text[self._at : self._at + _PIECE]
        self._at += len(piece)
        self._ended = self._at >= len(self._text)
        if not self._carry:
            with contextlib.suppress(ValueError):  # also for signs beyond ASCII
                return pybase64.b64decode(piece, validate=True)
        return self._lenient(self._carry + _SPACE.sub("", piece))

    def _lenient(self, text: str) -> bytes:
        clean = _FOREIGN.sub("", text)
        self.damaged = self.damaged or len(clean) != len(text)
        whole = len(clean) if self._ended else len(clean) // 4 * 4
        self._carry = clean[whole:]
        clean = clean[:whole]
        body = clean.rstrip("=")
        if "=" in body or len(body) % 4 == 1 or (self._ended and len(clean) % 4):
            self.damaged = True
        body = body.replace("=", "")
        body = body[: len(body) - 1] if len(body) % 4 == 1 else body
        return binascii.a2b_base64(body + "=" * (-len(body) % 4))
