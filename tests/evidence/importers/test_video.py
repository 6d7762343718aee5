"""Videos: known by content, time as a claim, length without decoding, single pictures exact."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence import i18n
from evidence.errors import Unreadable, UsageError
from evidence.formats.media.frames import frame_png, frames
from evidence.importers.recording import IMPORTER as RECORDING
from evidence.importers.video import IMPORTER
from evidence.models import Problem, Record

KINDS = {
    "mp4": ("mpeg4", "video/mp4"),
    "mov": ("mpeg4", "video/quicktime"),
    "3gp": ("mpeg4", "video/3gpp"),
    "matroska": ("mpeg4", "video/x-matroska"),
    "webm": ("libvpx", "video/webm"),
}


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.activate("en")


def film(path: Path, kind: str = "mp4", count: int = 40, rate: int = 10, **metadata: str) -> Path:
    """Pictures whose grey tells their number: 6 for each."""
    with av.open(str(path), "w", format=kind) as out:
        out.metadata.update(metadata)
        stream = out.add_stream(KINDS[kind][0], rate=rate)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 176, 144, "yuv420p", 15
        stream.bit_rate = 400_000
        for n in range(count):
            picture = np.full((144, 176, 3), n * 6, "u1")
            picture[:72] = 255  # the upper half is white
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def number_of(png: bytes) -> int:
    grey = Image.open(io.BytesIO(png)).convert("L").getpixel((88, 110))
    assert isinstance(grey, int)
    return round(grey / 6)


@pytest.mark.parametrize("kind", KINDS)
def test_every_container(kind: str, tmp_path: Path, make_probe: Any, read_all: Callable[..., list[Any]]) -> None:
    file = make_probe(film(tmp_path / "x.bin", kind))
    assert IMPORTER.claims(file)
    assert not RECORDING.claims(file)
    record, *problems = read_all(IMPORTER, file)
    assert problems == []
    assert (record.kind, record.media[0].mime, record.duration_s) == (
        "media",
        KINDS[kind][1],
        pytest.approx(4, abs=0.1),
    )
    assert {"width": 176, "height": 144, "has_audio": False, "rotation": 0}.items() <= record.extras.items()
    assert [number_of(png) for _at, png in frames(file.path, [0, 0.05, 1.0, 2.55, 3.9, 0.3])] == [0, 0, 10, 25, 39, 3]


def test_pictures_have_their_own_times_and_equal_bytes(tmp_path: Path) -> None:
    path = film(tmp_path / "x.mp4")
    assert [at for at, _png in frames(path, [0.0, 0.19, 0.2, 3.94])] == [0.0, 0.1, 0.2, 3.9]
    assert hashlib.sha256(frame_png(path, 1.23)).digest() == hashlib.sha256(frame_png(path, 1.2)).digest()
    for wrong in (-1.0, float("nan"), float("inf"), 60.0):
        with pytest.raises(UsageError):
            frame_png(path, wrong)


def test_a_phone_held_upright_gives_an_upright_picture(tmp_path: Path, read_all: Any) -> None:
    path = film(tmp_path / "x.mp4")
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 4 + 20 + 16
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    path.write_bytes(bytes(data))
    assert read_all(IMPORTER, path)[0].extras["rotation"] == -90
    picture = Image.open(io.BytesIO(frame_png(path, 0))).convert("L")
    assert picture.size == (144, 176)
    assert (picture.getpixel((130, 88)), picture.getpixel((10, 88))) == (
        pytest.approx(255, abs=8),
        pytest.approx(0, abs=8),
    )


def test_times(tmp_path: Path, read_all: Any) -> None:
    path = film(tmp_path / "x.mp4", creation_time="2026-04-27T07:38:44.000000Z")

    def stamp(name: str, **changes: Any) -> Any:
        return read_all(IMPORTER, path, name=name, **changes)[0].time

    named = stamp("Screenrecorder-2026-04-27-15-38-40-350.mp4")
    assert (named.utc, named.basis, named.how) == ("2026-04-27T07:38:40.350Z", "filename", "local_assumed")
    ended = stamp("RPReplay_Final1777275524.mp4")
    assert (ended.utc, ended.how, ended.precision_s) == ("2026-04-27T07:38:40.000Z", "epoch_utc", 4.0)
    inner = stamp("x.mp4")
    assert (inner.utc, inner.basis, inner.precision_s) == ("2026-04-27T07:38:40.000Z", "metadata", 4.0)
    assert stamp("mmexport1777275999000.mp4").basis == "metadata"
    plain = film(tmp_path / "y.mp4")
    saved = read_all(IMPORTER, plain, name="VID-20260427-WA0001.mp4")[0]
    assert (saved.time.utc, saved.time.how, saved.channel) == ("2026-04-26T16:00:00.000Z", "date_only", "whatsapp")
    file = read_all(IMPORTER, plain, name="y.mp4", mtime="2026-05-01T00:00:00.000Z")[0].time
    assert (file.utc, file.how) == ("2026-05-01T00:00:00.000Z", "file_mtime")
    apple = film(tmp_path / "z.mov", "mov", **{"com.apple.quicktime.creationdate": "2026-04-27T15:38:40+0800"})
    assert read_all(IMPORTER, apple, name="IMG_0001.MOV")[0].time.utc in ("2026-04-27T07:38:40.000Z", None)


def test_a_renamed_video_is_told(tmp_path: Path, read_all: Any) -> None:
    path = film(tmp_path / "x.mp4", creation_time="2026-04-27T07:38:44.000000Z")
    for name, told in (("20260427_153840", False), ("20260427_173840", False), ("20260427_150040", True)):
        items = read_all(IMPORTER, path, name=f"VID_{name}.mp4")
        assert ("clocks_disagree" in [i.code for i in items[1:]]) is told, name


def test_cut_videos(tmp_path: Path, make_probe: Any, read_all: Any) -> None:
    whole = film(tmp_path / "x.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"moov") - 4])
    assert IMPORTER.claims(make_probe(path))
    assert not RECORDING.claims(make_probe(path))
    with pytest.raises(Unreadable, match="cut off") as caught:
        read_all(IMPORTER, path)
    assert str(tmp_path) not in str(caught.value)
    sound = make_probe(path, name="12800000001_20260427153840.m4a")
    assert RECORDING.claims(sound)
    assert not IMPORTER.claims(sound)
    mkv = film(tmp_path / "x.mkv", "matroska").read_bytes()
    path.write_bytes(mkv[: len(mkv) * 2 // 3])
    record = read_all(IMPORTER, path)[0]
    assert 1 < record.duration_s < 3.5


def test_damaged_pictures_are_told(tmp_path: Path, read_all: Any) -> None:
    path = film(tmp_path / "x.mp4")
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = b"\xff" * (end - start)
    path.write_bytes(bytes(data))
    items = read_all(IMPORTER, path)
    assert isinstance(items[0], Record)
    assert "video_damaged" in [i.code for i in items if isinstance(i, Problem)]
    with pytest.raises(Unreadable):
        frame_png(path, 0)


def test_a_playlist_is_never_followed(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(b"ID3\x04\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n")
    assert RECORDING.claims(make_probe(path))
    with pytest.raises(Unreadable):
        list(RECORDING.read(make_probe(path), None, None))  # type: ignore[arg-type]
    with pytest.raises(Unreadable):
        frame_png(path, 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_break_it(data: st.DataObject, tmp_path: Path, make_probe: Any, read_all: Any) -> None:
    base = tmp_path / "base"
    if not base.exists():
        film(base, count=6)
    raw = bytearray(base.read_bytes())
    for _n in range(data.draw(st.integers(1, 10))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    path = tmp_path / "x"
    path.write_bytes(bytes(raw))
    file = make_probe(path)
    claims = [i for i in (IMPORTER, RECORDING) if i.claims(file)]
    assert len(claims) <= 1
    for importer in claims:
        try:
            assert isinstance(read_all(importer, file)[0], Record)
        except Unreadable:
            continue
