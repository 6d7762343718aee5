"""When a screenshot was taken, as the record of its file claims."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from evidence.models import Record
from evidence.screenchat.capture import Captured
from evidence.times import from_utc_text


def captured(parent: Record, zone: ZoneInfo) -> Captured | None:
    """By name, metadata or statement. A time of saving says only that the picture is not younger: it is not used."""
    if parent.time.utc is None or parent.time.basis not in ("filename", "metadata", "stated"):
        return None
    if parent.extras.get("name_time_means") == "saved":
        return None
    local = from_utc_text(parent.time.utc).astimezone(zone)
    return Captured(local.replace(tzinfo=None), parent.time.basis, parent.time.precision_s)
