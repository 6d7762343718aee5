"""Recordings: length by decoding, time as a claim, damage with a name. All sounds are made here."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import numpy as np
import pytest

from evidence.errors import Unreadable
from evidence.formats.media.audio import amr_frames
from evidence.formats.media.recordingclock import clocks_agree, infer_year
from evidence.importers.recording import IMPORTER
from evidence.models import Problem, Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
CODECS = {
    "amr": ("libopencore_amrnb", "amr", 8000, "audio/amr"),
    "wav": ("pcm_s16le", "wav", 8000, "audio/wav"),
    "m4a": ("aac", "ipod", 16000, "audio/mp4"),
    "mp4": ("aac", "mp4", 16000, "audio/mp4"),
    "3gp": ("libopencore_amrnb", "3gp", 8000, "audio/3gpp"),
    "mp3": ("libmp3lame", "mp3", 16000, "audio/mpeg"),
    "ogg": ("libopus", "ogg", 48000, "audio/ogg"),
    "flac": ("flac", "flac", 8000, "audio/flac"),
    "aac": ("aac", "adts", 16000, "audio/aac"),
}


def make(path: Path, kind: str, seconds: float = 1.0, **metadata: str) -> Path:
    """A tone of 440 Hz."""
    codec, container, rate, _mime = CODECS[kind]
    with av.open(str(path), "w", format=container) as out:
        out.metadata.update(metadata)
        stream = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        wave = (np.sin(np.arange(int(rate * seconds)) * 2 * math.pi * 440 / rate) * 8000).astype("<i2")
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for part in av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate).resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("kind", CODECS)
def test_every_container_is_known_by_content_and_measured(
    kind: str, tmp_path: Path, make_probe: Any, read_all: Callable[..., list[Any]]
) -> None:
    file = make_probe(make(tmp_path / "file.bin", kind))
    assert IMPORTER.claims(file)
    record = read_all(IMPORTER, file)[0]
    assert record.duration_s == pytest.approx(1.0, abs=0.15)
    assert record.media[0].mime == CODECS[kind][3]
    assert record.media[0].sha256 == file.sha256
    assert record.extras["bad_packets"] == 0


def test_amr_frames_are_counted_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    silence = bytes([0x7C])  # frame type 15, no data: a phone in a pause
    speech = bytes([0x04]) + bytes(12)
    path.write_bytes(b"#!AMR\n" + speech * 3 + silence * 4 + speech[:5])
    assert amr_frames(path) == 7
    path.write_bytes(b"#!AMR-WB\n" + (bytes([0x04]) + bytes(17)) * 5)
    assert amr_frames(path) == 5
    path.write_bytes(b"#!AMR\n")
    assert amr_frames(path) == 0
    path.write_bytes(b"RIFF")
    assert amr_frames(path) is None
    many = (1 << 20) // 13 + 10
    path.write_bytes(b"#!AMR\n" + speech * many)
    assert amr_frames(path) == many


@pytest.mark.parametrize(
    "data",
    [
        b"#!AMR\n",
        b"#!AMR-WB\n",
        b"ID3\x04\0\0\0\0\0\0",
        b"OggS" + bytes(40),
        b"fLaC",
        b"RIFF\0\0\0\0WAVE",
        b"\x02#!SILK_V3abc",
    ],
)
def test_a_header_without_sound_is_unreadable(data: bytes, tmp_path: Path, make_probe: Any, read_all: Any) -> None:
    path = tmp_path / "12800000001_20260427153840.amr"
    path.write_bytes(data)
    if IMPORTER.claims(make_probe(path)):
        with pytest.raises(Unreadable) as caught:
            read_all(IMPORTER, path)
        assert str(tmp_path) not in str(caught.value)
    else:
        assert data.startswith(b"OggS")


def test_an_m4a_without_index_is_claimed_and_named(tmp_path: Path, make_probe: Any, read_all: Any) -> None:
    path = make(tmp_path / "a.m4a", "m4a")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])
    assert IMPORTER.claims(make_probe(path))
    with pytest.raises(Unreadable, match="cut off"):
        read_all(IMPORTER, path)


def test_a_cut_wav_is_played_as_far_as_it_goes(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.wav", "wav", 2.0)
    path.write_bytes(path.read_bytes()[:16_000])
    record, *problems = read_all(IMPORTER, path)
    assert record.duration_s == pytest.approx(1.0, abs=0.05)
    assert [p.code for p in problems] == ["sound_cut_off"]


def test_damaged_packets_are_counted(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.mp4", "mp4", 3.0)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 200
    for at in range(start, start + 400):
        data[at] = 0xFF
    path.write_bytes(bytes(data))
    items = read_all(IMPORTER, path)
    assert isinstance(items[0], Record)
    assert items[0].extras["bad_packets"] >= 1
    assert "sound_damaged" in [p.code for p in items if isinstance(p, Problem)]


def stamp_of(path: Path, read_all: Any, **changes: Any) -> Any:
    return read_all(IMPORTER, path, **changes)[0].time


def test_time_by_name_then_container_then_file(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.m4a", "m4a", 2.0, creation_time="2026-04-27T07:38:42.000000Z")
    named = stamp_of(path, read_all, name="12800000001_20260427153840.m4a")
    assert (named.utc, named.basis, named.how) == ("2026-04-27T07:38:40.000Z", "filename", "local_assumed")
    assert named.zone == "Asia/Shanghai"
    minute = stamp_of(path, read_all, name="12800000001-2604271538.m4a")
    assert (minute.utc, minute.how, minute.precision_s) == ("2026-04-27T07:38:00.000Z", "minute_only", 60.0)
    year = stamp_of(path, read_all, name="12800000001_通话_04月27日_15点38分.m4a")
    assert (year.utc, year.how, year.precision_s) == ("2026-04-27T07:38:00.000Z", "year_inferred", 60.0)
    offset = stamp_of(path, read_all, name="20260427_153840+0900_in_12800000001.m4a")
    assert (offset.utc, offset.how) == ("2026-04-27T06:38:40.000Z", "offset_in_file")
    clock = stamp_of(path, read_all, name="x.m4a", mtime="2026-05-01T00:00:00.000Z")
    assert (clock.utc[:18], clock.basis) == ("2026-04-27T07:38:3", "metadata") or clock.utc[:18] == "2026-04-27T07:38:4"
    plain = make(tmp_path / "b.wav", "wav", 2.0)
    file = stamp_of(plain, read_all, name="x.wav", mtime="2026-05-01T00:00:02.000Z")
    assert (file.utc, file.basis, file.how) == ("2026-05-01T00:00:00.000Z", "file", "file_mtime")
    assert stamp_of(plain, read_all, name="x.wav").utc is None


def test_a_renamed_file_is_told(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.m4a", "m4a", 2.0, creation_time="2026-04-27T07:38:42.000000Z")
    for name, told in (
        ("20260427153840", False),
        ("20260427173840", False),
        ("20260428153840", True),
        ("20260427150040", True),
    ):
        items = read_all(IMPORTER, path, name=f"12800000001_{name}.m4a")
        assert ("clocks_disagree" in [i.code for i in items[1:]]) is told, name


def test_clocks() -> None:
    wall = datetime(2026, 4, 27, 15, 38, 40)
    created = wall.replace(tzinfo=SHANGHAI).astimezone(UTC)
    for hours, minutes, agrees in (
        (0, 0, True),
        (0, 1, True),
        (0, 30, False),
        (3, 0, True),
        (24, 0, False),
        (-24, 0, False),
    ):
        assert clocks_agree(wall, SHANGHAI, 0.0, created + timedelta(hours=hours, minutes=minutes)) is agrees
    assert clocks_agree(wall, SHANGHAI, 3000.0, created + timedelta(seconds=3000))


def test_the_year_is_the_latest_that_fits() -> None:
    reference = datetime(2026, 1, 3, tzinfo=UTC)
    assert infer_year(datetime(2000, 12, 31, 9), SHANGHAI, reference) == datetime(2025, 12, 31, 9)
    assert infer_year(datetime(2000, 2, 29, 9), SHANGHAI, reference) == datetime(2024, 2, 29, 9)


def test_film_and_other_files_are_not_claimed(tmp_path: Path, make_probe: Any) -> None:
    path = tmp_path / "12800000001_20260427153840.amr"
    for data in (b"", b"amr", struct.pack(">I", 24) + b"ftypheic" + bytes(16), b"\xff\xfb\x90\x64" + bytes(400)):
        path.write_bytes(data)
        assert not IMPORTER.claims(make_probe(path))
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _i in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), "u1"), format="rgb24")))
        out.mux(stream.encode(None))
    assert not IMPORTER.claims(make_probe(path))


def test_an_unknown_codec_is_unreadable(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.wav", "wav")
    data = bytearray(path.read_bytes())
    at = data.index(b"fmt ") + 8
    data[at : at + 2] = b"\x77\x77"
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable):
        read_all(IMPORTER, path)


def test_only_what_is_told_to_be_a_call_is_one(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.mp3", "mp3", 1.0, artist="某乐队", title="歌")

    def first(name: str, **changes: Any) -> Any:
        return read_all(IMPORTER, path, name=name, **changes)[0]

    song = first("歌.mp3", mtime="2026-05-01T00:00:00.000Z")
    assert (song.kind, song.extras["message_type"], song.number) == ("media", "music", None)
    assert song.time.utc == "2026-05-01T00:00:00.000Z"
    voice = first("PTT-20260427-WA0001.mp3")
    assert (voice.kind, voice.channel, voice.extras["message_type"]) == ("media", "whatsapp", "voice")
    assert (voice.time.utc, voice.time.how) == ("2026-04-26T16:00:00.000Z", "date_only")
    call = first("通话录音@测试(12800000001)_20260427153840.mp3")
    assert (call.kind, call.channel, call.number, call.extras["recording"]) == ("call", "call", "12800000001", True)
    folder = first("x.mp3", folder="/sdcard/MIUI/sound_recorder/call_rec")
    assert (folder.kind, folder.extras["kind_why"]) == ("call", "folder")


def test_a_conference_lists_its_numbers(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.mp3", "mp3")
    record = read_all(IMPORTER, path, name="甲(12800000001)_乙(12800000002)_20260427153840.mp3")[0]
    assert [p.number for p in record.participants] == ["12800000001", "12800000002"]
    assert record.extras["conference_others"] == [{"name": "乙", "number": "12800000002"}]


def test_a_voice_message_that_cannot_be_played_is_kept(tmp_path: Path, read_all: Any) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x02#!SILK_V3" + (b"\x05\0" + b"abcde") * 100 + b"\xff\xff")
    record, problem = read_all(IMPORTER, path, name="msg_0412345678901234567890.amr", mtime="2026-05-01T00:00:00.000Z")
    assert (record.kind, record.channel, record.duration_s) == ("media", "wechat", None)
    assert (record.extras["unplayable"], record.extras["packets"]) == ("silk", 100)
    assert record.media[0].mime == "audio/silk"
    assert (problem.code, problem.severity) == ("sound_unplayable", "warning")


def test_a_stated_length_that_is_wrong_is_told(tmp_path: Path, read_all: Any) -> None:
    path = make(tmp_path / "a.flac", "flac", 1.0)
    data = bytearray(path.read_bytes())
    data[22:26] = (8000 * 600).to_bytes(4, "big")  # total samples in STREAMINFO
    path.write_bytes(bytes(data))
    record, *problems = read_all(IMPORTER, path)
    assert record.duration_s == pytest.approx(1.0, abs=0.15)
    assert record.extras["stated_duration_s"] == pytest.approx(600, abs=1)
    assert "length_differs" in [p.code for p in problems]


def test_a_3gp_called_amr_and_an_aac_called_mp3(tmp_path: Path, read_all: Any, make_probe: Any) -> None:
    for kind, name in (("3gp", "12800000001_20260427153840.amr"), ("aac", "12800000001_20260427153840.mp3")):
        path = make(tmp_path / kind, kind)
        assert IMPORTER.claims(make_probe(path, name=name))
        record = read_all(IMPORTER, path, name=name)[0]
        assert (record.kind, record.media[0].mime) == ("call", CODECS[kind][3])


def test_real_files(samples: Path, make_probe: Any, read_all: Any) -> None:
    """Lengths by ffmpeg's frame counts of the published files: 218 and 169 AMR frames of 20 ms, 5 s of Opus."""
    lengths = {"sample_nb.amr": 4.36, "sample_wb.amr": 3.38, "8khz_5s.opus": 5.0, "sample_ima_adpcm.wav": 1.018}
    for name, seconds in lengths.items():
        path = next((samples / "audio").rglob(name))
        record = read_all(IMPORTER, path)[0]
        assert record.duration_s == pytest.approx(seconds, abs=0.02), name
        assert record.kind == "media"
    data = next((samples / "audio").rglob("sample_nb.amr")).read_bytes()
    sizes, at, frames = [12, 13, 15, 17, 19, 20, 26, 31, 5] + [0] * 7, 6, 0
    while at < len(data):
        at += 1 + sizes[data[at] >> 3 & 15]
        frames += 1
    assert frames == 218
