"""Every importer: it has a sample with its expected output, and no file is claimed twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.importers.base import FileProbe, Importer, all_importers

HERE = Path(__file__).parent
OURS = ("sms_backup_restore", "recording", "image", "transcript")


def sample_of(name: str) -> Path:
    found = [p for p in (HERE / name).glob("sample.*") if not p.name.endswith(".expected.json")]
    assert len(found) == 1, f"{name} needs one sample.* in {HERE / name}"
    return found[0]


@pytest.mark.parametrize("importer", all_importers(), ids=lambda i: i.name)
def test_sample_gives_what_is_expected(
    importer: Importer,
    make_probe: Callable[..., FileProbe],
    read_all: Callable[..., list[Any]],
    as_json: Callable[[Any], Any],
) -> None:
    expected = json.loads((HERE / importer.name / "sample.expected.json").read_text(encoding="utf-8"))
    file = make_probe(sample_of(importer.name), **expected["probe"])
    assert importer.claims(file)
    items = read_all(importer, file, options=expected.get("options"))
    assert json.loads(json.dumps([as_json(item) for item in items])) == expected["items"]


@pytest.mark.parametrize("importer", all_importers(), ids=lambda i: i.name)
def test_importer_keeps_the_protocol(importer: Importer) -> None:
    assert isinstance(importer, Importer)
    assert importer.name.isidentifier()
    assert importer.version.split(".")[0].isdecimal()


def test_the_four_importers_are_found() -> None:
    assert set(OURS) <= {importer.name for importer in all_importers()}


def claims(file: FileProbe) -> list[str]:
    """Who claims a file; a fallback is asked only when no other does."""
    for fallback in (False, True):
        names = [i.name for i in all_importers() if i.fallback == fallback and i.claims(file)]
        if names:
            return names
    return []


@pytest.mark.parametrize("importer", all_importers(), ids=lambda i: i.name)
def test_one_claim_per_sample(importer: Importer, make_probe: Callable[..., FileProbe]) -> None:
    assert claims(make_probe(sample_of(importer.name))) == [importer.name]


@pytest.mark.parametrize(
    "data",
    [
        b"BM" + bytes(30),
        bytes(range(256)) * 20,
        b"12:30",
        b"\xff\xd8\xff",
        b"WEBVTT",
        b"",
        b"\0",
        b"<",
        b"<smses",
        b"\xff\xfe",
        b"RIFF",
        b"\xff\xfb",
        b"ID3",
        b"OggS",
        b"\0\0\0\x18ftyp",
        b"#!AMR\n",
    ],
)
def test_claims_never_raises_and_is_single(data: bytes, tmp_path: Path, make_probe: Callable[..., FileProbe]) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    file = make_probe(path)
    assert len(claims(file)) <= 1


def test_real_files_are_claimed_once_by_content(samples: Path, make_probe: Callable[..., FileProbe]) -> None:
    expected = {"sms-backup-restore": "sms_backup_restore", "audio": "recording", "image-heic": "image"}
    unclaimed = set()
    for path in sorted(p for p in samples.rglob("*") if p.is_file()):
        folder = path.relative_to(samples).parts[0]
        names = [i.name for i in all_importers() if i.name in OURS and i.claims(make_probe(path, name="renamed.bin"))]
        assert names in ([], [expected.get(folder)]), path
        if not names and folder in expected:
            unclaimed.add(path.name)
    assert unclaimed == {"empty_file.m4a", "incomplete.mp3"}
