"""What a video file says of itself and whether its first picture can be shown. Long videos are not decoded whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable
from evidence.formats.media.audio import reason, stated_seconds
from evidence.formats.media.mediastreams import open_media
from evidence.i18n import gettext as _

COUNTED_BYTES = 256 << 20
"""Up to this size the packets are walked through, so that the length is found and not only stated."""
MOST_PIXELS = 100_000_000
_TRIES = 300  # packets until the first picture


@dataclass(frozen=True, slots=True)
class Video:
    """``seconds`` is the length by ``seconds_by``: ``packets`` (walked through, not decoded) or ``container`` (stated).

    ``rotation`` is how far a player turns the picture, counter-clockwise in degrees; ``shows`` is False when no picture
    could be decoded; ``broken`` when the packets end before the file does.
    """

    container: str
    codec: str
    width: int
    height: int
    seconds: float | None
    seconds_by: str
    stated_s: float | None
    frame_rate: float | None
    sound_codec: str | None
    rotation: int = 0
    shows: bool = True
    broken: bool = False
    packets: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def inspect_video(path: Path, mime: str) -> Video:
    """Read the index and the first picture. Raises Unreadable when the file cannot be opened or holds no film."""
    import av

    try:
        with open_media(path, mime) as container:
            stream = film_stream(container)
            if stream is None or stream.codec_context is None:
                raise Unreadable(_("The video is in a code that cannot be decoded here."))
            video = _described(container, stream)
            rotation, shows = _first_picture(container, stream)
        packets, end, broken = (None, None, False)
        if path.stat().st_size <= COUNTED_BYTES:
            packets, end, broken = _walk(path, mime)
    except (av.FFmpegError, OSError, ValueError) as error:
        words = _("The video cannot be opened: it is empty or was cut off before it was finished ({reason}).")
        raise Unreadable(words.format(reason=reason(error, path))) from error
    seconds, by = (video.stated_s, "container") if end is None else (end, "packets")
    return Video(
        video.container,
        video.codec,
        video.width,
        video.height,
        seconds,
        by,
        video.stated_s,
        video.frame_rate,
        video.sound_codec,
        rotation,
        shows,
        broken,
        packets,
        video.metadata,
    )


def film_stream(container: Any) -> Any | None:
    """The stream that a player shows: the first that is no cover picture."""
    import av

    cover = av.stream.Disposition.attached_pic
    return next((stream for stream in container.streams.video if not stream.disposition & cover), None)


def _described(container: Any, stream: Any) -> Video:
    context = stream.codec_context
    sound = container.streams.audio[0].codec_context if container.streams.audio else None
    rate = stream.average_rate
    return Video(
        container.format.name,
        context.name,
        context.width,
        context.height,
        None,
        "container",
        stated_seconds(container, stream),
        None if not rate else round(float(rate), 3),
        None if not container.streams.audio else "unknown" if sound is None else sound.name,
        metadata={str(k): str(v) for k, v in {**stream.metadata, **container.metadata}.items()},
    )


def _first_picture(container: Any, stream: Any) -> tuple[int, bool]:
    """(rotation, whether a picture could be decoded)."""
    import av

    if stream.codec_context.width * stream.codec_context.height > MOST_PIXELS:
        return 0, False
    tries = 0
    try:
        for packet in container.demux(stream):
            tries += 1
            try:
                for frame in packet.decode():
                    return int(frame.rotation), True
            except av.FFmpegError:
                pass  # a damaged packet: the next key frame may be whole
            if tries >= _TRIES:
                break
    except av.FFmpegError:
        return 0, False
    return 0, False


def _walk(path: Path, mime: str) -> tuple[int, float | None, bool]:
    """(packets of the film, its length in seconds or None, whether reading broke off)."""
    import av

    count, first, end, broken = 0, None, None, False
    with open_media(path, mime) as container:
        stream = film_stream(container)
        try:
            for packet in container.demux(stream):
                if packet.pts is None or not packet.size:
                    continue
                count += 1
                first = packet.pts if first is None else min(first, packet.pts)
                until = packet.pts + (packet.duration or 0)
                end = until if end is None else max(end, until)
        except av.FFmpegError:
            broken = True
        base = None if stream is None else stream.time_base
    if first is None or end is None or base is None:
        return count, None, broken
    return count, round(float((end - first) * base), 3), broken
