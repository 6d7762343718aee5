"""From the records of a case to events: joined records once, on one clock, with who is stated to stand behind them."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evidence.detectors.base import Event
from evidence.linking import groups
from evidence.models import Fact, Link, Record
from evidence.parties import Directory
from evidence.rules import schema
from evidence.times import from_utc_text

_CHANNEL = {"call": "call", "sms": "sms", "mms": "sms", "chat": "im", "email": "email", "visit": "visit"}
_NO_LINE = ("", "-1", "null", "none")


@dataclass(frozen=True, slots=True)
class Joined:
    """The records of one event: ``main`` gives the data, its gaps filled from ``others``."""

    main: Record
    others: tuple[Record, ...] = ()


Clock = Callable[[Record, datetime], tzinfo]


def fixed_clock(zone: str) -> Clock:
    """Every event on one clock."""
    known = ZoneInfo(zone)
    return lambda _record, _at: known


def phone_clock(fallback: str) -> Clock:
    """Each event on the clock its source states (zone or offset), else on the fallback."""
    default = ZoneInfo(fallback)

    def clock(record: Record, _at: datetime) -> tzinfo:
        stated = record.time.zone
        if not stated:
            return default
        if stated[0] in "+-":
            sign = -1 if stated[0] == "-" else 1
            digits = stated[1:].replace(":", "").ljust(4, "0")
            return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])))
        try:
            return ZoneInfo(stated)
        except (ZoneInfoNotFoundError, ValueError):
            return default

    return clock


def join(records: Sequence[Record], links: Iterable[Link]) -> list[Joined]:
    """One entry per event, in order of the first record. Exported rows give the data before recordings and notes; of
    several exports the one imported first, a corrected clock last."""
    pairs = tuple(links)
    if not pairs:
        return [Joined(record) for record in records]
    members = groups(records, pairs)
    order = {record.id: i for i, record in enumerate(records)}
    by_id = {record.id: record for record in records}
    done: set[str] = set()
    found = []
    for record in records:
        if record.id in done:
            continue
        ids = members[record.id]
        done |= ids
        ranked = sorted((by_id[i] for i in ids), key=lambda r: (*_rank(r), order[r.id]))
        found.append(Joined(_filled(ranked), tuple(ranked[1:])))
    return found


def _rank(record: Record) -> tuple[bool, bool]:
    """Exports come first, and of these the ones whose clock needed no correction."""
    return record.time.basis != "export", record.time.how == "clock_corrected"


def _filled(ranked: Sequence[Record]) -> Record:
    """The first record with its gaps filled from the others."""
    main = ranked[0]
    for other in ranked[1:]:
        main = replace(
            main,
            time=main.time if main.time.utc is not None else other.time,
            direction=main.direction or other.direction,
            number=main.number or other.number,
            name=main.name or other.name,
            outcome=main.outcome or other.outcome,
            duration_s=main.duration_s if main.duration_s is not None else other.duration_s,
        )
    return main


def build(
    joined: Iterable[Joined],
    directory: Directory,
    clock: Clock,
    categories: Mapping[str, frozenset[str]] | None = None,
    reached_within_days: int = 3,
) -> list[Event]:
    """Events in time order. Documents, pictures and records without an instant are no events."""
    events = []
    relations: dict[str, str | None] = {}
    for one in joined:
        channel = _channel(one.main)
        if channel is None or one.main.time.utc is None:
            continue
        if one.main.holder not in relations:
            relations[one.main.holder] = directory.relation_of(one.main.holder)
        events.append(_event(one, channel, directory, clock, relations[one.main.holder], categories or {}))
    events.sort(key=lambda e: (e.start, e.id))
    return _mark_reached(events, reached_within_days)


def _channel(record: Record) -> str | None:
    if record.kind == "note":
        return record.channel if record.channel in schema.CHANNELS else None
    return _CHANNEL.get(record.kind)


def _event(
    one: Joined,
    channel: str,
    directory: Directory,
    clock: Clock,
    relation: str | None,
    categories: Mapping[str, frozenset[str]],
) -> Event:
    record = one.main
    at = from_utc_text(record.time.utc or "")
    who = directory.find(record.number, record.name)
    labels = categories.get(record.id, frozenset())
    purpose = "demand" if who.role == "collector" or labels else None
    return Event(
        id=record.id,
        start=at,
        local=at.astimezone(clock(record, at)),
        channel=channel,
        direction=record.direction,
        answered=None if record.outcome is None else record.outcome == "answered",
        duration_s=record.duration_s,
        precision_s=record.time.precision_s,
        number=record.number,
        line=_line(record),
        person=record.holder,
        relation=relation,
        role=who.role,
        creditor=who.creditor,
        lender_type=who.lender_type,
        purpose=purpose,
        categories=labels,
        also=tuple(other.id for other in one.others),
    )


def _line(record: Record) -> str:
    """The holder's own number or SIM, as far as the source tells it."""
    if not record.extras:
        return ""
    for field in ("own_number", "device", "subscription_id", "sub_id"):
        value = str(record.extras.get(field) or "").strip()
        if value.lower() not in _NO_LINE:
            return value
    return ""


def _mark_reached(events: list[Event], days: int) -> list[Event]:
    """Flag contacts to other people made while the borrower was reachable: the borrower had spoken with or written to
    the same creditor within the days before."""
    talks: dict[str, list[datetime]] = defaultdict(list)
    for event in events:
        spoke = event.answered if event.channel == "call" else event.direction == "out"
        if event.person == "self" and event.creditor is not None and spoke:
            talks[event.creditor].append(event.start)
    if not talks:
        return events
    width = timedelta(days=days)
    found = []
    for event in events:
        times = talks.get(event.creditor or "", []) if event.person != "self" else []
        i = bisect.bisect_left(times, event.start)
        if i and event.start - times[i - 1] <= width:
            event = replace(event, flags=event.flags | {"debtor_reached"})
        found.append(event)
    return found


def resolve_facts(facts: Iterable[Fact], directory: Directory) -> tuple[Fact, ...]:
    """Statements with the creditor's counting key: from its name however spelt, or from a number stated instead."""
    found = []
    for fact in facts:
        keys = dict(fact.keys)
        named = keys.get("creditor") or keys.get("lender") or keys.get("collector")
        by_number = directory.find(keys.get("number")).creditor
        if named:
            keys["creditor"] = directory.creditor_key(named)
        elif by_number:
            keys["creditor"] = by_number
        found.append(replace(fact, keys=keys))
    return tuple(found)
