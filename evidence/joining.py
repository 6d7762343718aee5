"""Write the machine's joins of records into the log, once each, so that every count can show them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from evidence import __version__
from evidence.linking import link
from evidence.log import Case
from evidence.models import Link, Record
from evidence.timeline import rows

MARK = "joined"
"""A file in ``derived/`` that says up to which log row everything was looked at; it may be deleted."""


def join_new(case: Case) -> int:
    """Join records of one event across sources; pairs already stated on, by machine or person, stay. Returns how
    many pairs were added. Does nothing when no record has come since the last time."""
    state = _state(case)
    mark = case.derived / MARK
    if _read(mark) == state:
        return 0
    found = link(tuple(rows(case, "record", Record)))
    added = 0
    with case.transaction():  # another process may have joined the same records meanwhile
        stated = {frozenset((one.first, one.second)) for one in rows(case, "link", Link)}
        new = [one for one in found if frozenset((one.first, one.second)) not in stated]
        if new:
            at = case.now()
            added = case.append("joined", "link", (replace(one, at=at) for one in new))
    with contextlib.suppress(OSError):  # without the mark the next import looks again
        case.derived.mkdir(exist_ok=True)
        mark.write_text(state, encoding="utf-8")
    return added


def _state(case: Case) -> str:
    query = "select seq, hash from log where seq = (select seq from record_row order by n desc limit 1)"
    seq, digest = case.db.execute(query).fetchone() or (0, b"")
    return f"{__version__} {seq} {digest.hex()}"


def _read(mark: Path) -> str | None:
    try:
        return mark.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
