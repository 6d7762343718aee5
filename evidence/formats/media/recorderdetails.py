"""What Basic Call Recorder (BCR) writes beside a recording: ``NAME.json`` with number, direction, SIM and time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from evidence.importers.base import FileProbe
from evidence.models import Direction, Stamp
from evidence.times import epoch_stamp

LARGEST = 1 << 20
SOUND_ENDINGS = (".oga", ".ogg", ".m4a", ".flac", ".wav", ".amr", ".awb", ".3gp", ".mp3", ".aac", ".opus", ".mp4")
_MARKS = (b'"timestamp_unix_ms"', b'"calls"')


@dataclass(frozen=True, slots=True)
class Details:
    """``parties`` are (number, name) as written, in order; ``body`` is all that the file says; ``seconds`` the length
    that the recorder states."""

    time: Stamp
    direction: Direction | None
    parties: tuple[tuple[str | None, str | None], ...]
    sim: str | None
    seconds: float | None
    conference: bool
    body: Mapping[str, Any]

    @property
    def number(self) -> str | None:
        """The other side's number as written."""
        return self.parties[0][0] if self.parties else None

    @property
    def name(self) -> str | None:
        """The other side's name: that of the address book before that of the network."""
        return self.parties[0][1] if self.parties else None


def looks_like_details(head: bytes) -> bool:
    """Whether the first bytes are of such a file."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and all(mark in head for mark in _MARKS)


def read_details(path: Path) -> Details | None:
    """The description in a file, or None when it is none. Raises OSError."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        return None
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("calls"), list) or "timestamp_unix_ms" not in body:
        return None
    calls = [call for call in body["calls"] if isinstance(call, dict)]
    parties = tuple((_text(call.get("phone_number")), _name(call)) for call in calls)
    way = body.get("direction")
    direction: Direction | None = "in" if way == "in" else "out" if way == "out" else None
    stated = body["timestamp_unix_ms"]
    time = epoch_stamp(stated if isinstance(stated, int | str) and not isinstance(stated, bool) else None, "metadata")
    slot = body.get("sim_slot")
    sim = str(slot) if isinstance(slot, int) and not isinstance(slot, bool) else None
    conference = way == "conference" or len(calls) > 1
    return Details(time, direction, parties, sim, _seconds(body), conference, body)


def details_beside(file: FileProbe) -> tuple[Details, str, str] | None:
    """(description, its name, its SHA-256) of a recording, when it came along."""
    name = str(PurePath(file.name).with_suffix(".json")) if PurePath(file.name).suffix else ""
    found = file.find(name) if name else None
    if found is None:
        return None
    try:
        details = read_details(found.path)
    except OSError:
        return None
    return None if details is None else (details, found.name, found.sha256)


def recording_beside(file: FileProbe) -> str | None:
    """The name of the recording that a description belongs to, when it came along."""
    stem = PurePath(file.name).stem
    return next((n.name for end in SOUND_ENDINGS if (n := file.find(stem + end)) is not None), None)


def _seconds(body: Mapping[str, Any]) -> float | None:
    output = body.get("output")
    recording = output.get("recording") if isinstance(output, dict) else None
    stated = recording.get("duration_secs_total") if isinstance(recording, dict) else None
    return float(stated) if isinstance(stated, int | float) and 0 <= stated < 1e6 else None


def _name(call: Mapping[str, Any]) -> str | None:
    return next((t for key in ("contact_name", "caller_name", "call_log_name") if (t := _text(call.get(key)))), None)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
