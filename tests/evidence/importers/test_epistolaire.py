"""Epistolaire: what a sample file cannot show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import Unreadable
from evidence.importers.epistolaire import IMPORTER
from evidence.models import Record

SMS = {"_id": 1, "thread_id": 1, "address": "12800000001", "date": 1777280400123, "type": 1, "body": "a"}


@pytest.fixture
def read(tmp_path: Path, read_all: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def run(value: Any) -> list[Any]:
        path = tmp_path / "file"
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return read_all(IMPORTER, path)

    return run


def mms(box: int, *addresses: str, **more: Any) -> dict[str, Any]:
    return {"_id": 2, "thread_id": 2, "date": 1777280500000, "msg_box": box, "addresses": list(addresses)} | more


def test_the_other_side_of_an_mms(read: Any) -> None:
    owner = "insert-address-token"
    conversation = [
        mms(1, "12800000002", owner, "12800000001"),
        mms(1, owner, "12800000001"),
        mms(2, owner, "12800000001"),
        mms(2, owner, "12800000001", "12800000002"),
    ]
    records = read({"conversations": [conversation]})
    assert [record.number for record in records] == ["12800000002", None, "12800000001", None]
    assert [record.participants[0].role for record in records] == ["from", None, None, None]


def test_a_damaged_attachment_is_kept_and_told(read: Any) -> None:
    parts = [{"ct": "image/jpeg", "cl": "a.jpg", "my_content": "!!!/9j/"}, {"ct": "image/png", "my_content": ""}, 7]
    record, problem = read({"conversations": [[mms(1, "12800000002", parts=parts)]]})
    assert (record.media[0].size, problem.code) == (3, "part_damaged")
    assert record.extras["parts"][1]["state"] == "without_content"


def test_a_file_cut_off_gives_what_is_whole(read: Any) -> None:
    whole = json.dumps({"conversations": [[SMS, SMS], [SMS]]}).encode()
    items = read(whole[:-30])
    assert [item.locator for item in items if isinstance(item, Record)] == ["message[1][1]", "message[1][2]"]
    assert items[-1].code == "json_cut"
    with pytest.raises(Unreadable):
        read(b'{"conversations": [[')


@pytest.mark.parametrize(
    ("data", "claimed"),
    [
        (json.dumps({"conversations": [[SMS]]}).encode(), True),
        (json.dumps({"conversations": [{"id": "x", "address": 1}]}).encode(), False),
        (json.dumps({"x": {"conversations": [[SMS]]}}).encode(), False),
        (json.dumps({"conversations": [[{"text": 1}]]}).encode(), False),
        (b'"conversations": [[{"address"', False),
        (b"\xff" * 50, False),
    ],
)
def test_claims_by_content(data: bytes, claimed: bool, tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(data)
    assert IMPORTER.claims(make_probe(path)) is claimed
