"""An exact time and the same time in words, side by side, as backup programs write both."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from evidence.formats.android.androidfields import readable_offset
from evidence.formats.tables.celltimes import read_wall, wall_stamp
from evidence.models import Stamp
from evidence.times import epoch_stamp

_WORD_LIMIT = 60


def two_times(exact: str | None, words: str | None, zone: ZoneInfo) -> Stamp:
    """The instant of ``exact`` (an epoch value); without one, of ``words``, a wall clock in ``zone``.

    ``exact`` may be a wall clock too. The stamp keeps the text that it was read from.
    """
    time = epoch_stamp(exact)
    for text in (exact, words):
        if time.utc is None and text is not None and len(text) <= _WORD_LIMIT:
            wall = read_wall(text)
            if wall is not None and wall.year is not None:
                time = wall_stamp(wall, zone, text)
    return time


def note_offset(time: Stamp, words: str | None, extras: dict[str, Any]) -> bool:
    """Keep the phone's UTC offset that both times show as ``readable_offset_s``; False when they contradict."""
    offset = readable_offset(words, time) if time.how == "epoch_utc" else None
    if offset is None:
        return True
    extras["readable_offset_s"] = offset
    return offset % 900 == 0
