"""Recordings with audible, speech-like sound: no words can be made out, the rhythm is that of the script.

Each Chinese character of a line becomes one syllable: a burst of noise, then a voiced vowel whose harmonics
follow two formant patterns, with the pitch contour of a tone. Encoded by PyAV with FFmpeg's bit-exact flags.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from complaints.demo.story import Recording

Wave = NDArray[np.float64]

# Formant frequencies in Hz of a, i, u, e, o, ü as a speaker of Mandarin roughly has them.
_VOWELS = (
    (850, 1250, 2700),
    (300, 2300, 3000),
    (350, 700, 2600),
    (480, 1250, 2600),
    (500, 850, 2700),
    (300, 2000, 2600),
)
# Pitch over a syllable for the four tones and the light one: start, middle, end as factors of the speaker's pitch.
_TONES = ((1.25, 1.25, 1.25), (0.95, 1.05, 1.3), (0.95, 0.75, 0.95), (1.35, 1.1, 0.8), (1.0, 0.95, 0.9))
_PITCH = {"催收员": 118.0, "我": 212.0, "妹妹": 236.0}
_LOUD = {"催收员": 0.62, "我": 0.34, "妹妹": 0.42}
_PAUSES = "，。？！、："
_CODECS = {
    ".mp3": ("libmp3lame", "mp3", 16000, 32000),
    ".m4a": ("aac", "ipod", 16000, 32000),
    ".amr": ("libopencore_amrnb", "amr", 8000, 12200),
    ".3gp": ("libopencore_amrnb", "3gp", 8000, 12200),
    ".ogg": ("libopus", "ogg", 16000, 24000),
    ".wav": ("pcm_s16le", "wav", 8000, 0),
}


def write_recording(recording: Recording, path: Path, seed: int) -> None:
    """Synthesise and encode one recording; the codec follows from the file name's ending.

    MPEG-4 files state their creation time as Android does: the end of the recording, in UTC.
    """
    codec, container, rate, bits = _CODECS[path.suffix]
    wave = speech(recording, rate, seed)
    encode(wave, path, codec, container, rate, bits, recording.stated + timedelta(seconds=recording.seconds))


def speech(recording: Recording, rate: int, seed: int) -> Wave:
    """The whole conversation at ``rate`` samples a second, between -1 and 1."""
    rng = Random(f"{seed}{recording.file}")
    noise = np.random.RandomState(rng.randrange(2**31))
    out: Wave = noise.standard_normal(int(recording.seconds * rate)) * 0.004
    for line in recording.lines:
        voice = _line(line.text, line.end - line.start, _PITCH[line.speaker], rate, rng, noise)
        begin = int(line.start * rate)
        room = min(len(voice), len(out) - begin)
        out[begin : begin + room] += voice[:room] * _LOUD[line.speaker]
    clipped: Wave = np.clip(out, -1.0, 1.0)
    return clipped


def _line(text: str, seconds: float, pitch: float, rate: int, rng: Random, noise: np.random.RandomState) -> Wave:
    step = int(seconds * rate / len(text))
    pieces = [
        np.zeros(step) if mark in _PAUSES else _syllable(step, pitch * rng.uniform(0.95, 1.06), rate, rng, noise)
        for mark in text
    ]
    joined: Wave = np.concatenate(pieces)
    return joined


def _syllable(samples: int, pitch: float, rate: int, rng: Random, noise: np.random.RandomState) -> Wave:
    onset = int(samples * rng.uniform(0.08, 0.2))
    length = samples - onset
    place = np.linspace(0.0, 1.0, length)
    f0 = pitch * np.interp(place, (0.0, 0.5, 1.0), rng.choice(_TONES))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    first, last = rng.choice(_VOWELS), rng.choice(_VOWELS)
    voiced = np.zeros(length)
    for k in range(1, int(min(3600, rate * 0.45) / pitch)):
        shape = _formants(k * pitch, first) * (1 - place) + _formants(k * pitch, last) * place
        voiced += shape * np.sin(k * phase) / k**0.5
    voiced *= np.sin(np.pi * place) ** 0.4 * 0.5
    burst = np.diff(noise.standard_normal(onset + 1)) * np.linspace(0.02, 0.12, onset)
    joined: Wave = np.concatenate([burst, voiced])
    return joined


def _formants(frequency: float, centres: tuple[int, int, int]) -> float:
    """How strongly a mouth of these resonances lets a frequency through."""
    widths, heights = (90.0, 110.0, 160.0), (1.0, 0.6, 0.3)
    return sum(h / (1 + ((frequency - c) / w) ** 2) for c, w, h in zip(centres, widths, heights, strict=True))


def encode(wave: Wave, path: Path, codec: str, container: str, rate: int, bits: int, ended: datetime) -> None:
    """Write ``wave`` (mono) to ``path``. Same input, same library, same bytes."""
    samples = (wave * 32000).astype(np.int16)
    with av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as out:
        if container in ("ipod", "3gp"):
            out.metadata["creation_time"] = f"{ended.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000000Z"
        stream: Any = out.add_stream(codec, rate=rate, layout="mono")
        stream.codec_context.flags |= av.codec.context.Flags.bitexact.value
        if bits:
            stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for packet in stream.encode(frame):
            out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)


def srt(recording: Recording) -> str:
    """The script as SubRip subtitles, speaker before the words."""
    blocks = (
        f"{n}\n{_clock(line.start)} --> {_clock(line.end)}\n{line.speaker}：{line.text}\n"
        for n, line in enumerate(recording.lines, 1)
    )
    return "\n".join(blocks)


def timed_text(recording: Recording) -> str:
    """The script as a person types it: a time code, the speaker, the words."""
    return "".join(f"[{int(x.start) // 60:02d}:{x.start % 60:04.1f}] {x.speaker}：{x.text}\n" for x in recording.lines)


def _clock(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"00:{ms // 60000:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"
