"""SMS Import / Export: what a sample file cannot show."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.base import Neighbour
from evidence.importers.sms_ie import IMPORTER, EncryptedExport
from evidence.models import Contact, Problem, Record

JPEG = b"\xff\xd8\xff" + bytes(40) + b"\xff\xd9"
SMS = {"_id": "1", "thread_id": "1", "address": "12800000001", "date": "1777280400123", "type": "1", "body": "还钱"}
CALL = {"_id": "1", "number": "12800000001", "date": "1777280400123", "duration": "5", "type": "1", "presentation": "1"}


@pytest.fixture
def read(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def run(value: Any, **changes: Any) -> list[Any]:
        path = tmp_path / "file"
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return read_all(IMPORTER, path, **changes)

    return run


def test_attachments_lie_in_data(read: Any, tmp_path: Path) -> None:
    place = tmp_path / "picture"
    place.write_bytes(JPEG)
    found = {"data/PART_1": Neighbour(place, "PART_1", len(JPEG), hashlib.sha256(JPEG).hexdigest())}
    parts = [{"ct": "image/jpeg", "name": "a.jpg", "_data": "/data/x/app_parts/PART_1"}]
    message = {"_id": "3", "thread_id": "2", "date": "1777280500", "msg_box": "1", "m_type": "132", "__parts": parts}
    (record,) = read(json.dumps(message).encode(), find=found.get)
    assert [(m.sha256, m.mime, m.name) for m in record.media] == [
        (hashlib.sha256(JPEG).hexdigest(), "image/jpeg", "a.jpg")
    ]
    assert record.time.utc == "2026-04-27T09:01:40.000Z"


def test_version_1_is_an_array_with_attachments_inside(read: Any) -> None:
    parts = [
        {"ct": "text/plain", "seq": "0", "text": "看图"},
        {"ct": "image/jpeg", "cl": "a.jpg", "_data": "/x/PART_1", "binary_data": base64.b64encode(JPEG).decode()},
    ]
    sender = {"address": "12800000002", "type": "137", "display_name": "李四"}
    owner = [{"address": "insert-address-token", "type": "151"}]
    message = {"_id": "3", "date": "1777280500", "msg_box": "1", "m_type": "132", "parts": parts}
    message |= {"sender_address": sender, "recipient_addresses": owner}
    sms, mms = read([SMS | {"display_name": "张三"}, message])
    assert (sms.name, sms.locator) == ("张三", "entry[1]")
    assert (mms.name, mms.number, mms.text, mms.direction) == ("李四", "12800000002", "看图", "in")
    assert mms.media[0].sha256 == hashlib.sha256(JPEG).hexdigest()
    assert "missing_media" not in mms.extras


def test_calls(read: Any) -> None:
    answered, missed = read([CALL | {"display-name": "张三"}, CALL | {"type": "3", "duration": "30", "name": "旧名"}])
    assert (answered.kind, answered.name, answered.outcome, answered.duration_s) == ("call", "张三", "answered", 5.0)
    assert (missed.name, missed.outcome, missed.extras["ring_s"]) == ("旧名", "missed", 30)


def test_contacts(read: Any) -> None:
    data = [
        {"mimetype": "vnd.android.cursor.item/name", "data1": "张三"},
        {"mimetype": "vnd.android.cursor.item/phone_v2", "data1": "+86 128 0000 0001", "data2": "2"},
    ]
    book = [{"_id": "1", "display_name": "张三", "raw_contacts": [{"_id": "5", "contacts_data": data}]}]
    (contact,) = read(book)
    assert isinstance(contact, Contact)
    assert (contact.name, contact.number, contact.locator) == ("张三", "12800000001", "entry[1]/raw[1]/data[2]")
    assert contact.extras["raw_contact"] == {"_id": "5"}


def test_a_damaged_line_loses_only_itself(read: Any) -> None:
    good = json.dumps(SMS, ensure_ascii=False).encode()
    deep = b'{"body":' + b"[" * 500 + b"]" * 500 + b"}"
    bad = [b'{"_id":"2","address":"128', b"5", b"\xff\xfe", deep, b'{"_id": 1}', b'{"n":' + b"9" * 9000 + b"}"]
    items = read(b"\n".join([good, *bad, b"", good.replace("还钱".encode(), b"\xff")]))
    assert [item.locator for item in items if isinstance(item, Record)] == ["line 1", "line 9"]
    problems = {item.code: item for item in items if isinstance(item, Problem)}
    assert problems["row_unreadable"].message.startswith("6 entries")
    assert problems["row_unreadable"].severity == "error"
    assert "text_mended" in problems


def test_an_array_cut_off_gives_what_is_whole(read: Any) -> None:
    items = read(json.dumps([SMS, SMS, SMS]).encode()[:-20])
    assert [item.locator for item in items[:2]] == ["entry[1]", "entry[2]"]
    assert items[-1].code == "json_cut"


def test_an_encrypted_export_says_what_to_do(read: Any, make_probe: Any, tmp_path: Path) -> None:
    path = tmp_path / "e"
    path.write_bytes(b"SSEF\0\xff" + bytes(100))
    assert IMPORTER.claims(make_probe(path))
    with pytest.raises(EncryptedExport):
        read(path.read_bytes())


@pytest.mark.parametrize(
    ("value", "claimed"),
    [
        (json.dumps(SMS).encode(), True),
        (b"\xef\xbb\xbf" + json.dumps([SMS]).encode(), True),
        (json.dumps([CALL]).encode(), True),
        (json.dumps([{"_id": "1", "raw_contacts": []}]).encode(), True),
        (json.dumps([{"number": "1", "date": "1", "duration": "1", "type": "1"}]).encode(), False),
        (json.dumps({"messages": [SMS]}).encode(), False),
        (b"[]", False),
        (b"{", False),
        (b'["_id", "thread_id", "date", "type"]', False),
    ],
)
def test_claims_by_content(value: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(value)
    assert IMPORTER.claims(make_probe(path)) is claimed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["_id", "address", "body", "date", "type", "msg_box", "m_type", "__parts", "parts", "__sender_address", "sub"]
KEYS += ["number", "duration", "raw_contacts", "__recipient_addresses", "thread_id", "name"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6) | JSON, max_size=5))
def test_any_values_are_counted(
    tmp_path_factory: pytest.TempPathFactory, read_all: Any, as_json: Any, values: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    values = [SMS, *values]
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    items = read_all(IMPORTER, path)
    book = sum(isinstance(value, dict) and "raw_contacts" in value for value in values)
    told = {item.code: int(item.message.split()[0]) for item in items if isinstance(item, Problem)}
    passed = sum(told.get(code, 0) for code in ("row_unreadable", "record_empty", "mms_report"))
    records = [item for item in items if isinstance(item, Record)]
    assert len(records) + passed + book == len(values)
    orjson.dumps(as_json(records))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_break_claims(tmp_path_factory: pytest.TempPathFactory, make_probe: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("claims") / "file"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) in (True, False)
