"""Write the machine's joins of records into the log, once each, so that every count can show them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from evidence import __version__, codec
from evidence.linking import DEFAULT, link
from evidence.log import Case
from evidence.models import Link, Record
from evidence.times import from_utc_text

MARK = "joined"
"""A file in ``derived/`` that says up to which log row everything was looked at; it may be deleted."""
_MINUTE = 60  # how far apart two records may lie that are exact to the minute only
REACH = timedelta(
    seconds=max(
        DEFAULT.start_tolerance_s, DEFAULT.message_tolerance_s, DEFAULT.recording_start_s, DEFAULT.note_start_s, _MINUTE
    )
)
"""Records farther apart than this are never one event."""

_NEIGHBOURS = """
select n, case when kind = 'call' then '' else coalesce(number, 'name:' || name, '?') end as talk, time
from record where body is not null and time is not null order by talk, time, n"""

_FIRST_OF_SOURCE = """
select source, min(n) from record where body is not null and time is not null and not (
  kind = 'call' and (time_basis = 'stated' or time_basis <> 'export' and json_extract(body, '$.media') is not null))
group by source"""
"""Where each source begins, without what :mod:`evidence.linking` sets apart: recordings and notes of calls."""


def join_new(case: Case) -> int:
    """Join records of one event across sources; pairs already stated on, by machine or person, stay. Returns how
    many pairs were added. Does nothing when no record has come since the last time."""
    state = _state(case)
    mark = case.derived / MARK
    if _read(mark) == state:
        return 0
    found = _found(case)
    added = 0
    with case.transaction():  # another process may have joined the same records meanwhile
        pairs = case.db.execute('select "first", second from link where body is not null')
        stated = {(min(pair), max(pair)) for pair in pairs}
        new = [one for one in found if (min(one.first, one.second), max(one.first, one.second)) not in stated]
        if new:
            at = case.now()
            added = case.append("joined", "link", (replace(one, at=at) for one in new))
    with contextlib.suppress(OSError):  # without the mark the next import looks again
        case.derived.mkdir(exist_ok=True)
        mark.write_text(state, encoding="utf-8")
    return added


def _found(case: Case) -> list[Link]:
    """What :func:`evidence.linking.link` says of all records, asked of few at a time so that memory stays small."""
    first: dict[str, int] | None = None
    found: list[Link] = []
    for numbers in _neighbours(case):
        if len(numbers) == 1:
            continue
        records = _records(case, numbers)
        sources = {record.source for record in records}
        if len(sources) > 1:  # the order of sources is that of the whole case
            first = dict(case.db.execute(_FIRST_OF_SOURCE).fetchall()) if first is None else first
            sources &= first.keys()
        order = sorted(sources, key=lambda source: (first or {}).get(source, 0))
        found += link(records, replace(DEFAULT, source_order=tuple(order)))
    return found


def _neighbours(case: Case) -> Iterator[list[int]]:
    """Row numbers of records that may be one event: calls, or messages with one other side, each at most ``REACH``
    after the one before. Calls stay together since a recording may know only the name and a log only the number."""
    group: list[int] = []
    last = None
    for n, talk, time in case.db.execute(_NEIGHBOURS):
        at = from_utc_text(time)
        if last is not None and (talk != last[0] or at - last[1] > REACH):
            yield group
            group = []
        group.append(n)
        last = (talk, at)
    if group:
        yield group


def _records(case: Case, numbers: Sequence[int]) -> list[Record]:
    """These records in the order written."""
    query = "select body from record_row where n in (select value from json_each(?)) order by n"
    return [codec.record_from_body(json.loads(body)) for (body,) in case.db.execute(query, [json.dumps(numbers)])]


def _state(case: Case) -> str:
    query = "select seq, hash from log where seq = (select seq from record_row order by n desc limit 1)"
    seq, digest = case.db.execute(query).fetchone() or (0, b"")
    return f"{__version__} {seq} {digest.hex()}"


def _read(mark: Path) -> str | None:
    try:
        return mark.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
