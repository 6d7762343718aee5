"""Leaves, Merkle roots and inclusion proofs (the tree of RFC 6962, section 2.1).

A leaf is SHA-256 over ``0x00``, a random salt of 16 bytes, the leaf's number in its tree (8 bytes, big endian)
and the canonical text. The salt lets one row be shown, or kept back, without the rest being guessable; the
number makes two swapped rows visible. A node is SHA-256 over ``0x01``, left, right.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import orjson

SALT_BYTES = 16
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

SaltSource = Callable[[int], bytes]
"""Number of salts wanted -> that many times ``SALT_BYTES`` bytes."""


def random_salts(count: int) -> bytes:
    """Salts for a real case, from the operating system."""
    return os.urandom(SALT_BYTES * count)


def seeded_salts(seed: str) -> SaltSource:
    """Salts that repeat from run to run: for the demo case only, which says so in its log."""
    counter = 0

    def salts(count: int) -> bytes:
        nonlocal counter
        out = b"".join(hashlib.sha256(f"{seed}\n{counter + i}".encode()).digest()[:SALT_BYTES] for i in range(count))
        counter += count
        return out

    return salts


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no blanks, characters as they are.

    A lone surrogate cannot be written as UTF-8 and becomes U+FFFD. Raises TypeError for what JSON cannot hold.
    """
    return canonical_bytes(value).decode()


def canonical_bytes(value: Any) -> bytes:
    """:func:`canonical` as UTF-8, which is what is hashed."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers beyond 64 bits and lone surrogates, which orjson refuses
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def leaf_hash(salt: bytes, number: int, body: bytes) -> bytes:
    """The hash of one sealed row."""
    return hashlib.sha256(b"\x00" + salt + number.to_bytes(8, "big") + body).digest()


_NODE = hashlib.sha256(b"\x01")


def _node(left: bytes, right: bytes) -> bytes:
    digest = _NODE.copy()  # twice as quick as a new one, which OpenSSL looks up each time
    digest.update(left + right)
    return digest.digest()


class MerkleRoot:
    """The root over leaves that arrive one by one; memory grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[bytes] = []  # of full trees, one for each bit of count that is set, the largest first

    def add(self, leaf: bytes) -> None:
        """Append the next leaf."""
        value, rest = leaf, self.count
        while rest & 1:
            value = _node(self._peaks.pop(), value)
            rest >>= 1
        self._peaks.append(value)
        self.count += 1

    def value(self) -> bytes:
        """The root so far; SHA-256 of nothing for an empty tree."""
        if not self._peaks:
            return EMPTY_ROOT
        value = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            value = _node(peak, value)
        return value


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over all ``leaves``."""
    tree = MerkleRoot()
    for leaf in leaves:
        tree.add(leaf)
    return tree.value()


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf ``index``, nearest sibling first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return ()
    k = _split(len(leaves))
    if index < k:
        return (*inclusion_proof(leaves[:k], index), merkle_root(leaves[k:]))
    return (*inclusion_proof(leaves[k:], index - k), merkle_root(leaves[:k]))


def root_from_proof(leaf: bytes, index: int, count: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that ``proof`` leads to, or None when the proof has the wrong length."""
    if count == 1:
        return leaf if not proof else None
    if not proof or not 0 <= index < count:
        return None
    k = _split(count)
    if index < k:
        below = root_from_proof(leaf, index, k, proof[:-1])
        return None if below is None else _node(below, proof[-1])
    below = root_from_proof(leaf, index - k, count - k, proof[:-1])
    return None if below is None else _node(proof[-1], below)


def chain_hash(prev: bytes, seq: int, at: str, kind: str, body: str) -> bytes:
    """The hash of one log row: SHA-256 over five lines (previous hash in hex, number, time, kind, body)."""
    return hashlib.sha256(f"{prev.hex()}\n{seq}\n{at}\n{kind}\n{body}".encode()).digest()
