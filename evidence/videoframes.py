"""Single pictures of a video as records of their own, sealed like any other."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from evidence import codec
from evidence.errors import NotFound
from evidence.formats.media.frames import frames
from evidence.i18n import gettext as _
from evidence.log import Case, record_id
from evidence.models import Media, Record, Stamp
from evidence.times import from_utc_text, to_utc_text

IMPORTER = "frames/1"


def find_video(case: Case, words: str) -> Record:
    """The one record whose video ``words`` names: a record id, a file name, or the beginning of its hash.

    Raises NotFound.
    """
    query = """select distinct record.body from record, json_each(record.body, '$.media') m
               where json_extract(m.value, '$.mime') like 'video/%' and record.body is not null
                 and (record.id = ?1 or json_extract(m.value, '$.name') = ?2
                      or substr(json_extract(m.value, '$.sha256'), 1, length(?3)) = ?3)"""
    name = Path(words).name
    hits = case.db.execute(query, [words, name, words.lower() if len(words) >= 6 else "-"]).fetchall()
    if len(hits) != 1:
        text = _("Several things are called {name}; use the hash.") if hits else _("No video is called {name}.")
        raise NotFound(text.format(name=words))
    return codec.record_from_body(json.loads(hits[0][0]))


def add_frames(case: Case, video: Record, at: Sequence[float]) -> list[Record]:
    """Take the pictures shown at ``at`` (seconds from the beginning) out of ``video`` and seal each as a record.

    A picture that is in the case already is not added again. Raises what ``formats.media.frames.frames`` raises, and
    MediaChanged when the video's bytes are not those that were kept.
    """
    media = next(m for m in video.media if m.mime.startswith("video/"))
    known = {row[0] for row in case.db.execute("select id from record where source = ?", [video.source])}
    made = []
    for record in _records(case, video, media, at):
        if record.id not in known:
            known.add(record.id)
            made.append(record)
    if made:
        case.append("frames", "record", made, {"source": video.source, "video": media.sha256})
    return made


def restore_frames(case: Case) -> int:
    """Take frames whose picture is lost out of their videos again. Returns how many files were written."""
    restored = 0
    query = "select body from record where json_extract(body, '$.extras.frame_of') is not null"
    for (body,) in case.db.execute(query).fetchall():
        record = codec.record_from_body(json.loads(body))
        if case.media_path(record.media[0].sha256).exists():
            continue
        path = case.sound_media(record.extras["frame_of"])
        for _begin, png in frames(path, [record.extras["asked_s"]]):
            case.attach(io.BytesIO(png), record.media[0].name, "image/png")
        restored += case.media_path(record.media[0].sha256).exists()
    return restored


def _records(case: Case, video: Record, media: Media, at: Sequence[float]) -> Iterator[Record]:
    for asked, (begin, png) in zip(at, frames(case.sound_media(media.sha256), at), strict=True):
        name = f"{Path(media.name).stem}-{begin:.3f}s.png"
        kept = case.attach(io.BytesIO(png), name, "image/png")
        locator = f"{video.locator} frame {begin:.3f} s"
        yield Record(
            kind="media",
            channel=video.channel,
            locator=locator,
            time=_time(video.time, begin),
            media=(kept,),
            holder=video.holder,
            extras={"frame_of": media.sha256, "at_s": round(begin, 3), "asked_s": asked},
            id=record_id(video.source, IMPORTER, locator),
            source=video.source,
        )


def _time(stamp: Stamp, seconds: float) -> Stamp:
    """The video's own time and the seconds since its beginning; as much a claim as the video's time is."""
    if stamp.utc is None:
        return stamp
    utc = to_utc_text(from_utc_text(stamp.utc) + timedelta(seconds=seconds))
    return replace(stamp, utc=utc, raw=f"{stamp.raw} + {seconds:.3f} s")
