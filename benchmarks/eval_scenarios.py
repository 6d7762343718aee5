"""Run the engine on call-and-message scenario files and print one JSON line of findings for each.

    python benchmarks/eval_scenarios.py D01.json D02.json > predictions.jsonl

Thresholds come from each file's ``params`` and go into the engine's own rules as data. This script holds name maps
only: scenario words on one side, the engine's words on the other.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evidence.detectors.base import Event, Hit
from evidence.detectors.hours import parse_clock, quiet_to_allowed
from evidence.detectors.tables import day_table
from evidence.linking import Policy, link
from evidence.models import Fact, Party, Record, Stamp
from evidence.parties import RELATIONS, Directory
from evidence.phone import normalise
from evidence.rules.events import Joined, build, fixed_clock, join, phone_clock
from evidence.rules.operators import Env, evaluate
from evidence.rules.predicates import Context
from evidence.rules.read_rule import read_rule
from evidence.rules.reader import Node
from evidence.times import to_utc_text

COUNTED, EXTRA, NOBODY = "collector", "lawyer", "unknown"
THIRD = [relation for relation in RELATIONS if relation != "debtor"]
BLAST_HOURS = 24


def main(paths: Sequence[str]) -> int:
    """Print the predictions for every file. Returns the exit code."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    for path in paths:
        scenario = json.loads(Path(path).read_text("utf-8"))
        print(json.dumps({"id": scenario["id"], "results": predict(scenario)}, ensure_ascii=False))
    return 0


