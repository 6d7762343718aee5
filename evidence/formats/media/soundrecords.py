"""What becomes of a sound file: one record, of kind ``call`` only where name, folder or recorder say so.

Number and time come from the name, and are claims; the length is measured by decoding. What is no call (a voice
message, music, a note of a dictaphone) is kind ``media``: ``evidence.formats.media.soundkinds`` states the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from evidence.errors import Unreadable
from evidence.formats.media.audio import Sound, probe
from evidence.formats.media.isoboxes import missing_bytes
from evidence.formats.media.mediastreams import as_sound, media_type
from evidence.formats.media.recorderdetails import Details, details_beside
from evidence.formats.media.recording_names import NameClaim, parse_name
from evidence.formats.media.recordingclock import clocks_agree, container_start, creation_time, file_start, infer_year
from evidence.formats.media.silk import PACKET_S, count_packets
from evidence.formats.media.soundkinds import SoundKind, sound_kind
from evidence.formats.media.voicenames import VoiceClaim, parse_voice_name
from evidence.i18n import gettext as _
from evidence.i18n import ngettext
from evidence.importers.base import FileProbe, ReadOptions
from evidence.models import Media, Participant, Problem, Record, Stamp, TimeHow
from evidence.phone import normalise
from evidence.sniff import sniff
from evidence.times import from_utc_text, local_stamp, offset_stamp

SILK = "audio/silk"
_LENGTH_S, _LENGTH_SHARE = 2.0, 0.05  # encoders pad a little; more than this is told
_TWICE_S = 120.0


@dataclass(frozen=True, slots=True)
class _Said:
    """All that is claimed about one file: by its name, by a recorder's description beside it, by its folder."""

    claim: NameClaim | None
    voice: VoiceClaim | None
    details: Details | None
    kind: SoundKind
    beside: Mapping[str, str]

    @property
    def is_call(self) -> bool:
        return self.kind.what == "call"


def _said(file: FileProbe, tags: Mapping[str, str]) -> _Said:
    claim, voice, found = parse_name(file.name), parse_voice_name(file.name), details_beside(file)
    details = None if found is None else found[0]
    beside = {} if found is None else {"name": found[1], "sha256": found[2]}
    return _Said(claim, voice, details, sound_kind(claim, voice, file.folder, tags, details is not None), beside)


def sound_items(file: FileProbe, options: ReadOptions) -> Iterator[Record | Problem]:
    """The record, and what is wrong with the file. Raises Unreadable when nothing in it can be played."""
    if sniff(file.head) == SILK:
        yield from _silk(file, options)
        return
    mime = media_type(file.head) or ""
    sound = probe(file.path, mime)
    said = _said(file, sound.metadata)
    time = _time(file, options.zone, said, sound)
    yield _record(file, options, said, time, sound, as_sound(mime))
    yield from _sound_problems(file, sound)
    yield from _clock_problems(options.zone, said, sound)


def _record(file: FileProbe, options: ReadOptions, said: _Said, time: Stamp, sound: Sound | None, mime: str) -> Record:
    number, name, direction = None, None, None
    participants: tuple[Participant, ...] = ()
    if said.is_call:
        stated, claim = said.details, said.claim
        number = stated.number if stated and stated.number else claim.number if claim else None
        name = stated.name if stated and stated.name else claim.name if claim else None
        direction = stated.direction if stated and stated.direction else claim.direction if claim else None
        others = [n for n, _name in stated.parties] if stated else [n for _name, n in claim.others] if claim else []
        if len(others) > 1 or (others and not stated):
            participants = tuple(Participant(n) for n in dict.fromkeys([number, *others]) if n)
    app = said.kind.app or "unknown"
    raw = number if said.details or not said.claim else said.claim.number_raw
    return Record(
        kind="call" if said.is_call else "media",
        channel="call" if said.is_call else app,
        locator="file",
        time=time,
        direction=direction,
        number=normalise(number),
        number_raw=raw if said.is_call else None,
        name=name,
        duration_s=None if sound is None else sound.seconds,
        participants=participants,
        media=(Media(file.sha256, file.size, mime, file.name),),
        holder=options.holder,
        extras=_extras(said, sound),
    )


def _extras(said: _Said, sound: Sound | None) -> dict[str, Any]:
    extras: dict[str, Any] = {} if sound is None else _sound_extras(sound)
    if said.is_call:
        extras["recording"] = True
    extras["kind_why"] = said.kind.why
    if not said.is_call:
        extras["message_type"] = said.kind.what
    if said.claim is not None:
        extras |= _name_extras(said.claim)
    if said.voice is not None and said.voice.raw:
        extras["name_time"] = said.voice.raw
    if said.details is not None:
        extras["recorder_details"] = dict(said.details.body)
        extras["recorder_details_file"] = dict(said.beside)
        if said.details.conference:
            extras["conference"] = True
    return extras


def _sound_extras(sound: Sound) -> dict[str, Any]:
    extras: dict[str, Any] = {
        "container": sound.container,
        "codec": sound.codec,
        "sample_rate": sound.sample_rate,
        "channels": sound.channels,
        "packets": sound.packets,
        "bad_packets": sound.bad,
        "metadata": sound.metadata,
    }
    if sound.frames is not None:
        extras["amr_frames"] = sound.frames
    if sound.stated_s is not None:
        extras["stated_duration_s"] = sound.stated_s
    created = creation_time(sound.metadata)
    return extras if created is None else {**extras, "creation_time": created[1]}


