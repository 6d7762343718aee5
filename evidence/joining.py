"""Write the machine's joins of records into the log, once each, so that every count can show them."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from evidence import __version__, codec
from evidence.clocks import Correction, corrected, corrected_time_sql, corrections
from evidence.i18n import gettext as _
from evidence.linking import DEFAULT, link
from evidence.log import Case
from evidence.models import Fact, Link, Record
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
select n, case when kind = 'call' then '' else coalesce(number, 'name:' || name, '?') end as talk, {moment} as moment
from record where body is not null and time is not null order by talk, moment, n"""
_FACTS = "select body from fact where type = 'clock_offset' and body is not null order by n"

_FIRST_OF_SOURCE = """
select source, min(n) from record where body is not null and time is not null and not (
  kind = 'call' and (time_basis = 'stated' or time_basis <> 'export' and json_extract(body, '$.media') is not null))
group by source"""
"""Where each source begins, without what :mod:`evidence.linking` sets apart: recordings and notes of calls."""


def join_new(case: Case) -> Counter[str]:
    """Join records of one event across sources, and take back what a machine joined and would not join now (a clock was
    stated, a screenshot came); what a person stated stays.

    Returns how many pairs were added, by the SHA-256 of the source that told of the event again. Does nothing when no
    record has come since the last time.
    """
    added: Counter[str] = Counter()
    state = _state(case)
    mark = case.derived / MARK
    if _read(mark) == state:
        return added
    found = _found(case)
    with case.transaction():  # another process may have joined the same records meanwhile
        at, last = case.now(), _last_statements(case)
        new = {pair: told for pair, told in found.items() if _is_open(last.get(_key(pair)))}
        kept = {_key(pair) for pair in found}
        gone = [pair for pair, link in last.items() if link.by == "machine" and link.joined and pair not in kept]
        if new or gone:
            why = _("no longer found to be one event")
            rows = [replace(one, at=at) for one, _source in new.values()]
            case.append("joined", "link", [*rows, *(Link(*pair, why, joined=False, at=at) for pair in gone)])
        added.update(source for _link, source in new.values())
    with contextlib.suppress(OSError):  # without the mark the next import looks again
        case.derived.mkdir(exist_ok=True)
        mark.write_text(state, encoding="utf-8")
    return added


def _key(pair: tuple[str, str]) -> tuple[str, str]:
    return min(pair), max(pair)


def _last_statements(case: Case) -> dict[tuple[str, str], Link]:
    """The statement on each pair that counts: a person's before a machine's, else the last."""
    last: dict[tuple[str, str], Link] = {}
    for (body,) in case.db.execute("select body from link where body is not null order by n"):
        link = codec.from_body(Link, json.loads(body))
        pair = _key((link.first, link.second))
        if pair not in last or link.by == "person" or last[pair].by == "machine":
            last[pair] = link
    return last


def _is_open(last: Link | None) -> bool:
    """Whether the machine may join a pair: nothing is said, or a machine took it back."""
    return last is None or (last.by == "machine" and not last.joined)


def _found(case: Case) -> dict[tuple[str, str], tuple[Link, str]]:
    """What :func:`evidence.linking.link` says of all records, asked of few at a time so that memory stays small:
    by pair, with the source of the second record."""
    first: dict[str, int] | None = None
    found: dict[tuple[str, str], tuple[Link, str]] = {}
    clocks = corrections(codec.from_body(Fact, json.loads(body)) for (body,) in case.db.execute(_FACTS))
    for numbers in _neighbours(case, clocks):
        if len(numbers) == 1:
            continue
        records = [corrected(record, clocks) for record in _records(case, numbers)]
        sources = {record.source for record in records}
        if len(sources) > 1:  # the order of sources is that of the whole case
            first = dict(case.db.execute(_FIRST_OF_SOURCE).fetchall()) if first is None else first
            sources &= first.keys()
        order = sorted(sources, key=lambda source: (first or {}).get(source, 0))
        source_of = {record.id: record.source for record in records}
        for one in link(records, replace(DEFAULT, source_order=tuple(order))):
            found[one.first, one.second] = (one, source_of[one.second])
    for one in _screen_links(case):
        found[one.first, one.second] = (one, "")
    return found


def _screen_links(case: Case) -> list[Link]:
    """Messages of screenshots: the same message in several pictures, and in an exported chat."""
    if case.db.execute("select 1 from layout limit 1").fetchone() is None:
        return []
    from evidence.screenchat.pictures import links_between_pictures
    from evidence.screenchat.same import links_with_exports
    from evidence.timeline import load_view

    view = load_view(case)
    return links_between_pictures(view) + links_with_exports(view.records)


def _neighbours(case: Case, clocks: Mapping[str, Correction]) -> Iterator[list[int]]:
    """Row numbers of records that may be one event: calls, or messages with one other side, each at most ``REACH``
    after the one before, on the clocks as stated. Calls
    stay together since a recording may know only the name and a log only the number."""
    group: list[int] = []
    last = None
    moment, values = corrected_time_sql(clocks)
    for n, talk, time in case.db.execute(_NEIGHBOURS.format(moment=moment), values):
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
    """The last log rows that sealed records, offsets of clocks and names: what joins depend on."""
    words = [__version__]
    offsets = "fact where type = 'clock_offset' order by n desc"
    for last in ("record_row order by n desc", offsets, "party_row order by n desc"):
        query = f"select seq, hash from log where seq = (select seq from {last} limit 1)"
        seq, digest = case.db.execute(query).fetchone() or (0, b"")
        words += [str(seq), digest.hex()]
    return " ".join(words)


def _read(mark: Path) -> str | None:
    try:
        return mark.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
