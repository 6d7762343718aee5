"""Call recordings: any sound file that PyAV can play. Number and time come from the name, and are claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evidence.audio import Sound, has_only_sound, probe
from evidence.errors import Unreadable
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import Attach, FileProbe, ReadOptions
from evidence.isoboxes import missing_bytes
from evidence.models import Media, Problem, Reading, Record, Stamp, TimeHow
from evidence.phone import normalise
from evidence.recording_names import NameClaim, parse_name
from evidence.sniff import sniff
from evidence.times import from_utc_text, local_stamp, offset_stamp, to_utc_text

_RAW_SOUND = {"audio/amr", "audio/amr-wb", "audio/flac", "audio/wav", "audio/aac", "audio/mpeg", "audio/silk"}
_CONTAINERS = {"audio/ogg", "audio/mp4", "video/mp4", "video/3gpp", "video/quicktime"}
_SOUND_TYPE = {"video/mp4": "audio/mp4", "video/3gpp": "audio/3gpp", "video/quicktime": "audio/mp4"}
_CREATION_KEYS = ("com.apple.quicktime.creationdate", "creation_time")
_UNSET_BEFORE = datetime(1990, 1, 1, tzinfo=UTC)  # 1904 and 1970 mean that nobody set the clock
_HOUR = 3600.0
_TOLERANCE_S = 120.0
_ZONES_H = (-12, 14)


def creation_time(metadata: dict[str, str]) -> tuple[datetime, str] | None:
    """(instant, words) of the container's own clock, or None when it was never set or cannot be read."""
    for key in _CREATION_KEYS:
        raw = metadata.get(key)
        if raw is None:
            continue
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if moment >= _UNSET_BEFORE:
            return moment, raw
    return None


def clocks_agree(start: datetime, zone: ZoneInfo, seconds: float, created: datetime) -> bool:
    """Whether a name's start and the container's clock can both be true, in some time zone.

    Android stamps the end of a recording, others its start; either must lie within 2 minutes of a whole number
    of hours from the name's time, and that number must lead to a zone that exists (-12 to +14 hours).
    """
    assumed = start.utcoffset() or start.replace(tzinfo=zone).utcoffset() or timedelta()
    begin = start if start.tzinfo else start.replace(tzinfo=zone)
    for shift in (seconds, 0.0):
        apart = (begin - created).total_seconds() + shift
        hours = round(apart / _HOUR)
        zone_h = assumed.total_seconds() / _HOUR + hours
        if abs(apart - hours * _HOUR) <= _TOLERANCE_S and _ZONES_H[0] <= zone_h <= _ZONES_H[1]:
            return True
    return False


def infer_year(wall: datetime, zone: ZoneInfo, reference: datetime) -> datetime | None:
    """``wall`` (of the year 2000) in the latest year that is not after ``reference`` by more than a day."""
    for year in range(reference.year + 1, reference.year - 5, -1):
        try:
            candidate = wall.replace(year=year)
        except ValueError:
            continue
        if candidate.replace(tzinfo=zone) <= reference + timedelta(days=1):
            return candidate
    return None


class Recording:
    """One sound file is one record of a call, with the file itself as its media."""

    name = "recording"
    version = "1.0"
    fallback = False

    def claims(self, file: FileProbe) -> bool:
        """Whether the bytes are sound without film, or a sound container that was cut off before its index."""
        kind = sniff(file.head)
        if kind in _RAW_SOUND:
            return True
        return kind in _CONTAINERS and has_only_sound(file.path) is not False

    def read(self, file: FileProbe, options: ReadOptions, attach: Attach) -> Iterator[Record | Reading | Problem]:
        """The record, and what is wrong with the file. Raises Unreadable when nothing in it can be played."""
        kind = sniff(file.head) or ""
        if kind == "audio/silk":
            raise Unreadable(_("This is a WeChat voice file (SILK); it is kept, but cannot be played here."))
        sound = probe(file.path)
        claim = parse_name(file.name)
        created = creation_time(sound.metadata)
        time = _time(file, options.zone, sound, claim, created)
        yield Record(
            kind="call",
            channel="call",
            locator="file",
            time=time,
            direction=claim.direction if claim else None,
            number=normalise(claim.number) if claim else None,
            number_raw=claim.number_raw if claim else None,
            name=claim.name if claim else None,
            duration_s=sound.seconds,
            media=(Media(file.sha256, file.size, _SOUND_TYPE.get(kind, kind), file.name),),
            holder=options.holder,
            extras=_extras(sound, claim, created),
        )
        yield from _problems(options.zone, sound, claim, created)
        missing = missing_bytes(file.path)
        if missing:
            message = ngettext(
                "The recording was cut off: {n} byte is missing. What is there can be played.",
                "The recording was cut off: {n} bytes are missing. What is there can be played.",
                missing,
            )
            yield Problem("sound_cut_off", message.format(n=missing), locator="file", severity="warning")


