"""One event, once: which records of several exports tell of the same call or message.

Rows are kept, never merged away; a :class:`evidence.models.Link` says that two of them are one event and why.
Compared are instants, never wall clocks.
"""

from __future__ import annotations

import bisect
import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.bills import Row, Tolerances, is_bill, join_bills
from evidence.i18n import gettext as _
from evidence.models import Link, Record
from evidence.screenchat.model import SCREEN_LAYOUT
from evidence.times import from_utc_text


@dataclass(frozen=True, slots=True)
class Policy:
    """Tolerances, in seconds. ``source_order`` lists sources, first the one whose times are kept; sources that are not
    listed follow in the order of their first record. ``same_extras`` names fields that must be equal besides kind,
    holder, direction and number. ``within_source`` also joins exact repetitions inside one file (formats.md 0.7).
    ``recordings`` joins a recording with the call it holds; ``notes`` a hand-written note with the call it tells of
    (start within ``note_start_s``, or within the note's own precision when that is wider); ``text_if_both`` lets a
    message without text match one with text. ``bills`` says how rows of a carrier's bill are joined with those of a
    phone; None treats them as any other export.
    """

    start_tolerance_s: float = 5.0
    message_tolerance_s: float = 1.0
    duration_tolerance_s: float = 5.0
    source_order: tuple[str, ...] = ()
    same_extras: tuple[str, ...] = ()
    within_source: bool = True
    text_if_both: bool = False
    recordings: bool = True
    recording_start_s: float = 120.0
    recording_duration_s: float = 5.0
    recording_duration_share: float = 0.2
    notes: bool = True
    note_start_s: float = 120.0
    bills: Tolerances | None = field(default_factory=Tolerances)


DEFAULT = Policy()
_MINUTE = 60


def link(records: Sequence[Record], policy: Policy = DEFAULT) -> list[Link]:
    """Pairs of records that are one event: one to one between two sources, the nearest start first.

    Records without an instant are never joined. The first of each pair is the one of the earlier source.
    """
    rows = [Row(r, from_utc_text(r.time.utc), i) for i, r in enumerate(records) if r.time.utc is not None]
    exports = [row for row in rows if not _set_apart(row.record)]
    told = [row for row in rows if is_call_note(row.record)]
    links: list[Link] = []
    if policy.within_source:
        exports, told = _repetitions(exports, links), _repetitions(told, links)
    billed = [row for row in exports if policy.bills is not None and is_bill(row.record)]
    kept = _across_sources([row for row in exports if policy.bills is None or not is_bill(row.record)], policy, links)
    if policy.bills is not None:
        kept += join_bills(_across_sources(billed, policy, links), kept, links, policy.bills)
    if policy.recordings:
        _recordings([row for row in rows if is_recording(row.record)], kept, policy, links)
    if policy.notes:
        _notes(told, kept, policy, links)
    return links


def groups(records: Iterable[Record], links: Iterable[Link]) -> Mapping[str, frozenset[str]]:
    """For each record id the ids of all records of its event, itself included."""
    parent = {record.id: record.id for record in records}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for pair in links:
        if pair.joined and pair.first in parent and pair.second in parent:
            parent[root(pair.second)] = root(pair.first)
    members: dict[str, set[str]] = defaultdict(set)
    for node in parent:
        members[root(node)].add(node)
    frozen = {top: frozenset(ids) for top, ids in members.items()}
    return {node: frozen[root(node)] for node in parent}


def is_recording(record: Record) -> bool:
    """Whether a call is known only from a sound file, whose time is a claim."""
    return record.kind == "call" and record.time.basis != "export" and bool(record.media)


def _set_apart(record: Record) -> bool:
    """What is joined by rules of its own: recordings, notes of calls, messages read from screenshots."""
    return is_recording(record) or is_call_note(record) or SCREEN_LAYOUT in record.extras


def is_call_note(record: Record) -> bool:
    """Whether a call is known only from what a person wrote down."""
    return record.kind == "call" and record.time.basis == "stated" and not record.media


def _content(record: Record) -> str:
    if record.media:
        marks = sorted(m.sha256 for m in record.media)
        return hashlib.sha256("\n".join([record.text or "", *marks]).encode()).hexdigest()
    return record.text or ""


def _repetitions(rows: list[Row], links: list[Link]) -> list[Row]:
    """Exact repetitions inside one source: same kind, peer, second, direction and content. Returns the first ones."""
    first: dict[Hashable, Row] = {}
    kept = []
    for row in rows:
        r = row.record
        key = (r.source, r.kind, r.holder, r.direction, r.number, r.name if r.number is None else None)
        full = (*key, row.at.replace(microsecond=0), _content(r), r.duration_s, r.outcome)
        if r.number is None and r.name is None:
            kept.append(row)
        elif full in first:
            why = _("the same row twice in one file: same second, number, direction and content")
            links.append(Link(first[full].record.id, r.id, why))
        else:
            first[full] = row
            kept.append(row)
    return kept


def _across_sources(rows: list[Row], policy: Policy, links: list[Link]) -> list[Row]:
    by_source: dict[str, list[Row]] = {name: [] for name in policy.source_order}
    for row in rows:
        by_source.setdefault(row.record.source, []).append(row)
    kept: dict[Hashable, list[Row]] = defaultdict(list)
    everything: list[Row] = []
    for source_rows in by_source.values():
        fresh = _match(source_rows, kept, policy, links)
        touched = set()
        for row in fresh:
            key = _key(row.record, policy)
            kept[key].append(row)
            touched.add(key)
        for key in touched:
            kept[key].sort(key=lambda x: x.at)
        everything += fresh
    return everything


