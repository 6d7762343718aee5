"""Sealed rows on their way into the database, batch by batch (only ``evidence.case`` uses this).

A batch goes to SQLite as a few long values and one statement that takes the rows out of them: so SQLite needs
Python's lock once per batch and not once per row, and works in a thread of its own while the next batch is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import accumulate

import orjson

from evidence import codec, sealing
from evidence.beside import Beside
from evidence.search import tokens

BATCH_ROWS = 2000
BATCH_BYTES = 4 << 20
SEARCHED = {"record": 0, "reading": 1}
"""Nouns whose texts are indexed. A row ``n`` has the rowid ``2 * n`` plus this in the index."""

_SPAN = 32  # a place in a long value is one number: where it starts, shifted by so many bits, and its length
_LENGTH = (1 << _SPAN) - 1
_SALT, _HASH = sealing.SALT_BYTES, sealing.HASH_BYTES

_INSERT = f"""
insert into {{noun}}_row(n, seq, leaf, salt, body, hash)
select :n + key, :seq, :leaf + key, substr(:salts, 1 + key * {_SALT}, {_SALT}),
       cast(substr(:bodies, 1 + (value >> {_SPAN}), value & {_LENGTH}) as text),
       substr(:hashes, 1 + key * {_HASH}, {_HASH})
from json_each(:spans)"""
_INDEX = f"""
insert into search(rowid, tokens)
select (:n + key) * 2 + :odd, cast(substr(:words, 1 + (value >> {_SPAN}), value & {_LENGTH}) as text)
from json_each(:spans) where value & {_LENGTH} > 0"""


def insert_sealed(
    conn: sqlite3.Connection, noun: str, seq: int, rows: Iterable[object], salts: sealing.SaltSource
) -> sealing.MerkleRoot:
    """Insert ``rows`` (dataclasses of the noun, or their bodies) as sealed by log row ``seq``, and index their texts.

    Reads ``rows`` once, in constant memory. Call it inside a transaction.
    """
    writer = _Writer(conn, noun, seq, salts)
    indexed = noun in SEARCHED
    to_body, canonical_bytes = codec.to_body, sealing.canonical_bytes
    bodies: list[bytes] = []
    words: list[bytes] = []
    size = 0
    with Beside() as database:
        for row in rows:
            body = to_body(row)
            data = canonical_bytes(body)
            bodies.append(data)
            size += len(data)
            if indexed:
                text = body.get("text")
                words.append(tokens(text).encode("utf-8", "replace") if text else b"")
            if len(bodies) == BATCH_ROWS or size >= BATCH_BYTES:
                database.run(writer.insert, *writer.seal(bodies, words))
                bodies, words, size = [], [], 0
        database.wait()
        if bodies:
            writer.insert(*writer.seal(bodies, words))
    return writer.tree


class _Writer:
    """Seals batches in their order, and inserts sealed ones."""

    def __init__(self, conn: sqlite3.Connection, noun: str, seq: int, salts: sealing.SaltSource) -> None:
        self.tree = sealing.MerkleRoot()
        self._conn, self._noun, self._seq, self._salts = conn, noun, seq, salts
        self._insert = _INSERT.format(noun=noun)
        self._n = int(conn.execute(f"select coalesce(max(n), 0) + 1 from {noun}_row").fetchone()[0])

    def seal(self, bodies: Sequence[bytes], words: Sequence[bytes]) -> tuple[dict[str, object], dict[str, object]]:
        """The values of both statements; the second is empty when no text is to be indexed."""
        count, leaf, n = len(bodies), self.tree.count, self._n
        salts = self._salts(count)
        hashes = []
        for i, body in enumerate(bodies):
            value = sealing.leaf_hash(salts[i * _SALT : (i + 1) * _SALT], leaf + i, body)
            self.tree.add(value)
            hashes.append(value)
        self._n += count
        batch: dict[str, object] = {"n": n, "seq": self._seq, "leaf": leaf, "salts": salts, "hashes": b"".join(hashes)}
        batch |= {"bodies": b"".join(bodies), "spans": _spans(bodies)}
        found: dict[str, object] = {}
        if any(words):
            found = {"n": n, "odd": SEARCHED[self._noun], "words": b"".join(words), "spans": _spans(words)}
        return batch, found

    def insert(self, batch: dict[str, object], found: dict[str, object]) -> None:
        """Run both statements."""
        self._conn.execute(self._insert, batch)
        if found:
            self._conn.execute(_INDEX, found)


def _spans(parts: Sequence[bytes]) -> str:
    """Where each part lies when they are laid end to end, as JSON."""
    starts = accumulate(map(len, parts), initial=0)
    return orjson.dumps([start << _SPAN | len(part) for start, part in zip(starts, parts, strict=False)]).decode()
