"""Pictures: content decides, damage is told, claims are called claims. All pictures are made here."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from evidence.errors import Unreadable
from evidence.importers.image import IMPORTER
from evidence.models import Problem, Record

Read = Callable[..., list[Any]]
FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "HEIF": "image/heic",
}


def make(path: Path, form: str, size: tuple[int, int] = (90, 160), **options: Any) -> Path:
    pillow_heif.register_heif_opener()
    noise = random.Random(1).randbytes(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, noise).save(path, form, **options)
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_formats_are_known_by_content(form: str, tmp_path: Path, make_probe: Any, read_all: Read) -> None:
    file = make_probe(make(tmp_path / "file.bin", form))
    assert IMPORTER.claims(file)
    (record,) = read_all(IMPORTER, file)
    assert (record.extras["width"], record.extras["height"]) == (90, 160)
    assert (record.media[0].mime, record.channel, record.kind) == (FORMATS[form], "unknown", "media")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("part", [0.5, 0.97])
def test_a_cut_picture_is_kept_and_named(form: str, part: float, tmp_path: Path, read_all: Read) -> None:
    path = make(tmp_path / "file.bin", form)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    try:
        items = read_all(IMPORTER, path)
    except Unreadable:
        assert form == "HEIF"  # its index may be what is missing
        return
    assert isinstance(items[0], Record)
    assert [p.code for p in items[1:]] == ["image_damaged"]
    assert items[0].extras["state"] == "damaged"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_bomb_is_refused_by_its_pixels_and_kept(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    record, problem = read_all(IMPORTER, path)
    assert (record.extras["width"], record.extras["height"], record.extras["state"]) == (60_000, 60_000, "too_large")
    assert isinstance(problem, Problem)
    assert problem.code == "image_too_large"


def test_a_long_screenshot_is_fine(tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "Screenshot_20260427-153840.png"
    Image.new("1", (1080, 40_000)).save(path)
    (record,) = read_all(IMPORTER, path)
    assert record.extras["height"] == 40_000


def exif(gps: bool = False, **detail: str) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Model] = "Testphone"
    ifd = made.get_ifd(ExifTags.IFD.Exif)
    for name, value in detail.items():
        ifd[ExifTags.Base[name]] = value
    if gps:
        made.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return made


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_exif_times_and_places_are_claims(form: str, tmp_path: Path, read_all: Read) -> None:
    path = make(tmp_path / "IMG_0001.JPG", form, exif=exif(True, DateTimeOriginal="2026:04:27 15:38:40"))
    (record,) = read_all(IMPORTER, path, mtime="2026-05-01T00:00:00.000Z")
    assert (record.time.utc, record.time.basis, record.time.how) == (
        "2026-04-27T07:38:40.000Z",
        "metadata",
        "local_assumed",
    )
    assert record.extras["has_gps"] is True
    assert record.channel == "photo"
    make(path, form, exif=exif(DateTimeOriginal="2026:04:27 15:38:40", OffsetTimeOriginal="+09:00"))
    (record,) = read_all(IMPORTER, path)
    assert (record.time.utc, record.time.how) == ("2026-04-27T06:38:40.000Z", "offset_in_file")
    assert record.extras["has_gps"] is False
    make(path, form, exif=exif(DateTimeOriginal="0000:00:00 00:00:00"))
    (record,) = read_all(IMPORTER, path, mtime="2026-05-01T00:00:00.000Z")
    assert (record.time.utc, record.time.basis, record.time.how) == ("2026-05-01T00:00:00.000Z", "file", "file_mtime")


def test_a_taken_time_wins_over_a_saved_time(tmp_path: Path, read_all: Read) -> None:
    path = make(tmp_path / "mmexport1777280400123.jpg", "JPEG")
    (record,) = read_all(IMPORTER, path)
    assert (record.time.utc, record.time.how, record.channel) == ("2026-04-27T09:00:00.123Z", "epoch_utc", "wechat")
    assert record.extras["name_time_means"] == "saved"
    make(path, "JPEG", exif=exif(DateTimeOriginal="2026:04:20 15:38:40"))
    (record,) = read_all(IMPORTER, path)
    assert record.time.utc == "2026-04-20T07:38:40.000Z"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_no_bytes_break_it(tmp_path: Path, make_probe: Any, read_all: Read, form: str, data: st.DataObject) -> None:
    path = make(tmp_path / "file.bin", form, (16, 24))
    content = bytearray(path.read_bytes())
    for _i in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    file = make_probe(path)
    if IMPORTER.claims(file):
        try:
            assert isinstance(read_all(IMPORTER, file)[0], Record)
        except Unreadable:
            return
