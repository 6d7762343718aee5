"""The scenario adapter on invented logs: clocks, duplicates, objections, thresholds as data."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "eval_scenarios.py"
_spec = importlib.util.spec_from_file_location("eval_scenarios", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
adapter = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(adapter)

PARAMS: dict[str, Any] = {
    "timezone": "Asia/Shanghai",
    "quiet_start": "22:00:00",
    "quiet_end": "08:00:00",
    "quiet_channels": ["call"],
    "quiet_overlap": True,
    "max_effective_calls_per_day": 1,
    "min_effective_seconds": 5,
    "max_unanswered_per_day": 2,
    "counted_roles": ["collector"],
    "in_force_from": {"calls_per_day": "2026-01-01"},
    "bombing": {
        "window_seconds": 600,
        "calls": 3,
        "sms": 2,
        "burst_window_seconds": 30,
        "burst_calls": 2,
        "extra_roles": ["unknown"],
    },
    "blast_third_parties": 2,
    "dedupe": {"source_order": ["log", "bill"], "start_tolerance_seconds": 10, "duration_tolerance_seconds": 60},
}


def event(time: str, **more: Any) -> dict[str, Any]:
    given = {"source": "log", "device": "A", "direction": "in", "number": "12000000011", "channel": "call"}
    return {**given, "time": time, "answered": True, "duration": 20, **more}


def scenario(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "T1",
        "params": {**PARAMS, **more.pop("params", {})},
        "devices": [
            {"id": "A", "owner": "debtor"},
            {"id": "B", "owner": "debtor"},
            {"id": "M", "owner": "mother"},
            {"id": "F", "owner": "friend"},
        ],
        "numbers": {"+86 120 0000 0011": {"creditor": "C1", "role": "collector"}},
        "objections": [],
        "agreements": [],
        "events": list(events),
        **more,
    }


def rows(result: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [f for f in result["findings"] if f["rule"] == rule]


def test_full_width_number_and_bill_rounding_are_one_event() -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in "12000000011")
    one = event("2026-03-10T09:00:00+08:00", number=wide)
    two = event("2026-03-10T01:00:07+00:00", source="bill", duration=60)
    result = adapter.predict(scenario(one, two))["Asia/Shanghai"]
    assert result["unique_events"] == 1
    row = {"creditor": "C1", "day": "2026-03-10", "effective": 1, "unanswered": 0, "sms": 0}
    assert result["per_day"] == [row]


def test_short_calls_are_neither_effective_nor_unanswered() -> None:
    calls = [event(f"2026-03-10T{h}:00:00+08:00", duration=4) for h in (10, 11)]
    result = adapter.predict(scenario(*calls, event("2026-03-10T12:00:00+08:00")))["Asia/Shanghai"]
    assert rows(result, "calls_per_day") == []
    assert result["per_day"][0]["effective"] == 1


def test_unanswered_is_counted_per_device() -> None:
    missed = {"answered": False, "duration": 0}
    calls = [event(f"2026-03-10T{h}:00:00+08:00", device="AB"[h % 2], **missed) for h in range(10, 15)]
    (found,) = rows(adapter.predict(scenario(*calls))["Asia/Shanghai"], "unanswered_per_day")
    assert (found["device"], found["count"], found["limit"], found["subject"]) == ("A", 3, 2, "debtor")


def test_the_repeated_hour_and_the_phones_own_clock() -> None:
    night = {"zone": "Europe/Berlin", "local_time": "2026-10-25T02:30:00"}
    base = event("unused")
    del base["time"]
    events = [{**base, **night, "fold": 0}, {**base, **night, "fold": 1}]
    found = adapter.predict(scenario(*events))
    assert set(found) == {"Asia/Shanghai", "Europe/Berlin", "event"}
    assert found["event"]["unique_events"] == 2
    assert rows(found["event"], "quiet_hours")[0]["count"] == 2
    assert rows(found["Asia/Shanghai"], "quiet_hours") == []


def test_bombing_by_withheld_numbers_counts_under_unknown() -> None:
    calls = [event(f"2026-03-10T10:00:{s}+08:00", number=None, answered=False, duration=0) for s in ("00", "29", "59")]
    result = adapter.predict(scenario(*calls))["Asia/Shanghai"]
    assert result["unattributed"] == 3
    found = {(f["creditor"], f["window"], f["count"]) for f in rows(result, "call_bombing")}
    assert found == {("unknown", "hour", 3), ("unknown", "minute", 2)}


def test_agreed_hours_replace_the_default() -> None:
    agreed = [{"creditor": "C1", "quiet_start": "20:00:00", "quiet_end": "09:00:00"}]
    calls = [event("2026-03-10T20:30:00+08:00"), event("2026-03-10T19:59:50+08:00")]
    (found,) = rows(adapter.predict(scenario(*calls, agreements=agreed))["Asia/Shanghai"], "quiet_hours")
    assert found["count"] == 2, "one inside, one that runs into it"


def test_third_persons_blast_and_refusal() -> None:
    events = [
        event("2026-03-10T10:00:00+08:00", device="M"),
        event("2026-03-11T09:59:59+08:00", device="F"),
        event("2026-03-12T10:00:00+08:00", device="M"),
    ]
    objection = [{"by": "mother", "to": "C1", "channel": "call", "delivered_at": "2026-03-10T10:00:00+08:00"}]
    result = adapter.predict(scenario(*events, objections=objection))["Asia/Shanghai"]
    assert {(f["subject"], f["count"]) for f in rows(result, "third_party_contact")} == {("mother", 2), ("friend", 1)}
    assert rows(result, "contact_book_blast") == [{"rule": "contact_book_blast", "creditor": "C1", "count": 2}]
    (after,) = rows(result, "contact_after_refusal")
    assert (after["count"], after["first"]) == (1, "2026-03-12T02:00:00Z")


def test_rules_are_silent_before_their_date() -> None:
    calls = [event(f"2025-12-31T{h}:00:00+08:00") for h in (10, 11)]
    assert rows(adapter.predict(scenario(*calls))["Asia/Shanghai"], "calls_per_day") == []


def test_the_script_prints_a_line_per_file(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(scenario(event("2026-03-10T09:00:00+08:00"))), "utf-8")
    done = subprocess.run([sys.executable, str(SCRIPT), str(path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["id"] == "T1"
    assert subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, check=False).returncode == 2