def _name_extras(claim: NameClaim) -> dict[str, Any]:
    extras: dict[str, Any] = {"name_pattern": claim.maker, "name_time": claim.raw}
    fields = {"app": claim.app, "sim": claim.sim, "conference": claim.conference or None}
    extras |= {key: value for key, value in fields.items() if value is not None}
    if claim.others:
        extras["conference_others"] = [{"name": name, "number": number} for name, number in claim.others]
    return extras | ({"name_may_be_cut": True} if claim.name_cut else {})


def _time(file: FileProbe, zone: ZoneInfo, said: _Said, sound: Sound) -> Stamp:
    """The start: by the recorder's description, the name, the container's clock, the file system's. For a sound that
    is no recording of a call the file's own time is taken as it is, since it tells when the file came."""
    created = container_start(sound.metadata, sound.seconds)
    for stamp in _told_times(zone, said, created, file.mtime):
        if stamp is not None:
            return stamp
    if created is not None:
        return created
    if file.mtime is not None:
        return file_start(file.mtime, sound.seconds if said.is_call or said.kind.what == "sound" else 0.0)
    return Stamp(raw="" if said.claim is None else said.claim.raw, basis="file")


def _told_times(zone: ZoneInfo, said: _Said, created: Stamp | None, mtime: str | None) -> Iterator[Stamp | None]:
    if said.details is not None and said.details.time.utc is not None:
        yield said.details.time
    if said.voice is not None and said.voice.wall is not None:
        yield local_stamp(said.voice.wall, zone, said.voice.raw, "filename", said.voice.precision_s, said.voice.how)
    if said.claim is not None and said.voice is None:
        known = created.utc if created is not None and created.utc else mtime
        yield _name_stamp(said.claim, zone, None if known is None else from_utc_text(known))


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


def _silk(file: FileProbe, options: ReadOptions) -> Iterator[Record | Problem]:
    """A voice message that cannot be decoded is still a message: kept, with what its name says."""
    said = _said(file, {})
    kind = said.kind if said.kind.what == "voice" else SoundKind("voice", said.kind.why, said.kind.app)
    said = _Said(None, said.voice, None, kind, {})
    stamps = _told_times(options.zone, said, None, file.mtime)
    time = next((stamp for stamp in stamps if stamp is not None), file_start(file.mtime, 0.0))
    record = _record(file, options, said, time, None, SILK)
    packets = count_packets(file.path)
    if packets == 0:
        raise Unreadable(_("The recording holds no sound: only its header is there."))
    extras = {**record.extras, "unplayable": "silk", "packets": packets, "packets_would_be_s": packets * PACKET_S}
    yield replace(record, extras=extras)
    words = _(
        "A voice message of WeChat or QQ (SILK). It is kept, but cannot be played here. Play it on the phone and "
        "record it with another device, or export it as MP3 with a program of your choice, and import that too."
    )
    yield Problem("sound_unplayable", words, locator="file", severity="warning")


def _warning(code: str, message: str) -> Problem:
    return Problem(code, message, locator="file", severity="warning")


def _sound_problems(file: FileProbe, sound: Sound) -> Iterator[Problem]:
    if sound.bad:
        message = _("Damaged packets: {bad} of {packets}. They cannot be played; the rest can.")
        yield _warning("sound_damaged", message.format(bad=sound.bad, packets=sound.packets))
    missing = missing_bytes(file.path)
    if missing:
        message = ngettext(
            "The recording was cut off: {n} byte is missing. What is there can be played.",
            "The recording was cut off: {n} bytes are missing. What is there can be played.",
            missing,
        )
        yield _warning("sound_cut_off", message.format(n=missing))
    stated = sound.stated_s
    if stated is not None and not missing:
        apart = abs(stated - sound.seconds)
        if apart > _LENGTH_S and apart > _LENGTH_SHARE * max(stated, sound.seconds):
            message = _("The file states a length of {stated} s; {played} s can be played. The latter counts.")
            yield _warning("length_differs", message.format(stated=round(stated, 1), played=round(sound.seconds, 1)))


def _clock_problems(zone: ZoneInfo, said: _Said, sound: Sound) -> Iterator[Problem]:
    claim, created, details = said.claim, creation_time(sound.metadata), said.details
    if claim is None or not claim.year_known or not said.is_call:
        return
    if created is not None and not clocks_agree(claim.wall, zone, sound.seconds, created[0]):
        message = _("The name says {name}, the clock inside the file {clock}: renamed, edited or a wrong clock.")
        yield _warning("clocks_disagree", message.format(name=claim.raw, clock=created[1]))
    if details is None:
        return
    named = _name_stamp(claim, zone, None)
    if named is not None and named.utc is not None and details.time.utc is not None:
        apart = abs((from_utc_text(named.utc) - from_utc_text(details.time.utc)).total_seconds())
        if apart > _TWICE_S:
            message = _("The name says {name}, the recorder's description {clock}: renamed or edited.")
            yield _warning("clocks_disagree", message.format(name=claim.raw, clock=details.time.raw))
    if details.number and claim.number and normalise(details.number) != normalise(claim.number):
        message = _("The name says {name}, the recorder's description {number}; the latter is used.")
        yield _warning("numbers_disagree", message.format(name=claim.number_raw, number=details.number))
