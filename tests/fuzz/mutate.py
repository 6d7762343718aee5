"""Damaged variants of a file: what broken phones, bad cables, other programs and attackers make of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_NUMBERS = (
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e999",
    b"NaN",
    b"2147483648",
    b"9223372036854775808",
    b"\x00",
    b"1970",
)
_WORDS = (
    b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b"\x00", b"\x1b[2J", "\u202e".encode(), "\u3164".encode(),
    "\U0001f600".encode(), b"&#55357;", b"<!DOCTYPE x [<!ENTITY a \"a\">]>", b"&a;", b"]]>", b"<", b">", b"\"", b"'",
    b"{", b"}", b"[", b"]", b"../../../etc/passwd", b"=cmd|' /C calc'!A0", b"%s%n", b"a" * 300, "\u6c89".encode() * 90,
    b"PK\x03\x04", b"\xed\xa0\x80", b"\xf0\x9f", "\u0130".encode(), b"null", b"(\\", b"--", b"BEGIN:VCARD",
)  # fmt: skip

Mutation = Callable[[bytearray, random.Random], None]


def _place(data: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at : at + 4] = chance.randbytes(4)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 2, 7, 64, 1000))]


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[_place(data, chance) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at, size = _place(data, chance), chance.choice((1, 8, 60, 500))
    data[at:at] = bytes(data[at : at + size]) * chance.choice((1, 2, 30))


def _swap(data: bytearray, chance: random.Random) -> None:
    size = chance.choice((2, 16, 100))
    a, b = _place(data, chance), _place(data, chance)
    data[a : a + size], data[b : b + size] = bytes(data[b : b + size]), bytes(data[a : a + size])


def _insert_word(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at:at] = chance.choice(_WORDS)


def _number(data: bytearray, chance: random.Random) -> None:
    digits = [i for i, byte in enumerate(data[: 1 << 16]) if 48 <= byte <= 57]
    if digits:
        at = chance.choice(digits)
        data[at : at + chance.randrange(1, 6)] = chance.choice(_NUMBERS)


def _length(data: bytearray, chance: random.Random) -> None:
    """A length field that lies."""
    at = _place(data, chance)
    data[at : at + 4] = chance.choice(
        (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00")
    )


def _recode(data: bytearray, chance: random.Random) -> None:
    try:
        text = bytes(data).decode("utf-8")
        data[:] = text.encode(chance.choice(("gb18030", "utf-16", "utf-16-be", "utf-8-sig", "big5")), "replace")
    except UnicodeError:
        _overwrite(data, chance)


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _overwrite, _cut, _truncate, _repeat, _swap, _insert_word, _insert_word, _number, _number, _length,
    _recode,
)  # fmt: skip


def mutate(corpus: Sequence[bytes], seed: str) -> bytes:
    """One damaged variant of a file of ``corpus``; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(corpus))
    if chance.random() < 0.1 and len(corpus) > 1:
        other = chance.choice(corpus)
        data[_place(data, chance) :] = other[chance.randrange(len(other) + 1) :]
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        chance.choice(MUTATIONS)(data, chance)
    return bytes(data)
