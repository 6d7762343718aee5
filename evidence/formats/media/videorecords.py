"""What becomes of a video: one record; the length is that of its packets, or what a long file states of itself.

Nothing is decoded but the first picture; single pictures come from ``evidence.formats.media.frames``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evidence.formats.media.isoboxes import missing_bytes
from evidence.formats.media.mediastreams import media_type
from evidence.formats.media.recordingclock import clocks_agree, container_start, creation_time, file_start
from evidence.formats.media.videofile import Video, inspect_video
from evidence.formats.media.videonames import VideoClaim, parse_video_name
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe, Item, ReadOptions
from evidence.models import Media, Problem, Record, Stamp
from evidence.times import from_utc_text, to_utc_text

_LENGTH_S, _LENGTH_SHARE = 2.0, 0.05


def video_items(file: FileProbe, options: ReadOptions) -> Iterator[Item]:
    """The record, and what is wrong with the video. Raises Unreadable when it cannot be opened."""
    mime = media_type(file.head) or ""
    video = inspect_video(file.path, mime)
    claim = parse_video_name(file.name)
    yield Record(
        kind="media",
        channel=(claim.channel if claim else None) or _channel(video),
        locator="file",
        time=_time(file, options.zone, claim, video),
        duration_s=video.seconds,
        media=(Media(file.sha256, file.size, mime, file.name),),
        holder=options.holder,
        extras=_extras(video, claim),
    )
    yield from _problems(file, video)
    yield from _clock_problem(options.zone, claim, video)


def _channel(video: Video) -> str:
    keys = {key.lower() for key in video.metadata}
    camera = ("com.apple.quicktime.make", "com.android.manufacturer", "com.android.version", "make")
    return "video" if any(key in keys for key in camera) else "unknown"


def _time(file: FileProbe, zone: ZoneInfo, claim: VideoClaim | None, video: Video) -> Stamp:
    """By the name (the end of a recording minus its length), else by the container's clock, else by the file's; a
    name that tells only when a video was saved comes after the container's clock."""
    seconds = video.seconds or 0.0
    named = None if claim is None else claim.stamp(zone)
    if named is not None and named.utc is not None and claim is not None and claim.means == "end":
        begun = to_utc_text(from_utc_text(named.utc) - timedelta(seconds=seconds))
        named = Stamp(begun, named.raw, named.basis, named.how, named.zone, max(1.0, seconds))
    created = container_start(video.metadata, seconds)
    saved = claim is not None and claim.means == "saved"
    for stamp in (created, named) if saved else (named, created):
        if stamp is not None and stamp.utc is not None:
            return stamp
    return file_start(file.mtime, 0.0)


def _extras(video: Video, claim: VideoClaim | None) -> dict[str, Any]:
    extras: dict[str, Any] = {
        "container": video.container,
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "rotation": video.rotation,
        "has_audio": video.sound_codec is not None,
        "duration_by": video.seconds_by,
        "metadata": dict(video.metadata),
    }
    created = creation_time(video.metadata)
    fields = {
        "audio_codec": video.sound_codec,
        "frame_rate": video.frame_rate,
        "stated_duration_s": video.stated_s,
        "packets": video.packets,
        "creation_time": created[1] if created else None,
        "name_pattern": claim.maker if claim else None,
        "name_time": claim.raw or None if claim else None,
        "name_time_means": claim.means if claim and claim.raw else None,
        "app_package": claim.package if claim else None,
        "app_label": claim.label if claim else None,
        "state": None if video.shows else "damaged",
    }
    return extras | {key: value for key, value in fields.items() if value is not None}


def _warning(code: str, message: str) -> Problem:
    return Problem(code, message, locator="file", severity="warning")


def _problems(file: FileProbe, video: Video) -> Iterator[Problem]:
    if not video.shows:
        words = _("No picture of this video can be shown: it is damaged, or too large. It is kept as it is.")
        yield Problem("video_damaged", words, locator="file")
    missing = missing_bytes(file.path)
    if missing:
        words = ngettext(
            "The video was cut off: {n} byte is missing. What is there can be played.",
            "The video was cut off: {n} bytes are missing. What is there can be played.",
            missing,
        )
        yield _warning("video_cut_off", words.format(n=missing))
    elif video.broken:
        yield _warning("video_cut_off", _("The video breaks off; what comes before can be played."))
    stated, found = video.stated_s, video.seconds
    if stated is not None and found is not None and not missing:
        apart = abs(stated - found)
        if apart > _LENGTH_S and apart > _LENGTH_SHARE * max(stated, found):
            words = _("The file states a length of {stated} s; {played} s can be played. The latter counts.")
            yield _warning("length_differs", words.format(stated=round(stated, 1), played=round(found, 1)))


def _clock_problem(zone: ZoneInfo, claim: VideoClaim | None, video: Video) -> Iterator[Problem]:
    created = creation_time(video.metadata)
    if claim is None or created is None or claim.means == "saved" or claim.precision_s > 60:
        return
    named = claim.wall or claim.instant
    if named is not None and not clocks_agree(named, zone, video.seconds or 0.0, created[0]):
        words = _("The name says {name}, the clock inside the file {clock}: renamed, edited or a wrong clock.")
        yield _warning("clocks_disagree", words.format(name=claim.raw, clock=created[1]))