def _extras(sound: Sound, claim: NameClaim | None, created: tuple[datetime, str] | None) -> dict[str, Any]:
    extras: dict[str, Any] = {
        "container": sound.container,
        "codec": sound.codec,
        "sample_rate": sound.sample_rate,
        "channels": sound.channels,
        "packets": sound.packets,
        "bad_packets": sound.bad,
        "metadata": sound.metadata,
        "recording": True,
    }
    if sound.frames is not None:
        extras["amr_frames"] = sound.frames
    if claim is not None:
        extras["name_pattern"] = claim.maker
        extras["name_time"] = claim.raw
        if claim.app is not None:
            extras["app"] = claim.app
    if created is not None:
        extras["creation_time"] = created[1]
    return extras


def _time(
    file: FileProbe,
    zone: ZoneInfo,
    sound: Sound,
    claim: NameClaim | None,
    created: tuple[datetime, str] | None,
) -> Stamp:
    """The start of the recording: by the name, else by the container's clock, else by the file system's.

    Both clocks show the end of a recording on Android, so its length is taken off, and the precision says that
    they may also show the start.
    """
    length = timedelta(seconds=sound.seconds)
    width = max(1.0, sound.seconds)
    mtime = from_utc_text(file.mtime) if file.mtime else None
    stamp = None if claim is None else _name_stamp(claim, zone, created[0] if created else mtime)
    if stamp is not None:
        return stamp
    if created is not None:
        moment, raw = created
        return Stamp(to_utc_text(moment - length), raw, "metadata", "offset_in_file", f"{moment:%z}", width)
    if mtime is not None:
        return Stamp(to_utc_text(mtime - length), file.mtime or "", "file", "file_mtime", None, width)
    return Stamp(raw="" if claim is None else claim.raw, basis="file")


def _name_stamp(claim: NameClaim, zone: ZoneInfo, reference: datetime | None) -> Stamp | None:
    if claim.wall.tzinfo is not None:
        return offset_stamp(claim.wall, claim.raw, "filename", claim.precision_s)
    how: TimeHow = "minute_only" if claim.precision_s >= 60 else "local_assumed"
    wall = claim.wall
    if not claim.year_known:
        inferred = None if reference is None else infer_year(wall, zone, reference)
        if inferred is None:
            return None
        wall, how = inferred, "year_inferred"
    return local_stamp(wall, zone, claim.raw, "filename", claim.precision_s, how)


def _problems(
    zone: ZoneInfo, sound: Sound, claim: NameClaim | None, created: tuple[datetime, str] | None
) -> Iterator[Problem]:
    if sound.bad:
        message = _("Damaged packets: {bad} of {packets}. They cannot be played; the rest can.")
        yield Problem(
            "sound_damaged", message.format(bad=sound.bad, packets=sound.packets), locator="file", severity="warning"
        )
    if claim is None or created is None or not claim.year_known:
        return
    if not clocks_agree(claim.wall, zone, sound.seconds, created[0]):
        message = _("The name says {name}, the clock inside the file {clock}: renamed, edited or a wrong clock.")
        yield Problem(
            "clocks_disagree",
            message.format(name=claim.raw, clock=created[1]),
            locator="file",
            severity="warning",
        )


IMPORTER = Recording()
