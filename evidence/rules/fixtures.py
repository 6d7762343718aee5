"""The golden cases that a pack carries: run by a test, and by anyone who writes a pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from evidence.models import Fact, Party, Record, Stamp
from evidence.parties import Directory
from evidence.rules.events import Joined, build, fixed_clock
from evidence.rules.gates import applies
from evidence.rules.model import Fixture, Pack, Rule
from evidence.rules.operators import Env, evaluate
from evidence.rules.predicates import Context
from evidence.times import to_utc_text

NUMBER = "12000000001"
CREDITOR = "C1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule made of its fixture."""

    result: str
    counted: int | None


def run(rule: Rule, fixture: Fixture, pack: Pack) -> Outcome:
    """Evaluate one fixture. Without hits the result is ``not_met``; ``met`` wins over ``undetermined``."""
    parties = {f"name:{CREDITOR}": Party(f"name:{CREDITOR}", CREDITOR, "lender", lender_type=fixture.lender_type)}
    people = {str(e["person"]) for e in fixture.events if e.get("person")}
    for person in people:
        parties[f"name:{person}"] = Party(f"name:{person}", person, "other", relation=fixture.relation)
    records: list[Record] = []
    for spec in fixture.events:
        number = str(spec.get("number", NUMBER + str(spec.get("role", ""))))
        role = str(spec.get("role", "collector"))
        if role != "unknown":
            parties.setdefault(number, Party(number, role=role, lender=CREDITOR))
        records += _records(spec, number, len(records), pack.zone)
    zone = fixture.debtor_zone or pack.zone
    directory = Directory(parties)
    events = build([Joined(r) for r in records], directory, fixed_clock(zone), None, pack.reached_within_days)
    context = Context(tuple(_fact(spec, pack.zone) for spec in fixture.facts), pack.conversation_min_s)
    hits = evaluate(rule, events, Env(context, pack.holidays, applies(rule, pack, context)))
    for result in ("met", "undetermined"):
        found = [hit for hit in hits if hit.result == result]
        if found:
            return Outcome(result, max(hit.counted for hit in found))
    return Outcome("not_met", None)


def _records(spec: Mapping[str, Any], number: str, start: int, zone: str) -> list[Record]:
    channel = spec.get("channel", "call")
    kind = {"call": "call", "sms": "sms", "im": "chat", "email": "email", "visit": "visit"}[channel]
    first = _when(spec["at"], zone)
    outcome = spec.get("outcome", "missed" if kind == "call" else None)
    made = []
    for i in range(int(spec.get("times", 1))):
        at = first + timedelta(seconds=i * float(spec.get("every", 0)))
        made.append(
            Record(
                kind=cast(Any, kind),
                channel=channel,
                locator=str(start + i),
                time=Stamp(to_utc_text(at), "", "export", "offset_in_file", None, float(spec.get("precision", 1))),
                direction=spec.get("direction", "in"),
                number=number,
                duration_s=spec.get("duration", 0.0 if outcome in ("missed", "rejected") else None),
                outcome=outcome,
                holder=str(spec.get("person", "self")),
                extras={"device": str(spec["line"])} if spec.get("line") else {},
                id=f"x{start + i}",
                source="fixture",
            )
        )
    return made


def _when(value: object, zone: str) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))


def _fact(spec: Mapping[str, Any], zone: str) -> Fact:
    stamp = Stamp(to_utc_text(_when(spec["at"], zone)), str(spec["at"]), "stated", "offset_in_file")
    return Fact(spec["type"], stamp, keys=dict(spec.get("keys", {})), form=spec.get("form"))
