"""What a sound file really holds: length by decoding, damaged packets, what its container says of itself.

Lengths in headers are estimates (an AMR file has none at all), so every packet is decoded and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.media.mediastreams import open_media
from evidence.i18n import gettext as _

AMR_FRAME_S = 0.02  # 3GPP TS 26.101: 20 ms in every mode
# Bytes after the frame header, by frame type (RFC 4867, section 5.3); types without speech data have none.
_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)
_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)
_MAGIC = {b"#!AMR\n": _NARROW, b"#!AMR-WB\n": _WIDE}
# FFmpeg's own decoder fails on comfort-noise and no-data frames, which every call has.
_BETTER_DECODER = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}
_BLOCK = 1 << 20
_STATE_LENGTH = frozenset(("mov", "matroska", "wav", "ogg", "flac", "caf", "asf"))


@dataclass(frozen=True, slots=True)
class Sound:
    """``seconds`` that can be played; ``packets`` and how many ``bad`` ones there were; ``metadata`` as found.

    ``container`` and ``codec`` are FFmpeg's names; ``frames`` is the count of AMR frames, for AMR files only;
    ``stated_s`` the length in seconds that the container states, where its format has such a field.
    """

    container: str
    codec: str
    seconds: float
    packets: int
    bad: int
    sample_rate: int
    channels: int
    metadata: dict[str, str] = field(default_factory=dict)
    frames: int | None = None
    stated_s: float | None = None


def amr_frames(path: Path) -> int | None:
    """The number of frames of a raw AMR file (RFC 4867, section 5), each 20 ms; None for other files.

    A last frame that is cut off is not counted.
    """
    with path.open("rb") as file:
        head = file.read(9)
        magic = next((m for m in _MAGIC if head.startswith(m)), None)
        if magic is None:
            return None
        sizes = _MAGIC[magic]
        file.seek(len(magic))
        count, at, block = 0, 0, file.read(_BLOCK)
        while at < len(block):
            at += 1 + sizes[block[at] >> 3 & 15]
            if at >= len(block):
                more = file.read(_BLOCK)
                if at > len(block) and len(more) < at - len(block):
                    return count
                at, block = at - len(block), more
            count += 1
        return count


def probe(path: Path, mime: str) -> Sound:
    """Decode the first sound stream to its end. ``mime`` is the container's type (``formats.media.mediastreams``).

    Raises Unreadable when there is nothing that can be played.
    """
    import av

    try:
        with open_media(path, mime) as container:
            if not container.streams.audio:
                raise Unreadable(_("The file has no sound track."))
            if container.streams.audio[0].codec_context is None:
                raise Unreadable(_("The recording is in a code that cannot be decoded here."))
            sound = _decode(container, container.streams.audio[0])
    except (av.FFmpegError, OSError, ValueError) as error:
        raise Unreadable(
            _("The recording cannot be opened: it is empty or was cut off before it was finished ({reason}).").format(
                reason=reason(error, path)
            )
        ) from error
    if sound.seconds <= 0:
        raise Unreadable(_("The recording holds no sound: only its header is there."))
    frames = amr_frames(path)
    return sound if frames is None else replace(sound, seconds=round(frames * AMR_FRAME_S, 3), frames=frames)


def reason(error: Exception, path: Path) -> str:
    """The reason without the path, which is that of a copy."""
    return re.sub(r"\[Errno \d+\] |: '.*'", "", str(error).replace(str(path), "")).strip(": ")


def _decoder(stream: Any) -> Any:
    import av

    context = stream.codec_context
    better = _BETTER_DECODER.get(context.name)
    if better is None or better not in av.codecs_available:
        return context
    replacement: Any = av.CodecContext.create(better, "r")
    replacement.sample_rate, replacement.layout = context.sample_rate, "mono"
    return replacement


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    """Packets with content. A container that breaks off ends here; what it lacks shows in the length."""
    import av

    demuxer = container.demux(stream)
    while True:
        try:
            packet = next(demuxer)
        except StopIteration:
            return
        except av.FFmpegError:
            yield None
            return
        if packet.size:
            yield packet


def _decode(container: Any, stream: Any) -> Sound:
    import av

    decoder = _decoder(stream)
    seconds, packets, bad = 0.0, 0, 0
    for packet in _packets(container, stream):
        packets += 1
        if packet is None:
            bad += 1
            continue
        try:
            for frame in decoder.decode(packet):
                seconds += frame.samples / frame.sample_rate
        except av.FFmpegError:
            bad += 1
    try:
        for frame in decoder.decode(None):
            seconds += frame.samples / frame.sample_rate
    except av.FFmpegError:
        bad += 1
    context = stream.codec_context
    return Sound(
        container.format.name,
        context.name,
        round(seconds, 3),
        packets,
        bad,
        context.sample_rate,
        context.channels,
        {str(k): str(v) for k, v in {**container.metadata, **stream.metadata}.items()},
        stated_s=stated_seconds(container, stream),
    )


def stated_seconds(container: Any, stream: Any) -> float | None:
    """The length that the file states of itself; None for formats that state none, where FFmpeg only guesses."""
    if not set(container.format.name.split(",")) & _STATE_LENGTH:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return round(float(stream.duration * stream.time_base), 3)
    return None if container.duration is None else round(container.duration / 1_000_000, 3)
