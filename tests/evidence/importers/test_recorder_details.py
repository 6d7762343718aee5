"""What a call recorder writes beside a recording: read with it, or alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import i18n
from evidence.importers.base import Neighbour
from evidence.importers.recorder_details import IMPORTER
from evidence.importers.recording import IMPORTER as RECORDING
from evidence.models import Problem, Record

HERE = Path(__file__).parent
SAMPLE = HERE / "recorder_details" / "sample.json"
SOUND = HERE / "recording" / "sample.amr"
NAME = "20260427_200000.123+0800_in_sim1_+8612800000001"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def finder(**files: Path) -> Callable[[str], Neighbour | None]:
    def find(relative: str) -> Neighbour | None:
        path = files.get(relative.rpartition(".")[2]) if relative.startswith(NAME[:4]) else None
        if path is None:
            return None
        data = path.read_bytes()
        return Neighbour(path, relative, len(data), hashlib.sha256(data).hexdigest())

    return find


def test_a_recording_takes_what_stands_beside_it(read_all: Any) -> None:
    items = read_all(RECORDING, SOUND, name="20260427_195900+0800.amr", find=finder(json=SAMPLE))
    record = items[0]
    assert isinstance(record, Record)
    assert (record.kind, record.direction, record.number, record.name) == ("call", "in", "12800000001", "测试甲")
    assert (record.time.utc, record.time.basis) == ("2026-04-27T12:00:00.123Z", "metadata")
    assert record.extras["kind_why"] == "details"
    assert record.extras["recorder_details"] == json.loads(SAMPLE.read_text(encoding="utf-8"))
    assert record.extras["recorder_details_file"]["sha256"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert items[1:] == []


def test_contradictions_are_told(read_all: Any) -> None:
    name = "20260427_180000+0800_in_+8612800000002.amr"
    codes = [i.code for i in read_all(RECORDING, SOUND, name=name, find=finder(json=SAMPLE)) if isinstance(i, Problem)]
    assert codes == ["clocks_disagree", "numbers_disagree"]


def test_alone_it_tells_of_the_call_and_with_its_recording_not_again(read_all: Any) -> None:
    assert [type(i) for i in read_all(IMPORTER, SAMPLE, name=NAME + ".json")] == [Record]
    items = read_all(IMPORTER, SAMPLE, name=NAME + ".json", find=finder(oga=SOUND))
    assert [i.code for i in items] == ["read_with_recording"]


def test_a_conference_names_all(tmp_path: Path, read_all: Any) -> None:
    body = json.loads(SAMPLE.read_text(encoding="utf-8"))
    body["direction"] = "conference"
    body["calls"].append({"phone_number": "+8612800000002", "contact_name": None})
    path = tmp_path / "x.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    record = read_all(IMPORTER, path)[0]
    assert [p.number for p in record.participants] == ["+8612800000001", "+8612800000002"]
    assert record.direction is None


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b'{"timestamp_unix_ms": 1, "calls": 3}', b'{"timestamp_unix_ms": "calls"']
)
def test_other_files_are_not_claimed(data: bytes, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    assert not IMPORTER.claims(make_probe(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8), st.lists, max_leaves=4
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    time=JSON, calls=st.lists(JSON | st.dictionaries(st.sampled_from(["phone_number", "contact_name"]), JSON)), way=JSON
)
def test_any_values(time: Any, calls: Any, way: Any, tmp_path: Path, make_probe: Any, read_all: Any) -> None:
    path = tmp_path / "x.json"
    body = {"timestamp_unix_ms": time, "calls": calls, "direction": way, "sim_slot": way, "output": {"recording": way}}
    path.write_text(json.dumps(body), encoding="utf-8")
    assert IMPORTER.claims(make_probe(path))
    assert isinstance(read_all(IMPORTER, path)[0], Record)