def predict(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The findings by clock: the file's own zone, each zone an event names, and the clock where the phone was."""
    params = scenario["params"]
    dedupe = params["dedupe"]
    order = list(dedupe["source_order"])
    owners = {d["id"]: "self" if d["owner"] == "debtor" else d["owner"] for d in scenario["devices"]}
    rows = [_record(event, i, owners) for i, event in enumerate(scenario["events"])]
    rank = {name: i for i, name in enumerate(order)}
    records = sorted(rows, key=lambda r: rank.get(r.source, len(rank)))
    policy = Policy(
        start_tolerance_s=dedupe["start_tolerance_seconds"],
        message_tolerance_s=dedupe["start_tolerance_seconds"],
        duration_tolerance_s=dedupe["duration_tolerance_seconds"],
        source_order=tuple(order),
        same_extras=("device",),
        within_source=False,
        text_if_both=True,
        recordings=False,
    )
    joined = join(records, link(records, policy))
    directory = Directory(_parties(scenario["numbers"], params))
    zones = {params["timezone"], *(e["zone"] for e in scenario["events"] if e.get("zone"))}
    zones |= set(scenario.get("expected", ())) - {"event"}
    clocks = {zone: fixed_clock(zone) for zone in sorted(zones)} | {"event": phone_clock(params["timezone"])}
    return {name: _results(scenario, joined, _named(build(joined, directory, clock))) for name, clock in clocks.items()}


def _named(events: Sequence[Event]) -> list[Event]:
    """A number without a creditor counts under the creditor ``unknown``."""
    return [event if event.creditor else replace(event, creditor=NOBODY) for event in events]


def _record(event: Mapping[str, Any], index: int, owners: Mapping[str, str]) -> Record:
    if "time" in event:
        moment = datetime.fromisoformat(event["time"])
        zone = f"{moment:%z}"[:5]
    else:
        wall = datetime.fromisoformat(event["local_time"])
        moment = wall.replace(tzinfo=ZoneInfo(event["zone"]), fold=event.get("fold", 0))
        zone = event["zone"]
    call = event["channel"] == "call"
    return Record(
        kind="call" if call else "sms",
        channel=event["channel"],
        locator=str(index),
        time=Stamp(to_utc_text(moment), "", "export", "offset_in_file", zone, 1.0),
        direction=event["direction"],
        number=normalise(event.get("number")),
        text=event.get("text"),
        duration_s=event.get("duration"),
        outcome=("answered" if event.get("answered") else "missed") if call else None,
        holder=owners[event["device"]],
        extras={"device": event["device"]},
        id=f"r{index:06d}",
        source=event["source"],
    )


def _parties(numbers: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> dict[str, Party]:
    extra = set(params["bombing"].get("extra_roles", ())) - {NOBODY}
    parties = {}
    for raw, told in numbers.items():
        role = told.get("role") or NOBODY
        slot = COUNTED if role in params["counted_roles"] else EXTRA if role in extra else "other"
        key = normalise(raw)
        if key is not None and role != NOBODY:
            parties[key] = Party(key, role=slot, lender=told.get("creditor"))
    return parties


def _rule(op: str, params: Mapping[str, Any], select: Mapping[str, Any], extra_roles: bool = False, **more: Any) -> Any:
    """An engine rule from data; a fault in it is a fault of this script."""
    roles = [COUNTED]
    extra = set(params["bombing"].get("extra_roles", ())) if extra_roles else set()
    if extra - {NOBODY}:
        roles.append(EXTRA)
    if NOBODY in extra or NOBODY in params["counted_roles"]:
        roles.append(NOBODY)
    text = {"en": "-"}
    data = {"id": op, "norm": "-", "clause": text, "category": "-", "effect": "indicator", "harm": 1, "explain": text}
    errors: list[str] = []
    rule = read_rule(Node({**data, "op": op, "select": {**select, "roles": roles}, **more}, op, errors), ("en",))
    if errors:
        raise ValueError("; ".join(errors))
    return rule


def _results(scenario: Mapping[str, Any], joined: Sequence[Joined], events: Sequence[Event]) -> dict[str, Any]:
    params = scenario["params"]
    table = day_table(events, roles={COUNTED}, min_effective_s=params["min_effective_seconds"])
    return {
        "unique_events": len(joined),
        "unattributed": sum(e.role is None and e.direction == "in" for e in events),
        "per_day": [
            {
                "creditor": row.creditor,
                "day": row.day.isoformat(),
                "effective": row.effective,
                "unanswered": row.unanswered,
                "sms": row.messages,
            }
            for row in table
        ],
        "findings": [
            *_per_day(params, events),
            *_quiet(params, scenario.get("agreements", ()), events),
            *_bombing(params, events),
            *_third_persons(params, events),
            *_objections(params, scenario.get("objections", ()), events),
        ],
    }


def _hits(rule: Any, events: Sequence[Event], facts: Iterable[Fact] = ()) -> list[Hit]:
    return [hit for hit in evaluate(rule, events, Env(Context(tuple(facts)))) if hit.result == "met"]


def _from(params: Mapping[str, Any], name: str) -> date:
    text = params.get("in_force_from", {}).get(name)
    return date.fromisoformat(text) if text else date.min


def _subject(person: str | None) -> str:
    return "debtor" if person in (None, "self") else person


def _per_day(params: Mapping[str, Any], events: Sequence[Event]) -> list[dict[str, Any]]:
    window = {"kind": "calendar", "unit": "day"}
    answered = {
        "channels": ["call"],
        "outcomes": ["connected"],
        "relations": ["debtor"],
        "where": {"duration_ge": params["min_effective_seconds"]},
    }
    missed = {"channels": ["call"], "outcomes": ["attempted"]}
    found = []
    plan = (
        ("calls_per_day", answered, ["creditor", "person"], params["max_effective_calls_per_day"]),
        ("unanswered_per_day", missed, ["creditor", "person", "line"], params["max_unanswered_per_day"]),
    )
    for name, select, per, limit in plan:
        rule = _rule("count", params, select, per=per, window=window, limit=limit, on_unknown_key="merge")
        rule_events = [e for e in events if e.local.date() >= _from(params, name)]
        for hit in _hits(rule, rule_events):
            row = {"rule": name, "creditor": hit.key[0], "subject": _subject(hit.key[1])}
            if name == "unanswered_per_day":
                row["device"] = hit.key[2] or ""
            found.append({**row, "day": hit.start.date().isoformat(), "count": hit.counted, "limit": limit})
    return found


def _quiet(
    params: Mapping[str, Any], agreements: Iterable[Mapping[str, Any]], events: Sequence[Event]
) -> list[dict[str, Any]]:
    spans = quiet_to_allowed(parse_clock(params["quiet_start"]), parse_clock(params["quiet_end"]))
    allowed = [{"from": _clock(s.start), "to": _clock(s.end)} for s in spans]
    rule = _rule(
        "hours",
        params,
        {"channels": list(params["quiet_channels"])},
        allowed=allowed,
        overlap=bool(params.get("quiet_overlap")),
        agreed_fact="hours_agreed",
    )
    rule_events = [e for e in events if e.local.date() >= _from(params, "quiet_hours")]
    return [
        {
            "rule": "quiet_hours",
            "creditor": hit.key[0],
            "subject": _subject(hit.key[1]),
            "day": hit.start.date().isoformat(),
            "count": hit.counted,
        }
        for hit in _hits(rule, rule_events, (_agreement(a) for a in agreements))
    ]


def _agreement(row: Mapping[str, Any]) -> Fact:
    creditor = str(row.get("creditor") or row.get("with") or row.get("to") or "")
    if "quiet_start" in row:
        start, end = row["quiet_end"], row["quiet_start"]
    else:
        names = (
            ("allowed_start", "allowed_end"),
            ("contact_start", "contact_end"),
            ("start", "end"),
            ("from", "until"),
        )
        start, end = next((row[a], row[b]) for a, b in names if a in row and b in row)
    return Fact("hours_agreed", Stamp(), keys={"creditor": creditor, "from": str(start), "to": str(end)})


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bombing(params: Mapping[str, Any], events: Sequence[Event]) -> list[dict[str, Any]]:
    limits = params["bombing"]
    plan = (
        ("call_bombing", "hour", "call", limits["window_seconds"], limits["calls"]),
        ("call_bombing", "minute", "call", limits["burst_window_seconds"], limits["burst_calls"]),
        ("sms_bombing", "hour", "sms", limits["window_seconds"], limits["sms"]),
    )
    found = []
    for name, window, channel, seconds, least in plan:
        rule = _rule(
            "count",
            params,
            {"channels": [channel]},
            extra_roles=True,
            per=["creditor", "person"],
            window={"kind": "rolling", "unit": "second", "n": seconds},
            limit=least - 1,
            on_unknown_key="merge",
        )
        found += [
            {
                "rule": name,
                "creditor": hit.key[0],
                "subject": _subject(hit.key[1]),
                "window": window,
                "first": _z(hit.start),
                "last": _z(hit.end),
                "count": hit.counted,
            }
            for hit in _hits(rule, events)
        ]
    return found


def _third_persons(params: Mapping[str, Any], events: Sequence[Event]) -> list[dict[str, Any]]:
    select = {"channels": ["call", "sms"], "relations": THIRD}
    single = _rule("forbid", params, select)
    found: list[dict[str, Any]] = [
        {
            "rule": "third_party_contact",
            "creditor": hit.key[0],
            "subject": _subject(hit.key[1]),
            "count": hit.counted,
        }
        for hit in _hits(single, events)
    ]
    blast = _rule(
        "count",
        params,
        select,
        per=["creditor"],
        window={"kind": "rolling", "unit": "hour", "n": BLAST_HOURS},
        limit=params["blast_third_parties"] - 1,
        distinct="person",
        on_unknown_key="merge",
    )
    largest: dict[str | None, int] = {}
    for hit in _hits(blast, events):
        creditor = hit.key[0]
        largest[creditor] = max(largest.get(creditor, 0), hit.counted)
    return found + [
        {"rule": "contact_book_blast", "creditor": creditor, "count": count} for creditor, count in largest.items()
    ]


def _objections(
    params: Mapping[str, Any], objections: Iterable[Mapping[str, Any]], events: Sequence[Event]
) -> list[dict[str, Any]]:
    rule = _rule(
        "latch",
        params,
        {"channels": ["call", "sms"]},
        trigger={"facts": ["cease_notice"]},
        same=["creditor", "person"],
    )
    found = []
    for row in objections:
        if not row.get("delivered_at"):
            continue
        person = "self" if row["by"] == "debtor" else row["by"]
        at = datetime.fromisoformat(row["delivered_at"])
        stamp = Stamp(to_utc_text(at), row["delivered_at"], "stated", "offset_in_file")
        fact = Fact("cease_notice", stamp, keys={"creditor": row["to"], "person": person})
        found += [
            {
                "rule": "contact_after_objection" if person == "self" else "contact_after_refusal",
                "creditor": hit.key[0],
                "subject": _subject(hit.key[1]),
                "count": hit.counted,
                "first": _z(hit.start),
            }
            for hit in _hits(rule, events, [fact])
        ]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
