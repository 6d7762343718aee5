"""Single pictures out of a video, at stated seconds: found by decoding from the key frame before, never by guessing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evidence.errors import Unreadable, UsageError
from evidence.formats.media.audio import reason
from evidence.formats.media.mediastreams import media_type, open_media
from evidence.formats.media.videofile import MOST_PIXELS, film_stream
from evidence.i18n import gettext as _
from evidence.importers.base import HEAD_BYTES

_HALF_TICK = 1e-6


def frame_png(path: Path, seconds: float) -> bytes:
    """The picture that a player shows ``seconds`` after the beginning, as PNG; see :func:`frames`."""
    return next(frames(path, [seconds]))[1]


def frames(path: Path, at: Sequence[float]) -> Iterator[tuple[float, bytes]]:
    """(when the picture really begins, PNG) for each of ``at``, in that order; seconds from the beginning of the film.

    The picture is the last one that begins at or before the asked time, turned as the file says. The bytes are the same
    each time on one installation (they depend on the versions of FFmpeg, Pillow and zlib; nothing else enters them).
    Raises UsageError for a time before 0 or after the end, Unreadable when nothing can be decoded there.
    """
    import av

    with path.open("rb") as file:
        mime = media_type(file.read(HEAD_BYTES))
    if mime is None:
        raise Unreadable(_("This is no video that can be opened."))
    try:
        with open_media(path, mime) as container:
            stream = film_stream(container)
            if stream is None or stream.codec_context is None:
                raise Unreadable(_("This is no video that can be opened."))
            if stream.codec_context.width * stream.codec_context.height > MOST_PIXELS:
                raise Unreadable(_("The pictures of this video are too large to unpack."))
            for seconds in at:
                frame, begin = _shown_at(container, stream, seconds)
                yield begin, _png(frame)
    except (av.FFmpegError, OSError, ValueError) as error:
        words = _("The video cannot be decoded: {reason}.")
        raise Unreadable(words.format(reason=reason(error, path))) from error


def _shown_at(container: Any, stream: Any, seconds: float) -> tuple[Any, float]:
    if not 0 <= seconds < float("inf"):
        raise UsageError(_("A place in a video is a number of seconds from its beginning, 0 or more."))
    start = (stream.start_time or 0) * float(stream.time_base)
    target = seconds + start + _HALF_TICK
    for early in (0.0, 2.0, 10.0, target):  # some files have no key frame where their index says
        container.seek(max(0, int((target - early) / stream.time_base)), stream=stream, backward=True)
        best, past = _last_before(container, stream, target)
        if best is not None:
            end = best.time + float((best.duration or 0) * stream.time_base)
            if not past and target > end + _slack(stream):
                words = _("The video ends before {seconds} s; its last picture begins at {last} s.")
                raise UsageError(words.format(seconds=seconds, last=round(best.time - start, 3)))
            return best, round(max(0.0, best.time - start), 6)
    raise Unreadable(_("No picture can be decoded at {seconds} s.").format(seconds=seconds))


def _slack(stream: Any) -> float:
    """A last picture without stated length is shown for one more picture's time."""
    return 1.5 / float(stream.average_rate) if stream.average_rate else 0.5


def _last_before(container: Any, stream: Any, target: float) -> tuple[Any | None, bool]:
    """(the last picture that begins at or before ``target``, whether one after it was seen)."""
    import av

    best = None
    for packet in container.demux(stream):
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            continue  # a damaged packet; the pictures around it are whole
        for frame in pictures:
            if frame.time is None:
                continue
            if frame.time > target:
                return best, True
            best = frame if best is None or frame.time >= best.time else best
    return best, False


def _png(frame: Any) -> bytes:
    image = frame.to_image()
    turn = int(frame.rotation) % 360
    if turn:
        image = image.rotate(turn, expand=True)
    out = io.BytesIO()
    image.save(out, format="PNG", compress_level=6)
    return out.getvalue()