def _key(record: Record, policy: Policy) -> Hashable:
    peer = record.number or (f"name:{record.name}" if record.name else None)
    kind = "message" if record.kind in ("sms", "mms") else record.kind
    return (kind, record.holder, record.direction, peer, *(str(record.extras.get(k)) for k in policy.same_extras))


def _match(rows: list[Row], kept: Mapping[Hashable, list[Row]], policy: Policy, links: list[Link]) -> list[Row]:
    """Join one source's rows with those already kept; returns the rows that are new."""
    pairs = []
    for row in rows:
        bucket = kept.get(_key(row.record, policy), [])
        tolerance = _tolerance(row.record, policy)
        low = bisect.bisect_left(bucket, row.at.timestamp() - tolerance - 60, key=lambda x: x.at.timestamp())
        for other in bucket[low:]:
            gap = (other.at - row.at).total_seconds()
            if gap > tolerance + 60:
                break
            reach = max(tolerance, _width(row.record), _width(other.record))
            if abs(gap) <= reach and _same_event(other.record, row.record, policy):
                pairs.append((abs(gap), other.order, row.order, other, row, reach))
    joined: set[int] = set()
    text = _("two exports of one event: same number, direction and content, starts {gap:g} s apart (at most {n:g} s)")
    for gap, first, second, other, row, reach in sorted(pairs, key=lambda p: p[:3]):
        if first in joined or second in joined:
            continue
        joined |= {first, second}
        links.append(Link(other.record.id, row.record.id, text.format(gap=round(gap, 3), n=reach)))
    return [row for row in rows if row.order not in joined]


def _tolerance(record: Record, policy: Policy) -> float:
    return policy.start_tolerance_s if record.kind == "call" else policy.message_tolerance_s


def _width(record: Record) -> float:
    """Minute-precise rows may lie anywhere in their minute."""
    return record.time.precision_s if 1 < record.time.precision_s <= 60 else 0.0


def _same_event(a: Record, b: Record, policy: Policy) -> bool:
    if a.kind == "call":
        if a.outcome is not None and b.outcome is not None and a.outcome != b.outcome:
            return False
        return (
            a.duration_s is None
            or b.duration_s is None
            or (abs(a.duration_s - b.duration_s) <= policy.duration_tolerance_s)
        )
    if policy.text_if_both and (not a.text or not b.text):
        return True
    return _content(a) == _content(b)


def _recordings(sounds: list[Row], calls: list[Row], policy: Policy, links: list[Link]) -> None:
    """Join recordings with answered calls of the same number (or name); direction and zone come from the call log."""
    index: dict[Hashable, list[Row]] = defaultdict(list)
    for row in sorted((r for r in calls if r.record.kind == "call"), key=lambda x: x.at):
        for word in {row.record.number, row.record.name} - {None}:
            index[row.record.holder, word].append(row)
    pairs = {}
    for row in sounds:
        for word in {row.record.number, row.record.name} - {None}:
            for other in index.get((row.record.holder, word), []):
                gap = abs((other.at - row.at).total_seconds())
                if gap <= policy.recording_start_s and _fits(row.record, other.record, policy):
                    pairs[other.order, row.order] = (gap, other, row)
    joined: set[int] = set()
    for (first, second), (gap, other, row) in sorted(pairs.items(), key=lambda p: (p[1][0], p[0])):
        if first in joined or second in joined:
            continue
        joined |= {first, second}
        why = _("recording of this call: same number or name, starts {gap:g} s apart (at most {n:g} s), lengths fit")
        links.append(Link(other.record.id, row.record.id, why.format(gap=round(gap, 3), n=policy.recording_start_s)))


def _fits(sound: Record, call: Record, policy: Policy) -> bool:
    if call.outcome not in (None, "answered"):
        return False
    if sound.direction is not None and call.direction is not None and sound.direction != call.direction:
        return False
    if sound.duration_s is None or call.duration_s is None:
        return True
    share = policy.recording_duration_share * max(call.duration_s, sound.duration_s)
    return abs(call.duration_s - sound.duration_s) <= max(policy.recording_duration_s, share)


def _notes(notes: list[Row], calls: list[Row], policy: Policy, links: list[Link]) -> None:
    """Join notes of calls with the nearest call of the same number on the same phone. Several notes may tell of one
    call; a note that is less exact than a minute is left alone, since it may tell of any call of that time."""
    index: dict[Hashable, list[Row]] = defaultdict(list)
    for row in calls:
        if row.record.kind == "call" and row.record.number:
            index[row.record.holder, row.record.number].append(row)
    for row in notes:
        if row.record.time.precision_s > _MINUTE:
            continue
        reach = max(policy.note_start_s, row.record.time.precision_s)
        near = []
        for other in index.get((row.record.holder, row.record.number), []):
            gap = abs((other.at - row.at).total_seconds())
            if gap <= reach and row.record.direction in (None, other.record.direction):
                near.append((gap, other.record.outcome != "answered", other.order, other))
        if near:
            gap, _missed, _order, other = min(near, key=lambda n: n[:3])
            why = _("hand-written note of this call: same number, starts {gap:g} s apart (at most {n:g} s)")
            links.append(Link(other.record.id, row.record.id, why.format(gap=round(gap, 3), n=reach)))
